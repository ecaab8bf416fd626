//! `init` on a large tree, as a whole process: without history, and with the project's own.
//!
//! `cargo bench --bench init`. The goals: at most 2 s without history, 8 s with it, and 100 MiB. A
//! debug build takes a tenth of the tree.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark prints its result"
)]

#[expect(dead_code, reason = "other benchmarks use the rest")]
mod measure;
#[path = "../tests/cli/sandbox.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod sandbox;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use measure::{peak_memory, silent};
use sandbox::Sandbox;

const FILES: usize = if cfg!(debug_assertions) {
    1_500
} else {
    15_000
};

const COMMITS: usize = if cfg!(debug_assertions) { 400 } else { 4_000 };

/// Commits from one bump to the next.
const APART: usize = 100;

/// How often it is run; the slowest counts.
const RUNS: usize = 3;

fn main() {
    let sandbox = Sandbox::new();
    for number in 0..FILES {
        sandbox.file(&path(number), source(number, 0));
    }
    sandbox.file("ci/openssl.sh", pin(0));
    let (time, memory) = cost(&sandbox);
    println!("{FILES} files: {time:?} (goal: 2 s), {memory} MiB (goal: 100)");
    history(&sandbox);
    let (time, memory) = cost(&sandbox);
    println!("and {COMMITS} commits: {time:?} (goal: 8 s), {memory} MiB (goal: 100)");
}

fn path(number: usize) -> String {
    format!("src/{}/{}/file_{number}.c", number % 40, number % 7)
}

/// A text of about 4 kB, some of which say versions of other things and speak of OpenSSL.
fn source(number: usize, change: usize) -> String {
    let mut text = format!("/* {number}, {change} */\n");
    if number.is_multiple_of(50) {
        text.push_str("/* needs OpenSSL 3.0.0 or newer, zlib 1.3.1 */\n#include <openssl/ssl.h>\n");
    }
    for line in 0..100 {
        let _ = writeln!(text, "static int value_{line} = {};", number * line);
    }
    text
}

fn pin(bumps: usize) -> String {
    let patch = bumps % 6;
    format!("OPENSSL_VERSION=3.5.{patch}\ncurl -LO https://h/openssl-$OPENSSL_VERSION.tar.gz\n")
}

/// A commit with the whole tree, and many after it that change a file each; each hundredth moves the pin.
fn history(sandbox: &Sandbox) {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(sandbox.path());
        git
    };
    let done = silent(&mut git(&["init", "-q", "-b", "main", "."])).status();
    assert!(done.expect("git").success());
    let mut import = git(&["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("git");
    let mut into = import.stdin.take().expect("a pipe");
    for commit in 0..COMMITS {
        let mut text = format!(
            "commit refs/heads/main\ncommitter A <a@example.org> {} +0000\ndata 1\nx\n",
            1_760_000_000 + commit * 3_600
        );
        let mut file = |path: &str, content: &str| {
            let _ = write!(
                text,
                "M 100644 inline {path}\ndata {}\n{content}\n",
                content.len()
            );
        };
        if commit == 0 {
            (0..FILES).for_each(|number| file(&path(number), &source(number, 0)));
        } else {
            let number = commit * 37 % FILES;
            file(&path(number), &source(number, commit));
        }
        if commit.is_multiple_of(APART) {
            file("ci/openssl.sh", &pin(commit / APART));
        }
        into.write_all(text.as_bytes()).expect("a stream");
    }
    drop(into);
    assert!(import.wait().expect("git").success());
    let done = silent(&mut git(&["reset", "-q", "--hard", "main"])).status();
    assert!(done.expect("git").success());
}

/// The longest run, and the most MiB.
fn cost(sandbox: &Sandbox) -> (Duration, u64) {
    let init = || sandbox.command(&["init", "--diff", "--offline", "--as-of", "2026-06-09"]);
    let times = (0..RUNS).map(|_| {
        let start = Instant::now();
        let done = init().output().expect("the program runs");
        let text = String::from_utf8_lossy(&done.stdout);
        assert!(text.contains("+file = \"ci/openssl.sh\"\n"), "{text}");
        start.elapsed()
    });
    let longest = times.max().unwrap_or_default();
    (longest, peak_memory(&mut init()).unwrap_or_default() / 1024)
}
