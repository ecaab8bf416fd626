//! From what the forge has and what it should have to the calls between.

use super::call::{At, Call, CommentText, NewCommit, Number};
use super::facts::{Branch, ForgeFacts, Pull, PullState};
use super::planned::{NO_CI, Plan, Proposal, Standing, WORKFLOW_USER};
use super::retire::{Reason, retire};
use super::route::Route;
use super::said::{has_said, say};
use super::stamp::{self, Stamp, WrittenStamp};
use crate::project::change::Edit;
use crate::project::file_entry::{FileEntry, Oid};

/// What must be asked about an open PR before it can be planned for; most runs need none of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// What was said on it.
    pub comments: bool,
    /// What was done to it so far.
    pub past: bool,
}

/// What must be asked about the proposal's PR.
pub(crate) fn needs(proposal: &Proposal, branch: Option<&Branch>, pull: &Pull) -> Needs {
    let text = TextChange::of(proposal, branch, pull);
    let conflicts = branch.is_some_and(|branch| !branch.is_ours() && !up_to_date(proposal, branch));
    Needs {
        comments: text.news.is_some() || conflicts,
        past: pull.base != proposal.base
            || !lacking_labels(proposal, pull).is_empty()
            || !lacking_reviewers(proposal, pull).is_empty(),
    }
}

/// The calls that lead from what the forge has to the proposal.
///
/// `pulls`: whether the forge has PRs that we can open; on any other remote only the branch is
/// pushed.
pub(crate) fn plan(proposal: &Proposal, facts: &ForgeFacts, route: Route, pulls: bool) -> Plan {
    let mut plan = Plan {
        calls: Vec::new(),
        standing: standing(facts.pull.as_ref()),
        notes: Vec::new(),
    };
    if let Some(at) = &facts.left_over {
        plan.calls.push(Call::DeleteBranch {
            branch: proposal.purpose.helper(),
            at: At::Commit(at.clone()),
        });
    }
    match &facts.pull {
        Some(pull) if pull.state == PullState::Merged => {
            merged(proposal, facts.branch.as_ref(), pull, &mut plan);
        }
        Some(pull) if pull.state == PullState::Closed => {
            plan.notes.push(format!(
                "pull request #{} was closed; it stays closed until the target changes",
                pull.number
            ));
        }
        pull => {
            commit(
                proposal,
                facts.branch.as_ref(),
                pull.as_ref(),
                route,
                &mut plan,
            );
            if pull
                .as_ref()
                .is_some_and(|pull| pull.author == WORKFLOW_USER)
            {
                plan.notes.push(NO_CI.to_owned());
            }
            match pull {
                Some(pull) => update(proposal, facts.branch.as_ref(), pull, &mut plan),
                None if pulls => open(proposal, &mut plan),
                None => plan.notes.push("this remote has no pull requests we can open: use the title and the text below".to_owned()),
            }
        }
    }
    let successor = facts
        .pull
        .as_ref()
        .map_or(Number::Opened, |pull| Number::Known(pull.number));
    for old in &facts.old {
        let target = proposal.purpose.target_on(&old.branch.name);
        let reason = match target.filter(|target| proposal.withdrawn.contains(target)) {
            Some(version) => Reason::Withdrawn {
                version,
                by: Some(successor),
            },
            None => Reason::SupersededBy(successor),
        };
        retire(old, &reason, &mut plan);
    }
    plan
}

fn standing(pull: Option<&Pull>) -> Standing {
    let Some(pull) = pull else {
        return Standing::Absent;
    };
    let (number, url) = (pull.number, pull.url.clone());
    match pull.state {
        PullState::Open => Standing::Open { number, url },
        PullState::Closed => Standing::Closed { number, url },
        PullState::Merged => Standing::Merged {
            number,
            url,
            commit: pull.merged_as.clone(),
        },
    }
}

fn merged(proposal: &Proposal, branch: Option<&Branch>, pull: &Pull, plan: &mut Plan) {
    match branch {
        Some(branch) if branch.head == pull.head => {
            plan.calls.push(Call::DeleteBranch {
                branch: branch.name.clone(),
                at: At::Commit(branch.head.clone()),
            });
        }
        Some(branch) => plan.notes.push(format!(
            "`{}` has moved on since #{} was merged, so it stays",
            branch.name, pull.number
        )),
        None => {}
    }
    let lacking = proposal.purpose.lacking(&proposal.base);
    plan.notes.push(format!(
        "pull request #{} was merged, yet {lacking}: was it reverted? it is not opened again",
        pull.number
    ));
}

/// Whether the branch holds what the proposal wants, as far as that is ours to decide.
fn up_to_date(proposal: &Proposal, branch: &Branch) -> bool {
    let (wanted, stamp) = (proposal.stamp(), branch.stamp());
    if branch.is_ours() {
        // Merging it would bring back what somebody has taken out of the base's history.
        let stands = branch.forsaken() == 0;
        stands && stamp.is_some_and(|stamp| stamp.from == wanted.from && stamp.does_like(&wanted))
    } else {
        // Where a human works, the base may move under the change: merging it is theirs to decide.
        stamp.is_some_and(|stamp| stamp.does_like(&wanted))
    }
}

fn commit(
    proposal: &Proposal,
    branch: Option<&Branch>,
    pull: Option<&Pull>,
    route: Route,
    plan: &mut Plan,
) {
    let name = proposal.purpose.branch();
    let onto_base = || {
        let mut stamp = proposal.stamp();
        stamp.base = Some(proposal.base_head.to_string());
        let edits = proposal.edits.clone();
        new_commit(proposal, &proposal.base_head, edits, &stamp)
    };
    match branch {
        None => plan.calls.extend(on_new_branch(route, name, onto_base())),
        Some(branch) if branch.commits.is_empty() => {
            plan.calls
                .extend(on_empty_branch(route, branch, onto_base()));
        }
        Some(branch) if up_to_date(proposal, branch) => {}
        Some(branch) if branch.is_ours() => plan.calls.extend(replacing(
            route,
            proposal.purpose.helper(),
            branch,
            onto_base(),
        )),
        Some(branch) => on_top(proposal, branch, pull, route, plan),
    }
}

fn new_commit(proposal: &Proposal, parent: &Oid, edits: Vec<Edit>, stamp: &Stamp) -> NewCommit {
    let mut body = proposal.description.trim().to_owned();
    if !body.is_empty() {
        body.push_str("\n\n");
    }
    body.push_str(&stamp.to_string());
    if let Some(identity) = &proposal.signed_off_by {
        body.push_str(&format!("\nSigned-off-by: {identity}"));
    }
    NewCommit {
        parent: parent.clone(),
        headline: proposal.headline.clone(),
        body,
        edits,
    }
}

fn on_new_branch(route: Route, branch: String, commit: NewCommit) -> Vec<Call> {
    match route {
        Route::Api => {
            let at = At::Commit(commit.parent.clone());
            vec![
                Call::CreateBranch {
                    branch: branch.clone(),
                    at,
                },
                Call::Commit { branch, commit },
            ]
        }
        Route::Data => vec![
            Call::CommitData { commit },
            Call::CreateBranch {
                branch,
                at: At::Made,
            },
        ],
        Route::Git => vec![Call::Push {
            branch,
            from: None,
            commit,
        }],
    }
}

/// A commit on a branch that stands where the commit's parent is, or, through git data or git, anywhere.
fn on_branch(route: Route, branch: &Branch, commit: NewCommit) -> Vec<Call> {
    let (name, from) = (branch.name.clone(), branch.head.clone());
    match route {
        Route::Api => vec![Call::Commit {
            branch: name,
            commit,
        }],
        Route::Data => vec![
            Call::CommitData { commit },
            Call::MoveBranch {
                branch: name,
                from,
                to: At::Made,
                replace: false,
            },
        ],
        Route::Git => vec![Call::Push {
            branch: name,
            from: Some(from),
            commit,
        }],
    }
}

/// An interrupted run has made the branch but no commit yet; by now the base may have moved.
fn on_empty_branch(route: Route, branch: &Branch, commit: NewCommit) -> Vec<Call> {
    let behind = route == Route::Api && branch.head != commit.parent;
    let follow = behind.then(|| Call::MoveBranch {
        branch: branch.name.clone(),
        from: branch.head.clone(),
        to: At::Commit(commit.parent.clone()),
        replace: false,
    });
    let mut calls = Vec::from_iter(follow);
    calls.extend(on_branch(route, branch, commit));
    calls
}

/// Our own commit is out of date. The new one is made on a helper branch: a PR whose branch is
/// empty for a moment would be closed by the forge.
fn replacing(route: Route, helper: String, branch: &Branch, commit: NewCommit) -> Vec<Call> {
    let (name, from) = (branch.name.clone(), branch.head.clone());
    let replace = |to| Call::MoveBranch {
        branch: name.clone(),
        from: from.clone(),
        to,
        replace: true,
    };
    match route {
        Route::Api => vec![
            Call::CreateBranch {
                branch: helper.clone(),
                at: At::Commit(commit.parent.clone()),
            },
            Call::Commit {
                branch: helper.clone(),
                commit,
            },
            replace(At::Made),
            Call::DeleteBranch {
                branch: helper,
                at: At::Made,
            },
        ],
        Route::Data => vec![Call::CommitData { commit }, replace(At::Made)],
        Route::Git => vec![Call::Push {
            branch: name,
            from: Some(from),
            commit,
        }],
    }
}

/// A human has committed to the branch: what they did not touch is brought up to date on top of
/// their work, the rest is said in a comment.
fn on_top(
    proposal: &Proposal,
    branch: &Branch,
    pull: Option<&Pull>,
    route: Route,
    plan: &mut Plan,
) {
    let held = |edit: &Edit| {
        branch
            .holds
            .as_ref()
            .and_then(|holds| holds.get(&edit.path))
            .cloned()
    };
    let wanted = |edit: &Edit| edit.after.as_ref().map(FileEntry::id);
    let differing = proposal
        .edits
        .iter()
        .filter(|edit| held(edit) != Some(wanted(edit)));
    let is_touched = |edit: &Edit| {
        branch
            .touched
            .as_ref()
            .is_none_or(|touched| touched.contains(&edit.path))
    };
    let (taken, free): (Vec<_>, Vec<_>) = differing.cloned().partition(is_touched);
    let stamp = proposal.stamp();
    let key = stamp.key();
    if let Some(pull) = pull.filter(|pull| !taken.is_empty() && !has_said(&pull.comments, key)) {
        let paths: Vec<_> = taken
            .iter()
            .map(|edit| format!("`{}`", edit.path.replace('`', "'")))
            .collect();
        let text = format!(
            "{} {} been edited on this branch, so the newest change is not committed over that. Please bring in what the pull request for {} needs there.",
            crate::text::in_words(paths),
            if taken.len() == 1 { "has" } else { "have" },
            proposal.purpose.matter(),
        );
        plan.calls.push(Call::Comment {
            number: pull.number,
            text: CommentText::Text(say(&text, key)),
        });
    }
    // What is to be deleted must still be there for the commit to be possible.
    let gone = |edit: &Edit| edit.after.is_none() && held(edit) == Some(None);
    let free: Vec<_> = free.into_iter().filter(|edit| !gone(edit)).collect();
    if free.is_empty() {
        if !taken.is_empty() {
            plan.notes.push(format!(
                "`{}` has commits of others in the same files; they are left alone",
                branch.name
            ));
        }
        return;
    }
    let commit = new_commit(proposal, &branch.head, free, &stamp);
    plan.calls.extend(on_branch(route, branch, commit));
}

fn open(proposal: &Proposal, plan: &mut Plan) {
    let Proposal {
        base,
        title,
        body,
        labels,
        reviewers,
        draft,
        ..
    } = proposal;
    plan.calls.push(Call::OpenPull {
        head: proposal.purpose.branch(),
        base: base.clone(),
        title: title.clone(),
        body: stamp::sign(&proposal.markers(), title, body),
        draft: *draft,
    });
    if !labels.is_empty() {
        plan.calls.push(Call::AddLabels {
            number: Number::Opened,
            labels: labels.clone(),
        });
    }
    if !reviewers.is_empty() {
        plan.calls.push(Call::AskReviewers {
            number: Number::Opened,
            reviewers: reviewers.clone(),
        });
    }
}

fn update(proposal: &Proposal, branch: Option<&Branch>, pull: &Pull, plan: &mut Plan) {
    let TextChange { title, body, news } = TextChange::of(proposal, branch, pull);
    let other = pull.base != proposal.base;
    let mover = pull.past.retargeted_by.as_ref();
    let mover = mover.filter(|mover| !mover.eq_ignore_ascii_case(&pull.author));
    if let Some(mover) = mover.filter(|_| other) {
        plan.notes.push(format!(
            "`{mover}` has pointed pull request #{} at `{}`, so it stays there; `{}` does not get the change by it",
            pull.number, pull.base, proposal.base
        ));
    }
    let base = (other && mover.is_none()).then(|| proposal.base.clone());
    if title.is_some() || body.is_some() || base.is_some() {
        plan.calls.push(Call::UpdatePull {
            number: pull.number,
            title,
            body,
            base,
        });
    }
    if let Some(key) = news.filter(|key| !has_said(&pull.comments, key)) {
        let text = format!(
            "The text above was edited, so it stays as it is. What it would say now:\n\n---\n\n{}",
            proposal.body.trim()
        );
        plan.calls.push(Call::Comment {
            number: pull.number,
            text: CommentText::Text(say(&text, &key)),
        });
    }
    let number = Number::Known(pull.number);
    let had = |name: &String| {
        pull.past
            .had
            .iter()
            .any(|had| had.eq_ignore_ascii_case(name))
    };
    let labels: Vec<_> = lacking_labels(proposal, pull)
        .into_iter()
        .filter(|label| !had(label))
        .collect();
    if !labels.is_empty() {
        plan.calls.push(Call::AddLabels { number, labels });
    }
    let reviewers: Vec<_> = lacking_reviewers(proposal, pull)
        .into_iter()
        .filter(|reviewer| !had(reviewer))
        .collect();
    if !reviewers.is_empty() {
        plan.calls.push(Call::AskReviewers { number, reviewers });
    }
}

fn lacking_labels(proposal: &Proposal, pull: &Pull) -> Vec<String> {
    lacking(&proposal.labels, &pull.labels)
}

/// Nobody can review their own PR.
fn lacking_reviewers(proposal: &Proposal, pull: &Pull) -> Vec<String> {
    lacking(&proposal.reviewers, &pull.reviewers)
        .into_iter()
        .filter(|name| !name.eq_ignore_ascii_case(&pull.author))
        .collect()
}

fn lacking(wanted: &[String], given: &[String]) -> Vec<String> {
    wanted
        .iter()
        .filter(|name| !given.iter().any(|given| given.eq_ignore_ascii_case(name)))
        .cloned()
        .collect()
}

/// What has to happen to the texts of an open PR or issue.
pub(super) struct TextChange {
    pub(super) title: Option<String>,
    pub(super) body: Option<String>,
    /// The body is a human's now, and there is something new to say: the digest of that.
    pub(super) news: Option<String>,
}

impl TextChange {
    fn of(proposal: &Proposal, branch: Option<&Branch>, pull: &Pull) -> Self {
        // Whoever rewrote the body may have thrown our digests away; the commit remembers what it
        // was written with.
        let remembered = branch.and_then(Branch::stamp).map(|stamp| stamp.text);
        Self::between(
            (&pull.title, &pull.body),
            &proposal.markers(),
            (&proposal.title, &proposal.body),
            remembered,
        )
    }

    /// Compares the texts the forge has with the wanted ones; what a human has edited stays.
    pub(super) fn between(
        has: (&str, &str),
        markers: &str,
        wanted: (&str, &str),
        remembered: Option<String>,
    ) -> Self {
        let ((title, signed), (wanted_title, wanted_body)) = (has, wanted);
        let (text, written) = stamp::unsign(signed);
        let digest = stamp::of_text(wanted_body);
        let edited = written
            .as_ref()
            .is_none_or(|written| written.body != stamp::of_text(&text));
        let titled = written
            .as_ref()
            .is_none_or(|written| written.title != stamp::of_text(title));
        let new_title = (!titled && title != wanted_title).then(|| wanted_title.to_owned());
        let Some(written) = written.filter(|_| !edited) else {
            let known = stamp::unsign(signed)
                .1
                .map(|written| written.body)
                .or(remembered);
            return Self {
                title: new_title,
                body: None,
                news: (known.as_ref() != Some(&digest)).then_some(digest),
            };
        };
        let remember = WrittenStamp {
            title: if titled {
                written.title.clone()
            } else {
                stamp::of_text(wanted_title)
            },
            body: digest,
        };
        let body = (remember != written).then(|| stamp::sign_as(markers, &remember, wanted_body));
        Self {
            title: new_title,
            body,
            news: None,
        }
    }
}
