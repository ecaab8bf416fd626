//! Sending: the record first, then the mail server, then the record again.

use std::path::Path;

use super::record::MessageRecord;
use crate::outside::clock;
use crate::outside::mail::{self, Envelope, Mailer, Patience, Server, Undelivered};
use crate::paper::announcement::record::{Event, MessageStanding, RecordEntry};
use crate::paper::announcement::told as announce;
use crate::paper::announcement::{Mailbox, Message, MessageKind};
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::session::Session;

/// Why nobody knows whether the message was sent, and how to say what became of it.
pub(crate) fn question(entry: &RecordEntry, kind: MessageKind, message: &Message) -> Fault {
    let lists: Vec<&str> = message.to.iter().map(Mailbox::address).collect();
    Fault::failed(format!(
        "it was about to be sent {}, and nothing says whether it was; look for `{}` in the archive of {}; if it arrived, run `{}`; if it did not, run `{}` and then this again",
        announce::at(entry),
        message.message_id,
        lists.join(", "),
        settling(kind, "sent"),
        settling(kind, "not-sent"),
    ))
}

/// What a person runs to say what became of the message.
fn settling(kind: MessageKind, word: &str) -> String {
    let kind = match kind {
        MessageKind::Release => String::new(),
        MessageKind::Note | MessageKind::Correction => format!("--kind {} ", kind.name()),
    };
    format!("release-check announce {kind}--settle {word} --execute")
}

/// The way to the mail server that the environment names; nothing is opened yet.
///
/// # Errors
///
/// A usage fault where it names none, or something that is none.
pub(super) fn mailer(context: &Context) -> Result<Mailer, Fault> {
    let address = context.environment.get(mail::VARIABLE).ok_or_else(|| {
        Fault::usage(format!(
            "there is no mail server; set `{}` to `smtps://user:password@host` or `smtp://user:password@host:587`",
            mail::VARIABLE
        ))
    })?;
    let authorities = context.environment.get("SSL_CERT_FILE").map(Path::new);
    Mailer::new(Server::read(address)?, authorities, Patience::default())
}

/// Sends the message. Nothing is sent that could not be recorded first.
///
/// # Errors
///
/// What the server or the record refused; where nobody knows whether the message was sent,
/// [`question`].
pub(crate) fn deliver(
    session: &Session<'_>,
    kind: MessageKind,
    standing: &MessageStanding,
    record: &MessageRecord,
    message: &Message,
) -> Result<(), Fault> {
    let context = session.context;
    let mailer = mailer(context)?;
    let envelope = Envelope::new(&message.from, &message.to)?;
    record.claim(standing)?;
    // A day that the user chose dates the message too.
    let eml = message.dated((!context.replayed).then(clock::now));
    let waiting = |why: &str, pause: std::time::Duration| {
        context.note(format!("{why}; trying again in {} s", pause.as_secs()));
    };
    match session.block_on(mailer.send(&envelope, eml.as_bytes(), waiting)) {
        Ok(words) => {
            context.note(format!("sent: the server said `{words}`"));
            record.write(Event::Sent).map_err(|fault| {
                fault.within(format!(
                    "it was sent, but the record of that was not shared; run `{}`",
                    settling(kind, "sent")
                ))
            })
        }
        Err(Undelivered::Unknown(why)) => {
            let entry = RecordEntry {
                event: Event::Sending,
                message_id: String::new(),
                at: "just now".into(),
                attempt: String::new(),
                shown_in: String::new(),
            };
            Err(question(&entry, kind, message).within(why))
        }
        Err(Undelivered::ForNow(why)) => Err(refused(
            record,
            kind,
            &format!("{why}; nothing was sent, run again later"),
        )),
        Err(Undelivered::ForGood(why)) => {
            Err(refused(record, kind, &format!("{why}; nothing was sent")))
        }
    }
}

/// Takes the record back, so that the next run may send.
fn refused(record: &MessageRecord, kind: MessageKind, why: &str) -> Fault {
    match record.write(Event::Refused) {
        Ok(()) => Fault::failed(why),
        Err(fault) => Fault::failed(format!(
            "{why}; that it was not sent could not be recorded ({fault}), so run `{}`",
            settling(kind, "not-sent")
        )),
    }
}
