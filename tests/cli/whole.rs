//! The whole pipeline, from a release of upstream to the mail, in a world of its own.

mod advisory;
mod afterwards;
mod branches;
mod complete;
mod days;
mod hours;
mod killed;
mod story;
mod upstream;
mod variants;
mod wheels;
mod withdrawn;
mod world;

#[test]
fn a_pin_elsewhere_with_a_key_of_the_projects_own() {
    let mut world = world::World::with_pins_in(world::INFRA);
    world.on("2026-07-26");
    world.upstream.release("2026-07-25", "3.5.10");
    assert_eq!(world.run(&["propose", "--execute"]).exits(0).acts.len(), 3);
    let pin = world.file(world::INFRA, "release-check/wheels-3.5.10", world::PIN);
    assert_eq!(pin, world::pin("3.5.10", &upstream::sha256("3.5.10")));
    world.forge.assert_content();
}
