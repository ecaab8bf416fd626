//! The commands: one screen each. This is where values are fetched, put together and shown.

mod affected;
mod announce;
mod check;
mod demo;
mod doctor;
mod draft;
mod history;
mod init;
mod manual;
mod prepare;
mod propose;
mod release;
mod report;
mod scan;
mod upstream;
mod verify;

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::Write;

use crate::cli::{self, AnnounceArguments, AnnouncementKind, Cli, Command, Format, Settled};
use crate::outside::environment::Environment;
use crate::paper::announcement::MessageKind;
use crate::text::fault::Fault;
use crate::workspace::announcing;
use crate::workspace::context::Context;
use crate::workspace::session::Session;

use clap::FromArgMatches;
use clap::error::ErrorKind;
use report::Report;

/// Runs the program: arguments and environment in, exit status out.
pub(crate) fn main(arguments: impl IntoIterator<Item = OsString>, environment: Environment) -> u8 {
    let parsed = cli::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            let status = if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) {
                0
            } else {
                2
            };
            let _ = error.print();
            return status;
        }
    };
    crate::outside::trace::start(cli.global.verbose);
    let command = cli.command.unwrap_or_else(Command::usual);
    let mut context = Context::new(cli.global, environment);
    context.links = command.links().to_vec();
    match dispatch(&context, command) {
        Ok(report) => match std::io::stdout()
            .write_all(shown(&report.text, context.format).as_bytes())
            .and_then(|()| std::io::stdout().flush())
        {
            Ok(()) => report.status,
            // Whoever read the result has seen enough of it.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => report.status,
            Err(error) => {
                context.note(format!("error: cannot write to standard output: {error}"));
                1
            }
        },
        Err(fault) => {
            context.note(format!("error: {fault}"));
            fault.status()
        }
    }
}

/// The result with nothing in it that a CI runner would take for a command: JSON can say the same
/// in other letters.
fn shown(text: &str, format: Format) -> Cow<'_, str> {
    match format {
        Format::Json | Format::Sarif if text.contains("##[") => {
            Cow::Owned(text.replace("##[", "#\\u0023["))
        }
        Format::Html if text.contains("##[") => Cow::Owned(text.replace("##[", "#&#35;[")),
        Format::Json | Format::Sarif | Format::Html => Cow::Borrowed(text),
        Format::Text | Format::Markdown => Cow::Owned(crate::text::commandless(text)),
    }
}

fn dispatch(context: &Context, command: Command) -> Result<Report, Fault> {
    has_format(&command, context.format)?;
    context.stands_in_a_folder()?;
    let session = &Session::open(context)?;
    match command {
        Command::Affected { asked, list } => affected::run(session, &asked, list),
        Command::Upstream {
            save,
            facts_only,
            releases,
        } => upstream::run(session, save.as_deref(), facts_only, releases.as_deref()),
        Command::Draft(asked) => draft::run(session, &asked),
        Command::Scan {
            paths,
            fail_on,
            list,
        } => scan::run(session, &paths, fail_on.as_ref(), list),
        Command::Verify {
            paths,
            expect,
            release,
        } => verify::run(session, &paths, &expect, release.as_ref()),
        Command::History(wanted) => history::run(session, &wanted),
        Command::Check { list, .. } => check::run(session, list),
        Command::Prepare { to, diff, .. } => prepare::run(session, &to, diff),
        Command::Completions { shell } => Ok(manual::completions(shell)),
        Command::Man => manual::page(),
        Command::Demo => demo::run(context.format, context.look, dispatch),
        Command::Doctor { list } => doctor::run(session, list),
        Command::Init { diff } => init::run(session, diff),
        Command::Run { execute, .. } => release::run(session, execute),
        Command::Propose { execute, .. } => propose::run(session, execute),
        Command::Announce(asked) => announced(session, &asked),
    }
}

/// Refuses a form that the command's result does not have.
fn has_format(command: &Command, format: Format) -> Result<(), Fault> {
    let is_assessed = matches!(
        command,
        Command::Check { .. } | Command::Run { .. } | Command::Scan { .. }
    );
    match format {
        Format::Markdown | Format::Sarif if !is_assessed => Err(Fault::usage(
            "`--format markdown` and `--format sarif` are for `check`, `scan` and `run` only; use `text` or `json`",
        )),
        Format::Html if !matches!(command, Command::History(_)) => Err(Fault::usage(
            "`--format html` is for `history` only; use `text` or `json`",
        )),
        _ => Ok(()),
    }
}

/// The record of what was sent, what became of a mail, or a mail.
fn announced(session: &Session<'_>, asked: &AnnounceArguments) -> Result<Report, Fault> {
    let (kind, execute) = (asked.kind.map(AnnouncementKind::kind), asked.execute);
    if asked.record {
        return announce::record(session, kind);
    }
    if let Some(settled) = asked.settle {
        let settling = announcing::Settling {
            arrived: settled == Settled::Sent,
            kind,
            message_id: asked.message_id.as_deref(),
            execute,
        };
        return announce::settle(session, &settling);
    }
    announce::run(
        session,
        &announcing::AnnounceRequest {
            kind: kind.unwrap_or(MessageKind::Release),
            execute,
            revises: false,
            resend: asked.resend,
            feed: asked.feed.as_deref(),
            because: asked.because.as_deref(),
            release: asked.release.as_ref(),
            asks: announcing::Asks::Everything,
        },
    )
}
