//! `draft`: a project with tags, in the shape of the model user's, and what each draft says of its
//! move from 3.4.0 to 3.4.1.

use std::path::Path;

use git2::{Repository, Signature};

use crate::sandbox::Sandbox;

const CONFIG: &str = r#"
[project]
name = "spam"
ships = "Windows, macOS, and Linux wheels"
repository = "example/spam"

[[link]]
name = "wheels"

[[link.pin]]
file = "openssl-version.sh"
match = 'OPENSSL_VERSION="openssl-{version}"'

[changelog]
file = "CHANGELOG.rst"

[announcement]
from = "Spam releases <releases@lists.example.org>"
to = ["spam-announce@lists.example.org"]

[published]
package = "spam"
"#;

const CHANGELOG: &str = "\
Changelog
=========

.. _v44-0-0:

44.0.0 - 2024-11-27
~~~~~~~~~~~~~~~~~~~

* Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.0.

.. _v43-0-0:

43.0.0 - 2024-07-20
~~~~~~~~~~~~~~~~~~~

* Added a thing.
";

fn pin(version: &str) -> String {
    format!("export OPENSSL_VERSION=\"openssl-{version}\"\n")
}

/// Everything of a folder as one commit.
fn commit(folder: &Path, tag: Option<&str>) {
    commit_on(folder, "2025-01-01", tag);
}

fn commit_on(folder: &Path, day: &str, tag: Option<&str>) {
    let noon: jiff::Timestamp = format!("{day}T12:00:00Z").parse().expect("a day");
    let repository = Repository::open(folder)
        .or_else(|_| Repository::init(folder))
        .expect("a repository");
    let mut index = repository.index().expect("an index");
    index
        .add_all(["*"], git2::IndexAddOption::DEFAULT, None)
        .expect("files");
    let tree = repository
        .find_tree(index.write_tree().expect("a tree"))
        .expect("a tree");
    let time = git2::Time::new(noon.as_second(), 0);
    let author = Signature::new("Spam", "spam@example.org", &time).expect("an author");
    let parent = repository
        .head()
        .ok()
        .and_then(|head| head.peel_to_commit().ok());
    let id = repository
        .commit(
            Some("HEAD"),
            &author,
            &author,
            "a state",
            &tree,
            parent.as_ref().as_slice(),
        )
        .expect("a commit");
    if let Some(tag) = tag {
        let object = repository.find_object(id, None).expect("a commit");
        repository
            .tag_lightweight(tag, &object, false)
            .expect("a tag");
    }
}

/// A project whose release 43.0.0 carried 3.1.7, and 44.0.0 carried 3.4.0.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .file("release-check.toml", CONFIG)
        .file("CHANGELOG.rst", CHANGELOG)
        .file("openssl-version.sh", pin("3.1.7"));
    commit(&sandbox.path(), Some("43.0.0"));
    sandbox.file("openssl-version.sh", pin("3.4.0"));
    commit(&sandbox.path(), Some("44.0.0"));
    sandbox
}

fn drafted(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let outcome =
        sandbox.run(&[&["--offline", "--as-of", "2025-02-11", "draft"], arguments].concat());
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    outcome.stdout
}

#[test]
fn a_section_for_the_next_patch_release() {
    let expected = "\
.. _v44-0-1:

44.0.1 - 2025-02-11
~~~~~~~~~~~~~~~~~~~

* Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.1.
";
    assert_eq!(drafted(&project(), &["changelog"]), expected);
}

#[test]
fn a_bump_that_is_made_is_still_spoken_of() {
    let sandbox = project();
    sandbox.file("openssl-version.sh", pin("3.4.1"));
    commit(&sandbox.path(), None);
    let announcement = drafted(&sandbox, &["announcement", "--body"]);
    assert!(
        announcement.contains("3.4.1 instead of 3.4.0"),
        "{announcement}"
    );
    commit(&sandbox.path(), Some("44.0.1"));
    for draft in [
        "changelog",
        "announcement",
        "pull-request",
        "advisory",
        "vex",
    ] {
        assert_eq!(drafted(&sandbox, &[draft]), "", "{draft}");
    }
}

#[test]
fn without_tags_the_last_commit_counts() {
    let sandbox = Sandbox::new();
    sandbox
        .file("release-check.toml", CONFIG)
        .file("CHANGELOG.rst", CHANGELOG)
        .file("openssl-version.sh", pin("3.3.1"));
    commit(&sandbox.path(), None);
    sandbox.file("openssl-version.sh", pin("3.4.1"));
    assert!(drafted(&sandbox, &["announcement"]).contains("3.4.1 instead of 3.3.1"));
}

#[test]
fn messages_are_the_same_every_time() {
    let sandbox = project();
    let first = drafted(&sandbox, &["announcement"]);
    assert_eq!(first, drafted(&sandbox, &["announcement"]));
    assert!(
        first.starts_with("Subject: spam 44.0.1: security release with OpenSSL 3.4.1\r\nFrom: "),
        "{first}"
    );
    assert!(
        first.contains(
            "\r\nDate: Tue, 11 Feb 2025 00:00:00 +0000\r\nMessage-ID: <spam.44.0.1.release."
        ),
        "{first}"
    );
    assert!(first.contains("CVE-2024-12797, high"), "{first}");
    let body = drafted(&sandbox, &["announcement", "--body"]);
    assert_eq!(
        first
            .replace("\r\n", "\n")
            .split_once("\n\n")
            .map(|(_, body)| body),
        Some(body.as_str())
    );
}

#[test]
fn a_pending_fix_is_noted() {
    let sandbox = project();
    let outcome = sandbox.run(&[
        "--offline",
        "--as-of",
        "2025-01-25",
        "draft",
        "announcement",
    ]);
    assert!(
        outcome
            .stdout
            .starts_with("Subject: spam: 1 known OpenSSL issue, no release needed yet\r\n"),
        "{}{}",
        outcome.stdout,
        outcome.stderr
    );
    assert!(
        outcome.stdout.contains("expected to be fixed in 3.4.1"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn our_affected_range() {
    let advisory = drafted(&project(), &["advisory"]);
    assert!(
        advisory.contains("In the releases `>= 43.0.0, < 44.0.1` it has CVE-2024-12797")
            && advisory.contains("CVE-2024-13176")
            && advisory.contains("spam 44.0.1 has OpenSSL"),
        "{advisory}"
    );
    // A heading and two paragraphs.
    assert_eq!(advisory.trim().split("\n\n").count(), 3, "{advisory}");
}

#[test]
fn a_release_of_a_day_to_come_is_in_no_range() {
    let sandbox = project();
    let before = drafted(&sandbox, &["advisory"]);
    let (file, now) = ("openssl-version.sh", sandbox.read("openssl-version.sh"));
    sandbox.file(file, pin("3.4.1"));
    commit_on(&sandbox.path(), "2025-02-12", Some("43.0.1"));
    sandbox.file(file, now);
    assert_eq!(drafted(&sandbox, &["advisory"]), before);
}

#[test]
fn templates_are_explained() {
    let sandbox = Sandbox::new();
    for (draft, value) in [
        ("changelog", "fixes[].severity"),
        ("announcement", "moves[].fixes[].id"),
        ("pull-request", "move.introduced[].url"),
        ("advisory", "affected[]"),
    ] {
        let text = sandbox.run(&["draft", draft, "--explain"]).exits(0).stdout;
        let told = text.lines().any(|line| line.trim().starts_with(value));
        assert!(told, "{value}\n{text}");
    }
    sandbox.run(&["draft", "vex", "--explain"]).exits(2);
}

#[test]
fn what_could_not_be_read_is_in_the_range_and_named() {
    let sandbox = Sandbox::new();
    let second =
        "[[link.pin]]\nfile = \"Dockerfile\"\nmatch = 'ARG OPENSSL={version}'\n\n[changelog]";
    let tags = "repository = \"example/spam\"\nrelease-tags = \"wheels-{project_version}\"\n";
    let config = CONFIG
        .replace("[changelog]", second)
        .replace("repository = \"example/spam\"\n", tags);
    sandbox
        .file("release-check.toml", config)
        .file("CHANGELOG.rst", CHANGELOG);
    commit(&sandbox.path(), Some("wheels-2022-01-01"));
    // Upstream looks at 1.1.1 no more.
    sandbox.file("openssl-version.sh", pin("1.1.1w"));
    commit(&sandbox.path(), Some("wheels-2023-10-01"));
    // Of two pins there was one.
    sandbox.file("openssl-version.sh", pin("3.0.15"));
    commit(&sandbox.path(), Some("wheels-2024-10-01"));
    sandbox
        .file("openssl-version.sh", pin("3.4.0"))
        .file("Dockerfile", "ARG OPENSSL=3.4.0\n");
    commit(&sandbox.path(), Some("wheels-2024-11-27"));
    commit(&sandbox.path(), Some("v99.0"));
    let history = sandbox
        .run(&[
            "--offline",
            "--as-of",
            "2025-02-11",
            "history",
            "--format",
            "json",
        ])
        .exits(0)
        .json();
    let carried: Vec<(&str, &str)> = history["releases"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|release| {
            let openssl = release["carried"]["wheels"][0].as_str();
            (
                release["version"].as_str().expect("a version"),
                openssl.unwrap_or("-"),
            )
        })
        .collect();
    assert_eq!(
        carried,
        [
            ("2024.11.27", "3.4.0"),
            ("2024.10.1", "3.0.15"),
            ("2023.10.1", "1.1.1w"),
            ("2022.1.1", "-")
        ]
    );
    let advisory = drafted(&sandbox, &["advisory"]);
    for said in [
        "In the releases `>= 2022.1.1, <= 2024.11.27` it has",
        "Counted in is what could not be read: 2022.1.1.",
    ] {
        assert!(advisory.contains(said), "{said}: {advisory}");
    }
}

#[test]
fn vex_speaks_of_no_product_without_a_version() {
    let sandbox = Sandbox::new();
    let vex = |config: String, to: &str| {
        sandbox
            .file("release-check.toml", config)
            .file("CHANGELOG.rst", CHANGELOG)
            .file("about.py", "__version__ = \"44.0.0\"\n")
            .file("openssl-version.sh", pin("3.4.0"));
        commit(&sandbox.path(), None);
        sandbox.file("openssl-version.sh", pin(to));
        drafted(&sandbox, &["vex"])
    };
    let unversioned = CONFIG.replace("[changelog]\nfile = \"CHANGELOG.rst\"\n", "");
    assert_eq!(vex(unversioned.clone(), "3.4.0"), "");
    assert_eq!(vex(unversioned, "3.4.1"), "");
    let version =
        "\n[version]\nfile = \"about.py\"\nmatch = '__version__ = \"{project_version}\"'\n";
    let said = vex(CONFIG.to_owned() + version, "3.4.1");
    for product in ["\"pkg:pypi/spam@44.0.0\"", "\"pkg:pypi/spam@44.0.1\""] {
        assert!(said.contains(product), "{product}: {said}");
    }
    assert!(!said.contains("\"pkg:pypi/spam\""), "{said}");
}

#[test]
fn entries_are_carried_forward() {
    let sandbox = project();
    let folder = sandbox.path();
    let repository = Repository::open(&folder).expect("a repository");
    let head = repository
        .head()
        .and_then(|head| head.peel_to_commit())
        .expect("a commit");
    repository
        .branch("release", &head, false)
        .expect("a branch");
    sandbox.file(
        "release-check.toml",
        CONFIG.replace("CHANGELOG.rst\"", "CHANGELOG.rst\"\nforward = \"trunk\""),
    );
    let main = CHANGELOG.replace(
        ".. _v44",
        ".. _v45-0-0:\n\n45.0.0 - `main`_\n~~~~~~~~~~~~~~~~\n\n* Added more.\n\n.. _v44",
    );
    sandbox.file("CHANGELOG.rst", main);
    commit(&folder, None);
    let tip = repository
        .head()
        .and_then(|head| head.peel_to_commit())
        .expect("a commit");
    repository.branch("trunk", &tip, true).expect("a branch");
    repository.set_head("refs/heads/release").expect("a branch");
    let section = drafted(&project(), &["changelog"]);
    sandbox.file(
        "CHANGELOG.rst",
        CHANGELOG.replace(".. _v44", &format!("{section}\n.. _v44")),
    );
    assert_eq!(drafted(&sandbox, &["changelog", "--forward"]), section);
}

#[test]
fn templates_of_the_project() {
    let sandbox = project();
    sandbox.file(
        "release-check.toml",
        format!("{CONFIG}[templates]\nfolder = \"texts\"\n"),
    );
    sandbox.file(
        "texts/changelog.rst.j2",
        "OpenSSL {{ to }} instead of {{ from }}.",
    );
    assert!(drafted(&sandbox, &["changelog"]).ends_with("\n* OpenSSL 3.4.1 instead of 3.4.0.\n"));
    sandbox.file("texts/changelog.rst.j2", "OpenSSL\n{{ version }}.");
    let outcome = sandbox.run(&["--offline", "--as-of", "2025-02-11", "draft", "changelog"]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    assert_eq!(
        outcome.stderr,
        "error: template `changelog.rst.j2` line 2: `version` is missing: drafts have no such value\n"
    );
}

#[test]
fn what_cannot_be_drafted_is_refused() {
    let sandbox = project();
    let without_lists = CONFIG
        .replace("[announcement]\nfrom = \"Spam releases <releases@lists.example.org>\"\nto = [\"spam-announce@lists.example.org\"]\n", "");
    for (config, changelog, arguments, status, expected) in [
        (
            CONFIG.to_owned(),
            "nothing\n",
            vec!["changelog"],
            2,
            "`CHANGELOG.rst`: no section of a version was found",
        ),
        (
            without_lists,
            CHANGELOG,
            vec!["announcement"],
            2,
            "there is no `[announcement]` in the configuration",
        ),
        (
            CONFIG.replace("Spam releases <", "Spam, Eggs <"),
            CHANGELOG,
            vec!["announcement"],
            2,
            "is not one mail address",
        ),
        (
            CONFIG.to_owned(),
            CHANGELOG,
            vec!["changelog", "--link", "nope"],
            2,
            "there is no link `nope`; the links are `wheels`",
        ),
        (
            CONFIG.to_owned(),
            CHANGELOG,
            vec!["changelog", "--body"],
            2,
            "`--body` is for `draft announcement` only",
        ),
    ] {
        sandbox
            .file("release-check.toml", &config)
            .file("CHANGELOG.rst", changelog);
        let outcome = sandbox.run(
            &[
                &["--offline", "--as-of", "2025-02-11", "draft"],
                arguments.as_slice(),
            ]
            .concat(),
        );
        assert_eq!(
            (outcome.status, outcome.stdout.as_str()),
            (status, ""),
            "{}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
}

#[test]
fn pins_in_another_repository() {
    let sandbox = Sandbox::new();
    let config = CONFIG.replace(
        "name = \"wheels\"\n",
        "name = \"wheels\"\nrepository = \"example/infra\"\n",
    );
    sandbox.file("infra/openssl-version.sh", pin("3.4.0"));
    commit(&sandbox.path().join("infra"), None);
    sandbox
        .file("spam/release-check.toml", &config)
        .file("spam/CHANGELOG.rst", CHANGELOG);
    commit(&sandbox.path().join("spam"), Some("44.0.0"));
    let outcome = sandbox.run(&[
        "-C",
        "spam",
        "--offline",
        "--as-of",
        "2025-02-11",
        "draft",
        "changelog",
    ]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    assert!(
        outcome
            .stderr
            .contains("name a clone as `checkout` in `[repositories.\"example/infra\"]`"),
        "{}",
        outcome.stderr
    );
    sandbox.file(
        "spam/release-check.toml",
        format!("{config}[repositories.\"example/infra\"]\ncheckout = \"../infra\"\n"),
    );
    let outcome = sandbox.run(&[
        "-C",
        "spam",
        "--offline",
        "--as-of",
        "2025-02-11",
        "draft",
        "changelog",
    ]);
    assert!(
        outcome.stdout.ends_with("compiled with OpenSSL 3.4.1.\n"),
        "{}{}",
        outcome.stdout,
        outcome.stderr
    );
}
