//! Which later release is better than a version.

use super::View;
use crate::openssl::version::Version;

impl View<'_> {
    /// The lowest later release that has the fewest advisories, and how many it has: of the
    /// version's own series, or where that has none better, of any. What upstream looks at no
    /// more is nowhere to go.
    pub(crate) fn better(&self, version: Version) -> Option<(Version, usize)> {
        let has = self.affecting(version).count();
        let best = |same: bool| {
            let counted = self
                .looked_at_after(version)
                .filter(|(other, _)| (other.series() == version.series()) == same)
                .filter(|(_, left)| *left < has);
            counted.min_by_key(|(other, left)| (*left, *other))
        };
        best(true).or_else(|| best(false))
    }

    /// The same for a version of which nobody knows what it has: upstream did not look at it.
    pub(crate) fn refuge(&self, version: Version) -> Option<(Version, usize)> {
        self.looked_at_after(version)
            .min_by_key(|(other, left)| (*left, *other))
    }

    /// The later releases of series that are supported and that upstream looked at, and how many
    /// advisories each has.
    fn looked_at_after(&self, version: Version) -> impl Iterator<Item = (Version, usize)> {
        self.supported_releases()
            .map(|release| release.version)
            .filter(move |other| *other > version)
            .filter(|other| self.unanalysed(*other).is_empty())
            .map(|other| (other, self.affecting(other).count()))
    }
}
