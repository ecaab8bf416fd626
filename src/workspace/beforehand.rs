//! What shows before anybody is asked: faults of the configuration, the environment and the
//! project's own files that keep a command from its work, whatever upstream says.

use std::path::Path;

use crate::outside::genuine::Demands;
use crate::outside::worktree::Root;
use crate::project::config::Config;
use crate::project::{file_tree, linked};
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;
use crate::workspace::paperwork::changelog_file;
use crate::workspace::place::{self, Place};
use crate::workspace::session::Session;
use crate::workspace::templates::project_templates;
use crate::workspace::{facts, links, project};

/// What a command is about to do.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Intent {
    Check,
    History,
    Verify,
    Prepare,
    /// `entry`: into the changelog, or a mail that repeats it.
    Draft {
        entry: bool,
    },
    Announce,
    Propose {
        execute: bool,
    },
    Run {
        execute: bool,
    },
}

/// What can be wrong with what a command rests on.
#[derive(Debug, Clone, Copy)]
enum Ground {
    Pins,
    OwnVersion,
    Changelog,
    Templates,
    /// The keys that tarballs are verified with.
    Keys,
    Mailbox,
    Repositories {
        written: bool,
    },
}

impl Intent {
    /// What it rests on, in the order in which faults are told.
    fn grounds(self) -> Vec<Ground> {
        use Ground::{Changelog, Keys, Mailbox, OwnVersion, Pins, Repositories, Templates};
        match self {
            Self::Check => vec![Pins, Mailbox],
            Self::History => vec![OwnVersion],
            Self::Verify => vec![Pins],
            Self::Prepare => vec![Pins, OwnVersion, Changelog, Templates, Keys],
            Self::Draft { entry: false } => vec![Pins, OwnVersion, Templates],
            Self::Draft { entry: true } | Self::Announce => {
                vec![Pins, OwnVersion, Changelog, Templates]
            }
            Self::Propose { execute: written } => {
                vec![Repositories { written }, Templates, Keys]
            }
            Self::Run { execute: written } => vec![Repositories { written }, Templates],
        }
    }
}

/// Everything is there that a command rests on.
///
/// # Errors
///
/// What is not there, cannot be read, or does not agree with itself.
pub(crate) fn check(context: &Context, config: &Config, purpose: Intent) -> Result<(), Fault> {
    let root = Root::of(&context.directory);
    let sound = |ground: Ground| match ground {
        Ground::Pins => pins(context, config),
        Ground::OwnVersion => project::check_stated(context, config),
        Ground::Changelog => changelog(&root, config),
        Ground::Templates => project_templates(&root, config).map(drop),
        Ground::Keys => Demands::of(&config.upstream, &context.directory, context.today).map(drop),
        Ground::Mailbox => mailbox(context, config),
        Ground::Repositories { written } => repositories(context, config, written),
    };
    purpose.grounds().into_iter().try_for_each(sound)
}

/// Configuration and facts of a command that may write to repositories.
pub(crate) fn to_propose(
    session: &Session<'_>,
    execute: bool,
    intent: Intent,
) -> Result<(Config, Facts), Fault> {
    let context = session.context;
    if execute && context.offline {
        return Err(Fault::usage(
            "`--execute` needs the forge, which `--offline` forbids; leave one of them out",
        ));
    }
    let config = context.config_with_links()?;
    check(context, &config, intent)?;
    let facts = facts::gather(session, &config)?;
    Ok((config, facts))
}

/// The pins of this checkout stand where the configuration says.
///
/// # Errors
///
/// A file that is not there, or a pattern that does not match as often as it should.
fn pins(context: &Context, config: &Config) -> Result<(), Fault> {
    let here = links::here(context, config);
    let tree = Root::of(&context.directory);
    let mut asked = here.iter().filter(|link| config.is_asked(&link.name));
    asked.try_for_each(|link| {
        let files = file_tree::load(&tree, [*link])?;
        linked::check_standing(link, &files)
    })
}

/// The changelog is there, where entries go into it and are no files of their own.
fn changelog(root: &Root, config: &Config) -> Result<(), Fault> {
    let mut log = config.changelog.iter();
    if log.any(|log| log.entry.is_some()) {
        return Ok(());
    }
    changelog_file(root, config).map(drop)
}

/// The mailbox with upstream's announcements is there, where one is named.
fn mailbox(context: &Context, config: &Config) -> Result<(), Fault> {
    let Some(named) = &config.upstream.announcements else {
        return Ok(());
    };
    match context.path(Path::new(named)).try_exists() {
        Ok(true) => Ok(()),
        _ => Err(Fault::failed(format!(
            "cannot read the mailbox `{named}` that `announcements` in `[upstream]` names; put it there, or leave the key out"
        ))),
    }
}

/// Every repository that pins or changelog are proposed to can be reached in some way; where
/// something is to be written, with a token for one of them at least.
///
/// # Errors
///
/// See [`place::places`]; a usage fault where every token is missing.
fn repositories(context: &Context, config: &Config, written: bool) -> Result<(), Fault> {
    let places = place::places(context, config)?;
    if written {
        let missing: Result<Vec<Fault>, ()> = places
            .iter()
            .map(|place: &Place| place.check_token().err().ok_or(()))
            .collect();
        if let Some(fault) = missing.unwrap_or_default().into_iter().next() {
            return Err(fault);
        }
    }
    Ok(())
}
