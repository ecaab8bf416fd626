//! Days that pass while a pull request waits for people: nobody is told the same again.

use super::story::publish;
use super::world::{CHANGELOG, OWN, World};
use crate::upstream_world::Flaw;

const BRANCH: &str = "release-check/wheels-3.5.10";

const DAYS: [&str; 3] = ["2026-07-27", "2026-07-28", "2026-08-03"];

#[test]
fn a_changelog_that_is_dated_anew_is_no_news() {
    let mut world = World::with_pins_in(OWN);
    publish(&mut world);
    world.go().exits(11);
    let head = world.head(OWN, BRANCH);
    for day in DAYS {
        world.on(day);
        world.go().exits(11).writes_nothing();
    }
    assert_eq!(world.head(OWN, BRANCH), head);
    // What is written for another reason has the day on which it is.
    let entry = "\n* Something else.\n\n.. _v46-0-1:\n";
    let changelog = world.file(OWN, "main", CHANGELOG);
    let changelog = changelog.replace("\n.. _v46-0-1:\n", entry);
    world.forge.with(OWN, |repository| {
        repository.commit("main", "Something else", &[(CHANGELOG, Some(&changelog))])
    });
    world.go().exits(11);
    let changelog = world.file(OWN, BRANCH, CHANGELOG);
    assert!(changelog.contains("46.0.2 - 2026-08-03\n"), "{changelog}");
    world.go().exits(11).writes_nothing();
    world.forge.assert_content();
}

#[test]
fn what_a_human_edited_is_left_alone() {
    let mut world = World::with_pins_in(OWN);
    publish(&mut world);
    world.go().exits(11);
    let number = world.only_pull(OWN);
    let changelog = world.file(OWN, BRANCH, CHANGELOG);
    let mine = changelog.replace("46.0.2 - 2026-07-26", "46.0.2 - soon");
    world.forge.with(OWN, |repository| {
        repository.commit(BRANCH, "Mine", &[(CHANGELOG, Some(&mine))])
    });
    for day in DAYS {
        world.on(day);
        world.go().exits(11).writes_nothing();
    }
    // What is new of upstream stands in the text of the PR.
    let further = [("3.5.0", "3.5.10")];
    let flaw = Flaw::new("CVE-2026-99007", "Critical", "2026-08-03", &further);
    world.upstream.advise(flaw);
    world.on("2026-08-04");
    assert_eq!(world.go().exits(11).acts.len(), 1);
    world.on("2026-08-05");
    world.go().exits(11).writes_nothing();
    let (body, comments) = world.forge.with(OWN, |repository| {
        let pull = &repository.issues[&number];
        (pull.body.clone(), pull.comments.clone())
    });
    assert!(
        body.contains("CVE-2026-99007") && body.contains("published 2026-08-03"),
        "{body}"
    );
    assert_eq!(comments, [""; 0]);
    assert_eq!(world.file(OWN, BRANCH, CHANGELOG), mine);
    world.forge.assert_content();
}
