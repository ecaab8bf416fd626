//! The head of a base branch as a folder: what pins, changelog and version name there, read from a
//! local clone or through the forge.
//!
//! A proposal is made from what the base has now, not from what happens to be checked out; in this
//! folder it is read as if it were.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use git2::{Index, Repository};
use globset::{GlobBuilder, GlobMatcher};

use crate::outside::git::checkout::{CommitEntry, index_entry};
use crate::outside::worktree::is_executable;
use crate::plan::proposal::edit::{EntryMode, Oid};
use crate::project::config::{Config, PinKind};
use crate::text::fault::Fault;
use crate::workspace::remote::Remote;

/// How far symbolic links are followed from file to file.
const LINKS: usize = 8;

/// The largest file that is read, in bytes.
const LARGEST_FILE: usize = 64 << 20;

/// The head of a base branch.
#[derive(Debug)]
pub(crate) struct Base {
    /// The commit.
    pub head: Oid,
    entries: BTreeMap<String, CommitEntry>,
    folder: tempfile::TempDir,
    prefix: String,
}

/// Which files of a commit matter; paths are relative to the project.
#[derive(Debug, Default)]
pub(crate) struct WantedFiles {
    literal: BTreeSet<String>,
    globs: Vec<GlobMatcher>,
    folders: Vec<String>,
    submodules: Vec<String>,
}

impl WantedFiles {
    /// What a configuration's pins name, its changelog, its version file and its templates.
    ///
    /// # Errors
    ///
    /// If a glob is none.
    pub(crate) fn of(config: &Config) -> Result<Self, Fault> {
        let mut wanted = Self::default();
        for pin in config.links.iter().flat_map(|link| &link.pins) {
            match &pin.kind {
                PinKind::Text(text) => wanted.file(&text.file)?,
                PinKind::Cargo {
                    file: Some(file), ..
                } => wanted.file(file)?,
                PinKind::Cargo { file: None, .. } => wanted
                    .literal
                    .extend(["Cargo.lock".to_owned(), "Cargo.toml".to_owned()]),
                PinKind::Submodule(path) => wanted.submodules.push(path.clone()),
                PinKind::Tree(path) => wanted.folders.push(path.clone()),
            }
        }
        let log = config.changelog.as_ref();
        let entries = log.and_then(|log| log.entry.as_ref());
        wanted
            .folders
            .extend(entries.map(|entry| entry.folder().to_owned()));
        for file in log
            .iter()
            .filter_map(|log| log.file.as_ref())
            .chain(config.versions.iter().map(|version| &version.file))
        {
            wanted.file(file)?;
        }
        wanted.folders.extend(config.templates.clone());
        Ok(wanted)
    }

    /// One file.
    ///
    /// # Errors
    ///
    /// See [`WantedFiles::of`].
    pub(crate) fn only(file: &str) -> Result<Self, Fault> {
        let mut wanted = Self::default();
        wanted.file(file)?;
        Ok(wanted)
    }

    fn file(&mut self, written: &str) -> Result<(), Fault> {
        self.literal.insert(written.to_owned());
        if written.contains(['*', '?', '[', '{']) {
            if let Some(why) = crate::text::budget::glob_excess(written) {
                return Err(Fault::usage(format!("a glob {why}")));
            }
            let glob = GlobBuilder::new(written)
                .literal_separator(true)
                .backslash_escape(false)
                .build();
            let glob = glob.map_err(|error| {
                Fault::usage(format!("`{written}` is not a glob: {}", error.kind()))
            })?;
            self.globs.push(glob.compile_matcher());
        }
        Ok(())
    }

    fn has(&self, path: &str) -> bool {
        let below = |folder: &String| {
            path.strip_prefix(folder.trim_end_matches('/'))
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.literal.contains(path)
            || self.globs.iter().any(|glob| glob.is_match(path))
            || self.folders.iter().any(below)
    }
}

impl Base {
    /// Reads what is wanted of a commit, the branch's head. `prefix` is the project's folder inside
    /// the repository, empty where they are one.
    ///
    /// # Errors
    ///
    /// If the commit or a file cannot be read, or the folder cannot be written.
    pub(crate) async fn read(
        remote: &Remote<'_>,
        head: Oid,
        prefix: &str,
        wanted: &WantedFiles,
    ) -> Result<Self, Fault> {
        let entries: BTreeMap<_, _> = remote
            .tree(&head)
            .await?
            .into_iter()
            .map(|entry| (entry.path.clone(), entry))
            .collect();
        let folder = tempfile::tempdir()
            .map_err(|error| Fault::failed(format!("cannot make a temporary folder: {error}")))?;
        let base = Self {
            head,
            entries,
            folder,
            prefix: prefix.trim_matches('/').to_owned(),
        };
        fs::create_dir_all(base.project()).map_err(|error| base.unwritable(&error))?;
        base.write_index(remote, wanted)?;
        let named: Vec<_> = base
            .entries
            .keys()
            .filter(|path| base.inside(path).is_some_and(|path| wanted.has(path)))
            .cloned()
            .collect();
        for path in named {
            base.write_with_targets(remote, path).await?;
        }
        Ok(base)
    }

    /// The files of a folder as they stand, where no commit is known: enough to show what would be
    /// proposed.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or the folder cannot be written.
    pub(crate) fn of_files(directory: &Path, wanted: &WantedFiles) -> Result<Self, Fault> {
        let folder = tempfile::tempdir()
            .map_err(|error| Fault::failed(format!("cannot make a temporary folder: {error}")))?;
        let mut base = Self {
            head: Oid::unknown(),
            entries: BTreeMap::new(),
            folder,
            prefix: String::new(),
        };
        Repository::init(base.folder.path()).map_err(|error| {
            Fault::failed(format!("cannot write an index: {}", error.message()))
        })?;
        for path in crate::outside::worktree::paths_below(directory)?
            .into_iter()
            .filter(|path| wanted.has(path))
        {
            let unreadable =
                |error: std::io::Error| Fault::failed(format!("cannot read `{path}`: {error}"));
            // Links are read as what they lead to: it is only looked at.
            let place = directory.join(&path);
            let mode = if is_executable(&fs::metadata(&place).map_err(unreadable)?) {
                EntryMode::Executable
            } else {
                EntryMode::Plain
            };
            let bytes = fs::read(&place).map_err(unreadable)?;
            base.write(&path, &bytes, mode == EntryMode::Executable)?;
            base.entries.insert(
                path.clone(),
                CommitEntry {
                    id: Oid::of_blob(&bytes),
                    mode,
                    path,
                },
            );
        }
        Ok(base)
    }

    /// The project's folder, with the wanted files in it.
    #[must_use]
    pub(crate) fn project(&self) -> PathBuf {
        self.folder.path().join(&self.prefix)
    }

    /// The path in the repository of a path of the project.
    #[must_use]
    pub(crate) fn in_repository(&self, path: &str) -> String {
        if self.prefix.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.prefix)
        }
    }

    /// What stands at a path of the repository.
    #[must_use]
    pub(crate) fn entry(&self, path: &str) -> Option<(EntryMode, Oid)> {
        self.entries
            .get(path)
            .map(|entry| (entry.mode, entry.id.clone()))
    }

    /// The names of tags, for the rules that ask which versions the project has released.
    ///
    /// # Errors
    ///
    /// If they cannot be written down.
    pub(crate) fn with_tags(self, tags: &[String]) -> Result<Self, Fault> {
        let mark = || {
            let repository = Repository::open(self.folder.path())?;
            let tree = repository.find_tree(repository.treebuilder(None)?.write()?)?;
            let nobody =
                git2::Signature::new("release-check", "release-check", &git2::Time::new(0, 0))?;
            let commit = repository.commit(None, &nobody, &nobody, "tags", &tree, &[])?;
            for tag in tags {
                // A name that this git does not take is no version either.
                let _ = repository.reference(&format!("refs/tags/{tag}"), commit, true, "");
            }
            Ok(())
        };
        mark().map_err(|error: git2::Error| {
            Fault::failed(format!("cannot write down tags: {}", error.message()))
        })?;
        Ok(self)
    }

    fn inside<'a>(&self, path: &'a str) -> Option<&'a str> {
        if self.prefix.is_empty() {
            Some(path)
        } else {
            path.strip_prefix(&self.prefix)?.strip_prefix('/')
        }
    }

    fn unwritable(&self, error: &std::io::Error) -> Fault {
        Fault::failed(format!(
            "cannot write to `{}`: {error}",
            self.folder.path().display()
        ))
    }

    /// Submodules are read from an index, and their tags from their own clone where there is one.
    fn write_index(&self, remote: &Remote<'_>, wanted: &WantedFiles) -> Result<(), Fault> {
        let failed = |error: git2::Error| {
            Fault::failed(format!("cannot write an index: {}", error.message()))
        };
        Repository::init(self.folder.path()).map_err(failed)?;
        let mut index = Index::open(&self.folder.path().join(".git/index")).map_err(failed)?;
        for entry in self
            .entries
            .values()
            .filter(|entry| entry.mode == EntryMode::Gitlink)
        {
            let id = git2::Oid::from_str(entry.id.as_str()).map_err(failed)?;
            index
                .add(&index_entry(&entry.path, entry.mode, id))
                .map_err(failed)?;
        }
        index.write().map_err(failed)?;
        for path in wanted
            .submodules
            .iter()
            .map(|path| self.in_repository(path))
        {
            if let Some(git_folder) = remote.clone.and_then(|clone| clone.submodule_folder(&path)) {
                self.write(
                    &format!("{path}/.git"),
                    format!("gitdir: {}\n", git_folder.display()).as_bytes(),
                    false,
                )?;
            }
        }
        Ok(())
    }

    async fn write_with_targets(&self, remote: &Remote<'_>, path: String) -> Result<(), Fault> {
        let mut next = Some(path);
        for _ in 0..LINKS {
            let Some(entry) = next.take().and_then(|path| self.entries.get(&path)) else {
                return Ok(());
            };
            if entry.mode == EntryMode::Gitlink
                || self
                    .folder
                    .path()
                    .join(&entry.path)
                    .symlink_metadata()
                    .is_ok()
            {
                return Ok(());
            }
            let bytes = remote.blob(&entry.id).await?;
            if bytes.len() > LARGEST_FILE {
                return Err(Fault::usage(format!(
                    "`{}` is larger than {} MB",
                    entry.path,
                    LARGEST_FILE >> 20
                )));
            }
            if entry.mode == EntryMode::Symlink {
                let target = String::from_utf8_lossy(&bytes).into_owned();
                self.link(&entry.path, &target)?;
                next = resolved(&entry.path, &target);
            } else {
                self.write(&entry.path, &bytes, entry.mode == EntryMode::Executable)?;
            }
        }
        Ok(())
    }

    fn write(&self, path: &str, bytes: &[u8], executable: bool) -> Result<(), Fault> {
        let place = self.place(path)?;
        fs::write(&place, bytes)
            .and_then(|()| {
                if executable {
                    make_executable(&place)
                } else {
                    Ok(())
                }
            })
            .map_err(|error| self.unwritable(&error))
    }

    fn link(&self, path: &str, target: &str) -> Result<(), Fault> {
        let place = self.place(path)?;
        #[cfg(unix)]
        let outcome = std::os::unix::fs::symlink(target, place);
        #[cfg(not(unix))]
        let outcome = fs::write(place, target);
        outcome.map_err(|error| self.unwritable(&error))
    }

    /// Where a path of the repository is written: below the folder, and through no link.
    fn place(&self, path: &str) -> Result<PathBuf, Fault> {
        let odd = || {
            Fault::failed(format!(
                "`{}` is not a path that can be written",
                path.escape_debug()
            ))
        };
        let parts: Vec<_> = path.split('/').collect();
        if parts
            .iter()
            .any(|part| part.is_empty() || matches!(*part, "." | "..") || part.contains('\0'))
        {
            return Err(odd());
        }
        let place = self.folder.path().join(path);
        let parent = place.parent().ok_or_else(odd)?;
        fs::create_dir_all(parent).map_err(|error| self.unwritable(&error))?;
        let (real, root) = (parent.canonicalize(), self.folder.path().canonicalize());
        match (real, root) {
            (Ok(real), Ok(root)) if real.starts_with(&root) => Ok(place),
            _ => Err(odd()),
        }
    }
}

/// The path that a link leads to, if it stays inside the repository.
fn resolved(link: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = link.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        return None;
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(unix)]
fn make_executable(place: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(place, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn links_stay_inside() {
        for (link, target, expected) in [
            ("a/b", "c", Some("a/c")),
            ("a/b", "../c", Some("c")),
            ("a/b", "./x/../c", Some("a/c")),
            ("a/b", "../../c", None),
            ("a/b", "/etc/passwd", None),
        ] {
            assert_eq!(
                resolved(link, target).as_deref(),
                expected,
                "{link} -> {target}"
            );
        }
    }
}
