//! What `check` costs when nothing has changed, as a whole process against a server on this
//! machine: requests, bytes, CPU, memory.
//!
//! `cargo bench --bench idle_check`. CPU and memory are read from Linux's `/proc`; elsewhere only
//! requests and bytes are shown.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark prints its result"
)]

mod measure;
#[path = "../tests/cli/sandbox.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod sandbox;
#[path = "../tests/cli/server.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod server;
#[path = "../tests/cli/upstream_world.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod upstream_world;

use measure::{Cost, children_cpu, peak_memory, silent};
use upstream_world::World;

/// How many runs the CPU time is the mean of.
const RUNS: u32 = 100;

/// How many runs the memory is the largest of.
const WATCHED: u32 = 10;

fn main() {
    let world = World::new();
    let check = || world.sandbox.command(&["check"]);
    let status = || silent(&mut check()).status().expect("the program runs");
    assert_eq!(
        status().code(),
        Some(11),
        "the release that upstream published is due"
    );
    world.server.take_requests();
    let (before, bytes_before) = (children_cpu(), world.server.bytes());
    for _ in 0..RUNS {
        status();
    }
    let runs = f64::from(RUNS);
    let cost = Cost {
        requests: world.server.take_requests().len() as f64 / runs,
        bytes: (world.server.bytes() - bytes_before) as f64 / runs,
        cpu: before
            .zip(children_cpu())
            .map(|(before, after)| (after - before) / runs),
        memory: (0..WATCHED).filter_map(|_| peak_memory(&mut check())).max(),
    };
    cost.print(None);
}
