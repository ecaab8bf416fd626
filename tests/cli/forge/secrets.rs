//! Errors say what the user can do, and never what the token is.

use release_check::for_tests::plan::proposal::Standing;
use release_check::for_tests::plan::proposal::tracking::Tracking;

use super::{BRANCH, REPOSITORY, Run, forge, proposal};
use crate::fake_forge::{Answer, TOKEN};

#[test]
fn refusals_say_what_to_do() {
    let cases = [
        (
            "GET",
            "/branches",
            Answer::message(404, "Not Found"),
            "may the token see the repository",
        ),
        (
            "GET",
            "/branches",
            Answer::message(401, "Bad credentials"),
            "does not accept the token",
        ),
        (
            "POST",
            "/git/refs",
            Answer::message(403, "Resource not accessible by integration")
                .with("x-accepted-github-permissions", "contents=write"),
            "the token lacks the permission `contents=write`",
        ),
        (
            "POST",
            "/git/refs",
            Answer::message(422, "Repository rule violations found"),
            "exempt `release-check/**`",
        ),
        (
            "POST",
            "/graphql",
            Answer::json(
                200,
                &serde_json::json!({ "data": null, "errors": [{ "type": "FORBIDDEN", "message": "Resource not accessible" }] }),
            ),
            "needs write access",
        ),
        (
            "POST",
            "/pulls",
            Answer::message(
                403,
                "GitHub Actions is not permitted to create or approve pull requests.",
            ),
            "under Actions, General",
        ),
        (
            "POST",
            "/pulls",
            Answer::message(403, "You have exceeded a secondary rate limit.")
                .with("retry-after", "600"),
            "used up for another 10 min",
        ),
        (
            "GET",
            "/pulls",
            Answer::message(403, "API rate limit exceeded")
                .with("x-ratelimit-remaining", "0")
                .with("x-ratelimit-reset", "99999999999"),
            "rate limit is used up",
        ),
        (
            "POST",
            "/git/refs",
            Answer::message(422, &format!("no {TOKEN}\u{1b}[31m")),
            "refuses: no ",
        ),
    ];
    for (method, path, answer, expected) in cases {
        let forge = forge();
        forge.answer_once(method, path, answer);
        let fault = Run::new(&forge)
            .submit(&proposal(&forge, "3.5.4"))
            .expect_err("a refusal")
            .to_string();
        assert!(fault.contains(expected), "{method} {path}: {fault}");
        assert!(
            !fault.contains('\u{1b}') && !fault.contains(TOKEN),
            "{fault}"
        );
        Run::new(&forge)
            .submit(&proposal(&forge, "3.5.4"))
            .expect("the next run goes on");
    }
}

#[test]
fn a_short_limit_is_waited_for() {
    let forge = forge();
    forge.answer_once(
        "POST",
        "/pulls",
        Answer::message(429, "Too many requests").with("retry-after", "1"),
    );
    Run::new(&forge)
        .submit(&proposal(&forge, "3.5.4"))
        .expect("submitted");
    forge.assert_content();
}

#[test]
fn a_repository_without_issues_needs_none_while_there_is_nothing_to_say() {
    for answer in [
        Answer::message(410, "Issues has been disabled in this repository."),
        Answer::message(403, "Resource not accessible by integration")
            .with("x-accepted-github-permissions", "issues=read"),
    ] {
        let forge = forge();
        forge.answer_once("GET", "/issues", answer.clone());
        assert_eq!(Run::new(&forge).track(None), Ok(0));
        forge.answer_once("GET", "/issues", answer);
        let wanted = Tracking {
            link: "wheels".to_owned(),
            title: "No fix yet".to_owned(),
            body: "Waiting.".to_owned(),
        };
        let fault = Run::new(&forge)
            .track(Some(&wanted))
            .expect_err("a refusal")
            .to_string();
        assert!(
            fault.contains("disabled") || fault.contains("lacks the permission `issues=read`"),
            "{fault}"
        );
    }
    let forge = forge();
    forge.answer_once("GET", "/issues", Answer::message(401, "Bad credentials"));
    assert!(
        Run::new(&forge).track(None).is_err(),
        "a token that is none is said"
    );
}

#[test]
fn reviewers_who_cannot_be_asked_are_a_warning() {
    let forge = forge();
    forge.answer_once(
        "POST",
        "/requested_reviewers",
        Answer::message(422, "Reviews may only be requested from collaborators."),
    );
    let outcome = Run::new(&forge)
        .submit(&proposal(&forge, "3.5.4"))
        .expect("submitted");
    assert!(
        outcome
            .plan
            .notes
            .iter()
            .any(|note| note.contains("only be requested from collaborators")),
        "{:?}",
        outcome.plan.notes
    );
}

#[test]
fn a_push_in_between_makes_a_new_plan() {
    let forge = forge();
    let message = "Expected branch to point to \"x\" but it did not. Pull and try again.";
    let answer = serde_json::json!({ "data": null, "errors": [{ "type": "STALE_DATA", "message": message }] });
    forge.answer_once("POST", "/graphql", Answer::json(200, &answer));
    let outcome = Run::new(&forge)
        .submit(&proposal(&forge, "3.5.4"))
        .expect("submitted");
    assert!(matches!(
        outcome.plan.standing,
        Standing::Open { number: 1, .. }
    ));
    forge.with(REPOSITORY, |repository| {
        assert_eq!(repository.ahead("main", BRANCH).len(), 1);
    });
}
