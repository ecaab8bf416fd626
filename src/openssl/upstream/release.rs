//! A public release.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The commit its tag points to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// SHA-512.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha512: Option<String>,
    /// SHA-1, which some pins still ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha1: Option<String>,
    /// MD5, which some pins still ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub md5: Option<String>,
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
