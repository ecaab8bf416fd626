//! What shows before anybody is asked: faults of the configuration, the environment and the
//! project's own files that keep a command from its work, whatever upstream says.

use std::path::Path;

use crate::outside::genuine::Demands;
use crate::outside::worktree::Root;
use crate::project::config::Config;
use crate::project::{file_tree, linked};
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::paperwork::changelog_file;
use crate::workspace::place::{self, Place};
use crate::workspace::templates::project_templates;
use crate::workspace::{links, project};

/// The pins of this checkout stand where the configuration says.
///
/// # Errors
///
/// A file that is not there, or a pattern that does not match as often as it should.
pub(crate) fn pins(context: &Context, config: &Config) -> Result<(), Fault> {
    let here = links::here(context, config);
    let tree = Root::of(&context.directory);
    let mut asked = here.iter().filter(|link| config.is_asked(&link.name));
    asked.try_for_each(|link| {
        let files = file_tree::load(&tree, [*link])?;
        linked::check_standing(link, &files)
    })
}

/// Every place says the project's own version.
///
/// # Errors
///
/// A file that is not there, a pattern that does not match, places that disagree.
pub(crate) fn own_version(context: &Context, config: &Config) -> Result<(), Fault> {
    project::check_stated(context, config)
}

/// The changelog is there, where entries go into it and are no files of their own.
///
/// # Errors
///
/// A file that is not there, or is no text.
pub(crate) fn changelog(context: &Context, config: &Config) -> Result<(), Fault> {
    let mut log = config.changelog.iter();
    if log.any(|log| log.entry.is_some()) {
        return Ok(());
    }
    changelog_file(&Root::of(&context.directory), config).map(drop)
}

/// The project's templates can be read.
///
/// # Errors
///
/// A folder that is not there, a template that is none.
pub(crate) fn templates(context: &Context, config: &Config) -> Result<(), Fault> {
    project_templates(&Root::of(&context.directory), config).map(drop)
}

/// The keys that tarballs are verified with are there.
///
/// # Errors
///
/// A file that is not there or holds no key, a fingerprint that is none.
pub(crate) fn keys(context: &Context, config: &Config) -> Result<(), Fault> {
    Demands::of(&config.upstream, &context.directory, context.today).map(drop)
}

/// The mailbox with upstream's announcements is there, where one is named.
///
/// # Errors
///
/// If it is not.
pub(crate) fn mailbox(context: &Context, config: &Config) -> Result<(), Fault> {
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
pub(crate) fn repositories(context: &Context, config: &Config, execute: bool) -> Result<(), Fault> {
    let places = place::places(context, config)?;
    if execute {
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
