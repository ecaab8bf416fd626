//! What becomes of the branches and PRs of targets that are wanted no longer.

use super::call::{At, Call, CommentText, Number};
use super::facts::{Old, PullState};
use super::planned::Plan;
use super::said::{has_said, say};
use crate::openssl::version::Version;

/// The key of the comment by which a PR that we closed is told from one that a human closed.
const RETIRED: &str = "retired";

/// The key of the comment on a PR that is for a withdrawn release and holds the work of a human.
const WITHDRAWN: &str = "withdrawn";

/// Why a target is wanted no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Another PR takes its place.
    SupersededBy(Number),
    /// The base has it already, in these words.
    Done(String),
    /// Upstream withdrew the release.
    Withdrawn {
        version: Version,
        /// The PR that leads elsewhere, where there is one.
        by: Option<Number>,
    },
}

impl Reason {
    /// What is said of it on the PR, found again by a key.
    fn text(&self, key: &'static str) -> CommentText {
        let (why, by) = match self {
            Self::SupersededBy(number) => (None, Some(*number)),
            Self::Done(why) => (Some(why.clone()), None),
            Self::Withdrawn { version, by } => (
                Some(format!(
                    "OpenSSL has withdrawn {version}, so this must not be merged."
                )),
                *by,
            ),
        };
        CommentText::Retired { why, by, key }
    }
}

/// Whether we closed this PR, going by what was said on it.
pub(crate) fn closed_by_us(comments: &[String]) -> bool {
    has_said(comments, RETIRED)
}

/// The text of the comment that says what becomes of a PR.
pub(crate) fn retired_text(why: Option<&str>, by: Option<u64>, key: &str) -> String {
    let by = by.map(|by| format!("Superseded by #{by}."));
    let sentences: Vec<&str> = why.into_iter().chain(by.as_deref()).collect();
    say(&sentences.join(" "), key)
}

/// Adds the calls that end the life of an old target's PR and branch. What a human has committed
/// stays; where that is for a withdrawn release, so does the PR, with a word on it.
pub(crate) fn retire(old: &Old, reason: &Reason, plan: &mut Plan) {
    let branch = &old.branch;
    let open = old.pull.as_ref();
    let open = open.filter(|pull| pull.state == PullState::Open);
    if let (Some(pull), Reason::Withdrawn { version, .. }) = (open, reason)
        && !branch.is_ours()
    {
        if !has_said(&pull.comments, WITHDRAWN) {
            plan.calls.push(Call::Comment {
                number: pull.number,
                text: reason.text(WITHDRAWN),
            });
        }
        plan.notes.push(format!(
            "OpenSSL has withdrawn {version}, and `{}` holds commits of others, so pull request #{} stays open; close it, and do not merge it",
            branch.name, pull.number
        ));
        return;
    }
    if let Some(pull) = open.filter(|pull| pull.past.reopened && closed_by_us(&pull.comments)) {
        plan.notes.push(format!(
            "somebody has reopened pull request #{}, so it stays, and so does `{}`",
            pull.number, branch.name
        ));
        return;
    }
    let mut removable = branch.is_ours();
    if let Some(pull) = &old.pull {
        match pull.state {
            PullState::Merged => removable = branch.head == pull.head,
            PullState::Closed => {}
            PullState::Open => {
                if !closed_by_us(&pull.comments) {
                    plan.calls.push(Call::Comment {
                        number: pull.number,
                        text: reason.text(RETIRED),
                    });
                }
                plan.calls.push(Call::ClosePull {
                    number: pull.number,
                });
            }
        }
    }
    if removable {
        plan.calls.push(Call::DeleteBranch {
            branch: branch.name.clone(),
            at: At::Commit(branch.head.clone()),
        });
    } else {
        plan.notes.push(format!(
            "`{}` holds commits of others, so it stays; delete it when they are not needed",
            branch.name
        ));
    }
}
