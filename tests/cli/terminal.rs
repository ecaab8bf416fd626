//! What people see on a terminal, at two widths, and in a pipe: every line of these pictures was
//! read.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use crate::git::git_on;
use crate::history::commit;
use crate::missing;
use crate::sandbox::{Outcome, Sandbox};

/// Where nobody answers.
const NOBODY: &str = "http://127.0.0.1:9";
const DOWN: &str = "[upstream]\ngithub = \"http://127.0.0.1:9\"\ngithub-api = \"http://127.0.0.1:9\"\nsite = \"http://127.0.0.1:9\"\nmetadata = \"http://127.0.0.1:9/metadata.git\"\n";

/// A situation: what the project links, on which day somebody looks, and whether anybody is asked.
struct Situation {
    name: &'static str,
    linked: &'static str,
    day: &'static str,
    offline: bool,
}

const SITUATIONS: [Situation; 5] = [
    Situation {
        name: "current",
        linked: "3.5.9",
        day: "2026-09-30",
        offline: true,
    },
    Situation {
        name: "security",
        linked: "3.0.14",
        day: "2026-06-20",
        offline: true,
    },
    Situation {
        name: "stranded",
        linked: "3.0.22",
        day: "2026-09-30",
        offline: true,
    },
    Situation {
        name: "stale",
        linked: "3.5.9",
        day: "2026-11-28",
        offline: true,
    },
    Situation {
        name: "network down",
        linked: "3.5.9",
        day: "2026-09-30",
        offline: false,
    },
];

impl Situation {
    /// A project that links this, with a release that did.
    fn project(&self) -> Sandbox {
        let sandbox = Sandbox::new();
        let down = if self.offline { "" } else { DOWN };
        let config = format!(
            "[project]\nname = \"widget\"\nrepository = \"acme/widget\"\n\n{down}[[link]]\nname = \"wheels\"\n\n\
             [[link.pin]]\nfile = \"openssl.sh\"\nmatch = ['OPENSSL={{version}}']\n"
        );
        let folder = sandbox.path();
        for (file, text) in [
            ("release-check.toml", config),
            ("openssl.sh", format!("OPENSSL={}\n", self.linked)),
        ] {
            commit(&folder, "2026-06-12", file, &text);
        }
        git_on(&folder, "2026-06-12", &["tag", "v1.0.0"]);
        let said = format!("OpenSSL {} 1 Jan 2026", self.linked);
        sandbox.file("widget.o", crate::artefacts::elf(&[&said]));
        sandbox
    }

    fn arguments<'a>(&'a self, command: &[&'a str]) -> Vec<&'a str> {
        let offline: &[&str] = if self.offline { &["--offline"] } else { &[] };
        [command, &["--as-of", self.day], offline].concat()
    }
}

/// The program on a terminal so many columns wide, its escapes written out; and its status.
fn on_a_terminal(sandbox: &Sandbox, arguments: &[&str], columns: usize) -> String {
    let (notes, line) = (sandbox.folder().join("notes"), arguments.join(" "));
    let seen = typed(sandbox, &format!("{line} 2>{}", notes.display()), columns);
    fs::read_to_string(notes).expect("notes") + &seen
}

/// The program with these words, as typed on a terminal.
fn typed(sandbox: &Sandbox, words: &str, columns: usize) -> String {
    let run = format!(
        "stty cols {columns} rows 50; {} {words}; echo \"status $?\"",
        env!("CARGO_BIN_EXE_release-check"),
    );
    let mut command = Command::new("script");
    command.args(["-qec", &run, "/dev/null"]).env_clear();
    for (name, value) in sandbox.command(&[]).get_envs() {
        command.env(name, value.expect("a value"));
    }
    let output = command
        .env("GITHUB_API_URL", NOBODY)
        .env("TERM", "xterm-256color")
        .env("SHELL", "/bin/sh")
        .current_dir(sandbox.path())
        .stdin(std::process::Stdio::null())
        .output()
        .expect("script runs");
    let seen = String::from_utf8(output.stdout).expect("UTF-8");
    // With its input at an end, a terminal may echo that.
    let seen = seen.replace("\r\n", "\n").replace("^D\u{8}\u{8}", "");
    seen.replace('\u{1b}', "^[")
}

fn in_a_pipe(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let mut command = sandbox.command(arguments);
    command.env("GITHUB_API_URL", NOBODY);
    let run = Outcome::of(command.output().expect("the program runs"));
    format!("{}{}status {}\n", run.stderr, run.stdout, run.status)
}

/// The text with no times in it.
fn timeless(text: &str) -> String {
    let words = text.split_inclusive(' ').collect::<Vec<_>>();
    let is_time = |at: usize| words.get(at + 1).is_some_and(|next| next.starts_with("ms"));
    let word = |(at, word): (usize, &&str)| {
        let number = word.trim().parse::<u32>().is_ok();
        if number && is_time(at) { "N " } else { word }.to_owned()
    };
    words.iter().enumerate().map(word).collect()
}

fn pictures(command: &[&str]) -> String {
    let mut seen = String::new();
    for situation in SITUATIONS {
        let sandbox = situation.project();
        let command: Vec<&str> = match command {
            ["verify"] => vec!["verify", "widget.o", "--expect", situation.linked],
            other => other.to_vec(),
        };
        let arguments = situation.arguments(&command);
        let mut pictures = vec![
            ("80 columns", on_a_terminal(&sandbox, &arguments, 80)),
            ("a pipe", in_a_pipe(&sandbox, &arguments)),
        ];
        // How long a source took to fail decides where a line of that width ends.
        if situation.offline {
            pictures.insert(1, ("160 columns", on_a_terminal(&sandbox, &arguments, 160)));
        }
        for (title, text) in pictures {
            let _ = write!(
                seen,
                "== {}, {title}\n{}\n",
                situation.name,
                timeless(&text)
            );
        }
    }
    seen
}

fn is_there() -> bool {
    let there = Command::new("script").arg("--version").output().is_ok();
    if !there {
        missing::skip("the program `script`, which makes a terminal, is not here");
    }
    there
}

#[test]
fn check_on_a_terminal() {
    if is_there() {
        insta::assert_snapshot!(pictures(&["check"]));
    }
}

#[test]
fn run_on_a_terminal() {
    if is_there() {
        insta::assert_snapshot!(pictures(&["run"]));
    }
}

#[test]
fn history_on_a_terminal() {
    if is_there() {
        insta::assert_snapshot!(pictures(&["history"]));
    }
}

#[test]
fn verify_on_a_terminal() {
    if is_there() {
        insta::assert_snapshot!(pictures(&["verify"]));
    }
}

#[test]
fn doctor_on_a_terminal() {
    if is_there() {
        insta::assert_snapshot!(pictures(&["doctor"]));
    }
}

#[test]
fn scan_on_a_terminal() {
    if is_there() {
        insta::assert_snapshot!(pictures(&["scan", "widget.o"]));
    }
}

#[test]
fn the_summary_of_a_run_has_our_releases_as_a_table() {
    let sandbox = SITUATIONS[1].project();
    let folder = sandbox.path();
    commit(&folder, "2026-06-16", "openssl.sh", "OPENSSL=3.0.21\n");
    git_on(&folder, "2026-06-16", &["tag", "v1.1.0"]);
    let arguments = SITUATIONS[1].arguments(&["run", "--format", "markdown"]);
    let summary = sandbox.run(&arguments).stdout;
    let table = "\n### Releases\n\n| | 1.0.0<br>2026-06-12 | 1.1.0<br>2026-06-16 |\n\
                 | --- | --- | --- |\n| wheels | 3.0.14 H | 3.0.21 ✓ |\n";
    assert!(summary.contains(table), "{summary}");
}

/// The words of a line, with what stands in backticks as one.
fn runs(line: &str) -> Vec<String> {
    let quoted = |(at, part): (usize, &str)| match at % 2 {
        0 => part.to_owned(),
        _ => format!("`{}`", part.replace(' ', "_")),
    };
    let line: String = line.split('`').enumerate().map(quoted).collect();
    line.split_whitespace().map(str::to_owned).collect()
}

/// The columns before a line's text, at the most.
const HEAD: usize = 31;

/// No line is wider than the terminal, but for a word, or a quotation, that alone is; and every
/// quotation stands on one line.
#[track_caller]
fn fits(said: &str, columns: usize) {
    let folded = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in said.lines() {
        let width = line.chars().count();
        let last = runs(line).pop().map_or(0, |last| last.chars().count());
        assert!(
            width <= columns || width - last <= HEAD,
            "{width} of {columns}: {line}\n{said}"
        );
    }
    for quoted in folded.split('`').skip(1).step_by(2) {
        assert!(said.contains(&format!("`{quoted}`")), "{quoted}\n{said}");
    }
}

#[test]
fn everything_fits_a_terminal_and_no_command_is_broken() {
    if !is_there() {
        return;
    }
    let workflow = ".github/workflows/release-check.yml";
    let uses = format!(
        "jobs:\n  a:\n    steps:\n      - uses: us/release-check@{}\n",
        "0".repeat(40)
    );
    let all = [
        "check",
        "check -l",
        "doctor",
        "doctor -l",
        "run",
        "history",
        "history -l",
        "affected 3.0.6 -l",
        "scan -l widget.o",
        "prepare --to 3.0.21",
        "prepare --to 9.9.9",
    ];
    let of_the_network = ["doctor", "upstream", "prepare --to 3.0.21"];
    for (situation, commands) in [
        (&SITUATIONS[1], &all[..]),
        (&SITUATIONS[4], &of_the_network),
    ] {
        let sandbox = situation.project();
        sandbox.file(workflow, &uses);
        for columns in [80, 200] {
            for words in commands {
                let words: Vec<&str> = words.split(' ').collect();
                let words = situation.arguments(&words).join(" ");
                fits(&plain(&typed(&sandbox, &words, columns)), columns);
            }
        }
    }
    let sandbox = SITUATIONS[1].project();
    sandbox.file(workflow, &uses);
    let doctor = plain(&typed(
        &sandbox,
        &SITUATIONS[1].arguments(&["doctor"]).join(" "),
        80,
    ));
    assert!(doctor.contains("`git ls-remote --tags "), "{doctor}");
    fs::remove_file(sandbox.path().join("release-check.toml")).expect("a file");
    let init = plain(&typed(
        &sandbox,
        &SITUATIONS[1].arguments(&["init"]).join(" "),
        80,
    ));
    fits(&init, 80);
    assert!(init.contains("wrote release-check.toml"), "{init}");
}

/// What is left to read of what a terminal was sent.
fn plain(seen: &str) -> String {
    let mut plain = String::new();
    for (at, part) in seen.split("^[").enumerate() {
        let end = part.find(|c: char| c.is_ascii_alphabetic());
        plain.push_str(if at == 0 {
            part
        } else {
            &part[end.map_or(0, |end| end + 1)..]
        });
    }
    let lines = plain
        .lines()
        .map(|line| line.rsplit('\r').next().unwrap_or_default());
    lines.flat_map(|line| [line, "\n"]).collect()
}
