//! Beside what is due: the move to a newer series as a draft PR of its own, for the project's next
//! major release.

use super::run::Run;
use crate::openssl::assessment::assess_move;
use crate::openssl::version::Version;
use crate::paper::draft::LinkMove;
use crate::plan::proposal::Purpose;
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::workspace::branch::BranchReading;
use crate::workspace::bump;
use crate::workspace::links::Assessed;
use crate::workspace::pull_request;

impl Run<'_> {
    /// Opens the offer, or brings it up to date.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with pins or tarballs, or the first thing that the forge or git refuses.
    pub(super) fn offer(
        &mut self,
        reading: &BranchReading<'_>,
        due: &Assessed<'_>,
        target: Version,
    ) -> Result<(), Fault> {
        // Which version a major release has, and what else is in it, is not ours to say.
        let config = Config {
            versions: Vec::new(),
            ..reading.place.config.clone()
        };
        let base = self.case.at(&reading.base, &config);
        let chosen = [format!("{}={target}", due.link.name)];
        let prepared = bump::prepare(&base, &chosen, &[&due.link.name])?;
        if prepared.change.is_empty() {
            return Ok(());
        }
        let linked = due.linked.version;
        let assessment = assess_move(linked, target, &due.link.policy(), &base.view)?;
        let one = Assessed::at(due.link, assessment);
        let words = pull_request::Words {
            moved: &LinkMove::between(&due.link.name, linked, target, &base.view),
            assessment: &one.assessment,
            beside: &one.beside,
            version: None,
            verified: &prepared.verified(),
        };
        let templates = self.case.templates()?;
        let mut text = pull_request::render(self.case.config, templates, &base.view, &words)?;
        text.title = format!("{} (for your next major)", text.title);
        text.body = format!(
            "This is an offer for your next major release: the move from OpenSSL {} to {}. Nothing is due here, and nothing waits for it. It is kept up to date, and closed once `{}` has it or a newer release takes its place.\n\n{}",
            linked.series(),
            target.series(),
            reading.branch,
            text.body
        );
        let mut proposal = self.worded(reading, &one, target, &prepared.change, text)?;
        proposal.draft = true;
        proposal.purpose = Purpose::Bump {
            link: due.link.name.clone(),
            target,
            also: None,
            beside: due.assessment.target,
        };
        self.submit(reading, &one, target, &proposal, &prepared.change, true)
    }
}
