//! What becomes known, or is taken back, after everybody was told.

use super::story::{merge_release, publish};
use super::wheels::wheels;
use super::world::{OWN, World};
use crate::server::Reply;
use crate::upstream_world::{Flaw, METADATA};

/// A world in which 46.0.2, with OpenSSL 3.5.10, was announced.
fn announced() -> World {
    let mut world = World::with_pins_in(OWN);
    publish(&mut world);
    world.go().exits(11);
    merge_release(&mut world);
    world.tag("46.0.2", world.head(OWN, "main"));
    world.upload(wheels("46.0.2", "3.5.10", "2026-07-26"));
    world.go().exits(0);
    assert_eq!(world.mails().len(), 1);
    world.go().exits(0).writes_nothing();
    world
}

/// The text of the only release on the forge.
fn page(world: &World) -> String {
    world.forge.with(OWN, |repository| {
        let [release] = &repository.releases[..] else {
            panic!("{:?}", repository.releases.len())
        };
        release.body.clone()
    })
}

fn edit(world: &World, text: &str) {
    world.forge.with(OWN, |repository| {
        text.clone_into(&mut repository.releases[0].body);
    });
}

fn flaw(number: u32, severity: &str, day: &str) -> Flaw {
    let id = format!("CVE-2026-990{number}");
    Flaw::new(&id, severity, day, &[("3.5.0", "3.5.10")])
}

#[test]
fn the_release_on_the_forge_follows_what_is_known() {
    let mut world = announced();
    edit(&world, &format!("By hand.\n\n{}\nMore.\n", page(&world)));
    // Soon after the mail, and long after it.
    for (number, day, said) in [(21, "2026-07-28", "low"), (22, "2026-09-20", "high")] {
        world.on(day);
        world.upstream.advise(flaw(number, said, day));
        let id = format!("CVE-2026-990{number}");
        let before = page(&world);
        assert!(!before.contains(&id), "{before}");
        let shown = world
            .run(&["run"])
            .exits(0)
            .writes_nothing()
            .outcome
            .words();
        assert!(
            shown.contains(
                "would announced bring the release's text on the forge to what is known by now"
            ),
            "{shown}"
        );
        let ran = world.go().exits(0);
        assert_eq!(ran.acts.len(), 1, "{:?}", ran.acts);
        assert!(
            ran.outcome.stdout.contains("done now   announced"),
            "{}",
            ran.outcome.stdout
        );
        let after = page(&world);
        assert!(
            after.contains(&id)
                && after.starts_with("By hand.\n\n<!--")
                && after.ends_with("-->\n\nMore.\n"),
            "{after}"
        );
        world.go().exits(0).writes_nothing();
    }
    // What is not read makes no text poorer.
    let known = page(&world);
    world.lose_cache();
    world
        .upstream
        .server
        .serve(METADATA, Reply::status(500, ""));
    let failed = world.go().writes_nothing().outcome.words();
    assert!(failed.contains("is left as it is"), "{failed}");
    assert_eq!(page(&world), known);
    assert_eq!(world.mails().len(), 1);
    world.forge.assert_content();
}

#[test]
fn what_others_wrote_long_after_is_theirs() {
    let mut world = announced();
    world.on("2026-09-20");
    edit(&world, "By hand.\n");
    world.go().exits(0).writes_nothing();
    world
        .forge
        .with(OWN, |repository| repository.releases.clear());
    world.go().exits(0).writes_nothing();
    assert_eq!(world.mails().len(), 1);
    world.forge.assert_content();
}

#[test]
fn a_platform_whose_file_is_yanked_has_the_old_openssl_again() {
    let mut world = announced();
    world.yank("46.0.2-cp311-abi3-win");
    // Soon after the mail, and long after it.
    for day in ["2026-07-28", "2026-08-04", "2026-08-20"] {
        world.on(day);
        for arguments in [&["check"][..], &["run"], &["run", "--execute"]] {
            let outcome = world.run(arguments).exits(14).outcome;
            let text = outcome.words();
            assert!(
                !text.contains("nothing is due") && text.contains("windows-x86_64"),
                "{arguments:?}: {text}"
            );
        }
        let json = world.run(&["check", "--format", "json"]).exits(14);
        let published = &json.outcome.json()["published"];
        assert_eq!(
            (&published["version"], &published["platforms"][0]),
            (&"46.0.1".into(), &"windows-x86_64".into())
        );
    }
    // One that is gone altogether.
    world.remove("46.0.2-cp311-abi3-win");
    let text = world.go().exits(14).outcome.words();
    assert!(text.contains("windows-x86_64"), "{text}");
    // And mended.
    world.upload([wheels("46.0.2", "3.5.10", "2026-08-20").remove(1)]);
    world.go().exits(0).writes_nothing();
    world.run(&["check"]).exits(0);
    assert_eq!(world.mails().len(), 1);
    world.forge.assert_content();
}
