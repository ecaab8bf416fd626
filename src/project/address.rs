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
}
