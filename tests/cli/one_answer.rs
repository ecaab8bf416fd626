//! One question, one answer: whichever command is asked.

use std::path::Path;

use serde_json::Value;

use crate::git::git_on;
use crate::history::{commit, tag};
use crate::sandbox::{Outcome, Sandbox};

const PIN: &str = "[[link.pin]]\nfile = \"openssl.sh\"\nmatch = ['OPENSSL={version}']\n";

fn offline(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    sandbox.run(&[&["--offline", "--as-of", "2025-10-05"], arguments].concat())
}

/// A project whose pins are in a clone beside it, and its releases 1.0.0, 1.1.0 and 1.2.0.
fn pins_elsewhere() -> Sandbox {
    let sandbox = Sandbox::new();
    let (folder, infra) = (sandbox.path(), sandbox.path().join("infra"));
    commit(&folder, "2025-04-01", "README", "x");
    for (day, openssl, release) in [
        ("2025-04-10", "3.5.0", "1.0.0"),
        ("2025-08-10", "3.5.2", "1.1.0"),
        ("2025-09-20", "3.5.3", "1.2.0"),
    ] {
        commit(&infra, day, "openssl.sh", &format!("OPENSSL={openssl}\n"));
        tag(&folder, day, release);
    }
    sandbox.file(
        "release-check.toml",
        format!(
            "[project]\nname = \"x\"\nrepository = \"x/x\"\n\n[[link]]\nname = \"wheels\"\n\
             repository = \"x/infra\"\n\n{PIN}\n[repositories.\"X/Infra\"]\ncheckout = \"infra\"\n"
        ),
    );
    sandbox
}

#[test]
fn the_affected_range_is_that_of_every_release_that_history_knows() {
    let sandbox = pins_elsewhere();
    let json = offline(&sandbox, &["history", "--format", "json"])
        .exits(0)
        .json();
    let carried: Vec<(&Value, &Value)> = json["releases"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|release| (&release["version"], &release["carried"]["wheels"][0]))
        .collect();
    assert_eq!(
        carried,
        [
            (&"1.2.0".into(), &"3.5.3".into()),
            (&"1.1.0".into(), &"3.5.2".into()),
            (&"1.0.0".into(), &"3.5.0".into())
        ]
    );
    let advisory = offline(&sandbox, &["draft", "advisory"]).exits(0).stdout;
    assert!(
        advisory.contains("In the releases `>= 1.0.0, < 1.2.1` it has CVE-2025-9230"),
        "{advisory}"
    );
    assert_eq!(advisory.matches(">=").count(), 1, "{advisory}");
    assert!(!advisory.contains("releases with OpenSSL"), "{advisory}");
}

#[test]
fn which_repository_this_is_does_not_depend_on_case() {
    for (named, here) in [
        ("acme/widget", true),
        ("Acme/Widget", true),
        ("acme/other", false),
    ] {
        let sandbox = Sandbox::new();
        let folder = sandbox.path();
        commit(&folder, "2025-10-01", "openssl.sh", "OPENSSL=3.5.4\n");
        git_on(
            &folder,
            "2025-10-01",
            &[
                "remote",
                "add",
                "origin",
                "https://github.com/acme/widget.git",
            ],
        );
        sandbox.file(
            "release-check.toml",
            format!(
                "[project]\nname = \"widget\"\n\n[[link]]\nname = \"wheels\"\nrepository = \"{named}\"\n\n{PIN}"
            ),
        );
        sandbox.file("widget.txt", "OpenSSL 3.5.4 30 Sep 2025");
        let check = offline(&sandbox, &["check"]);
        let verify = offline(&sandbox, &["verify", "widget.txt"]);
        let knows = |outcome: &Outcome| outcome.status != 2 && outcome.stdout.contains("3.5.4");
        assert_eq!(
            (knows(&check), knows(&verify)),
            (here, here),
            "{named}: {}{}",
            check.stderr,
            verify.stderr
        );
    }
}

/// Clones a project whose main branch has gone on since, and has fetched that.
fn behind(sandbox: &Sandbox) {
    let (origin, folder) = (sandbox.folder().join("origin"), sandbox.path());
    let changelog = |entry: &str| {
        format!("# Changelog\n\n{entry}## 1.0.0 - 2025-09-01\n\n- Built with OpenSSL 3.5.2.\n")
    };
    let carried = "## 1.0.1 - 2025-09-20\n\n- Built with OpenSSL 3.5.3.\n\n";
    commit(&origin, "2025-09-01", "openssl.sh", "OPENSSL=3.5.2\n");
    commit(&origin, "2025-09-01", "CHANGELOG.md", &changelog(""));
    let clone = |from: &Path, to: &Path| {
        let (from, to) = (from.to_str().expect("a path"), to.to_str().expect("a path"));
        git_on(
            sandbox.folder(),
            "2025-09-01",
            &["clone", "--quiet", from, to],
        );
    };
    clone(&origin, &folder);
    git_on(&folder, "2025-09-20", &["switch", "--quiet", "-c", "1.0"]);
    commit(&folder, "2025-09-20", "CHANGELOG.md", &changelog(carried));
    commit(&origin, "2025-09-21", "openssl.sh", "OPENSSL=3.5.3\n");
    commit(&origin, "2025-09-21", "CHANGELOG.md", &changelog(carried));
    git_on(&folder, "2025-09-21", &["fetch", "--quiet", "origin"]);
    sandbox.file(
        "release-check.toml",
        format!(
            "[project]\nname = \"x\"\nrepository = \"x/x\"\n\n[[link]]\nname = \"wheels\"\n\n{PIN}\n\
             [changelog]\nfile = \"CHANGELOG.md\"\nforward = true\n"
        ),
    );
}

#[test]
fn where_a_branch_stands_is_what_origin_says() {
    let sandbox = Sandbox::new();
    behind(&sandbox);
    let proposed = offline(&sandbox, &["propose", "--format", "json"])
        .exits(0)
        .json();
    let one = &proposed["proposals"][0];
    assert_eq!(
        (&one["base"], &one["from"]),
        (&"main".into(), &"3.5.3".into())
    );
    // It was carried already, though this clone's own main does not say so.
    let forward = offline(&sandbox, &["draft", "changelog", "--forward"]).exits(0);
    assert_eq!(forward.stdout, "");
}

/// With several series that each move within itself, and with a new version of the project's own.
#[test]
fn a_draft_of_the_pull_request_is_what_propose_opens() {
    let sandbox = Sandbox::new();
    let folder = sandbox.path();
    let day = "2025-09-20";
    for (file, text) in [
        ("1.mk", "v=3.0.17\n"),
        ("2.mk", "v=3.5.3\n"),
        (
            "CHANGELOG.md",
            "# Changelog\n\n## 1.2.0 (2025-09-01)\n\n- x\n",
        ),
    ] {
        commit(&folder, day, file, text);
    }
    tag(&folder, day, "1.2.0");
    sandbox.file(
        "release-check.toml",
        "[project]\nname = \"x\"\nrepository = \"x/x\"\n\n[[link]]\nname = \"wheels\"\n\n\
         [[link.pin]]\nfile = \"*.mk\"\nmatch = ['v={version}']\nmixed = true\n\n\
         [changelog]\nfile = \"CHANGELOG.md\"\n",
    );
    let proposed = offline(&sandbox, &["propose", "--format", "json"])
        .exits(0)
        .json();
    let one = &proposed["proposals"][0];
    let text = |key: &str| one[key].as_str().expect("a text").to_owned();
    let drafted = offline(&sandbox, &["draft", "pull-request"]).exits(0);
    // What is opened ends with a comment by which it is known again.
    assert_eq!(
        drafted.stdout.trim_end(),
        format!(
            "{}\n\n{}\n\n<!-- release-check:wheels:3.0.18 -->",
            text("title"),
            text("body").trim_end()
        )
    );
    let release = "- [ ] tag and publish 1.2.1\n";
    assert!(drafted.stdout.contains(release), "{}", drafted.stdout);
    assert!(
        drafted
            .stdout
            .contains("Where OpenSSL 3.5 is kept, 3.5.3 becomes 3.5.4"),
        "{}",
        drafted.stdout
    );
}

/// A project whose release 46.0.1 carries OpenSSL 3.5.3, and that says of itself what `version` has.
fn stating(version: &str, tags: &[&str], in_config: bool) -> Sandbox {
    let sandbox = Sandbox::new();
    let folder = sandbox.path();
    let changelog = "Changelog\n=========\n\n46.0.1 - 2025-09-16\n-------------------\n\n* Compiled with OpenSSL 3.5.3.\n";
    let place = "[version]\nfile = \"about.py\"\nmatch = '__version__ = \"{project_version}\"'\n";
    let config = format!(
        "[project]\nname = \"example\"\n\n[[link]]\nname = \"wheels\"\nseries = \"3.5\"\n\n{PIN}\n\
         [changelog]\nfile = \"CHANGELOG.rst\"\n\n{}\n[announcement]\nfrom = \"A <a@example.org>\"\n\
         to = [\"l@example.org\"]\n",
        if in_config { place } else { "" }
    );
    sandbox.file("release-check.toml", config);
    commit(&folder, "2025-09-16", "CHANGELOG.rst", changelog);
    commit(&folder, "2025-09-16", "openssl.sh", "OPENSSL=3.5.3\n");
    let about = format!("# what this is\n__version__ = \"{version}\"\n");
    commit(&folder, "2025-09-16", "about.py", &about);
    for release in tags {
        tag(&folder, "2025-09-16", release);
    }
    // Another branch has gone on.
    git_on(&folder, "2025-09-17", &["switch", "--quiet", "-c", "47"]);
    commit(&folder, "2025-09-17", "new.py", "");
    tag(&folder, "2025-09-17", "47.0.0");
    git_on(&folder, "2025-09-17", &["switch", "--quiet", "main"]);
    sandbox
}

#[test]
fn the_next_version_is_one_or_nothing_is_written() {
    let head = "`about.py` line 2: the next release would be";
    for (version, tags, in_config, says) in [
        (
            "46.0.1.dev1",
            &["46.0.1"][..],
            true,
            format!(
                "{head} 46.0.1, which is tagged already; set it to `46.0.1`, which the bump raises to `46.0.2`"
            ),
        ),
        (
            "44.0.0",
            &["46.0.1"],
            true,
            format!(
                "{head} 44.0.0, which lies below 46.0.1, the newest tag of this branch; set it to `46.0.1`, which the bump raises to `46.0.2`"
            ),
        ),
        (
            "46.0.1",
            &["46.0.1", "46.0.2", "46.0.3"],
            true,
            format!(
                "{head} 46.0.2, which is tagged already; set it to `46.0.3`, which the bump raises to `46.0.4`"
            ),
        ),
        (
            "",
            &["46.0.1", "46.0.2", "46.0.3"],
            false,
            "`CHANGELOG.rst` line 4: the next release would be 46.0.2, which is tagged already; write the sections of the releases up to `46.0.3`".to_owned(),
        ),
        ("46.0.1", &["46.0.1"], true, String::new()),
        ("46.0.2.dev1", &["46.0.1"], true, String::new()),
        ("", &["46.0.1"], false, String::new()),
    ] {
        let sandbox = stating(version, tags, in_config);
        let before = sandbox.tree();
        let commands = [
            &["prepare"][..],
            &["draft", "pull-request"],
            &["draft", "announcement"],
            &["draft", "vex"],
            &["announce"],
            &["run"],
        ];
        let doctor = offline(&sandbox, &["doctor", "-l"]).words();
        if says.is_empty() {
            let written = offline(&sandbox, &["prepare", "--diff"]).exits(0).stdout;
            assert!(written.contains("+46.0.2 - 2025-10-05"), "{written}");
            // What is on the way to it stays as it is.
            let is_raised = written.contains("+__version__ = \"46.0.2\"");
            assert_eq!(is_raised, version == "46.0.1");
            for command in &commands[1..5] {
                let outcome = offline(&sandbox, command).exits(0);
                let told = outcome.stdout.contains("46.0.2");
                assert!(told, "{command:?} {}", outcome.stdout);
            }
            assert_eq!(doctor.contains("the next release will be 46.0.2"), in_config);
            continue;
        }
        for command in commands {
            let outcome = offline(&sandbox, command).exits(2);
            let told = format!("{} {}", outcome.words(), outcome.stderr);
            assert!(told.contains(&says), "{command:?} {told}");
            assert!(command == ["run"] || outcome.stdout.is_empty());
        }
        assert_eq!(sandbox.tree(), before);
        assert!(doctor.contains(&format!("error next bump: {says}")), "{doctor}");
        assert_eq!(doctor.contains(&format!("error own version: {says}")), in_config);
    }
}

#[test]
fn a_heading_and_the_own_version_agree_or_nothing_is_written() {
    let sandbox = stating("46.0.1", &["46.0.1"], true);
    let changelog =
        "46.1.0 - unreleased\n-------------------\n\n* A change.\n\n46.0.1 - 2025-09-16";
    let changelog = sandbox
        .read("CHANGELOG.rst")
        .replace("46.0.1 - 2025-09-16", changelog);
    sandbox.file("CHANGELOG.rst", changelog);
    for command in [&["prepare"][..], &["draft", "announcement"]] {
        let outcome = offline(&sandbox, command).exits(2);
        let says = "the next release would be 46.0.2 by `about.py` line 2 and 46.1.0 by `CHANGELOG.rst` line 4; make them agree";
        assert!(outcome.stderr.contains(says), "{}", outcome.stderr);
    }
    let about = sandbox.read("about.py").replace("46.0.1", "46.1.0.dev1");
    sandbox.file("about.py", about);
    offline(&sandbox, &["prepare"]).exits(0);
    let outcome = offline(&sandbox, &["draft", "announcement"]).exits(0);
    assert!(
        outcome.stdout.contains("example 46.1.0 is available"),
        "{}",
        outcome.stdout
    );
}
