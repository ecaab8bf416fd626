//! The trees under `examples/` that need more than files: a submodule, a vendored tree, two
//! repositories, release branches.

use std::path::Path;

use crate::book::example;
use crate::git::git;
use crate::sandbox::Sandbox;

/// Those that are tried here; the others move with a plain `prepare`.
pub(crate) const APART: [&str; 4] = [
    "release-branches",
    "submodule",
    "two-repositories",
    "vendored-tree",
];

const OFFLINE: [&str; 3] = ["--offline", "--as-of", "2025-10-01"];

/// The commit of OpenSSL 3.5.4's tag, as the built-in facts have it.
const COMMIT: &str = "c1eeb9406b6142148f267594197d853403d10208";

/// A repository of everything in a folder.
fn committed(folder: &Path) {
    git(folder, &["init", "-q", "-b", "main"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", "all"]);
}

fn run(sandbox: &Sandbox, arguments: &[&str], status: i32) -> String {
    let all = [arguments, &OFFLINE].concat();
    sandbox.run(&all).exits(status).stdout
}

#[test]
fn a_submodule_is_read_from_the_index() {
    let sandbox = example("submodule");
    let folder = sandbox.path();
    committed(&folder);
    let link = format!("160000,{COMMIT},third_party/openssl");
    git(&folder, &["update-index", "--add", "--cacheinfo", &link]);
    let check = ["check", "--offline", "--as-of", "2026-02-01"];
    let text = sandbox.run(&check).exits(11).stdout;
    assert!(text.contains("openssl, OpenSSL 3.5.4 -> 3.5.5"), "{text}");
}

#[test]
fn a_vendored_tree_waits_for_its_tarball() {
    let sandbox = example("vendored-tree");
    let text = run(&sandbox, &["check"], 11);
    assert!(text.contains("third_party/openssl/VERSION.dat:1"), "{text}");
    let refused = [&["prepare"], &OFFLINE[..]].concat();
    let refused = sandbox.run(&refused).exits(1).stderr;
    assert!(
        refused.contains("`openssl-3.5.4.tar.gz` is not at hand; run this without `--offline`"),
        "{refused}"
    );
}

#[test]
fn each_release_branch_has_a_pull_request_of_its_own() {
    let sandbox = example("release-branches");
    committed(&sandbox.path());
    git(&sandbox.path(), &["branch", "46.0.x"]);
    let text = run(&sandbox, &["propose"], 0);
    for into in [
        "branch `release-check/wheels-3.5.4` into `main`",
        "branch `release-check/wheels-3.5.4@46.0.x` into `46.0.x`",
    ] {
        assert!(text.contains(into), "{into}: {text}");
    }
}

#[test]
fn pins_of_another_repository_are_read_in_its_clone() {
    let sandbox = example("two-repositories");
    sandbox.file("project/x.txt", "nothing");
    for name in ["project", "infra"] {
        committed(&sandbox.path().join(name));
    }
    let text = run(&sandbox, &["-C", "project", "check"], 11);
    assert!(
        text.contains("example/infra:openssl-version.sh:1"),
        "{text}"
    );
    // What is published is verified against them too.
    let text = run(&sandbox, &["-C", "project", "verify", "x.txt"], 20);
    assert!(text.starts_with("wrong: OpenSSL 3.5.3 on"), "{text}");
    let text = run(&sandbox, &["-C", "project", "run"], 11);
    assert!(
        text.contains("waiting    wheels: changelog pull request"),
        "{text}"
    );
}
