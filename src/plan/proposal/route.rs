//! Which way a commit reaches the forge.

use crate::project::change::Edit;
use crate::project::file_entry::{FileEntry, FileMode};

/// Which way a commit reaches the forge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// `createCommitOnBranch`: signed by the forge, so Verified without a key.
    Api,
    /// Blobs, a tree and a commit through the API: everything that git can say.
    Data,
    /// A local commit, pushed with the user's own git.
    Git,
}

/// The largest change, in bytes, that goes through `createCommitOnBranch`.
const API_BYTES: usize = 20 << 20;

/// The most blobs that are worth a request each.
const DATA_FILES: usize = 200;

impl Route {
    /// The way for a change on a forge with an API; `clone`: there is a local clone that could push
    /// it.
    pub fn of(edits: &[Edit], clone: bool) -> Self {
        let bytes: usize = edits
            .iter()
            .filter_map(|edit| edit.after.as_ref())
            .map(|entry| entry.bytes.len())
            .sum();
        if bytes <= API_BYTES && edits.iter().all(is_plain) {
            Self::Api
        } else if clone && (bytes > API_BYTES || edits.len() > DATA_FILES) {
            Self::Git
        } else {
            Self::Data
        }
    }
}

/// Whether the API's commit can carry it. It writes plain files only, whatever stood there before.
fn is_plain(edit: &Edit) -> bool {
    let mode = |entry: &Option<FileEntry>| entry.as_ref().map(|entry| entry.mode);
    let before = mode(&edit.before);
    match mode(&edit.after) {
        Some(after) => {
            after == FileMode::Regular && matches!(before, None | Some(FileMode::Regular))
        }
        None => before != Some(FileMode::Gitlink),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_carries_plain_files_only() {
        let entry = |mode, bytes: &[u8]| FileEntry {
            mode,
            bytes: bytes.to_vec(),
        };
        let edit = |before: Option<FileMode>, after: Option<FileMode>| Edit {
            path: "a".into(),
            before: before.map(|mode| entry(mode, b"old")),
            after: after.map(|mode| entry(mode, b"new")),
        };
        let (file, tool) = (Some(FileMode::Regular), Some(FileMode::Executable));
        let (link, submodule) = (Some(FileMode::Symlink), Some(FileMode::Gitlink));
        let large = Edit {
            after: Some(FileEntry::regular(vec![0; API_BYTES + 1])),
            ..edit(None, None)
        };
        for (edit, route) in [
            (edit(file, file), Route::Api),
            (edit(None, file), Route::Api),
            (edit(file, None), Route::Api),
            (edit(tool, None), Route::Api),
            (edit(tool, tool), Route::Data),
            (edit(tool, file), Route::Data),
            (edit(submodule, submodule), Route::Data),
            (edit(submodule, None), Route::Data),
            (edit(None, link), Route::Data),
            (large.clone(), Route::Git),
        ] {
            assert_eq!(
                Route::of(std::slice::from_ref(&edit), true),
                route,
                "{:?}",
                edit.before
            );
        }
        // Without a clone everything goes through the API.
        assert_eq!(Route::of(&[large], false), Route::Data);
    }
}
