//! The releases that are shown, and how it is known what they carried.

use crate::artefact::exposure::ProjectRelease;
use crate::workspace::published::{self};

/// The releases of the project, ascending, and where it is known from what they carried.
#[derive(Default)]
pub(super) struct HistoryReleases {
    pub(super) all: Vec<ProjectRelease>,
    /// For each of them the files that were examined; empty where the pins say it.
    pub(super) samples: Vec<published::Sample>,
    /// Releases that were not reached this time.
    pub(super) unexamined: Vec<String>,
}
