//! `scan`: which OpenSSL is inside files, archives and folders, which advisories it has, and what
//! could not be read.

mod document;
mod judged;
mod markdown;
mod sarif;
mod text;

use std::path::PathBuf;

use self::judged::{Judged, JudgedKnowledge};
use super::report::Report;
use crate::artefact::{ExaminationLimits, ExaminedFile};
use crate::cli::Format;
use crate::openssl::advisory::Severity;
use crate::openssl::upstream::View;
use crate::openssl::upstream::builtin::builtin;
use crate::outside::artefact_files;
use crate::outside::progress::Progress;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::session::Session;

/// The exit status where something has an advisory of the severity that was asked for.
const EXPOSED: u8 = 11;

pub(crate) fn run(
    session: &Session<'_>,
    paths: &[PathBuf],
    fail_on: Option<&Severity>,
    list: bool,
) -> Result<Report, Fault> {
    let context = session.context;
    let files = {
        let _progress = Progress::of("examining files");
        artefact_files::examine(&context.directory, paths, &ExaminationLimits::default())?
    };
    for (file, problem) in files.iter().flat_map(|file| {
        let said = file.problems.iter().chain(&file.unread);
        said.map(move |problem| (file, problem))
    }) {
        context.note(format!("warning: {}: {problem}", file.place()));
    }
    let config = context.config_or_default()?;
    // What the host brings is not judged.
    let has_version = |file: &ExaminedFile| {
        let mut shipped = file.openssl.iter().filter(|one| judged::is_shipped(one));
        shipped.any(|found| found.version.is_some())
    };
    if !files.iter().any(has_version) {
        // There is nothing to ask upstream about.
        let snapshot = builtin().map_err(Fault::failed)?;
        let upstream = facts::view(&snapshot, context, &config);
        return Ok(report(context, &files, &upstream, false, fail_on, list));
    }
    let facts = facts::gather(session, &config)?;
    let upstream = facts.view(context, &config);
    Ok(report(
        context,
        &files,
        &upstream,
        facts.too_old,
        fail_on,
        list,
    ))
}

fn report(
    context: &Context,
    files: &[ExaminedFile],
    upstream: &View<'_>,
    too_old: bool,
    fail_on: Option<&Severity>,
    list: bool,
) -> Report {
    let judged = Judged::new(files, upstream);
    let text = match context.format {
        Format::Json => crate::paper::report::pretty(&document::json(&judged)),
        Format::Markdown => markdown::text(&judged),
        Format::Sarif => sarif::text(&judged),
        Format::Text | Format::Html => text::text(&judged, too_old, context.look, list),
    };
    Report {
        text,
        status: fail_on.map_or(0, |severity| status(&judged, severity, too_old)),
    }
}

/// The status that `--fail-on` asks for: what is not known is no better than what is exposed.
fn status(judged: &Judged<'_>, severity: &Severity, too_old: bool) -> u8 {
    let shipped = || {
        let all = judged.files.iter().flat_map(|file| &file.openssl);
        all.filter(|found| judged::is_shipped(found))
    };
    let knowledge = || shipped().map(|found| judged.knowledge(found));
    let reaches = |known: JudgedKnowledge<'_>| match known {
        JudgedKnowledge::Known(known) => known.advisories.iter().any(|known| {
            let of = &known.advisory.severity;
            *of >= *severity || matches!(of, Severity::Unknown | Severity::Other(_))
        }),
        JudgedKnowledge::NotKnown(_) => false,
    };
    let is_open = |known: JudgedKnowledge<'_>| match known {
        JudgedKnowledge::Known(known) => !known.unanalysed.is_empty(),
        JudgedKnowledge::NotKnown(_) => true,
    };
    let is_unread = judged.files.iter().any(|file| !file.unread.is_empty());
    if knowledge().any(reaches) {
        EXPOSED
    } else if is_unread || too_old || judged.has_fork() || knowledge().any(is_open) {
        1
    } else {
        0
    }
}
