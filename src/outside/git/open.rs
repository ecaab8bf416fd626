//! Which repository a folder belongs to.
//!
//! Only a `.git` counts: git never checks one out, so no tree that somebody else wrote can bring
//! one along. What only looks like a bare repository (a `HEAD`, `objects`, `refs` and a `config`
//! that names programs) can stand in any tree, and is a folder like every other.

use std::path::Path;

use git2::{ErrorCode, Repository, RepositoryOpenFlags};

use crate::text::fault::Fault;
use crate::text::one_line;

/// The repository whose working tree a folder is in.
pub(crate) fn around(folder: &Path) -> Option<Repository> {
    let folder = folder.canonicalize().ok()?;
    folder
        .ancestors()
        .find(|folder| has_git(folder))
        .and_then(at)
}

/// The repository whose working tree is this folder, and no folder above it.
pub(crate) fn at(folder: &Path) -> Option<Repository> {
    if !has_git(folder) {
        return None;
    }
    let found = opened(folder).ok()?;
    let is_its_tree = found
        .workdir()
        .and_then(|tree| tree.canonicalize().ok())
        .is_some_and(|tree| folder.canonicalize().is_ok_and(|folder| folder == tree));
    is_its_tree.then_some(found)
}

/// Refuses a repository that is there and cannot be read: what its history says would be missing
/// without a word.
pub(crate) fn check_readable(folder: &Path) -> Result<(), Fault> {
    let Ok(folder) = folder.canonicalize() else {
        return Ok(());
    };
    let Some(tree) = folder.ancestors().find(|folder| has_git(folder)) else {
        return Ok(());
    };
    let shown = tree.display();
    match opened(tree) {
        Ok(_) => Ok(()),
        // An empty `.git` is no repository for git either.
        Err(error) if error.code() == ErrorCode::NotFound => Ok(()),
        Err(error) if error.code() == ErrorCode::Owner => Err(Fault::failed(format!(
            "the repository `{shown}` belongs to another user, and git reads no such one;              `git config --global --add safe.directory {shown}` says that you trust it"
        ))),
        Err(error) => Err(Fault::failed(format!(
            "the repository `{shown}` cannot be read: {}; look at it with `git fsck`, or clone it \
             anew",
            one_line(error.message())
        ))),
    }
}

/// Refuses a clone of another repository that stands in this one's working tree: whoever may
/// propose a change to the tree would decide what it is.
///
/// # Errors
///
/// A usage fault, also where the folder is a bare repository.
pub(crate) fn check_apart(clone: &Path, own: &Path) -> Result<(), Fault> {
    let shown = clone.display();
    let Some(tree) = around(own).and_then(|own| own.workdir()?.canonicalize().ok()) else {
        return Ok(());
    };
    if clone
        .canonicalize()
        .is_ok_and(|clone| clone.starts_with(&tree))
    {
        return Err(Fault::usage(format!(
            "`{shown}` lies in this project's own tree, which others may propose changes to; name a \
             clone outside it as `checkout`"
        )));
    }
    if around(clone).is_none() && clone.join("HEAD").exists() && clone.join("objects").exists() {
        return Err(Fault::usage(format!(
            "`{shown}` is a bare repository; name a clone with a working tree as `checkout`"
        )));
    }
    Ok(())
}

fn opened(tree: &Path) -> Result<Repository, git2::Error> {
    let search_nowhere: [&str; 0] = [];
    Repository::open_ext(
        tree.join(".git"),
        RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::NO_DOTGIT,
        search_nowhere,
    )
}

fn has_git(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn an_embedded_bare_repository_is_a_folder_like_every_other() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("own");
        Repository::init(&own).unwrap();
        let bare = own.join("vendor/bare");
        Repository::init_bare(&bare).unwrap();
        let found = around(&bare).unwrap();
        assert_eq!(
            found.path().canonicalize().unwrap(),
            own.join(".git").canonicalize().unwrap()
        );
        // Nor does a work tree of its own make it one.
        fs::write(
            bare.join("config"),
            "[core]\n\tbare = false\n\tworktree = .\n",
        )
        .unwrap();
        assert!(at(&bare).is_none());
        assert!(around(&bare).unwrap().path().ends_with(".git"));
        assert!(check_apart(&bare, &own).is_err());
        let elsewhere = folder.path().join("mirror.git");
        Repository::init_bare(&elsewhere).unwrap();
        assert!(check_apart(&elsewhere, &own).is_err());
        assert!(around(&elsewhere).is_none());
        let sibling = folder.path().join("sibling");
        Repository::init(&sibling).unwrap();
        assert_eq!(check_apart(&sibling, &own), Ok(()));
    }

    #[test]
    fn worktrees_and_submodules_are_repositories() {
        let folder = tempfile::tempdir().unwrap();
        let main = folder.path().join("main");
        let git = Repository::init(&main).unwrap();
        let author = git2::Signature::now("A", "a@example.org").unwrap();
        let tree = git
            .find_tree(git.treebuilder(None).unwrap().write().unwrap())
            .unwrap();
        git.commit(Some("HEAD"), &author, &author, "first", &tree, &[])
            .unwrap();
        let second = folder.path().join("second");
        git.worktree("second", &second, None).unwrap();
        fs::create_dir(second.join("sub")).unwrap();
        assert!(at(&second).is_some());
        assert!(around(&second.join("sub")).is_some());
        assert!(at(&second.join("sub")).is_none());
    }
}
