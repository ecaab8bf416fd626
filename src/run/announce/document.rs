//! What `announce` prints: the conditions and the message, for people and for programs.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use super::Outcome;
use crate::announce::{Condition, State};
use crate::announcement::Mailbox;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check announce --format json")]
pub(super) struct Document<'a> {
    schema: u32,
    kind: &'a str,
    /// The version that it is about.
    version: &'a str,
    /// The day of the release's tag; null where there is none yet.
    tagged_on: Option<String>,
    message_id: &'a str,
    subject: &'a str,
    from: &'a str,
    to: Vec<&'a str>,
    conditions: &'a [Condition],
    /// Whether this run has sent it.
    sent: bool,
    /// The whole message.
    eml: String,
}

/// For programs.
pub(super) fn of(outcome: &Outcome) -> Document<'_> {
    let message = &outcome.message;
    Document {
        schema: 1,
        kind: outcome.kind.name(),
        version: &outcome.version,
        tagged_on: outcome.tagged_on.map(|day| day.to_string()),
        message_id: &message.message_id,
        subject: &message.subject,
        from: message.from.address(),
        to: message.to.iter().map(Mailbox::address).collect(),
        conditions: &outcome.conditions,
        sent: outcome.sent,
        eml: message.to_eml(),
    }
}

/// For people.
pub(super) fn text(outcome: &Outcome) -> String {
    let mut out = String::new();
    for condition in &outcome.conditions {
        let mark = match condition.state {
            State::Holds => "yes",
            State::Fails => "no",
            State::Unchecked => "unchecked",
        };
        let _ = writeln!(out, "{mark:<9}  {}: {}", condition.name, condition.detail);
    }
    let _ = writeln!(out, "\n{}\n", if outcome.sent { "sent:" } else { "the message:" });
    out + &outcome.message.to_eml().replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::schema::assert_published::<super::Document<'_>>("announce");
    }
}
