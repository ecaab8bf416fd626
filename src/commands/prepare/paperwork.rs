//! What a bump changes beside the pins: the project's own version and its changelog.

use super::super::draft::project_templates;
use super::super::moves::Project;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::outside::worktree;
use crate::paper::draft;
use crate::paper::draft::changelog::ChangelogEntry;
use crate::project::change::{self, Change};
use crate::project::changelog::{self, Entry, Markup, Occasion};
use crate::project::config::Config;
use crate::project::linked::Files;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;
use crate::workspace::links::Assessed;

/// What the paperwork of a bump rests on.
pub(super) struct Desk<'a> {
    pub(super) context: &'a Context,
    pub(super) config: &'a Config,
    pub(super) facts: &'a Facts,
    pub(super) upstream: &'a View<'a>,
    /// The links that move.
    pub(super) moving: &'a [&'a Assessed<'a>],
}

impl Desk<'_> {
    /// Adds both to a change; says the project's new version where it was raised.
    pub(super) fn add(
        &self,
        mut change: Change,
        mut files: Files,
    ) -> Result<(Change, Option<String>), Fault> {
        let (context, config) = (self.context, self.config);
        if config.version.is_none() && config.changelog.is_none() {
            return Ok((change, None));
        }
        let project = Project::read(context, config)?;
        let mut raised = None;
        if let Some(version) = &config.version {
            worktree::load_file(&context.directory, &version.file, &mut files)?;
            let path = files
                .paths(&version.file)
                .first()
                .cloned()
                .unwrap_or_default();
            let released = |text: &str| project.is_released(version, context, text);
            let own = change::raise(
                version,
                change.text_after(&path, &files)?,
                context.today,
                &released,
            )?;
            raised = Some(own.version).filter(|_| own.raised);
            change = change.rewriting(&path, &files, own.text)?;
        }
        if let Some(log) = &config.changelog {
            worktree::load_file(&context.directory, &log.file, &mut files)?;
            let path = files.paths(&log.file).first().cloned().unwrap_or_default();
            let text = self.with_entries(&project, &path, change.text_after(&path, &files)?)?;
            change = change.rewriting(&path, &files, text)?;
        }
        Ok((change, raised))
    }

    /// The changelog with one entry for each move, from what the project's users have to the
    /// target.
    fn with_entries(&self, project: &Project, path: &str, text: &str) -> Result<String, Fault> {
        let templates = project_templates(self.context, self.config)?;
        let markup = Markup::of(path, text).ok_or_else(|| {
            Fault::usage(format!("`{path}` is neither reStructuredText nor Markdown"))
        })?;
        let occasion = Occasion {
            day: self.context.today,
            next: project.next.clone(),
            tagged: project.last.clone(),
        };
        let mut text = text.to_owned();
        for one in self.moving {
            let Some(target) = one.assessment.target else {
                continue;
            };
            let from = project
                .carried_before(one.link, self.facts)
                .filter(|from| *from != target)
                .unwrap_or(one.linked.version);
            let moved = draft::Move::between(&one.link.name, from, target, self.upstream);
            let entry = ChangelogEntry::new(self.config, &moved).render(&templates, markup)?;
            let others = self
                .moving
                .iter()
                .filter(|other| other.link.name != one.link.name);
            let others: Vec<Version> = others.filter_map(|other| other.assessment.target).collect();
            let entry = Entry {
                text: &entry,
                security: moved.is_security(),
                others: &others,
            };
            text = changelog::with_entry(path, &text, &entry, &occasion)?.text;
        }
        Ok(text)
    }
}
