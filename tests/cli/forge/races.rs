//! Two runs at once: what one has made stands, and the other says what it made itself.

use std::cell::Cell;

use super::program::{propose, sandbox, start};
use super::{Run, assert_converged, connected, forge, proposal};
use crate::sandbox::Outcome;

/// Another run is faster from this call on; what the slower one has made, and its notes.
fn overtaken_at(call: &str) -> (Vec<String>, Vec<String>) {
    let forge = forge();
    let wanted = proposal(&forge, "3.5.4");
    let late = Cell::new(true);
    let mut overtake = |said: &str| {
        if said.starts_with(call) && late.take() {
            let (wanted, variables) = (wanted.clone(), forge.variables());
            let other = std::thread::spawn(move || {
                connected(variables, (None, None), async |remote| {
                    remote.submit(&wanted, true, &mut |_| {}).await.map(drop)
                })
            });
            other.join().expect("no panic").expect("submitted");
        }
    };
    let submitted = Run::new(&forge)
        .within(async |remote| remote.submit(&wanted, true, &mut overtake).await)
        .expect("submitted");
    assert!(!late.get(), "{call} is not reached");
    assert_converged(&forge, "3.5.4");
    assert_eq!(submitted.plan.standing.word(), "open");
    forge.assert_content();
    let calls = submitted.plan.calls.iter();
    (
        calls.map(ToString::to_string).collect(),
        submitted.plan.notes,
    )
}

#[test]
fn only_what_a_run_made_is_called_done() {
    for (call, made) in [
        ("create branch", &[][..]),
        ("commit", &["create branch"]),
        ("open a", &["create branch", "commit"]),
    ] {
        let (calls, notes) = overtaken_at(call);
        assert_eq!(calls.len(), made.len(), "{call}: {calls:#?}");
        for (found, expected) in calls.iter().zip(made) {
            assert!(found.starts_with(expected), "{call}: {calls:#?}");
        }
        let told = notes.iter().filter(|note| note.contains("planned anew"));
        assert_eq!(told.count(), 1, "{call}: {notes:#?}");
    }
}

#[test]
fn two_processes_open_one_pull_request() {
    for _ in 0..3 {
        let (first, second, forge) = (sandbox(), sandbox(), forge());
        let runs = [&first, &second].map(|sandbox| start(sandbox, &forge, &["--execute"]));
        let told = runs.map(|run| {
            let outcome = Outcome::of(run.wait_with_output().expect("an end"));
            outcome.exits(0).stdout
        });
        let opened = told
            .iter()
            .filter(|told| told.contains("done: open a pull"));
        assert_eq!(opened.count(), 1, "{told:#?}");
        for told in &told {
            assert!(told.contains("pull request #1 is open"), "{told}");
        }
        propose(&first, &forge, &["--execute"]).exits(0);
        assert_converged(&forge, "3.5.4");
    }
}
