//! Shell: fetches a release's tarball with its digest and signature, and lets it pass only when
//! everything that speaks of it agrees.
//!
//! The bytes are read into memory once, and what is hashed, verified and unpacked are those same
//! bytes: no file on disk can change in between.

mod checked;
mod companions;
pub(crate) mod demands;
mod source;
mod tag;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::openssl::signature::{self, Answer, SignedBy};
use crate::openssl::tarball::{self, Digests, MOST_BYTES, SourceEntry};
use crate::openssl::upstream::{Hashes, Release};
use crate::openssl::version::Version;
use crate::outside::http::cache::{Cache, Incoming};
use crate::outside::http::fetch::{Limits, Request, address};
use crate::text::fault::Fault;

pub(crate) use checked::Checked;
use checked::{Claims, accept};
pub use checked::{Level, Witness};
use companions::Companions;
pub use demands::Demands;

pub use source::Source;

/// How long a tarball may take; each piece of it has the client's own patience.
const DOWNLOAD: Duration = Duration::from_secs(900);

/// A release's tarball: its digests, and how far they can be relied on.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The release.
    pub version: Version,
    /// Its digests: all of them where its bytes are at hand.
    pub hashes: Hashes,
    /// Its size in bytes.
    pub size: Option<u64>,
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

impl Verified {
    /// Every file of its source tree.
    ///
    /// # Errors
    ///
    /// If its bytes are not at hand, or cannot be unpacked safely.
    pub fn entries(&self) -> Result<Vec<SourceEntry>, Fault> {
        let name = tarball::name(self.version);
        let bytes = self.bytes.as_ref().ok_or_else(|| {
            Fault::failed(format!(
                "`{name}` is not at hand; run this without `--offline`"
            ))
        })?;
        tarball::entries(&bytes.0).map_err(|problem| Fault::failed(format!("`{name}`: {problem}")))
    }
}

impl Source<'_> {
    /// Fetches a release's tarball and checks everything that speaks of it: its bytes, the
    /// published digest, the API's own digest, what was `known` before, the signature, and the
    /// version its sources name. `progress` is told how many bytes have come, and of how many.
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
        let claims = Claims {
            published: &companions.published,
            api: companions.api.as_deref(),
            known,
        };
        let mut agreed = claims.agree().map_err(refused)?;
        let (bytes, place) = self
            .bytes(version, &url, &companions.published, progress)
            .await?;
        let digests = Digests::of(&bytes);
        if let Err(problem) = claims.fit(&digests) {
            place.forget();
            return Err(refused(format!(
                "{problem}; it was replaced or damaged, do not use it"
            )));
        }
        let signed_by = self.signed_by(&url, &bytes, &mut companions)?;
        agreed.extend(signed_by.is_some().then_some(Witness::Signature));
        let inside = tarball::contents(&bytes).map_err(refused)?;
        if inside.version != version {
            return Err(refused(format!(
                "the sources inside are those of {}, not of {version}; do not use it",
                inside.version
            )));
        }
        agreed.push(Witness::Sources);
        let mut warnings = companions.warnings;
        warnings.extend(moved_tag(known, inside.commit.as_deref()));
        warnings.extend(place.keep(self.cache, &digests.sha256));
        let level = if signed_by.is_some() {
            Level::Signature
        } else {
            Level::Digest
        };
        let checked = Checked {
            level,
            agreed,
            signed_by,
            warnings,
        };
        Ok(Verified {
            version,
            hashes: digests.hashes(),
            size: Some(digests.size),
            commit: inside.commit,
            checked,
            bytes: Some(Bytes(Arc::new(bytes))),
        })
    }

    /// Who signed the bytes, where that is asked for.
    fn signed_by(
        &self,
        url: &str,
        bytes: &[u8],
        companions: &mut Companions,
    ) -> Result<Option<SignedBy>, Fault> {
        let (Some(trust), Some(file)) = (self.trust, &companions.signature) else {
            return Ok(None);
        };
        let answer = if file.is_empty() {
            Answer::Missing
        } else {
            signature::judge(file, bytes, &companions.keys, trust)
        };
        let newer_copies = companions
            .no_site_keys
            .as_ref()
            .map(|error| format!("the keys on OpenSSL's site could not be looked at: {error}"));
        let depends_on_key = matches!(answer, Answer::Late { .. } | Answer::Unknown(_));
        match accept(answer, &format!("{url}.asc"), trust.grace_days) {
            Ok((by, warning)) => {
                companions.warnings.extend(warning);
                companions
                    .warnings
                    .extend(newer_copies.filter(|_| depends_on_key));
                Ok(Some(by))
            }
            Err(problem) => {
                let hint = newer_copies
                    .filter(|_| depends_on_key)
                    .map(|hint| format!(" ({hint})"))
                    .unwrap_or_default();
                Err(Fault::failed(problem + &hint))
            }
        }
    }

    /// The tarball with this digest: from the cache, or freshly downloaded.
    async fn bytes(
        &self,
        version: Version,
        url: &str,
        digest: &str,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<(Vec<u8>, TarballPlace), Fault> {
        // Another process may remove it meanwhile.
        let kept = self.cache.tarball(digest);
        if let Some(bytes) = kept.and_then(|file| read(&file).ok()) {
            return Ok((bytes, TarballPlace::Cached));
        }
        let limits = Limits {
            wire: MOST_BYTES,
            unpacked: MOST_BYTES,
        };
        let request = Request::get(address::read(url)?)
            .limits(limits)
            .until(Instant::now() + DOWNLOAD);
        let name = tarball::name(version);
        // The digest in the name keeps the parts of two different files apart.
        let apart = format!("{}-{name}", digest.get(..16).unwrap_or(digest));
        let folder;
        let (file, place) = match self.cache.incoming(&apart) {
            Some(incoming) => (incoming.file.clone(), TarballPlace::Incoming(incoming)),
            None => {
                folder = tempfile::tempdir().map_err(|error| {
                    Fault::failed(format!("cannot make a temporary folder: {error}"))
                })?;
                (folder.path().join(name), TarballPlace::Gone)
            }
        };
        self.client
            .download(&request, &file, progress)
            .await
            .map_err(companions::unobtained)?;
        Ok((read(&file)?, place))
    }
}

/// What is known of a release's tarball without any connection: the snapshot's digests, and all of
/// them where the cache has its bytes. Nothing is verified now, and the result says so.
pub fn offline(version: Version, known: Option<&Release>, cache: &Cache) -> Verified {
    let hashes = known
        .map(|release| release.hashes.clone())
        .unwrap_or_default();
    let kept = hashes
        .sha256
        .as_deref()
        .and_then(|digest| cache.tarball(digest))
        .and_then(|file| read(&file).ok());
    let digests = kept
        .as_deref()
        .map(Digests::of)
        .filter(|digests| Some(&digests.sha256) == hashes.sha256.as_ref());
    let size = digests
        .as_ref()
        .map(|digests| digests.size)
        .or_else(|| known.and_then(|release| release.size));
    let checked = Checked {
        level: Level::Nothing,
        agreed: Vec::new(),
        signed_by: None,
        warnings: Vec::new(),
    };
    Verified {
        version,
        size,
        commit: known.and_then(|release| release.commit.clone()),
        checked,
        bytes: kept
            .filter(|_| digests.is_some())
            .map(|bytes| Bytes(Arc::new(bytes))),
        hashes: digests.map_or(hashes, |digests| digests.hashes()),
    }
}

/// Where a tarball's bytes lie on disk.
enum TarballPlace {
    /// In the cache, under their digest.
    Cached,
    /// In the cache, not yet known to be right.
    Incoming(Incoming),
    /// Nowhere any more, because there is no cache, or another process fills it.
    Gone,
}

impl TarballPlace {
    /// Removes bytes that turned out to be wrong.
    fn forget(&self) {
        if let Self::Incoming(incoming) = self {
            let _ = std::fs::remove_file(&incoming.file);
        }
    }

    /// Keeps bytes that turned out to be right. Without a cache the work is done all the same, so
    /// that is a warning at most.
    fn keep(&self, cache: &Cache, digest: &str) -> Option<String> {
        let Self::Incoming(incoming) = self else {
            return None;
        };
        cache
            .keep(&incoming.file, digest)
            .err()
            .map(|error| format!("the tarball could not be kept in the cache: {error}"))
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let read =
        File::open(file).and_then(|opened| opened.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| Fault::failed(format!("cannot read `{}`: {error}", file.display())))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Fault::failed(format!(
            "`{}` is larger than any release: more than {MOST_BYTES} bytes",
            file.display()
        )));
    }
    Ok(bytes)
}

/// A tag that points to another commit than the one the tarball was made of was moved.
fn moved_tag(known: Option<&Release>, inside: Option<&str>) -> Option<String> {
    let (tagged, inside) = (known?.commit.as_deref()?, inside?);
    (!tagged.eq_ignore_ascii_case(inside))
        .then(|| format!("the tarball was made of the commit `{inside}`, but the release's tag was seen at `{tagged}`"))
}
