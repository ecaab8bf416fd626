//! How text looks: the verdict first, in a word and where there may be any in a colour, few lines,
//! as wide as there is room, and at the end whose turn it is.

use crate::book::example;
use crate::sandbox::{Outcome, Sandbox};

const OFFLINE: [&str; 3] = ["--offline", "--as-of", "2026-06-10"];

/// Commands, the word that each begins with, and its status.
const ANSWERS: [(&[&str], &str, i32); 9] = [
    (&["check"], "security-release", 11),
    (&["affected", "3.5.3"], "high", 0),
    (&["affected", "1.0.1"], "high", 0),
    (&["affected", "3.5.7"], "good", 0),
    (&["affected", "CVE-2025-15467"], "high", 0),
    (&["doctor"], "warning", 0),
    (&["scan", "old.o"], "high", 0),
    (&["verify", "old.o", "--expect", "3.5.4"], "wrong", 20),
    (&["run"], "due", 11),
];

fn project() -> Sandbox {
    let sandbox = example("two-lines");
    sandbox.file(
        "old.o",
        crate::artefacts::elf(&["OpenSSL 3.5.3 16 Sep 2025"]),
    );
    sandbox
}

#[test]
fn the_verdict_first_and_whose_turn_it_is_last() {
    let sandbox = project();
    for (command, word, status) in ANSWERS {
        let text = sandbox
            .run(&[command, &OFFLINE].concat())
            .exits(status)
            .stdout;
        assert!(
            text.starts_with(&format!("{word}: ")),
            "{command:?}: {text}"
        );
        assert!(text.contains("\nnext: "), "{command:?}: {text}");
        assert!(!text.contains('\u{1b}'), "{command:?}: {text}");
        // What `run` would do is listed besides.
        let answer = text.split("\n\n").next().unwrap_or_default();
        assert!(answer.lines().count() <= 12, "{command:?}: {text}");
        for line in answer.lines() {
            assert!(line.chars().count() <= 80, "{command:?}: {line}");
        }
    }
}

#[test]
fn colour_is_for_who_asks_for_it() {
    let sandbox = project();
    for (command, word, status) in ANSWERS {
        let mut asked = sandbox.command(&[command, &OFFLINE].concat());
        let output = asked.env("CLICOLOR_FORCE", "1").output().expect("it runs");
        let text = Outcome::of(output).exits(status).stdout;
        let first = text.lines().next().unwrap_or_default();
        let painted = first.starts_with("\u{1b}[") && first.contains(word);
        assert!(painted, "{command:?}: {first:?}");
        let mut refused = sandbox.command(&[command, &OFFLINE].concat());
        refused.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
        let plain = Outcome::of(refused.output().expect("it runs")).stdout;
        assert!(!plain.contains('\u{1b}'), "{command:?}: {plain}");
    }
}

#[test]
fn twelve_lines_for_one_link_whatever_is_wrong_with_it() {
    for linked in [
        "1.0.2k", "1.1.1w", "3.0.7", "3.0.22", "3.4.8", "3.5.7", "3.6.5",
    ] {
        for day in ["2026-06-20", "2026-09-30", "2026-11-28"] {
            let sandbox = crate::check::project(linked);
            let text = sandbox.run(&["check", "--offline", "--as-of", day]).stdout;
            assert!(
                text.contains(linked) && text.lines().count() <= 12,
                "{day}: {text}"
            );
        }
    }
}
