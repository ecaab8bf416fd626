//! What each link moves from and to: from what the project's last release carried to what the next
//! one will.

use std::path::{Path, PathBuf};

use crate::openssl::assessment::{self, Assessment};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::outside::git::history::Tag;
use crate::outside::worktree;
use crate::paper::draft::Move;
use crate::project::config::{Config, Link};
use crate::project::linked;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;
use crate::workspace::project::Project;
use crate::workspace::releases::{self, carried};

/// One link at the moment.
pub(crate) struct Situation<'a> {
    pub(crate) link: &'a Link,
    /// The version in the working tree.
    pub(crate) working: Version,
    /// What that means.
    pub(crate) assessment: Assessment,
    /// The move that drafts speak of; none where there is none.
    pub(crate) moved: Option<Move>,
}

/// Reads every link of the configuration, or the one with this name.
pub(crate) fn read<'a>(
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
            let assessment = releases::assessment(context, config, link, facts, view)?;
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
pub(crate) fn carried_at(
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
    releases::Elsewhere {
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
pub(crate) fn checkout(context: &Context, config: &Config, link: &Link) -> Result<PathBuf, Fault> {
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
