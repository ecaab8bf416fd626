//! What upstream did not look at: nobody may call a version free of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::openssl::advisory::CveId;
use crate::openssl::upstream::View;
use crate::openssl::version::{Series, Version};
use crate::text::{count, in_words};

/// The advisories that upstream did not analyse for the linked version's series, or for the
/// target's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(into = "Vec<CveId>")]
pub(crate) struct Unanalysed {
    /// The advisories, ascending.
    pub ids: Vec<CveId>,
    /// The series that they were not analysed for.
    pub series: Vec<Series>,
}

impl Unanalysed {
    /// What is not known of a version, or of a move to a target.
    pub(crate) fn of(linked: Version, target: Option<Version>, upstream: &View<'_>) -> Self {
        let versions = std::iter::once(linked).chain(target);
        let by_series: BTreeMap<Series, Vec<CveId>> = versions
            .map(|version| (version.series(), upstream.unanalysed(version)))
            .filter(|(_, ids)| !ids.is_empty())
            .collect();
        // Both series may lack the same.
        let ids: BTreeSet<CveId> = by_series.values().flatten().copied().collect();
        Self {
            ids: ids.into_iter().collect(),
            series: by_series.into_keys().collect(),
        }
    }

    /// Whether upstream looked at everything.
    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

impl From<Unanalysed> for Vec<CveId> {
    fn from(unanalysed: Unanalysed) -> Self {
        unanalysed.ids
    }
}

impl fmt::Display for Unanalysed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = count(self.ids.len(), "advisory", "advisories");
        let series = in_words(&self.series);
        write!(f, "{number} for which upstream did not look at {series}")
    }
}
