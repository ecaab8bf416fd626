//! The REST API: one function for each documented request that is used, wire structs shaped like its answers.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use reqwest::header::LINK;
use reqwest::{Method, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::GitHub;
use super::error::{ForgeError, Refusal};
use crate::fetch::{Limits, Request, Response};
use crate::git::Entry;
use crate::proposal::edit::{Content, Holdings, Mode, Oid};
use crate::proposal::facts::{Commit, Issue, Pull, State};

/// How many pages of a list are read before it is called endless.
const PAGES: usize = 50;

/// A repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// `owner/name`, as the forge spells it.
    pub name: String,
    /// Its default branch.
    pub default_branch: String,
    /// Whether the token may push, where the forge says so.
    pub may_push: Option<bool>,
}

/// A check that ran on a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// How it went.
    pub state: CheckState,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    /// It has not ended.
    Running,
    /// It succeeded, or was skipped, or does not judge.
    Green,
    /// It failed.
    Red,
}

/// A branch's name, without `refs/heads/`, and where it stands.
pub(super) struct Head {
    pub(super) branch: String,
    pub(super) at: Oid,
}

/// A branch compared with a commit.
pub(super) struct Comparison {
    pub(super) commits: Vec<Commit>,
    pub(super) behind: u64,
    pub(super) holds: Option<Holdings>,
}

#[derive(Deserialize)]
struct RepositoryAnswer {
    full_name: String,
    default_branch: String,
    permissions: Option<BTreeMap<String, bool>>,
}

#[derive(Deserialize)]
struct RefAnswer {
    #[serde(rename = "ref")]
    name: String,
    object: ObjectAnswer,
}

#[derive(Deserialize)]
struct ObjectAnswer {
    sha: String,
}

#[derive(Deserialize)]
struct CompareAnswer {
    behind_by: u64,
    total_commits: u64,
    commits: Vec<CommitAnswer>,
    files: Option<Vec<FileAnswer>>,
}

#[derive(Deserialize)]
struct CommitAnswer {
    sha: String,
    commit: CommitDetail,
    #[serde(default)]
    parents: Vec<ObjectAnswer>,
    files: Option<Vec<FileAnswer>>,
}

#[derive(Deserialize)]
struct CommitDetail {
    message: String,
}

#[derive(Deserialize)]
struct FileAnswer {
    filename: String,
    status: String,
    sha: Option<String>,
    previous_filename: Option<String>,
}

#[derive(Deserialize)]
struct PullAnswer {
    number: u64,
    html_url: String,
    state: String,
    title: String,
    body: Option<String>,
    merged_at: Option<String>,
    merge_commit_sha: Option<String>,
    head: PullEnd,
    base: PullEnd,
    user: Option<User>,
    #[serde(default)]
    labels: Vec<Label>,
    #[serde(default)]
    requested_reviewers: Vec<User>,
    #[serde(default)]
    requested_teams: Vec<Team>,
}

#[derive(Deserialize)]
struct PullEnd {
    #[serde(rename = "ref")]
    branch: String,
    sha: String,
    repo: Option<PullRepository>,
}

#[derive(Deserialize)]
struct PullRepository {
    full_name: String,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct Team {
    slug: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Object { name: Option<String> },
    Name(String),
}

#[derive(Deserialize)]
struct IssueAnswer {
    number: u64,
    html_url: String,
    state: String,
    title: String,
    body: Option<String>,
    pull_request: Option<Value>,
}

#[derive(Deserialize)]
struct CommentAnswer {
    body: Option<String>,
}

#[derive(Deserialize)]
struct EventAnswer {
    #[serde(default)]
    event: String,
    label: Option<Label>,
    requested_reviewer: Option<User>,
    requested_team: Option<Team>,
}

#[derive(Deserialize)]
struct ShaAnswer {
    sha: String,
}

#[derive(Deserialize)]
struct GitCommitAnswer {
    tree: ObjectAnswer,
}

#[derive(Deserialize)]
struct TreeAnswer {
    tree: Vec<TreeEntryAnswer>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
struct TreeEntryAnswer {
    path: String,
    mode: String,
    sha: String,
}

#[derive(Deserialize)]
struct BlobAnswer {
    content: String,
    encoding: String,
}

#[derive(Deserialize)]
struct CheckRunsAnswer {
    check_runs: Vec<CheckRunAnswer>,
}

#[derive(Deserialize)]
struct CheckRunAnswer {
    name: String,
    status: String,
    conclusion: Option<String>,
}

#[derive(Deserialize)]
struct StatusAnswer {
    #[serde(default)]
    statuses: Vec<StatusEntry>,
}

#[derive(Deserialize)]
struct StatusEntry {
    context: String,
    state: String,
}

impl Label {
    fn into_name(self) -> Option<String> {
        match self {
            Self::Object { name } => name,
            Self::Name(name) => Some(name),
        }
    }
}

/// One request to a repository: what it is for, and where it goes below `/repos/{owner}/{repo}`.
struct Call<'a> {
    doing: String,
    method: Method,
    path: &'a [&'a str],
    query: &'a [(&'a str, &'a str)],
    body: Option<Value>,
}

impl GitHub {
    fn url(&self, repository: &str, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.api.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("repos").extend(repository.split('/')).extend(path.iter().flat_map(|part| part.split('/')));
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    fn decode<T: DeserializeOwned>(&self, doing: &str, response: &Response) -> Result<T, ForgeError> {
        serde_json::from_slice(&response.body).map_err(|error| {
            let why = format!("the answer is not what belongs there ({error})");
            ForgeError::new(doing, Refusal::Failed(why)).hiding(self.token.as_ref())
        })
    }

    async fn call(&self, repository: &str, call: &Call<'_>) -> Result<Response, ForgeError> {
        let url = self.url(repository, call.path, call.query);
        let mut request = Request::new(call.method.clone(), url).github().token(self.token.as_ref()).metered(&self.meter);
        if let Some(body) = &call.body {
            request = request.json(body).until(tokio::time::Instant::now() + Duration::from_secs(120));
        }
        // A large blob arrives as base64 with line breaks.
        let request = request.limits(Limits { wire: 160 << 20, unpacked: 160 << 20 });
        self.client.send(&request).await.map_err(|error| ForgeError::of(call.doing.clone(), &error).hiding(self.token.as_ref()))
    }

    async fn read<T: DeserializeOwned>(&self, repository: &str, call: &Call<'_>) -> Result<T, ForgeError> {
        let response = self.call(repository, call).await?;
        self.decode(&call.doing, &response)
    }

    async fn get<T: DeserializeOwned>(&self, repository: &str, doing: &str, path: &[&str]) -> Result<T, ForgeError> {
        let doing = format!("{doing} of `{repository}`");
        self.read(repository, &Call { doing, method: Method::GET, path, query: &[], body: None }).await
    }

    /// Every page of a list.
    async fn list<T: DeserializeOwned>(
        &self,
        repository: &str,
        doing: &str,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, ForgeError> {
        let doing = format!("{doing} of `{repository}`");
        let mut all = Vec::new();
        for page in 1..=PAGES {
            let page = page.to_string();
            let mut query = query.to_vec();
            query.push(("per_page", "100"));
            if page != "1" {
                query.push(("page", &page));
            }
            let response =
                self.call(repository, &Call { doing: doing.clone(), method: Method::GET, path, query: &query, body: None }).await?;
            all.extend(self.decode::<Vec<T>>(&doing, &response)?);
            if !has_next(&response) {
                return Ok(all);
            }
        }
        Err(ForgeError::new(doing, Refusal::Failed(format!("there are more than {PAGES} pages"))))
    }

    async fn write(&self, repository: &str, doing: String, method: Method, path: &[&str], body: Value) -> Result<Response, ForgeError> {
        self.call(repository, &Call { doing, method, path, query: &[], body: Some(body) }).await
    }

    async fn make<T: DeserializeOwned>(&self, repository: &str, doing: String, path: &[&str], body: Value) -> Result<T, ForgeError> {
        let response = self.write(repository, doing.clone(), Method::POST, path, body).await?;
        self.decode(&doing, &response)
    }

    /// The repository itself.
    ///
    /// # Errors
    ///
    /// If there is none that the token can see, or the forge cannot be asked; this holds for every request below too.
    pub async fn repository(&self, repository: &str) -> Result<Repository, ForgeError> {
        let answer: RepositoryAnswer = self
            .read(
                repository,
                &Call { doing: format!("read the repository `{repository}`"), method: Method::GET, path: &[], query: &[], body: None },
            )
            .await?;
        let may_push = answer.permissions.and_then(|permissions| permissions.get("push").copied());
        Ok(Repository { name: answer.full_name, default_branch: answer.default_branch, may_push })
    }

    /// Where a branch stands; `None`: there is no such branch.
    ///
    /// # Errors
    ///
    /// See [`GitHub::repository`].
    pub async fn branch_head(&self, repository: &str, branch: &str) -> Result<Option<Oid>, ForgeError> {
        let doing = format!("read branch `{branch}`");
        match self.get::<RefAnswer>(repository, &doing, &["git", "ref", "heads", branch]).await {
            Ok(answer) => object(&doing, &answer.object.sha).map(Some),
            Err(error) if *error.refusal() == Refusal::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Every branch whose name starts like this.
    pub(super) async fn branches(&self, repository: &str, prefix: &str) -> Result<Vec<Head>, ForgeError> {
        let doing = "list our branches";
        let answers: Vec<RefAnswer> = self.get(repository, doing, &["git", "matching-refs", "heads", prefix]).await?;
        answers
            .into_iter()
            .filter_map(|answer| Some((answer.name.strip_prefix("refs/heads/")?.to_owned(), answer.object.sha)))
            .map(|(branch, sha)| Ok(Head { branch, at: object(doing, &sha)? }))
            .collect()
    }

    /// The names of the repository's tags.
    ///
    /// # Errors
    ///
    /// See [`GitHub::repository`].
    pub async fn tags(&self, repository: &str) -> Result<Vec<String>, ForgeError> {
        let answers: Vec<RefAnswer> = self.get(repository, "list the tags", &["git", "matching-refs", "tags"]).await?;
        Ok(answers.into_iter().filter_map(|answer| Some(answer.name.strip_prefix("refs/tags/")?.to_owned())).collect())
    }

    /// What a commit has that the base has not.
    pub(super) async fn compare(&self, repository: &str, base: &Oid, head: &Oid) -> Result<Comparison, ForgeError> {
        let doing = format!("compare a branch of `{repository}` with its base");
        let range = format!("{base}...{head}");
        let mut commits: Vec<CommitAnswer> = Vec::new();
        let mut first = None;
        for page in 1..=PAGES {
            let page = page.to_string();
            let query = [("per_page", "100"), ("page", page.as_str())];
            let call = Call { doing: doing.clone(), method: Method::GET, path: &["compare", &range], query: &query, body: None };
            let mut answer: CompareAnswer = self.read(repository, &call).await?;
            let (total, came) = (answer.total_commits, answer.commits.len());
            commits.append(&mut answer.commits);
            first.get_or_insert((answer.behind_by, answer.files.unwrap_or_default()));
            if came == 0 || commits.len() as u64 >= total {
                break;
            }
        }
        let (behind, files) = first.unwrap_or_default();
        let commits = commits
            .into_iter()
            .map(|commit| Ok(Commit { id: object(&doing, &commit.sha)?, message: commit.commit.message, parents: commit.parents.len() }))
            .collect::<Result<_, ForgeError>>()?;
        Ok(Comparison { commits, behind, holds: holdings(files) })
    }

    /// The paths that a commit touches; `None`: too many to say.
    pub(super) async fn touched_by(&self, repository: &str, commit: &Oid) -> Result<Option<Vec<String>>, ForgeError> {
        let answer: CommitAnswer = self.get(repository, "read a commit", &["commits", commit.as_str()]).await?;
        Ok(holdings(answer.files.unwrap_or_default()).map(|holds| holds.into_keys().collect()))
    }

    /// Every PR of a branch of this repository, newest first.
    pub(super) async fn pulls(&self, repository: &str, branch: &str) -> Result<Vec<Pull>, ForgeError> {
        let owner = repository.split('/').next().unwrap_or_default();
        let head = format!("{owner}:{branch}");
        let doing = "list the pull requests";
        let answers: Vec<PullAnswer> = self.list(repository, doing, &["pulls"], &[("state", "all"), ("head", &head)]).await?;
        // A fork may have a branch of the same name.
        let at_home = |end: &PullEnd| end.repo.as_ref().is_none_or(|repo| repo.full_name.eq_ignore_ascii_case(repository));
        let ours = answers.into_iter().filter(|answer| answer.head.branch == branch && at_home(&answer.head));
        let mut pulls = ours.map(|answer| answer.read(doing, owner)).collect::<Result<Vec<_>, _>>()?;
        pulls.sort_by_key(|pull| std::cmp::Reverse(pull.number));
        Ok(pulls)
    }

    /// What was said on a PR or issue.
    pub(super) async fn comments(&self, repository: &str, number: u64) -> Result<Vec<String>, ForgeError> {
        let path = ["issues", &number.to_string(), "comments"];
        let answers: Vec<CommentAnswer> = self.list(repository, &format!("read the comments on #{number}"), &path, &[]).await?;
        Ok(answers.into_iter().filter_map(|answer| answer.body).collect())
    }

    /// The labels and reviewers that a PR has had at some time.
    pub(super) async fn had(&self, repository: &str, number: u64) -> Result<Vec<String>, ForgeError> {
        let owner = repository.split('/').next().unwrap_or_default();
        let path = ["issues", &number.to_string(), "events"];
        let answers: Vec<EventAnswer> = self.list(repository, &format!("read the events of #{number}"), &path, &[]).await?;
        let named = |answer: EventAnswer| match answer.event.as_str() {
            "labeled" => answer.label.and_then(Label::into_name),
            "review_requested" => {
                answer.requested_reviewer.map(|user| user.login).or(answer.requested_team.map(|team| format!("{owner}/{}", team.slug)))
            }
            _ => None,
        };
        Ok(answers.into_iter().filter_map(named).collect())
    }

    /// The issues with a label, newest first.
    pub(super) async fn issues(&self, repository: &str, label: &str) -> Result<Vec<Issue>, ForgeError> {
        let query = [("state", "all"), ("labels", label)];
        let answers: Vec<IssueAnswer> = self.list(repository, "list the tracking issues", &["issues"], &query).await?;
        let mut issues: Vec<_> = answers.into_iter().filter(|answer| answer.pull_request.is_none()).map(IssueAnswer::read).collect();
        issues.sort_by_key(|issue| std::cmp::Reverse(issue.number));
        Ok(issues)
    }

    /// Every file of a commit.
    ///
    /// # Errors
    ///
    /// Also if the forge does not list them all.
    pub async fn tree(&self, repository: &str, commit: &Oid) -> Result<Vec<Entry>, ForgeError> {
        let doing = format!("list the files of `{repository}`");
        let path = ["git", "trees", commit.as_str()];
        let call = Call { doing: doing.clone(), method: Method::GET, path: &path, query: &[("recursive", "1")], body: None };
        let answer: TreeAnswer = self.read(repository, &call).await?;
        if answer.truncated {
            let why = "it has too many files to list them; name a `checkout` for this repository in the configuration";
            return Err(ForgeError::new(doing, Refusal::Failed(why.to_owned())));
        }
        let entry = |entry: TreeEntryAnswer| Some(Entry { mode: Mode::of_git(&entry.mode)?, id: Oid::read(&entry.sha)?, path: entry.path });
        Ok(answer.tree.into_iter().filter_map(entry).collect())
    }

    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// See [`GitHub::repository`].
    pub async fn blob(&self, repository: &str, id: &Oid) -> Result<Vec<u8>, ForgeError> {
        let doing = "read a file";
        let answer: BlobAnswer = self.get(repository, doing, &["git", "blobs", id.as_str()]).await?;
        let broken = |why: &str| ForgeError::new(format!("{doing} of `{repository}`"), Refusal::Failed(why.to_owned()));
        if answer.encoding != "base64" {
            return if answer.encoding == "utf-8" {
                Ok(answer.content.into_bytes())
            } else {
                Err(broken("it came in an unknown encoding"))
            };
        }
        let packed: String = answer.content.split_ascii_whitespace().collect();
        base64::engine::general_purpose::STANDARD.decode(packed).map_err(|_| broken("it is not base64"))
    }

    /// The checks and commit statuses of a commit.
    ///
    /// # Errors
    ///
    /// See [`GitHub::repository`].
    pub async fn checks(&self, repository: &str, commit: &Oid) -> Result<Vec<Check>, ForgeError> {
        let commit = commit.as_str();
        let mut checks = Vec::new();
        for page in 1..=PAGES {
            let page = page.to_string();
            let (path, query) = (["commits", commit, "check-runs"], [("per_page", "100"), ("page", page.as_str())]);
            let doing = format!("read the checks of `{repository}`");
            let call = Call { doing: doing.clone(), method: Method::GET, path: &path, query: &query, body: None };
            let response = self.call(repository, &call).await?;
            checks.extend(self.decode::<CheckRunsAnswer>(&doing, &response)?.check_runs.into_iter().map(CheckRunAnswer::read));
            if !has_next(&response) {
                break;
            }
        }
        let statuses: StatusAnswer = self.get(repository, "read the commit statuses", &["commits", commit, "status"]).await?;
        checks.extend(statuses.statuses.into_iter().map(StatusEntry::read));
        Ok(checks)
    }

    pub(super) async fn create_branch(&self, repository: &str, branch: &str, at: &Oid) -> Result<(), ForgeError> {
        let doing = format!("create branch `{branch}` of `{repository}`");
        let body = json!({ "ref": format!("refs/heads/{branch}"), "sha": at.as_str() });
        self.write(repository, doing, Method::POST, &["git", "refs"], body).await.map(drop)
    }

    pub(super) async fn move_branch(&self, repository: &str, branch: &str, to: &Oid, force: bool) -> Result<(), ForgeError> {
        let doing = format!("move branch `{branch}` of `{repository}`");
        let body = json!({ "sha": to.as_str(), "force": force });
        self.write(repository, doing, Method::PATCH, &["git", "refs", "heads", branch], body).await.map(drop)
    }

    pub(super) async fn delete_branch(&self, repository: &str, branch: &str) -> Result<(), ForgeError> {
        let doing = format!("delete branch `{branch}` of `{repository}`");
        let path = ["git", "refs", "heads", branch];
        self.call(repository, &Call { doing, method: Method::DELETE, path: &path, query: &[], body: None }).await.map(drop)
    }

    async fn create_blob(&self, repository: &str, bytes: &[u8]) -> Result<Oid, ForgeError> {
        let doing = format!("store a file in `{repository}`");
        let content = base64::engine::general_purpose::STANDARD.encode(bytes);
        let answer: ShaAnswer =
            self.make(repository, doing.clone(), &["git", "blobs"], json!({ "content": content, "encoding": "base64" })).await?;
        object(&doing, &answer.sha)
    }

    /// The entry of a new tree for a path; content is stored first.
    pub(super) async fn tree_entry(&self, repository: &str, path: &str, mode: Mode, after: Option<&Content>) -> Result<Value, ForgeError> {
        let id = match after {
            None => None,
            Some(Content::Gitlink(commit)) => Some(commit.clone()),
            Some(Content::File { bytes, .. } | Content::Symlink(bytes)) => Some(self.create_blob(repository, bytes).await?),
        };
        let kind = if mode == Mode::Gitlink { "commit" } else { "blob" };
        Ok(json!({ "path": path, "mode": mode.as_git(), "type": kind, "sha": id.as_ref().map(Oid::as_str) }))
    }

    /// A commit of a tree that differs from its parent's in these entries.
    pub(super) async fn create_commit(&self, repository: &str, parent: &Oid, entries: &[Value], message: &str) -> Result<Oid, ForgeError> {
        let doing = format!("make a commit in `{repository}`");
        let base: GitCommitAnswer = self.get(repository, "read a commit", &["git", "commits", parent.as_str()]).await?;
        let body = json!({ "base_tree": base.tree.sha, "tree": entries });
        let tree: ShaAnswer = self.make(repository, doing.clone(), &["git", "trees"], body).await?;
        // Author and committer are left out: only then does the forge sign for an app.
        let body = json!({ "message": message, "tree": tree.sha, "parents": [parent.as_str()] });
        let commit: ShaAnswer = self.make(repository, doing.clone(), &["git", "commits"], body).await?;
        object(&doing, &commit.sha)
    }

    pub(super) async fn open_pull(&self, repository: &str, fields: Value) -> Result<Pull, ForgeError> {
        let doing = format!("open the pull request in `{repository}`");
        let answer: PullAnswer = self.make(repository, doing.clone(), &["pulls"], fields).await?;
        answer.read(&doing, repository.split('/').next().unwrap_or_default())
    }

    pub(super) async fn update_pull(&self, repository: &str, number: u64, fields: Value) -> Result<(), ForgeError> {
        let doing = format!("update pull request #{number} of `{repository}`");
        self.write(repository, doing, Method::PATCH, &["pulls", &number.to_string()], fields).await.map(drop)
    }

    pub(super) async fn add_labels(&self, repository: &str, number: u64, labels: &[String]) -> Result<(), ForgeError> {
        let (doing, path) = (format!("label #{number} of `{repository}`"), ["issues", &number.to_string(), "labels"]);
        self.write(repository, doing, Method::POST, &path, json!({ "labels": labels })).await.map(drop)
    }

    /// Asks for reviews. Reviewers are people, or `owner/team`.
    pub(super) async fn ask_reviewers(&self, repository: &str, number: u64, reviewers: &[String]) -> Result<(), ForgeError> {
        let doing = format!("ask for reviews of #{number} of `{repository}`");
        let teams: Vec<_> = reviewers.iter().filter_map(|name| Some(name.split_once('/')?.1)).collect();
        let people: Vec<_> = reviewers.iter().filter(|name| !name.contains('/')).collect();
        let mut body = json!({});
        if !people.is_empty() {
            body["reviewers"] = json!(people);
        }
        if !teams.is_empty() {
            body["team_reviewers"] = json!(teams);
        }
        self.write(repository, doing, Method::POST, &["pulls", &number.to_string(), "requested_reviewers"], body).await.map(drop)
    }

    pub(super) async fn comment(&self, repository: &str, number: u64, text: &str) -> Result<(), ForgeError> {
        let (doing, path) = (format!("comment on #{number} of `{repository}`"), ["issues", &number.to_string(), "comments"]);
        self.write(repository, doing, Method::POST, &path, json!({ "body": text })).await.map(drop)
    }

    pub(super) async fn open_issue(&self, repository: &str, fields: Value) -> Result<Issue, ForgeError> {
        let answer: IssueAnswer = self.make(repository, format!("open the issue in `{repository}`"), &["issues"], fields).await?;
        Ok(answer.read())
    }

    pub(super) async fn update_issue(&self, repository: &str, number: u64, fields: Value) -> Result<(), ForgeError> {
        let doing = format!("update issue #{number} of `{repository}`");
        self.write(repository, doing, Method::PATCH, &["issues", &number.to_string()], fields).await.map(drop)
    }
}

impl PullAnswer {
    fn read(self, doing: &str, owner: &str) -> Result<Pull, ForgeError> {
        let state = match (&self.merged_at, self.state.as_str()) {
            (Some(_), _) => State::Merged,
            (None, "closed") => State::Closed,
            _ => State::Open,
        };
        let people = self.requested_reviewers.into_iter().map(|user| user.login);
        let teams = self.requested_teams.into_iter().map(|team| format!("{owner}/{}", team.slug));
        Ok(Pull {
            number: self.number,
            url: self.html_url,
            state,
            title: self.title,
            body: self.body.unwrap_or_default(),
            base: self.base.branch,
            head: object(doing, &self.head.sha)?,
            merged_as: self.merge_commit_sha.filter(|_| state == State::Merged).and_then(|sha| Oid::read(&sha)),
            labels: self.labels.into_iter().filter_map(Label::into_name).collect(),
            reviewers: people.chain(teams).collect(),
            author: self.user.map(|user| user.login).unwrap_or_default(),
            comments: Vec::new(),
            had: Default::default(),
        })
    }
}

impl IssueAnswer {
    fn read(self) -> Issue {
        let body = self.body.unwrap_or_default();
        Issue { number: self.number, url: self.html_url, open: self.state == "open", title: self.title, body, comments: Vec::new() }
    }
}

impl CheckRunAnswer {
    fn read(self) -> Check {
        let state = match (self.status.as_str(), self.conclusion.as_deref()) {
            ("completed", Some("success" | "neutral" | "skipped")) => CheckState::Green,
            ("completed", _) => CheckState::Red,
            _ => CheckState::Running,
        };
        Check { name: self.name, state }
    }
}

impl StatusEntry {
    fn read(self) -> Check {
        let state = match self.state.as_str() {
            "success" => CheckState::Green,
            "pending" => CheckState::Running,
            _ => CheckState::Red,
        };
        Check { name: self.context, state }
    }
}

/// What changed paths hold. A comparison names at most 300 of them, so a list of that length may be cut off.
fn holdings(files: Vec<FileAnswer>) -> Option<Holdings> {
    if files.len() >= 300 {
        return None;
    }
    let mut holds = Holdings::new();
    for file in files {
        if let Some(previous) = file.previous_filename.filter(|_| file.status == "renamed") {
            holds.insert(previous, None);
        }
        let id = if file.status == "removed" { None } else { Some(Oid::read(file.sha.as_deref()?)?) };
        holds.insert(file.filename, id);
    }
    Some(holds)
}

fn object(doing: &str, sha: &str) -> Result<Oid, ForgeError> {
    Oid::read(sha).ok_or_else(|| ForgeError::new(doing, Refusal::Failed("the answer names an object that is none".to_owned())))
}

/// Whether a list goes on (RFC 8288).
fn has_next(response: &Response) -> bool {
    response.headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).any(|value| value.contains("rel=\"next\""))
}
