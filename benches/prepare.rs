//! 1,000 definition files in one `prepare`, as a whole process. `cargo bench --bench prepare`
//!
//! The goal is under one second.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark prints its result"
)]

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

const FILES: usize = 1000;

const CONFIG: &str = r#"
[project]
name = "definitions"

[[link]]
name = "openssl"

[[link.pin]]
file = "definitions/*"
match = 'install_package "openssl-{version}" "https://example.org/openssl-{version}.tar.gz#{sha256}"'
"#;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("definitions")).unwrap();
    fs::write(folder.path().join("release-check.toml"), CONFIG).unwrap();
    let snapshot = release_check::for_tests::openssl::upstream::builtin::builtin().unwrap();
    let digest = snapshot
        .release("3.5.3".parse().unwrap())
        .unwrap()
        .hashes
        .sha256
        .clone()
        .unwrap();
    let mut runs: Vec<Duration> = (0..7)
        .map(|_| {
            for number in 0..FILES {
                let line = format!("# {number}\ninstall_package \"openssl-3.5.3\" \"https://example.org/openssl-3.5.3.tar.gz#{digest}\"\n");
                fs::write(folder.path().join(format!("definitions/{number}")), line).unwrap();
            }
            let start = Instant::now();
            let mut prepare = Command::new(env!("CARGO_BIN_EXE_release-check"));
            let done = prepare.args(["prepare", "--offline", "--as-of", "2025-10-01"]).current_dir(folder.path()).output().unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            start.elapsed()
        })
        .collect();
    runs.sort();
    println!(
        "{FILES} files in one prepare: median {:?}, slowest {:?}",
        runs[runs.len() / 2],
        runs[runs.len() - 1]
    );
}
