//! Polling upstream: what it costs, what it survives.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::sandbox::Outcome;
use crate::server::{Reply, Server};
use crate::upstream_world::{
    self, ALL, CVE, DAY, METADATA, NEW, RELEASES, SOURCE_PAGE, TAGS, VULNERABILITIES, World,
    archive, record, release, releases, source_page, tags,
};

/// The day of the newest built-in fact.
const BUILT_IN: &str = "2026-09-29";

fn states(json: &Value) -> Vec<(String, String)> {
    let text = |source: &Value, key: &str| source[key].as_str().unwrap_or_default().to_owned();
    json["sources"]
        .as_array()
        .expect("sources")
        .iter()
        .map(|source| (text(source, "name"), text(source, "state")))
        .collect()
}

fn snapshot(world: &World) -> Value {
    serde_json::from_str(&world.sandbox.read("snapshot.json")).expect("a snapshot")
}

fn knows_the_news(snapshot: &Value) -> bool {
    let has = |list: &str, key: &str, value: &str| {
        snapshot[list]
            .as_array()
            .expect("a list")
            .iter()
            .any(|entry| entry[key] == value)
    };
    NEW.iter()
        .all(|version| has("releases", "version", version))
        && has("advisories", "id", CVE)
}

#[test]
fn cold_then_idle() {
    let world = World::new();
    let cold = world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json", "--format", "json"])
        .exits(0);
    assert!(
        states(&cold.json()).iter().all(|(_, state)| state == "ok"),
        "{}",
        cold.stdout
    );
    let requests = world.server.take_requests();
    assert!(requests.len() <= 16, "{requests:#?}");
    assert!(knows_the_news(&snapshot(&world)));

    let idle = world
        .sandbox
        .run(&["upstream", "--format", "json"])
        .exits(0);
    assert!(
        states(&idle.json())
            .iter()
            .all(|(_, state)| state == "unchanged"),
        "{}",
        idle.stdout
    );
    let requests = world.server.take_requests();
    assert!(requests.len() <= 6, "{requests:#?}");
    assert!(
        requests
            .iter()
            .all(|request| request.headers.contains_key("if-none-match")),
        "{requests:#?}"
    );
    assert!(world.server.bytes() < 3_000_000);
    assert_eq!(idle.json()["diagnostics"], cold.json()["diagnostics"]);
}

/// Plays one fault at one source of an upstream that was never asked before, and returns what the
/// source's state says.
fn with_fault(path: &str, reply: &Reply) -> Value {
    let world = World::new();
    world.server.serve(path, reply.clone());
    let started = Instant::now();
    let run = world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json", "--format", "json"])
        .exits(0);
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{path} {:?}",
        started.elapsed()
    );
    let failed: Vec<String> = states(&run.json())
        .into_iter()
        .filter(|(_, state)| state == "failed")
        .map(|(name, _)| name)
        .collect();
    assert_eq!(failed.len(), 1, "{path} {failed:?}");
    assert!(
        run.stderr.contains(&format!("`{}`: ", failed[0])),
        "{}",
        run.stderr
    );
    // One source of a kind is dead: the others still tell the news.
    assert!(knows_the_news(&snapshot(&world)), "{path}\n{}", run.stderr);
    let json = run.json();
    let sources = json["sources"].as_array().expect("sources");
    sources
        .iter()
        .find(|source| source["state"] == "failed")
        .expect("a failed source")
        .clone()
}

fn detail(path: &str, reply: &Reply) -> String {
    with_fault(path, reply)["detail"]
        .as_str()
        .expect("a detail")
        .replace(|c: char| c.is_ascii_digit(), "9")
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
        assert!(
            detail(path, &Reply::status(304, ""))
                .contains("answered 999 (not modified) though nothing was known yet")
        );
    }
}

#[test]
fn empty_lists() {
    for (path, body) in [
        (RELEASES, "[]"),
        (TAGS, "[]"),
        (SOURCE_PAGE, ""),
        (VULNERABILITIES, ""),
        (METADATA, ""),
    ] {
        with_fault(path, &Reply::ok(body));
    }
}

#[test]
fn broken_off() {
    let packed = upstream_world::gzip(&[b'x'; 5000]);
    let truncated = Reply::ok(&packed[..packed.len() - 9]).header("content-encoding", "gzip");
    for fault in [
        truncated,
        Reply::Closed,
        Reply::CutOff {
            headers: Vec::new(),
            body: vec![b'['; 5000],
            at: 2500,
        },
    ] {
        assert!(
            detail(RELEASES, &fault).contains("the answer broke off"),
            "{}",
            detail(RELEASES, &fault)
        );
    }
}

#[test]
fn a_gigabyte_of_zeros() {
    assert!(detail(SOURCE_PAGE, &Reply::Zeros).contains("larger than"));
    assert!(detail(METADATA, &Reply::Zeros).contains("larger than"));
    let bomb = upstream_world::gzip(&vec![0; 30 << 20]);
    assert!(
        detail(
            RELEASES,
            &Reply::ok(bomb).header("content-encoding", "gzip")
        )
        .contains("larger than")
    );
}

#[test]
fn refusals() {
    let later = |status: u16, seconds: &str| {
        Reply::status(status, "{\"message\":\"slow down\"}").header("retry-after", seconds)
    };
    assert!(detail(RELEASES, &Reply::status(403, "{}")).contains("answered 999"));
    assert!(
        detail(RELEASES, &later(403, "3600")).contains("rate limit reached, free again in 99 min")
    );
    assert!(detail(TAGS, &later(429, "3600")).contains("rate limit reached"));
    assert!(detail(TAGS, &Reply::status(429, "")).contains("answered 999"));
    assert!(
        detail(
            RELEASES,
            &Reply::status(403, "")
                .header("x-ratelimit-remaining", "0")
                .header("x-ratelimit-reset", "99999999999")
        )
        .contains("rate limit")
    );
    assert!(detail(METADATA, &Reply::status(500, "")).contains("answered 999"));
}

#[test]
fn what_passes_is_waited_for() {
    let world = World::new();
    let healthy = Reply::ok(releases(&NEW).to_string());
    world
        .server
        .route(RELEASES, move |_, earlier| match earlier {
            0 => Reply::status(503, ""),
            1 => Reply::Closed,
            _ => healthy.clone(),
        });
    let healthy = Reply::ok(tags(&NEW).to_string());
    world.server.route(TAGS, move |_, earlier| {
        if earlier == 0 {
            Reply::status(429, "").header("retry-after", "1")
        } else {
            healthy.clone()
        }
    });
    let run = world
        .sandbox
        .run(&["upstream", "--format", "json"])
        .exits(0);
    assert!(
        states(&run.json()).iter().all(|(_, state)| state == "ok"),
        "{}",
        run.stdout
    );
}

#[test]
fn slow_servers_do_not_hang_it() {
    let world = World::new();
    for (path, fault) in [
        (RELEASES, Reply::Silence),
        (TAGS, Reply::Drip),
        (SOURCE_PAGE, Reply::Silence),
        (METADATA, Reply::Drip),
    ] {
        world.server.serve(path, fault);
    }
    let started = Instant::now();
    let run = world
        .sandbox
        .run(&[
            "--as-of",
            "2026-06-12",
            "upstream",
            "--save",
            "snapshot.json",
            "--format",
            "json",
        ])
        .exits(0);
    assert!(
        started.elapsed() < Duration::from_secs(35),
        "{:?}",
        started.elapsed()
    );
    let states = states(&run.json());
    assert_eq!(
        states.iter().filter(|(_, state)| state == "failed").count(),
        4,
        "{states:?}"
    );
}

#[test]
fn redirects_lose_the_token_and_never_leave_tls() {
    let world = World::new();
    let elsewhere = Server::start();
    elsewhere.serve("/moved", Reply::ok(releases(&NEW).to_string()));
    let away = Reply::status(302, "").header("location", &format!("{}/moved", elsewhere.root()));
    world.server.serve(RELEASES, away).serve(
        SOURCE_PAGE,
        Reply::status(301, "").header("location", "http://example.org/source/"),
    );
    let mut command = world.sandbox.command(&["upstream", "--format", "json"]);
    command
        .env("GITHUB_TOKEN", "s3cret")
        .env("GITHUB_API_URL", format!("{}/api", world.server.root()));
    let run = Outcome::of(command.output().expect("the program runs")).exits(0);
    let [failed] = &states(&run.json())
        .into_iter()
        .filter(|(_, state)| state == "failed")
        .collect::<Vec<_>>()[..]
    else {
        panic!("{}", run.stdout)
    };
    assert_eq!(failed.0, "source-page");
    assert!(
        run.stderr.contains("plain `http://` is refused"),
        "{}",
        run.stderr
    );
    let followed = elsewhere.take_requests();
    assert!(
        followed.len() == 1 && !followed[0].headers.contains_key("authorization"),
        "{followed:?}"
    );
    let asked = world.server.take_requests();
    let bearers: Vec<&str> = asked
        .iter()
        .filter(|request| request.headers.contains_key("authorization"))
        .map(|request| request.path.as_str())
        .collect();
    assert!(
        bearers.iter().all(|path| path.starts_with("/api/")) && bearers.len() == 2,
        "{bearers:?}"
    );
    assert!(!run.stdout.contains("s3cret") && !run.stderr.contains("s3cret"));
    assert!(!world.sandbox.cache_holds("s3cret"));
}

#[test]
fn every_request_has_a_line_without_the_token() {
    let world = World::new();
    let told = |arguments: &[&str]| {
        let mut command = world.sandbox.command(arguments);
        command
            .env("GITHUB_TOKEN", "s3cret")
            .env("GITHUB_API_URL", format!("{}/api", world.server.root()));
        let run = Outcome::of(command.output().expect("the program runs")).exits(0);
        assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
        let lines = |start| {
            run.stderr
                .lines()
                .filter(|line| line.starts_with(start))
                .count()
        };
        let requests = world.server.take_requests().len();
        let asked = lines("GET ") + lines("POST ");
        (
            requests,
            asked,
            lines("from the cache: "),
            run.stderr.clone(),
        )
    };
    let (requests, asked, kept, cold) = told(&["-v", "upstream"]);
    assert_eq!((requests, kept), (asked, 0), "{cold}");
    let page = format!("GET {}{SOURCE_PAGE}: 200 OK, ", world.server.root());
    assert!(cold.contains(&page), "{cold}");
    let (requests, asked, kept, idle) = told(&["upstream", "-vv"]);
    assert_eq!(requests, asked, "{idle}");
    assert!(
        kept > 0 && idle.contains("(the server says unchanged)"),
        "{idle}"
    );
    let (_, asked, kept, silent) = told(&["upstream"]);
    assert_eq!((asked, kept), (0, 0), "{silent}");
}

#[test]
fn a_token_for_another_api_stays_here() {
    let world = World::new();
    let mut command = world.sandbox.command(&["upstream"]);
    Outcome::of(
        command
            .env("GITHUB_TOKEN", "s3cret")
            .output()
            .expect("the program runs"),
    )
    .exits(0);
    assert!(
        world
            .server
            .take_requests()
            .iter()
            .all(|request| !request.headers.contains_key("authorization"))
    );
}

#[test]
fn all_dead_rests_on_what_was_known() {
    let world = World::new();
    for path in ALL {
        world.server.serve(path, Reply::status(500, ""));
    }
    // Nothing was ever asked: the built-in snapshot is all there is, and old on most days.
    let young = world
        .sandbox
        .run(&["--as-of", "2026-10-02", "upstream", "--format", "json"])
        .exits(0);
    assert_eq!(young.json()["taken"], BUILT_IN);
    assert!(
        young.stderr.starts_with(
            "`sources`: none could be reached, so that everything rests on what was known on"
        ) && young.stderr.lines().count() == 1,
        "{}",
        young.stderr
    );
    world
        .sandbox
        .run(&["--as-of", "2026-10-20", "upstream"])
        .exits(1);
    world
        .sandbox
        .run(&["--as-of", "2026-10-20", "--offline", "upstream"])
        .exits(0);
}

#[test]
fn all_dead_after_a_good_day() {
    let world = World::new();
    world
        .sandbox
        .run(&["--as-of", "2026-09-01", "upstream"])
        .exits(0);
    for path in ALL {
        world.server.serve(path, Reply::Closed);
    }
    let run = world
        .sandbox
        .run(&[
            "--as-of",
            "2026-09-05",
            "upstream",
            "--save",
            "snapshot.json",
            "--format",
            "json",
        ])
        .exits(0);
    assert_eq!(run.json()["taken"], "2026-09-01");
    assert!(
        knows_the_news(&snapshot(&world)),
        "what was learned is not lost"
    );
    world
        .sandbox
        .run(&["--as-of", "2026-09-20", "upstream"])
        .exits(1);
}

#[test]
fn offline_asks_nobody() {
    let world = World::new();
    let run = world
        .sandbox
        .run(&["--offline", "upstream", "--format", "json"])
        .exits(0);
    assert!(
        states(&run.json())
            .iter()
            .all(|(_, state)| state == "offline"),
        "{}",
        run.stdout
    );
    assert_eq!(run.json()["taken"], BUILT_IN);
    assert_eq!(world.server.take_requests().len(), 0);
    world.sandbox.run(&["upstream"]).exits(0);
    world.server.take_requests();
    world
        .sandbox
        .run(&["--offline", "upstream", "--save", "snapshot.json"])
        .exits(0);
    assert_eq!(world.server.take_requests().len(), 0);
    assert!(knows_the_news(&snapshot(&world)), "the cache is there");
}

/// Polls twice with a change in between, and returns what the second poll says on standard error.
fn after_a_change(change: impl FnOnce(&World)) -> (World, String) {
    let world = World::new();
    world.sandbox.run(&["upstream"]).exits(0);
    change(&world);
    let run = world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json"])
        .exits(0);
    assert!(knows_the_news(&snapshot(&world)));
    (world, run.stderr)
}

#[test]
fn changes_of_what_was_published() {
    let (world, said) = after_a_change(|world| {
        let list = json!([
            release("3.5.10", &"cd".repeat(32)),
            release("3.0.30", &"ab".repeat(32))
        ]);
        world.server.serve(RELEASES, Reply::ok(list.to_string()));
    });
    assert!(
        said.contains(
            "`releases`: the digest of `3.5.10` changed after publication: sha256 was `abab"
        ),
        "{said}"
    );
    let known = snapshot(&world)["releases"].clone();
    let kept = known
        .as_array()
        .expect("releases")
        .iter()
        .find(|release| release["version"] == "3.5.10")
        .cloned();
    assert_eq!(kept.expect("3.5.10")["hashes"]["sha256"], "cd".repeat(32));

    let (_, said) = after_a_change(|world| {
        world
            .server
            .serve(METADATA, Reply::ok(archive(&[(CVE, record(CVE, "Low"))])));
    });
    assert!(
        said.contains(&format!(
            "{CVE} was amended upstream: severity `high` is now `low`"
        )),
        "{said}"
    );

    let other = "CVE-2026-99002";
    let (_, said) = after_a_change(|world| {
        world.server.serve(
            METADATA,
            Reply::ok(archive(&[
                (CVE, record(CVE, "High")),
                (other, record(other, "High")),
            ])),
        );
    });
    assert!(
        said.contains(&format!("{other} was added late: it is dated {DAY}")),
        "{said}"
    );

    let (_, said) = after_a_change(|world| {
        world.server.serve(
            METADATA,
            Reply::ok(archive(&[(other, record(other, "High"))])),
        );
    });
    assert!(
        said.contains(&format!(
            "`metadata`: advisories withdrawn upstream: `{CVE}`"
        )),
        "{said}"
    );

    let (_, said) = after_a_change(|world| {
        world
            .server
            .serve(RELEASES, Reply::ok(releases(&NEW[..1]).to_string()));
    });
    assert!(
        said.contains("`releases`: the feed shrank: it lists 1 entries, and listed 2 before"),
        "{said}"
    );
    assert!(said.contains("`3.0.30`"), "{said}");
}

#[test]
fn a_tag_is_no_release_yet() {
    let world = World::new();
    let more = ["3.5.10", "3.0.30", "3.5.11"];
    world.server.serve(TAGS, Reply::ok(tags(&more).to_string()));
    let run = world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json"])
        .exits(0);
    assert!(
        run.stderr.contains("`3.5.11` is tagged, not yet published"),
        "{}",
        run.stderr
    );
    assert!(!world.sandbox.read("snapshot.json").contains("\"3.5.11\""));
    // The page alone does not make it one either; both together do.
    world
        .server
        .serve(SOURCE_PAGE, Reply::ok(source_page(&more)));
    world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json"])
        .exits(0);
    assert!(
        world
            .sandbox
            .read("snapshot.json")
            .contains("{\"version\":\"3.5.11\"")
    );
}

#[test]
fn a_server_without_matching_references_lists_tags() {
    let world = World::new();
    let tag = |version: &str| json!({"name": format!("openssl-{version}"), "commit": {"sha": "c".repeat(40)}});
    world.server.serve(TAGS, Reply::status(404, "{}"));
    world.server.serve(
        "/api/repos/openssl/openssl/tags?per_page=100&page=1",
        Reply::ok(json!([tag("3.5.10"), tag("3.5.11")]).to_string()),
    );
    let run = world.sandbox.run(&["upstream"]).exits(0);
    assert!(
        run.stderr.contains("`3.5.11` is tagged, not yet published"),
        "{}",
        run.stderr
    );
    world.server.take_requests();
    world.sandbox.run(&["upstream"]).exits(0);
    let requests = world.server.take_requests();
    assert!(
        requests.len() <= 6
            && requests
                .iter()
                .all(|request| request.headers.contains_key("if-none-match")),
        "{requests:#?}"
    );
}

#[test]
fn releases_come_in_pages() {
    let world = World::new();
    let many: Vec<String> = (0..150).map(|number| format!("3.9.{number}")).collect();
    let pages: Vec<Vec<&str>> = many
        .chunks(100)
        .map(|page| page.iter().map(String::as_str).collect())
        .collect();
    for (number, page) in pages.iter().enumerate() {
        world.server.serve(
            &format!("{RELEASES}?per_page=100&page={}", number + 1),
            Reply::ok(releases(page).to_string()),
        );
    }
    world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json"])
        .exits(0);
    let text = world.sandbox.read("snapshot.json");
    assert!(text.contains("\"3.9.0\"") && text.contains("\"3.9.149\""));
    let asked = |world: &World| {
        world
            .server
            .take_requests()
            .iter()
            .filter(|request| request.path.starts_with(RELEASES))
            .count()
    };
    assert_eq!(asked(&world), 2);
    world.sandbox.run(&["upstream"]).exits(0);
    assert_eq!(asked(&world), 2, "the second page is looked at too");
}

#[test]
fn metadata_from_a_folder_and_from_git() {
    let world = World::new();
    for (path, bytes) in upstream_world::files(&[(CVE, record(CVE, "High"))]) {
        world.sandbox.file(&format!("tree/{path}"), bytes);
    }
    world.configure("tree");
    let run = world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json"])
        .exits(0);
    assert!(knows_the_news(&snapshot(&world)), "{}", run.stderr);
    assert!(
        world
            .server
            .take_requests()
            .iter()
            .all(|request| !request.path.starts_with(METADATA))
    );
    let again = world
        .sandbox
        .run(&["upstream", "--format", "json"])
        .exits(0);
    assert!(
        states(&again.json()).contains(&("metadata".to_owned(), "unchanged".to_owned())),
        "{}",
        again.stdout
    );

    let repository = upstream_world::commit(&world.sandbox.path().join("tree"));
    world.configure(&format!("file://{}", repository.display()));
    let run = world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json", "--format", "json"])
        .exits(0);
    assert!(knows_the_news(&snapshot(&world)), "{}", run.stderr);

    upstream_world::serve_git(&world.server, "/openssl/release-metadata.git", &repository);
    world.configure(&format!(
        "{}/openssl/release-metadata.git",
        world.server.root()
    ));
    world.server.take_requests();
    let run = world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json", "--format", "json"])
        .exits(0);
    assert!(
        states(&run.json())
            .iter()
            .all(|(_, state)| state != "failed"),
        "{}",
        run.stderr
    );
    assert!(knows_the_news(&snapshot(&world)), "{}", run.stderr);
    let paths = |world: &World| -> Vec<String> {
        let requests = world
            .server
            .take_requests()
            .into_iter()
            .filter(|request| request.path.starts_with("/openssl/"));
        requests
            .map(|request| format!("{} {}", request.method, request.path))
            .collect()
    };
    let listing = "GET /openssl/release-metadata.git/info/refs?service=git-upload-pack";
    assert_eq!(
        paths(&world),
        [
            listing,
            "POST /openssl/release-metadata.git/git-upload-pack"
        ]
    );
    let again = world
        .sandbox
        .run(&["upstream", "--format", "json"])
        .exits(0);
    assert!(
        states(&again.json())
            .iter()
            .all(|(_, state)| state == "unchanged"),
        "{}",
        again.stdout
    );
    assert_eq!(paths(&world), [listing]);
}

#[test]
fn a_record_that_cannot_be_read_is_named() {
    let world = World::new();
    let broken = "CVE-2026-99003";
    world.server.serve(
        METADATA,
        Reply::ok(archive(&[
            (CVE, record(CVE, "High")),
            (broken, json!("nothing")),
        ])),
    );
    let run = world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json"])
        .exits(0);
    assert!(
        run.stderr.contains(&format!("`{broken}.json`: ")),
        "{}",
        run.stderr
    );
    assert!(knows_the_news(&snapshot(&world)));
}

#[test]
fn a_damaged_cache_is_asked_for_again() {
    let world = World::new();
    world.sandbox.run(&["upstream"]).exits(0);
    world.sandbox.damage_cache();
    let run = world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json", "--format", "json"])
        .exits(0);
    assert!(
        states(&run.json())
            .iter()
            .all(|(_, state)| state != "failed"),
        "{}",
        run.stdout
    );
    assert!(knows_the_news(&snapshot(&world)));
}

/// Polls a site that only a proxy can reach, and returns what the proxy was asked for.
fn through_a_proxy(variables: &[(&str, &str)]) -> Vec<String> {
    let world = World::new();
    let proxy = Server::start();
    let root = world.server.root();
    world.sandbox.file(
        "release-check.toml",
        format!("[project]\nname = \"it\"\n[upstream]\ngithub-api = \"{root}/api\"\nsite = \"https://site.invalid\"\nmetadata = \"{root}{METADATA}\"\n"),
    );
    let mut command = world.sandbox.command(&["upstream"]);
    command
        .env("HTTPS_PROXY", proxy.root())
        .env("HTTP_PROXY", proxy.root())
        .envs(variables.iter().copied());
    Outcome::of(command.output().expect("the program runs")).exits(0);
    let mut asked: Vec<String> = proxy
        .take_requests()
        .iter()
        .map(|request| format!("{} {}", request.method, request.path))
        .collect();
    asked.dedup();
    asked
}

#[test]
fn a_proxy_is_used_but_never_for_this_machine() {
    assert_eq!(through_a_proxy(&[]), ["CONNECT site.invalid:443"]);
    assert_eq!(through_a_proxy(&[("NO_PROXY", "site.invalid")]), [""; 0]);
}

#[test]
fn unusable_certificates_are_named() {
    let world = World::new();
    let root = world.server.root();
    world.sandbox.file(
        "release-check.toml",
        format!("[project]\nname = \"it\"\n[upstream]\ngithub-api = \"{root}/api\"\nsite = \"https://127.0.0.1:1\"\nmetadata = \"{root}{METADATA}\"\n"),
    );
    world.sandbox.file("empty.pem", "");
    for file in ["empty.pem", "missing.pem"] {
        let mut command = world.sandbox.command(&["upstream"]);
        let run = Outcome::of(
            command
                .env("SSL_CERT_FILE", file)
                .output()
                .expect("the program runs"),
        )
        .exits(0);
        assert!(
            run.stderr.contains(&format!(
                "`SSL_CERT_FILE` names `{file}`, which cannot be used"
            )),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn no_fault_turns_vulnerable_into_current() {
    let truncated = upstream_world::gzip(&[b'x'; 5000]);
    let faults = [
        Reply::Closed,
        Reply::Zeros,
        Reply::status(304, ""),
        Reply::status(403, "{}"),
        Reply::status(429, "").header("retry-after", "600"),
        Reply::status(500, ""),
        Reply::ok(""),
        Reply::ok("[]"),
        Reply::ok("{}"),
        Reply::ok("null"),
        Reply::ok("<!doctype html><h4 id=\"CVE-2026-0000\">CVE-2026-0000</h4>"),
        Reply::ok(&truncated[..20]).header("content-encoding", "gzip"),
        Reply::status(302, "").header("location", "http://example.org/"),
        Reply::status(302, "").header("location", "/"),
    ];
    let play = |fault: &Reply| {
        let world = World::new();
        world.sandbox.file("openssl.sh", "VERSION=3.5.6\n");
        for path in ALL {
            world.server.serve(path, fault.clone());
        }
        world.server.serve("/", fault.clone());
        let run = world
            .sandbox
            .run(&["--as-of", "2026-06-12", "check", "--format", "json"])
            .exits(11);
        assert_eq!(
            run.json()["links"][0]["verdict"],
            "security-release",
            "{fault:?}\n{}",
            run.stdout
        );
        assert!(
            run.stderr.contains("rests on what was known on"),
            "{fault:?}\n{}",
            run.stderr
        );
        // Much later nobody knows what came since; what was known to be due is due.
        let run = world
            .sandbox
            .run(&["--as-of", "2026-10-12", "check", "--format", "json"])
            .exits(11);
        assert_eq!(
            run.json()["links"][0]["verdict"],
            "security-release",
            "{fault:?}\n{}",
            run.stdout
        );
    };
    std::thread::scope(|scope| {
        for fault in &faults {
            scope.spawn(|| play(fault));
        }
    });
}

#[test]
fn the_news_reach_the_verdict() {
    let world = World::new();
    let run = world
        .sandbox
        .run(&["--as-of", DAY, "check", "--format", "json"])
        .exits(11);
    assert_eq!(run.json()["links"][0]["target"], "3.5.10");
    assert_eq!(run.json()["links"][0]["fixes"], json!([CVE]));
    // The next day upstream is silent: what was learned still counts.
    for path in ALL {
        world.server.serve(path, Reply::Closed);
    }
    let run = world
        .sandbox
        .run(&["--as-of", DAY, "check", "--format", "json"])
        .exits(11);
    assert_eq!(run.json()["links"][0]["target"], "3.5.10");
}

#[test]
fn without_a_cache_everything_works() {
    let world = World::new();
    world.sandbox.file("not-a-folder", "");
    let mut command = world
        .sandbox
        .command(&["upstream", "--save", "snapshot.json"]);
    let run = Outcome::of(
        command
            .env("RELEASE_CHECK_CACHE", "not-a-folder")
            .output()
            .expect("the program runs"),
    )
    .exits(0);
    assert_eq!(
        run.stderr.matches("cannot be written").count(),
        1,
        "{}",
        run.stderr
    );
    assert!(knows_the_news(&snapshot(&world)));
}
