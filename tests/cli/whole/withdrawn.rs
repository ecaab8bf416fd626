//! OpenSSL withdraws a release that is on its way to users, or with them already.

use super::story::{merge_pin, publish};
use super::upstream::sha256;
use super::variants::{publish_next, ship};
use super::world::{CHANGELOG, INFRA, OWN, PIN, VERSION, World, pin};

/// Everybody knows that 3.5.11 was withdrawn.
fn withdraw(world: &mut World) {
    world.on("2026-07-28");
    let config = world.file(OWN, "main", "release-check.toml");
    let told = config.replace("[upstream]\n", "[upstream]\nwithdrawn = [\"3.5.11\"]\n");
    assert_ne!(config, told);
    world.forge.with(OWN, |repository| {
        repository.commit("main", "Withdrawn", &[("release-check.toml", Some(&told))])
    });
}

fn merge_green_pin(world: &mut World) {
    merge_pin(world);
    world.check(world.head(INFRA, "main"), "build", Some("success"));
}

/// 46.0.2 was released with 3.5.10, and 3.5.11 is on its way into 46.0.3.
fn to_the_release(world: &mut World) {
    publish(world);
    world.go().exits(11);
    merge_green_pin(world);
    world.go().exits(14);
    world.merge(OWN);
    world.go().exits(14);
    ship(world, "46.0.2", "main", "3.5.10");
    world.go().exits(0);
    publish_next(world);
    world.go().exits(11);
    merge_green_pin(world);
    world.go().exits(14);
    world.only_pull(OWN);
}

#[test]
fn before_it_is_released() {
    let mut world = World::with_pins_in(INFRA);
    to_the_release(&mut world);
    let number = world.only_pull(OWN);
    withdraw(&mut world);
    world.go().exits(13);
    let pull = world
        .forge
        .with(OWN, |repository| repository.issues[&number].clone());
    assert!(
        !pull.open && pull.comments[0].contains("has withdrawn 3.5.11"),
        "{pull:#?}"
    );
    world.go().exits(13).writes_nothing();
    let down = world.file(INFRA, "release-check/wheels-3.5.10", PIN);
    assert_eq!(down, pin("3.5.10", &sha256("3.5.10")));
    merge_green_pin(&mut world);
    world.go();
    world.go().writes_nothing();
    assert_eq!(world.open_pulls(INFRA), [0; 0]);
    assert_eq!(world.open_pulls(OWN), [0; 0]);
    world.forge.assert_content();
}

#[test]
fn after_it_was_released() {
    let mut world = World::with_pins_in(INFRA);
    to_the_release(&mut world);
    world.merge(OWN);
    ship(&mut world, "46.0.3", "main", "3.5.11");
    world.go().exits(0);
    withdraw(&mut world);
    world.go().exits(13);
    merge_green_pin(&mut world);
    world.go();
    let branch = world.head_branch(OWN);
    assert!(
        world
            .file(OWN, &branch, VERSION)
            .contains("__version__ = \"46.0.4\"")
    );
    let changelog = world.file(OWN, &branch, CHANGELOG);
    let newest = changelog.split(".. _v46-0-3:").next().expect("a part");
    assert!(
        newest.contains("46.0.4 - 2026-07-28\n") && newest.contains("OpenSSL 3.5.10"),
        "{changelog}"
    );
    world.go().writes_nothing();
    world.forge.assert_content();
}

#[test]
fn between_its_changelog_and_its_release() {
    let mut world = World::with_pins_in(INFRA);
    to_the_release(&mut world);
    world.merge(OWN);
    world.go().exits(14);
    withdraw(&mut world);
    world.go().exits(13);
    merge_green_pin(&mut world);
    world.go();
    let branch = world.head_branch(OWN);
    let changelog = world.file(OWN, &branch, CHANGELOG);
    let newest = changelog.split(".. _v46-0-2:").next().expect("a part");
    assert!(
        newest.contains("46.0.3 - ") && newest.contains("OpenSSL 3.5.10."),
        "{changelog}"
    );
    assert!(!changelog.contains("3.5.11"), "{changelog}");
    world.go().writes_nothing();
    world.run(&["propose", "--execute"]).writes_nothing();
    world.merge(OWN);
    world.go();
    world.go().writes_nothing();
    assert_eq!(world.open_pulls(OWN), [0; 0]);
    world.forge.assert_content();
}
