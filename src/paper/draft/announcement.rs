//! What subscribers are told: a release, a note while a fix is pending, or a correction.

use schemars::JsonSchema;
use serde::Serialize;

use super::listed::ListedMove;
use super::{AdvisoryFacts, LinkMove};
use crate::openssl::advisory::CveId;
use crate::paper::announcement::{self, Message, MessageKind, message_id};
use crate::paper::templates::{self, Templates};
use crate::project::changelog;
use crate::project::config::Config;
use crate::text::fault::Fault;

/// The context of `announcement/subject.txt.j2`, `announcement/body.txt.j2` and `release.md.j2`.
/// Subject and text are wrapped after rendering: a paragraph is one line there.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Announcement<'a> {
    /// `release`, `note` or `correction`.
    pub kind: &'static str,
    /// The project's name.
    pub project: &'a str,
    /// The project's version that is out, or that the correction is about.
    pub version: Option<&'a str>,
    /// The project's version before, which users have.
    pub previous: Option<&'a str>,
    /// How the project names what contains OpenSSL.
    #[serde(serialize_with = "templates::own_or_none")]
    #[schemars(with = "Option<String>")]
    pub ships: Option<&'a str>,
    /// The package's name on the package index.
    pub package: Option<&'a str>,
    /// The moves of every link; none for a note.
    pub moves: &'a [LinkMove],
    /// Whether an advisory is fixed, or may be.
    pub security: bool,
    /// Whether it counts as a security release only because OpenSSL did not look at what moves.
    pub unclear: bool,
    /// OpenSSL's gravest rating of what is fixed or pending: `high`, `not rated`.
    pub severity: Option<String>,
    /// What is pending, for a note.
    pub pending: &'a [PendingFix],
    /// What was wrong, for a correction, where OpenSSL has withdrawn a release.
    pub wrong: Option<&'a str>,
    /// What the user has to say to a correction, one paragraph each.
    pub because: &'a [String],
    /// The OpenSSL versions before that OpenSSL has withdrawn.
    pub withdrawn: &'a [String],
    /// The address of the changelog.
    pub changelog: Option<&'a str>,
    /// What the changelog says of this version, one item each, without markup.
    pub changes: &'a [String],
    /// Whether that says that the release is about the moves alone. Else, or where nothing is known,
    /// nobody may be told that the release is none of theirs.
    pub alone: bool,
    /// The day of the message, `YYYY-MM-DD`.
    pub day: String,
}

/// Whether a changelog says of a version that it is about the moves and nothing else. An item about
/// a move names OpenSSL and where it goes, and no issue that the move does not fix.
pub(crate) fn is_alone(changes: &[String], moves: &[LinkMove]) -> bool {
    let is_ours = |change: &String| {
        change.to_ascii_lowercase().contains("openssl")
            && moves
                .iter()
                .any(|moved| changelog::mentions(change, moved.to))
            && CveId::mentioned(change).iter().all(|id| {
                let mut fixes = moves.iter().flat_map(|moved| &moved.fixes);
                fixes.any(|facts| facts.id == id.to_string())
            })
    };
    !changes.is_empty() && changes.iter().all(is_ours)
}

/// The announcement, with what its lists name, move by move.
#[derive(Serialize)]
struct MailText<'a> {
    #[serde(flatten)]
    announcement: &'a Announcement<'a>,
    listed: Vec<ListedMove>,
}

/// The announcement in Markdown, where the project's name is its authors' own markup. The mail is
/// plain text, which is wrapped by what it says.
#[derive(Serialize)]
struct Marked<'a> {
    #[serde(flatten)]
    announcement: &'a Announcement<'a>,
    /// Instead of the announcement's.
    #[serde(serialize_with = "templates::own")]
    project: &'a str,
}

/// A fix that is public, but in no public release yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct PendingFix {
    /// The advisory.
    pub advisory: AdvisoryFacts,
    /// The OpenSSL version that users have.
    pub linked: String,
    /// The OpenSSL version that will have the fix.
    pub expected: String,
}

/// A subject, its text, and what they are about: what a message is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RenderedMessage {
    /// The subject, one line.
    pub subject: String,
    /// The text, wrapped.
    pub body: String,
}

impl Announcement<'_> {
    /// Subject and text.
    pub(crate) fn render(&self, templates: &Templates) -> Result<RenderedMessage, Fault> {
        let subject =
            crate::text::one_line(&templates.render("announcement/subject.txt.j2", self)?);
        let of = |moved| ListedMove::of(moved, self.moves.len());
        let mail = MailText {
            announcement: self,
            listed: self.moves.iter().map(of).collect(),
        };
        Ok(RenderedMessage {
            subject,
            body: announcement::wrapped(&templates.render("announcement/body.txt.j2", &mail)?),
        })
    }

    /// The text of the release on a forge, Markdown.
    pub(crate) fn release_text(&self, templates: &Templates) -> Result<String, Fault> {
        let marked = Marked {
            announcement: self,
            project: self.project,
        };
        Ok(super::pull_request::paragraphs(
            &templates.render("release.md.j2", &marked)?,
        ))
    }
}

/// What identifies a message: the project's version that it is about, its kind, and for a
/// correction the version whose announcement it corrects.
#[derive(Debug, Clone)]
pub(crate) struct AboutMessage<'a> {
    pub kind: MessageKind,
    /// The version: the project's, or where that is unknown OpenSSL's.
    pub version: &'a str,
    /// The version of the announcement that it corrects.
    pub corrects: Option<&'a str>,
    /// The day that dates it.
    pub day: jiff::civil::Date,
}

/// The whole message of an announcement.
///
/// # Errors
///
/// A usage fault if the configuration has no `[announcement]`, or an address in it is none.
pub(crate) fn message(
    config: &Config,
    rendered: RenderedMessage,
    about: &AboutMessage<'_>,
) -> Result<Message, Fault> {
    let lists = config.announcement.as_ref().ok_or_else(|| {
        Fault::usage(
            "there is no `[announcement]` in the configuration; add it with `from` and `to`",
        )
    })?;
    let mut senders = announcement::mailboxes(std::slice::from_ref(&lists.from))?;
    let from = senders.remove(0);
    let id = |version: &str, kind: MessageKind| {
        message_id(&config.project.name, version, kind, from.domain())
    };
    let (message_id, in_reply_to) = (
        id(about.version, about.kind),
        about
            .corrects
            .map(|version| id(version, MessageKind::Release)),
    );
    Ok(Message {
        to: announcement::mailboxes(&lists.to)?,
        reply_to: announcement::mailboxes(lists.reply_to.as_slice())?.pop(),
        subject: rendered.subject,
        date: about.day,
        message_id,
        in_reply_to,
        body: rendered.body,
        from,
    })
}
