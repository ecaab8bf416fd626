//! Copies of other projects: what those tell their own services does not run here.

use std::collections::BTreeSet;

use super::found::Checkout;
use super::sighting::{Sighting, SightingVerdict};
use super::subject;

/// Why what such a copy chooses is no pin.
const COPY: &str = "it is in a copy of another project, whose own choices build nothing here";

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
        if top(path).is_none() && !copies.iter().any(within) && !is_of_a_release(path) {
            continue;
        }
        for one in seen.iter_mut().filter(|one| one.is_ours()) {
            one.verdict = SightingVerdict::Doubtful(true, COPY);
        }
    }
}

/// Whether a file stands in the release of another package among those of others:
/// `vendor/nginx-1.23.3/`.
fn is_of_a_release(path: &str) -> bool {
    let mut folders = path.split('/');
    folders.any(|folder| OF_OTHERS.contains(&folder))
        && folders.next().is_some_and(|folder| {
            let version = folder.rsplit_once('-').map(|(_, version)| version);
            let dotted = |version: &str| {
                version.contains('.') && version.chars().all(|c| c.is_ascii_digit() || c == '.')
            };
            version.is_some_and(dotted) && !subject::names_openssl(folder)
        })
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
