use super::*;

#[test]
fn every_outcome_of_checks() {
    let names = || vec!["build".to_owned(), "lint".to_owned()];
    for (health, state, detail) in [
        (Health::Unchecked, State::Done, "there are none"),
        (Health::Green, State::Done, "all that count are green"),
        (Health::Waiting(names()), State::Waiting, "for `build` and `lint`"),
        (Health::Red(names()), State::Blocked, "`build` and `lint` failed; repair or repeat that"),
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
