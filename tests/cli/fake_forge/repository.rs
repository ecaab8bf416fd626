//! A repository with its PRs and issues, and what humans do to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git2::{Index, IndexEntry, IndexTime, ObjectType, Oid, Signature};
use serde_json::{Value, json};

/// A PR or an issue.
#[derive(Debug, Clone, Default)]
pub(crate) struct Issue {
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) open: bool,
    pub(crate) labels: Vec<String>,
    pub(crate) reviewers: Vec<String>,
    pub(crate) teams: Vec<String>,
    pub(crate) author: String,
    pub(crate) comments: Vec<String>,
    /// What people without any part in the repository said.
    pub(crate) strangers: Vec<String>,
    /// Whether one of them opened it.
    pub(crate) by_stranger: bool,
    pub(crate) events: Vec<Value>,
    /// Only PRs have one.
    pub(crate) pull: Option<PullEnds>,
}

#[derive(Debug, Clone)]
pub(crate) struct PullEnds {
    pub(crate) head: String,
    pub(crate) head_sha: String,
    pub(crate) base: String,
    pub(crate) draft: bool,
    /// Whether its branch was in a fork that is gone.
    pub(crate) fork_is_gone: bool,
    pub(crate) merged_as: Option<String>,
}

pub(crate) struct Repository {
    pub(crate) name: String,
    pub(crate) server: String,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) git: git2::Repository,
    pub(crate) issues: BTreeMap<u64, Issue>,
    /// By commit, the checks on it with their conclusion.
    pub(crate) checks: BTreeMap<String, Vec<(String, Option<String>)>>,
    /// The statuses of commits: context and state.
    pub(crate) statuses: BTreeMap<String, Vec<(String, String)>>,
    pub(crate) releases: Vec<super::Release>,
    pub(crate) advisories: Vec<super::Advisory>,
    /// The second of the newest commit.
    pub(crate) clock: i64,
}

impl Repository {
    pub(super) fn new(name: &str, server: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let git = git2::Repository::init_bare(folder.path()).expect("a repository");
        git.set_head("refs/heads/main").expect("a head");
        git.config()
            .expect("configuration")
            .set_str("http.receivepack", "true")
            .expect("a setting");
        let mut repository = Self {
            name: name.to_owned(),
            server: server.to_owned(),
            folder,
            git,
            issues: BTreeMap::new(),
            checks: BTreeMap::new(),
            statuses: BTreeMap::new(),
            releases: Vec::new(),
            advisories: Vec::new(),
            clock: 1_700_000_000,
        };
        let files: Vec<_> = files
            .iter()
            .map(|(path, content)| (*path, Some(content.as_bytes()), 0o100_644))
            .collect();
        repository.commit_entries("main", "Start", "human", &files);
        repository
    }

    /// The same repository in a folder of its own.
    pub(super) fn copy(&self) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        copy_folder(self.folder.path(), folder.path());
        Self {
            name: self.name.clone(),
            server: self.server.clone(),
            git: git2::Repository::open_bare(folder.path()).expect("a repository"),
            folder,
            issues: self.issues.clone(),
            checks: self.checks.clone(),
            statuses: self.statuses.clone(),
            releases: self.releases.clone(),
            advisories: self.advisories.clone(),
            clock: self.clock,
        }
    }

    /// Where a branch stands.
    pub(crate) fn head(&self, branch: &str) -> Option<Oid> {
        self.git
            .find_reference(&format!("refs/heads/{branch}"))
            .ok()?
            .target()
    }

    /// Every branch.
    pub(crate) fn branches(&self) -> Vec<String> {
        let references = self
            .git
            .references_glob("refs/heads/*")
            .expect("references");
        let mut names: Vec<_> = references
            .flatten()
            .filter_map(|reference| {
                reference
                    .name()
                    .ok()?
                    .strip_prefix("refs/heads/")
                    .map(str::to_owned)
            })
            .collect();
        names.sort();
        names
    }

    /// What a file of a branch holds.
    pub(crate) fn file(&self, branch: &str, path: &str) -> Option<String> {
        let tree = self.git.find_commit(self.head(branch)?).ok()?.tree().ok()?;
        let entry = tree.get_path(path.as_ref()).ok()?;
        Some(String::from_utf8_lossy(self.git.find_blob(entry.id()).ok()?.content()).into_owned())
    }

    /// A file's mode on a branch.
    pub(crate) fn mode(&self, branch: &str, path: &str) -> Option<i32> {
        let tree = self.git.find_commit(self.head(branch)?).ok()?.tree().ok()?;
        Some(tree.get_path(path.as_ref()).ok()?.filemode())
    }

    /// The messages of what a branch has and its base has not, newest first.
    pub(crate) fn ahead(&self, base: &str, branch: &str) -> Vec<String> {
        let mut walk = self.git.revwalk().expect("a walk");
        walk.push(self.head(branch).expect("the branch"))
            .expect("a start");
        walk.hide(self.head(base).expect("the base"))
            .expect("an end");
        walk.flatten()
            .map(|id| {
                self.git
                    .find_commit(id)
                    .expect("a commit")
                    .message()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    }

    /// Someone commits to a branch; `None` deletes.
    pub(crate) fn commit(
        &mut self,
        branch: &str,
        message: &str,
        files: &[(&str, Option<&str>)],
    ) -> Oid {
        let files: Vec<_> = files
            .iter()
            .map(|(path, content)| (*path, content.map(str::as_bytes), 0o100_644))
            .collect();
        let id = self.commit_entries(branch, message, "human", &files);
        self.settle();
        id
    }

    pub(crate) fn commit_entries(
        &mut self,
        branch: &str,
        message: &str,
        author: &str,
        files: &[(&str, Option<&[u8]>, u32)],
    ) -> Oid {
        let parent = self.head(branch);
        let mut index = self.index_of(parent);
        for (path, content, mode) in files {
            match content {
                None => index.remove(path.as_ref(), 0).expect("a file to delete"),
                Some(content) => self.put(
                    &mut index,
                    path,
                    self.git.blob(content).expect("a blob"),
                    *mode,
                ),
            }
        }
        let tree = index.write_tree_to(&self.git).expect("a tree");
        let id = self.make(
            message,
            author,
            tree,
            &parent.into_iter().collect::<Vec<_>>(),
        );
        self.git
            .reference(&format!("refs/heads/{branch}"), id, true, "")
            .expect("a branch");
        id
    }

    pub(super) fn index_of(&self, commit: Option<Oid>) -> Index {
        let mut index = Index::new().expect("an index");
        if let Some(commit) = commit {
            index
                .read_tree(
                    &self
                        .git
                        .find_commit(commit)
                        .expect("a commit")
                        .tree()
                        .expect("a tree"),
                )
                .expect("entries");
        }
        index
    }

    pub(super) fn put(&self, index: &mut Index, path: &str, id: Oid, mode: u32) {
        let time = IndexTime::new(0, 0);
        let entry = IndexEntry {
            ctime: time,
            mtime: time,
            dev: 0,
            ino: 0,
            mode,
            uid: 0,
            gid: 0,
            file_size: 0,
            id,
            flags: 0,
            flags_extended: 0,
            path: path.into(),
        };
        index.add(&entry).expect("an entry");
    }

    pub(super) fn make(&mut self, message: &str, author: &str, tree: Oid, parents: &[Oid]) -> Oid {
        self.clock += 60;
        let signature = Signature::new(
            author,
            &format!("{author}@example.org"),
            &git2::Time::new(self.clock, 0),
        )
        .expect("a signature");
        let tree = self.git.find_tree(tree).expect("a tree");
        let parents: Vec<_> = parents
            .iter()
            .map(|id| self.git.find_commit(*id).expect("a parent"))
            .collect();
        self.git
            .commit(
                None,
                &signature,
                &signature,
                message,
                &tree,
                &parents.iter().collect::<Vec<_>>(),
            )
            .expect("a commit")
    }

    /// Someone tags a commit; with a message the tag is an object of its own, without one it may move.
    pub(crate) fn tag(&self, name: &str, commit: Oid, message: Option<&str>) -> Oid {
        let object = self.git.find_object(commit, None).expect("an object");
        let tagger = Signature::new(
            "human",
            "human@example.org",
            &git2::Time::new(self.clock, 0),
        )
        .expect("a signature");
        match message {
            None => self
                .git
                .tag_lightweight(name, &object, true)
                .expect("a tag"),
            Some(message) => self
                .git
                .tag(name, &object, &tagger, message, false)
                .expect("a tag"),
        }
    }

    /// A human merges a PR, without squashing.
    pub(crate) fn merge(&mut self, number: u64) -> Oid {
        self.merge_as(number, |ours, theirs| vec![ours, theirs])
    }

    /// A human merges a PR as one commit that knows nothing of its branch.
    pub(crate) fn squash(&mut self, number: u64) -> Oid {
        self.merge_as(number, |ours, _| vec![ours])
    }

    fn merge_as(&mut self, number: u64, parents: impl Fn(Oid, Oid) -> Vec<Oid>) -> Oid {
        let issue = &self.issues[&number];
        let (ends, title) = (
            issue.pull.clone().expect("a PR"),
            format!("{} (#{number})", issue.title),
        );
        let (ours, theirs) = (
            self.head(&ends.base).expect("the base"),
            self.head(&ends.head).expect("the head"),
        );
        let tree = {
            let (ours, theirs) = (
                self.git.find_commit(ours).expect("a commit"),
                self.git.find_commit(theirs).expect("a commit"),
            );
            let mut index = self
                .git
                .merge_commits(&ours, &theirs, None)
                .expect("a merge");
            assert!(!index.has_conflicts(), "the PR conflicts");
            index.write_tree_to(&self.git).expect("a tree")
        };
        let id = self.make(&title, "human", tree, &parents(ours, theirs));
        self.git
            .reference(&format!("refs/heads/{}", ends.base), id, true, "")
            .expect("the base moves");
        let issue = self.issues.get_mut(&number).expect("a PR");
        issue.open = false;
        issue.pull.as_mut().expect("a PR").merged_as = Some(id.to_string());
        self.settle();
        id
    }

    /// A human closes a PR or an issue.
    pub(crate) fn close(&mut self, number: u64) {
        self.issues.get_mut(&number).expect("a PR or an issue").open = false;
    }

    /// CI reports a check on a commit: with its conclusion, or as running.
    pub(crate) fn check(&mut self, commit: Oid, name: &str, conclusion: Option<&str>) {
        let checks = self.checks.entry(commit.to_string()).or_default();
        checks.retain(|(known, _)| known != name);
        checks.push((name.to_owned(), conclusion.map(str::to_owned)));
    }

    /// What the forge does by itself: PRs follow their branch, and are closed when it is gone or
    /// brings nothing.
    pub(super) fn settle(&mut self) {
        let heads: BTreeMap<_, _> = self
            .branches()
            .into_iter()
            .map(|name| (name.clone(), self.head(&name).expect("a head")))
            .collect();
        for issue in self.issues.values_mut().filter(|issue| issue.open) {
            let Some(pull) = issue.pull.as_mut() else {
                continue;
            };
            match heads.get(&pull.head) {
                Some(head) => {
                    pull.head_sha = head.to_string();
                    let base = heads.get(&pull.base).copied();
                    let ahead = base
                        .and_then(|base| self.git.graph_ahead_behind(*head, base).ok())
                        .map_or(0, |(ahead, _)| ahead);
                    if ahead == 0 {
                        issue.open = false;
                    }
                }
                None => issue.open = false,
            }
        }
    }

    /// Someone opens a PR of a branch for `main`.
    pub(crate) fn open_pull(&mut self, head: &str) -> u64 {
        let (number, head_sha) = (
            self.next_number(),
            self.head(head).expect("the branch").to_string(),
        );
        let pull = PullEnds {
            head: head.to_owned(),
            head_sha,
            base: "main".into(),
            draft: false,
            fork_is_gone: false,
            merged_as: None,
        };
        self.issues.insert(
            number,
            Issue {
                number,
                open: true,
                pull: Some(pull),
                ..Issue::default()
            },
        );
        number
    }

    pub(crate) fn next_number(&self) -> u64 {
        self.issues.keys().max().map_or(1, |number| number + 1)
    }

    /// The open PRs.
    pub(crate) fn open_pulls(&self) -> Vec<&Issue> {
        self.issues
            .values()
            .filter(|issue| issue.open && issue.pull.is_some())
            .collect()
    }

    pub(super) fn is_commit(&self, id: Oid) -> bool {
        self.git.find_object(id, Some(ObjectType::Commit)).is_ok()
    }
}

impl Issue {
    pub(super) fn json(&self, repository: &Repository) -> Value {
        let labels: Vec<_> = self
            .labels
            .iter()
            .map(|name| json!({ "name": name }))
            .collect();
        let kind = if self.pull.is_some() {
            "pull"
        } else {
            "issues"
        };
        let mut json = json!({
            "number": self.number,
            "html_url": format!("{}/{}/{kind}/{}", repository.server, repository.name, self.number),
            "state": if self.open { "open" } else { "closed" },
            "title": self.title,
            "body": self.body,
            "labels": labels,
            "user": { "login": self.author, "type": "User" },
            "author_association": if self.by_stranger { "NONE" } else { "MEMBER" },
        });
        if let Some(pull) = &self.pull {
            json["pull_request"] = json!({ "merged_at": pull.merged_at(repository) });
            json["draft"] = json!(pull.draft);
        }
        json
    }

    pub(super) fn pull_json(&self, repository: &Repository) -> Value {
        let pull = self.pull.as_ref().expect("a PR");
        let owner = repository.name.split('/').next().unwrap_or_default();
        let base_sha = repository
            .head(&pull.base)
            .map(|id| id.to_string())
            .unwrap_or_default();
        let mut json = self.json(repository);
        json.as_object_mut()
            .expect("an object")
            .remove("pull_request");
        let people: Vec<_> = self
            .reviewers
            .iter()
            .map(|login| json!({ "login": login }))
            .collect();
        let teams: Vec<_> = self
            .teams
            .iter()
            .map(|slug| json!({ "slug": slug }))
            .collect();
        let repo = if pull.fork_is_gone {
            Value::Null
        } else {
            json!({ "full_name": repository.name })
        };
        for (field, value) in [
            ("merged_at", json!(pull.merged_at(repository))),
            ("merge_commit_sha", json!(pull.merged_as)),
            (
                "head",
                json!({ "ref": pull.head, "sha": pull.head_sha, "label": format!("{owner}:{}", pull.head), "repo": repo }),
            ),
            (
                "base",
                json!({ "ref": pull.base, "sha": base_sha, "repo": { "full_name": repository.name } }),
            ),
            ("requested_reviewers", json!(people)),
            ("requested_teams", json!(teams)),
        ] {
            json[field] = value;
        }
        json
    }
}

impl PullEnds {
    fn merged_at(&self, repository: &Repository) -> Option<String> {
        let commit = repository
            .git
            .find_commit(Oid::from_str(self.merged_as.as_ref()?).ok()?)
            .ok()?;
        Some(
            jiff::Timestamp::from_second(commit.time().seconds())
                .expect("a time")
                .to_string(),
        )
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let (from, to) = entry
            .map(|entry| (entry.path(), to.join(entry.file_name())))
            .expect("an entry");
        if from.is_dir() {
            fs::create_dir(&to).expect("a folder");
            copy_folder(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a file");
        }
    }
}
