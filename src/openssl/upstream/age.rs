//! How old facts are: each kind of them has its own day, and the older one counts.

use jiff::civil::Date;

use super::snapshot::{Snapshot, SourceState, State};

/// Whether facts taken on one day are more than this many days old on another.
pub(crate) fn is_older(taken: Date, today: Date, days: u32) -> bool {
    i64::from((today - taken).get_days()) > i64::from(days)
}

/// The days on which each kind of facts was last known to be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Which versions are public.
    pub(crate) releases: Date,
    /// What is wrong with them.
    pub(crate) advisories: Date,
}

impl Taken {
    /// The days of a snapshot: what its sources say, else the day it was taken as a whole.
    ///
    /// The list of releases is whole where the forge told it, or the tags and the download page
    /// together; advisories where the metadata or the site's page did.
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let day = |name: &str, newest: Option<Date>| {
            let source = snapshot.sources.iter().find(|source| source.name == name)?;
            of_source(source, newest, snapshot.taken)
        };
        let released = snapshot.releases.iter().map(|release| release.date).max();
        let told = snapshot.advisories.iter().map(|one| one.published).max();
        let both = |one: Option<Date>, other: Option<Date>| Some(one?.min(other?));
        let releases = day("releases", released)
            .max(both(day("tags", released), day("source-page", released)));
        let advisories = day("metadata", told).max(day("vulnerability-page", told));
        Self {
            releases: releases.unwrap_or(snapshot.taken),
            advisories: advisories.unwrap_or(snapshot.taken),
        }
    }

    /// The older of the two.
    pub(crate) fn all(self) -> Date {
        self.releases.min(self.advisories)
    }
}

/// The day a source stands for. One that failed and does not say when it answered last is as old as
/// the newest thing it told.
fn of_source(source: &SourceState, newest: Option<Date>, taken: Date) -> Option<Date> {
    match (source.taken, source.state) {
        (Some(day), _) => Some(day),
        (None, State::Failed) => Some(newest?.min(taken)),
        (None, State::Ok | State::Unchanged) => Some(taken),
        (None, State::Snapshot | State::Offline) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Taken;
    use crate::openssl::upstream::Snapshot;

    #[test]
    fn the_day_of_each_kind() {
        let cases = [
            ("", "2026-09-29", "2026-09-29"),
            (
                r#"{"name":"releases","state":"ok","taken":"2026-06-09"},{"name":"metadata","state":"ok","taken":"2026-09-29"}"#,
                "2026-06-09",
                "2026-09-29",
            ),
            (
                r#"{"name":"releases","state":"failed"},{"name":"tags","state":"failed"},{"name":"metadata","state":"ok"}"#,
                "2026-06-01",
                "2026-09-29",
            ),
            (
                r#"{"name":"releases","state":"failed","taken":"2026-06-01"},{"name":"tags","state":"ok","taken":"2026-09-20"},{"name":"source-page","state":"ok","taken":"2026-09-21"}"#,
                "2026-09-20",
                "2026-09-29",
            ),
            (
                r#"{"name":"releases","state":"snapshot"},{"name":"metadata","state":"failed"}"#,
                "2026-09-29",
                "2026-07-02",
            ),
        ];
        for (sources, releases, advisories) in cases {
            let snapshot = Snapshot::read(&format!(
                r#"{{"schema":1,"taken":"2026-09-29","sources":[{sources}],"releases":[{{"version":"3.5.7","date":"2026-06-01"}}],
                "advisories":[{{"id":"CVE-2026-1000","severity":"low","published":"2026-07-02","affected":[]}}],"series":[]}}"#
            ))
            .expect("a snapshot");
            let taken = Taken::of(&snapshot);
            let days = (taken.releases.to_string(), taken.advisories.to_string());
            assert_eq!(
                days,
                (releases.to_owned(), advisories.to_owned()),
                "{sources}"
            );
        }
    }
}
