//! What a link uses, and the places that say so.

use std::collections::BTreeMap;
use std::fmt;

use crate::openssl::version::Version;

/// What a link uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The version. Where a bump was begun by hand, the one it began from.
    pub version: Version,
    /// Every place that says a version, in the order of the pins.
    pub places: Vec<VersionPlace>,
}

/// One place that says a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionPlace {
    /// The file, relative to the project.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    pub version: Version,
    /// Whether its file may hold a version of its own (`mixed`).
    pub mixed: bool,
}

impl fmt::Display for VersionPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` line {}", self.file, self.line)
    }
}

impl Linked {
    /// The lowest version of each series among the places that may hold a version of their own;
    /// none where other places say which version is meant.
    pub fn several(&self) -> Vec<Version> {
        let mut lowest = BTreeMap::new();
        for place in &self.places {
            if !place.mixed {
                return Vec::new();
            }
            let of_series = lowest
                .entry(place.version.series())
                .or_insert(place.version);
            *of_series = place.version.min(*of_series);
        }
        lowest.into_values().collect()
    }
}
