//! `check --offline` from start to answer, as a whole process. `cargo bench --bench start`
//!
//! The goal is under 50 ms. The ratio compares with `--version`, a start that does nothing.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark prints its result"
)]

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn median(mut command: impl FnMut() -> Command) -> Duration {
    let mut runs: Vec<Duration> = (0..31)
        .map(|_| {
            let start = Instant::now();
            command()
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap();
            start.elapsed()
        })
        .collect();
    runs.sort();
    runs[runs.len() / 2]
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("openssl.sh"),
        "OPENSSL_VERSION=\"3.5.3\"\n",
    )
    .unwrap();
    let config = "[project]\nname = \"bench\"\n[[link]]\nname = \"app\"\n[[link.pin]]\nfile = \"openssl.sh\"\nmatch = 'OPENSSL_VERSION=\"{version}\"'\n";
    fs::write(folder.path().join("release-check.toml"), config).unwrap();
    let program = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_release-check"));
        command.current_dir(folder.path()).args(arguments);
        command
    };
    let nothing = median(|| program(&["--version"]));
    let check = median(|| program(&["check", "--offline"]));
    println!("--version: {nothing:?}");
    println!("check --offline: {check:?}");
    println!("ratio: {:.1}", check.as_secs_f64() / nothing.as_secs_f64());
}
