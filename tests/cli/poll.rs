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
