//! The commands: one screen each. This is where values are fetched, put together and shown.

mod affected;
mod announce;
mod check;
mod demo;
mod doctor;
mod draft;
mod facts;
mod history;
mod init;
mod known;
mod links;
mod manual;
mod moves;
mod pipeline;
mod prepare;
mod propose;
mod published;
mod scan;
mod upstream;
mod verify;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Parser;
use clap::error::ErrorKind;
use jiff::civil::Date;

use crate::cli::{AnnouncementKind, Cli, Command, Format, Global};
use crate::config::{self, Config};
use crate::environment::Environment;
use crate::fault::Fault;

/// What a command has to say on standard output, and its exit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The result, and nothing but the result.
    pub text: String,
    /// The exit status.
    pub status: u8,
}

impl Report {
    /// A result of a command that did its work.
    #[must_use]
    pub fn done(text: String) -> Self {
        Self { text, status: 0 }
    }
}

/// What every command is given.
#[derive(Debug)]
pub struct Context {
    /// The folder that relative paths are relative to.
    pub directory: PathBuf,
    /// How to print the result.
    pub format: Format,
    /// The day to answer for.
    pub today: Date,
    /// Whether the user chose that day.
    pub replayed: bool,
    /// Whether connections are forbidden.
    pub offline: bool,
    /// A snapshot to use instead of asking upstream.
    pub upstream: Option<PathBuf>,
    /// The configuration file, if the user named one.
    pub config: Option<PathBuf>,
    /// Environment variables.
    pub environment: Environment,
    /// What this process has found out already.
    known: known::Known,
}

impl Context {
    fn new(global: Global, environment: Environment) -> Self {
        Self {
            directory: global.directory.unwrap_or_else(|| PathBuf::from(".")),
            format: global.format,
            today: global.as_of.unwrap_or_else(crate::clock::today),
            replayed: global.as_of.is_some(),
            offline: global.offline,
            upstream: global.upstream,
            config: global.config,
            environment,
            known: known::Known::default(),
        }
    }

    /// A path the user gave, relative to the chosen folder.
    #[must_use]
    pub fn path(&self, path: &Path) -> PathBuf {
        self.directory.join(path)
    }

    /// The configuration.
    ///
    /// # Errors
    ///
    /// A usage fault if there is none or if it is wrong.
    pub fn config(&self) -> Result<Config, Fault> {
        let named = self.config.clone().unwrap_or_else(|| PathBuf::from(config::FILE_NAME));
        let text = match std::fs::read(self.path(&named)) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|error| {
                let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
                Fault::usage(format!("`{}` line {line}: not UTF-8; save it as UTF-8", named.display()))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let message = format!(
                    "there is no `{}` in `{}`; `release-check init` writes one, and --config names another",
                    named.display(),
                    self.directory.display()
                );
                return Err(Fault::usage(message));
            }
            Err(error) => return Err(Fault::failed(format!("cannot read `{}`: {error}", named.display()))),
        };
        Config::read(&named.display().to_string(), &text)
    }

    /// The configuration, which must have a link.
    ///
    /// # Errors
    ///
    /// See [`Context::config`]; a usage fault that says what to add where there is no link.
    pub fn config_with_links(&self) -> Result<Config, Fault> {
        let config = self.config()?;
        if config.links.is_empty() {
            return Err(Fault::usage("the configuration has no `[[link]]`; add one for each linked OpenSSL"));
        }
        Ok(config)
    }

    /// The configuration, or the defaults where there is none and the user named none.
    ///
    /// # Errors
    ///
    /// See [`Context::config`].
    pub fn config_or_default(&self) -> Result<Config, Fault> {
        let absent = self.config.is_none() && !self.path(Path::new(config::FILE_NAME)).exists();
        if absent { Ok(Config::default()) } else { self.config() }
    }

    /// Says something on standard error that is not the result.
    pub fn note(&self, message: impl std::fmt::Display) {
        // A closed standard error must not stop the command.
        let _ = writeln!(std::io::stderr(), "{}", crate::text::printable(&message.to_string()));
    }
}

/// Runs the program: arguments and environment in, exit status out.
pub fn main(arguments: impl IntoIterator<Item = OsString>, environment: Environment) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let status = if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) { 0 } else { 2 };
            let _ = error.print();
            return status;
        }
    };
    let context = Context::new(cli.global, environment);
    match dispatch(&context, cli.command.unwrap_or(Command::Check)) {
        Ok(report) => match std::io::stdout().write_all(report.text.as_bytes()).and_then(|()| std::io::stdout().flush()) {
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

fn dispatch(context: &Context, command: Command) -> Result<Report, Fault> {
    if matches!(context.format, Format::Markdown | Format::Sarif) && !matches!(command, Command::Check | Command::Run { .. }) {
        return Err(Fault::usage("`--format markdown` and `--format sarif` are for `check` and `run` only; use `text` or `json`"));
    }
    match command {
        Command::Affected { versions } => affected::run(context, &versions),
        Command::Upstream { save, facts_only, releases } => upstream::run(context, save.as_deref(), facts_only, releases.as_deref()),
        Command::Draft { draft: kind, link, body, forward, kind: announcement, because } => {
            let announcement = announcement.map(AnnouncementKind::kind);
            draft::run(context, &draft::Asked { kind, link: link.as_deref(), body, forward, announcement, because: because.as_deref() })
        }
        Command::Scan { paths } => scan::run(context, &paths),
        Command::Verify { paths, expect, release } => verify::run(context, &paths, &expect, release.as_ref()),
        Command::History { published } => history::run(context, published),
        Command::Check => check::run(context),
        Command::Prepare { to, diff } => prepare::run(context, &to, diff),
        Command::Completions { shell } => Ok(manual::completions(shell)),
        Command::Man => manual::page(),
        Command::Demo => demo::run(context.format),
        Command::Doctor => doctor::run(context),
        Command::Init => init::run(context),
        Command::Run { execute } => pipeline::run(context, execute),
        Command::Propose { execute } => propose::run(context, execute),
        Command::Announce { kind, because, execute, resend, feed } => {
            let (kind, because, feed) = (kind.kind(), because.as_deref(), feed.as_deref());
            announce::run(context, &announce::Request { kind, execute, resend, feed, because, asks: announce::Asks::Everything })
        }
    }
}
