//! Whether an announcement is true and due: its conditions, what the record says of it, and what
//! follows.

use schemars::JsonSchema;
use serde::Serialize;

use super::record::{MessageStanding, RecordEntry};

/// One thing that must hold before subscribers are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Condition {
    /// What must hold.
    pub name: &'static str,
    /// Whether it does.
    pub state: ConditionState,
    /// What that rests on, or what is missing.
    pub detail: String,
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "State")]
pub(crate) enum ConditionState {
    /// It holds.
    Holds,
    /// It does not: nothing is sent.
    Fails,
    /// Nobody could look, or the configuration does not say where: shown, and no obstacle.
    Unchecked,
}

impl Condition {
    /// A condition that holds.
    pub(crate) fn holds(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            state: ConditionState::Holds,
            detail: detail.into(),
        }
    }

    /// A condition that does not hold.
    pub(crate) fn fails(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            state: ConditionState::Fails,
            detail: detail.into(),
        }
    }

    /// A condition that was not looked at.
    pub(crate) fn unchecked(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            state: ConditionState::Unchecked,
            detail: detail.into(),
        }
    }

    /// The condition that a message was not sent yet. `unasked` is why the record is only this
    /// clone's, where others may have one.
    pub(crate) fn not_sent(standing: &MessageStanding, unasked: Option<&str>) -> Self {
        const NAME: &str = "not sent yet";
        match (standing, unasked) {
            (MessageStanding::New, None) => Self::holds(NAME, "no record of it"),
            (MessageStanding::New, Some(why)) => {
                Self::unchecked(NAME, format!("no record of it in this clone; {why}"))
            }
            (MessageStanding::Sent(entry), _) => Self::fails(NAME, format!("sent {}", at(entry))),
            (MessageStanding::Open(entry), _) => Self::fails(NAME, unsettled(entry)),
        }
    }

    /// The condition that the announcement of a version, which is to be corrected, was sent.
    pub(crate) fn sent_before(
        version: &str,
        standing: &MessageStanding,
        unasked: Option<&str>,
    ) -> Self {
        const NAME: &str = "there is something to correct";
        let none = format!("no record that an announcement of {version} was sent");
        match (standing, unasked) {
            (MessageStanding::New, None) => {
                Self::fails(NAME, format!("nothing to correct: {none}"))
            }
            (MessageStanding::New, Some(why)) => {
                Self::unchecked(NAME, format!("{none} in this clone; {why}"))
            }
            (MessageStanding::Sent(entry), _) => Self::holds(
                NAME,
                format!("the announcement of {version} was sent {}", at(entry)),
            ),
            (MessageStanding::Open(entry), _) => Self::fails(
                NAME,
                format!("the announcement of {version} was {}", unsettled(entry)),
            ),
        }
    }
}

fn unsettled(entry: &RecordEntry) -> String {
    format!(
        "about to be sent {}, and nothing says whether it was",
        at(entry)
    )
}

/// When an entry says it happened.
pub(crate) fn at(entry: &RecordEntry) -> String {
    let archive = &entry.shown_in;
    match (entry.at.is_empty(), archive.is_empty()) {
        (true, true) => "at a time nobody noted".to_owned(),
        (false, true) => entry.at.clone(),
        (true, false) => format!("as the archive `{archive}` shows"),
        (false, false) => format!("{}, as the archive `{archive}` shows", entry.at),
    }
}

/// What follows for a message that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MessageStep {
    Send,
    /// It was sent already: nothing to do.
    Done(RecordEntry),
    /// Somebody must look whether it arrived.
    Ask(RecordEntry),
    /// Something does not hold.
    Wait(Vec<Condition>),
}

/// Decides what follows. What was sent already needs no condition; `resend` is the user's word that
/// it may be sent although the record speaks against it.
pub(crate) fn step(
    conditions: &[Condition],
    standing: &MessageStanding,
    resend: bool,
) -> MessageStep {
    match standing {
        MessageStanding::Sent(entry) if !resend => return MessageStep::Done(entry.clone()),
        MessageStanding::Open(entry) if !resend => return MessageStep::Ask(entry.clone()),
        MessageStanding::New | MessageStanding::Sent(_) | MessageStanding::Open(_) => {}
    }
    let failing: Vec<Condition> = conditions
        .iter()
        .filter(|condition| condition.state == ConditionState::Fails)
        .cloned()
        .collect();
    if failing.is_empty() {
        MessageStep::Send
    } else {
        MessageStep::Wait(failing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step() {
        let entry = RecordEntry::read("sending <a@b> 2026-09-29T10:00:00Z x").expect("an entry");
        let (good, unchecked, bad) = (
            Condition::holds("a", ""),
            Condition::unchecked("b", ""),
            Condition::fails("c", "no tag"),
        );
        let (open, sent) = (
            MessageStanding::Open(entry.clone()),
            MessageStanding::Sent(entry.clone()),
        );
        for (conditions, standing, resend, expected) in [
            (
                vec![&good, &unchecked],
                &MessageStanding::New,
                false,
                MessageStep::Send,
            ),
            (
                vec![&good, &bad],
                &MessageStanding::New,
                false,
                MessageStep::Wait(vec![bad.clone()]),
            ),
            (
                vec![&good, &bad],
                &MessageStanding::New,
                true,
                MessageStep::Wait(vec![bad.clone()]),
            ),
            (vec![&good], &open, false, MessageStep::Ask(entry.clone())),
            (vec![&good], &open, true, MessageStep::Send),
            (vec![&bad], &sent, false, MessageStep::Done(entry.clone())),
            (vec![&good], &sent, true, MessageStep::Send),
        ] {
            let conditions: Vec<Condition> = conditions.into_iter().cloned().collect();
            assert_eq!(
                step(&conditions, standing, resend),
                expected,
                "{conditions:?} {standing:?} {resend}"
            );
        }
        let new = MessageStanding::New;
        let why = Some("others were not asked");
        use ConditionState::{Fails, Holds, Unchecked};
        for (standing, unasked, not_sent, sent_before) in [
            (&new, None, Holds, Fails),
            (&new, why, Unchecked, Unchecked),
            (&open, None, Fails, Fails),
            (&open, why, Fails, Fails),
            (&sent, None, Fails, Holds),
            (&sent, why, Fails, Holds),
        ] {
            assert_eq!(
                (
                    Condition::not_sent(standing, unasked).state,
                    Condition::sent_before("1.2.4", standing, unasked).state
                ),
                (not_sent, sent_before),
                "{standing:?} {unasked:?}"
            );
        }
    }
}
