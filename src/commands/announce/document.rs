//! What `announce` prints: the conditions and the message, for people and for programs.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use crate::paper::announcement::told::{Condition, ConditionState};
use crate::paper::announcement::{Mailbox, Message, MessageKind};
use crate::workspace::announcing::{AnnouncementOutcome, ForgeText};

#[derive(Default, Serialize, JsonSchema)]
#[schemars(title = "release-check announce --format json")]
pub(super) struct AnnounceJson<'a> {
    schema: u32,
    kind: &'a str,
    /// Why there is nothing to announce; null where there is something.
    nothing: Option<&'a str>,
    /// The version that it is about; null where there is nothing to announce.
    version: Option<&'a str>,
    /// The day of the release's tag; null where there is none yet.
    tagged_on: Option<String>,
    /// Null, as sender and message are, where the configuration names no lists.
    message_id: Option<&'a str>,
    subject: Option<&'a str>,
    from: Option<&'a str>,
    to: Vec<&'a str>,
    conditions: &'a [Condition],
    /// Whether this run has sent it.
    sent: bool,
    /// The whole message.
    eml: Option<String>,
    /// The release's text on the forge; null where there is no release or no forge.
    release: Option<&'a ForgeText>,
}

pub(super) fn of(outcome: &AnnouncementOutcome) -> AnnounceJson<'_> {
    let message = outcome.message.as_ref();
    AnnounceJson {
        schema: 1,
        kind: outcome.kind.name(),
        nothing: None,
        version: Some(&outcome.version),
        tagged_on: outcome.tagged_on.map(|day| day.to_string()),
        message_id: message.map(|message| message.message_id.as_str()),
        subject: Some(&outcome.subject),
        from: message.map(|message| message.from.address()),
        to: message
            .into_iter()
            .flat_map(|message| message.to.iter().map(Mailbox::address))
            .collect(),
        conditions: &outcome.conditions,
        sent: outcome.sent,
        eml: message.map(Message::to_eml),
        release: outcome.on_forge.as_ref(),
    }
}

/// For programs, where there is nothing to announce.
pub(super) fn silent(kind: MessageKind, why: &str) -> AnnounceJson<'_> {
    AnnounceJson {
        schema: 1,
        kind: kind.name(),
        nothing: Some(why),
        ..AnnounceJson::default()
    }
}

pub(super) fn text(outcome: &AnnouncementOutcome) -> String {
    let mut out = String::new();
    for condition in &outcome.conditions {
        let mark = match condition.state {
            ConditionState::Holds => "yes",
            ConditionState::Fails => "no",
            ConditionState::Unchecked => "unchecked",
        };
        let _ = writeln!(out, "{mark:<9}  {}: {}", condition.name, condition.detail);
    }
    if let Some(on_forge) = &outcome.on_forge {
        let _ = write!(out, "\n{}", on_forge.in_words());
    }
    if let Some(message) = &outcome.message {
        let _ = write!(
            out,
            "\n{}\n\n{}",
            if outcome.sent {
                "sent:"
            } else {
                "the message:"
            },
            message.to_eml().replace("\r\n", "\n")
        );
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::text::schema::assert_published::<super::AnnounceJson<'_>>("announce");
    }
}
