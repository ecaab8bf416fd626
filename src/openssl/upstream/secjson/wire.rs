//! A CVE record (schema 5.0 to 5.2) as it is written, as far as it is read. What else it has, and
//! what has another shape, costs nothing but itself.

use serde::Deserialize;

use crate::openssl::upstream::lenient::{Lenient, LenientList};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireRecord {
    #[serde(default)]
    pub(super) data_type: Lenient<String>,
    pub(super) cve_metadata: WireMetadata,
    #[serde(default)]
    pub(super) containers: WireContainers,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireMetadata {
    pub(super) cve_id: String,
    #[serde(default)]
    pub(super) state: Lenient<String>,
    #[serde(default)]
    pub(super) date_published: Lenient<String>,
}

/// Of the containers only OpenSSL's own counts: what others add (`adp`) carries CVSS scores, which
/// contradict upstream's rating by design.
#[derive(Deserialize, Default)]
pub(super) struct WireContainers {
    #[serde(default)]
    pub(super) cna: WireCna,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireCna {
    pub(super) affected: LenientList<WireProduct>,
    pub(super) date_public: Lenient<String>,
    pub(super) metrics: LenientList<WireMetric>,
    pub(super) problem_types: LenientList<WireProblem>,
    pub(super) references: LenientList<WireReference>,
    pub(super) title: Lenient<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireProduct {
    #[serde(default)]
    pub(super) vendor: Lenient<String>,
    pub(super) product: String,
    #[serde(default)]
    pub(super) default_status: Lenient<String>,
    #[serde(default)]
    pub(super) versions: LenientList<WireVersions>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireVersions {
    pub(super) version: String,
    pub(super) status: String,
    pub(super) less_than: Option<String>,
    pub(super) less_than_or_equal: Option<String>,
    #[serde(default)]
    pub(super) changes: Vec<WireChange>,
}

#[derive(Deserialize)]
pub(super) struct WireChange {
    pub(super) at: String,
    pub(super) status: String,
}

#[derive(Deserialize)]
pub(super) struct WireMetric {
    pub(super) other: WireOther,
}

#[derive(Deserialize)]
pub(super) struct WireOther {
    pub(super) content: WireContent,
}

#[derive(Deserialize)]
pub(super) struct WireContent {
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct WireProblem {
    pub(super) descriptions: LenientList<WireWeakness>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireWeakness {
    pub(super) cwe_id: Lenient<String>,
    pub(super) description: Lenient<String>,
}

#[derive(Deserialize)]
pub(super) struct WireReference {
    pub(super) url: String,
    #[serde(default)]
    pub(super) name: Lenient<String>,
    #[serde(default)]
    pub(super) tags: LenientList<String>,
}
