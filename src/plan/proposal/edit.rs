//! What the paths of a change hold, by the names that git gives it.

use std::collections::{BTreeMap, HashSet};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::project::change::Edit;
use crate::project::changelog;
use crate::project::file_entry::{FileEntry, Oid};

/// The largest file, in bytes, in which days are looked for.
const DATED_BYTES: usize = 8 << 20;

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

/// A short digest of what paths hold after a change, whatever the days that it writes: a changelog
/// is dated anew each day, and that alone is no reason to touch what people look at.
pub(super) fn undated(edits: &[Edit]) -> String {
    let mut told = BTreeMap::new();
    for edit in edits {
        let (before, after) = (
            readable(edit.before.as_ref()),
            readable(edit.after.as_ref()),
        );
        let held = match (after, &edit.after) {
            (Some(after), Some(entry)) => {
                let stood: HashSet<&str> = before.into_iter().flat_map(str::lines).collect();
                let lines = after.split_inclusive('\n').map(|line| {
                    match stood.contains(line.trim_end_matches(['\n', '\r'])) {
                        true => line.to_owned(),
                        false => changelog::undated(line),
                    }
                });
                let text: String = lines.collect();
                format!("{:?} {}", entry.mode, short_digest(&text))
            }
            (_, entry) => entry
                .as_ref()
                .map_or_else(|| "-".to_owned(), |entry| entry.id().to_string()),
        };
        told.insert(edit.path.as_str(), held);
    }
    let told = told.iter().map(|(path, held)| format!("{path}\0{held}\n"));
    short_digest(&told.collect::<String>())
}

/// The text of a file that could be one which people date.
fn readable(entry: Option<&FileEntry>) -> Option<&str> {
    let entry = entry.filter(|entry| entry.bytes.len() <= DATED_BYTES)?;
    std::str::from_utf8(&entry.bytes).ok()
}

/// The first 16 hexadecimal digits of a text's SHA-256: enough to tell texts apart that nobody
/// forges.
pub(in crate::plan) fn short_digest(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text)[..8])
}
