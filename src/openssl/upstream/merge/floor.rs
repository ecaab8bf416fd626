//! What is built in is a floor: sources and cached views add to it, and nothing lowers it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::openssl::advisory::{Advisory, AffectedRange, CorrectedRange};
use crate::openssl::upstream::{Release, Snapshot, SupportWindow};

/// What a source says of a built-in advisory, where that says more: the earlier date, the higher
/// severity, the ranges of both, and of series that were not looked at those of both.
pub(super) fn raised(floor: &Advisory, live: &Advisory) -> Advisory {
    let missing = |of: &[AffectedRange], by: &[AffectedRange]| -> Vec<AffectedRange> {
        of.iter()
            .filter(|range| {
                !by.contains(range) && !by.iter().any(|other| covers(floor, other, range))
            })
            .cloned()
            .collect()
    };
    let kept = missing(&floor.affected, &live.affected);
    let mut affected = missing(&live.affected, &kept);
    affected.extend(kept);
    let unanalysed = united(&floor.unanalysed, &live.unanalysed);
    // Where the text is built in, nobody adds a series that it does not call unaffected.
    let worded = !floor.unaffected.is_empty() || !floor.unanalysed.is_empty();
    let mut unaffected = if worded { floor } else { live }.unaffected.clone();
    unaffected.retain(|series| !unanalysed.contains(series));
    Advisory {
        id: floor.id,
        severity: live.severity.clone().max(floor.severity.clone()),
        published: live.published.min(floor.published),
        title: live.title.clone().or_else(|| floor.title.clone()),
        url: live.url.clone().or_else(|| floor.url.clone()),
        cwe: live.cwe.clone(),
        affected,
        unaffected,
        unanalysed,
        premium: united(&floor.premium, &live.premium),
    }
}

/// Both lists in one, ascending.
pub(super) fn united<T: Ord + Copy>(one: &[T], other: &[T]) -> Vec<T> {
    let all: BTreeSet<T> = one.iter().chain(other).copied().collect();
    all.into_iter().collect()
}

/// Whether every version of `range` is in `other` too, with a fix in the same series.
fn covers(advisory: &Advisory, other: &AffectedRange, range: &AffectedRange) -> bool {
    let corrected = |range: &AffectedRange| -> Option<CorrectedRange> {
        let alone = Advisory {
            affected: vec![range.clone()],
            ..advisory.clone()
        };
        alone.corrected().pop()
    };
    match (corrected(other), corrected(range)) {
        (Some(other), Some(range)) => {
            other.from <= range.from
                && match (other.before, range.before) {
                    (Some(other), Some(range)) => {
                        other >= range && other.series() == range.series()
                    }
                    (None, None) => other.from.series() == range.from.series(),
                    _ => false,
                }
        }
        _ => false,
    }
}

/// Whether a view that comes from elsewhere knows everything that is built in, and speaks of no day
/// that is still to come.
pub fn holds(floor: &Snapshot, view: &Snapshot, latest: Date) -> bool {
    let days = view.releases.iter().map(|release| release.date);
    let published = view.advisories.iter().map(|advisory| advisory.published);
    // The same order on both sides makes one pass of it.
    let releases = follows(
        &floor.releases,
        &view.releases,
        |release| release.version,
        holds_release,
    );
    let advisories = follows(
        &floor.advisories,
        &view.advisories,
        |advisory| advisory.id,
        |floor, known| {
            let raised = raised(floor, known);
            raised.severity == known.severity
                && raised.published == known.published
                && raised.affected == known.affected
                && raised.unaffected == known.unaffected
                && raised.unanalysed == known.unanalysed
                && raised.premium == known.premium
        },
    );
    let series = follows(
        &floor.series,
        &view.series,
        |window| window.name,
        holds_window,
    );
    days.chain(published).all(|day| day <= latest) && releases && advisories && series
}

/// Whether each of an ascending list stands in another one, as `holds` wants it.
fn follows<T, K: Ord>(
    floor: &[T],
    view: &[T],
    name: impl Fn(&T) -> K,
    holds: impl Fn(&T, &T) -> bool,
) -> bool {
    let mut rest = view.iter();
    floor.iter().all(|floor| {
        rest.find(|known| name(known) >= name(floor))
            .is_some_and(|known| name(known) == name(floor) && holds(floor, known))
    }) && view.is_sorted_by_key(name)
}

fn holds_release(floor: &Release, known: &Release) -> bool {
    fn kept<T: PartialEq>(floor: &Option<T>, known: &Option<T>) -> bool {
        floor.is_none() || floor == known
    }
    floor.date == known.date
        && floor.withdrawn == known.withdrawn
        && kept(&floor.size, &known.size)
        && kept(&floor.url, &known.url)
        && kept(&floor.commit, &known.commit)
        && kept(&floor.hashes.sha256, &known.hashes.sha256)
        && kept(&floor.hashes.sha512, &known.hashes.sha512)
        && kept(&floor.hashes.sha1, &known.hashes.sha1)
        && kept(&floor.hashes.md5, &known.hashes.md5)
}

/// A later end needs two sources, which a view does not name: it is made anew then.
fn holds_window(floor: &SupportWindow, known: &SupportWindow) -> bool {
    floor
        .eol
        .is_none_or(|end| known.eol.is_some_and(|known| known <= end))
}
