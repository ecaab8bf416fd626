//! The address that a value in a text stands in.

use std::ops::Range;

use crate::openssl::version::Series;

/// Whether no address has this in it.
pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>')
}

/// Where the word begins that goes on behind this text: after a blank, which may have more than one
/// byte, or a quote.
pub(super) fn word_start(before: &str) -> usize {
    before.trim_end_matches(|c| !ends_word(c)).len()
}

/// Where a series stands as a folder of the address that goes on behind this text:
/// `https://h/old/3.1/openssl-`.
pub(super) fn series(before: &str, series: Series) -> Option<Range<usize>> {
    let word = word_start(before);
    let folder = format!("/{series}/");
    let start = word + before[word..].find(&folder)? + 1;
    let is_address = before[word..start].contains("://");
    is_address.then(|| start..start + folder.len() - 2)
}

/// Lines and bytes between a version and the name of a series that is said for the same choice.
const BESIDE: (usize, usize) = (3, 2000);

/// Where the lines around a place choose a whole series of OpenSSL's: `openssl-3.2.*`,
/// `--branch openssl-3.2`.
pub(super) fn series_beside(text: &str, at: usize, series: Series) -> Vec<Range<usize>> {
    const NAME: &str = "openssl-";
    // Before 3.0 it is the number of the first release too.
    if series.first().major() < 3 {
        return Vec::new();
    }
    let (lines, bytes) = BESIDE;
    let from = text.floor_char_boundary(at.saturating_sub(bytes));
    let to = text.floor_char_boundary(at.saturating_add(bytes).min(text.len()));
    let mut above = text[from..at].rmatch_indices('\n');
    let mut below = text[at..to].match_indices('\n');
    let from = above.nth(lines).map_or(from, |(found, _)| from + found);
    let to = below.nth(lines).map_or(to, |(found, _)| at + found);
    let named = format!("{NAME}{series}");
    // What else bears such a name (a folder, a stage, a job) may be named elsewhere too.
    let is_filter = |range: &Range<usize>| {
        [".*", ".x"]
            .iter()
            .any(|end| text[range.end..].starts_with(end))
    };
    let is_branch = |range: &Range<usize>| {
        let lower = text[from..range.start - NAME.len()].to_ascii_lowercase();
        let lower = lower.trim_end_matches(['"', '\'']);
        let goes_on = text[range.end..]
            .starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        !goes_on
            && ["-b ", "--branch ", "branch=", "branch: ", "refs/heads/"]
                .iter()
                .any(|start| lower.ends_with(start))
    };
    text[from..to]
        .match_indices(&named)
        .map(|(found, _)| from + found + NAME.len()..from + found + named.len())
        .filter(|range| is_filter(range) || is_branch(range))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_is_a_folder_of_the_same_address() {
        let of = "3.1".parse().expect("a series");
        for (before, expected) in [
            ("url \"https://h/old/3.1/openssl-", Some("3.1")),
            ("x\u{a0}https://h/old/3.1/openssl-", Some("3.1")),
            ("https://h/3.1/ openssl-", None),
            ("https://h/3.10/openssl-", None),
            ("old/3.1/openssl-", None),
        ] {
            let found = series(before, of).map(|range| &before[range]);
            assert_eq!(found, expected, "{before}");
        }
    }

    #[test]
    fn a_series_by_its_name_is_no_version() {
        let of = "3.2".parse().expect("a series");
        for (line, expected) in [
            ("FILTER=\"openssl-3.2.*\"", 1),
            ("-b openssl-3.2", 1),
            ("openssl-3.2.x BRANCH: openssl-3.2", 2),
            ("FROM debian:12 AS openssl-3.2", 0),
            ("-b openssl-3.2-beta", 0),
            ("openssl-3.2.3", 0),
            ("openssl-3.20", 0),
            ("openssl-3.2rc1 openssl-3.2.alpha", 0),
        ] {
            let text = format!("openssl-3.2\n\n\n\nV=3.2.3\n\u{a0}{line}\n\n\nopenssl-3.2\n");
            let at = text.find('V').expect("a place");
            assert_eq!(series_beside(&text, at, of).len(), expected, "{line}");
        }
    }
}
