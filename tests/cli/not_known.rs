//! What is not known is never told as good: every command with facts that are missing, too old,
//! empty, partial and fresh.

use crate::check::{self, CONFIG};
use crate::git::git;
use crate::sandbox::Sandbox;

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

#[test]
fn no_cell_is_green_but_that_of_fresh_facts() {
    let (sandbox, _remote) = project();
    let sources = [
        ("no source", ""),
        ("stale", "stale.json"),
        ("empty", "empty.json"),
        ("partial", "partial.json"),
        ("fresh", "fresh.json"),
    ];
    let mut table = String::new();
    for command in [
        &["check"][..],
        &["check", "--format", "markdown"],
        &["prepare"],
        &["propose"],
        &["run"],
        &["affected", "3.5.9"],
        &["upstream"],
        &["doctor"],
    ] {
        for (name, file) in sources {
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
                .or_else(|| errors.lines().find(|line| line.starts_with("wheels")))
                .unwrap_or_default()
                .trim();
            table += &format!(
                "{:<24} {name:<10} {status:>2}  {first}\n",
                command.join(" ")
            );
            let all = format!("{text}{errors}");
            if name != "fresh" {
                for green in [
                    "nothing known to be wrong",
                    "nothing to move to",
                    "0 advisories:",
                ] {
                    assert!(!all.contains(green), "{command:?} {name}: {all}");
                }
            }
            // One answers a question, and the other shows what a file holds: their words say it.
            let judges = match command[0] {
                "affected" => false,
                "upstream" => file.is_empty(),
                _ => true,
            };
            assert_eq!(
                status == 0,
                name == "fresh" || !judges,
                "{command:?} {name}: {all}"
            );
        }
    }
    insta::assert_snapshot!(table);
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
