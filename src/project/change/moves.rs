//! A link on its way to another version.

use crate::openssl::assessment::SeriesPolicy;
use crate::openssl::version::Version;
use crate::project::config::Link;
use crate::project::linked::Linked;

/// One link and where it goes. A link that stays goes to the version it has: its places then may
/// keep what is another link's old version.
#[derive(Debug, Clone, Copy)]
pub struct Move<'a> {
    /// The link.
    pub link: &'a Link,
    /// What it uses.
    pub linked: &'a Linked,
    /// Where it goes.
    pub target: Version,
    /// Where files go that hold a version of another series (`mixed`): from and to, one for each
    /// series.
    pub beside: &'a [(Version, Version)],
}

impl Move<'_> {
    pub(crate) fn stays(&self) -> bool {
        self.linked.version == self.target && self.beside.is_empty()
    }

    /// Each series that moves: from and to.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (Version, Version)> {
        std::iter::once((self.linked.version, self.target)).chain(self.beside.iter().copied())
    }

    /// Where a file goes that holds a version of its own.
    pub(super) fn target_of(&self, version: Version) -> Option<Version> {
        if self.takes_along(version) {
            return Some(self.target);
        }
        let of_series =
            |(from, to): &&(Version, Version)| from.series() == version.series() && version < *to;
        self.beside.iter().find(of_series).map(|(_, to)| *to)
    }

    /// Whether a file that holds a version of its own moves with the link.
    fn takes_along(&self, version: Version) -> bool {
        let crossing = self.link.series != SeriesPolicy::Keep;
        // A crossing that was asked for takes along what stands between.
        let between = self.linked.version < version;
        version == self.linked.version
            || (version < self.target
                && (crossing || between || version.series() == self.target.series()))
    }
}
