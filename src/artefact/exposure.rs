//! Which advisories each release of a project carried to its users, and until when.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::openssl::advisory::CveId;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;

/// One release of the project and what it carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProjectRelease {
    pub version: String,
    /// The day it was published, where known.
    pub published: Option<Date>,
    /// The OpenSSL in it, by what carries it: the platforms of its files, or the links whose pins
    /// say so.
    pub carried: BTreeMap<String, BTreeSet<Version>>,
    /// What of it could not be read, and why: nobody knows what that carried.
    pub unread: Vec<String>,
}

impl ProjectRelease {
    /// The OpenSSL in it, wherever: a user of any platform counts.
    pub(crate) fn openssl(&self) -> BTreeSet<Version> {
        self.carried.values().flatten().copied().collect()
    }
}

/// One advisory that a release carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exposure {
    pub id: CveId,
    /// The day from which on users were knowingly exposed: its publication, or the release's if
    /// that came later.
    pub from: Date,
    /// The next of the project's higher releases without it, and its day.
    pub until: Option<(String, Option<Date>)>,
}

/// What is known of the OpenSSL in a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Knowledge {
    /// The advisories it carried, ascending.
    Known(Vec<Exposure>),
    /// The snapshot does not know this version: it says nothing of it.
    NotKnown(Version),
    /// What it carried could not be read.
    Unread,
    /// There is no OpenSSL in it.
    NoOpenSsl,
}

impl Exposure {
    /// How many days users were exposed, up to `today` if they still are.
    pub(crate) fn days(&self, today: Date) -> Option<i32> {
        let until = match &self.until {
            Some((_, day)) => (*day)?,
            None => today,
        };
        self.from
            .until(until)
            .ok()
            .map(|span| span.get_days().max(0))
    }
}

/// What the facts say of one OpenSSL.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// Whether they know it as a release: of a newer one they say nothing.
    pub(crate) is_known: bool,
    pub(crate) affected: BTreeSet<CveId>,
    /// Those that its series was not analysed for.
    pub(crate) unanalysed: BTreeSet<CveId>,
}

impl Said {
    /// Whether it was looked at for an advisory and does not have it.
    fn is_free_of(&self, id: CveId) -> bool {
        self.is_known && !self.affected.contains(&id) && !self.unanalysed.contains(&id)
    }
}

/// What the facts say of each OpenSSL in releases.
pub(crate) fn said(releases: &[ProjectRelease], upstream: &View<'_>) -> BTreeMap<Version, Said> {
    let versions: BTreeSet<Version> = releases.iter().flat_map(ProjectRelease::openssl).collect();
    let said = |version: Version| Said {
        is_known: upstream.release(version).is_some() && upstream.reaches(version),
        affected: upstream
            .affecting(version)
            .map(|known| known.advisory.id)
            .collect(),
        unanalysed: upstream.unanalysed(version).into_iter().collect(),
    };
    versions
        .into_iter()
        .map(|version| (version, said(version)))
        .collect()
}

/// What each release carried; `releases` ascend by version, and `said` knows each of their OpenSSLs.
pub(crate) fn exposures(
    releases: &[ProjectRelease],
    said: &BTreeMap<Version, Said>,
    upstream: &View<'_>,
) -> Vec<Knowledge> {
    releases
        .iter()
        .enumerate()
        .map(|(at, release)| knowledge(release, &releases[at + 1..], said, upstream))
        .collect()
}

fn knowledge(
    release: &ProjectRelease,
    later: &[ProjectRelease],
    said: &BTreeMap<Version, Said>,
    upstream: &View<'_>,
) -> Knowledge {
    let openssl = release.openssl();
    if openssl.is_empty() {
        return if release.unread.is_empty() {
            Knowledge::NoOpenSsl
        } else {
            Knowledge::Unread
        };
    }
    if let Some(unknown) = openssl
        .iter()
        .find(|version| said.get(version).is_none_or(|said| !said.is_known))
    {
        return Knowledge::NotKnown(*unknown);
    }
    let carried: BTreeSet<CveId> = openssl
        .iter()
        .filter_map(|version| said.get(version))
        .flat_map(|said| said.affected.iter().copied())
        .collect();
    let exposures = carried.into_iter().filter_map(|id| {
        let published = upstream.advisory(id)?.advisory.published;
        let until = first(later.iter().filter(|later| is_free_of(later, id, said)));
        let until = until.map(|free| (free.version.clone(), free.published));
        Some(Exposure {
            id,
            from: release
                .published
                .map_or(published, |day| day.max(published)),
            until,
        })
    });
    Knowledge::Known(exposures.collect())
}

/// Whether a release does not carry an advisory: one whose OpenSSL is not known cannot be called
/// free of it.
fn is_free_of(release: &ProjectRelease, id: CveId, said: &BTreeMap<Version, Said>) -> bool {
    let openssl = release.openssl();
    release.unread.is_empty()
        && !openssl.is_empty()
        && openssl
            .iter()
            .all(|version| said.get(version).is_some_and(|said| said.is_free_of(id)))
}

/// The release that users could have first; where a day is not known, the lowest.
fn first<'a>(releases: impl Iterator<Item = &'a ProjectRelease>) -> Option<&'a ProjectRelease> {
    releases.reduce(|one, other| match (one.published, other.published) {
        (Some(day), Some(earlier)) if earlier < day => other,
        _ => one,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openssl::upstream::builtin::builtin;

    fn release(version: &str, published: &str, openssl: &[&str]) -> ProjectRelease {
        let openssl: BTreeSet<Version> = openssl
            .iter()
            .map(|version| version.parse().unwrap())
            .collect();
        let carried = openssl
            .into_iter()
            .map(|version| (format!("link {version}"), BTreeSet::from([version])))
            .collect();
        ProjectRelease {
            version: version.to_owned(),
            published: published.parse().ok(),
            carried,
            unread: vec![],
        }
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
        let found = exposures(&releases, &said(&releases, &upstream), &upstream);
        let Knowledge::Known(carried) = &found[0] else {
            panic!("{found:?}")
        };
        let exposure = carried
            .iter()
            .find(|exposure| exposure.id.to_string() == "CVE-2025-9230")
            .unwrap();
        assert_eq!(exposure.from.to_string(), "2025-09-30");
        assert_eq!(
            exposure.until,
            Some(("46.0.2".to_owned(), "2025-10-01".parse().ok()))
        );
        assert_eq!(exposure.days("2026-06-10".parse().unwrap()), Some(1));
        // What 3.5.4 still has, no known release is free of.
        let Knowledge::Known(carried) = &found[1] else {
            panic!("{found:?}")
        };
        assert!(
            carried.iter().all(|exposure| exposure.until.is_none()),
            "{carried:?}"
        );
        assert_eq!(found[2], Knowledge::NotKnown("9.9.9".parse().unwrap()));
        assert_eq!(found[3], Knowledge::NoOpenSsl);
    }

    #[test]
    fn the_next_release_is_the_next_in_time() {
        let snapshot = builtin().unwrap();
        let upstream = View::new(&snapshot, "2026-06-10".parse().unwrap(), &[]);
        let mut releases = [
            release("46.0.1", "2025-09-17", &["3.5.3"]),
            release("46.0.2", "2025-10-09", &["3.5.4"]),
            release("47.0.0", "2025-10-03", &["3.5.4"]),
        ];
        let until = |releases: &[ProjectRelease]| {
            let found = exposures(releases, &said(releases, &upstream), &upstream);
            let Knowledge::Known(carried) = &found[0] else {
                panic!("{found:?}")
            };
            let exposure = carried
                .iter()
                .find(|exposure| exposure.id.to_string() == "CVE-2025-9230")
                .unwrap();
            exposure.until.as_ref().map(|(version, _)| version.clone())
        };
        assert_eq!(until(&releases).as_deref(), Some("47.0.0"));
        // What one of its parts carried is not known.
        releases[2].unread.push("docker".to_owned());
        assert_eq!(until(&releases).as_deref(), Some("46.0.2"));
        releases[1].unread.push("docker".to_owned());
        assert_eq!(until(&releases), None);
    }

    #[test]
    fn the_oldest_of_several_counts_and_what_cannot_be_read_is_not_known() {
        let snapshot = builtin().unwrap();
        let upstream = View::new(&snapshot, "2026-06-10".parse().unwrap(), &[]);
        let mut unread = release("1", "2025-09-17", &[]);
        unread.unread.push("wheels: no such file".to_owned());
        let releases = [
            release("0", "2025-09-17", &["3.5.3"]),
            unread,
            release("2", "2025-10-01", &["3.5.3", "3.5.4"]),
        ];
        let found = exposures(&releases, &said(&releases, &upstream), &upstream);
        assert_eq!(found[1], Knowledge::Unread);
        let carries = |at: usize| matches!(&found[at], Knowledge::Known(all) if all.iter().any(|one| one.id.to_string() == "CVE-2025-9230" && one.until.is_none()));
        assert!(carries(0) && carries(2), "{found:?}");
    }
}
