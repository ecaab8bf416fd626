//! Lines that speak of OpenSSL and say just the version that a pin says: they move with it.

use super::found::{Checkout, Confidence};
use super::sighting::{Lines, Sighting, SightingVerdict};
use std::collections::BTreeSet;

use super::{evidence, subject};
use crate::openssl::version::Version;

/// Why such a line counts.
const AGREES: &str = "its line speaks of OpenSSL and says the version of a pin";

/// Takes lines that nobody can be sure of alone, where they name OpenSSL and say a pin's version.
pub(super) fn take(checkout: &Checkout, seen: &mut [(&str, Vec<Sighting>)]) {
    let sure: BTreeSet<Version> = seen
        .iter()
        .flat_map(|(_, seen)| seen)
        .filter(|one| one.slot.is_version() && one.is_named() && !one.tested)
        .map(|one| one.version)
        .collect();
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
                    evidence::SENTENCE | evidence::NUMBER | evidence::PATCH
                )
            );
            if open && subject::names_openssl(&text[lines.range(one.line)]) {
                one.verdict = SightingVerdict::Ours(Confidence::Likely, AGREES);
            }
        }
    }
}
