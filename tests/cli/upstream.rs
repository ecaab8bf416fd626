//! `upstream` from local documents.

use std::fs;
use std::path::{Path, PathBuf};

use crate::missing;
use crate::sandbox::Sandbox;

const CONFIG: &str = "[project]\nname = \"p\"\n[upstream]\nmetadata = \"tree\"\n";
const TABLE: &str =
    "version,date,sha256,withdrawn\n3.5.0,2025-04-08,,\n3.0.6,2022-10-11,,2022-10-12\n";

/// A project with a release table and the fixtures' metadata tree.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/upstream/metadata");
    for file in [
        "data.json",
        "secjson/statements.json",
        "secjson/CVE-2098-1001.json",
        "secjson/CVE-2098-4004.json",
        "secadv/20980921.txt",
    ] {
        sandbox.file(
            &format!("tree/{file}"),
            fs::read(fixtures.join(file)).expect("a fixture"),
        );
    }
    sandbox
        .file("release-check.toml", CONFIG)
        .file("facts/releases.csv", TABLE);
    sandbox.file(
        "facts/series.csv",
        "series,released,eol,lts\n1.1.1,2018-09-11,2023-09-11,yes\n",
    );
    sandbox
}

#[test]
fn a_table_and_a_tree_make_a_snapshot() {
    let sandbox = project();
    let outcome = sandbox
        .run(&[
            "upstream",
            "--save",
            "out.json",
            "--releases",
            "facts/releases.csv",
        ])
        .exits(0);
    insta::assert_snapshot!(outcome.stdout, @"
    releases    snapshot   2 releases
    advisories  snapshot   3 advisories
    facts up to 2098-09-21
    ");
    insta::assert_snapshot!(outcome.stderr, @"
    `CVE-2098-4004.json`: not read as a CVE record: EOF while parsing a value at line 23 column 7
    `CVE-2098-1002`: has no readable record; its ranges are taken from `20980921.txt`
    `CVE-2098-4004`: has no readable record and no text: every version counts as affected, unless more was known before; see what OpenSSL says of it
    ");
    insta::assert_snapshot!(sandbox.read("out.json"), @r#"
    {"schema":1,
    "taken":"2098-09-21",
    "sources":[
    {"name":"releases","state":"snapshot","requests":0,"bytes":0,"detail":"2 releases"},
    {"name":"advisories","state":"snapshot","requests":0,"bytes":0,"detail":"3 advisories"}
    ],
    "releases":[
    {"version":"3.0.6","date":"2022-10-11","hashes":{},"withdrawn":"2022-10-12"},
    {"version":"3.5.0","date":"2025-04-08","hashes":{}}
    ],
    "advisories":[
    {"id":"CVE-2098-1001","severity":"low","published":"2098-09-21","url":"https://www.openssl.org/news/secadv/20980921.txt","affected":[{"from":"3.1.0","before":"3.1.1"},{"from":"3.0.0","before":"3.0.9"},{"from":"1.0.2","before":"1.0.2zh"}],"premium":["1.0.2zh"]},
    {"id":"CVE-2098-1002","severity":"low","published":"2098-09-21","url":"https://openssl-library.org/news/secadv/20980921.txt","affected":[{"from":"3.0.0","before":"3.0.8"},{"from":"1.1.1","before":"1.1.1zd"},{"from":"1.0.2","before":"1.0.2w"},{"from":"1.1.1","before":"1.1.1j"},{"from":"1.1.0","before":"1.1.0i"},{"from":"1.0.2","before":"1.0.2p"}],"premium":["1.0.2w","1.1.1zd"]},
    {"id":"CVE-2098-4004","severity":"unknown","published":"2098-09-21","affected":[{"from":"not read"}]}
    ],
    "disputed":[
    {"id":"CVE-2097-0001","base":"0.9.8"},
    {"id":"CVE-2097-0002","base":"fips","url":"https://lists.example.org/?l=a&m=1"},
    {"id":"CVE-2097-20003","base":"none","url":"https://forge.example.org/issues/1"}
    ],
    "series":[
    {"name":"1.1.1","released":"2018-09-11","eol":"2023-09-11","lts":true},
    {"name":"3.0","released":"2093-09-07","eol":"2098-09-07","lts":true},
    {"name":"3.5","released":"2097-04-08","eol":"2102-04-08","lts":true},
    {"name":"4.0","released":"2098-04-14","eol":"2099-05-31","lts":false},
    {"name":"5.0","released":"2099-10-31","eol":"2100-11-30","lts":false}
    ]}
    "#);
    let json = sandbox
        .run(&[
            "--upstream",
            "out.json",
            "--format",
            "json",
            "--as-of",
            "2099-01-01",
            "affected",
            "3.0.8",
        ])
        .exits(0)
        .json();
    assert_eq!(json["versions"][0]["advisories"][0]["id"], "CVE-2098-1001");
}

#[test]
fn diagnostics_are_part_of_the_json() {
    let sandbox = project();
    let outcome = sandbox
        .run(&[
            "--format",
            "json",
            "upstream",
            "--releases",
            "facts/releases.csv",
        ])
        .exits(0);
    assert!(
        outcome.stderr.starts_with("`CVE-2098-4004.json`: not read"),
        "{}",
        outcome.stderr
    );
    let json = outcome.json();
    assert_eq!(
        (&json["schema"], &json["releases"], &json["advisories"]),
        (&1.into(), &2.into(), &3.into())
    );
    assert!(
        json["diagnostics"][0]
            .as_str()
            .expect("a text")
            .contains("CVE-2098-4004.json"),
        "{json}"
    );
}

#[test]
fn a_table_of_old_series_may_be_missing() {
    let sandbox = project();
    fs::remove_file(sandbox.path().join("facts/series.csv")).expect("removed");
    let outcome = sandbox
        .run(&["upstream", "--releases", "facts/releases.csv"])
        .exits(0);
    assert!(
        outcome
            .stderr
            .contains("`series.csv`: is not beside the release table"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn what_cannot_be_read_is_named_and_nothing_is_written() {
    let fails = |change: &dyn Fn(&Sandbox), status: i32, message: &str| {
        let sandbox = project();
        change(&sandbox);
        let before = sandbox.tree();
        let outcome = sandbox
            .run(&[
                "upstream",
                "--save",
                "out.json",
                "--releases",
                "facts/releases.csv",
            ])
            .exits(status);
        assert_eq!(outcome.stdout, "");
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
        assert!(sandbox.tree() == before);
    };
    fails(
        &|sandbox| {
            sandbox.file("facts/releases.csv", "version,date\n3.5.0,today\n");
        },
        1,
        "error: `facts/releases.csv` line 2: `today` is no value for `date`",
    );
    fails(
        &|sandbox| {
            sandbox.file("facts/series.csv", "series\n");
        },
        1,
        "error: `facts/series.csv` line 1: no column is named `released`",
    );
    fails(
        &|sandbox| {
            sandbox.file("facts/releases.csv", b"\xff");
        },
        1,
        "error: cannot read `facts/releases.csv`",
    );
    fails(
        &|sandbox| fs::remove_dir_all(sandbox.path().join("tree")).expect("removed"),
        1,
        "tree",
    );
    let remote = CONFIG.replace("\"tree\"", "\"https://localhost/metadata.git\"");
    fails(
        &|sandbox| {
            sandbox.file("release-check.toml", &remote);
        },
        2,
        "let `metadata` under `[upstream]` name a folder",
    );
}

#[test]
fn the_documented_command_makes_the_builtin_snapshot() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    if !root.join("../shared/upstream/secjson").is_dir() {
        missing::skip("upstream's documents are not beside the repository");
        return;
    }
    let sandbox = Sandbox::new();
    let (root_text, out) = (root.display().to_string(), sandbox.path().join("out.json"));
    let out_text = out.display().to_string();
    let arguments = [
        "-C",
        &root_text,
        "--config",
        "data/refresh.toml",
        "upstream",
        "--save",
        &out_text,
        "--releases",
        "../shared/facts/releases.csv",
    ];
    sandbox.run(&arguments).exits(0);
    assert!(
        fs::read(out).expect("a snapshot")
            == fs::read(root.join("data/upstream.json")).expect("the built-in snapshot")
    );
}

#[test]
fn a_snapshot_file_is_shown_and_nobody_is_asked() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "up.json",
        r#"{"schema":1,"taken":"2025-10-01","releases":[{"version":"3.5.4","date":"2025-09-30"}],"advisories":[],"series":[]}"#,
    );
    let outcome = sandbox
        .run(&["upstream", "--upstream", "up.json", "--save", "saved.json"])
        .exits(0);
    insta::assert_snapshot!(outcome.stdout, @r"
    up.json  snapshot   1 releases, 0 advisories, taken 2025-10-01
    facts up to 2025-10-01
    ");
    assert_eq!(outcome.stderr, "");
    assert!(
        sandbox
            .read("saved.json")
            .contains(r#"{"version":"3.5.4","date":"2025-09-30","hashes":{}}"#)
    );
    sandbox
        .run(&[
            "upstream",
            "--upstream",
            "up.json",
            "--releases",
            "releases.csv",
        ])
        .exits(2);
}

#[test]
fn facts_alone_are_saved_the_same_on_any_day() {
    let sandbox = Sandbox::new();
    for day in ["2026-06-10", "2026-11-22"] {
        sandbox
            .run(&[
                "--offline",
                "--as-of",
                day,
                "upstream",
                "--save",
                "facts.json",
                "--facts-only",
            ])
            .exits(0);
        assert_eq!(
            sandbox.read("facts.json"),
            include_str!("../../data/upstream.json"),
            "{day}"
        );
    }
    sandbox
        .run(&["--offline", "upstream", "--facts-only"])
        .exits(2);
}
