//! What comes with an installed program: completions and the manual page.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::sandbox::Sandbox;

/// A program that reads this on standard input; `None` where it is not installed.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn read_by(program: &[&str], text: &str) -> Option<(bool, String)> {
    let command = Command::new(program[0])
        .args(&program[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = command else {
        println!("skipped: there is no `{}` here", program[0]);
        return None;
    };
    let mut input = child.stdin.take().expect("a pipe");
    let text = text.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("a thread").expect("it reads");
    Some((
        output.status.success(),
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
    ))
}

#[test]
fn completions_for_every_shell() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = sandbox.run(&["completions", shell]).exits(0).stdout;
        for word in ["affected", "propose", "doctor", "offline"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        let checked = match shell {
            "bash" | "zsh" => read_by(&[shell, "-n"], &script),
            "fish" => read_by(&["fish", "--no-execute"], &script),
            _ => None,
        };
        assert!(
            checked.as_ref().is_none_or(|(success, _)| *success),
            "{shell}: {checked:?}"
        );
    }
    sandbox.run(&["completions", "dos"]).exits(2);
}

/// What is typed, and what must be offered for it, among other things.
const TYPED: [(&[&str], &[&str]); 6] = [
    (&["prep"], &["prepare"]),
    (
        &["draft", ""],
        &[
            "changelog",
            "announcement",
            "pull-request",
            "advisory",
            "vex",
        ],
    ),
    (&["--offline", "draft", "ann"], &["announcement"]),
    (
        &["check", "--format", ""],
        &["text", "json", "markdown", "sarif"],
    ),
    (&["history", "--format", "h"], &["html"]),
    (&["completions", ""], &["bash", "fish", "zsh"]),
];

#[test]
fn bash_completes() {
    let script = Sandbox::new().run(&["completions", "bash"]).exits(0).stdout;
    for (typed, offered) in TYPED {
        let words = typed.iter().map(|word| format!("'{word}'"));
        let words = words.collect::<Vec<_>>().join(" ");
        let ask = format!(
            "\nCOMP_WORDS=(release-check {words}); COMP_CWORD={}; _release__check release-check \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
            typed.len()
        );
        if let Some((_, said)) = read_by(&["bash", "--norc"], &format!("{script}{ask}")) {
            for word in offered {
                assert!(said.lines().any(|line| line == *word), "{typed:?}: {said}");
            }
        }
    }
    // What a command does not have is not offered.
    let ask = "\nCOMP_WORDS=(release-check draft --format ''); COMP_CWORD=3; _release__check release-check '' --format; printf '%s ' \"${COMPREPLY[@]}\"\n";
    if let Some((_, said)) = read_by(&["bash", "--norc"], &(script + ask)) {
        assert_eq!(said.trim(), "text json");
    }
}

#[test]
fn fish_completes() {
    let sandbox = Sandbox::new();
    let script = sandbox.run(&["completions", "fish"]).exits(0).stdout;
    for (typed, offered) in TYPED {
        let ask = format!("\ncomplete -C 'release-check {}'\n", typed.join(" "));
        if let Some((_, said)) = read_by(&["fish", "--no-config"], &format!("{script}{ask}")) {
            for word in offered {
                let offers = |line: &str| line.split('\t').next() == Some(word);
                assert!(said.lines().any(offers), "{typed:?}: {said}");
            }
        }
    }
}

/// The shell itself completes, in a terminal of its own.
#[test]
fn zsh_completes() {
    let sandbox = Sandbox::new();
    let script = sandbox.run(&["completions", "zsh"]).exits(0).stdout;
    sandbox.file("functions/_release-check", &script);
    let folder = sandbox.path().join("functions");
    for (typed, offered) in TYPED {
        // `zpty` types into a second shell; the mark says when it has answered.
        let ask = format!(
            "zmodload zsh/zpty\nzpty z \"zsh -f -i\"\nzpty -w z \"PS1=; fpath=({} \\$fpath); autoload -U compinit; compinit -u -D; zstyle ':completion:*' list-prompt ''; LISTMAX=0; setopt NO_BEEP; echo rea''dy\"\nzpty -r -m z x '*ready*'\nzpty -w -n z \"release-check {}\"$'\\t\\t'\nsleep 1\nzpty -w -n z $'\\C-u'\nzpty -w z \"echo do''ne\"\nzpty -r -m z x '*done*'\nprint -r -- $x\n",
            folder.display(),
            typed.join(" ")
        );
        if let Some((_, said)) = read_by(&["zsh", "-f"], &ask) {
            for word in offered {
                assert!(said.contains(word), "{typed:?}: {said}");
            }
        }
    }
}

#[test]
fn every_command_shows_examples_and_its_own_formats() {
    let sandbox = Sandbox::new();
    let help = |command: &str| sandbox.run(&[command, "--help"]).exits(0).stdout;
    for command in ["check", "draft", "history", "completions", "man"] {
        assert!(help(command).contains("Examples:\n  # "), "{command}");
    }
    assert!(!help("draft").contains("sarif") && help("history").contains("html"));
    let wrong = sandbox.run(&["draft", "vex", "--format", "html"]).exits(2);
    assert!(
        wrong.stderr.contains("[possible values: text, json]"),
        "{}",
        wrong.stderr
    );
    let version = sandbox.run(&["--version"]).exits(0).stdout;
    assert!(version.contains(" (facts of 20"), "{version}");
    // It may stand before the command too.
    let before = ["--format", "json", "affected", "3.5.3", "--offline"];
    sandbox.run(&before).exits(0).json();
}

#[test]
fn the_manual_page() {
    let sandbox = Sandbox::new();
    let page = sandbox.run(&["man"]).exits(0).stdout;
    sandbox.file("release-check.1", &page);
    for text in [
        ".TH",
        ".SH COMMANDS",
        ".SS \"prepare\"",
        ".SH \"EXIT STATUS\"",
    ] {
        assert!(
            page.contains(text) || page.contains(&text.replace('"', "")),
            "{text}: {page}"
        );
    }
    let help = sandbox.run(&["--help"]).exits(0).stdout;
    assert!(
        help.contains("completions") && help.contains("doctor"),
        "{help}"
    );
    if let Some((success, said)) = read_by(&["groff", "-man", "-Tutf8", "-ww"], &page) {
        assert!(success && !said.contains("warning"), "{said}");
    }
    if let Some((success, said)) = read_by(
        &[
            "man",
            "-l",
            sandbox
                .path()
                .join("release-check.1")
                .to_str()
                .expect("UTF-8"),
        ],
        "",
    ) {
        assert!(
            success && said.contains("a security release is due"),
            "{said}"
        );
    }
}
