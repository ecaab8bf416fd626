//! Lines that speak of OpenSSL and say just the version that a pin says: they move with it.

use super::found::{Checkout, Confidence};
use super::sighting::{Lines, Sighting, SightingVerdict};
use std::collections::BTreeSet;

use super::{evidence, subject};
use crate::openssl::version::Version;
use crate::project::pattern::Placeholder;

/// Why such a line counts.
const AGREES: &str = "its line speaks of OpenSSL and says the version of a pin";

/// Why five numbers count.
const FIVE: &str = "it is the version of a pin as five numbers";

/// Takes lines that nobody can be sure of alone, where they name OpenSSL and say a pin's version.
pub(super) fn take<'a>(checkout: &'a Checkout, seen: &mut Vec<(&'a str, Vec<Sighting>)>) {
    let sure: BTreeSet<Version> = seen
        .iter()
        .flat_map(|(_, seen)| seen)
        .filter(|one| one.slot.is_version() && one.is_named() && !one.tested)
        .map(|one| one.version)
        .collect();
    for version in &sure {
        five_numbers(checkout, seen, *version);
    }
    for (path, seen) in seen {
        let Some(text) = checkout.texts.get(*path) else {
            continue;
        };
        let lines = Lines::of(text);
        for one in seen.iter_mut().filter(|one| sure.contains(&one.version)) {
            let open = matches!(
                one.verdict,
                SightingVerdict::Doubtful(
                    _,
                    evidence::SENTENCE | evidence::NUMBER | evidence::PATH | evidence::ASIDE
                )
            );
            if open && subject::names_openssl(&text[lines.range(one.line)]) {
                one.verdict = SightingVerdict::Ours(Confidence::Likely, AGREES);
            }
        }
    }
}

/// Takes `(3, 5, 0, 3, 0)`, which is how programs compare OpenSSL's version, where it is a pin's.
fn five_numbers<'a>(
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
        let told = subject::is_prose(path, text) || subject::is_generated(path);
        if told || subject::aside(path).is_some() || subject::is_program(path) {
            continue;
        }
        let line = Lines::of(text).line_of(at);
        let start = at + 1;
        let second = start + major.len() + 2;
        let third = second + minor.len() + 2 + 3;
        let of = |slot, start: usize, length: usize| Sighting {
            range: start..start + length,
            line,
            slot,
            version,
            verdict: SightingVerdict::Ours(Confidence::Likely, FIVE),
            scope: None,
            moved: Vec::new(),
            tested: false,
        };
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
