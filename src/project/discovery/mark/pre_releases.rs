//! Pre-releases that a branch of the build only tries, beside the release that it uses else.

use std::collections::{BTreeSet, HashSet};

use crate::project::discovery::found::{Checkout, Doubt};
use crate::project::discovery::line::sighting::{Lines, NAMED, Sighting, SightingVerdict};
use crate::project::discovery::line::subject;

/// Why a pre-release is no pin where the same name has a release.
const INSTEAD: &str =
    "it is a pre-release that some builds take in the place of a release, and no link of its own";

/// Why a pre-release is no pin by its name alone.
const ALONE: &str = "it is a pre-release, and nothing but its name says that it is what is linked";

/// Makes doubtful, and tells of, pre-releases whose name has a public release elsewhere, and those
/// that nothing but their name speaks for.
pub(crate) fn mark(
    checkout: &Checkout,
    seen: &mut [(&str, Vec<Sighting>)],
    unsure: &mut BTreeSet<Doubt>,
) {
    let is_chosen = |one: &&Sighting| one.is_ours() && one.slot.is_version() && !one.tested;
    let mut released: HashSet<String> = HashSet::new();
    let mut all = seen.iter().flat_map(|(_, seen)| seen);
    if !all.any(|one| is_chosen(&one) && one.version.is_prerelease()) {
        return;
    }
    for (path, seen) in &*seen {
        let Some(text) = checkout.texts.get(*path) else {
            continue;
        };
        let lines = Lines::of(text);
        let public = seen.iter().filter(is_chosen);
        let public = public.filter(|one| !one.version.is_prerelease());
        released.extend(public.filter_map(|one| name(text, &lines, one)));
    }
    for (path, seen) in seen {
        let Some(text) = checkout.texts.get(*path) else {
            continue;
        };
        let lines = Lines::of(text);
        for one in seen {
            if !is_chosen(&&*one) || !one.version.is_prerelease() {
                continue;
            }
            let instead = name(text, &lines, one).is_some_and(|name| released.contains(&name));
            let why = match one.verdict {
                _ if instead => INSTEAD,
                SightingVerdict::Ours(_, NAMED) => ALONE,
                _ => continue,
            };
            one.verdict = SightingVerdict::Doubtful(true, why);
            let written = &text[lines.range(one.line)];
            unsure.insert(Doubt::of_line(path, one.line, written, why.to_owned()));
        }
    }
}

/// The variable that a version is given to, where that bears OpenSSL's name.
fn name(text: &str, lines: &Lines, one: &Sighting) -> Option<String> {
    let label = &text[lines.range(one.line).start..one.range.start];
    let name = subject::variable_of_value(label)?.to_ascii_lowercase();
    name.contains("ssl").then_some(name)
}
