//! What must hold before subscribers are told, looked up.

use super::asking::Asking;
use super::merged;
use super::record::MessageRecord;
use super::subject::Subject;
use crate::openssl::assessment::{self, Unknown};
use crate::openssl::version::Version;
use crate::outside::clock;
use crate::outside::http::fetch::{Client, Request, Settings, address, gunzip};
use crate::paper::announcement::MessageKind;
use crate::paper::announcement::archive::{self, ArchivePage};
use crate::paper::announcement::record::{Event, MessageStanding, RecordEntry};
use crate::paper::announcement::told::Condition;
use crate::text::fault::Fault;
use crate::text::in_words;
use crate::workspace::artefacts;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::session::Session;

/// The most that is read of an archive, unpacked.
const MOST_BYTES: u64 = 64 << 20;

/// The condition that upstream's facts tell what it is about.
pub(super) const UNKNOWN: &str = "upstream's facts tell it";

impl Asking<'_> {
    /// Every condition but that it was not sent yet.
    pub(crate) fn conditions(
        &self,
        kind: MessageKind,
        subject: &Subject,
        record: &MessageRecord,
    ) -> Result<Vec<Condition>, Fault> {
        match kind {
            MessageKind::Correction => {
                let corrected = subject.message.as_ref();
                let corrected = corrected.and_then(|message| message.in_reply_to.as_deref());
                let sent = corrected.map(|corrected| {
                    let standing = record.standing_of(corrected)?;
                    let version = &subject.version;
                    Ok(Condition::sent_before(version, &standing, self.unasked))
                });
                return sent.into_iter().collect();
            }
            MessageKind::Note => {
                let unknown = assessment::lacking_facts(&self.case.view);
                return Ok(unknown.map(is_unknown).into_iter().collect());
            }
            MessageKind::Release => {}
        }
        let conditions = [
            merged::condition(self, subject),
            tagged(self.case.context, subject, record),
            verified(self.case, subject),
        ];
        let untold = untold(self.case, subject);
        Ok(untold.chain(conditions).collect())
    }
}

/// Why nothing may be told of a release, as far as upstream decides that.
pub(super) fn untold(case: &Case<'_>, subject: &Subject) -> impl Iterator<Item = Condition> {
    let (unknown, withdrawn) = (unknown(case, subject), withdrawn(case, subject));
    unknown.into_iter().chain(withdrawn)
}

/// What the mail would say without anybody knowing it; none where the facts are good.
fn unknown(case: &Case<'_>, subject: &Subject) -> Option<Condition> {
    let mut versions = subject.moves.iter().map(|moved| moved.to);
    let why = versions.find_map(|version| assessment::lacking(version, &case.view))?;
    Some(is_unknown(why))
}

/// An OpenSSL that the release moved to and that upstream took back: nobody should update to it.
fn withdrawn(case: &Case<'_>, subject: &Subject) -> Option<Condition> {
    let is_withdrawn = |version: &Version| {
        let published = case.view.release(*version);
        published.is_some_and(|published| published.withdrawn)
    };
    let mut versions = subject.moves.iter().map(|moved| moved.to);
    let version = versions.find(is_withdrawn)?;
    Some(Condition::fails(
        "OpenSSL stands by its release",
        format!(
            "OpenSSL has withdrawn {version}, which {} contains; make a release with another one, and tell people why with `--kind correction`",
            subject.version
        ),
    ))
}

fn is_unknown(why: Unknown) -> Condition {
    Condition::fails(
        UNKNOWN,
        format!("{why}; `release-check upstream` shows which source to mend"),
    )
}

fn tagged(context: &Context, subject: &Subject, record: &MessageRecord) -> Condition {
    const NAME: &str = "tag there";
    let Some(tag) = &subject.tag else {
        return Condition::fails(NAME, format!("`{}` is not tagged yet", subject.version));
    };
    let (tag, remote) = (&tag.name, record.notes().remote().unwrap_or("a remote"));
    if context.offline {
        return Condition::holds(NAME, format!("`{tag}` in this clone"));
    }
    match record.notes().remote_has_tag(tag) {
        Ok(Some(true)) => Condition::holds(NAME, format!("`{tag}` at `{remote}`")),
        Ok(Some(false)) => Condition::fails(
            NAME,
            format!("`{tag}` is in this clone, but not at `{remote}`; push it"),
        ),
        Ok(None) => Condition::holds(NAME, format!("`{tag}` in this clone, which has no remote")),
        Err(fault) => Condition::unchecked(
            NAME,
            format!("`{tag}` is in this clone; `{remote}` could not be asked: {fault}"),
        ),
    }
}

fn verified(case: &Case<'_>, subject: &Subject) -> Condition {
    let (context, config) = (case.context, case.config);
    const NAME: &str = "artefacts verified on every platform";
    let Some(published) = &config.published else {
        return Condition::unchecked(NAME, "there is no `[published]` in the configuration");
    };
    if context.offline && published.files.is_empty() {
        return Condition::unchecked(NAME, "`--offline` forbids to ask the package index");
    }
    if subject.tag.is_none() {
        return Condition::fails(NAME, "there is no release to verify");
    }
    let expected = &subject.carried;
    let release = subject.tag.as_ref().map(|tag| &tag.version);
    match artefacts::subject(case.session, config, &[], release) {
        Ok(found) if found.judged(expected).is_good() => {
            Condition::holds(NAME, format!("OpenSSL {}", in_words(expected)))
        }
        Ok(_) => Condition::fails(
            NAME,
            format!(
                "not all contain OpenSSL {}; `release-check verify` says which",
                in_words(expected)
            ),
        ),
        Err(fault) => Condition::fails(NAME, fault.to_string()),
    }
}

/// What the record says of the message. Where it was opened and not closed, the list's own archive
/// has the last word, which is written into the record with the archive's name where something is
/// written at all. Where this project never began to send, no page of anybody says that it did.
pub(crate) fn standing(
    case: &Case<'_>,
    record: &MessageRecord,
    message_id: &str,
    write: bool,
) -> Result<MessageStanding, Fault> {
    let standing = record.standing()?;
    let archive = case
        .config
        .announcement
        .as_ref()
        .and_then(|announcement| announcement.archive.as_deref());
    let (Some(archive), MessageStanding::Open(open)) = (archive, &standing) else {
        return Ok(standing);
    };
    match archived(case.session, archive, message_id) {
        Ok(Some(true)) => {
            let mut sent = RecordEntry {
                event: Event::Sent,
                at: String::new(),
                shown_in: archive.to_owned(),
                ..open.clone()
            };
            if write {
                sent.at = clock::now().to_string();
                record.settle(open, &sent)?;
            }
            Ok(MessageStanding::Sent(sent))
        }
        Ok(_) => Ok(standing),
        Err(fault) => {
            case.context
                .note(format!("the list's archive could not be asked: {fault}"));
            Ok(standing)
        }
    }
}

/// Whether the archive has the message; none where it was not asked.
fn archived(session: &Session<'_>, archive: &str, message_id: &str) -> Result<Option<bool>, Fault> {
    let context = session.context;
    if !archive.contains("://") {
        let path = context.path(archive.as_ref());
        let bytes = std::fs::read(&path)
            .map_err(|error| Fault::failed(format!("cannot read `{archive}`: {error}")))?;
        return Ok(Some(archive::names(&text(bytes), message_id)));
    }
    if context.offline {
        return Ok(None);
    }
    let page = archive::page(archive, message_id);
    let (ArchivePage::Own(place) | ArchivePage::Shared(place)) = &page;
    let failed = |error: crate::outside::http::fetch::FetchError| Fault::failed(error.to_string());
    let place = address::read(place).map_err(failed)?;
    let request = Request::get(place.clone());
    match session.block_on(Client::new(Settings::default()).send(&request)) {
        Ok(response) if matches!(page, ArchivePage::Own(_)) => Ok(Some(
            response.url == place && !archive::asks_for_a_login(&text(response.body)),
        )),
        Ok(response) => Ok(Some(archive::names(&text(response.body), message_id))),
        Err(error) if error.is_not_found() => Ok(Some(false)),
        Err(error) => Err(failed(error)),
    }
}

fn text(bytes: Vec<u8>) -> String {
    let unpacked = if bytes.starts_with(&[0x1f, 0x8b]) {
        gunzip(&bytes, MOST_BYTES).unwrap_or(bytes)
    } else {
        bytes
    };
    String::from_utf8_lossy(&unpacked).into_owned()
}
