//! `announce`: the mail to subscribers. Shows it with its conditions; `--execute` sends it, once
//! per project, version and kind.

mod document;
mod recorded;

use super::report::Report;
use crate::cli::Format;
use crate::paper::announcement::MessageKind;
use crate::paper::announcement::record::MessageStanding;
use crate::paper::announcement::told as announce;
use crate::paper::report;
use crate::text::fault::Fault;
use crate::workspace::announcing::{self, AnnounceRequest, Settling, check, outcome};
use crate::workspace::beforehand::{self, Intent};
use crate::workspace::case::Case;
use crate::workspace::facts;
use crate::workspace::moves;
use crate::workspace::session::Session;

pub(super) fn run(session: &Session<'_>, request: &AnnounceRequest<'_>) -> Result<Report, Fault> {
    let context = session.context;
    if request.execute && context.offline {
        return Err(Fault::usage(
            "`--execute` sends a mail and `--offline` forbids it; leave one of them out",
        ));
    }
    check(Some(request.kind), request.because)?;
    if request.release.is_some() && request.kind == MessageKind::Note {
        return Err(Fault::usage(
            "a note is about no release; leave out `--release` or `--kind note`",
        ));
    }
    let config = context.config()?.shipped();
    announcing::possible(context, &config, request)?;
    beforehand::check(context, &config, Intent::Announce)?;
    let facts = facts::gather(session, &config)?;
    let case = Case::new(session, &config, &facts);
    let outcome = outcome(&case, request)?;
    case.note_unasked();
    let Some(outcome) = outcome else {
        // A correction is about what is tagged, whatever the facts are.
        let unknown = match request.kind {
            MessageKind::Correction => Vec::new(),
            MessageKind::Release | MessageKind::Note => moves::unknown(&moves::all(&case)?),
        };
        let status = u8::from(!unknown.is_empty());
        let (whether, why) = match status {
            0 => ("nothing", silence(request.kind).to_owned()),
            _ => (
                "it is not known whether there is anything",
                unknown.join("; "),
            ),
        };
        context.note(format!("{whether} to announce: {why}"));
        let text = match context.format {
            Format::Json => report::pretty(&document::silent(request.kind, &why)),
            _ => String::new(),
        };
        return Ok(Report { text, status });
    };
    if request.execute {
        outcome.refusal()?;
    } else if let Some(feed) = request.feed {
        let feed = feed.display();
        context.note(format!("`--execute` would add it to the feed `{feed}`"));
    }
    if let (true, false, MessageStanding::Sent(entry)) =
        (request.execute, outcome.sent, &outcome.standing)
    {
        context.note(format!(
            "already sent {}; nothing to do (`--resend` sends it again)",
            announce::at(entry)
        ));
    }
    let text = match context.format {
        Format::Json => report::pretty(&document::of(&outcome)),
        _ => document::text(&outcome),
    };
    let status = u8::from(outcome.is_unknown());
    Ok(Report { text, status })
}

/// Prints the record of what was sent.
pub(super) fn record(session: &Session<'_>, kind: Option<MessageKind>) -> Result<Report, Fault> {
    let messages = announcing::recorded(session, kind)?;
    if messages.is_empty() {
        session.context.note("the record names no message");
    }
    Ok(Report::done(match session.context.format {
        Format::Json => report::pretty(&recorded::of(&messages)),
        _ => recorded::text(&messages),
    }))
}

/// Says what became of a message of which nobody knows whether it was sent.
pub(super) fn settle(session: &Session<'_>, settling: &Settling<'_>) -> Result<Report, Fault> {
    if settling.execute && session.context.offline {
        return Err(Fault::usage(
            "`--execute` shares the record and `--offline` forbids it; leave one of them out",
        ));
    }
    let words = announcing::settle(session, settling)?;
    if words.is_empty() {
        session.context.note(
            "nothing is open, so there is nothing to settle; `release-check announce --record` prints the record",
        );
    } else if !settling.execute {
        session
            .context
            .note("`--execute` writes this into the record and shares it");
    }
    Ok(Report::done(match session.context.format {
        Format::Json => report::pretty(&recorded::settled(&words, settling.execute)),
        _ => words.iter().map(|word| format!("{word}\n")).collect(),
    }))
}

fn silence(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Release => {
            "no release carries another OpenSSL than the one before it, and none is due"
        }
        MessageKind::Note => "no fix is pending",
        MessageKind::Correction => "there is no tagged release to correct",
    }
}
