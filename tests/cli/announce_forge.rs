//! `announce` where the project is on a forge: the record goes there with nothing but the forge's token.

use std::path::Path;
use std::process::Command;

use crate::announce::{CONFIG, announce_with, git, project, server};
use crate::fake_forge::{FakeForge, TOKEN};
use crate::sandbox::{Outcome, Sandbox};
use crate::smtp_server::{Behaviour, SmtpServer};

const REPOSITORY: &str = "acme/example";

/// A forge with everything that the project has, and the project as CI checks it out: without credentials.
fn on_forge(config: &str) -> (FakeForge, Sandbox) {
    let (forge, sandbox) = (FakeForge::start(), project(config));
    forge.repository(REPOSITORY, &[]);
    let folder = forge.with(REPOSITORY, |repository| repository.folder.path().to_owned());
    git(&sandbox.path(), &["push", "--quiet", "--force", folder.to_str().expect("a path"), "main", "--tags"]);
    git(&sandbox.path(), &["remote", "add", "origin", &forge.git_url(REPOSITORY)]);
    (forge, sandbox)
}

fn announce(sandbox: &Sandbox, server: &SmtpServer, forge: &FakeForge, arguments: &[&str]) -> Outcome {
    let outcome = announce_with(sandbox, server, arguments, &forge.variables());
    assert!(!format!("{}{}", outcome.stdout, outcome.stderr).contains(TOKEN), "a secret is shown");
    outcome
}

/// Whether git can serve and speak smart HTTP here.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn has_http_backend() -> bool {
    let path = Command::new("git").arg("--exec-path").output().expect("git").stdout;
    let folder = Path::new(String::from_utf8_lossy(&path).trim()).to_owned();
    let there = folder.join("git-http-backend").exists() && folder.join("git-remote-http").exists();
    if !there {
        println!("skipped: this git has no http-backend");
    }
    there
}

#[test]
fn the_record_is_shared_with_the_forges_token_alone() {
    if !has_http_backend() {
        return;
    }
    let ((forge, sandbox), server) = (on_forge(CONFIG), server(Behaviour::default()));
    let outcome = announce_with(&sandbox, &server, &["--execute"], &[]).exits(1);
    assert!(outcome.stderr.contains("the record of what was sent cannot be read"), "{}", outcome.stderr);
    assert_eq!(server.seen().connections, 0, "nothing is sent that cannot be recorded");
    announce(&sandbox, &server, &forge, &["--execute"]).exits(0);
    let notes = forge.with(REPOSITORY, |repository| repository.git.find_reference("refs/notes/release-check").is_ok());
    assert!(notes, "the forge has the record");
    let configuration = sandbox.read(".git/config");
    assert!(!configuration.contains(TOKEN), "{configuration}");
    // Another machine knows.
    git(&sandbox.path(), &["update-ref", "-d", "refs/notes/release-check"]);
    let again = announce(&sandbox, &server, &forge, &["--execute"]).exits(0);
    assert!(again.stderr.contains("already sent"), "{}", again.stderr);
    assert_eq!(server.seen().messages.len(), 1);
    forge.assert_content();
}
