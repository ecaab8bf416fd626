//! A bump as file edits: a value, not an act.

mod diff;
mod facts;
mod leftover;
mod lines;
mod own_version;
mod plan;
mod splice;
mod table;
mod value;

use std::collections::BTreeMap;

pub use facts::Facts;
pub use own_version::{raise, raised};
pub use plan::{Move, bump};

use crate::linked::{Entry, Files};

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
    /// What is there now.
    pub before: State,
    /// What is there after.
    pub after: State,
}

/// What a path holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Absent,
    /// A file or symlink.
    File(Entry),
    /// A submodule at this commit.
    Gitlink(String),
}

impl Change {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The change as a unified diff that `git apply --index` takes. `prefix` is the project's folder inside its repository, empty where they are one.
    #[must_use]
    pub fn unified_diff(&self, prefix: &str) -> String {
        diff::unified(self, prefix)
    }

    /// The change with a whole new text for one file, on top of what it already does to it: `rewrite` gets the text as it is after the change so far.
    ///
    /// # Errors
    ///
    /// What `rewrite` says, or a usage fault where the file is not UTF-8.
    pub fn rewriting<F>(mut self, path: &str, files: &Files, rewrite: F) -> Result<Self, crate::fault::Fault>
    where
        F: FnOnce(&str) -> Result<String, crate::fault::Fault>,
    {
        let at = self.edits.binary_search_by(|edit| edit.path.as_str().cmp(path));
        let current = match at.ok().map(|at| &self.edits[at].after) {
            Some(State::File(entry)) => Some(entry),
            _ => files.entry(path),
        };
        let Some(current) = current else { return Err(crate::fault::Fault::usage(format!("`{path}` does not exist"))) };
        let new = Entry { mode: current.mode, bytes: rewrite(current.text(path)?)?.into_bytes() };
        if new == *current {
            return Ok(self);
        }
        match at {
            Ok(at) => self.edits[at].after = State::File(new),
            Err(at) => {
                let before = State::File(current.clone());
                self.edits.insert(at, Edit { path: path.to_owned(), before, after: State::File(new) });
            }
        }
        Ok(self)
    }

    /// Puts edits together; paths that end as they began are left out.
    fn of(edits: BTreeMap<String, (State, State)>, unchecked: Vec<String>) -> Self {
        let edits = edits.into_iter().filter(|(_, (before, after))| before != after);
        Self { edits: edits.map(|(path, (before, after))| Edit { path, before, after }).collect(), unchecked }
    }
}
