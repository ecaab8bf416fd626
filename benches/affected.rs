//! 10,000 versions against every advisory of the built-in snapshot. `cargo bench --bench affected`
//!
//! The goal is under 100 ms. The ratio compares with reading the snapshot once, which every start
//! of the program does.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark prints its result"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use release_check::for_tests::openssl::upstream::View;
use release_check::for_tests::openssl::upstream::builtin::builtin;
use release_check::for_tests::openssl::version::Version;

fn median(mut work: impl FnMut()) -> Duration {
    let mut runs: Vec<Duration> = (0..11)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    runs.sort();
    runs[runs.len() / 2]
}

fn main() {
    let snapshot = builtin().unwrap();
    let view = View::new(&snapshot, "2026-06-10".parse().unwrap(), &[]);
    let versions: Vec<Version> = snapshot
        .releases
        .iter()
        .map(|release| release.version)
        .cycle()
        .take(10_000)
        .collect();
    let reading = median(|| {
        black_box(builtin().unwrap());
    });
    let asking = median(|| {
        for version in &versions {
            black_box(view.affecting(*version).count());
        }
    });
    println!("reading the built-in snapshot: {reading:?}");
    println!(
        "10,000 versions against {} advisories: {asking:?}",
        view.advisories().len()
    );
    println!("ratio: {:.1}", asking.as_secs_f64() / reading.as_secs_f64());
}
