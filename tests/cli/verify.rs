//! `verify` and `history --published`.

use serde_json::{Value, json};

use crate::artefacts::{ar, elf, fat, gzip, object, tar, zip};
use crate::index_server::{IndexServer, Upload};
use crate::sandbox::{Outcome, Sandbox};

const FIXED: &str = "OpenSSL 3.5.4 30 Sep 2025";
const OLD: &str = "OpenSSL 3.5.3 16 Sep 2025";

fn wheel(module: &[u8]) -> Vec<u8> {
    zip(&[("x/_rust.so", module), ("x/__init__.py", FIXED.as_bytes())])
}

fn universal(intel: &str, arm: &str) -> Vec<u8> {
    let slice = |architecture, text| {
        object(
            object::BinaryFormat::MachO,
            architecture,
            object::Endianness::Little,
            &[text],
        )
    };
    wheel(&fat(
        &slice(object::Architecture::X86_64, intel),
        &slice(object::Architecture::Aarch64, arm),
    ))
}

/// Two releases: the first with 3.5.3 everywhere, the second as given.
fn uploads(second: Vec<Upload<'static>>) -> Vec<Upload<'static>> {
    let mut uploads = vec![
        (
            "x-1.0-cp311-abi3-manylinux_2_34_x86_64.whl",
            "2025-09-20",
            wheel(&elf(&[OLD])),
        ),
        ("x-1.0-cp311-abi3-win_amd64.whl", "2025-09-20", windows(OLD)),
        (
            "x-1.0-cp311-abi3-macosx_10_9_universal2.whl",
            "2025-09-20",
            universal(OLD, OLD),
        ),
        (
            "x-1.0.tar.gz",
            "2025-09-20",
            gzip(&tar(&[("x-1.0/setup.py", b"")])),
        ),
    ];
    uploads.extend(second);
    uploads
}

/// A wheel with an object for Windows, which is known by its name.
fn windows(text: &str) -> Vec<u8> {
    let module = object(
        object::BinaryFormat::Coff,
        object::Architecture::X86_64,
        object::Endianness::Little,
        &[text],
    );
    zip(&[("x/_rust.obj", &module)])
}

fn complete() -> Vec<Upload<'static>> {
    vec![
        (
            "x-1.1-cp311-abi3-manylinux_2_34_x86_64.whl",
            "2025-10-02",
            wheel(&elf(&[FIXED])),
        ),
        (
            "x-1.1-cp311-abi3-win_amd64.whl",
            "2025-10-02",
            windows(FIXED),
        ),
        (
            "x-1.1-cp311-abi3-macosx_10_9_universal2.whl",
            "2025-10-02",
            universal(FIXED, FIXED),
        ),
        (
            "x-1.1.tar.gz",
            "2025-10-02",
            gzip(&tar(&[("x-1.1/setup.py", b"")])),
        ),
        (
            "x-1.2rc1-cp311-abi3-win_amd64.whl",
            "2025-10-03",
            windows(OLD),
        ),
    ]
}

fn project(extra: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(
        "release-check.toml",
        format!("[project]\nname = \"x\"\n\n[published]\npackage = \"X\"\n{extra}"),
    );
    sandbox
}

fn run(sandbox: &Sandbox, server: &IndexServer, arguments: &[&str]) -> Outcome {
    let mut command = sandbox.command(arguments);
    Outcome::of(
        command
            .env("PIP_INDEX_URL", server.index())
            .output()
            .expect("the program runs"),
    )
}

fn platforms(json: &Value) -> Vec<String> {
    let rows = json["platforms"].as_array().expect("a list").iter();
    rows.map(|row| format!("{} {}", row["platform"].as_str().expect("text"), row["ok"]))
        .collect()
}

#[test]
fn a_release_that_is_right_everywhere() {
    let (sandbox, server) = (project(""), IndexServer::json("x", uploads(complete())));
    let outcome = run(&sandbox, &server, &["verify", "--expect", "3.5.4"]).exits(0);
    insta::assert_snapshot!(outcome.stdout, @r"
    ok: release 1.1, OpenSSL 3.5.4 on all 4 platforms
      ok       macos-arm64           OpenSSL 3.5.4, 1 file
      ok       macos-x86_64          OpenSSL 3.5.4, 1 file
      ok       manylinux-x86_64      OpenSSL 3.5.4, 1 file
      ok       windows-x86_64        OpenSSL 3.5.4, 1 file
    next: `release-check announce` tells subscribers
    ");
    let json = run(
        &sandbox,
        &server,
        &["verify", "--expect", "3.5.4", "--format", "json"],
    )
    .exits(0)
    .json();
    assert_eq!(
        (
            &json["release"],
            &json["previous"],
            &json["ok"],
            &json["missing"]
        ),
        (&json!("1.1"), &json!("1.0"), &json!(true), &json!([]))
    );
    assert_eq!(
        platforms(&json),
        [
            "macos-arm64 true",
            "macos-x86_64 true",
            "manylinux-x86_64 true",
            "windows-x86_64 true"
        ]
    );
    // What was in them is known by their digests.
    assert_eq!(server.fetched(), 4);
    run(
        &sandbox,
        &server,
        &["verify", "--expect", "3.5.4", "--release", "1.0.0"],
    )
    .exits(20);
    let unknown = run(
        &sandbox,
        &server,
        &["verify", "--expect", "3.5.4", "--release", "9.9"],
    )
    .exits(1);
    assert!(
        unknown.stdout.is_empty() && unknown.stderr.contains("no release `9.9`"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn one_platform_left_behind() {
    let mut second = complete();
    second[2].2 = universal(OLD, FIXED);
    let (sandbox, server) = (project(""), IndexServer::json("x", uploads(second)));
    let json = run(
        &sandbox,
        &server,
        &["verify", "--expect", "3.5.4", "--format", "json"],
    )
    .exits(20)
    .json();
    let file = json["files"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|file| file["ok"] == false)
        .expect("a wrong one");
    assert_eq!(
        file["problem"],
        "OpenSSL 3.5.3 instead of 3.5.4 for macos-x86_64"
    );
}

#[test]
fn a_platform_that_is_missing() {
    let mut second = complete();
    second.remove(1);
    let server = IndexServer::json("x", uploads(second));
    let outcome = run(&project(""), &server, &["verify", "--expect", "3.5.4"]).exits(20);
    assert!(
        outcome
            .stdout
            .contains("MISSING  windows-x86_64        no file, which 1.0 had"),
        "{}",
        outcome.stdout
    );
    // One that links none.
    let mut without = complete();
    without[1].2 = zip(&[("x/__init__.py", b"")]);
    let server_without = IndexServer::json("x", uploads(without));
    let outcome = run(
        &project(""),
        &server_without,
        &["verify", "--expect", "3.5.4"],
    )
    .exits(20);
    assert!(
        outcome.words().contains(
            "a platform that links none on purpose: name the others in `published.platforms`"
        ),
        "{}",
        outcome.stdout
    );
    let outcome = run(
        &project("platforms = [\"macos\", \"manylinux-x86_64\"]\n"),
        &server_without,
        &["verify", "--expect", "3.5.4"],
    )
    .exits(0);
    assert!(
        outcome.stdout.contains(
            "ok       windows-x86_64        no OpenSSL, on purpose: `published.platforms` leaves it out, 1 file"
        ),
        "{}",
        outcome.stdout
    );
    // Dropped on purpose.
    run(
        &project("platforms = [\"macos\", \"manylinux-x86_64\"]\n"),
        &server,
        &["verify", "--expect", "3.5.4"],
    )
    .exits(0);
    run(
        &project("platforms = [\"musllinux\"]\n"),
        &server,
        &["verify", "--expect", "3.5.4"],
    )
    .exits(20);
}

#[test]
fn a_file_that_is_not_the_one_the_index_promised() {
    let (sandbox, server) = (
        project(""),
        IndexServer::html(
            "x",
            uploads(complete()),
            &["x-1.1-cp311-abi3-win_amd64.whl"],
        ),
    );
    let outcome = run(&sandbox, &server, &["verify", "--expect", "3.5.4"]).exits(20);
    assert!(
        outcome.words().contains("the index says")
            && outcome.stdout.contains("WRONG    windows-x86_64"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn files_instead_of_the_index() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "dist/x-1.1-cp311-abi3-manylinux_2_34_x86_64.whl",
        wheel(&elf(&[FIXED])),
    );
    sandbox
        .run(&["verify", "dist", "--expect", "3.5.4"])
        .exits(0);
    sandbox
        .run(&[
            "verify",
            "--offline",
            "dist/x-1.1-cp311-abi3-manylinux_2_34_x86_64.whl",
            "--expect",
            "3.5.4",
        ])
        .exits(0);
    sandbox.file(
        "dist/x-1.1-cp311-abi3-win_amd64.whl",
        wheel(&elf(&["none"])),
    );
    let outcome = sandbox
        .run(&["verify", "dist", "--expect", "3.5.4"])
        .exits(20);
    assert!(
        outcome.stdout.contains("win_amd64.whl: no OpenSSL in it"),
        "{}",
        outcome.stdout
    );
    sandbox.file(
        "release-check.toml",
        "[project]\nname = \"x\"\n\n[published]\nfiles = [\"dist/*manylinux*.whl\"]\n",
    );
    sandbox.run(&["verify", "--expect", "3.5.4"]).exits(0);
    sandbox.run(&["verify", "--expect", "3.5.5"]).exits(20);
}

#[test]
fn compiled_code_in_an_archive_is_no_source() {
    let sandbox = Sandbox::new();
    let module = elf(&["nothing of it"]);
    let archive = |members: &[(&str, &[u8])]| gzip(&tar(members));
    sandbox
        .file("m-1.0.tgz", archive(&[("package/a.node", &module)]))
        .file(
            "n-1.0.tgz",
            archive(&[("n/lib.a", &ar(&[("a.o/", &module)]))]),
        )
        .file(
            "x-1.0.tar.gz",
            archive(&[("x-1.0/PKG-INFO", b"Name: x\n"), ("x-1.0/a.so", &module)]),
        )
        .file("y-1.0.tgz", archive(&[("y/tests/data/a.so", &module)]))
        .file("z-1.0.tgz", archive(&[("z/a.c", b"int a;\n")]));
    let verified = |file: &str| {
        let outcome = sandbox.run(&["verify", "--expect", "3.5.4", file]);
        outcome.exits(20).stdout
    };
    for file in ["m-1.0.tgz", "n-1.0.tgz"] {
        let text = verified(file);
        assert!(
            text.starts_with("wrong: OpenSSL 3.5.4 on 0 of 1 platform\n")
                && text.contains(&format!("{file}: no OpenSSL in it")),
            "{text}"
        );
    }
    for file in ["x-1.0.tar.gz", "y-1.0.tgz", "z-1.0.tgz"] {
        let text = verified(file);
        let told = "wrong: there is no compiled file; OpenSSL 3.5.4 was expected\n";
        assert!(text.starts_with(told), "{file}: {text}");
    }
}

#[test]
fn what_is_left_behind_of_an_older_series_is_not_ok() {
    let sandbox = Sandbox::new();
    let both = [
        ("x/_a.so", elf(&["OpenSSL 4.0.0 14 Apr 2026"])),
        ("x/_b.so", elf(&[FIXED])),
    ];
    let members: Vec<(&str, &[u8])> = both.iter().map(|(name, of)| (*name, &of[..])).collect();
    let name = "x-1.1-cp311-abi3-manylinux_2_34_x86_64.whl";
    sandbox.file(name, zip(&members));
    let outcome = sandbox
        .run(&["verify", "--expect", "4.0.0", name])
        .exits(20);
    assert!(
        outcome
            .stdout
            .contains(&format!("{name}: also carries OpenSSL 3.5.4")),
        "{}",
        outcome.stdout
    );
    let two = ["verify", "--expect", "4.0.0", "--expect", "3.5.4", name];
    sandbox.run(&two).exits(0);
}

/// A release carries what its tag pinned, whatever is pinned since.
#[test]
fn what_the_tag_of_a_release_pinned_is_expected() {
    let sandbox = Sandbox::new();
    let config = "[project]\nname = \"x\"\n\n[[link]]\nname = \"wheels\"\n\n[[link.pin]]\nfile = \"openssl.sh\"\nmatch = ['VERSION={version}']\n";
    sandbox
        .file("release-check.toml", config)
        .file("openssl.sh", "VERSION=3.5.4\n");
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "--all"],
        &["commit", "--quiet", "-m", "one"],
        &["tag", "1.1"],
    ] {
        crate::git::git(&sandbox.path(), arguments);
    }
    sandbox.file("openssl.sh", "VERSION=3.5.5\n");
    sandbox.file(
        "dist/x-1.1-cp311-abi3-manylinux_2_34_x86_64.whl",
        wheel(&elf(&[FIXED])),
    );
    sandbox
        .run(&["--offline", "verify", "--release", "1.1", "dist"])
        .exits(0);
    sandbox.run(&["--offline", "verify", "dist"]).exits(20);
    let unknown = sandbox.run(&["--offline", "verify", "--release", "1.2", "dist"]);
    assert!(
        unknown
            .exits(2)
            .stderr
            .contains("no tag names release `1.2`")
    );
}

#[test]
fn what_the_pins_say_is_expected() {
    let sandbox = Sandbox::new();
    sandbox.file("openssl.sh", "VERSION=3.5.4\n").file(
        "dist/x-1.1-cp311-abi3-manylinux_2_34_x86_64.whl",
        wheel(&elf(&[FIXED])),
    );
    let config = "[project]\nname = \"x\"\n\n[[link]]\nname = \"wheels\"\n\n[[link.pin]]\nfile = \"openssl.sh\"\nmatch = ['VERSION={version}']\n";
    sandbox.file("release-check.toml", config);
    sandbox.run(&["--offline", "verify", "dist"]).exits(0);
    sandbox.file("openssl.sh", "VERSION=3.5.5\n");
    let outcome = sandbox.run(&["--offline", "verify", "dist"]).exits(20);
    assert!(
        outcome.words().contains("OpenSSL 3.5.4 instead of 3.5.5"),
        "{}",
        outcome.stdout
    );
    sandbox.file(
        "release-check.toml",
        config.replace(
            "name = \"wheels\"",
            "name = \"wheels\"\nrepository = \"x/infra\"",
        ),
    );
    let outcome = sandbox.run(&["--offline", "verify", "dist"]).exits(2);
    assert!(
        outcome.stderr.contains("`--expect VERSION`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn history_of_what_was_published() {
    let mut second = complete();
    second.push((
        "x-1.3-cp311-abi3-manylinux_2_34_x86_64.whl",
        "2025-12-01",
        wheel(&elf(&["OpenSSL 9.9.9 1 Dec 2025"])),
    ));
    let (sandbox, server) = (project(""), IndexServer::json("x", uploads(second)));
    let arguments = [
        "history",
        "--published",
        "--format",
        "json",
        "--as-of",
        "2026-01-01",
    ];
    let json = run(&sandbox, &server, &arguments).exits(0).json();
    let releases = json["releases"].as_array().expect("a list");
    let versions: Vec<&str> = releases
        .iter()
        .filter_map(|release| release["version"].as_str())
        .collect();
    assert_eq!(versions, ["1.3", "1.1", "1.0"]);
    assert_eq!(
        (&releases[0]["known"], &releases[0]["advisories"]),
        (&json!(false), &Value::Null)
    );
    let carried = releases[2]["advisories"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|carried| carried["id"] == "CVE-2025-9230")
        .expect("carried");
    assert_eq!(
        *carried,
        json!({"id": "CVE-2025-9230", "severity": "moderate", "carriers": ["macos-arm64", "macos-x86_64", "manylinux-x86_64", "windows-x86_64"], "exposed_from": "2025-09-30", "exposed_until": "2025-10-02", "fixed_in": "1.1", "days": 2})
    );
    let text = run(
        &sandbox,
        &server,
        &["history", "--published", "--as-of", "2026-01-01"],
    )
    .exits(0)
    .stdout;
    assert!(
        text.contains("? 1.3  2025-12-01  9.9.9: not known"),
        "{text}"
    );
    // On an earlier day there was one release.
    let json = run(
        &sandbox,
        &server,
        &[
            "history",
            "--published",
            "--format=json",
            "--as-of",
            "2025-09-25",
        ],
    )
    .exits(0)
    .json();
    assert_eq!(json["releases"].as_array().map(Vec::len), Some(1));
}
