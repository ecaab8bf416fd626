//! The journal of a change that is being made: what every path shall hold.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::root::Root;
use crate::outside::environment::Environment;
use crate::outside::git::index as git;
use crate::outside::http::cache::Cache;
use crate::project::change::Edit;
use crate::project::file_entry::{FileEntry, FileMode};
use crate::text::fault::Fault;

/// What one path shall hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) path: String,
    /// None: nothing.
    pub(super) what: Option<FileEntry>,
}

/// Where the journal stands: in the repository's own folder, or in the cache where there is no
/// repository. Never in the tree, which an unpacked archive can plant one in. Without either there
/// is none, and an interrupted change stays half made.
pub(super) struct Journal {
    path: Option<PathBuf>,
}

/// A task in the journal's first line; contents follow it, one after the other.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JournalHeader {
    path: String,
    /// None: nothing shall be there.
    mode: Option<FileMode>,
    /// Bytes of content.
    length: usize,
}

impl Task {
    /// What an edit makes.
    pub(super) fn of(edit: &Edit) -> Self {
        Self {
            path: edit.path.clone(),
            what: edit.after.clone(),
        }
    }

    /// The file or link that is to be written.
    pub(super) fn file(&self) -> Option<&FileEntry> {
        self.what
            .as_ref()
            .filter(|entry| entry.mode != FileMode::Gitlink)
    }

    /// What was there before an edit.
    pub(super) fn undoing(edit: &Edit) -> Self {
        Self {
            path: edit.path.clone(),
            what: edit.before.clone(),
        }
    }
}

impl Journal {
    pub(super) fn at(root: &Root) -> Self {
        let path = match git::folder_of(&root.folder) {
            Some((folder, prefix)) if prefix.is_empty() => {
                Some(folder.join("release-check.journal"))
            }
            Some((folder, prefix)) => Some(folder.join(format!(
                "release-check.{}.journal",
                prefix.replace('/', "%")
            ))),
            None => Cache::of(&Environment::of_process()).journal(&root.folder),
        };
        Self { path }
    }

    /// Keeps every other change of this project out until the lock is dropped; none where there is
    /// no place for one.
    pub(super) fn lock(&self) -> Result<Option<fs::File>, Fault> {
        let Some(path) = &self.path else {
            return Ok(None);
        };
        let path = path.with_extension("lock");
        let file = fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))
            .and_then(|()| fs::File::options().create(true).append(true).open(&path))
            .map_err(|error| failed(&path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => Err(Fault::failed(
                "another `release-check` is changing this project; run again when it has ended",
            )),
            // Some network file systems know no locks: as it was before there were any.
            Err(fs::TryLockError::Error(_)) => Ok(None),
        }
    }

    /// Whether there is anything to finish.
    pub(super) fn is_there(&self) -> bool {
        self.path
            .as_ref()
            .is_some_and(|path| path.exists() || unfinished(path).exists())
    }

    /// Writes the journal; from then on the change will be made.
    pub(super) fn write(&self, tasks: &[Task]) -> Result<(), Fault> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        let headers: Vec<JournalHeader> = tasks.iter().map(header).collect();
        let mut bytes =
            serde_json::to_vec(&headers).map_err(|error| failed(path, &error.into()))?;
        bytes.push(b'\n');
        for task in tasks {
            if let Some(entry) = &task.what {
                bytes.extend_from_slice(&entry.bytes);
            }
        }
        let unfinished = unfinished(path);
        let written = fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))
            .and_then(|()| fs::File::create(&unfinished))
            .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&unfinished, path));
        written.map_err(|error| {
            let _ = fs::remove_file(&unfinished);
            failed(path, &error)
        })
    }

    /// Reads the journal of a change that was interrupted; none where there is none.
    pub(super) fn read(&self) -> Result<Option<Vec<Task>>, Fault> {
        let Some(path) = &self.path else {
            return Ok(None);
        };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                // A journal that was never finished: nothing was touched, and nobody will come back
                // for it.
                let _ = fs::remove_file(unfinished(path));
                return Ok(None);
            }
            Err(error) => return Err(failed(path, &error)),
        };
        let broken = || {
            Fault::failed(format!(
                "`{}` is no journal of ours; look at it, then remove it",
                path.display()
            ))
        };
        let end = memchr::memchr(b'\n', &bytes).ok_or_else(broken)?;
        let headers: Vec<JournalHeader> =
            serde_json::from_slice(&bytes[..end]).map_err(|_| broken())?;
        let mut rest = &bytes[end + 1..];
        let mut tasks = Vec::with_capacity(headers.len());
        for header in headers {
            let (content, after) = rest.split_at_checked(header.length).ok_or_else(broken)?;
            rest = after;
            let bytes = content.to_vec();
            tasks.push(Task {
                path: header.path,
                what: header.mode.map(|mode| FileEntry { mode, bytes }),
            });
        }
        if rest.is_empty() {
            Ok(Some(tasks))
        } else {
            Err(broken())
        }
    }

    /// Ends the change.
    pub(super) fn remove(&self) -> Result<(), Fault> {
        self.path.as_ref().map_or(Ok(()), |path| {
            fs::remove_file(path).map_err(|error| failed(path, &error))
        })
    }
}

fn unfinished(path: &Path) -> PathBuf {
    path.with_extension("unfinished")
}

fn failed(path: &Path, error: &std::io::Error) -> Fault {
    Fault::failed(format!("cannot write `{}`: {error}", path.display()))
}

fn header(task: &Task) -> JournalHeader {
    let what = task.what.as_ref();
    JournalHeader {
        path: task.path.clone(),
        mode: what.map(|entry| entry.mode),
        length: what.map_or(0, |entry| entry.bytes.len()),
    }
}
