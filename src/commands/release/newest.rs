//! The steps of a release: its tag, its artefacts, the mail; of each branch that makes releases.

use std::collections::BTreeSet;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::artefact::verification::{FileOutcome, Verification};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::outside::git::history::Tag;
use crate::paper::announcement::MessageKind;
use crate::paper::announcement::record::MessageStanding;
use crate::plan::pipeline::advisory::{self, AdvisoryStanding};
use crate::plan::pipeline::lines::ReleaseLine;
use crate::plan::pipeline::release as rules;
use crate::plan::pipeline::release::{
    AnnouncementState, Artefacts, LinkCarried, SentText, TaggedRelease,
};
use crate::plan::pipeline::{Checklist, Name, Step, StepState};
use crate::text::fault::Fault;
use crate::workspace::advisory::keep;
use crate::workspace::announcing::{self, Asks, ForgeText};
use crate::workspace::artefacts::{self, FoundArtefacts};
use crate::workspace::case::Case;
use crate::workspace::project::Project;
use crate::workspace::releases::Releases;
use crate::workspace::session::Head;

/// What was found, and done, about the newest releases.
#[derive(Debug, Default)]
pub(crate) struct Released {
    /// Whether an artefact lacks what it should contain, or a platform its artefact: a build that
    /// failed must not look like success. Of a release that was announced, or is no news, nobody
    /// waits for anything.
    pub(crate) wrong: bool,
    /// Whether one carries an advisory that its branch has left behind.
    pub(crate) exposed: bool,
    /// The mails that are to be sent or were sent now.
    pub(crate) mails: Vec<NewestMail>,
    /// What went wrong.
    pub(crate) faults: Vec<Fault>,
}

// The mail to subscribers.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Mail")]
pub(crate) struct NewestMail {
    pub(crate) subject: String,
    pub(crate) to: Vec<String>,
    pub(crate) message_id: String,
    /// Whether this run has sent it.
    pub(crate) sent: bool,
}

/// A branch that makes releases, and what it and its newest release carry; a project without
/// releases has one of these too.
pub(crate) struct OfLine<'a> {
    pub(crate) line: Option<&'a ReleaseLine>,
    pub(crate) carried: Vec<LinkCarried>,
}

/// The branches that make releases, the newest release first; never empty.
pub(crate) fn lines<'a>(case: &Case<'_>, project: &'a Project, heads: &[Head]) -> Vec<OfLine<'a>> {
    let of = |line: Option<&'a ReleaseLine>| OfLine {
        line,
        carried: carried(case, project, heads, line),
    };
    if project.lines.is_empty() {
        return vec![of(None)];
    }
    project.lines.iter().map(|line| of(Some(line))).collect()
}

/// What each link has at the head of its branch, and what the newest release of that carries of it.
fn carried(
    case: &Case<'_>,
    project: &Project,
    heads: &[Head],
    line: Option<&ReleaseLine>,
) -> Vec<LinkCarried> {
    let newest = line.and_then(|line| project.tag(&line.newest));
    let releases = Releases::of(case, project);
    let carried = heads.iter().filter_map(|head| {
        let (link, base) = (
            case.config.link(&head.link.name)?,
            head.link.assessment.linked,
        );
        let on_branch = line.and_then(|line| releases.on_branch(link, line));
        let release = newest.and_then(|tag| releases.carried(link, tag));
        // With which series a release branch is built in another repository nobody says.
        let stays = release.filter(|had| {
            !head.is_here
                && line.is_some_and(|line| line.also().is_some())
                && had.series() != base.series()
        });
        let base = on_branch.or(stays).unwrap_or(base);
        Some(LinkCarried {
            link: link.name.clone(),
            base,
            release,
        })
    });
    carried.collect()
}

/// The steps of a release where the project's own history cannot be read, for this reason.
pub(crate) fn unread(why: Option<&Fault>, checklist: &mut Checklist) -> Released {
    let why = why.map_or_else(String::new, ToString::to_string);
    checklist
        .steps
        .push(Step::new(Name::Tag, StepState::Blocked, why));
    checklist
        .steps
        .push(rules::artefacts(&Artefacts::NoTag, None));
    checklist
        .steps
        .push(rules::announcement(&AnnouncementState::Later));
    Released::default()
}

/// The newest releases, and what they are looked at with.
pub(crate) struct Newest<'a> {
    pub(crate) case: &'a Case<'a>,
    pub(crate) project: &'a Project,
    pub(crate) lines: &'a [OfLine<'a>],
}

impl Newest<'_> {
    /// Looks at the newest release of each branch, and announces it where that is due.
    pub(crate) fn steps(&self, execute: bool, checklist: &mut Checklist) -> Released {
        let mut released = Released::default();
        for (at, of) in self.lines.iter().enumerate() {
            self.of_line(of, at > 0, execute, checklist, &mut released);
        }
        released
    }

    /// `further`: there is a newer release of another branch.
    fn of_line(
        &self,
        of: &OfLine<'_>,
        further: bool,
        execute: bool,
        checklist: &mut Checklist,
        released: &mut Released,
    ) {
        let newest = of.line.and_then(|line| self.project.tag(&line.newest));
        let several = self.lines.len() > 1;
        let branch = of.line.and_then(|line| line.branch.as_ref());
        let tagged = newest.map(|tag| TaggedRelease {
            name: tag.name.clone(),
            day: tag.day(),
            branch: branch.filter(|_| several).map(|branch| branch.name.clone()),
        });
        released.exposed |= newest.is_some() && exposed(&self.case.view, &of.carried);
        let settled = self
            .case
            .config
            .links
            .iter()
            .filter(|link| self.case.config.is_asked(&link.name))
            .all(|link| checklist.lets_pass(&link.name));
        checklist
            .steps
            .push(rules::tag(tagged.as_ref(), &of.carried, settled));
        let age = newest.and_then(|tag| self.age(tag.day()));
        // What another branch has released long ago nobody waits for.
        if further && !rules::is_news(age) {
            return;
        }
        let found = artefacts(self.case, newest, &of.carried, released);
        let step = rules::artefacts(&found, newest.map(|tag| tag.version.to_string()).as_deref());
        let known = of
            .carried
            .iter()
            .filter(|one| one.release.is_some())
            .count();
        let proven = step.state.lets_pass() && known == self.case.config.links.len();
        checklist.steps.push(step);
        if self.case.config.advisory.forge {
            let advisory = self.advisory(newest, proven, execute, released);
            checklist.steps.push(advisory::step(&advisory));
        }
        let announcement = self.announcement(
            of.line.filter(|_| several),
            tagged.as_ref(),
            execute,
            proven,
            released,
        );
        let is_past = matches!(
            announcement,
            AnnouncementState::Sent(..) | AnnouncementState::Old(..)
        );
        // It was whole when people were told of it: some of them have an older one again.
        released.exposed |= matches!(found, Artefacts::Incomplete(_))
            && matches!(announcement, AnnouncementState::Sent(..));
        released.wrong |=
            matches!(found, Artefacts::Wrong(_) | Artefacts::Incomplete(_)) && !is_past;
        checklist.steps.push(rules::announcement(&announcement));
    }

    /// The draft of the security advisory. What goes wrong with it keeps nobody from being told.
    fn advisory(
        &self,
        newest: Option<&Tag>,
        proven: bool,
        execute: bool,
        released: &mut Released,
    ) -> AdvisoryStanding {
        let Some(newest) = newest else {
            return AdvisoryStanding::Later("for the tag");
        };
        if !rules::is_news(self.age(newest.day())) {
            return AdvisoryStanding::Old;
        }
        if !proven {
            return AdvisoryStanding::Later("for the artefacts");
        }
        let kept = keep(self.case, self.project, newest, execute).unwrap_or_else(|fault| {
            released.faults.push(fault.clone());
            AdvisoryStanding::Failed(fault.to_string())
        });
        released.faults.extend(kept.unknown().map(Fault::failed));
        kept
    }

    /// How many days ago something was.
    fn age(&self, day: Option<Date>) -> Option<i32> {
        rules::age(day?, self.case.context.today)
    }

    /// `line`: the branch that it is from, where there are several.
    fn announcement(
        &self,
        line: Option<&ReleaseLine>,
        tagged: Option<&TaggedRelease>,
        execute: bool,
        proven: bool,
        released: &mut Released,
    ) -> AnnouncementState {
        if self.case.config.announcement.is_none() {
            return AnnouncementState::NotConfigured;
        }
        let Some(tagged) = tagged else {
            return AnnouncementState::Later;
        };
        let age = self.age(tagged.day);
        let is_news = rules::is_news(age);
        let asks = if is_news {
            Asks::WhatIsDue
        } else {
            Asks::TheRecord
        };
        let request = announcing::AnnounceRequest {
            kind: MessageKind::Release,
            execute: execute && proven && is_news,
            revises: execute,
            resend: false,
            feed: None,
            because: None,
            release: line.map(|line| &line.newest),
            asks,
        };
        let outcome = match announcing::outcome(self.case, &request) {
            Ok(Some(outcome)) => outcome,
            Ok(None) => return AnnouncementState::NothingToSay,
            Err(fault) => {
                released.faults.push(fault.clone());
                return AnnouncementState::Failed(fault.to_string());
            }
        };
        let Some(message) = &outcome.message else {
            return AnnouncementState::NotConfigured;
        };
        let to: Vec<String> = message
            .to
            .iter()
            .map(|list| list.address().to_owned())
            .collect();
        let on_forge = outcome.on_forge.as_ref().filter(|text| text.acts());
        let standing = match (&outcome.standing, outcome.tagged_on) {
            _ if outcome.sent => AnnouncementState::SentNow {
                on_forge: on_forge.is_some(),
            },
            (MessageStanding::Sent(entry), _) => {
                let at = crate::paper::announcement::told::at(entry);
                AnnouncementState::Sent(at, sent_text(outcome.on_forge.as_ref()))
            }
            // The message is about a release that is still to come: the newest was announced, or
            // has nothing to say.
            (_, None) => AnnouncementState::Later,
            (_, Some(_)) if !is_news => AnnouncementState::Old(tagged.name.clone(), age),
            (_, Some(_)) => match outcome.refusal() {
                Ok(()) => AnnouncementState::Ready {
                    subject: message.subject.clone(),
                    to: to.clone(),
                    on_forge: on_forge.is_some(),
                },
                Err(fault) => refused(&outcome, &fault, released),
            },
        };
        if outcome.sent || matches!(standing, AnnouncementState::Ready { .. }) {
            let (subject, message_id) = (message.subject.clone(), message.message_id.clone());
            released.mails.push(NewestMail {
                subject,
                to,
                message_id,
                sent: outcome.sent,
            });
        }
        standing
    }
}

/// Whether the newest release carries an advisory that its link's base has not; one of which nobody
/// knows what it carries may have each.
fn exposed(upstream: &View<'_>, carried: &[LinkCarried]) -> bool {
    carried.iter().any(|one| {
        if one.release.is_none() {
            return true;
        }
        let fixed = |id| {
            !upstream
                .affecting(one.base)
                .any(|known| known.advisory.id == id)
        };
        one.release
            .filter(|had| *had != one.base)
            .is_some_and(|had| {
                upstream
                    .affecting(had)
                    .any(|known| fixed(known.advisory.id))
            })
    })
}

fn artefacts(
    case: &Case<'_>,
    newest: Option<&Tag>,
    carried: &[LinkCarried],
    released: &mut Released,
) -> Artefacts {
    let Some(published) = &case.config.published else {
        return Artefacts::NotConfigured;
    };
    let Some(newest) = newest else {
        return Artefacts::NoTag;
    };
    if case.context.offline && published.files.is_empty() {
        return Artefacts::NotAsked;
    }
    let unknown = carried.iter().filter(|one| one.release.is_none());
    let unknown: Vec<String> = unknown.map(|one| one.link.clone()).collect();
    if !unknown.is_empty() {
        return Artefacts::NotKnown(unknown);
    }
    let versions: BTreeSet<Version> = carried.iter().filter_map(|one| one.release).collect();
    match artefacts::find(case.session, case.config, &versions, &newest.version) {
        Ok(FoundArtefacts::Absent) => Artefacts::Absent,
        Ok(FoundArtefacts::Judged(verification)) => judged(&verification),
        Err(fault) => {
            released.faults.push(fault.clone());
            Artefacts::Failed(fault.to_string())
        }
    }
}

fn judged(verification: &Verification) -> Artefacts {
    let wrong = verification
        .files
        .iter()
        .filter_map(|file| match &file.outcome {
            FileOutcome::Wrong(why) => {
                Some(format!("{}: {why}", crate::text::one_line(&file.name)))
            }
            FileOutcome::Right | FileOutcome::Source | FileOutcome::Without => None,
        });
    let wrong: Vec<String> = wrong.collect();
    match (
        verification.is_good(),
        wrong.is_empty(),
        verification.missing.is_empty(),
    ) {
        (true, ..) => Artefacts::Good(verification.expected.iter().copied().collect()),
        (false, false, _) => Artefacts::Wrong(wrong),
        (false, true, false) => Artefacts::Incomplete(verification.missing.clone()),
        // Only sources so far: the files with code are still to come.
        (false, true, true) => Artefacts::Absent,
    }
}

/// What became of the text on the forge of a release that was announced.
fn sent_text(text: Option<&ForgeText>) -> SentText {
    match text {
        Some(text) if text.done => SentText::Revised,
        Some(text) if text.acts() => SentText::Stale,
        Some(text) if text.is_left() => SentText::Left(text.detail.clone()),
        _ => SentText::Stands,
    }
}

/// What is not true yet is waited for; what nobody knows needs somebody.
fn refused(
    outcome: &announcing::AnnouncementOutcome,
    fault: &Fault,
    released: &mut Released,
) -> AnnouncementState {
    match outcome.standing {
        MessageStanding::Open(_) => {
            released.faults.push(fault.clone());
            AnnouncementState::Failed(fault.to_string())
        }
        MessageStanding::New | MessageStanding::Sent(_) => AnnouncementState::Later,
    }
}
