//! What is wrong with the releases: the union of everything upstream says and said.

use std::collections::BTreeSet;

use super::{Facts, Joining, some_of};
use jiff::civil::Date;

use crate::openssl::advisory::{Advisory, AffectedRange, CveId, Severity};
use crate::openssl::upstream::metadata::Metadata;
use crate::openssl::upstream::vulnerability_page::Listed;

const TREE: &str = "metadata";
const PAGE: &str = "vulnerability-page";

impl Joining {
    pub(super) fn advisories(&mut self, facts: &Facts) {
        if let Some(metadata) = &facts.metadata {
            self.withdrawn(&metadata.value);
            self.recorded(&metadata.value);
            self.disputed(&metadata.value);
        }
        if let Some(page) = &facts.vulnerability_page {
            self.listed(&page.value, facts.metadata.is_some());
        }
    }

    /// Advisories that were known and have no record any more.
    fn withdrawn(&mut self, metadata: &Metadata) {
        let recorded: BTreeSet<CveId> = metadata
            .published
            .iter()
            .map(|published| published.advisory.id)
            .collect();
        let gone: Vec<CveId> = self
            .snapshot
            .advisories
            .iter()
            .map(|known| known.id)
            .filter(|id| !recorded.contains(id))
            .collect();
        let (rejected, unlisted): (Vec<CveId>, Vec<CveId>) = gone
            .into_iter()
            .partition(|id| metadata.rejected.contains(id));
        for (ids, what) in [
            (rejected, "were rejected upstream"),
            (unlisted, "are no longer listed upstream"),
        ] {
            if !ids.is_empty() {
                let names: Vec<String> = ids.iter().map(CveId::to_string).collect();
                self.note(
                    TREE,
                    format!(
                        "advisories withdrawn upstream: {} {what}; they are kept and still count",
                        some_of(&names)
                    ),
                );
            }
        }
    }

    /// The records: new ones are added, and of known ones the newest wording counts.
    fn recorded(&mut self, metadata: &Metadata) {
        for published in &metadata.published {
            let live = &published.advisory;
            match self
                .snapshot
                .advisories
                .iter_mut()
                .find(|known| known.id == live.id)
            {
                None => {
                    let (id, day, since) = (live.id, live.published, self.known_since);
                    self.snapshot.advisories.push(live.clone());
                    if day < since {
                        self.note(TREE, format!("{id} was added late: it is dated {day}, and was not there on {since}"));
                    }
                }
                // The record cannot be read today; the parser says so, and what it said before is
                // better than the text.
                Some(_) if published.from_text => {}
                Some(known) => {
                    let changes = amendments(known, live);
                    let title = live.title.clone().or_else(|| known.title.take());
                    // A record without ranges is a mistake: nothing becomes unaffected by it.
                    let affected = if live.affected.is_empty() {
                        std::mem::take(&mut known.affected)
                    } else {
                        live.affected.clone()
                    };
                    *known = Advisory {
                        title,
                        affected,
                        ..live.clone()
                    };
                    if !changes.is_empty() {
                        self.note(
                            TREE,
                            format!("{} was amended upstream: {}", live.id, changes.join("; ")),
                        );
                    }
                }
            }
        }
    }

    fn disputed(&mut self, metadata: &Metadata) {
        let disputed = &mut self.snapshot.disputed;
        disputed.retain(|known| !metadata.disputed.iter().any(|live| live.id == known.id));
        disputed.extend(metadata.disputed.iter().cloned());
    }

    /// The page: a cross-check, and where it alone names an advisory, its source.
    fn listed(&mut self, page: &[Listed], records_are_there: bool) {
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
                    self.snapshot.advisories.push(alone(listed, self.today));
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

/// An advisory that only the page knows, which gives it no date: it was public today at the latest.
fn alone(listed: &Listed, today: Date) -> Advisory {
    Advisory {
        id: listed.id,
        severity: listed.severity.clone().unwrap_or(Severity::Unknown),
        published: today,
        title: None,
        url: None,
        cwe: Vec::new(),
        affected: listed.affected.clone(),
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
fn disagreements(known: &Advisory, listed: &Listed, records_are_there: bool) -> Vec<String> {
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
