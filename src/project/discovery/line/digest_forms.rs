//! What looks like a digest or a commit: hexadecimal words, base64 and integrity values.

use std::collections::BTreeSet;
use std::ops::Range;

use super::sighting::Lines;
use super::subject;
use crate::openssl::version::Version;
use crate::project::base_32;
use crate::project::foreign_digest;
use crate::project::foreign_digest::words;
use crate::project::pattern::{Algorithm, Placeholder};

/// Lines above a value in which the name of its tarball may be made.
const ABOVE: usize = 3;

/// Digests written as integrity values: the algorithm, `-`, and base64.
pub(crate) fn integrity(text: &str) -> Vec<(Range<usize>, Placeholder)> {
    let mut found = Vec::new();
    for (prefix, length, algorithm) in [
        ("sha256-", 44, Algorithm::Sha256),
        ("sha512-", 88, Algorithm::Sha512),
    ] {
        for (at, _) in text.match_indices(prefix) {
            let value = &text[at + prefix.len()..];
            let long = value
                .bytes()
                .take_while(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
                })
                .count();
            if long == length {
                let range = at..at + prefix.len() + length;
                found.push((range, Placeholder::Sri(algorithm)));
            }
        }
    }
    found
}

/// Words of base64 that are as long as a digest, with nothing before them that names the algorithm.
pub(crate) fn bare_base64(text: &str) -> Vec<(Range<usize>, Placeholder)> {
    let bytes = text.as_bytes();
    let of_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'=', bytes) {
        let figures = bytes[..at]
            .iter()
            .rev()
            .take(87)
            .take_while(|byte| of_base64(byte))
            .count();
        // One more than there are: a long row of them costs no more.
        let rest = bytes[at..].iter().take(3);
        let pads = rest.take_while(|byte| **byte == b'=').count();
        let slot = match (figures, pads) {
            (43, 1) => Placeholder::Base64(Algorithm::Sha256),
            (86, 2) => Placeholder::Base64(Algorithm::Sha512),
            _ => continue,
        };
        let range = at - figures..at + pads;
        if !text[..range.start].ends_with('-') {
            found.push((range, slot));
        }
    }
    found
}

/// Words that are a SHA-256 in base 32, as Nix and Guix write it.
pub(crate) fn bare_base32(text: &str) -> Vec<Range<usize>> {
    let is_digest = |range: &Range<usize>| base_32::decode(&text[range.clone()]).is_some();
    words(text).filter(is_digest).collect()
}

/// Whether a word is as long as a digest or a commit, and hexadecimal.
pub(crate) fn is_digest(word: &str) -> bool {
    matches!(word.len(), 32 | 40 | 64 | 128)
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Whether a commit is that of a page which shows what one change did, as a patch is taken from it.
fn is_a_page_s(text: &str, line: &Range<usize>, word: &Range<usize>) -> bool {
    let label = &text[line.start..word.start];
    let behind = &text[word.end..line.end];
    let is_patch = [".patch", ".diff"]
        .iter()
        .any(|end| behind.starts_with(end));
    let is_a_page = label.ends_with("/commit/") || label.ends_with("/commits/");
    is_a_page && (is_patch || subject::is_comment(&text[line.clone()]))
}

/// Words of hexadecimal digits that are as long as a digest or a commit.
pub(crate) fn by_form(text: &str, lines: &Lines) -> Vec<(Range<usize>, usize, Placeholder)> {
    let mut found = Vec::new();
    let foreign: BTreeSet<usize> = foreign_digest::all(text)
        .iter()
        .map(|one| one.start)
        .collect();
    for range in words(text) {
        let word = &text[range.clone()];
        let line = lines.line_of(range.start);
        if !is_digest(word) || foreign.contains(&range.start) {
            continue;
        }
        let label = text[lines.range(line).start..range.start].to_ascii_lowercase();
        // The revision of a recipe is none: Conan's `openssl/3.5.3#be93d910...`.
        if label.ends_with('#')
            || is_of_a_recipe(&label)
            || is_a_page_s(text, &lines.range(line), &range)
        {
            continue;
        }
        let slot = match word.len() {
            32 => Placeholder::Md5,
            64 => Placeholder::Sha256,
            128 => Placeholder::Sha512,
            _ if label.contains("commit") => Placeholder::Commit,
            // An action's commit.
            _ if label.ends_with('@') => Placeholder::Commit,
            _ if label.contains("sha1") || label.contains("sum") || label.contains("hash") => {
                Placeholder::Sha1
            }
            _ if is_a_sum(text, lines, line, &label) => Placeholder::Sha1,
            _ => Placeholder::Commit,
        };
        found.push((range, line, slot));
    }
    found.extend(
        integrity(text)
            .into_iter()
            .map(|(range, slot)| (range.clone(), lines.line_of(range.start), slot)),
    );
    found
}

/// Whether a name that a commit may have is that of a digest: a tarball's name is made right above.
fn is_a_sum(text: &str, lines: &Lines, line: usize, label: &str) -> bool {
    let name = subject::variable(label).unwrap_or_default();
    let above = line.saturating_sub(ABOVE).max(1)..line;
    let is_tarball = |line: usize| {
        let written = &text[lines.range(line)];
        [".tar.", ".tgz", ".zip"]
            .iter()
            .any(|end| written.contains(end))
    };
    name.eq_ignore_ascii_case("sha") && above.into_iter().any(is_tarball)
}

/// Whether a value belongs to a package of Conan's, which has revisions: `"openssl/3.5.3": "bc46..."`.
fn is_of_a_recipe(label: &str) -> bool {
    let key = label.trim_end_matches([' ', '"', '\'', ':', '=', '(', ',']);
    let key = key
        .rsplit([' ', '"', '\'', '{', '\t'])
        .next()
        .unwrap_or_default();
    key.strip_prefix("openssl/")
        .is_some_and(|version| version.parse::<Version>().is_ok())
}
