//! What becomes of the branches and PRs of targets that are wanted no longer.

use super::call::{At, Call, CommentText, Number};
use super::facts::{Old, PullState};
use super::planned::Plan;
use super::said::{has_said, say};

/// The key of the comment by which a PR that we closed is told from one that a human closed.
const RETIRED: &str = "retired";

/// Why a target is wanted no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Another PR takes its place.
    SupersededBy(Number),
    /// The base has it already, in these words.
    Done(String),
}

/// Whether we closed this PR, going by what was said on it.
pub(crate) fn closed_by_us(comments: &[String]) -> bool {
    has_said(comments, RETIRED)
}

/// The text of the comment that names the successor.
pub(crate) fn superseded_text(by: u64) -> String {
    say(&format!("Superseded by #{by}."), RETIRED)
}

/// Adds the calls that end the life of an old target's PR and branch. What a human has committed
/// stays.
pub(crate) fn retire(old: &Old, reason: &Reason, plan: &mut Plan) {
    let branch = &old.branch;
    let mut removable = branch.is_ours();
    if let Some(pull) = &old.pull {
        match pull.state {
            PullState::Merged => removable = branch.head == pull.head,
            PullState::Closed => {}
            PullState::Open => {
                if !closed_by_us(&pull.comments) {
                    let text = match reason {
                        Reason::SupersededBy(number) => CommentText::SupersededBy(*number),
                        Reason::Done(why) => CommentText::Text(say(why, RETIRED)),
                    };
                    plan.calls.push(Call::Comment {
                        number: pull.number,
                        text,
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
