//! For every link that moves one branch, one commit and one PR; for every link that cannot, one
//! issue.

pub(crate) mod document;
mod forward;
mod offer;
mod own;
mod paper;
mod session;
mod tested;

use crate::openssl::assessment::Verdict;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::paper::report::meaning;
use crate::plan::proposal::{Content, Edit, Oid, Proposal, Purpose};
use crate::project::change::{Change, State};
use crate::project::linked::Mode as FileMode;
use crate::text::fault::Fault;
use crate::workspace::base::Base;
use crate::workspace::branch::{self, Reading};
use crate::workspace::bump::{self, Prepared};
use crate::workspace::case::Case;
use crate::workspace::links::{self, Assessed, Chosen};
use crate::workspace::place::Place;
use crate::workspace::remote::{Submission, Tidy};
use crate::workspace::session::Head;
use document::{Other, ProposeJson, Proposed, Shown, Undecided};
pub(crate) use session::Proposals;

/// Proposes what is due in every repository.
///
/// # Errors
///
/// Whatever is wrong with pins, or the first thing that a forge or git refuses; running again goes
/// on from there.
pub(crate) fn propose(case: &Case<'_>, execute: bool) -> Result<ProposeJson, Fault> {
    let mut proposals = Proposals::open(case, execute)?;
    proposals.pins();
    if let Some((.., fault)) = proposals.faults.first() {
        return Err(fault.clone());
    }
    proposals.paperwork()?;
    proposals.carry_forward()?;
    Ok(proposals.finish())
}

struct Run<'a> {
    case: &'a Case<'a>,
    execute: bool,
    document: ProposeJson,
    heads: Vec<Head>,
    /// Base branches of the project's own repository with their changelogs as PRs of ours will
    /// leave them.
    changelogs: Vec<(String, String)>,
}

impl<'a> Run<'a> {
    fn new(case: &'a Case<'a>, execute: bool) -> Self {
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

    fn place(&mut self, place: &Place) -> Result<(), Fault> {
        let remote = place.remote();
        for (branch, also) in self.case.session.branches(place, &remote)? {
            let reading = self.case.session.read(place, &remote, branch, also)?;
            self.branch(&reading)?;
        }
        Ok(())
    }

    fn branch(&mut self, reading: &Reading<'_>) -> Result<(), Fault> {
        // Release branches keep what they are tested with.
        let config = &match reading.also {
            true => reading.place.config.clone().shipped(),
            false => reading.place.config.clone(),
        };
        let base = self.case.at(&reading.context, config);
        let upstream = &base.view;
        let here: Vec<_> = config.links.iter().collect();
        let directory = reading.base.project();
        let (assessed, _) = links::all(
            &directory,
            &here,
            &self.case.facts.snapshot,
            upstream,
            &Chosen::default(),
        )?;
        if !reading.also {
            self.heads.extend(
                assessed
                    .iter()
                    .map(|one| branch::head(self.case.context, reading, one)),
            );
        }
        self.tested(reading, &assessed)?;
        for one in assessed
            .iter()
            .filter(|one| !one.link.is_tested() && config.is_asked(&one.link.name))
        {
            if one.assessment.verdict == Verdict::Unknown {
                // What stands there may be right: nothing is opened, and nothing is closed.
                self.document.unknown.push(Undecided {
                    repository: reading.place.name.clone(),
                    link: one.link.name.clone(),
                    linked: one.linked.version,
                    why: meaning(&one.assessment),
                });
                continue;
            }
            let prepared = bump::prepare(&base, &[], &[&one.link.name])?;
            let offered = offer::of(reading, one, upstream);
            match one.assessment.target {
                Some(target) if !prepared.change.is_empty() => {
                    self.propose_one(reading, upstream, one, target, &prepared)?;
                }
                _ => self.tidy(reading, one, offered)?,
            }
            if let Some(offered) = offered {
                self.offer(reading, one, offered)?;
            }
            if !reading.also {
                self.track(reading, upstream, one)?;
            }
        }
        Ok(())
    }

    fn propose_one(
        &mut self,
        reading: &Reading<'_>,
        upstream: &View<'_>,
        one: &Assessed<'_>,
        target: Version,
        prepared: &Prepared,
    ) -> Result<(), Fault> {
        let proposal = self.proposal(reading, upstream, one, target, prepared)?;
        self.submit(reading, one, target, &proposal, &prepared.change, false)
    }

    /// Brings a proposal to its repository, and notes what became of it.
    fn submit(
        &mut self,
        reading: &Reading<'_>,
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
        let shown = Shown {
            repository: &reading.place.name,
            link: &one.link.name,
            from: one.linked.version,
            target,
            offered,
            diff,
        };
        let mut proposed = Proposed::of(shown, proposal, &submission);
        proposed.notes.extend(
            change
                .unchecked
                .iter()
                .map(|unchecked| format!("unchecked: {unchecked}")),
        );
        if !self.execute && proposed.pull.is_none() && reading.place.may_be_workflow_token() {
            proposed.notes.push(crate::plan::proposal::NO_CI.to_owned());
        }
        self.document.proposals.push(proposed);
        Ok(())
    }

    /// A proposal brought to its repository, or what that would take.
    fn brought(&self, reading: &Reading<'_>, proposal: &Proposal) -> Result<Submission, Fault> {
        if self.case.context.offline {
            return Ok(reading.remote.outline(proposal, reading.place.is_on_forge));
        }
        let mut say = |call: &str| self.case.context.note(call);
        let submit = reading.remote.submit(proposal, self.execute, &mut say);
        self.case.session.wait(submit)
    }

    fn proposal(
        &self,
        reading: &Reading<'_>,
        upstream: &View<'_>,
        one: &Assessed<'_>,
        target: Version,
        prepared: &Prepared,
    ) -> Result<Proposal, Fault> {
        let templates = self.case.templates()?;
        let words = paper::Words {
            version: prepared.project_version.as_deref(),
            verified: &prepared.verified(),
        };
        let text = paper::pull_request(self.case.config, templates, upstream, one, target, &words)?;
        self.worded(reading, one, target, &prepared.change, text)
    }

    /// A proposal with these texts.
    fn worded(
        &self,
        reading: &Reading<'_>,
        one: &Assessed<'_>,
        target: Version,
        change: &Change,
        text: crate::paper::draft::pull_request::Rendered,
    ) -> Result<Proposal, Fault> {
        let settings = &reading.place.config.pull_request;
        Ok(Proposal {
            purpose: Purpose::Bump {
                link: one.link.name.clone(),
                target,
                also: reading.also.then(|| reading.branch.clone()),
                beside: offer::of(reading, one, &self.case.view),
            },
            base: reading.branch.clone(),
            base_head: reading.base.head.clone(),
            headline: text.title.clone(),
            title: text.title,
            body: crate::plan::proposal::stamp::unsign(&text.body)
                .0
                .trim()
                .to_owned(),
            labels: settings.labels.clone(),
            reviewers: settings.reviewers.clone(),
            draft: settings.draft,
            description: paper::description(one, target),
            signed_off_by: signed_off_by(reading.place)?,
            edits: edits(change, &reading.base)?,
        })
    }

    /// Ends what is left of earlier targets; `offered` is what is offered besides.
    fn tidy(
        &mut self,
        reading: &Reading<'_>,
        one: &Assessed<'_>,
        offered: Option<Version>,
    ) -> Result<(), Fault> {
        if self.case.context.offline {
            return Ok(());
        }
        let Reading {
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

    fn track(
        &mut self,
        reading: &Reading<'_>,
        upstream: &View<'_>,
        one: &Assessed<'_>,
    ) -> Result<(), Fault> {
        if self.case.context.offline {
            return Ok(());
        }
        let templates = self.case.templates()?;
        let wanted = paper::tracking(self.case.config, templates, upstream, one)?;
        let calls = self.case.session.wait(reading.remote.track(
            &one.link.name,
            wanted.as_ref(),
            self.execute,
            &mut |call| self.case.context.note(call),
        ))?;
        self.other(reading.place, &one.link.name, &calls, Vec::new());
        Ok(())
    }

    fn other(
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
fn edits(change: &Change, base: &Base) -> Result<Vec<Edit>, Fault> {
    let mut edits = Vec::new();
    for edit in &change.edits {
        let path = base.in_repository(&edit.path);
        let after = match &edit.after {
            State::Absent => None,
            State::Gitlink(commit) => {
                let wrong = || {
                    Fault::failed(format!(
                        "`{commit}` is no commit that `{path}` could move to"
                    ))
                };
                Some(Content::Gitlink(Oid::read(commit).ok_or_else(wrong)?))
            }
            State::File(entry) => Some(match entry.mode {
                FileMode::Symlink => Content::Symlink(entry.bytes.clone()),
                mode => Content::File {
                    bytes: entry.bytes.clone(),
                    executable: mode == FileMode::Executable,
                },
            }),
        };
        edits.push(Edit {
            before: base.entry(&path),
            path,
            after,
        });
    }
    edits.retain(Edit::acts);
    Ok(edits)
}
