//! Upstream's own documents, all of them, against what is known of them. They are no part of the
//! repository: where they are missing, each test prints that it was skipped, and the fixtures
//! beside the parsers stand for every shape.

#[path = "support/missing.rs"]
mod missing;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use release_check::for_tests::openssl::advisory::CveId;
use release_check::for_tests::openssl::upstream::builtin::{self, assemble};
use release_check::for_tests::openssl::upstream::diagnostic::Reading;
use release_check::for_tests::openssl::upstream::metadata::{Metadata, MetadataTree};
use release_check::for_tests::openssl::upstream::release_table;
use release_check::for_tests::openssl::upstream::secadv::AdvisoryText;
use release_check::for_tests::openssl::upstream::secjson::{Patch, PatchPlace};
use release_check::for_tests::outside::poll::metadata_folder;

/// The folder with upstream's documents, if it is there.
fn shared(test: &str) -> Option<PathBuf> {
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let found = shared.join("upstream/secjson").is_dir();
    if !found {
        missing::skip(&format!(
            "{test}: upstream's documents are not beside the repository"
        ));
    }
    found.then_some(shared)
}

fn tree(shared: &std::path::Path) -> MetadataTree {
    let reading = metadata_folder::read(&shared.join("upstream")).expect("a tree");
    assert_eq!(reading.notes, []);
    reading.value
}

/// A tree of our own with every shape that upstream's documents have or had, and some that they may
/// get.
fn fixtures() -> Reading<Metadata> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/upstream/metadata");
    let reading = metadata_folder::read(&folder).expect("a tree");
    assert_eq!(reading.notes, []);
    reading.value.read()
}

fn lines<T>(items: &[T], line: impl Fn(&T) -> String) -> String {
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// An advisory text and its sections, as lines.
fn shown(text: &AdvisoryText) -> String {
    let sections = text.sections.iter().map(|section| {
        let fixes = lines(&section.fixes, |fix| {
            format!(
                "    {}{}{}",
                fix.version,
                if fix.premium { " premium" } else { "" },
                if fix.pending { " pending" } else { "" }
            )
        });
        let severity = section
            .severity
            .as_ref()
            .map_or_else(|| "-".to_owned(), ToString::to_string);
        let pending = if section.pending { " pending" } else { "" };
        format!(
            "\n  {} {severity}{pending}: {}\n{fixes}",
            lines(&section.ids, ToString::to_string).replace('\n', " "),
            section.title
        )
    });
    format!(
        "{} {:?}{}",
        text.file,
        text.day.map(|day| day.to_string()),
        sections.collect::<String>()
    )
}

#[test]
fn every_shape_of_record() {
    let metadata = fixtures().value;
    insta::assert_snapshot!(
        "advisories",
        lines(&metadata.published, |published| serde_json::to_string(
            &published.advisory
        )
        .expect("JSON"))
    );
    let patches: Vec<(CveId, Patch)> = metadata
        .published
        .iter()
        .flat_map(|published| {
            published
                .patches
                .iter()
                .map(|patch| (published.advisory.id, patch.clone()))
        })
        .collect();
    insta::assert_snapshot!(lines(&patches, |(id, patch)| {
        let place = match patch.place {
            PatchPlace::Version(version) => format!("in {version}"),
            PatchPlace::Branch(series) => format!("on branch {series}"),
            PatchPlace::Unnamed => "somewhere".to_owned(),
        };
        format!("{id} {place}{} {}", if patch.premium { " premium" } else { "" }, patch.commit.as_deref().unwrap_or("-"))
    }), @"
    CVE-2098-0002 in 0.9.6 0123456
    CVE-2098-1001 in 3.1.1 0123456789abcdef0123456789abcdef01234567
    CVE-2098-1001 in 1.0.2zh premium 0123456789abcdef0123456789abcdef01234567
    CVE-2098-1002 somewhere 0123456789abcdef0123456789abcdef01234567
    CVE-2098-2001 in 4.0.3 0123456789abcdef0123456789abcdef01234567
    CVE-2098-2001 on branch 3.5 0123456789abcdef0123456789abcdef01234567
    CVE-2098-2001 in 1.1.1zj premium 0123456789abcdef0123456789abcdef01234567
    ");
    insta::assert_snapshot!(lines(&metadata.rejected, ToString::to_string), @"CVE-2098-4001");
    insta::assert_snapshot!(lines(&metadata.disputed, |disputed| serde_json::to_string(disputed).expect("JSON")), @r#"
    {"id":"CVE-2097-0001","base":"0.9.8","reason":"It lies outside of what is promised."}
    {"id":"CVE-2097-0002","base":"fips","reason":"Only a module had it, and that was fine.","url":"https://lists.example.org/?l=a&m=1"}
    {"id":"CVE-2097-20003","base":"none","reason":"No bug of ours.","url":"https://forge.example.org/issues/1"}
    "#);
    insta::assert_snapshot!(lines(&metadata.series, |window| serde_json::to_string(window).expect("JSON")), @r#"
    {"name":"3.0","released":"2093-09-07","eol":"2098-09-07","lts":true}
    {"name":"3.5","released":"2097-04-08","eol":"2102-04-08","lts":true}
    {"name":"4.0","released":"2098-04-14","eol":"2099-05-31","lts":false}
    {"name":"5.0","released":"2099-10-31","eol":"2100-11-30","lts":false}
    "#);
}

#[test]
fn every_shape_of_advisory_text() {
    let metadata = fixtures().value;
    insta::assert_snapshot!("advisory_texts", lines(&metadata.texts, shown));
    insta::assert_snapshot!(
        "announced",
        lines(
            &metadata.announced.into_iter().collect::<Vec<_>>(),
            |(file, ids)| format!(
                "{file}: {}",
                lines(ids, ToString::to_string).replace('\n', " ")
            )
        )
    );
}

#[test]
fn everything_unusual_is_reported_by_name() {
    insta::assert_snapshot!("notes", lines(&fixtures().notes, ToString::to_string));
}

#[test]
fn the_builtin_snapshot_is_what_the_command_makes() {
    let snapshot = builtin::builtin().expect("the built-in snapshot");
    assert_eq!(
        snapshot.write(),
        builtin::TEXT,
        "`data/upstream.json` is not in the form that it is written in"
    );
    let Some(shared) = shared("the_builtin_snapshot_is_what_the_command_makes") else {
        return;
    };
    let read = |name| fs::read_to_string(shared.join("facts").join(name)).expect("a table");
    let releases = release_table::releases(&read("releases.csv")).expect("releases");
    let series = release_table::series(&read("series.csv")).expect("series");
    let made = assemble(releases, series, &tree(&shared)).expect("a snapshot");
    assert!(
        made.value.write() == builtin::TEXT,
        "`data/upstream.json` is stale; make it again with the command in `data/refresh.toml`"
    );
}

#[test]
fn every_record_is_read() {
    let Some(shared) = shared("every_record_is_read") else {
        return;
    };
    let reading = tree(&shared).read();
    insta::assert_snapshot!(lines(&reading.notes, ToString::to_string), @"
    `CVE-2004-0975.json`: `0.9.6-cvs` is no version of the library
    `CVE-2007-5502.json`: `fips-1.1.1` is no version of the library
    `CVE-2007-5502.json`: `fips-1.1.2` is no version of the library
    `CVE-2023-2650.json`: the range from `3.1.1` before `3.1.1` is empty
    `20080528.txt`: its first line is dated 2008-03-28; the file's name is believed
    `CVE-2004-0081`: links to `20030317.txt`, which does not mention it
    `CVE-2023-1255`: links to `20230419.txt`, which the tree does not have
    `CVE-2026-14456`: links to `20260813.txt`, which the tree does not have
    `CVE-2026-54876`: links to `20260805.txt`, which the tree does not have
    `CVE-2026-22795`: names the same commit as CVE-2026-22796 for the fix in 3.0.19, 3.3.6, 3.4.4, 3.5.5 and 3.6.1: it fixes both, or one of the records is wrong
    `CVE-2026-54874`: names the same commit as CVE-2026-63072 for the fix in 3.0.22: it fixes both, or one of the records is wrong
    `CVE-2013-0169`: `20130205.txt` says it is fixed in 1.0.1e, its record in 1.0.1d
    `CVE-2014-0160`: `20140407.txt` says it is fixed in 1.0.2-beta2, its record does not name 1.0.2
    `CVE-2015-0204`: `20150319.txt` rates it high, its record low
    `CVE-2015-1788`: `20150611.txt` says it is fixed in 1.0.0s, its record in 1.0.0e
    `CVE-2015-1788`: `20150611.txt` says it is fixed in 0.9.8zg, its record in 0.9.8s
    `CVE-2016-2183`: `20160922.txt` says it is fixed in 1.0.1u, its record does not name 1.0.1
    `CVE-2021-23839`: `20210216.txt` says it is fixed in 1.1.1j, its record does not name 1.1.1
    ");
    let mut years = BTreeMap::new();
    for published in &reading.value.published {
        *years
            .entry(published.advisory.id.to_string()[4..8].to_owned())
            .or_insert(0) += 1;
    }
    insta::assert_snapshot!(lines(&years.into_iter().collect::<Vec<_>>(), |(year, count)| format!("{year}:{count}")).replace('\n', " "), @"2002:5 2003:7 2004:4 2005:1 2006:5 2007:3 2008:3 2009:11 2010:8 2011:8 2012:7 2013:5 2014:25 2015:28 2016:34 2017:8 2018:7 2019:7 2020:3 2021:9 2022:15 2023:18 2024:9 2025:14 2026:53");
    let advisories: Vec<_> = reading
        .value
        .published
        .iter()
        .map(|published| &published.advisory)
        .collect();
    assert_eq!(advisories.len(), 297);
    // 802 entries, one of which says what is not affected.
    assert_eq!(
        advisories
            .iter()
            .map(|advisory| advisory.affected.len())
            .sum::<usize>(),
        801
    );
    let mut severities = BTreeMap::new();
    for advisory in &advisories {
        *severities.entry(advisory.severity.to_string()).or_insert(0) += 1;
    }
    insta::assert_debug_snapshot!(severities, @r#"
    {
        "critical": 1,
        "high": 25,
        "low": 125,
        "moderate": 63,
        "unknown": 83,
    }
    "#);
}

#[test]
fn every_advisory_text_is_mapped_to_its_identifiers() {
    let Some(shared) = shared("every_advisory_text_is_mapped_to_its_identifiers") else {
        return;
    };
    let metadata = tree(&shared).read().value;
    assert_eq!(metadata.texts.len(), 109);
    // All but two notices; one of them is a revision and one a signed copy.
    assert_eq!(metadata.announced.len(), 107);
    assert!(metadata.announced.values().all(|ids| !ids.is_empty()));
    let sections = metadata
        .texts
        .iter()
        .filter(|text| !text.file.ends_with(".asc"))
        .map(|text| text.sections.len());
    assert_eq!(sections.sum::<usize>(), 251);
    assert_eq!(
        metadata
            .texts
            .iter()
            .filter(|text| text.day.is_some() && text.sections.is_empty())
            .count(),
        20
    );
    let announced: BTreeSet<CveId> = metadata.announced.values().flatten().copied().collect();
    let unannounced: Vec<CveId> = metadata
        .published
        .iter()
        .map(|published| published.advisory.id)
        .filter(|id| !announced.contains(id))
        .collect();
    insta::assert_snapshot!(lines(&unannounced, ToString::to_string), @"
    CVE-2002-1568
    CVE-2004-0081
    CVE-2004-0975
    CVE-2009-1377
    CVE-2009-1378
    CVE-2009-1379
    CVE-2009-1386
    CVE-2009-1387
    CVE-2009-3245
    CVE-2009-4355
    CVE-2010-0433
    CVE-2013-4353
    CVE-2013-6449
    CVE-2013-6450
    CVE-2014-0076
    CVE-2026-14456
    CVE-2026-54876
    ");
    let of = |file: &str| lines(&metadata.announced[file], ToString::to_string).replace('\n', " ");
    assert_eq!(of("20030317.txt"), "CVE-2003-0147");
    assert_eq!(
        of("20060928.txt"),
        "CVE-2006-2937 CVE-2006-2940 CVE-2006-3738 CVE-2006-4343"
    );
    assert_eq!(of("20101116-2.txt"), "CVE-2010-3864");
    assert_eq!(of("20230420.txt"), "CVE-2023-1255");
}

#[test]
fn what_was_pending_is_seen_in_the_texts() {
    let Some(shared) = shared("what_was_pending_is_seen_in_the_texts") else {
        return;
    };
    let metadata = tree(&shared).read().value;
    let pending: Vec<String> = metadata
        .texts
        .iter()
        .filter(|text| text.sections.iter().any(|section| section.pending))
        .map(|text| text.file.trim_end_matches(".txt").to_owned())
        .collect();
    insta::assert_snapshot!(pending.join(" "), @"20140407 20161110 20171207 20180416 20180612 20181029 20181030 20181112 20190306 20190730 20190730.txt.asc 20191206 20220128 20221213 20230322 20230328 20230420 20230714 20230719 20230731 20230908 20231106 20240109 20240115 20240125 20240408 20240516 20240528 20240627 20241016 20250120 20250522 20260313");
    let premium: BTreeSet<String> = metadata
        .texts
        .iter()
        .flat_map(|text| text.sections.iter().flat_map(|section| &section.fixes))
        .filter(|fix| fix.premium)
        .map(|fix| fix.version.to_string())
        .collect();
    insta::assert_snapshot!(premium.into_iter().collect::<Vec<_>>().join(" "), @"1.0.2w 1.0.2x 1.0.2y 1.0.2za 1.0.2zc 1.0.2zd 1.0.2ze 1.0.2zf 1.0.2zg 1.0.2zh 1.0.2zj 1.0.2zk 1.0.2zl 1.0.2zm 1.0.2zn 1.0.2zp 1.0.2zq 1.0.2zr 1.0.2zs 1.1.1x 1.1.1y 1.1.1za 1.1.1zb 1.1.1zd 1.1.1ze 1.1.1zg 1.1.1zh 1.1.1zi 1.1.1zj 3.0.23");
}
