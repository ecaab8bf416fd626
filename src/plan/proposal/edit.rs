//! What the paths of a change hold, by the names that git gives it.

use std::collections::{BTreeMap, HashMap};

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

/// A short digest of what a change brings to its paths and takes from them, wherever that stands
/// and whatever the days that it writes: a changelog is dated anew each day, and that alone is no
/// reason to touch what people look at.
pub(super) fn undated(edits: &[Edit]) -> String {
    let mut told = BTreeMap::new();
    for Edit {
        path,
        before,
        after,
    } in edits
    {
        let mode = after.as_ref().map(|entry| entry.mode);
        let lines = match (readable(before.as_ref()), readable(after.as_ref())) {
            (Some(before), Some(after)) => moved_lines(before, after),
            _ => format!("{:?}", after.as_ref().map(FileEntry::id)),
        };
        told.insert(path.as_str(), format!("{mode:?}\n{lines}"));
    }
    let told = told.iter().map(|(path, held)| format!("{path}\0{held}\0"));
    short_digest(&told.collect::<String>())
}

/// The lines that come, then those that go, each as often as it does.
fn moved_lines(before: &str, after: &str) -> String {
    let mut stood: HashMap<&str, usize> = HashMap::new();
    for line in before.lines() {
        *stood.entry(line).or_default() += 1;
    }
    let mut moved = String::new();
    let mut stays = |line: &str| {
        let left = stood.get_mut(line).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_some()
    };
    for line in after.lines().filter(|line| !stays(line)) {
        moved.push_str(&format!("+{}\n", changelog::undated(line)));
    }
    for line in before.lines() {
        if let Some(left) = stood.get_mut(line).filter(|left| **left > 0) {
            *left -= 1;
            moved.push_str(&format!("-{}\n", changelog::undated(line)));
        }
    }
    moved
}

/// A file's text, if it could be one which people date; of no file there is none.
fn readable(entry: Option<&FileEntry>) -> Option<&str> {
    let Some(entry) = entry else { return Some("") };
    (entry.bytes.len() <= DATED_BYTES)
        .then(|| std::str::from_utf8(&entry.bytes).ok())
        .flatten()
}

/// The first 16 hexadecimal digits of a text's SHA-256: enough to tell texts apart that nobody
/// forges.
pub(in crate::plan) fn short_digest(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_places_are_no_part_of_a_change() {
        let edit = |path: &str, before: &str, after: &str| Edit {
            path: path.to_owned(),
            before: Some(FileEntry::regular(before)),
            after: Some(FileEntry::regular(after)),
        };
        let usual = undated(&[edit("a", "x\ny\n", "# 2025-10-01\nx\ny\n")]);
        for (other, same) in [
            (edit("a", "x\ny\n", "# 2025-10-02\nx\ny\n"), true),
            (edit("a", "x\n", "x\n# 2026-01-02\n"), true),
            (edit("b", "x\ny\n", "# 2025-10-01\nx\ny\n"), false),
            (edit("a", "x\ny\n", "# 2025-10-01\nx\n"), false),
            (edit("a", "x\ny\n", "# 2025-10-01\nx\ny\ny\n"), false),
            (edit("a", "x\ny\n", "# soon\nx\ny\n"), false),
        ] {
            assert_eq!(
                undated(std::slice::from_ref(&other)) == usual,
                same,
                "{other:?}"
            );
        }
        let two = [edit("a", "1", "2"), edit("b", "1", "2")];
        let turned = [two[1].clone(), two[0].clone()];
        assert_eq!(undated(&two), undated(&turned));
        let bytes = |byte: u8| Edit {
            path: "a".to_owned(),
            before: None,
            after: Some(FileEntry::regular(vec![0xff, byte])),
        };
        assert_ne!(undated(&[bytes(1)]), undated(&[bytes(2)]));
    }
}
