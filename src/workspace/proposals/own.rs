//! The paperwork of links whose pins are in another repository: changelog and version follow in a
//! PR of the project's own.

use super::run::Run;
use crate::openssl::assessment::assess_move;
use crate::openssl::version::Version;
use crate::paper::draft::LinkMove;
use crate::plan::pipeline::lines::ReleaseLine;
use crate::project::changelog;
use crate::project::config::{Config, Link};
use crate::project::file_tree;
use crate::project::linked::Linked;
use crate::text::fault::Fault;
use crate::workspace::branch::BranchReading;
use crate::workspace::bump;
use crate::workspace::links::Assessed;
use crate::workspace::place::Place;
use crate::workspace::pull_request;
use crate::workspace::releases::Releases;

/// A link whose pins, in another repository, have moved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moving<'a> {
    pub(crate) link: &'a Link,
    /// What the project's last release carried.
    pub(crate) from: Version,
    /// What its pins say; the same where nothing is left to do but to tidy up.
    pub(crate) to: Version,
    /// Whether no release carried the former: it only stands in the changelog of the next one.
    pub(crate) is_claimed: bool,
}

impl Run<'_> {
    /// Brings the paperwork of a link that has moved elsewhere to the base and every further
    /// release branch.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with changelog or version file, or the first thing that the forge or git
    /// refuses.
    pub(crate) fn paperwork(&mut self, place: &Place, moving: &Moving<'_>) -> Result<(), Fault> {
        if self.execute {
            place.check_token()?;
        }
        let remote = place.remote();
        for (branch, also) in self.case.session.branches(place, &remote)? {
            let from = match moving.is_claimed {
                true => None,
                false => self.released_from(&branch, moving.link)?,
            };
            let reading = self.case.session.read(place, &remote, branch, also)?;
            let moving = Moving {
                from: from.unwrap_or(moving.from),
                ..*moving
            };
            self.follow(&reading, &moving)?;
        }
        Ok(())
    }

    /// What the newest release from a branch carried of a link; none where that makes none of its
    /// own.
    fn released_from(&self, branch: &str, link: &Link) -> Result<Option<Version>, Fault> {
        let project = self.case.project()?;
        let is_of =
            |line: &&ReleaseLine| line.branch.as_ref().is_some_and(|tip| tip.name == branch);
        let newest = project.lines.iter().find(is_of);
        let tag = newest.and_then(|line| project.tag(&line.newest));
        Ok(tag.and_then(|tag| Releases::of(self.case, project).carried(link, tag)))
    }

    /// Brings the paperwork of one link to one branch.
    fn follow(&mut self, reading: &BranchReading<'_>, moving: &Moving<'_>) -> Result<(), Fault> {
        let Moving { link, from, to, .. } = *moving;
        let upstream = &self.case.view;
        let assessment = assess_move(from, to, &link.policy(), upstream)?;
        let one = Assessed::at(link, assessment);
        let config = self.written(reading, from, to)?;
        let prepared = match from == to {
            true => None,
            false => Some(bump::paperwork(
                &self.case.at(&reading.base, &config),
                &one,
            )?)
            .filter(|prepared| !prepared.change.is_empty()),
        };
        let Some(prepared) = prepared else {
            let settled = Assessed {
                linked: Linked {
                    version: to,
                    places: Vec::new(),
                },
                ..one
            };
            return self.tidy(reading, &settled, None);
        };
        let templates = self.case.templates()?;
        let elsewhere = link.repository.as_deref().unwrap_or_default();
        let verified = [format!(
            "The pins have moved in `{elsewhere}`, where their values were checked."
        )];
        let words = pull_request::Words {
            moved: &LinkMove::between(&link.name, one.linked.version, to, upstream),
            assessment: &one.assessment,
            beside: &one.beside,
            version: prepared.release.as_deref(),
            verified: &verified,
        };
        let mut text = pull_request::render(self.case.config, templates, upstream, &words)?;
        text.body = format!(
            "The pins are in `{elsewhere}` and have moved; this is what the release says of it.\n\n{}",
            text.body
        );
        let proposal = self.worded(reading, &one, to, &prepared.change, text)?;
        self.submit(reading, &one, to, &proposal, &prepared.change, false)
    }

    /// The configuration of the paperwork: without the changelog where that speaks of the version
    /// already, in whatever words; where that leads down, it speaks of when it was newest.
    fn written(
        &self,
        reading: &BranchReading<'_>,
        from: Version,
        to: Version,
    ) -> Result<Config, Fault> {
        let mut config = Config {
            links: self.case.config.links.clone(),
            ..reading.place.config.clone()
        };
        let Some(log) = config.changelog.as_ref().filter(|_| to > from) else {
            return Ok(config);
        };
        let tree = reading.base.tree.as_ref();
        let mentioned = match (&log.entry, &log.file) {
            (Some(entry), _) => file_tree::texts_in(tree, entry.folder())?
                .iter()
                .any(|(_, text)| changelog::mentions(text, to)),
            (None, Some(file)) => {
                let found = tree.real(file).and_then(|real| tree.entry(&real));
                let entry = found.ok().flatten().ok_or_else(|| {
                    Fault::usage(format!("`{}` has no `{file}`", reading.place.name))
                })?;
                changelog::mentions(&String::from_utf8_lossy(&entry.bytes), to)
            }
            (None, None) => false,
        };
        if mentioned {
            config.changelog = None;
        }
        Ok(config)
    }
}
