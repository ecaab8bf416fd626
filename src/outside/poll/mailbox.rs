//! Reads the mailbox with upstream's pre-announcements: an mbox file, a message, a maildir, or a
//! folder of either.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::openssl::upstream::pre_announcement::UpstreamMail;
use crate::text::fault::Fault;

/// The most that is read of one file, unpacked.
const MOST_BYTES: u64 = 256 << 20;

/// The most files that are read in one folder; the last by name count, which in a maildir are the
/// newest.
const MOST_FILES: usize = 20_000;

/// The messages of a mailbox: a file with one message or many (also compressed as `.gz`, as
/// archives offer it), or a folder with such files. A maildir is read in `cur` and `new`.
pub(crate) fn read(path: &Path) -> Result<Vec<UpstreamMail>, Fault> {
    let cannot = |path: &Path, why: &dyn std::fmt::Display| {
        Fault::failed(format!(
            "cannot read the mailbox `{}`: {why}",
            path.display()
        ))
    };
    if !fs::metadata(path)
        .map_err(|error| cannot(path, &error))?
        .is_dir()
    {
        return file(path).map_err(|why| cannot(path, &why));
    }
    let maildir = ["cur", "new"].map(|folder| path.join(folder));
    let folders = if maildir.iter().any(|folder| folder.is_dir()) {
        maildir
            .into_iter()
            .filter(|folder| folder.is_dir())
            .collect()
    } else {
        vec![path.to_owned()]
    };
    let mut messages = Vec::new();
    for folder in folders {
        for path in files(&folder).map_err(|error| cannot(&folder, &error))? {
            messages.extend(file(&path).map_err(|why| cannot(&path, &why))?);
        }
    }
    Ok(messages)
}

/// The files of a folder by name, without hidden ones and what lies deeper.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files.split_off(files.len().saturating_sub(MOST_FILES)))
}

fn file(path: &Path) -> Result<Vec<UpstreamMail>, String> {
    let bytes = bounded(fs::File::open(path).map_err(|error| error.to_string())?)?;
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        bounded(flate2::read::MultiGzDecoder::new(bytes.as_slice()))?
    } else {
        bytes
    };
    Ok(UpstreamMail::read_all(&bytes))
}

fn bounded(reader: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    reader
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MOST_BYTES {
        Err(format!("it is larger than {} MB", MOST_BYTES >> 20))
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const MAIL: &str = "Subject: one\nDate: Tue, 17 Oct 2023 14:21:07 +0200\n\ntext\n";

    fn subjects(path: &Path) -> Vec<String> {
        read(path)
            .expect("a mailbox")
            .into_iter()
            .map(|message| message.subject)
            .collect()
    }

    #[test]
    fn every_shape_of_mailbox() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir_all(path("maildir/cur")).expect("folders");
        fs::create_dir_all(path("maildir/new")).expect("folders");
        fs::create_dir_all(path("maildir/tmp")).expect("folders");
        fs::write(path("maildir/cur/1697545267.1.host:2,S"), MAIL).expect("a file");
        fs::write(
            path("maildir/new/1697545268.1.host"),
            MAIL.replace("one", "two"),
        )
        .expect("a file");
        fs::write(path("maildir/tmp/unfinished"), MAIL.replace("one", "never")).expect("a file");
        assert_eq!(subjects(&path("maildir")), ["one", "two"]);
        fs::create_dir_all(path("folder/below")).expect("folders");
        fs::write(path("folder/a.eml"), MAIL).expect("a file");
        fs::write(
            path("folder/b.mbox"),
            format!("From a\n{MAIL}\nFrom b\n{MAIL}"),
        )
        .expect("a file");
        fs::write(path("folder/.hidden"), MAIL).expect("a file");
        assert_eq!(subjects(&path("folder")), ["one", "one", "one"]);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed
            .write_all(format!("From a\n{MAIL}").as_bytes())
            .expect("bytes");
        fs::write(path("2023-October.txt.gz"), packed.finish().expect("bytes")).expect("a file");
        assert_eq!(subjects(&path("2023-October.txt.gz")), ["one"]);
        let fault = read(&path("missing")).expect_err("nothing there");
        assert!(
            fault.to_string().starts_with("cannot read the mailbox `"),
            "{fault}"
        );
    }
}
