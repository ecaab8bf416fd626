//! File edits that belong together, and what a path holds before and after.

use std::collections::BTreeMap;

use crate::project::file_entry::FileEntry;
use crate::project::linked::Files;
use crate::text::fault::Fault;

/// File edits that belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The edits, sorted by path, one for each.
    pub edits: Vec<Edit>,
    /// What could not be checked, in words.
    pub unchecked: Vec<String>,
}

/// What becomes of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The path, relative to the project.
    pub path: String,
    /// What is there now, if anything.
    pub before: Option<FileEntry>,
    /// What is there after.
    pub after: Option<FileEntry>,
}

impl Change {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// A file's text as it is after the change.
    ///
    /// # Errors
    ///
    /// A usage fault where the file is missing or not UTF-8.
    pub fn text_after<'a>(&'a self, path: &str, files: &'a Files) -> Result<&'a str, Fault> {
        let edit = self.edits.iter().find(|edit| edit.path == path);
        match edit.and_then(|edit| edit.after.as_ref()) {
            Some(entry) => entry.text(path),
            None => files.text(path),
        }
    }

    /// The change with a whole new text for one file, on top of what it already does to it.
    pub fn rewriting(mut self, path: &str, files: &Files, text: String) -> Result<Self, Fault> {
        let before = files.entry(path).ok_or_else(|| Fault::no_file(path))?;
        let after = Some(FileEntry {
            mode: before.mode,
            bytes: text.into_bytes(),
        });
        let before = Some(before.clone());
        match self
            .edits
            .binary_search_by(|edit| edit.path.as_str().cmp(path))
        {
            Ok(at) => self.edits[at].after = after,
            Err(at) if before != after => self.edits.insert(
                at,
                Edit {
                    path: path.to_owned(),
                    before,
                    after,
                },
            ),
            Err(_) => {}
        }
        Ok(self)
    }

    /// The change with this edit; of a path that it touches already it is the last word.
    #[must_use]
    pub(crate) fn with(mut self, edit: Edit) -> Self {
        self.edits.retain(|other| other.path != edit.path);
        if edit.before != edit.after {
            self.edits.push(edit);
            self.edits.sort_by(|one, other| one.path.cmp(&other.path));
        }
        self
    }

    /// Puts edits together; paths that end as they began are left out.
    pub(super) fn of(
        edits: BTreeMap<String, (Option<FileEntry>, Option<FileEntry>)>,
        unchecked: Vec<String>,
    ) -> Self {
        let edits = edits
            .into_iter()
            .filter(|(_, (before, after))| before != after);
        Self {
            edits: edits
                .map(|(path, (before, after))| Edit {
                    path,
                    before,
                    after,
                })
                .collect(),
            unchecked,
        }
    }
}
