//! Links whose versions are only tested with: all that move in a repository move in one PR.

use std::fmt::Write;

use super::document::{Proposed, PullOutcome};
use super::run::{Run, proposal};
use crate::openssl::version::Version;
use crate::paper::draft::pull_request::RenderedPullRequest;
use crate::plan::proposal::purpose::{TESTED, TESTED_PREFIX};
use crate::plan::proposal::{Purpose, Reason};
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::text::in_words;
use crate::workspace::branch::BranchReading;
use crate::workspace::bump;
use crate::workspace::links::Assessed;

impl Run<'_> {
    /// Brings the move of every tested link of a branch to its repository, or ends what is left of
    /// earlier ones.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with pins or tarballs, or the first thing that the forge or git refuses.
    pub(super) fn tested(
        &mut self,
        reading: &BranchReading<'_>,
        assessed: &[Assessed<'_>],
    ) -> Result<(), Fault> {
        let tested: Vec<&Assessed<'_>> =
            assessed.iter().filter(|one| one.link.is_tested()).collect();
        let settings = &reading.place.config;
        if !tested.iter().any(|one| settings.is_asked(&one.link.name)) {
            return Ok(());
        }
        // What is only tested with stands in no changelog and makes no release. Who asks for one
        // link gets the PR whole: there is one for all of them.
        let config = Config {
            asked: Vec::new(),
            changelog: None,
            versions: Vec::new(),
            ..reading.place.config.clone()
        };
        let names: Vec<&str> = tested.iter().map(|one| one.link.name.as_str()).collect();
        let prepared = bump::prepare(&self.case.at(&reading.base, &config), &[], &names)?;
        let moving: Vec<(&str, Version, Version)> = prepared
            .links
            .iter()
            .map(|moved| (moved.name.as_str(), moved.from, moved.to))
            .collect();
        let newest = moving.iter().map(|(.., to)| *to).max();
        match newest.filter(|_| !prepared.change.is_empty()) {
            Some(newest) => self.test_with(reading, &moving, newest, &prepared),
            // What stands there may be right: nothing is closed.
            None if prepared.unknown => Ok(()),
            None => self.tested_already(reading),
        }
    }

    fn test_with(
        &mut self,
        reading: &BranchReading<'_>,
        moving: &[(&str, Version, Version)],
        newest: Version,
        prepared: &bump::Prepared,
    ) -> Result<(), Fault> {
        let mut versions: Vec<Version> = moving.iter().map(|(.., to)| *to).collect();
        versions.sort_unstable();
        versions.dedup();
        let title = format!("Test with OpenSSL {}", in_words(&versions));
        let mut body = String::from(
            "These versions are only tested with: nothing that is shipped changes.\n\n",
        );
        for (link, from, to) in moving {
            let _ = writeln!(body, "- `{link}`: OpenSSL {from} -> {to}");
        }
        let (purpose, text) = (
            Purpose::Tested { target: newest },
            RenderedPullRequest { title, body },
        );
        let name = &self.case.config.project.name;
        let description = format!("Moves what `{name}` is tested with.");
        let mut proposal = proposal(reading, purpose, text, description, &prepared.change)?;
        let from = moving
            .iter()
            .find(|(.., to)| *to == newest)
            .map_or(newest, |(_, from, _)| *from);
        self.mind_withdrawals(&mut proposal, from, newest);
        let submission = self.brought(reading, &proposal)?;
        let diff = prepared.change.unified_diff(&reading.place.prefix);
        self.document.proposals.push(Proposed {
            repository: reading.place.name.clone(),
            link: TESTED.to_owned(),
            from,
            target: newest,
            offered: false,
            outcome: PullOutcome::of(&proposal, &submission, diff),
        });
        Ok(())
    }

    fn tested_already(&mut self, reading: &BranchReading<'_>) -> Result<(), Fault> {
        if self.case.context.offline {
            return Ok(());
        }
        let why = |branch: &str| {
            branch.starts_with(TESTED_PREFIX).then(|| {
                Reason::Done(format!(
                    "`{}` is tested with these versions already.",
                    reading.branch
                ))
            })
        };
        let plan = self.case.session.wait(reading.remote.retire(
            (&reading.branch, &reading.base.head),
            &why,
            self.execute,
            &mut |call| self.case.context.note(call),
        ))?;
        self.other(reading.place, TESTED, &plan.calls, plan.notes);
        Ok(())
    }
}
