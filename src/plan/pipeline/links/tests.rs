use super::*;

#[test]
fn every_outcome_of_checks() {
    let names = || vec!["build".to_owned(), "lint".to_owned()];
    for (health, state, detail) in [
        (Health::Unchecked, State::Done, "there are none"),
        (Health::Green, State::Done, "all that count are green"),
        (
            Health::Waiting(names()),
            State::Waiting,
            "for `build` and `lint`",
        ),
        (
            Health::Red(names()),
            State::Blocked,
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
        ("absent", None, true, false, (State::Due, State::Waiting)),
        ("open", page(), true, true, (State::DoneNow, State::Waiting)),
        ("open", page(), true, false, (State::Due, State::Waiting)),
        ("open", page(), false, true, (State::Done, State::Waiting)),
        (
            "closed",
            page(),
            false,
            true,
            (State::Blocked, State::Waiting),
        ),
        (
            "merged",
            page(),
            false,
            true,
            (State::Blocked, State::Waiting),
        ),
        // A remote without PRs that we can open.
        ("absent", None, true, true, (State::DoneNow, State::Waiting)),
        ("absent", None, false, true, (State::Done, State::Waiting)),
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
            State::Done,
            "OpenSSL 3.5.4: nothing newer",
        ),
        (
            "3.5.1",
            "2025-08-06",
            Policy {
                cooldown: 30,
                ..keep
            },
            State::Waiting,
            "OpenSSL 3.5.2 has no security fix and waits until 2025-09-04",
        ),
        (
            "1.1.1w",
            "2026-06-10",
            keep,
            State::Waiting,
            "for another `series` in the configuration",
        ),
        // Its fix came two months after it was published.
        (
            "3.0.15",
            "2025-01-21",
            keep,
            State::Waiting,
            "CVE-2024-13176 in 3.0.16",
        ),
    ] {
        let view = crate::openssl::upstream::View::new(&snapshot, day.parse().expect("a day"), &[]);
        let assessment =
            assess(linked.parse().expect("a version"), &policy, &view).expect("an assessment");
        let [first, second] = pins("wheels", "example/lib", &assessment, None)
            .try_into()
            .expect("two steps");
        assert!(
            first.state == state && first.detail.contains(says),
            "{linked}: {first:?}"
        );
        assert_eq!(
            (second.state, second.link.as_deref()),
            (State::Done, Some("wheels"))
        );
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
        (Paperwork::NotConfigured, [State::NotConfigured; 2]),
        (Paperwork::Done, [State::Done; 2]),
        (Paperwork::Later, [State::Waiting; 2]),
        (Paperwork::Unknown, [State::Waiting; 2]),
        (
            Paperwork::Failed("no".to_owned()),
            [State::Blocked, State::Waiting],
        ),
        (Paperwork::Pull(pull), [State::DoneNow, State::Waiting]),
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
