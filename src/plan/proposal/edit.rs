//! What the paths of a change hold, by the names that git gives it.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::project::change::Edit;
use crate::project::file_entry::{FileEntry, Oid};

/// What paths hold: the object's name, or nothing.
pub(crate) type Holdings = BTreeMap<String, Option<Oid>>;

/// What the paths of a change hold after it.
pub(crate) fn after(edits: &[Edit]) -> Holdings {
    edits
        .iter()
        .map(|edit| (edit.path.clone(), edit.after.as_ref().map(FileEntry::id)))
        .collect()
}

/// What the paths of a change held before it.
pub(crate) fn before(edits: &[Edit]) -> Holdings {
    edits
        .iter()
        .map(|edit| (edit.path.clone(), edit.before.as_ref().map(FileEntry::id)))
        .collect()
}

/// A short digest of what paths hold.
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
pub(in crate::plan) fn short_digest(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text)[..8])
}
