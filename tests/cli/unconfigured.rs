//! A folder without a configuration.

use crate::sandbox::Sandbox;

#[test]
fn nothing_to_assess_is_said_before_anybody_is_asked() {
    let sandbox = Sandbox::new();
    sandbox.file("README.md", "A project that links nothing.\n");
    let run = sandbox.run(&["-vv", "check"]).exits(2);
    assert_eq!(
        run.stderr,
        "error: no file here names OpenSSL, and there is no `release-check.toml`; name the project's folder with `-C`\n"
    );
    assert_eq!(run.stdout, "");
}

#[test]
fn doctor_points_to_init() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["doctor", "--offline"]).exits(2);
    assert!(
        run.words().contains(
            "-> `release-check init` writes one where something here names OpenSSL, and --config names another"
        ),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("config.json"), "{}", run.stdout);
    assert_eq!(
        run.stdout.matches("release-check init").count(),
        1,
        "{}",
        run.stdout
    );
}

#[test]
fn what_is_next_can_be_done_without_a_configuration() {
    let sandbox = Sandbox::new();
    for (version, status, next) in [
        (
            "3.3.1",
            11,
            "next: `release-check init` writes a configuration, then `release-check prepare`",
        ),
        (
            "3.3.7",
            13,
            "next: yours: `release-check init` writes a configuration, then allow 4.0 in its `series`",
        ),
    ] {
        sandbox.file(
            "Dockerfile",
            format!(
                "ARG OPENSSL_VERSION={version}\nRUN wget https://www.openssl.org/source/openssl-${{OPENSSL_VERSION}}.tar.gz\n"
            ),
        );
        let arguments = ["check", "--offline", "--as-of", "2026-09-29"];
        let run = sandbox.run(&arguments).exits(status);
        assert!(run.words().ends_with(next), "{}", run.stdout);
        let onwards = "3.3 ended on 2026-04-09; allow 4.0 in `series`";
        assert_eq!(run.stdout.contains(onwards), status == 11, "{}", run.stdout);
    }
}

#[test]
fn a_link_that_nobody_found_is_said() {
    let sandbox = Sandbox::new();
    let url = "https://www.openssl.org/source/openssl-${OPENSSL_VERSION}.tar.gz";
    sandbox.file(
        "Dockerfile",
        format!("ARG OPENSSL_VERSION=3.3.1\nRUN wget {url}\n"),
    );
    let arguments = ["--offline", "--as-of", "2026-09-29", "check", "--link"];
    let run = sandbox.run(&[&arguments[..], &["NOPE"]].concat()).exits(2);
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        (
            "",
            "error: there is no link `NOPE`; the links are `openssl`\n"
        )
    );
    sandbox
        .run(&[&arguments[..], &["openssl"]].concat())
        .exits(11);
}

#[test]
fn verify_says_that_there_is_no_configuration() {
    let run = Sandbox::new().run(&["verify", "--offline"]).exits(2);
    assert_eq!(
        run.stderr,
        "error: which package? there is no `release-check.toml` that says it; name files, or write one with `release-check init`\n"
    );
}
