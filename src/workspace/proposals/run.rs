//! What one run proposes: each proposal is brought to its repository, and what became of it is
//! noted.

use super::document::{self, Other, ProposeJson, Proposed, PullOutcome};
use crate::openssl::assessment::offered;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::paper::draft::pull_request::RenderedPullRequest;
use crate::plan::proposal::{Proposal, Purpose, Standing, stamp};
use crate::project::change::{Change, Edit};
use crate::text::fault::Fault;
use crate::workspace::branch::BranchReading;
use crate::workspace::branch_files::BranchFiles;
use crate::workspace::case::Case;
use crate::workspace::links::Assessed;
use crate::workspace::place::{NO_REMOTE, Place};
use crate::workspace::pull_request;
use crate::workspace::remote::{Submission, Tidy};
use crate::workspace::session::Head;

pub(super) struct Run<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) execute: bool,
    pub(super) document: ProposeJson,
    pub(super) heads: Vec<Head>,
    /// Base branches of the project's own repository with their changelogs as PRs of ours will
    /// leave them.
    pub(super) changelogs: Vec<(String, String)>,
}

impl<'a> Run<'a> {
    pub(super) fn new(case: &'a Case<'a>, execute: bool) -> Self {
        let document = ProposeJson {
            schema: 1,
            executed: execute,
            proposals: Vec::new(),
            forwarded: Vec::new(),
            others: Vec::new(),
            unknown: Vec::new(),
        };
        Self {
            case,
            execute,
            document,
            heads: Vec::new(),
            changelogs: Vec::new(),
        }
    }

    /// Brings a proposal to its repository, and notes what became of it.
    pub(super) fn submit(
        &mut self,
        reading: &BranchReading<'_>,
        one: &Assessed<'_>,
        target: Version,
        proposal: &Proposal,
        change: &Change,
        offered: bool,
    ) -> Result<(), Fault> {
        let submission = self.brought(reading, proposal)?;
        // What nobody may ever merge is in no changelog that others are measured by.
        if !offered {
            self.remember_changelog(reading, proposal, &submission.plan.standing);
        }
        let diff = change.unified_diff(&reading.place.prefix);
        let mut outcome = PullOutcome::of(proposal, &submission, diff);
        let unchecked = change.unchecked.iter();
        outcome
            .notes
            .extend(unchecked.map(|unchecked| format!("unchecked: {unchecked}")));
        if !self.execute && outcome.pull.is_none() && reading.place.may_be_workflow_token() {
            outcome.notes.push(crate::plan::proposal::NO_CI.to_owned());
        }
        self.document.proposals.push(Proposed {
            repository: reading.place.name.clone(),
            link: one.link.name.clone(),
            from: one.linked.version,
            target,
            offered,
            outcome,
        });
        Ok(())
    }

    /// Remembers what a proposal makes of the base's changelog, unless a human has closed its PR.
    fn remember_changelog(
        &mut self,
        reading: &BranchReading<'_>,
        proposal: &Proposal,
        standing: &Standing,
    ) {
        let log = reading.place.config.changelog.as_ref();
        let Some(file) = log
            .and_then(|log| log.file.as_ref())
            .filter(|_| !matches!(standing, Standing::Closed { .. }))
        else {
            return;
        };
        let path = reading.base.in_repository(file);
        let after = proposal
            .edits
            .iter()
            .find(|edit| edit.path == path)
            .and_then(|edit| edit.after.as_ref());
        if let Some(text) = after.and_then(|entry| std::str::from_utf8(&entry.bytes).ok()) {
            self.changelogs
                .push((reading.branch.clone(), text.to_owned()));
        }
    }

    /// A proposal brought to its repository, or what that would take.
    pub(super) fn brought(
        &self,
        reading: &BranchReading<'_>,
        proposal: &Proposal,
    ) -> Result<Submission, Fault> {
        if self.case.context.offline {
            let place = reading.place;
            let mut outlined = reading.remote.outline(proposal, place.is_on_forge);
            if !place.has_remote {
                outlined.plan.notes = Vec::from_iter(self.no_remote());
            }
            return Ok(outlined);
        }
        let mut say = |call: &str| self.case.context.note(call);
        let submit = reading.remote.submit(proposal, self.execute, &mut say);
        self.case.session.wait(submit)
    }

    /// That there is no remote: said once, of whichever link comes first.
    fn no_remote(&self) -> Option<String> {
        let proposed = self.document.proposals.iter();
        let mut said = proposed.flat_map(|one| &one.outcome.notes);
        (!said.any(|note| note == NO_REMOTE)).then(|| NO_REMOTE.to_owned())
    }

    /// A proposal with these texts.
    pub(super) fn worded(
        &self,
        reading: &BranchReading<'_>,
        one: &Assessed<'_>,
        target: Version,
        change: &Change,
        text: RenderedPullRequest,
    ) -> Result<Proposal, Fault> {
        let purpose = Purpose::Bump {
            link: one.link.name.clone(),
            target,
            also: reading.also.then(|| reading.branch.clone()),
            beside: offered_version(reading, one, &self.case.view),
        };
        let body = stamp::unsign(&text.body).0.trim().to_owned();
        let text = RenderedPullRequest { body, ..text };
        let description = pull_request::description(one, target);
        let mut proposal = proposal(reading, purpose, text, description, change)?;
        self.mind_withdrawals(&mut proposal, one.linked.version, target);
        Ok(proposal)
    }

    /// Ends what is left of earlier targets; `offered` is what is offered besides.
    pub(super) fn tidy(
        &mut self,
        reading: &BranchReading<'_>,
        one: &Assessed<'_>,
        offered: Option<Version>,
    ) -> Result<(), Fault> {
        if self.case.context.offline {
            return Ok(());
        }
        let BranchReading {
            remote,
            base,
            branch,
            also,
            place,
            ..
        } = reading;
        let wanted: Vec<Version> = offered.into_iter().chain(one.assessment.target).collect();
        let tidy = Tidy {
            link: &one.link.name,
            base: branch,
            also: *also,
            base_head: &base.head,
            linked: one.linked.version,
            wanted: &wanted,
            withdrawn: &self.withdrawn(),
        };
        let plan = self
            .case
            .session
            .wait(remote.tidy(&tidy, self.execute, &mut |call| {
                self.case.context.note(call);
            }))?;
        self.other(place, &one.link.name, &plan.calls, plan.notes);
        Ok(())
    }

    pub(super) fn other(
        &mut self,
        place: &Place,
        link: &str,
        calls: &[crate::plan::proposal::Call],
        notes: Vec<String>,
    ) {
        if !calls.is_empty() || !notes.is_empty() {
            let calls = document::in_words(calls);
            self.document.others.push(Other {
                repository: place.name.clone(),
                link: link.to_owned(),
                calls,
                notes,
            });
        }
    }
}

/// The proposal of a change to a branch, as the configuration wants its PRs.
pub(super) fn proposal(
    reading: &BranchReading<'_>,
    purpose: Purpose,
    text: RenderedPullRequest,
    description: String,
    change: &Change,
) -> Result<Proposal, Fault> {
    let settings = &reading.place.config.pull_request;
    Ok(Proposal {
        purpose,
        base: reading.branch.clone(),
        base_head: reading.base.head.clone(),
        headline: text.title.clone(),
        title: text.title,
        body: text.body,
        labels: settings.labels.clone(),
        reviewers: settings.reviewers.clone(),
        draft: settings.draft,
        description,
        signed_off_by: signed_off_by(reading.place)?,
        edits: edits(change, &reading.base),
        down_from: None,
        withdrawn: Vec::new(),
    })
}

/// The version that is offered for a link on a branch; release branches get no offer.
pub(super) fn offered_version(
    reading: &BranchReading<'_>,
    one: &Assessed<'_>,
    upstream: &View<'_>,
) -> Option<Version> {
    let offer = one.link.offer.filter(|_| !reading.also)?;
    offered(
        offer,
        one.assessment.linked,
        one.assessment.target,
        upstream,
    )
}

/// Who signs commits off, where the configuration wants that.
fn signed_off_by(place: &Place) -> Result<Option<String>, Fault> {
    match (place.config.pull_request.sign_off, place.checkout()) {
        (false, _) => Ok(None),
        (true, Some(clone)) => clone.identity().map(Some),
        (true, None) => Err(Fault::usage(
            "`sign-off` needs a local clone, whose `user.name` and `user.email` sign; set `checkout`",
        )),
    }
}

/// A change of the project's files as edits of the repository.
fn edits(change: &Change, base: &BranchFiles<'_>) -> Vec<Edit> {
    let edit = |edit: &Edit| Edit {
        path: base.in_repository(&edit.path),
        ..edit.clone()
    };
    change.edits.iter().map(edit).collect()
}
