//! The project's folder, out of which no path leads.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::outside::git::index as git;
use crate::project::file_entry::{FileEntry, FileMode};
use crate::project::file_tree::{LARGEST_FILE, too_large};
use crate::text::fault::Fault;

/// How the name of a new content ends that waits beside its place.
pub(super) const STAGED: &str = ".release-check-new";

/// The project's folder, with every link in its own path followed.
pub(crate) struct Root {
    pub(super) folder: PathBuf,
}

impl Root {
    /// What cannot be found is said of each file that is asked for.
    pub(crate) fn of(directory: &Path) -> Self {
        let folder = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
        Self { folder }
    }

    /// The folder inside its git repository, empty where they are one or there is none.
    pub(super) fn prefix(&self) -> String {
        git::folder_of(&self.folder).map_or_else(String::new, |(_, prefix)| prefix)
    }

    /// What paths inside it start with in its git repository: its prefix, and a slash behind that
    /// where it is not empty.
    pub(crate) fn start(&self) -> String {
        match self.prefix() {
            prefix if prefix.is_empty() => prefix,
            prefix => format!("{prefix}/"),
        }
    }

    /// A file, or a link as itself; none where there is neither.
    pub(super) fn read(&self, path: &str) -> Result<Option<FileEntry>, Fault> {
        let full = self.folder.join(path);
        if let Ok(target) = fs::read_link(&full) {
            let target = target.to_str().ok_or_else(|| {
                Fault::failed(format!("`{path}` points to a name that is not UTF-8"))
            })?;
            return Ok(Some(FileEntry {
                mode: FileMode::Symlink,
                bytes: target.as_bytes().to_vec(),
            }));
        }
        let metadata = match fs::metadata(&full) {
            Ok(metadata) if metadata.is_file() => metadata,
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(unreadable(path, &error));
            }
            _ => return Ok(None),
        };
        let mut bytes = Vec::new();
        fs::File::open(&full)
            .and_then(|file| file.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes))
            .map_err(|error| unreadable(path, &error))?;
        if bytes.len() > LARGEST_FILE {
            return Err(too_large(path));
        }
        Ok(Some(FileEntry {
            mode: if is_executable(&metadata) {
                FileMode::Executable
            } else {
                FileMode::Regular
            },
            bytes,
        }))
    }
}

pub(super) fn unreadable(path: &str, error: &std::io::Error) -> Fault {
    Fault::failed(format!("cannot read `{path}`: {error}"))
}

/// Whether the owner may execute a file; nobody may where files say nothing of it.
#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}
