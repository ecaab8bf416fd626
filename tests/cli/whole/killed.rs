//! The process is ended before and after each of its acts; the runs that follow bring everything to
//! the same end.

use super::story::{Summary, chapters, publish, summary};
use super::variants::publish_next;
use super::world::{Saved, World};
use crate::acts::Moment::{self, After, Before};

/// Ends the run that answers a chapter at each of its acts, and lets others follow.
fn killed_in(pins_in: &'static str, name: &str, acts: usize) {
    let mut world = World::with_pins_in(pins_in);
    world.go().exits(0);
    let mut chapters = chapters(pins_in);
    let chapter = loop {
        let chapter = chapters.next().expect("the chapter");
        (chapter.happens)(&mut world);
        if chapter.name == name {
            break chapter;
        }
        world.go().exits(chapter.status);
    };
    at_each_act(&mut world, chapter.status, name, acts);
}

/// Ends a run from this state of the world at each of its acts, and lets others follow.
pub(super) fn at_each_act(world: &mut World, status: i32, name: &str, acts: usize) {
    let step = Step::take(world, status, name);
    assert_eq!(step.done.len(), acts, "{:#?}", step.done);
    for act in 1..=step.done.len() {
        for moment in [Before, After] {
            step.killed(world, act, moment);
        }
    }
    world.forge.assert_content();
}

/// Ends a run from this state of the world once at each of its acts, before and after them by
/// turns; the world is then where an undisturbed run has brought it. How many acts it has.
pub(super) fn each(world: &mut World, status: i32, name: &str) -> usize {
    let step = Step::take(world, status, name);
    for act in 1..=step.done.len() {
        let moment = if act % 2 == 0 { Before } else { After };
        step.killed(world, act, moment);
    }
    world.restore(&step.after);
    step.done.len()
}

/// What a run does from one state of the world to another.
struct Step<'a> {
    name: &'a str,
    status: i32,
    before: Saved,
    done: Vec<String>,
    after: Saved,
    wanted: Summary,
}

impl<'a> Step<'a> {
    fn take(world: &World, status: i32, name: &'a str) -> Self {
        let before = world.save();
        let ran = world.go();
        assert_eq!(
            ran.outcome.status, status,
            "{name}:\n{}\n{}",
            ran.outcome.stdout, ran.outcome.stderr
        );
        Self {
            name,
            status,
            before,
            done: ran.acts,
            after: world.save(),
            wanted: summary(world),
        }
    }

    /// Ends the run at one of its acts, and lets others follow.
    fn killed(&self, world: &mut World, act: usize, moment: Moment) {
        world.restore(&self.before);
        let which = &self.done[act - 1];
        assert!(world.go_until(act, moment), "{which} is not reached");
        let place = format!("{}, killed {moment:?} {which}", self.name);
        if is_around_the_mail(&self.done, act, moment) {
            nobody_knows(world, &place);
        } else {
            same_end(world, self.status, &self.wanted, &place);
        }
    }
}

/// Whether the note that the mail is about to be sent was written, and the note that it was sent
/// was not.
fn is_around_the_mail(done: &[String], act: usize, moment: Moment) -> bool {
    let Some(mail) = done.iter().position(|act| act == "mail") else {
        return false;
    };
    match act - 1 {
        at if at + 1 == mail => moment == After,
        at if at == mail => true,
        at => at == mail + 1 && moment == Before,
    }
}

fn same_end(world: &World, status: i32, wanted: &Summary, place: &str) {
    let ran = world.go();
    assert_eq!(
        ran.outcome.status, status,
        "{place}:\n{}\n{}",
        ran.outcome.stdout, ran.outcome.stderr
    );
    assert_eq!(summary(world), *wanted, "{place}");
    assert_eq!(world.go().acts, [""; 0], "{place}");
}

/// Nobody knows whether the mail was sent: that is asked, and it is never sent again.
fn nobody_knows(world: &World, place: &str) {
    let mails = world.mails().len();
    assert!(mails <= 1, "{place}");
    for _ in 0..2 {
        let ran = world.go().writes_nothing();
        let said = format!("{}{}", ran.outcome.stdout, ran.outcome.stderr);
        assert_ne!(ran.outcome.status, 0, "{place}:\n{said}");
        assert!(
            said.contains("--settle not-sent --execute"),
            "{place}:\n{said}"
        );
    }
    assert_eq!(world.mails().len(), mails, "{place}");
}

#[test]
fn proposing_the_pin() {
    killed_in(super::world::INFRA, "a security release", 3);
}

#[test]
fn superseding_the_pin() {
    let mut world = World::with_pins_in(super::world::INFRA);
    publish(&mut world);
    world.go().exits(11);
    publish_next(&mut world);
    at_each_act(&mut world, 11, "one more release", 6);
}

#[test]
fn tidying_up_after_the_pin() {
    killed_in(super::world::INFRA, "the pin is merged", 1);
}

#[test]
fn proposing_the_release() {
    killed_in(super::world::INFRA, "all checks are green", 4);
}

#[test]
fn tidying_up_after_the_release() {
    killed_in(super::world::OWN, "the project's PR is merged", 1);
}

#[test]
fn announcing() {
    killed_in(super::world::OWN, "published for all platforms", 4);
}
