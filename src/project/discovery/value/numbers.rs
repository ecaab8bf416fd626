//! A pin's version in numbers of its own: `(3, 5, 0, 3, 0)`, `3\.5\.3`.

use std::ops::Range;

use crate::openssl::version::Version;
use crate::project::discovery::found::{Checkout, Confidence};
use crate::project::discovery::line::sighting::{Lines, Sighting, SightingVerdict};
use crate::project::discovery::line::{file_kind, subject};
use crate::project::linked::spelling;
use crate::project::pattern::Placeholder;

/// Why five numbers count.
const FIVE: &str = "it is the version of a pin as five numbers";

/// Why a version with escaped dots counts.
const ESCAPED: &str = "it is the version of a pin in a regular expression";

/// Takes `(3, 5, 0, 3, 0)`, which is how programs compare OpenSSL's version, where it is a pin's.
pub(crate) fn five<'a>(
    checkout: &'a Checkout,
    seen: &mut Vec<(&'a str, Vec<Sighting>)>,
    version: Version,
) {
    let Some(patch) = version
        .patch()
        .parse::<u32>()
        .ok()
        .filter(|_| version.major() >= 3)
    else {
        return;
    };
    let (major, minor) = (version.major().to_string(), version.minor().to_string());
    let written = format!("({major}, {minor}, 0, {patch}, 0)");
    for (path, text) in &checkout.texts {
        let Some(at) = memchr::memmem::find(text.as_bytes(), written.as_bytes()) else {
            continue;
        };
        let told = file_kind::is_prose(path, text) || file_kind::is_generated(path);
        if told || file_kind::aside(path).is_some() || file_kind::is_program(path) {
            continue;
        }
        let line = Lines::of(text).line_of(at);
        let start = at + 1;
        let second = start + major.len() + 2;
        let third = second + minor.len() + 2 + 3;
        let of = |slot, start, length| part(version, line, (slot, start, length), FIVE);
        let parts = [
            of(Placeholder::Major, start, major.len()),
            of(Placeholder::Minor, second, minor.len()),
            of(Placeholder::Patch, third, patch.to_string().len()),
        ];
        let known = seen.iter().position(|(other, _)| other == path);
        let known = known.unwrap_or_else(|| {
            seen.push((path.as_str(), Vec::new()));
            seen.len() - 1
        });
        let list = &mut seen[known].1;
        list.extend(parts);
        list.sort_by_key(|one| one.range.start);
    }
}

/// Takes a version with escaped dots where it is one that the file says for sure.
pub(crate) fn escaped(checkout: &Checkout, seen: &mut [(&str, Vec<Sighting>)], version: Version) {
    let (major, minor) = (version.major().to_string(), version.minor().to_string());
    let patch = version.patch();
    for (path, list) in seen {
        let says =
            |one: &Sighting| one.version == version && one.is_named() && one.slot.is_version();
        let Some(text) = checkout.texts.get(*path).filter(|_| list.iter().any(says)) else {
            continue;
        };
        let stands = spelling::escaped(text, version);
        if stands.is_empty() {
            continue;
        }
        let lines = Lines::of(text);
        let mut found = Vec::new();
        for (Range { start: at, .. }, dot) in stands {
            let line = lines.line_of(at);
            let written = &text[lines.range(line)];
            if subject::is_comment(written) || !subject::names_openssl(written) {
                continue;
            }
            let second = at + major.len() + dot;
            let third = second + minor.len() + dot;
            let of = |slot, start, length| part(version, line, (slot, start, length), ESCAPED);
            found.extend([
                of(Placeholder::Major, at, major.len()),
                of(Placeholder::Minor, second, minor.len()),
                of(Placeholder::Patch, third, patch.len()),
            ]);
        }
        list.extend(found);
        list.sort_by_key(|one| one.range.start);
    }
}

/// A part of a version; where it starts and how long it is.
fn part(
    version: Version,
    line: usize,
    (slot, start, length): (Placeholder, usize, usize),
    why: &'static str,
) -> Sighting {
    Sighting::new(
        start..start + length,
        line,
        slot,
        version,
        SightingVerdict::Ours(Confidence::Likely, why),
    )
}
