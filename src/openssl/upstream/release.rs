//! A public release.

use jiff::civil::Date;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::plain_text::web_address;
use super::release_text::ReleaseText;
use crate::openssl::version::Version;

/// One public OpenSSL version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The version.
    pub version: Version,
    /// The day it was published.
    #[serde(deserialize_with = "crate::text::date::as_iso")]
    pub date: Date,
    /// Digests of its tarball, lower-case hexadecimal.
    #[serde(default)]
    pub hashes: Hashes,
    /// The tarball's size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The tarball's address, where it is not the usual one.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "address"
    )]
    pub url: Option<String>,
    /// The commit its tag points to, lower-case hexadecimal.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "hexadecimal::<_, 40>"
    )]
    pub commit: Option<String>,
    /// The day OpenSSL took it back.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::text::date::as_optional_iso"
    )]
    pub withdrawn: Option<Date>,
    /// What its text on the forge says it fixes, where that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<ReleaseText>,
}

/// Digests of one tarball, lower-case hexadecimal, as far as known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashes {
    /// SHA-256.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "hexadecimal::<_, 64>"
    )]
    pub sha256: Option<String>,
    /// SHA-512.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "hexadecimal::<_, 128>"
    )]
    pub sha512: Option<String>,
    /// SHA-1, which some pins still ask for.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "hexadecimal::<_, 40>"
    )]
    pub sha1: Option<String>,
    /// MD5, which some pins still ask for.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "hexadecimal::<_, 32>"
    )]
    pub md5: Option<String>,
}

/// A digest of so many hexadecimal figures, in small letters; none where a text is no such one.
pub(super) fn digest(text: &str, figures: usize) -> Option<String> {
    let shaped = text.len() == figures && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    shaped.then(|| text.to_ascii_lowercase())
}

/// A digest as it is written here: what is read goes into files as it is.
fn hexadecimal<'de, D: Deserializer<'de>, const FIGURES: usize>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    if text.is_none() || text == text.as_deref().and_then(|text| digest(text, FIGURES)) {
        Ok(text)
    } else {
        Err(Error::custom(format!(
            "{FIGURES} hexadecimal figures in small letters are wanted here"
        )))
    }
}

/// An address as it may be written into a file.
fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    if text == text.as_deref().and_then(web_address) {
        Ok(text)
    } else {
        Err(Error::custom(
            "a web address without blanks or quotes is wanted here",
        ))
    }
}

impl Release {
    /// The tarball's address on the site that OpenSSL publishes releases on, below `github`
    /// (DESIGN, "Endpoints").
    pub fn tarball_url(version: Version, github: &str) -> String {
        format!(
            "{}/openssl/openssl/releases/download/{}/openssl-{version}.tar.gz",
            github.trim_end_matches('/'),
            version.tag()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_hexadecimal_figures_and_nothing_else() {
        let digest = "5a".repeat(32);
        for (written, expected) in [
            (digest.clone(), true),
            (digest.to_uppercase(), false),
            (digest[1..].to_owned(), false),
            (format!("{}\\nEVIL=1", &digest[8..]), false),
            (digest.replace("5a", "5["), false),
        ] {
            let text = format!(r#"{{"sha256": "{written}"}}"#);
            let read = serde_json::from_str::<Hashes>(&text);
            assert_eq!(read.is_ok(), expected, "{written}");
        }
    }

    #[test]
    fn what_goes_into_files_as_it_is_has_its_form() {
        for (key, written, expected) in [
            ("url", "https://example.org/openssl-3.5.4.tar.gz", true),
            ("url", "https://example.org/a\\nEVIL=1", false),
            ("url", "javascript:a", false),
            ("commit", "c1d2e3f4a5c1d2e3f4a5c1d2e3f4a5c1d2e3f4a5", true),
            ("commit", "c1d2e3f", false),
            ("commit", "$(evil)", false),
        ] {
            let text =
                format!(r#"{{"version": "3.5.4", "date": "2025-09-30", "{key}": "{written}"}}"#);
            let read = serde_json::from_str::<Release>(&text);
            assert_eq!(read.is_ok(), expected, "{key} {written}");
        }
    }
}
