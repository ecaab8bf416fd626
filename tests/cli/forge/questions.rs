//! What the pipeline asks a forge before its next step.

use git2::Oid as Raw;
use release_check::for_tests::outside::environment::Environment;
use release_check::for_tests::outside::github::{ForgeError, GitHub};
use release_check::for_tests::plan::proposal::Oid;
use release_check::for_tests::plan::proposal::checks::{Health, health};
use release_check::for_tests::plan::proposal::facts::PullState;

use super::{BRANCH, REPOSITORY, Run, forge, proposal};
use crate::fake_forge::FakeForge;

fn ask<T>(
    forge: &FakeForge,
    more: &[(&str, &str)],
    question: impl AsyncFnOnce(&GitHub) -> Result<T, ForgeError>,
) -> Result<T, ForgeError> {
    let given = more
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    let environment: Environment = forge
        .variables()
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
        .chain(given)
        .collect();
    let forge = GitHub::from_environment(&environment, "GITHUB_TOKEN").expect("a forge");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(question(&forge))
}

fn id(raw: Raw) -> Oid {
    Oid::read(&raw.to_string()).expect("a name")
}

fn head(forge: &FakeForge, branch: &str) -> Oid {
    id(forge.with(REPOSITORY, |repository| {
        repository.head(branch).expect("a head")
    }))
}

fn judge(forge: &FakeForge, more: &[(&str, &str)], required: &[&str]) -> Health {
    let commit = head(forge, "main");
    let checks = ask(forge, more, async |github| {
        github.at(REPOSITORY).checks(&commit).await
    })
    .expect("checks");
    health(
        &checks,
        &required
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>(),
    )
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn checks_and_statuses_count_alike() {
    use Health::{Green, Red, Unchecked, Waiting};
    for (checks, statuses, required, expected) in [
        (&[][..], &[][..], &[][..], Unchecked),
        (
            &[
                ("build", Some("success")),
                ("lint", Some("neutral")),
                ("docs", Some("skipped")),
            ],
            &[("cla", "success")],
            &[],
            Green,
        ),
        (
            &[("build", None)],
            &[("cla", "success")],
            &[],
            Waiting(names(&["build"])),
        ),
        (
            &[("build", Some("success"))],
            &[("cla", "pending")],
            &[],
            Waiting(names(&["cla"])),
        ),
        (
            &[("build", Some("failure"))],
            &[("cla", "error")],
            &[],
            Red(names(&["build", "cla"])),
        ),
        (
            &[
                ("a", Some("cancelled")),
                ("b", Some("timed_out")),
                ("c", Some("action_required")),
            ],
            &[],
            &[],
            Red(names(&["a", "b", "c"])),
        ),
        (
            &[("d", Some("stale")), ("e", Some("startup_failure"))],
            &[("f", "failure")],
            &[],
            Red(names(&["d", "e", "f"])),
        ),
        (
            &[("build", Some("success")), ("flaky", Some("failure"))],
            &[],
            &["build"],
            Green,
        ),
        (
            &[("build", Some("success"))],
            &[],
            &["build", "wheels"],
            Waiting(names(&["wheels"])),
        ),
        (&[], &[("wheels", "success")], &["wheels"], Green),
    ] {
        let forge = forge();
        let commit = head(&forge, "main").to_string();
        forge.with(REPOSITORY, |repository| {
            let checks = checks
                .iter()
                .map(|(name, conclusion)| ((*name).to_owned(), conclusion.map(str::to_owned)))
                .collect();
            repository.checks.insert(commit.clone(), checks);
            let statuses = statuses
                .iter()
                .map(|(context, state)| ((*context).to_owned(), (*state).to_owned()))
                .collect();
            repository.statuses.insert(commit, statuses);
        });
        assert_eq!(
            judge(&forge, &[], required),
            expected,
            "{checks:?} {statuses:?} {required:?}"
        );
        forge.assert_content();
    }
}

#[test]
fn every_page_of_checks_counts() {
    let forge = forge();
    let commit = head(&forge, "main").to_string();
    forge.with(REPOSITORY, |repository| {
        let mut runs: Vec<_> = (0..230)
            .map(|number| (format!("wheel {number:03}"), Some("success".to_owned())))
            .collect();
        runs[229].1 = Some("failure".to_owned());
        repository.checks.insert(commit.clone(), runs);
        let mut statuses: Vec<_> = (0..130)
            .map(|number| (format!("status {number:03}"), "success".to_owned()))
            .collect();
        statuses[129].1 = "failure".to_owned();
        repository.statuses.insert(commit, statuses);
    });
    assert_eq!(
        judge(&forge, &[], &[]),
        Health::Red(names(&["status 129", "wheel 229"]))
    );
    forge.assert_content();
}

#[test]
fn nobody_waits_for_the_job_that_runs_now() {
    let forge = forge();
    let commit = head(&forge, "main").to_string();
    let set = |checks: &[(&str, Option<&str>)]| {
        let checks = checks
            .iter()
            .map(|(name, conclusion)| ((*name).to_owned(), conclusion.map(str::to_owned)))
            .collect();
        forge.with(REPOSITORY, |repository| {
            repository.checks.insert(commit.clone(), checks)
        });
    };
    let at = |run: &'static str, job: &'static str| {
        [
            ("GITHUB_REPOSITORY", REPOSITORY),
            ("GITHUB_RUN_ID", run),
            ("GITHUB_JOB", job),
        ]
    };
    set(&[("build", Some("success")), ("release-check", None)]);
    assert_eq!(
        judge(&forge, &[], &[]),
        Health::Waiting(names(&["release-check"])),
        "for a human at a terminal it is a check like others"
    );
    assert_eq!(judge(&forge, &at("7", "release-check"), &[]), Health::Green);
    set(&[
        ("build", Some("success")),
        ("release-check", Some("failure")),
    ]);
    assert_eq!(
        judge(&forge, &at("8", "release-check"), &[]),
        Health::Green,
        "an earlier run of the same job"
    );
    set(&[("build", None), ("release-check", None)]);
    assert_eq!(
        judge(&forge, &at("7", "release-check"), &[]),
        Health::Waiting(names(&["build"])),
        "another job of the same run"
    );
    set(&[("A name of its own", None)]);
    assert_eq!(
        judge(&forge, &at("7", "release-check"), &[]),
        Health::Unchecked
    );
    let elsewhere = [
        ("GITHUB_REPOSITORY", "pyca/cryptography"),
        ("GITHUB_RUN_ID", "7"),
        ("GITHUB_JOB", "build"),
    ];
    set(&[("build", None)]);
    assert_eq!(
        judge(&forge, &elsewhere, &[]),
        Health::Waiting(names(&["build"])),
        "a job of that name in another repository"
    );
}

#[test]
fn the_pr_of_a_branch_and_what_became_of_it() {
    let forge = forge();
    let pull = || {
        ask(&forge, &[], async |github| {
            github.at(REPOSITORY).pull_of(BRANCH).await
        })
        .expect("an answer")
    };
    assert_eq!(pull(), None);
    Run::new(&forge)
        .submit(&proposal(&forge, "3.5.4"))
        .expect("submitted");
    let open = pull().expect("a PR");
    assert_eq!(
        (open.number, open.state, open.merged_as),
        (1, PullState::Open, None)
    );
    let merge = forge.with(REPOSITORY, |repository| repository.merge(1));
    let merged = pull().expect("a PR");
    assert_eq!(
        (merged.number, merged.state, merged.merged_as),
        (1, PullState::Merged, Some(id(merge)))
    );
    forge.with(REPOSITORY, |repository| {
        let mut later = repository.issues[&1].clone();
        (later.number, later.pull.as_mut().expect("a PR").merged_as) = (2, None);
        repository.issues.insert(2, later);
    });
    assert_eq!(
        pull().expect("a PR").number,
        1,
        "what was merged says more than what was closed later"
    );
    forge.assert_content();
}

#[test]
fn tags_and_their_commits() {
    let forge = forge();
    let commit = forge.with(REPOSITORY, |repository| {
        let commit = repository.head("main").expect("main");
        repository.tag("45.0.0", commit, None);
        let annotated = repository.tag("46.0.0", commit, Some("46.0.0"));
        repository.tag("release/46", annotated, Some("a tag of a tag"));
        let tree = repository
            .git
            .find_commit(commit)
            .expect("a commit")
            .tree_id();
        repository.tag("files", tree, None);
        commit
    });
    let tags = ask(&forge, &[], async |github| {
        let mut tags = Vec::new();
        for tag in github.at(REPOSITORY).tags().await? {
            let commit = github.at(REPOSITORY).tagged_commit(&tag).await?;
            tags.push((tag.name, commit));
        }
        Ok(tags)
    });
    let commit = Some(id(commit));
    let expected = [
        ("45.0.0", commit.clone()),
        ("46.0.0", commit.clone()),
        ("files", None),
        ("release/46", commit),
    ];
    assert_eq!(
        tags.expect("tags"),
        expected.map(|(name, commit)| (name.to_owned(), commit))
    );
    forge.assert_content();
}
