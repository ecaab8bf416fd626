//! A version that is joined of a variable and numbers behind it: `set major 3`, `version
//! ${major}.5.4`.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::found::Confidence;
use super::sighting::{Lines, NAMED, Sighting, SightingVerdict};
use super::subject;
use crate::openssl::version::Version;
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
pub(super) struct JoinedMaterial<'a> {
    /// Whether the file is about OpenSSL by its name.
    pub(super) about: bool,
    /// The releases that the text holds a digest of.
    pub(super) digests: &'a HashSet<Version>,
    pub(super) releases: &'a HashSet<Version>,
}

/// The parts of the one version that a text joins in this way: the variable's value, and the
/// numbers behind it.
pub(super) fn of(text: &str, lines: &Lines, known: &JoinedMaterial<'_>) -> Vec<Sighting> {
    let mut found: Vec<Vec<Sighting>> = Vec::new();
    let numbers = numbers(text, lines);
    if numbers.is_empty() {
        return Vec::new();
    }
    for line in 1..=lines.count() {
        let range = lines.range(line);
        let written = &text[range.clone()];
        if range.len() > budget::LINE_WITH_VALUE || subject::is_comment(written) {
            continue;
        }
        found.extend(joined(text, (line, range), &numbers, known));
    }
    match found.pop() {
        Some(parts) if found.is_empty() => parts,
        // With several nothing says which one is the release that is built.
        _ => Vec::new(),
    }
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

/// The parts that one line joins.
fn joined(
    text: &str,
    (line, range): (usize, Range<usize>),
    numbers: &HashMap<String, Option<NamedNumber<'_>>>,
    known: &JoinedMaterial<'_>,
) -> Option<Vec<Sighting>> {
    let written = &text[range.clone()];
    let (name, label, after) = USES
        .iter()
        .find_map(|(open, close)| used(written, open, close))?;
    let first = numbers.get(name)?.as_ref()?;
    let dots = first.value.matches('.').count();
    let rest = written[after..].strip_prefix('.')?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '$');
    let length = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    let rest = &rest[..length];
    let version: Version = format!("{}.{rest}", first.value).parse().ok()?;
    let is_named = known.about
        || subject::names_openssl(name)
        || subject::variable(label).is_some_and(|name| subject::names_openssl(&name));
    let confirmed = known.digests.contains(&version);
    let stands = confirmed || (is_named && known.digests.is_empty());
    if !stands || !known.releases.contains(&version) || first.line == line {
        return None;
    }
    let start = range.start + after + 1;
    let slots = match (dots, rest.split_once('.')) {
        (0, Some((minor, patch))) => vec![
            (first.range.clone(), first.line, Placeholder::Major),
            (start..start + minor.len(), line, Placeholder::Minor),
            (
                start + length - patch.len()..start + length,
                line,
                Placeholder::Patch,
            ),
        ],
        (1, None) => vec![
            (first.range.clone(), first.line, Placeholder::Series),
            (start..start + length, line, Placeholder::Patch),
        ],
        _ => return None,
    };
    let verdict = if confirmed {
        SightingVerdict::Ours(
            Confidence::Certain,
            "its parts stand beside this release's digest",
        )
    } else {
        SightingVerdict::Ours(Confidence::Likely, NAMED)
    };
    let part = |(range, line, slot)| Sighting {
        range,
        line,
        slot,
        version,
        verdict,
        scope: None,
        moved: Vec::new(),
        tested: false,
    };
    Some(slots.into_iter().map(part).collect())
}

/// The variable that a line puts in first in this way, what stands before it, and where it ends.
fn used<'a>(line: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str, usize)> {
    let at = line.find(open)?;
    let rest = &line[at + open.len()..];
    let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    let name = &rest[..length];
    let closes = rest[length..].starts_with(close) && !name.is_empty();
    closes.then(|| {
        let after = at + open.len() + length + close.len();
        (name, &line[..at], after)
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
