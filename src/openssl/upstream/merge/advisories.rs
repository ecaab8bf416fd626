//! What is wrong with the releases: the union of everything upstream says and said.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::floor::{raised, united};
use super::{Joining, SourceFacts, some_of};
use crate::openssl::advisory::{Advisory, AffectedRange, CveId, Severity};
use crate::openssl::upstream::Snapshot;
use crate::openssl::upstream::metadata::Metadata;
use crate::openssl::upstream::vulnerability_page::ListedVulnerability;

const TREE: &str = "metadata";
const PAGE: &str = "vulnerability-page";

impl Joining {
    pub(super) fn advisories(&mut self, facts: &SourceFacts) {
        if let Some(metadata) = &facts.metadata {
            self.withdrawn(&metadata.value);
            self.recorded(&metadata.value);
            self.disputed(&metadata.value);
        }
        if let Some(page) = &facts.vulnerability_page {
            self.listed(&page.value, facts.metadata.is_some());
        }
    }

    /// Advisories that are built in, or were known, and have no record any more.
    fn withdrawn(&mut self, metadata: &Metadata) {
        let recorded: BTreeSet<CveId> = metadata
            .published
            .iter()
            .map(|published| published.advisory.id)
            .collect();
        let ids = |snapshot: &Snapshot| -> BTreeSet<CveId> {
            snapshot.advisories.iter().map(|known| known.id).collect()
        };
        let floor = ids(&self.floor);
        let known = self.before.as_ref().map(ids).unwrap_or_default();
        let gone: Vec<CveId> = floor
            .union(&known)
            .filter(|id| !recorded.contains(id))
            .copied()
            .collect();
        for rejected in [true, false] {
            for built_in in [true, false] {
                let names: Vec<String> = gone
                    .iter()
                    .filter(|id| metadata.rejected.contains(id) == rejected)
                    .filter(|id| floor.contains(id) == built_in)
                    .map(CveId::to_string)
                    .collect();
                if !names.is_empty() {
                    let what = if rejected {
                        "were rejected upstream"
                    } else {
                        "are no longer listed upstream"
                    };
                    let then = if built_in {
                        "they are built in and still count"
                    } else {
                        "they count only where another source lists them"
                    };
                    let names = some_of(&names);
                    self.note(
                        TREE,
                        format!("advisories withdrawn upstream: {names} {what}; {then}"),
                    );
                }
            }
        }
    }

    /// The records: the newest wording counts, and of what is built in only where it says more.
    fn recorded(&mut self, metadata: &Metadata) {
        let texts: BTreeSet<CveId> = metadata.announced.values().flatten().copied().collect();
        for published in &metadata.published {
            let undated = published.advisory.published == Date::MAX;
            let live = self.in_time(published.advisory.clone());
            let before = self.before.as_ref().unwrap_or(&self.floor);
            let before = before
                .advisory(live.id)
                .or(self.floor.advisory(live.id))
                .cloned();
            let live = match &before {
                Some(before) if undated => Advisory {
                    published: before.published,
                    ..live
                },
                _ => live,
            };
            match before {
                None => {
                    let (id, day, since) = (live.id, live.published, self.known_since);
                    self.known_advisory(live);
                    if day < since {
                        self.note(TREE, format!("{id} was added late: it is dated {day}, and was not there on {since}"));
                    }
                }
                // The record cannot be read today; the parser says so, and what it said before is
                // better than the text.
                Some(before) if published.from_text => {
                    let known = match self.floor.advisory(live.id) {
                        Some(_) => before,
                        None => reworded(&before, live),
                    };
                    self.known_advisory(known);
                }
                // What a text says of series goes only where a text says otherwise.
                Some(before) if !texts.contains(&live.id) => {
                    let live = Advisory {
                        unaffected: before.unaffected.clone(),
                        unanalysed: before.unanalysed.clone(),
                        premium: united(&live.premium, &before.premium),
                        ..live
                    };
                    self.amended(&before, live);
                }
                Some(before) => self.amended(&before, live),
            }
        }
    }

    /// A record of what was known before.
    fn amended(&mut self, before: &Advisory, live: Advisory) {
        let live = readable(before, live);
        let changes = amendments(before, &live);
        let live = Advisory {
            title: live.title.or_else(|| before.title.clone()),
            ..live
        };
        let lowered = self.floor.advisory(live.id).is_some_and(|floor| {
            let raised = raised(floor, &live);
            !live.affected.is_empty() && !amendments(&raised, &live).is_empty()
        });
        let id = live.id;
        // A record without ranges is a mistake: nothing becomes unaffected by it.
        self.known_advisory(if live.affected.is_empty() {
            Advisory {
                affected: before.affected.clone(),
                ..live
            }
        } else {
            live
        });
        if !changes.is_empty() {
            let built_in = if lowered {
                "; what is built in says more and still counts"
            } else {
                ""
            };
            self.note(
                TREE,
                format!(
                    "{id} was amended upstream: {}{built_in}",
                    changes.join("; ")
                ),
            );
        }
    }

    /// Takes an advisory in: as it is, or where it is built in with what it adds to that.
    pub(super) fn known_advisory(&mut self, advisory: Advisory) {
        let advisory = self.in_time(advisory);
        let advisory = match self.floor.advisory(advisory.id) {
            Some(floor) => raised(floor, &advisory),
            None => advisory,
        };
        self.snapshot
            .advisories
            .retain(|known| known.id != advisory.id);
        self.snapshot.advisories.push(advisory);
    }

    /// What is public was published today at the latest.
    fn in_time(&self, advisory: Advisory) -> Advisory {
        Advisory {
            published: advisory.published.min(self.days.latest),
            ..advisory
        }
    }

    fn disputed(&mut self, metadata: &Metadata) {
        let disputed = &mut self.snapshot.disputed;
        disputed.retain(|known| !metadata.disputed.iter().any(|live| live.id == known.id));
        disputed.extend(metadata.disputed.iter().cloned());
    }

    /// The page: a cross-check, and where it alone names an advisory, its source.
    fn listed(&mut self, page: &[ListedVulnerability], records_are_there: bool) {
        let disputed: BTreeSet<CveId> = self
            .snapshot
            .disputed
            .iter()
            .map(|disputed| disputed.id)
            .collect();
        for listed in page.iter().filter(|listed| !disputed.contains(&listed.id)) {
            match self
                .snapshot
                .advisories
                .iter()
                .find(|known| known.id == listed.id)
            {
                None => {
                    let since = self
                        .before
                        .as_ref()
                        .and_then(|before| before.advisory(listed.id));
                    let since = since.map_or(self.days.today, |before| before.published);
                    self.known_advisory(alone(listed, since));
                    self.note(
                        PAGE,
                        format!(
                            "{} stands only here, it has no record: it counts as the page has it",
                            listed.id
                        ),
                    );
                }
                Some(known) => {
                    for text in disagreements(known, listed, records_are_there) {
                        self.note(PAGE, text);
                    }
                }
            }
        }
        let there: BTreeSet<CveId> = page.iter().map(|listed| listed.id).collect();
        let Some(oldest) = there.first() else { return };
        let missing = self
            .snapshot
            .advisories
            .iter()
            .map(|known| known.id)
            .filter(|id| id > oldest && !there.contains(id));
        let missing: Vec<String> = missing.map(|id| id.to_string()).collect();
        if !missing.is_empty() {
            self.note(PAGE, format!("does not list {}", some_of(&missing)));
        }
    }
}

/// What is known of an advisory without a readable record: what was known before, and what its text
/// says by now.
fn reworded(before: &Advisory, live: Advisory) -> Advisory {
    let unread = |advisory: &Advisory| advisory.affected.iter().all(AffectedRange::is_unread);
    let published = live.published.min(before.published);
    if unread(&live) {
        before.clone()
    } else if unread(before) {
        Advisory { published, ..live }
    } else {
        raised(before, &live)
    }
}

/// What a record says now, where a part of it cannot be read and all of it could be before: that
/// part says what it said.
fn readable(before: &Advisory, live: Advisory) -> Advisory {
    let is_unread = |advisory: &Advisory| advisory.affected.iter().any(AffectedRange::is_unread);
    if is_unread(before) || !is_unread(&live) {
        return live;
    }
    let mut affected = live.affected;
    affected.retain(|range| !range.is_unread());
    if !affected.is_empty() {
        let missing = before.affected.iter();
        let missing: Vec<AffectedRange> = missing
            .filter(|range| !affected.contains(range))
            .cloned()
            .collect();
        affected.extend(missing);
    }
    Advisory { affected, ..live }
}

/// An advisory that only the page knows, which gives it no date: it was public on the day it was
/// first seen at the latest.
fn alone(listed: &ListedVulnerability, seen: Date) -> Advisory {
    Advisory {
        id: listed.id,
        severity: listed.severity.clone().unwrap_or(Severity::Unknown),
        published: seen,
        title: None,
        url: None,
        cwe: Vec::new(),
        affected: if listed.affected.is_empty() {
            vec![AffectedRange::of_the_rest(AffectedRange::NOT_READ)]
        } else {
            listed.affected.clone()
        },
        unaffected: Vec::new(),
        unanalysed: Vec::new(),
        premium: Vec::new(),
    }
}

/// What a record says otherwise than before.
fn amendments(known: &Advisory, live: &Advisory) -> Vec<String> {
    let mut changes = Vec::new();
    if known.severity != live.severity {
        changes.push(format!(
            "severity `{}` is now `{}`",
            known.severity, live.severity
        ));
    }
    if known.published != live.published {
        changes.push(format!(
            "its date `{}` is now `{}`",
            known.published, live.published
        ));
    }
    if live.affected.is_empty() && !known.affected.is_empty() {
        changes.push(format!(
            "it names no affected versions any more; `{}` still counts",
            in_words(&known.affected)
        ));
    } else if ranges(&known.affected) != ranges(&live.affected) {
        changes.push(format!(
            "affected was `{}` and is now `{}`",
            in_words(&known.affected),
            in_words(&live.affected)
        ));
    }
    if let (Some(before), Some(now)) = (&known.title, &live.title)
        && before != now
    {
        changes.push(format!("its title was `{before}` and is now `{now}`"));
    }
    changes
}

/// Where page and record say different things. Without records the page may be the newer, so it
/// counts only as a warning either way.
fn disagreements(
    known: &Advisory,
    listed: &ListedVulnerability,
    records_are_there: bool,
) -> Vec<String> {
    let there = if records_are_there {
        "in its record"
    } else {
        "as known before"
    };
    let mut texts = Vec::new();
    if let Some(severity) = listed
        .severity
        .as_ref()
        .filter(|severity| severity.is_rated() && known.severity.is_rated())
        && *severity != known.severity
    {
        texts.push(format!(
            "the severity of {} is `{severity}` here and `{}` {there}, which counts",
            known.id, known.severity
        ));
    }
    if !listed.affected.is_empty() && ranges(&known.affected) != ranges(&listed.affected) {
        let (here, record) = (in_words(&listed.affected), in_words(&known.affected));
        texts.push(format!(
            "{} affects `{here}` here and `{record}` {there}, which counts",
            known.id
        ));
    }
    texts
}

/// The ranges in an order of their own: upstream's says nothing.
fn ranges(affected: &[AffectedRange]) -> BTreeSet<String> {
    affected.iter().map(range).collect()
}

fn in_words(affected: &[AffectedRange]) -> String {
    let ranges: Vec<String> = affected.iter().map(range).collect();
    if ranges.is_empty() {
        "no version".to_owned()
    } else {
        ranges.join(", ")
    }
}

fn range(range: &AffectedRange) -> String {
    match (&range.before, &range.through) {
        (Some(before), _) => format!("from {} before {before}", range.from),
        (None, Some(through)) => format!("from {} through {through}", range.from),
        (None, None) => format!("from {}", range.from),
    }
}
