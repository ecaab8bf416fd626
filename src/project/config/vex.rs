//! `[vex]`: what the project states about single advisories.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{shape, value};
use crate::openssl::advisory::CveId;

/// `[vex]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Vex {
    /// The product's package URL, without a version.
    #[serde(default, deserialize_with = "value::product")]
    #[schemars(with = "Option<String>")]
    pub product: Option<String>,
    /// Who makes the statements.
    pub author: Option<String>,
    /// What the project states about single advisories.
    #[serde(default, deserialize_with = "shape::tables")]
    pub statements: Vec<VexStatement>,
}

/// One entry of `vex.statements`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct VexStatement {
    /// The advisory: `CVE-2025-9230`.
    #[serde(
        rename = "cve",
        alias = "id",
        alias = "vulnerability",
        deserialize_with = "value::cve"
    )]
    #[schemars(with = "String")]
    pub id: CveId,
    /// The status; left out: `not_affected`.
    #[serde(default = "not_affected", deserialize_with = "value::status")]
    #[schemars(with = "Option<String>")]
    pub status: String,
    /// OpenVEX's justification for `not_affected`.
    // Required there where `impact` is missing.
    #[serde(default, deserialize_with = "value::justification")]
    #[schemars(with = "Option<String>")]
    pub justification: Option<String>,
    /// The same in words.
    #[serde(alias = "impact-statement", alias = "impact_statement")]
    pub impact: Option<String>,
}

fn not_affected() -> String {
    "not_affected".to_owned()
}

impl shape::Whole for VexStatement {
    fn check(&self) -> Result<(), String> {
        if self.status != not_affected() || self.justification.is_some() || self.impact.is_some() {
            return Ok(());
        }
        Err(format!(
            "`not_affected` for {} needs a `justification` (`vulnerable_code_not_present`, ...) or an `impact` in words",
            self.id
        ))
    }
}
