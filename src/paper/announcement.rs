//! The mail before it is sent: a message in the form of RFC 5322, made so that no value can become
//! a header of its own.

pub(crate) mod address;
pub(crate) mod archive;
pub(crate) mod record;
pub(crate) mod release_text;
pub(crate) mod told;

mod header;
mod quoted_printable;

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::text;
use crate::text::fault::Fault;

pub use address::Mailbox;

/// The most octets of a line without its end (RFC 5322, 2.1.1).
const LONGEST_LINE: usize = 998;

/// The width that the text of a mail is wrapped to.
pub(crate) const WIDTH: usize = 72;

/// What an announcement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// A release of the project is out.
    Release,
    /// What is known of a fix that is public, but not released yet.
    Note,
    /// A release was withdrawn, or the first mail was wrong.
    Correction,
}

impl MessageKind {
    /// The word for it on the command line, in identifiers and templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Note => "note",
            Self::Correction => "correction",
        }
    }
}

/// A whole message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub from: Mailbox,
    /// The lists.
    pub to: Vec<Mailbox>,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<Mailbox>,
    /// The subject, one line.
    pub subject: String,
    /// The day it is dated, until it is sent.
    pub date: Date,
    /// Its identifier with angle brackets, see [`message_id`].
    pub message_id: String,
    /// The identifier of the message it answers.
    pub in_reply_to: Option<String>,
    /// The text, with lines that end in `\n`.
    pub body: String,
}

impl Message {
    /// The message as it is sent: every line ends in CRLF and has at most 998 octets (RFC 5322);
    /// text that is not ASCII or has longer lines is UTF-8 in quoted-printable.
    ///
    /// It does not say `Auto-Submitted`: there are list managers that drop what does.
    pub(crate) fn to_eml(&self) -> String {
        self.dated(None)
    }

    /// The message as it is sent at a moment; without one it is dated with the first of its day,
    /// which is never later than any.
    pub(crate) fn dated(&self, moment: Option<Timestamp>) -> String {
        let to: Vec<String> = self.to.iter().map(Mailbox::header).collect();
        let mut fields = vec![
            header::unstructured("Subject", &self.subject),
            header::structured("From", &[self.from.header()]),
        ];
        if !to.is_empty() {
            fields.push(header::structured("To", &to));
        }
        fields.extend(
            self.reply_to
                .iter()
                .map(|mailbox| header::structured("Reply-To", &[mailbox.header()])),
        );
        let date = match moment {
            Some(moment) => moment.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string(),
            None => self
                .date
                .strftime("%a, %d %b %Y 00:00:00 +0000")
                .to_string(),
        };
        fields.push(format!("Date: {date}"));
        fields.push(format!("Message-ID: {}", self.message_id));
        if let Some(answered) = &self.in_reply_to {
            fields.push(format!("In-Reply-To: {answered}"));
            fields.push(format!("References: {answered}"));
        }
        fields.push("MIME-Version: 1.0".into());
        fields.push("Content-Type: text/plain; charset=utf-8".into());
        let mut body: Vec<String> = self.body.lines().map(text::printable).collect();
        let plain = body
            .iter()
            .all(|line| line.is_ascii() && line.len() <= LONGEST_LINE);
        fields.push(format!(
            "Content-Transfer-Encoding: {}",
            if plain { "7bit" } else { "quoted-printable" }
        ));
        fields.push("Content-Language: en".into());
        if !plain {
            body = body
                .iter()
                .flat_map(|line| quoted_printable::lines(line))
                .collect();
        }
        format!("{}\r\n\r\n{}\r\n", fields.join("\r\n"), body.join("\r\n"))
    }
}

/// The identifier of a project's message of one kind about one version: the same whenever and
/// wherever it is made.
///
/// ```
/// use release_check::for_tests::paper::announcement::{MessageKind, message_id};
///
/// let id = message_id("cryptography", "44.0.1", MessageKind::Release, "lists.example.org");
/// assert_eq!(id, "<cryptography.44.0.1.release.a039b0c44b3a@lists.example.org>");
/// assert_eq!(id, message_id("cryptography", "44.0.1", MessageKind::Release, "lists.example.org"));
/// ```
pub fn message_id(project: &str, version: &str, kind: MessageKind, domain: &str) -> String {
    let digest = Sha256::digest(format!("{project}\0{version}\0{}", kind.name()));
    let digest: String = digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let atom = |text: &str| -> String {
        let plain: String = text
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '.' {
                    c
                } else {
                    '-'
                }
            })
            .take(60)
            .collect();
        plain
            .split(['.', '-'])
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(if plain.contains('.') { "." } else { "-" })
    };
    let parts = [atom(project), atom(version), kind.name().to_owned(), digest];
    let left: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("<{}@{domain}>", left.join("."))
}

/// Whether an identifier is one that [`message_id`] gives to a kind of message.
pub(crate) fn is_of_kind(message_id: &str, kind: MessageKind) -> bool {
    let local = message_id.split('@').next().unwrap_or_default();
    local.rsplit('.').nth(1) == Some(kind.name())
}

/// Wraps the text of a mail: each line on its own, further lines of an item below its text.
/// Addresses of pages stay whole.
pub(crate) fn wrapped(body: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in body.lines() {
        let text = line.trim_end();
        let indent = text.len() - text.trim_start().len();
        let (first, rest) = text.split_at(indent);
        let (mark, rest) = match rest.strip_prefix("- ").or_else(|| rest.strip_prefix("* ")) {
            Some(item) => (&rest[..2], item),
            None => ("", rest),
        };
        let hang = " ".repeat(indent + mark.len());
        match text.is_empty() {
            true if lines.last().is_none_or(String::is_empty) => {}
            true => lines.push(String::new()),
            false => lines.extend(text::wrap(rest, WIDTH, &format!("{first}{mark}"), &hang)),
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
        .iter()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// Reads the addresses of the configuration.
pub(crate) fn mailboxes(addresses: &[String]) -> Result<Vec<Mailbox>, Fault> {
    addresses
        .iter()
        .map(|address| {
            address
                .parse()
                .map_err(|error| Fault::usage(format!("[announcement]: {error}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message() -> Message {
        let mailbox = |text: &str| text.parse().expect("a mailbox");
        Message {
            from: mailbox("Release team <release@example.org>"),
            to: vec![
                mailbox("announce@lists.example.org"),
                mailbox("\"Users, all\" <users@lists.example.org>"),
            ],
            reply_to: None,
            subject: "lib 1.2.4 released".into(),
            date: jiff::civil::date(2025, 2, 11),
            message_id: message_id("lib", "1.2.4", MessageKind::Release, "example.org"),
            in_reply_to: None,
            body: "Hello,\n\nworld.\n".into(),
        }
    }

    #[test]
    fn a_whole_message() {
        insta::assert_snapshot!(message().to_eml().replace("\r\n", "\n"), @r#"
        Subject: lib 1.2.4 released
        From: Release team <release@example.org>
        To: announce@lists.example.org, "Users, all" <users@lists.example.org>
        Date: Tue, 11 Feb 2025 00:00:00 +0000
        Message-ID: <lib.1.2.4.release.18790ffcb359@example.org>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 7bit
        Content-Language: en

        Hello,

        world.
        "#);
        let correction = Message {
            in_reply_to: Some("<a@example.org>".into()),
            body: "Grüße\n".into(),
            ..message()
        }
        .to_eml();
        assert!(
            correction
                .contains("\r\nIn-Reply-To: <a@example.org>\r\nReferences: <a@example.org>\r\n")
        );
        assert!(correction.contains("\r\nContent-Transfer-Encoding: quoted-printable\r\n"));
        assert!(correction.ends_with("\r\n\r\nGr=C3=BC=C3=9Fe\r\n"));
        let long = Message {
            body: format!("{}\n", "x".repeat(999)),
            ..message()
        }
        .to_eml();
        assert!(
            long.is_ascii() && long.split("\r\n").all(|line| line.len() <= 76),
            "{long}"
        );
    }

    #[test]
    fn identifiers_are_atoms() {
        for (project, version) in [("größe <x>", "1 2"), ("..", "a@b>\r\nBcc: c"), ("", "")] {
            let id = message_id(project, version, MessageKind::Note, "example.org");
            let left = id
                .strip_prefix('<')
                .and_then(|id| id.strip_suffix("@example.org>"))
                .expect("brackets");
            assert!(
                left.split('.').all(|atom| !atom.is_empty()
                    && atom.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')),
                "{id}"
            );
        }
        assert_ne!(
            message_id("a", "1", MessageKind::Note, "x"),
            message_id("a", "1", MessageKind::Release, "x")
        );
    }

    #[test]
    fn wrapping_keeps_lists_and_links() {
        let long = format!(
            "- {}\n\n\n\n  https://example.org/{}\n",
            "word ".repeat(20),
            "x".repeat(80)
        );
        let text = wrapped(&long);
        assert!(text.starts_with("- word word"), "{text}");
        assert!(text.contains("\n  word"), "{text}");
        assert!(
            text.ends_with(&format!("\n\n  https://example.org/{}\n", "x".repeat(80))),
            "{text}"
        );
    }

    proptest! {
        /// Whatever subject, names and text are, the header holds the fields that were meant and no
        /// others.
        #[test]
        fn no_value_becomes_a_field(subject in any::<String>(), name in "\\PC{0,30}", body in any::<String>()) {
            let mut from = message().from;
            from.name = name;
            let eml = Message { subject, from, body, ..message() }.to_eml();
            let (head, _) = eml.split_once("\r\n\r\n").expect("a header");
            let fields: Vec<&str> = head.split("\r\n").filter(|line| !line.starts_with(' ')).map(|line| line.split(':').next().unwrap_or_default()).collect();
            prop_assert_eq!(fields, ["Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Language"]);
            prop_assert!(eml.is_ascii() && !eml.replace("\r\n", "").contains(['\r', '\n']) && eml.split("\r\n").all(|line| line.len() <= LONGEST_LINE));
            prop_assert!(head.split("\r\n").all(|line| line.len() <= 200 && !line.trim().is_empty() && !line.contains(['\r', '\n'])));
        }
    }
}
