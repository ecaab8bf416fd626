//! Tables of versions that a bump adds an entry to.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry::{Occupied, Vacant};

use super::place::VersionPlace;
use super::{spelling, text};
use crate::openssl::version::{Series, Version};
use crate::project::config::{Insert, Pin, TextPin};
use crate::project::file_entry::line_of;
use crate::project::pattern::{Match, Pattern};
use crate::text::fault::Fault;

#[derive(Debug)]
pub(crate) struct ListedEntry {
    pub(crate) version: Version,
    pub(crate) found: Match,
}

/// The highest entry of each series in the pin's tables in a file, lowest first.
pub(super) fn highest(
    pin: &Pin,
    text_pin: &TextPin,
    path: &str,
    text: &str,
) -> Result<Vec<VersionPlace>, Fault> {
    let mut highest: BTreeMap<Series, VersionPlace> = BTreeMap::new();
    for insert in &text_pin.insert {
        for listed in entries(pin, text_pin, insert, path, text)? {
            let place = VersionPlace {
                file: path.to_owned(),
                line: line_of(text.as_bytes(), listed.found.range.start),
                version: listed.version,
                mixed: pin.mixed,
            };
            match highest.entry(listed.version.series()) {
                Occupied(known) if known.get().version >= listed.version => {}
                Occupied(mut known) => drop(known.insert(place)),
                Vacant(free) => drop(free.insert(place)),
            }
        }
    }
    Ok(highest.into_values().collect())
}

/// The entries of a table, in the order of the file: where the anchor stands with a version, else
/// where the first line of an entry does.
pub(crate) fn entries(
    pin: &Pin,
    text_pin: &TextPin,
    insert: &Insert,
    path: &str,
    text: &str,
) -> Result<Vec<ListedEntry>, Fault> {
    let by_anchor = listed(pin, text_pin, &insert.anchor, path, text)?;
    if insert.anchor.says_version() {
        return Ok(by_anchor);
    }
    match insert.text.first_line().filter(Pattern::says_version) {
        Some(line) => listed(pin, text_pin, &line, path, text),
        None => Ok(Vec::new()),
    }
}

/// Where a pattern stands with a version of the pin's series.
fn listed(
    pin: &Pin,
    text_pin: &TextPin,
    pattern: &Pattern,
    path: &str,
    text: &str,
) -> Result<Vec<ListedEntry>, Fault> {
    let mut list = Vec::new();
    for block in text::blocks(pin, text_pin, path, text)? {
        for found in pattern.find(text, block) {
            let mut slots = pattern.slots().zip(&found.slots);
            let version =
                slots.find_map(|(slot, range)| spelling::version(slot, &text[range.clone()]));
            if let Some(version) = version.filter(|version| {
                text_pin
                    .series
                    .is_none_or(|series| version.series() == series)
            }) {
                list.push(ListedEntry { version, found });
            }
        }
    }
    Ok(list)
}
