//! What one process has found out and need not ask again: the steps of a pipeline share it.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use crate::openssl::version::Version;
use crate::outside::package_index::PublishedFile;
use crate::paper::report;
use crate::plan::proposal::Oid;

/// What was found out.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The links at the heads of their base branches.
    pub(crate) heads: OnceLock<Vec<Head>>,
    /// The heads of the branches that the project's releases are made from.
    pub(crate) tips: OnceLock<Vec<Oid>>,
    /// The files on the package index.
    pub(crate) listed: OnceLock<Vec<PublishedFile>>,
    /// What releases carried of links whose pins are in another repository, by link and tag.
    pub(crate) carried: Mutex<BTreeMap<(String, String), Option<Version>>>,
}

/// One link as it stands at the head of its base branch.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// The repository that has the pins.
    pub(crate) repository: String,
    /// Whether that is this checkout's.
    pub(crate) is_here: bool,
    /// The newest commit of the base branch.
    pub(crate) commit: Oid,
    /// The link, its places and what its version means.
    pub(crate) link: report::Link,
}
