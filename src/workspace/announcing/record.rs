//! The record of what was sent: written before, confirmed after, and read by whoever comes next.

use std::hash::{BuildHasher, RandomState};

use crate::outside::git::notes::Notes;
use crate::outside::git::remote::Credentials;
use crate::outside::github::GitHub;
use crate::paper::announcement::record::{Event, MessageStanding, RecordEntry, standing};
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::place;

/// How often a record is written anew because someone else wrote meanwhile.
const ATTEMPTS: usize = 4;

pub(crate) struct MessageRecord {
    notes: Notes,
    message_id: String,
    /// What the notes are about: a tag, or the newest commit.
    revision: String,
    attempt: String,
}

impl MessageRecord {
    /// The record of the project around the chosen folder.
    pub(crate) fn open(
        context: &Context,
        credentials: Credentials,
        message_id: &str,
        revision: &str,
    ) -> Result<Self, Fault> {
        let notes = notes(context, credentials)?;
        let attempt = format!("{:016x}", RandomState::new().hash_one(message_id));
        Ok(Self {
            notes,
            message_id: message_id.to_owned(),
            revision: revision.to_owned(),
            attempt,
        })
    }

    pub(crate) fn notes(&self) -> &Notes {
        &self.notes
    }

    /// What the record says of the message.
    pub(crate) fn standing(&self) -> Result<MessageStanding, Fault> {
        self.standing_apart_from("")
    }

    /// What the record says of another message.
    pub(crate) fn standing_of(&self, message_id: &str) -> Result<MessageStanding, Fault> {
        let lines = self.notes.lines()?;
        Ok(standing(lines.iter().map(String::as_str), message_id, ""))
    }

    fn standing_apart_from(&self, attempt: &str) -> Result<MessageStanding, Fault> {
        let lines = self.notes.lines()?;
        Ok(standing(
            lines.iter().map(String::as_str),
            &self.message_id,
            attempt,
        ))
    }

    /// Writes that the message is about to be sent. Of several who do so at once, none or one goes
    /// on; `before` is what the record said when this one decided to.
    ///
    /// # Errors
    ///
    /// If it cannot be written where others see it, or others were faster. Then nothing may be
    /// sent.
    pub(crate) fn claim(&self, before: &MessageStanding) -> Result<(), Fault> {
        self.write(Event::Sending).map_err(|fault| {
            fault.within("nothing was sent, because that could not be recorded first")
        })?;
        if self.standing_apart_from(&self.attempt)? == *before {
            return Ok(());
        }
        self.write(Event::Refused)?;
        Err(Fault::failed(
            "nothing was sent: someone else has begun to send this announcement; run again to see what became of it",
        ))
    }

    /// Writes what became of the message.
    ///
    /// # Errors
    ///
    /// If it cannot be written where others see it.
    pub(crate) fn write(&self, event: Event) -> Result<(), Fault> {
        let entry = RecordEntry {
            event,
            message_id: self.message_id.clone(),
            at: crate::outside::clock::now().to_string(),
            attempt: self.attempt.clone(),
            shown_in: String::new(),
        };
        share(&self.notes, || {
            self.notes.add(&self.revision, &entry.to_string())
        })
    }

    /// Writes that an archive shows the message of an attempt of which nothing else is known.
    ///
    /// # Errors
    ///
    /// If it cannot be written where others see it.
    pub(crate) fn settle(&self, open: &RecordEntry, sent: &RecordEntry) -> Result<(), Fault> {
        share(&self.notes, || {
            self.notes.add_beside(&open.to_string(), &sent.to_string())
        })
    }
}

/// The notes of the project around the chosen folder.
///
/// # Errors
///
/// If there is no repository: without a record a mail could be sent twice.
pub(crate) fn notes(context: &Context, credentials: Credentials) -> Result<Notes, Fault> {
    Notes::around(&context.directory, credentials).ok_or_else(|| {
        Fault::usage(format!(
            "`{}` is in no git repository, which keeps the record of what was sent; run it in one",
            context.directory.display()
        ))
    })
}

/// What git may show to this checkout's own remote.
pub(crate) fn credentials(context: &Context, config: &Config) -> Result<Credentials, Fault> {
    Ok(match place::own(context, config)? {
        Some(own) => own.remote().credentials,
        None => Credentials::new(
            &context.environment,
            "GITHUB_TOKEN",
            GitHub::from_environment(&context.environment, "GITHUB_TOKEN")?.server(),
        ),
    })
}

/// Writes into notes and shares them, anew where someone else was faster.
///
/// # Errors
///
/// If it cannot be written where others see it.
pub(crate) fn share(notes: &Notes, write: impl Fn() -> Result<(), Fault>) -> Result<(), Fault> {
    let mut refused = None;
    for _ in 0..ATTEMPTS {
        write()?;
        match notes.push() {
            Ok(()) => return Ok(()),
            Err(fault) => refused = Some(fault),
        }
        notes.fetch()?;
    }
    refused.map_or(Ok(()), Err)
}
