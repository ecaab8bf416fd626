//! Which policies can be meant at all.

use super::policy::{Policy, SeriesPolicy};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;

/// Refuses a series that a link can never move to: one that has no release, or that lies below what
/// is linked. Where no release at all is known, nothing is said.
pub(crate) fn check_policy(
    linked: Version,
    policy: &Policy,
    upstream: &View<'_>,
) -> Result<(), String> {
    let SeriesPolicy::Series(series) = policy.series else {
        return Ok(());
    };
    if series == linked.series() {
        return Ok(());
    }
    if series < linked.series() {
        return Err(format!(
            "`series` is {series}, which lies below the {linked} that is pinned, and no policy moves down; write `keep` or a series from {} on, or go there once with `--to`",
            linked.series()
        ));
    }
    let mut released = upstream
        .good_releases()
        .map(|release| release.version)
        .filter(|version| version.series() == series)
        .peekable();
    let newest = upstream
        .good_releases()
        .map(|release| release.version)
        .rfind(|version| !version.is_prerelease());
    let Some(newest) = newest else {
        return Ok(());
    };
    let instead = format!(
        "the newest series is {}; write one that has a release, `newest`, `lts` or `keep`",
        newest.series()
    );
    if released.peek().is_none() {
        return Err(format!(
            "`series` is {series}, of which no release is known on {}; {instead}",
            upstream.day
        ));
    }
    if policy.prereleases || released.any(|version| !version.is_prerelease()) {
        return Ok(());
    }
    Err(format!(
        "`series` is {series}, which has only pre-releases on {}; {instead}, or set `prereleases = true`",
        upstream.day
    ))
}

#[cfg(test)]
mod tests {
    use super::check_policy;
    use crate::openssl::assessment::{Policy, SeriesPolicy};
    use crate::openssl::upstream::builtin::builtin;
    use crate::openssl::upstream::{Snapshot, View};

    #[test]
    fn a_series_that_cannot_be_meant() {
        let snapshot = builtin().expect("the built-in snapshot");
        let said =
            |snapshot: &Snapshot, linked: &str, series: &str, prereleases: bool, day: &str| {
                let day = day.parse().expect("a day");
                let policy = Policy {
                    series: SeriesPolicy::Series(series.parse().expect("a series")),
                    prereleases,
                    ..Policy::default()
                };
                let view = View::new(snapshot, day, &[]);
                check_policy(linked.parse().expect("a version"), &policy, &view).err()
            };
        let today = "2026-09-30";
        for (linked, series, prereleases, day, says) in [
            ("3.5.4", "3.5", false, today, None),
            ("3.0.22", "3.5", false, today, None),
            ("1.1.1w", "3.5", false, today, None),
            (
                "3.5.4",
                "3.0",
                false,
                today,
                Some("lies below the 3.5.4 that is pinned"),
            ),
            (
                "3.5.4",
                "9.9",
                false,
                today,
                Some("of which no release is known on 2026-09-30; the newest series is 4.0"),
            ),
            (
                "3.0.15",
                "3.4",
                false,
                "2024-10-08",
                Some("has only pre-releases"),
            ),
            ("3.0.15", "3.4", true, "2024-10-08", None),
        ] {
            let said = said(&snapshot, linked, series, prereleases, day);
            match says {
                None => assert_eq!(said, None, "{linked} {series}"),
                Some(says) => assert!(
                    said.clone().is_some_and(|said| said.contains(says)),
                    "{said:?}"
                ),
            }
        }
        let nothing = Snapshot {
            releases: Vec::new(),
            ..snapshot
        };
        assert_eq!(said(&nothing, "3.5.4", "9.9", false, today), None);
    }
}
