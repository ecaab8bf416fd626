//! The record of what was sent, read whole, and closed by a person where a lost connection left it
//! open.

use crate::outside::git::notes::Notes;
use crate::paper::announcement::record::{Event, MessageStanding, RecordEntry, messages, open};
use crate::paper::announcement::{MessageKind, is_of_kind};
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::session::Session;

use super::record::{self, share};

/// What a person says of a mail that was about to be sent.
pub(crate) struct Settling<'a> {
    pub(crate) arrived: bool,
    pub(crate) kind: Option<MessageKind>,
    pub(crate) message_id: Option<&'a str>,
    /// Whether the word is shared, not only shown.
    pub(crate) execute: bool,
}

pub(crate) struct RecordedMessage {
    pub(crate) message_id: String,
    pub(crate) standing: MessageStanding,
    /// When the record spoke of it last, as RFC 3339; empty where a person noted no time.
    pub(crate) at: String,
}

/// The messages that the record names, or those of one kind.
///
/// # Errors
///
/// If there is no repository, or the record cannot be read.
pub(crate) fn recorded(
    session: &Session<'_>,
    kind: Option<MessageKind>,
) -> Result<Vec<RecordedMessage>, Fault> {
    let notes = fetched(session)?;
    let messages = messages(&notes.lines()?).into_iter();
    Ok(messages
        .filter(|(id, ..)| kind.is_none_or(|kind| is_of_kind(id, kind)))
        .map(|(message_id, standing, at)| RecordedMessage {
            message_id,
            standing,
            at,
        })
        .collect())
}

/// Closes the one message that is open; what was or would be written, none where nothing is open.
///
/// # Errors
///
/// If several are open and nothing says which is meant, or the record cannot be read or shared.
pub(crate) fn settle(
    session: &Session<'_>,
    settling: &Settling<'_>,
) -> Result<Vec<RecordEntry>, Fault> {
    let notes = fetched(session)?;
    let lines = notes.lines()?;
    let is_meant = |entry: &RecordEntry| {
        settling
            .message_id
            .is_none_or(|id| bare(id) == bare(&entry.message_id))
            && settling
                .kind
                .is_none_or(|kind| is_of_kind(&entry.message_id, kind))
    };
    let mut attempts = open(lines.iter().map(String::as_str));
    attempts.retain(is_meant);
    let mut ids: Vec<&str> = attempts
        .iter()
        .map(|entry| entry.message_id.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > 1 {
        return Err(Fault::usage(format!(
            "several are open; add `--message-id ID` with one of `{}`",
            ids.join("`, `")
        )));
    }
    let event = if settling.arrived {
        Event::Sent
    } else {
        Event::Refused
    };
    let words: Vec<RecordEntry> = attempts
        .iter()
        .map(|attempt| RecordEntry {
            event,
            at: crate::outside::clock::now().to_string(),
            ..attempt.clone()
        })
        .collect();
    if settling.execute {
        for (attempt, word) in attempts.iter().zip(&words) {
            share(&notes, || {
                notes.add_beside(&attempt.to_string(), &word.to_string())
            })?;
        }
    }
    Ok(words)
}

/// The notes with what others have recorded. A record that is only this clone's would say that
/// nothing is open, so it is an error where the remote does not answer.
fn fetched(session: &Session<'_>) -> Result<Notes, Fault> {
    let context: &Context = session.context;
    let config = context.config()?;
    let notes = record::notes(context, record::credentials(context, &config)?)?;
    if !context.offline {
        notes
            .fetch()
            .map_err(|fault| fault.within("the record of what was sent cannot be read"))?;
    }
    Ok(notes)
}

fn bare(message_id: &str) -> &str {
    message_id.trim_start_matches('<').trim_end_matches('>')
}
