//! A change as git would print it. Git's own library writes it, from two trees that exist in memory
//! only.

use git2::{DiffFormat, DiffOptions, Index, IndexEntry, IndexTime, Mempack, Odb, Oid, Repository};

use super::edit::{Change, Edit, EditState};
use crate::project::linked::Mode;

impl Change {
    /// The change as a unified diff that `git apply --index` takes. `prefix` is the project's
    /// folder inside its repository, empty where they are one.
    #[must_use]
    pub fn unified_diff(&self, prefix: &str) -> String {
        let is_text = |state: &EditState| !matches!(state, EditState::File(entry) if std::str::from_utf8(&entry.bytes).is_err());
        // What is not UTF-8 is written the way git writes what is no text, so that the diff itself is
        // UTF-8.
        let (text, other): (Vec<&Edit>, Vec<&Edit>) = self
            .edits
            .iter()
            .partition(|edit| is_text(&edit.before) && is_text(&edit.after));
        // Nothing here leaves memory, so nothing can fail but memory itself.
        [(text, false), (other, true)]
            .iter()
            .map(|(edits, binary)| render(edits, prefix, *binary).unwrap_or_default())
            .collect()
    }
}

fn render(edits: &[&Edit], prefix: &str, binary: bool) -> Result<String, git2::Error> {
    let odb = Odb::new()?;
    let _objects: Mempack<'_> = odb.add_new_mempack_backend(1000)?;
    let repository = Repository::from_odb(odb)?;
    let tree = |state: fn(&Edit) -> &EditState| -> Result<Oid, git2::Error> {
        let mut index = Index::new()?;
        for edit in edits {
            let path = if prefix.is_empty() {
                edit.path.clone()
            } else {
                format!("{prefix}/{}", edit.path)
            };
            let (mode, id) = match state(edit) {
                EditState::Absent => continue,
                EditState::Gitlink(commit) => (0o160_000, Oid::from_str(commit)?),
                EditState::File(entry) => {
                    let mode = match entry.mode {
                        Mode::Regular => 0o100_644,
                        Mode::Executable => 0o100_755,
                        Mode::Symlink => 0o120_000,
                    };
                    (mode, repository.blob(&entry.bytes)?)
                }
            };
            index.add(&index_entry(&path, mode, id))?;
        }
        index.write_tree_to(&repository)
    };
    let (before, after) = (
        repository.find_tree(tree(|edit| &edit.before)?)?,
        repository.find_tree(tree(|edit| &edit.after)?)?,
    );
    let mut options = DiffOptions::new();
    options.show_binary(true).force_binary(binary).id_abbrev(40);
    let diff = repository.diff_tree_to_tree(Some(&before), Some(&after), Some(&mut options))?;
    let mut out = Vec::new();
    diff.print(DiffFormat::Patch, |_, _, line| {
        if matches!(line.origin(), '+' | '-' | ' ') {
            out.push(line.origin() as u8);
        }
        out.extend_from_slice(line.content());
        true
    })?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// An entry of an index that stands for no file of a working tree.
pub(crate) fn index_entry(path: &str, mode: u32, id: Oid) -> IndexEntry {
    let never = IndexTime::new(0, 0);
    let path = path.as_bytes().to_vec();
    IndexEntry {
        ctime: never,
        mtime: never,
        dev: 0,
        ino: 0,
        mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path,
    }
}
