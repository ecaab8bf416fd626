//! `[version]`: where the project's own version stands.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error};

use super::shape::{self, OneOrMany};
use super::value;
use crate::project::pattern::Pattern;

/// `[version]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(
    rename = "ProjectVersion",
    deny_unknown_fields,
    rename_all = "kebab-case"
)]
pub struct VersionFile {
    /// Its file.
    // Relative to the project.
    #[serde(deserialize_with = "value::path")]
    #[schemars(with = "String")]
    pub file: String,
    /// Literal text with `{project_version}`.
    // At least one.
    #[serde(rename = "match", deserialize_with = "matches")]
    #[schemars(with = "OneOrMany<String>")]
    pub matches: Vec<Pattern>,
    /// What a bump raises: `patch` (default), `minor`, `major` or `none`.
    // The same in all of them.
    #[serde(default, deserialize_with = "bump")]
    #[schemars(with = "Option<String>")]
    pub bump: Bump,
}

/// What a bump raises in the project's own version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Bump {
    /// The third number.
    #[default]
    Patch,
    /// The second number.
    Minor,
    /// The first number.
    Major,
    /// Nothing.
    None,
}

fn bump<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bump, D::Error> {
    let words = |text: &str| {
        let words = [
            ("patch", Bump::Patch),
            ("minor", Bump::Minor),
            ("major", Bump::Major),
            ("none", Bump::None),
        ];
        value::word(text, &words)
    };
    shape::text(deserializer, words)
}

fn matches<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Pattern>, D::Error> {
    let matches = value::own_versions(deserializer)?;
    if matches.is_empty() {
        return Err(D::Error::custom(
            "`match` is empty; write the text that holds `{project_version}`",
        ));
    }
    Ok(matches)
}
