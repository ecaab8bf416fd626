//! The versions of openssl-src that were on crates.io when this was built, and their checksums.

use crate::openssl::version::Version;

/// What a lock file says of one crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Locked {
    /// The registry that it comes from.
    pub(crate) source: Option<String>,
    /// The registry's digest.
    pub(crate) checksum: Option<String>,
    /// The names of what it depends on.
    pub(crate) dependencies: Vec<String>,
}

/// The index of the registry: one version and its checksum on each line, ascending.
const TEXT: &str = include_str!("../../../data/openssl-src.txt");

const CRATE: &str = "openssl-src";

/// What each of its versions needs.
const NEEDS: [&str; 1] = ["cc"];

/// How lock files name the registry.
const REGISTRY: [&str; 2] = [
    "registry+https://github.com/rust-lang/crates.io-index",
    "sparse+https://index.crates.io/",
];

/// The day that the versions are known of, as `2026-11-29`.
pub(crate) fn day() -> &'static str {
    let first = TEXT.lines().next().unwrap_or_default();
    let word = first.rsplit(' ').next().unwrap_or_default();
    word.trim_end_matches('.')
}

/// Versions of a crate that carry a release, ascending: `300.5.4+3.5.4`.
pub(crate) fn carrying(package: &str, release: Version) -> impl Iterator<Item = &'static str> {
    of(package)
        .map(|(version, _)| version)
        .filter(move |version| carried(version) == Some(release))
}

/// The newest version of a crate that carries a release of the same series below this one.
pub(crate) fn below(package: &str, release: Version) -> Option<(&'static str, Version)> {
    let with = |(version, _): (&'static str, _)| Some((version, carried(version)?));
    of(package)
        .filter_map(with)
        .filter(|(_, other)| other.series() == release.series() && *other < release)
        .last()
}

/// The checksum of a crate's version, where the lock file's entry is that of this registry's crate.
pub(crate) fn checksum(package: &str, locked: &Locked, version: &str) -> Option<&'static str> {
    let source = locked.source.as_deref();
    let is_registry = source.is_some_and(|source| REGISTRY.contains(&source));
    let known = of(package).find(|(other, _)| *other == version);
    known
        .filter(|_| is_registry && locked.dependencies == NEEDS)
        .map(|(_, checksum)| checksum)
}

/// The version of a crate that a checksum is known to be of.
pub(crate) fn whose(package: &str, checksum: &str) -> Option<&'static str> {
    of(package)
        .find(|(_, other)| *other == checksum)
        .map(|(version, _)| version)
}

fn of(package: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = (package == CRATE).then(|| TEXT.lines().filter(|line| !line.starts_with('#')));
    lines
        .into_iter()
        .flatten()
        .filter_map(|line| line.split_once(' '))
}

fn carried(version: &str) -> Option<Version> {
    version.split_once('+')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_version_with_a_release_and_a_checksum() {
        assert!(day().parse::<jiff::civil::Date>().is_ok(), "{}", day());
        for line in TEXT.lines().skip(1) {
            let (version, checksum) = line.split_once(' ').expect(line);
            assert!(carried(version).is_some(), "{line}");
            let figures = checksum.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(checksum.len() == 64 && figures, "{line}");
        }
        assert!(of("openssl-src").count() > 70);
    }
}
