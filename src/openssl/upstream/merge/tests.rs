use super::*;
use crate::openssl::advisory::{Advisory, AffectedRange, Bound, Disputed, Severity};
use crate::openssl::upstream::secjson::PublishedAdvisory;
use crate::openssl::upstream::source_page::Tarball;
use crate::openssl::upstream::{Hashes, SupportWindow};

fn day(text: &str) -> Date {
    crate::text::date::iso(text).expect("a date")
}

fn release(version: &str, date: &str) -> Release {
    Release {
        version: version.parse().expect("a version"),
        date: day(date),
        hashes: Hashes::default(),
        size: None,
        url: None,
        commit: None,
        withdrawn: None,
        text: None,
    }
}

fn advisory(id: &str, severity: Severity, published: &str, before: &str) -> Advisory {
    Advisory {
        id: id.parse().expect("an identifier"),
        severity,
        published: day(published),
        title: None,
        url: None,
        cwe: Vec::new(),
        unaffected: Vec::new(),
        unanalysed: Vec::new(),
        premium: Vec::new(),
        affected: vec![AffectedRange {
            from: Bound::read("3.5.0"),
            before: Some(Bound::read(before)),
            through: None,
        }],
    }
}

fn floor() -> Snapshot {
    Snapshot {
        schema: 1,
        taken: day("2026-06-09"),
        sources: Vec::new(),
        releases: vec![
            release("1.1.1w", "2023-09-11"),
            release("3.5.6", "2026-04-07"),
            release("3.5.7", "2026-06-09"),
        ],
        advisories: vec![advisory(
            "CVE-2026-1001",
            Severity::Low,
            "2026-04-07",
            "3.5.6",
        )],
        disputed: Vec::new(),
        series: vec![window("3.5", "2030-04-08")],
    }
}

fn window(name: &str, eol: &str) -> SupportWindow {
    SupportWindow {
        name: name.parse().expect("a series"),
        released: None,
        eol: Some(day(eol)),
        lts: true,
    }
}

fn said<T>(value: T) -> Option<Reading<T>> {
    Some(Reading {
        value,
        notes: Vec::new(),
    })
}

fn tree(advisories: Vec<Advisory>) -> Metadata {
    let published = advisories
        .into_iter()
        .map(|advisory| PublishedAdvisory {
            advisory,
            patches: Vec::new(),
            from_text: false,
        })
        .collect();
    Metadata {
        published,
        ..Metadata::default()
    }
}

fn tarball(version: &str, date: Option<&str>) -> Tarball {
    Tarball {
        version: version.parse().expect("a version"),
        date: date.map(day),
        sha256: None,
    }
}

fn page(tarballs: Vec<Tarball>, series: Vec<SupportWindow>) -> SourcePage {
    SourcePage { tarballs, series }
}

fn tags(versions: &[&str]) -> Tags {
    versions
        .iter()
        .map(|version| (version.parse().expect("a version"), Some("c".repeat(40))))
        .collect()
}

/// The versions and advisories of a merged view, and what was noticed.
fn shown(merged: &MergedFacts) -> String {
    let versions: Vec<String> = merged
        .snapshot
        .releases
        .iter()
        .map(|release| format!("{} {}", release.version, release.date))
        .collect();
    let ids: Vec<String> = merged
        .snapshot
        .advisories
        .iter()
        .map(|advisory| format!("{} {}", advisory.id, advisory.severity))
        .collect();
    let notes: Vec<String> = merged.notes.iter().map(ToString::to_string).collect();
    format!(
        "{}\n{}\n{}",
        versions.join(", "),
        ids.join(", "),
        notes.join("\n")
    )
}

fn on(text: &str) -> Days {
    Days {
        today: day(text),
        latest: day("2026-11-01"),
    }
}

fn joined(facts: &SourceFacts) -> MergedFacts {
    merge(floor(), None, facts, on("2026-09-01"))
}

#[test]
fn silence_leaves_the_floor() {
    let merged = joined(&SourceFacts::default());
    assert_eq!(merged.snapshot, floor());
    assert_eq!(merged.notes, []);
}

#[test]
fn the_api_alone_makes_a_release() {
    let listed = vec![
        release("3.5.8", "2026-08-25"),
        release("3.5.7", "2026-06-09"),
        release("3.5.6", "2026-04-08"),
    ];
    insta::assert_snapshot!(shown(&joined(&SourceFacts { releases: said(listed), ..SourceFacts::default() })), @"
    1.1.1w 2023-09-11, 3.5.6 2026-04-07, 3.5.7 2026-06-09, 3.5.8 2026-08-25
    CVE-2026-1001 low
    `releases`: dates differ from what is known, which still counts: `3.5.6: 2026-04-08, known as 2026-04-07`
    ");
}

#[test]
fn a_tag_needs_the_page() {
    let facts = SourceFacts {
        tags: said(tags(&["3.5.6", "3.5.7", "3.5.8", "3.5.9-dev"])),
        ..SourceFacts::default()
    };
    insta::assert_snapshot!(shown(&joined(&facts)), @"
    1.1.1w 2023-09-11, 3.5.6 2026-04-07, 3.5.7 2026-06-09
    CVE-2026-1001 low
    `tags`: `3.5.8` is tagged, not yet published
    `tags`: `3.5.9-dev` is tagged, not yet published
    ");
    let facts = SourceFacts {
        source_page: said(page(
            vec![tarball("3.5.8", None), tarball("3.6.9", None)],
            Vec::new(),
        )),
        ..facts
    };
    insta::assert_snapshot!(shown(&joined(&facts)), @"
    1.1.1w 2023-09-11, 3.5.6 2026-04-07, 3.5.7 2026-06-09, 3.5.8 2026-09-01
    CVE-2026-1001 low
    `source-page`: offers `3.5.8`, which is tagged, and which the API does not list: it counts as released
    `tags`: `3.5.9-dev` is tagged, not yet published
    `source-page`: offers `3.6.9`, which is neither tagged nor listed by the API: it does not count as released
    ");
}

#[test]
fn page_and_api_name_different_newest_releases() {
    let facts = SourceFacts {
        releases: said(vec![
            release("3.5.8", "2026-08-25"),
            release("3.5.7", "2026-06-09"),
        ]),
        source_page: said(page(
            vec![tarball("3.5.7", Some("2026-06-10"))],
            vec![window("3.5", "2030-04-09")],
        )),
        ..SourceFacts::default()
    };
    insta::assert_snapshot!(shown(&joined(&facts)), @"
    1.1.1w 2023-09-11, 3.5.6 2026-04-07, 3.5.7 2026-06-09, 3.5.8 2026-08-25
    CVE-2026-1001 low
    `source-page`: dates `3.5.7` `2026-06-10`, known as `2026-06-09`, which still counts
    `source-page`: the newest release of 3.5 is `3.5.7` here and `3.5.8` in the API's list
    `source-page`: support of 3.5 ends on `2030-04-09` here and on `2030-04-08` in the release metadata, which counts
    ");
}

#[test]
fn a_gap_in_the_list_is_told() {
    let listed = vec![
        release("3.5.8", "2026-08-25"),
        release("3.5.6", "2026-04-07"),
    ];
    let merged = joined(&SourceFacts {
        releases: said(listed),
        ..SourceFacts::default()
    });
    assert_eq!(
        merged.notes[0].to_string(),
        "`releases`: no longer lists `3.5.7`, which is built in and still counts"
    );
    assert_eq!(merged.snapshot.releases.len(), 4);
}

/// A release with this digit's digest, as the API has it.
fn with_digest(version: &str, digit: &str, size: u64) -> Option<Reading<Vec<Release>>> {
    said(vec![Release {
        hashes: Hashes {
            sha256: Some(digit.repeat(64)),
            ..Hashes::default()
        },
        size: Some(size),
        ..release(version, "2026-08-25")
    }])
}

fn digest_of(snapshot: &Snapshot, version: &str) -> Option<String> {
    let release = snapshot.release(version.parse().expect("a version"));
    release.and_then(|release| release.hashes.sha256.clone())
}

#[test]
fn a_built_in_digest_never_changes_and_another_is_corrected() {
    let mut built_in = floor();
    built_in.releases[2].hashes.sha256 = Some("a".repeat(64));
    for (version, counts) in [("3.5.7", "a"), ("3.5.8", "b")] {
        let [first, second] = [("a", 1), ("b", 2)].map(|(digit, size)| SourceFacts {
            releases: with_digest(version, digit, size),
            ..SourceFacts::default()
        });
        let first = merge(built_in.clone(), None, &first, on("2026-09-01"));
        let second = merge(built_in.clone(), Some(first), &second, on("2026-09-02"));
        assert_eq!(
            digest_of(&second.snapshot, version),
            Some(counts.repeat(64))
        );
        let notes: Vec<&str> = second.notes.iter().map(|note| note.text.as_str()).collect();
        let changed =
            format!("the digest of `{version}` changed after publication: sha256 was `aaaa");
        assert!(
            notes.iter().any(|note| note.starts_with(&changed)),
            "{notes:?}"
        );
    }
}

#[test]
fn a_tag_never_moves() {
    let mut moved = tags(&["3.5.6", "3.5.7"]);
    let first = joined(&SourceFacts {
        tags: said(moved.clone()),
        ..SourceFacts::default()
    });
    moved.insert("3.5.7".parse().unwrap(), Some("d".repeat(40)));
    let second = merge(
        floor(),
        Some(first),
        &SourceFacts {
            tags: said(moved),
            ..SourceFacts::default()
        },
        on("2026-09-02"),
    );
    assert!(
        second.notes[0]
            .text
            .starts_with("the tag of `3.5.7` moved after publication"),
        "{:?}",
        second.notes
    );
}

#[test]
fn advisories_amended_late_and_withdrawn() {
    let known = joined(&SourceFacts {
        metadata: said(tree(vec![
            advisory("CVE-2026-1001", Severity::Low, "2026-04-07", "3.5.6"),
            advisory("CVE-2026-1002", Severity::High, "2026-08-25", "3.5.8"),
        ])),
        ..SourceFacts::default()
    });
    assert_eq!(known.notes, []);
    let live = vec![
        advisory("CVE-2026-1001", Severity::High, "2026-04-07", "3.5.7"),
        advisory("CVE-2026-1003", Severity::Low, "2026-08-25", "3.5.8"),
        advisory("CVE-2026-1004", Severity::Low, "2026-09-01", "3.5.8"),
    ];
    let merged = merge(
        floor(),
        Some(known),
        &SourceFacts {
            metadata: said(tree(live)),
            ..SourceFacts::default()
        },
        on("2026-09-02"),
    );
    insta::assert_snapshot!(shown(&merged), @"
    1.1.1w 2023-09-11, 3.5.6 2026-04-07, 3.5.7 2026-06-09
    CVE-2026-1001 high, CVE-2026-1003 low, CVE-2026-1004 low
    `metadata`: advisories withdrawn upstream: `CVE-2026-1002` are no longer listed upstream; they count only where another source lists them
    `metadata`: CVE-2026-1001 was amended upstream: severity `low` is now `high`; affected was `from 3.5.0 before 3.5.6` and is now `from 3.5.0 before 3.5.7`
    `metadata`: CVE-2026-1003 was added late: it is dated 2026-08-25, and was not there on 2026-09-01
    ");
}

#[test]
fn a_known_record_is_better_than_a_text() {
    let mut metadata = tree(vec![advisory(
        "CVE-2026-1001",
        Severity::Critical,
        "2026-04-07",
        "3.5.9",
    )]);
    metadata.published[0].from_text = true;
    let merged = joined(&SourceFacts {
        metadata: said(metadata),
        ..SourceFacts::default()
    });
    assert_eq!(merged.snapshot.advisories, floor().advisories);
}

#[test]
fn a_record_without_ranges_makes_nothing_unaffected() {
    let emptied = Advisory {
        affected: Vec::new(),
        ..floor().advisories[0].clone()
    };
    let merged = joined(&SourceFacts {
        metadata: said(tree(vec![emptied])),
        ..SourceFacts::default()
    });
    assert_eq!(merged.snapshot.advisories, floor().advisories);
    assert_eq!(
        merged.notes[0].text,
        "CVE-2026-1001 was amended upstream: it names no affected versions any more; `from 3.5.0 before 3.5.6` still counts"
    );
}

#[test]
fn the_page_is_a_cross_check() {
    let listed = |id: &str, severity, before: &str| {
        let Advisory { id, affected, .. } = advisory(id, Severity::Low, "2026-04-07", before);
        ListedVulnerability {
            id,
            severity: Some(severity),
            affected,
        }
    };
    let page = vec![
        listed("CVE-2026-1001", Severity::High, "3.5.7"),
        listed("CVE-2026-1005", Severity::High, "3.5.8"),
    ];
    let mut with_disputed = floor();
    with_disputed.disputed.push(Disputed {
        id: "CVE-2010-0928".parse().unwrap(),
        base: "0.9.8".to_owned(),
        reason: None,
        url: None,
    });
    let disputed = ListedVulnerability {
        id: "CVE-2010-0928".parse().unwrap(),
        severity: None,
        affected: Vec::new(),
    };
    let page = [page, vec![disputed]].concat();
    let merged = merge(
        with_disputed,
        None,
        &SourceFacts {
            vulnerability_page: said(page),
            ..SourceFacts::default()
        },
        on("2026-09-01"),
    );
    insta::assert_snapshot!(shown(&merged), @"
    1.1.1w 2023-09-11, 3.5.6 2026-04-07, 3.5.7 2026-06-09
    CVE-2026-1001 low, CVE-2026-1005 high
    `vulnerability-page`: the severity of CVE-2026-1001 is `high` here and `low` as known before, which counts
    `vulnerability-page`: CVE-2026-1001 affects `from 3.5.0 before 3.5.7` here and `from 3.5.0 before 3.5.6` as known before, which counts
    `vulnerability-page`: CVE-2026-1005 stands only here, it has no record: it counts as the page has it
    ");
}

/// What is left of the floor's one advisory when its record says this instead.
fn instead(changed: impl FnOnce(&mut Advisory)) -> (Advisory, Vec<Diagnostic>) {
    let mut live = floor().advisories[0].clone();
    changed(&mut live);
    let merged = joined(&SourceFacts {
        metadata: said(tree(vec![live])),
        ..SourceFacts::default()
    });
    let [known] = merged.snapshot.advisories.as_slice() else {
        panic!("{:?}", merged.snapshot.advisories)
    };
    (known.clone(), merged.notes)
}

#[test]
fn a_record_lowers_nothing_that_is_built_in() {
    let affected = |from: &str, before: &str| {
        vec![AffectedRange {
            from: Bound::read(from),
            before: Some(Bound::read(before)),
            through: None,
        }]
    };
    let lowered: [&dyn Fn(&mut Advisory); 5] = [
        &|live| live.published = day("2999-01-01"),
        &|live| live.affected = affected("9.9.9", "9.9.10"),
        &|live| live.affected = affected("3.5.5", "3.5.6"),
        &|live| live.affected = affected("3.5.0", "9.9.9"),
        &|live| live.severity = Severity::Unknown,
    ];
    for change in lowered {
        let (known, notes) = instead(change);
        let floor = &floor().advisories[0];
        assert!(known.published <= floor.published);
        assert_eq!(known.severity, floor.severity);
        let version = "3.5.0".parse().unwrap();
        let mut ranges = known.corrected().into_iter();
        assert!(ranges.any(|range| range.contains(version)), "{known:?}");
        assert_eq!(
            known.fixed_in("3.5".parse().unwrap()),
            Some("3.5.6".parse().unwrap())
        );
        assert!(
            notes.iter().any(|note| note
                .text
                .ends_with("what is built in says more and still counts")),
            "{notes:?}"
        );
    }
}

#[test]
fn a_record_adds_to_what_is_built_in() {
    let (known, notes) = instead(|live| {
        live.severity = Severity::High;
        live.affected[0].before = Some(Bound::read("3.5.7"));
    });
    assert_eq!(
        known,
        advisory("CVE-2026-1001", Severity::High, "2026-04-07", "3.5.7")
    );
    assert_eq!(
        notes[0].text,
        "CVE-2026-1001 was amended upstream: severity `low` is now `high`; affected was `from 3.5.0 before 3.5.6` and is now `from 3.5.0 before 3.5.7`"
    );
}

#[test]
fn a_day_still_to_come_hides_nothing() {
    let merged = joined(&SourceFacts {
        releases: said(vec![release("3.5.8", "2999-01-01")]),
        metadata: said(tree(vec![advisory(
            "CVE-2026-1002",
            Severity::High,
            "2999-01-01",
            "3.5.8",
        )])),
        ..SourceFacts::default()
    });
    let latest = day("2026-11-01");
    assert_eq!(
        merged.snapshot.releases.last().map(|release| release.date),
        Some(latest)
    );
    assert_eq!(
        merged
            .snapshot
            .advisories
            .last()
            .map(|known| known.published),
        Some(latest)
    );
}

#[test]
fn what_no_source_tells_any_more_goes() {
    let listed = |more: bool| SourceFacts {
        releases: said(
            [release("3.5.7", "2026-06-09")]
                .into_iter()
                .chain(more.then(|| release("3.5.8", "2026-08-25")))
                .collect(),
        ),
        metadata: said(tree(floor().advisories)),
        vulnerability_page: said(
            more.then(|| ListedVulnerability {
                id: "CVE-2026-1009".parse().expect("an identifier"),
                severity: None,
                affected: Vec::new(),
            })
            .into_iter()
            .collect(),
        ),
        ..SourceFacts::default()
    };
    let told = joined(&listed(true));
    assert_eq!(told.snapshot.releases.len(), 4);
    assert_eq!(told.snapshot.advisories.len(), 2);
    let gone = merge(floor(), Some(told), &listed(false), on("2026-09-02"));
    assert_eq!(gone.snapshot, floor());
    insta::assert_snapshot!(shown(&gone), @"
    1.1.1w 2023-09-11, 3.5.6 2026-04-07, 3.5.7 2026-06-09
    CVE-2026-1001 low
    `releases`: the feed shrank: it lists 1 entries, and listed 2 before
    `vulnerability-page`: the feed shrank: it lists 0 entries, and listed 1 before
    `releases`: no source tells of `3.5.8` any more: it does not count as released
    `metadata`: advisories withdrawn upstream: `CVE-2026-1009` are no longer listed upstream; they count only where another source lists them
    ");
}

#[test]
fn a_view_below_the_floor_does_not_hold() {
    let latest = day("2026-11-01");
    let mut floor = floor();
    floor.releases[2].hashes.sha256 = Some("a".repeat(64));
    let lowered: [&dyn Fn(&mut Snapshot); 9] = [
        &|view| view.releases.clear(),
        &|view| view.releases[2].hashes.sha256 = Some("b".repeat(64)),
        &|view| view.releases[2].hashes.sha256 = None,
        &|view| view.releases[2].date = day("2999-01-01"),
        &|view| view.releases[2].withdrawn = Some(day("2026-06-10")),
        &|view| view.advisories.clear(),
        &|view| view.advisories[0].published = day("2026-10-31"),
        &|view| view.advisories[0].affected[0].from = Bound::read("3.5.5"),
        &|view| view.series[0].eol = Some(day("2999-01-01")),
    ];
    assert!(holds(&floor, &floor.clone(), latest));
    for (at, lower) in lowered.iter().enumerate() {
        let mut view = floor.clone();
        lower(&mut view);
        assert!(!holds(&floor, &view, latest), "{at}");
    }
}

#[test]
fn a_later_end_of_support_needs_two_sources() {
    for (there, ends) in [(None, "2030-04-08"), (Some("2035-04-08"), "2035-04-08")] {
        let merged = joined(&SourceFacts {
            metadata: said(Metadata {
                series: vec![window("3.5", "2035-04-08")],
                ..tree(floor().advisories)
            }),
            source_page: there.and_then(|there| said(page(Vec::new(), vec![window("3.5", there)]))),
            ..SourceFacts::default()
        });
        assert_eq!(merged.snapshot.series[0].eol, Some(day(ends)));
    }
}

#[test]
fn support_ends_earlier() {
    let metadata = Metadata {
        series: vec![window("3.5", "2029-04-08")],
        ..tree(floor().advisories)
    };
    let merged = joined(&SourceFacts {
        metadata: said(metadata),
        ..SourceFacts::default()
    });
    assert_eq!(
        merged.notes[0].text,
        "support of 3.5 ends on `2029-04-08` now, it was `2030-04-08` before"
    );
}

#[test]
fn what_was_odd_for_years_is_a_remark() {
    let mut metadata = said(tree(floor().advisories)).expect("a reading");
    metadata.notes = [
        "CVE-2026-1001.json",
        "CVE-2026-1009.json",
        "20260407.txt",
        "20260825.txt",
        "data.json",
    ]
    .map(|name| Diagnostic::new(name, "is odd"))
    .into();
    let merged = joined(&SourceFacts {
        metadata: Some(metadata),
        ..SourceFacts::default()
    });
    let names = |notes: &[Diagnostic]| {
        notes
            .iter()
            .map(|note| note.document.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&merged.notes),
        ["CVE-2026-1009.json", "20260825.txt", "data.json"]
    );
    assert_eq!(
        names(&merged.remarks),
        ["CVE-2026-1001.json", "20260407.txt"]
    );
}

mod laws {
    use proptest::prelude::*;

    use super::*;

    fn any_facts() -> impl Strategy<Value = SourceFacts> {
        let releases = proptest::option::of(proptest::collection::vec(0_u32..12, 0..6));
        let ids = proptest::option::of(proptest::collection::vec(1000_u32..1008, 0..6));
        (
            releases.clone(),
            releases.clone(),
            releases,
            ids.clone(),
            ids,
        )
            .prop_map(|(listed, tagged, offered, recorded, paged)| {
                let versions = |numbers: Vec<u32>| {
                    numbers
                        .into_iter()
                        .map(|number| format!("3.5.{number}"))
                        .collect::<Vec<_>>()
                };
                let advisories = |numbers: Vec<u32>| {
                    numbers
                        .into_iter()
                        .map(|number| {
                            advisory(
                                &format!("CVE-2026-{number}"),
                                Severity::Low,
                                "2026-07-01",
                                "3.5.9",
                            )
                        })
                        .collect::<Vec<_>>()
                };
                let listed = listed.map(|listed| {
                    versions(listed)
                        .iter()
                        .map(|version| release(version, "2026-07-01"))
                        .collect()
                });
                let paged = paged.map(|paged| {
                    advisories(paged)
                        .into_iter()
                        .map(|advisory| ListedVulnerability {
                            id: advisory.id,
                            severity: None,
                            affected: advisory.affected,
                        })
                        .collect()
                });
                SourceFacts {
                    releases: listed.and_then(said),
                    tags: tagged.and_then(|tagged| {
                        said(tags(
                            &versions(tagged)
                                .iter()
                                .map(String::as_str)
                                .collect::<Vec<_>>(),
                        ))
                    }),
                    source_page: offered.and_then(|offered| {
                        said(page(
                            versions(offered)
                                .iter()
                                .map(|version| tarball(version, None))
                                .collect(),
                            Vec::new(),
                        ))
                    }),
                    metadata: recorded.and_then(|recorded| said(tree(advisories(recorded)))),
                    vulnerability_page: paged.and_then(said),
                }
            })
    }

    fn all_facts() -> impl Strategy<Value = SourceFacts> {
        any_facts().prop_map(|facts| SourceFacts {
            releases: facts.releases.or_else(|| said(Vec::new())),
            metadata: facts.metadata.or_else(|| said(Metadata::default())),
            ..facts
        })
    }

    proptest! {
        #[test]
        fn a_source_that_says_nothing_takes_nothing_back(first in any_facts()) {
            let before = joined(&first);
            let silent = SourceFacts { releases: None, metadata: None, ..first };
            let after = merge(floor(), Some(before.clone()), &silent, on("2026-09-02"));
            prop_assert_eq!(&after.snapshot, &before.snapshot);
        }

        #[test]
        fn what_was_known_decides_nothing_of_what_all_sources_say(first in any_facts(), second in all_facts()) {
            let before = joined(&first);
            let mut after = merge(floor(), Some(before), &second, on("2026-09-01")).snapshot;
            let fresh = joined(&second).snapshot;
            // What has no date of its own has the day on which it was first seen.
            for (known, fresh) in after.releases.iter_mut().zip(&fresh.releases) {
                known.date = fresh.date;
            }
            for (known, fresh) in after.advisories.iter_mut().zip(&fresh.advisories) {
                known.published = fresh.published;
            }
            prop_assert_eq!(after, fresh);
        }

        #[test]
        fn nothing_lowers_the_floor(first in any_facts(), second in any_facts()) {
            let after = merge(floor(), Some(joined(&first)), &second, on("2026-09-02"));
            prop_assert!(holds(&floor(), &after.snapshot, day("2026-11-01")));
        }

        #[test]
        fn a_release_needs_the_api_or_tag_and_page(facts in any_facts()) {
            let merged = joined(&facts);
            for version in merged.snapshot.releases.iter().map(|release| release.version).filter(|version| floor().release(*version).is_none()) {
                let listed = facts.releases.iter().flat_map(|listed| &listed.value).any(|listed| listed.version == version);
                let tagged = facts.tags.iter().any(|tags| tags.value.contains_key(&version));
                let offered = facts.source_page.iter().flat_map(|page| &page.value.tarballs).any(|tarball| tarball.version == version);
                prop_assert!(listed || (tagged && offered));
            }
        }

        #[test]
        fn the_same_facts_again_are_no_news(facts in any_facts()) {
            let once = joined(&facts);
            let twice = merge(floor(), Some(once.clone()), &facts, on("2026-09-01"));
            prop_assert_eq!(once.snapshot, twice.snapshot);
        }
    }
}
