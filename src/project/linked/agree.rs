//! One version out of what all places say.

use super::place::{Linked, VersionPlace};
use super::spelling;
use super::text::Occurrence;
use crate::openssl::assessment::SeriesPolicy;
use crate::openssl::version::Version;
use crate::project::config::{Link, Pin};
use crate::project::file_entry::line_of;
use crate::project::pattern::Placeholder;
use crate::text::fault::Fault;

/// What was found of one link.
#[derive(Debug, Default)]
pub(super) struct LinkEvidence {
    /// Places that must agree.
    pub(super) places: Vec<VersionPlace>,
    /// Places whose file may hold a version of its own.
    pub(super) mixed: Vec<VersionPlace>,
    /// The highest entry of each table.
    pub(super) tables: Vec<VersionPlace>,
    /// The highest entry of each series of each table that may go its own way.
    pub(super) series: Vec<VersionPlace>,
    /// Places that hold what is known of one release.
    pub(super) fingerprints: Vec<VersionPlace>,
    /// Places that say a part of a version.
    pub(super) parts: Vec<VersionPart>,
}

/// A place that says a part of a version.
#[derive(Debug)]
pub(super) struct VersionPart {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) slot: Placeholder,
    pub(super) text: String,
}

impl LinkEvidence {
    pub(super) fn place(&mut self, pin: &Pin, file: &str, line: usize, version: Version) {
        let place = VersionPlace {
            file: file.to_owned(),
            line,
            version,
            mixed: pin.mixed,
        };
        if pin.mixed {
            self.mixed.push(place);
        } else {
            self.places.push(place);
        }
    }

    /// The highest entries of a pin's tables in one file, one for each series.
    pub(super) fn table(&mut self, pin: &Pin, mut highest: Vec<VersionPlace>) {
        self.tables.extend(highest.last().cloned());
        if pin.mixed {
            self.series.append(&mut highest);
        }
    }

    /// A version whose numbers stand apart in one file: `{major}`, `{minor}` and `{patch}`, or
    /// `{series}` and `{patch}`.
    pub(super) fn assemble(&mut self, pin: &Pin, path: &str, found: &[Occurrence<'_>], text: &str) {
        let slots = || found.iter().flat_map(Occurrence::slots);
        let part = |wanted: Placeholder| {
            slots()
                .find(|(slot, _)| *slot == wanted)
                .map(|(_, range)| &text[range])
        };
        let numbers = || {
            Some(format!(
                "{}.{}",
                part(Placeholder::Major)?,
                part(Placeholder::Minor)?
            ))
        };
        let series = part(Placeholder::Series)
            .filter(|series| series.split('.').count() == 2)
            .map(str::to_owned)
            .or_else(numbers);
        let Some((series, patch)) = series.zip(part(Placeholder::Patch)) else {
            return;
        };
        if let Ok(version) = format!("{series}.{patch}").parse() {
            let start = slots()
                .find(|(slot, _)| *slot == Placeholder::Patch)
                .map_or(0, |(_, range)| range.start);
            self.place(pin, path, line_of(text.as_bytes(), start), version);
        }
    }

    /// The version of the link.
    pub(super) fn settle(
        mut self,
        link: &Link,
        target_of: &dyn Fn(Version) -> Option<Version>,
    ) -> Result<Linked, Fault> {
        let keeps = link.series == SeriesPolicy::Keep;
        // What a table keeps of a series that has ended is history, what a file uses is not.
        let rests = self.mixed.iter().map(|place| place.version).min();
        let rests = rests.or(self.series.iter().map(|place| place.version).max());
        if keeps && !self.series.is_empty() {
            self.tables.retain(|place| !place.mixed);
            self.mixed.append(&mut self.series);
        }
        let stated = if !self.places.is_empty() {
            &self.places
        } else if self.mixed.is_empty() && !self.tables.is_empty() {
            &self.tables
        } else if self.mixed.is_empty() {
            &self.fingerprints
        } else {
            let moving = mixed_version(&self.mixed, keeps, target_of);
            let version = moving.or(rests).unwrap_or(self.mixed[0].version);
            return Ok(self.linked(version));
        };
        let Some(first) = stated.first() else {
            return Err(Fault::usage(format!(
                "no pin of link `{}` says a version; add one with `{{version}}`",
                link.name
            )));
        };
        let version = agreed(link, first, stated, target_of)?;
        // A digest of another release: the bump to this version was begun by hand and not finished.
        let begun_from = self
            .fingerprints
            .iter()
            .map(|place| place.version)
            .find(|other| *other != version && target_of(*other) == Some(version));
        let version = begun_from.unwrap_or(version);
        let target = target_of(version);
        for part in &self.parts {
            let stands = |version: Version| {
                spelling::spell(part.slot, version).is_some_and(|text| text == part.text)
            };
            if !stands(version)
                && !target.is_some_and(stands)
                && !self.places.iter().any(|place| stands(place.version))
            {
                return Err(Fault::usage(format!(
                    "the pins of link `{}` disagree: {first} says {}, `{}` line {} says {} `{}`",
                    link.name,
                    first.version,
                    part.file,
                    part.line,
                    part.slot.name(),
                    part.text,
                )));
            }
        }
        Ok(self.linked(version))
    }

    fn linked(self, version: Version) -> Linked {
        Linked {
            version,
            places: self.into_places(),
        }
    }

    /// Every place that says a version; where none does, those that tell one.
    pub(super) fn into_places(self) -> Vec<VersionPlace> {
        let mut places = self.places;
        places.extend(self.mixed);
        places.extend(self.tables);
        if places.is_empty() {
            self.fingerprints
        } else {
            places
        }
    }
}

/// The version that all places say, or that the ones that are behind say where the others stand at
/// its target.
fn agreed(
    link: &Link,
    first: &VersionPlace,
    stated: &[VersionPlace],
    target_of: &dyn Fn(Version) -> Option<Version>,
) -> Result<Version, Fault> {
    let Some(second) = stated.iter().find(|place| place.version != first.version) else {
        return Ok(first.version);
    };
    let only_two = stated
        .iter()
        .all(|place| place.version == first.version || place.version == second.version);
    if only_two && target_of(first.version) == Some(second.version) {
        return Ok(first.version);
    }
    if only_two && target_of(second.version) == Some(first.version) {
        return Ok(second.version);
    }
    Err(Fault::usage(format!(
        "the pins of link `{}` disagree: {first} says {}, {second} says {}; make them agree, or set `mixed = true` on the pins whose files may differ",
        link.name, first.version, second.version,
    )))
}

/// Of files that each hold their own version, the lowest that policy would move. Where policy keeps the series, a target asked for concerns the files that are in its series, or
/// else in its numbering.
fn mixed_version(
    places: &[VersionPlace],
    keeps: bool,
    target_of: &dyn Fn(Version) -> Option<Version>,
) -> Option<Version> {
    let mut versions: Vec<Version> = places.iter().map(|place| place.version).collect();
    versions.sort_unstable();
    versions.dedup();
    let moving: Vec<(Version, Version)> = versions
        .iter()
        .filter_map(|version| {
            Some((
                *version,
                target_of(*version).filter(|target| target != version)?,
            ))
        })
        .collect();
    let nearest = |kin: &dyn Fn(Version, Version) -> bool| {
        moving
            .iter()
            .find(|(version, target)| kin(*version, *target))
    };
    let related = || {
        nearest(&|one, other| one.series() == other.series())
            .or_else(|| nearest(&|one, other| (one.major() < 3) == (other.major() < 3)))
    };
    related()
        .filter(|_| keeps)
        .or(moving.first())
        .map(|(version, _)| *version)
}
