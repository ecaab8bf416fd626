//! The snapshot that the program carries: the first run works with no network, and nothing live may
//! know less (DESIGN, "Snapshot").

use super::diagnostic::Reading;
use super::metadata::MetadataTree;
use super::release::Release;
use super::snapshot::{Snapshot, SupportWindow};

/// The built-in snapshot as text, in the form that [`Snapshot::write`] gives it.
pub const TEXT: &str = include_str!("../../../data/upstream.json");

/// The built-in snapshot.
pub fn builtin() -> Result<Snapshot, String> {
    Snapshot::read(TEXT).map_err(|error| format!("the built-in snapshot: {error}"))
}

/// The day of the built-in facts, `YYYY-MM-DD`, without reading them all.
pub(crate) fn day() -> &'static str {
    let start = TEXT.split_once("\"taken\":\"");
    start
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("an unknown day", |(day, _)| day)
}

/// Assembles a snapshot from releases, old support windows and the texts of a release-metadata
/// tree: its facts only, see [`Snapshot::facts_only`].
///
/// # Errors
///
/// In words, if nothing in all of it has a date.
pub fn assemble(
    releases: Vec<Release>,
    old_series: Vec<SupportWindow>,
    tree: &MetadataTree,
) -> Result<Reading<Snapshot>, String> {
    let Reading {
        value: metadata,
        notes,
    } = tree.read();
    let mut snapshot = Snapshot {
        schema: 1,
        taken: jiff::civil::Date::ZERO,
        sources: Vec::new(),
        releases,
        advisories: metadata
            .published
            .into_iter()
            .map(|published| published.advisory)
            .collect(),
        disputed: metadata.disputed,
        series: metadata.series.into_iter().chain(old_series).collect(),
    };
    snapshot.date_undated();
    let snapshot = snapshot
        .facts_only()
        .ok_or("neither the release table nor the metadata tree has anything in it")?;
    Ok(Reading {
        value: snapshot,
        notes,
    })
}
