//! From opening to merging, and everything humans do between.

use release_check::for_tests::plan::proposal::tracking::Tracking;
use release_check::for_tests::plan::proposal::{Call, Standing};
use release_check::for_tests::project::linked::FileEntry;

use super::{BRANCH, PIN, REPOSITORY, Run, assert_converged, forge, pin, proposal, proposal_for};

#[test]
fn opened_once_and_then_left_alone() {
    let forge = forge();
    let run = Run::new(&forge);
    let planned = run.plan(&proposal(&forge, "3.5.4")).expect("a plan");
    assert_eq!(forge.writes(), 0, "a plan writes nothing");
    assert_eq!(planned.plan.calls.len(), 5, "{:#?}", planned.plan.calls);
    let submitted = run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    assert_eq!(
        submitted.plan.standing.pull().map(|(number, _)| number),
        Some(1)
    );
    assert_converged(&forge, "3.5.4");
    let body = forge.with(REPOSITORY, |repository| repository.issues[&1].body.clone());
    assert!(
        body.contains("OpenSSL 3.5.4 is out.")
            && body.contains("<!-- release-check:wheels:3.5.4 -->"),
        "{body}"
    );
    forge.trouble(None);
    for _ in 0..50 {
        assert!(
            run.submit(&proposal(&forge, "3.5.4"))
                .expect("submitted")
                .plan
                .calls
                .is_empty()
        );
    }
    assert_eq!(forge.writes(), 0);
}

#[test]
fn the_base_moves_elsewhere() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        repository.commit("main", "Other", &[("README", Some("more"))])
    });
    let again = run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    assert!(again.plan.calls.is_empty(), "{:#?}", again.plan.calls);
}

#[test]
fn the_base_moves_under_the_change() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        repository.commit(
            "main",
            "Other",
            &[("CHANGELOG", Some("Changes\n\n* other\n"))],
        )
    });
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    assert_converged(&forge, "3.5.4");
    let changelog = forge.with(REPOSITORY, |repository| {
        repository.file(BRANCH, "CHANGELOG")
    });
    assert_eq!(
        changelog.as_deref(),
        Some("Changes\n\n* other\n* OpenSSL 3.5.4\n")
    );
    assert!(
        run.submit(&proposal(&forge, "3.5.4"))
            .expect("submitted")
            .plan
            .calls
            .is_empty()
    );
}

#[test]
fn only_what_changed_is_updated() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    let mut wanted = proposal(&forge, "3.5.4");
    wanted.body.push_str("\n\nOne more advisory.");
    let calls = run.submit(&wanted).expect("submitted").plan.calls;
    assert!(
        matches!(
            calls.as_slice(),
            [Call::UpdatePull {
                title: None,
                body: Some(_),
                base: None,
                ..
            }]
        ),
        "{calls:#?}"
    );
    wanted.title.push('!');
    let calls = run.submit(&wanted).expect("submitted").plan.calls;
    assert!(
        matches!(
            calls.as_slice(),
            [Call::UpdatePull {
                title: Some(_),
                body: Some(_),
                base: None,
                ..
            }]
        ),
        "{calls:#?}"
    );
    wanted.labels.push("security".to_owned());
    let calls = run.submit(&wanted).expect("submitted").plan.calls;
    assert!(
        matches!(calls.as_slice(), [Call::AddLabels { labels, .. }] if labels == &["security"]),
        "{calls:#?}"
    );
    assert!(
        run.submit(&wanted)
            .expect("submitted")
            .plan
            .calls
            .is_empty()
    );
    forge.assert_content();
}

#[test]
fn what_humans_take_away_stays_away() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        let issue = repository.issues.get_mut(&1).expect("the PR");
        issue.labels.clear();
        // Who has reviewed is asked no longer.
        issue.reviewers.clear();
        issue.teams.clear();
    });
    assert!(
        run.submit(&proposal(&forge, "3.5.4"))
            .expect("submitted")
            .plan
            .calls
            .is_empty()
    );
}

#[test]
fn a_human_commits_elsewhere() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    let theirs = forge.with(REPOSITORY, |repository| {
        repository.commit(BRANCH, "Mine", &[("README", Some("mine"))])
    });
    assert!(
        run.submit(&proposal(&forge, "3.5.4"))
            .expect("submitted")
            .plan
            .calls
            .is_empty()
    );
    let mut wanted = proposal(&forge, "3.5.4");
    wanted.edits[0].after = Some(FileEntry::regular(
        *b"Changes\n\n* OpenSSL 3.5.4, security\n",
    ));
    run.submit(&wanted).expect("submitted");
    assert!(
        run.submit(&wanted)
            .expect("submitted")
            .plan
            .calls
            .is_empty()
    );
    forge.with(REPOSITORY, |repository| {
        let head = repository.head(BRANCH).expect("the branch");
        assert!(
            repository
                .git
                .graph_descendant_of(head, theirs)
                .expect("history"),
            "their commit stays"
        );
        assert_eq!(repository.ahead("main", BRANCH).len(), 3);
        assert_eq!(repository.file(BRANCH, "README").as_deref(), Some("mine"));
        assert_eq!(
            repository.file(BRANCH, "CHANGELOG").as_deref(),
            Some("Changes\n\n* OpenSSL 3.5.4, security\n")
        );
    });
    forge.assert_content();
}

#[test]
fn a_human_commits_to_the_same_file() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        repository.commit(
            BRANCH,
            "Better",
            &[("CHANGELOG", Some("Changes\n\n* My own words\n"))],
        )
    });
    forge.trouble(None);
    assert!(
        run.submit(&proposal(&forge, "3.5.4"))
            .expect("submitted")
            .plan
            .calls
            .is_empty()
    );
    let mut wanted = proposal(&forge, "3.5.4");
    wanted.edits[0].after = Some(FileEntry::regular(
        *b"Changes\n\n* OpenSSL 3.5.4, security\n",
    ));
    for _ in 0..3 {
        run.submit(&wanted).expect("submitted");
    }
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            repository.file(BRANCH, "CHANGELOG").as_deref(),
            Some("Changes\n\n* My own words\n")
        );
        assert_eq!(
            repository.issues[&1].comments.len(),
            1,
            "{:#?}",
            repository.issues[&1].comments
        );
        assert!(repository.issues[&1].comments[0].contains("`CHANGELOG` has been edited"));
    });
    assert_eq!(forge.writes(), 1);
    forge.assert_content();
}

#[test]
fn a_human_amends_our_commit() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        let message = repository.ahead("main", BRANCH).remove(0);
        let main = repository.head("main").expect("main");
        repository
            .git
            .reference(&format!("refs/heads/{BRANCH}"), main, true, "")
            .expect("reset");
        repository.commit(
            BRANCH,
            &message,
            &[
                (PIN, Some("V=3.5.4 # by hand\n")),
                ("CHANGELOG", Some("Changes\n\n* hand\n")),
            ],
        );
    });
    // The branch was empty for a moment, but nobody looked.
    forge.with(REPOSITORY, |repository| {
        repository.issues.get_mut(&1).expect("the PR").open = true;
    });
    forge.with(REPOSITORY, |repository| {
        repository.commit(
            "main",
            "Other",
            &[("CHANGELOG", Some("Changes\n\n* other\n"))],
        )
    });
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    assert_eq!(
        forge
            .with(REPOSITORY, |repository| repository.file(BRANCH, PIN))
            .as_deref(),
        Some("V=3.5.4 # by hand\n")
    );
}

#[test]
fn a_human_edits_the_body() {
    for (edited, keeps_marker) in [("My own words", false), ("", false), ("<append>", true)] {
        let forge = forge();
        let run = Run::new(&forge);
        run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
        forge.with(REPOSITORY, |repository| {
            let issue = repository.issues.get_mut(&1).expect("the PR");
            issue.body = if keeps_marker {
                format!("Note by me\n\n{}", issue.body)
            } else {
                edited.to_owned()
            };
        });
        let edited = forge.with(REPOSITORY, |repository| repository.issues[&1].body.clone());
        assert!(
            run.submit(&proposal(&forge, "3.5.4"))
                .expect("submitted")
                .plan
                .calls
                .is_empty(),
            "nothing new to say"
        );
        let mut wanted = proposal(&forge, "3.5.4");
        wanted.body.push_str("\n\nOne more advisory.");
        for _ in 0..3 {
            run.submit(&wanted).expect("submitted");
        }
        forge.with(REPOSITORY, |repository| {
            let issue = &repository.issues[&1];
            assert_eq!(issue.body, edited);
            assert_eq!(issue.comments.len(), 1, "{:#?}", issue.comments);
            assert!(issue.comments[0].contains("One more advisory."));
        });
        forge.assert_content();
    }
}

#[test]
fn a_human_changes_the_title() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        repository.issues.get_mut(&1).expect("the PR").title = "Mine".to_owned();
    });
    assert!(
        run.submit(&proposal(&forge, "3.5.4"))
            .expect("submitted")
            .plan
            .calls
            .is_empty()
    );
    let mut wanted = proposal(&forge, "3.5.4");
    wanted.body.push_str("\n\nMore.");
    run.submit(&wanted).expect("submitted");
    assert!(
        run.submit(&wanted)
            .expect("submitted")
            .plan
            .calls
            .is_empty()
    );
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.issues[&1].title, "Mine");
    });
}

#[test]
fn closed_by_a_human_until_the_target_changes() {
    for branch_deleted in [false, true] {
        let forge = forge();
        let run = Run::new(&forge);
        run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
        forge.with(REPOSITORY, |repository| {
            repository.issues.get_mut(&1).expect("the PR").open = false;
            if branch_deleted {
                repository
                    .git
                    .find_reference(&format!("refs/heads/{BRANCH}"))
                    .expect("the branch")
                    .delete()
                    .expect("deleted");
            }
        });
        forge.trouble(None);
        let closed = run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
        assert!(
            matches!(closed.plan.standing, Standing::Closed { number: 1, .. }),
            "{:?}",
            closed.plan
        );
        assert_eq!(forge.writes(), 0);
        run.submit(&proposal(&forge, "3.5.5")).expect("submitted");
        forge.with(REPOSITORY, |repository| {
            assert_eq!(
                repository.branches(),
                ["main", "release-check/wheels-3.5.5"]
            );
            assert_eq!(repository.open_pulls().len(), 1);
        });
        forge.assert_content();
    }
}

#[test]
fn superseded() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    run.submit(&proposal(&forge, "3.5.5")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            repository.branches(),
            ["main", "release-check/wheels-3.5.5"]
        );
        assert!(!repository.issues[&1].open);
        assert_eq!(repository.issues[&1].comments.len(), 1);
        assert!(repository.issues[&1].comments[0].contains("Superseded by #2."));
        assert_eq!(
            repository.file("release-check/wheels-3.5.5", PIN),
            Some(pin("3.5.5"))
        );
    });
    // 3.5.5 is withdrawn: 3.5.4 is wanted again, and we, not a human, had closed its PR.
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["main", BRANCH]);
        assert!(repository.issues[&3].open && !repository.issues[&2].open);
    });
    forge.assert_content();
}

#[test]
fn superseded_with_the_work_of_a_human() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        repository.commit(BRANCH, "Mine", &[("README", Some("mine"))])
    });
    for _ in 0..2 {
        run.submit(&proposal(&forge, "3.5.5")).expect("submitted");
    }
    forge.with(REPOSITORY, |repository| {
        assert!(!repository.issues[&1].open);
        assert_eq!(repository.issues[&1].comments.len(), 1);
        assert_eq!(
            repository.file(BRANCH, "README").as_deref(),
            Some("mine"),
            "nobody loses a commit"
        );
    });
}

#[test]
fn merged() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| repository.merge(1));
    run.tidy("3.5.4").expect("tidy");
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["main"]);
    });
    forge.trouble(None);
    run.tidy("3.5.4").expect("tidy");
    assert_eq!(forge.writes(), 0);
    forge.assert_content();
}

#[test]
fn merged_and_reverted() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        repository.merge(1);
        repository.commit("main", "Revert", &[(PIN, Some("V=3.5.3\n"))]);
    });
    let outcome = run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    assert!(matches!(
        outcome.plan.standing,
        Standing::Merged { number: 1, .. }
    ));
    assert!(
        outcome
            .plan
            .notes
            .iter()
            .any(|note| note.contains("was it reverted?")),
        "{:?}",
        outcome.plan.notes
    );
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            (repository.branches(), repository.open_pulls().len()),
            (vec!["main".to_owned()], 0)
        );
    });
}

#[test]
fn bumped_by_hand() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    forge.with(REPOSITORY, |repository| {
        repository.commit("main", "By hand", &[(PIN, Some("V=3.5.4\n"))])
    });
    run.tidy("3.5.4").expect("tidy");
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            (repository.branches(), repository.open_pulls().len()),
            (vec!["main".to_owned()], 0)
        );
        assert!(repository.issues[&1].comments[0].contains("has OpenSSL 3.5.4 already"));
    });
}

#[test]
fn release_branches_have_prs_of_their_own() {
    let forge = forge();
    forge.with(REPOSITORY, |repository| {
        let main = repository.head("main").expect("main");
        repository
            .git
            .reference("refs/heads/46.0.x", main, false, "")
            .expect("a branch");
    });
    let run = Run::new(&forge);
    for _ in 0..2 {
        run.submit(&proposal_for(&forge, "3.5.4", "main", false))
            .expect("submitted");
        run.submit(&proposal_for(&forge, "3.5.4", "46.0.x", true))
            .expect("submitted");
    }
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            repository.branches(),
            [
                "46.0.x",
                "main",
                BRANCH,
                "release-check/wheels-3.5.4@46.0.x"
            ]
        );
        let bases: Vec<_> = repository
            .open_pulls()
            .iter()
            .map(|pull| pull.pull.as_ref().expect("a PR").base.clone())
            .collect();
        assert_eq!(bases, ["main", "46.0.x"]);
    });
    forge.assert_content();
}

#[test]
fn one_tracking_issue() {
    let forge = forge();
    let run = Run::new(&forge);
    let mut wanted = Tracking {
        link: "wheels".to_owned(),
        title: "No fixed OpenSSL yet".to_owned(),
        body: "Waiting for 3.5.5.".to_owned(),
    };
    for _ in 0..3 {
        run.track(Some(&wanted)).expect("tracked");
    }
    wanted.body.push_str(" And for 3.5.6.");
    run.track(Some(&wanted)).expect("tracked");
    assert_eq!(run.track(Some(&wanted)).expect("tracked"), 0);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.issues.len(), 1);
        assert!(
            repository.issues[&1]
                .body
                .starts_with("Waiting for 3.5.5. And for 3.5.6.\n")
        );
        repository.issues.get_mut(&1).expect("the issue").open = false;
    });
    assert_eq!(
        run.track(Some(&wanted)).expect("tracked"),
        0,
        "closed by a human, and nothing new"
    );
    wanted.body.push_str(" And more.");
    run.track(Some(&wanted)).expect("tracked");
    forge.with(REPOSITORY, |repository| assert!(repository.issues[&2].open));
    for _ in 0..2 {
        run.track(None).expect("tracked");
    }
    forge.with(REPOSITORY, |repository| {
        assert!(!repository.issues[&2].open);
        assert_eq!(repository.issues[&2].comments.len(), 1);
    });
    forge.assert_content();
}
