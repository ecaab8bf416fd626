//! What the project wants of a move.

use std::fmt;

use crate::openssl::version::Series;

/// Which releases a link may move to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub series: SeriesPolicy,
    /// Whether pre-releases may be chosen.
    pub prereleases: bool,
    /// Days that a release without security fixes waits.
    pub cooldown: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            series: SeriesPolicy::Keep,
            prereleases: false,
            cooldown: 0,
        }
    }
}

/// Which series a link may move to. No policy ever moves down a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesPolicy {
    /// The newest series that has a real release.
    Newest,
    /// The newest series with long-term support that has a real release.
    Lts,
    Keep,
    /// This one.
    Series(Series),
}

/// Which series is offered beside policy, for the next major release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// The newest that has a real release.
    Newest,
    /// The newest with long-term support that has a real release.
    Lts,
}

impl fmt::Display for SeriesPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest => f.write_str("newest"),
            Self::Lts => f.write_str("lts"),
            Self::Keep => f.write_str("keep"),
            Self::Series(series) => series.fmt(f),
        }
    }
}
