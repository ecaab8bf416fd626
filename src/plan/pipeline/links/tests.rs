use super::*;

#[test]
fn every_outcome_of_checks() {
    let names = || vec!["build".to_owned(), "lint".to_owned()];
    for (health, state, detail) in [
        (Health::Unchecked, StepState::Done, "there are none"),
        (Health::Green, StepState::Done, "all that count are green"),
        (
            Health::Waiting(names()),
            StepState::Waiting,
            "for `build` and `lint`",
        ),
        (
            Health::Red(names()),
            StepState::Blocked,
            "`build` and `lint` failed; repair or repeat that",
        ),
    ] {
        let step = checks(&health, None);
        assert_eq!((step.state, step.detail.as_str()), (state, detail));
    }
}

#[test]
fn every_standing_of_a_pull_request() {
    let page = || Some((7, "https://forge/7".to_owned()));
    for (state, page, acts, executed, expected) in [
        (
            "absent",
            None,
            true,
            false,
            (StepState::Due, StepState::Waiting),
        ),
        (
            "open",
            page(),
            true,
            true,
            (StepState::DoneNow, StepState::Waiting),
        ),
        (
            "open",
            page(),
            true,
            false,
            (StepState::Due, StepState::Waiting),
        ),
        (
            "open",
            page(),
            false,
            true,
            (StepState::Done, StepState::Waiting),
        ),
        (
            "closed",
            page(),
            false,
            true,
            (StepState::Blocked, StepState::Waiting),
        ),
        (
            "merged",
            page(),
            false,
            true,
            (StepState::Blocked, StepState::Waiting),
        ),
        // A remote without PRs that we can open.
        (
            "absent",
            None,
            true,
            true,
            (StepState::DoneNow, StepState::Waiting),
        ),
        (
            "absent",
            None,
            false,
            true,
            (StepState::Done, StepState::Waiting),
        ),
    ] {
        let pull = LinkPull {
            state,
            page,
            branch: "release-check/wheels-3.5.4".to_owned(),
            base: "main".to_owned(),
            what: "OpenSSL 3.5.3 -> 3.5.4".to_owned(),
            acts,
            executed,
        };
        let [first, second] = pull.steps(Name::PullRequest, Name::Merge);
        assert_eq!((first.state, second.state), expected, "{pull:?}");
    }
}

#[test]
fn every_verdict_without_a_pull_request() {
    use crate::openssl::assessment::{Policy, SeriesPolicy, assess};
    let snapshot = crate::openssl::upstream::builtin::builtin().expect("a snapshot");
    let keep = Policy {
        series: SeriesPolicy::Keep,
        prereleases: false,
        cooldown: 0,
    };
    for (linked, day, policy, state, says) in [
        (
            "3.5.4",
            "2025-10-02",
            keep,
            StepState::Done,
            "OpenSSL 3.5.4: nothing newer",
        ),
        (
            "3.5.1",
            "2025-08-06",
            Policy {
                cooldown: 30,
                ..keep
            },
            StepState::Waiting,
            "OpenSSL 3.5.2 has no security fix and waits until 2025-09-04",
        ),
        (
            "1.1.1w",
            "2026-06-10",
            keep,
            StepState::Waiting,
            "for another `series` in the configuration",
        ),
        // Its fix came two months after it was published.
        (
            "3.0.15",
            "2025-01-21",
            keep,
            StepState::Waiting,
            "CVE-2024-13176 in 3.0.16",
        ),
    ] {
        let view = crate::openssl::upstream::View::new(&snapshot, day.parse().expect("a day"), &[]);
        let assessment =
            assess(linked.parse().expect("a version"), &policy, &view).expect("an assessment");
        let [first, second] = pins("wheels", "example/lib", (&assessment, true), None)
            .try_into()
            .expect("two steps");
        assert!(
            first.state == state && first.detail.contains(says),
            "{linked}: {first:?}"
        );
        assert_eq!(
            (second.state, second.link.as_deref()),
            (StepState::Done, Some("wheels"))
        );
        // Of an edited folder nobody can say that it was merged.
        let [_, second] = pins("wheels", "example/lib", (&assessment, false), None)
            .try_into()
            .expect("two steps");
        assert_eq!(second.state, StepState::Waiting);
    }
}

#[test]
fn every_standing_of_the_paperwork() {
    let pull = LinkPull {
        state: "open",
        page: Some((3, "https://forge/3".to_owned())),
        branch: "release-check/wheels-3.5.4".to_owned(),
        base: "main".to_owned(),
        what: "OpenSSL 3.5.3 -> 3.5.4".to_owned(),
        acts: true,
        executed: true,
    };
    for (standing, expected) in [
        (Paperwork::NotConfigured, [StepState::NotConfigured; 2]),
        (Paperwork::Done, [StepState::Done; 2]),
        (Paperwork::Later, [StepState::Waiting; 2]),
        (Paperwork::Unknown, [StepState::Waiting; 2]),
        (
            Paperwork::Failed("no".to_owned()),
            [StepState::Blocked, StepState::Waiting],
        ),
        (
            Paperwork::Pull(pull),
            [StepState::DoneNow, StepState::Waiting],
        ),
    ] {
        let steps = paperwork(
            "wheels",
            "example/lib",
            "3.5.4".parse().expect("a version"),
            &standing,
        );
        assert_eq!(
            steps.iter().map(|step| step.state).collect::<Vec<_>>(),
            expected,
            "{standing:?}"
        );
    }
}
