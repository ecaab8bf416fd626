//! What upstream takes back: proposals of it end, and whoever has it is led down again.

use super::program::{UPSTREAM, kill_at_each_call, propose, sandbox};
use super::{BRANCH, PIN, REPOSITORY, forge, pin};
use crate::fake_forge::FakeForge;
use crate::sandbox::Sandbox;

const DOWN: &str = "release-check/wheels-3.5.3";

/// From now on 3.5.4 is withdrawn.
fn withdraw(sandbox: &Sandbox) {
    let released = r#"{"version": "3.5.4", "date": "2025-09-30","#;
    let withdrawn = UPSTREAM.replace(
        released,
        &format!("{released} \"withdrawn\": \"2025-10-01\","),
    );
    assert_ne!(withdrawn, UPSTREAM);
    sandbox.file("upstream.json", withdrawn);
}

fn execute(sandbox: &Sandbox, forge: &FakeForge) -> String {
    propose(sandbox, forge, &["--execute"]).exits(0).stdout
}

#[track_caller]
fn idle(sandbox: &Sandbox, forge: &FakeForge) {
    forge.trouble(None);
    for _ in 0..2 {
        execute(sandbox, forge);
    }
    assert_eq!(forge.writes(), 0);
    forge.assert_content();
}

#[test]
fn what_is_open_is_closed_and_says_why() {
    let (sandbox, forge) = (sandbox(), forge());
    execute(&sandbox, &forge);
    withdraw(&sandbox);
    execute(&sandbox, &forge);
    forge.with(REPOSITORY, |repository| {
        let pull = &repository.issues[&1];
        assert!(!pull.open && repository.head(BRANCH).is_none());
        let [comment] = pull.comments.as_slice() else {
            panic!("{:#?}", pull.comments)
        };
        assert!(
            comment.contains("OpenSSL has withdrawn 3.5.4, so this must not be merged."),
            "{comment}"
        );
    });
    idle(&sandbox, &forge);
    // It comes back: we, not a human, had closed it.
    sandbox.file("upstream.json", UPSTREAM);
    execute(&sandbox, &forge);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.open_pulls().len(), 1);
    });
}

#[test]
fn the_work_of_a_human_stays_with_a_word_on_it() {
    let (sandbox, forge) = (sandbox(), forge());
    execute(&sandbox, &forge);
    forge.with(REPOSITORY, |repository| {
        repository.commit(BRANCH, "Mine", &[("README", Some("mine"))])
    });
    withdraw(&sandbox);
    for _ in 0..3 {
        let told = execute(&sandbox, &forge);
        assert!(told.contains("pull request #1 stays open"), "{told}");
    }
    forge.with(REPOSITORY, |repository| {
        let pull = &repository.issues[&1];
        assert!(pull.open && pull.comments.len() == 1, "{pull:#?}");
        assert!(pull.comments[0].contains("has withdrawn 3.5.4"));
        assert_eq!(repository.file(BRANCH, "README").as_deref(), Some("mine"));
    });
    idle(&sandbox, &forge);
}

#[test]
fn whoever_has_it_is_led_down_again() {
    for closed in [false, true] {
        let (sandbox, forge) = (sandbox(), forge());
        let set = |version: &str| {
            forge.with(REPOSITORY, |repository| {
                repository.commit("main", version, &[(PIN, Some(&pin(version)))])
            })
        };
        let only = |newest: &str| {
            let line = format!(
                ",\n    {{\"version\": \"{newest}\", \"date\": \"2025-09-30\", \"hashes\": {{}}}}"
            );
            let known = UPSTREAM.replace(&line, "");
            assert_ne!(known, UPSTREAM);
            sandbox.file("upstream.json", known);
        };
        // Both moves up were ours, and both were merged.
        set("3.5.2");
        only("3.5.4");
        execute(&sandbox, &forge);
        forge.with(REPOSITORY, |repository| repository.squash(1));
        sandbox.file("upstream.json", UPSTREAM);
        execute(&sandbox, &forge);
        let number = forge.with(REPOSITORY, |repository| {
            let number = repository.open_pulls()[0].number;
            repository.merge(number);
            number
        });
        withdraw(&sandbox);
        let told = execute(&sandbox, &forge);
        assert!(told.contains("OpenSSL 3.5.4 -> 3.5.3"), "{told}");
        let down = forge.with(REPOSITORY, |repository| {
            assert_eq!(repository.file(DOWN, PIN), Some(pin("3.5.3")), "{told}");
            let open = repository.open_pulls();
            assert!(
                open.len() == 1 && open[0].number > number,
                "{open:#?}\n{told}"
            );
            assert!(open[0].body.contains("<!-- release-check-from:3.5.4 -->"));
            open[0].number
        });
        idle(&sandbox, &forge);
        forge.with(REPOSITORY, |repository| match closed {
            true => repository.close(down),
            false => drop(repository.merge(down)),
        });
        let told = execute(&sandbox, &forge);
        assert_eq!(closed, told.contains("was closed; it stays"), "{told}");
        idle(&sandbox, &forge);
        forge.with(REPOSITORY, |repository| {
            assert_eq!(repository.open_pulls().len(), 0);
        });
    }
}

#[test]
fn another_target_takes_its_place() {
    let (sandbox, forge) = (sandbox(), forge());
    forge.with(REPOSITORY, |repository| {
        repository.commit("main", "older", &[(PIN, Some(&pin("3.5.2")))])
    });
    execute(&sandbox, &forge);
    withdraw(&sandbox);
    execute(&sandbox, &forge);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["main", DOWN]);
        let old = &repository.issues[&1];
        assert!(!old.open);
        assert!(
            old.comments[0].contains("has withdrawn 3.5.4")
                && old.comments[0].contains("Superseded by #2."),
            "{:#?}",
            old.comments
        );
    });
    idle(&sandbox, &forge);
}

#[test]
fn killed_at_every_call_it_comes_to_the_same() {
    let closing = || {
        let (sandbox, forge) = (sandbox(), forge());
        execute(&sandbox, &forge);
        withdraw(&sandbox);
        (sandbox, forge)
    };
    let met = kill_at_each_call(closing, |forge| {
        forge.with(REPOSITORY, |repository| {
            assert_eq!(repository.branches(), ["main"]);
            assert!(!repository.issues[&1].open);
            assert_eq!(repository.issues[&1].comments.len(), 1);
        });
    });
    assert!(met >= 6, "{met}");
    let leading_down = || {
        let (sandbox, forge) = (sandbox(), forge());
        forge.with(REPOSITORY, |repository| {
            repository.commit("main", "older", &[(PIN, Some(&pin("3.5.2")))])
        });
        execute(&sandbox, &forge);
        withdraw(&sandbox);
        (sandbox, forge)
    };
    let met = kill_at_each_call(leading_down, |forge| {
        forge.with(REPOSITORY, |repository| {
            assert_eq!(repository.branches(), ["main", DOWN]);
            assert_eq!(repository.open_pulls().len(), 1);
            assert_eq!(repository.issues[&1].comments.len(), 1);
        });
    });
    assert!(met >= 14, "{met}");
}

/// However old the facts are, that much is known.
#[test]
fn what_is_open_is_closed_though_nothing_else_is_known() {
    let (sandbox, forge) = (sandbox(), forge());
    execute(&sandbox, &forge);
    withdraw(&sandbox);
    let advisory = "\"affected\": [{\"from\": \"3.5.0\", \"before\": \"3.5.4\"}]";
    let old = sandbox
        .read("upstream.json")
        .replace("\"taken\": \"2025-10-01\"", "\"taken\": \"2025-08-01\"")
        .replace(
            advisory,
            "\"affected\": [{\"from\": \"3.5.0\", \"before\": \"3.5.1\"}]",
        );
    sandbox.file("upstream.json", old);
    let told = propose(&sandbox, &forge, &["--execute"]).exits(1).stdout;
    assert!(told.contains("wheels: unknown"), "{told}");
    forge.with(REPOSITORY, |repository| {
        assert!(!repository.issues[&1].open, "{told}");
        assert_eq!(repository.branches(), ["main"]);
    });
}
