//! A change as git would print it. Git's own library writes it, from two trees that exist in memory
//! only.

use git2::{DiffFormat, DiffOptions, Index, IndexEntry, IndexTime, Mempack, Odb, Oid, Repository};

use super::edit::{Change, Edit};
use crate::project::file_entry::{FileEntry, FileMode};
use crate::project::file_tree::in_repository;

impl Change {
    /// The change as a unified diff that `git apply --index` takes. `prefix` is the project's
    /// folder inside its repository, empty where they are one.
    pub fn unified_diff(&self, prefix: &str) -> String {
        let is_text = |state: &Option<FileEntry>| {
            let bytes = state.as_ref().map_or(&[][..], |entry| &entry.bytes);
            std::str::from_utf8(bytes).is_ok()
        };
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
    let tree = |state: fn(&Edit) -> Option<&FileEntry>| -> Result<Oid, git2::Error> {
        let mut index = Index::new()?;
        for edit in edits {
            let path = in_repository(prefix, &edit.path);
            let Some(entry) = state(edit) else { continue };
            let id = match entry.commit() {
                Some(commit) => Oid::from_str(commit.as_str())?,
                None => repository.blob(&entry.bytes)?,
            };
            index.add(&index_entry(&path, entry.mode, id))?;
        }
        index.write_tree_to(&repository)
    };
    let (before, after) = (
        repository.find_tree(tree(|edit| edit.before.as_ref())?)?,
        repository.find_tree(tree(|edit| edit.after.as_ref())?)?,
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
pub(crate) fn index_entry(path: &str, mode: FileMode, id: Oid) -> IndexEntry {
    let never = IndexTime::new(0, 0);
    let path = path.as_bytes().to_vec();
    IndexEntry {
        ctime: never,
        mtime: never,
        dev: 0,
        ino: 0,
        mode: mode.bits(),
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path,
    }
}
