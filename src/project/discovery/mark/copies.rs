//! Copies of other projects: what those tell their own services does not run here.

use std::collections::{BTreeMap, BTreeSet};

use crate::project::discovery::found::Checkout;
use crate::project::discovery::line::sighting::{Sighting, SightingVerdict};
use crate::project::discovery::line::subject;

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

/// How the files start that a release of a project has at its top: its licence, what it is, what is
/// new, and how it is built.
const OF_A_RELEASE: [&[&str]; 4] = [
    &["copying", "licen"],
    &["readme"],
    &["news", "change", "release-notes", "history"],
    &["configure", "cmakelists.txt", "meson.build"],
];

/// The folders of copies that stand among those of others.
pub(crate) struct Copies<'a>(BTreeSet<&'a str>);

impl<'a> Copies<'a> {
    pub(crate) fn of(checkout: &'a Checkout) -> Self {
        let tops = checkout.texts.keys().filter_map(|path| top(path));
        let mut copies: BTreeSet<&str> = tops
            .filter(|top| top.split('/').any(|folder| OF_OTHERS.contains(&folder)))
            .collect();
        copies.extend(whole(checkout));
        Self(copies)
    }

    /// Whether a file belongs to another project's copy or is for a service that only looks at the
    /// top of a repository.
    pub(crate) fn hold(&self, path: &str) -> bool {
        let within = |copy: &&str| {
            let rest = path.strip_prefix(*copy);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        top(path).is_some() || self.0.iter().any(within) || is_of_a_release(path)
    }

    /// Makes doubtful what such files say.
    pub(crate) fn mark(&self, seen: &mut [(&str, Vec<Sighting>)]) {
        for (_, seen) in seen.iter_mut().filter(|(path, _)| self.hold(path)) {
            for one in seen.iter_mut().filter(|one| one.is_ours()) {
                one.verdict = SightingVerdict::Doubtful(true, COPY);
            }
        }
    }
}

/// The folders among those of others that hold all that a project's release has at its top, and are
/// none of OpenSSL's.
fn whole(checkout: &Checkout) -> impl Iterator<Item = &str> {
    let mut parts: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for path in checkout.texts.keys() {
        let Some((folder, file)) = path.rsplit_once('/') else {
            continue;
        };
        let (of, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let of = of.rsplit('/').next().unwrap_or_default();
        if !OF_OTHERS.contains(&of) || name.to_ascii_lowercase().contains("ssl") {
            continue;
        }
        let lower = file.to_ascii_lowercase();
        let is = |starts: &[&str]| starts.iter().any(|start| lower.starts_with(start));
        let part = OF_A_RELEASE.iter().position(|starts| is(starts));
        parts.entry(folder).or_default().extend(part);
    }
    let all = |parts: &BTreeSet<usize>| parts.len() == OF_A_RELEASE.len();
    parts
        .into_iter()
        .filter_map(move |(folder, parts)| all(&parts).then_some(folder))
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
