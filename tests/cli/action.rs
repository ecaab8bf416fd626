//! The scripts of the GitHub Action, run by a real bash as a runner would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::missing;
use crate::sandbox::{Outcome, Sandbox};
use crate::server::{Reply, Server};

const PIN: &str = "[project]\nname = \"example\"\n[[link]]\nname = \"wheels\"\n[[link.pin]]\nfile = \"pin\"\nmatch = \"openssl-{version}\"\n";

/// Whether the runner's programs are here.
fn has(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(".github/action")
        .join(name)
}

/// Runs a script of the action in the sandbox, and gives what it wrote to `GITHUB_OUTPUT` too.
fn run(sandbox: &Sandbox, name: &str, environment: &[(&str, &str)]) -> (Outcome, String) {
    let output = sandbox.path().join("output");
    let _ = fs::remove_file(&output);
    let mut command = Command::new("bash");
    command
        .arg(script(name))
        .current_dir(sandbox.path())
        .env_clear();
    command
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("GITHUB_OUTPUT", &output);
    command
        .env("RELEASE_CHECK_CACHE", sandbox.path().join("cache"))
        .envs(environment.iter().copied());
    let outcome = Outcome::of(command.output().expect("bash runs"));
    (outcome, fs::read_to_string(output).unwrap_or_default())
}

#[test]
fn sarif_is_of_the_same_run() {
    if !has("bash") {
        missing::skip("there is no bash");
        return;
    }
    let sandbox = Sandbox::new();
    let binary = format!(
        "#!/usr/bin/env bash\necho called >> \"{}\"\nexec \"{}\" \"$@\"\n",
        sandbox.path().join("calls").display(),
        env!("CARGO_BIN_EXE_release-check")
    );
    sandbox
        .file("project/release-check.toml", PIN)
        .file("project/pin", "openssl-3.5.3\n")
        .file("binary", binary);
    let mut wrapper = Command::new("chmod");
    wrapper.arg("+x").arg(sandbox.path().join("binary"));
    assert!(wrapper.status().is_ok_and(|status| status.success()));
    let binary = sandbox.path().join("binary").display().to_string();
    let environment = [
        ("BINARY", binary.as_str()),
        ("COMMAND", "check --offline --as-of 2025-10-01"),
        ("DIRECTORY", "project"),
        ("SARIF", "out.sarif"),
    ];
    let (outcome, _) = run(&sandbox, "run", &environment);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let called = fs::read_to_string(sandbox.path().join("calls")).expect("calls");
    assert_eq!(called, "called\n");
    let sarif = fs::read(sandbox.path().join("out.sarif")).expect("SARIF");
    let sarif: serde_json::Value = serde_json::from_slice(&sarif).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert!(!results.is_empty(), "{sarif:#}");
}

#[test]
fn a_release_that_is_due_fails_the_job_only_if_that_is_wanted() {
    if !has("bash") {
        missing::skip("there is no bash");
        return;
    }
    let sandbox = Sandbox::new();
    sandbox
        .file("project/release-check.toml", PIN)
        .file("project/pin", "openssl-3.5.3\n");
    for (command, fail_on, status, reported) in [
        (
            "check --offline --as-of 2025-10-01",
            "error",
            0,
            "status=11",
        ),
        ("check --offline --as-of 2025-10-01", "due", 11, "status=11"),
        ("check --offline --as-of 2025-09-20", "due", 0, "status=0"),
        ("check --no-such-option", "error", 2, "status=2"),
    ] {
        let environment = [
            ("BINARY", env!("CARGO_BIN_EXE_release-check")),
            ("COMMAND", command),
            ("DIRECTORY", "project"),
            ("FAIL_ON", fail_on),
        ];
        let (outcome, output) = run(&sandbox, "run", &environment);
        assert_eq!(
            outcome.status, status,
            "{command} {fail_on}\n{}",
            outcome.stderr
        );
        assert!(
            output.lines().any(|line| line == reported),
            "{command}: {output}"
        );
    }
}

#[test]
fn no_name_of_this_machine_before_an_at_sign_fetches_over_plain_http() {
    if !["bash", "curl"].iter().all(|program| has(program)) {
        missing::skip("bash and curl are not both here");
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.file("a", "");
    let server = Server::start();
    let host = server.root().strip_prefix("http://").expect("http");
    for machine in ["localhost:1", "127.0.0.1:80"] {
        let downloads = format!("http://{machine}@{host}/x");
        let environment = [
            ("VERSION", "9.8.7"),
            ("DOWNLOADS", downloads.as_str()),
            ("RUNNER_OS", "Linux"),
            ("RUNNER_ARCH", "X64"),
        ];
        let (outcome, _) = run(&sandbox, "install", &environment);
        assert_ne!(outcome.status, 0);
        assert_eq!(server.take_requests().len(), 0, "{}", outcome.stderr);
    }
}

#[test]
fn a_download_runs_only_with_the_published_digest() {
    if !["bash", "curl", "tar"].iter().all(|program| has(program)) {
        missing::skip("bash, curl and tar are not all here");
        return;
    }
    let sandbox = Sandbox::new();
    let name = "release-check-9.8.7-x86_64-unknown-linux-musl";
    sandbox.file(
        &format!("{name}/release-check"),
        "#!/bin/sh\necho started\n",
    );
    let archive = sandbox.path().join("archive");
    let packed = Command::new("tar")
        .arg("-czf")
        .arg(&archive)
        .arg(name)
        .current_dir(sandbox.path())
        .status()
        .expect("tar runs");
    assert!(packed.success());
    let bytes = fs::read(&archive).expect("the archive");
    let digest: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let temporary = sandbox.path().join("temporary");
    let temporary = temporary.to_str().expect("a path");
    for (sums, version, status, says) in [
        (format!("{digest}  {name}.tar.gz\n"), "9.8.7", 0, ""),
        (
            format!("{digest}  another-{name}.tar.gz\n"),
            "9.8.7",
            1,
            "nothing was run",
        ),
        (
            format!("{}  {name}.tar.gz\n", "0".repeat(64)),
            "9.8.7",
            1,
            "nothing was run",
        ),
        (
            format!("{digest}  {name}.tar.gz\n"),
            "../9.8.7",
            2,
            "no version",
        ),
    ] {
        let server = Server::start();
        server.serve(&format!("/v9.8.7/{name}.tar.gz"), Reply::ok(bytes.clone()));
        server.serve("/v9.8.7/SHA256SUMS", Reply::ok(sums.clone()));
        let environment = [
            ("VERSION", version),
            ("DOWNLOADS", server.root()),
            ("RUNNER_OS", "Linux"),
            ("RUNNER_ARCH", "X64"),
            ("RUNNER_TEMP", temporary),
        ];
        let (outcome, output) = run(&sandbox, "install", &environment);
        assert_eq!(
            outcome.status, status,
            "{sums}\n{}{}",
            outcome.stdout, outcome.stderr
        );
        assert!(outcome.stdout.contains(says), "{}", outcome.stdout);
        let installed = output.strip_prefix("binary=").map(str::trim);
        assert_eq!(installed.is_some(), status == 0, "{output}");
        assert!(
            installed.is_none_or(|binary| Path::new(binary).is_file()),
            "{output}"
        );
    }
}

#[test]
fn the_action_installs_the_version_it_belongs_to() {
    let action = include_str!("../../action.yml");
    assert!(
        action.contains(&format!("\n    default: {}\n", env!("CARGO_PKG_VERSION"))),
        "raise `version` in action.yml"
    );
}
