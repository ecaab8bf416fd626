//! What `run --execute` costs when there is nothing to do, as a whole process in a world of its own
//! with two repositories: requests, bytes, CPU, memory.
//!
//! `cargo bench --bench idle_run`. CPU and memory are read from Linux's `/proc`; elsewhere only
//! requests and bytes are shown.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark prints its result"
)]

#[path = "../tests/cli/acts.rs"]
mod acts;
#[path = "../tests/cli/artefacts.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod artefacts;
#[path = "../tests/cli/fake_forge/mod.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod fake_forge;
#[path = "../tests/cli/index_server.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod index_server;
#[path = "../src/openssl/signature/made.rs"]
mod keys;
mod measure;
#[path = "../tests/support/missing.rs"]
mod missing;
#[path = "../tests/cli/sandbox.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod sandbox;
#[path = "../tests/cli/server.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod server;
#[path = "../tests/cli/smtp_server.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod smtp_server;
#[path = "../src/openssl/tarball/made.rs"]
mod tarballs;
#[path = "../tests/cli/upstream_world.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod upstream_world;
#[path = "../tests/cli/whole"]
#[expect(dead_code, reason = "the tests use all of it")]
mod whole {
    pub(crate) mod story;
    mod upstream;
    mod wheels;
    pub(crate) mod world;
}

use std::process::Command;

use measure::{Cost, children_cpu, peak_memory, silent};
use whole::world::{INFRA, World};

/// How many runs the CPU time is the mean of.
const RUNS: u32 = 50;

/// How many runs the memory is the largest of.
const WATCHED: u32 = 5;

/// At most so many requests, and so many milliseconds of CPU.
const GOALS: (u32, u32) = (14, 20);

/// The argument by which this program becomes the one that runs the other and says what that took:
/// the servers here have children too.
const RUNNER: &str = "--run-and-measure";

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == RUNNER) {
        let mut command = Command::new(arguments.next().expect("a program"));
        run(command.args(arguments));
        return;
    }
    let world = idle();
    let run_again = || world.command(&["run", "--execute"]);
    world.requests();
    let bytes_before = world.bytes();
    let cpu = measured(&run_again());
    let (requests, bytes, runs) = (
        world.requests().len(),
        world.bytes() - bytes_before,
        f64::from(RUNS),
    );
    let memory = (0..WATCHED)
        .filter_map(|_| peak_memory(&mut run_again()))
        .max();
    Cost {
        requests: requests as f64 / runs,
        bytes: bytes as f64 / runs,
        cpu,
        memory,
    }
    .print(Some(GOALS));
}

/// A world in which everything has happened.
fn idle() -> World {
    let mut world = World::with_pins_in(INFRA);
    for chapter in whole::story::chapters(INFRA) {
        (chapter.happens)(&mut world);
        world.go().exits(chapter.status);
    }
    world.go().exits(0).writes_nothing();
    world
}

/// Lets another process of this program run a command; the mean of its CPU time.
fn measured(command: &Command) -> Option<f64> {
    let mut runner = Command::new(std::env::current_exe().expect("this program"));
    runner
        .arg(RUNNER)
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    runner.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let output = runner
        .current_dir(command.get_current_dir().expect("a folder"))
        .output()
        .expect("it runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn run(command: &mut Command) {
    let before = children_cpu();
    for _ in 0..RUNS {
        assert_eq!(
            silent(command).status().expect("the program runs").code(),
            Some(0),
            "an idle run"
        );
        // As in a fresh clone.
        let _ = std::fs::remove_dir_all(".git/refs/notes");
        let _ = std::fs::remove_dir_all(".git/refs/release-check");
    }
    if let Some((before, after)) = before.zip(children_cpu()) {
        println!("{}", (after - before) / f64::from(RUNS));
    }
}
