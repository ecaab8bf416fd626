//! How our own work is recognised later, with no memory but the forge's: a trailer in our commits
//! and invisible lines in our texts.

use std::fmt;

use super::edit::{self, short_digest};
use crate::openssl::version::Version;
use crate::project::change::Edit;

const TRAILER: &str = "Release-Check";

/// What a commit of ours says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// `{link}:{target}`.
    pub subject: String,
    /// Digest of what the touched paths held in the base: another one means that the base has moved
    /// under the change.
    pub from: String,
    /// Digest of what they hold afterwards.
    pub to: String,
    /// Digest of the body that was written with it.
    pub text: String,
    /// Digest of what the change brings and takes, but for days; none in what was written before
    /// there was one.
    pub undated: Option<String>,
    /// The commit of the base that it stands on; none where it stands on the work of others.
    pub base: Option<String>,
}

impl Stamp {
    /// The stamp of a change and its text.
    pub fn new(subject: String, edits: &[Edit], body: &str) -> Self {
        let (from, to) = (
            edit::digest(&edit::before(edits)),
            edit::digest(&edit::after(edits)),
        );
        Self {
            subject,
            from,
            to,
            text: of_text(body),
            undated: Some(edit::undated(edits)),
            base: None,
        }
    }

    /// Whether a commit with this stamp does what one with the other would, but for days.
    pub(super) fn does_like(&self, other: &Self) -> bool {
        self.to == other.to || (self.undated.is_some() && self.undated == other.undated)
    }

    /// By what comments tell one change from another: days are no news.
    pub(super) fn key(&self) -> &str {
        self.undated.as_ref().unwrap_or(&self.to)
    }

    /// Finds the stamp in a commit's message.
    pub fn read(message: &str) -> Option<Self> {
        message.lines().rev().find_map(|line| {
            let mut words = line
                .strip_prefix(TRAILER)?
                .strip_prefix(':')?
                .split_whitespace();
            let subject = words.next()?.to_owned();
            let values: Vec<(&str, &str)> = words.map_while(|word| word.split_once('=')).collect();
            let value = |key: &str| {
                let found = values.iter().find(|(found, _)| *found == key);
                found.map(|(_, value)| (*value).to_owned())
            };
            Some(Self {
                subject,
                from: value("from")?,
                to: value("to")?,
                text: value("text")?,
                undated: value("undated"),
                base: value("base"),
            })
        })
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            subject,
            from,
            to,
            text,
            undated,
            base,
        } = self;
        write!(f, "{TRAILER}: {subject} from={from} to={to} text={text}")?;
        for (key, value) in [("undated", undated), ("base", base)] {
            if let Some(value) = value {
                write!(f, " {key}={value}")?;
            }
        }
        Ok(())
    }
}

/// A digest of a text as people see it: our invisible lines, line ends and blanks at the ends of
/// lines, which forges and editors change, do not count.
pub(crate) fn of_text(text: &str) -> String {
    let lines = unsign(text).0;
    let lines: Vec<_> = lines.trim().lines().map(str::trim_end).collect();
    short_digest(&lines.join("\n"))
}

/// The marker that our PRs and issues carry.
pub(crate) fn marker(subject: &str) -> String {
    format!("<!-- release-check:{subject} -->")
}

/// The marker of a PR that leads down from a withdrawn release.
pub(super) fn from_marker(from: Version) -> String {
    format!("<!-- release-check-from:{from} -->")
}

/// What a text of ours remembers about how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WrittenStamp {
    pub title: String,
    /// Digest of the body, without the invisible lines.
    pub body: String,
}

/// The body as it goes to the forge: the text, the lines of its markers, and the digests that show
/// later whether a human has edited it.
pub(crate) fn sign(markers: &str, title: &str, body: &str) -> String {
    sign_as(
        markers,
        &WrittenStamp {
            title: of_text(title),
            body: of_text(body),
        },
        body,
    )
}

/// The same with given digests: those of a title that a human has changed stay what they were.
pub(super) fn sign_as(markers: &str, written: &WrittenStamp, body: &str) -> String {
    let WrittenStamp { title, body: text } = written;
    format!(
        "{}\n\n{markers}\n<!-- release-check-text:{title}:{text} -->\n",
        unsign(body).0.trim(),
    )
}

/// Takes a body apart: what people see, and what we remembered when we wrote it.
pub(crate) fn unsign(body: &str) -> (String, Option<WrittenStamp>) {
    let written = body.lines().find_map(|line| {
        let (title, body) = line
            .trim()
            .strip_prefix("<!-- release-check-text:")?
            .strip_suffix(" -->")?
            .split_once(':')?;
        Some(WrittenStamp {
            title: title.to_owned(),
            body: body.to_owned(),
        })
    });
    let ours = |line: &&str| {
        !(line.trim().starts_with("<!-- release-check") && line.trim().ends_with("-->"))
    };
    (
        body.lines().filter(ours).collect::<Vec<_>>().join("\n"),
        written,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_stamp_is_found_among_other_trailers() {
        let stamp = Stamp {
            subject: "wheels:3.5.4".into(),
            from: "aa".into(),
            to: "bb".into(),
            text: "cc".into(),
            undated: Some("dd".into()),
            base: Some("ee".into()),
        };
        let on_others = Stamp {
            base: None,
            ..stamp.clone()
        };
        let older = Stamp {
            undated: None,
            ..on_others.clone()
        };
        for stamp in [stamp, on_others, older] {
            let message =
                format!("Update OpenSSL\n\nWhy.\n\n{stamp}\nSigned-off-by: A <a@example.org>\n");
            assert_eq!(Stamp::read(&message), Some(stamp));
        }
        assert_eq!(Stamp::read("Release-Check: wheels:3.5.4"), None);
        assert_eq!(
            Stamp::read("  Release-Check: wheels:3.5.4 from=a to=b text=c"),
            None
        );
    }

    #[test]
    fn a_forge_may_change_line_ends_but_a_human_shows() {
        let signed = sign(&marker("wheels:3.5.4"), "Title", "One  \ntwo\n");
        assert!(
            signed.contains("<!-- release-check:wheels:3.5.4 -->"),
            "{signed}"
        );
        let (text, written) = unsign(&signed.replace('\n', "\r\n"));
        assert_eq!(written.map(|written| written.body), Some(of_text(&text)));
        let (text, written) = unsign(&signed.replace("two", "three"));
        assert_ne!(written.map(|written| written.body), Some(of_text(&text)));
        assert_eq!(unsign("free text"), ("free text".into(), None));
    }

    proptest! {
        #[test]
        fn what_is_signed_is_recognised(title in "[^\r\n]{0,40}", body in "[ -;=-~\n]{0,200}") {
            let (text, written) = unsign(&sign(&marker("x:3.5.4"), &title, &body));
            prop_assert_eq!(written, Some(WrittenStamp { title: of_text(&title), body: of_text(&text) }));
            prop_assert_eq!(of_text(&text), of_text(&body));
        }
    }
}
