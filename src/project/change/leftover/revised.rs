//! An old version with a revision behind it.

use std::ops::Range;

use crate::openssl::version::Version;

/// Figures of a revision: more are a date or something else.
const FIGURES: usize = 3;

/// Where a version stands with a revision behind it: `3.5.3-1`, `3.5.3.1`, `3.5.3rc1`. What a
/// distribution's package manager is asked for (`apk add openssl=3.5.3-1`) is not ours.
pub(super) fn stands(text: &str, version: Version) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut spellings = vec![version.to_string(), version.underscored()];
    spellings.dedup();
    for spelled in spellings {
        for (start, _) in text.match_indices(&spelled) {
            let Some(length) = revision(&text[start + spelled.len()..]) else {
                continue;
            };
            if begins(&text[..start]) && !is_package(&text[..start]) {
                found.push(start..start + spelled.len() + length);
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

/// The length of the revision that a text starts with.
fn revision(text: &str) -> Option<usize> {
    let mark = ["-", ".", "rc", "post", "p", "r"]
        .iter()
        .find(|mark| text.starts_with(**mark))?;
    let rest = &text[mark.len()..];
    let figures = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = &rest[figures..];
    let goes_on = after.starts_with(|c: char| c.is_ascii_alphanumeric())
        || after
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    (1..=FIGURES)
        .contains(&figures)
        .then_some(mark.len() + figures)
        .filter(|_| !goes_on)
}

/// Whether a version may begin after this.
fn begins(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some('.' | '_') => !back.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_ascii_digit(),
        None => true,
    }
}

/// Whether this ends like a package of a distribution on a command line.
fn is_package(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let Some((start, word)) = line.rsplit_once([' ', '\t']) else {
        return false;
    };
    let name = word.trim_end_matches(['=', '~', '>', '<']);
    !start.trim().is_empty()
        && name.len() < word.len()
        && ["openssl", "libssl", "libcrypto"]
            .iter()
            .any(|package| name.starts_with(package))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_end_where_they_end() {
        for (text, expected) in [
            ("wrapdb_version = 3.5.3-1", Some("3.5.3-1")),
            ("openssl_3.5.3-1_patch.zip", Some("3.5.3-1")),
            ("v3.5.3.1,", Some("3.5.3.1")),
            ("3.5.3rc1", Some("3.5.3rc1")),
            ("VER_3_5_3-12.el9", Some("3_5_3-12")),
            ("3.5.3", None),
            ("3.5.3-7ac9b4d9e", None),
            ("3.5.3.1.2", None),
            ("13.5.3-1", None),
            ("1.3.5.3-1", None),
            ("3.5.3-20250916", None),
            ("RUN apk add openssl=3.5.3-1", None),
            ("RUN apt install -y libssl-dev=3.5.3-1", None),
            ("openssl=3.5.3-1", Some("3.5.3-1")),
        ] {
            let found = stands(text, "3.5.3".parse().expect("a version"));
            let found = found.first().map(|range| &text[range.clone()]);
            assert_eq!(found, expected, "{text}");
        }
    }
}
