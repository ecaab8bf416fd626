//! What comes with an installed program: completions for shells, and the manual page.

use std::fmt::Write as _;

use clap::Command;
use clap::builder::PossibleValue;
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::report::Report;
use crate::cli::command;
use crate::text::fault::Fault;

/// The statuses that are no failure of the program's own.
const STATUSES: [(&str, &str); 9] = [
    ("0", "nothing is due, or the command did its work"),
    (
        "1",
        "it failed; also when upstream's facts are too old to rely on",
    ),
    ("2", "usage, configuration or pins are wrong"),
    ("10", "a bug-fix release is due"),
    ("11", "a security release is due"),
    ("12", "exposed, and no fixed release exists"),
    (
        "13",
        "the pinned version was withdrawn, or its series has ended",
    ),
    (
        "14",
        "the pin is fixed, but the newest published release still carries an affected OpenSSL",
    ),
    ("20", "an artefact does not contain what it should"),
];

const VARIABLES: [(&str, &str); 5] = [
    (
        "GITHUB_TOKEN",
        "the token for the forge; also GITHUB_API_URL, GITHUB_GRAPHQL_URL, GITHUB_SERVER_URL and GITHUB_REPOSITORY",
    ),
    (
        "RELEASE_CHECK_SMTP_URL",
        "the mail server, smtps://user:password@host or smtp://user:password@host:587",
    ),
    ("RELEASE_CHECK_CACHE", "the cache's folder"),
    ("PIP_INDEX_URL", "the package index"),
    ("HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE", "as everywhere"),
];

const NAME: &str = "release-check";

/// Completions for a shell.
pub(super) fn completions(shell: Shell) -> Report {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), NAME, &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    Report::done(match shell {
        // The generator takes the hyphen of the program's own name for the start of a command, and
        // then completes nothing after the first word.
        Shell::Bash => script.replace("release__subcmd__check", "release__check"),
        Shell::Fish => script + &values_in_fish(),
        _ => script,
    })
}

/// What the generator leaves out for fish: the values that stand alone after a command.
fn values_in_fish() -> String {
    let mut out = String::new();
    for command in command().get_subcommands() {
        for argument in command.get_positionals() {
            let values = argument.get_possible_values();
            let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
            if !values.is_empty() {
                let _ = writeln!(
                    out,
                    "complete -c {NAME} -n \"__fish_release_check_using_subcommand {}\" -f -a \"{}\"",
                    command.get_name(),
                    values.join(" ")
                );
            }
        }
    }
    out
}

/// The manual page: one for all commands.
pub(super) fn page() -> Result<Report, Fault> {
    let failed =
        |error: std::io::Error| Fault::failed(format!("cannot make the manual page: {error}"));
    let mut command = command();
    command.build();
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page).map_err(failed)?;
    man.render_name_section(&mut page).map_err(failed)?;
    synopsis(&mut page).map_err(failed)?;
    man.render_options_section(&mut page).map_err(failed)?;
    commands(&command, &mut page).map_err(failed)?;
    table("EXIT STATUS", &STATUSES, &mut page).map_err(failed)?;
    table("ENVIRONMENT", &VARIABLES, &mut page).map_err(failed)?;
    table(
        "FILES",
        &[("release-check.toml", "the project's configuration")],
        &mut page,
    )
    .map_err(failed)?;
    Ok(Report::done(String::from_utf8_lossy(&page).into_owned()))
}

fn synopsis(page: &mut Vec<u8>) -> std::io::Result<()> {
    let mut section = Roff::new();
    section
        .control("SH", ["SYNOPSIS"])
        .text([bold("release-check"), roman(" [options] [command]")]);
    section.to_writer(page)
}

/// Every command with its own options.
fn commands(command: &Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    Roff::new().control("SH", ["COMMANDS"]).to_writer(page)?;
    for command in command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        let mut heading = Roff::new();
        heading.control("SS", [command.get_name()]);
        heading.text([roman(
            command
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default(),
        )]);
        heading.to_writer(page)?;
        let own = command
            .get_arguments()
            .filter(|argument| !argument.is_global_set() && argument.get_id() != "help");
        for argument in own {
            let mut entry = Roff::new();
            let (name, help) = (
                argument.to_string(),
                argument
                    .get_help()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            );
            entry
                .control("TP", [])
                .text([bold(name)])
                .text([roman(help)]);
            entry.to_writer(page)?;
        }
        if let Some(examples) = command.get_after_help() {
            let mut shown = Roff::new();
            shown.control("PP", []).control("nf", []);
            shown.text([roman(examples.to_string())]);
            shown.control("fi", []);
            shown.to_writer(page)?;
        }
    }
    Ok(())
}

fn table(title: &str, rows: &[(&str, &str)], page: &mut Vec<u8>) -> std::io::Result<()> {
    let mut section = Roff::new();
    section.control("SH", [title]);
    for (name, meaning) in rows {
        section
            .control("TP", [])
            .text([bold(*name)])
            .text([roman(*meaning)]);
    }
    section.to_writer(page)
}
