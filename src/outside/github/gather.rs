//! Reads from the forge what a plan is made from: as few requests as the state of things allows.

use std::collections::BTreeSet;

use super::error::{ForgeError, found};
use super::forge::ForgeRepository;
use super::read::BranchHead;
use crate::plan::proposal::edit::Holdings;
use crate::plan::proposal::facts::{
    Branch, ForgeFacts, Issue, Old, Pull, PullState, TrackingIssues,
};
use crate::plan::proposal::{self, ISSUE_LABEL, Oid, PREFIX, Proposal};

/// How many commits of others are looked at one by one.
const FOREIGN_COMMITS: usize = 20;

pub struct OurHeads(Vec<BranchHead>);

impl ForgeRepository<'_> {
    /// Our branches in a repository: one request for all links.
    pub async fn our_branches(self) -> Result<OurHeads, ForgeError> {
        Ok(OurHeads(self.branches(PREFIX).await?))
    }

    /// What the forge has of a proposal.
    pub async fn facts(
        self,
        ours: &OurHeads,
        proposal: &Proposal,
    ) -> Result<ForgeFacts, ForgeError> {
        let name = proposal.purpose.branch();
        let branch = match ours.at(&name) {
            Some(head) => Some(self.branch(&proposal.base_head, &name, head).await?),
            None => None,
        };
        let pull = match self.own_pull(proposal, &name).await? {
            Some(pull) if pull.state == PullState::Open => {
                Some(self.with_details(proposal, branch.as_ref(), pull).await?)
            }
            pull => pull,
        };
        let old = self
            .old(
                ours,
                &|name| proposal.purpose.replaces(name),
                &proposal.base_head,
            )
            .await?;
        Ok(ForgeFacts {
            branch,
            pull,
            left_over: ours.at(&proposal.purpose.helper()).cloned(),
            old,
        })
    }

    /// Some of our branches, and what became of their PRs.
    pub async fn old(
        self,
        ours: &OurHeads,
        which: &dyn Fn(&str) -> bool,
        base_head: &Oid,
    ) -> Result<Vec<Old>, ForgeError> {
        let mut old = Vec::new();
        for BranchHead { branch: name, at } in ours.0.iter().filter(|head| which(&head.branch)) {
            let branch = self.branch(base_head, name, at).await?;
            let mut pull = self.pulls(name).await?.into_iter().next();
            if let Some(pull) = pull.as_mut().filter(|pull| pull.state == PullState::Open) {
                pull.comments = self.comments(pull.number).await?;
                if proposal::closed_by_us(&pull.comments) {
                    pull.past = self.past(pull.number).await?;
                }
            }
            old.push(Old { branch, pull });
        }
        Ok(old)
    }

    async fn branch(self, base: &Oid, name: &str, head: &Oid) -> Result<Branch, ForgeError> {
        let comparison = match found(self.compare(base, head).await)? {
            Some(comparison) => comparison,
            // Where the base's history was written anew they have nothing in common.
            None => self.alone(head).await?,
        };
        let mut branch = Branch {
            name: name.to_owned(),
            head: head.clone(),
            commits: comparison.commits,
            behind: comparison.behind,
            holds: comparison.holds,
            touched: Some(BTreeSet::new()),
        };
        if branch.forsaken() > 0 {
            branch.holds = self.held(&branch).await?;
        }
        if !branch.is_ours() {
            branch.touched = self.touched(&branch).await?;
        }
        Ok(branch)
    }

    /// What the paths hold that a branch's own commits changed.
    async fn held(self, branch: &Branch) -> Result<Option<Holdings>, ForgeError> {
        let own = branch.own_commits();
        if own.len() > FOREIGN_COMMITS {
            return Ok(None);
        }
        let mut holds = Holdings::new();
        for commit in own {
            let Some(held) = self.held_by(&commit.id).await? else {
                return Ok(None);
            };
            holds.extend(held);
        }
        Ok(Some(holds))
    }

    async fn touched(self, branch: &Branch) -> Result<Option<BTreeSet<String>>, ForgeError> {
        let foreign: Vec<_> = branch
            .commits
            .iter()
            .filter(|commit| !commit.is_ours())
            .collect();
        if foreign.is_empty() || foreign.len() > FOREIGN_COMMITS {
            // Either someone amended a commit of ours, or there is too much to look at: everything
            // counts as theirs.
            return Ok(None);
        }
        let mut touched = BTreeSet::new();
        for commit in foreign {
            let Some(held) = self.held_by(&commit.id).await? else {
                return Ok(None);
            };
            touched.extend(held.into_keys());
        }
        Ok(Some(touched))
    }

    /// The PR that speaks for the proposal: an open one, else the newest that was not closed by us.
    async fn own_pull(self, proposal: &Proposal, branch: &str) -> Result<Option<Pull>, ForgeError> {
        let mut pulls = self.pulls(branch).await?;
        let open = |pull: &Pull| pull.state == PullState::Open;
        if let Some(at) = pulls
            .iter()
            .position(|pull| open(pull) && pull.base == proposal.base)
            .or_else(|| pulls.iter().position(open))
        {
            return Ok(Some(pulls.swap_remove(at)));
        }
        for pull in pulls {
            if !proposal.is_told_by(&pull.body) {
                continue;
            }
            if pull.state == PullState::Merged
                || !proposal::closed_by_us(&self.comments(pull.number).await?)
            {
                return Ok(Some(pull));
            }
        }
        Ok(None)
    }

    async fn with_details(
        self,
        proposal: &Proposal,
        branch: Option<&Branch>,
        mut pull: Pull,
    ) -> Result<Pull, ForgeError> {
        let needs = proposal::needs(proposal, branch, &pull);
        if needs.comments {
            pull.comments = self.comments(pull.number).await?;
        }
        if needs.past {
            pull.past = self.past(pull.number).await?;
        }
        Ok(pull)
    }

    /// The tracking issues of a link, as far as they matter; what was said on it only where that matters: one is
    /// wanted, or it is open.
    pub async fn tracking_issue(
        self,
        link: &str,
        wanted: bool,
    ) -> Result<TrackingIssues, ForgeError> {
        let marker = proposal::stamp::marker(&proposal::tracking::subject(link));
        let mut ours = self.issues(ISSUE_LABEL).await?;
        ours.retain(|issue| issue.body.contains(&marker));
        ours.sort_by_key(|issue| std::cmp::Reverse((issue.open, issue.number)));
        let mut ours = ours.into_iter();
        let mut newest = ours.next();
        if let Some(issue) = newest.as_mut().filter(|issue| wanted || issue.open) {
            issue.comments = self.comments(issue.number).await?;
        }
        let is_signed = |issue: &Issue| proposal::stamp::unsign(&issue.body).1.is_some();
        let twins = ours.filter(|issue| issue.open && is_signed(issue));
        Ok(TrackingIssues {
            newest,
            twins: twins.map(|issue| issue.number).collect(),
        })
    }
}

impl OurHeads {
    fn at(&self, branch: &str) -> Option<&Oid> {
        self.0
            .iter()
            .find(|head| head.branch == branch)
            .map(|head| &head.at)
    }
}
