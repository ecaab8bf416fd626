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

#[test]
fn completions_complete() {
    let script = Sandbox::new().run(&["completions", "bash"]).exits(0).stdout;
    let ask = "\nCOMP_WORDS=(release-check prep); COMP_CWORD=1; _release__check release-check prep release-check; printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    if let Some((_, said)) = read_by(&["bash", "--norc"], &(script + ask)) {
        assert_eq!(said.trim(), "prepare");
    }
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
        !help.contains("completions") && help.contains("doctor"),
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
