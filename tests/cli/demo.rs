//! `demo`.

use std::fs;
use std::path::Path;

use crate::sandbox::Sandbox;

#[test]
fn the_whole_pipeline_in_a_folder_of_its_own() {
    let sandbox = Sandbox::new();
    sandbox.file("mine.txt", "untouched");
    let before = sandbox.tree();
    let mut command = sandbox.command(&["demo"]);
    let temporary = tempfile::tempdir().expect("a folder");
    command.env("TMPDIR", temporary.path());
    let outcome = crate::sandbox::Outcome::of(command.output().expect("the program runs")).exits(0);
    let (unverified, waits) = outcome.stderr.split_once('\n').expect("two lines");
    let known = ": nothing was verified now: the digests are the ones known from an earlier time";
    assert!(unverified.ends_with(known), "{unverified}");
    assert_eq!(
        waits,
        "not to be sent yet: `announce --execute` waits for the pull request merged and the release tagged\n"
    );
    assert_eq!(before, sandbox.tree());
    for part in [
        "== release-check check",
        "security-release",
        "+export OPENSSL_SHA256=",
        "Message-ID: <demo.",
        "- [ ] tag and publish",
        "to be compiled with OpenSSL",
    ] {
        assert!(
            outcome.stdout.contains(part),
            "{part} is missing in {}",
            outcome.stdout
        );
    }
    let line = outcome.stdout.lines().last().expect("a last line");
    let folder = line
        .strip_prefix("The project is in ")
        .and_then(|rest| rest.split(';').next())
        .expect("the folder");
    let pin = fs::read_to_string(Path::new(folder).join("openssl-version.sh")).expect("the pin");
    assert!(
        outcome
            .stdout
            .contains(&format!("+{}", pin.lines().next().expect("a line"))),
        "{pin}"
    );
}

#[test]
fn as_json() {
    let temporary = tempfile::tempdir().expect("a folder");
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["demo", "--format", "json"]);
    command.env("TMPDIR", temporary.path());
    let json = crate::sandbox::Outcome::of(command.output().expect("the program runs"))
        .exits(0)
        .json();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["steps"][0]["command"], "release-check check");
    assert!(
        Path::new(json["folder"].as_str().expect("text"))
            .join("release-check.toml")
            .exists()
    );
}
