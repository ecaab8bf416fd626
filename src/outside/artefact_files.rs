//! Files and folders on disk, examined in parallel: the only place where artefacts are opened.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
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

/// What stands below a folder.
#[derive(Default)]
struct Found {
    files: Vec<Candidate>,
    /// Symbolic links, by where they stand and what they are called.
    links: Vec<(PathBuf, String)>,
    unread: Vec<ExaminedFile>,
}

impl Found {
    /// How much was found.
    fn number(&self) -> usize {
        self.files.len() + self.links.len() + self.unread.len()
    }
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
/// Symbolic links in a folder are not followed: what they point to is examined where it stands, and
/// is unread if that is outside of what was named.
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
    let mut found = Found::default();
    for shown in paths {
        let path = directory.join(shown);
        let metadata = about(directory, shown)?;
        let name = shown.display().to_string();
        if metadata.is_file() {
            found.files.push(Candidate {
                path,
                shown: name,
                folder: None,
            });
        } else if metadata.is_dir() {
            let before = found.number();
            below(&path, &name, &name, &mut found);
            if before == found.number() {
                let why = "no file is in this folder: name one that has files";
                found.unread.push(ExaminedFile::broken(&name, why));
            }
        } else {
            return Err(Fault::failed(format!(
                "`{name}` is neither a file nor a folder; name one"
            )));
        }
    }
    unfollowed(directory, paths, &mut found);
    let candidates = found.files;
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
    let mut files: Vec<ExaminedFile> = examined.into_iter().flatten().chain(found.unread).collect();
    artefact::settle(&mut files);
    Ok(files)
}

/// Adds the links whose target nobody looks at, one for each target. One that leads to a file or
/// nowhere is told where its name may be an artefact's: working trees are full of others.
fn unfollowed(directory: &Path, paths: &[PathBuf], found: &mut Found) {
    if found.links.is_empty() {
        return;
    }
    let named: BTreeSet<PathBuf> = paths
        .iter()
        .filter_map(|path| fs::canonicalize(directory.join(path)).ok())
        .collect();
    let mut told = BTreeSet::new();
    for (path, shown) in std::mem::take(&mut found.links) {
        let target = fs::canonicalize(&path).ok();
        let is_inside = target
            .as_ref()
            .is_some_and(|target| target.ancestors().any(|place| named.contains(place)));
        let is_ours = match &target {
            Some(target) if target.is_dir() => holds_artefacts(target),
            Some(target) => {
                let name = shown.rsplit('/').next().unwrap_or_default();
                artefact::promises(&shown) || (!name.contains('.') && is_binary(target))
            }
            None => artefact::may_be_ours(&shown),
        };
        if is_inside || !is_ours || is_of_system(&path, &named) {
            continue;
        }
        let why = match target {
            Some(target) if !told.insert(target.clone()) => continue,
            Some(_) => "a symbolic link that leads elsewhere is not followed: name it as well",
            None => "a symbolic link that leads nowhere",
        };
        found.unread.push(ExaminedFile::broken(&shown, why));
    }
}

/// Entries of a folder that are looked at.
const MOST_ENTRIES: usize = 1_000;

/// Whether the name of something right inside a folder promises an artefact.
fn holds_artefacts(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names = entries.take(MOST_ENTRIES).map(|entry| entry.file_name());
    names.any(|name| artefact::promises(&name.to_string_lossy()))
}

/// Whether a file has bytes that no text has.
fn is_binary(file: &Path) -> bool {
    let mut head = [0; 512];
    let read = File::open(file).and_then(|mut file| file.read(&mut head));
    read.is_ok_and(|read| head[..read].contains(&0))
}

/// Whether a named folder is the root of a system that the link belongs to, such as the layers of an
/// image: there its target stands within the folder, whatever this machine has in that place.
fn is_of_system(link: &Path, named: &BTreeSet<PathBuf>) -> bool {
    let Ok(target) = fs::read_link(link) else {
        return false;
    };
    let Ok(below) = target.strip_prefix("/") else {
        return false;
    };
    named
        .iter()
        .any(|root| fs::symlink_metadata(root.join(below)).is_ok())
}

/// Collects what stands below a folder, in the order of the names.
fn below(path: &Path, shown: &str, folder: &str, found: &mut Found) {
    let mut folders = vec![(path.to_owned(), shown.to_owned())];
    while let Some((path, shown)) = folders.pop() {
        let entries = fs::read_dir(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let broken = ExaminedFile::broken(&shown, &error.to_string());
                found.unread.push(broken);
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
                Ok(kind) if kind.is_file() => found.files.push(Candidate {
                    path: entry.path(),
                    shown,
                    folder: Some(folder.to_owned()),
                }),
                Ok(kind) if kind.is_symlink() => found.links.push((entry.path(), shown)),
                Ok(_) if artefact::may_be_ours(&shown) => {
                    let why = "neither a file nor a folder: nothing is read from it";
                    found.unread.push(ExaminedFile::broken(&shown, why));
                }
                Ok(_) => {}
                Err(error) => {
                    let broken = ExaminedFile::broken(&shown, &error.to_string());
                    found.unread.push(broken);
                }
            }
        }
        folders.extend(inner.into_iter().rev());
    }
}

/// The files below a folder whose path, relative to it, some glob matches, in the order of their
/// names, and after them the links that one matches: what is published is called as they are.
pub(crate) fn matching(directory: &Path, globs: &globset::GlobSet) -> Vec<PathBuf> {
    let mut found = Found::default();
    below(directory, "", "", &mut found);
    let files = found.files.into_iter().map(|candidate| candidate.path);
    let links = found.links.into_iter().map(|(path, _)| path);
    files
        .chain(links.filter(|path| !path.is_dir()))
        .filter_map(|path| path.strip_prefix(directory).ok().map(Path::to_owned))
        .filter(|path| globs.is_match(path))
        .collect()
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
