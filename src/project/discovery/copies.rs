//! Copies of other projects: what those tell their own services does not run here.

use std::collections::BTreeSet;

use super::found::Checkout;
use super::sighting::{Sighting, SightingVerdict};

/// Why what such a copy chooses is no pin.
const COPY: &str = "it is in another project's copy, whose own services do not run here";

/// Folders that hold what others made.
const OF_OTHERS: [&str; 14] = [
    "vendor",
    "vendored",
    "third_party",
    "third-party",
    "thirdparty",
    "3rdparty",
    "3rd_party",
    "external",
    "externals",
    "extern",
    "deps",
    "subprojects",
    "submodules",
    "node_modules",
];

/// Makes doubtful what tells a service that only looks at the top of a repository, and everything
/// else of a copy that stands among those of others.
pub(super) fn mark(checkout: &Checkout, seen: &mut [(&str, Vec<Sighting>)]) {
    let copies: BTreeSet<&str> = checkout
        .texts
        .keys()
        .filter_map(|path| top(path))
        .filter(|top| top.split('/').any(|folder| OF_OTHERS.contains(&folder)))
        .collect();
    for (path, seen) in seen {
        let within = |copy: &&str| {
            let rest = path.strip_prefix(*copy);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        if top(path).is_none() && !copies.iter().any(within) {
            continue;
        }
        for one in seen.iter_mut().filter(|one| one.is_ours()) {
            one.verdict = SightingVerdict::Doubtful(true, COPY);
        }
    }
}

/// The folder that was the top of a repository once, by a file that is read only there.
fn top(path: &str) -> Option<&str> {
    let folders = ["/.github/workflows/", "/.circleci/"];
    let files = ["/.travis.yml", "/.cirrus.yml"];
    let inside = folders.iter().filter_map(|folder| path.find(folder));
    let named = files.iter().filter_map(|file| path.strip_suffix(file));
    let tops = inside.map(|at| &path[..at]).chain(named);
    tops.min_by_key(|top| top.len())
}
