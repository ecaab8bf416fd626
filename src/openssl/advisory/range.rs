//! Ranges of affected versions as upstream publishes them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::openssl::version::Version;

/// One end of an affected range, as upstream wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// A library version.
    Version(Version),
    /// Something else: `fips-1.1.1`, `0.9.6-cvs`.
    Other(String),
}

impl Bound {
    /// Reads a bound. Never fails: what is no version is kept.
    pub fn read(text: &str) -> Self {
        text.trim().parse().map_or_else(
            |_| Self::Other(crate::text::short_line(text, 80)),
            Self::Version,
        )
    }

    /// The version, where it is one.
    pub fn version(&self) -> Option<Version> {
        match self {
            Self::Version(version) => Some(*version),
            Self::Other(_) => None,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => version.fmt(f),
            Self::Other(text) => f.pad(text),
        }
    }
}

impl Serialize for Bound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::read(&text))
    }
}

/// A range of affected versions as upstream published it: from `from` on, up to but without
/// `before`, or up to and with `through`. Without either it has no known end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedRange {
    /// The first affected version.
    pub from: Bound,
    /// The first version that is not affected any more (`lessThan`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Bound>,
    /// The last affected version (`lessThanOrEqual`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<Bound>,
}

impl AffectedRange {
    /// What stands for the start of a range that could not be read.
    pub(crate) const NOT_READ: &str = "not read";

    /// Every version of the series that no other range of its advisory names; `why` stands where
    /// the first version should.
    pub(crate) fn of_the_rest(why: &str) -> Self {
        Self {
            from: Bound::Other(why.to_owned()),
            before: None,
            through: None,
        }
    }

    /// Whether it stands for what could not be read.
    pub(crate) fn is_unread(&self) -> bool {
        matches!(&self.from, Bound::Other(text) if text == Self::NOT_READ)
            && self.before.is_none()
            && self.through.is_none()
    }
}
