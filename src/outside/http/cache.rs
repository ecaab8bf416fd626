//! What was fetched before, kept on disk: answers with their validators, the merged view of
//! upstream, tarballs by their digest, and what never changes of a forge's repositories.
//!
//! Everything here can be lost or damaged without harm: an entry that is not exactly what was
//! written does not exist. No request header is ever written, so no token either.

mod digest;
mod folder;

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::outside::environment::Environment;
use crate::outside::http::fetch::Validators;
use crate::outside::{trace, whole_file};

pub use digest::sha256;

/// The folder of the cache; without one nothing is remembered.
#[derive(Debug, Clone)]
pub struct Cache {
    root: Option<PathBuf>,
    /// Why there is none though there could be one, in words.
    refused: Option<String>,
}

/// An answer that is kept, without its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// What was asked: an address without credentials.
    pub key: String,
    /// What the server recognises it by.
    pub validators: Validators,
    /// SHA-256 of the body, lower-case hexadecimal.
    pub sha256: String,
}

/// Where a tarball grows; nobody else's as long as it lives.
#[derive(Debug)]
pub struct Incoming {
    /// The file.
    pub file: PathBuf,
    _lock: Option<fs::File>,
}

/// That another process is at it.
struct Busy;

/// Folders of the cache, and how many bytes each may hold.
const ANSWERS: (&str, u64) = ("answers", 64 << 20);
const TARBALLS: (&str, u64) = ("tarballs", 1 << 30);
const OBJECTS: (&str, u64) = ("objects", 128 << 20);

/// The largest header line of an answer.
const HEADER: u64 = 16 << 10;

impl Cache {
    /// The cache in `RELEASE_CHECK_CACHE`, else in the platform's cache folder; none where others
    /// may write to it. In a job each branch has its own.
    pub fn of(environment: &Environment) -> Self {
        match folder::of(environment) {
            Ok(root) => Self {
                root,
                refused: None,
            },
            Err(refused) => Self {
                root: None,
                refused: Some(refused),
            },
        }
    }

    /// A cache that remembers nothing.
    pub fn none() -> Self {
        Self {
            root: None,
            refused: None,
        }
    }

    /// A cache in this folder.
    pub fn at(root: &Path) -> Self {
        Self {
            root: Some(root.to_owned()),
            refused: None,
        }
    }

    /// The answer kept under a key, without its body.
    pub fn stored(&self, key: &str) -> Option<Stored> {
        self.read_header(key).map(|(stored, _)| stored)
    }

    /// The body of an answer, if it is still the one that was stored.
    pub fn body(&self, stored: &Stored) -> Option<Vec<u8>> {
        let (found, mut rest) = self.read_header(&stored.key)?;
        let mut body = Vec::new();
        rest.by_ref().take(ANSWERS.1).read_to_end(&mut body).ok()?;
        (found == *stored && sha256(&body) == found.sha256).then_some(body)
    }

    /// Keeps an answer in place of the earlier one.
    ///
    /// # Errors
    ///
    /// If the cache cannot be written, or is not used as others may write to it; the program works
    /// without it.
    pub fn store(&self, stored: &Stored, body: &[u8]) -> io::Result<()> {
        let Some(file) = self.answer_file(&stored.key) else {
            return match &self.refused {
                Some(refused) => Err(io::Error::other(refused.clone())),
                None => Ok(()),
            };
        };
        let header = serde_json::to_vec(stored)?;
        remember(&file, &[&header, b"\n", body])?;
        make_room(&file, ANSWERS.1)
    }

    /// Forgets an answer.
    pub fn forget(&self, key: &str) {
        if let Some(file) = self.answer_file(key) {
            let _ = fs::remove_file(file);
        }
    }

    /// The tarball with this SHA-256 (lower-case hexadecimal), checked again. A damaged one is
    /// removed.
    pub fn tarball(&self, digest: &str) -> Option<PathBuf> {
        let file = self.tarball_file(digest)?;
        if sha256_of(&file).ok()? == digest {
            trace::kept(&format!("the tarball {digest}"), "its digest is right");
            return Some(file);
        }
        let _ = fs::remove_file(&file);
        None
    }

    /// Where to download a tarball of this name to before its digest is known to be right; none
    /// without a cache folder, and while another process does so.
    pub fn incoming(&self, name: &str) -> Option<Incoming> {
        let folder = self.root.as_ref()?.join("incoming");
        let plain =
            !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0']);
        if !plain || folder::make(&folder).is_err() {
            return None;
        }
        let lock = self.lock(name).ok()?;
        let file = folder.join(name);
        if file.is_symlink() {
            fs::remove_file(&file).ok()?;
        }
        Some(Incoming { file, _lock: lock })
    }

    /// Takes what only one process may use at a time; the system takes it back from one that ended,
    /// however that was. None where files cannot be locked.
    fn lock(&self, name: &str) -> Result<Option<fs::File>, Busy> {
        let opened = self.root.as_ref().and_then(|root| {
            let folder = root.join("locks");
            folder::make(&folder).ok()?;
            let file = folder.join(name);
            if file.is_symlink() {
                fs::remove_file(&file).ok()?;
            }
            let mut options = fs::OpenOptions::new();
            options.create(true).write(true).truncate(false);
            options.open(file).ok()
        });
        let Some(file) = opened else { return Ok(None) };
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => Err(Busy),
            Err(fs::TryLockError::Error(_)) => Ok(None),
        }
    }

    /// Takes a downloaded tarball over under its SHA-256, which the caller has checked, and returns
    /// its new place.
    ///
    /// # Errors
    ///
    /// If there is no cache folder or it cannot be written.
    pub fn keep(&self, downloaded: &Path, digest: &str) -> io::Result<PathBuf> {
        let file = self
            .tarball_file(digest)
            .ok_or_else(|| io::Error::other("there is no cache folder"))?;
        folder::make(file.parent().unwrap_or(Path::new(".")))?;
        fs::rename(downloaded, &file)?;
        make_room(&file, TARBALLS.1)?;
        Ok(file)
    }

    /// The bytes kept under a name that says what they are for ever. Whether they still are is the
    /// caller's to check.
    pub fn object(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        folder::open(&self.object_file(name)?)
            .ok()?
            .take(OBJECTS.1)
            .read_to_end(&mut bytes)
            .ok()?;
        trace::kept(&name, "it never changes");
        Some(bytes)
    }

    /// Keeps bytes under a name that says what they are for ever.
    ///
    /// # Errors
    ///
    /// If the cache cannot be written; the program works without it.
    pub fn keep_object(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let Some(file) = self.object_file(name) else {
            return Ok(());
        };
        remember(&file, &[bytes])?;
        make_room(&file, OBJECTS.1)
    }

    /// Where the journal of a change in a folder without a repository stands.
    pub fn journal(&self, folder: &Path) -> Option<PathBuf> {
        let name = sha256(folder.as_os_str().as_encoded_bytes());
        let file = self.root.as_ref()?.join("journals").join(&name[..32]);
        (!file.is_symlink()).then_some(file)
    }

    fn object_file(&self, name: &str) -> Option<PathBuf> {
        let plain = name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        (plain && !name.is_empty())
            .then(|| Some(self.root.as_ref()?.join(OBJECTS.0).join(name)))
            .flatten()
    }

    fn answer_file(&self, key: &str) -> Option<PathBuf> {
        Some(
            self.root
                .as_ref()?
                .join(ANSWERS.0)
                .join(&sha256(key.as_bytes())[..32]),
        )
    }

    fn tarball_file(&self, digest: &str) -> Option<PathBuf> {
        let plain = digest.len() == 64
            && digest
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        plain
            .then(|| Some(self.root.as_ref()?.join(TARBALLS.0).join(digest)))
            .flatten()
    }

    fn read_header(&self, key: &str) -> Option<(Stored, BufReader<fs::File>)> {
        let mut file = BufReader::new(folder::open(&self.answer_file(key)?).ok()?);
        let mut header = Vec::new();
        file.by_ref()
            .take(HEADER)
            .read_until(b'\n', &mut header)
            .ok()?;
        let stored: Stored = serde_json::from_slice(&header).ok()?;
        (stored.key == key && header.ends_with(b"\n")).then_some((stored, file))
    }
}

impl Stored {
    /// The entry for a body.
    pub fn of(key: impl Into<String>, validators: Validators, body: &[u8]) -> Self {
        Self {
            key: key.into(),
            validators,
            sha256: sha256(body),
        }
    }
}

fn sha256_of(file: &Path) -> io::Result<String> {
    let mut reader = BufReader::with_capacity(64 << 10, folder::open(file)?);
    let mut hasher = Sha256::new();
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok(HEXLOWER.encode(&hasher.finalize()));
        }
        hasher.update(piece);
        let length = piece.len();
        reader.consume(length);
    }
}

/// Keeps a file in a folder of the cache.
fn remember(file: &Path, parts: &[&[u8]]) -> io::Result<()> {
    folder::make(file.parent().unwrap_or(Path::new(".")))?;
    whole_file::remember(file, parts)
}

/// Removes the oldest files beside a new one until the folder keeps its bound.
fn make_room(newest: &Path, bound: u64) -> io::Result<()> {
    let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in fs::read_dir(newest.parent().unwrap_or(Path::new(".")))? {
        let entry = entry?;
        // Another process may remove it first.
        if let Ok(about) = entry.metadata() {
            files.push((
                about.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                about.len(),
                entry.path(),
            ));
        }
    }
    files.sort();
    let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
    for (_, bytes, file) in files {
        if total <= bound {
            break;
        }
        if file != newest && fs::remove_file(&file).is_ok() {
            total -= bytes;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(key: &str, body: &[u8]) -> Stored {
        Stored::of(
            key,
            Validators {
                etag: Some("\"1\"".to_owned()),
                last_modified: None,
            },
            body,
        )
    }

    #[test]
    fn an_answer_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        assert_eq!(cache.stored("https://example.org/a"), None);
        let stored = answer("https://example.org/a", b"body\nwith lines");
        cache.store(&stored, b"body\nwith lines").unwrap();
        assert_eq!(cache.stored("https://example.org/a"), Some(stored.clone()));
        assert_eq!(cache.body(&stored), Some(b"body\nwith lines".to_vec()));
        cache
            .store(&answer("https://example.org/a", b"newer"), b"newer")
            .unwrap();
        assert_eq!(
            cache.body(&stored),
            None,
            "the body of an answer that was replaced"
        );
    }

    #[test]
    fn a_damaged_entry_does_not_exist() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let stored = answer("k", b"body");
        cache.store(&stored, b"body").unwrap();
        let file = cache.answer_file("k").unwrap();
        let whole = fs::read(&file).unwrap();
        for cut in 0..whole.len() {
            fs::write(&file, &whole[..cut]).unwrap();
            assert_eq!(cache.body(&stored), None, "{cut} bytes of {}", whole.len());
        }
        for noise in [&b"\xff\xfe"[..], b"{}\nbody", b"null\n", &[b'x'; 100_000]] {
            fs::write(&file, noise).unwrap();
            assert_eq!(cache.stored("k"), None);
        }
    }

    #[test]
    fn tarballs_are_checked() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let incoming = cache.incoming("openssl-3.5.4.tar.gz").unwrap();
        fs::write(&incoming.file, b"tarball").unwrap();
        let digest = sha256(b"tarball");
        let kept = cache.keep(&incoming.file, &digest).unwrap();
        assert_eq!(cache.tarball(&digest), Some(kept.clone()));
        fs::write(&kept, b"tampered").unwrap();
        assert_eq!(cache.tarball(&digest), None);
        assert!(!kept.exists());
        for name in ["", "../x", ".x", "a/b", "a\\b"] {
            assert!(cache.incoming(name).is_none(), "{name}");
        }
        assert_eq!(cache.tarball("../../etc/passwd"), None);
    }

    #[test]
    fn only_one_process_downloads_a_tarball_to_the_cache() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let first = cache.incoming("a").unwrap();
        assert!(cache.incoming("a").is_none());
        assert!(cache.incoming("b").is_some());
        drop(first);
        // What a process that was ended has left behind is no lock.
        assert!(folder.path().join("locks/a").exists());
        assert!(cache.incoming("a").is_some());
    }

    #[test]
    fn the_oldest_make_room() {
        let folder = tempfile::tempdir().unwrap();
        for (age, name) in [(30, "a"), (20, "b"), (10, "c")] {
            let file = folder.path().join(name);
            fs::write(&file, [0; 40]).unwrap();
            let when = SystemTime::now() - std::time::Duration::from_secs(age);
            fs::File::options()
                .write(true)
                .open(&file)
                .unwrap()
                .set_modified(when)
                .unwrap();
        }
        make_room(&folder.path().join("c"), 100).unwrap();
        let left = ["a", "b", "c"].map(|name| folder.path().join(name).exists());
        assert_eq!(left, [false, true, true]);
    }

    #[test]
    fn without_a_folder_nothing_is_kept() {
        assert!(Cache::none().store(&answer("k", b""), b"").is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(&folder.path().join("cache"));
        let stored = answer("k", b"body");
        cache.store(&stored, b"body").unwrap();
        let outside = folder.path().join("outside");
        let file = cache.answer_file("k").unwrap();
        fs::rename(&file, &outside).unwrap();
        std::os::unix::fs::symlink(&outside, &file).unwrap();
        assert_eq!(cache.stored("k"), None);
        cache.store(&stored, b"body").unwrap();
        assert_eq!(cache.body(&stored), Some(b"body".to_vec()));
        let digest = sha256(&fs::read(&outside).unwrap());
        let tarball = cache.tarball_file(&digest).unwrap();
        fs::create_dir_all(tarball.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(&outside, &tarball).unwrap();
        assert_eq!(cache.tarball(&digest), None);
        let incoming = cache.incoming("x").unwrap().file;
        std::os::unix::fs::symlink(&outside, &incoming).unwrap();
        assert_eq!(cache.incoming("x").unwrap().file, incoming);
        assert!(!incoming.is_symlink());
        assert!(outside.exists());
    }
}
