//! Text pins: where their patterns stand in a file.

use std::ops::Range;

use super::spelling;
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::config::{Count, Pin, TextPin, Within};
use crate::project::file_entry::line_of;
use crate::project::pattern::{Match, Pattern, Placeholder};
use crate::text::fault::Fault;

/// One place where a pattern stands.
#[derive(Debug)]
pub(crate) struct Occurrence<'a> {
    pub(crate) pattern: &'a Pattern,
    pub(crate) found: Match,
    /// The version it says by itself.
    pub(crate) version: Option<Version>,
}

impl Occurrence<'_> {
    /// The placeholders with where their values stand.
    pub(crate) fn slots(&self) -> impl Iterator<Item = (Placeholder, Range<usize>)> {
        self.pattern.slots().zip(self.found.slots.iter().cloned())
    }
}

/// Every place where the pin stands in a file, after `within` and `series`.
pub(crate) fn occurrences<'a>(
    pin: &'a Pin,
    text_pin: &'a TextPin,
    path: &str,
    text: &str,
    releases: &[Release],
) -> Result<Vec<Occurrence<'a>>, Fault> {
    let blocks = blocks(pin, text_pin, path, text)?;
    let mut all = Vec::new();
    for pattern in &text_pin.matches {
        let found = blocks
            .iter()
            .flat_map(|block| pattern.find(text, block.clone()));
        all.push(
            found
                .map(|found| occurrence(pattern, found, text_pin, path, text))
                .collect::<Result<Vec<_>, _>>()?,
        );
    }
    if text_pin.series.is_some() {
        keep_series(text_pin, &mut all, text, releases);
    }
    for (pattern, found) in text_pin.matches.iter().zip(&all) {
        check_count(pin, text_pin, pattern, found, path, text)?;
    }
    Ok(all.into_iter().flatten().collect())
}

fn occurrence<'a>(
    pattern: &'a Pattern,
    found: Match,
    text_pin: &TextPin,
    path: &str,
    text: &str,
) -> Result<Occurrence<'a>, Fault> {
    let mut version = None;
    for (slot, range) in pattern
        .slots()
        .zip(&found.slots)
        .filter(|(slot, _)| slot.is_version())
    {
        match spelling::version(slot, &text[range.clone()]) {
            // Where a file says several versions of one thing, the first decides which series the
            // place is in.
            Some(read) => version = version.or(Some(read)),
            None if text_pin.series.is_some() => {}
            None => {
                let line = line_of(text.as_bytes(), range.start);
                return Err(Fault::usage(format!(
                    "`{path}` line {line}: `{}` is not an OpenSSL version",
                    &text[range.clone()]
                )));
            }
        }
    }
    Ok(Occurrence {
        pattern,
        found,
        version,
    })
}

/// The blocks that `within` limits a pin to; without it the whole file.
pub(crate) fn blocks(
    pin: &Pin,
    text_pin: &TextPin,
    path: &str,
    text: &str,
) -> Result<Vec<Range<usize>>, Fault> {
    let Some(Within { from, to }) = &text_pin.within else {
        return Ok(std::iter::once(0..text.len()).collect());
    };
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(start) = from.find(text, at..text.len()).next() {
        let Some(to) = to else {
            blocks.push(start.range.start..text.len());
            break;
        };
        let Some(end) = to.find(text, start.range.end..text.len()).next() else {
            let line = line_of(text.as_bytes(), start.range.start);
            return Err(Fault::usage(format!(
                "`{path}` line {line}: the block that starts with `{from}` has no `{to}` after it ({})",
                pin.place
            )));
        };
        at = end.range.end.max(at + 1);
        blocks.push(start.range.start..end.range.end);
    }
    if blocks.is_empty() && text_pin.count != Count::Any {
        return Err(Fault::usage(format!(
            "{}: `{path}` has no block from `{from}` to {}",
            pin.place,
            to.as_ref()
                .map_or_else(|| "its end".to_owned(), |to| format!("`{to}`"))
        )));
    }
    Ok(blocks)
}

/// Leaves only what is now in the pin's series. What says no version belongs to the release that
/// its address names or its digest or size is known of, else to the place before it.
fn keep_series(
    text_pin: &TextPin,
    all: &mut [Vec<Occurrence<'_>>],
    text: &str,
    releases: &[Release],
) {
    let owners = Owners::of(all.iter().flatten(), text, releases);
    for places in all {
        places.retain(|place| {
            owners.version(place).map(|version| version.series()) == text_pin.series
        });
    }
}

/// The version that each place belongs to, where one text holds several.
pub(crate) fn versions<'a>(
    places: &'a [Occurrence<'a>],
    text: &str,
    releases: &[Release],
) -> impl Iterator<Item = Option<Version>> {
    let owners = Owners::of(places.iter(), text, releases);
    places.iter().map(move |place| owners.version(place))
}

/// Where a text says which version, sorted: a place that says none belongs to the one before it.
struct Owners(Vec<(usize, Version)>);

impl Owners {
    fn of<'a, 'p: 'a>(
        places: impl Iterator<Item = &'a Occurrence<'p>>,
        text: &str,
        releases: &[Release],
    ) -> Self {
        let told = |place: &Occurrence<'_>| match place.pattern.says_version() {
            true => place.version,
            false => place
                .slots()
                .find_map(|(slot, range)| spelling::told(slot, &text[range], releases)),
        };
        let mut versions: Vec<(usize, Version)> = places
            .filter_map(|place| Some((place.found.range.start, told(place)?)))
            .collect();
        versions.sort_by_key(|(start, _)| *start);
        Self(versions)
    }

    fn version(&self, place: &Occurrence<'_>) -> Option<Version> {
        if place.pattern.says_version() {
            return place.version;
        }
        let at = place.found.range.start;
        let after = self.0.partition_point(|(start, _)| *start <= at);
        let nearest = self.0.get(after.saturating_sub(1));
        nearest.map(|(_, version)| *version)
    }
}

fn check_count(
    pin: &Pin,
    text_pin: &TextPin,
    pattern: &Pattern,
    found: &[Occurrence<'_>],
    path: &str,
    text: &str,
) -> Result<(), Fault> {
    let Count::Exactly(wanted) = text_pin.count else {
        return Ok(());
    };
    if found.len() == wanted {
        return Ok(());
    }
    let of_series = text_pin
        .series
        .map_or_else(String::new, |series| format!(" of series {series}"));
    let Some(first) = found.first() else {
        return Err(Fault::usage(format!(
            "{}: nothing in `{path}`{of_series} matches `{pattern}`",
            pin.place
        )));
    };
    let lines: Vec<usize> = found
        .iter()
        .take(5)
        .map(|place| line_of(text.as_bytes(), place.found.range.start))
        .collect();
    Err(Fault::usage(format!(
        "`{path}` line {}: `{pattern}`{of_series} matches {} ({}), where {} asks for {wanted}; make the pattern longer, limit it with `within`, or set `count = {}`",
        line_of(text.as_bytes(), first.found.range.start),
        crate::text::count(found.len(), "time", "times"),
        if lines.len() == 1 {
            format!("line {}", lines[0])
        } else {
            format!("lines {}", crate::text::in_words(lines))
        },
        pin.place,
        found.len(),
    )))
}
