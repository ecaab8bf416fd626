//! What people and the forge do to a proposal in a year: nobody's work is lost, and everything comes
//! to rest.

use release_check::for_tests::plan::proposal::Call;
use release_check::for_tests::plan::proposal::tracking::Tracking;
use release_check::for_tests::project::linked::FileEntry;
use serde_json::json;

use super::{BRANCH, PIN, REPOSITORY, Run, assert_converged, forge, pin, proposal};
use crate::fake_forge::{Answer, FakeForge, Repository};

/// Somebody takes the newest commit out of the history of `main`, and puts another one there.
pub(super) fn rewrite_main(repository: &mut Repository) {
    let head = repository.head("main").expect("main");
    let before = {
        let newest = repository.git.find_commit(head).expect("a commit");
        newest.parent_id(0).expect("a parent")
    };
    let main = repository
        .git
        .reference("refs/heads/main", before, true, "");
    drop(main.expect("main moves"));
    repository.commit("main", "Clean", &[("NOTES", Some("clean"))]);
}

/// Somebody makes one commit with nothing below it of what `main` has.
pub(super) fn squash_main(repository: &mut Repository) {
    let git = &repository.git;
    let main = git.find_reference("refs/heads/main").expect("main");
    let tree = main.peel_to_tree().expect("a tree");
    let human = git2::Signature::now("A", "a@example.org").expect("an author");
    let root = git.commit(None, &human, &human, "All anew", &tree, &[]);
    let moved = git.reference("refs/heads/main", root.expect("a commit"), true, "");
    drop(moved.expect("main moves"));
}

#[track_caller]
fn idle(forge: &FakeForge) {
    forge.trouble(None);
    for _ in 0..2 {
        let submitted = Run::new(forge).submit(&proposal(forge, "3.5.4"));
        let plan = submitted.expect("submitted").plan;
        assert_eq!(plan.calls, [], "{plan:#?}");
    }
    assert_eq!(forge.writes(), 0);
    forge.assert_content();
}

#[test]
fn what_was_taken_out_of_the_base_does_not_come_back() {
    let rewritten: [fn(&mut Repository); 2] = [rewrite_main, squash_main];
    for (amended, rewrite) in [false, true]
        .into_iter()
        .flat_map(|amended| rewritten.map(|one| (amended, one)))
    {
        let forge = forge();
        forge.with(REPOSITORY, |repository| {
            repository.commit("main", "Secret", &[("SECRET", Some("hush"))])
        });
        let run = Run::new(&forge);
        run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
        if amended {
            forge.with(REPOSITORY, |repository| {
                let message = repository.ahead("main", BRANCH).remove(0);
                let main = repository.head("main").expect("main");
                let name = format!("refs/heads/{BRANCH}");
                let reset = repository.git.reference(&name, main, true, "");
                drop(reset.expect("reset"));
                let mine = [
                    (PIN, Some("V=3.5.4 # mine\n")),
                    ("CHANGELOG", Some("Changes\n\n* OpenSSL 3.5.4\n")),
                ];
                repository.commit(BRANCH, &message, &mine);
                repository.issues.get_mut(&1).expect("the PR").open = true;
            });
        }
        forge.with(REPOSITORY, rewrite);
        let kept = forge.with(REPOSITORY, |repository| repository.file("main", "SECRET"));
        run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
        let (ahead, secret, held) = forge.with(REPOSITORY, |repository| {
            (
                repository.ahead("main", BRANCH).len(),
                repository.file(BRANCH, "SECRET"),
                repository.file(BRANCH, PIN),
            )
        });
        if amended {
            assert_eq!(held.as_deref(), Some("V=3.5.4 # mine\n"));
        } else {
            assert_eq!((ahead, secret, held), (1, kept, Some(pin("3.5.4"))));
            assert_converged(&forge, "3.5.4");
        }
        idle(&forge);
    }
}

#[test]
fn a_base_that_moves_below_a_humans_work_is_no_news() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        let mine = [("CHANGELOG", Some("Changes\n\n* My own words\n"))];
        repository.commit(BRANCH, "Better", &mine)
    });
    forge.trouble(None);
    for other in ["one", "two", "three"] {
        forge.with(REPOSITORY, |repository| {
            let log = format!("Changes\n\n* {other}\n");
            repository.commit("main", other, &[("CHANGELOG", Some(&log))])
        });
        run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    }
    assert_eq!(forge.writes(), 0);
    idle(&forge);
}

#[test]
fn a_humans_changelog_is_spoken_of_once_however_it_is_dated() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        let mine = [("CHANGELOG", Some("Changes\n\n* My own words\n"))];
        repository.commit(BRANCH, "Better", &mine)
    });
    forge.trouble(None);
    for day in 1..5 {
        let mut wanted = proposal(&forge, "3.5.4");
        let entry = format!("Changes\n\n# 1.2 - 2025-10-0{day}\n\n* OpenSSL 3.5.4, security\n");
        wanted.edits[0].after = Some(FileEntry::regular(entry));
        run.submit(&wanted).expect("submitted");
    }
    assert_eq!(forge.writes(), 1);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.issues[&1].comments.len(), 1);
    });
}

#[test]
fn a_conversation_that_is_locked_is_closed_all_the_same() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    let locked = "Unable to create comment because issue is locked.";
    forge.answer_once("POST", "issues/1/comments", Answer::message(403, locked));
    let plan = run
        .submit(&proposal(&forge, "3.5.5"))
        .expect("submitted")
        .plan;
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains(locked.trim_end_matches('.')))
    );
    let comments = plan
        .calls
        .iter()
        .filter(|call| matches!(call, Call::Comment { .. }));
    assert_eq!(comments.count(), 0, "{plan:#?}");
    forge.with(REPOSITORY, |repository| {
        assert!(!repository.issues[&1].open);
        assert_eq!(
            repository.branches(),
            ["main", "release-check/wheels-3.5.5"]
        );
    });
    forge.trouble(None);
    run.submit(&proposal(&forge, "3.5.5")).expect("submitted");
    assert_eq!(forge.writes(), 0);
}

#[test]
fn what_the_forge_refuses_is_not_called_done() {
    let forge = forge();
    for (path, status) in [("labels", 403), ("requested_reviewers", 422)] {
        forge.answer_once("POST", path, Answer::message(status, "No"));
    }
    let run = Run::new(&forge);
    let plan = run
        .submit(&proposal(&forge, "3.5.4"))
        .expect("submitted")
        .plan;
    let refused = |call: &Call| matches!(call, Call::AddLabels { .. } | Call::AskReviewers { .. });
    assert!(!plan.calls.iter().any(refused), "{:#?}", plan.calls);
    assert_eq!(plan.notes.len(), 2, "{:#?}", plan.notes);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    assert_converged(&forge, "3.5.4");
    idle(&forge);
}

#[test]
fn a_repository_that_was_renamed_has_the_same_pull_requests() {
    let forge = forge();
    Run::new(&forge)
        .submit(&proposal(&forge, "3.5.4"))
        .expect("submitted");
    forge.with(REPOSITORY, |repository| {
        "pyca/wheels".clone_into(&mut repository.name);
    });
    idle(&forge);
}

#[test]
fn what_somebody_reopens_stays_open() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    let head = forge.with(REPOSITORY, |repository| {
        repository.head(BRANCH).expect("it")
    });
    run.submit(&proposal(&forge, "3.5.5")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        let name = format!("refs/heads/{BRANCH}");
        let restored = repository.git.reference(&name, head, false, "");
        drop(restored.expect("the branch"));
        let pull = repository.issues.get_mut(&1).expect("the PR");
        pull.open = true;
        pull.events
            .push(json!({ "event": "reopened", "actor": { "login": "alice" } }));
    });
    forge.trouble(None);
    for _ in 0..2 {
        let plan = run
            .submit(&proposal(&forge, "3.5.5"))
            .expect("submitted")
            .plan;
        assert!(
            plan.notes[0].contains("has reopened pull request #1"),
            "{plan:#?}"
        );
    }
    assert_eq!(forge.writes(), 0);
    forge.with(REPOSITORY, |repository| assert!(repository.issues[&1].open));
}

#[test]
fn what_somebody_points_elsewhere_stays_there() {
    for by in ["alice", "release-bot"] {
        let forge = forge();
        let run = Run::new(&forge);
        run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
        forge.with(REPOSITORY, |repository| {
            let main = repository.head("main").expect("main");
            let made = repository.git.reference("refs/heads/next", main, false, "");
            drop(made.expect("a branch"));
            let issue = repository.issues.get_mut(&1).expect("the PR");
            issue.pull.as_mut().expect("a PR").base = "next".to_owned();
            let changed = json!({ "event": "base_ref_changed", "actor": { "login": by } });
            issue.events.push(changed);
        });
        let plan = run
            .submit(&proposal(&forge, "3.5.4"))
            .expect("submitted")
            .plan;
        let base = forge.with(REPOSITORY, |repository| {
            repository.issues[&1]
                .pull
                .as_ref()
                .expect("a PR")
                .base
                .clone()
        });
        if by == "alice" {
            assert!(
                plan.notes[0].contains("`main` does not get the change"),
                "{plan:#?}"
            );
            assert_eq!((plan.calls.len(), base.as_str()), (0, "next"));
        } else {
            assert_eq!((plan.calls.len(), base.as_str()), (1, "main"));
        }
    }
}

#[test]
fn of_two_issues_about_the_same_one_is_left() {
    let forge = forge();
    let run = Run::new(&forge);
    let wanted = Tracking {
        link: "wheels".to_owned(),
        title: "No fixed OpenSSL yet".to_owned(),
        body: "Waiting for 3.5.5.".to_owned(),
    };
    run.track(Some(&wanted)).expect("tracked");
    forge.with(REPOSITORY, |repository| {
        let mut twin = repository.issues[&1].clone();
        twin.number = 2;
        repository.issues.insert(2, twin);
    });
    assert_eq!(run.track(Some(&wanted)).expect("tracked"), 2);
    assert_eq!(run.track(Some(&wanted)).expect("tracked"), 0);
    forge.with(REPOSITORY, |repository| {
        let open = |number| repository.issues[&number].open;
        assert_eq!((open(1), open(2)), (false, true));
        assert!(repository.issues[&1].comments[0].contains("#2 is about the same."));
    });
    forge.assert_content();
}
