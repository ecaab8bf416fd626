//! What became of an announcement, or would: its conditions, the record of it, and with `--execute`
//! the mail.

use super::asking::Asking;
use super::conditions;
use super::forge_text::{self, ForgeText};
use super::on_forge;
use super::record::{self, MessageRecord};
use super::request::{AnnounceRequest, Asks};
use super::shared::Shared;
use super::subject::{Material, Subject};
use super::{delivery, feed};
use crate::outside::git::history::Tag;
use crate::paper::announcement::record::MessageStanding;
use crate::paper::announcement::told as announce;
use crate::paper::announcement::told::{Condition, ConditionState, MessageStep};
use crate::paper::announcement::{Message, MessageKind};
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::moves;
use crate::workspace::place::{self, Place};
use jiff::civil::Date;

/// An announcement and how it stands.
pub(crate) struct AnnouncementOutcome {
    pub(crate) kind: MessageKind,
    /// The version that it is about: ours, or OpenSSL's where ours is not known.
    pub(crate) version: String,
    /// What must hold before it is sent, that it was not sent yet among them.
    pub(crate) conditions: Vec<Condition>,
    /// What the record says of it by now.
    pub(crate) standing: MessageStanding,
    /// The day of the release's tag; none where it is not tagged yet, or the announcement is about
    /// none.
    pub(crate) tagged_on: Option<Date>,
    /// Whether this call has sent it.
    pub(crate) sent: bool,
    /// The mail; none where the configuration names no lists.
    pub(crate) message: Option<Message>,
    pub(crate) subject: String,
    /// What is done about the release's text on the forge, or would be; none where there is no
    /// release or no forge.
    pub(crate) on_forge: Option<ForgeText>,
    /// What follows, or has followed where it was sent.
    step: MessageStep,
    /// Where nobody knows whether it was sent: what to do about that.
    question: Option<Fault>,
}

impl AnnouncementOutcome {
    /// Whether the facts do not say what the release fixes.
    pub(crate) fn is_unknown(&self) -> bool {
        let mut conditions = self.conditions.iter();
        conditions.any(|condition| condition.name == conditions::UNKNOWN)
    }

    /// What keeps it from being sent, if it is to be sent now: a condition, or that nobody knows
    /// whether it was sent already.
    pub(crate) fn refusal(&self) -> Result<(), Fault> {
        match (&self.step, &self.question) {
            (MessageStep::Ask(_), Some(question)) => Err(question.clone()),
            (MessageStep::Wait(failing), _) => {
                let why: Vec<String> = failing
                    .iter()
                    .map(|condition| format!("{}: {}", condition.name, condition.detail))
                    .collect();
                Err(Fault::failed(format!(
                    "nothing was sent, because it is not true yet: {}",
                    why.join("; ")
                )))
            }
            (MessageStep::Ask(_) | MessageStep::Send | MessageStep::Done(_), _) => Ok(()),
        }
    }
}

/// Whether anybody could be told, as far as that shows before anybody is asked: lists or a forge,
/// with `--execute` a mail server, and a place for the feed.
pub(crate) fn possible(
    context: &Context,
    config: &Config,
    request: &AnnounceRequest<'_>,
) -> Result<(), Fault> {
    let own = place::own(context, config)?;
    check_told(config, request.kind, own.as_ref())?;
    if let Some(file) = request.feed {
        context.check_new_file("--feed", file, "name a file elsewhere")?;
    }
    if request.execute && config.announcement.is_some() {
        delivery::mailer(context)?;
    }
    Ok(())
}

/// Somebody is told: lists, or who reads the release's text on the forge.
fn check_told(config: &Config, kind: MessageKind, own: Option<&Place>) -> Result<(), Fault> {
    if config.announcement.is_some() || (kind == MessageKind::Release && forge_text::possible(own))
    {
        return Ok(());
    }
    Err(Fault::usage(
        "there is no `[announcement]` in the configuration; add it with `from` and `to`",
    ))
}

/// Looks at the announcement that a request is about, and sends it where that is asked for, due and
/// true; none where there is nothing to announce.
///
/// What is not true yet, and what nobody knows whether it was sent, is no error here: see
/// [`AnnouncementOutcome::refusal`].
///
/// # Errors
///
/// If the project or the record cannot be read, or the mail could not be sent.
pub(crate) fn outcome(
    case: &Case<'_>,
    request: &AnnounceRequest<'_>,
) -> Result<Option<AnnouncementOutcome>, Fault> {
    let Case {
        session,
        context,
        config,
        ..
    } = *case;
    let own = place::own(context, config)?;
    check_told(config, request.kind, own.as_ref())?;
    let material = Material::of(case, moves::all(case)?, request.because)?;
    let credentials = record::credentials(context, config)?;
    let mut shared = Shared::new(session, own.as_ref(), request.execute);
    let mut record_of = |subject: &Subject| -> Result<MessageRecord, Fault> {
        let revision = subject.tag.as_ref().map_or("HEAD", |tag| tag.name.as_str());
        let record =
            MessageRecord::open(context, credentials.clone(), subject.message_id(), revision)?;
        // What this clone knows to be sent nobody takes back.
        let is_known = !request.resend && matches!(record.standing()?, MessageStanding::Sent(_));
        if !is_known {
            shared.bring(record.notes())?;
        }
        Ok(record)
    };
    let Some(subject) = chosen(&material, request, &mut record_of)? else {
        return Ok(None);
    };
    let record = record_of(&subject)?;
    let standing = conditions::standing(case, &record, subject.message_id(), request.execute)?;
    let asking = Asking {
        case,
        own: own.as_ref(),
        unasked: shared.unasked(),
    };
    let looked = LookedAt {
        asking,
        request,
        subject,
        record,
        standing,
    };
    looked.acted_on(material.project.unasked.as_ref()).map(Some)
}

/// An announcement that was looked at, before anything is done about it.
struct LookedAt<'a> {
    asking: Asking<'a>,
    request: &'a AnnounceRequest<'a>,
    subject: Subject,
    record: MessageRecord,
    standing: MessageStanding,
}

impl LookedAt<'_> {
    /// Of what was sent no condition is asked again: a run on a schedule finds it so for ever.
    fn is_past(&self) -> bool {
        self.request.asks == Asks::TheRecord
            || (matches!(self.standing, MessageStanding::Sent(_)) && !self.request.resend)
    }

    /// Does what is asked for, due and true. `unasked` is why the project's releases are not all
    /// known.
    fn acted_on(self, unasked: Option<&Fault>) -> Result<AnnouncementOutcome, Fault> {
        let request = self.request;
        let mut conditions = match self.is_past() {
            true => Vec::new(),
            false => self
                .asking
                .conditions(request.kind, &self.subject, &self.record)?,
        };
        let step = announce::step(&conditions, &self.standing, request.resend);
        if let Some(fault) = unasked.filter(|_| request.execute && step == MessageStep::Send) {
            return Err(fault
                .clone()
                .within("nothing was sent, because it is not known which release is the newest"));
        }
        let told = request.execute && matches!(step, MessageStep::Send | MessageStep::Done(_));
        // The release's text comes before the mail, so that what was sent leaves nothing to look
        // for; whether it succeeds decides nothing about the mail.
        let on_forge = match (&step, request.asks) {
            (MessageStep::Done(_), asks) => {
                let write = request.execute || request.revises;
                let ours_alone = asks == Asks::TheRecord;
                on_forge::revised(&self.asking, &self.subject, ours_alone, write)
            }
            (_, Asks::TheRecord) => Ok(None),
            _ => on_forge::told(&self.asking, &self.subject, told),
        };
        let sent = self.sent(&step)?;
        let fails = |condition: &Condition| condition.state == ConditionState::Fails;
        if told && !conditions.iter().any(fails) {
            self.add_to_feed(sent)?;
        }
        let on_forge = on_forge.map_err(|fault| {
            let what =
                "the release's text on the forge was not written; `announce --execute` tries again";
            match sent {
                true => fault.within(format!("the mail was sent, but {what}")),
                false => fault.within(what),
            }
        })?;
        if self.subject.message.is_some() {
            conditions.push(Condition::not_sent(&self.standing, self.asking.unasked));
        }
        let question = match (&self.standing, &self.subject.message) {
            (MessageStanding::Open(entry), Some(message)) => {
                Some(delivery::question(entry, request.kind, message))
            }
            _ => None,
        };
        let standing = match sent {
            true => self.record.standing()?,
            false => self.standing,
        };
        Ok(AnnouncementOutcome {
            kind: request.kind,
            conditions,
            standing,
            tagged_on: self.subject.tag.as_ref().and_then(Tag::day),
            sent,
            step,
            question,
            on_forge,
            version: self.subject.version,
            subject: self.subject.rendered.subject,
            message: self.subject.message,
        })
    }

    /// Sends the mail where that is asked for and due; whether it did. Without its conditions
    /// nothing is ever sent.
    fn sent(&self, step: &MessageStep) -> Result<bool, Fault> {
        let request = self.request;
        let due = request.execute && request.asks != Asks::TheRecord && *step == MessageStep::Send;
        let Some(message) = self.subject.message.as_ref().filter(|_| due) else {
            return Ok(false);
        };
        let session = self.asking.case.session;
        delivery::deliver(session, request.kind, &self.standing, &self.record, message)?;
        Ok(true)
    }

    /// What is sent may fail, and a feed takes nothing back: it comes last.
    fn add_to_feed(&self, sent: bool) -> Result<(), Fault> {
        let (Some(file), Some(message)) = (self.request.feed, &self.subject.message) else {
            return Ok(());
        };
        let case = self.asking.case;
        feed::add(case.context, &case.config.project.name, message, file).map_err(
            |fault| match sent {
                true => fault.within("the mail was sent, but the feed was not written; run again"),
                false => fault,
            },
        )
    }
}

/// What is to be announced: the release that was asked for; else the newest while nobody was told
/// of it, then what other branches have released lately, then the one that is coming.
fn chosen(
    material: &Material<'_>,
    request: &AnnounceRequest<'_>,
    record_of: &mut impl FnMut(&Subject) -> Result<MessageRecord, Fault>,
) -> Result<Option<Subject>, Fault> {
    let kind = request.kind;
    if kind == MessageKind::Note {
        return material.pending();
    }
    if let Some(release) = request.release {
        return material.released(kind, release);
    }
    let newest = match &material.project.last {
        Some(newest) => material.released(kind, newest)?,
        None => None,
    };
    if kind == MessageKind::Correction {
        return Ok(newest);
    }
    for subject in newest.iter().chain(&material.parallel(kind)?) {
        if !matches!(record_of(subject)?.standing()?, MessageStanding::Sent(_)) {
            return Ok(Some(subject.clone()));
        }
    }
    Ok(material.coming(kind)?.or(newest))
}
