//! All sources of upstream and what was known before, joined into one view; where they disagree,
//! both say so.

mod advisories;
mod releases;
mod windows;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::diagnostic::{Diagnostic, Reading};
use super::metadata::Metadata;
use super::source_page::SourcePage;
use super::tags::Tags;
use super::vulnerability_page::Listed;
use super::{Release, Snapshot, secadv};
use crate::openssl::advisory::CveId;

/// What each source said; `None` where nothing is known of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// The releases published on GitHub.
    pub releases: Option<Reading<Vec<Release>>>,
    /// The tags of the repository, each with its commit where the source names it.
    pub tags: Option<Reading<Tags>>,
    /// The download page.
    pub source_page: Option<Reading<SourcePage>>,
    /// The release-metadata tree.
    pub metadata: Option<Reading<Metadata>>,
    /// The site's page of vulnerabilities.
    pub vulnerability_page: Option<Reading<Vec<Listed>>>,
}

/// How many things each source listed, by the source's name.
pub(crate) type Counts = BTreeMap<String, usize>;

/// The joined view, and what was noticed when joining.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Merged {
    /// The facts. `taken` is the floor's.
    pub snapshot: Snapshot,
    /// The day they were joined.
    #[serde(with = "crate::text::date::as_iso")]
    pub made: Date,
    /// How many things each source listed.
    pub counts: Counts,
    /// What a user should know: disagreements, changes of what was published, what is new and
    /// unreadable.
    pub notes: Vec<Diagnostic>,
    /// Oddities of documents that have been known for long.
    pub remarks: Vec<Diagnostic>,
}

/// A view under construction: what is known so far, and what was noticed.
struct Joining {
    snapshot: Snapshot,
    /// Facts published before this day should have been known before.
    known_since: Date,
    today: Date,
    notes: Vec<Diagnostic>,
}

/// Joins what the sources said with the `floor` and with what earlier polls knew. Nothing known is
/// forgotten.
#[must_use]
pub(crate) fn merge(floor: Snapshot, known: Option<Merged>, facts: &Facts, today: Date) -> Merged {
    let (floor_taken, known_since) = (
        floor.taken,
        known.as_ref().map_or(floor.taken, |known| known.made),
    );
    let (before, known) = known.map(|known| (known.counts, known.snapshot)).unzip();
    let (all, remarks) = documents_notes(facts).partition(|note| is_new(note, &floor, floor_taken));
    let mut joining = Joining {
        snapshot: union(floor, known),
        known_since,
        today,
        notes: all,
    };
    joining.shrunk(&before.clone().unwrap_or_default(), &counts(facts));
    joining.releases(facts);
    joining.advisories(facts);
    joining.windows(facts);
    let Joining {
        mut snapshot,
        notes,
        ..
    } = joining;
    snapshot.sort();
    let mut counts = counts(facts);
    for (source, count) in before.unwrap_or_default() {
        counts.entry(source).or_insert(count);
    }
    Merged {
        snapshot,
        made: today,
        counts,
        notes,
        remarks,
    }
}

/// The floor and what was known beyond it; of two entries of one name the later knowledge counts.
fn union(floor: Snapshot, known: Option<Snapshot>) -> Snapshot {
    let Some(mut union) = known else { return floor };
    let Snapshot {
        schema,
        taken,
        sources,
        releases,
        advisories,
        disputed,
        series,
    } = floor;
    union.releases.extend(releases);
    union.advisories.extend(advisories);
    union.disputed.extend(
        disputed
            .into_iter()
            .filter(|floor| !union.disputed.iter().any(|known| known.id == floor.id))
            .collect::<Vec<_>>(),
    );
    union.series.extend(series);
    // Sorting is stable and keeps the first of a name, which is the known one.
    union.sort();
    Snapshot {
        schema,
        taken,
        sources,
        ..union
    }
}

/// What the parsers noticed, source by source.
fn documents_notes(facts: &Facts) -> impl Iterator<Item = Diagnostic> {
    let Facts {
        releases,
        tags,
        source_page,
        metadata,
        vulnerability_page,
    } = facts;
    let notes = [
        releases.as_ref().map(|reading| &reading.notes),
        tags.as_ref().map(|reading| &reading.notes),
        source_page.as_ref().map(|reading| &reading.notes),
        metadata.as_ref().map(|reading| &reading.notes),
        vulnerability_page.as_ref().map(|reading| &reading.notes),
    ];
    notes
        .into_iter()
        .flatten()
        .flatten()
        .cloned()
        .collect::<Vec<_>>()
        .into_iter()
}

/// Whether a note is about a document that the floor was not made from. What is odd about the
/// others was odd for years.
fn is_new(note: &Diagnostic, floor: &Snapshot, floor_taken: Date) -> bool {
    let ids = CveId::mentioned(&note.to_string());
    let known_record = ids.iter().any(|id| floor.advisory(*id).is_some());
    let known_text = secadv::day_of(&note.document).is_some_and(|day| day <= floor_taken);
    !known_record && !known_text
}

fn counts(facts: &Facts) -> Counts {
    let Facts {
        releases,
        tags,
        source_page,
        metadata,
        vulnerability_page,
    } = facts;
    let counts = [
        (
            "releases",
            releases.as_ref().map(|reading| reading.value.len()),
        ),
        ("tags", tags.as_ref().map(|reading| reading.value.len())),
        (
            "source-page",
            source_page
                .as_ref()
                .map(|reading| reading.value.tarballs.len()),
        ),
        (
            "metadata",
            metadata
                .as_ref()
                .map(|reading| reading.value.published.len()),
        ),
        (
            "vulnerability-page",
            vulnerability_page
                .as_ref()
                .map(|reading| reading.value.len()),
        ),
    ];
    counts
        .into_iter()
        .filter_map(|(source, count)| Some((source.to_owned(), count?)))
        .collect()
}

impl Joining {
    fn note(&mut self, document: &str, text: impl Into<String>) {
        self.notes.push(Diagnostic::new(document, text));
    }

    /// Reports the sources that list less than they did.
    fn shrunk(&mut self, before: &Counts, now: &Counts) {
        for (source, count) in now {
            if let Some(before) = before.get(source).filter(|before| *before > count) {
                self.note(
                    source,
                    format!(
                        "the feed shrank: it lists {count} entries, and listed {before} before"
                    ),
                );
            }
        }
    }
}

/// Things in one line, the newest of an ascending list by name: `b`, `a` and 3 more.
fn some_of(names: &[String]) -> String {
    const NAMED: usize = 12;
    let named: Vec<String> = names
        .iter()
        .rev()
        .take(NAMED)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests;
