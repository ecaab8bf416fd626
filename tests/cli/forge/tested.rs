//! What is only tested with: one PR for all of it, and nothing else.

use super::program::propose;
use super::{REPOSITORY, UPSTREAM, pin};
use crate::fake_forge::FakeForge;
use crate::sandbox::Sandbox;

const CONFIG: &str = r#"
[project]
name = "wheels-infra"
repository = "pyca/infra"

[[link]]
name = "ci-3.5"
role = "tested"
[[link.pin]]
file = "ci/a"
match = "V={version}"

[[link]]
name = "ci-3.0"
role = "tested"
[[link.pin]]
file = "ci/b"
match = "V={version}"

[changelog]
file = "CHANGELOG.md"
"#;

fn forge() -> FakeForge {
    let forge = FakeForge::start();
    forge.repository(
        REPOSITORY,
        &[
            ("ci/a", "V=3.5.3\n"),
            ("ci/b", "V=3.0.17\n"),
            ("CHANGELOG.md", "# Changelog\n"),
        ],
    );
    forge
}

fn upstream(more: &str) -> String {
    UPSTREAM
        .replace(
            "\"releases\": [",
            &format!("\"releases\": [{{\"version\": \"3.0.17\", \"date\": \"2025-07-01\", \"hashes\": {{}}}}, {{\"version\": \"3.0.18\", \"date\": \"2025-09-30\", \"hashes\": {{}}}},{more}"),
        )
        .replace(
            "\"series\": [",
            "\"series\": [{\"name\": \"3.0\", \"released\": \"2021-09-07\", \"eol\": \"2026-09-07\", \"lts\": true},",
        )
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .file("release-check.toml", CONFIG)
        .file("upstream.json", upstream(""))
        .file("ci/a", "V=3.5.3\n")
        .file("ci/b", "V=3.0.17\n")
        .file("CHANGELOG.md", "# Changelog\n");
    sandbox
}

fn check(sandbox: &Sandbox) -> i32 {
    let arguments = [
        "check",
        "--offline",
        "--upstream",
        "upstream.json",
        "--as-of",
        "2025-10-01",
    ];
    sandbox.run(&arguments).status
}

#[test]
fn one_pull_request_for_all_of_them() {
    let (sandbox, forge) = (sandbox(), forge());
    // The newer one fixes an advisory, which matters to nobody here.
    assert_eq!(check(&sandbox), 10);
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    let branch = "release-check/tested/3.5.4";
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["main", branch]);
        let [pull] = repository.open_pulls()[..] else {
            panic!("{:#?}", repository.open_pulls())
        };
        assert_eq!(pull.title, "Test with OpenSSL 3.0.18 and 3.5.4");
        assert!(!pull.body.contains("CVE"), "{}", pull.body);
        for (file, version) in [("ci/a", "3.5.4"), ("ci/b", "3.0.18")] {
            assert_eq!(repository.file(branch, file), Some(pin(version)));
        }
        assert_eq!(
            repository.file(branch, "CHANGELOG.md"),
            Some("# Changelog\n".to_owned())
        );
    });
    forge.trouble(None);
    for _ in 0..3 {
        propose(&sandbox, &forge, &["--execute"]).exits(0);
    }
    assert_eq!(forge.writes(), 0);

    // A newer one takes its place, with everything that was in it.
    sandbox.file(
        "upstream.json",
        upstream("{\"version\": \"3.5.5\", \"date\": \"2025-10-01\", \"hashes\": {}},"),
    );
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    let newer = "release-check/tested/3.5.5";
    let number = forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["main", newer]);
        assert_eq!(repository.file(newer, "ci/b"), Some(pin("3.0.18")));
        let [pull] = repository.open_pulls()[..] else {
            panic!("{:#?}", repository.open_pulls())
        };
        pull.number
    });
    forge.with(REPOSITORY, |repository| repository.merge(number));
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["main"]);
    });
    forge.trouble(None);
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert_eq!(forge.writes(), 0);
    forge.assert_content();
}

#[test]
fn drafts_say_nothing_of_it() {
    let sandbox = sandbox();
    for draft in ["changelog", "pull-request", "advisory", "vex"] {
        let arguments = [
            "draft",
            draft,
            "--offline",
            "--upstream",
            "upstream.json",
            "--as-of",
            "2025-10-01",
        ];
        assert_eq!(sandbox.run(&arguments).exits(0).stdout, "", "{draft}");
    }
}
