//! One mail as a mailbox keeps it, and the mailboxes that keep many.

use jiff::Timestamp;
use mail_parser::{HeaderName, MessageParser};

/// The most messages that one mailbox is read for; the last ones count.
const MOST: usize = 20_000;

/// What is read of a mail: text from outside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpstreamMail {
    /// When it was sent, if it says so.
    pub sent: Option<Timestamp>,
    /// The address it says it comes from, lower case; empty where it names none or several.
    pub from: String,
    /// Its subject, decoded.
    pub subject: String,
    /// Its text, decoded, with lines that end in `\n`.
    pub text: String,
}

impl UpstreamMail {
    /// Reads one message (RFC 5322, MIME): `.eml`, or a file of a maildir. None if there is none in
    /// the bytes.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        // Only what is read below is decoded; attachments never are.
        let wanted = MessageParser::new()
            .with_mime_headers()
            .with_date_headers()
            .header_raw(HeaderName::From)
            .header_text(HeaderName::Subject);
        let message = wanted
            .parse(bytes)
            .filter(|message| !message.headers().is_empty())?;
        let sent = message
            .date()
            .and_then(|date| Timestamp::from_second(date.to_timestamp()).ok());
        let text = message
            .body_text(0)
            .unwrap_or_default()
            .replace("\r\n", "\n");
        let from = message.header_raw(HeaderName::From).unwrap_or_default();
        Some(Self {
            sent,
            from: sender(from).unwrap_or_default(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text,
        })
    }

    /// Reads every message of a mailbox file: an mbox (RFC 4155) in any of its dialects, or a
    /// single message.
    pub fn read_all(bytes: &[u8]) -> Vec<Self> {
        let starts = envelope_lines(bytes);
        if starts.is_empty() {
            return Self::read(bytes).into_iter().collect();
        }
        let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
        let pieces: Vec<&[u8]> = starts
            .iter()
            .zip(ends)
            .map(|(&start, end)| after_line(&bytes[start..end]))
            .collect();
        pieces[pieces.len().saturating_sub(MOST)..]
            .iter()
            .filter_map(|piece| Self::read(piece))
            .collect()
    }
}

/// The one address of a `From` field. Archives write it as `name at example.org (Name)`.
fn sender(field: &str) -> Option<String> {
    let field = field.trim();
    let enclosed = field
        .strip_suffix('>')
        .and_then(|rest| rest.rsplit_once('<'));
    let address = match enclosed {
        Some((_, address)) => address.to_owned(),
        None => {
            let bare = field.split('(').next().unwrap_or(field).trim();
            bare.replacen(" at ", "@", 1)
        }
    };
    let (name, domain) = address.split_once('@')?;
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._+-=".contains(c))
    };
    (plain(name) && plain(domain)).then(|| address.to_ascii_lowercase())
}

/// Where the `From ` lines stand: at the start, and after a blank line where a header follows.
fn envelope_lines(bytes: &[u8]) -> Vec<usize> {
    if !bytes.starts_with(b"From ") {
        return Vec::new();
    }
    let separates = |at: &usize| {
        let before = &bytes[..*at];
        let header = after_line(&bytes[*at..]);
        let name = header
            .split(|byte| *byte == b':')
            .next()
            .unwrap_or_default();
        (before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n"))
            && name.len() < 80
            && name
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    std::iter::once(0)
        .chain(
            memchr::memmem::find_iter(bytes, b"\nFrom ")
                .map(|at| at + 1)
                .filter(separates),
        )
        .collect()
}

/// What follows the first line.
fn after_line(bytes: &[u8]) -> &[u8] {
    memchr::memchr(b'\n', bytes).map_or(b"", |at| &bytes[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ONE: &str = "From: A <a@example.org>\r\nDate: Tue, 17 Oct 2023 14:21:07 +0200\r\nSubject: =?utf-8?q?New_OpenSSL_Releases?=\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>no</p>\r\n\
        --x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nversions=20=\r\n3.1.4\r\n--x--\r\n";

    #[test]
    fn a_single_message() {
        let [message] = UpstreamMail::read_all(ONE.as_bytes())
            .try_into()
            .expect("one");
        assert_eq!(message.subject, "New OpenSSL Releases");
        assert_eq!(message.from, "a@example.org");
        assert_eq!(message.sent.unwrap().to_string(), "2023-10-17T12:21:07Z");
        assert!(message.text.contains("versions 3.1.4"), "{message:?}");
    }

    #[test]
    fn a_mailbox() {
        let mailbox = format!(
            "From a at example.org  Tue Oct 17 12:21:07 2023\n{ONE}\nFrom here on it is text\n\n\
             From b@example.org Wed Oct 18 12:21:07 2023\nFrom: b\nSubject: second\nDate: Wed, 18 Oct 2023 12:21:07 GMT\n\n>From there.\n\n\
             From b@example.org Wed Oct 18 12:21:07 2023\nSubject: third\n\n"
        );
        for mailbox in [
            mailbox.clone(),
            mailbox.replace("\r\n", "\n").replace('\n', "\r\n"),
        ] {
            let messages = UpstreamMail::read_all(mailbox.as_bytes());
            let subjects: Vec<&str> = messages
                .iter()
                .map(|message| message.subject.as_str())
                .collect();
            assert_eq!(subjects, ["New OpenSSL Releases", "second", "third"]);
            assert_eq!(messages[2].sent, None);
        }
    }

    #[test]
    fn who_sent_it() {
        for (field, expected) in [
            ("A <A@Example.org>", Some("a@example.org")),
            ("a@example.org", Some("a@example.org")),
            ("a at openssl.org (A B)", Some("a@openssl.org")),
            ("\"x@openssl.org\" <a@example.org>", Some("a@example.org")),
            ("x@openssl.org <a@example.org>", Some("a@example.org")),
            ("a@openssl.org, b@example.org", None),
            ("a@openssl.org@example.org", None),
            ("<a@example.org> x@openssl.org", None),
            ("A", None),
            ("", None),
        ] {
            assert_eq!(sender(field).as_deref(), expected, "{field}");
        }
    }

    #[test]
    fn nothing_in_nothing() {
        for bytes in [
            &b""[..],
            b"\n\n",
            b"From ",
            b"From x\n",
            b"\0\xff\n",
            b"<html>",
        ] {
            assert!(
                UpstreamMail::read_all(bytes)
                    .iter()
                    .all(|message| message.text.trim().is_empty()),
                "{bytes:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..200), lines in "(From x\n|Subject: y\n|Content-Type: multipart/mixed; boundary=b\n|--b\n|\n){0,20}") {
            let _ = UpstreamMail::read_all(&bytes);
            let _ = UpstreamMail::read_all(lines.as_bytes());
        }
    }
}
