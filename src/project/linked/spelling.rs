//! What a value in a file says about the version, and how a version is spelled in each place.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::base_32;
use crate::project::pattern::{Pattern, Placeholder};

/// The version that a whole-version placeholder's text says.
pub(crate) fn version(slot: Placeholder, text: &str) -> Option<Version> {
    match slot {
        Placeholder::Version => text.parse().ok(),
        Placeholder::Underscored => text.replace('_', ".").parse().ok(),
        Placeholder::Tag => Version::from_tag(text).ok(),
        _ => None,
    }
}

/// How a version stands in a placeholder that follows from the version alone.
pub(crate) fn spell(slot: Placeholder, version: Version) -> Option<String> {
    match slot {
        Placeholder::Version => Some(version.to_string()),
        Placeholder::Underscored => Some(version.underscored()),
        Placeholder::Tag => Some(version.tag()),
        Placeholder::Series => Some(version.series().to_string()),
        Placeholder::Major => Some(version.major().to_string()),
        Placeholder::Minor => Some(version.minor().to_string()),
        Placeholder::Patch => Some(version.patch()),
        _ => None,
    }
}

/// How a regular expression writes a dot; in JSON and in strings of programs the escape is doubled.
const DOTS: [&str; 3] = ["\\.", "\\\\.", "[.]"];

/// Where a version stands with escaped dots, as regular expressions write it (`3\.5\.3`), and how
/// long each of them is.
pub(crate) fn escaped(text: &str, version: Version) -> Vec<(Range<usize>, usize)> {
    let mut found = Vec::new();
    for dot in DOTS {
        let written = version.to_string().replace('.', dot);
        let all = memchr::memmem::find_iter(text.as_bytes(), written.as_bytes());
        let ranges = all.map(|at| at..at + written.len());
        found.extend(
            ranges
                .filter(|range| is_whole(text, range))
                .map(|range| (range, dot.len())),
        );
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// Whether what stands there is no part of a longer version.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let rest = after.trim_start_matches(['\\', '.', '[', ']']);
    let goes_on = match rest.len() < after.len() {
        true => rest.starts_with(|c: char| c.is_ascii_digit()),
        false => rest.starts_with(|c: char| c.is_ascii_alphanumeric()),
    };
    !before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ']')) && !goes_on
}

/// A digest, given in hexadecimal figures, as a placeholder spells it.
pub(crate) fn digest(slot: Placeholder, hexadecimal: &str) -> Option<String> {
    let bytes = || -> Option<Vec<u8>> {
        let pairs = hexadecimal.as_bytes().chunks(2);
        pairs
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect()
    };
    let spelled = || Some(STANDARD.encode(bytes()?));
    match slot {
        Placeholder::Sri(algorithm) => Some(format!("{}{}", algorithm.prefix(), spelled()?)),
        Placeholder::Base64(_) => spelled(),
        Placeholder::Base32 => Some(base_32::encode(&bytes()?)),
        _ => Some(hexadecimal.to_owned()),
    }
}

/// A digest in hexadecimal figures, however a placeholder spells it.
fn figures(slot: Placeholder, text: &str) -> Option<String> {
    let bytes = match slot {
        Placeholder::Sri(algorithm) => STANDARD
            .decode(text.strip_prefix(algorithm.prefix())?)
            .ok()?,
        Placeholder::Base64(_) => STANDARD.decode(text).ok()?,
        Placeholder::Base32 => base_32::decode(text)?,
        _ => return Some(text.to_owned()),
    };
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The release that a digest, size or commit is known of.
pub(crate) fn release(slot: Placeholder, text: &str, releases: &[Release]) -> Option<Version> {
    let text = &figures(slot, text)?;
    let slot = slot.hexadecimal();
    let same = |known: Option<&String>| known.is_some_and(|known| known.eq_ignore_ascii_case(text));
    let begins = |known: Option<&String>| {
        known.is_some_and(|known| {
            known.len() >= text.len() && known[..text.len()].eq_ignore_ascii_case(text)
        })
    };
    let is_of = |release: &&Release| match slot {
        Placeholder::Sha256 => same(release.hashes.sha256.as_ref()),
        Placeholder::Sha512 => same(release.hashes.sha512.as_ref()),
        Placeholder::Sha1 => same(release.hashes.sha1.as_ref()),
        Placeholder::Md5 => same(release.hashes.md5.as_ref()),
        Placeholder::Commit => begins(release.commit.as_ref()),
        _ => false,
    };
    releases.iter().find(is_of).map(|release| release.version)
}

/// The version that a value other than a version gives away: an address by its file name, a digest,
/// commit or size by the one release it is known of.
pub(crate) fn told(slot: Placeholder, text: &str, releases: &[Release]) -> Option<Version> {
    match slot {
        Placeholder::Url => {
            let names = |marked: &str| {
                let pattern = Pattern::of_pin(marked).ok()?;
                let slot = pattern.slots().next()?;
                let last = pattern.find(text, 0..text.len()).last()?;
                version(slot, &text[last.slots[0].clone()])
            };
            names("{tag}")
                .or_else(|| names("{version}"))
                .or_else(|| names("{version_}"))
        }
        Placeholder::Size => {
            let mut of_size = releases
                .iter()
                .filter(|release| release.size.is_some_and(|size| size.to_string() == text));
            of_size
                .next()
                .filter(|_| of_size.next().is_none())
                .map(|release| release.version)
        }
        slot => release(slot, text, releases),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_with_escaped_dots_is_whole() {
        for (text, expected) in [
            (r"V=3\.5\.3", 1),
            (r"openssl-3\.5\.3\.tar\.gz", 1),
            (r"3\.5\.3$", 1),
            (r"3\\.5\\.3", 1),
            ("3[.]5[.]3", 1),
            ("3[.]5[.]3[.]1", 0),
            (r"3\.5\.30", 0),
            (r"3\.5\.3\.1", 0),
            (r"13\.5\.3", 0),
            (r"1\.3\.5\.3", 0),
            ("3.5.3", 0),
        ] {
            let found = escaped(text, "3.5.3".parse().expect("a version"));
            assert_eq!(found.len(), expected, "{text}");
        }
    }
}
