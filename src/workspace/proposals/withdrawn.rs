//! What becomes of proposals once upstream has withdrawn a release.

use super::run::Run;
use crate::openssl::version::Version;
use crate::plan::proposal::{Oid, Proposal, Reason, target_of};
use crate::project::changelog;
use crate::project::config::Link;
use crate::text::fault::Fault;
use crate::workspace::branch::BranchReading;
use crate::workspace::links::Assessed;
use crate::workspace::paperwork::changelog_file;
use crate::workspace::place::Place;
use crate::workspace::releases::Releases;
use crate::workspace::remote::Remote;

/// A branch that proposals are made against.
struct Base<'a> {
    place: &'a Place,
    remote: &'a Remote<'a>,
    branch: &'a str,
    /// Whether it is one of the further release branches.
    also: bool,
    head: &'a Oid,
}

impl Run<'_> {
    /// Lets a proposal know what upstream has withdrawn, and whether it leads down for that.
    pub(super) fn mind_withdrawals(&self, proposal: &mut Proposal, from: Version, to: Version) {
        proposal.withdrawn = self.withdrawn();
        proposal.down_from =
            Some(from).filter(|from| to < *from && proposal.withdrawn.contains(from));
    }

    /// The releases that upstream has withdrawn.
    pub(super) fn withdrawn(&self) -> Vec<Version> {
        let releases = self.case.view.releases().iter();
        let withdrawn = releases.filter(|published| published.withdrawn);
        withdrawn
            .map(|published| published.release.version)
            .collect()
    }

    /// Closes what is open for withdrawn releases above the one that a branch has: that much is
    /// known, however old the facts are.
    ///
    /// # Errors
    ///
    /// The first thing that the forge or git refuses.
    pub(super) fn take_back(
        &mut self,
        reading: &BranchReading<'_>,
        one: &Assessed<'_>,
    ) -> Result<(), Fault> {
        let above = |version: &Version| *version > one.linked.version;
        let withdrawn: Vec<Version> = self.withdrawn().into_iter().filter(above).collect();
        let base = Base {
            place: reading.place,
            remote: reading.remote,
            branch: &reading.branch,
            also: reading.also,
            head: &reading.base.head,
        };
        self.close(&base, &one.link.name, &withdrawn)
    }

    /// Closes what is open in the project's own repository for withdrawn releases that the pins of
    /// a link, in another one, have or had.
    ///
    /// # Errors
    ///
    /// The first thing that the forge or git refuses.
    pub(super) fn take_paperwork_back(
        &mut self,
        place: &Place,
        link: &str,
        linked: Version,
    ) -> Result<(), Fault> {
        let reachable = |version: &Version| version.series() >= linked.series();
        let withdrawn: Vec<Version> = self.withdrawn().into_iter().filter(reachable).collect();
        if self.case.context.offline || withdrawn.is_empty() {
            return Ok(());
        }
        let remote = place.remote();
        for (branch, also) in self.case.session.branches(place, &remote)? {
            let head = self.case.session.head(&remote, &branch)?;
            let base = Base {
                place,
                remote: &remote,
                branch: &branch,
                also,
                head: &head,
            };
            self.close(&base, link, &withdrawn)?;
        }
        Ok(())
    }

    /// The withdrawn release that the changelog in the project's own repository speaks of though no
    /// release of the project carried it, and the pins have a lower one by now.
    ///
    /// # Errors
    ///
    /// If the repository or the changelog cannot be read.
    pub(super) fn claimed(
        &self,
        place: &Place,
        link: &Link,
        now: Version,
    ) -> Result<Option<Version>, Fault> {
        let above = |version: &Version| *version > now;
        let withdrawn: Vec<Version> = self.withdrawn().into_iter().filter(above).collect();
        let (case, session) = (self.case, self.case.session);
        if session.context.offline || withdrawn.is_empty() {
            return Ok(None);
        }
        let remote = place.remote();
        let base = session.base_branch(place, &remote)?;
        let reading = session.read(place, &remote, base, false)?;
        let log = changelog_file(reading.base.tree.as_ref(), &place.config)?;
        let Some((_, text)) = log else {
            return Ok(None);
        };
        let project = case.project()?;
        let releases = Releases::of(case, project);
        let is_carried = |version: Version| {
            let mut tags = project.tags.iter();
            tags.any(|tag| releases.carried(link, tag) == Some(version))
        };
        let mut spoken_of = withdrawn.into_iter().rev();
        Ok(spoken_of.find(|version| changelog::mentions(&text, *version) && !is_carried(*version)))
    }

    fn close(&mut self, base: &Base<'_>, link: &str, withdrawn: &[Version]) -> Result<(), Fault> {
        if self.case.context.offline || withdrawn.is_empty() {
            return Ok(());
        }
        let also = base.also.then_some(base.branch);
        let why = |branch: &str| {
            let version = target_of(branch, link, also)?;
            withdrawn
                .contains(&version)
                .then_some(Reason::Withdrawn { version, by: None })
        };
        let plan = self.case.session.wait(base.remote.retire(
            (base.branch, base.head),
            &why,
            self.execute,
            &mut |call| self.case.context.note(call),
        ))?;
        self.other(base.place, link, &plan.calls, plan.notes);
        Ok(())
    }
}
