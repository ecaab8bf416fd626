//! What else happens on the way: more releases, other projects, people with a mind of their own.

use super::story::{CVE, PUBLISHED, announced, merge_pin, publish, released};
use super::upstream::sha256;
use super::wheels::wheels;
use super::world::{CHANGELOG, INFRA, OWN, PIN, Project, VERSION, World, pin};
use crate::upstream_world::Flaw;

const NEXT_CVE: &str = "CVE-2026-99002";

/// Upstream publishes one more security release.
pub(crate) fn publish_next(world: &mut World) {
    world.on("2026-07-27");
    world.upstream.release("2026-07-27", "3.5.11");
    world.upstream.advise(Flaw::new(
        NEXT_CVE,
        "Critical",
        "2026-07-27",
        &[("3.5.0", "3.5.11")],
    ));
}

/// Merges the PR with the pin, and all checks are green at once.
fn merge_green_pin(world: &mut World) {
    merge_pin(world);
    world.check(world.head(INFRA, "main"), "build", Some("success"));
}

/// Tags the head of a branch and publishes its wheels.
pub(super) fn ship(world: &mut World, version: &str, branch: &str, openssl: &str) {
    world.tag(version, world.head(OWN, branch));
    world.upload(wheels(version, openssl, PUBLISHED));
}

#[test]
fn another_release_while_the_pin_waits() {
    let mut world = World::with_pins_in(INFRA);
    publish(&mut world);
    world.go().exits(11);
    publish_next(&mut world);
    world.go().exits(11);
    let number = world.only_pull(INFRA);
    assert_eq!(
        world.file(INFRA, "release-check/wheels-3.5.11", PIN),
        pin("3.5.11", &sha256("3.5.11"))
    );
    world.forge.with(INFRA, |repository| {
        assert_eq!(
            repository.branches(),
            ["main", "release-check/wheels-3.5.11"]
        );
        let old = &repository.issues[&1];
        assert!(
            !old.open && old.comments.len() == 1 && old.comments[0].contains(&format!("#{number}")),
            "{old:#?}"
        );
    });
    world.go().exits(11).writes_nothing();
    world.forge.assert_content();
}

#[test]
fn another_release_while_the_projects_pr_waits() {
    let mut world = World::with_pins_in(INFRA);
    publish(&mut world);
    world.go().exits(11);
    merge_green_pin(&mut world);
    world.go().exits(14);
    world.only_pull(OWN);
    publish_next(&mut world);
    world.go().exits(11);
    assert_eq!(
        world.file(INFRA, "release-check/wheels-3.5.11", PIN),
        pin("3.5.11", &sha256("3.5.11"))
    );
    merge_green_pin(&mut world);
    world.go().exits(14);
    let changelog = world.file(OWN, &world.head_branch(OWN), CHANGELOG);
    assert!(
        changelog.contains("OpenSSL 3.5.11") && !changelog.contains("OpenSSL 3.5.10"),
        "{changelog}"
    );
    world.merge(OWN);
    world.go().exits(14);
    ship(&mut world, "46.0.2", "main", "3.5.11");
    world.go().exits(0);
    announced(&world, &["46.0.2", "3.5.11", CVE, NEXT_CVE]);
    world.go().exits(0).writes_nothing();
}

#[test]
fn another_release_before_the_tag() {
    let mut world = World::with_pins_in(OWN);
    publish(&mut world);
    world.go().exits(11);
    world.merge(OWN);
    world.go().exits(14);
    publish_next(&mut world);
    world.go().exits(11);
    world.only_pull(OWN);
    let branch = world.head_branch(OWN);
    let changelog = world.file(OWN, &branch, CHANGELOG);
    assert!(
        changelog.contains("OpenSSL 3.5.11") && !changelog.contains("OpenSSL 3.5.10"),
        "{changelog}"
    );
    assert!(
        world.file(OWN, &branch, VERSION).contains("\"46.0.2\""),
        "not raised twice"
    );
    world.merge(OWN);
    world.go().exits(14);
    ship(&mut world, "46.0.2", "main", "3.5.11");
    world.go().exits(0);
    announced(&world, &["46.0.2", "3.5.11", CVE, NEXT_CVE]);
}

#[test]
fn a_release_that_was_tagged_with_the_old_one() {
    // Somebody releases something else while the pin waits: nobody is told of a fix that is not in
    // it.
    let mut world = World::with_pins_in(INFRA);
    publish(&mut world);
    world.go().exits(11);
    released(&mut world, "46.0.2");
    ship(&mut world, "46.0.2", "main", "3.5.7");
    world.go().exits(11).writes_nothing();
    assert!(world.mails().is_empty());
    merge_green_pin(&mut world);
    world.go().exits(14);
    assert!(
        world
            .file(OWN, &world.head_branch(OWN), VERSION)
            .contains("\"46.0.3\"")
    );
    world.merge(OWN);
    world.go().exits(14);
    ship(&mut world, "46.0.3", "main", "3.5.10");
    world.go().exits(0);
    announced(&world, &["46.0.3", "3.5.10", CVE]);
}

#[test]
fn squashed_and_without_a_cache() {
    let mut world = World::with_pins_in(INFRA);
    publish(&mut world);
    world.go().exits(11);
    let number = world.only_pull(INFRA);
    let commit = world
        .forge
        .with(INFRA, |repository| repository.squash(number));
    world.check(commit, "build", Some("success"));
    world.lose_cache();
    world.go().exits(14);
    let number = world.only_pull(OWN);
    world
        .forge
        .with(OWN, |repository| repository.squash(number));
    world.lose_cache();
    world.go().exits(14);
    assert_eq!(
        (world.branches(INFRA), world.branches(OWN)),
        (vec!["main".to_owned()], vec!["main".to_owned()])
    );
    ship(&mut world, "46.0.2", "main", "3.5.10");
    world.lose_cache();
    world.go().exits(0);
    announced(&world, &["46.0.2", "3.5.10", CVE]);
    world.lose_cache();
    world.go().exits(0).writes_nothing();
}

#[test]
fn the_checks_that_count_are_named() {
    let mut world = World::of(&Project {
        of_pins: "checks = [\"build\"]\n",
        ..Project::default()
    });
    publish(&mut world);
    world.go().exits(11);
    let commit = world.merge(INFRA);
    world.check(commit, "flaky", Some("failure"));
    world.go().exits(14);
    world.go().exits(14).writes_nothing();
    assert_eq!(world.open_pulls(OWN), [0; 0], "`build` has not begun");
    world.check(commit, "build", Some("success"));
    world.go().exits(14);
    world.only_pull(OWN);
}

#[test]
fn what_people_close_stays_closed() {
    let mut world = World::with_pins_in(INFRA);
    publish(&mut world);
    world.go().exits(11);
    let number = world.only_pull(INFRA);
    world
        .forge
        .with(INFRA, |repository| repository.close(number));
    for _ in 0..2 {
        world.go().exits(11).writes_nothing();
    }
    publish_next(&mut world);
    world.go().exits(11);
    assert_ne!(world.only_pull(INFRA), number);
}

#[test]
fn an_issue_until_there_is_a_release() {
    let mut world = World::with_pins_in(INFRA);
    world.on("2026-07-20");
    world
        .upstream
        .advise(Flaw::new(CVE, "Low", "2026-07-19", &[("3.5.0", "3.5.10")]));
    world.go().exits(12);
    world.go().exits(12).writes_nothing();
    world.forge.with(INFRA, |repository| {
        let issues: Vec<_> = repository.issues.values().collect();
        assert!(
            issues.len() == 1
                && issues[0].open
                && issues[0].pull.is_none()
                && issues[0].body.contains(CVE),
            "{issues:#?}"
        );
    });
    world.on("2026-07-26");
    world.upstream.release("2026-07-25", "3.5.10");
    world.go().exits(11);
    world.go().exits(11).writes_nothing();
    world.only_pull(INFRA);
    assert!(
        !world
            .forge
            .with(INFRA, |repository| repository.issues[&1].open)
    );
    assert!(world.mails().is_empty());
}
