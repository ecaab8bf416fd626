//! Lines that a commit added beside older ones of their shape, which stayed: a table grew.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::changed::ChangedFile;
use super::shaped::{Shaped, of_line};
use crate::openssl::version::{Series, Version};
use crate::project::discovery::value::sightings::Sightings;
use crate::project::discovery::value::slots::folded;

/// A line that a commit added beside older ones of its shape and series, which stayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gain {
    pub(crate) series: Series,
    /// Whether it came before them, or after; none: among them.
    pub(crate) before: Option<bool>,
}

/// What a commit added to lines that have one shape: a line of a series that others of that shape
/// were of already, and an older one of them stayed. Where it took the place of its series' only
/// line, or is the first of its series, nothing shows that lines are kept.
pub(crate) fn gains(
    known: &Sightings,
    file: &ChangedFile,
    removed: &[Shaped],
    added: &[Shaped],
) -> BTreeMap<String, Vec<Gain>> {
    let mut more: HashMap<String, isize> = HashMap::new();
    for (lines, by) in [(added, 1), (removed, -1)] {
        for line in lines.iter().filter(|line| !line.versions.is_empty()) {
            *more.entry(folded(&line.shape)).or_default() += by;
        }
    }
    more.retain(|_, more| *more > 0);
    let mut all = BTreeMap::new();
    if more.is_empty() || file.before.is_empty() {
        return all;
    }
    let listed = |text: &str| {
        let mut listed: HashMap<String, Vec<Version>> = HashMap::new();
        for line in text.lines().filter_map(|line| of_line(known, line)) {
            let shape = folded(&line.shape);
            if more.contains_key(&shape) {
                listed
                    .entry(shape)
                    .or_default()
                    .extend(line.versions.first());
            }
        }
        listed
    };
    let before = listed(&file.before);
    for (shape, after) in listed(&file.after) {
        let Some(before) = before.get(&shape) else {
            continue;
        };
        let before: HashSet<Version> = before.iter().copied().collect();
        let gains = gains_of(&before, &after);
        if !gains.is_empty() {
            all.insert(shape, gains);
        }
    }
    all
}

/// The same for the lines of one shape: the versions before, and those after in their order.
fn gains_of(before: &HashSet<Version>, after: &[Version]) -> Vec<Gain> {
    let mut gains: BTreeMap<Series, (Version, Gain)> = BTreeMap::new();
    let mut highest: HashMap<Series, Version> = HashMap::new();
    for version in before {
        let highest = highest.entry(version.series()).or_insert(*version);
        *highest = (*highest).max(*version);
    }
    // Where those that stayed stand, by series: the first and the last.
    let mut stayed: HashMap<Series, (usize, usize)> = HashMap::new();
    for (at, version) in after.iter().enumerate() {
        if before.contains(version) {
            stayed.entry(version.series()).or_insert((at, at)).1 = at;
        }
    }
    for (at, version) in after.iter().enumerate() {
        let series = version.series();
        let (Some(highest), Some((first, last))) = (highest.get(&series), stayed.get(&series))
        else {
            continue;
        };
        if before.contains(version) || version < highest {
            continue;
        }
        let side = (at < *first, at > *last);
        let gain = Gain {
            series,
            before: (side.0 != side.1).then_some(side.0),
        };
        let newest = gains.entry(series).or_insert((*version, gain));
        if newest.0 < *version {
            *newest = (*version, gain);
        }
    }
    gains.into_values().map(|(_, gain)| gain).collect()
}
