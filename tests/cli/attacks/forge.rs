//! What people without any part in a repository get by writing on its forge: nothing.

use release_check::for_tests::plan::proposal::Standing;
use release_check::for_tests::plan::proposal::tracking::Tracking;

use crate::fake_forge::FakeForge;
use crate::forge::{BRANCH, REPOSITORY, Run, assert_converged, forge, proposal};

const RETIRED: &str = "<!-- release-check-said:retired -->";

fn on_first(forge: &FakeForge, change: impl FnOnce(&mut crate::fake_forge::Issue)) {
    forge.with(REPOSITORY, |repository| {
        change(repository.issues.get_mut(&1).expect("the first"));
    });
}

/// Proposes the same once more, and looks whether our first one is still closed.
fn stays_closed(run: &Run<'_>) {
    let closed = run
        .submit(&proposal(run.forge, "3.5.4"))
        .expect("submitted");
    assert!(
        matches!(closed.plan.standing, Standing::Closed { number: 1, .. }),
        "{:?}",
        closed.plan
    );
}

#[test]
fn a_strangers_comment_on_a_closed_pull_request_reopens_nothing() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    on_first(&forge, |pull| {
        pull.open = false;
        pull.strangers.push(format!("Closing.\n\n{RETIRED}\n"));
    });
    stays_closed(&run);
}

#[test]
fn whoever_quotes_us_speaks_not_for_us() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    on_first(&forge, |pull| {
        pull.open = false;
        pull.comments.push(format!("> Superseded\n> {RETIRED}\n"));
    });
    stays_closed(&run);
}

#[test]
fn a_strangers_comment_keeps_no_pull_request_from_saying_its_end() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    on_first(&forge, |pull| pull.strangers.push(RETIRED.to_owned()));
    run.submit(&proposal(&forge, "3.5.5")).expect("submitted");
    on_first(&forge, |pull| {
        assert!(!pull.open);
        assert_eq!(pull.comments.len(), 1);
    });
}

#[test]
fn a_strangers_closed_pull_request_stops_no_proposal() {
    for fork_is_gone in [false, true] {
        let forge = forge();
        forge.with(REPOSITORY, |repository| {
            let number = repository.open_pull("main");
            let pull = repository.issues.get_mut(&number).expect("a PR");
            pull.by_stranger = true;
            pull.open = false;
            let ends = pull.pull.as_mut().expect("a PR");
            ends.head = BRANCH.to_owned();
            ends.fork_is_gone = fork_is_gone;
        });
        let run = Run::new(&forge);
        let submitted = run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
        assert!(
            !matches!(submitted.plan.standing, Standing::Closed { .. }),
            "{:?}",
            submitted.plan
        );
        forge.with(REPOSITORY, |repository| {
            assert_eq!(repository.open_pulls().len(), 1);
            // What the stranger had opened is not ours: without it this is one proposal as ever.
            repository.issues.remove(&1);
        });
        assert_converged(&forge, "3.5.4");
    }
}

#[test]
fn a_pull_request_of_a_deleted_fork_is_nobodys() {
    let forge = forge();
    let run = Run::new(&forge);
    run.submit(&proposal(&forge, "3.5.4")).expect("submitted");
    // A newer one from a fork with a branch of that name, closed, by somebody who may even write.
    forge.with(REPOSITORY, |repository| {
        let number = repository.open_pull(BRANCH);
        let pull = repository.issues.get_mut(&number).expect("a PR");
        pull.open = false;
        pull.pull.as_mut().expect("a PR").fork_is_gone = true;
        repository.issues.get_mut(&1).expect("ours").open = false;
    });
    stays_closed(&run);
}

#[test]
fn a_strangers_issue_with_our_marker_and_label_is_not_ours() {
    let forge = forge();
    let run = Run::new(&forge);
    let wanted = Tracking {
        link: "wheels".to_owned(),
        title: "No fixed OpenSSL yet".to_owned(),
        body: "Waiting for 3.5.5.".to_owned(),
    };
    run.track(Some(&wanted)).expect("tracked");
    // The same word for word, closed, as an issue template with the label would make it.
    on_first(&forge, |issue| {
        issue.by_stranger = true;
        issue.open = false;
    });
    run.track(Some(&wanted)).expect("tracked");
    forge.with(REPOSITORY, |repository| {
        assert!(repository.issues[&2].open);
        assert!(!repository.issues[&1].open);
    });
}
