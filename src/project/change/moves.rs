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
}

impl Move<'_> {
    pub(super) fn stays(&self) -> bool {
        self.linked.version == self.target
    }

    /// Whether a file that holds a version of its own moves with the link.
    pub(super) fn takes_along(&self, version: Version) -> bool {
        let crossing = self.link.policy.series != SeriesPolicy::Keep;
        // A crossing that was asked for takes along what stands between.
        let between = self.linked.version < version;
        version == self.linked.version
            || (version < self.target
                && (crossing || between || version.series() == self.target.series()))
    }
}
