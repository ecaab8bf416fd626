//! What is read from the REST API: one function for each documented request.

use base64::Engine as _;

use super::error::{ForgeError, Refusal, found};
use super::forge::ForgeRepository;
use super::rest::{PAGES, RestCall};
use super::wire::{
    BlobAnswer, BranchAnswer, CommentAnswer, CommitAnswer, CompareAnswer, EventAnswer, IssueAnswer,
    Label, PullAnswer, PullEnd, RefAnswer, RepositoryAnswer, TagAnswer, TreeAnswer,
    TreeEntryAnswer, holdings, object,
};
use crate::outside::git::checkout::CommitEntry;
use crate::plan::proposal::ISSUE_LABEL;
use crate::plan::proposal::edit::Holdings;
use crate::plan::proposal::facts::{Commit, Issue, Pull, PullPast, PullState};
use crate::project::file_entry::{FileMode, Oid};

/// How many tags of tags are followed.
const NESTED_TAGS: usize = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// `owner/name`, as the forge spells it.
    pub name: String,
    pub default_branch: String,
    /// Whether the token may push, where the forge says so.
    pub may_push: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgeTag {
    pub name: String,
    /// What it names.
    pub object: Oid,
    /// What kind of object that is.
    pub kind: Tagged,
}

/// What a tag names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tagged {
    Commit,
    /// An object of its own, which names a commit or another tag.
    Tag,
    /// Something that is never released.
    Other,
}

/// A branch's name, without `refs/heads/`, and where it stands.
pub(super) struct BranchHead {
    pub(super) branch: String,
    pub(super) at: Oid,
}

/// A branch compared with a commit.
pub(super) struct Comparison {
    pub(super) commits: Vec<Commit>,
    pub(super) behind: u64,
    pub(super) holds: Option<Holdings>,
}

impl ForgeRepository<'_> {
    /// The repository itself.
    ///
    /// # Errors
    ///
    /// If there is none that the token can see, or the forge cannot be asked; this holds for every
    /// request below too.
    pub async fn repository(self) -> Result<Repository, ForgeError> {
        let call = RestCall::get(format!("read the repository `{self}`"), "", &[]);
        let answer: RepositoryAnswer = self.read(&call).await?;
        let may_push = answer
            .permissions
            .and_then(|permissions| permissions.get("push").copied());
        Ok(Repository {
            name: answer.full_name,
            default_branch: answer.default_branch,
            may_push,
        })
    }

    /// Where a branch stands; `None`: there is no such branch.
    pub async fn branch_head(self, branch: &str) -> Result<Option<Oid>, ForgeError> {
        let doing = format!("read branch `{branch}`");
        let Some(all) = found(self.all_branches().await)? else {
            return Ok(None);
        };
        if let Some(all) = all {
            let found = all.into_iter().find(|head| head.branch == branch);
            return Ok(found.map(|head| head.at));
        }
        let path = format!("git/ref/heads/{branch}");
        let answer: Option<RefAnswer> = found(self.get(&doing, &path).await)?;
        answer
            .map(|answer| object(&doing, &answer.object.sha))
            .transpose()
    }

    /// The names of the branches that start like this.
    pub(crate) async fn branch_names(self, prefix: &str) -> Result<Vec<String>, ForgeError> {
        let heads = self.branches(prefix).await?;
        Ok(heads.into_iter().map(|head| head.branch).collect())
    }

    /// Every branch whose name starts like this.
    pub(super) async fn branches(self, prefix: &str) -> Result<Vec<BranchHead>, ForgeError> {
        let doing = "list our branches";
        if let Some(mut all) = self.all_branches().await? {
            all.retain(|head| head.branch.starts_with(prefix));
            return Ok(all);
        }
        let path = format!("git/matching-refs/heads/{prefix}");
        let answers: Vec<RefAnswer> = self.get(doing, &path).await?;
        let head = |answer: RefAnswer| {
            let branch = answer.name.strip_prefix("refs/heads/")?.to_owned();
            Some(object(doing, &answer.object.sha).map(|at| BranchHead { branch, at }))
        };
        answers.into_iter().filter_map(head).collect()
    }

    /// Every branch, in one request; none where there are more than one page holds, and each is
    /// asked for by its name.
    async fn all_branches(self) -> Result<Option<Vec<BranchHead>>, ForgeError> {
        let doing = format!("list the branches of `{self}`");
        let call = RestCall::get(doing.clone(), "branches", &[("per_page", "100")]);
        let response = self.call(&call).await?;
        if response.has_next() == Some(true) {
            return Ok(None);
        }
        let answers: Vec<BranchAnswer> = self.decode(&doing, &response)?;
        let heads = answers.into_iter().map(|answer| {
            Ok(BranchHead {
                at: object(&doing, &answer.commit.sha)?,
                branch: answer.name,
            })
        });
        heads.collect::<Result<_, _>>().map(Some)
    }

    /// Asks what every run asks of a repository, so that it is known by the time it is needed.
    /// Whatever fails is asked again then, and said.
    pub(crate) async fn look(self, names_base: bool) {
        let default = async {
            if !names_base {
                drop(self.repository().await);
            }
        };
        drop(tokio::join!(
            self.all_branches(),
            self.issues(ISSUE_LABEL),
            default
        ));
    }

    /// The state of our notes in the repository, without their lines; none where there are no
    /// notes.
    pub async fn notes(self) -> Result<Option<Oid>, ForgeError> {
        let doing = "look for our notes";
        let path = "git/matching-refs/notes/release-check";
        let answers: Vec<RefAnswer> = self.get(doing, path).await?;
        let ours = answers
            .into_iter()
            .find(|answer| answer.name == crate::outside::git::notes::NOTES);
        ours.map(|answer| object(doing, &answer.object.sha))
            .transpose()
    }

    /// The repository's tags: one request for all.
    pub async fn tags(self) -> Result<Vec<ForgeTag>, ForgeError> {
        let doing = "list the tags";
        let answers: Vec<RefAnswer> = self.get(doing, "git/matching-refs/tags").await?;
        let tag = |RefAnswer { name, object }: RefAnswer| {
            let name = name.strip_prefix("refs/tags/")?.to_owned();
            let kind = Tagged::of(&object.kind);
            Some(self::object(doing, &object.sha).map(|object| ForgeTag { name, object, kind }))
        };
        answers.into_iter().filter_map(tag).collect()
    }

    /// The commit that a tag names, through tags of tags too; `None`: it names something else.
    /// Costs nothing for a tag that is no object of its own.
    pub async fn tagged_commit(self, tag: &ForgeTag) -> Result<Option<Oid>, ForgeError> {
        let doing = format!("read tag `{}`", tag.name);
        let question = ["tag", self.name, tag.object.as_str()];
        if let Some(kept) = self
            .kept(&question)
            .filter(|_| tag.kind == Tagged::Tag)
            .and_then(|kept| Oid::read(&kept))
        {
            return Ok(Some(kept));
        }
        let (mut id, mut kind) = (tag.object.clone(), tag.kind);
        for _ in 0..NESTED_TAGS {
            if kind != Tagged::Tag {
                let commit = (kind == Tagged::Commit).then_some(id);
                if let Some(commit) = commit.as_ref().filter(|_| tag.kind == Tagged::Tag) {
                    self.keep(&question, commit.as_str());
                }
                return Ok(commit);
            }
            let answer: TagAnswer = self.get(&doing, &format!("git/tags/{id}")).await?;
            (id, kind) = (
                object(&doing, &answer.object.sha)?,
                Tagged::of(&answer.object.kind),
            );
        }
        Ok(None)
    }

    /// The PR of a branch of this repository: the open one, else the newest that was merged, else
    /// the newest.
    pub async fn pull_of(self, branch: &str) -> Result<Option<Pull>, ForgeError> {
        let rank = |pull: &Pull| match pull.state {
            PullState::Open => 0,
            PullState::Merged => 1,
            PullState::Closed => 2,
        };
        Ok(self.pulls(branch).await?.into_iter().min_by_key(rank))
    }

    /// What a commit has that the base has not.
    pub(super) async fn compare(self, base: &Oid, head: &Oid) -> Result<Comparison, ForgeError> {
        let doing = format!("compare a branch of `{self}` with its base");
        let range = format!("{base}...{head}");
        let mut commits: Vec<CommitAnswer> = Vec::new();
        let mut first = None;
        for page in 1..=PAGES {
            let page = page.to_string();
            let query = [("per_page", "100"), ("page", page.as_str())];
            let path = format!("compare/{range}");
            let call = RestCall::get(doing.clone(), &path, &query);
            let mut answer: CompareAnswer = self.read(&call).await?;
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
            .map(|commit| {
                Ok(Commit {
                    id: object(&doing, &commit.sha)?,
                    message: commit.commit.message,
                    parents: commit.parents.len(),
                })
            })
            .collect::<Result<_, ForgeError>>()?;
        Ok(Comparison {
            commits,
            behind,
            holds: holdings(files),
        })
    }

    /// A branch that has nothing in common with its base: its newest commit, and the one below.
    pub(super) async fn alone(self, head: &Oid) -> Result<Comparison, ForgeError> {
        let doing = "read a commit";
        let answer: CommitAnswer = self.get(doing, &format!("commits/{head}")).await?;
        let below = answer.parents.first().map(|parent| {
            Ok(Commit {
                id: object(doing, &parent.sha)?,
                message: String::new(),
                parents: 1,
            })
        });
        let newest = Commit {
            id: head.clone(),
            message: answer.commit.message,
            parents: answer.parents.len(),
        };
        let commits = below.into_iter().chain([Ok(newest)]);
        Ok(Comparison {
            commits: commits.collect::<Result<_, ForgeError>>()?,
            behind: 0,
            holds: holdings(answer.files.unwrap_or_default()),
        })
    }

    /// What the paths hold that a commit touches; `None`: too many to say.
    pub(super) async fn held_by(self, commit: &Oid) -> Result<Option<Holdings>, ForgeError> {
        let answer: CommitAnswer = self
            .get("read a commit", &format!("commits/{commit}"))
            .await?;
        Ok(holdings(answer.files.unwrap_or_default()))
    }

    /// Every PR of a branch of this repository, newest first.
    pub(super) async fn pulls(self, branch: &str) -> Result<Vec<Pull>, ForgeError> {
        let owner = self.name.split('/').next().unwrap_or_default();
        let head = format!("{owner}:{branch}");
        let doing = "list the pull requests";
        let query = [("state", "all"), ("head", head.as_str())];
        let answers: Vec<PullAnswer> = self.list(doing, "pulls", &query).await?;
        // A fork may have a branch of the same name, also one that is deleted by now.
        // The repository itself may have another name by now than the one it is asked by.
        let at_home = |answer: &PullAnswer| {
            let name = |end: &PullEnd| end.repo.as_ref().map(|repo| repo.full_name.clone());
            name(&answer.head).is_some_and(|head| Some(head) == name(&answer.base))
        };
        // Whoever opened a PR may close it, and says nothing of ours with that.
        let given_up = |answer: &PullAnswer| {
            answer.state == "closed" && answer.merged_at.is_none() && !answer.author.counts()
        };
        let ours = answers
            .into_iter()
            .filter(|answer| answer.head.branch == branch && at_home(answer) && !given_up(answer));
        let mut pulls = ours
            .map(|answer| answer.read(doing, owner))
            .collect::<Result<Vec<_>, _>>()?;
        pulls.sort_by_key(|pull| std::cmp::Reverse(pull.number));
        Ok(pulls)
    }

    /// What was said on a PR or issue by ourselves or somebody who may write there.
    pub(super) async fn comments(self, number: u64) -> Result<Vec<String>, ForgeError> {
        let path = format!("issues/{number}/comments");
        let doing = format!("read the comments on #{number}");
        let answers: Vec<CommentAnswer> = self.list(&doing, &path, &[]).await?;
        Ok(answers
            .into_iter()
            .filter(|answer| answer.author.counts())
            .filter_map(|answer| answer.body)
            .collect())
    }

    /// What was done to a PR in its life.
    pub(super) async fn past(self, number: u64) -> Result<PullPast, ForgeError> {
        let owner = self.name.split('/').next().unwrap_or_default();
        let path = format!("issues/{number}/events");
        let doing = format!("read the events of #{number}");
        let answers: Vec<EventAnswer> = self.list(&doing, &path, &[]).await?;
        let mut past = PullPast::default();
        for answer in answers {
            match answer.event.as_str() {
                "labeled" => past.had.extend(answer.label.and_then(Label::into_name)),
                "review_requested" => {
                    let team = answer.requested_team;
                    let team = team.map(|team| format!("{owner}/{}", team.slug));
                    let person = answer.requested_reviewer.map(|user| user.login);
                    past.had.extend(person.or(team));
                }
                "reopened" => past.reopened = true,
                "base_ref_changed" => past.retargeted_by = answer.actor.map(|user| user.login),
                _ => {}
            }
        }
        Ok(past)
    }

    /// The issues with a label that we or somebody who may write opened, newest first.
    pub(super) async fn issues(self, label: &str) -> Result<Vec<Issue>, ForgeError> {
        let query = [("state", "all"), ("labels", label)];
        let answers: Vec<IssueAnswer> = self
            .list("list the tracking issues", "issues", &query)
            .await?;
        let mut issues: Vec<_> = answers
            .into_iter()
            .filter(|answer| answer.pull_request.is_none() && answer.author.counts())
            .map(IssueAnswer::read)
            .collect();
        issues.sort_by_key(|issue| std::cmp::Reverse(issue.number));
        Ok(issues)
    }

    /// Every file of a commit.
    pub async fn tree(self, commit: &Oid) -> Result<Vec<CommitEntry>, ForgeError> {
        if let Some(kept) = self.kept_tree(self.name, commit) {
            return Ok(kept);
        }
        let doing = format!("list the files of `{self}`");
        let path = format!("git/trees/{commit}");
        let call = RestCall::get(doing.clone(), &path, &[("recursive", "1")]);
        let answer: TreeAnswer = self.read(&call).await?;
        if answer.truncated {
            let why = "it has too many files to list them; name a `checkout` for this repository in the configuration";
            return Err(ForgeError::new(doing, Refusal::Failed(why.to_owned())));
        }
        let entry = |entry: TreeEntryAnswer| {
            Some(CommitEntry {
                mode: FileMode::of_git(&entry.mode)?,
                id: Oid::read(&entry.sha)?,
                path: entry.path,
            })
        };
        let entries: Vec<CommitEntry> = answer.tree.into_iter().filter_map(entry).collect();
        self.keep_tree(self.name, commit, &entries);
        Ok(entries)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// Also if the forge sends another file than was asked for.
    pub async fn blob(self, id: &Oid) -> Result<Vec<u8>, ForgeError> {
        if let Some(kept) = self.kept_blob(id) {
            return Ok(kept);
        }
        let doing = "read a file";
        let answer: BlobAnswer = self.get(doing, &format!("git/blobs/{id}")).await?;
        let broken = |why: &str| {
            ForgeError::new(
                format!("{doing} of `{self}`"),
                Refusal::Failed(why.to_owned()),
            )
        };
        let bytes = match answer.encoding.as_str() {
            "base64" => {
                let packed: String = answer.content.split_ascii_whitespace().collect();
                base64::engine::general_purpose::STANDARD
                    .decode(packed)
                    .map_err(|_| broken("it is not base64"))?
            }
            "utf-8" => answer.content.into_bytes(),
            _ => return Err(broken("it came in an unknown encoding")),
        };
        if !id.names_blob(&bytes) {
            return Err(broken("what came is another file than the one asked for"));
        }
        self.keep_blob(id, &bytes);
        Ok(bytes)
    }
}

impl Tagged {
    fn of(kind: &str) -> Self {
        match kind {
            "commit" => Self::Commit,
            "tag" => Self::Tag,
            _ => Self::Other,
        }
    }
}
