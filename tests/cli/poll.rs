//! Polling upstream: what it costs, what it survives.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::server::Reply;
use crate::upstream_world::{ALL, CVE, METADATA, NEW, RELEASES, SOURCE_PAGE, TAGS, VULNERABILITIES, World};

fn states(json: &Value) -> Vec<(String, String)> {
    let text = |source: &Value, key: &str| source[key].as_str().unwrap_or_default().to_owned();
    json["sources"].as_array().expect("sources").iter().map(|source| (text(source, "name"), text(source, "state"))).collect()
}

fn snapshot(world: &World) -> Value {
    serde_json::from_str(&world.sandbox.read("snapshot.json")).expect("a snapshot")
}

fn knows_the_news(snapshot: &Value) -> bool {
    let has = |list: &str, key: &str, value: &str| snapshot[list].as_array().expect("a list").iter().any(|entry| entry[key] == value);
    NEW.iter().all(|version| has("releases", "version", version)) && has("advisories", "id", CVE)
}

#[test]
fn cold_then_idle() {
    let world = World::new();
    let cold = world.sandbox.run(&["upstream", "--save", "snapshot.json", "--format", "json"]).exits(0);
    assert!(states(&cold.json()).iter().all(|(_, state)| state == "ok"), "{}", cold.stdout);
    let requests = world.server.take_requests();
    assert!(requests.len() <= 16, "{requests:#?}");
    assert!(knows_the_news(&snapshot(&world)));

    let idle = world.sandbox.run(&["upstream", "--format", "json"]).exits(0);
    assert!(states(&idle.json()).iter().all(|(_, state)| state == "unchanged"), "{}", idle.stdout);
    let requests = world.server.take_requests();
    assert!(requests.len() <= 6, "{requests:#?}");
    assert!(requests.iter().all(|request| request.headers.contains_key("if-none-match")), "{requests:#?}");
    assert_eq!(idle.json()["notes"], cold.json()["notes"]);
}

/// Plays one fault at one source of an upstream that was never asked before, and returns what the source's state says.
fn with_fault(path: &str, reply: &Reply) -> Value {
    let world = World::new();
    world.server.serve(path, reply.clone());
    let started = Instant::now();
    let run = world.sandbox.run(&["upstream", "--save", "snapshot.json", "--format", "json"]).exits(0);
    assert!(started.elapsed() < Duration::from_secs(20), "{path} {:?}", started.elapsed());
    let failed: Vec<String> = states(&run.json()).into_iter().filter(|(_, state)| state == "failed").map(|(name, _)| name).collect();
    assert_eq!(failed.len(), 1, "{path} {failed:?}");
    assert!(run.stderr.contains(&format!("`{}`: ", failed[0])), "{}", run.stderr);
    // One source of a kind is dead: the others still tell the news.
    assert!(knows_the_news(&snapshot(&world)), "{path}\n{}", run.stderr);
    let json = run.json();
    let sources = json["sources"].as_array().expect("sources");
    sources.iter().find(|source| source["state"] == "failed").expect("a failed source").clone()
}

fn detail(path: &str, reply: &Reply) -> String {
    with_fault(path, reply)["detail"].as_str().expect("a detail").replace(|c: char| c.is_ascii_digit(), "9")
}

#[test]
fn one_dead_source_costs_itself_only() {
    for path in ALL {
        with_fault(path, &Reply::status(404, "gone"));
    }
}

#[test]
fn html_where_json_belongs() {
    let html = Reply::ok("<!doctype html><html><body>Sign in to the hotel's network</body></html>");
    for path in ALL {
        with_fault(path, &html);
    }
}

#[test]
fn nothing_to_reuse() {
    for path in [RELEASES, METADATA] {
        assert!(detail(path, &Reply::status(304, "")).contains("answered 999 (not modified) though nothing was known yet"));
    }
}

#[test]
fn empty_lists() {
    for (path, body) in [(RELEASES, "[]"), (TAGS, "[]"), (SOURCE_PAGE, ""), (VULNERABILITIES, ""), (METADATA, "")] {
        with_fault(path, &Reply::ok(body));
    }
}

#[test]
fn broken_off() {
    let packed = crate::upstream_world::gzip(&[b'x'; 5000]);
    let truncated = Reply::ok(&packed[..packed.len() - 9]).header("content-encoding", "gzip");
    for fault in [truncated, Reply::Closed, Reply::CutOff { headers: Vec::new(), body: vec![b'['; 5000], at: 2500 }] {
        assert!(detail(RELEASES, &fault).contains("the answer broke off"), "{}", detail(RELEASES, &fault));
    }
}

#[test]
fn a_gigabyte_of_zeros() {
    assert!(detail(SOURCE_PAGE, &Reply::Zeros).contains("larger than"));
    assert!(detail(METADATA, &Reply::Zeros).contains("larger than"));
    let bomb = crate::upstream_world::gzip(&vec![0; 30 << 20]);
    assert!(detail(RELEASES, &Reply::ok(bomb).header("content-encoding", "gzip")).contains("larger than"));
}

#[test]
fn refusals() {
    let later = |status: u16, seconds: &str| Reply::status(status, "{\"message\":\"slow down\"}").header("retry-after", seconds);
    assert!(detail(RELEASES, &Reply::status(403, "{}")).contains("answered 999"));
    assert!(detail(RELEASES, &later(403, "3600")).contains("rate limit reached, free again in 99 min"));
    assert!(detail(TAGS, &later(429, "3600")).contains("rate limit reached"));
    assert!(detail(TAGS, &Reply::status(429, "")).contains("answered 999"));
    assert!(
        detail(RELEASES, &Reply::status(403, "").header("x-ratelimit-remaining", "0").header("x-ratelimit-reset", "99999999999"))
            .contains("rate limit")
    );
    assert!(detail(METADATA, &Reply::status(500, "")).contains("answered 999"));
}

#[test]
fn what_passes_is_waited_for() {
    let world = World::new();
    let healthy = Reply::ok(crate::upstream_world::releases(&NEW).to_string());
    world.server.route(RELEASES, move |_, earlier| match earlier {
        0 => Reply::status(503, ""),
        1 => Reply::Closed,
        _ => healthy.clone(),
    });
    let healthy = Reply::ok(crate::upstream_world::tags(&NEW).to_string());
    world
        .server
        .route(TAGS, move |_, earlier| if earlier == 0 { Reply::status(429, "").header("retry-after", "1") } else { healthy.clone() });
    let run = world.sandbox.run(&["upstream", "--format", "json"]).exits(0);
    assert!(states(&run.json()).iter().all(|(_, state)| state == "ok"), "{}", run.stdout);
}

#[test]
fn slow_servers_do_not_hang_it() {
    let world = World::new();
    for (path, fault) in [(RELEASES, Reply::Silence), (TAGS, Reply::Drip), (SOURCE_PAGE, Reply::Silence), (METADATA, Reply::Drip)] {
        world.server.serve(path, fault);
    }
    let started = Instant::now();
    let run = world.sandbox.run(&["--as-of", "2026-06-12", "upstream", "--save", "snapshot.json", "--format", "json"]).exits(0);
    assert!(started.elapsed() < Duration::from_secs(35), "{:?}", started.elapsed());
    let states = states(&run.json());
    assert_eq!(states.iter().filter(|(_, state)| state == "failed").count(), 4, "{states:?}");
}
