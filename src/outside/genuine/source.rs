//! Where tarballs and keys come from.

use crate::openssl::signature::{KeyRing, Trust};
use crate::outside::http::cache::Cache;
use crate::outside::http::fetch::{Client, Token};

/// Where releases and keys are fetched from, and what they must pass.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The HTTP client.
    pub client: &'a Client,
    /// Where tarballs are kept.
    pub cache: &'a Cache,
    /// The root of the site with the release assets (`upstream.github`).
    pub github: &'a str,
    /// The root of its API (`upstream.github-api`).
    pub github_api: &'a str,
    /// The root of OpenSSL's own site, which publishes its keys (`upstream.site`).
    pub site: &'a str,
    /// A token for the API.
    pub token: Option<&'a Token>,
    /// Keys that are at hand without asking the site.
    pub keys: &'a KeyRing,
    /// Whose signatures count; none where published digests are enough
    /// (`upstream.verify = "digest"`).
    pub trust: Option<&'a Trust>,
}
