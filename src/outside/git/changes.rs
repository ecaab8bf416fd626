//! What the commits of a checkout changed of some of its files, the newest first. Only reads.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

use git2::{ObjectType, Oid, Repository, Tree};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::outside::git::open;
use crate::outside::worktree::Root;
use crate::project::discovery::{ChangedFile, Moved};

/// Commits that are looked at.
const MOST_COMMITS: usize = 10_000;

/// How long history is read, and bumps are made again: all of it.
const LONGEST: Duration = Duration::from_secs(5);

/// How long commits are walked; the rest is for what is done with them.
const LONGEST_WALK: Duration = Duration::from_secs(4);

/// Commits whose trees are kept in memory at once.
const CACHED: usize = 500;

/// The time that is taken for a project's history.
pub(crate) struct HistoryPatience(Instant);

impl HistoryPatience {
    /// From now on.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    fn spent(&self) -> Duration {
        self.0.elapsed()
    }

    /// Whether it is at its end.
    pub(crate) fn is_spent(&self) -> bool {
        self.spent() > LONGEST
    }
}

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

/// The files that are asked for.
pub(crate) struct Wanted {
    /// Those whose texts are handed on.
    pub(crate) read: HashSet<String>,
    /// Those of which only is said that they changed.
    pub(crate) named: HashSet<String>,
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
    asked: &Wanted,
    patience: &HistoryPatience,
    take: &mut dyn FnMut(Moved, Vec<ChangedFile>),
) -> Option<Reach> {
    let prefix = Root::of(directory).start();
    let mut repository = open::around(directory)?;
    let mut wanted = WantedPaths::default();
    for path in asked.read.iter().chain(&asked.named) {
        wanted.add(&format!("{prefix}{path}"));
    }
    let mut walk = repository.revwalk().ok()?;
    walk.push_head().ok()?;
    walk.set_sorting(git2::Sort::TIME).ok()?;
    let ids: Vec<Oid> = walk.flatten().take(MOST_COMMITS + 1).collect();
    let mut looked = 0;
    for id in ids {
        if looked >= MOST_COMMITS || patience.spent() > LONGEST_WALK {
            return Some(Reach::Bounded(looked));
        }
        looked += 1;
        if looked % CACHED == 0 {
            // A repository keeps every tree that was read; a new one starts with none.
            repository = open::around(directory)?;
        }
        let files =
            changed_by(&repository, id, (&wanted, &asked.named), &prefix).unwrap_or_default();
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

/// Files of one commit that are read; one that changed more says nothing of a custom.
const MOST_FILES: usize = 200;

/// The texts that a commit with one parent changed, inside the folder; none where they are many.
pub(super) fn of_commit(repository: &Repository, prefix: &str, commit: &str) -> Vec<ChangedFile> {
    let read = || {
        let commit = repository.find_commit(Oid::from_str(commit).ok()?).ok()?;
        let (before, after) = (commit.parent(0).ok()?.tree().ok()?, commit.tree().ok()?);
        let diff = repository
            .diff_tree_to_tree(Some(&before), Some(&after), None)
            .ok()?;
        if diff.deltas().len() > MOST_FILES {
            return None;
        }
        let of = |delta: git2::DiffDelta<'_>| {
            let path = delta.new_file().path()?.to_str()?.strip_prefix(prefix)?;
            let text = |id| text(repository, WatchedEntry::File(id));
            Some(ChangedFile {
                path: path.to_owned(),
                before: text(delta.old_file().id())?,
                after: text(delta.new_file().id())?,
            })
        };
        Some(diff.deltas().filter_map(of).collect())
    };
    read().unwrap_or_default()
}

/// What a commit with one parent changed.
fn changed_by(
    repository: &Repository,
    id: Oid,
    (wanted, named): (&WantedPaths, &HashSet<String>),
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
                if named.contains(path) {
                    files.push(ChangedFile {
                        path: path.to_owned(),
                        before: String::new(),
                        after: String::new(),
                    });
                    return;
                }
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
enum WatchedEntry {
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
    found: &mut dyn FnMut(&str, Option<WatchedEntry>, WatchedEntry),
) {
    if before.id() == after.id() {
        return;
    }
    for file in &wanted.files {
        let id = |tree: &Tree<'_>| {
            let entry = tree.get_name(file)?;
            match entry.kind()? {
                ObjectType::Blob => Some(WatchedEntry::File(entry.id())),
                ObjectType::Commit => Some(WatchedEntry::Gitlink(entry.id())),
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
fn text(repository: &Repository, entry: WatchedEntry) -> Option<String> {
    let id = match entry {
        WatchedEntry::File(id) => id,
        WatchedEntry::Gitlink(commit) => return Some(commit.to_string()),
    };
    let blob = repository.find_blob(id).ok()?;
    if blob.size() > LARGEST {
        return None;
    }
    String::from_utf8(blob.content().to_vec()).ok()
}
