//! Which release a link should move to, under policy.

use std::cmp::Reverse;

use super::policy::{Policy, SeriesPolicy};
use crate::openssl::advisory::Severity;
use crate::openssl::upstream::View;
use crate::openssl::version::{Series, Version};

/// The outcome of choosing.
pub(super) struct TargetChoice {
    /// Where to go; none where there is nothing better.
    pub(super) target: Option<Version>,
    /// The series that policy allows, the linked one first.
    pub(super) allowed: Vec<Series>,
}

/// How bad it is to have a set of advisories: how many of each severity, gravest first. What
/// upstream did not rate ranks below High.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Weight([usize; Severity::GRAVITIES]);

impl Weight {
    fn of(version: Version, upstream: &View<'_>) -> Self {
        let mut counts = [0; Severity::GRAVITIES];
        for known in upstream.affecting(version) {
            counts[usize::from(known.advisory.severity.gravity())] += 1;
        }
        counts.reverse();
        Self(counts)
    }
}

/// Chooses the release to move to.
///
/// The newest release of the series that policy wants, unless another one that policy allows leaves
/// graver advisories behind: the own series' patch is always a candidate. A move that fixes nothing
/// must not bring an advisory in.
pub(super) fn choose(linked: Version, policy: &Policy, upstream: &View<'_>) -> TargetChoice {
    let wanted = wanted_series(linked, policy, upstream);
    let mut allowed = vec![linked.series()];
    if wanted != linked.series() {
        allowed.push(wanted);
    }
    let good = || {
        upstream
            .good_releases()
            .map(|release| release.version)
            .filter(|version| {
                policy.prereleases
                    || !version.is_prerelease()
                    || version.finished() == linked.finished()
            })
    };
    let newer: Vec<Version> = good()
        .filter(|version| *version > linked && allowed.contains(&version.series()))
        .collect();
    // An ended series has few advisories only because nobody looks any more: it never wins over a
    // supported one.
    let rank = |version: &Version| {
        let ended = upstream.support(version.series()).ended;
        (
            ended,
            Weight::of(*version, upstream),
            version.series() != wanted,
            Reverse(*version),
        )
    };
    let best = |candidates: Vec<Version>| candidates.into_iter().min_by_key(rank);
    let fixes = |version: Version| {
        upstream
            .affecting(linked)
            .any(|known| upstream.is_fixed(known, linked, version))
    };
    let brings = |version: Version| {
        upstream
            .affecting(version)
            .any(|known| !known.affects(linked))
    };

    let withdrawn = upstream
        .release(linked)
        .is_some_and(|published| published.withdrawn);
    let target = if withdrawn {
        let own = |version: &Version| version.series() == linked.series();
        let fallback = if newer.iter().any(own) {
            None
        } else {
            good().rfind(|version| *version < linked && own(version))
        };
        best(newer.into_iter().chain(fallback).collect())
    } else {
        let fixing: Vec<Version> = newer
            .iter()
            .copied()
            .filter(|version| fixes(*version))
            .collect();
        if fixing.is_empty() {
            best(
                newer
                    .into_iter()
                    .filter(|version| !brings(*version))
                    .collect(),
            )
        } else {
            best(fixing)
        }
    };
    TargetChoice { target, allowed }
}

/// The series that policy wants the link to be in: never a lower one than it is in, and only one
/// that has a real release.
fn wanted_series(linked: Version, policy: &Policy, upstream: &View<'_>) -> Series {
    let mut released = upstream
        .good_releases()
        .map(|release| release.version)
        .filter(|version| policy.prereleases || !version.is_prerelease())
        .map(|version| version.series());
    let wanted = match policy.series {
        SeriesPolicy::Keep => None,
        SeriesPolicy::Newest => released.next_back(),
        SeriesPolicy::Lts => released.rfind(|series| upstream.support(*series).lts),
        SeriesPolicy::Series(series) => released.rfind(|other| *other == series),
    };
    wanted
        .filter(|series| *series > linked.series())
        .unwrap_or_else(|| linked.series())
}
