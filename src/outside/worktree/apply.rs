//! Applies a change all or nothing.
//!
//! The new contents go into a journal first. From the moment it stands there under its name, the
//! change will be made: whoever comes next after a crash makes what is left of it. Before that
//! moment nothing has been touched.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::journal::{Journal, Task};
use super::root::{Root, STAGED};
use crate::outside::git::index as git;
use crate::project::change::{Change, Edit};
use crate::project::file_entry::{FileEntry, FileMode, line_of};
use crate::text::fault::Fault;

/// As many files are waited for until the disk has them.
const WAITED_FOR: usize = 32;

/// Makes a change in the working tree.
///
/// # Errors
///
/// A failure if another process is changing this project, or if a file is read-only, has changed
/// since it was read, or cannot be written; then every file is as it was.
pub(crate) fn apply(directory: &Path, change: &Change) -> Result<(), Fault> {
    let root = Root::of(directory);
    let journal = Journal::at(&root);
    let _lock = journal.lock()?;
    finish(&root, &journal)?;
    if change.is_empty() {
        return Ok(());
    }
    change
        .edits
        .iter()
        .try_for_each(|edit| check(&root, edit))?;
    let tasks: Vec<Task> = change.edits.iter().map(Task::of).collect();
    journal.write(&tasks)?;
    let failed = match stage(&root, &tasks) {
        Ok(()) => put(&root, &tasks).err(),
        Err(fault) => Some((0, fault)),
    };
    if let Some((done, fault)) = failed {
        let restored = restore(&root, &change.edits[..done]);
        tasks
            .iter()
            .for_each(|task| drop(fs::remove_file(beside(&root, &task.path))));
        restored.map_err(|second| {
            Fault::failed(format!(
                "{fault}; and then {second}: run again to finish the change"
            ))
        })?;
        journal.remove()?;
        return Err(fault);
    }
    journal.remove()
}

/// Makes what is left of a change that was interrupted; what is being made now is another's.
pub(super) fn finish_interrupted(root: &Root) -> Result<(), Fault> {
    let journal = Journal::at(root);
    if !journal.is_there() {
        return Ok(());
    }
    let _lock = journal.lock()?;
    finish(root, &journal)
}

fn finish(root: &Root, journal: &Journal) -> Result<(), Fault> {
    let Some(tasks) = journal.read()? else {
        return Ok(());
    };
    for task in &tasks {
        check_path(root, &task.path)?;
    }
    stage(root, &tasks)?;
    put(root, &tasks).map_err(|(_, fault)| fault)?;
    journal.remove()
}

/// Refuses what cannot be done before anything is.
fn check(root: &Root, edit: &Edit) -> Result<(), Fault> {
    let path = &edit.path;
    check_path(root, path)?;
    let changed = || Fault::failed(format!("`{path}` has changed since it was read; run again"));
    match &edit.before {
        Some(before) if before.mode == FileMode::Gitlink => {
            let now = git::gitlink(&root.folder, path)?;
            let commit = before.commit();
            if now.is_some_and(|now| commit.is_some_and(|was| was.as_str() == now.commit)) {
                Ok(())
            } else {
                Err(changed())
            }
        }
        None if fs::symlink_metadata(root.folder.join(path)).is_ok() => Err(changed()),
        None => Ok(()),
        Some(before) => {
            let full = root.folder.join(path);
            let metadata = fs::symlink_metadata(&full).map_err(|_| changed())?;
            let folder = full
                .parent()
                .map_or(Ok(metadata.clone()), fs::metadata)
                .map_err(|_| changed())?;
            if before.mode != FileMode::Symlink
                && (metadata.permissions().readonly() || folder.permissions().readonly())
            {
                return Err(Fault::failed(format!(
                    "`{path}` line {}: the file is read-only; make it writable and run again",
                    first_changed_line(edit)
                )));
            }
            if root
                .read(path)
                .is_ok_and(|now| now.as_ref() == Some(before))
            {
                Ok(())
            } else {
                Err(changed())
            }
        }
    }
}

/// The line on which the two texts of an edit begin to differ.
fn first_changed_line(edit: &Edit) -> usize {
    let (Some(before), Some(after)) = (&edit.before, &edit.after) else {
        return 1;
    };
    let same = before
        .bytes
        .iter()
        .zip(&after.bytes)
        .take_while(|(one, other)| one == other)
        .count();
    line_of(&before.bytes, same)
}

/// A path must lie inside the project whatever links are on its way.
fn check_path(root: &Root, path: &str) -> Result<(), Fault> {
    let outside = || Fault::failed(format!("`{path}` leads outside the project"));
    let plain = !path.is_empty()
        && path
            .split('/')
            .all(|part| !matches!(part, "" | "." | ".." | ".git"));
    let full = root.folder.join(path);
    let folder = full
        .ancestors()
        .skip(1)
        .find_map(|folder| folder.canonicalize().ok());
    if plain
        && !Path::new(path).is_absolute()
        && folder.is_some_and(|folder| folder.starts_with(&root.folder))
    {
        Ok(())
    } else {
        Err(outside())
    }
}

/// Writes every new content beside its place.
fn stage(root: &Root, tasks: &[Task]) -> Result<(), Fault> {
    for task in tasks.iter().filter(|task| task.file().is_some()) {
        if let Some(folder) = root.folder.join(&task.path).parent() {
            fs::create_dir_all(folder).map_err(|error| unwritable(&task.path, &error))?;
        }
    }
    let each = |step: &(dyn Fn(&str, &FileEntry) -> std::io::Result<()> + Sync)| {
        tasks.par_iter().try_for_each(|task| match task.file() {
            Some(entry) => step(&task.path, entry).map_err(|error| unwritable(&task.path, &error)),
            None => Ok(()),
        })
    };
    each(&|path, entry| write_beside(root, path, entry))?;
    // Waiting for the disk takes milliseconds each. Where many files change, the journal alone is
    // waited for, and the file system orders the rest.
    if tasks.len() > WAITED_FOR {
        return Ok(());
    }
    each(&|path, entry| match entry.mode {
        FileMode::Symlink | FileMode::Gitlink => Ok(()),
        FileMode::Regular | FileMode::Executable => fs::File::open(beside(root, path))?.sync_data(),
    })
}

/// Puts everything in its place; on failure also how many are there already.
fn put(root: &Root, tasks: &[Task]) -> Result<(), (usize, Fault)> {
    for (done, task) in tasks.iter().enumerate() {
        let full = root.folder.join(&task.path);
        let put = match &task.what {
            None => remove(root, &full).map_err(|error| unwritable(&task.path, &error)),
            Some(what) => match what.commit() {
                Some(commit) => git::move_gitlink(&root.folder, &task.path, commit.as_str()),
                None => fs::rename(beside(root, &task.path), &full)
                    .map_err(|error| unwritable(&task.path, &error)),
            },
        };
        put.map_err(|fault| (done, fault))?;
    }
    Ok(())
}

fn restore(root: &Root, edits: &[Edit]) -> Result<(), Fault> {
    let tasks: Vec<Task> = edits.iter().map(Task::undoing).collect();
    stage(root, &tasks)?;
    put(root, &tasks).map_err(|(_, fault)| fault)
}

/// Removes a file, and the folders that are empty without it.
fn remove(root: &Root, full: &Path) -> std::io::Result<()> {
    match fs::remove_file(full) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    for folder in full
        .ancestors()
        .skip(1)
        .take_while(|folder| **folder != *root.folder)
    {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

fn write_beside(root: &Root, path: &str, entry: &FileEntry) -> std::io::Result<()> {
    let temporary = beside(root, path);
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    if entry.mode == FileMode::Symlink {
        return symlink(&entry.bytes, &temporary);
    }
    let mut file = fs::File::options()
        .write(true)
        .create_new(true)
        .open(&temporary)?;
    file.write_all(&entry.bytes)?;
    keep_attributes(&root.folder.join(path), &file, entry.mode)
}

fn beside(root: &Root, path: &str) -> PathBuf {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    root.folder.join(folder).join(format!(".{name}{STAGED}"))
}

fn unwritable(path: &str, error: &std::io::Error) -> Fault {
    Fault::failed(format!("cannot write `{path}`: {error}"))
}

/// Gives a new file the permissions and the owner of the one it replaces.
#[cfg(unix)]
fn keep_attributes(original: &Path, file: &fs::File, mode: FileMode) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let Ok(now) = fs::symlink_metadata(original).and_then(|now| {
        if now.is_file() {
            Ok(now)
        } else {
            Err(std::io::ErrorKind::NotFound.into())
        }
    }) else {
        let bits = if mode == FileMode::Executable {
            0o755
        } else {
            0o644
        };
        return file.set_permissions(fs::Permissions::from_mode(bits));
    };
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (now.uid(), now.gid()) {
        // Only root may give files away; for others the file becomes theirs, as with any editor.
        let _ = fchown(file, Some(now.uid()), Some(now.gid()));
    }
    let bits = now.permissions().mode() & 0o7777;
    let bits = if mode == FileMode::Executable {
        bits | (bits & 0o444) >> 2
    } else {
        bits & !0o111
    };
    file.set_permissions(fs::Permissions::from_mode(bits))
}

#[cfg(not(unix))]
fn keep_attributes(_: &Path, _: &fs::File, _: FileMode) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn symlink(target: &[u8], at: &Path) -> std::io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    std::os::unix::fs::symlink(std::ffi::OsStr::from_bytes(target), at)
}

#[cfg(not(unix))]
fn symlink(_: &[u8], _: &Path) -> std::io::Result<()> {
    Err(std::io::Error::new(
        std::io::ErrorKind::Unsupported,
        "symlinks cannot be made here",
    ))
}
