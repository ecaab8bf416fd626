//! Brings a proposal to where it belongs: gathers facts, plans, and carries the plan out; on a
//! forge with PRs, or on any git remote.

use std::collections::BTreeMap;

use crate::openssl::version::Version;
use crate::outside::git::checkout::{Checkout, CommitEntry};
use crate::outside::git::remote::{Credentials, GitError};
use crate::outside::github::{Done, ForgeRepository, GitHub, OurHeads};
use crate::plan::proposal::facts::{Old, TrackingIssues};
use crate::plan::proposal::tracking::{self, Tracking};
use crate::plan::proposal::{
    self, At, Call, ForgeFacts, Oid, PREFIX, Plan, Proposal, Reason, Route, Standing,
};
use crate::project::config::Push;
use crate::text::fault::Fault;

/// How often a plan is made anew because things moved while it was carried out.
const ROUNDS: usize = 3;

/// What is told where another run or a person was faster.
const MEANWHILE: &str = "another run, or somebody else, changed things while this was carried out, so it was planned anew: only what this run made is called done";

/// A repository that proposals are made to.
#[derive(Debug)]
pub struct Remote<'a> {
    /// `owner/name` on the forge; any name for another remote.
    pub name: &'a str,
    /// The forge, where it has an API that we know.
    pub forge: Option<&'a GitHub>,
    /// A local clone, whose `origin` it is.
    pub clone: Option<&'a Checkout>,
    /// What the user's git may show to `origin`.
    pub credentials: Credentials,
    /// How commits get there, if the user has a wish.
    pub push: Option<Push>,
}

/// What became of a proposal, or would become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// What was found and decided; its calls are those that this run made, where they were to be
    /// made.
    pub plan: Plan,
    /// Which way the commit goes.
    pub route: Route,
    /// What was made; nothing where the plan was only shown.
    pub done: Done,
}

/// How a repository is asked.
enum Way<'a> {
    Forge(ForgeRepository<'a>),
    Clone(&'a Checkout),
}

/// Our branches, wherever they are.
enum OurBranches<'a> {
    Forge(ForgeRepository<'a>, OurHeads),
    Git(&'a Checkout, BTreeMap<String, Oid>),
}

impl Remote<'_> {
    fn way(&self) -> Result<Way<'_>, Fault> {
        match (self.forge, self.clone) {
            (Some(forge), _) => Ok(Way::Forge(forge.at(self.name))),
            (None, Some(clone)) => Ok(Way::Clone(clone)),
            (None, None) => Err(self.unreachable()),
        }
    }

    /// The branch that PRs are opened against where none is configured.
    pub async fn default_branch(&self) -> Result<String, Fault> {
        match self.way()? {
            Way::Forge(forge) => Ok(forge.repository().await?.default_branch),
            Way::Clone(clone) => {
                if let Some(named) = clone.remote_default_branch(&self.credentials)? {
                    return Ok(named);
                }
                // A remote whose `HEAD` names a branch that is not there says nothing.
                let usual = ["main", "master"].map(str::to_owned);
                let there = clone.remote_branches(&self.credentials, &usual)?;
                let found = usual.into_iter().find(|name| there.contains_key(name));
                found.ok_or_else(|| self.no_default_branch())
            }
        }
    }

    /// Where a branch stands. On a plain git remote its commit is brought here too.
    ///
    /// # Errors
    ///
    /// If there is no such branch, or the repository cannot be seen.
    pub async fn head(&self, branch: &str) -> Result<Oid, Fault> {
        match self.way()? {
            Way::Forge(forge) => forge
                .branch_head(branch)
                .await?
                .ok_or_else(|| self.no_branch(branch)),
            Way::Clone(clone) => {
                let branches = [branch.to_owned()];
                let found = clone
                    .remote_branches(&self.credentials, &branches)?
                    .remove(branch);
                let head = found.ok_or_else(|| self.no_branch(branch))?;
                if !clone.has(&head) {
                    clone.fetch(&self.credentials, &branches)?;
                }
                Ok(head)
            }
        }
    }

    /// The names of the branches that start like this.
    pub(crate) async fn branches(&self, prefix: &str) -> Result<Vec<String>, Fault> {
        match self.way()? {
            Way::Forge(forge) => Ok(forge.branch_names(prefix).await?),
            Way::Clone(clone) => {
                let found = clone.remote_branches(&self.credentials, &[format!("{prefix}*")])?;
                Ok(found.into_keys().collect())
            }
        }
    }

    /// Every file of a commit: from the local clone where it has the commit, else through the
    /// forge.
    pub async fn tree(&self, commit: &Oid) -> Result<Vec<CommitEntry>, Fault> {
        match self.clone.filter(|clone| clone.has(commit)) {
            Some(clone) => clone.tree(commit),
            None => Ok(self.forge()?.tree(commit).await?),
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// If neither the local clone nor the forge has it.
    pub async fn blob(&self, id: &Oid) -> Result<Vec<u8>, Fault> {
        match self.clone.and_then(|clone| clone.blob(id).ok()) {
            Some(bytes) => Ok(bytes),
            None => Ok(self.forge()?.blob(id).await?),
        }
    }

    /// The names of the repository's tags.
    pub async fn tags(&self) -> Result<Vec<String>, Fault> {
        match self.way()? {
            Way::Forge(forge) => {
                let tags = forge.tags().await?.into_iter();
                Ok(tags.map(|tag| tag.name).collect())
            }
            Way::Clone(clone) => clone.remote_tags(&self.credentials),
        }
    }

    fn forge(&self) -> Result<ForgeRepository<'_>, Fault> {
        let forge = self.forge.map(|forge| forge.at(self.name));
        forge.ok_or_else(|| self.unreachable())
    }

    fn no_default_branch(&self) -> Fault {
        Fault::usage(format!(
            "`{}` does not say which branch is its default; set `base` in `[pull-request]`",
            self.name
        ))
    }

    fn no_branch(&self, branch: &str) -> Fault {
        Fault::usage(format!(
            "`{}` has no branch `{branch}`, or the token may not see it; set `base` in `[pull-request]`",
            self.name
        ))
    }

    fn unreachable(&self) -> Fault {
        Fault::usage(format!(
            "`{}` is on no forge that is known and has no local clone; set its `checkout`",
            self.name
        ))
    }

    fn route(&self, proposal: &Proposal) -> Route {
        match (self.forge, self.push) {
            (None, _) | (_, Some(Push::Git)) => Route::Git,
            (Some(_), Some(Push::Api)) => Route::of(&proposal.edits, false),
            (Some(_), None) => Route::of(&proposal.edits, self.clone.is_some()),
        }
    }

    /// Brings a proposal up to date, or, without `execute`, finds out what that would take. `say`
    /// is told of each call before it is made.
    ///
    /// # Errors
    ///
    /// If the forge or git refuses; running again goes on from wherever it stopped.
    pub async fn submit(
        &self,
        proposal: &Proposal,
        execute: bool,
        say: &mut dyn FnMut(&str),
    ) -> Result<Submission, Fault> {
        let route = self.route(proposal);
        let mut done = Done::default();
        let mut made = Vec::new();
        for round in 1.. {
            let facts = self.facts(proposal).await?;
            let mut plan = proposal::plan(proposal, &facts, route, self.forge.is_some());
            if execute {
                let calls = std::mem::take(&mut plan.calls);
                match self.carry_out(calls, &mut made, &mut done, say).await {
                    Ok(()) => {}
                    Err(Stop::Moved(_)) if round < ROUNDS => continue,
                    Err(stop) => return Err(stop.into_fault()),
                }
                plan.calls = made;
                if round > 1 {
                    plan.notes.push(MEANWHILE.to_owned());
                }
            }
            self.finish(&mut plan, &mut done);
            return Ok(Submission { plan, route, done });
        }
        Err(Fault::failed("nothing was planned"))
    }

    /// What would be done if nothing of ours were there: all that can be said without asking.
    /// `forge`: whether it is on one that we know.
    pub fn outline(&self, proposal: &Proposal, forge: bool) -> Submission {
        let route = match self.push {
            Some(Push::Git) => Route::Git,
            _ if !forge => Route::Git,
            _ => Route::of(&proposal.edits, self.clone.is_some()),
        };
        let mut plan = proposal::plan(proposal, &ForgeFacts::default(), route, forge);
        plan.notes
            .push("offline: whether any of this is done already was not asked".to_owned());
        Submission {
            plan,
            route,
            done: Done::default(),
        }
    }

    /// Says what the user should know of the PR that was opened or found.
    fn finish(&self, plan: &mut Plan, done: &mut Done) {
        plan.notes.append(&mut done.warnings);
        if let Some(pull) = &done.pull {
            plan.standing = Standing::Open {
                number: pull.number,
                url: pull.url.clone(),
            };
            if pull.author == proposal::WORKFLOW_USER {
                plan.notes.push(proposal::NO_CI.to_owned());
            }
        }
    }

    /// Ends the life of PRs and branches of a link at or below the version that the base has by
    /// now.
    pub async fn tidy(
        &self,
        tidy: &Tidy<'_>,
        execute: bool,
        say: &mut dyn FnMut(&str),
    ) -> Result<Plan, Fault> {
        let also = tidy.also.then_some(tidy.base);
        let why = |branch: &str| {
            let target = proposal::target_of(branch, tidy.link, also)?;
            if target > tidy.linked && tidy.withdrawn.contains(&target) {
                return Some(Reason::Withdrawn {
                    version: target,
                    by: None,
                });
            }
            if target.series() > tidy.linked.series() && !tidy.wanted.contains(&target) {
                return Some(Reason::Done(format!(
                    "A move to OpenSSL {target} is neither due nor offered any more."
                )));
            }
            (target <= tidy.linked).then(|| {
                Reason::Done(format!(
                    "`{}` has OpenSSL {} already, so {target} is not needed any more.",
                    tidy.base, tidy.linked
                ))
            })
        };
        self.retire((tidy.base, tidy.base_head), &why, execute, say)
            .await
    }

    /// Ends the life of those of our branches, and of their PRs, that are needed no longer. `base`:
    /// the branch they are for, and where it stands; `why` says for which.
    pub(crate) async fn retire(
        &self,
        base: (&str, &Oid),
        why: &dyn Fn(&str) -> Option<Reason>,
        execute: bool,
        say: &mut dyn FnMut(&str),
    ) -> Result<Plan, Fault> {
        let mut made = Vec::new();
        for round in 1.. {
            let known = self.known(base.0).await?;
            let mut plan = Plan::default();
            for old in self
                .old(&known, &|branch| why(branch).is_some(), base.1)
                .await?
            {
                if let Some(reason) = why(&old.branch.name) {
                    proposal::retire(&old, &reason, &mut plan);
                }
            }
            if execute {
                let (calls, mut done) = (std::mem::take(&mut plan.calls), Done::default());
                let outcome = self.carry_out(calls, &mut made, &mut done, say).await;
                plan.notes.append(&mut done.warnings);
                match outcome {
                    Ok(()) => {}
                    Err(Stop::Moved(_)) if round < ROUNDS => continue,
                    Err(stop) => return Err(stop.into_fault()),
                }
                plan.calls = made;
            }
            return Ok(plan);
        }
        Err(Fault::failed("nothing was planned"))
    }

    /// Opens, updates or closes the link's tracking issue; nothing on a remote without issues.
    pub async fn track(
        &self,
        link: &str,
        wanted: Option<&Tracking>,
        execute: bool,
        say: &mut dyn FnMut(&str),
    ) -> Result<Plan, Fault> {
        let Ok(forge) = self.forge() else {
            return Ok(Plan::default());
        };
        let issues = match forge.tracking_issue(link, wanted.is_some()).await {
            // Who may not see issues, or has none, has opened none: that matters once there is
            // something to say.
            Err(error) if wanted.is_none() && error.is_final() => TrackingIssues::default(),
            issues => issues?,
        };
        let mut plan = Plan {
            calls: tracking::plan(link, wanted, &issues),
            ..Plan::default()
        };
        if execute {
            let (calls, mut done) = (std::mem::take(&mut plan.calls), Done::default());
            self.carry_out(calls, &mut plan.calls, &mut done, say)
                .await
                .map_err(Stop::into_fault)?;
            plan.notes = done.warnings;
        }
        Ok(plan)
    }

    async fn facts(&self, proposal: &Proposal) -> Result<ForgeFacts, Fault> {
        let known = self.known(&proposal.base).await?;
        let (clone, branches) = match &known {
            OurBranches::Forge(forge, ours) => {
                return Ok(forge.facts(ours, proposal).await?);
            }
            OurBranches::Git(clone, branches) => (clone, branches),
        };
        let name = proposal.purpose.branch();
        let branch = branches
            .get(&name)
            .map(|head| clone.compare(&proposal.base_head, &name, head))
            .transpose()?;
        let replaced = |name: &str| proposal.purpose.replaces(name);
        let old = self.old(&known, &replaced, &proposal.base_head).await?;
        Ok(ForgeFacts {
            branch,
            old,
            ..ForgeFacts::default()
        })
    }

    async fn known(&self, base: &str) -> Result<OurBranches<'_>, Fault> {
        match self.way()? {
            Way::Forge(forge) => {
                let ours = forge.our_branches().await?;
                Ok(OurBranches::Forge(forge, ours))
            }
            Way::Clone(clone) => {
                let branches = clone
                    .remote_branches(&self.credentials, &[format!("{PREFIX}*"), base.to_owned()])?;
                let missing: Vec<_> = branches
                    .iter()
                    .filter(|(_, head)| !clone.has(head))
                    .map(|(name, _)| name.clone())
                    .collect();
                clone.fetch(&self.credentials, &missing)?;
                Ok(OurBranches::Git(clone, branches))
            }
        }
    }

    async fn old(
        &self,
        known: &OurBranches<'_>,
        which: &dyn Fn(&str) -> bool,
        base_head: &Oid,
    ) -> Result<Vec<Old>, Fault> {
        match known {
            OurBranches::Forge(forge, ours) => Ok(forge.old(ours, which, base_head).await?),
            OurBranches::Git(clone, branches) => {
                let old = branches.iter().filter(|(name, _)| which(name));
                old.map(|(name, head)| {
                    let branch = clone.compare(base_head, name, head)?;
                    Ok(Old { branch, pull: None })
                })
                .collect()
            }
        }
    }

    /// Makes one call after the other; those that came about are added to `made`.
    async fn carry_out(
        &self,
        calls: Vec<Call>,
        made: &mut Vec<Call>,
        done: &mut Done,
        say: &mut dyn FnMut(&str),
    ) -> Result<(), Stop> {
        for call in calls {
            say(&call.to_string());
            let warned = done.warnings.len();
            match (&call, self.forge) {
                (
                    Call::Push {
                        branch,
                        from,
                        commit,
                    },
                    forge,
                ) => {
                    forge.into_iter().for_each(GitHub::forget_answers);
                    let clone = self.clone.ok_or_else(|| Stop::Failed(self.no_clone()))?;
                    self.have_parent(clone, &commit.parent)?;
                    let made = clone.commit(commit).map_err(Stop::Failed)?;
                    clone.push(&self.credentials, branch, from.as_ref(), Some(&made))?;
                    done.commit = Some(made);
                }
                (
                    Call::DeleteBranch {
                        branch,
                        at: At::Commit(at),
                    },
                    None,
                ) => {
                    let clone = self.clone.ok_or_else(|| Stop::Failed(self.no_clone()))?;
                    clone.push(&self.credentials, branch, Some(at), None)?;
                }
                (_, None) => return Err(Stop::Failed(self.unreachable())),
                (call, Some(forge)) => {
                    forge
                        .at(self.name)
                        .carry_out(call, done)
                        .await
                        .map_err(|error| {
                            if error.is_moved() {
                                Stop::Moved(error.into())
                            } else {
                                Stop::Failed(error.into())
                            }
                        })?;
                }
            }
            if done.warnings.len() == warned {
                made.push(call);
            }
        }
        Ok(())
    }

    /// The commit to stand on must be here: it is the head of the base, or of our own branch.
    fn have_parent(&self, clone: &Checkout, parent: &Oid) -> Result<(), Stop> {
        if clone.has(parent) {
            return Ok(());
        }
        let branches = clone
            .remote_branches(&self.credentials, &["*".to_owned()])
            .map_err(Stop::Failed)?;
        let named: Vec<_> = branches
            .into_iter()
            .filter(|(_, head)| head == parent)
            .map(|(name, _)| name)
            .take(1)
            .collect();
        clone.fetch(&self.credentials, &named).map_err(Stop::Failed)
    }

    fn no_clone(&self) -> Fault {
        Fault::usage(format!(
            "pushing to `{}` with git needs a local clone; set its `checkout`, or `push = \"api\"`",
            self.name
        ))
    }
}

/// What to tidy up after.
#[derive(Debug, Clone, Copy)]
pub struct Tidy<'a> {
    /// The link.
    pub link: &'a str,
    /// The branch its PRs are opened against.
    pub base: &'a str,
    /// Whether that is one of the further release branches.
    pub also: bool,
    /// Where it stands.
    pub base_head: &'a Oid,
    /// The version it has.
    pub linked: Version,
    /// The newer versions that proposals are open for, or may be.
    pub wanted: &'a [Version],
    /// The releases that upstream withdrew.
    pub withdrawn: &'a [Version],
}

/// Why carrying out a plan ended early.
enum Stop {
    Moved(Fault),
    Failed(Fault),
}

impl Stop {
    fn into_fault(self) -> Fault {
        match self {
            Self::Moved(fault) | Self::Failed(fault) => fault,
        }
    }
}

impl From<GitError> for Stop {
    fn from(error: GitError) -> Self {
        match error {
            GitError::Moved(_) => Self::Moved(error.into()),
            GitError::Failed(fault) => Self::Failed(fault),
        }
    }
}
