//! Which advisories each release of a project carried to its users, and until when.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::advisory::CveId;
use crate::upstream::View;
use crate::version::Version;

/// One release of the project and what it carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectRelease {
    /// The project's version.
    pub version: String,
    /// The day it was published, where known.
    pub published: Option<Date>,
    /// The OpenSSL in it.
    pub openssl: BTreeSet<Version>,
}

/// One advisory that a release carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// The advisory.
    pub id: CveId,
    /// The day from which on users were knowingly exposed: its publication, or the release's if that came later.
    pub from: Date,
    /// The project's first later release without it, and its day.
    pub until: Option<(String, Option<Date>)>,
}

/// What is known of the OpenSSL in a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knowledge {
    /// The advisories it carried, ascending.
    Known(Vec<Exposure>),
    /// The snapshot does not know this version: it says nothing of it.
    NotKnown(Version),
    /// There is no OpenSSL in it.
    NoOpenSsl,
}

impl Exposure {
    /// How many days users were exposed, up to `today` if they still are.
    #[must_use]
    pub fn days(&self, today: Date) -> Option<i32> {
        let until = match &self.until {
            Some((_, day)) => (*day)?,
            None => today,
        };
        self.from.until(until).ok().map(|span| span.get_days().max(0))
    }
}

/// What each release carried; `releases` ascend by version.
#[must_use]
pub fn exposures(releases: &[ProjectRelease], upstream: &View<'_>) -> Vec<Knowledge> {
    releases.iter().enumerate().map(|(at, release)| knowledge(release, &releases[at + 1..], upstream)).collect()
}

fn knowledge(release: &ProjectRelease, later: &[ProjectRelease], upstream: &View<'_>) -> Knowledge {
    if release.openssl.is_empty() {
        return Knowledge::NoOpenSsl;
    }
    if let Some(unknown) = release.openssl.iter().find(|version| upstream.release(**version).is_none()) {
        return Knowledge::NotKnown(*unknown);
    }
    let carried: BTreeSet<CveId> = advisories(release, upstream).collect();
    let exposures = carried.into_iter().filter_map(|id| {
        let published = upstream.advisory(id)?.advisory.published;
        // A later release whose OpenSSL is not known cannot be called free of it.
        let is_free = |later: &&ProjectRelease| {
            !later.openssl.is_empty()
                && later.openssl.iter().all(|version| upstream.release(*version).is_some())
                && advisories(later, upstream).all(|other| other != id)
        };
        let until = later.iter().find(is_free).map(|free| (free.version.clone(), free.published));
        Some(Exposure { id, from: release.published.map_or(published, |day| day.max(published)), until })
    });
    Knowledge::Known(exposures.collect())
}

fn advisories<'a>(release: &'a ProjectRelease, upstream: &'a View<'_>) -> impl Iterator<Item = CveId> + 'a {
    release.openssl.iter().flat_map(|version| upstream.affecting(*version).map(|known| known.advisory.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::builtin::builtin;

    fn release(version: &str, published: &str, openssl: &[&str]) -> ProjectRelease {
        let openssl = openssl.iter().map(|version| version.parse().unwrap()).collect();
        ProjectRelease { version: version.to_owned(), published: published.parse().ok(), openssl }
    }

    #[test]
    fn carried_until_the_first_release_without_it() {
        let snapshot = builtin().unwrap();
        let upstream = View::new(&snapshot, "2026-06-10".parse().unwrap(), &[]);
        let releases = [
            release("46.0.1", "2025-09-17", &["3.5.3"]),
            release("46.0.2", "2025-10-01", &["3.5.4"]),
            release("99.0", "2030-01-01", &["9.9.9"]),
            release("99.1", "2030-01-02", &[]),
        ];
        let found = exposures(&releases, &upstream);
        let Knowledge::Known(carried) = &found[0] else { panic!("{found:?}") };
        let exposure = carried.iter().find(|exposure| exposure.id.to_string() == "CVE-2025-9230").unwrap();
        assert_eq!(exposure.from.to_string(), "2025-09-30");
        assert_eq!(exposure.until, Some(("46.0.2".to_owned(), "2025-10-01".parse().ok())));
        assert_eq!(exposure.days("2026-06-10".parse().unwrap()), Some(1));
        // What 3.5.4 still has, no known release is free of.
        let Knowledge::Known(carried) = &found[1] else { panic!("{found:?}") };
        assert!(carried.iter().all(|exposure| exposure.until.is_none()), "{carried:?}");
        assert_eq!(found[2], Knowledge::NotKnown("9.9.9".parse().unwrap()));
        assert_eq!(found[3], Knowledge::NoOpenSsl);
    }
}
