//! The files of a branch as it stands at its head, read from a local clone or through the forge.
//!
//! A proposal is made from what the base has now, not from what happens to be checked out.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::outside::git::checkout::CommitEntry;
use crate::plan::proposal::Oid;
use crate::project::file_entry::{FileEntry, FileMode};
use crate::project::file_tree::{
    FileTree, LARGEST_FILE, followed, in_repository, outside, too_large,
};
use crate::project::linked::Gitlink;
use crate::text::fault::Fault;
use crate::workspace::remote::Remote;
use crate::workspace::session::Session;

/// A branch as it stands.
pub(crate) struct BranchFiles<'a> {
    /// Its newest commit.
    pub(crate) head: Oid,
    pub(crate) tree: Box<dyn FileTree + 'a>,
    /// The names of the repository's tags, where the project's version or changelog asks for them.
    pub(crate) tags: Vec<String>,
    /// The project's folder inside the repository, empty where they are one.
    pub(crate) prefix: String,
}

impl BranchFiles<'_> {
    /// The path in the repository of a path of the project.
    pub(crate) fn in_repository(&self, path: &str) -> String {
        in_repository(&self.prefix, path)
    }
}

/// The files of a commit. Each is brought when it is asked for.
pub(crate) struct CommitTree<'a> {
    session: &'a Session<'a>,
    remote: &'a Remote<'a>,
    /// By their path in the repository.
    entries: BTreeMap<String, CommitEntry>,
    brought: RefCell<BTreeMap<Oid, Vec<u8>>>,
    prefix: String,
}

impl<'a> CommitTree<'a> {
    /// Lists a commit. `prefix` is the project's folder inside the repository.
    pub(crate) fn read(
        session: &'a Session<'a>,
        remote: &'a Remote<'a>,
        commit: &Oid,
        prefix: &str,
    ) -> Result<Self, Fault> {
        let entries = session.wait(remote.tree(commit))?.into_iter();
        Ok(Self {
            session,
            remote,
            entries: entries.map(|entry| (entry.path.clone(), entry)).collect(),
            brought: RefCell::default(),
            prefix: prefix.to_owned(),
        })
    }

    fn at(&self, path: &str) -> Option<&CommitEntry> {
        self.entries.get(&in_repository(&self.prefix, path))
    }

    /// What stands below a folder of the project.
    fn within<'s>(
        &'s self,
        folder: &str,
    ) -> impl Iterator<Item = (&'s str, FileMode)> + use<'s, 'a> {
        let start = match in_repository(&self.prefix, folder) {
            whole if whole.is_empty() => whole,
            whole => format!("{}/", whole.trim_end_matches('/')),
        };
        let all = self.entries.range(start.clone()..);
        all.map_while(move |(path, entry)| Some((path.strip_prefix(&start)?, entry.mode)))
    }

    fn bytes(&self, entry: &CommitEntry) -> Result<Vec<u8>, Fault> {
        if let Some(known) = self.brought.borrow().get(&entry.id) {
            return Ok(known.clone());
        }
        let bytes = self.session.wait(self.remote.blob(&entry.id))?;
        if bytes.len() > LARGEST_FILE {
            return Err(too_large(&entry.path));
        }
        let mut brought = self.brought.borrow_mut();
        brought.insert(entry.id.clone(), bytes.clone());
        Ok(bytes)
    }
}

impl FileTree for CommitTree<'_> {
    fn has(&self, path: &str) -> bool {
        self.at(path).is_some() || self.has_folder(path)
    }

    fn has_folder(&self, path: &str) -> bool {
        self.within(path).next().is_some()
    }

    fn real(&self, path: &str) -> Result<String, Fault> {
        let whole = followed(&in_repository(&self.prefix, path), &|at| {
            let entry = self.entries.get(at);
            let link = entry.filter(|entry| entry.mode == FileMode::Symlink);
            let target = link.map(|link| self.bytes(link)).transpose()?;
            Ok(target.map(|target| String::from_utf8_lossy(&target).into_owned()))
        })?;
        let real = match self.prefix.as_str() {
            "" => whole,
            prefix => {
                let inside = whole
                    .strip_prefix(prefix)
                    .and_then(|it| it.strip_prefix('/'));
                inside.ok_or_else(|| outside(path))?.to_owned()
            }
        };
        match self.has(&real) {
            true => Ok(real),
            false => Err(Fault::no_file(path)),
        }
    }

    fn entry(&self, path: &str) -> Result<Option<FileEntry>, Fault> {
        let entry = self.at(path);
        let Some(entry) = entry.filter(|entry| entry.mode != FileMode::Gitlink) else {
            return Ok(None);
        };
        let mode = entry.mode;
        let bytes = self.bytes(entry)?;
        Ok(Some(FileEntry { mode, bytes }))
    }

    fn below(&self, folder: &str) -> Result<Vec<String>, Fault> {
        let files = self.within(folder);
        let files = files.filter(|(_, mode)| *mode != FileMode::Gitlink);
        Ok(files.map(|(path, _)| path.to_owned()).collect())
    }

    /// Its tags are those of its own clone, where there is one.
    fn gitlink(&self, path: &str) -> Result<Option<Gitlink>, Fault> {
        let entry = self.at(path);
        let entry = entry.filter(|entry| entry.mode == FileMode::Gitlink);
        Ok(entry.map(|entry| Gitlink {
            commit: entry.id.to_string(),
            tags: self.remote.clone.map_or_else(Vec::new, |clone| {
                clone.submodule_tags(&entry.path, &entry.id)
            }),
        }))
    }
}
