//! What the user may say.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::version::Version;
use crate::paper::announcement::MessageKind;
use crate::project::project_version::ProjectVersion;

/// Releases your project when OpenSSL does.
#[derive(Debug, Parser)]
#[command(
    name = "release-check",
    version,
    max_term_width = 120,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do; left out: `check`.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options that may stand before or after the command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Act as if started in DIR
    #[arg(
        short = 'C',
        value_name = "DIR",
        global = true,
        help_heading = "Global options"
    )]
    pub directory: Option<PathBuf>,
    /// Read this configuration instead of `release-check.toml`
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        help_heading = "Global options"
    )]
    pub config: Option<PathBuf>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text, global = true, help_heading = "Global options")]
    pub format: Format,
    /// Use this snapshot instead of asking upstream
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        help_heading = "Global options"
    )]
    pub upstream: Option<PathBuf>,
    /// Open no connection to anyone
    #[arg(long, global = true, help_heading = "Global options")]
    pub offline: bool,
    /// Tell each request and each git on standard error; twice: what was read from the cache, too
    #[arg(
        short,
        long,
        action = clap::ArgAction::Count,
        global = true,
        help_heading = "Global options"
    )]
    pub verbose: u8,
    /// Answer as of the end of this day (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = day, global = true, help_heading = "Global options")]
    pub as_of: Option<Date>,
}

/// How to print the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a step summary: of `check`, `scan` and `run`
    Markdown,
    /// For code scanning: of `check`, `scan` and `run`
    Sarif,
    /// A page to look at: of `history`
    Html,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Assess every link; print what is due and why (the default)
    Check {
        /// Name every advisory, place and source
        #[arg(short, long)]
        list: bool,
        /// For this link only; may be given several times
        #[arg(long, value_name = "NAME")]
        link: Vec<String>,
    },
    /// Which advisories affect these OpenSSL versions, and where each is fixed; which versions and
    /// what of ours an advisory affects
    Affected {
        /// Versions, tags, or advisories
        #[arg(required = true, value_name = "VERSION|CVE", value_parser = asked)]
        asked: Vec<AffectedAsked>,
        /// Name every advisory
        #[arg(short, long)]
        list: bool,
    },
    /// Make the change in the working tree: pins, changelog, own version
    Prepare {
        /// Move to this version instead of the one policy chooses; with several links NAME=VERSION, and
        /// the others stay
        #[arg(long, value_name = "VERSION")]
        to: Vec<String>,
        /// Print the change as a unified diff instead of making it
        #[arg(long)]
        diff: bool,
        /// For this link only; may be given several times
        #[arg(long, value_name = "NAME")]
        link: Vec<String>,
    },
    /// Branch, commit, push, open or update the pull request; without --execute print what that
    /// would be
    Propose {
        /// Do it
        #[arg(long)]
        execute: bool,
        /// For this link only; may be given several times
        #[arg(long, value_name = "NAME")]
        link: Vec<String>,
    },
    /// Print one draft
    Draft(DraftArguments),
    /// Which OpenSSL is inside these binaries, archives, wheels, folders, and which advisories it has
    Scan {
        /// Files, folders, virtual environments, image layouts
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Exit with 11 if something has an advisory this grave, with 1 if that is not known
        #[arg(long, value_name = "SEVERITY", value_parser = severity)]
        fail_on: Option<Severity>,
        /// Show each file with its evidence
        #[arg(short, long)]
        list: bool,
    },
    /// Do the published artefacts contain this OpenSSL, on every platform?
    Verify {
        /// Files and folders; left out: what `[published]` names
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// The OpenSSL they should contain
        #[arg(long, value_name = "VERSION", value_parser = version_or_tag)]
        expect: Vec<Version>,
        /// The project's release to verify; left out: the newest
        #[arg(long, value_name = "X", value_parser = project_version)]
        release: Option<ProjectVersion>,
    },
    /// Our releases, the OpenSSL they carried, its advisories, and how long users were exposed
    History(HistoryArguments),
    /// Poll upstream (or read a release table), show each source's state, save a snapshot
    Upstream {
        /// Write the snapshot to this file
        #[arg(long, value_name = "FILE")]
        save: Option<PathBuf>,
        /// Save facts only: no titles or other sentences of upstream, no day but that of the newest
        /// fact
        #[arg(long, requires = "save")]
        facts_only: bool,
        /// Read releases from this table instead of polling
        #[arg(long, value_name = "TABLE")]
        releases: Option<PathBuf>,
    },
    /// Show the mail to subscribers and whether it is true; send it with --execute, once per
    /// project, version and kind
    Announce(AnnounceArguments),
    /// What cron calls: every step that is due, in order, and what it waits for; without --execute
    /// print what would be done
    Run {
        /// Do it
        #[arg(long)]
        execute: bool,
        /// For this link only; may be given several times
        #[arg(long, value_name = "NAME")]
        link: Vec<String>,
    },
    /// Write a configuration from what is found in the checkout, and for GitHub the workflow that
    /// runs it
    Init {
        /// Print what would be written as a unified diff, also to a configuration that stands
        #[arg(long)]
        diff: bool,
    },
    /// Check configuration, pins, credentials and sources, and say what to do about what is wrong
    Doctor {
        /// Name everything that was looked at
        #[arg(short, long)]
        list: bool,
    },
    /// Play the whole pipeline in a throwaway sandbox, on built-in data
    Demo,
    /// Print the completions for a shell
    Completions {
        /// Which shell
        #[arg(value_enum, value_name = "bash|elvish|fish|powershell|zsh")]
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

// Its words for `--help` stand at the command.
#[derive(Debug, Args)]
pub(crate) struct DraftArguments {
    /// Which draft
    #[arg(
        value_enum,
        value_name = "changelog|announcement|pull-request|advisory|vex"
    )]
    pub(crate) draft: DraftKind,
    /// For this link only; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) link: Vec<String>,
    /// Only the announcement's text, to paste
    #[arg(long)]
    pub(crate) body: bool,
    /// What the announcement is for; left out: what the situation calls for
    #[arg(long, value_enum)]
    pub(crate) kind: Option<AnnouncementKind>,
    /// What a correction says; blank lines part paragraphs
    #[arg(long, value_name = "TEXT")]
    pub(crate) because: Option<String>,
    /// Carry the entry from a release branch to the main changelog
    #[arg(long)]
    pub(crate) forward: bool,
    /// List the templates of the draft and the values that they may use
    #[arg(long)]
    pub(crate) explain: bool,
}

// Its words for `--help` stand at the command.
#[derive(Debug, Args)]
pub(crate) struct HistoryArguments {
    /// Read what was published from the package index
    #[arg(long)]
    pub(crate) published: bool,
    /// From this release of the project on, or from this day
    #[arg(long, value_name = "X", value_parser = since)]
    pub(crate) since: Option<Since>,
    /// The newest N releases only
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Every release with its advisories
    #[arg(short, long)]
    pub(crate) list: bool,
    /// For this link only; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) link: Vec<String>,
}

// Its words for `--help` stand at the command.
#[derive(Debug, Args)]
pub(crate) struct AnnounceArguments {
    /// What it is for; left out: a release
    #[arg(long, value_enum)]
    pub(crate) kind: Option<AnnouncementKind>,
    /// What a correction says; blank lines part paragraphs
    #[arg(long, value_name = "TEXT")]
    pub(crate) because: Option<String>,
    /// The project's release to announce; left out: the newest that nobody was told of
    #[arg(long, value_name = "X", value_parser = project_version)]
    pub(crate) release: Option<ProjectVersion>,
    /// Print the record of what was sent, from every clone
    #[arg(long, conflicts_with_all = ["because", "execute", "resend", "feed", "settle", "release"])]
    pub(crate) record: bool,
    /// Say what became of a mail of which nobody knows whether it was sent
    #[arg(long, value_enum, value_name = "WHAT", conflicts_with_all = ["because", "resend", "feed", "release"])]
    pub(crate) settle: Option<Settled>,
    /// Of which mail, where several are open
    #[arg(long, value_name = "ID", requires = "settle")]
    pub(crate) message_id: Option<String>,
    /// Send it, or share the word of --settle
    #[arg(long)]
    pub(crate) execute: bool,
    /// Send it although it was sent, or although nobody knows whether it was
    #[arg(long, requires = "execute")]
    pub(crate) resend: bool,
    /// Add it to this Atom feed
    #[arg(long, value_name = "FILE")]
    pub(crate) feed: Option<PathBuf>,
}

/// What an announcement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnnouncementKind {
    /// A release is out
    Release,
    /// What is known of a pending fix; no release is needed yet
    Note,
    /// A release was withdrawn, or the first mail was wrong
    Correction,
}

impl AnnouncementKind {
    /// The kind of message.
    pub(crate) fn kind(self) -> MessageKind {
        match self {
            Self::Release => MessageKind::Release,
            Self::Note => MessageKind::Note,
            Self::Correction => MessageKind::Correction,
        }
    }
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Settled {
    /// It arrived: nobody sends it again
    Sent,
    /// It did not: the next run may send it
    NotSent,
}

/// The drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DraftKind {
    /// The changelog entry
    Changelog,
    /// The mail to subscribers, as a whole message
    Announcement,
    /// Title and body of the release PR
    PullRequest,
    /// The advisory for the project's own tracker
    Advisory,
    /// What the project knows of every advisory, as OpenVEX
    Vex,
}

/// What `affected` is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AffectedAsked {
    /// A version of OpenSSL.
    Version(Version),
    /// An advisory.
    Advisory(CveId),
}

fn asked(text: &str) -> Result<AffectedAsked, String> {
    if text
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("cve-"))
    {
        let id = text.to_ascii_uppercase().parse::<CveId>();
        return id
            .map(AffectedAsked::Advisory)
            .map_err(|error| error.to_string());
    }
    version_or_tag(text).map(AffectedAsked::Version)
}

/// Where a history starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Since {
    /// On this day.
    Day(Date),
    /// With this release of the project.
    Release(ProjectVersion),
}

fn since(text: &str) -> Result<Since, String> {
    match crate::text::date::iso(text) {
        Some(day) => Ok(Since::Day(day)),
        None => project_version(text).map(Since::Release),
    }
}

fn day(text: &str) -> Result<Date, String> {
    crate::text::date::iso(text)
        .ok_or_else(|| format!("`{}` is not a date; write YYYY-MM-DD", text.escape_debug()))
}

fn version_or_tag(text: &str) -> Result<Version, String> {
    Version::from_version_or_tag(text).map_err(|error| error.to_string())
}

fn severity(text: &str) -> Result<Severity, String> {
    match Severity::read(text) {
        Severity::Unknown | Severity::Other(_) => {
            Err("no severity of OpenSSL's: low, moderate, high or critical".to_owned())
        }
        known => Ok(known),
    }
}

fn project_version(text: &str) -> Result<ProjectVersion, String> {
    text.parse()
        .map_err(|error: crate::text::not_read::NotRead| error.to_string())
}

impl Command {
    /// What is done where no command is named.
    pub(crate) fn usual() -> Self {
        Self::Check {
            list: false,
            link: Vec::new(),
        }
    }

    /// The links that the user asked for by name; none: all.
    pub(crate) fn links(&self) -> &[String] {
        match self {
            Self::Check { link, .. }
            | Self::Prepare { link, .. }
            | Self::Propose { link, .. }
            | Self::Draft(DraftArguments { link, .. })
            | Self::History(HistoryArguments { link, .. })
            | Self::Run { link, .. } => link,
            _ => &[],
        }
    }
}
