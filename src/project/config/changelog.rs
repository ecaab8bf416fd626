//! `[changelog]`: one file with a section for each release, or a file for each entry.

use crate::openssl::version::Version;

/// `[changelog]`; one of the two is there.
#[derive(Debug, Clone)]
pub struct Changelog {
    /// The file with a section for each release, relative to the project. Where entries are files it
    /// is what is made of them, and only read.
    pub file: Option<String>,
    /// The file of an entry, where each has its own.
    pub entry: Option<EntryFile>,
    /// Whether entries of release branches are carried forward, and to which branch if not the
    /// base. Left out, they are where there are release branches.
    pub forward: Option<Option<String>>,
}

/// The file of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFile {
    /// Its path, with `{version}` and `{link}` where they are to stand.
    pub path: String,
    /// What stands in it, with `{entry}`.
    pub text: String,
}

/// What stands in an entry's file for the entry.
pub(crate) const ENTRY: &str = "{entry}";
pub(super) const VERSION: &str = "{version}";
pub(super) const LINK: &str = "{link}";

impl EntryFile {
    /// The folder of the entries that are not released yet.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The path of a link's entry for a version.
    #[must_use]
    pub fn of(&self, link: &str, version: Version) -> String {
        self.path
            .replace(LINK, link)
            .replace(VERSION, &version.to_string())
    }

    /// Whether a path is that of a link's entry for whatever version.
    #[must_use]
    pub fn is_of(&self, link: &str, path: &str) -> bool {
        let written = self.path.replace(LINK, link);
        let Some((before, after)) = written.split_once(VERSION) else {
            return path == written;
        };
        path.strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|version| version.parse::<Version>().is_ok())
    }

    /// Whether entries are YAML.
    #[must_use]
    pub fn is_yaml(&self) -> bool {
        [".yml", ".yaml"].iter().any(|end| self.path.ends_with(end))
    }
}
