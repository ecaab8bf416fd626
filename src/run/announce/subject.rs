//! What an announcement is about: a release of ours and what it changed, or what is known of a fix that is pending.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::facts::Facts;
use super::super::moves::{self, Project, Situation};
use super::super::{Context, draft};
use crate::advisory::Severity;
use crate::announcement::{Kind, Message};
use crate::config::Config;
use crate::draft::announcement::{About, Announcement, PendingFix, message};
use crate::draft::{self as drafts, Move};
use crate::fault::Fault;
use crate::project_history::Tag;
use crate::project_version::ProjectVersion;
use crate::templates::Templates;
use crate::upstream::View;
use crate::version::Version;

/// What is announced.
pub(super) struct Subject {
    /// The version that the message is about: ours, or OpenSSL's where ours is not known.
    pub(super) version: String,
    /// The release's tag; none where it is still to come.
    pub(super) tag: Option<Tag>,
    /// What each link moved from and to.
    pub(super) moves: Vec<Move>,
    /// The OpenSSL versions that the release carries.
    pub(super) carried: BTreeSet<Version>,
    /// The whole message.
    pub(super) message: Message,
}

/// What every message is made of.
pub(super) struct Material<'a> {
    context: &'a Context,
    config: &'a Config,
    facts: &'a Facts,
    upstream: &'a View<'a>,
    project: Project,
    situations: Vec<Situation<'a>>,
    templates: Templates,
}

impl<'a> Material<'a> {
    /// Reads the project.
    pub(super) fn read(context: &'a Context, config: &'a Config, facts: &'a Facts, upstream: &'a View<'a>) -> Result<Self, Fault> {
        let project = Project::read(context, config)?;
        let situations = moves::read(context, config, None, facts, &project, upstream)?;
        Ok(Self { context, config, facts, upstream, project, situations, templates: draft::project_templates(context, config)? })
    }

    /// The day that a release was tagged on, as far as git tells: that of its commit.
    pub(super) fn day_of(&self, tag: &Tag) -> Option<Date> {
        let committed = Timestamp::from_second(self.project.history.seconds(tag.revision())?).ok()?;
        Some(committed.to_zoned(TimeZone::UTC).date())
    }

    /// The newest release, if it carries another OpenSSL than the one before it; for a correction also if it does not.
    pub(super) fn released(&self, kind: Kind) -> Result<Option<Subject>, Fault> {
        let Some(at) = self.project.tags.iter().position(|tag| Some(&tag.version) == self.project.last.as_ref()) else { return Ok(None) };
        let (tag, previous) = (&self.project.tags[at], at.checked_sub(1).map(|before| &self.project.tags[before].version));
        let (mut moves, mut carried) = (Vec::new(), BTreeSet::new());
        for link in &self.config.links {
            let now = self.situations.iter().find(|situation| situation.link.name == link.name).map(|situation| situation.working);
            let version = |at: usize| {
                let tag = self.project.tags.get(at);
                moves::carried_at(self.context, self.config, self.facts, &self.project, link, now?, tag)
            };
            carried.extend(version(at));
            if let (Some(to), Some(from)) = (version(at), at.checked_sub(1).and_then(version))
                && from != to
            {
                moves.push(Move::between(&link.name, from, to, self.upstream));
            }
        }
        if moves.is_empty() && kind == Kind::Release {
            return Ok(None);
        }
        let version = tag.version.to_string();
        let message = self.message(kind, Some(&version), &version, previous, &moves, &[])?;
        Ok(Some(Subject { version, tag: Some(tag.clone()), moves, carried, message }))
    }

    /// The release that is still to come, if it moves a link.
    pub(super) fn coming(&self) -> Result<Option<Subject>, Fault> {
        let moves: Vec<Move> = self.situations.iter().filter_map(|situation| situation.moved.clone()).collect();
        let next = self.project.next.clone().or_else(|| self.project.last.as_ref().and_then(ProjectVersion::next_patch));
        let Some(version) = next.map(|next| next.to_string()).filter(|_| !moves.is_empty()) else { return Ok(None) };
        let message = self.message(Kind::Release, Some(&version), &version, self.project.last.as_ref(), &moves, &[])?;
        let carried =
            self.situations.iter().map(|situation| situation.moved.as_ref().map_or(situation.working, |moved| moved.to)).collect();
        Ok(Some(Subject { version, tag: None, moves, carried, message }))
    }

    /// What is known of fixes that are public but in no public release, if there are any.
    pub(super) fn pending(&self) -> Result<Option<Subject>, Fault> {
        let fixes: Vec<PendingFix> = self.situations.iter().flat_map(|situation| self.pending_of(situation)).collect();
        let Some(first) = fixes.first() else { return Ok(None) };
        let own = self.project.last.as_ref().map(ToString::to_string);
        let version = own.clone().unwrap_or_else(|| first.linked.clone());
        let message = self.message(Kind::Note, own.as_deref(), &version, None, &[], &fixes)?;
        Ok(Some(Subject { version, tag: None, moves: Vec::new(), carried: BTreeSet::new(), message }))
    }

    fn pending_of(&self, situation: &Situation<'_>) -> impl Iterator<Item = PendingFix> {
        let linked = situation.working.to_string();
        let known = situation.assessment.pending.iter().filter_map(|pending| Some((self.upstream.advisory(pending.id)?, pending.expected)));
        known.map(move |(known, expected)| PendingFix {
            advisory: drafts::Facts::of(known.advisory),
            linked: linked.clone(),
            expected: expected.to_string(),
        })
    }

    fn message(
        &self,
        kind: Kind,
        own: Option<&str>,
        version: &str,
        previous: Option<&ProjectVersion>,
        moves: &[Move],
        pending: &[PendingFix],
    ) -> Result<Message, Fault> {
        let previous = previous.map(ToString::to_string);
        let withdrawn = moves.iter().find(|moved| self.upstream.release(moved.from).is_some_and(|published| published.withdrawn));
        let ours = previous.as_deref().unwrap_or("our last release");
        let wrong =
            withdrawn.map(|moved| format!("OpenSSL has withdrawn {}, which {} {ours} contains.", moved.from, self.config.project.name));
        let gravest = moves.iter().flat_map(|moved| &moved.fixes).chain(pending.iter().map(|fix| &fix.advisory));
        let severity = gravest.map(|facts| &facts.severity).max_by_key(|severity| Severity::read(severity)).cloned();
        let rendered = Announcement {
            kind: kind.name(),
            project: &self.config.project.name,
            version: own,
            previous: previous.as_deref(),
            ships: self.config.project.ships.as_deref(),
            package: self.config.published.as_ref().and_then(|published| published.package.as_deref()),
            moves,
            security: moves.iter().any(Move::is_security),
            severity,
            pending,
            wrong: wrong.as_deref(),
            changelog: None,
            day: self.context.today.to_string(),
        }
        .render(&self.templates)?;
        let corrects = (kind == Kind::Correction).then_some(version);
        message(self.config, rendered, &About { kind, version, corrects, day: self.context.today })
    }
}
