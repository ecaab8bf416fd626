//! The verdict on real days of OpenSSL's history, over the built-in snapshot.

use std::fmt::Write;

use jiff::civil::Date;
use proptest::prelude::*;

use super::{Assessment, Policy, SeriesPolicy, Verdict, assess, assess_move};
use crate::openssl::advisory::{AffectedRange, Bound};
use crate::openssl::upstream::builtin::builtin;
use crate::openssl::upstream::{Snapshot, View};
use crate::openssl::version::Version;

fn snapshot() -> Snapshot {
    builtin().expect("the built-in snapshot")
}

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

fn policy(series: &str) -> Policy {
    let series = match series {
        "newest" => SeriesPolicy::Newest,
        "lts" => SeriesPolicy::Lts,
        "keep" => SeriesPolicy::Keep,
        series => SeriesPolicy::Series(series.parse().expect("a series")),
    };
    Policy {
        series,
        ..Policy::default()
    }
}

fn on(snapshot: &Snapshot, linked: &str, series: &str, today: &str) -> Assessment {
    assess(
        version(linked),
        &policy(series),
        &View::new(snapshot, day(today), &[]),
    )
    .expect("an assessment")
}

/// One line: verdict, target, and every list that is not empty.
fn summary(assessment: &Assessment) -> String {
    let mut out = format!("{}", assessment.verdict);
    let ids = |ids: &[crate::openssl::advisory::CveId]| {
        ids.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    };
    if let Some(target) = assessment.target {
        let _ = write!(out, " -> {target}");
    }
    if let Some(own) = assessment.own_series {
        let _ = write!(out, " | own {own}");
    }
    if let Some(refuge) = assessment.refuge {
        let _ = write!(out, " | refuge {refuge}");
    }
    for (label, list) in [
        ("fixes", &assessment.fixes),
        ("introduced", &assessment.introduced),
        ("remaining", &assessment.remaining),
    ] {
        if !list.is_empty() {
            let _ = write!(out, " | {label} {}", ids(list));
        }
    }
    for pending in &assessment.pending {
        let _ = write!(out, " | pending {} in {}", pending.id, pending.expected);
    }
    if let Some(due) = assessment.due_on {
        let _ = write!(out, " | due {due}");
    }
    out
}

/// UPSTREAM section 3, but for the cases that have no such day or no data: advisory day, CVE, each
/// version with its release day.
const PENDING: &str = "\
2003-03-17 CVE-2003-0147 0.9.7b@2003-04-10 0.9.6j@2003-04-10
2003-03-19 CVE-2003-0131 0.9.6j@2003-04-10 0.9.7b@2003-04-10
2009-11-11 CVE-2009-3555 0.9.8m@2010-02-25
2016-11-10 CVE-2016-7055 1.0.2k@2017-01-26
2017-08-28 CVE-2017-3735 1.0.2m@2017-11-02 1.1.0g@2017-11-02
2017-12-07 CVE-2017-3738 1.1.0h@2018-03-27
2018-04-16 CVE-2018-0737 1.1.0i@2018-08-14 1.0.2p@2018-08-14
2018-06-12 CVE-2018-0732 1.1.0i@2018-08-14 1.0.2p@2018-08-14
2018-10-29 CVE-2018-0735 1.1.0j@2018-11-20 1.1.1a@2018-11-20
2018-10-30 CVE-2018-0734 1.1.1a@2018-11-20 1.1.0j@2018-11-20 1.0.2q@2018-11-20
2018-11-12 CVE-2018-5407 1.0.2q@2018-11-20
2019-03-06 CVE-2019-1543 1.1.1c@2019-05-28 1.1.0k@2019-05-28
2019-07-30 CVE-2019-1552 1.1.1d@2019-09-10 1.1.0l@2019-09-10 1.0.2t@2019-09-10
2019-12-06 CVE-2019-1551 1.1.1e@2020-03-17 1.0.2u@2019-12-20
2022-12-13 CVE-2022-3996 3.0.8@2023-02-07
2023-03-22 CVE-2023-0464 3.1.1@2023-05-30 3.0.9@2023-05-30 1.1.1u@2023-05-30
2023-03-28 CVE-2023-0465 3.1.1@2023-05-30 3.0.9@2023-05-30 1.1.1u@2023-05-30
2023-03-28 CVE-2023-0466 3.1.1@2023-05-30 3.0.9@2023-05-30 1.1.1u@2023-05-30
2023-04-20 CVE-2023-1255 3.1.1@2023-05-30 3.0.9@2023-05-30
2023-07-14 CVE-2023-2975 3.1.2@2023-08-01 3.0.10@2023-08-01
2023-07-19 CVE-2023-3446 3.1.2@2023-08-01 3.0.10@2023-08-01 1.1.1v@2023-08-01
2023-09-08 CVE-2023-4807 3.1.3@2023-09-19 3.0.11@2023-09-19 1.1.1w@2023-09-11
2023-11-06 CVE-2023-5678 3.0.13@2024-01-30 3.1.5@2024-01-30
2024-01-09 CVE-2023-6129 3.2.1@2024-01-30 3.1.5@2024-01-30 3.0.13@2024-01-30
2024-01-15 CVE-2023-6237 3.0.13@2024-01-30 3.1.5@2024-01-30 3.2.1@2024-01-30
2024-01-25 CVE-2024-0727 3.2.1@2024-01-30 3.1.5@2024-01-30 3.0.13@2024-01-30
2024-04-08 CVE-2024-2511 3.2.2@2024-06-04 3.1.6@2024-06-04 3.0.14@2024-06-04
2024-05-16 CVE-2024-4603 3.0.14@2024-06-04 3.1.6@2024-06-04 3.2.2@2024-06-04 3.3.1@2024-06-04
2024-05-28 CVE-2024-4741 3.3.1@2024-06-04 3.2.2@2024-06-04 3.1.6@2024-06-04 3.0.14@2024-06-04
2024-06-27 CVE-2024-5535 3.3.2@2024-09-03 3.2.3@2024-09-03 3.1.7@2024-09-03 3.0.15@2024-09-03
2024-10-16 CVE-2024-9143 3.3.3@2025-02-11 3.2.4@2025-02-11 3.1.8@2025-02-11 3.0.16@2025-02-11
2025-01-20 CVE-2024-13176 3.4.1@2025-02-11 3.3.3@2025-02-11 3.2.4@2025-02-11 3.1.8@2025-02-11 3.0.16@2025-02-11
2025-05-22 CVE-2025-4575 3.5.1@2025-07-01
2026-03-13 CVE-2026-2673 3.6.2@2026-04-07 3.5.6@2026-04-07
";

#[test]
fn every_pending_case_of_the_past() {
    let snapshot = snapshot();
    for line in PENDING.lines() {
        let mut words = line.split(' ');
        let (advised, id) = (
            day(words.next().expect("a day")),
            words.next().expect("an id").parse().expect("an id"),
        );
        for fix in words {
            let (fixed, released) = fix.split_once('@').expect("a version and a day");
            let (fixed, released) = (version(fixed), day(released));
            let next_day = advised.tomorrow().expect("a day");
            let before = snapshot
                .releases
                .iter()
                .filter(|release| {
                    release.date <= next_day
                        && release.version < fixed
                        && release.version.series() == fixed.series()
                        && release.withdrawn.is_none()
                })
                .map(|release| release.version)
                .max()
                .expect("an earlier release");
            let after = View::new(&snapshot, next_day, &[]);
            let pending = assess(before, &policy("keep"), &after).expect("an assessment");
            assert_eq!(
                pending.verdict,
                Verdict::FixPending,
                "{line}: {before}: {}",
                summary(&pending)
            );
            assert!(
                pending
                    .pending
                    .iter()
                    .any(|pending| pending.id == id && pending.expected == fixed),
                "{line}: {before}: {}",
                summary(&pending)
            );
            let then = View::new(&snapshot, released, &[]);
            let due = assess(before, &policy("keep"), &then).expect("an assessment");
            assert_eq!(
                due.verdict,
                Verdict::SecurityRelease,
                "{line}: {before}: {}",
                summary(&due)
            );
            assert!(
                due.fixes.contains(&id),
                "{line}: {before}: {}",
                summary(&due)
            );
        }
    }
}

#[test]
fn days_worth_remembering() {
    let snapshot = snapshot();
    let mut table = String::new();
    for (linked, series, today) in [
        ("3.0.5", "keep", "2022-10-10"),
        ("3.0.5", "keep", "2022-10-11"),
        ("3.0.5", "keep", "2022-10-12"),
        ("3.0.5", "keep", "2022-10-31"),
        ("3.0.5", "keep", "2022-11-01"),
        ("3.0.6", "keep", "2022-10-11"),
        ("3.0.6", "keep", "2022-10-12"),
        ("3.0.6", "newest", "2022-11-01"),
        ("1.1.1r", "keep", "2022-10-12"),
        ("1.1.1r", "newest", "2022-10-12"),
        ("1.1.1q", "keep", "2022-10-12"),
        ("3.0.3", "keep", "2022-06-21"),
        ("3.0.4", "keep", "2022-07-05"),
        ("1.1.0", "keep", "2016-09-22"),
        ("1.1.0a", "keep", "2016-09-26"),
        ("1.1.1w", "keep", "2023-11-07"),
        ("1.1.1w", "newest", "2023-11-07"),
        ("1.1.1w", "newest", "2024-02-01"),
        ("3.5.3", "keep", "2025-10-01"),
        ("3.5.3", "newest", "2025-10-01"),
        ("3.5.3", "lts", "2025-10-01"),
        ("3.4.1", "newest", "2025-05-23"),
        ("3.4.1", "3.5", "2025-07-01"),
        ("3.1.0", "keep", "2023-05-30"),
        ("0.9.6m", "keep", "2005-01-01"),
        ("1.1.1", "keep", "2018-09-12"),
        ("3.0.7", "keep", "2022-12-14"),
        ("3.0.21", "keep", "2026-11-22"),
        ("3.4.6", "newest", "2026-11-22"),
        ("3.6.3", "keep", "2026-11-22"),
        ("3.5.7", "keep", "2026-11-22"),
        ("3.5.7", "newest", "2026-11-22"),
        ("4.0.1", "newest", "2026-11-22"),
        ("3.5.8", "keep", "2026-11-22"),
        ("4.1.0", "newest", "2026-11-22"),
        ("3.5.0-beta1", "keep", "2025-04-08"),
    ] {
        let _ = writeln!(
            table,
            "{today} {linked:<8} {series:<6} {}",
            summary(&on(&snapshot, linked, series, today))
        );
    }
    insta::assert_snapshot!(table);
}

#[test]
fn versions_that_never_were() {
    let snapshot = snapshot();
    let today = View::new(&snapshot, day("2026-06-10"), &[]);
    for linked in ["3.0.99", "1.1.0z", "3.5.4-dev", "0.9.0", "1.2.0"] {
        let Ok(linked) = linked.parse::<Version>() else {
            continue;
        };
        let outcome = assess(linked, &policy("newest"), &today);
        assert_eq!(outcome.is_err(), linked != version("3.0.99"), "{linked}");
    }
}

#[test]
fn cooldown_holds_back_bug_fixes_only() {
    let snapshot = snapshot();
    let patient = Policy {
        cooldown: 14,
        ..policy("keep")
    };
    for (linked, today, expected) in [
        (
            "3.5.1",
            "2025-08-05",
            "bugfix-release -> 3.5.2 | due 2025-08-19",
        ),
        ("3.5.1", "2025-08-19", "bugfix-release -> 3.5.2"),
        (
            "3.5.3",
            "2025-09-30",
            "security-release -> 3.5.4 | fixes CVE-2025-9230 CVE-2025-9231 CVE-2025-9232",
        ),
    ] {
        let view = View::new(&snapshot, day(today), &[]);
        assert_eq!(
            summary(&assess(version(linked), &patient, &view).expect("an assessment")),
            expected,
            "{linked} on {today}"
        );
    }
}

#[test]
fn a_release_withdrawn_by_configuration() {
    let snapshot = snapshot();
    let withdrawn = [(version("3.5.7"), Some(day("2026-06-12")))];
    let verdict = |linked: &str, today: &str| {
        let view = View::new(&snapshot, day(today), &withdrawn);
        summary(&assess(version(linked), &policy("keep"), &view).expect("an assessment"))
    };
    assert!(verdict("3.5.7", "2026-06-11").starts_with("current"));
    assert!(verdict("3.5.7", "2026-06-12").starts_with("withdrawn -> 3.5.6"));
    assert!(
        verdict("3.5.6", "2026-06-12").starts_with("fix-pending"),
        "{}",
        verdict("3.5.6", "2026-06-12")
    );
}

/// Every advisory since 2014 against every public release of the series it speaks of, one line
/// each: the affected versions as ranges of releases.
#[test]
fn every_advisory_since_2014_against_every_release() {
    let snapshot = snapshot();
    let view = View::new(&snapshot, day("2026-06-10"), &[]);
    let mut table = String::new();
    for known in view
        .advisories()
        .iter()
        .filter(|known| known.advisory.published.year() >= 2014)
    {
        let mut runs: Vec<(Version, Version)> = Vec::new();
        let mut previous: Option<Version> = None;
        for published in view.releases() {
            let release = published.release.version;
            if known.affects(release) {
                match runs.last_mut() {
                    Some(run) if Some(run.1) == previous && run.1.series() == release.series() => {
                        run.1 = release;
                    }
                    _ => runs.push((release, release)),
                }
            }
            previous = Some(release);
        }
        let runs: Vec<String> = runs
            .iter()
            .map(|(first, last)| {
                if first == last {
                    first.to_string()
                } else {
                    format!("{first}..{last}")
                }
            })
            .collect();
        let _ = writeln!(
            table,
            "{} {:<8} {}",
            known.advisory.id,
            known.advisory.severity,
            runs.join(" ")
        );
    }
    insta::assert_snapshot!(table);
}

#[test]
fn order_agrees_with_release_dates_inside_a_series() {
    let mut snapshot = snapshot();
    snapshot.releases.sort_by_key(|release| release.version);
    for pair in snapshot
        .releases
        .windows(2)
        .filter(|pair| pair[0].version.series() == pair[1].version.series())
    {
        assert!(
            pair[0].date <= pair[1].date,
            "{} {} and {} {}",
            pair[0].version,
            pair[0].date,
            pair[1].version,
            pair[1].date
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// More upstream data never turns an affected version into an unaffected one.
    #[test]
    fn widening_upstream_never_hides_an_advisory(release in 0usize..260, advisory in 0usize..270, from in 0usize..260, width in 1usize..40) {
        let base = snapshot();
        let linked = base.releases[release.min(base.releases.len() - 1)].version;
        let mut wider = base.clone();
        let affected = &mut wider.advisories[advisory.min(base.advisories.len() - 1)].affected;
        let (first, last) = (from.min(base.releases.len() - 2), (from + width).min(base.releases.len() - 1));
        affected.push(AffectedRange {
            from: Bound::Version(base.releases[first].version),
            before: Some(Bound::Version(base.releases[last].version)),
            through: None,
        });
        let today = day("2026-06-10");
        let (narrow, wide) = (View::new(&base, today, &[]), View::new(&wider, today, &[]));
        let after: Vec<_> = wide.affecting(linked).map(|known| known.advisory.id).collect();
        for known in narrow.affecting(linked) {
            prop_assert!(after.contains(&known.advisory.id));
        }
    }

    /// Every version gets an answer on every day, and the answer is consistent in itself.
    #[test]
    fn assess_is_total(release in 0usize..260, days in 0i32..9000, newest in any::<bool>(), prereleases in any::<bool>(), cooldown in 0u32..60) {
        let snapshot = snapshot();
        let linked = snapshot.releases[release.min(snapshot.releases.len() - 1)].version;
        let today = day("2002-01-01").checked_add(jiff::Span::new().days(days)).expect("a day");
        let policy = Policy { prereleases, cooldown, ..policy(if newest { "newest" } else { "keep" }) };
        let view = View::new(&snapshot, today, &[]);
        if let Ok(assessment) = assess(linked, &policy, &view) {
            let affecting = view.affecting(linked).count();
            prop_assert_eq!(assessment.verdict == Verdict::SecurityRelease && assessment.target.is_none(), false);
            prop_assert!(affecting == 0 || !matches!(assessment.verdict, Verdict::Current | Verdict::Ahead | Verdict::BugfixRelease | Verdict::EndOfLife));
            prop_assert!(assessment.target.is_none_or(|target| view.is_good(target)));
            prop_assert!(assessment.fixes.iter().all(|id| !assessment.remaining.contains(id)));
            prop_assert!(assessment.target.is_some() || assessment.remaining.len() == affecting);
        }
    }
}

#[test]
fn what_upstream_says_is_not_affected_was_analysed() {
    let snapshot = snapshot();
    let view = View::new(&snapshot, day("2026-11-28"), &[]);
    let counts = ["3.0.22", "1.1.1w", "1.0.2u", "3.4.8", "3.5.9"]
        .map(|linked| view.unanalysed(version(linked)).len());
    assert_eq!(counts, [0, 4, 8, 0, 0]);
}

#[test]
fn nobody_is_sent_to_a_series_that_has_ended() {
    let snapshot = snapshot();
    for (today, refuge) in [("2026-09-30", "3.4.8"), ("2026-11-28", "3.5.9")] {
        for (linked, premium) in [("3.0.22", "3.0.23"), ("1.1.1w", "1.1.1zj")] {
            let assessment = on(&snapshot, linked, "keep", today);
            assert_eq!(assessment.verdict, Verdict::Stranded);
            assert_eq!(assessment.refuge, Some(version(refuge)), "{linked} {today}");
            assert_eq!(assessment.premium, Some(version(premium)));
            // There is such a release for who only tests with the version, too.
            let tested = assessment.clone().only_tested();
            assert_eq!(tested.refuge, Some(version(refuge)), "{linked} {today}");
            let view = View::new(&snapshot, day(today), &[]);
            let supported =
                |newer: &super::NewerSeries| !view.support(newer.version.series()).ended;
            assert!(assessment.newer_series.iter().all(supported));
        }
    }
}

#[test]
fn a_fix_that_was_promised_while_the_series_was_supported_stays_pending() {
    let mut snapshot = snapshot();
    let id = "CVE-2026-84782";
    let advisory = snapshot
        .advisories
        .iter_mut()
        .find(|advisory| advisory.id.to_string() == id)
        .expect("an advisory");
    // As if it had come in the last days of 3.0, for everybody.
    advisory.premium.clear();
    for (published, verdict) in [
        ("2026-09-05", Verdict::FixPending),
        ("2026-09-08", Verdict::Stranded),
    ] {
        for advisory in &mut snapshot.advisories {
            if advisory.id.to_string() == id {
                advisory.published = day(published);
            }
        }
        assert_eq!(
            on(&snapshot, "3.0.22", "keep", "2026-09-20").verdict,
            verdict
        );
    }
}

#[test]
fn a_series_that_upstream_did_not_look_at_fixes_nothing() {
    let snapshot = snapshot();
    let view = View::new(&snapshot, day("2026-10-02"), &[]);
    let to = |linked: &str, target: &str| {
        assess_move(version(linked), version(target), &policy("keep"), &view).expect("a move")
    };
    let moved = to("3.0.7", "3.2.4");
    let fixes = |id: &str| moved.fixes.iter().any(|one| one.to_string() == id);
    assert!(fixes("CVE-2023-0286") && !fixes("CVE-2025-15467") && !fixes("CVE-2026-84782"));
    assert_eq!(
        moved.unanalysed.to_string(),
        "63 advisories for which upstream did not look at 3.2"
    );
    // Nor is anything known to come in where upstream did not look at what is left.
    let moved = to("3.1.7", "3.5.0");
    assert!(
        moved
            .introduced
            .iter()
            .all(|id| !moved.unanalysed.ids.contains(id))
    );
}
