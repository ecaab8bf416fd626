//! A release tarball: its name, its digests, what must be inside. Pure: bytes in, values out, and
//! every byte may be hostile.

mod digests;
mod members;
mod published;
mod source;

pub use digests::Digests;
pub(crate) use members::{EntryKind, SourceEntry};
pub use published::published_sha256;

use crate::openssl::version::Version;

/// More bytes than any release's tarball has: the largest so far has 55 MB.
pub(crate) const MOST_BYTES: u64 = 256 << 20;

/// What a tarball says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TarballContents {
    /// The version that its sources name.
    pub version: Version,
    /// The commit it was made of, which `git archive` notes down.
    pub commit: Option<String>,
}

/// The file name of a release's tarball.
///
/// ```
/// assert_eq!(release_check::for_tests::openssl::tarball::name("1.1.1w".parse().unwrap()), "openssl-1.1.1w.tar.gz");
/// ```
pub fn name(version: Version) -> String {
    format!("openssl-{version}.tar.gz")
}

/// What a gzipped tarball says it is. All of it is read, so that one with an unsafe member anywhere
/// is refused.
///
/// # Errors
///
/// In words, without the tarball's name: if it is damaged, unsafe, beyond the limits, or names no
/// version or several.
pub fn contents(bytes: &[u8]) -> Result<TarballContents, String> {
    let members = members::read(bytes, &source::names_version)?;
    Ok(TarballContents {
        version: source::version(&members.entries)?,
        commit: members.commit,
    })
}

/// Everything in a gzipped tarball, below its single top folder, which is left out: files with
/// their contents, and symbolic links that stay inside. Folders are implied.
pub fn entries(bytes: &[u8]) -> Result<Vec<SourceEntry>, String> {
    Ok(members::read(bytes, &|_| true)?.entries)
}

#[cfg(test)]
pub(crate) mod made;
