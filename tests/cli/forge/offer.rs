//! Beside what is due: the move to a newer series, as a draft PR of its own.

use super::program::{CONFIGURATION, kill_at_each_call, propose};
use super::{PIN, REPOSITORY, UPSTREAM, forge, pin};
use crate::fake_forge::FakeForge;
use crate::sandbox::Sandbox;

const DUE: &str = "release-check/wheels-3.5.4";
const OFFER: &str = "release-check/wheels-3.6.0";

/// Upstream with a newer series that has these releases.
fn upstream(newer: &[&str]) -> String {
    let releases: String = newer
        .iter()
        .map(|version| {
            format!(r#",{{"version": "{version}", "date": "2025-10-01", "hashes": {{}}}}"#)
        })
        .collect();
    UPSTREAM
        .replace(
            r#""date": "2025-09-30", "hashes": {}}"#,
            &format!(r#""date": "2025-09-30", "hashes": {{}}}}{releases}"#),
        )
        .replace(
            r#""lts": true}]"#,
            r#""lts": true}, {"name": "3.6", "released": "2025-10-01", "eol": "2026-11-01", "lts": false}]"#,
        )
}

fn offering() -> Sandbox {
    let sandbox = Sandbox::new();
    let config = CONFIGURATION.replace(
        "name = \"wheels\"\n",
        "name = \"wheels\"\noffer = \"newest\"\n",
    );
    sandbox
        .file("release-check.toml", config)
        .file("upstream.json", upstream(&["3.6.0"]));
    sandbox
}

/// The open PRs: branch, and whether it is a draft.
fn open(forge: &FakeForge) -> Vec<(String, bool)> {
    forge.with(REPOSITORY, |repository| {
        let mut open: Vec<(String, bool)> = repository
            .open_pulls()
            .iter()
            .map(|issue| {
                let pull = issue.pull.as_ref().expect("a pull request");
                (pull.head.clone(), pull.draft)
            })
            .collect();
        open.sort();
        open
    })
}

fn both() -> Vec<(String, bool)> {
    vec![(DUE.to_owned(), false), (OFFER.to_owned(), true)]
}

#[track_caller]
fn idle(sandbox: &Sandbox, forge: &FakeForge) {
    forge.trouble(None);
    for _ in 0..3 {
        propose(sandbox, forge, &["--execute"]).exits(0);
    }
    assert_eq!(forge.writes(), 0);
}

#[test]
fn an_offer_raises_no_version_of_our_own() {
    let (sandbox, forge) = (offering(), FakeForge::start());
    let own = "own 1.0.0\n";
    forge.repository(
        REPOSITORY,
        &[
            (PIN, "V=3.5.3\n"),
            ("CHANGES.md", "# Changes\n\n## 1.0.0\n\n- First.\n"),
            ("first", own),
            ("second", own),
        ],
    );
    forge.with(REPOSITORY, |repository| {
        repository.tag("1.0.0", repository.head("main").expect("main"), None)
    });
    let version = |file: &str| {
        format!("[[version]]\nfile = \"{file}\"\nmatch = \"own {{project_version}}\"\n")
    };
    let config = CONFIGURATION.replace(
        "name = \"wheels\"\n",
        "name = \"wheels\"\noffer = \"newest\"\n",
    );
    sandbox.file(
        "release-check.toml",
        format!(
            "{config}\n[changelog]\nfile = \"CHANGES.md\"\n{}{}",
            version("first"),
            version("second")
        ),
    );
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    forge.with(REPOSITORY, |repository| {
        for (file, raised) in [("first", "own 1.0.1\n"), ("second", "own 1.0.1\n")] {
            assert_eq!(repository.file(DUE, file).as_deref(), Some(raised));
            assert_eq!(repository.file(OFFER, file).as_deref(), Some(own));
        }
    });
}

#[test]
fn from_the_offer_to_the_next_major() {
    let (sandbox, forge) = (offering(), forge());
    let shown = propose(&sandbox, &forge, &["--format", "json"])
        .exits(0)
        .json();
    let offered: Vec<_> = shown["proposals"]
        .as_array()
        .expect("proposals")
        .iter()
        .map(|one| (one["target"].clone(), one["offered"].clone()))
        .collect();
    assert_eq!(
        offered,
        [
            ("3.5.4".into(), false.into()),
            ("3.6.0".into(), true.into())
        ]
    );
    assert_eq!(forge.writes(), 0);
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert_eq!(open(&forge), both());
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.file(OFFER, PIN), Some(pin("3.6.0")));
        let offer = repository
            .issues
            .values()
            .find(|issue| issue.title.contains("3.6.0"));
        let offer = offer.expect("the offer");
        assert!(
            offer.title.ends_with("(for your next major)"),
            "{}",
            offer.title
        );
        assert!(
            offer
                .body
                .starts_with("This is an offer for your next major release"),
            "{}",
            offer.body
        );
        assert!(
            offer.body.contains("<!-- release-check:wheels:3.6.0 -->"),
            "{}",
            offer.body
        );
    });
    idle(&sandbox, &forge);

    // The patch is merged: the offer follows the base and stays.
    let due = forge.with(REPOSITORY, |repository| {
        let due = repository.open_pulls().iter().map(|pull| pull.number).min();
        due.expect("a pull request")
    });
    forge.with(REPOSITORY, |repository| repository.merge(due));
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert_eq!(open(&forge), [(OFFER.to_owned(), true)]);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["main", OFFER]);
        assert_eq!(repository.file(OFFER, PIN), Some(pin("3.6.0")));
    });
    idle(&sandbox, &forge);

    // A newer one takes its place.
    sandbox.file("upstream.json", upstream(&["3.6.0", "3.6.1"]));
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    let newer = "release-check/wheels-3.6.1";
    assert_eq!(open(&forge), [(newer.to_owned(), true)]);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["main", newer]);
    });
    idle(&sandbox, &forge);

    // Somebody makes the move by hand.
    forge.with(REPOSITORY, |repository| {
        repository.commit("main", "By hand", &[(PIN, Some(&pin("3.6.1")))]);
    });
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert_eq!(open(&forge), []);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["main"]);
    });
    idle(&sandbox, &forge);
    forge.assert_content();
}

#[test]
fn what_is_offered_no_more_is_closed() {
    let (sandbox, forge) = (offering(), forge());
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert_eq!(open(&forge), both());
    sandbox.file("release-check.toml", CONFIGURATION);
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert_eq!(open(&forge), [(DUE.to_owned(), false)]);
    idle(&sandbox, &forge);
    forge.assert_content();
}

#[test]
fn an_offer_that_a_human_closed_stays_closed() {
    let (sandbox, forge) = (offering(), forge());
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    forge.with(REPOSITORY, |repository| {
        let offer = repository.open_pulls().iter().map(|pull| pull.number).max();
        repository.close(offer.expect("a pull request"));
    });
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert_eq!(open(&forge), [(DUE.to_owned(), false)]);
    idle(&sandbox, &forge);
}

#[test]
fn killed_at_each_call_with_an_offer() {
    let met = kill_at_each_call(
        || (offering(), forge()),
        |forge| {
            assert_eq!(open(forge), both());
            forge.assert_content();
        },
    );
    assert!(met >= 10, "{met}");
}
