//! The draft security advisory at the forge.

use super::killed::at_each_act;
use super::story::{CVE, chapters};
use super::world::{INFRA, OWN, PIN, Project, World};
use crate::fake_forge::{Advisory, Answer};

/// A world in which everything up to the chapter of this name has happened.
fn up_to(pins_in: &'static str, name: &str) -> World {
    let mut world = World::of(&Project {
        pins_in,
        more: "[advisory]\nforge = true\n",
        ..Project::default()
    });
    world.go().exits(0);
    for chapter in chapters(pins_in) {
        (chapter.happens)(&mut world);
        if chapter.name == name {
            return world;
        }
        world.go().exits(chapter.status);
    }
    panic!("there is no chapter `{name}`")
}

fn advisories(world: &World) -> Vec<Advisory> {
    world
        .forge
        .with(OWN, |repository| repository.advisories.clone())
}

fn step(world: &World) -> (String, String) {
    let json = world.run(&["run", "--format", "json"]).outcome.json();
    let steps = json["steps"].as_array().expect("steps").clone();
    let step = steps.iter().find(|step| step["name"] == "advisory");
    let step = step.expect("the step");
    let text = |key: &str| step[key].as_str().unwrap_or_default().to_owned();
    (text("state"), text("detail"))
}

#[test]
fn drafted_once_and_kept_up_to_date() {
    let mut world = up_to(INFRA, "published for all platforms");
    assert_eq!(
        step(&world),
        ("due".to_owned(), "draft it at the forge".to_owned())
    );
    assert!(advisories(&world).is_empty());
    world.go().exits(0);
    let [one] = &advisories(&world)[..] else {
        panic!("{:#?}", advisories(&world))
    };
    assert_eq!(one.state, "draft");
    assert_eq!(
        one.summary,
        "cryptography: vulnerable OpenSSL in Windows, macOS, and Linux wheels"
    );
    assert_eq!((&one.severity, &one.cve), (&"high".into(), &CVE.into()));
    assert_eq!(
        one.vulnerabilities,
        serde_json::json!([{
            "package": { "ecosystem": "pip", "name": "cryptography" },
            "vulnerable_version_range": ">= 46.0.0, < 46.0.2", "patched_versions": "46.0.2"
        }])
    );
    for part in [
        CVE,
        "`>= 46.0.0, < 46.0.2`",
        "<!-- release-check:advisory/:46.0.2 -->",
    ] {
        assert!(
            one.description.contains(part),
            "{part}\n{}",
            one.description
        );
    }
    for _ in 0..5 {
        world.go().exits(0).writes_nothing();
    }
    assert_eq!(step(&world).0, "done");
    // What a person changes beside the text stays; so does a text that a person has edited.
    let with = |change: &dyn Fn(&mut Advisory)| {
        world
            .forge
            .with(OWN, |repository| change(&mut repository.advisories[0]));
        world.go().exits(0).writes_nothing();
    };
    with(&|one| one.severity = "low".into());
    with(&|one| one.description.insert_str(0, "Attention. "));
    assert!(
        step(&world).1.contains("a person has edited the draft"),
        "{:?}",
        step(&world)
    );
    with(&|one| one.state = "published".to_owned());
    assert_eq!(step(&world), ("done".to_owned(), "published".to_owned()));
    // Three weeks later nobody asks for it.
    world.on("2026-08-20");
    world.requests();
    // OpenSSL has published CVE-2026-14456 since, which the release on the forge tells.
    let told = world.go().exits(0).acts;
    assert!(
        matches!(&told[..], [one] if one.contains("/releases/")),
        "{told:?}"
    );
    world.go().exits(0).writes_nothing();
    let asked = world.requests();
    assert!(
        !asked.iter().any(|one| one.contains("security-advisories")),
        "{asked:#?}"
    );
    world.forge.assert_content();
}

#[test]
fn what_is_out_of_date_is_brought_up_to_date() {
    let world = up_to(OWN, "published for all platforms");
    world.go().exits(0);
    let good = advisories(&world)[0].clone();
    // As it was written when the range was another one.
    world.forge.with(OWN, |repository| {
        let one = &mut repository.advisories[0];
        let (text, _) = one.description.rsplit_once("fields:").expect("the line");
        one.description = format!("{text}fields:0123456789 -->\n");
        one.vulnerabilities[0]["vulnerable_version_range"] = ">= 46.0.1, < 46.0.2".into();
    });
    assert_eq!(step(&world).0, "due");
    world.go().exits(0);
    let now = advisories(&world)[0].clone();
    assert_eq!(now.description, good.description);
    assert_eq!(now.vulnerabilities, good.vulnerabilities);
    world.go().exits(0).writes_nothing();
    world.forge.assert_content();
}

#[test]
fn what_somebody_from_outside_reported_is_not_ours() {
    let world = up_to(OWN, "published for all platforms");
    world.forge.with(OWN, |repository| {
        repository.advisories.push(Advisory {
            id: "GHSA-evil".to_owned(),
            state: "draft".to_owned(),
            description: "<!-- release-check:advisory/:46.0.2 -->".to_owned(),
            reported: true,
            ..Advisory::default()
        });
    });
    world.go().exits(0);
    assert_eq!(advisories(&world).len(), 2);
    world.go().exits(0).writes_nothing();
}

#[test]
fn a_refusal_names_the_permission_and_stops_no_mail() {
    let world = up_to(OWN, "published for all platforms");
    world.forge.answer_once(
        "GET",
        "security-advisories",
        Answer::message(403, "Resource not accessible"),
    );
    let ran = world.go();
    assert_eq!(ran.outcome.status, 1);
    assert!(
        ran.outcome
            .stderr
            .contains("permission to write repository security advisories"),
        "{}",
        ran.outcome.stderr
    );
    assert_eq!((world.mails().len(), advisories(&world).len()), (1, 0));
    world.go().exits(0);
    assert_eq!((world.mails().len(), advisories(&world).len()), (1, 1));
}

#[test]
fn killed_at_each_act_of_a_release_with_an_advisory() {
    let mut world = up_to(OWN, "published for all platforms");
    at_each_act(&mut world, 0, "published for all platforms", 5);
}

#[test]
fn what_nobody_knows_is_said_and_not_taken_for_nothing() {
    let mut world = World::of(&Project {
        pins_in: OWN,
        more: "[advisory]\nforge = true\n",
        ..Project::default()
    });
    // The pin moves to another file, which the release before has neither, nor a configuration that
    // names another one.
    let (pin, config) = ("openssl.sh", "release-check.toml");
    let moved = world.file(OWN, "main", config).replace(PIN, pin);
    let text = world.file(OWN, "main", PIN);
    world.forge.with(OWN, |repository| {
        let bare = repository.commit("main", "Begin anew", &[(PIN, None), (config, None)]);
        repository.tag("46.0.1", bare, None);
        let files = [(pin, Some(&*text)), (config, Some(&*moved))];
        repository.commit("main", "Move the pin", &files)
    });
    world.go().exits(14);
    for chapter in chapters(OWN) {
        (chapter.happens)(&mut world);
        world.go();
    }
    let (state, detail) = step(&world);
    assert_eq!(state, "blocked", "{detail}");
    assert!(
        detail.contains("what 46.0.1 carried of `wheels` is not known")
            && detail.contains("look it up"),
        "{detail}"
    );
    world.go().exits(1);
    assert!(advisories(&world).is_empty());
}
