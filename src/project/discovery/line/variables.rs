//! Variables: which one a line gives a value to, and which are joined directly to another one
//! (`$(BASE)$(LETTER)`), so that each holds a part.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// The variable that a line gives a value to.
pub(crate) fn given(line: &str) -> Option<&str> {
    let (left, _) = line.split_once('=')?;
    let name = left.trim_end_matches([':', '?', '+', ' ', '\t']);
    let name = name
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .next()?;
    (!name.is_empty()).then_some(name)
}

/// The variables that are joined to one which holds a letter, or of which nothing says what it
/// holds; the lines are in lower case.
pub(crate) fn parts(lines: &[String]) -> HashSet<String> {
    let mut pairs: HashMap<&str, &str> = HashMap::new();
    for line in lines {
        let used = uses(line);
        for pair in used.windows(2) {
            let [(first, name), (second, other)] = pair else {
                continue;
            };
            if first.end == second.start {
                pairs.insert(name, other);
            }
        }
    }
    if pairs.is_empty() {
        return HashSet::new();
    }
    let seconds: HashSet<&str> = pairs.values().copied().collect();
    let is_other = |line: &&String| {
        let value = line.split(" #").next().unwrap_or_default();
        let value = value.rsplit('=').next().unwrap_or_default();
        let value = value.trim_matches([' ', '\t', '"', '\'', ';']);
        !(value.is_empty() || value.starts_with('$') || is_letter(value))
    };
    let others: HashSet<&str> = lines
        .iter()
        .filter(is_other)
        .filter_map(|line| given(line).filter(|name| seconds.contains(name)))
        .collect();
    pairs.retain(|_, other| !others.contains(other));
    pairs.into_keys().map(str::to_owned).collect()
}

/// Whether a value is what a release of a series with letters has behind its numbers.
pub(crate) fn is_letter(value: &str) -> bool {
    matches!(value.len(), 1 | 2) && value.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Bytes within which a text's first variable ends.
const LONGEST: usize = 200;

/// The variable that a text starts with the use of, and what stands behind it: `$(FILE)_SHA256`.
pub(crate) fn first_used(text: &str) -> Option<(&str, &str)> {
    let start = &text[..text.floor_char_boundary(LONGEST)];
    let (range, name) = uses(start).into_iter().next()?;
    (range.start == 0).then(|| (name, &text[range.end..]))
}

/// Where a line uses variables, and their names.
fn uses(line: &str) -> Vec<(Range<usize>, &str)> {
    let forms = [
        ("${", "}"),
        ("$(", ")"),
        ("#{", "}"),
        ("{{", "}}"),
        ("{", "}"),
        ("%", "%"),
        ("@", "@"),
        ("$", ""),
    ];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = line[at..].find(['$', '#', '{', '%', '@']) {
        at += next;
        let used = forms.iter().find_map(|(open, close)| {
            let rest = line[at..].strip_prefix(open)?;
            let inner = rest.trim_start_matches(' ');
            let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let (name, behind) = inner.split_at(end.unwrap_or(inner.len()));
            let behind = match *close {
                "" => behind,
                close => behind.trim_start_matches(' ').strip_prefix(close)?,
            };
            (!name.is_empty()).then_some((name, line.len() - behind.len()))
        });
        let end = used.map_or(at + 1, |(_, end)| end);
        found.extend(used.map(|(name, end)| (at..end, name)));
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_beside_each_other() {
        for (text, expected) in [
            ("v=$(base)$(fix)", Some("base")),
            ("v=${base}${fix}", Some("base")),
            ("v=#{base}#{fix}", Some("base")),
            ("v={{ base }}{{ fix }}", Some("base")),
            ("v = f'{base}{fix}'", Some("base")),
            ("set v=%base%%fix%", Some("base")),
            ("v=$base$fix", Some("base")),
            ("fix=e\nv=$base$fix", Some("base")),
            ("fix=.tar.gz\nv=$base$fix", None),
            ("v=$(base).$(fix)", None),
            ("v=${base", None),
        ] {
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let found = parts(&lines);
            assert_eq!(found.iter().next().map(String::as_str), expected, "{text}");
        }
    }
}
