//! `doctor`.

use serde_json::{Value, json};

use crate::git::git;
use crate::index_server::IndexServer;
use crate::sandbox::{Outcome, Sandbox};
use crate::server::{Reply, Server};
use crate::smtp_server::{Behaviour, SmtpServer, Tls};
use crate::upstream_world::{RELEASES, World};

const CONFIG: &str = r#"[project]
name = "spam"
repository = "example/spam"

[[link]]
name = "wheels"
series = "keep"

[[link.pin]]
file = "pins.sh"
match = 'OPENSSL_VERSION="openssl-{version}"'

[[link.pin]]
file = "docs/*.txt"
match = 'with OpenSSL {version}.'

[changelog]
file = "CHANGELOG.md"

[version]
file = "about.py"
match = '__version__ = "{project_version}"'
"#;

const OFFLINE: [&str; 4] = ["doctor", "--offline", "--as-of", "2025-10-01"];

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .file("release-check.toml", CONFIG)
        .file("pins.sh", "#!/bin/sh\nOPENSSL_VERSION=\"openssl-3.5.3\"\n")
        .file("docs/a.txt", "Built with OpenSSL 3.5.3.\n")
        .file("about.py", "__version__ = \"1.2.0\"\n")
        .file(
            "CHANGELOG.md",
            "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2025-01-01\n\n- A thing.\n",
        );
    sandbox
}

/// The state and detail of what was found, by area and the start of its name.
#[track_caller]
fn found(outcome: &Outcome, area: &str, name: &str) -> (String, String) {
    let json = outcome.json();
    let findings = json["findings"].as_array().expect("findings");
    let named = |fits: &dyn Fn(&str) -> bool| {
        findings
            .iter()
            .find(|one| one["area"] == area && one["name"].as_str().is_some_and(fits))
    };
    let one = named(&|text| text == name).or_else(|| named(&|text| text.starts_with(name)));
    let one = one.unwrap_or_else(|| panic!("no `{name}` in `{area}`: {}", outcome.stdout));
    assert_eq!(
        matches!(one["state"].as_str(), Some("warning" | "error")),
        one["next"].is_string(),
        "{one}"
    );
    (
        one["state"].as_str().unwrap_or_default().to_owned(),
        one["detail"].as_str().unwrap_or_default().to_owned(),
    )
}

#[track_caller]
fn assert_found(outcome: &Outcome, area: &str, name: &str, state: &str, says: &str) {
    let found = found(outcome, area, name);
    assert!(
        found.0 == state && found.1.contains(says),
        "{found:?} is not {state}: {says}\n{}",
        outcome.stderr
    );
}

fn with_json<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--format", "json"]].concat()
}

#[test]
fn a_healthy_project_offline() {
    let sandbox = project();
    git(&sandbox.path(), &["init", "--quiet", "."]);
    git(&sandbox.path(), &["add", "."]);
    git(&sandbox.path(), &["commit", "--quiet", "-m", "one"]);
    git(&sandbox.path(), &["tag", "1.1.0"]);
    let before = sandbox.tree();
    insta::assert_snapshot!(sandbox.run(&OFFLINE).exits(0).stdout);
    let list = [&OFFLINE[..], &["-l"]].concat();
    insta::assert_snapshot!(sandbox.run(&list).exits(0).stdout);
    assert_eq!(before, sandbox.tree());
}

#[test]
fn what_is_wrong_with_the_project() {
    type Case<'a> = (&'a str, String, (&'a str, &'a str, &'a str));
    let config = |from: &str, to: &str| CONFIG.replace(from, to);
    let cases: [Case<'_>; 12] = [
        (
            "release-check.toml",
            config("series = ", "sereis = "),
            ("configuration", "release-check.toml", "line 7"),
        ),
        (
            "release-check.toml",
            "[project]\nname = \"x\"\n".into(),
            ("configuration", "release-check.toml", "no `[[link]]`"),
        ),
        (
            "pins.sh",
            "OPENSSL_VERSION=\"openssl-3.5.3\"\n".repeat(2),
            ("pins", "wheels in release-check.toml line 9", "pins.sh"),
        ),
        (
            "pins.sh",
            "nothing\n".into(),
            ("pins", "wheels in release-check.toml line 9", "pins.sh"),
        ),
        (
            "pins.sh",
            "OPENSSL_VERSION=\"openssl-3.5.2\"\n".into(),
            ("pins", "wheels", "`docs/a.txt` line 1 says 3.5.3"),
        ),
        (
            "docs/a.txt",
            "With OpenSSL 3.5.3.\n".into(),
            ("pins", "wheels in release-check.toml line 13", "docs/a.txt"),
        ),
        (
            "about.py",
            "version = 1\n".into(),
            ("paperwork", "own version", "about.py"),
        ),
        (
            "CHANGELOG.md",
            "nothing that could be a changelog\n".into(),
            ("paperwork", "changelog", "CHANGELOG.md"),
        ),
        (
            "release-check.toml",
            format!("{CONFIG}\n[templates]\nfolder = \"nowhere\"\n"),
            ("paperwork", "templates", "nowhere"),
        ),
        (
            "release-check.toml",
            format!("{CONFIG}\n[upstream]\nkeys = [\"pins.sh\"]\n"),
            ("keys", "trusted keys", "pins.sh"),
        ),
        (
            "release-check.toml",
            format!("{CONFIG}\n[announcement]\nfrom = \"a@example.org\"\nto = [\"@\"]\n"),
            ("mail", "addresses", "`@`"),
        ),
        (
            "release-check.toml",
            format!(
                "{CONFIG}\n[published]\npackage = \"../x\"\nindex = \"https://index.example.org/simple\"\n"
            ),
            ("package index", "../x", "no package name"),
        ),
    ];
    for (file, content, (area, name, says)) in cases {
        let sandbox = project();
        sandbox.file(file, content);
        let outcome = sandbox.run(&with_json(&OFFLINE)).exits(2);
        assert_found(&outcome, area, name, "error", says);
    }
    let sandbox = project();
    std::fs::remove_file(sandbox.path().join("release-check.toml")).expect("removed");
    let outcome = sandbox.run(&with_json(&OFFLINE)).exits(2);
    assert_found(
        &outcome,
        "configuration",
        "release-check.toml",
        "error",
        "there is none here",
    );
    let sandbox = project();
    sandbox
        .file("pins.sh", b"OPENSSL_VERSION=\"openssl-3.5.99\"\n")
        .file("docs/a.txt", "with OpenSSL 3.5.99.\n");
    assert_found(
        &sandbox.run(&with_json(&OFFLINE)).exits(0),
        "pins",
        "wheels",
        "warning",
        "not known to be public",
    );
}

#[test]
fn age_is_no_error_where_nobody_may_be_asked() {
    let sandbox = project();
    let long_after = ["--offline", "--as-of", "2027-03-01"];
    let doctor = [&["doctor"], &long_after[..]].concat();
    let outcome = sandbox.run(&with_json(&doctor)).exits(0);
    let says = "they are of 2026-09-29, and `max-age` is 7 days; offline nobody was asked";
    assert_found(&outcome, "upstream", "facts", "warning", says);
    assert_eq!(outcome.json()["offline"], true);
    // What is due is as unknown as before.
    let check = [&["check"], &long_after[..]].concat();
    assert!(sandbox.run(&check).status != 0);
    // Facts that the user has named are theirs to renew.
    sandbox
        .run(&["upstream", "--offline", "--save", "facts.json"])
        .exits(0);
    let named = [&doctor[..], &["--upstream", "facts.json"]].concat();
    let outcome = sandbox.run(&with_json(&named)).exits(1);
    assert_found(
        &outcome,
        "upstream",
        "facts",
        "error",
        "`max-age` is 7 days",
    );
}

#[test]
fn every_repository_has_a_token_of_its_own() {
    let sandbox = project();
    let further =
        "\n[repositories.\"example/infra\"]\ntoken = \"INFRA_TOKEN\"\ncheckout = \"infra\"\n";
    sandbox.file(
        "release-check.toml",
        CONFIG.replace("series = \"keep\"", "repository = \"example/infra\"") + further,
    );
    let mut command = sandbox.command(&with_json(&OFFLINE));
    let outcome = Outcome::of(
        command
            .env("GITHUB_TOKEN", "ghp_s3cret")
            .output()
            .expect("the program runs"),
    )
    .exits(0);
    assert_found(
        &outcome,
        "pins",
        "other repositories",
        "skipped",
        "example/infra",
    );
    assert_found(
        &outcome,
        "forge",
        "example/infra",
        "skipped",
        "`INFRA_TOKEN` is not set",
    );
    assert_found(
        &outcome,
        "forge",
        "example/spam",
        "skipped",
        "`GITHUB_TOKEN` is set",
    );
}

#[test]
fn templates_of_the_project_are_rendered() {
    let sandbox = project();
    sandbox.file(
        "release-check.toml",
        format!("{CONFIG}\n[templates]\nfolder = \"ours\"\n"),
    );
    sandbox.file("ours/changelog.md.j2", "Uses {{ openssl_version }}.\n");
    let outcome = sandbox.run(&with_json(&OFFLINE)).exits(2);
    assert_found(
        &outcome,
        "paperwork",
        "changelog",
        "error",
        "changelog.md.j2",
    );
}

/// Upstream, forge, package index and mail server, all on this machine.
struct Services {
    world: World,
    forge: Server,
    index: IndexServer,
    mail: SmtpServer,
}

const REPOSITORY: &str = "/api/v3/repos/example/spam";

impl Services {
    fn new(mail: Behaviour) -> Self {
        let services = Self {
            world: World::new(),
            forge: Server::start(),
            index: IndexServer::json(
                "spam",
                vec![("spam-1.1.0.tar.gz", "2025-01-01", b"x".to_vec())],
            ),
            mail: SmtpServer::start(mail),
        };
        let sandbox = &services.world.sandbox;
        let config = sandbox.read("release-check.toml").replace(
            "name = \"it\"\n\n[upstream]",
            "name = \"it\"\nrepository = \"example/spam\"\n\n[upstream]",
        );
        let further = format!(
            "\n[announcement]\nfrom = \"a@example.org\"\nto = [\"b@example.org\"]\n\n[published]\npackage = \"spam\"\nindex = \"{}\"\n",
            services.index.index()
        );
        sandbox.file("release-check.toml", config + &further);
        sandbox.file(
            ".github/workflows/nightly.yml",
            "jobs:\n  check:\n    steps:\n      - run: release-check run --execute\n",
        );
        services.repository(&json!({"push": true}), &[]);
        let runs = json!({"workflow_runs": [{"updated_at": format!("{}T05:00:00Z", jiff::Zoned::now().date())}]});
        services.forge.serve(
            &format!("{REPOSITORY}/actions/workflows/nightly.yml/runs"),
            Reply::ok(runs.to_string()),
        );
        services
    }

    fn repository(&self, permissions: &Value, headers: &[(&str, &str)]) {
        let body = json!({"full_name": "example/spam", "default_branch": "main", "archived": false, "has_issues": true, "permissions": permissions});
        let reply = Reply::ok(body.to_string())
            .header("X-RateLimit-Remaining", "4990")
            .header("X-RateLimit-Limit", "5000");
        self.forge.serve(
            REPOSITORY,
            headers
                .iter()
                .fold(reply, |reply, (name, value)| reply.header(name, value)),
        );
    }

    fn run(&self, variables: &[(&str, &str)], status: i32) -> Outcome {
        let mut command = self.world.sandbox.command(&["doctor", "--format", "json"]);
        command
            .env("GITHUB_API_URL", format!("{}/api/v3", self.forge.root()))
            .env("GITHUB_TOKEN", "ghp_s3cret")
            .env("SSL_CERT_FILE", self.mail.authority())
            .env(
                "RELEASE_CHECK_SMTP_URL",
                format!("smtp://user:s3cret@127.0.0.1:{}", self.mail.port),
            )
            .envs(variables.iter().copied());
        let outcome = Outcome::of(command.output().expect("the program runs")).exits(status);
        assert!(
            !outcome.stdout.contains("s3cret") && !outcome.stderr.contains("s3cret"),
            "{}{}",
            outcome.stdout,
            outcome.stderr
        );
        outcome
    }
}

fn login() -> Behaviour {
    Behaviour {
        login: Some("PLAIN"),
        ..Behaviour::default()
    }
}

#[test]
fn everything_reachable() {
    let services = Services::new(login());
    let outcome = services.run(&[], 0);
    assert_found(&outcome, "upstream", "releases", "ok", " ms");
    assert_found(
        &outcome,
        "upstream",
        "last run",
        "skipped",
        "no earlier run",
    );
    assert_found(&outcome, "pins", "it", "ok", "3.5.7, a public release");
    assert_found(&outcome, "forge", "example/spam", "ok", "4990 of 5000");
    assert_found(&outcome, "forge", "CI on our pull requests", "ok", "");
    assert_found(&outcome, "forge", "scheduled workflow", "ok", "nightly.yml");
    assert_found(&outcome, "mail", "server", "ok", "TLS after STARTTLS");
    assert_found(&outcome, "mail", "certificate", "ok", "valid until");
    assert_found(&outcome, "package index", "spam", "ok", "1 file");
    let seen = services.mail.seen();
    assert!(
        seen.messages.is_empty() && !seen.inside.iter().any(|line| line.starts_with("MAIL")),
        "{seen:?}"
    );
    assert_found(
        &services.run(&[], 0),
        "upstream",
        "last run",
        "ok",
        "0 days ago",
    );
}

#[test]
fn tokens() {
    let services = Services::new(login());
    assert_found(
        &services.run(&[("GITHUB_TOKEN", "")], 1),
        "forge",
        "example/spam",
        "error",
        "`GITHUB_TOKEN` is not set",
    );
    services.repository(&json!({"push": false}), &[]);
    assert_found(
        &services.run(&[], 1),
        "forge",
        "example/spam",
        "error",
        "not push",
    );
    services.repository(
        &json!({"push": true}),
        &[("X-OAuth-Scopes", "read:user, gist")],
    );
    assert_found(
        &services.run(&[], 1),
        "forge",
        "example/spam",
        "error",
        "`read:user`, `gist`",
    );
    services.repository(
        &json!({"push": true}),
        &[("X-OAuth-Scopes", "repo, workflow")],
    );
    assert_found(
        &services.run(&[], 0),
        "forge",
        "example/spam",
        "ok",
        "`repo`, `workflow`",
    );
    let workflow = services.run(
        &[("GITHUB_TOKEN", "ghs_s3cret"), ("GITHUB_ACTIONS", "true")],
        0,
    );
    assert_found(
        &workflow,
        "forge",
        "CI on our pull requests",
        "warning",
        "starts no other workflow",
    );
    let day = jiff::Zoned::now().date().tomorrow().expect("a day");
    services.repository(
        &json!({"push": true}),
        &[(
            "GitHub-Authentication-Token-Expiration",
            &format!("{day} 10:00:00 UTC"),
        )],
    );
    let outcome = services.run(&[], 0);
    assert!(
        outcome.stdout.contains(&format!("expires on {day}")),
        "{}",
        outcome.stdout
    );
    services.forge.serve(
        REPOSITORY,
        Reply::status(401, r#"{"message": "Bad credentials"}"#),
    );
    assert_found(&services.run(&[], 1), "forge", "example/spam", "error", "");
    services.forge.serve(
        REPOSITORY,
        Reply::status(404, r#"{"message": "Not Found"}"#),
    );
    assert_found(&services.run(&[], 1), "forge", "example/spam", "error", "");
}

#[test]
fn services_that_do_not_work() {
    let services = Services::new(Behaviour {
        tls: Tls::Without,
        ..login()
    });
    assert_found(&services.run(&[], 1), "mail", "server", "error", "STARTTLS");
    assert_found(
        &services.run(&[("RELEASE_CHECK_SMTP_URL", "")], 1),
        "mail",
        "server",
        "error",
        "not set",
    );
    assert_found(
        &services.run(&[("RELEASE_CHECK_SMTP_URL", "smtp://user@x")], 1),
        "mail",
        "server",
        "error",
        "no password",
    );
    let services = Services::new(Behaviour {
        refuse: Some(("AUTH", "535 5.7.8 no s3cret")),
        ..login()
    });
    assert_found(&services.run(&[], 1), "mail", "server", "error", "535");
    services
        .world
        .server
        .serve(RELEASES, Reply::status(500, ""));
    assert_found(
        &services.run(&[], 1),
        "upstream",
        "releases",
        "error",
        "500",
    );
    let services = Services::new(login());
    let config = services
        .world
        .sandbox
        .read("release-check.toml")
        .replace("package = \"spam\"", "package = \"eggs\"");
    services.world.sandbox.file("release-check.toml", config);
    assert_found(
        &services.run(&[], 1),
        "package index",
        "eggs",
        "error",
        "does not know `eggs`",
    );
}

#[test]
fn what_would_stop_the_scheduled_workflow_is_seen_offline() {
    let sandbox = project();
    git(&sandbox.path(), &["init", "--quiet", "."]);
    let workflow = |reference: &str, token: &str| {
        format!(
            "jobs:\n  a:\n    steps:\n      - uses: us/release-check@{reference}\n        with:\n          token: {token}\n"
        )
    };
    let file = ".github/workflows/release-check.yml";
    let own = "${{ github.token }}";
    sandbox
        .file(".gitignore", "*.toml\n")
        .file(file, workflow(&"0".repeat(40), own));
    let doctor = || sandbox.run(&with_json(&OFFLINE));
    let outcome = doctor();
    assert_eq!(outcome.status, 1, "{}", outcome.stdout);
    assert_found(&outcome, "forge", file, "error", "has no commit yet");
    assert!(
        outcome
            .stdout
            .contains("Allow GitHub Actions to create and approve pull requests"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("`.gitignore` hides it"),
        "{}",
        outcome.stdout
    );
    git(&sandbox.path(), &["add", "--force", "."]);
    sandbox.file(file, workflow("v0.1.0", "${{ steps.app.outputs.token }}"));
    let outcome = doctor().exits(0);
    assert_found(&outcome, "forge", file, "warning", "`v0.1.0`");
    assert!(
        !outcome.stdout.contains("hides it") && !outcome.stdout.contains("Allow GitHub"),
        "{}",
        outcome.stdout
    );
    sandbox.file(file, workflow(&"ab".repeat(20), own));
    assert_found(
        &doctor().exits(0),
        "forge",
        file,
        "ok",
        "pinned to the commit",
    );
}
