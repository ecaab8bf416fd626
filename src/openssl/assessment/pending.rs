//! Fixes that upstream has announced and nobody can get yet.

use jiff::civil::Date;
use serde::Serialize;

use crate::openssl::advisory::CveId;
use crate::openssl::version::Version;

/// A fix that is public, but in no public release yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Pending {
    /// The advisory.
    pub id: CveId,
    /// The version that will have the fix.
    pub expected: Version,
    /// When the advisory became public.
    #[serde(skip)]
    pub since: Date,
}
