//! What the shell has read of a project: the files that pins name, gitlinks and vendored trees, as
//! a value.

use std::collections::BTreeMap;

use crate::project::file_entry::FileEntry;
use crate::text::fault::Fault;

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
    entries: BTreeMap<String, FileEntry>,
    gitlinks: BTreeMap<String, Gitlink>,
    trees: BTreeMap<String, BTreeMap<String, FileEntry>>,
}

impl Files {
    /// Adds a file under its own path.
    #[must_use]
    pub fn with(mut self, path: &str, entry: FileEntry) -> Self {
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
    pub fn insert(&mut self, path: &str, entry: FileEntry) {
        self.entries.insert(path.to_owned(), entry);
    }

    /// Adds a submodule.
    pub fn insert_gitlink(&mut self, path: &str, gitlink: Gitlink) {
        self.gitlinks.insert(path.to_owned(), gitlink);
    }

    /// Adds a vendored tree: entries by their path inside it.
    pub fn insert_tree(&mut self, path: &str, entries: BTreeMap<String, FileEntry>) {
        self.trees.insert(path.to_owned(), entries);
    }

    /// Whether this path or glob has been read.
    pub fn knows(&self, written: &str) -> bool {
        self.named.contains_key(written)
    }

    /// The paths that a path or glob of the configuration names, sorted.
    pub fn paths(&self, written: &str) -> &[String] {
        self.named.get(written).map_or(&[], Vec::as_slice)
    }

    /// A file.
    pub fn entry(&self, path: &str) -> Option<&FileEntry> {
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
    pub fn gitlink(&self, path: &str) -> Option<&Gitlink> {
        self.gitlinks.get(path)
    }

    /// A vendored tree.
    pub fn tree(&self, path: &str) -> Option<&BTreeMap<String, FileEntry>> {
        self.trees.get(path)
    }
}
