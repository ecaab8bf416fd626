//! What a commit does to files, as git sees it.

use data_encoding::HEXLOWER;
use std::collections::BTreeMap;
use std::fmt;

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

/// The name of a git object: 40 (or, in a SHA-256 repository, 64) lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(String);

impl Oid {
    /// Reads an object's name; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let hex = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (hex && matches!(text.len(), 40 | 64)).then(|| Self(text.to_owned()))
    }

    /// The name git gives a file's content.
    #[must_use]
    pub fn of_blob(bytes: &[u8]) -> Self {
        let mut hash = Sha1::new();
        hash.update(format!("blob {}\0", bytes.len()));
        hash.update(bytes);
        Self(HEXLOWER.encode(&hash.finalize()))
    }

    /// Whether this is the name git gives a file's content; in a SHA-256 repository too.
    #[must_use]
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
    #[must_use]
    pub fn unknown() -> Self {
        Self("0".repeat(40))
    }

    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first digits, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        if *self == Self::unknown() {
            "the head of the base"
        } else {
            &self.0[..10]
        }
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kinds of entries of a git tree that a change can touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryMode {
    /// A file.
    Plain,
    /// A file that can be run.
    Executable,
    /// A symbolic link; its content is where it points.
    Symlink,
    /// A submodule; its content is a commit of another repository.
    Gitlink,
}

impl EntryMode {
    /// As git writes it in trees and the API takes it.
    #[must_use]
    pub fn as_git(self) -> &'static str {
        match self {
            Self::Plain => "100644",
            Self::Executable => "100755",
            Self::Symlink => "120000",
            Self::Gitlink => "160000",
        }
    }

    /// Reads git's form. The group-writable mode of ancient trees is that of a plain file.
    #[must_use]
    pub fn of_git(text: &str) -> Option<Self> {
        Some(match text {
            "100644" | "100664" => Self::Plain,
            "100755" => Self::Executable,
            "120000" => Self::Symlink,
            "160000" => Self::Gitlink,
            _ => return None,
        })
    }
}

/// What stands at a path after a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A file.
    File {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Whether it can be run.
        executable: bool,
    },
    /// A symbolic link and where it points.
    Symlink(Vec<u8>),
    /// A submodule at a commit.
    Gitlink(Oid),
}

impl Content {
    /// Its kind of entry.
    #[must_use]
    pub fn mode(&self) -> EntryMode {
        match self {
            Self::File {
                executable: false, ..
            } => EntryMode::Plain,
            Self::File {
                executable: true, ..
            } => EntryMode::Executable,
            Self::Symlink(_) => EntryMode::Symlink,
            Self::Gitlink(_) => EntryMode::Gitlink,
        }
    }

    /// The bytes of its blob; a submodule has none.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::File { bytes, .. } | Self::Symlink(bytes) => Some(bytes),
            Self::Gitlink(_) => None,
        }
    }

    /// The name of the object at the path.
    #[must_use]
    pub fn id(&self) -> Oid {
        match self {
            Self::File { bytes, .. } | Self::Symlink(bytes) => Oid::of_blob(bytes),
            Self::Gitlink(commit) => commit.clone(),
        }
    }
}

/// One path of a commit: what stood there in the base, and what stands there afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathEdit {
    /// The path in the repository, with `/`.
    pub path: String,
    /// The object the base has there; `None`: nothing.
    pub before: Option<(EntryMode, Oid)>,
    /// What is there afterwards; `None`: nothing.
    pub after: Option<Content>,
}

impl PathEdit {
    /// Whether it changes anything.
    #[must_use]
    pub fn acts(&self) -> bool {
        self.after
            .as_ref()
            .map(|content| (content.mode(), content.id()))
            != self.before
    }
}

/// What paths hold: the object's name, or nothing.
pub(crate) type Holdings = BTreeMap<String, Option<Oid>>;

/// What the paths of a change hold after it.
#[must_use]
pub(crate) fn after(edits: &[PathEdit]) -> Holdings {
    edits
        .iter()
        .map(|edit| (edit.path.clone(), edit.after.as_ref().map(Content::id)))
        .collect()
}

/// What the paths of a change held before it.
#[must_use]
pub(crate) fn before(edits: &[PathEdit]) -> Holdings {
    edits
        .iter()
        .map(|edit| {
            (
                edit.path.clone(),
                edit.before.as_ref().map(|(_, id)| id.clone()),
            )
        })
        .collect()
}

/// A short digest of what paths hold.
#[must_use]
pub(crate) fn digest(holdings: &Holdings) -> String {
    let mut text = String::new();
    for (path, id) in holdings {
        text.push_str(&format!(
            "{path}\0{}\n",
            id.as_ref().map_or("-", Oid::as_str)
        ));
    }
    short_digest(&text)
}

/// The first 16 hexadecimal digits of a text's SHA-256: enough to tell texts apart that nobody
/// forges.
#[must_use]
pub(in crate::plan) fn short_digest(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text)[..8])
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
    fn a_mode_alone_is_a_change() {
        let same = Content::File {
            bytes: b"x".to_vec(),
            executable: true,
        };
        let edit = |mode| PathEdit {
            path: "run".into(),
            before: Some((mode, Oid::of_blob(b"x"))),
            after: Some(same.clone()),
        };
        assert!(edit(EntryMode::Plain).acts());
        assert!(!edit(EntryMode::Executable).acts());
        assert!(
            !PathEdit {
                path: "none".into(),
                before: None,
                after: None
            }
            .acts()
        );
    }
}
