//! The working tree: reads what pins name, and applies a change all or nothing.

mod apply;
pub(crate) mod glob;
mod journal;
mod survey;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::outside::git::index as git;
pub(crate) use crate::outside::git::index::start_history;
pub(crate) use apply::apply;
pub(crate) use survey::survey;

use crate::project::config::{Link, PinKind};
use crate::project::linked::{Entry, Files, Mode};
use crate::text::fault::Fault;

/// The largest file that is read, in bytes.
const LARGEST_FILE: u64 = 64 << 20;

/// Reads what the pins of these links name, below the project's folder. Of vendored trees only what
/// says their version.
///
/// # Errors
///
/// A usage fault that names the pin's line in the configuration: a file that is missing, no file,
/// too large or outside the project, a glob that names nothing, a submodule that the index does not
/// have. A failure where a file cannot be read.
pub(crate) fn load<'a>(
    directory: &Path,
    links: impl IntoIterator<Item = &'a Link>,
) -> Result<Files, Fault> {
    let root = Root::of(directory)?;
    apply::finish_interrupted(&root)?;
    let mut files = Files::default();
    for pin in links.into_iter().flat_map(|link| &link.pins) {
        let read = match &pin.kind {
            PinKind::Text(text) => root.named(&text.file, &mut files),
            PinKind::Cargo {
                file: Some(file), ..
            } => root.named(file, &mut files),
            PinKind::Cargo { file: None, .. } => ["Cargo.lock", "Cargo.toml"]
                .iter()
                .filter(|name| root.folder.join(name).exists())
                .try_for_each(|name| root.named(name, &mut files)),
            PinKind::Submodule(path) => git::gitlink(&root.folder, path).map(|gitlink| {
                if let Some(gitlink) = gitlink {
                    files.insert_gitlink(path, gitlink);
                }
            }),
            PinKind::Tree(path) => root
                .version_files(path)
                .map(|tree| files.insert_tree(path, tree)),
        };
        read.map_err(|fault| fault.within(&pin.place))?;
    }
    Ok(files)
}

/// Reads one more file of the project, such as its changelog.
///
/// # Errors
///
/// As [`load`].
pub(crate) fn load_file(directory: &Path, path: &str, files: &mut Files) -> Result<(), Fault> {
    Root::of(directory)?.named(path, files)
}

/// Reads every file of a vendored tree.
///
/// # Errors
///
/// As [`load`].
pub(crate) fn load_tree(directory: &Path, path: &str, files: &mut Files) -> Result<(), Fault> {
    let tree = Root::of(directory)?.whole_tree(path)?;
    files.insert_tree(path, tree);
    Ok(())
}

/// The path of every file below a folder, links to files included; `.git` is never entered.
///
/// # Errors
///
/// If a folder cannot be read.
pub(crate) fn paths_below(directory: &Path) -> Result<Vec<String>, Fault> {
    glob::below(directory)
}

/// `owner/name` of the repository's `origin`, where it has one on a forge.
#[must_use]
pub(crate) fn origin(directory: &Path) -> Option<String> {
    let url = git::origin(directory)?;
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => url.split_once(':')?.1,
    };
    let mut parts = path
        .trim_end_matches('/')
        .trim_end_matches(".git")
        .rsplit('/');
    let (name, owner) = (parts.next()?, parts.next()?);
    Some(format!("{owner}/{name}"))
}

/// The project's folder inside its git repository, empty where they are one or there is none.
#[must_use]
pub(crate) fn prefix(directory: &Path) -> String {
    Root::of(directory)
        .ok()
        .and_then(|root| git::folder_of(&root.folder))
        .map_or_else(String::new, |(_, prefix)| prefix)
}

/// The project's folder, with every link in its own path followed.
pub(crate) struct Root {
    folder: PathBuf,
}

impl Root {
    fn of(directory: &Path) -> Result<Self, Fault> {
        let folder = fs::canonicalize(directory).map_err(|error| {
            Fault::failed(format!("cannot read `{}`: {error}", directory.display()))
        })?;
        Ok(Self { folder })
    }

    /// Reads the files that a path or glob names.
    fn named(&self, written: &str, files: &mut Files) -> Result<(), Fault> {
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
    fn real(&self, path: &str) -> Result<String, Fault> {
        let real =
            fs::canonicalize(self.folder.join(path)).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Fault::no_file(path),
                _ => Fault::failed(format!("cannot read `{path}`: {error}")),
            })?;
        let inside = real.strip_prefix(&self.folder).ok().and_then(slashed);
        inside.ok_or_else(|| Fault::usage(format!("`{path}` leads outside the project")))
    }

    fn read(&self, path: &str) -> Result<Entry, Fault> {
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

    fn version_files(&self, path: &str) -> Result<BTreeMap<String, Entry>, Fault> {
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

    fn whole_tree(&self, path: &str) -> Result<BTreeMap<String, Entry>, Fault> {
        self.folder_inside(path)?;
        let mut tree = BTreeMap::new();
        for inside in glob::below(&self.folder.join(path))? {
            let entry = self.entry(&format!("{path}/{inside}"))?;
            tree.insert(inside, entry);
        }
        Ok(tree)
    }

    /// A file, or a symlink as itself.
    fn entry(&self, path: &str) -> Result<Entry, Fault> {
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

    fn folder_inside(&self, path: &str) -> Result<(), Fault> {
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

/// A relative path with `/` between its parts.
pub(crate) fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path
        .components()
        .map(|part| part.as_os_str().to_str())
        .collect();
    parts.map(|parts| parts.join("/"))
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
