//! The project's own git history: its release tags, and files as they were. Only reads.

use std::collections::HashSet;
use std::path::Path;

use git2::{ObjectType, Oid, Repository, Tree, TreeEntry};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::outside::git::changes;
use crate::outside::git::refs::{self, TaggedCommit};
use crate::outside::worktree::Root;
use crate::project::config::{Link, ProjectSettings};
use crate::project::discovery::ChangedFile;
use crate::project::file_entry::{FileEntry, FileMode};
use crate::project::file_tree::{FileTree, followed, load_what_is_there};
use crate::project::linked::{Files, Gitlink};
use crate::project::pattern::{Pattern, Placeholder};
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;

/// Commits that are walked to tell which tags a branch has.
const LONGEST_WALK: usize = 500_000;

/// The git repository around a project, if there is one.
#[derive(Default)]
pub(crate) struct ProjectHistory {
    repository: Option<Repository>,
    /// The names of its tags, where nothing else is known of it.
    named: Vec<String>,
    /// The project's folder inside the repository, with a slash at its end unless it is empty.
    prefix: String,
}

/// A release tag of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub name: String,
    /// The version that it names.
    pub version: ProjectVersion,
    /// When it was made, in seconds since 1970: a lightweight one with its commit.
    pub seconds: i64,
    commit: Oid,
}

/// A state of the project in its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revision(Oid);

impl Tag {
    /// The day that it was made on, in UTC.
    pub(crate) fn day(&self) -> Option<Date> {
        Some(
            Timestamp::from_second(self.seconds)
                .ok()?
                .to_zoned(TimeZone::UTC)
                .date(),
        )
    }

    /// The state that it names.
    pub(crate) fn revision(&self) -> Revision {
        Revision(self.commit)
    }
}

impl ProjectHistory {
    /// The history of the project in a folder.
    pub(crate) fn of(directory: &Path) -> Self {
        Self {
            repository: crate::outside::git::open::around(directory),
            named: Vec::new(),
            prefix: Root::of(directory).start(),
        }
    }

    /// A history of which nothing is known but the names of its tags.
    pub(crate) fn of_tags(named: Vec<String>) -> Self {
        Self {
            named,
            ..Self::default()
        }
    }

    /// The newest commit.
    pub(crate) fn head(&self) -> Option<Revision> {
        let head = refs::commit(self.repository.as_ref()?, "HEAD");
        Some(Revision(head.ok()?.id()))
    }

    /// When a state was committed, in seconds since 1970.
    pub(crate) fn seconds(&self, revision: Revision) -> Option<i64> {
        Some(
            self.repository
                .as_ref()?
                .find_commit(revision.0)
                .ok()?
                .time()
                .seconds(),
        )
    }

    /// The newest state of the checked-out branch that was committed by then.
    pub(crate) fn at(&self, seconds: i64) -> Option<Revision> {
        let mut walk = self.repository.as_ref()?.revwalk().ok()?;
        walk.push_head().ok()?;
        walk.set_sorting(git2::Sort::TIME).ok()?;
        walk.flatten()
            .take(LONGEST_WALK)
            .map(Revision)
            .find(|revision| self.seconds(*revision).is_some_and(|time| time <= seconds))
    }

    /// The branch that is checked out.
    pub(crate) fn branch(&self) -> Option<String> {
        let head = self.repository.as_ref()?.head().ok()?;
        head.is_branch()
            .then(|| head.shorthand().ok().map(str::to_owned))
            .flatten()
    }

    /// The newest commit of a branch, as this clone knows it: the one of `origin`, else its own,
    /// which may be behind.
    pub(crate) fn tip(&self, branch: &str) -> Option<Revision> {
        refs::tip(self.repository.as_ref()?, branch).map(Revision)
    }

    /// The branch that `origin` calls its default, else `main` or `master`, whichever is there.
    pub(crate) fn default_branch(&self) -> Option<String> {
        let repository = self.repository.as_ref()?;
        let origin = repository.find_reference("refs/remotes/origin/HEAD").ok();
        let named = origin.and_then(|head| {
            Some(
                head.symbolic_target()
                    .ok()??
                    .strip_prefix("refs/remotes/origin/")?
                    .to_owned(),
            )
        });
        named.or_else(|| {
            ["main", "master"]
                .into_iter()
                .find(|branch| self.tip(branch).is_some())
                .map(str::to_owned)
        })
    }

    /// The tags of final releases, ascending by version. Where tags of several kinds stand side by
    /// side, those that the configuration describes, else those that name the project.
    pub(crate) fn tags(&self, project: &ProjectSettings) -> Vec<Tag> {
        let asked = |name: &str| named(name, project).is_some();
        let found = match &self.repository {
            Some(repository) => refs::tags(repository, &asked),
            None => self.named.iter().map(|name| unread(name)).collect(),
        };
        let tag = |found: TaggedCommit| {
            let (kind, version) = named(&found.name, project)?;
            let kind = kind.to_owned();
            let tag = Tag {
                version,
                name: found.name,
                seconds: found.seconds,
                commit: found.commit,
            };
            Some((kind, tag))
        };
        let found = found.into_iter().filter_map(tag).collect();
        let mut tags = of_one_kind(found, project);
        tags.sort_by(|one, other| one.version.cmp(&other.version));
        tags
    }

    /// The newest of these tags that the checked-out branch has, or one of these commits where some
    /// are given; where none has any, as in a shallow clone, the newest of all.
    pub(crate) fn last<'a>(
        &self,
        tags: &'a [Tag],
        below: &[crate::plan::proposal::Oid],
    ) -> Option<&'a Tag> {
        let reached = self.reached(tags, below);
        tags.iter()
            .rfind(|tag| reached.contains(&tag.commit))
            .or_else(|| tags.last())
    }

    /// The newest of these tags that the checked-out branch has; none where that is not known.
    pub(crate) fn newest_reached<'a>(&self, tags: &'a [Tag]) -> Option<&'a Tag> {
        let reached = self.reached(tags, &[]);
        tags.iter().rfind(|tag| reached.contains(&tag.commit))
    }

    /// Those of these tags that a branch with this newest commit comes after, with what was
    /// committed here since where it is checked out; none where this clone does not have it.
    pub(crate) fn before<'a>(
        &self,
        tags: &'a [Tag],
        branch: &str,
        commit: &crate::plan::proposal::Oid,
    ) -> Vec<&'a Tag> {
        if self.revision(commit).is_none() {
            return Vec::new();
        }
        let mut reached = self.reached(tags, std::slice::from_ref(commit));
        if self.branch().as_deref() == Some(branch) {
            reached.extend(self.reached(tags, &[]));
        }
        tags.iter()
            .filter(|tag| reached.contains(&tag.commit))
            .collect()
    }

    /// The state at a commit, where this clone has it.
    pub(crate) fn revision(&self, commit: &crate::plan::proposal::Oid) -> Option<Revision> {
        let commit = Oid::from_str(commit.as_str()).ok()?;
        let found = self.repository.as_ref()?.find_commit(commit).ok()?;
        Some(Revision(found.id()))
    }

    /// The tagged commits that these come after, or the checked-out one.
    fn reached(&self, tags: &[Tag], below: &[crate::plan::proposal::Oid]) -> HashSet<Oid> {
        let mut wanted: HashSet<Oid> = tags.iter().map(|tag| tag.commit).collect();
        let mut reached = HashSet::new();
        let walk = self.repository.as_ref().and_then(|repository| {
            let mut walk = repository.revwalk().ok()?;
            let known = below
                .iter()
                .filter_map(|commit| Oid::from_str(commit.as_str()).ok())
                .filter(|commit| walk.push(*commit).is_ok());
            if known.count() == 0 {
                walk.push_head().ok()?;
            }
            Some(walk)
        });
        for commit in walk.into_iter().flatten().flatten().take(LONGEST_WALK) {
            if wanted.remove(&commit) {
                reached.insert(commit);
            }
            if wanted.is_empty() {
                break;
            }
        }
        reached
    }

    /// What the pins of a link name, before a commit with one parent and after it.
    pub(crate) fn around(&self, commit: &str, link: &Link) -> Option<(Files, Files)> {
        let commit = Oid::from_str(commit).ok()?;
        let commit = self.repository.as_ref()?.find_commit(commit).ok()?;
        let parent = Revision(commit.parent_id(0).ok()?);
        Some((
            self.files(parent, link)?,
            self.files(Revision(commit.id()), link)?,
        ))
    }

    /// The texts that a commit with one parent changed; none where they are many.
    pub(crate) fn changes(&self, commit: &str) -> Vec<ChangedFile> {
        let of = |repository| changes::of_commit(repository, &self.prefix, commit);
        self.repository.as_ref().map(of).unwrap_or_default()
    }

    /// A file's text as it was.
    pub(crate) fn text(&self, revision: Revision, path: &str) -> Option<String> {
        let tree = self.tree(revision)?;
        let entry = tree.entry(&tree.real(path).ok()?).ok()??;
        String::from_utf8(entry.bytes).ok()
    }

    /// What the pins of a link name, as it was. What was not there yet is left out.
    pub(crate) fn files(&self, revision: Revision, link: &Link) -> Option<Files> {
        Some(load_what_is_there(&self.tree(revision)?, link))
    }

    fn tree(&self, revision: Revision) -> Option<RevisionTree<'_>> {
        let repository = self.repository.as_ref()?;
        Some(RevisionTree {
            repository,
            tree: repository.find_commit(revision.0).ok()?.tree().ok()?,
            prefix: &self.prefix,
        })
    }
}

/// The project's files in a state of its history.
struct RevisionTree<'a> {
    repository: &'a Repository,
    tree: Tree<'a>,
    prefix: &'a str,
}

impl RevisionTree<'_> {
    fn found(&self, path: &str) -> Option<TreeEntry<'static>> {
        let whole = format!("{}{path}", self.prefix);
        self.tree.get_path(Path::new(&whole)).ok()
    }

    /// The tree of a folder.
    fn folder(&self, path: &str) -> Option<Tree<'_>> {
        let whole = format!("{}{path}", self.prefix);
        if whole.trim_end_matches('/').is_empty() {
            return Some(self.tree.clone());
        }
        let found = self.tree.get_path(Path::new(&whole)).ok()?;
        found.to_object(self.repository).ok()?.into_tree().ok()
    }
}

impl FileTree for RevisionTree<'_> {
    fn has(&self, path: &str) -> bool {
        self.found(path).is_some()
    }

    fn has_folder(&self, path: &str) -> bool {
        self.folder(path).is_some()
    }

    fn real(&self, path: &str) -> Result<String, Fault> {
        let real = followed(path, &|at| {
            let link = self.entry(at)?.filter(|it| it.mode == FileMode::Symlink);
            Ok(link.map(|link| String::from_utf8_lossy(&link.bytes).into_owned()))
        })?;
        match self.has(&real) {
            true => Ok(real),
            false => Err(Fault::no_file(path)),
        }
    }

    fn entry(&self, path: &str) -> Result<Option<FileEntry>, Fault> {
        let read = || {
            let found = self.found(path)?;
            let mode = match found.filemode() {
                0o100_755 => FileMode::Executable,
                0o120_000 => FileMode::Symlink,
                _ => FileMode::Regular,
            };
            let blob = found.to_object(self.repository).ok()?.into_blob().ok()?;
            let bytes = blob.content().to_vec();
            Some(FileEntry { mode, bytes })
        };
        Ok(read())
    }

    fn below(&self, folder: &str) -> Result<Vec<String>, Fault> {
        let mut paths = Vec::new();
        if let Some(tree) = self.folder(folder) {
            // A tree that cannot be walked to its end has no more files.
            let _ = tree.walk(git2::TreeWalkMode::PreOrder, |folder, entry| {
                if entry.kind() == Some(ObjectType::Blob)
                    && let (Ok(folder), Ok(name)) =
                        (std::str::from_utf8(folder.as_bytes()), entry.name())
                {
                    paths.push(format!("{folder}{name}"));
                }
                git2::TreeWalkResult::Ok
            });
        }
        paths.sort_unstable();
        Ok(paths)
    }

    fn gitlink(&self, path: &str) -> Result<Option<Gitlink>, Fault> {
        let found = self.found(path);
        let found = found.filter(|found| found.kind() == Some(ObjectType::Commit));
        Ok(found.map(|found| Gitlink {
            commit: found.id().to_string(),
            tags: Vec::new(),
        }))
    }
}

/// The final releases that tags name, each with its tag, ascending by version; of which kind, see
/// [`ProjectHistory::tags`].
pub(crate) fn releases(
    tags: Vec<String>,
    project: &ProjectSettings,
) -> Vec<(ProjectVersion, String)> {
    let of = |tag: String| {
        let (kind, version) = named(&tag, project)?;
        Some((kind.to_owned(), (version, tag)))
    };
    let mut releases = of_one_kind(tags.into_iter().filter_map(of).collect(), project);
    releases.sort_by(|(one, _), (other, _)| one.cmp(other));
    releases
}

/// A tag of which only its name is known.
fn unread(name: &str) -> TaggedCommit {
    TaggedCommit {
        name: name.to_owned(),
        commit: Oid::ZERO_SHA1,
        seconds: 0,
    }
}

/// What has the kind of tag that the project's releases have.
fn of_one_kind<T>(mut found: Vec<(String, T)>, project: &ProjectSettings) -> Vec<T> {
    let name = project.name.to_ascii_lowercase();
    let of_project = |kind: &str| {
        let kind = kind.to_ascii_lowercase();
        kind.trim_end_matches(['-', '_', '/', 'v', '@']) == name
    };
    let plain = |kind: &str| {
        matches!(
            kind.to_ascii_lowercase()
                .trim_end_matches(['-', '_', '/', '.']),
            "" | "v" | "release" | "rel" | "version" | "r"
        )
    };
    if found.iter().any(|(kind, _)| of_project(kind)) {
        found.retain(|(kind, _)| of_project(kind));
    } else if found.iter().any(|(kind, _)| plain(kind)) {
        found.retain(|(kind, _)| plain(kind));
    }
    found.into_iter().map(|(_, one)| one).collect()
}

/// What a tag's name says: by the configuration where that says what release tags look like.
fn named<'a>(name: &'a str, project: &ProjectSettings) -> Option<(&'a str, ProjectVersion)> {
    match &project.release_tags {
        Some(pattern) => described(name, pattern).map(|version| ("", version)),
        None => release_of(name),
    }
}

/// The version in a tag of the form that the configuration describes. Dates are versions too.
fn described(name: &str, pattern: &Pattern) -> Option<ProjectVersion> {
    let found = pattern.find_line(name, 0..name.len())?;
    let at = pattern
        .slots()
        .position(|slot| slot == Placeholder::ProjectVersion)?;
    let text = name.get(found.slots.get(at)?.clone())?.replace('_', ".");
    let is_date = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let version: ProjectVersion = if is_date {
        let version: ProjectVersion = text.replace('-', ".").parse().ok()?;
        version.unpadded()
    } else {
        text.parse().ok()?
    };
    (!version.is_prerelease()).then_some(version)
}

/// What a tag's name says: what stands before the version, and the version. None for OpenSSL's own
/// tags, which forks and vendored trees carry along.
fn release_of(name: &str) -> Option<(&str, ProjectVersion)> {
    if crate::openssl::version::Version::from_tag(name).is_ok() {
        return None;
    }
    let starts = name.char_indices().filter(|(at, c)| {
        c.is_ascii_digit() && !name[..*at].ends_with(|c: char| c.is_ascii_digit() || c == '.')
    });
    starts.into_iter().find_map(|(at, _)| {
        let version: ProjectVersion = name[at..].replace('_', ".").parse().ok()?;
        (version.len() > 1 && !version.is_prerelease()).then_some((&name[..at], version))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tags_say() {
        for (name, expected) in [
            ("44.0.1", Some(("", "44.0.1"))),
            ("v1.2.3", Some(("v", "1.2.3"))),
            ("release-2_9_11", Some(("release-", "2.9.11"))),
            ("REL_2_9", Some(("REL_", "2.9"))),
            ("openssl-sys-v0.9.105", Some(("openssl-sys-v", "0.9.105"))),
            ("openssl-3.5.4", None),
            ("OpenSSL_1_1_1w", None),
            ("45.0.0rc1", None),
            ("nightly-2024", None),
            ("latest", None),
        ] {
            let read =
                release_of(name).map(|(kind, version)| (kind.to_owned(), version.to_string()));
            assert_eq!(
                read,
                expected.map(|(kind, version)| (kind.to_owned(), version.to_owned())),
                "{name}"
            );
        }
    }

    #[test]
    fn tags_of_another_form() {
        for (pattern, name, expected) in [
            ("v{project_version}", "v44.0.1", Some("44.0.1")),
            ("v{project_version}", "44.0.1", None),
            ("v{project_version}", "v45.0.0rc1", None),
            ("{project_version}-linux", "44.0.1-linux", Some("44.0.1")),
            ("{project_version}-linux", "44.0.1-windows", None),
            (
                "build-{project_version}",
                "build-2026-09-29",
                Some("2026.9.29"),
            ),
            ("{project_version}", "20260929", Some("20260929")),
            ("wheels/{project_version}", "wheels/1_2_3", Some("1.2.3")),
        ] {
            let project = ProjectSettings {
                release_tags: Some(Pattern::of_project_version(pattern).expect("a pattern")),
                ..ProjectSettings::default()
            };
            let read = releases(vec![name.to_owned()], &project);
            let read: Vec<String> = read.iter().map(|(one, _)| one.to_string()).collect();
            assert_eq!(read, Vec::from_iter(expected), "{name} as {pattern}");
        }
    }

    #[test]
    fn tags_of_several_kinds() {
        let tags = [
            "openssl-sys-v0.9.1",
            "other-v2.0",
            "openssl-sys-v0.8.9",
            "v3.0",
        ];
        for (project, expected) in [
            (
                "openssl-sys",
                &["openssl-sys-v0.8.9", "openssl-sys-v0.9.1"][..],
            ),
            ("third", &["v3.0"]),
        ] {
            let project = ProjectSettings {
                name: project.to_owned(),
                ..ProjectSettings::default()
            };
            let read = releases(tags.map(str::to_owned).into(), &project);
            let read: Vec<&str> = read.iter().map(|(_, tag)| tag.as_str()).collect();
            assert_eq!(read, expected);
        }
    }
}
