//! What a link uses, and the places that say so.

use std::fmt;

use crate::openssl::version::Version;

/// What a link uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The version. Where a bump was begun by hand, the one it began from.
    pub version: Version,
    /// Every place that says a version, in the order of the pins.
    pub places: Vec<Place>,
}

/// One place that says a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the project.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The version it says.
    pub version: Version,
    /// Whether its file may hold a version of its own (`mixed`).
    pub mixed: bool,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` line {}", self.file, self.line)
    }
}

impl Linked {
    /// Whether every place stands at this version.
    #[must_use]
    pub fn stands_at(&self, version: Version) -> bool {
        self.version == version && self.places.iter().all(|place| place.version == version)
    }
}
