//! Which way a commit reaches the forge.

use super::edit::{Content, EntryMode, PathEdit};

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
    #[must_use]
    pub fn of(edits: &[PathEdit], clone: bool) -> Self {
        let bytes: usize = edits
            .iter()
            .filter_map(|edit| edit.after.as_ref()?.bytes())
            .map(<[u8]>::len)
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
fn is_plain(edit: &PathEdit) -> bool {
    let before = edit.before.as_ref().map(|(mode, _)| *mode);
    match &edit.after {
        Some(content) => {
            content.mode() == EntryMode::Plain
                && matches!(before, None | Some(EntryMode::Plain))
                && matches!(content, Content::File { .. })
        }
        None => before != Some(EntryMode::Gitlink),
    }
}

#[cfg(test)]
mod tests {
    use super::super::edit::Oid;
    use super::*;

    #[test]
    fn the_api_carries_plain_files_only() {
        let id = || Oid::of_blob(b"old");
        let edit = |before: Option<EntryMode>, after| PathEdit {
            path: "a".into(),
            before: before.map(|mode| (mode, id())),
            after,
        };
        let file = |executable| {
            Some(Content::File {
                bytes: b"new".to_vec(),
                executable,
            })
        };
        for (edit, route) in [
            (edit(Some(EntryMode::Plain), file(false)), Route::Api),
            (edit(None, file(false)), Route::Api),
            (edit(Some(EntryMode::Plain), None), Route::Api),
            (edit(Some(EntryMode::Executable), None), Route::Api),
            (edit(Some(EntryMode::Executable), file(true)), Route::Data),
            (edit(Some(EntryMode::Executable), file(false)), Route::Data),
            (
                edit(Some(EntryMode::Gitlink), Some(Content::Gitlink(id()))),
                Route::Data,
            ),
            (edit(Some(EntryMode::Gitlink), None), Route::Data),
            (
                edit(None, Some(Content::Symlink(b"a".to_vec()))),
                Route::Data,
            ),
            (
                edit(
                    None,
                    Some(Content::File {
                        bytes: vec![0; API_BYTES + 1],
                        executable: false,
                    }),
                ),
                Route::Git,
            ),
        ] {
            assert_eq!(
                Route::of(std::slice::from_ref(&edit), true),
                route,
                "{:?}",
                edit.before
            );
        }
    }

    #[test]
    fn without_a_clone_everything_goes_through_the_api() {
        let large = PathEdit {
            path: "a".into(),
            before: None,
            after: Some(Content::File {
                bytes: vec![0; API_BYTES + 1],
                executable: false,
            }),
        };
        assert_eq!(Route::of(&[large], false), Route::Data);
    }
}
