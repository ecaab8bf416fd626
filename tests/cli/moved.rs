//! Upstream has moved: a server that answers 301 is followed, and what is to be written down is
//! said.

use crate::server::{Reply, Server};
use crate::upstream_world::{
    self, CVE, NEW, RELEASES, SOURCE_PAGE, World, record, releases, source_page,
};

const OLD: &str = "/openssl/security-advisories";
const NOW: &str = "/openssl/release-metadata";

/// A repository with the records of this upstream.
fn repository(world: &World) -> std::path::PathBuf {
    for (path, bytes) in upstream_world::files(&[(CVE, record(CVE, "High"))]) {
        world.sandbox.file(&format!("tree/{path}"), bytes);
    }
    upstream_world::commit(&world.sandbox.path().join("tree"))
}

/// Git's requests since the last look.
fn of_git(server: &Server) -> Vec<String> {
    server
        .take_requests()
        .iter()
        .filter(|request| request.path.starts_with("/openssl/"))
        .map(|request| format!("{} {}", request.method, request.path))
        .collect()
}

/// Everything under the old name is now under the new one.
fn rename(world: &World) {
    let target = format!("{}{NOW}", world.server.root());
    world.server.route(OLD, move |request, _| {
        let rest = request.path.strip_prefix(OLD).unwrap_or_default();
        Reply::status(301, "").header("location", &format!("{target}{rest}"))
    });
}

#[test]
fn a_renamed_metadata_repository_is_followed_and_named() {
    let world = World::new();
    let repository = repository(&world);
    let root = world.server.root().to_owned();
    world.configure(&format!("{root}{OLD}"));
    upstream_world::serve_git(&world.server, OLD, &repository);
    let before = world.sandbox.run(&["upstream"]).exits(0);
    assert!(!before.stderr.contains("moved"), "{}", before.stderr);
    world.server.take_requests();

    upstream_world::serve_git(&world.server, NOW, &repository);
    // The routes of the old name give way to the redirect.
    for path in ["/info/refs?service=git-upload-pack", "/git-upload-pack"] {
        let target = format!("{root}{NOW}{path}");
        world.server.serve(
            &format!("{OLD}{path}"),
            Reply::status(301, "").header("location", &target),
        );
    }
    let note = format!(
        "`{root}{OLD}`: has moved to `{root}{NOW}`; write that as `metadata` in `[upstream]`"
    );
    // The tree is known, its new address is not: it is fetched once more, from the redirected base,
    // and what is said stays said.
    let listing = "info/refs?service=git-upload-pack";
    let asked = [
        format!("GET {OLD}/{listing}"),
        format!("GET {NOW}/{listing}"),
    ];
    let fetched = format!("POST {NOW}/git-upload-pack");
    for more in [Some(&fetched), None] {
        let run = world.sandbox.run(&["upstream"]).exits(0);
        assert!(run.stderr.contains(&note), "{}", run.stderr);
        let all: Vec<String> = asked.iter().chain(more).cloned().collect();
        assert_eq!(of_git(&world.server), all);
    }

    world.configure(&format!("{root}{NOW}"));
    let after = world.sandbox.run(&["upstream"]).exits(0);
    assert!(!after.stderr.contains("moved"), "{}", after.stderr);
}

#[test]
fn a_repository_that_was_never_asked_by_its_new_name() {
    let world = World::new();
    let repository = repository(&world);
    upstream_world::serve_git(&world.server, NOW, &repository);
    rename(&world);
    world.configure(&format!("{}{OLD}/", world.server.root()));
    let run = world
        .sandbox
        .run(&["upstream", "--save", "snapshot.json"])
        .exits(0);
    assert!(run.stderr.contains("has moved to"), "{}", run.stderr);
    assert!(world.sandbox.read("snapshot.json").contains(CVE));
    let posted: Vec<String> = of_git(&world.server)
        .into_iter()
        .filter(|request| request.starts_with("POST"))
        .collect();
    assert_eq!(posted, [format!("POST {NOW}/git-upload-pack")]);
}

#[test]
fn releases_and_pages_that_moved_for_good() {
    let world = World::new();
    let moved = |from: &str, to: &str| {
        world
            .server
            .serve(from, Reply::status(301, "").header("location", to));
    };
    // GitHub answers a renamed repository with its number, on the same host.
    moved(RELEASES, "/api/repositories/7634677/releases?per_page=100");
    moved(SOURCE_PAGE, "../library/source/");
    world
        .server
        .serve(
            "/api/repositories/7634677/releases",
            Reply::ok(releases(&NEW).to_string()),
        )
        .serve("/site/library/source/", Reply::ok(source_page(&NEW)));
    let mut command =
        world
            .sandbox
            .command(&["upstream", "--save", "snapshot.json", "--format", "json"]);
    command
        .env("GITHUB_TOKEN", "s3cret")
        .env("GITHUB_API_URL", format!("{}/api", world.server.root()));
    let run = crate::sandbox::Outcome::of(command.output().expect("the program runs")).exits(0);
    assert!(!run.stdout.contains("\"failed\""), "{}", run.stdout);
    let requests = world.server.take_requests();
    let followed = requests
        .iter()
        .find(|request| request.path.starts_with("/api/repositories/"))
        .expect("followed");
    assert!(followed.headers.contains_key("authorization"));
    // What did not change is asked for with its validators, where it is now.
    let idle = world
        .sandbox
        .run(&["upstream", "--format", "json"])
        .exits(0);
    assert!(!idle.stdout.contains("\"ok\""), "{}", idle.stdout);
}

#[test]
fn a_refusal_without_a_token_speaks_of_none() {
    let world = World::new();
    for path in upstream_world::ALL {
        world.server.serve(path, Reply::status(403, "{}"));
    }
    let run = world.sandbox.run(&["upstream"]).exits(1);
    assert!(run.stdout.contains("403"), "{}", run.stdout);
    assert!(
        !format!("{}{}", run.stdout, run.stderr)
            .to_lowercase()
            .contains("token"),
        "{}{}",
        run.stdout,
        run.stderr
    );
}
