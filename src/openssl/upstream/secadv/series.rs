//! What an advisory says of whole series: which are not affected, and which nobody looked at
//! (UPSTREAM 9.3).

use super::sentences::statements;
use crate::openssl::version::Series;

/// What may stand between a list of series and what is said of it.
const NOT_AFFECTED: [&str; 6] = [
    "is not affected",
    "are not affected",
    "is not vulnerable",
    "are not vulnerable",
    "is not impacted",
    "are not impacted",
];

/// The same with the issue as its subject.
const DOES_NOT_AFFECT: [&str; 2] = ["does not affect openssl ", "did not affect openssl "];

/// What may follow, so that a condition (`unless`, `on 64-bit platforms`) is none.
const REASONS: [&str; 4] = [
    "as ",
    "because ",
    "since ",
    "however these versions are out of",
];

/// The series that a section says are not affected, without a condition.
pub(super) fn unaffected(body: &[&str]) -> Vec<Series> {
    listed(body, unaffected_by)
}

/// What stands behind a list of what is affected.
const AFFECTED: [&str; 4] = [
    " are vulnerable",
    " is vulnerable",
    " are affected",
    " is affected",
];

/// The same with the issue as its subject.
const AFFECTS: [&str; 2] = [
    "this issue affects openssl ",
    "this issue affected openssl ",
];

/// The series that a section says are affected; `None` where it does not say so, or names anything
/// else among them.
pub(super) fn affected(body: &[&str]) -> Option<Vec<Series>> {
    let mut found = Vec::new();
    for statement in statements(body) {
        let lower = statement.to_ascii_lowercase();
        let list = match lower.strip_prefix("openssl ") {
            Some(text) => AFFECTED
                .iter()
                .find_map(|verb| text.split_once(verb))
                .map(|(list, _)| list),
            None => AFFECTS.iter().find_map(|start| lower.strip_prefix(start)),
        };
        if let Some(list) = list {
            found.extend(series(list.trim_end_matches('.'))?);
        }
    }
    found.sort_unstable();
    found.dedup();
    (!found.is_empty()).then_some(found)
}

/// The series that a text says were not analysed.
pub(super) fn unanalysed(lines: &[&str]) -> Vec<Series> {
    listed(lines, not_looked_at)
}

fn listed(lines: &[&str], read: impl Fn(&str) -> Option<Vec<Series>>) -> Vec<Series> {
    let mut found: Vec<Series> = statements(lines)
        .iter()
        .filter_map(|statement| read(&statement.to_ascii_lowercase()))
        .flatten()
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn unaffected_by(statement: &str) -> Option<Vec<Series>> {
    let (list, rest) = if let Some(text) = statement.strip_prefix("openssl ") {
        let text = text.replace(" also not ", " not ");
        let (at, verb) = NOT_AFFECTED
            .iter()
            .find_map(|verb| Some((text.find(verb)?, verb)))?;
        (text[..at].to_owned(), text[at + verb.len()..].to_owned())
    } else {
        let text = statement.strip_prefix("this issue ")?;
        let verb = DOES_NOT_AFFECT
            .iter()
            .find(|verb| text.starts_with(**verb))?;
        let text = without_noun(&text[verb.len()..]);
        let is_item = |word: &&str| is_joint(word) || word.parse::<Series>().is_ok();
        let length = text
            .split_inclusive([' ', ','])
            .take_while(|piece| is_item(&piece.trim_end_matches([' ', ',', '.'])))
            .map(str::len)
            .sum();
        let (list, rest) = text.split_at(length);
        (list.to_owned(), rest.to_owned())
    };
    let rest = [
        "by this issue",
        "to this issue",
        "by this cve",
        "by the issue",
    ]
    .iter()
    .find_map(|object| rest.trim_start().strip_prefix(object))
    .unwrap_or(&rest)
    .trim_start();
    let unconditional = rest.is_empty()
        || rest.starts_with(['.', ':', ';'])
        || REASONS
            .iter()
            .any(|reason| rest.trim_start_matches([',', ' ']).starts_with(reason));
    unconditional.then(|| series(&list)).flatten()
}

fn not_looked_at(statement: &str) -> Option<Vec<Series>> {
    let end = ["not been analysed", "not been analyzed", "not been checked"]
        .iter()
        .find_map(|words| statement.find(words))?;
    let start = statement[..end].rfind("openssl ")? + "openssl ".len();
    let list = &statement[start..end];
    let list = list
        .split_once(" is out of")
        .or_else(|| list.split_once(" are out of"))
        .map_or(list, |(list, _)| list);
    let list = list
        .trim_end_matches("has ")
        .trim_end_matches("have ")
        .trim_end();
    series(list)
}

/// A list of series: `3.6, 3.5 and 3.4`. Nothing where anything else stands in it.
fn series(list: &str) -> Option<Vec<Series>> {
    without_noun(list.trim())
        .trim_end_matches(" users")
        .split([',', ' '])
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !is_joint(word))
        .map(|word| word.parse().ok())
        .collect()
}

fn without_noun(list: &str) -> &str {
    ["versions ", "version ", "releases "]
        .iter()
        .find_map(|word| list.strip_prefix(word))
        .unwrap_or(list)
}

fn is_joint(word: &str) -> bool {
    matches!(word, "" | "and" | "or")
}

#[cfg(test)]
mod tests {
    use super::{unaffected, unanalysed};
    use crate::openssl::version::Series;

    fn told(series: &[Series]) -> String {
        let series: Vec<String> = series.iter().map(ToString::to_string).collect();
        series.join(" ")
    }

    #[test]
    fn series_that_are_not_affected() {
        for (text, expected) in [
            (
                "OpenSSL 3.0, 1.1.1 and 1.0.2 are also not affected by this issue.",
                "1.0.2 1.1.1 3.0",
            ),
            ("OpenSSL 1.0.2 is not affected by this issue.", "1.0.2"),
            (
                "OpenSSL 3.1, 3.0 and 1.1.1 are not vulnerable to this issue.",
                "1.1.1 3.0 3.1",
            ),
            (
                "OpenSSL 1.1.1 and 1.0.2 are not affected by this issue as they do\nnot have it.",
                "1.0.2 1.1.1",
            ),
            (
                "OpenSSL 1.1.1 is not vulnerable to this issue: it never reuses a secret.",
                "1.1.1",
            ),
            (
                "OpenSSL versions 1.1.1 and 1.0.2 are not affected by this issue.",
                "1.0.2 1.1.1",
            ),
            ("OpenSSL 1.0.2 users are not affected.", "1.0.2"),
            ("This issue does not affect OpenSSL version 1.0.2.", "1.0.2"),
            (
                "This issue did not affect OpenSSL 1.1.0 however these versions are out of\nsupport.",
                "1.1.0",
            ),
            (
                "This issue does not affect OpenSSL versions prior to 1.1.0",
                "",
            ),
            (
                "OpenSSL 3.0 is not affected by this issue unless built with `x`.",
                "",
            ),
            ("OpenSSL 3.0 is not affected on 64-bit platforms.", ""),
            ("OpenSSL 1.0.0d and below are not affected.", ""),
            (
                "The OpenSSL 3.0 and 3.1 FIPS providers are not affected by this issue.",
                "",
            ),
            (
                "The FIPS modules in 3.6 and 3.5 are not affected by this issue.",
                "",
            ),
            ("OpenSSL clients and servers are not affected.", ""),
            ("OpenSSL 4.0, 3.6 and 3.5 are vulnerable to this issue.", ""),
        ] {
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(told(&unaffected(&lines)), expected, "{text}");
        }
    }

    #[test]
    fn series_that_were_not_analysed() {
        for (text, expected) in [
            (
                "Only currently supported releases have been analysed. OpenSSL 3.1, 3.2 and 3.3\nare out of support and have not been analysed.",
                "3.1 3.2 3.3",
            ),
            (
                "The impact of these issues on OpenSSL 1.1.0 has not been analysed.",
                "1.1.0",
            ),
            ("Only currently supported releases have been analysed.", ""),
            ("All instances have also been analysed.", ""),
        ] {
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(told(&unanalysed(&lines)), expected, "{text}");
        }
    }
}
