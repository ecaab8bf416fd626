//! The command line as clap builds it: with examples under every command, and of the formats only
//! those that a command has.

use std::sync::OnceLock;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, CommandFactory, ValueEnum};

use super::arguments::{Cli, Format};
use crate::openssl::upstream::builtin;

/// What a command is used for, and how.
const EXAMPLES: [(&str, &[(&str, &str)]); 16] = [
    (
        "check",
        &[
            ("release-check", "what is due here, and why"),
            (
                "release-check check -l",
                "with every advisory, place and source",
            ),
            (
                "release-check check --offline",
                "with what is known, asking nobody",
            ),
            (
                "release-check check --format sarif > openssl.sarif",
                "for code scanning",
            ),
        ],
    ),
    (
        "affected",
        &[
            (
                "release-check affected 3.5.3",
                "what is wrong with a version",
            ),
            (
                "release-check affected openssl-3.0.7 1.1.1w -l",
                "of several, every advisory",
            ),
            (
                "release-check affected CVE-2025-15467",
                "which versions, and which of ours, have it",
            ),
        ],
    ),
    (
        "prepare",
        &[
            ("release-check prepare --diff", "what a bump would change"),
            ("release-check prepare", "make the change"),
            (
                "release-check prepare --to wheels=3.5.7",
                "move one of several links to a version",
            ),
        ],
    ),
    (
        "propose",
        &[
            ("release-check propose", "what would be pushed and opened"),
            (
                "release-check propose --execute",
                "push the branch, open or update the pull request",
            ),
        ],
    ),
    (
        "draft",
        &[
            (
                "release-check draft changelog",
                "the entry for the changelog",
            ),
            (
                "release-check draft announcement --body",
                "the mail's text alone, to paste",
            ),
            (
                "release-check draft pull-request --link wheels",
                "title and body, of one of several links",
            ),
            (
                "release-check draft vex > openvex.json",
                "the statements for scanners",
            ),
        ],
    ),
    (
        "scan",
        &[
            (
                "release-check scan .venv",
                "what is installed there, and how bad it is",
            ),
            (
                "release-check scan -l dist/*.whl",
                "each file with its evidence",
            ),
            (
                "release-check scan --fail-on high image/",
                "a gate: 11 where something has a high one",
            ),
        ],
    ),
    (
        "verify",
        &[
            (
                "release-check verify",
                "the newest published release, on every platform",
            ),
            (
                "release-check verify --release 1.4.0",
                "another one, against what its tag pinned",
            ),
            (
                "release-check verify dist --expect 3.5.7",
                "files, before they are published",
            ),
        ],
    ),
    (
        "history",
        &[
            (
                "release-check history",
                "what each tagged release carries today",
            ),
            (
                "release-check history --published --limit 10",
                "of what was published, per platform",
            ),
            (
                "release-check history --format html > history.html",
                "a page to look at",
            ),
        ],
    ),
    (
        "upstream",
        &[
            ("release-check upstream", "who answers, and what is new"),
            (
                "release-check upstream --save facts.json",
                "a snapshot for `--upstream facts.json`",
            ),
        ],
    ),
    (
        "announce",
        &[
            (
                "release-check announce",
                "the mail, and whether it is true yet",
            ),
            (
                "release-check announce --execute --feed feed.xml",
                "send it, and add it to a feed",
            ),
            (
                "release-check announce --kind correction --because 'The wheels for Windows were built wrong.'",
                "a correction in your own words",
            ),
        ],
    ),
    (
        "run",
        &[
            (
                "release-check run",
                "where the release stands, and what is next",
            ),
            (
                "release-check run --execute",
                "do what is due: what cron calls",
            ),
        ],
    ),
    (
        "init",
        &[
            (
                "release-check init",
                "write the configuration, then read it",
            ),
            (
                "release-check -C path/to/project init",
                "for another checkout",
            ),
        ],
    ),
    (
        "doctor",
        &[
            ("release-check doctor", "what is wrong, and what to do"),
            (
                "release-check doctor --format json",
                "to attach to a report; it holds no secrets",
            ),
        ],
    ),
    (
        "demo",
        &[("release-check demo", "see all of it in a throwaway folder")],
    ),
    (
        "completions",
        &[
            (
                "release-check completions bash > ~/.local/share/bash-completion/completions/release-check",
                "for bash",
            ),
            (
                "release-check completions zsh > ~/.zfunc/_release-check",
                "for zsh",
            ),
            (
                "release-check completions fish > ~/.config/fish/completions/release-check.fish",
                "for fish",
            ),
        ],
    ),
    (
        "man",
        &[(
            "release-check man > ~/.local/share/man/man1/release-check.1",
            "then `man release-check`",
        )],
    ),
];

/// The whole command line.
pub(crate) fn command() -> Command {
    Cli::command()
        .version(version())
        .mut_subcommands(|command| {
            let name = command.get_name().to_owned();
            let command = match EXAMPLES.iter().find(|(of, _)| *of == name) {
                Some((_, examples)) => command.after_help(after(examples)),
                None => command,
            };
            command.arg(format(&name))
        })
}

/// The program's version, and the day of the facts that it carries.
fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    let version = env!("CARGO_PKG_VERSION");
    VERSION.get_or_init(|| format!("{version} (facts of {})", builtin::day()))
}

fn after(examples: &[(&str, &str)]) -> String {
    let mut out = "Examples:".to_owned();
    for (line, what) in examples {
        out.push_str("\n  # ");
        out.push_str(what);
        out.push_str("\n  ");
        out.push_str(line);
    }
    out
}

/// The global option with the formats of one command.
fn format(command: &str) -> Arg {
    let has = |format: &&Format| match format {
        Format::Text | Format::Json => true,
        Format::Markdown | Format::Sarif => matches!(command, "check" | "scan" | "run"),
        Format::Html => command == "history",
    };
    let values = Format::value_variants().iter().filter(has);
    let values = values.filter_map(ValueEnum::to_possible_value);
    Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .help("How to print the result")
        .help_heading("Global options")
        .default_value("text")
        .value_parser(PossibleValuesParser::new(values).map(|name: String| {
            // The names are those of the variants.
            Format::from_str(&name, false).unwrap_or(Format::Text)
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_examples_that_it_takes() {
        command().debug_assert();
        for command in command().get_subcommands() {
            let name = command.get_name();
            let found = EXAMPLES.iter().find(|(of, _)| *of == name);
            let (_, examples) = found.unwrap_or_else(|| panic!("no example of `{name}`"));
            for (line, _) in *examples {
                let line = line.split(" > ").next().unwrap_or_default();
                let words = line.split('\'').enumerate().flat_map(|(at, part)| {
                    // What stands between quotes is one word.
                    if at % 2 == 1 {
                        vec![part]
                    } else {
                        part.split_whitespace().collect()
                    }
                });
                let parsed = super::command().try_get_matches_from(words);
                let parsed = parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
                assert!(parsed.subcommand_name().is_none_or(|used| used == name));
            }
        }
    }
}
