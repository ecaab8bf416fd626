//! The whole bump: some links only, blocks up to the end, the project's version in several places,
//! and changelogs as people keep them.

use crate::prepare::{CONFIG, prepare, project, refused};
use crate::sandbox::Sandbox;

/// The facts that most tests play with, on a day between two releases.
const UPSTREAM: [&str; 5] = [
    "--offline",
    "--as-of",
    "2025-10-01",
    "--upstream",
    "../upstream.json",
];

const TWO_LINKS: &str = "[project]\nname = \"sample\"\n\n[[link]]\nname = \"a\"\n[[link.pin]]\nfile = \"v\"\nmatch = 'a={version}'\n\n[[link]]\nname = \"b\"\n[[link.pin]]\nfile = \"v\"\nmatch = 'b={version}'\n";

fn check(sandbox: &Sandbox, further: &[&str]) -> crate::sandbox::Outcome {
    let usual = [
        "check",
        "--offline",
        "--as-of",
        "2025-10-01",
        "--upstream",
        "../upstream.json",
    ];
    sandbox.run(&[&usual, further].concat())
}

#[test]
fn a_link_by_name_moves_alone() {
    let sandbox = project("", &[("v", "a=3.5.3\nb=3.5.3\n")]);
    sandbox.file("release-check.toml", TWO_LINKS);
    refused(
        &sandbox,
        &["--link", "c"],
        2,
        &["there is no link `c`; the links are `a`, `b`"],
    );
    let checked = check(&sandbox, &["--link", "b", "--format", "json"]).exits(11);
    let checked: serde_json::Value = serde_json::from_str(&checked.stdout).expect("JSON");
    let links: Vec<_> = checked["links"].as_array().expect("links").iter().collect();
    assert_eq!(links.len(), 1);
    assert_eq!(links[0]["name"], "b");
    prepare(&sandbox, &["--link", "b"]).exits(0);
    assert_eq!(sandbox.read("v"), "a=3.5.3\nb=3.5.4\n");
    prepare(&sandbox, &["--link", "b", "--link", "a"]).exits(0);
    assert_eq!(sandbox.read("v"), "a=3.5.4\nb=3.5.4\n");
    // Of one link no `--to` has to say which.
    prepare(&sandbox, &["--link", "a", "--to", "3.5.3"]).exits(0);
    assert_eq!(sandbox.read("v"), "a=3.5.3\nb=3.5.4\n");
    refused(&sandbox, &["--to", "3.5.3"], 2, &["must name the link"]);
}

/// One release of the project takes every link that moves: one section, one version.
#[test]
fn links_that_move_at_once_share_a_release() {
    let log = "[changelog]\nfile = \"CHANGES.md\"\n";
    let own = "[[version]]\nfile = \"VERSION\"\nmatch = '{project_version}'\n";
    let before = "# Changes\n\n## 1.4.0 - 2025-08-05\n\n- Built with OpenSSL 3.5.3.\n";
    let after = before.replace(
        "## 1.4.0",
        "## 1.4.1 - 2025-10-01\n\n- Updated the statically linked OpenSSL to 3.5.4 (a).\n- Updated the statically linked OpenSSL to 3.0.18 (b).\n\n## 1.4.0",
    );
    for (own, version) in [("", "1.4.0"), (own, "1.4.1")] {
        let files = [
            ("v", "a=3.5.3\nb=3.0.17\n"),
            ("CHANGES.md", before),
            ("VERSION", "1.4.0"),
        ];
        let sandbox = project("", &files);
        sandbox.file("release-check.toml", format!("{TWO_LINKS}{log}{own}"));
        prepare(&sandbox, &[]).exits(0);
        assert_eq!(sandbox.read("CHANGES.md"), after);
        assert_eq!(sandbox.read("VERSION"), version);
    }
}

#[test]
fn a_block_may_reach_to_the_end_of_the_file() {
    for within in ["'[openssl]'", "['[openssl]']"] {
        let pin = format!("file = \"v\"\nwithin = {within}\nmatch = 'version = {{version}}'\n");
        let text = "[zlib]\nversion = 1.3.1\n[openssl]\nversion = 3.5.3";
        let sandbox = project(&pin, &[("v", text)]);
        prepare(&sandbox, &[]).exits(0);
        assert_eq!(sandbox.read("v"), text.replace("3.5.3", "3.5.4"));
    }
}

#[test]
fn every_place_that_states_the_project_s_version_moves_and_all_agree() {
    let version = |file: &str, pattern: &str| {
        format!("[[version]]\nfile = \"{file}\"\nmatch = '{pattern}'\n")
    };
    let config = format!(
        "{CONFIG}file = \"v\"\nmatch = 'V={{version}}'\n\n{}{}",
        version("about.py", "__version__ = \"{project_version}\""),
        version("Cargo.toml", "version = \"{project_version}\"")
    );
    for (python, cargo, raised) in [
        ("1.2.3", "1.2.3", Some("1.2.4")),
        ("47.0.0.dev1", "47.0.0-dev.1", None),
    ] {
        let sandbox = project("", &[("v", "V=3.5.3\n")]);
        sandbox.file("release-check.toml", &config);
        sandbox.file("about.py", format!("__version__ = \"{python}\"\n"));
        sandbox.file("Cargo.toml", format!("version = \"{cargo}\"\n"));
        prepare(&sandbox, &[]).exits(0);
        let about = format!("__version__ = \"{}\"\n", raised.unwrap_or(python));
        assert_eq!(sandbox.read("about.py"), about);
        let cargo = format!("version = \"{}\"\n", raised.unwrap_or(cargo));
        assert_eq!(sandbox.read("Cargo.toml"), cargo);
    }
    let sandbox = project("", &[("v", "V=3.5.3\n")]);
    sandbox.file("release-check.toml", &config);
    sandbox.file("about.py", "__version__ = \"1.2.3\"\n");
    sandbox.file("Cargo.toml", "version = \"1.2.2\"\n");
    let says = [
        "`1.2.3` in `about.py` and `1.2.2` in `Cargo.toml`",
        "make them agree",
    ];
    refused(&sandbox, &[], 2, &says);
    let doctor = [
        "doctor",
        "--offline",
        "--as-of",
        "2025-10-01",
        "--upstream",
        "../upstream.json",
    ];
    let said = sandbox.run(&doctor).stdout;
    assert!(said.contains("`1.2.3` in `about.py`"), "{said}");
}

#[test]
fn a_changelog_that_nothing_can_be_put_into_is_refused_before_any_bump() {
    let sandbox = project(
        "file = \"v\"\nmatch = 'V={version}'\n",
        &[("v", "V=3.5.3\n")],
    );
    for file in ["openssl.spec", "debian/changelog", "NEWS.adoc"] {
        sandbox.file(
            "release-check.toml",
            format!(
                "{CONFIG}file = \"v\"\nmatch = 'V={{version}}'\n\n[changelog]\nfile = \"{file}\"\n"
            ),
        );
        let said = check(&sandbox, &[]).exits(2).stderr;
        assert!(said.contains(&format!("`{file}`")), "{said}");
        assert!(said.contains("release-check draft changelog"), "{said}");
    }
}

const LOCK: &str = "# generated\nversion = 4\n\n[[package]]\nname = \"openssl-src\"\nversion = \"300.5.3+3.5.3\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"0000000000000000000000000000000000000000000000000000000000000003\"\ndependencies = [\n \"cc\",\n]\n";

/// A `cargo` that locks the version it is asked for, with this checksum; or says no.
#[cfg(unix)]
fn with_cargo(sandbox: &Sandbox, script: &str) -> crate::sandbox::Outcome {
    use std::os::unix::fs::PermissionsExt;
    let tool = sandbox.folder().join("tools/cargo");
    std::fs::create_dir_all(tool.parent().expect("a folder")).expect("folders");
    std::fs::write(&tool, format!("#!/bin/sh\n{script}")).expect("a script");
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    let mut command = sandbox.command(&[
        "prepare",
        "--offline",
        "--as-of",
        "2025-10-01",
        "--upstream",
        "../upstream.json",
    ]);
    let path = std::env::var("PATH").expect("a path");
    let first = tool.parent().expect("a folder").display().to_string();
    command.env("PATH", format!("{first}:{path}"));
    command.env("CARGO_REGISTRY_TOKEN", "hush");
    crate::sandbox::Outcome::of(command.output().expect("the program runs"))
}

#[cfg(unix)]
#[test]
fn cargo_says_the_checksum_where_that_is_asked_for() {
    let writes = "[ -z \"$CARGO_REGISTRY_TOKEN\" ] && [ \"$*\" = 'update openssl-src --precise 300.5.4+3.5.4 --offline' ] || exit 9\n\
                  grep -q 'openssl-src = \"\\*\"' Cargo.toml || exit 8\n\
                  sed -i.old -e 's/300.5.3+3.5.3/300.5.4+3.5.4/' -e 's/0003\"/0004\"/' Cargo.lock\n";
    let after = LOCK
        .replace("300.5.3+3.5.3", "300.5.4+3.5.4")
        .replace("0003\"", "0004\"");
    let asking = "cargo = \"openssl-src\"\ncargo-update = true\n";
    let sandbox = project(asking, &[("Cargo.lock", LOCK)]);
    let said = with_cargo(&sandbox, writes).exits(0);
    assert_eq!(sandbox.read("Cargo.lock"), after);
    assert!(!said.stderr.contains("unchecked"), "{}", said.stderr);

    // What crates.io has is known without it; not what another registry has.
    let sandbox = project("cargo = \"openssl-src\"\n", &[("Cargo.lock", LOCK)]);
    let said = with_cargo(&sandbox, "exit 9").exits(0);
    let lock = sandbox.read("Cargo.lock");
    assert!(
        lock.contains("\"300.5.4+3.5.4\"") && lock.contains("\"a507b379"),
        "{lock}"
    );
    assert!(!said.stderr.contains("unchecked"), "{}", said.stderr);

    // Where nobody says it, the old one does not stay beside the new version.
    let step = "run `cargo update openssl-src --precise 300.5.4+3.5.4`";
    let lock = &*LOCK.replace(
        "github.com/rust-lang/crates.io-index",
        "registry.example/index",
    );
    for (pin, script, says) in [
        (
            "cargo = \"openssl-src\"\n",
            "exit 9",
            "that of 300.5.3+3.5.3 must not stay beside it; set `cargo-update = true` in",
        ),
        (
            asking,
            "echo 'error: no matching package' >&2; exit 101",
            "no matching package",
        ),
        (
            asking,
            &*writes.replace("-e 's/0003", "-e 's/\"cc\"/\"cc\", \"dd\"/' -e 's/0003"),
            "needs other crates",
        ),
    ] {
        let sandbox = project(pin, &[("Cargo.lock", lock)]);
        let said = with_cargo(&sandbox, script).exits(1).stderr;
        assert_eq!(sandbox.read("Cargo.lock"), lock);
        assert!(said.contains(step) && said.contains(says), "{said}");
    }
}

#[test]
fn a_crate_that_was_never_there_is_said_to_be_a_guess() {
    let lock = "version = 4\n\n[[package]]\nname = \"openssl-src\"\nversion = \"300.5.5+3.5.5\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"3f1787d533229cc14f4eda8bbf71dbf2b1a2c2cf8ce8c8fe4ad5e1b28b2d0b2b\"\ndependencies = [\n \"cc\",\n]\n";
    let sandbox = Sandbox::new();
    sandbox.file("Cargo.lock", lock).file(
        "release-check.toml",
        "[project]\nname = \"x\"\n\n[[link]]\nname = \"openssl\"\nseries = \"keep\"\n\n[[link.pin]]\ncargo = \"openssl-src\"\n",
    );
    let prepare = ["prepare", "--offline", "--as-of", "2026-06-10"];
    let said = sandbox.run(&prepare).exits(1).stderr;
    assert_eq!(sandbox.read("Cargo.lock"), lock);
    for word in [
        "run `cargo update openssl-src --precise 300.5.7+3.5.7`; 300.5.7+3.5.7 follows the crate's numbering, and on ",
        "none with OpenSSL 3.5.7 was there",
    ] {
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn the_checksum_of_another_version_of_a_crate_is_a_broken_pin() {
    let lock = "version = 4\n\n[[package]]\nname = \"openssl-src\"\nversion = \"300.5.9+3.5.9\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"a507b3792995dae9b0df8a1c1e3771e8418b7c2d9f0baeba32e6fe8b06c7cb72\"\n";
    let sandbox = Sandbox::new();
    sandbox.file("Cargo.lock", lock).file(
        "release-check.toml",
        "[project]\nname = \"x\"\n\n[[link]]\nname = \"openssl\"\n\n[[link.pin]]\ncargo = \"openssl-src\"\n",
    );
    let when = ["--offline", "--as-of", "2026-09-30"];
    let says = "`Cargo.lock` line 5: says openssl-src 300.5.9+3.5.9, beside the checksum of 300.5.4+3.5.4; run `cargo update openssl-src --precise 300.5.9+3.5.9`, or take the version back to 300.5.4+3.5.4";
    for command in ["check", "prepare"] {
        let said = sandbox.run(&[&[command][..], &when].concat()).exits(2);
        assert!(said.stderr.contains(says), "{}", said.stderr);
    }
    let doctor = sandbox.run(&[&["doctor"][..], &when].concat()).exits(2);
    assert!(doctor.stdout.contains("beside the checksum of"));
}

#[test]
fn what_asks_for_just_the_old_crate_moves_along() {
    let lock = LOCK.replace("\n\n[[package]]", "\n\n[[package]]\nname = \"openssl-sys\"\nversion = \"0.9.106\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\ndependencies = [\n \"openssl-src\",\n]\n\n[[package]]");
    let root = "[workspace]\nmembers = [\"a\"]\n\n[workspace.dependencies]\nopenssl-src = \"=300.5.3\" # vendored\n";
    let member =
        "[package]\nname = \"a\"\n\n[dependencies]\nopenssl-src = { version = \"= 300.5.3\" }\n";
    let files = [
        ("Cargo.lock", lock.as_str()),
        ("Cargo.toml", root),
        ("a/Cargo.toml", member),
    ];
    let sandbox = project("cargo = \"openssl-src\"\n", &files);
    let day = ["--offline", "--as-of", "2026-06-20"];
    let said = sandbox.run(&[&["prepare", "--to", "3.5.4"], &day[..]].concat());
    assert!(!said.exits(0).stderr.contains("openssl-sys"));
    for (path, before) in [("Cargo.toml", root), ("a/Cargo.toml", member)] {
        assert_eq!(sandbox.read(path), before.replace("300.5.3", "300.5.4"));
    }

    // Whether openssl-sys takes another major is not known.
    let sandbox = project("cargo = \"openssl-src\"\n", &files);
    let said = sandbox.run(&[&["prepare", "--to", "4.0.1"], &day[..]].concat());
    assert!(
        said.exits(0)
            .stderr
            .contains("`Cargo.lock` line 5: openssl-sys needs openssl-src too")
    );

    let sandbox = project("cargo = \"openssl-src\"\n", &files);
    sandbox.file("Cargo.toml", root.replace("=300.5.3", "<300.5.4"));
    let said = sandbox.run(&[&["prepare", "--to", "3.5.4"], &day[..]].concat());
    let says = "`Cargo.toml` line 5: its requirement leaves openssl-src 300.5.4+3.5.4 out";
    assert!(said.exits(2).stderr.contains(says));
    assert_eq!(sandbox.read("Cargo.lock"), lock);
}

#[test]
fn each_entry_may_be_a_file_of_its_own() {
    let pin = "file = \"v\"\nmatch = 'V={version}'\n\n[changelog]\n";
    let config =
        format!("{pin}entry = \"changelog/unreleased/core/openssl.yml\"\nfile = \"NEWS.md\"\n");
    let news = "# News\n\n## 1.0.0\n\n- Old.\n";
    let sandbox = project(&config, &[("v", "V=3.5.3\n"), ("NEWS.md", news)]);
    let entry = |version: &str| {
        format!(
            "message: \"Updated the statically linked OpenSSL to {version}.\"\ntype: dependency\n"
        )
    };
    let path = "changelog/unreleased/core/openssl.yml";
    let draft = sandbox.run(&[
        "draft",
        "changelog",
        "--offline",
        "--as-of",
        "2025-10-01",
        "--upstream",
        "../upstream.json",
    ]);
    assert_eq!(draft.exits(0).stdout, entry("3.5.4"));
    // Nothing goes into the whole one, so that no draft depends on what it says.
    sandbox.file("NEWS.md", "nothing yet\n");
    for kind in ["pull-request", "changelog"] {
        let draft = [&["draft", kind], &UPSTREAM[..]].concat();
        assert!(!sandbox.run(&draft).exits(0).stdout.is_empty(), "{kind}");
    }
    sandbox.file("NEWS.md", news);
    prepare(&sandbox, &["--to", "3.5.2"]).exits(0);
    assert_eq!(sandbox.read(path), entry("3.5.2"));
    for _ in 0..2 {
        prepare(&sandbox, &[]).exits(0);
        assert_eq!(sandbox.read(path), entry("3.5.4"));
        assert_eq!(sandbox.read("NEWS.md"), news);
    }

    let config = format!("{pin}entry = \"news/+openssl-{{version}}.misc.rst\"\n");
    let sandbox = project(
        &config,
        &[("v", "V=3.5.3\n"), ("news/1.misc.rst", "Old.\n")],
    );
    let entry = |version: &str| format!("Updated the statically linked OpenSSL to {version}.\n");
    for version in ["3.5.2", "3.5.4"] {
        prepare(&sandbox, &["--to", version]).exits(0);
        let path = format!("news/+openssl-{version}.misc.rst");
        assert_eq!(sandbox.read(&path), entry(version));
        assert_eq!(sandbox.tree().len(), 4, "{:?}", sandbox.tree().keys());
    }
    for (table, says) in [
        ("", "needs `file`"),
        ("file = \"A.md\"\ntext = \"{entry}\"", "belongs to `entry`"),
        ("entry = \"a/{versoin}\"", "is one file's name"),
        ("entry = \"a\"\ntext = \"x\"", "needs `{entry}` once"),
        ("entry = \"a\"\nforward = true", "leave it out"),
    ] {
        sandbox.file("release-check.toml", format!("{CONFIG}{pin}{table}\n"));
        let said = check(&sandbox, &[]).exits(2).stderr;
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn init_finds_entries_that_are_files() {
    let sandbox = Sandbox::new();
    sandbox.file("../upstream.json", include_str!("../golden/upstream.json"));
    sandbox.file("openssl-version.sh", "OPENSSL_VERSION=3.5.3\n");
    sandbox.file(
        "changelog/unreleased/core/bump-openssl.yml",
        "message: \"Bumped OpenSSL to 3.5.3.\"\ntype: dependency\nscope: Core\n",
    );
    sandbox.run(&[&["init"], &UPSTREAM[..]].concat()).exits(0);
    let config = sandbox.read("release-check.toml");
    assert!(
        config.contains("entry = \"changelog/unreleased/core/bump-openssl.yml\"\ntext = "),
        "{config}"
    );
    prepare(&sandbox, &[]).exits(0);
    assert_eq!(
        sandbox.read("changelog/unreleased/core/bump-openssl.yml"),
        "message: \"Updated the statically linked OpenSSL to 3.5.4.\"\ntype: dependency\nscope: Core\n"
    );
}

/// Nothing of the old tarball is left behind: not a digest that is known, nor one that is not, nor
/// the old version with a revision.
#[test]
fn what_would_be_left_of_the_old_release_stops_the_bump() {
    let digest = "0".repeat(128);
    let manifest = format!("DIST openssl-3.5.3.tar.gz 53158817 SHA512 {digest}\n");
    let wrap = "directory = openssl-3.5.3\npatch_filename = openssl_3.5.3-1_patch.zip\nversion = 3.5.3-1\n";
    for (pin, text, says) in [
        (
            "match = 'DIST openssl-{version}.tar.gz'",
            &*manifest,
            "`v` line 1",
        ),
        (
            "match = 'directory = openssl-{version}'",
            wrap,
            "`v` lines 2 and 3",
        ),
    ] {
        let sandbox = project(&format!("file = \"v\"\n{pin}\n"), &[("v", text)]);
        refused(&sandbox, &[], 2, &[says]);
    }
}

#[test]
fn headings_of_two_levels_go_on_with_the_newest_on_top() {
    let log = "# [2.1.0](https://example.org/compare/v2.0.1...v2.1.0) (2025-09-01)\n\n### Bug Fixes\n\n* one\n\n## [2.0.1](https://example.org/compare/v2.0.0...v2.0.1) (2025-01-01)\n\n* old\n\n# [2.0.0](https://example.org/compare/v1.0.0...v2.0.0) (2024-01-01)\n\n* older\n";
    let pin = "file = \"v\"\nmatch = 'V={version}'\n\n[changelog]\nfile = \"CHANGELOG.md\"\n";
    let sandbox = project(pin, &[("v", "V=3.5.3\n"), ("CHANGELOG.md", log)]);
    prepare(&sandbox, &[]).exits(0);
    let after = sandbox.read("CHANGELOG.md");
    let head = "## [2.1.1](https://example.org/compare/v2.1.0...v2.1.1) (2025-10-01)\n";
    assert!(after.starts_with(head) && after.ends_with(log), "{after}");
}

#[test]
fn every_living_series_of_a_link_moves_in_one_run() {
    let pin = "file = \"d/*\"\nmatch = 'v={version}'\nmixed = true\n\n[changelog]\nfile = \"CHANGELOG.md\"\n";
    let files = [
        ("d/1", "v=1.1.1w\n"),
        ("d/2", "v=3.0.17\n"),
        ("d/3", "v=3.5.3\n"),
        ("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- x\n"),
    ];
    let sandbox = project(pin, &files);
    let told = |sandbox: &Sandbox| {
        let checked = check(sandbox, &["--format", "json"]).exits(11).stdout;
        let checked: serde_json::Value = serde_json::from_str(&checked).expect("JSON");
        let link = &checked["links"][0];
        let beside = &link["beside"][0];
        [
            &link["linked"],
            &link["target"],
            &beside["linked"],
            &beside["target"],
        ]
        .map(|one| one.as_str().expect("a version").to_owned())
    };
    assert_eq!(told(&sandbox), ["3.0.17", "3.0.18", "3.5.3", "3.5.4"]);
    let text = check(&sandbox, &[]).exits(11).stdout;
    assert!(
        text.contains("  with it    3.5.3 -> 3.5.4 (security-release)\n"),
        "{text}"
    );
    let moved = prepare(&sandbox, &[]).exits(0).stdout;
    assert!(
        moved.contains("3.0.17 -> 3.0.18") && moved.contains("3.5.3 -> 3.5.4"),
        "{moved}"
    );
    for _ in 0..2 {
        for (file, text) in ["v=1.1.1w\n", "v=3.0.18\n", "v=3.5.4\n"].iter().enumerate() {
            assert_eq!(sandbox.read(&format!("d/{}", file + 1)), *text);
        }
        let entry =
            |version: &str| format!("- Updated the statically linked OpenSSL to {version}.\n");
        let log = format!("{}{}{}", files[3].1, entry("3.0.18"), entry("3.5.4"));
        assert_eq!(sandbox.read("CHANGELOG.md"), log);
        prepare(&sandbox, &[]).exits(0);
    }

    // What is security leads, and what fixes nothing goes with it.
    let sandbox = project(pin, &files);
    let known = include_str!("../golden/upstream.json");
    let bug_fix = known.replace(",{\"from\":\"3.0.0\",\"before\":\"3.0.18\"}", "");
    assert_ne!(known, bug_fix);
    sandbox.file("../upstream.json", bug_fix);
    assert_eq!(told(&sandbox), ["3.5.3", "3.5.4", "3.0.17", "3.0.18"]);

    // A table that keeps every release it ever had is at rest where no living series has a newer one.
    let pin =
        "file = \"t\"\ninsert = { before = '- {version}', text = '- {version}' }\nmixed = true\n";
    let sandbox = project(pin, &[("t", "- 3.5.3\n- 3.0.17\n- 1.1.1w\n")]);
    prepare(&sandbox, &[]).exits(0);
    assert_eq!(
        sandbox.read("t"),
        "- 3.5.4\n- 3.5.3\n- 3.0.18\n- 3.0.17\n- 1.1.1w\n"
    );
    check(&sandbox, &[]).exits(0);
}

/// Facts that lack a digest or a size are no reason to write it into a pattern as it stands.
#[test]
fn init_takes_a_size_that_nothing_known_tells_for_one() {
    let known = include_str!("../golden/upstream.json");
    let mut facts: serde_json::Value = serde_json::from_str(known).expect("JSON");
    for release in facts["releases"].as_array_mut().expect("releases") {
        let hashes = release["hashes"].as_object_mut().expect("digests");
        hashes.retain(|name, _| name == "sha256");
        release.as_object_mut().expect("a release").remove("size");
    }
    let digest = "5a".repeat(64);
    for (file, text, expected) in [
        (
            "deps.json",
            format!(
                "{{\"openssl\": {{\"version\": \"3.5.3\", \"size\": 50493529, \"sha512\": \"{digest}\"}}}}\n"
            ),
            "\"version\": \"{version}\", \"size\": {size}, \"sha512\": \"{sha512}\"",
        ),
        (
            "dev-libs/openssl/Manifest",
            format!("DIST openssl-3.5.3.tar.gz 50493529 SHA512 {digest}\n"),
            "openssl-{version}.tar.gz {size} SHA512 {sha512}",
        ),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file("../upstream.json", facts.to_string());
        sandbox.file(file, &text);
        sandbox.run(&[&["init"], &UPSTREAM[..]].concat()).exits(0);
        let config = sandbox.read("release-check.toml");
        assert!(config.contains(expected), "{config}");
        let said = sandbox
            .run(&[&["prepare"], &UPSTREAM[..]].concat())
            .exits(1)
            .stderr;
        assert!(said.contains("of OpenSSL 3.5.4 is not known"), "{said}");
    }
}
