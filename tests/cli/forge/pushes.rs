//! Real pushes with the user's git: to a bare repository, and over smart HTTP.

use std::path::Path;
use std::process::Command;

use release_check::for_tests::outside::environment::Environment;
use release_check::for_tests::outside::git::checkout::Checkout;
use release_check::for_tests::outside::git::remote::Credentials;
use release_check::for_tests::plan::proposal::{Oid, Proposal, Standing};
use release_check::for_tests::project::config::Push;
use release_check::for_tests::project::linked::FileEntry;
use release_check::for_tests::workspace::remote::{Remote, Submission, Tidy};

use super::year::{rewrite_main, squash_main};
use super::{BRANCH, PIN, REPOSITORY, Run, assert_converged, forge, pin, proposal};
use crate::fake_forge::git_http::has_http_backend;
use crate::fake_forge::{FakeForge, TOKEN, Trouble};

/// A clone of the forge's repository in a folder, with an author.
fn clone(origin: &str, folder: &Path) -> Checkout {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(folder)
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("HOME", folder);
        assert!(
            command.status().expect("git").success(),
            "git {arguments:?}"
        );
    };
    git(&["init", "--quiet", "--initial-branch=main", "."]);
    git(&["remote", "add", "origin", origin]);
    git(&["config", "user.name", "A Maintainer"]);
    git(&["config", "user.email", "maintainer@example.org"]);
    Checkout::open(folder).expect("a clone")
}

#[test]
fn pushed_over_smart_http_and_opened_through_the_api() {
    if !has_http_backend() {
        return;
    }
    let forge = forge();
    let folder = tempfile::tempdir().expect("a folder");
    let clone = clone(&forge.git_url(REPOSITORY), folder.path());
    let run = Run {
        clone: Some(&clone),
        push: Some(Push::Git),
        ..Run::new(&forge)
    };
    let mut wanted = proposal(&forge, "3.5.4");
    wanted.signed_off_by = Some(clone.identity().expect("an author"));
    run.submit(&wanted).expect("submitted");
    assert_converged(&forge, "3.5.4");
    let message = forge.with(REPOSITORY, |repository| {
        repository.ahead("main", BRANCH).remove(0)
    });
    assert!(
        message.ends_with("\nSigned-off-by: A Maintainer <maintainer@example.org>\n"),
        "{message}"
    );
    forge.trouble(None);
    for _ in 0..3 {
        assert!(
            run.submit(&wanted)
                .expect("submitted")
                .plan
                .calls
                .is_empty()
        );
    }
    forge.with(REPOSITORY, |repository| {
        repository.commit(
            "main",
            "Other",
            &[("CHANGELOG", Some("Changes\n\n* other\n"))],
        )
    });
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    assert_converged(&forge, "3.5.4");
    assert_eq!(forge.writes(), 0, "the branch was pushed, the PR followed");
    // No branch and no tag of the user's moves.
    let output = Command::new("git")
        .args(["for-each-ref", "refs/heads", "refs/tags"])
        .current_dir(folder.path())
        .output()
        .expect("git");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

#[test]
fn a_human_who_pushed_meanwhile_loses_nothing() {
    if !has_http_backend() {
        return;
    }
    let forge = forge();
    let folder = tempfile::tempdir().expect("a folder");
    let clone = clone(&forge.git_url(REPOSITORY), folder.path());
    let run = Run {
        clone: Some(&clone),
        push: Some(Push::Git),
        ..Run::new(&forge)
    };
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    let theirs = forge.with(REPOSITORY, |repository| {
        repository.commit(BRANCH, "Mine", &[("README", Some("mine"))])
    });
    let mut wanted = proposal(&forge, "3.5.4");
    wanted.edits[0].after = Some(FileEntry::regular(*b"Changes\n\n* new\n"));
    run.submit(&wanted).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        let head = repository.head(BRANCH).expect("the branch");
        assert!(
            repository
                .git
                .graph_descendant_of(head, theirs)
                .expect("history")
        );
        assert_eq!(
            repository.file(BRANCH, "CHANGELOG").as_deref(),
            Some("Changes\n\n* new\n")
        );
    });
}

#[test]
fn trouble_after_the_push() {
    if !has_http_backend() {
        return;
    }
    for trouble in [Trouble::LostRequest, Trouble::LostAnswer] {
        let forge = forge();
        let folder = tempfile::tempdir().expect("a folder");
        let clone = clone(&forge.git_url(REPOSITORY), folder.path());
        let run = Run {
            clone: Some(&clone),
            push: Some(Push::Git),
            ..Run::new(&forge)
        };
        forge.trouble(Some((1, trouble)));
        assert!(run.submit(&proposal(&forge, "3.5.4")).is_err());
        run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
        assert_converged(&forge, "3.5.4");
    }
}

#[test]
fn the_token_stands_in_no_argument() {
    if !has_http_backend() {
        return;
    }
    let forge = forge();
    let folder = tempfile::tempdir().expect("a folder");
    let clone = clone(&forge.git_url(REPOSITORY), folder.path());
    let log = folder.path().join("arguments");
    // Every process that git starts shows its arguments to the shell of this hook, which is the
    // server's: the clone's own are not run.
    let hook = forge.with(REPOSITORY, |repository| {
        repository.folder.path().join("hooks/pre-receive")
    });
    std::fs::create_dir_all(hook.parent().expect("a folder")).expect("a folder");
    std::fs::write(
        &hook,
        format!("#!/bin/sh\nfor p in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $p; echo; done > {} 2>/dev/null\n", log.display()),
    )
    .expect("a hook");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755))
            .expect("executable");
    }
    Run {
        clone: Some(&clone),
        push: Some(Push::Git),
        ..Run::new(&forge)
    }
    .submit(&proposal(&forge, "3.5.4"))
    .expect("submitted");
    let arguments = String::from_utf8_lossy(&std::fs::read(log).expect("arguments")).into_owned();
    assert!(arguments.contains("push"), "{arguments}");
    assert!(!arguments.contains(TOKEN));
}

/// A remote that is no forge.
struct Plain {
    folder: tempfile::TempDir,
    clone: Checkout,
}

impl Plain {
    fn of(forge: &FakeForge) -> Self {
        let origin = forge.with(REPOSITORY, |repository| {
            format!("file://{}", repository.folder.path().display())
        });
        let folder = tempfile::tempdir().expect("a folder");
        let clone = clone(&origin, folder.path());
        Self { folder, clone }
    }

    fn within<T>(&self, act: impl AsyncFnOnce(Remote<'_>) -> T) -> T {
        let environment = Environment::default();
        let credentials = Credentials::new(
            &environment,
            "GITHUB_TOKEN",
            &"https://github.com".parse().expect("an address"),
        );
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(act(Remote {
            name: "origin",
            forge: None,
            clone: Some(&self.clone),
            credentials,
            push: None,
        }))
    }

    fn submit(&self, proposal: &Proposal) -> Submission {
        self.within(async |remote| remote.submit(proposal, true, &mut |_| {}).await)
            .expect("submitted")
    }
}

#[test]
fn any_other_remote_gets_the_branch() {
    let forge = forge();
    let plain = Plain::of(&forge);
    let head = plain
        .within(async |remote| {
            remote
                .head(&remote.default_branch().await.expect("a branch"))
                .await
        })
        .expect("a head");
    let wanted = proposal(&forge, "3.5.4");
    assert_eq!(head, wanted.base_head);
    assert_eq!(plain.clone.tree(&head).expect("files").len(), 3);
    let first = plain.submit(&wanted);
    assert_eq!(
        (first.plan.calls.len(), first.plan.standing.clone()),
        (1, Standing::Absent)
    );
    assert!(
        first
            .plan
            .notes
            .iter()
            .any(|note| note.contains("title and the text")),
        "{:?}",
        first.plan.notes
    );
    for _ in 0..3 {
        assert!(plain.submit(&wanted).plan.calls.is_empty());
    }
    plain.submit(&proposal(&forge, "3.5.5"));
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            repository.branches(),
            ["main", "release-check/wheels-3.5.5"]
        );
        assert_eq!(
            repository.file("release-check/wheels-3.5.5", PIN),
            Some(pin("3.5.5"))
        );
        let branch = repository
            .head("release-check/wheels-3.5.5")
            .expect("the branch");
        repository
            .git
            .reference("refs/heads/main", branch, true, "")
            .expect("merged");
    });
    let base_head = plain
        .within(async |remote| remote.head("main").await)
        .expect("a head");
    let tidy = Tidy {
        link: "wheels",
        base: "main",
        also: false,
        base_head: &base_head,
        linked: "3.5.5".parse().expect("a version"),
        wanted: &[],
        withdrawn: &[],
    };
    plain
        .within(async |remote| remote.tidy(&tidy, true, &mut |_| {}).await)
        .expect("tidy");
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["main"]);
    });
    assert!(plain.folder.path().join(".git").exists());
    assert!(Oid::read(base_head.as_str()).is_some());
}

#[test]
fn a_base_with_another_history_gets_a_branch_of_that() {
    for rewrite in [rewrite_main, squash_main] {
        let forge = forge();
        let plain = Plain::of(&forge);
        forge.with(REPOSITORY, |repository| {
            repository.commit("main", "Secret", &[("SECRET", Some("hush"))])
        });
        let brought = || {
            let head = plain.within(async |remote| remote.head("main").await);
            head.expect("a head");
            plain.submit(&proposal(&forge, "3.5.4"))
        };
        brought();
        forge.with(REPOSITORY, rewrite);
        assert_eq!(brought().plan.calls.len(), 1);
        assert_eq!(brought().plan.calls.len(), 0);
        forge.with(REPOSITORY, |repository| {
            assert_eq!(repository.ahead("main", BRANCH).len(), 1);
            assert_eq!(repository.file(BRANCH, PIN), Some(pin("3.5.4")));
            let secret = repository.file("main", "SECRET");
            assert_eq!(repository.file(BRANCH, "SECRET"), secret);
        });
    }
}
