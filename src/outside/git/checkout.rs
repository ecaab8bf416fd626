//! A local clone: what it holds is read and written with git2; what leaves this machine goes
//! through the user's own git, see [`remote`].

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use git2::{Index, IndexEntry, Repository, Sort};

use crate::outside::git::{index, open, refs};
use crate::plan::proposal::call::NewCommit;
use crate::plan::proposal::edit::Holdings;
use crate::plan::proposal::facts::{Branch, Commit};
use crate::project::change::{Edit, index_entry};
use crate::project::file_entry::{FileMode, Oid};
use crate::text::fault::Fault;

/// A local clone of a repository.
pub struct Checkout {
    pub(super) git: Repository,
    pub(super) folder: PathBuf,
}

/// A file, link or submodule of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitEntry {
    pub path: String,
    pub mode: FileMode,
    pub id: Oid,
}

impl std::fmt::Debug for Checkout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Checkout({})", self.folder.display())
    }
}

impl Checkout {
    /// The clone that a folder belongs to; `None`: it belongs to none.
    pub fn open(folder: &Path) -> Option<Self> {
        let git = open::around(folder)?;
        let folder = git.workdir().unwrap_or_else(|| git.path()).to_owned();
        Some(Self { git, folder })
    }

    /// Where `origin` is, as configured.
    pub fn origin(&self) -> Option<String> {
        self.git
            .find_remote("origin")
            .ok()?
            .url()
            .ok()
            .map(str::to_owned)
    }

    /// Where a branch stands as far as this clone knows: the remote-tracking branch, else the local
    /// one.
    pub fn local_head(&self, branch: &str) -> Option<Oid> {
        named(refs::tip(&self.git, branch)?)
    }

    /// The names of the branches that this clone knows, its own and those of `origin`.
    pub(crate) fn branches(&self) -> Vec<String> {
        let mut branches = Vec::new();
        for place in ["refs/heads/", "refs/remotes/origin/"] {
            let names = self.git.references_glob(&format!("{place}*"));
            branches.extend(
                names
                    .into_iter()
                    .flatten()
                    .flatten()
                    .filter_map(|reference| {
                        Some(reference.name().ok()?.strip_prefix(place)?.to_owned())
                    }),
            );
        }
        branches
    }

    /// The names of the tags that this clone knows.
    pub fn tags(&self) -> Vec<String> {
        let Ok(names) = self.git.references_glob("refs/tags/*") else {
            return Vec::new();
        };
        names
            .flatten()
            .filter_map(|tag| Some(tag.name().ok()?.strip_prefix("refs/tags/")?.to_owned()))
            .collect()
    }

    /// Whether the clone was made without its whole history.
    pub fn is_shallow(&self) -> bool {
        self.git.is_shallow()
    }

    /// Whether a commit is here.
    pub fn has(&self, commit: &Oid) -> bool {
        self.find(commit).is_ok()
    }

    /// The release tags that point to a submodule's commit, where its clone is here.
    pub(crate) fn submodule_tags(&self, path: &str, commit: &Oid) -> Vec<String> {
        let tags = |commit| index::tags_of(&self.folder.join(path), commit);
        raw(commit).map_or_else(|_| Vec::new(), tags)
    }

    /// Who commits here, as `Name <mail>`.
    ///
    /// # Errors
    ///
    /// If git is not configured with a name and an address.
    pub fn identity(&self) -> Result<String, Fault> {
        let signature = self.signature()?;
        let (name, mail) = (
            signature.name().unwrap_or_default(),
            signature.email().unwrap_or_default(),
        );
        Ok(format!("{name} <{mail}>"))
    }

    fn signature(&self) -> Result<git2::Signature<'static>, Fault> {
        let hint = "git does not know who commits; set `user.name` and `user.email`";
        self.git
            .signature()
            .map_err(|error| Fault::failed(format!("{hint} ({})", error.message())))
    }

    fn find(&self, commit: &Oid) -> Result<git2::Commit<'_>, Fault> {
        self.git
            .find_commit(raw(commit)?)
            .map_err(|error| self.fault(&error))
    }

    fn fault(&self, error: &git2::Error) -> Fault {
        Fault::failed(format!("`{}`: {}", self.folder.display(), error.message()))
    }

    /// Every file of a commit.
    pub fn tree(&self, commit: &Oid) -> Result<Vec<CommitEntry>, Fault> {
        let index = self.index_of(commit)?;
        let entry = |entry: IndexEntry| {
            let path = String::from_utf8(entry.path).ok()?;
            Some(CommitEntry {
                path,
                mode: FileMode::of_git(&format!("{:o}", entry.mode))?,
                id: named(entry.id)?,
            })
        };
        Ok(index.iter().filter_map(entry).collect())
    }

    /// The bytes of a file.
    pub fn blob(&self, id: &Oid) -> Result<Vec<u8>, Fault> {
        let blob = self
            .git
            .find_blob(raw(id)?)
            .map_err(|error| self.fault(&error))?;
        Ok(blob.content().to_vec())
    }

    fn index_of(&self, commit: &Oid) -> Result<Index, Fault> {
        let tree = self
            .find(commit)?
            .tree()
            .map_err(|error| self.fault(&error))?;
        let mut index = Index::new().map_err(|error| self.fault(&error))?;
        index.read_tree(&tree).map_err(|error| self.fault(&error))?;
        Ok(index)
    }

    /// Makes a commit, on no branch, as the configured author. Neither branches, index nor files
    /// change.
    ///
    /// # Errors
    ///
    /// If its parent is not here, git has no author, or the clone cannot be written.
    pub fn commit(&self, commit: &NewCommit) -> Result<Oid, Fault> {
        let mut index = self.index_of(&commit.parent)?;
        for edit in &commit.edits {
            self.apply(&mut index, edit)?;
        }
        let mut made = || {
            let tree = self.git.find_tree(index.write_tree_to(&self.git)?)?;
            let parent = self
                .git
                .find_commit(git2::Oid::from_str(commit.parent.as_str())?)?;
            Ok((tree, parent))
        };
        let (tree, parent) = made().map_err(|error: git2::Error| self.fault(&error))?;
        let author = self.signature()?;
        let id = self
            .git
            .commit(None, &author, &author, &commit.message(), &tree, &[&parent])
            .map_err(|error| self.fault(&error))?;
        named(id).ok_or_else(|| Fault::failed("git made a commit without a name"))
    }

    fn apply(&self, index: &mut Index, edit: &Edit) -> Result<(), Fault> {
        let outcome = match &edit.after {
            None => index.remove(Path::new(&edit.path), 0),
            Some(content) => {
                let id = match content.commit() {
                    Some(commit) => raw(&commit)?,
                    None => {
                        let blob = self.git.blob(&content.bytes);
                        blob.map_err(|error| self.fault(&error))?
                    }
                };
                index.add(&index_entry(&edit.path, content.mode, id))
            }
        };
        outcome.map_err(|error| {
            Fault::failed(format!(
                "`{}` in `{}`: {}",
                edit.path,
                self.folder.display(),
                error.message()
            ))
        })
    }

    /// A branch of ours compared with its base; both commits must be here.
    pub fn compare(&self, base: &Oid, name: &str, head: &Oid) -> Result<Branch, Fault> {
        let compared = self.compared(raw(base)?, raw(head)?);
        let (commits, behind, holds, touched) = compared.map_err(|error| self.fault(&error))?;
        let mut branch = Branch {
            name: name.to_owned(),
            head: head.clone(),
            commits,
            behind: behind as u64,
            holds: Some(holds),
            touched: Some(touched),
        };
        if branch.forsaken() > 0 {
            let own = branch.own_commits().iter();
            let held = own.map(|commit| self.changed_since_parent(&commit.id));
            let held: Result<Vec<Holdings>, _> = held.collect();
            let held = held.map_err(|error| self.fault(&error))?;
            branch.holds = Some(held.into_iter().flatten().collect());
        }
        Ok(branch)
    }

    fn compared(
        &self,
        base: git2::Oid,
        head: git2::Oid,
    ) -> Result<(Vec<Commit>, usize, Holdings, BTreeSet<String>), git2::Error> {
        let (_, behind) = self.git.graph_ahead_behind(head, base)?;
        let mut walk = self.git.revwalk()?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)?;
        walk.push(head)?;
        walk.hide(base)?;
        let (mut commits, mut touched) = (Vec::new(), BTreeSet::new());
        for id in walk {
            let commit = self.git.find_commit(id?)?;
            let message = String::from_utf8_lossy(commit.message_bytes()).into_owned();
            let Some(id) = named(commit.id()) else {
                continue;
            };
            let commit = Commit {
                id,
                message,
                parents: commit.parent_count(),
            };
            if !commit.is_ours() {
                touched.extend(self.changed_since_parent(&commit.id)?.into_keys());
            }
            commits.push(commit);
        }
        // Where the base's history was written anew they have nothing in common.
        let common = self.git.merge_base(base, head).ok();
        let holds = self.changed(common, head)?;
        Ok((commits, behind, holds, touched))
    }

    fn changed_since_parent(&self, commit: &Oid) -> Result<Holdings, git2::Error> {
        let commit = self
            .git
            .find_commit(git2::Oid::from_str(commit.as_str())?)?;
        self.changed(commit.parent_id(0).ok(), commit.id())
    }

    /// What the paths hold that differ between two commits.
    fn changed(&self, from: Option<git2::Oid>, to: git2::Oid) -> Result<Holdings, git2::Error> {
        let from = from
            .map(|from| self.git.find_commit(from)?.tree())
            .transpose()?;
        let to = self.git.find_commit(to)?.tree()?;
        let diff = self.git.diff_tree_to_tree(from.as_ref(), Some(&to), None)?;
        let held = diff.deltas().filter_map(|delta| {
            let gone = delta.status() == git2::Delta::Deleted;
            let file = if gone {
                delta.old_file()
            } else {
                delta.new_file()
            };
            let path = String::from_utf8_lossy(file.path_bytes()?).into_owned();
            Some((path, if gone { None } else { named(file.id()) }))
        });
        Ok(held.collect())
    }
}

fn raw(id: &Oid) -> Result<git2::Oid, Fault> {
    git2::Oid::from_str(id.as_str()).map_err(|_| {
        Fault::failed(format!(
            "`{id}` is not the name of an object that git2 can read"
        ))
    })
}

fn named(id: git2::Oid) -> Option<Oid> {
    Oid::read(&id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::file_entry::FileEntry;

    #[test]
    fn a_commit_carries_modes_links_and_submodules_and_moves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let git = Repository::init(folder.path()).unwrap();
        let mut config = git.config().unwrap();
        config.set_str("user.name", "A").unwrap();
        config.set_str("user.email", "a@example.org").unwrap();
        let author = git2::Signature::now("A", "a@example.org").unwrap();
        let empty = git
            .find_tree(git.treebuilder(None).unwrap().write().unwrap())
            .unwrap();
        let parent = named(
            git.commit(None, &author, &author, "start", &empty, &[])
                .unwrap(),
        )
        .unwrap();
        let checkout = Checkout::open(folder.path()).unwrap();
        let edit = |path: &str, after| Edit {
            path: path.into(),
            before: None,
            after: Some(after),
        };
        let edits = vec![
            edit(
                "a/run",
                FileEntry {
                    mode: FileMode::Executable,
                    bytes: b"x".to_vec(),
                },
            ),
            edit(
                "a/link",
                FileEntry {
                    mode: FileMode::Symlink,
                    bytes: b"run".to_vec(),
                },
            ),
            edit(
                "openssl",
                FileEntry::gitlink(&Oid::of_blob(b"a commit of another repository")),
            ),
        ];
        let wanted = crate::plan::proposal::edit::after(&edits);
        let made = checkout
            .commit(&NewCommit {
                parent: parent.clone(),
                headline: "h".into(),
                body: "b".into(),
                edits,
            })
            .unwrap();
        let modes: Vec<_> = checkout
            .tree(&made)
            .unwrap()
            .into_iter()
            .map(|entry| entry.mode)
            .collect();
        assert_eq!(
            modes,
            [FileMode::Symlink, FileMode::Executable, FileMode::Gitlink]
        );
        let branch = checkout.compare(&parent, "b", &made).unwrap();
        assert_eq!(branch.holds, Some(wanted));
        assert_eq!(
            (
                git.references().unwrap().count(),
                git.index().unwrap().len()
            ),
            (0, 0)
        );
    }
}
