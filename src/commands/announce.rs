//! `announce`: the mail to subscribers. Shows it with its conditions; `--execute` sends it, once
//! per project, version and kind.

mod document;

use super::Report;
use crate::cli::Format;
use crate::paper::announcement::Kind;
use crate::paper::announcement::record::Standing;
use crate::paper::announcement::told as announce;
use crate::paper::report;
use crate::text::fault::Fault;
use crate::workspace::announcing::{Request, check, outcome};
use crate::workspace::case::Case;
use crate::workspace::facts;
use crate::workspace::session::Session;

/// Runs the command.
pub(super) fn run(session: &Session<'_>, request: &Request<'_>) -> Result<Report, Fault> {
    let context = session.context;
    if request.execute && context.offline {
        return Err(Fault::usage(
            "`--execute` sends a mail and `--offline` forbids it; leave one of them out",
        ));
    }
    check(Some(request.kind), request.because)?;
    let config = context.config()?;
    let facts = facts::gather(session, &config)?;
    let case = Case::new(session, &config, &facts);
    let outcome = outcome(&case, request)?;
    case.note_unasked();
    let Some(outcome) = outcome else {
        let why = silence(request.kind);
        context.note(format!("nothing to announce: {why}"));
        return Ok(Report::done(match context.format {
            Format::Json => report::pretty(&document::silent(request.kind, why)),
            _ => String::new(),
        }));
    };
    if request.execute {
        outcome.refusal()?;
    }
    if let (true, false, Standing::Sent(entry)) = (request.execute, outcome.sent, &outcome.standing)
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
    Ok(Report::done(text))
}

fn silence(kind: Kind) -> &'static str {
    match kind {
        Kind::Release => {
            "no release carries another OpenSSL than the one before it, and none is due"
        }
        Kind::Note => "no fix is pending",
        Kind::Correction => "there is no tagged release to correct",
    }
}
