//! Which later release is better than a version.

use super::View;
use crate::openssl::version::Version;

impl View<'_> {
    /// The lowest later release that has the fewest advisories, and how many it has: of the
    /// version's own series, or where that has none better, of any. What upstream looks at no
    /// more is nowhere to go.
    pub(crate) fn better(&self, version: Version) -> Option<(Version, usize)> {
        let has = self.affecting(version).count();
        let later: Vec<Version> = self
            .supported_releases()
            .map(|release| release.version)
            .filter(|other| *other > version)
            .filter(|other| self.unanalysed(*other).is_empty())
            .collect();
        let best = |same: bool| {
            let counted = later
                .iter()
                .copied()
                .filter(|other| (other.series() == version.series()) == same)
                .map(|other| (other, self.affecting(other).count()))
                .filter(|(_, left)| *left < has);
            counted.min_by_key(|(other, left)| (*left, *other))
        };
        best(true).or_else(|| best(false))
    }
}
