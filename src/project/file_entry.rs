//! A file as git has it: path aside, its mode and its bytes.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use crate::text::fault::Fault;

/// The name of a git object: 40 (or, in a SHA-256 repository, 64) lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(String);

impl Oid {
    /// Reads an object's name; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let hex = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (hex && matches!(text.len(), 40 | 64)).then(|| Self(text.to_owned()))
    }

    /// The name git gives a file's content.
    pub fn of_blob(bytes: &[u8]) -> Self {
        let mut hash = Sha1::new();
        hash.update(format!("blob {}\0", bytes.len()));
        hash.update(bytes);
        Self(HEXLOWER.encode(&hash.finalize()))
    }

    /// Whether this is the name git gives a file's content; in a SHA-256 repository too.
    pub fn names_blob(&self, bytes: &[u8]) -> bool {
        if self.0.len() == 40 {
            return *self == Self::of_blob(bytes);
        }
        let mut hash = Sha256::new();
        hash.update(format!("blob {}\0", bytes.len()));
        hash.update(bytes);
        HEXLOWER.encode(&hash.finalize()) == self.0
    }

    /// The name that no object has, where it is not known which one is meant.
    pub fn unknown() -> Self {
        Self("0".repeat(40))
    }

    /// Whether it is the name of an object.
    pub(crate) fn is_known(&self) -> bool {
        *self != Self::unknown()
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first digits, for people.
    pub fn short(&self) -> &str {
        if self.is_known() {
            &self.0[..10]
        } else {
            "the head of the base"
        }
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How git stores what stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileMode {
    /// A file.
    Regular,
    /// A file that can be run.
    Executable,
    /// A symbolic link; its content is where it points.
    Symlink,
    /// A submodule; its content is a commit of another repository.
    Gitlink,
}

impl FileMode {
    /// As git writes it in trees and the API takes it.
    pub fn as_git(self) -> &'static str {
        match self {
            Self::Regular => "100644",
            Self::Executable => "100755",
            Self::Symlink => "120000",
            Self::Gitlink => "160000",
        }
    }

    /// As an index has it.
    pub fn bits(self) -> u32 {
        match self {
            Self::Regular => 0o100_644,
            Self::Executable => 0o100_755,
            Self::Symlink => 0o120_000,
            Self::Gitlink => 0o160_000,
        }
    }

    /// Reads git's form. The group-writable mode of ancient trees is that of a plain file.
    pub fn of_git(text: &str) -> Option<Self> {
        let bits = u32::from_str_radix(text, 8).ok()?;
        if bits == 0o100_664 {
            return Some(Self::Regular);
        }
        [
            Self::Regular,
            Self::Executable,
            Self::Symlink,
            Self::Gitlink,
        ]
        .into_iter()
        .find(|mode| mode.bits() == bits)
    }
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// How it is stored.
    pub mode: FileMode,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl FileEntry {
    /// A plain file.
    pub fn regular(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            mode: FileMode::Regular,
            bytes: bytes.into(),
        }
    }

    /// A submodule at a commit.
    pub fn gitlink(commit: &Oid) -> Self {
        Self {
            mode: FileMode::Gitlink,
            bytes: commit.as_str().into(),
        }
    }

    /// The commit that a submodule is at.
    pub fn commit(&self) -> Option<Oid> {
        let text = std::str::from_utf8(&self.bytes).ok()?;
        Oid::read(text).filter(|_| self.mode == FileMode::Gitlink)
    }

    /// The name of the object at the path.
    pub fn id(&self) -> Oid {
        self.commit().unwrap_or_else(|| Oid::of_blob(&self.bytes))
    }

    /// The content as text.
    ///
    /// # Errors
    ///
    /// A usage fault with the line, if the content is not UTF-8.
    pub fn text(&self, path: &str) -> Result<&str, Fault> {
        std::str::from_utf8(&self.bytes).map_err(|error| {
            let line = line_of(&self.bytes, error.valid_up_to());
            Fault::usage(format!(
                "`{path}` line {line}: not UTF-8, and nothing else can be edited; save it as UTF-8"
            ))
        })
    }
}

/// The line that a byte stands on, counted from 1.
pub(crate) fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &bytes[..at.min(bytes.len())]).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_objects() {
        assert_eq!(
            Oid::of_blob(b"").as_str(),
            "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
        );
        assert_eq!(
            Oid::of_blob(b"hello\n").as_str(),
            "ce013625030ba8dba906f756967f9e9ca394464a"
        );
        assert!(Oid::read("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391").is_some());
        for wrong in [
            "",
            "HEAD",
            "e69de29",
            "E69DE29BB2D1D6434B8B29AE775AD8C2E48C5391",
            "--upload-pack=xxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ] {
            assert!(Oid::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn modes_as_git_writes_them() {
        for text in ["100644", "100755", "120000", "160000"] {
            let read = FileMode::of_git(text).map(FileMode::as_git);
            assert_eq!(read, Some(text));
        }
        assert_eq!(FileMode::of_git("100664"), Some(FileMode::Regular));
        assert_eq!(FileMode::of_git("040000"), None);
    }
}
