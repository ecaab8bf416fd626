//! Each form of what `check` has found, over the built-in snapshot.

use super::{Announced, Check, Link, PublishedRelease};
use crate::advisory::Severity;
use crate::assessment::{Policy, SeriesPolicy, assess};
use crate::upstream::{Snapshot, SourceState, State, View, builtin::builtin};

/// Calls `show` with the findings for links as `(name, version)` on a day.
fn with_check<T>(today: &str, links: &[(&str, &str)], show: impl FnOnce(&mut Check<'_>) -> T) -> T {
    let snapshot: Snapshot = builtin().expect("the built-in snapshot");
    let upstream = View::new(&snapshot, today.parse().expect("a date"), &[]);
    let policy = Policy { series: SeriesPolicy::Newest, ..Policy::default() };
    let sources =
        [SourceState { name: "built-in snapshot".into(), state: State::Offline, requests: 0, bytes: 0, detail: "266 releases".into() }];
    let links = links.iter().map(|(name, version)| Link {
        name: (*name).into(),
        places: vec![("ci/open ssl.sh".into(), 3)],
        assessment: assess(version.parse().expect("a version"), &policy, &upstream).expect("an assessment"),
    });
    let mut check = Check { upstream: &upstream, sources: &sources, announced: Vec::new(), published: None, links: links.collect() };
    show(&mut check)
}

#[test]
fn text() {
    let text = with_check("2025-10-01", &[("wheels", "3.5.3"), ("legacy", "1.1.1w"), ("beta", "3.0.7")], |check| {
        check.announced.push(Announced {
            date: "2025-10-07".parse().expect("a date"),
            versions: vec!["3.6.1".parse().expect("a version"), "3.5.5".parse().expect("a version")],
            severity: Some(Severity::High),
        });
        check.published = Some(PublishedRelease {
            version: "46.0.1".into(),
            openssl: "3.5.3".parse().expect("a version"),
            exposed: vec!["CVE-2025-9230".parse().expect("an id")],
        });
        check.text()
    });
    insta::assert_snapshot!(text);
}

#[test]
fn text_of_waiting() {
    insta::assert_snapshot!(with_check("2024-10-17", &[("wheels", "3.3.2"), ("frozen", "0.9.8y")], |check| check.text()));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(with_check("2025-10-01", &[("wheels", "3.5.3"), ("current", "3.6.0")], |check| check.markdown()));
}

#[test]
fn sarif() {
    insta::assert_snapshot!(with_check("2025-10-01", &[("wheels", "3.5.3")], |check| check.sarif()));
}

#[test]
fn the_gravest_link_gives_the_status() {
    for (links, status) in [(&[("a", "3.5.3"), ("b", "3.6.0")][..], 11), (&[("a", "3.6.0")], 0), (&[("a", "3.5.4")], 10), (&[], 0)] {
        assert_eq!(with_check("2025-10-01", links, |check| check.status()), status, "{links:?}");
    }
    assert_eq!(with_check("2023-11-07", &[("old", "1.1.1w"), ("new", "3.1.4")], |check| check.status()), 12);
    assert_eq!(with_check("2022-10-12", &[("back", "3.0.6")], |check| check.status()), 13);
    let exposed = with_check("2025-10-01", &[("a", "3.6.0")], |check| {
        check.published = Some(PublishedRelease {
            version: "1".into(),
            openssl: "3.5.3".parse().expect("a version"),
            exposed: vec!["CVE-2025-9230".parse().expect("an id")],
        });
        check.status()
    });
    assert_eq!(exposed, 14);
}
