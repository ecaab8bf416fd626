//! One configuration over many repositories when there is nothing to do, as a whole process: time,
//! memory, and what is asked of upstream and of each repository.
//!
//! `cargo bench --bench many_repositories [-- NUMBER]`, 100 repositories where no number is given.
//! Memory is read from Linux's `/proc`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark prints its result"
)]

#[path = "../tests/cli/acts.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod acts;
#[path = "../tests/cli/fake_forge/mod.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod fake_forge;
#[expect(dead_code, reason = "another benchmark uses all of it")]
mod measure;
#[path = "../tests/support/missing.rs"]
mod missing;
#[path = "../tests/cli/sandbox.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod sandbox;
#[path = "../tests/cli/server.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod server;
#[path = "../tests/cli/upstream_world.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod upstream_world;

use std::process::Command;
use std::time::Instant;

use fake_forge::FakeForge;
use measure::{peak_memory, silent};
use upstream_world::{METADATA, World};

/// At most so many requests of an idle repository, seconds and kilobytes.
const GOALS: (usize, f64, u64) = (2, 5.0, 64 << 10);

fn main() {
    let number = std::env::args().find_map(|argument| argument.parse().ok());
    let number = number.unwrap_or(100);
    let (world, forge) = many(number);
    let run = || {
        let mut command = world
            .sandbox
            .command(&["--as-of", "2026-07-26", "run", "--execute"]);
        command.envs(forge.variables());
        command
    };
    succeeds(&mut run());
    let before = forge.state().log.len();
    world.server.take_requests();
    let started = Instant::now();
    succeeds(&mut run());
    let seconds = started.elapsed().as_secs_f64();
    let (forges, upstream) = (
        forge.state().log.len() - before,
        world.server.take_requests().len(),
    );
    let memory = peak_memory(&mut run());
    let (requests, most_seconds, most_memory) = GOALS;
    println!("{number} idle repositories, {upstream} requests of upstream");
    println!(
        "{:.2} requests of each repository, at most {requests}",
        forges as f64 / number as f64
    );
    println!("{seconds:.2} s, at most {most_seconds} s");
    if let Some(memory) = memory {
        println!("{memory} KB, at most {most_memory} KB");
    }
}

fn succeeds(command: &mut Command) {
    let status = silent(command).status().expect("the program runs");
    assert_eq!(status.code(), Some(0), "an idle run");
}

/// Upstream, and so many repositories that are current.
fn many(number: usize) -> (World, FakeForge) {
    let (world, forge) = (World::new(), FakeForge::start());
    let root = world.server.root();
    let mut config = format!(
        "[project]\nname = \"all\"\n\n[upstream]\ngithub-api = \"{root}/api\"\ngithub = \"{root}/github\"\nsite = \"{root}/site\"\nmetadata = \"{root}{METADATA}\"\n"
    );
    for at in 0..number {
        let name = format!("pyca/r{at}");
        forge.repository(&name, &[("pin", "V=3.5.10\n")]);
        config += &format!(
            "\n[[link]]\nname = \"l{at}\"\nrepository = \"{name}\"\n[[link.pin]]\nfile = \"pin\"\nmatch = \"V={{version}}\"\n\n[repositories.\"{name}\"]\nbase = \"main\"\n"
        );
    }
    world.sandbox.file("release-check.toml", config);
    (world, forge)
}
