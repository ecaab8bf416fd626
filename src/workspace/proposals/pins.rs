//! The moves of pins that are due in one repository, branch by branch.

use super::document::Undecided;
use super::run::{Run, offered_version};
use crate::openssl::assessment::Verdict;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::paper::draft::LinkMove;
use crate::paper::report::meaning;
use crate::plan::proposal::Proposal;
use crate::text::fault::Fault;
use crate::workspace::branch::{self, BranchReading};
use crate::workspace::bump::{self, Prepared};
use crate::workspace::links::{self, Assessed, Chosen};
use crate::workspace::place::Place;
use crate::workspace::pull_request;

impl Run<'_> {
    pub(super) fn place(&mut self, place: &Place) -> Result<(), Fault> {
        let remote = place.remote();
        for (branch, also) in self.case.session.branches(place, &remote)? {
            let reading = self.case.session.read(place, &remote, branch, also)?;
            self.branch(&reading)?;
        }
        Ok(())
    }

    fn branch(&mut self, reading: &BranchReading<'_>) -> Result<(), Fault> {
        // Release branches keep what they are tested with.
        let config = &match reading.also {
            true => reading.place.config.clone().shipped(),
            false => reading.place.config.clone(),
        };
        let base = self.case.at(&reading.base, config);
        let upstream = &base.view;
        let here: Vec<_> = config.links.iter().collect();
        let (assessed, _) = links::all(
            reading.base.tree.as_ref(),
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
                // What stands there may be right: nothing is opened, and nothing else is closed.
                self.take_back(reading, one)?;
                self.document.unknown.push(Undecided {
                    repository: reading.place.name.clone(),
                    link: one.link.name.clone(),
                    linked: one.linked.version,
                    why: meaning(&one.assessment),
                });
                continue;
            }
            let prepared = bump::prepare(&base, &[], &[&one.link.name])?;
            let offered = offered_version(reading, one, upstream);
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
        reading: &BranchReading<'_>,
        upstream: &View<'_>,
        one: &Assessed<'_>,
        target: Version,
        prepared: &Prepared,
    ) -> Result<(), Fault> {
        let proposal = self.proposal(reading, upstream, one, target, prepared)?;
        self.submit(reading, one, target, &proposal, &prepared.change, false)
    }

    fn proposal(
        &self,
        reading: &BranchReading<'_>,
        upstream: &View<'_>,
        one: &Assessed<'_>,
        target: Version,
        prepared: &Prepared,
    ) -> Result<Proposal, Fault> {
        let templates = self.case.templates()?;
        let words = pull_request::Words {
            moved: &LinkMove::between(&one.link.name, one.linked.version, target, upstream),
            assessment: &one.assessment,
            beside: &one.beside,
            version: prepared.release.as_deref(),
            verified: &prepared.verified(),
        };
        let text = pull_request::render(self.case.config, templates, upstream, &words)?;
        self.worded(reading, one, target, &prepared.change, text)
    }

    fn track(
        &mut self,
        reading: &BranchReading<'_>,
        upstream: &View<'_>,
        one: &Assessed<'_>,
    ) -> Result<(), Fault> {
        if self.case.context.offline {
            return Ok(());
        }
        let templates = self.case.templates()?;
        let wanted = pull_request::tracking(self.case.config, templates, upstream, one)?;
        let plan = self.case.session.wait(reading.remote.track(
            &one.link.name,
            wanted.as_ref(),
            self.execute,
            &mut |call| self.case.context.note(call),
        ))?;
        self.other(reading.place, &one.link.name, &plan.calls, plan.notes);
        Ok(())
    }
}
