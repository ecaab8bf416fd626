//! What a release branch's changelog says of a release comes to the main one by a PR of its own.

use super::program::{CONFIGURATION, kill_at_each_call, propose, sandbox};
use super::{PIN, REPOSITORY, forge, pin};
use crate::fake_forge::{FakeForge, Trouble};
use crate::sandbox::Sandbox;

const BRANCH: &str = "release-check/forward/46.0.4";

const MAIN: &str = "# Changes\n\n## 47.0.0 - unreleased\n\n- Something new\n\n## 46.0.3 - 2025-09-20\n\n- Updated OpenSSL to 3.5.3.\n";

const SECTION: &str =
    "## 46.0.4 - 2025-09-30\n\n- Updated the statically linked OpenSSL to 3.5.4.\n\n";

fn configured(more: &str, changelog: &str) -> Sandbox {
    let sandbox = sandbox();
    let text = format!(
        "{CONFIGURATION}base = \"main\"\n{more}\n[changelog]\nfile = \"CHANGES.md\"\n{changelog}\n"
    );
    sandbox.file("release-check.toml", text);
    sandbox
}

fn set(forge: &FakeForge, branch: &str, text: &str) {
    let files = [
        (PIN, Some(pin("3.5.4"))),
        ("CHANGES.md", Some(text.to_owned())),
    ];
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (*path, text.as_deref()))
        .collect();
    forge.with(REPOSITORY, |repository| {
        repository.commit(branch, "Change", &files)
    });
}

fn with_section(section: &str) -> String {
    let older = MAIN.find("## 46.0.3").expect("a section");
    format!("# Changes\n\n{section}{}", &MAIN[older..])
}

/// Nothing is due on either branch, and 46.0.4 was made from the release branch.
fn released() -> FakeForge {
    let forge = forge();
    forge.with(REPOSITORY, |repository| {
        let main = repository.head("main").expect("main");
        repository
            .git
            .reference("refs/heads/46.0.x", main, false, "")
            .expect("a branch");
    });
    set(&forge, "main", MAIN);
    set(&forge, "46.0.x", &with_section(SECTION));
    forge
}

fn tag(forge: &FakeForge, branch: &str, name: &str, message: Option<&str>) {
    forge.with(REPOSITORY, |repository| {
        repository.tag(name, repository.head(branch).expect("a branch"), message)
    });
}

#[track_caller]
fn assert_carried(forge: &FakeForge) {
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.branches(), ["46.0.x", "main", BRANCH]);
        assert_eq!(
            repository.ahead("main", BRANCH).len(),
            1,
            "{:#?}",
            repository.ahead("main", BRANCH)
        );
        let pulls = repository.open_pulls();
        assert_eq!(
            (pulls.len(), pulls[0].title.as_str()),
            (1, "Carry the changelog of 46.0.4 forward"),
            "{pulls:#?}"
        );
        assert_eq!(repository.issues.len(), 1);
        assert_eq!(pulls[0].labels, ["release"]);
        assert!(
            pulls[0]
                .body
                .contains("<!-- release-check:forward/:46.0.4 -->"),
            "{}",
            pulls[0].body
        );
        assert_eq!(
            repository.file(BRANCH, "CHANGES.md"),
            Some(MAIN.replace("## 46.0.3", &format!("{SECTION}## 46.0.3")))
        );
    });
    forge.assert_content();
}

#[test]
fn opened_once_kept_up_to_date_and_cleared_away() {
    let (sandbox, forge) = (configured("also = [\"46.0.x\"]", ""), released());
    let planned = propose(&sandbox, &forge, &[]).exits(0);
    assert!(
        planned.stdout.contains("changelog: 46.0.4 from `46.0.x` in pyca/infra\n  branch `release-check/forward/46.0.4` into `main`"),
        "{}",
        planned.stdout
    );
    assert!(
        planned.stdout.contains("+## 46.0.4 - 2025-09-30\n"),
        "{}",
        planned.stdout
    );
    assert_eq!(forge.writes(), 0);
    let json = propose(&sandbox, &forge, &["--execute", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(
        (
            &json["forwarded"][0]["state"],
            &json["forwarded"][0]["releases"][0]
        ),
        (&"open".into(), &"46.0.4".into())
    );
    assert_carried(&forge);
    forge.trouble(None);
    for _ in 0..5 {
        let outcome = propose(&sandbox, &forge, &["--execute"]).exits(0);
        assert!(
            outcome.stdout.contains("nothing to do"),
            "{}",
            outcome.stdout
        );
    }
    assert_eq!(forge.writes(), 0);
    // The base moves under it, and the release's day is corrected.
    set(
        &forge,
        "main",
        &MAIN.replace("Something new", "Something newer"),
    );
    set(
        &forge,
        "46.0.x",
        &with_section(&SECTION.replace("09-30", "10-01")),
    );
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    forge.with(REPOSITORY, |repository| {
        let text = repository.file(BRANCH, "CHANGES.md").expect("a changelog");
        assert!(
            text.contains("Something newer") && text.contains("## 46.0.4 - 2025-10-01"),
            "{text}"
        );
        repository.merge(1);
    });
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            (repository.branches(), repository.issues.len()),
            (vec!["46.0.x".to_owned(), "main".to_owned()], 1)
        );
    });
    forge.trouble(None);
    assert_eq!(
        propose(&sandbox, &forge, &["--execute"]).exits(0).stdout,
        "nothing to propose\n"
    );
    assert_eq!(forge.writes(), 0);
    forge.assert_content();
}

#[test]
fn a_release_without_a_branch_of_its_own_in_the_configuration() {
    for message in [None, Some("46.0.4")] {
        let (sandbox, forge) = (configured("", "forward = true"), released());
        tag(&forge, "main", "46.0.3", None);
        assert_eq!(
            propose(&sandbox, &forge, &["--execute"]).exits(0).stdout,
            "nothing to propose\n"
        );
        tag(&forge, "46.0.x", "46.0.4", message);
        // The release branch may be gone by now.
        for _ in 0..2 {
            let outcome = propose(&sandbox, &forge, &["--execute"]).exits(0);
            assert!(
                outcome
                    .stdout
                    .contains("changelog: 46.0.4 from `46.0.4` in pyca/infra"),
                "{}",
                outcome.stdout
            );
        }
        assert_carried(&forge);
    }
}

#[test]
fn what_is_not_released_is_not_carried() {
    let (sandbox, forge) = (configured("also = [\"46.0.x\"]", ""), released());
    tag(&forge, "main", "46.0.3", None);
    assert_eq!(
        propose(&sandbox, &forge, &["--execute"]).exits(0).stdout,
        "nothing to propose\n"
    );
    tag(&forge, "46.0.x", "46.0.4", None);
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert_carried(&forge);
}

#[test]
fn nothing_is_carried_that_nobody_asked_for() {
    for (more, changelog, section) in [
        ("also = [\"46.0.x\"]", "forward = false", SECTION),
        ("", "", SECTION),
        (
            "also = [\"46.0.x\"]",
            "",
            "## 46.0.4 - 2025-09-30\n\n- Fixed a typing mistake.\n\n",
        ),
        (
            "also = [\"46.0.x\"]",
            "",
            "## 46.0.4 - unreleased\n\n- Updated OpenSSL to 3.5.4.\n\n",
        ),
    ] {
        let (sandbox, forge) = (configured(more, changelog), released());
        set(&forge, "46.0.x", &with_section(section));
        let outcome = propose(&sandbox, &forge, &["--execute"]).exits(0);
        assert_eq!(
            outcome.stdout, "nothing to propose\n",
            "{more} {changelog} {section}"
        );
    }
}

#[test]
fn what_the_bump_of_main_adds_is_not_carried_too() {
    let (sandbox, forge) = (configured("also = [\"46.0.x\"]", ""), released());
    let open = MAIN.replace("## 47.0.0 - unreleased\n\n- Something new\n\n", "");
    forge.with(REPOSITORY, |repository| {
        repository.commit(
            "main",
            "Back",
            &[(PIN, Some(&pin("3.5.3"))), ("CHANGES.md", Some(&open))],
        );
    });
    for _ in 0..2 {
        let outcome = propose(&sandbox, &forge, &["--execute"]).exits(0);
        assert!(!outcome.stdout.contains("forward"), "{}", outcome.stdout);
    }
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            repository.branches(),
            ["46.0.x", "main", "release-check/wheels-3.5.4"]
        );
        let text = repository
            .file("release-check/wheels-3.5.4", "CHANGES.md")
            .expect("a changelog");
        assert!(text.contains("## 46.0.4 - 2025-10-01"), "{text}");
    });
}

#[test]
fn a_later_release_takes_its_place() {
    let (sandbox, forge) = (configured("also = [\"46.0.x\"]", ""), released());
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    let newer = format!("## 46.0.5 - 2025-10-01\n\n- Updated OpenSSL to 3.5.5.\n\n{SECTION}");
    set(&forge, "46.0.x", &with_section(&newer));
    for _ in 0..2 {
        propose(&sandbox, &forge, &["--execute"]).exits(0);
    }
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            repository.branches(),
            ["46.0.x", "main", "release-check/forward/46.0.5"]
        );
        assert!(
            !repository.issues[&1].open
                && repository.issues[&1].comments[0].contains("Superseded by #2.")
        );
        let text = repository.file("release-check/forward/46.0.5", "CHANGES.md");
        assert_eq!(
            text,
            Some(MAIN.replace("## 46.0.3", &format!("{newer}## 46.0.3")))
        );
    });
    // Somebody brings both in by hand.
    set(
        &forge,
        "main",
        &MAIN.replace("## 46.0.3", &format!("{newer}## 46.0.3")),
    );
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    forge.with(REPOSITORY, |repository| {
        assert_eq!(
            (repository.branches(), repository.open_pulls().len()),
            (vec!["46.0.x".to_owned(), "main".to_owned()], 0)
        );
        assert!(
            repository.issues[&2].comments[0]
                .contains("The changelog of `main` has 46.0.5 already")
        );
    });
    forge.assert_content();
}

#[test]
fn closed_by_a_human_it_stays_closed() {
    let (sandbox, forge) = (configured("also = [\"46.0.x\"]", ""), released());
    propose(&sandbox, &forge, &["--execute"]).exits(0);
    forge.with(REPOSITORY, |repository| {
        repository.issues.get_mut(&1).expect("the PR").open = false;
    });
    forge.trouble(None);
    let outcome = propose(&sandbox, &forge, &["--execute"]).exits(0);
    assert!(
        outcome.stdout.contains("pull request #1 is closed"),
        "{}",
        outcome.stdout
    );
    assert_eq!(forge.writes(), 0);
}

#[test]
fn killed_at_each_call() {
    let met = kill_at_each_call(
        || (configured("also = [\"46.0.x\"]", ""), released()),
        assert_carried,
    );
    assert_eq!(met, 10, "two for each call");
}

#[test]
fn trouble_at_each_call() {
    let mut met = 0;
    for trouble in [
        Trouble::LostRequest,
        Trouble::LostAnswer,
        Trouble::Refused,
        Trouble::BrokenAnswer,
    ] {
        for number in 1.. {
            let (sandbox, forge) = (configured("also = [\"46.0.x\"]", ""), released());
            forge.trouble(Some((number, trouble)));
            propose(&sandbox, &forge, &["--execute"]);
            if forge.writes() < number {
                break;
            }
            met += 1;
            forge.trouble(None);
            propose(&sandbox, &forge, &["--execute"]).exits(0);
            assert_carried(&forge);
            forge.trouble(None);
            propose(&sandbox, &forge, &["--execute"]).exits(0);
            assert_eq!(forge.writes(), 0, "{trouble:?} at {number}: still writing");
        }
    }
    assert!(met >= 16, "only {met} troubles");
}
