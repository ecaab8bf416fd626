//! What one page, one record or a cache from elsewhere gets to decide: nothing for long, and of
//! what is built in nothing at all.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::sandbox::Outcome;
use crate::server::Reply;
use crate::upstream_world::{
    ALL, CVE, Flaw, METADATA, NEW, RELEASES, SOURCE_PAGE, TAGS, VULNERABILITIES, World, archive,
    record, release, releases, source_page, tags, vulnerability_page,
};

/// A pin that the built-in facts call vulnerable, and what they know of it.
const OLD: &str = "3.5.3";
const FIXED: &str = "3.5.4";
const FLAW: &str = "CVE-2025-9230";

fn pinned(version: &str) -> World {
    let world = World::new();
    world
        .sandbox
        .file("openssl.sh", format!("VERSION={version}\n"));
    world
}

fn check(world: &World) -> Outcome {
    world.sandbox.run(&["check", "--format", "json"])
}

fn fixes(run: &Outcome) -> String {
    run.json()["links"][0]["fixes"].to_string()
}

fn saved(world: &World) -> Value {
    world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json"])
        .exits(0);
    serde_json::from_str(&world.sandbox.read("snapshot.json")).expect("a snapshot")
}

fn entry(snapshot: &Value, list: &str, key: &str, name: &str) -> Option<Value> {
    let list = snapshot[list].as_array().expect("a list");
    list.iter().find(|entry| entry[key] == name).cloned()
}

/// Changes the view that the cache holds, as somebody who can write there would: with a checksum
/// that is right.
fn edit_view(world: &World, edit: impl Fn(&mut Value)) -> PathBuf {
    let answers = world.sandbox.folder().join("cache/answers");
    let view = fs::read_dir(answers)
        .expect("a cache")
        .map(|entry| entry.expect("an entry").path())
        .find(|file| {
            let bytes = fs::read(file).expect("a file");
            bytes.starts_with(b"{\"key\":\"view of ")
        });
    let file = view.expect("a view");
    let text = fs::read_to_string(&file).expect("a file");
    let (header, body) = text.split_once('\n').expect("a header");
    let (mut header, mut body): (Value, Value) = (
        serde_json::from_str(header).expect("a header"),
        serde_json::from_str(body).expect("a view"),
    );
    edit(&mut body["snapshot"]);
    let body = body.to_string();
    let digest = Sha256::digest(body.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    header["sha256"] = digest.into();
    fs::write(&file, format!("{header}\n{body}")).expect("written");
    file
}

fn unchanged_from_now_on(world: &World) {
    for path in ALL {
        world.server.serve(path, Reply::status(304, ""));
    }
}

#[test]
fn an_edited_view_makes_no_vulnerable_pin_current() {
    let world = pinned(OLD);
    assert!(fixes(&check(&world).exits(11)).contains(FLAW));
    edit_view(&world, |view| {
        for list in ["releases", "advisories"] {
            let known = view[list].as_array_mut().expect("a list");
            known.retain(|entry| entry["version"] == OLD);
        }
    });
    unchanged_from_now_on(&world);
    assert!(fixes(&check(&world).exits(11)).contains(FLAW));
    world.sandbox.run(&["--offline", "check"]).exits(11);
}

#[test]
fn an_edited_view_moves_no_advisory_away() {
    let edits = [
        ("published", serde_json::json!("2999-01-01")),
        (
            "affected",
            serde_json::json!([{"from": "9.9.9", "before": "9.9.10"}]),
        ),
        ("affected", serde_json::json!([])),
    ];
    for (key, value) in edits {
        let world = pinned(OLD);
        check(&world).exits(11);
        edit_view(&world, |view| {
            for advisory in view["advisories"].as_array_mut().expect("a list") {
                advisory[key] = value.clone();
            }
        });
        unchanged_from_now_on(&world);
        assert!(fixes(&check(&world).exits(11)).contains(FLAW));
    }
}

#[test]
fn an_edited_view_puts_no_other_digest_into_a_pin() {
    let world = pinned(OLD);
    let right = entry(&saved(&world), "releases", "version", FIXED).expect("built in");
    edit_view(&world, |view| {
        for release in view["releases"].as_array_mut().expect("a list") {
            release["hashes"]["sha256"] = "ee".repeat(32).into();
        }
    });
    unchanged_from_now_on(&world);
    assert_eq!(
        entry(&saved(&world), "releases", "version", FIXED),
        Some(right)
    );
}

#[test]
fn a_record_hides_no_built_in_advisory() {
    for (day, affected) in [
        ("2999-01-01", ("3.5.0", FIXED)),
        ("2025-09-30", ("9.9.9", "9.9.10")),
        ("2025-09-30", ("3.5.4", "3.5.5")),
    ] {
        let world = pinned(OLD);
        let moved = Flaw::new(FLAW, "Low", day, &[affected]).record();
        world.server.serve(
            METADATA,
            Reply::ok(archive(&[(FLAW, moved), (CVE, record(CVE, "High"))])),
        );
        let run = check(&world).exits(11);
        assert!(fixes(&run).contains(FLAW), "{}", run.stdout);
        assert!(
            run.stderr
                .contains("what is built in says more and still counts"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_day_still_to_come_hides_no_release_and_no_advisory() {
    let world = pinned("3.5.9");
    let mut far = release("3.5.10", &"ab".repeat(32));
    far["published_at"] = "2999-01-01T00:00:00Z".into();
    world
        .server
        .serve(RELEASES, Reply::ok(serde_json::json!([far]).to_string()));
    let later = Flaw::new(CVE, "High", "2999-01-01", &[("3.5.0", "3.5.10")]).record();
    world
        .server
        .serve(METADATA, Reply::ok(archive(&[(CVE, later)])));
    let run = check(&world).exits(11);
    assert_eq!(run.json()["links"][0]["target"], "3.5.10");
    assert!(fixes(&run).contains(CVE), "{}", run.stdout);
}

#[test]
fn a_fake_release_goes_with_the_answer_that_told_it() {
    let world = pinned(OLD);
    let fake = ["3.5.10", "3.0.30", "3.5.77"];
    world
        .server
        .serve(RELEASES, Reply::ok(releases(&fake).to_string()));
    let target = |run: Outcome| run.json()["links"][0]["target"].clone();
    assert_eq!(target(check(&world).exits(11)), "3.5.77");
    world
        .server
        .serve(RELEASES, Reply::ok(releases(&NEW).to_string()));
    let run = check(&world).exits(11);
    assert!(
        run.stderr.contains("no source tells of `3.5.77` any more"),
        "{}",
        run.stderr
    );
    assert_eq!(target(run), "3.5.10");
}

#[test]
fn an_advisory_that_stood_on_the_page_once_goes_with_it() {
    let world = pinned("3.5.10");
    let fake = "CVE-2026-99009";
    world.server.serve(
        VULNERABILITIES,
        Reply::ok(vulnerability_page(&[(CVE, "High"), (fake, "Critical")])),
    );
    assert!(entry(&saved(&world), "advisories", "id", fake).is_some());
    world.server.serve(
        VULNERABILITIES,
        Reply::ok(vulnerability_page(&[(CVE, "High")])),
    );
    assert_eq!(entry(&saved(&world), "advisories", "id", fake), None);
}

#[test]
fn a_wrong_digest_goes_when_upstream_corrects_it() {
    let world = pinned(OLD);
    let serve = |digit: &str| {
        let list = NEW.map(|version| release(version, &digit.repeat(32)));
        world
            .server
            .serve(RELEASES, Reply::ok(Value::from(list.to_vec()).to_string()));
    };
    for digits in ["ee", "ab"] {
        serve(digits);
        let known = entry(&saved(&world), "releases", "version", NEW[0]).expect("listed");
        assert_eq!(known["hashes"]["sha256"], digits.repeat(32));
    }
}

#[test]
fn a_cache_of_another_branch_decides_nothing() {
    let world = pinned(OLD);
    let on = |branch: &str| {
        let mut command = world.sandbox.command(&["check", "--format", "json"]);
        command
            .env("GITHUB_REPOSITORY", "example/it")
            .env("GITHUB_REF", branch);
        Outcome::of(command.output().expect("the program runs"))
    };
    // What the other branch is told stays there.
    let fake = ["3.5.10", "3.0.30", "3.5.77"];
    world
        .server
        .serve(RELEASES, Reply::ok(releases(&fake).to_string()));
    world.server.serve(TAGS, Reply::ok(tags(&fake).to_string()));
    world
        .server
        .serve(SOURCE_PAGE, Reply::ok(source_page(&fake)));
    assert_eq!(
        on("refs/heads/other").json()["links"][0]["target"],
        "3.5.77"
    );
    world.server.take_requests();
    unchanged_from_now_on(&world);
    let run = on("refs/heads/main");
    assert_ne!(run.json()["links"][0]["target"], "3.5.77");
    let requests = world.server.take_requests();
    assert!(
        requests
            .iter()
            .all(|request| !request.headers.contains_key("if-none-match")),
        "{requests:#?}"
    );
}

#[cfg(unix)]
#[test]
fn a_cache_that_others_may_write_to_decides_nothing() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let world = pinned(OLD);
    let fake = ["3.5.10", "3.0.30", "3.5.77"];
    world
        .server
        .serve(RELEASES, Reply::ok(releases(&fake).to_string()));
    check(&world).exits(11);
    world
        .server
        .serve(RELEASES, Reply::ok(releases(&NEW).to_string()));
    let cache = world.sandbox.folder().join("cache");
    let refused = |why: &str| {
        world.server.take_requests();
        let run = check(&world).exits(11);
        assert!(run.stderr.contains(why), "{}", run.stderr);
        let requests = world.server.take_requests();
        assert!(
            requests
                .iter()
                .all(|request| !request.headers.contains_key("if-none-match"))
        );
    };
    fs::set_permissions(&cache, fs::Permissions::from_mode(0o777)).expect("a mode");
    refused("others may write to it (mode 0777)");
    fs::set_permissions(&cache, fs::Permissions::from_mode(0o700)).expect("a mode");
    fs::rename(
        cache.join("answers"),
        world.sandbox.folder().join("elsewhere"),
    )
    .expect("moved");
    symlink("../elsewhere", cache.join("answers")).expect("a link");
    refused("it is a symbolic link");
}
