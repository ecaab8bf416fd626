//! `[upstream]`: where facts come from, and how far they are trusted.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::{shape, value};
use crate::openssl::version::Version;

/// `[upstream]`.
// Roots have no slash at their end.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Upstream {
    /// Root of the GitHub API that serves OpenSSL's releases; ends before `/repos`.
    #[serde(deserialize_with = "value::root")]
    #[schemars(with = "Option<String>")]
    pub github_api: String,
    /// Root of the site that serves release assets, raw files and git; ends before
    /// `/openssl/openssl`.
    #[serde(deserialize_with = "value::root")]
    #[schemars(with = "Option<String>")]
    pub github: String,
    /// Root of the OpenSSL library site.
    #[serde(deserialize_with = "value::root")]
    #[schemars(with = "Option<String>")]
    pub site: String,
    /// The release-metadata tree: a git URL, a `.tar.gz`, or a local folder.
    // Empty until `github`, below which it is by default, is known.
    #[serde(default = "String::new", deserialize_with = "value::metadata")]
    #[schemars(with = "Option<String>")]
    pub metadata: String,
    /// Files of further OpenPGP public keys.
    // Relative to the project.
    pub keys: Vec<String>,
    /// Further trusted primary key fingerprints.
    // 40 or 64 upper-case hexadecimal digits.
    #[serde(deserialize_with = "value::fingerprints")]
    pub fingerprints: Vec<String>,
    /// What must agree before a digest is used: `signature` (default) or `digest`.
    #[serde(deserialize_with = "verify")]
    #[schemars(with = "Option<String>")]
    pub verify: Verify,
    /// How long after a key's expiry its signatures still count, with a warning: `90d`.
    // In days.
    #[serde(deserialize_with = "value::days")]
    #[schemars(with = "Option<String>")]
    pub key_grace: u32,
    /// How old upstream's facts may be before the status is 1: `7d`.
    // In days.
    #[serde(deserialize_with = "value::days")]
    #[schemars(with = "Option<String>")]
    pub max_age: u32,
    /// Further releases that OpenSSL took back.
    // With the day from which on; none: from the first day.
    #[serde(deserialize_with = "withdrawn")]
    #[schemars(with = "Vec<Withdrawn>")]
    pub withdrawn: Vec<(Version, Option<Date>)>,
    /// A mailbox file or folder with upstream's pre-announcements.
    pub announcements: Option<String>,
    /// Whose pre-announcements count: addresses, or `@` and a domain. Left out: `@openssl.org` and
    /// `@openssl-library.org`.
    // Lower case.
    #[serde(deserialize_with = "value::senders")]
    #[schemars(with = "Option<Vec<String>>")]
    pub announcers: Vec<String>,
}

impl Default for Upstream {
    fn default() -> Self {
        Self {
            github_api: "https://api.github.com".into(),
            github: "https://github.com".into(),
            site: "https://openssl-library.org".into(),
            metadata: metadata_below("https://github.com"),
            keys: Vec::new(),
            fingerprints: Vec::new(),
            verify: Verify::Signature,
            key_grace: 90,
            max_age: 7,
            withdrawn: Vec::new(),
            announcements: None,
            announcers: ["@openssl.org", "@openssl-library.org"]
                .map(str::to_owned)
                .into(),
        }
    }
}

/// What must agree before a digest is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    /// Bytes, published digest and a signature by a trusted key.
    Signature,
    /// Bytes and published digest.
    Digest,
}

fn verify<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Verify, D::Error> {
    let words = |text: &str| {
        let words = [("signature", Verify::Signature), ("digest", Verify::Digest)];
        value::word(text, &words)
    };
    shape::text(deserializer, words)
}

/// Where the release metadata is on a site like GitHub.
fn metadata_below(github: &str) -> String {
    format!("{github}/openssl/release-metadata.git")
}

/// The table, with the default that depends on another key.
pub(super) fn table<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Upstream, D::Error> {
    let mut upstream = Upstream::deserialize(deserializer)?;
    if upstream.metadata.is_empty() {
        upstream.metadata = metadata_below(&upstream.github);
    }
    Ok(upstream)
}

/// A withdrawn release: its version, or its version and the day.
#[derive(Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "write a version, or `{ version = \"3.5.4\", date = \"2025-09-30\" }` with both in quotes"
)]
enum Withdrawn {
    /// The version alone: withdrawn from its first day.
    Version(String),
    /// The version and the day from which it counts as withdrawn.
    Since {
        /// The version.
        version: String,
        /// The day, `YYYY-MM-DD`.
        date: String,
    },
}

fn withdrawn<'de, D>(deserializer: D) -> Result<Vec<(Version, Option<Date>)>, D::Error>
where
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    #[serde(try_from = "Withdrawn")]
    struct Since(Version, Option<Date>);

    impl TryFrom<Withdrawn> for Since {
        type Error = String;

        fn try_from(written: Withdrawn) -> Result<Self, String> {
            let (version, date) = match written {
                Withdrawn::Version(version) => (version, None),
                Withdrawn::Since { version, date } => {
                    let day = crate::text::date::iso(&date);
                    let not_one =
                        || format!("`{}` is not a date (`2025-09-30`)", date.escape_debug());
                    (version, Some(day.ok_or_else(not_one)?))
                }
            };
            let version = version.parse().map_err(|error| format!("{error}"))?;
            Ok(Self(version, date))
        }
    }

    let list: Vec<Since> = shape::each(deserializer)?;
    Ok(list
        .into_iter()
        .map(|Since(version, date)| (version, date))
        .collect())
}
