//! What is not known is never told as good: every command with facts that are missing, too old,
//! empty, partial and fresh.

use serde_json::{Value, json};

use crate::check::{self, CONFIG};
use crate::git::git;
use crate::sandbox::Sandbox;
use crate::{artefacts, history};

const DAY: &str = "2026-11-28";

/// Nobody is asked: there is no server.
const NOBODY: &str = r#"
[upstream]
github-api = "http://127.0.0.1:9"
github = "http://127.0.0.1:9"
site = "http://127.0.0.1:9"
metadata = "http://127.0.0.1:9/metadata.tar.gz"
"#;

const RELEASES: &str =
    r#"{"version":"3.5.8","date":"2026-08-25"},{"version":"3.5.9","date":"2026-09-29"}"#;
const ADVISORIES: &str = r#"{"id":"CVE-2026-1000","severity":"low","published":"2026-08-25","affected":[{"from":"3.5.0","before":"3.5.8"}]}"#;

fn snapshot(taken: &str, releases: &str, advisories: &str) -> String {
    format!(
        r#"{{"schema":1,"taken":"{taken}","releases":[{releases}],"advisories":[{advisories}],"series":[{{"name":"3.5","released":"2025-04-08","eol":"2030-04-08","lts":true}}]}}"#
    )
}

/// A project in a clone, whose pin is the newest release that anybody knows.
fn project() -> (Sandbox, Sandbox) {
    let (sandbox, remote) = (Sandbox::new(), Sandbox::new());
    let origin = remote.folder().join("origin.git").display().to_string();
    sandbox
        .file("release-check.toml", CONFIG.to_owned() + NOBODY)
        .file("openssl-version.sh", "OPENSSL_VERSION=\"openssl-3.5.9\"\n")
        .file("stale.json", snapshot("2026-09-29", RELEASES, ADVISORIES))
        .file("empty.json", snapshot(DAY, "", ""))
        .file("partial.json", snapshot(DAY, RELEASES, ""))
        .file("fresh.json", snapshot(DAY, RELEASES, ADVISORIES));
    let git = |arguments: &[&str]| git(sandbox.folder(), arguments);
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message=a"]);
    git(&["clone", "--quiet", "--bare", ".", &origin]);
    git(&["remote", "add", "origin", &origin]);
    git(&["fetch", "--quiet", "origin"]);
    (sandbox, remote)
}

/// Facts of each kind, and the snapshot that holds them.
const SOURCES: [(&str, &str); 5] = [
    ("no source", ""),
    ("stale", "stale.json"),
    ("empty", "empty.json"),
    ("partial", "partial.json"),
    ("fresh", "fresh.json"),
];

/// What nobody says of facts that are not fresh.
const GREEN: [&str; 6] = [
    "nothing known to be wrong",
    "nothing to move to",
    "0 advisories:",
    "none known",
    "and none is due",
    "none of the security issues",
];

/// A row of the table: a command with each kind of facts, its status and its first line. `judges`:
/// whether what it says with these facts is a verdict.
fn row(sandbox: &Sandbox, command: &[&str], judges: impl Fn(&str) -> bool) -> String {
    let mut rows = String::new();
    for (name, file) in SOURCES {
        let mut arguments = vec!["--as-of", DAY];
        if !file.is_empty() {
            arguments.extend(["--upstream", file]);
        }
        arguments.extend(command);
        let output = sandbox
            .command(&arguments)
            .output()
            .expect("the program runs");
        let status = output.status.code().expect("a status");
        let text = String::from_utf8(output.stdout).expect("text");
        let errors = String::from_utf8(output.stderr).expect("text");
        let first = text
            .lines()
            .find(|line| line.contains("unknown") || line.contains("good"))
            .or_else(|| text.lines().next())
            .or_else(|| errors.lines().find(|line| !line.starts_with("upstream: ")))
            .unwrap_or_default()
            .trim();
        rows += &format!(
            "{:<27} {name:<10} {status:>2}  {first}\n",
            command.join(" ")
        );
        let all = format!("{text}{errors}");
        for green in GREEN {
            let words = all.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                name == "fresh" || !words.contains(green),
                "{command:?} {name}: {all}"
            );
        }
        assert_eq!(
            status == 0,
            name == "fresh" || !judges(file),
            "{command:?} {name}: {all}"
        );
    }
    rows
}

#[test]
fn no_cell_is_green_but_that_of_fresh_facts() {
    let (sandbox, _remote) = project();
    let mut table = String::new();
    for command in [
        &["check"][..],
        &["check", "--format", "markdown"],
        &["prepare"],
        &["propose"],
        &["run"],
        &["doctor"],
    ] {
        table += &row(&sandbox, command, |_| true);
    }
    // Where nobody may be asked, age is no fault of the project's; its words say it.
    table += &row(&sandbox, &["doctor", "--offline"], |file| !file.is_empty());
    // One answers a question, and the other shows what a file holds: their words say it.
    table += &row(&sandbox, &["affected", "3.5.9"], |_| false);
    table += &row(&sandbox, &["upstream"], str::is_empty);
    insta::assert_snapshot!(table);
}

/// A project that has released what its pin says, with the file that it published; and one that has
/// not yet.
fn tagged(last: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let folder = sandbox.path();
    let pin = |version: &str| format!("OPENSSL_VERSION=\"openssl-{version}\"\n");
    let file = "openssl-version.sh";
    history::commit(&folder, "2026-08-26", file, &pin("3.5.8"));
    history::tag(&folder, "2026-08-26", "1.0");
    history::commit(&folder, "2026-11-20", file, &pin("3.5.9"));
    if last == "1.1" {
        history::tag(&folder, "2026-11-20", last);
    }
    let more = "[announcement]\nfrom = \"A <a@example.org>\"\nto = [\"l@example.org\"]\n[published]\nfiles = [\"dist/*.so\"]\n";
    sandbox
        .file("release-check.toml", format!("{CONFIG}{NOBODY}{more}"))
        .file(
            "dist/linux.so",
            artefacts::elf(&["OpenSSL 3.5.9 29 Sep 2026"]),
        )
        .file("stale.json", snapshot("2026-09-29", RELEASES, ADVISORIES))
        .file("empty.json", snapshot(DAY, "", ""))
        .file("partial.json", snapshot(DAY, RELEASES, ""))
        .file("fresh.json", snapshot(DAY, RELEASES, ADVISORIES));
    sandbox
}

#[test]
fn no_mail_draft_or_history_is_made_of_what_is_not_known() {
    let (released, coming) = (tagged("1.1"), tagged("1.0"));
    let mut table = String::new();
    for command in [
        &["announce"][..],
        &["history"],
        &["draft", "changelog"],
        &["draft", "vex"],
    ] {
        table += &row(&released, command, |_| true);
    }
    // What is in a file does not depend on what upstream says.
    table += &row(&released, &["verify"], |_| false);
    table += "\nto be released:\n";
    for command in [
        &["announce"][..],
        &["draft", "changelog"],
        &["draft", "announcement", "--body"],
        &["draft", "pull-request"],
        &["draft", "vex"],
    ] {
        table += &row(&coming, command, |_| true);
    }
    insta::assert_snapshot!(table);
}

/// The releases of June, with the metadata of the end of September.
fn releases_of_june() -> String {
    let mut snapshot: Value =
        serde_json::from_str(include_str!("../../data/upstream.json")).expect("JSON");
    let is_old = |release: &Value| {
        release["date"]
            .as_str()
            .is_some_and(|day| day <= "2026-06-09")
    };
    snapshot["releases"]
        .as_array_mut()
        .expect("a list")
        .retain(is_old);
    snapshot["taken"] = json!("2026-09-29");
    snapshot["sources"] = json!([
        { "name": "releases", "state": "ok", "taken": "2026-06-09" },
        { "name": "metadata", "state": "ok", "taken": "2026-09-29" },
    ]);
    snapshot.to_string()
}

#[test]
fn a_fix_that_may_be_out_is_never_called_unreleased() {
    let sandbox = Sandbox::new();
    let (folder, file) = (sandbox.path(), "openssl-version.sh");
    for (day, version, tag) in [
        ("2026-04-08", "3.5.6", "1.0"),
        ("2026-06-10", "3.5.7", "1.1"),
    ] {
        let pin = format!("OPENSSL_VERSION=\"openssl-{version}\"\n");
        history::commit(&folder, day, file, &pin);
        history::tag(&folder, day, tag);
    }
    let more = "[announcement]\nfrom = \"A <a@example.org>\"\nto = [\"l@example.org\"]\n";
    sandbox
        .file("release-check.toml", format!("{CONFIG}{NOBODY}{more}"))
        .file("june.json", releases_of_june());
    for (command, status) in [
        (&["check"][..], 1),
        (&["check", "-l"], 1),
        (&["check", "--format", "markdown"], 1),
        (&["check", "--format", "json"], 1),
        (&["check", "--format", "sarif"], 1),
        (&["affected", "3.5.7", "-l"], 0),
        (&["affected", "CVE-2026-84782"], 0),
        (&["history", "-l"], 1),
        (&["prepare"], 1),
        (&["propose"], 1),
        (&["run"], 1),
        (&["announce"], 1),
        (&["announce", "--kind", "note"], 1),
        (&["draft", "announcement", "--body"], 1),
        (&["draft", "changelog"], 1),
        (&["draft", "advisory"], 1),
        (&["draft", "pull-request"], 1),
        (&["doctor"], 1),
    ] {
        let common = [
            "--as-of",
            "2026-09-30",
            "--offline",
            "--upstream",
            "june.json",
        ];
        let outcome = sandbox.run(&[&common, command].concat()).exits(status);
        let text = format!("{} {}", outcome.words(), outcome.stderr);
        for wrong in [
            "no public release",
            "not public",
            "no release of a supported series",
            "no OpenSSL release with the fix",
            "no release has the fix",
            "fix-pending",
            "expected in 3.5",
            "OpenSSL's turn",
        ] {
            assert!(!text.contains(wrong), "{command:?}, {wrong}: {text}");
        }
    }
}

#[test]
fn every_line_of_the_built_in_facts_is_true_long_after() {
    let mut table = String::new();
    for day in [DAY, "2026-09-30"] {
        for version in [
            "3.5.7",
            "3.5.9",
            "3.6.5",
            "3.4.8",
            "3.0.22",
            "1.1.1w",
            "4.0.3",
            "4.1.0-beta1",
            "5.0.0",
        ] {
            let sandbox = check::project(version);
            let arguments = ["check", "--offline", "--as-of", day];
            let output = sandbox.command(&arguments).output().expect("it runs");
            let status = output.status.code().expect("a status");
            let text = String::from_utf8(output.stdout).expect("text");
            let mut lines = text.lines();
            table += &format!(
                "{day} {version:<12} {status:>2}  {} | {}\n",
                lines.next().unwrap_or_default(),
                lines.next().unwrap_or_default().trim()
            );
            assert!(status != 0 || day != DAY, "{version}: {text}");
        }
    }
    insta::assert_snapshot!(table);
}

/// The day of the built-in facts, after 3.1 and 3.2 had ended.
const ENDED: [&str; 3] = ["--offline", "--as-of", "2026-10-02"];

/// A project whose releases carried these, in this order.
fn carried(versions: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    let folder = sandbox.path();
    for (at, version) in versions.iter().enumerate() {
        let pin = format!("OPENSSL_VERSION=\"openssl-{version}\"\n");
        let day = format!("2026-10-0{}", at + 1);
        history::commit(&folder, &day, "openssl-version.sh", &pin);
        history::tag(&folder, &day, &format!("1.{at}"));
    }
    let mail = "[announcement]\nfrom = \"A <a@example.org>\"\nto = [\"l@example.org\"]\n";
    sandbox.file("release-check.toml", format!("{CONFIG}{NOBODY}{mail}"));
    sandbox
}

#[test]
fn what_upstream_did_not_look_at_is_told_wherever_it_decides() {
    let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sandbox = carried(&["3.1.8", "4.0.3"]);
    let text = |command: &[&str]| {
        let outcome = sandbox.run(&[&ENDED[..], command].concat()).exits(0);
        one_line(outcome.stdout)
    };
    let mail = text(&["announce"]);
    assert!(!mail.contains("bug-fix release"), "{mail}");
    assert!(mail.contains("1.1: security release with"), "{mail}");
    assert!(mail.contains("did not look at 3.1 for 65 of"), "{mail}");

    let advisory = text(&["affected", "CVE-2025-15467"]);
    assert!(advisory.contains("did not look at 3.2, 3.1,"), "{advisory}");
    assert!(
        advisory.contains("not known of 1 release: 1.0"),
        "{advisory}"
    );
    let json = |id: &str| {
        let command = [&ENDED[..], &["affected", id, "--format", "json"]].concat();
        sandbox.run(&command).exits(0).json()["advisories"][0].clone()
    };
    let one = json("CVE-2025-15467");
    assert_eq!(one["unanalysed"][1], "3.1");
    assert_eq!(one["unknown_releases"], json!(["1.0"]));

    // Its only range is of the FIPS module.
    let foreign = text(&["affected", "CVE-2007-5502"]);
    assert!(foreign.contains("`fips-1.1.1`"), "{foreign}");
    assert!(!foreign.contains("not affected"), "{foreign}");
    let one = json("CVE-2007-5502");
    assert_eq!(
        (&one["series"], &one["links"][0]["affected"]),
        (&Value::Null, &Value::Null)
    );

    let version = text(&["affected", "3.1.8"]);
    assert!(version.contains("next: move to 3.4.8"), "{version}");

    let sandbox = carried(&["3.0.7"]);
    let moved = [&ENDED[..], &["prepare", "--to", "3.2.4"]].concat();
    let moved = sandbox.run(&moved).exits(0).stdout;
    assert!(
        moved.contains("CVE-2023-0286") && !moved.contains("CVE-2025-15467"),
        "{moved}"
    );
    assert!(
        moved.contains("unanalysed: 63 advisories for which upstream did not look at 3.2"),
        "{moved}"
    );
}
