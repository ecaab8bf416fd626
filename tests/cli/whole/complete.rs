//! A project with everything: pins in another repository that stay in their series while the next
//! one is offered, releases from a release branch, a CI matrix, an advisory at the forge. A security
//! release from its publication to the last pull request, each act killed once.

use super::killed::each;
use super::story::{CVE, PUBLISHED, announced, publish, released};
use super::upstream::sha256;
use super::wheels::wheels;
use super::world::{CHANGELOG, INFRA, OWN, PIN, Project, VERSION, World, pin};

const MATRIX: &str = "ci/versions";

/// The pull requests that are expected of us, by their branches.
const PINS: &str = "release-check/wheels-3.5.10";
const OFFER: &str = "release-check/wheels-4.1.0";
const TESTED: &str = "release-check/tested/4.1.0";
const RELEASE: &str = "release-check/wheels-3.5.10@46.0.x";
const RELEASE_OF_MAIN: &str = PINS;
const FORWARD: &str = "release-check/forward/46.0.2";

fn project() -> World {
    let mut world = World::of(&Project {
        of_link: "series = \"keep\"\noffer = \"newest\"",
        of_changelog: "forward = true\n",
        of_pull_request: "also = [\"*.x\"]\n",
        more: r#"
[advisory]
forge = true

[[link]]
name = "ci-newest"
role = "tested"
series = "newest"
[[link.pin]]
file = "ci/versions"
match = "newest={version}"

[[link]]
name = "ci-3.5"
role = "tested"
[[link.pin]]
file = "ci/versions"
match = "lts={version}"
"#,
        ..Project::default()
    });
    world.branch(OWN, "45.0.x");
    world.branch(OWN, "46.0.x");
    released(&mut world, "47.0.0.dev1");
    world.forge.with(OWN, |repository| {
        repository.commit(
            "main",
            "what CI tests with",
            &[(MATRIX, Some("newest=4.0.1\nlts=3.5.7\n"))],
        )
    });
    world
}

/// The branches of the open pull requests.
fn open(world: &World, repository: &str) -> Vec<String> {
    world.forge.with(repository, |repository| {
        let pulls = repository.open_pulls();
        let mut heads: Vec<String> = pulls
            .iter()
            .map(|issue| issue.pull.as_ref().expect("a PR").head.clone())
            .collect();
        heads.sort();
        heads
    })
}

/// Somebody merges the open pull request of a branch.
#[track_caller]
fn merge(world: &World, repository: &str, head: &str) -> git2::Oid {
    world.forge.with(repository, |repository| {
        let pulls = repository.open_pulls();
        let is_of = |issue: &&&crate::fake_forge::Issue| {
            issue.pull.as_ref().is_some_and(|pull| pull.head == head)
        };
        let number = pulls.iter().find(is_of).expect("the PR").number;
        repository.merge(number)
    })
}

#[test]
fn from_a_release_of_upstream_to_the_last_pull_request() {
    let mut world = project();
    let killed = std::cell::Cell::new(0);
    let runs = |world: &mut World, status: i32, name: &str| {
        killed.set(killed.get() + each(world, status, name));
        world.go().exits(status).writes_nothing();
    };
    publish(&mut world);
    world.upstream.release("2026-07-25", "4.1.0");
    runs(&mut world, 11, "a security release");
    assert_eq!(open(&world, INFRA), [PINS, OFFER]);
    assert_eq!(open(&world, OWN), [TESTED]);
    assert_eq!(
        world.file(INFRA, PINS, PIN),
        pin("3.5.10", &sha256("3.5.10"))
    );
    assert_eq!(
        world.file(INFRA, OFFER, PIN),
        pin("4.1.0", &sha256("4.1.0"))
    );
    assert_eq!(
        world.file(OWN, TESTED, MATRIX),
        "newest=4.1.0\nlts=3.5.10\n"
    );
    let shown = world
        .run(&["run"])
        .exits(11)
        .writes_nothing()
        .outcome
        .stdout;
    for step in [
        "ci-newest: pull request         OpenSSL 4.0.1 -> 4.1.0: #1",
        "ci-3.5: pull request            OpenSSL 3.5.7 -> 3.5.10: #1",
    ] {
        assert!(shown.contains(step), "{shown}");
    }

    let commit = merge(&world, INFRA, PINS);
    world.check(commit, "build", None);
    runs(&mut world, 14, "the pin is merged");
    assert_eq!(open(&world, OWN), [TESTED], "the build has not ended");

    world.check(commit, "build", Some("success"));
    runs(&mut world, 14, "all checks are green");
    assert_eq!(
        open(&world, OWN),
        [TESTED, RELEASE_OF_MAIN, RELEASE],
        "the release's own pull requests"
    );
    assert!(
        world.file(OWN, RELEASE, VERSION).contains("\"46.0.2\"")
            && world
                .file(OWN, RELEASE_OF_MAIN, VERSION)
                .contains("\"47.0.0.dev1\""),
        "the release branch makes the next release"
    );

    for head in [RELEASE, RELEASE_OF_MAIN] {
        merge(&world, OWN, head);
    }
    runs(&mut world, 14, "the release branch is ready");
    assert_eq!(open(&world, OWN), [TESTED]);

    world.tag("46.0.2", world.head(OWN, "46.0.x"));
    runs(&mut world, 14, "tagged");
    assert!(world.mails().is_empty());

    world.upload(wheels("46.0.2", "3.5.10", PUBLISHED));
    // What CI is tested with is the only thing that is due.
    runs(&mut world, 10, "published");
    announced(&world, &["46.0.2", "3.5.10", CVE]);
    world.forge.with(OWN, |repository| {
        let [advisory] = &repository.advisories[..] else {
            panic!("{:#?}", repository.advisories)
        };
        assert_eq!(
            (advisory.state.as_str(), advisory.cve.as_str()),
            ("draft", Some(CVE))
        );
    });
    assert_eq!(open(&world, OWN), [FORWARD, TESTED]);

    merge(&world, OWN, FORWARD);
    merge(&world, OWN, TESTED);
    runs(&mut world, 0, "carried forward");
    let changelog = world.file(OWN, "main", CHANGELOG);
    assert_eq!(changelog.matches("\n46.0.2 - ").count(), 1, "{changelog}");

    assert_eq!(world.branches(OWN), ["45.0.x", "46.0.x", "main"]);
    assert_eq!(open(&world, INFRA), [OFFER], "for the next major");
    for _ in 0..20 {
        world.go().exits(0).writes_nothing();
    }
    assert_eq!(world.mails().len(), 1);
    assert!(killed.get() > 30, "{} acts", killed.get());
    world.forge.assert_content();
}
