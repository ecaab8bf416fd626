//! The release-metadata tree: advisories, what OpenSSL disputes, support windows (UPSTREAM 1, 2,
//! 5.4). It is a folder, an archive, or a git repository.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use reqwest::header::ACCEPT;
use reqwest::{Method, Url};

use super::archive;
use super::asker::{AskMode, Asker, UpstreamDocument, WantedDocument, beside};
use crate::openssl::upstream::diagnostic::{Diagnostic, Reading};
use crate::openssl::upstream::metadata::MetadataTree;
use crate::outside::git::{own as own_git, smart_http as git};
use crate::outside::http::cache::{Stored, sha256};
use crate::outside::http::fetch::{FetchError, Request, Validators, address};
use crate::outside::poll::metadata_folder;

/// The largest archive on disk that is read.
const MOST_PACKED: u64 = 64 << 20;

/// The most files of one folder that are looked at.
const MOST_FILES: usize = 20_000;

/// Where the tree is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MetadataPlace {
    /// A folder or a local git repository.
    Folder(PathBuf),
    /// A `.tar.gz` on disk.
    File(PathBuf),
    /// A `.tar.gz` behind an address.
    Archive(String),
    /// A git repository behind an address of the web.
    Repository(String),
}

impl MetadataPlace {
    /// Reads `upstream.metadata`; a relative path is relative to `directory`.
    pub(super) fn of(text: &str, directory: &Path) -> Self {
        let is_archive = |path: &str| [".tar.gz", ".tgz"].iter().any(|end| path.ends_with(end));
        let local = |path: &str| {
            let path = directory.join(path);
            if path.is_file() {
                Self::File(path)
            } else {
                Self::Folder(path)
            }
        };
        match text.split_once("://") {
            Some(("http" | "https", rest))
                if is_archive(rest.split(['?', '#']).next().unwrap_or(rest)) =>
            {
                Self::Archive(text.to_owned())
            }
            Some(("http" | "https", _)) => Self::Repository(text.trim_end_matches('/').to_owned()),
            Some(("file", path)) => local(path),
            _ => local(text),
        }
    }
}

/// Asks for the tree.
pub(super) async fn ask(
    asker: &Asker<'_>,
    place: &MetadataPlace,
) -> Result<Vec<UpstreamDocument>, FetchError> {
    match place {
        MetadataPlace::Folder(folder) => {
            local(asker, folder, fingerprint(folder), || read_folder(folder))
        }
        MetadataPlace::File(file) => {
            local(asker, file, fingerprint_of_file(file), || read_file(file))
        }
        MetadataPlace::Archive(url) => {
            let check = |body: &[u8]| check(body);
            Ok(vec![
                asker
                    .document(WantedDocument {
                        url: url.clone(),
                        github: false,
                        check,
                    })
                    .await?,
            ])
        }
        MetadataPlace::Repository(url) => repository(asker, url).await,
    }
}

fn check(body: &[u8]) -> Result<(), String> {
    match archive::read(body)?.value.records.len() {
        0 => Err("holds no CVE record".to_owned()),
        _ => Ok(()),
    }
}

/// A repository on the web: one listing of its references, and its newest tree where that is not
/// known yet.
async fn repository(asker: &Asker<'_>, url: &str) -> Result<Vec<UpstreamDocument>, FetchError> {
    let check = |body: &[u8]| git::read_offer(body).map(|_| ());
    let listing = asker
        .document(WantedDocument {
            url: format!("{url}/info/refs?service=git-upload-pack"),
            github: false,
            check,
        })
        .await?;
    let at = address::read(url)?;
    let body = listing
        .read(asker.cache)
        .ok_or_else(|| FetchError::content(&at, "its listing was lost from the cache"))?;
    let offer = git::read_offer(&body).map_err(|why| FetchError::content(&at, why))?;
    let moved = listing.at.as_ref().and_then(|now| moved(&at, now));
    let moved = moved.as_deref();
    let revision = revision(&offer, moved);
    let tree = match known_tree(asker, url, &revision) {
        Some(known) => known,
        // The listing may be newer than the tree, where fetching that has failed.
        None if asker.mode == AskMode::Remember => asker
            .cache
            .stored(&tree_key(url))
            .map(UpstreamDocument::unchanged)
            .ok_or_else(|| FetchError::content(&at, "not asked, and no tree of it is known"))?,
        None if offer.smart => pack(asker, (url, moved), &offer, revision).await?,
        None => own_git_tree(asker, url, revision).await?,
    };
    // The listing itself may change with every pull request: what it says is in the tree's
    // revision.
    Ok(vec![tree])
}

/// The tree of a revision, where the cache holds it.
fn known_tree(asker: &Asker<'_>, url: &str, revision: &str) -> Option<UpstreamDocument> {
    let stored = asker
        .cache
        .stored(&tree_key(url))
        .filter(|stored| stored.validators.etag.as_deref() == Some(revision))?;
    let body = if asker.mode == AskMode::Ask {
        None
    } else {
        Some(asker.cache.body(&stored)?)
    };
    Some(UpstreamDocument {
        body,
        ..UpstreamDocument::unchanged(stored)
    })
}

fn tree_key(url: &str) -> String {
    format!("tree of {url}")
}

/// Where a repository is now, if its listing came from elsewhere: git, too, goes on from there.
fn moved(asked: &Url, listing: &Url) -> Option<String> {
    let base = listing.as_str().split_once("/info/refs")?.0;
    (base != asked.as_str().trim_end_matches('/')).then(|| base.to_owned())
}

/// What a tree is recognised by: its commit, and where the repository has moved, since the tree
/// keeps the note of that.
fn revision(offer: &git::RemoteOffer, moved: Option<&str>) -> String {
    match moved {
        Some(base) => format!("{} at {base}", offer.head),
        None => offer.head.clone(),
    }
}

/// Fetches the newest tree of a repository, which has moved where that is given.
async fn pack(
    asker: &Asker<'_>,
    (url, moved): (&str, Option<&str>),
    offer: &git::RemoteOffer,
    revision: String,
) -> Result<UpstreamDocument, FetchError> {
    let base = moved.unwrap_or(url);
    let at = address::read(base)?;
    let fail = |why: String| FetchError::content(&at, why);
    let request = Request::new(
        Method::POST,
        address::read(&format!("{base}/git-upload-pack"))?,
    )
    .body(
        "application/x-git-upload-pack-request",
        git::request_pack(offer),
    )
    .header(ACCEPT, "application/x-git-upload-pack-result")
    .repeatable();
    let response = asker.send(request).await?;
    let pack = git::read_pack(&response.body).map_err(fail)?;
    let head = offer.head.clone();
    let unpacked = beside(move || {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        git::unpack(&pack, folder.path())?;
        git::read_tree(folder.path(), Some(&head))
    });
    let mut tree = unpacked.await.map_err(fail)?;
    if let Some(moved) = moved {
        tree.notes.push(Diagnostic::new(
            url,
            format!("has moved to `{moved}`; write that as `metadata` in `[upstream]`"),
        ));
    }
    keep_tree(asker, url, revision, &tree).map_err(fail)
}

/// Fetches the newest tree from a server that does not speak git's smart protocol.
async fn own_git_tree(
    asker: &Asker<'_>,
    url: &str,
    revision: String,
) -> Result<UpstreamDocument, FetchError> {
    let fail = |why: String| FetchError::elsewhere(url, why);
    let folder = tempfile::tempdir().map_err(|error| fail(error.to_string()))?;
    own_git::fetch(url, folder.path(), asker.deadline)
        .await
        .map_err(fail)?;
    let tree = git::read_tree(folder.path(), None).map_err(fail)?;
    keep_tree(asker, url, revision, &tree).map_err(fail)
}

/// Remembers a tree as an archive, with the revision it is recognised by.
fn keep_tree(
    asker: &Asker<'_>,
    url: &str,
    revision: String,
    tree: &Reading<MetadataTree>,
) -> Result<UpstreamDocument, String> {
    if tree.value.records.is_empty() {
        return Err("holds no CVE record".to_owned());
    }
    let body = archive::write(tree).map_err(|error| error.to_string())?;
    Ok(keep(asker, url, revision, body))
}

fn keep(asker: &Asker<'_>, url: &str, revision: String, body: Vec<u8>) -> UpstreamDocument {
    let validators = Validators {
        etag: Some(revision),
        last_modified: None,
    };
    let stored = Stored::of(tree_key(url), validators, &body);
    let known = asker.cache.stored(&stored.key);
    let changed = known.is_none_or(|known| known.sha256 != stored.sha256);
    asker.keep(&stored, &body);
    UpstreamDocument {
        body: Some(body),
        changed,
        ..UpstreamDocument::unchanged(stored)
    }
}

/// A tree on this disk: read only when its files changed.
fn local(
    asker: &Asker<'_>,
    path: &Path,
    fingerprint: Result<String, String>,
    read: impl Fn() -> Result<Vec<u8>, String>,
) -> Result<Vec<UpstreamDocument>, FetchError> {
    let key = format!("{}", path.display());
    let fail = |why: String| FetchError::elsewhere(&key, why);
    let fingerprint = fingerprint.map_err(fail)?;
    if let Some(known) = known_tree(asker, &key, &fingerprint) {
        return Ok(vec![known]);
    }
    let body = read().map_err(fail)?;
    check(&body).map_err(fail)?;
    Ok(vec![keep(asker, &key, fingerprint, body)])
}

fn read_folder(folder: &Path) -> Result<Vec<u8>, String> {
    let tree = if folder.join("secjson").is_dir() {
        metadata_folder::read(folder).map_err(|fault| fault.to_string())?
    } else {
        git::read_tree(folder, None)?
    };
    archive::write(&tree).map_err(|error| error.to_string())
}

fn read_file(file: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(MOST_PACKED).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| error.to_string())
}

/// What changes whenever a file of the folder does: names, lengths and times; of a git repository
/// the commit it stands at.
fn fingerprint(folder: &Path) -> Result<String, String> {
    if !folder.join("secjson").is_dir() {
        return git::local_head(folder);
    }
    let mut files = Vec::new();
    let mut folders = ["", "secjson", "secadv"].map(str::to_owned).to_vec();
    while let Some(part) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder.join(&part)) else {
            continue;
        };
        for entry in entries.take(MOST_FILES).flatten() {
            let name = format!("{part}/{}", entry.file_name().to_string_lossy());
            // Of the root only its own files are read.
            let is_read = !part.is_empty() && part.matches('/').count() < metadata_folder::DEEPEST;
            if is_read && folders.len() < MOST_FILES && entry.path().is_dir() {
                folders.push(name.clone());
            }
            files.push(format!("{name} {}", fingerprint_of_file(&entry.path())?));
        }
    }
    files.sort();
    Ok(sha256(files.join("\n").as_bytes()))
}

fn fingerprint_of_file(file: &Path) -> Result<String, String> {
    let about = fs::metadata(file).map_err(|error| error.to_string())?;
    let modified = about
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    Ok(format!("{} {}", about.len(), modified.as_nanos()))
}
