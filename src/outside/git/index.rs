//! The git repository around the project: gitlinks in its index.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use git2::{IndexEntry, Repository};
use jiff::civil::Date;

use crate::outside::git::{open, refs};
use crate::project::file_tree;
use crate::project::linked::Gitlink;
use crate::text::fault::Fault;

/// The mode of a gitlink in the index.
pub(crate) const GITLINK: u32 = 0o160_000;

/// The submodule at a path, as the index has it; none where the index has no gitlink there.
pub(crate) fn gitlink(root: &Path, path: &str) -> Result<Option<Gitlink>, Fault> {
    let repository = open::around(root).ok_or_else(|| {
        Fault::usage(format!(
            "`{path}` is no submodule, the project is in no git repository"
        ))
    })?;
    let index = repository
        .index()
        .map_err(|error| Fault::failed(format!("cannot read the index: {}", error.message())))?;
    let in_index = in_repository(&repository, root, path)?;
    let Some(entry) = index
        .get_path(Path::new(&in_index), 0)
        .filter(|entry| entry.mode == GITLINK)
    else {
        return Ok(None);
    };
    Ok(Some(Gitlink {
        commit: entry.id.to_string(),
        tags: tags_of(&root.join(path), entry.id),
    }))
}

/// The paths inside the project of every submodule in the index.
pub(crate) fn gitlinks(repository: &Repository, prefix: &str) -> Vec<String> {
    let is_link = |entry: &IndexEntry| entry.mode == GITLINK;
    paths(repository, prefix, is_link).collect()
}

/// The paths inside the project of every file in the index.
pub(crate) fn tracked(repository: &Repository, prefix: &str) -> BTreeSet<String> {
    paths(repository, prefix, |_| true).collect()
}

fn paths(
    repository: &Repository,
    prefix: &str,
    which: fn(&IndexEntry) -> bool,
) -> impl Iterator<Item = String> {
    let index = repository.index().ok();
    let entries: Vec<IndexEntry> = index.iter().flat_map(git2::Index::iter).collect();
    let inside = move |entry: IndexEntry| {
        let path = String::from_utf8(entry.path).ok()?;
        path.strip_prefix(prefix).map(str::to_owned)
    };
    entries.into_iter().filter(which).filter_map(inside)
}

/// The path inside the repository of a path inside the project.
pub(crate) fn in_repository(
    repository: &Repository,
    root: &Path,
    path: &str,
) -> Result<String, Fault> {
    let workdir = repository
        .workdir()
        .and_then(|workdir| workdir.canonicalize().ok());
    let prefix = workdir
        .as_deref()
        .and_then(|workdir| root.strip_prefix(workdir).ok())
        .and_then(crate::text::slashed);
    match prefix {
        Some(prefix) => Ok(file_tree::in_repository(&prefix, path)),
        None => Err(Fault::failed(format!(
            "`{}` is not in the working tree of its git repository",
            root.display()
        ))),
    }
}

/// Moves a submodule in the index; its own working tree is left alone.
pub(crate) fn move_gitlink(root: &Path, path: &str, commit: &str) -> Result<(), Fault> {
    let moved = || -> Result<(), git2::Error> {
        let repository = open::around(root)
            .ok_or_else(|| git2::Error::from_str("the project is in no git repository"))?;
        let in_index = in_repository(&repository, root, path)
            .map_err(|fault| git2::Error::from_str(&fault.to_string()))?;
        let mut index = repository.index()?;
        let entry = index
            .get_path(Path::new(&in_index), 0)
            .ok_or_else(|| git2::Error::from_str("the index does not have it"))?;
        index.add(&IndexEntry {
            id: git2::Oid::from_str(commit)?,
            ..entry
        })?;
        index.write()
    };
    moved().map_err(|error| {
        Fault::failed(format!(
            "cannot move the submodule `{path}` in the index: {}",
            error.message()
        ))
    })
}

/// The repository's own folder, and the project's folder inside its working tree.
pub(crate) fn folder_of(root: &Path) -> Option<(PathBuf, String)> {
    let repository = open::around(root)?;
    let prefix = in_repository(&repository, root, "").ok()?;
    Some((repository.path().to_owned(), prefix))
}

/// The address of `origin`.
pub(crate) fn origin(root: &Path) -> Option<String> {
    open::around(root)?
        .find_remote("origin")
        .ok()?
        .url()
        .ok()
        .map(str::to_owned)
}

/// The release tags that point to a commit, where the clone of a submodule in a folder has them.
pub(super) fn tags_of(folder: &Path, commit: git2::Oid) -> Vec<String> {
    let Some(clone) = open::at(folder) else {
        return Vec::new();
    };
    let is_release = |name: &str| {
        let start = name.as_bytes().get(.."openssl".len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(b"openssl"))
    };
    refs::tags(&clone, &is_release)
        .into_iter()
        .filter(|tag| tag.commit == commit)
        .map(|tag| tag.name)
        .collect()
}

/// Makes a folder a repository whose first commit has every file in it, made on a given day.
pub(crate) fn start_history(directory: &Path, message: &str, day: Date) -> Result<(), Fault> {
    let start = || {
        let repository = Repository::init(directory)?;
        let mut index = repository.index()?;
        index.add_all(["*"], git2::IndexAddOption::DEFAULT, None)?;
        index.write()?;
        let tree = repository.find_tree(index.write_tree()?)?;
        let seconds = day
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_or(0, |midnight| midnight.timestamp().as_second());
        let author = git2::Signature::new(
            "release-check",
            "release-check@example.org",
            &git2::Time::new(seconds, 0),
        )?;
        repository
            .commit(Some("HEAD"), &author, &author, message, &tree, &[])
            .map(|_| ())
    };
    start().map_err(|error: git2::Error| {
        Fault::failed(format!(
            "cannot start a history in `{}`: {}",
            directory.display(),
            error.message()
        ))
    })
}
