//! The hours before the record: a release is out, and the metadata is of the day before.

use super::story::merge_release;
use super::world::{CHANGELOG, OWN, Project, World};

/// The day of the release.
const DAY: &str = "2026-07-25";

const SECURITY: &str = "OpenSSL 3.5.10 is a security patch release. The most severe CVE fixed in this release is High.\r\n\r\nThis release incorporates the following bug fixes and mitigations:\r\n\r\n* Fixed one thing. ([CVE-2026-99011])\r\n* Fixed another. ([CVE-2026-99012])\r\n";
const BUG_FIX: &str = "OpenSSL 3.5.10 is a bug fix release.\r\n\r\n* Fixed a leak.\r\n";

/// What is never said of a release that may fix a security issue.
const WRONG: [&str; 5] = [
    "bug-fix release",
    "bugfix-release",
    "none of the security issues",
    "no security issue",
    "no public release",
];

/// 3.5.10 is out, with this text on the forge, and no record speaks of it.
fn world(text: &str) -> World {
    let mut world = World::of(&Project {
        pins_in: OWN,
        of_link: "series = \"3.5\"\ncooldown = \"7d\"",
        ..Project::default()
    });
    world.on(DAY);
    world.upstream.release_saying(DAY, "3.5.10", text);
    world
}

/// What a command prints, as one line; it holds all of these, and nothing of [`WRONG`].
#[track_caller]
fn says(world: &World, arguments: &[&str], status: i32, parts: &[&str]) -> String {
    let outcome = world.run(arguments).writes_nothing().exits(status).outcome;
    let text = format!("{} {}", outcome.words(), outcome.stderr);
    for part in parts {
        assert!(text.contains(part), "{arguments:?}, {part}: {text}");
    }
    for wrong in WRONG {
        assert!(!text.contains(wrong), "{arguments:?}, {wrong}: {text}");
    }
    text
}

const IDS: [&str; 2] = ["CVE-2026-99011", "CVE-2026-99012"];

#[test]
fn the_release_s_own_text_counts() {
    let world = world(SECURITY);
    let [one, other] = IDS;
    says(
        &world,
        &["check", "-l"],
        11,
        &[
            "security-release: wheels, OpenSSL 3.5.7 -> 3.5.10 (high)",
            one,
            other,
        ],
    );
    says(
        &world,
        &["affected", "3.5.7"],
        0,
        &[one, other, "fixed in 3.5.10"],
    );
    says(&world, &["history"], 0, &[]);
    says(&world, &["run"], 11, &["OpenSSL 3.5.7 -> 3.5.10"]);
    says(&world, &["prepare", "--diff"], 0, &["3.5.10"]);
    says(&world, &["propose"], 0, &[one, other, "high"]);
    says(&world, &["draft", "changelog"], 0, &["3.5.10"]);
    says(&world, &["draft", "advisory"], 0, &[one, other]);
    says(&world, &["draft", "pull-request"], 0, &[one, other, "high"]);
    says(
        &world,
        &["draft", "announcement", "--body"],
        0,
        &["security release", one, other],
    );

    world.go().exits(11);
    let body = body(&world);
    for part in [one, other, "high"] {
        assert!(body.contains(part), "{part}: {body}");
    }
    for wrong in WRONG {
        assert!(!body.contains(wrong), "{wrong}: {body}");
    }
    world.go().exits(11).writes_nothing();
}

/// The text of the only open PR.
fn body(world: &World) -> String {
    let number = world.only_pull(OWN);
    world
        .forge
        .with(OWN, |repository| repository.issues[&number].body.clone())
}

#[test]
fn without_a_text_the_severity_is_unknown() {
    let mut world = world("");
    says(
        &world,
        &["check"],
        11,
        &["security-release: wheels, OpenSSL 3.5.7 -> 3.5.10 (unknown"],
    );
    says(&world, &["affected", "3.5.7"], 0, &[]);
    says(&world, &["history"], 0, &[]);
    for draft in ["changelog", "advisory", "pull-request"] {
        says(&world, &["draft", draft], 0, &["3.5.10"]);
    }
    let unknown = "not known yet what OpenSSL 3.5.10 fixes";
    says(&world, &["draft", "announcement", "--body"], 0, &[unknown]);
    says(&world, &["propose"], 0, &[unknown]);
    world.go().exits(11);
    let text = body(&world);
    assert!(text.contains(unknown), "{text}");
    for wrong in WRONG {
        assert!(!text.contains(wrong), "{wrong}: {text}");
    }

    // Released that day still: the mail says what is known.
    merge_release(&mut world);
    world.tag("46.0.2", world.head(OWN, "main"));
    says(&world, &["announce"], 0, &[unknown, "security release"]);
    let log = world.file(OWN, "main", CHANGELOG);
    assert!(log.contains("OpenSSL 3.5.10"), "{log}");
}

#[test]
fn a_text_that_speaks_of_bug_fixes_is_believed() {
    let world = world(BUG_FIX);
    let text = world.run(&["check"]).exits(0).outcome.words();
    assert!(
        text.contains("bugfix-release") && text.contains("2026-08-01"),
        "{text}"
    );
}
