//! Upstream's own documents, all of them, against what is known of them. They are no part of the repository: where they are missing, each test
//! prints that it was skipped, and the fixtures beside the parsers stand for every shape.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use release_check::metadata_folder;
use release_check::upstream::builtin::{self, assemble};
use release_check::upstream::metadata::MetadataTree;

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
/// The folder with upstream's documents, if it is there.
fn shared(test: &str) -> Option<PathBuf> {
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let found = shared.join("upstream/secjson").is_dir();
    if !found {
        println!("{test}: skipped, upstream's documents are not beside the repository");
    }
    found.then_some(shared)
}

fn tree(shared: &std::path::Path) -> MetadataTree {
    let reading = metadata_folder::read(&shared.join("upstream")).expect("a tree");
    assert_eq!(reading.notes, []);
    reading.value
}

#[test]
fn the_builtin_snapshot_is_what_the_command_makes() {
    let snapshot = builtin::builtin().expect("the built-in snapshot");
    assert_eq!(snapshot.write(), builtin::TEXT, "`data/upstream.json` is not in the form that it is written in");
    let Some(shared) = shared("the_builtin_snapshot_is_what_the_command_makes") else { return };
    let read = |name| fs::read_to_string(shared.join("facts").join(name)).expect("a table");
    let made = assemble(&read("releases.csv"), Some(&read("series.csv")), &tree(&shared)).expect("a snapshot");
    assert!(
        made.value.write() == builtin::TEXT,
        "`data/upstream.json` is stale; make it again with `release-check upstream --save data/upstream.json --releases ../shared/facts/releases.csv`"
    );
}

#[test]
fn every_record_is_read() {
    let Some(shared) = shared("every_record_is_read") else { return };
    let reading = tree(&shared).read();
    let notes: Vec<String> = reading.notes.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(notes.join("\n"), @"
    `CVE-2004-0975.json`: `0.9.6-cvs` is no version of the library
    `CVE-2007-5502.json`: `fips-1.1.1` is no version of the library
    `CVE-2007-5502.json`: `fips-1.1.2` is no version of the library
    `CVE-2023-2650.json`: the range from `3.1.1` before `3.1.1` is empty
    ");
    let advisories: Vec<_> = reading.value.published.iter().map(|published| &published.advisory).collect();
    assert_eq!(advisories.len(), 272);
    // 688 entries, one of which says what is not affected.
    assert_eq!(advisories.iter().map(|advisory| advisory.affected.len()).sum::<usize>(), 687);
    let mut severities = BTreeMap::new();
    for advisory in &advisories {
        *severities.entry(advisory.severity.to_string()).or_insert(0) += 1;
    }
    insta::assert_debug_snapshot!(severities, @r#"
    {
        "critical": 1,
        "high": 24,
        "low": 105,
        "moderate": 59,
        "unknown": 83,
    }
    "#);
}
