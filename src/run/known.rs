//! What one process has found out and need not ask again: the steps of a pipeline share it.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use super::propose::Head;
use crate::package_index::PublishedFile;
use crate::proposal::Oid;
use crate::version::Version;

/// What was found out.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The links at the heads of their base branches.
    pub(super) heads: OnceLock<Vec<Head>>,
    /// The heads of the branches that the project's releases are made from.
    pub(super) tips: OnceLock<Vec<Oid>>,
    /// The files on the package index.
    pub(super) listed: OnceLock<Vec<PublishedFile>>,
    /// What releases carried of links whose pins are in another repository, by link and tag.
    pub(super) carried: Mutex<BTreeMap<(String, String), Option<Version>>>,
}
