//! The project at the moment: its releases, and the one that comes next.

use crate::openssl::version::Version;
use crate::outside::git::history::{ProjectHistory, Revision, Tag};
use crate::outside::worktree;
use crate::paper::draft::advisory::Carried;
use crate::project::config::{self, Config, Link};
use crate::project::linked;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;
use crate::workspace::releases::carried;

/// The project at the moment: its releases, and the one that comes next.
pub(crate) struct Project {
    pub(crate) history: ProjectHistory,
    pub(crate) tags: Vec<Tag>,
    /// The newest release that this branch comes after.
    pub(crate) last: Option<ProjectVersion>,
    pub(crate) last_revision: Option<Revision>,
    /// The version that the next release will have, where the configuration says where that stands.
    pub(crate) next: Option<ProjectVersion>,
}

impl Project {
    /// Reads the project's tags and its own version.
    pub(crate) fn read(context: &Context, config: &Config) -> Result<Self, Fault> {
        let history = ProjectHistory::of(&context.directory);
        let tags = history.tags(&config.project.name);
        let last = history.last(&tags, context.known.tips.get().map_or(&[], Vec::as_slice));
        let (last, last_revision) = (last.map(|tag| tag.version.clone()), last.map(Tag::revision));
        let mut project = Self {
            history,
            tags,
            last,
            last_revision,
            next: None,
        };
        project.next = project.next_version(context, config)?;
        Ok(project)
    }

    /// What the project's own version will be: as it stands if that is no release yet, else raised.
    fn next_version(
        &self,
        context: &Context,
        config: &Config,
    ) -> Result<Option<ProjectVersion>, Fault> {
        let Some(version) = &config.version else {
            return Ok(None);
        };
        let mut files = linked::Files::default();
        worktree::load_file(&context.directory, &version.file, &mut files)?;
        let text = files.text(
            files
                .paths(&version.file)
                .first()
                .map_or(version.file.as_str(), String::as_str),
        )?;
        let own = crate::project::change::raise(version, text, context.today, &|text| {
            self.is_released(version, context, text)
        })?;
        Ok(own
            .version
            .parse::<ProjectVersion>()
            .ok()
            .map(|next| next.finished()))
    }

    /// The tag of the newest release that this branch comes after.
    pub(crate) fn last_tag(&self) -> Option<&Tag> {
        self.tags
            .iter()
            .find(|tag| Some(&tag.version) == self.last.as_ref())
    }

    /// Whether the project's own version, as the working tree states it, is one that was released.
    pub(crate) fn is_released(
        &self,
        config: &config::ProjectVersion,
        context: &Context,
        text: &str,
    ) -> bool {
        if let (Ok(version), false) = (text.parse::<ProjectVersion>(), self.tags.is_empty()) {
            return self.tags.iter().any(|tag| tag.version == version);
        }
        // Without tags the version at HEAD counts as released, so that one that was raised since is
        // not raised again.
        let at_head = self
            .history
            .head()
            .and_then(|head| self.history.text(head, &config.file));
        let stated = at_head.and_then(|text| {
            crate::project::change::raise(config, &text, context.today, &|_| false).ok()
        });
        stated.is_none_or(|own| own.version == text)
    }

    /// The OpenSSL version that the users of a link have: its newest release's; without releases
    /// HEAD's.
    pub(crate) fn carried_before(&self, link: &Link, facts: &Facts) -> Option<Version> {
        let revision = self.last_revision.or_else(|| self.history.head())?;
        carried(&self.history, revision, link, facts)
    }

    /// What each release of the project carried, ascending.
    pub(crate) fn carried_by_releases(&self, link: &Link, facts: &Facts) -> Vec<Carried> {
        self.tags
            .iter()
            .map(|tag| Carried {
                release: tag.version.clone(),
                openssl: carried(&self.history, tag.revision(), link, facts),
            })
            .collect()
    }
}
