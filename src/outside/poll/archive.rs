//! A release-metadata tree in an archive: how upstream may serve it, and how it is remembered.

use std::io::{self, Read};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::openssl::upstream::diagnostic::{Diagnostic, Reading};
use crate::openssl::upstream::metadata::{MOST_BYTES, MetadataTree, too_large};
use crate::openssl::upstream::{statements, support};
use crate::outside::http::fetch::{Problem, gunzip};

/// The most bytes that an unpacked archive may have; the real tree has 3 MB.
const MOST_UNPACKED: u64 = 64 << 20;

/// The most entries that an archive may have.
const MOST_ENTRIES: usize = 20_000;

/// Where an archive of ours keeps what was noticed when its tree was read.
const NOTES: &str = "notes.json";

/// Reads a `.tar.gz`, with or without a folder around the tree.
///
/// # Errors
///
/// If it is no such archive, damaged or too large; a file in it that cannot be read is reported,
/// and the rest still counts.
pub fn read(packed: &[u8]) -> Result<Reading<MetadataTree>, String> {
    let unpacked = gunzip(packed, MOST_UNPACKED).map_err(|problem| match problem {
        Problem::TooLarge(limit) => format!("unpacks to more than {limit} bytes"),
        Problem::Interrupted(why) => why,
        _ => "is no gzip archive".to_owned(),
    })?;
    let mut reading = Reading::<MetadataTree>::default();
    let mut archive = tar::Archive::new(unpacked.as_slice());
    let broken = |error: io::Error| format!("is no tar archive, or it is damaged: {error}");
    for (count, entry) in archive.entries().map_err(broken)?.enumerate() {
        let entry = entry.map_err(broken)?;
        if count >= MOST_ENTRIES {
            return Err(format!("has more than {MOST_ENTRIES} entries"));
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let is_file = entry.header().entry_type().is_file();
        if let (true, Some(path)) = (is_file, within_tree(&path)) {
            take(path, entry, &mut reading).map_err(broken)?;
        } else if path == NOTES {
            reading.notes.extend(read_notes(entry).map_err(broken)?);
        }
    }
    Ok(reading)
}

/// Writes a tree as [`read`] reads it.
pub(super) fn write(tree: &Reading<MetadataTree>) -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let notes: Vec<_> = tree
        .notes
        .iter()
        .map(|note| (&note.document, &note.text))
        .collect();
    append(&mut builder, NOTES, &serde_json::to_vec(&notes)?)?;
    let MetadataTree {
        records,
        advisories,
        statements,
        support,
    } = &tree.value;
    for (path, text) in [(statements::FILE, statements), (support::FILE, support)] {
        let folder = if path == statements::FILE {
            "secjson/"
        } else {
            ""
        };
        if let Some(text) = text {
            append(&mut builder, &format!("{folder}{path}"), text.as_bytes())?;
        }
    }
    for (folder, files) in [("secjson", records), ("secadv", advisories)] {
        for (name, text) in files {
            append(&mut builder, &format!("{folder}/{name}"), text.as_bytes())?;
        }
    }
    builder.into_inner()?.finish()
}

fn append(builder: &mut tar::Builder<impl io::Write>, path: &str, bytes: &[u8]) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    builder.append_data(&mut header, path, bytes)
}

fn read_notes(entry: impl Read) -> io::Result<Vec<Diagnostic>> {
    let notes: Vec<(String, String)> = serde_json::from_reader(entry.take(MOST_BYTES))?;
    Ok(notes
        .into_iter()
        .take(1000)
        .map(|(document, text)| Diagnostic::new(&document, crate::text::one_line(&text)))
        .collect())
}

fn take(path: &str, entry: impl Read, reading: &mut Reading<MetadataTree>) -> io::Result<()> {
    let mut bytes = Vec::new();
    entry.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    let taken = if bytes.len() as u64 > MOST_BYTES {
        reading.value.insert_unread(path);
        Err(too_large(path))
    } else {
        reading.value.insert(path, &bytes)
    };
    reading.notes.extend(taken.err());
    Ok(())
}

/// The path inside the tree of a path inside the archive, where the tree reads it.
fn within_tree(path: &str) -> Option<&str> {
    let path = path.trim_start_matches("./");
    let below = path.split_once('/').map(|(_, below)| below);
    [Some(path), below]
        .into_iter()
        .flatten()
        .find(|path| MetadataTree::reads(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (path, bytes) in files {
            append(&mut builder, path, bytes).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    #[test]
    fn with_and_without_a_folder() {
        for root in ["", "./", "release-metadata-main/"] {
            let [data, record, other] = ["data.json", "secjson/CVE-2025-9230.json", "README.md"]
                .map(|path| format!("{root}{path}"));
            let packed = archive(&[(&data, b"{}"), (&record, b"[]"), (&other, b"text")]);
            let tree = read(&packed).unwrap().value;
            assert_eq!(tree.support.as_deref(), Some("{}"));
            assert_eq!(
                tree.records.keys().collect::<Vec<_>>(),
                ["CVE-2025-9230.json"]
            );
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let mut tree = Reading::<MetadataTree>::default();
        for path in [
            "secjson/CVE-2025-9230.json",
            "secjson/statements.json",
            "secadv/20250930.txt",
            "data.json",
        ] {
            tree.value.insert(path, path.as_bytes()).unwrap();
        }
        tree.notes.push(Diagnostic::new(
            "secjson/CVE-2025-9231.json",
            "not read: it is not UTF-8",
        ));
        assert_eq!(read(&write(&tree).unwrap()).unwrap(), tree);
    }

    #[test]
    fn a_large_file_is_left_out_and_named() {
        let large = vec![b' '; 2 << 20];
        let reading = read(&archive(&[
            ("secjson/CVE-2025-9230.json", &large),
            ("data.json", b"{}"),
        ]))
        .unwrap();
        // It is there, which counts, and is remembered.
        let again = read(&write(&reading).unwrap()).unwrap();
        for reading in [reading, again] {
            assert_eq!(reading.value.records.len(), 1);
            assert_eq!(reading.notes.len(), 1);
            assert_eq!(reading.value.read().value.published.len(), 1);
        }
    }

    #[test]
    fn what_is_no_archive() {
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        for _ in 0..80 {
            bomb.write_all(&vec![0; 1 << 20]).unwrap();
        }
        let bomb = bomb.finish().unwrap();
        let whole = archive(&[("data.json", b"{}")]);
        for bytes in [&b""[..], b"<html>", &bomb, &whole[..whole.len() - 3]] {
            assert!(read(bytes).is_err());
        }
    }
}
