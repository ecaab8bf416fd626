//! What strangers can bring along, and what it gets them: nothing. Here what they bring in a tree,
//! below what they write elsewhere.
//!
//! Beside what they attack are the tests of mails and archives (`announce.rs`, `mail.rs`), of senders
//! (`pre_announcements.rs`), of commands in a job's log (`src/text.rs`) and of what hostile
//! input costs (`src/text/budget.rs`, `benches/hostile.rs`).

mod addresses;
mod forge;
mod upstream;

use std::fs;
use std::path::{Path, PathBuf};

use crate::forge::UPSTREAM;
use crate::git::git;
use crate::sandbox::{Outcome, Sandbox};

const CONFIGURATION: &str = r#"
[project]
name = "lib"
ships = "wheels"
repository = "example/lib"

[[link]]
name = "wheels"
series = "3.5"

[[link.pin]]
file = "openssl.sh"
match = "OPENSSL_VERSION={version}"

[announcement]
from = "Release Team <release@example.org>"
to = ["users@lists.example.org"]
"#;

/// A clone with an `origin` on this machine, and a program that leaves a file where it was run.
struct Clone {
    sandbox: Sandbox,
}

impl Clone {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox
            .file("release-check.toml", CONFIGURATION)
            .file("openssl.sh", "OPENSSL_VERSION=3.5.3\n");
        let (place, around) = (sandbox.path(), sandbox.folder().to_owned());
        fs::write(around.join("upstream.json"), UPSTREAM).expect("a file");
        git(
            &around,
            &["init", "--quiet", "--bare", "-b", "main", "remote"],
        );
        git(&place, &["init", "--quiet", "-b", "main", "."]);
        for (key, value) in [("user.name", "A"), ("user.email", "a@example.org")] {
            git(&place, &["config", key, value]);
        }
        let clone = Self { sandbox };
        let trap = clone.trap();
        fs::write(
            &trap,
            format!(
                "#!/bin/sh\necho run >> {}\nexit 1\n",
                clone.mark().display()
            ),
        )
        .expect("a file");
        executable(&trap);
        let remote = around.join("remote");
        git(
            &place,
            &["remote", "add", "origin", remote.to_str().expect("a path")],
        );
        clone.commit();
        clone
    }

    fn commit(&self) {
        let place = self.sandbox.path();
        git(&place, &["add", "--all", "--force"]);
        git(&place, &["commit", "--quiet", "--no-verify", "-m", "all"]);
        git(
            &place,
            &["push", "--quiet", "--no-verify", "origin", "main"],
        );
    }

    fn trap(&self) -> PathBuf {
        self.sandbox.folder().join("trap.sh")
    }

    fn mark(&self) -> PathBuf {
        self.sandbox.folder().join("was-run")
    }

    fn run(&self, directory: &str, arguments: &[&str]) -> Outcome {
        let all = [&["-C", directory, "--as-of", "2025-10-01"], arguments].concat();
        let mut command = self.sandbox.command(&all);
        command.env(
            "RELEASE_CHECK_SMTP_URL",
            "smtps://user:s3cret@mail.example.org",
        );
        command.env("INFRA_TOKEN", "t0ken");
        Outcome::of(command.output().expect("the program runs"))
    }

    /// Commands that look for a clone, and what they may not have run.
    fn all(&self, directory: &str, upstream: &str) {
        for arguments in [
            &["check"][..],
            &["doctor"],
            &["run"],
            &["propose"],
            &["announce"],
            &["history"],
        ] {
            self.run(directory, &[&["--upstream", upstream], arguments].concat());
            assert!(!self.mark().exists(), "{arguments:?} ran it");
        }
    }
}

fn executable(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a mode");
    }
}

/// A bare repository in the tree whose configuration names the trap wherever git takes a program.
fn embed(clone: &Clone, at: &str) {
    let place = clone.sandbox.path();
    git(&place, &["init", "--quiet", "--bare", "-b", "main", at]);
    let trap = clone.trap();
    let trap = trap.to_str().expect("a path");
    for (key, value) in programs(trap) {
        git(&place.join(at), &["--git-dir=.", "config", key, &value]);
    }
    let remote = clone.sandbox.folder().join("remote");
    let remote = remote.to_str().expect("a path");
    for key in ["remote.origin.url", "remote.origin.pushurl"] {
        git(&place.join(at), &["--git-dir=.", "config", key, remote]);
    }
}

fn programs(trap: &str) -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, String)> = [
        "remote.origin.uploadpack",
        "remote.origin.receivepack",
        "core.sshCommand",
        "core.fsmonitor",
        "core.alternateRefsCommand",
        "core.pager",
        "core.editor",
        "core.askPass",
        "gpg.program",
    ]
    .map(|key| (key, trap.to_owned()))
    .into();
    all.push(("credential.helper", format!("!{trap}")));
    all
}

#[test]
fn a_bare_repository_in_the_tree_runs_nothing() {
    let clone = Clone::new();
    embed(&clone, "vendor");
    clone
        .sandbox
        .file("vendor/release-check.toml", CONFIGURATION)
        .file("vendor/openssl.sh", "OPENSSL_VERSION=3.5.3\n");
    clone.all("vendor", "../../upstream.json");
}

#[test]
fn a_checkout_in_the_tree_is_refused() {
    let clone = Clone::new();
    embed(&clone, "vendor/infra");
    let configuration = CONFIGURATION.replace(
        "series = \"3.5\"\n",
        "series = \"3.5\"\nrepository = \"example/infra\"\n",
    );
    clone.sandbox.file(
        "release-check.toml",
        format!("{configuration}\n[repositories.\"example/infra\"]\ncheckout = \"vendor/infra\"\n"),
    );
    let upstream = ["--upstream", "../upstream.json"];
    let outcome = clone
        .run(".", &[&upstream[..], &["propose"]].concat())
        .exits(2);
    assert!(
        outcome.stderr.contains("lies in this project's own tree"),
        "{}",
        outcome.stderr
    );
    clone.all(".", "../upstream.json");
    // A bare one elsewhere is no clone either.
    clone.sandbox.file(
        "release-check.toml",
        format!("{configuration}\n[repositories.\"example/infra\"]\ncheckout = \"../remote\"\n"),
    );
    clone
        .run(".", &[&upstream[..], &["propose"]].concat())
        .exits(2);
}

#[test]
fn programs_that_a_clones_configuration_names_are_not_run() {
    let clone = Clone::new();
    let place = clone.sandbox.path();
    let trap = clone.trap();
    for (key, value) in programs(trap.to_str().expect("a path")) {
        git(&place, &["config", key, &value]);
    }
    let hooks = clone.sandbox.folder().join("hooks");
    fs::create_dir(&hooks).expect("a folder");
    for hook in ["pre-push", "reference-transaction", "pre-auto-gc"] {
        fs::copy(&trap, hooks.join(hook)).expect("a hook");
    }
    git(
        &place,
        &["config", "core.hooksPath", hooks.to_str().expect("a path")],
    );
    fs::remove_file(clone.mark()).ok();
    clone.all(".", "../upstream.json");
    let execute = ["--upstream", "../upstream.json", "propose", "--execute"];
    let outcome = clone.run(".", &execute).exits(0);
    assert!(
        !clone.mark().exists(),
        "a program was run: {}",
        outcome.stderr
    );
    let pushed = clone
        .sandbox
        .folder()
        .join("remote/refs/heads/release-check/wheels-3.5.4");
    assert!(pushed.exists(), "{}{}", outcome.stdout, outcome.stderr);
}

#[test]
fn a_clones_configuration_sends_git_nowhere_else() {
    for (key, value) in [
        ("url./elsewhere/.insteadOf", "/"),
        ("remote.origin.vcs", "ext"),
        ("http.sslVerify", "false"),
        ("protocol.ext.allow", "always"),
    ] {
        let clone = Clone::new();
        git(&clone.sandbox.path(), &["config", key, value]);
        let execute = ["--upstream", "../upstream.json", "propose", "--execute"];
        let outcome = clone.run(".", &execute).exits(2);
        assert!(
            outcome.stderr.contains("of the clone's own configuration"),
            "{key}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn a_remote_that_is_a_command_is_not_run() {
    let clone = Clone::new();
    let address = format!("ext::{}", clone.trap().display());
    git(
        &clone.sandbox.path(),
        &["remote", "set-url", "origin", &address],
    );
    clone.all(".", "../upstream.json");
}

#[cfg(unix)]
#[test]
fn a_child_git_sees_no_mail_password_and_no_token() {
    let clone = Clone::new();
    let folder = clone.sandbox.folder().join("bin");
    fs::create_dir(&folder).expect("a folder");
    let seen = clone.sandbox.folder().join("seen");
    fs::write(
        folder.join("git"),
        format!(
            "#!/bin/sh\nenv >> {}\nPATH=${{PATH#*:}}\nexec git \"$@\"\n",
            seen.display()
        ),
    )
    .expect("a file");
    executable(&folder.join("git"));
    let execute = [
        "--as-of",
        "2025-10-01",
        "--upstream",
        "../upstream.json",
        "propose",
    ];
    let mut command = clone
        .sandbox
        .command(&[&execute[..], &["--execute"]].concat());
    let path = std::env::var("PATH").expect("a path");
    command
        .env("PATH", format!("{}:{path}", folder.display()))
        .env(
            "RELEASE_CHECK_SMTP_URL",
            "smtps://user:s3cret@mail.example.org",
        )
        .env("INFRA_TOKEN", "t0ken")
        .env("GIT_DIR", "/nowhere")
        .env("GIT_SSH_COMMAND", "/nowhere/ssh")
        .env("SSL_CERT_FILE", "/certificates.pem");
    Outcome::of(command.output().expect("the program runs")).exits(0);
    let seen = fs::read_to_string(seen).expect("what git saw");
    for secret in ["s3cret", "t0ken", "/nowhere"] {
        assert!(!seen.contains(secret), "{seen}");
    }
    assert!(seen.contains("GIT_SSL_CAINFO=/certificates.pem"), "{seen}");
}

#[cfg(unix)]
#[test]
fn init_writes_through_no_link() {
    let clone = Clone::new();
    let place = clone.sandbox.path();
    let outside = clone.sandbox.folder().join("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::remove_file(place.join("release-check.toml")).expect("removed");
    fs::create_dir(place.join(".github")).expect("a folder");
    std::os::unix::fs::symlink(&outside, place.join(".github/workflows")).expect("a link");
    let outcome = clone.run(".", &["init"]);
    assert_ne!(outcome.status, 0);
    assert!(
        outcome.stderr.contains("symbolic link"),
        "{}",
        outcome.stderr
    );
    assert_eq!(fs::read_dir(&outside).expect("a folder").count(), 0);
}

#[test]
fn a_planted_journal_changes_no_file() {
    let sandbox = Sandbox::new();
    let planted =
        "[{\"path\":\"build.sh\",\"kind\":\"executable\",\"length\":5,\"commit\":null}]\nevil\n";
    sandbox
        .file("release-check.toml", CONFIGURATION)
        .file("openssl.sh", "OPENSSL_VERSION=3.5.3\n")
        .file("build.sh", "good\n")
        .file(".release-check.journal", planted);
    fs::write(sandbox.folder().join("upstream.json"), UPSTREAM).expect("a file");
    let check = [
        "--as-of",
        "2025-10-01",
        "--upstream",
        "../upstream.json",
        "check",
    ];
    sandbox.run(&check).exits(11);
    assert_eq!(sandbox.read("build.sh"), "good\n");
}
