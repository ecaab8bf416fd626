//! Reads a release-metadata tree from a local folder. Shell: touches the disk, decides nothing.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::openssl::upstream::diagnostic::{Diagnostic, Reading};
use crate::openssl::upstream::metadata::{MOST_BYTES, MetadataTree, too_large};
use crate::text::fault::Fault;

/// The folders of the tree that are read, and its root.
const FOLDERS: [&str; 3] = ["secjson", "secadv", ""];

/// How many folders deep the files of those are looked for, and in how many.
pub(super) const DEEPEST: usize = 2;
const MOST_FOLDERS: usize = 200;

/// The most files that one folder may have; the real ones have 300 after 24 years.
const MOST_FILES: usize = 20_000;

/// Reads the tree. A file that cannot be read is reported, and the others still count.
///
/// # Errors
///
/// If the folder itself, or its `secjson`, cannot be listed.
pub fn read(root: &Path) -> Result<Reading<MetadataTree>, Fault> {
    let mut reading = Reading::<MetadataTree>::default();
    let mut folders: Vec<String> = FOLDERS.map(str::to_owned).to_vec();
    let mut next = 0;
    while let Some(folder) = folders.get(next).cloned() {
        let folder = folder.as_str();
        next += 1;
        let names = match names(&root.join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && folder == "secadv" => {
                reading
                    .notes
                    .push(Diagnostic::new(folder, "is missing from the tree"));
                continue;
            }
            names => names.map_err(|error| {
                Fault::failed(format!("`{}`: {error}", root.join(folder).display()))
            })?,
        };
        for name in names {
            let path = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            if !MetadataTree::reads(&path) {
                let below = path.matches('/').count();
                if (1..=DEEPEST).contains(&below)
                    && folders.len() < MOST_FOLDERS
                    && root.join(&path).is_dir()
                {
                    folders.push(path);
                }
                continue;
            }
            let taken = match contents(&root.join(&path), &path) {
                Ok(bytes) => reading.value.insert(&path, &bytes),
                Err(note) => {
                    reading.value.insert_unread(&path);
                    Err(note)
                }
            };
            reading.notes.extend(taken.err());
        }
    }
    Ok(reading)
}

/// The names in a folder, sorted, so that what is noticed comes in the same order everywhere.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(folder)?
        .take(MOST_FILES + 1)
        .collect::<io::Result<Vec<_>>>()?;
    if entries.len() > MOST_FILES {
        return Err(io::Error::other(format!(
            "it has more than {MOST_FILES} files"
        )));
    }
    let mut names: Vec<String> = entries
        .into_iter()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}

/// A file's bytes, at most as many as a file of the tree may have.
fn contents(file: &Path, path: &str) -> Result<Vec<u8>, Diagnostic> {
    let read = || -> io::Result<Vec<u8>> {
        // A pipe or a device would never end.
        if !fs::metadata(file)?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let mut bytes = Vec::new();
        File::open(file)?
            .take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|error| Diagnostic::new(path, format!("not read: {error}")))?;
    if bytes.len() as u64 > MOST_BYTES {
        Err(too_large(path))
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        for (path, bytes) in files {
            let file = root.path().join(path);
            fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
            fs::write(file, bytes).expect("a file");
        }
        root
    }

    #[test]
    fn files_are_taken_by_their_place() {
        let root = tree(&[
            ("secjson/CVE-2025-9230.json", b"{}"),
            ("secjson/statements.json", b"{}"),
            ("secjson/README", b"no record"),
            ("secadv/20250930.txt", b"text"),
            ("secadv/20190730.txt.asc", b"text"),
            ("data.json", b"{}"),
            ("newsflash.md", b"obsolete"),
        ]);
        let reading = read(root.path()).expect("a tree");
        assert_eq!(reading.notes, []);
        assert_eq!(
            reading.value.records.keys().collect::<Vec<_>>(),
            ["CVE-2025-9230.json"]
        );
        assert_eq!(
            reading.value.advisories.keys().collect::<Vec<_>>(),
            ["20190730.txt.asc", "20250930.txt"]
        );
        assert!(reading.value.statements.is_some() && reading.value.support.is_some());
    }

    #[test]
    fn a_bad_file_costs_itself() {
        let large = vec![b' '; usize::try_from(MOST_BYTES).expect("a size") + 1];
        let root = tree(&[
            ("secjson/CVE-2025-0001.json", &large),
            ("secjson/CVE-2025-0002.json", b"\xff"),
            ("secjson/CVE-2025-0003.json", b"{}"),
        ]);
        fs::create_dir(root.path().join("secjson/CVE-2025-0004.json")).expect("a folder");
        let reading = read(root.path()).expect("a tree");
        assert_eq!(
            reading.value.records.keys().collect::<Vec<_>>(),
            [1, 2, 3, 4]
                .map(|number| format!("CVE-2025-000{number}.json"))
                .each_ref()
        );
        let said: Vec<String> = reading.notes.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(said.join("\n"), @"
        `secjson/CVE-2025-0001.json`: not read: it is larger than 1048576 bytes
        `secjson/CVE-2025-0002.json`: is not UTF-8: what can be read of it counts
        `secjson/CVE-2025-0004.json`: not read: it is no file
        `secadv`: is missing from the tree
        ");
    }

    #[test]
    fn a_missing_folder_is_a_failure() {
        let root = tree(&[]);
        assert!(read(root.path()).is_err());
        assert!(read(&root.path().join("nowhere")).is_err());
    }
}
