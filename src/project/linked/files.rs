//! What the shell has read of a project: the files that pins name, gitlinks and vendored trees, as
//! a value.

use std::collections::BTreeMap;

use crate::text::fault::Fault;

/// How git stores a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// 100644.
    Regular,
    /// 100755.
    Executable,
    /// 120000; the content is where it points to.
    Symlink,
}

/// A file's content and mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// How it is stored.
    pub mode: Mode,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Entry {
    /// A plain file.
    #[must_use]
    pub fn regular(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            mode: Mode::Regular,
            bytes: bytes.into(),
        }
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

/// A submodule's entry in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gitlink {
    /// The commit it points to.
    pub commit: String,
    /// The release tags that point to the commit, where a clone of the submodule knows them.
    pub tags: Vec<String>,
}

/// Everything read of one project. Paths are relative to it, with `/` between their parts.
#[derive(Debug, Clone, Default)]
pub struct Files {
    named: BTreeMap<String, Vec<String>>,
    entries: BTreeMap<String, Entry>,
    gitlinks: BTreeMap<String, Gitlink>,
    trees: BTreeMap<String, BTreeMap<String, Entry>>,
}

impl Files {
    /// Adds a file under its own path.
    #[must_use]
    pub fn with(mut self, path: &str, entry: Entry) -> Self {
        self.name(path, vec![path.to_owned()]);
        self.insert(path, entry);
        self
    }

    /// Says which files a path or glob of the configuration names; a symlink is named by what it
    /// points to.
    pub fn name(&mut self, written: &str, paths: Vec<String>) {
        self.named.insert(written.to_owned(), paths);
    }

    /// Adds a file.
    pub fn insert(&mut self, path: &str, entry: Entry) {
        self.entries.insert(path.to_owned(), entry);
    }

    /// Adds a submodule.
    pub fn insert_gitlink(&mut self, path: &str, gitlink: Gitlink) {
        self.gitlinks.insert(path.to_owned(), gitlink);
    }

    /// Adds a vendored tree: entries by their path inside it.
    pub fn insert_tree(&mut self, path: &str, entries: BTreeMap<String, Entry>) {
        self.trees.insert(path.to_owned(), entries);
    }

    /// Whether this path or glob has been read.
    #[must_use]
    pub fn knows(&self, written: &str) -> bool {
        self.named.contains_key(written)
    }

    /// The paths that a path or glob of the configuration names, sorted.
    #[must_use]
    pub fn paths(&self, written: &str) -> &[String] {
        self.named.get(written).map_or(&[], Vec::as_slice)
    }

    /// A file.
    #[must_use]
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// A file's text.
    ///
    /// # Errors
    ///
    /// A usage fault if it is not UTF-8 or was not read.
    pub fn text(&self, path: &str) -> Result<&str, Fault> {
        self.entry(path)
            .ok_or_else(|| Fault::no_file(path))?
            .text(path)
    }

    /// A submodule.
    #[must_use]
    pub fn gitlink(&self, path: &str) -> Option<&Gitlink> {
        self.gitlinks.get(path)
    }

    /// A vendored tree.
    #[must_use]
    pub fn tree(&self, path: &str) -> Option<&BTreeMap<String, Entry>> {
        self.trees.get(path)
    }
}

/// The line that a byte stands on, counted from 1.
pub(crate) fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &bytes[..at.min(bytes.len())]).count()
}
