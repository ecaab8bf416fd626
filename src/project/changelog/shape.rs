//! Whether an entry that stands in a changelog is the one to be written, or one for another
//! version.

use super::entry::Entry;
use crate::openssl::advisory::CveId;
use crate::openssl::version::Version;

/// A word of an entry, as far as it is the same for every version.
#[derive(Debug, PartialEq, Eq)]
enum Word<'a> {
    /// An OpenSSL version, with what stands around it.
    Version(&'a str, &'a str),
    /// One or more CVE identifiers.
    Advisories,
    /// Any other word.
    Plain(&'a str),
}

/// Whether an item is the entry with this text, perhaps with more behind it: people add numbers of
/// issues.
pub(super) fn is_entry(item: &str, text: &str) -> bool {
    let mut words = item.split_whitespace();
    text.split_whitespace()
        .all(|word| words.next() == Some(word))
}

/// Whether two texts say the same word for word, but for OpenSSL's version.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    let count = |text: &str| text.split_whitespace().count();
    count(one) == count(other) && shape(one.split_whitespace()) == shape(other.split_whitespace())
}

/// The item with the entry's text instead of its own, if it is the same entry for another version;
/// what stands behind it is kept.
pub(super) fn rewritten(item: &str, entry: &Entry<'_>) -> Option<String> {
    let words: Vec<&str> = item.split_whitespace().collect();
    let wanted = shape(entry.text.split_whitespace());
    // The shortest beginning that has the entry's shape: advisories are of any number.
    let end = (1..=words.len())
        .find(|end| shape(words[..*end].iter().copied()) == wanted && !continues(&words[*end..]))?;
    let versions = || {
        words[..end]
            .iter()
            .filter_map(|word| version(word).map(|(version, ..)| version))
    };
    let speaks_of_others =
        versions().any(|version| entry.others.contains(&version)) || versions().next().is_none();
    (!speaks_of_others).then(|| [&[entry.text], &words[end..]].concat().join(" "))
}

/// Whether a list of advisories goes on with these words.
fn continues(words: &[&str]) -> bool {
    words
        .iter()
        .find(|word| **word != "and")
        .is_some_and(|word| is_advisory(word))
}

fn shape<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Word<'a>> {
    let mut shape: Vec<Word<'a>> = Vec::new();
    for word in words {
        let read = match version(word) {
            Some((_, before, after)) => Word::Version(before, after),
            None if is_advisory(word) => Word::Advisories,
            None => Word::Plain(word),
        };
        match (shape.as_slice(), &read) {
            ([.., Word::Advisories], Word::Advisories | Word::Plain("and")) => {}
            _ => shape.push(read),
        }
    }
    shape
}

fn is_advisory(word: &str) -> bool {
    !CveId::mentioned(word).is_empty()
}

/// The OpenSSL version that a word is, with the punctuation around it.
fn version(word: &str) -> Option<(Version, &str, &str)> {
    let start = word.find(|c: char| c.is_ascii_alphanumeric())?;
    let end = word.rfind(|c: char| c.is_ascii_alphanumeric())? + 1;
    Some((
        word.get(start..end)?.parse().ok()?,
        &word[..start],
        &word[end..],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_for_other_versions_are_recognised() {
        let others = ["3.0.18".parse().expect("a version")];
        let entry = Entry {
            text: "Built with OpenSSL 3.5.4, fixing CVE-2025-9230 and CVE-2025-9231.",
            security: true,
            others: &others,
        };
        for (item, expected) in [
            ("Built with OpenSSL 3.5.3, fixing CVE-2025-1.", None),
            ("Built with OpenSSL 3.5.3, fixing CVE-2025-1001.", Some("")),
            (
                "Built with OpenSSL 3.5.3, fixing CVE-2025-1001, CVE-2025-1002 and CVE-2025-1003. (#12)",
                Some(" (#12)"),
            ),
            ("Built with OpenSSL 3.0.18, fixing CVE-2025-1001.", None),
            ("Built with LibreSSL 3.5.3, fixing CVE-2025-1001.", None),
        ] {
            let expected = expected.map(|tail| format!("{}{tail}", entry.text));
            assert_eq!(rewritten(item, &entry), expected, "{item}");
        }
        assert!(is_entry(
            "Built with OpenSSL 3.5.4. (#12)",
            "Built with OpenSSL 3.5.4."
        ));
        assert!(!is_entry("Built with OpenSSL", "Built with OpenSSL 3.5.4."));
    }
}
