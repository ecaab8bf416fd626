//! The commits of a repository as they are listed.

use git2::{Oid, Sort};
use serde_json::{Value, json};

use super::{Answer, Repository, Request};

/// Lists commits below one, newest first: by their time, by the path they touch.
pub(super) fn commits(repository: &Repository, request: &Request) -> Answer {
    let query = |name: &str| request.query.get(name).map(String::as_str);
    let from = query("sha")
        .and_then(|sha| Oid::from_str(sha).ok())
        .or_else(|| repository.head("main"))
        .expect("a commit");
    let until = query("until").map_or(i64::MAX, |time| {
        time.parse::<jiff::Timestamp>().expect("a time").as_second()
    });
    let most = query("per_page")
        .and_then(|most| most.parse().ok())
        .unwrap_or(30);
    let entry = |id: Oid, path: &str| {
        let tree = repository
            .git
            .find_commit(id)
            .and_then(|commit| commit.tree())
            .ok()?;
        Some(tree.get_path(path.as_ref()).ok()?.id())
    };
    let touches = |id: Oid, path: &str| {
        let commit = repository.git.find_commit(id).expect("a commit");
        // As git simplifies history: a merge that has what one parent has did not touch it.
        if commit.parent_count() == 0 {
            entry(id, path).is_some()
        } else {
            commit
                .parent_ids()
                .all(|parent| entry(parent, path) != entry(id, path))
        }
    };
    let mut walk = repository.git.revwalk().expect("a walk");
    walk.set_sorting(Sort::TOPOLOGICAL).expect("sorted");
    walk.push(from).expect("a start");
    let made = |id: &Oid| {
        repository
            .git
            .find_commit(*id)
            .is_ok_and(|commit| commit.time().seconds() <= until)
    };
    let found = walk
        .flatten()
        .filter(made)
        .filter(|id| query("path").is_none_or(|path| touches(*id, path)))
        .take(most);
    Answer::json(
        200,
        &found
            .map(|id| json!({ "sha": id.to_string() }))
            .collect::<Vec<Value>>()
            .into(),
    )
}
