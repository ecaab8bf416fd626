//! What `check` costs when nothing has changed, as a whole process against a server on this machine: requests, bytes, CPU, memory.
//!
//! `cargo bench --bench idle_check`. CPU and memory are read from Linux's `/proc`; elsewhere only requests and bytes are shown.

#![allow(clippy::print_stdout, clippy::expect_used, missing_docs, reason = "a benchmark prints its result")]

#[path = "../tests/cli/sandbox.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod sandbox;
#[path = "../tests/cli/server.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod server;
#[path = "../tests/cli/upstream_world.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod upstream_world;

use std::fs;
use std::process::Stdio;

use upstream_world::World;

/// How many runs the CPU time is the mean of.
const RUNS: u32 = 100;

/// How many runs the memory is the largest of.
const WATCHED: u32 = 10;

fn main() {
    let world = World::new();
    let status =
        |world: &World| world.sandbox.command(&["check"]).stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program runs");
    assert_eq!(status(&world).code(), Some(11), "the release that upstream published is due");
    world.server.take_requests();
    let (before, bytes_before) = (children_cpu(), world.server.bytes());
    for _ in 0..RUNS {
        status(&world);
    }
    let requests = world.server.take_requests().len();
    let runs = f64::from(RUNS);
    println!("requests  {:>8.1}", requests as f64 / runs);
    println!("bytes     {:>8.1}  of bodies", (world.server.bytes() - bytes_before) as f64 / runs);
    if let (Some(before), Some(after)) = (before, children_cpu()) {
        println!("CPU       {:>8.2}  ms", (after - before) / runs);
    }
    if let Some(peak) = (0..WATCHED).filter_map(|_| peak_memory(&world)).max() {
        println!("memory    {:>8.1}  MiB at most", peak as f64 / 1024.0);
    }
}

/// Milliseconds of CPU that finished children have used: fields 16 and 17 of `/proc/self/stat`, in hundredths of a second (proc(5)).
fn children_cpu() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(13)?.parse::<f64>().ok()? + fields.get(14)?.parse::<f64>().ok()?;
    Some(ticks * 10.0)
}

/// The most memory, in KiB, that one run was seen to hold: its high-water mark, read until it ends.
fn peak_memory(world: &World) -> Option<u64> {
    let mut child = world.sandbox.command(&["check"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while matches!(child.try_wait(), Ok(None)) {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).max(peak);
    }
    peak
}
