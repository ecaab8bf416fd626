//! What the metadata says.

use std::collections::BTreeMap;

use super::super::SupportWindow;
use super::super::secadv::AdvisoryText;
use super::super::secjson::PublishedAdvisory;
use crate::openssl::advisory::{CveId, Disputed};

/// What the tree says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The published advisories, ascending by identifier.
    pub published: Vec<PublishedAdvisory>,
    /// Identifiers whose records were rejected.
    pub rejected: Vec<CveId>,
    /// Identifiers that OpenSSL disputes.
    pub disputed: Vec<Disputed>,
    /// Support windows, ascending.
    pub series: Vec<SupportWindow>,
    /// The advisory texts, ascending by file name.
    pub texts: Vec<AdvisoryText>,
    /// The identifiers that each dated advisory text announces, by file name.
    pub announced: BTreeMap<String, Vec<CveId>>,
}
