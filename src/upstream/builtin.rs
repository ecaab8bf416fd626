//! The snapshot that the program carries: the first run works with no network, and nothing live may know less (DESIGN, "Snapshot").

use super::diagnostic::Reading;
use super::metadata::MetadataTree;
use super::{Release, Snapshot, SourceState, State, SupportWindow};
use crate::advisory::{Advisory, Disputed};

/// The built-in snapshot as text, in the form that [`Snapshot::write`] gives it.
pub const TEXT: &str = include_str!("../../data/upstream.json");

/// The built-in snapshot.
///
/// # Errors
///
/// Never in a program that passes its tests.
pub fn builtin() -> Result<Snapshot, String> {
    Snapshot::read(TEXT).map_err(|error| format!("the built-in snapshot: {error}"))
}

/// Assembles a snapshot from releases, old support windows and the texts of a release-metadata tree: facts only, no titles and no prose. It is dated by its newest fact, so that the same texts give the same snapshot on any day.
///
/// # Errors
///
/// In words, if nothing in all of it has a date.
pub fn assemble(releases: Vec<Release>, old_series: Vec<SupportWindow>, tree: &MetadataTree) -> Result<Reading<Snapshot>, String> {
    let Reading { value: metadata, notes } = tree.read();
    let advisories: Vec<_> = metadata.published.into_iter().map(|published| Advisory { title: None, ..published.advisory }).collect();
    let sources = [("releases", releases.len()), ("advisories", advisories.len())].map(|(name, count)| SourceState {
        name: name.to_owned(),
        state: State::Snapshot,
        requests: 0,
        bytes: 0,
        detail: format!("{count} {name}"),
    });
    let mut snapshot = Snapshot {
        schema: 1,
        taken: jiff::civil::Date::ZERO,
        sources: sources.into(),
        releases,
        advisories,
        disputed: metadata.disputed.into_iter().map(|disputed| Disputed { reason: None, ..disputed }).collect(),
        series: metadata.series.into_iter().chain(old_series).collect(),
    };
    snapshot.sort();
    snapshot.taken = snapshot.newest_fact().ok_or("neither the release table nor the metadata tree has anything in it")?;
    Ok(Reading { value: snapshot, notes })
}
