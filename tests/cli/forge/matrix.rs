//! Every request that writes is made to fail in every way; after the next run everything is as if
//! nothing had happened.

use release_check::for_tests::plan::proposal::{Plan, Proposal};
use release_check::for_tests::project::linked::{FileEntry, FileMode};

use super::{BRANCH, PIN, REPOSITORY, Run, assert_converged, forge, proposal};
use crate::fake_forge::{FakeForge, Trouble};

const TROUBLES: [Trouble; 8] = [
    Trouble::LostRequest,
    Trouble::LostAnswer,
    Trouble::Refused,
    Trouble::BrokenAnswer,
    Trouble::Denied(403, "Resource not accessible by integration"),
    Trouble::Denied(403, "API rate limit exceeded"),
    Trouble::Denied(422, "Validation Failed"),
    Trouble::Denied(422, "Cannot update this protected ref."),
];

/// Runs into each trouble at each writing request, until there are no more requests.
fn matrix(
    prepare: impl Fn(&FakeForge),
    wanted: impl Fn(&FakeForge) -> Proposal,
    assert: impl Fn(&FakeForge),
) {
    let mut met = 0;
    for trouble in TROUBLES {
        for number in 1.. {
            let forge = forge();
            prepare(&forge);
            let run = Run::new(&forge);
            forge.trouble(Some((number, trouble)));
            let outcome = run.submit(&wanted(&forge));
            if forge.writes() < number {
                break;
            }
            met += 1;
            if let (Trouble::Denied(..), Ok(submitted)) = (trouble, outcome) {
                let Plan { notes, .. } = submitted.plan;
                assert_eq!(notes.len(), 1, "{number}: {notes:#?}");
            }
            forge.trouble(None);
            run.submit(&wanted(&forge))
                .unwrap_or_else(|fault| panic!("{trouble:?} at {number}: {fault}"));
            assert(&forge);
            forge.trouble(None);
            run.submit(&wanted(&forge)).expect("submitted");
            assert_eq!(forge.writes(), 0, "{trouble:?} at {number}: still writing");
        }
    }
    assert!(met >= 12, "only {met} troubles");
}

#[test]
fn opening() {
    matrix(
        |_| {},
        |forge| proposal(forge, "3.5.4"),
        |forge| assert_converged(forge, "3.5.4"),
    );
}

#[test]
fn replacing() {
    let prepare = |forge: &FakeForge| {
        Run::new(forge)
            .submit(&proposal(forge, "3.5.4"))
            .expect("submitted");
        forge.with(REPOSITORY, |repository| {
            repository.commit(
                "main",
                "Other",
                &[("CHANGELOG", Some("Changes\n\n* other\n"))],
            )
        });
    };
    matrix(
        prepare,
        |forge| proposal(forge, "3.5.4"),
        |forge| assert_converged(forge, "3.5.4"),
    );
}

#[test]
fn superseding() {
    let prepare = |forge: &FakeForge| {
        Run::new(forge)
            .submit(&proposal(forge, "3.5.4"))
            .expect("submitted");
    };
    let assert = |forge: &FakeForge| {
        forge.with(REPOSITORY, |repository| {
            assert_eq!(
                repository.branches(),
                ["main", "release-check/wheels-3.5.5"]
            );
            assert_eq!(
                repository.ahead("main", "release-check/wheels-3.5.5").len(),
                1
            );
            assert_eq!(repository.open_pulls().len(), 1);
            assert_eq!(repository.issues.len(), 2);
            assert_eq!(
                repository.issues[&1].comments.len(),
                1,
                "{:#?}",
                repository.issues[&1].comments
            );
        });
        forge.assert_content();
    };
    matrix(prepare, |forge| proposal(forge, "3.5.5"), assert);
}

#[test]
fn what_the_apis_commit_cannot_carry() {
    let prepare = |forge: &FakeForge| {
        forge.with(REPOSITORY, |repository| {
            repository.commit_entries(
                "main",
                "Executable",
                "human",
                &[(PIN, Some(b"V=3.5.3\n"), 0o100_755)],
            )
        });
    };
    let wanted = |forge: &FakeForge| {
        let mut wanted = proposal(forge, "3.5.4");
        let edit = &mut wanted.edits[1];
        let tool = |bytes: &[u8]| FileEntry {
            mode: FileMode::Executable,
            bytes: bytes.to_vec(),
        };
        edit.before = edit.before.take().map(|before| tool(&before.bytes));
        edit.after = Some(tool(b"V=3.5.4\n"));
        wanted
    };
    let assert = |forge: &FakeForge| {
        assert_converged(forge, "3.5.4");
        forge.with(REPOSITORY, |repository| {
            assert_eq!(repository.mode(BRANCH, PIN), Some(0o100_755));
        });
    };
    matrix(prepare, wanted, assert);
}
