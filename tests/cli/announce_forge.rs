//! `announce` where the project is on a forge: the record goes there with nothing but the forge's
//! token.

use crate::announce::{CONFIG, announce_with, project, server};
use crate::fake_forge::git_http::has_http_backend;
use crate::fake_forge::{FakeForge, Release, TOKEN};
use crate::git::git;
use crate::sandbox::{Outcome, Sandbox};
use crate::smtp_server::{Behaviour, SmtpServer};

const REPOSITORY: &str = "acme/example";

/// A forge with everything that the project has, and the project as CI checks it out: without
/// credentials.
fn on_forge(config: &str) -> (FakeForge, Sandbox) {
    let (forge, sandbox) = (FakeForge::start(), project(config));
    forge.repository(REPOSITORY, &[]);
    let folder = forge.with(REPOSITORY, |repository| repository.folder.path().to_owned());
    git(
        &sandbox.path(),
        &[
            "push",
            "--quiet",
            "--force",
            folder.to_str().expect("a path"),
            "main",
            "--tags",
        ],
    );
    git(
        &sandbox.path(),
        &["remote", "add", "origin", &forge.git_url(REPOSITORY)],
    );
    (forge, sandbox)
}

fn announce(
    sandbox: &Sandbox,
    server: &SmtpServer,
    forge: &FakeForge,
    arguments: &[&str],
) -> Outcome {
    let outcome = announce_with(sandbox, server, arguments, &forge.variables());
    assert!(
        !format!("{}{}", outcome.stdout, outcome.stderr).contains(TOKEN),
        "a secret is shown"
    );
    outcome
}

#[test]
fn the_record_is_shared_with_the_forges_token_alone() {
    if !has_http_backend() {
        return;
    }
    let ((forge, sandbox), server) = (on_forge(CONFIG), server(Behaviour::default()));
    let outcome = announce_with(&sandbox, &server, &["--execute"], &[]).exits(1);
    assert!(
        outcome
            .stderr
            .contains("the record of what was sent cannot be read"),
        "{}",
        outcome.stderr
    );
    assert_eq!(
        server.seen().connections,
        0,
        "nothing is sent that cannot be recorded"
    );
    announce(&sandbox, &server, &forge, &["--execute"]).exits(0);
    let notes = forge.with(REPOSITORY, |repository| {
        repository
            .git
            .find_reference("refs/notes/release-check")
            .is_ok()
    });
    assert!(notes, "the forge has the record");
    let configuration = sandbox.read(".git/config");
    assert!(!configuration.contains(TOKEN), "{configuration}");
    // Another machine knows.
    git(
        &sandbox.path(),
        &["update-ref", "-d", "refs/notes/release-check"],
    );
    let again = announce(&sandbox, &server, &forge, &["--execute"]).exits(0);
    assert!(again.stderr.contains("already sent"), "{}", again.stderr);
    assert_eq!(server.seen().messages.len(), 1);
    forge.assert_content();
}

fn named(config: &str) -> String {
    config.replace(
        "ships = \"wheels\"",
        &format!("ships = \"wheels\"\nrepository = \"{REPOSITORY}\""),
    )
}

/// The texts of the forge's releases.
fn releases(forge: &FakeForge) -> Vec<(String, String)> {
    forge.with(REPOSITORY, |repository| {
        repository
            .releases
            .iter()
            .map(|release| (release.tag.clone(), release.body.clone()))
            .collect()
    })
}

#[test]
fn the_release_on_the_forge_says_it_too() {
    if !has_http_backend() {
        return;
    }
    let ((forge, sandbox), server) = (on_forge(&named(CONFIG)), server(Behaviour::default()));
    let shown = announce(&sandbox, &server, &forge, &[]).exits(0).stdout;
    assert!(shown.contains("make the release of `v1.2.4` on the forge, with the text:\n\n<!-- release-check:announcement -->"), "{shown}");
    assert!(
        releases(&forge).is_empty() && forge.writes() == 0,
        "nothing is written"
    );
    let json = announce(
        &sandbox,
        &server,
        &forge,
        &["--execute", "--format", "json"],
    )
    .exits(0)
    .json();
    assert_eq!(
        (
            &json["release"]["action"],
            &json["release"]["done"],
            &json["sent"]
        ),
        (&"create".into(), &true.into(), &true.into())
    );
    let [(tag, text)] = releases(&forge).try_into().expect("one release");
    assert!(
        tag == "v1.2.4" && text.contains("CVE-2025-9230") && text.contains("3.5.4"),
        "{text}"
    );
    for _ in 0..2 {
        let again = announce(&sandbox, &server, &forge, &["--execute"]).exits(0);
        assert!(
            again
                .stdout
                .contains("the release of `v1.2.4` on the forge says so"),
            "{}",
            again.stdout
        );
    }
    assert_eq!((releases(&forge), forge.writes()), (vec![(tag, text)], 1));
    assert_eq!(server.seen().messages.len(), 1);
    forge.assert_content();
}

#[test]
fn what_humans_wrote_on_the_forge_stays() {
    if !has_http_backend() {
        return;
    }
    let ((forge, sandbox), server) = (on_forge(&named(CONFIG)), server(Behaviour::default()));
    let theirs = Release {
        id: 7,
        tag: "v1.2.4".into(),
        name: "Example".into(),
        body: "Made by hand.\r\n".into(),
        ..Release::default()
    };
    forge.with(REPOSITORY, |repository| repository.releases.push(theirs));
    announce(&sandbox, &server, &forge, &["--execute"]).exits(0);
    let text = releases(&forge).remove(0).1;
    assert!(
        text.starts_with("Made by hand.\n\n<!-- release-check:announcement -->\n"),
        "{text}"
    );
    let edited = text
        .replace("Made by hand.", "Made by hands.")
        .replace("3.5.3", "3.5.0")
        + "\nAnd more.\n";
    forge.with(REPOSITORY, |repository| {
        repository.releases[0].body = edited;
    });
    let outcome = announce(&sandbox, &server, &forge, &["--execute"]).exits(0);
    assert!(
        outcome
            .stdout
            .contains("changed the text of the release of `v1.2.4`"),
        "{}",
        outcome.stdout
    );
    assert_eq!(
        releases(&forge)[0].1,
        text.replace("Made by hand.", "Made by hands.") + "\nAnd more.\n"
    );
    // A draft is not ours to publish, and a text without its second mark not ours to cut.
    forge.with(REPOSITORY, |repository| {
        repository.releases[0].body = "<!-- release-check:announcement -->".into();
    });
    let outcome = announce(&sandbox, &server, &forge, &["--execute"]).exits(0);
    assert!(
        outcome.stdout.contains("is left as it is: the marks"),
        "{}",
        outcome.stdout
    );
    forge.with(REPOSITORY, |repository| repository.releases[0].draft = true);
    let outcome = announce(&sandbox, &server, &forge, &["--execute"]).exits(0);
    assert!(
        outcome
            .stdout
            .contains("is left as it is: its release is a draft"),
        "{}",
        outcome.stdout
    );
    assert_eq!((releases(&forge).len(), forge.writes()), (1, 2));
    assert_eq!(server.seen().messages.len(), 1);
    forge.assert_content();
}

#[test]
fn a_project_without_lists_has_the_release_alone() {
    if !has_http_backend() {
        return;
    }
    let (unlisted, _) = CONFIG.split_once("[announcement]").expect("lists");
    let ((forge, sandbox), server) = (on_forge(&named(unlisted)), server(Behaviour::default()));
    let json = announce(
        &sandbox,
        &server,
        &forge,
        &["--execute", "--format", "json"],
    )
    .exits(0)
    .json();
    assert_eq!(
        (&json["message_id"], &json["sent"], &json["release"]["done"]),
        (&serde_json::Value::Null, &false.into(), &true.into())
    );
    announce(&sandbox, &server, &forge, &["--execute"]).exits(0);
    assert_eq!(
        (
            releases(&forge).len(),
            forge.writes(),
            server.seen().connections
        ),
        (1, 1, 0)
    );
    let outcome = announce(&sandbox, &server, &forge, &["--kind", "correction"]).exits(2);
    assert!(
        outcome.stderr.contains(
            "there is no `[announcement]` in the configuration; add it with `from` and `to`"
        ),
        "{}",
        outcome.stderr
    );
    // Humans tag: no release is made where that would make the tag.
    forge.with(REPOSITORY, |repository| {
        repository.releases.clear();
        repository
            .git
            .find_reference("refs/tags/v1.2.4")
            .expect("the tag")
            .delete()
            .expect("deleted");
    });
    let outcome = announce(&sandbox, &server, &forge, &["--execute"]).exits(1);
    assert!(
        outcome.stderr.contains("it is not true yet: tag there"),
        "{}",
        outcome.stderr
    );
    assert!(releases(&forge).is_empty());
    forge.assert_content();
}

#[test]
fn the_forge_knows_what_was_merged() {
    if !has_http_backend() {
        return;
    }
    let ((forge, sandbox), server) = (on_forge(&named(CONFIG)), server(Behaviour::default()));
    git(&sandbox.path(), &["tag", "--delete", "v1.2.4"]);
    forge.with(REPOSITORY, |repository| {
        let tag = repository.git.find_reference("refs/tags/v1.2.4");
        tag.expect("the tag").delete().expect("deleted");
    });
    let branch = "release-check/wheels-3.5.4";
    let shown = |part: &str| {
        let text = announce(&sandbox, &server, &forge, &[]).exits(0).stdout;
        assert!(text.contains(part), "{part}\n{text}");
    };
    shown("no         pull request merged: no release has OpenSSL 3.5.4 instead of 3.5.3 yet");
    let number = forge.with(REPOSITORY, |repository| {
        let head = repository.head("main").expect("main");
        repository
            .git
            .reference(&format!("refs/heads/{branch}"), head, false, "a branch")
            .expect("a branch");
        repository.commit(branch, "Bump", &[("other", Some("x"))]);
        repository.open_pull(branch)
    });
    shown(&format!(
        "no         pull request merged: #{number} is still open"
    ));
    forge.with(REPOSITORY, |repository| repository.merge(number));
    shown(&format!(
        "yes        pull request merged: #{number} has brought OpenSSL 3.5.4 instead of 3.5.3"
    ));
    git(&sandbox.path(), &["tag", "v1.2.4"]);
    shown(&format!(
        "yes        pull request merged: `v1.2.4` has OpenSSL 3.5.4 instead of 3.5.3, as #{number} brought it"
    ));
    assert_eq!(forge.writes(), 0);
    forge.assert_content();
}
