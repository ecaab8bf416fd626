//! `check`.

use std::fs;

use crate::git::git;
use crate::sandbox::{Outcome, Sandbox};

pub(crate) const CONFIG: &str = r#"[project]
name = "example"

[[link]]
name = "wheels"
series = "keep"

[[link.pin]]
file = "openssl-version.sh"
match = ['OPENSSL_VERSION="openssl-{version}"']
"#;

pub(crate) fn project(version: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("release-check.toml", CONFIG).file(
        "openssl-version.sh",
        format!("#!/bin/sh\nexport OPENSSL_VERSION=\"openssl-{version}\"\n"),
    );
    sandbox
}

#[test]
fn each_verdict_and_its_status() {
    for (version, policy, day, status, verdict) in [
        ("3.5.3", "keep", "2025-10-01", 11, "security-release"),
        ("3.5.1", "keep", "2025-08-06", 10, "bugfix-release"),
        ("3.5.4", "keep", "2025-10-01", 0, "current"),
        ("3.5.4", "newest", "2025-10-01", 10, "bugfix-release"),
        ("3.5.9", "keep", "2025-10-01", 0, "ahead"),
        ("3.3.2", "keep", "2024-10-17", 12, "fix-pending"),
        ("1.1.1w", "keep", "2024-10-17", 12, "stranded"),
        ("3.0.6", "keep", "2022-10-12", 13, "withdrawn"),
        ("3.4.8", "keep", "2026-11-22", 13, "end-of-life"),
    ] {
        let sandbox = project(version);
        sandbox.file(
            "release-check.toml",
            CONFIG.replace("\"keep\"", &format!("\"{policy}\"")),
        );
        let json = sandbox
            .run(&["check", "--offline", "--as-of", day, "--format", "json"])
            .exits(status)
            .json();
        assert_eq!(json["links"][0]["verdict"], verdict, "{version} on {day}");
        assert_eq!(json["links"][0]["linked"], version);
    }
}

#[test]
fn check_is_the_default_and_options_stand_anywhere() {
    let sandbox = project("3.5.3");
    let first = sandbox
        .run(&["--offline", "--as-of", "2025-10-01"])
        .exits(11)
        .stdout;
    let second = sandbox
        .run(&["check", "--as-of=2025-10-01", "--offline"])
        .exits(11)
        .stdout;
    assert_eq!(first, second);
    assert!(first.contains("openssl-version.sh:2"), "{first}");
    let elsewhere = Sandbox::new();
    let third = elsewhere
        .run(&[
            "-C",
            sandbox.path().to_str().expect("UTF-8"),
            "--offline",
            "--as-of",
            "2025-10-01",
        ])
        .exits(11)
        .stdout;
    assert_eq!(first, third);
}

#[test]
fn a_cooldown_that_runs_is_status_0() {
    let sandbox = project("3.5.1");
    sandbox.file(
        "release-check.toml",
        CONFIG.replace("series = \"keep\"", "cooldown = \"2w\""),
    );
    let json = sandbox
        .run(&["--offline", "--as-of", "2025-08-06", "--format=json"])
        .exits(0)
        .json();
    assert_eq!(
        (&json["links"][0]["verdict"], &json["links"][0]["due_on"]),
        (&"bugfix-release".into(), &"2025-08-19".into())
    );
    sandbox
        .run(&["--offline", "--as-of", "2025-08-19"])
        .exits(10);
}

#[test]
fn what_is_wrong_is_named_with_file_and_line() {
    type Case<'a> = (&'a str, &'a str, Vec<u8>, i32, &'a [&'a str]);
    let cases: [Case<'_>; 8] = [
        (
            "an unknown key",
            "series = \"keep\"\nsereis = \"lts\"",
            b"".to_vec(),
            2,
            &["`release-check.toml` line 7", "sereis"],
        ),
        (
            "a policy that is none",
            "series = \"latest\"",
            b"".to_vec(),
            2,
            &["`release-check.toml` line 6", "`latest`"],
        ),
        (
            "two matches",
            "",
            b"OPENSSL_VERSION=\"openssl-3.5.3\"\nOPENSSL_VERSION=\"openssl-3.5.3\"\n".to_vec(),
            2,
            &["openssl-version.sh", "2"],
        ),
        (
            "no match",
            "",
            b"OPENSSL=\"3.5.3\"\n".to_vec(),
            2,
            &["openssl-version.sh"],
        ),
        (
            "never released",
            "",
            b"\nOPENSSL_VERSION=\"openssl-3.5.1\"\n".to_vec(),
            0,
            &[],
        ),
        (
            "never released though newer were",
            "",
            b"\nOPENSSL_VERSION=\"openssl-1.1.0z\"\n".to_vec(),
            2,
            &["openssl-version.sh"],
        ),
        (
            "not UTF-8",
            "",
            b"# \xff\nOPENSSL_VERSION=\"openssl-3.5.3\"\n".to_vec(),
            2,
            &["openssl-version.sh", "line 1"],
        ),
        (
            "no version",
            "",
            b"OPENSSL_VERSION=\"openssl-three\"\n".to_vec(),
            2,
            &["openssl-version.sh"],
        ),
    ];
    for (name, config, content, status, words) in cases {
        let sandbox = project("3.5.3");
        if !config.is_empty() {
            sandbox.file(
                "release-check.toml",
                CONFIG.replace("series = \"keep\"", config),
            );
        }
        if !content.is_empty() {
            sandbox.file("openssl-version.sh", &content);
        }
        let before = sandbox.tree();
        let outcome = sandbox
            .run(&["check", "--offline", "--as-of", "2025-07-10"])
            .exits(status);
        assert_eq!(
            outcome.stdout.is_empty(),
            status == 2,
            "{name}: {}",
            outcome.stdout
        );
        for word in words {
            assert!(
                outcome.stderr.contains(word),
                "{name}: {word} is not in: {}",
                outcome.stderr
            );
        }
        assert_eq!(before, sandbox.tree(), "{name}");
    }
}

#[test]
fn missing_files() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run(&["check", "--offline"]).exits(2);
    assert!(
        outcome.stderr.contains("there is no `release-check.toml`"),
        "{}",
        outcome.stderr
    );
    sandbox.file("release-check.toml", CONFIG);
    let outcome = sandbox.run(&["check", "--offline"]);
    assert!(
        outcome.status == 1 || outcome.status == 2,
        "{}",
        outcome.status
    );
    assert!(
        outcome.stderr.contains("openssl-version.sh") && outcome.stdout.is_empty(),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_snapshot_of_ones_own() {
    let sandbox = project("3.5.3");
    let snapshot = r#"{"schema":1,"taken":"2030-01-01","sources":[],"releases":[{"version":"3.5.3","date":"2025-09-16","hashes":{}},{"version":"3.5.50","date":"2030-01-01","hashes":{}}],
        "advisories":[{"id":"CVE-2030-0001","severity":"spicy","published":"2030-01-01","affected":[{"from":"3.5.0","before":"3.5.50"}]}],"series":[{"name":"3.5","released":"2025-04-08","eol":"2030-04-08","lts":true}]}"#;
    sandbox.file("facts/upstream.json", snapshot);
    let json = sandbox
        .run(&[
            "--upstream",
            "facts/upstream.json",
            "--as-of",
            "2030-01-02",
            "--format",
            "json",
        ])
        .exits(11)
        .json();
    assert_eq!(
        (&json["links"][0]["target"], &json["links"][0]["severity"]),
        (&"3.5.50".into(), &"spicy".into())
    );
    assert_eq!(json["sources"][0]["state"], "snapshot");
    fs::write(
        sandbox.path().join("facts/upstream.json"),
        "{\"schema\":1,\n\"taken\":",
    )
    .expect("a file");
    let outcome = sandbox.run(&["--upstream", "facts/upstream.json"]).exits(1);
    assert!(
        outcome.stderr.contains("line 2") && outcome.stdout.is_empty(),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_link_of_another_repository_is_read_there_or_the_check_fails() {
    let sandbox = project("3.5.3");
    let config = CONFIG.replace("series = \"keep\"", "repository = \"example/infra\"");
    sandbox.file("release-check.toml", &config);
    let outcome = sandbox
        .run(&["check", "--offline", "--as-of", "2025-10-01"])
        .exits(1);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome.stderr.contains("no clone of `example/infra`"),
        "{}",
        outcome.stderr
    );

    sandbox.file(
        "infra/openssl-version.sh",
        "export OPENSSL_VERSION=\"openssl-3.5.2\"\n",
    );
    let repository = git2::Repository::init(sandbox.path().join("infra")).expect("a repository");
    let mut index = repository.index().expect("an index");
    index
        .add_path(std::path::Path::new("openssl-version.sh"))
        .expect("added");
    let tree = repository
        .find_tree(index.write_tree().expect("a tree"))
        .expect("the tree");
    let author =
        git2::Signature::new("A", "a@example.org", &git2::Time::new(0, 0)).expect("a name");
    repository
        .commit(Some("HEAD"), &author, &author, "pins", &tree, &[])
        .expect("a commit");
    sandbox.file(
        "release-check.toml",
        format!("{config}\n[repositories.\"example/infra\"]\ncheckout = \"infra\"\n"),
    );
    let json = sandbox
        .run(&[
            "check",
            "--offline",
            "--as-of",
            "2025-10-01",
            "--format",
            "json",
        ])
        .exits(11)
        .json();
    assert_eq!(json["links"][0]["linked"], "3.5.2");
    let text = sandbox
        .run(&["check", "--offline", "--as-of", "2025-10-01"])
        .exits(11)
        .stdout;
    assert!(
        text.contains("example/infra:openssl-version.sh:1"),
        "{text}"
    );
}

#[test]
fn a_ci_job_gets_outputs_and_a_summary() {
    let sandbox = project("3.5.3");
    let run = |arguments: &[&str]| {
        let mut command = sandbox.command(arguments);
        command
            .env("GITHUB_OUTPUT", sandbox.path().join("output"))
            .env("GITHUB_STEP_SUMMARY", sandbox.path().join("summary"));
        Outcome::of(command.output().expect("the program runs"))
    };
    let json = run(&[
        "check",
        "--offline",
        "--as-of",
        "2025-10-01",
        "--format",
        "json",
    ])
    .exits(11)
    .json();
    let output = sandbox.read("output");
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(
        lines[..3],
        ["status=11", "verdict=security-release", "target=3.5.4"]
    );
    let links: serde_json::Value =
        serde_json::from_str(lines[3].strip_prefix("links=").expect("the links")).expect("JSON");
    assert_eq!((&links, lines.len()), (&json["links"], 6));
    assert_eq!(lines[4..], ["pull-requests=", "announced=false"]);

    let markdown = sandbox
        .run(&[
            "check",
            "--offline",
            "--as-of",
            "2025-10-01",
            "--format",
            "markdown",
        ])
        .exits(11)
        .stdout;
    assert_eq!(sandbox.read("summary"), markdown);
    run(&["check", "--offline", "--as-of", "2025-07-10"]).exits(1);
    assert_eq!(
        sandbox
            .read("output")
            .lines()
            .filter(|line| line.starts_with("status="))
            .collect::<Vec<_>>(),
        ["status=11", "status=1"]
    );
    sandbox.file("release-check.toml", "[project]\nname = 1\n");
    run(&["check", "--offline"]).exits(2);
    assert_eq!(sandbox.read("output").lines().count(), 12);
}

#[test]
fn a_configuration_without_links_is_an_error_wherever_links_are_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.file("release-check.toml", "[project]\nname = \"x\"\n");
    for command in [
        &["check"][..],
        &["prepare"],
        &["draft", "changelog"],
        &["draft", "vex"],
        &["propose"],
        &["run"],
    ] {
        let outcome = sandbox.run(&[command, &["--offline"]].concat()).exits(2);
        assert!(
            outcome.stderr.contains("no `[[link]]`; add one"),
            "{command:?}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn a_repository_that_cannot_be_read_is_not_told_as_none() {
    let sandbox = Sandbox::new();
    sandbox
        .file("release-check.toml", CONFIG)
        .file("openssl-version.sh", "OPENSSL_VERSION=\"openssl-3.5.4\"\n");
    git(&sandbox.path(), &["init", "--quiet"]);
    let config = sandbox.read(".git/config");
    let newer = config.replace("repositoryformatversion = 0", "repositoryformatversion = 1");
    sandbox.file(".git/config", newer + "[extensions]\n\tunheardOf = true\n");
    for command in [
        &["check"][..],
        &["prepare"],
        &["draft", "changelog"],
        &["history"],
        &["announce"],
        &["run"],
        &["init", "--diff"],
    ] {
        let said = sandbox
            .run(&[&["--offline"], command].concat())
            .exits(1)
            .stderr;
        assert!(
            said.contains("cannot be read: unsupported extension name extensions.unheardof"),
            "{command:?}: {said}"
        );
    }
    let words = sandbox.run(&["--offline", "doctor"]).words();
    assert!(words.contains("error git: the repository"), "{words}");
    // Whom its files belong to can be changed by an administrator only.
    if std::os::unix::fs::chown(sandbox.path(), Some(12345), None).is_ok() {
        sandbox.file(".git/config", config);
        let said = sandbox.run(&["--offline", "check"]).exits(1).stderr;
        assert!(
            said.contains("belongs to another user") && said.contains("safe.directory"),
            "{said}"
        );
    }
}
