//! `upstream`: where the facts come from, and a snapshot of them.

use std::io::{IsTerminal, Read};
use std::path::Path;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::report::Report;
use crate::cli::Format;
use crate::openssl::upstream::builtin::assemble;
use crate::openssl::upstream::diagnostic::{Diagnostic, Reading};
use crate::openssl::upstream::release_table::{self, SERIES_FILE};
use crate::openssl::upstream::{Snapshot, SourceState};
use crate::outside::poll::metadata_folder;
use crate::outside::whole_file;
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::text::style::Look;
use crate::text::{count, one_line};
use crate::workspace::context::Context;
use crate::workspace::facts::{self, Facts};
use crate::workspace::session::Session;

/// The most bytes a table may have; the real one has 18 kB.
const MOST_BYTES: u64 = 16 << 20;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check upstream --format json")]
struct UpstreamJson<'a> {
    schema: u32,
    taken: Date,
    sources: &'a [SourceState],
    releases: usize,
    advisories: usize,
    diagnostics: Vec<String>,
}

pub(super) fn run(
    session: &Session<'_>,
    save: Option<&Path>,
    facts_only: bool,
    table: Option<&Path>,
) -> Result<Report, Fault> {
    let context = session.context;
    let config = context.config_or_default()?;
    if let Some(file) = save {
        context.check_new_file("--save", file, "save elsewhere")?;
    }
    let (facts, notes) = match (table, &context.upstream) {
        (Some(_), Some(_)) => {
            return Err(Fault::usage(
                "`--upstream` and `--releases` both say where the facts are; use one of them",
            ));
        }
        (Some(table), None) => from_table(context, &config, table)?,
        (None, Some(file)) => {
            let facts = Facts {
                // The user wants to see what is in it.
                too_old: false,
                ..facts::of_file(context, &config, file)?
            };
            (facts, Vec::new())
        }
        (None, None) => polled(session, &config)?,
    };
    let Facts {
        snapshot,
        sources,
        too_old,
    } = facts;
    let text = match context.format {
        Format::Json => crate::paper::report::pretty(&document(&snapshot, &sources, &notes)),
        _ => text(&snapshot, &sources, context.look),
    };
    notes.iter().for_each(|note| context.note(note));
    if let Some(file) = save {
        let nothing = || Fault::failed("there is no fact to save");
        let saved = if facts_only {
            snapshot.facts_only().ok_or_else(nothing)?
        } else {
            snapshot
        };
        whole_file::replace(&context.path(file), &saved.write()).map_err(|error| {
            Fault::failed(format!("cannot write `{}`: {error}", file.display()))
        })?;
    }
    Ok(Report {
        text,
        status: u8::from(too_old),
    })
}

/// The facts, and what a user should know of them.
type NotedFacts = (Facts, Vec<Diagnostic>);

/// What upstream's sources say now. On a terminal each source is shown as it answers.
fn polled(session: &Session<'_>, config: &Config) -> Result<NotedFacts, Fault> {
    let context = session.context;
    let terminal = std::io::stderr().is_terminal();
    let progress = |source: &SourceState| {
        if terminal {
            context.note(head(source, 0) + &one_line(&source.detail));
        }
    };
    let polled = facts::poll(session, config, &progress)?;
    let notes = polled.notes.into_iter().chain(polled.remarks).collect();
    let mut facts = Facts::of(polled.snapshot, context, config);
    facts.too_old &= !context.offline;
    Ok((facts, notes))
}

/// A snapshot of a release table and a local release-metadata tree: the way the built-in one is
/// made.
fn from_table(context: &Context, config: &Config, table: &Path) -> Result<NotedFacts, Fault> {
    if !context.path(table).is_file() {
        let message = format!("`--releases {}`: there is no such file", table.display());
        return Err(Fault::usage(message));
    }
    let folder = &config.upstream.metadata;
    if folder.contains("://") || folder.ends_with(".tar.gz") {
        let message = format!(
            "`--releases` reads local documents only; let `metadata` under `[upstream]` name a folder, it is `{folder}`"
        );
        return Err(Fault::usage(message));
    }
    let Reading {
        value: tree,
        mut notes,
    } = metadata_folder::read(&context.path(Path::new(folder)))?;
    let releases = read(context, table, release_table::releases)?;
    let series_file = table.with_file_name(SERIES_FILE);
    let series = if context.path(&series_file).exists() {
        read(context, &series_file, release_table::series)?
    } else {
        notes.push(Diagnostic::new(
            SERIES_FILE,
            "is not beside the release table; the series before 3.0 have no support windows",
        ));
        Vec::new()
    };
    let assembled = assemble(releases, series, &tree).map_err(Fault::failed)?;
    notes.extend(assembled.notes);
    // What is assembled is as old as what it was made from; nobody is told that it is current.
    let facts = Facts {
        sources: assembled.value.sources.clone(),
        snapshot: assembled.value,
        too_old: false,
    };
    Ok((facts, notes))
}

/// Reads a table.
fn read<T>(
    context: &Context,
    file: &Path,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Fault> {
    let fault = |why: String| Fault::failed(format!("cannot read `{}`: {why}", file.display()));
    let opened =
        std::fs::File::open(context.path(file)).map_err(|error| fault(error.to_string()))?;
    let mut text = String::new();
    opened
        .take(MOST_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|error| fault(error.to_string()))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(fault(format!("it is larger than {MOST_BYTES} bytes")));
    }
    parse(&text).map_err(|why| Fault::failed(format!("`{}` {why}", file.display())))
}

fn document<'a>(
    snapshot: &Snapshot,
    sources: &'a [SourceState],
    notes: &[Diagnostic],
) -> UpstreamJson<'a> {
    UpstreamJson {
        schema: 1,
        taken: snapshot.taken,
        sources,
        releases: snapshot.releases.len(),
        advisories: snapshot.advisories.len(),
        diagnostics: notes.iter().map(ToString::to_string).collect(),
    }
}

fn text(snapshot: &Snapshot, sources: &[SourceState], look: Look) -> String {
    let width = sources
        .iter()
        .map(|source| source.name.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for source in sources {
        look.columns(&mut text, &head(source, width), &one_line(&source.detail));
    }
    let (requests, bytes) = sources.iter().fold((0, 0), |(requests, bytes), source| {
        (requests + source.requests, bytes + source.bytes)
    });
    if requests > 0 {
        text += &format!(
            "{}, {bytes} bytes\n",
            count(requests as usize, "request", "requests")
        );
    }
    text + &format!("facts up to {}\n", snapshot.taken)
}

fn head(source: &SourceState, width: usize) -> String {
    let state = serde_json::to_string(&source.state).unwrap_or_default();
    format!("{:width$}  {:<9}  ", source.name, state.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::UpstreamJson;

    #[test]
    fn the_schema_is_published() {
        crate::text::schema::assert_published::<UpstreamJson<'_>>("upstream");
    }
}
