//! The project's own record, kept where it cannot be lost: git notes under
//! `refs/notes/release-check`, shared through the remote with the user's own git, which may be lent
//! the forge's token.
//!
//! `git log --notes=release-check` shows them beside the releases they are about.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use git2::{Oid, Repository, Signature};

use crate::outside::git::refs;
use crate::outside::git::remote::Credentials;
use crate::text::fault::Fault;
use crate::text::one_line;

pub(crate) const NOTES: &str = "refs/notes/release-check";

/// Where the remote's notes are kept beside them.
const THEIRS: &str = "refs/release-check/remote-notes";

pub(crate) struct Notes {
    git: Repository,
    remote: Option<String>,
    credentials: Credentials,
    /// The remote's lines, where somebody else knew them.
    believed: RefCell<Option<Vec<String>>>,
}

impl Notes {
    /// The notes of the repository around a folder, and what git may show to its remote; none where
    /// there is no repository.
    pub(crate) fn around(directory: &Path, credentials: Credentials) -> Option<Self> {
        let git = crate::outside::git::open::around(directory)?;
        let remotes = git.remotes().ok()?;
        let names: Vec<&str> = remotes
            .iter()
            .filter_map(|name| name.ok().flatten())
            .collect();
        let remote = names
            .iter()
            .find(|name| **name == "origin")
            .or(if names.len() == 1 {
                names.first()
            } else {
                None
            });
        let remote = remote.map(|name| (*name).to_owned());
        Some(Self {
            git,
            remote,
            credentials,
            believed: RefCell::default(),
        })
    }

    /// The remote that shares them, if there is one.
    pub(crate) fn remote(&self) -> Option<&str> {
        self.remote.as_deref()
    }

    /// Every line of every note.
    pub(crate) fn lines(&self) -> Result<Vec<String>, Fault> {
        let notes = self.by_commit(NOTES)?;
        Ok(notes
            .into_values()
            .flatten()
            .chain(self.believed.borrow().iter().flatten().cloned())
            .collect())
    }

    /// Takes these for the remote's lines until something is added: whoever knows them need not
    /// fetch them.
    pub(crate) fn believe(&self, lines: Vec<String>) {
        self.believed.replace(Some(lines));
    }

    /// What the remote had when it was asked last: the name of that state, and its lines; none
    /// where it had no notes.
    pub(crate) fn theirs(&self) -> Result<Option<(String, Vec<String>)>, Fault> {
        let Some(tip) = self.tip(THEIRS) else {
            return Ok(None);
        };
        Ok(Some((
            tip.to_string(),
            self.by_commit(THEIRS)?.into_values().flatten().collect(),
        )))
    }

    /// Adds a line to the note of what a revision names, else of the newest commit.
    ///
    /// # Errors
    ///
    /// If there is no commit yet, git cannot write, or the remote's notes, which were only
    /// believed, cannot be fetched.
    pub(crate) fn add(&self, revision: &str, line: &str) -> Result<(), Fault> {
        if self.believed.take().is_some() {
            self.fetch()?;
        }
        let commit = refs::commit(&self.git, revision)
            .or_else(|_| refs::commit(&self.git, "HEAD"))
            .map_err(|error| failed("find a commit to note it at", &error))?;
        let _lock = self.lock()?;
        self.add_to(commit.id(), &[line.to_owned()])
    }

    /// Adds a line to the note that has another line; to that of the newest commit where none has.
    pub(crate) fn add_beside(&self, beside: &str, line: &str) -> Result<(), Fault> {
        let notes = self.by_commit(NOTES)?;
        let has = |lines: &[String]| lines.iter().any(|known| known == beside);
        let Some((commit, _)) = notes.into_iter().find(|(_, lines)| has(lines)) else {
            return self.add("HEAD", line);
        };
        let _lock = self.lock()?;
        self.add_to(commit, &[line.to_owned()])
    }

    /// Brings in what others have noted.
    pub(crate) fn fetch(&self) -> Result<(), Fault> {
        let Some(remote) = &self.remote else {
            return Ok(());
        };
        // A pattern, because a remote without notes is no failure.
        self.run(&[
            "fetch",
            "--quiet",
            "--no-tags",
            "--prune",
            "--no-write-fetch-head",
            remote,
            &format!("+{NOTES}*:{THEIRS}*"),
        ])?;
        let _lock = self.lock()?;
        self.join()
            .map_err(|error| failed("join the remote's notes with ours", &error))?
    }

    /// Shares them.
    ///
    /// # Errors
    ///
    /// If the remote refuses; also where someone else has noted something meanwhile.
    pub(crate) fn push(&self) -> Result<(), Fault> {
        let Some(remote) = &self.remote else {
            return Ok(());
        };
        self.run(&[
            "push",
            "--quiet",
            "--no-verify",
            remote,
            &format!("{NOTES}:{NOTES}"),
        ])
        .map(drop)
    }

    /// Whether the remote has a tag; none where there is no remote.
    pub(crate) fn remote_has_tag(&self, tag: &str) -> Result<Option<bool>, Fault> {
        let Some(remote) = &self.remote else {
            return Ok(None);
        };
        let name = format!("refs/tags/{tag}");
        let found = self.run(&["ls-remote", "--tags", remote, &name])?;
        Ok(Some(found.lines().any(|line| {
            line.split_whitespace().nth(1) == Some(name.as_str())
        })))
    }

    /// Keeps other runs in this clone from writing at the same time: a note is read, added to and
    /// written whole.
    fn lock(&self) -> Result<File, Fault> {
        let path = self.git.commondir().join("release-check.lock");
        let lock = || -> std::io::Result<File> {
            let file = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)?;
            file.lock()?;
            Ok(file)
        };
        lock().map_err(|error| Fault::failed(format!("cannot lock `{}`: {error}", path.display())))
    }

    /// Makes ours continue theirs. Lines that only ours have are added again.
    fn join(&self) -> Result<Result<(), Fault>, git2::Error> {
        let (ours, theirs) = match (self.tip(NOTES), self.tip(THEIRS)) {
            (_, None) => return Ok(Ok(())),
            (None, Some(theirs)) => (None, theirs),
            (Some(ours), Some(theirs))
                if ours == theirs || self.git.graph_descendant_of(ours, theirs)? =>
            {
                return Ok(Ok(()));
            }
            (Some(ours), Some(theirs)) => (Some(ours), theirs),
        };
        let kept = if ours.is_some() {
            self.by_commit(NOTES)
        } else {
            Ok(BTreeMap::new())
        };
        self.git.reference(
            NOTES,
            theirs,
            true,
            "release-check: continue the remote's notes",
        )?;
        Ok(kept.and_then(|kept| {
            kept.into_iter()
                .try_for_each(|(commit, lines)| self.add_to(commit, &lines))
        }))
    }

    fn add_to(&self, commit: Oid, lines: &[String]) -> Result<(), Fault> {
        let noted = self
            .git
            .find_note(Some(NOTES), commit)
            .ok()
            .map(|note| String::from_utf8_lossy(note.message_bytes()).into_owned());
        let mut text = noted.unwrap_or_default();
        let new: Vec<&String> = lines
            .iter()
            .filter(|line| !text.lines().any(|noted| noted == line.as_str()))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        for line in new {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(line);
            text.push('\n');
        }
        let author = self
            .author()
            .map_err(|error| failed("write a note", &error))?;
        self.git
            .note(&author, &author, Some(NOTES), commit, &text, true)
            .map(drop)
            .map_err(|error| failed("write a note", &error))
    }

    fn by_commit(&self, name: &str) -> Result<BTreeMap<Oid, Vec<String>>, Fault> {
        if self.git.find_reference(name).is_err() {
            return Ok(BTreeMap::new());
        }
        let read = || -> Result<BTreeMap<Oid, Vec<String>>, git2::Error> {
            let mut notes = BTreeMap::new();
            for note in self.git.notes(Some(name))? {
                let (blob, commit) = note?;
                let text =
                    String::from_utf8_lossy(self.git.find_blob(blob)?.content()).into_owned();
                notes.insert(commit, text.lines().map(str::to_owned).collect());
            }
            Ok(notes)
        };
        read().map_err(|error| failed("read the notes", &error))
    }

    /// The user, or this program where git does not know the user, as in CI.
    fn author(&self) -> Result<Signature<'static>, git2::Error> {
        self.git
            .signature()
            .or_else(|_| Signature::now("release-check", "release-check@localhost"))
    }

    fn tip(&self, name: &str) -> Option<Oid> {
        self.git.find_reference(name).ok()?.target()
    }

    fn run(&self, arguments: &[&str]) -> Result<String, Fault> {
        self.credentials.git(&self.git, arguments)
    }
}

fn failed(what: &str, error: &git2::Error) -> Fault {
    Fault::failed(format!("cannot {what}: {}", one_line(error.message())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(folder: &Path, remote: Option<&Path>) -> Notes {
        let git = Repository::init(folder).expect("a repository");
        let author = Signature::now("a", "a@example.org").expect("an author");
        let tree = git
            .find_tree(
                git.treebuilder(None)
                    .and_then(|tree| tree.write())
                    .expect("a tree"),
            )
            .expect("a tree");
        git.commit(Some("HEAD"), &author, &author, "first", &tree, &[])
            .expect("a commit");
        if let Some(remote) = remote {
            git.remote("origin", remote.to_str().expect("a path"))
                .expect("a remote");
        }
        Notes::around(folder, Credentials::default()).expect("notes")
    }

    #[test]
    fn notes_made_apart_join() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        Repository::init_bare(path("remote")).expect("a remote");
        let (one, other) = (
            repository(&path("one"), Some(&path("remote"))),
            repository(&path("other"), Some(&path("remote"))),
        );
        for notes in [&one, &other] {
            notes.fetch().expect("nothing to fetch");
            assert_eq!(notes.lines().expect("notes"), [""; 0]);
        }
        one.add("HEAD", "first").expect("a note");
        one.push().expect("shared");
        other.add("no-such-tag", "second").expect("a note");
        assert!(other.push().is_err(), "the remote has moved");
        other.fetch().expect("fetched");
        other.add("HEAD", "second").expect("the same once more");
        other.push().expect("shared");
        one.fetch().expect("fetched");
        one.fetch().expect("fetched again");
        for notes in [one, other] {
            let mut lines = notes.lines().expect("notes");
            lines.sort();
            assert_eq!(lines, ["first", "second"]);
        }
    }

    #[test]
    fn a_repository_without_remote_keeps_them_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        let notes = repository(folder.path(), None);
        notes.fetch().expect("nothing to do");
        notes.add("HEAD", "line").expect("a note");
        notes.push().expect("nothing to do");
        assert_eq!(notes.lines().expect("notes"), ["line"]);
        assert_eq!(notes.remote_has_tag("1.0").expect("an answer"), None);
        assert!(Notes::around(Path::new("/"), Credentials::default()).is_none());
    }
}
