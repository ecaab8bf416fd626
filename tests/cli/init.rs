//! `init`: every golden form without its configuration, and what is no pin.

use std::fs;
use std::path::Path;

use crate::git::git;
use crate::sandbox::Sandbox;

const FACTS: [&str; 5] = [
    "--offline",
    "--as-of",
    "2025-10-01",
    "--upstream",
    "../upstream.json",
];

fn golden() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// A golden form's tree before a bump, without a configuration.
fn form(name: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    for (path, bytes) in Sandbox::tree_of(&golden().join(name).join("before")) {
        sandbox.file(path.to_str().expect("UTF-8"), bytes);
    }
    sandbox.file(
        "../upstream.json",
        fs::read(golden().join("upstream.json")).expect("a snapshot"),
    );
    sandbox
}

fn with(arguments: &[&'static str]) -> Vec<&'static str> {
    [arguments, &FACTS].concat()
}

/// Each link that `init` and then `check` name, with its version, and what both are unsure of.
fn linked(sandbox: &Sandbox) -> (Vec<(String, String)>, String) {
    let found = sandbox
        .run(&with(&["init", "--format", "json"]))
        .exits(0)
        .json();
    let unsure = found["unsure"].to_string();
    let links = |json: &serde_json::Value| -> Vec<(String, String)> {
        let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
        json["links"]
            .as_array()
            .expect("links")
            .iter()
            .map(|link| (text(&link["name"]), text(&link["linked"])))
            .collect()
    };
    let said = links(&found);
    if said.is_empty() {
        return (said, unsure);
    }
    let config = sandbox.read("release-check.toml");
    let outcome = sandbox.run(&with(&["check", "--format", "json"]));
    assert!(
        !matches!(outcome.status, 1 | 2),
        "{}\n{config}",
        outcome.stderr
    );
    assert_eq!(links(&outcome.json()), said, "{config}");
    (said, unsure)
}

#[test]
fn every_form_is_found() {
    let one = |version: &str| vec![("openssl", version.to_owned())];
    let two = || {
        vec![
            ("openssl-3.0", "3.0.17".to_owned()),
            ("openssl-3.5", "3.5.3".to_owned()),
        ]
    };
    for (name, expected) in [
        ("cargo", one("3.5.3")),
        ("cmake-and-json", one("3.5.3")),
        ("definitions", one("3.5.2")),
        ("dockerfile", one("3.5.3")),
        ("dots-and-underscores", one("1.1.1v")),
        ("gnu-make", one("3.5.3")),
        ("julia", one("3.5.3")),
        ("make-variable-and-hash-file", one("3.5.3")),
        ("packages-on-one-line", one("3.5.3")),
        ("python-dict-two-series", two()),
        ("recipe-with-revision", one("3.5.3")),
        ("rpm-spec", one("3.5.3")),
        ("ruby-table", one("3.5.3")),
        ("shell-shared-file", one("3.5.3")),
        ("shell-two-lines", one("3.5.3")),
        ("three-hashes", one("3.5.3")),
        ("vendored-header", one("1.1.1v")),
        ("yaml-map-in-two-files", one("3.5.3")),
        (
            "yaml-matrix",
            vec![
                ("tested-3.0", "3.0.17".to_owned()),
                ("tested-3.5", "3.5.3".to_owned()),
            ],
        ),
    ] {
        let sandbox = form(name);
        let (said, _) = linked(&sandbox);
        let said: Vec<(&str, String)> = said
            .iter()
            .map(|(name, version)| (name.as_str(), version.clone()))
            .collect();
        println!("== {name}\n{}", sandbox.read("release-check.toml"));
        assert_eq!(said, expected, "{name}");
    }
}

/// Forms whose every place is found, so that the configuration bumps them as the golden one does.
#[test]
fn what_is_found_bumps_like_what_was_written_by_hand() {
    for name in [
        "definitions",
        "dots-and-underscores",
        "gnu-make",
        "julia",
        "make-variable-and-hash-file",
        "packages-on-one-line",
        "ruby-table",
        "shell-shared-file",
        "shell-two-lines",
        "three-hashes",
        "yaml-map-in-two-files",
        "yaml-matrix",
    ] {
        let sandbox = form(name);
        sandbox.run(&with(&["init"])).exits(0);
        let config = sandbox.read("release-check.toml");
        let outcome = sandbox.run(&with(&["prepare"]));
        assert_eq!(outcome.status, 0, "{name}: {}\n{config}", outcome.stderr);
        for (path, bytes) in Sandbox::tree_of(&golden().join(name).join("after")) {
            let now = sandbox.read(path.to_str().expect("UTF-8"));
            assert_eq!(
                now,
                String::from_utf8_lossy(&bytes),
                "{name}: {}\n{config}",
                path.display()
            );
        }
    }
}

#[test]
fn what_is_no_pin_is_none() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "../upstream.json",
        fs::read(golden().join("upstream.json")).expect("a snapshot"),
    );
    sandbox
        .file(
            "setup.py",
            "# needs OpenSSL 3.5.3\nif openssl_version >= '3.5.3':\n    pass\n",
        )
        .file(
            "ci.yml",
            "LIBRESSL_VERSION: 3.5.3\npyopenssl==3.5.3\nZLIB_VERSION: 3.5.3\n",
        )
        .file("README.md", "Built with openssl-3.5.3\n")
        .file(
            "Cargo.lock",
            "[[package]]\nname = \"openssl-sys\"\nversion = \"0.9.109\"\n",
        )
        .file("logo.png", b"\x00openssl-3.5.3".as_slice());
    let outcome = sandbox.run(&with(&["init"])).exits(0);
    assert!(
        outcome.stdout.starts_with("no pin of OpenSSL found\n"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome
            .stdout
            .contains("setup.py:1: it stands in a comment"),
        "{}",
        outcome.stdout
    );
    assert!(!outcome.stdout.contains("ci.yml"), "{}", outcome.stdout);
    let config = sandbox.read("release-check.toml");
    assert!(
        config.contains("# [[link]]") && config.contains("# setup.py:1: "),
        "{config}"
    );
    let outcome = sandbox.run(&with(&["check"])).exits(2);
    assert!(
        outcome.stderr.contains("no `[[link]]`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_tree_without_openssl_gets_nothing() {
    let sandbox = cloned_from("https://github.com/example/spam.git");
    sandbox.file("pins.sh", "ZLIB_VERSION=1.3.1\n");
    let before = sandbox.tree();
    let outcome = sandbox.run(&INIT).exits(0);
    assert_eq!(
        outcome.stdout,
        "no pin of OpenSSL found, and no file names OpenSSL; nothing was written\n"
    );
    let json = sandbox
        .run(&[&INIT[..], &["--format", "json"]].concat())
        .exits(0)
        .json();
    assert_eq!(
        (&json["file"], &json["links"]),
        (&serde_json::Value::Null, &serde_json::json!([]))
    );
    assert_eq!(before, sandbox.tree());
    sandbox.file("build-libssl.sh", "DEFAULTVERSION=\"3.5.3\"\n");
    let text = sandbox.run(&INIT).exits(0).stdout;
    assert!(text.contains("wrote release-check.toml"), "{text}");
}

/// What cannot be read is told, and is not the same as nothing.
#[test]
fn files_that_may_pin_openssl_and_cannot_be_read_are_told() {
    let pin = "OPENSSL_VERSION=3.5.3\n";
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(pin.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut cases = vec![
        (
            "build.sh",
            [b"# Jos\xe9\n", pin.as_bytes()].concat(),
            "save it as UTF-8",
        ),
        ("build.ps1", wide, "save it as UTF-8"),
    ];
    if cfg!(unix) {
        for name in ["a\\b.sh", "a\\b/build.sh"] {
            cases.push((name, pin.as_bytes().to_vec(), "rename it"));
        }
    }
    for (name, content, remedy) in cases {
        let sandbox = cloned_from("https://github.com/example/spam.git");
        sandbox.file("pins.sh", "ZLIB_VERSION=1.3.1\n");
        sandbox.file(name, content);
        let outcome = sandbox.run(&INIT).exits(0);
        assert!(
            outcome.stderr.contains("was not read") && outcome.stderr.contains(remedy),
            "{}",
            outcome.stderr
        );
        assert!(
            !outcome.stdout.contains("no file names OpenSSL"),
            "{}",
            outcome.stdout
        );
    }
}

#[test]
fn what_is_written_names_its_schema() {
    let sandbox = cloned_from("https://git.example.org/example/spam.git");
    sandbox.run(&INIT).exits(0);
    let first = format!(
        "#:schema {}/raw/v{}/schemas/config.json\n",
        env!("CARGO_PKG_REPOSITORY"),
        env!("CARGO_PKG_VERSION")
    );
    let config = sandbox.read("release-check.toml");
    assert!(config.starts_with(&first), "{config}");
}

#[test]
fn an_existing_configuration_is_left_alone() {
    let sandbox = form("gnu-make");
    sandbox.file("release-check.toml", "mine");
    let outcome = sandbox.run(&with(&["init"])).exits(0);
    assert!(
        outcome
            .stderr
            .contains("`release-check.toml` stands and is left as it is"),
        "{}",
        outcome.stderr
    );
    let diff = outcome.stdout;
    assert!(
        diff.contains("\n-mine\n") && diff.contains("OPENSSL_VERSION := {version}"),
        "{diff}"
    );
    assert_eq!(
        sandbox.run(&with(&["init", "--diff"])).exits(0).stdout,
        diff
    );
    let json = sandbox
        .run(&with(&["init", "--format", "json"]))
        .exits(0)
        .json();
    assert_eq!(json["file"], "release-check.toml");
    assert_eq!(json["diff"], diff);
    assert_eq!(sandbox.read("release-check.toml"), "mine");
    sandbox
        .run(&with(&["init", "--config", "other.toml"]))
        .exits(0);
    assert!(
        sandbox
            .read("other.toml")
            .contains("OPENSSL_VERSION := {version}")
    );
}

#[test]
fn git_says_what_counts_and_what_the_project_is() {
    let sandbox = form("shell-two-lines");
    sandbox
        .file(".gitignore", "build/\n")
        .file("build/openssl.sh", "OPENSSL_VERSION=3.0.17\n")
        .file("CHANGELOG.rst", "Changelog\n=========\n\nUnreleased\n----------\n\n* Fixes.\n")
        .file("pyproject.toml", "[project]\nversion = \"1.2.3\"\n")
        .file(".gitmodules", "[submodule \"ssl\"]\n\tpath = third_party/openssl\n\turl = https://github.com/openssl/openssl.git\n");
    let facts: serde_json::Value =
        serde_json::from_str(&sandbox.read("../upstream.json")).expect("JSON");
    let release = facts["releases"]
        .as_array()
        .expect("releases")
        .iter()
        .find(|release| release["version"] == "3.5.3")
        .expect("3.5.3");
    let commit = release["commit"].as_str().expect("a commit");
    let cacheinfo = format!("160000,{commit},third_party/openssl");
    for arguments in [
        ["init", "-q", "."].as_slice(),
        &[
            "remote",
            "add",
            "origin",
            "https://example.org/pyca/cryptography.git",
        ],
        &["update-index", "--add", "--cacheinfo", &cacheinfo],
    ] {
        git(&sandbox.path(), arguments);
    }
    assert_eq!(
        linked(&sandbox).0,
        [("openssl".to_owned(), "3.5.3".to_owned())]
    );
    let config = sandbox.read("release-check.toml");
    for wanted in [
        "name = \"cryptography\"",
        "repository = \"pyca/cryptography\"",
        "submodule = \"third_party/openssl\"",
        "file = \"CHANGELOG.rst\"",
        "match = 'version = \"{project_version}\"'",
    ] {
        assert!(config.contains(wanted), "{wanted} is not in:\n{config}");
    }
}

const WORKFLOW: &str = ".github/workflows/release-check.yml";

/// A project with one pin, in a repository with this origin.
fn cloned_from(origin: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("pins.sh", "OPENSSL_VERSION=3.5.3\n");
    git(&sandbox.path(), &["init", "--quiet", "."]);
    git(&sandbox.path(), &["remote", "add", "origin", origin]);
    sandbox
}

const INIT: [&str; 4] = ["init", "--offline", "--as-of", "2025-10-01"];

#[test]
fn a_project_on_github_gets_a_workflow() {
    for origin in [
        "https://github.com/example/spam.git",
        "git@github.com:example/spam.git",
    ] {
        let sandbox = cloned_from(origin);
        let text = sandbox.run(&INIT).exits(0).stdout;
        assert!(
            text.contains("wrote release-check.toml")
                && text.contains(&format!("wrote {WORKFLOW}")),
            "{text}"
        );
        let workflow = sandbox.read(WORKFLOW);
        assert!(
            workflow.contains("release-check/release-check@") && !workflow.contains("cron: \"0 "),
            "{workflow}"
        );
        let before = sandbox.tree();
        assert_eq!(sandbox.run(&INIT).exits(0).stdout, "");
        assert_eq!(before, sandbox.tree());
    }
    let sandbox = cloned_from("https://git.example.org/example/spam.git");
    assert!(
        !sandbox.run(&INIT).exits(0).stdout.contains("workflow")
            && !sandbox.path().join(".github").exists()
    );
    let sandbox = cloned_from("https://git.example.org/example/spam.git");
    let mut command = sandbox.command(&INIT);
    let enterprise = crate::sandbox::Outcome::of(
        command
            .env("GITHUB_SERVER_URL", "https://git.example.org")
            .output()
            .expect("it runs"),
    );
    assert!(enterprise.exits(0).stdout.contains(WORKFLOW));
}

#[test]
fn a_workflow_that_is_there_is_left_as_it_is() {
    let sandbox = cloned_from("https://github.com/example/spam.git");
    sandbox.file(WORKFLOW, "ours\n");
    let json = sandbox
        .run(&[&INIT[..], &["--format", "json"]].concat())
        .exits(0)
        .json();
    assert_eq!(
        (&json["workflow"], sandbox.read(WORKFLOW)),
        (&serde_json::Value::Null, "ours\n".to_owned())
    );
}

#[test]
fn the_workflow_of_a_project_in_a_folder_stands_at_the_repository_s_root() {
    let sandbox = cloned_from("https://github.com/example/spam.git");
    sandbox.file("native/ssl/pins.sh", "OPENSSL_VERSION=3.5.3\n");
    let arguments = ["-C", "native/ssl", "--config", "ssl.toml"];
    let json = sandbox
        .run(&[&INIT[..], &arguments, &["--format", "json"]].concat())
        .exits(0)
        .json();
    assert_eq!(json["workflow"], format!("../../{WORKFLOW}"));
    let workflow = sandbox.read(WORKFLOW);
    assert!(
        workflow.contains("directory: 'native/ssl'")
            && workflow.contains("command: '--config ssl.toml run --execute'"),
        "{workflow}"
    );
    assert!(sandbox.path().join("native/ssl/ssl.toml").exists());
}

#[test]
fn many_pins_of_a_kind_are_told_in_one_line() {
    let sandbox = Sandbox::new();
    for folder in 1..=8 {
        let file = format!("d{folder}/Dockerfile");
        let address = "https://www.openssl.org/source/openssl-${OPENSSL_VERSION}.tar.gz";
        let lines =
            format!("ARG OPENSSL_VERSION=3.5.3\nRUN make in {folder}\nRUN wget {address}\n");
        sandbox.file(&file, lines);
    }
    let said = sandbox.run(&["init", "--offline"]).exits(0).stdout;
    let one = "  d1/Dockerfile:1, d2/Dockerfile:1, d3/Dockerfile:1, d4/Dockerfile:1, d5/Dockerfile:1, 3 more (";
    assert!(said.contains(one), "{said}");
    assert_eq!(said.matches("Dockerfile").count(), 5, "{said}");
    let written = sandbox.read("release-check.toml");
    assert_eq!(written.matches("[[link.pin]]").count(), 8, "{written}");
}

#[test]
fn every_place_of_the_project_s_own_version_moves_with_a_bump() {
    let manifest = "[workspace.package]\nversion = \"0.3.1\"\n\n[workspace.dependencies]\na = { version = \"=0.3.1\", path = \"a\" }\n\n[package]\nname = \"root\"\nversion = \"0.0.0\"\n";
    let packaging = "[project]\nname = \"a\"\nversion = \"0.3.1\"\n\n[tool.poetry]\nname = \"a\"\nversion = \"0.3.1\"\n";
    let lock = "[[package]]\nname = \"a\"\nversion = \"0.3.1\"\n\n[[package]]\nname = \"serde\"\nversion = \"0.3.1\"\nsource = \"registry\"\n";
    let files = [
        ("Cargo.toml", manifest, 2),
        ("pyproject.toml", packaging, 2),
        ("Cargo.lock", lock, 1),
    ];
    let sandbox = form("shell-two-lines");
    for (file, text, _) in files {
        sandbox.file(file, text);
    }
    sandbox.file(
        "a/Cargo.toml",
        "[package]\nname = \"a\"\nversion.workspace = true\n",
    );
    sandbox.file("package.json", "{\n  \"version\": \"0.2.9\"\n}\n");
    let outcome = sandbox.run(&with(&["init"])).exits(0);
    let says = "own version: 0.3.1 in Cargo.toml, pyproject.toml and Cargo.lock\n";
    assert!(outcome.stdout.contains(says), "{}", outcome.stdout);
    let other = "package.json:2: it says 0.2.9, which is not the version that `Cargo.toml` and `pyproject.toml` say;";
    assert!(outcome.words().contains(other), "{}", outcome.stdout);
    let outcome = sandbox.run(&with(&["prepare"])).exits(0);
    assert!(!outcome.stderr.contains("Cargo.lock"), "{}", outcome.stderr);
    for (file, text, places) in files {
        let raised = text.replacen("0.3.1", "0.3.2", places);
        assert_eq!(sandbox.read(file), raised, "{file}");
    }
    let again = sandbox.run(&with(&["init", "--diff"])).exits(0);
    assert_eq!(again.stdout, "");
}
