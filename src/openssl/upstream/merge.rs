//! All sources of upstream and what was known before, joined into one view; where they disagree,
//! both say so.

mod advisories;
mod floor;
mod releases;
mod windows;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::diagnostic::{Diagnostic, Reading};
use super::metadata::Metadata;
use super::release::Release;
use super::secadv;
use super::snapshot::{Snapshot, SupportWindow};
use super::source_page::SourcePage;
use super::tags::Tags;
use super::vulnerability_page::ListedVulnerability;
use crate::openssl::advisory::{CveId, Disputed};

pub use floor::holds;

/// What each source said; `None` where nothing is known of it.
#[derive(Debug, Clone, Default)]
pub struct SourceFacts {
    /// The releases published on GitHub.
    pub releases: Option<Reading<Vec<Release>>>,
    /// The tags of the repository, each with its commit where the source names it.
    pub tags: Option<Reading<Tags>>,
    /// The download page.
    pub source_page: Option<Reading<SourcePage>>,
    /// The release-metadata tree.
    pub metadata: Option<Reading<Metadata>>,
    /// The site's page of vulnerabilities.
    pub vulnerability_page: Option<Reading<Vec<ListedVulnerability>>>,
}

/// How many things each source listed, by the source's name.
pub(crate) type Counts = BTreeMap<String, usize>;

/// The joined view, and what was noticed when joining.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedFacts {
    /// The facts. `taken` is the floor's.
    pub snapshot: Snapshot,
    /// The day they were joined.
    #[serde(deserialize_with = "crate::text::date::as_iso")]
    pub made: Date,
    /// How many things each source listed.
    pub counts: Counts,
    /// What a user should know: disagreements, changes of what was published, what is new and
    /// unreadable.
    pub notes: Vec<Diagnostic>,
    /// Oddities of documents that have been known for long.
    pub remarks: Vec<Diagnostic>,
}

/// When facts are joined.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    /// The day that is asked about, which may lie in the past.
    pub today: Date,
    /// The day by the clock: nothing was published after it, whatever a source says.
    pub latest: Date,
}

/// A view under construction: what is known so far, and what was noticed.
struct Joining {
    snapshot: Snapshot,
    floor: Snapshot,
    /// The view before this one. It decides nothing; what differs from it is said.
    before: Option<Snapshot>,
    /// Facts published before this day should have been known before.
    known_since: Date,
    days: Days,
    notes: Vec<Diagnostic>,
}

/// Joins what the sources said with the `floor`, which nothing lowers. What was `known` beyond that
/// lasts as long as a source tells it, or as nothing at all is known of its source.
pub fn merge(
    floor: Snapshot,
    known: Option<MergedFacts>,
    facts: &SourceFacts,
    days: Days,
) -> MergedFacts {
    let (floor_taken, known_since) = (
        floor.taken,
        known.as_ref().map_or(floor.taken, |known| known.made),
    );
    let (listed_before, before) = known.map(|known| (known.counts, known.snapshot)).unzip();
    let listed_before: Counts = listed_before.unwrap_or_default();
    let (all, remarks) = documents_notes(facts).partition(|note| is_new(note, &floor, floor_taken));
    let mut joining = Joining {
        snapshot: floor.clone(),
        floor,
        before,
        known_since,
        days,
        notes: all,
    };
    joining.shrunk(&listed_before, &counts(facts));
    joining.remembered(facts);
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
    for (source, count) in listed_before {
        counts.entry(source).or_insert(count);
    }
    MergedFacts {
        snapshot,
        made: days.today,
        counts,
        notes,
        remarks,
    }
}

/// Each source that was read: its name, how many things it lists, and what its parser noticed.
fn readings(facts: &SourceFacts) -> impl Iterator<Item = (&'static str, usize, &[Diagnostic])> {
    fn of<'a, T>(
        source: &'static str,
        reading: Option<&'a Reading<T>>,
        count: impl Fn(&T) -> usize,
    ) -> Option<(&'static str, usize, &'a [Diagnostic])> {
        reading.map(|reading| (source, count(&reading.value), &reading.notes[..]))
    }
    let all = [
        of("releases", facts.releases.as_ref(), Vec::len),
        of("tags", facts.tags.as_ref(), BTreeMap::len),
        of("source-page", facts.source_page.as_ref(), |page| {
            page.tarballs.len()
        }),
        of("metadata", facts.metadata.as_ref(), |tree| {
            tree.published.len()
        }),
        of(
            "vulnerability-page",
            facts.vulnerability_page.as_ref(),
            Vec::len,
        ),
    ];
    all.into_iter().flatten()
}

/// What the parsers noticed, source by source.
fn documents_notes(facts: &SourceFacts) -> impl Iterator<Item = Diagnostic> {
    readings(facts).flat_map(|(_, _, notes)| notes.iter().cloned())
}

/// Whether a note is about a document that the floor was not made from. What is odd about the
/// others was odd for years.
fn is_new(note: &Diagnostic, floor: &Snapshot, floor_taken: Date) -> bool {
    let ids = CveId::mentioned(&note.to_string());
    let known_record = ids.iter().any(|id| floor.advisory(*id).is_some());
    let known_text = secadv::day_of(&note.document).is_some_and(|day| day <= floor_taken);
    // All of them could be read when the floor was made.
    note.text.starts_with("not read") || !(known_record || known_text)
}

fn counts(facts: &SourceFacts) -> Counts {
    readings(facts)
        .map(|(source, count, _)| (source.to_owned(), count))
        .collect()
}

impl Joining {
    /// Keeps what was known of a source that neither answers nor has left anything that it said.
    fn remembered(&mut self, facts: &SourceFacts) {
        let Some(before) = self.before.clone() else {
            return;
        };
        if facts.releases.is_none() {
            for release in before.releases {
                self.new_release(release);
            }
        }
        if facts.metadata.is_none() {
            for advisory in before.advisories {
                self.known_advisory(advisory);
            }
            let unknown =
                |known: &Disputed| !self.floor.disputed.iter().any(|one| one.id == known.id);
            self.snapshot
                .disputed
                .extend(before.disputed.into_iter().filter(unknown));
            let unknown = |known: &SupportWindow| self.floor.window(known.name).is_none();
            self.snapshot
                .series
                .extend(before.series.into_iter().filter(unknown));
        }
    }

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
