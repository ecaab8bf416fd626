//! The record of what was sent: lines that only ever grow in number, so that two records made apart
//! join into one by keeping the lines of both.

use std::collections::BTreeMap;
use std::fmt;

/// One line of the record: what happened to the message of an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordEntry {
    /// What happened.
    pub event: Event,
    /// The message's identifier, with angle brackets.
    pub message_id: String,
    /// When, as RFC 3339.
    pub at: String,
    /// What tells this attempt from others.
    pub attempt: String,
    /// The archive that shows the message, where that has settled it.
    pub shown_in: String,
}

/// What can happen to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// It is about to be sent. Written before the server is asked.
    Sending,
    /// The server has accepted it.
    Sent,
    /// The server has not accepted it, for certain.
    Refused,
}

/// What a record says of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MessageStanding {
    /// It was never sent.
    New,
    /// It was about to be sent, and nothing says what became of it.
    Open(RecordEntry),
    Sent(RecordEntry),
}

impl Event {
    fn word(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Refused => "refused",
        }
    }
}

impl RecordEntry {
    /// Reads a line; none where it is something else, such as a note of a person. Time and attempt
    /// may be missing, so that a person can write the line too.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let (word, message_id) = (words.next()?, words.next()?);
        let event = [Event::Sending, Event::Sent, Event::Refused]
            .into_iter()
            .find(|event| event.word() == word)?;
        let enclosed = message_id.starts_with('<') && message_id.ends_with('>');
        let mut next = || words.next().unwrap_or_default().to_owned();
        let (at, attempt) = (next(), next());
        let shown_in = words.collect::<Vec<_>>().join(" ");
        enclosed.then(|| Self {
            event,
            message_id: message_id.to_owned(),
            at,
            attempt,
            shown_in,
        })
    }
}

impl fmt::Display for RecordEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} {}",
            self.event.word(),
            self.message_id,
            self.at,
            self.attempt
        )?;
        match self.shown_in.as_str() {
            "" => Ok(()),
            archive => write!(f, " {archive}"),
        }
    }
}

/// What the lines of a record say of a message, apart from the attempt of this name.
pub(crate) fn standing<'a>(
    lines: impl IntoIterator<Item = &'a str>,
    message_id: &str,
    apart_from: &str,
) -> MessageStanding {
    let entries: Vec<RecordEntry> = lines.into_iter().filter_map(RecordEntry::read).collect();
    let ours = |entry: &&RecordEntry| {
        entry.message_id == message_id && (apart_from.is_empty() || entry.attempt != apart_from)
    };
    let ours: Vec<&RecordEntry> = entries.iter().filter(ours).collect();
    if let Some(sent) = ours.iter().find(|entry| entry.event == Event::Sent) {
        return MessageStanding::Sent((*sent).clone());
    }
    let settled = |attempt: &str| {
        ours.iter()
            .any(|entry| entry.event == Event::Refused && entry.attempt == attempt)
    };
    let open = ours
        .iter()
        .find(|entry| entry.event == Event::Sending && !settled(&entry.attempt));
    open.map_or(MessageStanding::New, |open| {
        MessageStanding::Open((*open).clone())
    })
}

/// The attempts of which nothing says what became of them.
pub(crate) fn open<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<RecordEntry> {
    let entries: Vec<RecordEntry> = lines.into_iter().filter_map(RecordEntry::read).collect();
    let is_closed = |open: &RecordEntry| {
        entries.iter().any(|entry| {
            entry.message_id == open.message_id
                && (entry.event == Event::Sent
                    || (entry.event == Event::Refused && entry.attempt == open.attempt))
        })
    };
    let mut open: Vec<RecordEntry> = entries
        .iter()
        .filter(|entry| entry.event == Event::Sending && !is_closed(entry))
        .cloned()
        .collect();
    open.sort_by(|one, other| (&one.at, &one.attempt).cmp(&(&other.at, &other.attempt)));
    open.dedup();
    open
}

/// Every message that a record names, with what it says of it; in the order of their last word.
pub(crate) fn messages(lines: &[String]) -> Vec<(String, MessageStanding, String)> {
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    for entry in lines.iter().filter_map(|line| RecordEntry::read(line)) {
        let at = last.entry(entry.message_id).or_default();
        *at = std::mem::take(at).max(entry.at);
    }
    let mut messages: Vec<(String, MessageStanding, String)> = last
        .into_iter()
        .map(|(id, at)| {
            let standing = standing(lines.iter().map(String::as_str), &id, "");
            (id, standing, at)
        })
        .collect();
    messages.sort_by(|(_, _, one), (_, _, other)| one.cmp(other));
    messages
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "<lib.1.2.4.release@example.org>";

    fn word(lines: &[&str], apart_from: &str) -> &'static str {
        match standing(lines.iter().copied(), ID, apart_from) {
            MessageStanding::New => "new",
            MessageStanding::Open(_) => "open",
            MessageStanding::Sent(_) => "sent",
        }
    }

    #[test]
    fn every_course_of_events() {
        let (sending, sent, refused) = (
            "sending <lib.1.2.4.release@example.org> 2026-09-29T10:00:00Z a1",
            "sent <lib.1.2.4.release@example.org> 2026-09-29T10:00:02Z a1",
            "refused <lib.1.2.4.release@example.org> 2026-09-29T10:00:02Z a1",
        );
        for (lines, expected) in [
            (vec![], "new"),
            (vec!["Released by Ada.", "", "sent yesterday"], "new"),
            (
                vec!["sent <lib.1.2.4.note@example.org> 2026-09-29T10:00:02Z a1"],
                "new",
            ),
            (vec![sending], "open"),
            (vec![sending, sent], "sent"),
            (vec![sent, sending], "sent"),
            (vec![sending, refused], "new"),
            (
                vec![
                    sending,
                    refused,
                    "sending <lib.1.2.4.release@example.org> 2026-09-30T10:00:00Z b2",
                ],
                "open",
            ),
            (
                vec![sending, "sent <lib.1.2.4.release@example.org>"],
                "sent",
            ),
        ] {
            assert_eq!(word(&lines, ""), expected, "{lines:?}");
        }
        assert_eq!(word(&[sending], "a1"), "new");
        assert_eq!(
            RecordEntry::read(sending)
                .map(|entry| entry.to_string())
                .as_deref(),
            Some(sending)
        );
    }

    proptest! {
        /// However often and in whatever order lines were joined, what was sent stays sent and what
        /// is open stays open.
        #[test]
        fn order_and_repetition_say_nothing(picks in proptest::collection::vec(0usize..5, 0..10)) {
            let lines = ["sending <a@b> t x", "sent <a@b> t x", "refused <a@b> t x", "sending <a@b> t y", "refused <a@b> t y"];
            let mut chosen: Vec<&str> = picks.iter().map(|&pick| lines[pick]).collect();
            let first = standing(chosen.iter().copied(), "<a@b>", "");
            chosen.reverse();
            chosen.extend(chosen.clone());
            let kind = std::mem::discriminant(&first);
            prop_assert_eq!(kind, std::mem::discriminant(&standing(chosen.iter().copied(), "<a@b>", "")));
        }
    }
}
