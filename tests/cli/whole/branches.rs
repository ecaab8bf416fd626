//! Projects that release from several branches.

use mail_parser::MessageParser;

use super::story::{CVE, announced, publish, released};
use super::variants::ship;
use super::wheels::wheels;
use super::world::{CHANGELOG, OWN, PIN, Project, VERSION, World, pin};

const SHA256_OF_4_0_1: &str = "2db3f3a0d6ea4b59e1f094ace2c8cd536dffb87cdc39084c5afa1e6f7f37dd09";

/// A project with a release branch, made at its newest release.
fn with_a_release_branch(more: &'static str) -> World {
    let world = World::of(&Project {
        pins_in: OWN,
        of_changelog: "forward = true\n",
        of_pull_request: "also = [\"46.0.x\"]\n",
        more,
        ..Project::default()
    });
    world.branch(OWN, "46.0.x");
    world
}

/// Somebody merges every open PR.
fn merge_all(world: &World) {
    for number in world.open_pulls(OWN) {
        world.forge.with(OWN, |repository| repository.merge(number));
    }
}

/// The subjects of the mails that have arrived.
fn subjects(world: &World) -> Vec<String> {
    let subject = |bytes: &[u8]| {
        let message = MessageParser::default().parse(bytes).expect("a message");
        message.subject().expect("a subject").to_owned()
    };
    world
        .mails()
        .iter()
        .map(|mail| subject(&mail.bytes))
        .collect()
}

/// Where the steps without a link stand, in order.
fn steps(world: &World) -> Vec<(String, String, String)> {
    let json = world.run(&["run", "--format", "json"]).outcome.json();
    let text =
        |step: &serde_json::Value, key: &str| step[key].as_str().unwrap_or_default().to_owned();
    json["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter(|step| step["link"].is_null())
        .map(|step| {
            (
                text(step, "name"),
                text(step, "state"),
                text(step, "detail"),
            )
        })
        .collect()
}

#[test]
fn a_release_from_a_release_branch_and_its_entry_carried_forward() {
    let project = Project {
        pins_in: OWN,
        of_changelog: "forward = true\n",
        of_pull_request: "also = [\"46.0.x\"]\n",
        ..Project::default()
    };
    let mut world = World::of(&project);
    world.branch(OWN, "46.0.x");
    released(&mut world, "47.0.0.dev1");
    world.go().exits(0).writes_nothing();
    publish(&mut world);
    world.go().exits(11);
    assert_eq!(world.open_pulls(OWN).len(), 2);
    world.go().exits(11).writes_nothing();
    let branch = "release-check/wheels-3.5.10@46.0.x";
    assert!(world.file(OWN, branch, VERSION).contains("\"46.0.2\""));
    for number in world.open_pulls(OWN) {
        world.forge.with(OWN, |repository| repository.merge(number));
    }
    world.go();
    ship(&mut world, "46.0.2", "46.0.x", "3.5.10");
    world.go().exits(0);
    announced(&world, &["46.0.2", "3.5.10", CVE]);
    while let Some(number) = world.open_pulls(OWN).first() {
        world
            .forge
            .with(OWN, |repository| repository.merge(*number));
        world.go().exits(0);
    }
    let changelog = world.file(OWN, "main", CHANGELOG);
    assert_eq!(changelog.matches("\n46.0.2 - ").count(), 1, "{changelog}");
    world.go().exits(0).writes_nothing();
    assert_eq!(world.mails().len(), 1);
    world.forge.assert_content();
}

#[test]
fn two_branches_and_a_mail_for_the_release_of_each() {
    let mut world = with_a_release_branch("");
    released(&mut world, "47.0.0");
    world.tag("47.0.0", world.head(OWN, "main"));
    world.upload(wheels("47.0.0", "3.5.7", "2026-07-20"));
    world.go().exits(0).writes_nothing();
    publish(&mut world);
    world.go().exits(11);
    merge_all(&world);
    world.go();
    let waiting: Vec<String> = steps(&world)
        .into_iter()
        .filter(|(name, ..)| name == "tag")
        .map(|(_, state, detail)| format!("{state}: {detail}"))
        .collect();
    assert_eq!(
        waiting,
        [
            "waiting: for a release from `main` with OpenSSL 3.5.10, which people tag; `47.0.0` has OpenSSL 3.5.7",
            "waiting: for a release from `46.0.x` with OpenSSL 3.5.10, which people tag; `46.0.1` has OpenSSL 3.5.7",
        ]
    );
    // Users of the one branch are told, those of the other still wait.
    ship(&mut world, "47.0.1", "main", "3.5.10");
    world.go().exits(14);
    assert_eq!(
        subjects(&world),
        ["cryptography 47.0.1: security release with OpenSSL 3.5.10"]
    );
    world.tag("46.0.2", world.head(OWN, "46.0.x"));
    world.go();
    assert_eq!(world.mails().len(), 1, "nothing is published yet");
    let shown = world.run(&["announce"]).exits(0).outcome.stdout;
    assert!(shown.contains("46.0.2"), "{shown}");
    world.upload(wheels("46.0.2", "3.5.10", "2026-07-26"));
    world.go().exits(0);
    assert_eq!(
        subjects(&world)[1],
        "cryptography 46.0.2: security release with OpenSSL 3.5.10"
    );
    merge_all(&world);
    world.go().exits(0);
    for _ in 0..20 {
        world.go().exits(0).writes_nothing();
    }
    assert_eq!(world.mails().len(), 2);
    let again = world
        .run(&["announce", "--release", "46.0.2", "--execute"])
        .exits(0)
        .writes_nothing();
    assert!(
        again.outcome.stderr.contains("already sent"),
        "{}",
        again.outcome.stderr
    );
    // What is no news any more is nobody's business, except by name; what the newest release says
    // on the forge stays true: OpenSSL has published CVE-2026-14456 since.
    world.on("2026-08-20");
    assert_eq!(world.go().exits(0).acts.len(), 1);
    world.run(&["announce", "--release", "45.0.0"]).exits(2);
    world.go().exits(0).writes_nothing();
    world.forge.assert_content();
}

#[test]
fn a_branch_that_makes_no_release_is_asked_for_none() {
    let mut world = with_a_release_branch("");
    let about = world.file(OWN, "46.0.x", VERSION);
    world.forge.with(OWN, |repository| {
        repository.commit(
            "46.0.x",
            "46.0.2",
            &[(VERSION, Some(&about.replace("46.0.1", "46.0.2")))],
        )
    });
    ship(&mut world, "46.0.2", "46.0.x", "3.5.7");
    // On its way to the next major, with another series.
    released(&mut world, "47.0.0.dev1");
    let config = world
        .file(OWN, "main", "release-check.toml")
        .replace("series = \"3.5\"", "series = \"keep\"");
    let next = pin("4.0.1", SHA256_OF_4_0_1);
    world.forge.with(OWN, |repository| {
        repository.commit(
            "main",
            "OpenSSL 4.0",
            &[(PIN, Some(&next)), ("release-check.toml", Some(&config))],
        )
    });
    let tags = |world: &World| -> Vec<String> {
        let tags = steps(world).into_iter().filter(|(name, ..)| name == "tag");
        tags.map(|(_, state, detail)| format!("{state}: {detail}"))
            .collect()
    };
    world.go().exits(0).writes_nothing();
    assert_eq!(tags(&world), ["done: `46.0.2` has OpenSSL 3.5.7"]);
    publish(&mut world);
    world.go().exits(14);
    assert_eq!(
        world.head_branch(OWN),
        "release-check/wheels-3.5.10@46.0.x",
        "the main branch is not affected"
    );
    world.merge(OWN);
    world.go().exits(14);
    world.go().exits(14).writes_nothing();
    assert_eq!(
        tags(&world),
        [
            "waiting: for a release with OpenSSL 3.5.10, which people tag; `46.0.2` has OpenSSL 3.5.7"
        ]
    );
    ship(&mut world, "46.0.3", "46.0.x", "3.5.10");
    world.go().exits(0);
    announced(&world, &["46.0.3", "3.5.10", CVE]);
    assert_eq!(tags(&world), ["done: `46.0.3` has OpenSSL 3.5.10"]);
    merge_all(&world);
    world.go().exits(0);
    for _ in 0..3 {
        world.go().exits(0).writes_nothing();
    }
    world.forge.assert_content();
}
