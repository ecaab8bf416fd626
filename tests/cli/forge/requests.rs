//! How many requests a run costs the forge: each thing is asked once, and what cannot change not at
//! all.

use std::collections::BTreeMap;

use super::program::{CONFIGURATION, UPSTREAM, propose, sandbox};
use super::{PIN, REPOSITORY, forge, pin};
use crate::fake_forge::FakeForge;
use crate::sandbox::{Outcome, Sandbox};

/// What a run asks, in order, without names of objects.
fn asked(sandbox: &Sandbox, forge: &FakeForge) -> Vec<String> {
    let before = forge.state().log.len();
    propose(sandbox, forge, &["--execute"]).exits(0);
    let state = forge.state();
    let short = |request: &crate::fake_forge::Request| {
        let path = request.path.trim_start_matches("/api/v3/repos/pyca/infra/");
        let parts: Vec<_> = path
            .split('/')
            .map(|part| if part.len() >= 40 { "ID" } else { part })
            .collect();
        format!("{} {}", request.method, parts.join("/"))
    };
    state.log[before..].iter().map(short).collect()
}

fn configured(more: &str) -> Sandbox {
    let sandbox = sandbox();
    sandbox.file(
        "release-check.toml",
        format!("{CONFIGURATION}base = \"main\"\n{more}\n[changelog]\nfile = \"CHANGES.md\"\n"),
    );
    sandbox
}

/// The repository when nothing is due.
fn current() -> FakeForge {
    let forge = forge();
    let changes = "# Changes\n\n## Unreleased\n\n- Started\n";
    forge.with(REPOSITORY, |repository| {
        repository.commit(
            "main",
            "Bump",
            &[(PIN, Some(&pin("3.5.4"))), ("CHANGES.md", Some(changes))],
        )
    });
    forge
}

#[test]
fn an_idle_run_asks_each_thing_once() {
    let (sandbox, forge) = (configured(""), current());
    let idle = ["GET branches", "GET git/matching-refs/tags", "GET issues"];
    let first = asked(&sandbox, &forge);
    assert_eq!(
        first.len(),
        idle.len() + 2,
        "a tree and a file more, not the changelog that nothing is written to: {first:#?}"
    );
    assert_eq!(asked(&sandbox, &forge), idle);
    forge.with(REPOSITORY, |repository| {
        repository.commit("main", "Other", &[("README", Some("more"))])
    });
    assert_eq!(
        asked(&sandbox, &forge).len(),
        idle.len() + 1,
        "the tree of a new commit, whose files are known"
    );
    assert_eq!(asked(&sandbox, &forge), idle);
    assert_eq!(forge.writes(), 0);
    forge.assert_content();
}

#[test]
fn further_links_and_branches_share_what_was_asked() {
    let (sandbox, forge) = (configured("also = [\"46.0.x\"]"), current());
    let configuration = sandbox.read("release-check.toml");
    let second = "[[link]]\nname = \"tests\"\n\n[[link.pin]]\nfile = \"linux/openssl-version.sh\"\nmatch = \"V={version}\"\n\n[pull-request]";
    sandbox.file(
        "release-check.toml",
        configuration.replace("[pull-request]", second),
    );
    forge.with(REPOSITORY, |repository| {
        let main = repository.head("main").expect("main");
        repository
            .git
            .reference("refs/heads/46.0.x", main, false, "")
            .expect("a branch");
    });
    asked(&sandbox, &forge);
    assert_eq!(
        asked(&sandbox, &forge),
        ["GET branches", "GET git/matching-refs/tags", "GET issues"]
    );
}

#[test]
fn a_run_that_waits_for_people_asks_for_its_pr_too() {
    let (sandbox, forge) = (configured(""), current());
    forge.with(REPOSITORY, |repository| {
        repository.commit("main", "Back", &[(PIN, Some(&pin("3.5.3")))])
    });
    asked(&sandbox, &forge);
    let waiting = asked(&sandbox, &forge);
    assert_eq!(waiting.len(), 5, "{waiting:#?}");
    assert_eq!(
        waiting[2..4],
        ["GET compare/ID", "GET pulls"],
        "{waiting:#?}"
    );
    forge.assert_content();
}

#[test]
fn a_file_in_the_cache_that_is_not_what_its_name_says_is_asked_for_again() {
    let (sandbox, forge) = (configured(""), current());
    asked(&sandbox, &forge);
    sandbox.damage_objects();
    let asked = asked(&sandbox, &forge);
    assert_eq!(
        asked
            .iter()
            .filter(|request| request.contains("/blobs/") || request.contains("/trees/"))
            .count(),
        2,
        "{asked:#?}"
    );
    assert_eq!(forge.writes(), 0);
}

/// One configuration over so many repositories, in each of which nothing is due.
fn many(repositories: usize) -> (Sandbox, FakeForge) {
    let (sandbox, forge) = (Sandbox::new(), FakeForge::start());
    let mut config = "[project]\nname = \"all\"\n".to_owned();
    for number in 0..repositories {
        let name = format!("pyca/r{number}");
        forge.repository(&name, &[("pin", "V=3.5.4\n")]);
        config += &format!(
            "\n[[link]]\nname = \"l{number}\"\nrepository = \"{name}\"\n[[link.pin]]\nfile = \"pin\"\nmatch = \"V={{version}}\"\n\n[repositories.\"{name}\"]\nbase = \"main\"\n"
        );
    }
    sandbox
        .file("release-check.toml", config)
        .file("upstream.json", UPSTREAM);
    (sandbox, forge)
}

#[test]
fn an_idle_repository_of_many_costs_two_requests() {
    let (sandbox, forge) = many(12);
    let common = ["--upstream", "upstream.json", "--as-of", "2025-10-01"];
    for arguments in [&["propose", "--execute"][..], &["run", "--execute"]] {
        for round in ["first", "idle"] {
            let before = forge.state().log.len();
            let mut command = sandbox.command(&[&common, arguments].concat());
            command.envs(forge.variables());
            Outcome::of(command.output().expect("the program runs")).exits(0);
            let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for request in &forge.state().log[before..] {
                let path = request.path.trim_start_matches("/api/v3/repos/pyca/");
                let (repository, what) = path.split_once('/').unwrap_or((path, ""));
                let what = format!("{} {what}", request.method);
                asked.entry(repository.to_owned()).or_default().push(what);
            }
            assert_eq!(asked.len(), 12, "{asked:#?}");
            for (repository, asked) in asked.iter().filter(|_| round == "idle") {
                assert!(asked.len() <= 2, "{arguments:?} {repository}: {asked:#?}");
            }
        }
    }
    assert_eq!(forge.writes(), 0);
}

#[test]
fn more_branches_than_a_page_holds_are_asked_for_by_name() {
    let (sandbox, forge) = (configured(""), current());
    forge.with(REPOSITORY, |repository| {
        let main = repository.head("main").expect("main");
        for number in 0..120 {
            let name = format!("refs/heads/a{number:03}");
            let made = repository.git.reference(&name, main, false, "");
            drop(made.expect("a branch"));
        }
    });
    asked(&sandbox, &forge);
    assert_eq!(
        asked(&sandbox, &forge),
        [
            "GET branches",
            "GET git/ref/heads/main",
            "GET git/matching-refs/tags",
            "GET git/matching-refs/heads/release-check/",
            "GET issues",
        ]
    );
}
