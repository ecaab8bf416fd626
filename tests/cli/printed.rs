//! The commands that messages print, run as they are printed, in a fresh clone.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::announce::{CONFIG, announce_with, project, server};
use crate::git::git;
use crate::sandbox::{Outcome, Sandbox};
use crate::smtp_server::{Behaviour, SmtpServer, Verdict};

/// The commands between backticks that a shell can run.
fn printed(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter(|quoted| quoted.starts_with("git ") || quoted.starts_with("release-check "))
        .map(str::to_owned)
        .collect()
}

/// Runs a command as a person would who copies it into a terminal.
fn type_in(sandbox: &Sandbox, line: &str) -> Outcome {
    let program = Path::new(env!("CARGO_BIN_EXE_release-check"));
    let folder = program.parent().expect("a folder").to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(folder).chain(std::env::split_paths(&path));
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(sandbox.path());
    command.env_clear();
    command.env("PATH", std::env::join_paths(path).expect("a path"));
    command.env("HOME", sandbox.folder().join("home"));
    command.env("RELEASE_CHECK_CACHE", sandbox.folder().join("cache"));
    Outcome::of(command.output().expect("a shell"))
}

/// Gives a project a remote that has its branch and tags.
fn shared(sandbox: &Sandbox) -> PathBuf {
    let remote = sandbox.path().with_file_name("remote.git");
    let at = remote.to_str().expect("a path");
    git(&sandbox.path(), &["init", "--quiet", "--bare", at]);
    git(&sandbox.path(), &["remote", "add", "origin", at]);
    git(
        &sandbox.path(),
        &["push", "--quiet", "origin", "main", "--tags"],
    );
    remote
}

fn clone(remote: &Path, more: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    let (from, to) = (format!("file://{}", remote.display()), sandbox.path());
    let arguments = [
        &["clone", "--quiet"],
        more,
        &[&from, to.to_str().expect("a path")],
    ]
    .concat();
    git(remote.parent().expect("a folder"), &arguments);
    sandbox
}

/// A project whose newest mail nobody knows the fate of, and what was said of that.
fn open() -> (Sandbox, PathBuf, String) {
    let sandbox = project(CONFIG);
    let remote = shared(&sandbox);
    let broken = server(Behaviour {
        verdict: Verdict::Close,
        ..Behaviour::default()
    });
    let lost = announce_with(&sandbox, &broken, &["--execute"], &[]).exits(1);
    (sandbox, remote, lost.stderr)
}

/// Announces from a clone of its own.
fn announced(remote: &Path, server: &SmtpServer) -> Outcome {
    announce_with(&clone(remote, &[]), server, &["--execute"], &[])
}

#[test]
fn what_a_lost_connection_left_open_is_settled_in_a_fresh_clone() {
    for (at, word, mails) in [(0, "sent", 0), (1, "refused", 1)] {
        let (_keep, remote, said) = open();
        let commands = printed(&said);
        assert_eq!(commands.len(), 2, "{said}");
        let good = server(Behaviour::default());
        let again = announced(&remote, &good).exits(1);
        assert_eq!(printed(&again.stderr), commands, "{}", again.stderr);
        // A shallow clone without tags, as CI makes it.
        let fresh = clone(&remote, &["--depth=1", "--no-tags"]);
        let without = commands[at].replace(" --execute", "");
        let shown = type_in(&fresh, &without).exits(0);
        assert!(
            shown.stderr.contains("`--execute` writes this"),
            "{}",
            shown.stderr
        );
        announced(&remote, &good).exits(1);
        let settled = type_in(&fresh, &commands[at]).exits(0);
        assert!(
            settled
                .stdout
                .starts_with(&format!("{word} <example.1.2.4.release.")),
            "{}",
            settled.stdout
        );
        announced(&remote, &good).exits(0);
        announced(&remote, &good).exits(0);
        assert_eq!(good.seen().messages.len(), mails, "{word}");
        let repeated = type_in(&fresh, &commands[at]).exits(0);
        assert!(
            repeated.stdout.is_empty() && repeated.stderr.contains("nothing is open"),
            "{}",
            repeated.stderr
        );
        for command in printed(&repeated.stderr) {
            let record = type_in(&clone(&remote, &[]), &command).exits(0).stdout;
            assert!(
                record.starts_with("sent      <example.1.2.4.release.")
                    && record.lines().count() == 1,
                "{record}"
            );
        }
    }
}

#[test]
fn the_record_is_everybodys() {
    let (_keep, remote, _) = open();
    let fresh = clone(&remote, &[]);
    let text = fresh.run(&["announce", "--record"]).exits(0).stdout;
    assert!(
        text.starts_with("open      <example.1.2.4.release."),
        "{text}"
    );
    let json = fresh
        .run(&["announce", "--record", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(json["messages"][0]["standing"], "open", "{json}");
    let none = fresh
        .run(&["announce", "--record", "--kind", "note"])
        .exits(0);
    assert!(none.stdout.is_empty(), "{}", none.stdout);
    // Where the record cannot be read, nothing is said to be in it.
    std::fs::remove_dir_all(&remote).expect("the remote is gone");
    for arguments in [
        &["announce", "--record"][..],
        &["announce", "--settle", "sent"],
    ] {
        let outcome = fresh.run(arguments).exits(1);
        assert!(
            outcome.stdout.is_empty() && outcome.stderr.contains("the record of what was sent"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn which_of_several_is_asked() {
    let (sandbox, remote, _) = open();
    let line =
        "sending <example.1.2.3.release.000000000000@lists.example.org> 2026-07-01T00:00:00Z x";
    git(
        &sandbox.path(),
        &["notes", "--ref=release-check", "append", "-m", line],
    );
    git(
        &sandbox.path(),
        &["push", "--quiet", "origin", "refs/notes/release-check"],
    );
    let fresh = clone(&remote, &[]);
    let settle = ["announce", "--settle", "sent", "--execute"];
    let several = fresh.run(&settle).exits(2);
    assert!(
        several
            .stderr
            .contains("several are open; add `--message-id ID`"),
        "{}",
        several.stderr
    );
    let id = "example.1.2.3.release.000000000000@lists.example.org";
    fresh
        .run(&[&settle[..], &["--message-id", id]].concat())
        .exits(0);
    fresh.run(&settle).exits(0);
    let record = fresh.run(&["announce", "--record"]).exits(0).stdout;
    assert!(
        !record.contains("open") && record.lines().count() == 2,
        "{record}"
    );
}

#[test]
fn tags_that_a_clone_lacks_are_fetched_as_printed() {
    let (_keep, remote, _) = open();
    for arguments in [
        &["history", "--offline"][..],
        &["verify", "--offline", "--release", "1.2.4", "openssl.sh"],
    ] {
        let fresh = clone(&remote, &["--no-tags"]);
        let before = fresh.run(arguments);
        let commands = printed(&before.stderr);
        assert_eq!(commands, ["git fetch --tags"], "{}", before.stderr);
        type_in(&fresh, &commands[0]).exits(0);
        let after = fresh.run(arguments);
        assert!(printed(&after.stderr).is_empty(), "{}", after.stderr);
    }
}

#[test]
fn a_refused_setting_is_removed_as_printed() {
    let (_keep, remote, _) = open();
    let fresh = clone(&remote, &[]);
    let key = "url.https://example.org/a b/.insteadOf";
    git(
        &fresh.path(),
        &["config", "--local", key, "https://example.com/"],
    );
    let refused = fresh.run(&["announce", "--record"]).exits(2);
    let commands = printed(&refused.stderr);
    assert_eq!(commands.len(), 1, "{}", refused.stderr);
    type_in(&fresh, &commands[0]).exits(0);
    fresh.run(&["announce", "--record"]).exits(0);
}

#[test]
fn what_a_check_advises_runs() {
    let (_keep, remote, _) = open();
    let fresh = clone(&remote, &[]);
    let checked = type_in(&fresh, "release-check check --offline --as-of 2026-09-29").exits(11);
    let mut commands = printed(&checked.stdout);
    assert!(!commands.is_empty());
    // What leaves this machine needs a forge.
    commands.retain(|command| !command.contains("--execute"));
    for command in commands {
        let outcome = type_in(&fresh, &format!("{command} --offline --as-of 2026-09-29"));
        assert_ne!(outcome.status, 2, "`{command}`:\n{}", outcome.stderr);
    }
}
