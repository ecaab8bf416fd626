//! `propose`: for every link that moves one branch, one commit and one PR; for every link that
//! cannot, one issue.

use super::report::Report;
use crate::cli::Format;
use crate::paper::report;
use crate::text::fault::Fault;
use crate::workspace::beforehand::{self, Intent};
use crate::workspace::case::Case;
use crate::workspace::proposals::propose;
use crate::workspace::session::Session;

pub(crate) fn run(session: &Session<'_>, execute: bool) -> Result<Report, Fault> {
    let context = session.context;
    let (config, facts) = beforehand::to_propose(session, execute, Intent::Propose { execute })?;
    let case = Case::new(session, &config, &facts);
    let document = propose(&case, execute)?;
    let text = match context.format {
        Format::Json => report::pretty(&document),
        _ => document.text(context.look),
    };
    facts.note_if_too_old(context);
    Ok(Report {
        text,
        status: u8::from(!document.unknown.is_empty()),
    })
}
