//! What a bump changes beside the pins: the project's own version and its changelog.

use std::collections::BTreeMap;

use super::super::Context;
use super::super::links::Assessed;
use crate::change::{self, Change};
use crate::changelog::{self, Entry, Markup, Occasion};
use crate::config::Config;
use crate::draft;
use crate::draft::changelog::ChangelogEntry;
use crate::fault::Fault;
use crate::linked::Files;
use crate::project_version::ProjectVersion;
use crate::templates::Templates;
use crate::upstream::View;
use crate::version::Version;
use crate::worktree;

/// Adds both to a change; says the project's new version where it was raised.
pub(super) fn add(
    context: &Context,
    config: &Config,
    upstream: &View<'_>,
    moving: &[&Assessed<'_>],
    mut change: Change,
    mut files: Files,
) -> Result<(Change, Option<String>), Fault> {
    let tags = worktree::tags(&context.directory);
    let (mut next, mut raised) = (None, None);
    if let Some(version) = &config.version {
        worktree::load_file(&context.directory, &version.file, &mut files)?;
        let path = files.paths(&version.file).first().cloned().unwrap_or_default();
        let own = change::raise(version, change.text_after(&path, &files)?, context.today, &|text| is_released(text, &tags))?;
        next = Some(own.version.clone());
        raised = Some(own.version).filter(|_| own.raised);
        change = change.rewriting(&path, &files, own.text)?;
    }
    if let Some(log) = &config.changelog {
        worktree::load_file(&context.directory, &log.file, &mut files)?;
        let path = files.paths(&log.file).first().cloned().unwrap_or_default();
        let occasion = Occasion {
            day: context.today,
            next: next.and_then(|next| next.parse().ok()),
            tagged: tags.iter().filter_map(|tag| version_of(tag)).max(),
        };
        let text = with_entries(context, config, upstream, moving, (&path, change.text_after(&path, &files)?), &occasion)?;
        change = change.rewriting(&path, &files, text)?;
    }
    Ok((change, raised))
}

/// The changelog with one entry for each move.
fn with_entries(
    context: &Context,
    config: &Config,
    upstream: &View<'_>,
    moving: &[&Assessed<'_>],
    (path, text): (&str, &str),
    occasion: &Occasion,
) -> Result<String, Fault> {
    let templates = templates(context, config)?;
    let markup = Markup::of(path, text).ok_or_else(|| Fault::usage(format!("`{path}` is neither reStructuredText nor Markdown")))?;
    let mut text = text.to_owned();
    for one in moving {
        let Some(target) = one.assessment.target else { continue };
        let moved = draft::Move::between(&one.link.name, one.linked.version, target, upstream);
        let entry = ChangelogEntry::new(config, &moved).render(&templates, markup)?;
        let others: Vec<Version> =
            moving.iter().filter(|other| other.link.name != one.link.name).filter_map(|other| other.assessment.target).collect();
        let entry = Entry { text: &entry, security: moved.is_security(), others: &others };
        text = changelog::with_entry(path, &text, &entry, occasion)?.text;
    }
    Ok(text)
}

fn templates(context: &Context, config: &Config) -> Result<Templates, Fault> {
    match &config.templates {
        None => Ok(Templates::default()),
        Some(folder) => Templates::with(worktree::texts_below(&context.directory, folder)?.into_iter().collect::<BTreeMap<_, _>>()),
    }
}

/// Whether a version has a tag of its own. Without any version tag nobody can tell, and it counts as released.
fn is_released(version: &str, tags: &[String]) -> bool {
    let Ok(version) = version.parse::<ProjectVersion>() else { return true };
    let mut tagged = tags.iter().filter_map(|tag| version_of(tag)).peekable();
    tagged.peek().is_none() || tagged.any(|other| other == version)
}

/// The version in a tag: `v1.2.3`, `1.2.3`, `name-1.2.3`.
fn version_of(tag: &str) -> Option<ProjectVersion> {
    let start = tag.find(|c: char| c.is_ascii_digit())?;
    tag[start..].replace('_', ".").parse().ok()
}
