//! What the commits of a checkout changed of some of its files, the newest first. Only reads.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

use git2::{ObjectType, Oid, Repository, Tree};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::outside::git::open;
use crate::project::discovery::{ChangedFile, Moved};

/// Commits that are looked at.
const MOST_COMMITS: usize = 10_000;

/// How long is looked.
const LONGEST: Duration = Duration::from_secs(5);

/// The largest text that is compared, in bytes.
const LARGEST: usize = 1 << 20;

/// How far history was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// To its beginning.
    Whole,
    /// So many commits, in the time there was.
    Bounded(usize),
    /// To where a shallow clone ends, after so many commits.
    Shallow(usize),
}

/// Folders and files below one folder that are asked for.
#[derive(Default)]
struct WantedPaths {
    files: HashSet<String>,
    folders: BTreeMap<String, WantedPaths>,
}

impl WantedPaths {
    fn add(&mut self, path: &str) {
        match path.split_once('/') {
            Some((folder, rest)) => self.folders.entry(folder.to_owned()).or_default().add(rest),
            None => _ = self.files.insert(path.to_owned()),
        }
    }
}

/// Hands on every commit that changed one of these files, the newest first; merges are the
/// commits that they bring. None where the folder is in no git repository with a commit.
pub(crate) fn walk(
    directory: &Path,
    paths: &HashSet<String>,
    take: &mut dyn FnMut(Moved, Vec<ChangedFile>),
) -> Option<Reach> {
    let prefix = crate::outside::worktree::prefix(directory);
    let prefix = match prefix.trim_end_matches('/') {
        "" => String::new(),
        folder => format!("{folder}/"),
    };
    let repository = open::around(directory)?;
    let mut wanted = WantedPaths::default();
    for path in paths {
        wanted.add(&format!("{prefix}{path}"));
    }
    let mut walk = repository.revwalk().ok()?;
    walk.push_head().ok()?;
    walk.set_sorting(git2::Sort::TIME).ok()?;
    let started = Instant::now();
    let mut looked = 0;
    for id in walk.flatten() {
        if looked >= MOST_COMMITS || started.elapsed() > LONGEST {
            return Some(Reach::Bounded(looked));
        }
        looked += 1;
        let files = changed_by(&repository, id, &wanted, &prefix).unwrap_or_default();
        if let (false, Some(commit)) = (files.is_empty(), named(&repository, id)) {
            take(commit, files);
        }
    }
    Some(if repository.is_shallow() {
        Reach::Shallow(looked)
    } else {
        Reach::Whole
    })
}

fn named(repository: &Repository, id: Oid) -> Option<Moved> {
    let seconds = repository.find_commit(id).ok()?.time().seconds();
    Some(Moved {
        commit: id.to_string(),
        day: Timestamp::from_second(seconds)
            .ok()?
            .to_zoned(TimeZone::UTC)
            .date(),
    })
}

/// What a commit with one parent changed.
fn changed_by(
    repository: &Repository,
    id: Oid,
    wanted: &WantedPaths,
    prefix: &str,
) -> Option<Vec<ChangedFile>> {
    let commit = repository.find_commit(id).ok()?;
    if commit.parent_count() != 1 {
        return None;
    }
    let (before, after) = (commit.parent(0).ok()?.tree().ok()?, commit.tree().ok()?);
    let mut files = Vec::new();
    compare(
        repository,
        &before,
        &after,
        wanted,
        "",
        &mut |path, one, other| {
            if let Some(path) = path.strip_prefix(prefix) {
                let before = one.map_or_else(|| Some(String::new()), |one| text(repository, one));
                if let (Some(before), Some(after)) = (before, text(repository, other)) {
                    files.push(ChangedFile {
                        path: path.to_owned(),
                        before,
                        after,
                    });
                }
            }
        },
    );
    Some(files)
}

/// What stands in a tree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TreeEntry {
    File(Oid),
    Gitlink(Oid),
}

/// Finds the wanted files that differ; folders that are the same are not entered.
fn compare(
    repository: &Repository,
    before: &Tree<'_>,
    after: &Tree<'_>,
    wanted: &WantedPaths,
    at: &str,
    found: &mut dyn FnMut(&str, Option<TreeEntry>, TreeEntry),
) {
    if before.id() == after.id() {
        return;
    }
    for file in &wanted.files {
        let id = |tree: &Tree<'_>| {
            let entry = tree.get_name(file)?;
            match entry.kind()? {
                ObjectType::Blob => Some(TreeEntry::File(entry.id())),
                ObjectType::Commit => Some(TreeEntry::Gitlink(entry.id())),
                _ => None,
            }
        };
        let one = id(before);
        if let Some(other) = id(after).filter(|other| one != Some(*other)) {
            found(&format!("{at}{file}"), one, other);
        }
    }
    for (folder, inside) in &wanted.folders {
        let tree = |tree: &Tree<'_>| repository.find_tree(tree.get_name(folder)?.id()).ok();
        if let (Some(one), Some(other)) = (tree(before), tree(after)) {
            compare(
                repository,
                &one,
                &other,
                inside,
                &format!("{at}{folder}/"),
                found,
            );
        }
    }
}

/// The text of a file; of a submodule its commit.
fn text(repository: &Repository, entry: TreeEntry) -> Option<String> {
    let id = match entry {
        TreeEntry::File(id) => id,
        TreeEntry::Gitlink(commit) => return Some(commit.to_string()),
    };
    let blob = repository.find_blob(id).ok()?;
    if blob.size() > LARGEST {
        return None;
    }
    String::from_utf8(blob.content().to_vec()).ok()
}
