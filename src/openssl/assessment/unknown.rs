//! What is not known: facts that are too old, empty, or end before what is asked about. Nobody may
//! call a version good because of them (DESIGN, "Three answers, never two").

use std::fmt;

use jiff::civil::Date;

use super::pending::Pending;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;

/// Why no verdict can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// The facts are older than allowed: of that day. A newer release without security fixes may
    /// have been known then.
    Stale(Date, Option<Version>),
    /// Not one release is known on that day.
    NoReleases(Date),
    /// Not one advisory is known on that day.
    NoAdvisories(Date),
    /// The linked version is beyond every release known; they are of that day.
    NotListed(Version, Date),
    /// A fix is named for a version that the list of releases, of that day, may be too old for.
    FixNotListed(Version, Date),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale(day, None) => write!(
                f,
                "nothing known to be due as of {day}; nothing known since"
            ),
            Self::Stale(day, Some(newer)) => write!(
                f,
                "nothing known to be due as of {day} but the bug-fix release {newer}; nothing known since"
            ),
            Self::NoReleases(day) => write!(f, "no release is known as of {day}"),
            Self::NoAdvisories(day) => write!(f, "no advisory is known as of {day}"),
            Self::NotListed(version, day) => {
                write!(f, "{version} is not known here, releases as of {day}")
            }
            Self::FixNotListed(version, day) => write!(
                f,
                "affected; {version} has the fix and is not known here, releases as of {day}"
            ),
        }
    }
}

impl Unknown {
    /// Whether an expected fix may have been released since the releases were listed.
    pub(super) fn of_fix(pending: &Pending, upstream: &View<'_>) -> Option<Self> {
        if upstream.releases().is_empty() {
            return Some(Self::NoReleases(upstream.day));
        }
        let day = upstream.releases_known_to();
        let may_be_out = upstream.may_have_missed(pending.since);
        may_be_out.then_some(Self::FixNotListed(pending.expected, day))
    }
}

/// What the facts lack to say that anything is as they tell it.
pub(crate) fn lacking_facts(upstream: &View<'_>) -> Option<Unknown> {
    of_all(None, upstream)
}

/// What the facts lack to say what a version is worth.
pub(crate) fn lacking(version: Version, upstream: &View<'_>) -> Option<Unknown> {
    of_facts(version, None, upstream)
}

/// What the facts lack to say of a version, which nothing is known against, that it is good.
pub(super) fn of_facts(
    linked: Version,
    target: Option<Version>,
    upstream: &View<'_>,
) -> Option<Unknown> {
    let of_all = of_all(target, upstream);
    if of_all.is_some() {
        return of_all;
    }
    let is_beyond = upstream.is_ahead(linked)
        && (upstream.lacks_a_release() || is_beyond_all(linked, upstream));
    is_beyond.then(|| Unknown::NotListed(linked, upstream.releases_known_to()))
}

fn of_all(target: Option<Version>, upstream: &View<'_>) -> Option<Unknown> {
    if upstream.releases().is_empty() {
        return Some(Unknown::NoReleases(upstream.day));
    }
    if upstream.advisories().is_empty() {
        return Some(Unknown::NoAdvisories(upstream.day));
    }
    upstream
        .is_stale()
        .then_some(Unknown::Stale(upstream.taken, target))
}

/// Whether a version is beyond everything known of every series. Pre-releases of the series that
/// upstream has announced next are what one expects to see.
fn is_beyond_all(linked: Version, upstream: &View<'_>) -> bool {
    let newest = upstream
        .releases()
        .last()
        .map(|published| published.release.version);
    newest.is_none_or(|newest| linked > newest)
        && !(linked.is_prerelease() && upstream.is_next_series(linked.series()))
}
