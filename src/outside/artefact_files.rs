//! Files and folders on disk, examined in parallel: the only place where artefacts are opened.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::artefact::{self, ExaminationLimits, ExaminedFile, FileFormat, ReadAt, ScratchFile};
use crate::text::fault::Fault;

struct Candidate {
    path: PathBuf,
    /// How the user names it.
    shown: String,
    /// The folder it was found in, if the user named that and not the file.
    folder: Option<String>,
}

/// Whether there is a file or folder.
///
/// # Errors
///
/// If there is none, or it cannot be looked at.
pub(crate) fn check_there(directory: &Path, shown: &Path) -> Result<(), Fault> {
    about(directory, shown).map(drop)
}

fn about(directory: &Path, shown: &Path) -> Result<fs::Metadata, Fault> {
    fs::metadata(directory.join(shown)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            Fault::failed(format!("there is no file or folder `{}`", shown.display()))
        }
        _ => Fault::failed(format!("cannot read `{}`: {error}", shown.display())),
    })
}

/// Examines files, and folders with everything below them; `directory` is what relative paths are
/// relative to.
///
/// Symbolic links in a folder are not followed: what they point to is examined where it stands.
///
/// # Errors
///
/// A path that does not exist or is neither a file nor a folder. What is inside cannot fail: it is
/// reported in the answer.
pub fn examine(
    directory: &Path,
    paths: &[PathBuf],
    limits: &ExaminationLimits,
) -> Result<Vec<ExaminedFile>, Fault> {
    let mut candidates = Vec::new();
    let mut unreadable = Vec::new();
    for shown in paths {
        let path = directory.join(shown);
        let metadata = about(directory, shown)?;
        let name = shown.display().to_string();
        if metadata.is_file() {
            candidates.push(Candidate {
                path,
                shown: name,
                folder: None,
            });
        } else if metadata.is_dir() {
            below(&path, &name, &name, &mut candidates, &mut unreadable);
        } else {
            return Err(Fault::failed(format!(
                "`{name}` is neither a file nor a folder; name one"
            )));
        }
    }
    // Wheels differ a hundredfold in size: each is given to the next thread that is free.
    let examined: Vec<Vec<ExaminedFile>> = match candidates.as_slice() {
        // One file is read sooner than another thread wakes.
        [only] => vec![one(only, limits)],
        many => many
            .par_iter()
            .with_max_len(1)
            .map(|candidate| one(candidate, limits))
            .collect(),
    };
    let mut files: Vec<ExaminedFile> = examined.into_iter().flatten().chain(unreadable).collect();
    artefact::settle(&mut files);
    Ok(files)
}

/// Collects the files below a folder, in the order of their names.
fn below(
    path: &Path,
    shown: &str,
    folder: &str,
    candidates: &mut Vec<Candidate>,
    unreadable: &mut Vec<ExaminedFile>,
) {
    let mut folders = vec![(path.to_owned(), shown.to_owned())];
    while let Some((path, shown)) = folders.pop() {
        let entries = fs::read_dir(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                unreadable.push(ExaminedFile::broken(&shown, &error.to_string()));
                continue;
            }
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        let mut inner = Vec::new();
        for entry in entries {
            let name = entry.file_name();
            let shown = format!("{}/{}", shown.trim_end_matches('/'), name.to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => inner.push((entry.path(), shown)),
                Ok(kind) if kind.is_file() => candidates.push(Candidate {
                    path: entry.path(),
                    shown,
                    folder: Some(folder.to_owned()),
                }),
                Ok(_) => {}
                Err(error) => unreadable.push(ExaminedFile::broken(&shown, &error.to_string())),
            }
        }
        folders.extend(inner.into_iter().rev());
    }
}

/// The files below a folder whose path, relative to it, some glob matches, in the order of their
/// names.
pub(crate) fn matching(directory: &Path, globs: &globset::GlobSet) -> Vec<PathBuf> {
    let mut candidates = Vec::new();
    below(directory, "", "", &mut candidates, &mut Vec::new());
    let relative = candidates.into_iter().filter_map(|candidate| {
        candidate
            .path
            .strip_prefix(directory)
            .ok()
            .map(Path::to_owned)
    });
    relative.filter(|path| globs.is_match(path)).collect()
}

fn one(candidate: &Candidate, limits: &ExaminationLimits) -> Vec<ExaminedFile> {
    let unit = candidate.folder.as_deref().unwrap_or_default();
    match File::open(&candidate.path) {
        Ok(file) => {
            let mut found = artefact::examine(&candidate.shown, unit, file, limits, &scratch);
            // A folder holds many files that are none of ours; a file that the user names is always
            // answered for.
            found.retain(|file| {
                candidate.folder.is_none() || file.format != FileFormat::Other || !file.is_blank()
            });
            found
        }
        Err(error) => vec![ExaminedFile::broken(&candidate.shown, &error.to_string())],
    }
}

/// A file without a name for what is too large to be held; where none can be made, memory.
pub(crate) fn scratch() -> io::Result<Box<dyn ScratchFile>> {
    match tempfile::tempfile() {
        Ok(file) => Ok(Box::new(file)),
        Err(_) => artefact::in_memory(),
    }
}

impl ReadAt for File {
    fn read_exact_at(&self, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
        #[cfg(not(windows))]
        use std::os::unix::fs::FileExt as _;
        #[cfg(windows)]
        use std::os::windows::fs::FileExt as _;
        while !buffer.is_empty() {
            #[cfg(not(windows))]
            let read = self.read_at(buffer, offset);
            #[cfg(windows)]
            let read = self.seek_read(buffer, offset);
            match read {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    buffer = &mut buffer[count..];
                    offset += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_from_any_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let bytes: Vec<u8> = (0..200_000_u32).map(|at| (at % 251) as u8).collect();
        fs::write(&path, &bytes).unwrap();
        let file = File::open(&path).unwrap();
        for (offset, length) in [(0, 0), (0, 10), (7, 150_000), (199_999, 1), (0, 200_000)] {
            let mut buffer = vec![0xff; length];
            ReadAt::read_exact_at(&file, &mut buffer, offset as u64).unwrap();
            assert!(
                buffer == bytes[offset..offset + length],
                "{offset} {length}"
            );
        }
        for (offset, length) in [(199_999, 2), (u64::MAX - 1, 1)] {
            assert!(
                ReadAt::read_exact_at(&file, &mut vec![0; length], offset).is_err(),
                "{offset} {length}"
            );
        }
    }
}
