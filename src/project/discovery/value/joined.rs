//! A version that is joined of a variable and numbers behind it: `set major 3`, `version
//! ${major}.5.4`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::parts;
use crate::openssl::version::Version;
use crate::project::discovery::line::sighting::{Lines, Sighting};
use crate::project::discovery::line::subject;
use crate::project::discovery::line::subject::ValueSubject;
use crate::project::pattern::Placeholder;
use crate::text::budget;

/// How a value of a variable is put into text, before and after the variable's name.
const USES: [(&str, &str); 5] = [("${", "}"), ("$(", ")"), ("%{", "}"), ("{", "}"), ("$", "")];

/// A line that gives a short number to a name.
struct NamedNumber<'a> {
    range: Range<usize>,
    line: usize,
    value: &'a str,
}

/// What is known beside the text.
pub(crate) struct JoinedMaterial<'a> {
    /// Whether the file is about OpenSSL by its name.
    pub(crate) about: bool,
    /// The releases that the text holds a digest of.
    pub(crate) digests: &'a HashSet<Version>,
    pub(crate) releases: &'a HashSet<Version>,
}

/// The parts of the one version that a text joins in this way: the variable's value, and the
/// numbers behind it.
pub(crate) fn of(text: &str, lines: &Lines, known: &JoinedMaterial<'_>) -> Vec<Sighting> {
    let numbers = numbers(text, lines);
    if numbers.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Sighting> = Vec::new();
    for line in 1..=lines.count() {
        let range = lines.range(line);
        let written = &text[range.clone()];
        if range.len() > budget::LINE_WITH_VALUE || subject::is_comment(written) {
            continue;
        }
        let written = written.split(" #").next().unwrap_or_default();
        let mut from = 0;
        while let Some(used) = used(&written[from..]) {
            let at = from + used.label.len();
            found.extend(joined(
                text,
                (line, range.start + from),
                &used,
                &numbers,
                known,
            ));
            from = at + used.length;
        }
    }
    // With several nothing says which one is the release that is built.
    let versions: BTreeSet<Version> = found.iter().map(|one| one.version).collect();
    if versions.len() != 1 {
        return Vec::new();
    }
    found.sort_by_key(|one| one.range.start);
    found.dedup_by_key(|one| one.range.start);
    found
}

/// The names that a text gives a number or a series to, once each.
fn numbers<'a>(text: &'a str, lines: &Lines) -> HashMap<String, Option<NamedNumber<'a>>> {
    let mut numbers: HashMap<String, Option<NamedNumber<'a>>> = HashMap::new();
    for line in 1..=lines.count() {
        let range = lines.range(line);
        let written = &text[range.clone()];
        if range.len() > budget::LINE_WITH_VALUE || subject::is_comment(written) {
            continue;
        }
        let end = written.trim_end_matches([' ', '\t', '"', '\'', ';', ',', ')', '%', '}']);
        let start = end.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let value = &end[start.len()..];
        let is_short = matches!(value.len(), 1..=4) && !value.starts_with('.');
        let Some(name) = subject::variable(start).filter(|_| is_short) else {
            continue;
        };
        let from = range.start + start.len();
        let one = NamedNumber {
            range: from..from + value.len(),
            line,
            value,
        };
        // What is given twice is no constant.
        numbers
            .entry(name)
            .and_modify(|known| *known = None)
            .or_insert(Some(one));
    }
    numbers
}

/// The parts that are joined at one place of a line; none where nothing there says that it is
/// OpenSSL's.
fn joined(
    text: &str,
    (line, start): (usize, usize),
    used: &Used<'_>,
    numbers: &HashMap<String, Option<NamedNumber<'_>>>,
    known: &JoinedMaterial<'_>,
) -> Vec<Sighting> {
    let joined = || {
        let first = numbers.get(used.name)?.as_ref()?;
        let version: Version = format!("{}.{}", first.value, used.rest).parse().ok()?;
        let start = start + used.label.len() + used.length - used.rest.len();
        let slots = match (first.value.contains('.'), used.rest.split_once('.')) {
            (false, Some((minor, patch))) => vec![
                (first.range.clone(), first.line, Placeholder::Major),
                (start..start + minor.len(), line, Placeholder::Minor),
                (
                    start + minor.len() + 1..start + minor.len() + 1 + patch.len(),
                    line,
                    Placeholder::Patch,
                ),
            ],
            (true, None) => vec![
                (first.range.clone(), first.line, Placeholder::Series),
                (start..start + used.rest.len(), line, Placeholder::Patch),
            ],
            _ => return None,
        };
        (known.releases.contains(&version) && first.line != line).then_some((version, slots))
    };
    let Some((version, slots)) = joined() else {
        return Vec::new();
    };
    let own = &text[start..start + used.label.len()];
    let is_others = subject::of_label(used.label) == ValueSubject::Other;
    let is_named = (!is_others && (known.about || subject::names_openssl(used.name)))
        || subject::names_openssl(own)
        || subject::variable(used.label).is_some_and(|name| subject::names_openssl(&name));
    let confirmed = known.digests.contains(&version);
    if !(confirmed || (is_named && known.digests.is_empty())) {
        return Vec::new();
    }
    let verdict = parts::verdict(confirmed);
    let part = |(range, line, slot)| Sighting::new(range, line, slot, version, verdict);
    slots.into_iter().map(part).collect()
}

/// A variable that is put in with numbers behind it.
struct Used<'a> {
    name: &'a str,
    /// What stands before it on the line.
    label: &'a str,
    /// The numbers, without the dot before them.
    rest: &'a str,
    /// Bytes from the sign that puts it in to the end of the numbers.
    length: usize,
}

/// The first of a text.
fn used(text: &str) -> Option<Used<'_>> {
    let mut from = 0;
    while let Some(at) = text[from..].find(['$', '%', '{']).map(|at| from + at) {
        if let Some(found) = USES.iter().find_map(|form| used_at(text, at, *form)) {
            return Some(found);
        }
        from = at + 1;
    }
    None
}

fn used_at<'a>(text: &'a str, at: usize, (open, close): (&str, &str)) -> Option<Used<'a>> {
    let inner = text[at..].strip_prefix(open)?;
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    let after = inner[end..].strip_prefix(close)?.strip_prefix('.')?;
    let figures = after
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .unwrap_or(after.len());
    // The ending of a file is no part of it.
    let numbers: Vec<&str> = after[..figures]
        .split('.')
        .take_while(|part| part.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let length = numbers
        .iter()
        .map(|part| part.len() + 1)
        .sum::<usize>()
        .checked_sub(1)?;
    let goes_on = after[length..].strip_prefix('-');
    let is_whole = !goes_on.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        && !after[length..].starts_with(['_', '$']);
    (end > 0 && is_whole).then(|| Used {
        name: &inner[..end],
        label: &text[..at],
        rest: &after[..length],
        length: open.len() + end + close.len() + 1 + length,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_joined_of_a_variable_and_numbers() {
        let releases: HashSet<Version> = ["3.5.4", "3.0.0"]
            .iter()
            .map(|version| version.parse().expect("a version"))
            .collect();
        for (text, about, expected) in [
            (
                "set major_v 3\nversion ${major_v}.5.4\n",
                true,
                &[("3", 1), ("5", 2), ("4", 2)][..],
            ),
            ("set major_v 3\nversion ${major_v}.5.4\n", false, &[]),
            (
                "OPENSSL_SERIES=3.5\nOPENSSL_VERSION=$OPENSSL_SERIES.4\n",
                false,
                &[("3.5", 1), ("4", 2)],
            ),
            (
                "OPENSSL_SERIES=\"3.5\"\nOPENSSL_VERSION=\"${OPENSSL_SERIES}.4\"\n",
                false,
                &[("3.5", 1), ("4", 2)],
            ),
            (
                "OPENSSL_SERIES=3.5\nOPENSSL_VERSION=$OPENSSL_SERIES.4-1\n",
                false,
                &[],
            ),
            (
                "OPENSSL_SERIES=3.5\nOPENSSL_VERSION=$OPENSSL_SERIES.99\n",
                false,
                &[],
            ),
            (
                "OPENSSL_SERIES=3.5\nOPENSSL_SERIES=3.0\nOPENSSL_VERSION=$OPENSSL_SERIES.4\n",
                false,
                &[],
            ),
            // The whole name of a tarball, and another place that joins the same.
            (
                "SER=3.5\nOPENSSL_VERSION=$SER.4\ncurl openssl-$SER.4.tar.gz\n",
                false,
                &[("3.5", 1), ("4", 2), ("4", 3)],
            ),
            ("SER=3.5\nX=$SER.4\ncurl zlib-$SER.4.tar.gz\n", false, &[]),
            ("openssl=$\nopenssl=\u{e9}${\n", true, &[]),
        ] {
            let lines = Lines::of(text);
            let known = JoinedMaterial {
                about,
                digests: &HashSet::new(),
                releases: &releases,
            };
            let parts = of(text, &lines, &known);
            let parts: Vec<(&str, usize)> = parts
                .iter()
                .map(|one| (&text[one.range.clone()], one.line))
                .collect();
            assert_eq!(parts, expected, "{text}");
        }
    }
}
