//! Shell: fetches a release's tarball with its digest and signature, and lets it pass only when everything that speaks of it agrees.
//!
//! The bytes are read into memory once, and what is hashed, verified and unpacked are those same bytes: no file on disk can change in between.

mod checked;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use serde::Deserialize;
use tokio::time::Instant;

use crate::cache::Cache;
use crate::config;
use crate::fault::Fault;
use crate::fetch::{Client, FetchError, Limits, Request, Token, address};
use crate::signature::{self, Answer, Fingerprint, KeyRing, MOST_MATERIAL, MOST_SIGNATURE, SignedBy, Trust};
use crate::tarball::{self, Digests, Entry, MOST_BYTES};
use crate::text;
use crate::upstream::{Hashes, Release};
use crate::version::Version;

pub use checked::{Checked, Level, Witness};
use checked::{Claims, accept};

/// Where the public gets releases from.
const PUBLIC: &str = "https://github.com";

/// How long a tarball may take; each piece of it has the client's own patience.
const DOWNLOAD: Duration = Duration::from_secs(900);

/// How long what is good to know, but not needed, may take.
const ASIDE: Duration = Duration::from_secs(15);

/// The largest published digest file.
const MOST_DIGEST: u64 = 64 << 10;

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
    /// Whose signatures count; none where published digests are enough (`upstream.verify = "digest"`).
    pub trust: Option<&'a Trust>,
}

/// A release's tarball: its digests, and how far they can be relied on.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The release.
    pub version: Version,
    /// Its digests: all of them where its bytes are at hand.
    pub hashes: Hashes,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// Its public address.
    pub url: String,
    /// The commit it was made of.
    pub commit: Option<String>,
    /// What was checked.
    pub checked: Checked,
    /// Its bytes, where they are at hand.
    bytes: Option<Bytes>,
}

/// The bytes of a tarball, shared, and too many to be shown.
#[derive(Clone)]
struct Bytes(Arc<Vec<u8>>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// What is asked of the servers beside the tarball itself.
struct Companions {
    published: String,
    signature: Option<Vec<u8>>,
    keys: KeyRing,
    /// Why the keys on OpenSSL's own site could not be looked at.
    no_site_keys: Option<FetchError>,
    api: Option<String>,
    warnings: Vec<String>,
}

/// What the API says about one release.
#[derive(Deserialize)]
struct ApiRelease {
    #[serde(default)]
    assets: Vec<Asset>,
}

/// What the API says about one asset.
#[derive(Deserialize)]
struct Asset {
    name: String,
    #[serde(default)]
    digest: Option<String>,
}

impl Verified {
    /// Every file of its source tree.
    ///
    /// # Errors
    ///
    /// If its bytes are not at hand, or cannot be unpacked safely.
    pub fn entries(&self) -> Result<Vec<Entry>, Fault> {
        let name = tarball::name(self.version);
        let bytes = self.bytes.as_ref().ok_or_else(|| Fault::failed(format!("`{name}` is not at hand; run this without --offline")))?;
        tarball::entries(&bytes.0).map_err(|problem| Fault::failed(format!("`{name}`: {problem}")))
    }
}

impl Source<'_> {
    /// Fetches a release's tarball and checks everything that speaks of it: its bytes, the published digest, the API's own digest, what was
    /// `known` before, the signature, and the version its sources name. `progress` is told how many bytes have come, and of how many.
    ///
    /// # Errors
    ///
    /// If something is missing or does not agree; the message names what says what.
    pub async fn obtain(
        &self,
        version: Version,
        known: Option<&Release>,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Verified, Fault> {
        let url = Release::tarball_url(version, self.github);
        let refused = |problem: String| Fault::failed(format!("`{url}`: {problem}"));
        let mut companions = self.companions(version, &url).await?;
        let claims = Claims { published: &companions.published, api: companions.api.as_deref(), known };
        let mut agreed = claims.agree().map_err(refused)?;
        let (bytes, place) = self.bytes(version, &url, &companions.published, progress).await?;
        let digests = Digests::of(&bytes);
        if let Err(problem) = claims.fit(&digests) {
            place.forget();
            return Err(refused(format!("{problem}; it was replaced or damaged, do not use it")));
        }
        let signed_by = self.signed_by(&url, &bytes, &mut companions)?;
        agreed.extend(signed_by.is_some().then_some(Witness::Signature));
        let inside = tarball::contents(&bytes).map_err(refused)?;
        if inside.version != version {
            return Err(refused(format!("the sources inside are those of {}, not of {version}; do not use it", inside.version)));
        }
        agreed.push(Witness::Sources);
        let mut warnings = companions.warnings;
        warnings.extend(moved_tag(known, inside.commit.as_deref()));
        warnings.extend(place.keep(self.cache, &digests.sha256));
        let level = if signed_by.is_some() { Level::Signature } else { Level::Digest };
        let checked = Checked { level, agreed, signed_by, warnings };
        let (hashes, size, url) = (digests.hashes(), Some(digests.size), public_url(version, known));
        Ok(Verified { version, hashes, size, url, commit: inside.commit, checked, bytes: Some(Bytes(Arc::new(bytes))) })
    }

    /// Who signed the bytes, where that is asked for.
    fn signed_by(&self, url: &str, bytes: &[u8], companions: &mut Companions) -> Result<Option<SignedBy>, Fault> {
        let (Some(trust), Some(file)) = (self.trust, &companions.signature) else { return Ok(None) };
        let answer = if file.is_empty() { Answer::Missing } else { signature::judge(file, bytes, &companions.keys, trust) };
        let newer_copies =
            companions.no_site_keys.as_ref().map(|error| format!("the keys on OpenSSL's site could not be looked at: {error}"));
        let depends_on_key = matches!(answer, Answer::Late { .. } | Answer::Unknown(_));
        match accept(answer, &format!("{url}.asc"), trust.grace_days) {
            Ok((by, warning)) => {
                companions.warnings.extend(warning);
                companions.warnings.extend(newer_copies.filter(|_| depends_on_key));
                Ok(Some(by))
            }
            Err(problem) => {
                let hint = newer_copies.filter(|_| depends_on_key).map(|hint| format!(" ({hint})")).unwrap_or_default();
                Err(Fault::failed(problem + &hint))
            }
        }
    }

    /// The SHA-256 that OpenSSL published for a release, without its tarball: enough to recognise an old pin.
    ///
    /// # Errors
    ///
    /// If the file is missing or gives none.
    pub async fn published_sha256(&self, version: Version) -> Result<String, Fault> {
        let url = format!("{}.sha256", Release::tarball_url(version, self.github));
        let file = self.small(&url, MOST_DIGEST, None).await.map_err(|error| Fault::from(error).within("no published digest"))?;
        tarball::published_sha256(&file, &tarball::name(version)).map_err(|problem| Fault::failed(format!("`{url}` {problem}")))
    }

    async fn companions(&self, version: Version, url: &str) -> Result<Companions, Fault> {
        let (published, signature, site, api) =
            tokio::join!(self.published_sha256(version), self.signature(url), self.site_keys(), self.api_digest(version));
        let mut keys = self.keys.clone();
        let no_site_keys = site.map(|material| drop(keys.add(&material))).err();
        let (api, warning) = match api {
            Ok(api) => (api, None),
            Err(error) if error.is_not_found() => (None, None),
            Err(error) => (None, Some(format!("GitHub's own digest could not be looked at: {error}"))),
        };
        Ok(Companions { published: published?, signature: signature?, keys, no_site_keys, api, warnings: warning.into_iter().collect() })
    }

    /// The file of signatures, empty where there is none; nothing where it is not wanted.
    async fn signature(&self, url: &str) -> Result<Option<Vec<u8>>, Fault> {
        if self.trust.is_none() {
            return Ok(None);
        }
        match self.small(&format!("{url}.asc"), MOST_SIGNATURE as u64, None).await {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.is_not_found() => Ok(Some(Vec::new())),
            Err(error) => Err(error.into()),
        }
    }

    /// The keys on OpenSSL's site: they may have been extended or revoked since the ones at hand were copied.
    async fn site_keys(&self) -> Result<Vec<u8>, FetchError> {
        if self.trust.is_none() {
            return Ok(Vec::new());
        }
        let url = format!("{}/source/pubkeys.asc", self.site.trim_end_matches('/'));
        self.small(&url, MOST_MATERIAL as u64, Some(Instant::now() + ASIDE)).await
    }

    /// The SHA-256 that the API gives for the tarball; old assets have none.
    async fn api_digest(&self, version: Version) -> Result<Option<String>, FetchError> {
        let api = self.github_api.trim_end_matches('/');
        let url = address::read(&format!("{api}/repos/openssl/openssl/releases/tags/{}", version.tag()))?;
        let request = Request::get(url.clone()).github().token(self.token).until(Instant::now() + ASIDE);
        let body = self.client.send(&request).await?.body;
        let release: ApiRelease =
            serde_json::from_slice(&body).map_err(|error| FetchError::content(&url, format!("is no release: {error}")))?;
        let name = tarball::name(version);
        let digest = release.assets.into_iter().find(|asset| asset.name == name).and_then(|asset| asset.digest);
        Ok(digest.and_then(|digest| digest.strip_prefix("sha256:").map(|digest| text::one_line(digest).chars().take(100).collect())))
    }

    async fn small(&self, url: &str, limit: u64, deadline: Option<Instant>) -> Result<Vec<u8>, FetchError> {
        let mut request = Request::get(address::read(url)?).limits(Limits { wire: limit, unpacked: limit });
        if let Some(deadline) = deadline {
            request = request.until(deadline);
        }
        Ok(self.client.send(&request).await?.body)
    }

    /// The tarball with this digest: from the cache, or freshly downloaded.
    async fn bytes(
        &self,
        version: Version,
        url: &str,
        digest: &str,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<(Vec<u8>, Place), Fault> {
        if let Some(file) = self.cache.tarball(digest) {
            return Ok((read(&file)?, Place::Cached));
        }
        let limits = Limits { wire: MOST_BYTES, unpacked: MOST_BYTES };
        let request = Request::get(address::read(url)?).limits(limits).until(Instant::now() + DOWNLOAD);
        // The digest in the name keeps the parts of two different files apart.
        if let Some(file) = self.cache.incoming(&format!("{}-{}", digest.get(..16).unwrap_or(digest), tarball::name(version))) {
            self.client.download(&request, &file, progress).await?;
            return Ok((read(&file)?, Place::Incoming(file)));
        }
        let folder = tempfile::tempdir().map_err(|error| Fault::failed(format!("cannot make a temporary folder: {error}")))?;
        let file = folder.path().join(tarball::name(version));
        self.client.download(&request, &file, progress).await?;
        Ok((read(&file)?, Place::Gone))
    }
}

/// What is known of a release's tarball without any connection: the snapshot's digests, and all of them where the cache has its bytes.
/// Nothing is verified now, and the result says so.
#[must_use]
pub fn offline(version: Version, known: Option<&Release>, cache: &Cache) -> Verified {
    let hashes = known.map(|release| release.hashes.clone()).unwrap_or_default();
    let kept = hashes.sha256.as_deref().and_then(|digest| cache.tarball(digest)).and_then(|file| read(&file).ok());
    let digests = kept.as_deref().map(Digests::of).filter(|digests| Some(&digests.sha256) == hashes.sha256.as_ref());
    let size = digests.as_ref().map(|digests| digests.size).or_else(|| known.and_then(|release| release.size));
    let checked = Checked { level: Level::Nothing, agreed: Vec::new(), signed_by: None, warnings: Vec::new() };
    Verified {
        version,
        size,
        url: public_url(version, known),
        commit: known.and_then(|release| release.commit.clone()),
        checked,
        bytes: kept.filter(|_| digests.is_some()).map(|bytes| Bytes(Arc::new(bytes))),
        hashes: digests.map_or(hashes, |digests| digests.hashes()),
    }
}

/// What `[upstream]` asks of tarballs.
#[derive(Debug, Clone)]
pub struct Demands {
    /// Keys that are at hand: the built-in ones, and those of `upstream.keys`.
    pub keys: KeyRing,
    /// Whose signatures count; none where published digests are enough.
    pub trust: Option<Trust>,
}

impl Demands {
    /// Reads the configured key files, which are relative to `directory`. `today` is the day that signatures must not be newer than.
    ///
    /// # Errors
    ///
    /// As [`keys`]; a usage fault also if a configured fingerprint is none.
    pub fn of(upstream: &config::Upstream, directory: &Path, today: Date) -> Result<Self, Fault> {
        let files: Vec<PathBuf> = upstream.keys.iter().map(|file| directory.join(file)).collect();
        let further = upstream.fingerprints.iter().map(|text| text.parse());
        let further: Vec<Fingerprint> =
            further.collect::<Result<_, _>>().map_err(|error| Fault::usage(format!("`upstream.fingerprints`: {error}")))?;
        let trust = match upstream.verify {
            config::Verify::Signature => Some(Trust::pinned_and(further, upstream.key_grace, today)),
            config::Verify::Digest => None,
        };
        Ok(Self { keys: keys(&files)?, trust })
    }
}

/// The keys that come with the program, and those of further files (`upstream.keys`).
///
/// # Errors
///
/// A usage fault if a file cannot be read or holds no public key.
pub fn keys(files: &[PathBuf]) -> Result<KeyRing, Fault> {
    let mut ring = KeyRing::built_in();
    for file in files {
        let unusable = |why: String| Fault::usage(format!("`upstream.keys` names `{}`, {why}", file.display()));
        let mut material = Vec::new();
        let opened = File::open(file).and_then(|opened| opened.take(MOST_MATERIAL as u64 + 1).read_to_end(&mut material));
        opened.map_err(|error| unusable(format!("which cannot be read: {error}")))?;
        if ring.add(&material).is_empty() {
            return Err(unusable("which holds no OpenPGP public key; export it with `gpg --armor --export`".to_owned()));
        }
    }
    Ok(ring)
}

/// Where a tarball's bytes lie on disk.
enum Place {
    /// In the cache, under their digest.
    Cached,
    /// In the cache, not yet known to be right.
    Incoming(PathBuf),
    /// Nowhere any more, because there is no cache.
    Gone,
}

impl Place {
    /// Removes bytes that turned out to be wrong.
    fn forget(&self) {
        if let Self::Incoming(file) = self {
            let _ = std::fs::remove_file(file);
        }
    }

    /// Keeps bytes that turned out to be right. Without a cache the work is done all the same, so that is a warning at most.
    fn keep(&self, cache: &Cache, digest: &str) -> Option<String> {
        let Self::Incoming(file) = self else { return None };
        cache.keep(file, digest).err().map(|error| format!("the tarball could not be kept in the cache: {error}"))
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|opened| opened.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| Fault::failed(format!("cannot read `{}`: {error}", file.display())))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Fault::failed(format!("`{}` is larger than any release: more than {MOST_BYTES} bytes", file.display())));
    }
    Ok(bytes)
}

/// The address that others may be given: where the public gets it, whatever mirror or proxy this machine asks.
fn public_url(version: Version, known: Option<&Release>) -> String {
    known.and_then(|release| release.url.clone()).unwrap_or_else(|| Release::tarball_url(version, PUBLIC))
}

/// A tag that points to another commit than the one the tarball was made of was moved.
fn moved_tag(known: Option<&Release>, inside: Option<&str>) -> Option<String> {
    let (tagged, inside) = (known?.commit.as_deref()?, inside?);
    (!tagged.eq_ignore_ascii_case(inside))
        .then(|| format!("the tarball was made of the commit `{inside}`, but the release's tag was seen at `{tagged}`"))
}
