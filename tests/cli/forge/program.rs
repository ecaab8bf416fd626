//! The real program: what it prints, what it does, and what is left when it is killed.

use std::process::{Child, Stdio};
use std::time::Duration;

use super::{BRANCH, PIN, REPOSITORY, assert_converged, forge, pin};
use crate::fake_forge::{FakeForge, TOKEN, Trouble};
use crate::sandbox::{Outcome, Sandbox};

pub(super) const CONFIGURATION: &str = r#"
[project]
name = "wheels-infra"
repository = "pyca/infra"

[[link]]
name = "wheels"

[[link.pin]]
file = "linux/openssl-version.sh"
match = "V={version}"

[pull-request]
labels = ["release"]
reviewers = ["alice", "pyca/wheel-builders"]
"#;

/// Upstream as it was when 3.5.4 had just fixed something, and one issue had no fix yet.
pub(crate) const UPSTREAM: &str = r#"{
  "schema": 1, "taken": "2025-10-01", "sources": [],
  "releases": [
    {"version": "3.5.2", "date": "2025-08-05", "hashes": {}},
    {"version": "3.5.3", "date": "2025-09-16", "hashes": {}},
    {"version": "3.5.4", "date": "2025-09-30", "hashes": {}}
  ],
  "advisories": [
    {"id": "CVE-2025-9230", "severity": "moderate", "published": "2025-09-30", "affected": [{"from": "3.5.0", "before": "3.5.4"}]}
  ],
  "series": [{"name": "3.5", "released": "2025-04-08", "eol": "2030-04-08", "lts": true}]
}"#;

pub(super) fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .file("release-check.toml", CONFIGURATION)
        .file("upstream.json", UPSTREAM);
    sandbox
}

pub(super) fn start(sandbox: &Sandbox, forge: &FakeForge, arguments: &[&str]) -> Child {
    let all = [
        &[
            "--upstream",
            "upstream.json",
            "--as-of",
            "2025-10-01",
            "propose",
        ],
        arguments,
    ]
    .concat();
    let mut command = sandbox.command(&all);
    // What a killed process leaves behind goes with the sandbox.
    command.env("TMPDIR", sandbox.path());
    command
        .envs(forge.variables())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("the program")
}

pub(super) fn propose(sandbox: &Sandbox, forge: &FakeForge, arguments: &[&str]) -> Outcome {
    Outcome::of(
        start(sandbox, forge, arguments)
            .wait_with_output()
            .expect("the program ends"),
    )
}

#[test]
fn a_plan_is_printed_and_nothing_is_written() {
    let (sandbox, forge) = (sandbox(), forge());
    let outcome = propose(&sandbox, &forge, &[]).exits(0);
    for expected in [
        "wheels: OpenSSL 3.5.3 -> 3.5.4 in pyca/infra",
        "branch `release-check/wheels-3.5.4` into `main`",
        "would create branch `release-check/wheels-3.5.4` at ",
        "would open a pull request from `release-check/wheels-3.5.4` into `main`",
        "-V=3.5.3\n+V=3.5.4\n",
        "CVE-2025-9230",
    ] {
        assert!(
            outcome.stdout.contains(expected),
            "{expected}:\n{}",
            outcome.stdout
        );
    }
    assert_eq!(forge.writes(), 0);
    let json = propose(&sandbox, &forge, &["--format", "json"])
        .exits(0)
        .json();
    assert_eq!(json["proposals"][0]["state"], "absent");
    assert_eq!(json["proposals"][0]["route"], "api");
    assert_eq!(json["executed"], false);
    assert_eq!(forge.writes(), 0);
    forge.assert_content();
}

#[test]
fn carried_out_once_and_idle_afterwards() {
    let (sandbox, forge) = (sandbox(), forge());
    let outcome = propose(&sandbox, &forge, &["--execute", "--format", "json"]).exits(0);
    assert!(!outcome.stdout.contains(TOKEN) && !outcome.stderr.contains(TOKEN));
    assert_eq!(outcome.json()["proposals"][0]["pull"]["number"], 1);
    assert_converged(&forge, "3.5.4");
    let body = forge.with(REPOSITORY, |repository| repository.issues[&1].body.clone());
    assert_eq!(
        body.matches("<!-- release-check:wheels:3.5.4 -->").count(),
        1,
        "{body}"
    );
    forge.trouble(None);
    let outcome = propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert!(
        outcome.stdout.contains("pull request #1 is open")
            && outcome.stdout.contains("nothing to do"),
        "{}",
        outcome.stdout
    );
    assert_eq!(forge.writes(), 0);
    forge.with(REPOSITORY, |repository| repository.merge(1));
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            (repository.branches(), repository.file("main", PIN)),
            (vec!["main".to_owned()], Some(pin("3.5.4")))
        );
    });
    let outcome = propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert_eq!(outcome.stdout, "nothing to propose\n");
    forge.assert_content();
}

/// Kills a run before and after each request that writes; the next run must lead to what is
/// asserted. Says how often it was killed.
pub(super) fn kill_at_each_call(
    prepare: impl Fn() -> (Sandbox, FakeForge),
    assert: impl Fn(&FakeForge),
) -> usize {
    let mut met = 0;
    for trouble in [Trouble::KillBefore, Trouble::KillAfter] {
        for number in 1.. {
            let (sandbox, forge) = prepare();
            forge.trouble(Some((number, trouble)));
            let mut child = start(&sandbox, &forge, &["--execute"]);
            let killed = loop {
                if forge.kills.recv_timeout(Duration::from_millis(20)).is_ok() {
                    child.kill().expect("killed");
                    break true;
                }
                if child.try_wait().expect("a state").is_some() {
                    break false;
                }
            };
            child.wait().expect("ended");
            if !killed {
                break;
            }
            met += 1;
            forge.trouble(None);
            propose(&sandbox, &forge, &["--execute"]).exits(0);
            assert(&forge);
        }
    }
    met
}

#[test]
fn killed_before_and_after_every_call() {
    let met = kill_at_each_call(
        || (sandbox(), forge()),
        |forge| assert_converged(forge, "3.5.4"),
    );
    assert_eq!(met, 10, "two for each call");
}

#[test]
fn an_issue_where_there_is_no_release_to_go_to() {
    let (sandbox, forge) = (sandbox(), forge());
    let pending = UPSTREAM
        .replace(
            r#"{"from": "3.5.0", "before": "3.5.4"}"#,
            r#"{"from": "3.5.0", "before": "3.5.5"}"#,
        )
        .replace(
            r#"{"version": "3.5.3", "date": "2025-09-16", "hashes": {}},
    {"version": "3.5.4", "date": "2025-09-30", "hashes": {}}"#,
            r#"{"version": "3.5.3", "date": "2025-09-16", "hashes": {}}"#,
        );
    sandbox.file("upstream.json", &pending);
    for _ in 0..3 {
        propose(&sandbox, &forge, &["--execute"]).exits(0);
    }
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.issues.len(), 1);
        assert!(
            repository.issues[&1].body.contains("CVE-2025-9230")
                && repository.issues[&1].body.contains("expected in 3.5.5"),
            "{}",
            repository.issues[&1].body
        );
        assert_eq!(repository.branches(), ["main"]);
    });
    sandbox.file("upstream.json", UPSTREAM);
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    forge.with(REPOSITORY, |repository| {
        assert!(!repository.issues[&1].open);
        assert!(repository.head(BRANCH).is_some());
    });
    forge.assert_content();
}

#[test]
fn what_cannot_be_executed() {
    let (sandbox, forge) = (sandbox(), forge());
    let outcome = propose(&sandbox, &forge, &["--execute", "--offline"]).exits(2);
    assert!(
        outcome.stdout.is_empty() && outcome.stderr.contains("--offline"),
        "{}",
        outcome.stderr
    );
    let mut command = sandbox.command(&[
        "--upstream",
        "upstream.json",
        "--as-of",
        "2025-10-01",
        "propose",
        "--execute",
    ]);
    command.envs(forge.variables()).env_remove("GITHUB_TOKEN");
    let outcome = Outcome::of(command.output().expect("the program")).exits(2);
    assert!(
        outcome.stderr.contains("`GITHUB_TOKEN` needs a token"),
        "{}",
        outcome.stderr
    );
    assert!(forge.state().log.is_empty());
}

#[test]
fn a_wrong_token_is_said_and_not_shown() {
    let (sandbox, forge) = (sandbox(), forge());
    let secret = "ghs_anotherSecret0123456789";
    let mut command = sandbox.command(&[
        "--upstream",
        "upstream.json",
        "--as-of",
        "2025-10-01",
        "propose",
        "--execute",
    ]);
    command.envs(forge.variables()).env("GITHUB_TOKEN", secret);
    let outcome = Outcome::of(command.output().expect("the program")).exits(1);
    assert!(
        outcome.stderr.contains("does not accept the token"),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains(secret) && outcome.stdout.is_empty());
}

#[test]
fn a_release_branch_and_a_workflows_own_token() {
    let (sandbox, forge) = (sandbox(), forge());
    sandbox.file(
        "release-check.toml",
        format!("{CONFIGURATION}also = [\"46.0.x\"]\n"),
    );
    forge.state().user = "github-actions[bot]".to_owned();
    forge.with(REPOSITORY, |repository| {
        let main = repository.head("main").expect("main");
        repository
            .git
            .reference("refs/heads/46.0.x", main, false, "")
            .expect("a branch");
    });
    for _ in 0..2 {
        let outcome = propose(&sandbox, &forge, &["--execute"]).exits(0);
        assert!(
            outcome.stdout.contains("starts no checks"),
            "{}",
            outcome.stdout
        );
    }
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            repository.branches(),
            [
                "46.0.x",
                "main",
                BRANCH,
                "release-check/wheels-3.5.4@46.0.x"
            ]
        );
        assert_eq!(repository.open_pulls().len(), 2);
    });
    forge.assert_content();
}

#[test]
fn offline_a_plan_is_made_of_the_files_as_they_stand() {
    let (sandbox, forge) = (sandbox(), forge());
    sandbox.file(PIN, pin("3.5.3"));
    let outcome = propose(&sandbox, &forge, &["--offline"]).exits(0);
    for expected in [
        "would create branch `release-check/wheels-3.5.4` at the head of the base",
        "-V=3.5.3\n+V=3.5.4\n",
        "note: offline",
    ] {
        assert!(
            outcome.stdout.contains(expected),
            "{expected}:\n{}",
            outcome.stdout
        );
    }
    assert!(forge.state().log.is_empty());
}

#[test]
fn without_a_remote_no_forge_is_spoken_of() {
    let sandbox = sandbox();
    let unnamed = CONFIGURATION.replace("repository = \"pyca/infra\"\n", "");
    sandbox
        .file("release-check.toml", unnamed)
        .file(PIN, pin("3.5.3"));
    let global = ["--upstream", "upstream.json", "--as-of", "2025-10-01"];
    let asked = [&global[..], &["propose", "--offline"]].concat();
    let two = "[[link]]\nname = \"static\"\n\n[[link.pin]]\nfile = \"static.txt\"\nmatch = \"V={version}\"\n";
    let unnamed = sandbox.read("release-check.toml");
    sandbox
        .file("static.txt", pin("3.5.3"))
        .file("release-check.toml", format!("{unnamed}\n{two}"));
    let told = sandbox.run(&asked).exits(0).stdout;
    assert_eq!(told.matches("would commit").count(), 2, "{told}");
    assert_eq!(told.matches("note: ").count(), 1, "{told}");
    let says = "note: no remote is known of this repository: before anything can be proposed, add `origin`, or set `repository = \"owner/name\"`";
    assert!(told.contains(says), "{told}");
    for absent in ["API", "forge", "open a "] {
        assert!(!told.contains(absent), "{absent}: {told}");
    }
    // Wherever the program was started, that is refused once somebody is to be asked.
    let folder = sandbox.path().display().to_string();
    for started in [&[][..], &["-C", folder.as_str()]] {
        let asked = [started, &global[..], &["propose"]].concat();
        let refused = sandbox.run(&asked).exits(2).stderr;
        assert!(refused.contains("which repository is this?"), "{refused}");
    }
}

#[test]
fn the_pin_lives_in_another_repository() {
    let (sandbox, forge) = (sandbox(), forge());
    forge.repository("pyca/cryptography", &[("README", "Read me")]);
    let configuration = CONFIGURATION
        .replace(
            "repository = \"pyca/infra\"",
            "repository = \"pyca/cryptography\"",
        )
        .replace(
            "name = \"wheels\"\n",
            "name = \"wheels\"\nrepository = \"pyca/infra\"\n",
        );
    let configuration = configuration.replace(
        "[pull-request]",
        "[repositories.\"pyca/infra\"]\ntoken = \"INFRA_TOKEN\"",
    );
    sandbox.file("release-check.toml", configuration);
    let mut command = sandbox.command(&[
        "--upstream",
        "upstream.json",
        "--as-of",
        "2025-10-01",
        "propose",
        "--execute",
    ]);
    command
        .envs(forge.variables())
        .env("INFRA_TOKEN", TOKEN)
        .env("GITHUB_TOKEN", "ghp_onlyForTheOther");
    Outcome::of(command.output().expect("the program")).exits(0);
    assert_converged(&forge, "3.5.4");
}

#[test]
fn branches_by_pattern() {
    let (sandbox, forge) = (sandbox(), forge());
    let config = CONFIGURATION.replace(
        "[pull-request]\n",
        "[pull-request]\nbase = \"main\"\nalso = [\"46.*\", \"*.x\", \"47.*\"]\n",
    );
    sandbox.file("release-check.toml", config);
    forge.with(REPOSITORY, |repository| {
        let head = repository.head("main").expect("a head");
        for branch in ["45.0.x", "46.0.x", "46.1.x", "feature.x"] {
            let name = format!("refs/heads/{branch}");
            repository
                .git
                .reference(&name, head, false, "")
                .expect("a branch");
        }
    });
    let ran = propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert!(
        ran.stderr
            .contains("no branch of `pyca/infra` matches `47.*` in `also`"),
        "{}",
        ran.stderr
    );
    let bases = |repository: &mut crate::fake_forge::Repository| {
        let mut bases: Vec<String> = repository
            .open_pulls()
            .iter()
            .filter_map(|issue| Some(issue.pull.as_ref()?.base.clone()))
            .collect();
        bases.sort();
        bases
    };
    assert_eq!(forge.with(REPOSITORY, bases), ["46.1.x", "main"]);
    forge.trouble(None);
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert_eq!(forge.writes(), 0);
    forge.assert_content();
}
