//! The project's folder, out of which no path leads.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::glob;
use crate::project::linked::{Entry, Files, Mode};
use crate::text::fault::Fault;

/// The largest file that is read, in bytes.
pub(super) const LARGEST_FILE: u64 = 64 << 20;

/// The project's folder, with every link in its own path followed.
pub(crate) struct Root {
    pub(super) folder: PathBuf,
}

impl Root {
    pub(super) fn of(directory: &Path) -> Result<Self, Fault> {
        let folder = fs::canonicalize(directory).map_err(|error| {
            Fault::failed(format!("cannot read `{}`: {error}", directory.display()))
        })?;
        Ok(Self { folder })
    }

    /// Reads the files that a path or glob names.
    pub(super) fn named(&self, written: &str, files: &mut Files) -> Result<(), Fault> {
        if files.knows(written) {
            return Ok(());
        }
        let literal = fs::symlink_metadata(self.folder.join(written)).is_ok();
        let found = if literal || !glob::is_glob(written) {
            vec![written.to_owned()]
        } else {
            glob::matches(&self.folder, written)?
        };
        let mut paths = Vec::new();
        for path in found {
            let real = self.real(&path)?;
            if files.entry(&real).is_none() {
                files.insert(&real, self.read(&real)?);
            }
            paths.push(real);
        }
        paths.sort_unstable();
        paths.dedup();
        files.name(written, paths);
        Ok(())
    }

    /// The path that a path leads to, which must be inside the project.
    pub(super) fn real(&self, path: &str) -> Result<String, Fault> {
        let real =
            fs::canonicalize(self.folder.join(path)).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Fault::no_file(path),
                _ => Fault::failed(format!("cannot read `{path}`: {error}")),
            })?;
        let inside = real
            .strip_prefix(&self.folder)
            .ok()
            .and_then(crate::text::slashed);
        inside.ok_or_else(|| Fault::usage(format!("`{path}` leads outside the project")))
    }

    pub(super) fn read(&self, path: &str) -> Result<Entry, Fault> {
        let failed =
            |error: std::io::Error| Fault::failed(format!("cannot read `{path}`: {error}"));
        let full = self.folder.join(path);
        let metadata = fs::metadata(&full).map_err(failed)?;
        if !metadata.is_file() {
            return Err(Fault::usage(format!("`{path}` is not a file")));
        }
        let mut bytes = Vec::new();
        fs::File::open(&full)
            .map_err(failed)?
            .take(LARGEST_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(Fault::usage(format!(
                "`{path}` is larger than {} MB",
                LARGEST_FILE >> 20
            )));
        }
        Ok(Entry {
            mode: if is_executable(&metadata) {
                Mode::Executable
            } else {
                Mode::Regular
            },
            bytes,
        })
    }

    pub(super) fn version_files(&self, path: &str) -> Result<BTreeMap<String, Entry>, Fault> {
        self.folder_inside(path)?;
        let mut tree = BTreeMap::new();
        for file in crate::project::linked::tree::VERSION_FILES {
            if self.folder.join(path).join(file).is_file() {
                let real = self.real(&format!("{path}/{file}"))?;
                tree.insert(file.to_owned(), self.read(&real)?);
            }
        }
        Ok(tree)
    }

    pub(super) fn whole_tree(&self, path: &str) -> Result<BTreeMap<String, Entry>, Fault> {
        self.folder_inside(path)?;
        let mut tree = BTreeMap::new();
        for inside in glob::below(&self.folder.join(path))? {
            let entry = self.entry(&format!("{path}/{inside}"))?;
            tree.insert(inside, entry);
        }
        Ok(tree)
    }

    /// A file, or a symlink as itself.
    pub(super) fn entry(&self, path: &str) -> Result<Entry, Fault> {
        match fs::read_link(self.folder.join(path)) {
            Ok(target) => {
                let target = target.to_str().ok_or_else(|| {
                    Fault::failed(format!("`{path}` points to a name that is not UTF-8"))
                })?;
                Ok(Entry {
                    mode: Mode::Symlink,
                    bytes: target.as_bytes().to_vec(),
                })
            }
            Err(_) => self.read(path),
        }
    }

    pub(super) fn folder_inside(&self, path: &str) -> Result<(), Fault> {
        if !self.folder.join(path).is_dir() {
            return Err(Fault::usage(format!("there is no folder `{path}`")));
        }
        let real = self.real(path)?;
        if real == path {
            Ok(())
        } else {
            Err(Fault::usage(format!(
                "`{path}` is a link to `{real}`; name that"
            )))
        }
    }
}

/// Whether the owner may execute a file; nobody may where files say nothing of it.
#[cfg(unix)]
pub(crate) fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o100 != 0
}

/// Whether the owner may execute a file; nobody may where files say nothing of it.
#[cfg(not(unix))]
pub(crate) fn is_executable(_: &fs::Metadata) -> bool {
    false
}
