//! The record of what was sent, for people and programs.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use crate::paper::announcement::record::{Event, MessageStanding, RecordEntry};
use crate::paper::announcement::told;
use crate::workspace::announcing::RecordedMessage;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check announce --record --format json, and --settle")]
pub(super) struct RecordJson<'a> {
    schema: u32,
    /// The messages, in the order of the record's last word on them.
    messages: Vec<MessageJson<'a>>,
    /// Whether this run has written them into the record; without `--settle` false.
    written: bool,
}

#[derive(Serialize, JsonSchema)]
struct MessageJson<'a> {
    message_id: &'a str,
    standing: StandingJson,
    /// When the record spoke of it last, RFC 3339; null where a person noted no time.
    at: Option<&'a str>,
}

/// What became of a message.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum StandingJson {
    /// The server has accepted it, or a person says that it arrived.
    Sent,
    /// It was about to be sent, and nothing says what became of it.
    Open,
    /// For certain it was not sent.
    NotSent,
}

impl StandingJson {
    fn of(standing: &MessageStanding) -> Self {
        match standing {
            MessageStanding::New => Self::NotSent,
            MessageStanding::Open(_) => Self::Open,
            MessageStanding::Sent(_) => Self::Sent,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Open => "open",
            Self::NotSent => "not sent",
        }
    }
}

/// The record for programs.
pub(super) fn of(messages: &[RecordedMessage]) -> RecordJson<'_> {
    let messages = messages.iter().map(|message| MessageJson {
        message_id: &message.message_id,
        standing: StandingJson::of(&message.standing),
        at: Some(message.at.as_str()).filter(|at| !at.is_empty()),
    });
    RecordJson {
        schema: 1,
        messages: messages.collect(),
        written: false,
    }
}

/// What was settled, for programs.
pub(super) fn settled(words: &[RecordEntry], written: bool) -> RecordJson<'_> {
    let messages = words.iter().map(|word| MessageJson {
        message_id: &word.message_id,
        standing: match word.event {
            Event::Sent => StandingJson::Sent,
            Event::Sending => StandingJson::Open,
            Event::Refused => StandingJson::NotSent,
        },
        at: Some(&word.at),
    });
    RecordJson {
        schema: 1,
        messages: messages.collect(),
        written,
    }
}

/// The record for people, one line for each message.
pub(super) fn text(messages: &[RecordedMessage]) -> String {
    let mut out = String::new();
    for message in messages {
        let word = StandingJson::of(&message.standing).word();
        let at = match &message.standing {
            MessageStanding::Open(entry) | MessageStanding::Sent(entry) => told::at(entry),
            MessageStanding::New => message.at.clone(),
        };
        let _ = writeln!(out, "{word:<8}  {}  {at}", message.message_id);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::text::schema::assert_published::<super::RecordJson<'_>>("announce-record");
    }
}
