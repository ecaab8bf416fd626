//! A CVE record (schema 5.0 to 5.2) as it is written, as far as it is read. What else it has, and
//! what has another shape, costs nothing but itself.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::openssl::upstream::lenient::{Lenient, LenientList};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireRecord {
    #[serde(default)]
    pub(super) data_type: Lenient<String>,
    #[serde(default)]
    pub(super) cve_metadata: Lenient<WireMetadata>,
    #[serde(default)]
    pub(super) containers: Lenient<WireContainers>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireMetadata {
    pub(super) cve_id: Lenient<String>,
    pub(super) state: Lenient<String>,
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
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
pub(super) struct WireProduct {
    pub(super) vendor: Lenient<String>,
    pub(super) product: Lenient<String>,
    pub(super) package_name: Lenient<String>,
    pub(super) default_status: Lenient<String>,
    pub(super) versions: LenientList<WireVersions>,
}

/// An entry of `versions`. What one of its fields is not costs that field alone: the others may
/// still say that something is affected.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireVersions {
    pub(super) version: WireText,
    pub(super) version_type: WireText,
    pub(super) status: WireText,
    pub(super) less_than: WireText,
    pub(super) less_than_or_equal: WireText,
    pub(super) changes: WireChanges,
}

/// A field that should be a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum WireText {
    #[default]
    Absent,
    Said(String),
    /// Something that is no text, such as a number, of which `3.10` and `3.1` are the same.
    Odd,
}

impl WireText {
    pub(super) fn said(&self) -> Option<&str> {
        match self {
            Self::Said(text) => Some(text),
            Self::Absent | Self::Odd => None,
        }
    }
}

impl<'de> Deserialize<'de> for WireText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Self::Absent,
            Value::String(text) => Self::Said(text),
            _ => Self::Odd,
        })
    }
}

/// Where inside a range the status changes.
#[derive(Default)]
pub(super) struct WireChanges {
    pub(super) list: Vec<WireChange>,
    /// Whether any of it has another shape.
    pub(super) odd: bool,
}

impl<'de> Deserialize<'de> for WireChanges {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = match Value::deserialize(deserializer)? {
            Value::Null => Vec::new(),
            Value::Array(list) => list,
            _ => {
                return Ok(Self {
                    list: Vec::new(),
                    odd: true,
                });
            }
        };
        let all = list.len();
        let read = list.into_iter().map(serde_json::from_value);
        let list: Vec<WireChange> = read.filter_map(Result::ok).collect();
        Ok(Self {
            odd: list.len() < all,
            list,
        })
    }
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
