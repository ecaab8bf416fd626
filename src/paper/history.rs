//! What `history` has found, as a value, and what is the same in every form it is shown in: the
//! grade of each cell, and the summary.

mod axis;
mod bars;
mod markdown;
mod matrix;
pub(crate) mod meaning;
mod page;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use crate::artefact::exposure::{Knowledge, ProjectRelease, Said};
use crate::artefact::timeline::Timeline;
use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;

/// What `history` has found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct History<'a> {
    /// Who it is about, and where its users look.
    pub(crate) project: &'a HistoryProject,
    /// What the carriers of a release are.
    pub(crate) carriers: Carriers,
    /// The releases, ascending.
    pub(crate) releases: &'a [ProjectRelease],
    /// What the facts say of each OpenSSL in them.
    pub(crate) said: &'a BTreeMap<Version, Said>,
    /// What is known of each of them.
    pub(crate) knowledge: &'a [Knowledge],
    /// When the newest release had each advisory.
    pub(crate) timelines: &'a [Timeline],
    /// How many files were examined, of how many; none where the pins say what a release carried.
    pub(crate) examined: Option<(usize, usize)>,
    /// Releases that were not reached this time.
    pub(crate) unexamined: &'a [String],
    /// Upstream on the day that is answered for.
    pub(crate) upstream: &'a View<'a>,
    /// Whether the facts are older than the configuration allows.
    pub(crate) too_old: bool,
}

/// Who the history is about, and where its users look.
#[derive(Debug, Clone, Default)]
pub(crate) struct HistoryProject {
    pub(crate) name: String,
    /// Its package on the package index.
    pub(crate) package: Option<String>,
    /// Its page on the forge.
    pub(crate) forge: Option<String>,
    /// The archive of its announcements.
    pub(crate) archive: Option<String>,
}

/// What the carriers of a release are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carriers {
    /// Platforms that files were published for.
    Platforms,
    /// Links whose pins say what a release carried.
    Links,
}

/// What one carrier of one release means today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Grade {
    /// It has advisories; this is the gravest.
    Affected(Severity),
    /// Its OpenSSL was looked at, and no advisory is known.
    Clear,
    /// Nobody knows, and why.
    NotKnown(&'static str),
    /// There is no OpenSSL in it.
    Absent,
}

/// One carrier of one release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) openssl: BTreeSet<Version>,
    /// What that means today.
    pub(crate) grade: Grade,
    /// The advisories it has, ascending.
    pub(crate) advisories: BTreeSet<CveId>,
}

impl<'a> History<'a> {
    /// Every carrier of any release, ascending.
    pub(crate) fn all_carriers(&self) -> BTreeSet<&'a str> {
        let keys = self
            .releases
            .iter()
            .flat_map(|release| release.carried.keys());
        keys.map(String::as_str).collect()
    }

    /// How grave an advisory is.
    pub(crate) fn severity(&self, id: CveId) -> Severity {
        let known = self.upstream.advisory(id);
        known.map_or(Severity::Unknown, |known| known.advisory.severity.clone())
    }

    /// What one carrier of a release means today.
    pub(crate) fn cell(&self, release: &ProjectRelease, carrier: &str) -> Cell {
        let openssl = release.carried.get(carrier).cloned().unwrap_or_default();
        let said: Vec<&Said> = openssl
            .iter()
            .filter_map(|version| self.said.get(version))
            .collect();
        let advisories: BTreeSet<CveId> = said
            .iter()
            .flat_map(|said| said.affected.iter().copied())
            .collect();
        let grade = match self.gravest(&advisories) {
            Some(severity) => Grade::Affected(severity),
            None if self.upstream.advisories().is_empty() && !openssl.is_empty() => {
                Grade::NotKnown("no advisory is known at all")
            }
            None => match unaffected(release, &said) {
                Grade::Clear if self.too_old => {
                    Grade::NotKnown("the facts are too old: newer advisories are missing")
                }
                grade => grade,
            },
        };
        Cell {
            openssl,
            grade,
            advisories,
        }
    }

    /// The severity of the gravest of these.
    pub(crate) fn gravest(&self, ids: &BTreeSet<CveId>) -> Option<Severity> {
        ids.iter()
            .map(|id| self.severity(*id))
            .max_by_key(Severity::gravity)
    }

    /// The days that the facts are old.
    pub(crate) fn age(&self) -> i32 {
        let View { taken, day, .. } = self.upstream;
        taken.until(*day).map_or(0, |span| span.get_days())
    }
}

/// What it means that no advisory is known of the OpenSSL of a release.
fn unaffected(release: &ProjectRelease, said: &[&Said]) -> Grade {
    if said.iter().any(|said| !said.is_known) {
        Grade::NotKnown("newer than the facts, or no release of OpenSSL")
    } else if said.iter().any(|said| !said.unanalysed.is_empty()) {
        Grade::NotKnown("its series had ended and was not analysed for later advisories")
    } else if !release.unread.is_empty() {
        Grade::NotKnown("not everything of this release could be read")
    } else if said.is_empty() {
        Grade::Absent
    } else {
        Grade::Clear
    }
}
