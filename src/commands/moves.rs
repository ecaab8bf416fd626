//! What each link moves from and to: from what the project's last release carried to what the next
//! one will.

mod elsewhere;

use std::path::{Path, PathBuf};

use crate::openssl::assessment::{self, Assessment};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::outside::git::history::{ProjectHistory, Revision, Tag};
use crate::outside::worktree;
use crate::paper::draft::Move;
use crate::paper::draft::advisory::Carried;
use crate::project::config::{self, Config, Link};
use crate::project::linked;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;

/// The project at the moment: its releases, and the one that comes next.
pub(super) struct Project {
    pub(super) history: ProjectHistory,
    pub(super) tags: Vec<Tag>,
    /// The newest release that this branch comes after.
    pub(super) last: Option<ProjectVersion>,
    last_revision: Option<Revision>,
    /// The version that the next release will have, where the configuration says where that stands.
    pub(super) next: Option<ProjectVersion>,
}

/// One link at the moment.
pub(super) struct Situation<'a> {
    pub(super) link: &'a Link,
    /// The version in the working tree.
    pub(super) working: Version,
    /// What that means.
    pub(super) assessment: Assessment,
    /// The move that drafts speak of; none where there is none.
    pub(super) moved: Option<Move>,
}

impl Project {
    /// Reads the project's tags and its own version.
    pub(super) fn read(context: &Context, config: &Config) -> Result<Self, Fault> {
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
    pub(super) fn last_tag(&self) -> Option<&Tag> {
        self.tags
            .iter()
            .find(|tag| Some(&tag.version) == self.last.as_ref())
    }

    /// Whether the project's own version, as the working tree states it, is one that was released.
    pub(super) fn is_released(
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
    pub(super) fn carried_before(&self, link: &Link, facts: &Facts) -> Option<Version> {
        let revision = self.last_revision.or_else(|| self.history.head())?;
        carried(&self.history, revision, link, facts)
    }

    /// What each release of the project carried, ascending.
    pub(super) fn carried_by_releases(&self, link: &Link, facts: &Facts) -> Vec<Carried> {
        self.tags
            .iter()
            .map(|tag| Carried {
                release: tag.version.clone(),
                openssl: carried(&self.history, tag.revision(), link, facts),
            })
            .collect()
    }
}

/// Reads every link of the configuration, or the one with this name.
pub(super) fn read<'a>(
    context: &Context,
    config: &'a Config,
    only: Option<&str>,
    facts: &Facts,
    project: &Project,
    view: &View<'_>,
) -> Result<Vec<Situation<'a>>, Fault> {
    if let Some(name) = only.filter(|name| config.link(name).is_none()) {
        let known: Vec<&str> = config.links.iter().map(|link| link.name.as_str()).collect();
        return Err(Fault::usage(format!(
            "there is no link `{}`; the links are `{}`",
            name.escape_debug(),
            known.join("`, `")
        )));
    }
    let here = crate::workspace::links::here(context, config);
    let mut situations = Vec::new();
    for link in config
        .links
        .iter()
        .filter(|link| only.is_none_or(|name| link.name == name))
    {
        if let Some(head) = context
            .known
            .heads
            .get()
            .and_then(|heads| heads.iter().find(|head| head.link.name == link.name))
        {
            let assessment = head.link.assessment.clone();
            let from = carried_at(
                context,
                config,
                facts,
                project,
                link,
                assessment.linked,
                project.last_tag(),
            );
            situations.push(moving_to(link, from, assessment, view));
        } else if here.iter().any(|other| other.name == link.name) {
            situations.push(situation(context, link, facts, project, view)?);
        } else {
            let assessment = elsewhere::assessment(context, config, link, facts, view)?;
            let from = carried_at(
                context,
                config,
                facts,
                project,
                link,
                assessment.linked,
                project.last_tag(),
            );
            situations.push(moving_to(link, from, assessment, view));
        }
    }
    Ok(situations)
}

/// The OpenSSL version that a tagged release carried of a link; without a tag, HEAD. `now`: what
/// the pins say now.
pub(super) fn carried_at(
    context: &Context,
    config: &Config,
    facts: &Facts,
    project: &Project,
    link: &Link,
    now: Version,
    tag: Option<&Tag>,
) -> Option<Version> {
    if crate::workspace::links::here(context, config)
        .iter()
        .any(|other| other.name == link.name)
    {
        let revision = tag.map(Tag::revision).or_else(|| project.history.head())?;
        return carried(&project.history, revision, link, facts);
    }
    elsewhere::Elsewhere {
        context,
        config,
        facts,
        project,
        link,
        now,
    }
    .carried(tag?)
}

/// The clone of the repository that holds the pins of a link of another repository.
///
/// # Errors
///
/// A usage fault where the configuration names none.
pub(super) fn checkout(context: &Context, config: &Config, link: &Link) -> Result<PathBuf, Fault> {
    let repository = link.repository.as_deref().unwrap_or_default();
    let named = config
        .repositories
        .get(repository)
        .and_then(|settings| settings.checkout.as_deref());
    let named = named.ok_or_else(|| {
        let name = &link.name;
        Fault::usage(format!(
            "the pins of link `{name}` are in `{repository}`; name a clone as `checkout` in `[repositories.\"{repository}\"]`"
        ))
    })?;
    Ok(context.path(Path::new(named)))
}

/// A link of this checkout.
fn situation<'a>(
    context: &Context,
    link: &'a Link,
    facts: &Facts,
    project: &Project,
    view: &View<'_>,
) -> Result<Situation<'a>, Fault> {
    moving(
        &context.directory,
        link,
        project.carried_before(link, facts),
        facts,
        view,
    )
}

/// A link that moves from a version, or from the one in the working tree where that is not known.
fn moving<'a>(
    directory: &Path,
    link: &'a Link,
    from: Option<Version>,
    facts: &Facts,
    view: &View<'_>,
) -> Result<Situation<'a>, Fault> {
    let target_of = |version: Version| {
        assessment::assess(version, &link.policy, view)
            .ok()
            .and_then(|assessment| assessment.target)
    };
    let files = worktree::load(directory, [link])?;
    let working = linked::read(link, &files, &facts.snapshot.releases, &target_of)?.version;
    let unassessable =
        |error: assessment::NeverReleased| Fault::usage(format!("link `{}`: {error}", link.name));
    let assessment = assessment::assess(working, &link.policy, view).map_err(unassessable)?;
    Ok(moving_to(link, from, assessment, view))
}

/// A link that moves from a version to what its pins say if that is newer, else to the target.
fn moving_to<'a>(
    link: &'a Link,
    from: Option<Version>,
    assessment: Assessment,
    view: &View<'_>,
) -> Situation<'a> {
    let working = assessment.linked;
    let from = from.unwrap_or(working);
    let withdrawn = view
        .release(from)
        .is_some_and(|published| published.withdrawn);
    let to = if working > from || (withdrawn && working != from) {
        Some(working)
    } else {
        assessment.target
    };
    let moved = to
        .filter(|to| *to != from)
        .map(|to| Move::between(&link.name, from, to, view));
    Situation {
        link,
        working,
        assessment,
        moved,
    }
}

/// The OpenSSL version that a link had at a state of the repository that holds its pins.
fn carried(
    history: &ProjectHistory,
    revision: Revision,
    link: &Link,
    facts: &Facts,
) -> Option<Version> {
    let files = history.files(revision, link)?;
    linked::read(link, &files, &facts.snapshot.releases, &|_| None)
        .ok()
        .map(|linked| linked.version)
}
