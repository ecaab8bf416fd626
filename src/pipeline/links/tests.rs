use super::*;

fn check(name: &str, state: CheckState) -> Check {
    Check { name: name.to_owned(), state }
}

#[test]
fn every_outcome_of_checks() {
    use CheckState::{Green, Red, Running};
    let (build, lint) = (|state| check("build", state), |state| check("lint", state));
    for (found, required, state, detail) in [
        (vec![], vec![], State::Done, "there are none"),
        (vec![build(Green), lint(Green)], vec![], State::Done, "`build` and `lint` succeeded"),
        (vec![build(Green), lint(Running)], vec![], State::Waiting, "for `lint`"),
        (vec![build(Red), lint(Running)], vec![], State::Blocked, "`build` failed; repair or repeat that"),
        (vec![build(Green), lint(Red)], vec!["build"], State::Done, "`build` succeeded"),
        (vec![lint(Green)], vec!["build"], State::Waiting, "for `build` to start"),
        (vec![], vec!["build"], State::Waiting, "for `build` to start"),
        (vec![build(Running)], vec!["build", "deploy"], State::Waiting, "for `build`"),
    ] {
        let required: Vec<String> = required.into_iter().map(str::to_owned).collect();
        let step = checks(&found, &required, None);
        assert_eq!((step.state, step.detail.as_str()), (state, detail), "{found:?} {required:?}");
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
        ("closed", page(), false, true, (State::Blocked, State::Waiting)),
        ("merged", page(), false, true, (State::Blocked, State::Waiting)),
        // A remote without PRs that we can open.
        ("absent", None, true, true, (State::DoneNow, State::Waiting)),
        ("absent", None, false, true, (State::Done, State::Waiting)),
    ] {
        let pull = Pull {
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
