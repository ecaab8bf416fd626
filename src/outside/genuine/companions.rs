//! What the servers say about a tarball beside its bytes: published digest, signature, keys, and
//! the API's own digest.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use super::source::Source;
use crate::openssl::signature::{KeyRing, MOST_MATERIAL, MOST_SIGNATURE};
use crate::openssl::tarball;
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::outside::http::fetch::{FetchError, Limits, Problem, Request, address};
use crate::text;
use crate::text::fault::Fault;

/// How long what is good to know, but not needed, may take.
pub(super) const ASIDE: Duration = Duration::from_secs(15);

/// The largest published digest file.
const MOST_DIGEST: u64 = 64 << 10;

/// What is asked of the servers beside the tarball itself.
pub(super) struct Companions {
    pub(super) published: String,
    pub(super) signature: Option<Vec<u8>>,
    pub(super) keys: KeyRing,
    /// Why the keys on OpenSSL's own site could not be looked at.
    pub(super) no_site_keys: Option<FetchError>,
    pub(super) api: Option<String>,
    pub(super) warnings: Vec<String>,
}

/// What the API says about one release.
#[derive(Deserialize)]
struct ApiRelease {
    #[serde(default)]
    assets: Vec<ApiAsset>,
}

/// What the API says about one asset.
#[derive(Deserialize)]
struct ApiAsset {
    name: String,
    #[serde(default)]
    digest: Option<String>,
}

/// What keeps a file of a release from us, with what to do next.
pub(super) fn unobtained(error: FetchError) -> Fault {
    let next = match error.problem() {
        Problem::Unreachable(_) | Problem::TimedOut | Problem::Interrupted(_) => {
            "run again when it answers, or with `--offline`, which takes what is known here, unverified"
        }
        Problem::Status {
            status: 404 | 410, ..
        } => "if `github` in `[upstream]` names a mirror, see what it lacks",
        Problem::Status {
            status: 401 | 403, ..
        } => {
            "let this machine read there, or set `github` in `[upstream]` to a mirror that it may read"
        }
        Problem::Status { .. } => "run again later",
        _ => return error.into(),
    };
    Fault::failed(format!("{error}; {next}"))
}

impl Source<'_> {
    /// The SHA-256 that OpenSSL published for a release, without its tarball: enough to recognise
    /// an old pin.
    pub async fn published_sha256(&self, version: Version) -> Result<String, Fault> {
        let url = format!("{}.sha256", Release::tarball_url(version, self.github));
        let file = self
            .small(&url, MOST_DIGEST, None)
            .await
            .map_err(|error| unobtained(error).within("no published digest"))?;
        tarball::published_sha256(&file, &tarball::name(version))
            .map_err(|problem| Fault::failed(format!("`{url}` {problem}")))
    }

    pub(super) async fn companions(
        &self,
        version: Version,
        url: &str,
    ) -> Result<Companions, Fault> {
        let (published, signature, site, api) = tokio::join!(
            self.published_sha256(version),
            self.signature(url),
            self.site_keys(),
            self.api_digest(version)
        );
        let mut keys = self.keys.clone();
        let no_site_keys = site.map(|material| drop(keys.add(&material))).err();
        let (api, warning) = match api {
            Ok(api) => (api, None),
            Err(error) if error.is_not_found() => (None, None),
            Err(error) => (
                None,
                Some(format!(
                    "GitHub's own digest could not be looked at: {error}"
                )),
            ),
        };
        Ok(Companions {
            published: published?,
            signature: signature?,
            keys,
            no_site_keys,
            api,
            warnings: warning.into_iter().collect(),
        })
    }

    /// The file of signatures, empty where there is none; nothing where it is not wanted.
    async fn signature(&self, url: &str) -> Result<Option<Vec<u8>>, Fault> {
        if self.trust.is_none() {
            return Ok(None);
        }
        match self
            .small(&format!("{url}.asc"), MOST_SIGNATURE as u64, None)
            .await
        {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.is_not_found() => Ok(Some(Vec::new())),
            Err(error) => Err(unobtained(error).within("no signature")),
        }
    }

    /// The keys on OpenSSL's site: they may have been extended or revoked since the ones at hand
    /// were copied.
    async fn site_keys(&self) -> Result<Vec<u8>, FetchError> {
        if self.trust.is_none() {
            return Ok(Vec::new());
        }
        let url = format!("{}/source/pubkeys.asc", self.site.trim_end_matches('/'));
        self.small(&url, MOST_MATERIAL as u64, Some(Instant::now() + ASIDE))
            .await
    }

    /// The SHA-256 that the API gives for the tarball; old assets have none.
    async fn api_digest(&self, version: Version) -> Result<Option<String>, FetchError> {
        let api = self.github_api.trim_end_matches('/');
        let url = address::read(&format!(
            "{api}/repos/openssl/openssl/releases/tags/{}",
            version.tag()
        ))?;
        let request = Request::get(url.clone())
            .github()
            .token(self.token)
            .until(Instant::now() + ASIDE);
        let body = self.client.send(&request).await?.body;
        let release: ApiRelease = serde_json::from_slice(&body)
            .map_err(|error| FetchError::content(&url, format!("is no release: {error}")))?;
        let name = tarball::name(version);
        let digest = release
            .assets
            .into_iter()
            .find(|asset| asset.name == name)
            .and_then(|asset| asset.digest);
        Ok(digest.and_then(|digest| {
            digest
                .strip_prefix("sha256:")
                .map(|digest| text::short_line(digest, 100))
        }))
    }

    async fn small(
        &self,
        url: &str,
        limit: u64,
        deadline: Option<Instant>,
    ) -> Result<Vec<u8>, FetchError> {
        let mut request = Request::get(address::read(url)?).limits(Limits {
            wire: limit,
            unpacked: limit,
        });
        if let Some(deadline) = deadline {
            request = request.until(deadline);
        }
        Ok(self.client.send(&request).await?.body)
    }
}
