//! What an announcement is about: a release of ours and what it changed, or what is known of a fix
//! that is pending.

use std::collections::BTreeSet;

use crate::openssl::advisory::Severity;
use crate::openssl::version::Version;
use crate::outside::git::history::Tag;
use crate::paper::announcement::{Message, MessageKind};
use crate::paper::draft as drafts;
use crate::paper::draft::LinkMove;
use crate::paper::draft::announcement::{
    AboutMessage, Announcement, PendingFix, RenderedMessage, is_alone, message,
};
use crate::plan::pipeline::release;
use crate::project::changelog;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::moves::Situation;
use crate::workspace::paperwork::{changelog_file, next_version};
use crate::workspace::project::Project;
use crate::workspace::releases::Releases;

/// What is announced.
#[derive(Clone)]
pub(crate) struct Subject {
    /// The version that the message is about: ours, or OpenSSL's where ours is not known.
    pub(crate) version: String,
    /// The release's tag; none where it is still to come.
    pub(crate) tag: Option<Tag>,
    /// The further release branch that the release is from; none for the base.
    pub(crate) branch: Option<String>,
    /// What each link moved from and to.
    pub(crate) moves: Vec<LinkMove>,
    /// The OpenSSL versions that the release carries.
    pub(crate) carried: BTreeSet<Version>,
    /// Subject and text.
    pub(crate) rendered: RenderedMessage,
    /// The whole message; none where the configuration names no lists.
    pub(crate) message: Option<Message>,
    /// The text of the release on the forge.
    pub(crate) release_text: Option<String>,
}

impl Subject {
    /// What identifies the message; empty where nobody is mailed.
    pub(crate) fn message_id(&self) -> &str {
        self.message
            .as_ref()
            .map_or("", |message| &message.message_id)
    }
}

/// What every message is made of.
pub(crate) struct Material<'a> {
    pub(crate) case: &'a Case<'a>,
    pub(crate) project: &'a Project,
    pub(crate) situations: Vec<Situation<'a>>,
    /// What the user has to say to a correction, one paragraph each.
    pub(crate) because: Vec<String>,
}

struct MessageTelling<'a> {
    kind: MessageKind,
    /// The project's version, where it is known.
    own: Option<&'a str>,
    /// The version that identifies the message.
    version: &'a str,
    previous: Option<&'a ProjectVersion>,
    /// The version whose announcement it corrects.
    corrects: Option<&'a str>,
    moves: &'a [LinkMove],
    pending: &'a [PendingFix],
    tag: Option<&'a Tag>,
}

impl<'a> Material<'a> {
    /// Of links, each as it stands. `because` is what the user has to say to a correction.
    pub(crate) fn of(
        case: &'a Case<'a>,
        situations: Vec<Situation<'a>>,
        because: Option<&str>,
    ) -> Result<Self, Fault> {
        let because = because.map(paragraphs).unwrap_or_default();
        Ok(Self {
            case,
            project: case.project()?,
            situations,
            because,
        })
    }

    /// The newest releases of the other branches, as far as they are news; see
    /// [`Material::released`].
    pub(crate) fn parallel(&self, kind: MessageKind) -> Result<Vec<Subject>, Fault> {
        let mut subjects = Vec::new();
        for line in &self.project.lines {
            let tag = self.project.tag(&line.newest);
            let age = tag.and_then(|tag| release::age(tag.day()?, self.case.context.today));
            if Some(&line.newest) != self.project.last.as_ref() && release::is_news(age) {
                subjects.extend(self.released(kind, &line.newest)?);
            }
        }
        Ok(subjects)
    }

    /// A release, if it carries another OpenSSL than the one before it; for a correction also if it
    /// does not.
    ///
    /// # Errors
    ///
    /// If there is no such release, or the templates are wrong.
    pub(crate) fn released(
        &self,
        kind: MessageKind,
        release: &ProjectVersion,
    ) -> Result<Option<Subject>, Fault> {
        let tags = &self.project.tags;
        let Some(at) = tags.iter().position(|tag| tag.version == *release) else {
            return Err(Fault::usage(format!(
                "no tag names the release {release}; fetch the tags, or name one that is there"
            )));
        };
        let (tag, previous) = (
            &self.project.tags[at],
            at.checked_sub(1)
                .map(|before| &self.project.tags[before].version),
        );
        let releases = Releases::of(self.case, self.project);
        let (mut moves, mut carried) = (Vec::new(), BTreeSet::new());
        for link in &self.case.config.links {
            let version = |at: usize| releases.carried(link, self.project.tags.get(at)?);
            carried.extend(version(at));
            if let (Some(to), Some(from)) = (version(at), at.checked_sub(1).and_then(version))
                && from != to
            {
                moves.push(LinkMove::between(&link.name, from, to, &self.case.view));
            }
        }
        if moves.is_empty() && kind == MessageKind::Release {
            return Ok(None);
        }
        let version = tag.version.to_string();
        let corrects = (kind == MessageKind::Correction).then_some(version.as_str());
        let telling = MessageTelling {
            kind,
            own: Some(&version),
            version: &version,
            previous,
            corrects,
            moves: &moves,
            pending: &[],
            tag: Some(tag),
        };
        self.subject(&telling, carried).map(Some)
    }

    /// The release that is still to come, if it moves a link.
    pub(crate) fn coming(&self, kind: MessageKind) -> Result<Option<Subject>, Fault> {
        let moves = self.moves();
        let Some(first) = moves.first() else {
            return Ok(None);
        };
        let own = next_version(self.case, moves.first())?;
        let version = own
            .clone()
            .unwrap_or_else(|| format!("openssl-{}", first.to));
        let carried = self
            .situations
            .iter()
            .map(|situation| {
                situation
                    .moved
                    .as_ref()
                    .map_or(situation.working, |moved| moved.to)
            })
            .collect();
        let last = self.project.last.as_ref().map(ToString::to_string);
        let corrects = last.as_deref().filter(|_| kind == MessageKind::Correction);
        let previous = self.project.last.as_ref();
        let telling = MessageTelling {
            kind,
            own: own.as_deref(),
            version: &version,
            previous,
            corrects,
            moves: &moves,
            pending: &[],
            tag: None,
        };
        self.subject(&telling, carried).map(Some)
    }

    /// What is known of fixes that are public but in no public release, if there are any.
    pub(crate) fn pending(&self) -> Result<Option<Subject>, Fault> {
        let fixes: Vec<PendingFix> = self
            .situations
            .iter()
            .flat_map(|situation| self.pending_of(situation))
            .collect();
        let Some(first) = fixes.first() else {
            return Ok(None);
        };
        let own = self.project.last.as_ref().map(ToString::to_string);
        let version = own
            .clone()
            .unwrap_or_else(|| format!("openssl-{}", first.linked));
        let telling = MessageTelling {
            kind: MessageKind::Note,
            own: own.as_deref(),
            version: &version,
            previous: None,
            corrects: None,
            moves: &[],
            pending: &fixes,
            tag: None,
        };
        self.subject(&telling, BTreeSet::new()).map(Some)
    }

    /// What the situation calls for, as a draft: a correction where a release that users have was
    /// withdrawn, the release to come, or what is known of a pending fix.
    pub(crate) fn due(&self) -> Result<Option<Subject>, Fault> {
        let kind = if self.withdrawn(&self.moves()).is_empty() {
            MessageKind::Release
        } else {
            MessageKind::Correction
        };
        self.coming(kind)?
            .map_or_else(|| self.pending(), |subject| Ok(Some(subject)))
    }

    fn moves(&self) -> Vec<LinkMove> {
        self.situations
            .iter()
            .filter_map(|situation| situation.moved.clone())
            .collect()
    }

    /// The OpenSSL versions that users have and OpenSSL has withdrawn.
    fn withdrawn(&self, moves: &[LinkMove]) -> Vec<String> {
        let withdrawn = |moved: &&LinkMove| {
            self.case
                .view
                .release(moved.from)
                .is_some_and(|published| published.withdrawn)
        };
        let versions: BTreeSet<Version> = moves
            .iter()
            .filter(withdrawn)
            .map(|moved| moved.from)
            .collect();
        versions.iter().map(ToString::to_string).collect()
    }

    fn pending_of(&self, situation: &Situation<'_>) -> impl Iterator<Item = PendingFix> {
        let linked = situation.working.to_string();
        // Of a fix that may be out nobody can say that there is none, and of an advisory that could
        // not be read not that users have it.
        let view = &self.case.view;
        let waited_for = situation.assessment.awaited();
        let waited_for = waited_for.filter(|pending| !view.may_have_missed(pending.since));
        let known =
            waited_for.filter_map(|pending| Some((view.advisory(pending.id)?, pending.expected)));
        known.map(move |(known, expected)| PendingFix {
            advisory: drafts::AdvisoryFacts::of(&known.advisory),
            linked: linked.clone(),
            expected: expected.to_string(),
        })
    }

    fn subject(
        &self,
        telling: &MessageTelling<'_>,
        carried: BTreeSet<Version>,
    ) -> Result<Subject, Fault> {
        let MessageTelling {
            kind,
            version,
            moves,
            pending,
            ..
        } = *telling;
        let project = &self.case.config.project.name;
        let previous = telling.previous.map(ToString::to_string);
        let withdrawn = self.withdrawn(moves);
        let theirs = previous.as_deref().map_or_else(
            || "our last release".to_owned(),
            |previous| format!("{project} {previous}"),
        );
        let wrong = withdrawn.first().map(|withdrawn| {
            format!("OpenSSL has withdrawn {withdrawn}, which {theirs} contains.")
        });
        let (url, changes) = self.changelog(telling)?;
        let announcement = Announcement {
            kind: kind.name(),
            project,
            version: telling.own,
            previous: previous.as_deref(),
            ships: self.case.config.project.ships.as_deref(),
            package: self
                .case
                .config
                .published
                .as_ref()
                .and_then(|published| published.package.as_deref()),
            moves,
            security: moves.iter().any(LinkMove::is_security),
            unclear: moves.iter().any(LinkMove::is_security)
                && !moves.iter().any(LinkMove::has_issues),
            severity: gravest(moves, pending),
            pending,
            wrong: wrong.as_deref(),
            because: &self.because,
            withdrawn: &withdrawn,
            changelog: url.as_deref(),
            changes: &changes,
            alone: is_alone(&changes, moves),
            day: self.case.context.today.to_string(),
        };
        let rendered = announcement.render(self.case.templates()?)?;
        let about = AboutMessage {
            kind,
            version,
            corrects: telling.corrects,
            day: self.case.context.today,
        };
        let message = self
            .case
            .config
            .announcement
            .as_ref()
            .map(|_| message(self.case.config, rendered.clone(), &about))
            .transpose()?;
        let told_on_forge = kind == MessageKind::Release && telling.tag.is_some();
        let release_text = told_on_forge
            .then(|| announcement.release_text(self.case.templates()?))
            .transpose()?;
        Ok(Subject {
            version: version.to_owned(),
            branch: telling.tag.and_then(|tag| self.branch_of(tag)),
            tag: telling.tag.cloned(),
            moves: moves.to_vec(),
            carried,
            rendered,
            message,
            release_text,
        })
    }

    /// The further release branch that a release is from; none for the base.
    fn branch_of(&self, tag: &Tag) -> Option<String> {
        let mut lines = self.project.lines.iter();
        let line = lines.find(|line| line.newest == tag.version)?;
        Some(line.also()?.name.clone())
    }

    /// Where the changelog can be read, and what it says of the version.
    fn changelog(
        &self,
        telling: &MessageTelling<'_>,
    ) -> Result<(Option<String>, Vec<String>), Fault> {
        let settings = self.case.config.changelog.as_ref();
        let Some(file) = settings.and_then(|settings| settings.file.as_deref()) else {
            return Ok((None, Vec::new()));
        };
        let text = match telling.tag {
            Some(tag) => self.project.history.text(tag.revision(), file),
            None => changelog_file(self.case.tree(), self.case.config)?.map(|(_, text)| text),
        };
        let version = telling.own.and_then(|own| own.parse().ok());
        let said = text
            .zip(version)
            .map(|(text, version)| changelog::said_of(file, &text, &version));
        Ok((
            self.changelog_url(file, telling.tag),
            said.unwrap_or_default(),
        ))
    }

    fn changelog_url(&self, file: &str, tag: Option<&Tag>) -> Option<String> {
        let environment = &self.case.context.environment;
        let repository = self
            .case
            .config
            .project
            .repository
            .as_deref()
            .or_else(|| environment.get("GITHUB_REPOSITORY"))?;
        let server = environment
            .get("GITHUB_SERVER_URL")
            .unwrap_or("https://github.com")
            .trim_end_matches('/');
        let url = |at: &str| {
            Some(format!("{server}/{repository}/blob/{at}/{file}"))
                .filter(|url| drafts::is_plain_link(url))
        };
        tag.and_then(|tag| url(&tag.name)).or_else(|| url("HEAD"))
    }
}

/// OpenSSL's gravest rating of what is fixed or pending.
fn gravest(moves: &[LinkMove], pending: &[PendingFix]) -> Option<String> {
    let fixed = moves.iter().flat_map(|moved| &moved.fixes);
    let all = fixed.chain(pending.iter().map(|fix| &fix.advisory));
    all.map(|facts| &facts.severity)
        .max_by_key(|severity| Severity::read(severity))
        .cloned()
}

/// The paragraphs of a text that the user has given: what stands between blank lines.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    #[test]
    fn blank_lines_part_paragraphs() {
        assert_eq!(
            super::paragraphs("\n one\ntwo\r\n\r\n \nthree\n\n"),
            ["one two", "three"]
        );
        assert!(super::paragraphs(" \n").is_empty());
    }
}
