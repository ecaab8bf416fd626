//! What the names of a repository stand for: its tags, its branches, its newest commit.

use git2::{Commit, Oid, Repository};

/// A tag and the commit that it names, through tags of tags too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TaggedCommit {
    pub(super) name: String,
    pub(super) commit: Oid,
    /// When the tag was made, in seconds since 1970: a lightweight one with its commit.
    pub(super) seconds: i64,
}

/// The tags that name a commit, of those whose names are asked for.
pub(super) fn tags(repository: &Repository, asked: &dyn Fn(&str) -> bool) -> Vec<TaggedCommit> {
    let mut found = Vec::new();
    // What cannot be read names no commit.
    let _ = repository.tag_foreach(|id, name| {
        let name = String::from_utf8_lossy(name);
        let name = name.trim_start_matches("refs/tags/");
        if asked(name)
            && let Ok(object) = repository.find_object(id, None)
            && let Ok(commit) = object.peel_to_commit()
        {
            let made = object.as_tag().and_then(git2::Tag::tagger);
            found.push(TaggedCommit {
                name: name.to_owned(),
                commit: commit.id(),
                seconds: made.map_or(commit.time().seconds(), |it| it.when().seconds()),
            });
        }
        true
    });
    found
}

/// The commit that a revision names, in git's own words.
pub(super) fn commit<'r>(
    repository: &'r Repository,
    revision: &str,
) -> Result<Commit<'r>, git2::Error> {
    repository.revparse_single(revision)?.peel_to_commit()
}

/// Where a branch stands as far as this clone knows: the one of `origin`, else its own, which may
/// be behind.
pub(super) fn tip(repository: &Repository, branch: &str) -> Option<Oid> {
    let of = |place| {
        let named = repository.find_reference(&format!("{place}/{branch}"));
        Some(named.ok()?.peel_to_commit().ok()?.id())
    };
    of("refs/remotes/origin").or_else(|| of("refs/heads"))
}
