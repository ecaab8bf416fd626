//! What a proposal does to the forge, one call after the other, as values.

use std::fmt;

use crate::project::change::Edit;
use crate::project::file_entry::Oid;

/// A commit before it exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommit {
    /// The commit it stands on.
    pub parent: Oid,
    /// The first line of its message.
    pub headline: String,
    /// The rest of its message.
    pub body: String,
    pub edits: Vec<Edit>,
}

impl NewCommit {
    /// The whole message.
    pub fn message(&self) -> String {
        format!("{}\n\n{}\n", self.headline, self.body)
    }
}

/// A commit that exists, or the one that the plan has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// This one.
    Commit(Oid),
    /// The one an earlier call made.
    Made,
}

/// A PR that exists, or the one that the plan has opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// This one.
    Known(u64),
    /// The one an earlier call opened.
    Opened,
}

/// What a comment of ours says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommentText {
    Text(String),
    /// What becomes of a PR whose target is wanted no longer.
    Retired {
        /// Why, in a sentence.
        why: Option<String>,
        /// The PR that takes its place.
        by: Option<Number>,
        /// By what it is found again.
        key: &'static str,
    },
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Makes a branch.
    CreateBranch {
        /// Its name.
        branch: String,
        /// Where it starts.
        at: At,
    },
    /// Moves a branch forward, or, where it holds nothing but our own commits, elsewhere.
    MoveBranch {
        /// Its name.
        branch: String,
        /// Where it must stand before.
        from: Oid,
        /// Where it goes.
        to: At,
        /// Whether commits of ours are replaced.
        replace: bool,
    },
    /// Removes a branch.
    DeleteBranch {
        /// Its name.
        branch: String,
        /// Where it must stand before.
        at: At,
    },
    /// Commits through the API, onto a branch that stands at the commit's parent; the forge signs
    /// it.
    Commit {
        /// The branch.
        branch: String,
        /// The commit.
        commit: NewCommit,
    },
    /// Makes a commit of blobs, tree and commit, on no branch yet.
    CommitData {
        /// The commit.
        commit: NewCommit,
    },
    /// Commits locally and pushes with the user's own git.
    Push {
        /// The branch.
        branch: String,
        /// Where the branch must stand before; `None`: it must not exist.
        from: Option<Oid>,
        /// The commit.
        commit: NewCommit,
    },
    /// Opens a PR.
    OpenPull {
        /// The branch with the change.
        head: String,
        /// The branch it is opened against.
        base: String,
        /// Its title.
        title: String,
        /// Its whole body.
        body: String,
        /// Whether it is a draft.
        draft: bool,
    },
    /// Changes fields of a PR; the others stay.
    UpdatePull {
        /// Which one.
        number: u64,
        /// A new title.
        title: Option<String>,
        /// A new body.
        body: Option<String>,
        /// Another branch to be opened against.
        base: Option<String>,
    },
    /// Adds labels to a PR.
    AddLabels {
        /// Which one.
        number: Number,
        /// The labels.
        labels: Vec<String>,
    },
    /// Asks for reviews: people, or `owner/team`.
    AskReviewers {
        /// Which one.
        number: Number,
        /// The reviewers.
        reviewers: Vec<String>,
    },
    /// Says something on a PR or an issue.
    Comment {
        /// Which one.
        number: u64,
        /// What is said.
        text: CommentText,
    },
    /// Closes a PR.
    ClosePull {
        /// Which one.
        number: u64,
    },
    /// Opens an issue.
    OpenIssue {
        /// Its title.
        title: String,
        /// Its whole body.
        body: String,
        /// Its labels.
        labels: Vec<String>,
    },
    /// Changes fields of an issue; the others stay.
    UpdateIssue {
        /// Which one.
        number: u64,
        /// A new title.
        title: Option<String>,
        /// A new body.
        body: Option<String>,
    },
    /// Closes an issue as done.
    CloseIssue {
        /// Which one.
        number: u64,
    },
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(id) => f.write_str(id.short()),
            Self::Made => f.write_str("the new commit"),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(number) => write!(f, "#{number}"),
            Self::Opened => f.write_str("the new pull request"),
        }
    }
}

/// How many files a commit changes, and what it stands on.
fn told(commit: &NewCommit) -> (String, &str) {
    let files = crate::text::count(commit.edits.len(), "file", "files");
    (files, commit.parent.short())
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateBranch { branch, at } => write!(f, "create branch `{branch}` at {at}"),
            Self::MoveBranch {
                branch,
                from,
                to,
                replace,
            } => {
                let (forward, replacing) = match replace {
                    true => ("", ", replacing our own commit"),
                    false => (" forward", ""),
                };
                let from = from.short();
                write!(
                    f,
                    "move branch `{branch}`{forward} from {from} to {to}{replacing}"
                )
            }
            Self::DeleteBranch { branch, .. } => write!(f, "delete branch `{branch}`"),
            Self::Commit { branch, commit } => {
                let (files, on) = told(commit);
                write!(
                    f,
                    "commit {files} to `{branch}` on {on} through the API, signed by the forge"
                )
            }
            Self::CommitData { commit } => {
                let (files, on) = told(commit);
                write!(
                    f,
                    "commit {files} on {on} through git data: a file mode, link, submodule or size that the API's commit cannot carry"
                )
            }
            Self::Push {
                branch,
                commit,
                from,
            } => {
                let (files, on) = told(commit);
                let how = from.as_ref().map_or("push the new branch", |_| "push");
                write!(
                    f,
                    "commit {files} on {on} and {how} `{branch}` with your own git"
                )
            }
            Self::OpenPull {
                head, base, draft, ..
            } => {
                let draft = if *draft { "draft " } else { "" };
                write!(f, "open a {draft}pull request from `{head}` into `{base}`")
            }
            Self::UpdatePull {
                number,
                title,
                body,
                base,
            } => {
                let fields = [
                    ("title", title.is_some()),
                    ("body", body.is_some()),
                    ("base", base.is_some()),
                ];
                let fields = fields.iter().filter(|(_, given)| *given);
                let fields = crate::text::in_words(fields.map(|(name, _)| *name));
                write!(f, "update {fields} of pull request #{number}")
            }
            Self::AddLabels { number, labels } => {
                write!(f, "label {number} `{}`", labels.join("`, `"))
            }
            Self::AskReviewers { number, reviewers } => {
                write!(f, "ask `{}` to review {number}", reviewers.join("`, `"))
            }
            Self::Comment { number, .. } => write!(f, "comment on #{number}"),
            Self::ClosePull { number } => write!(f, "close pull request #{number}"),
            Self::OpenIssue { title, .. } => write!(f, "open an issue: {title}"),
            Self::UpdateIssue { number, .. } => write!(f, "update issue #{number}"),
            Self::CloseIssue { number } => write!(f, "close issue #{number}"),
        }
    }
}
