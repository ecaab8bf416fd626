//! Every repository of a project, read and written by several steps of one run: nothing is asked of
//! them twice.

use super::document::ProposeJson;
use super::own::Moving;
use super::run::Run;
use crate::openssl::version::Version;
use crate::plan::proposal::Purpose;
use crate::plan::proposal::checks::{self, Health};
use crate::text::fault::Fault;
use crate::workspace::branch;
use crate::workspace::case::Case;
use crate::workspace::place::{self, Place};
use crate::workspace::releases::Releases;
use crate::workspace::session::Head;

/// The repositories of a project, and what was proposed to them.
pub(crate) struct Proposals<'a> {
    run: Run<'a>,
    places: Vec<Place>,
    /// The repositories that failed, with their links, and why.
    pub(crate) faults: Vec<(String, Vec<String>, Fault)>,
}

impl<'a> Proposals<'a> {
    /// Costs nothing yet.
    pub(crate) fn open(case: &'a Case<'a>, execute: bool) -> Result<Self, Fault> {
        let mut places = place::places(case.context, case.config)?;
        if !places.iter().any(|place| place.is_here) {
            places.extend(place::own(case.context, case.config)?);
        }
        Ok(Self {
            run: Run::new(case, execute),
            places,
            faults: Vec::new(),
        })
    }

    /// Proposes the moves of pins that are due; a repository that fails keeps no other from what is
    /// due there.
    pub(crate) fn pins(&mut self) {
        branch::look_ahead(self.run.case.session, &self.places);
        for place in self
            .places
            .iter()
            .filter(|place| !place.config.links.is_empty())
        {
            let permitted = if self.run.execute {
                place.check_token()
            } else {
                Ok(())
            };
            if let Err(fault) = permitted.and_then(|()| self.run.place(place)) {
                let links = place
                    .config
                    .links
                    .iter()
                    .map(|link| link.name.clone())
                    .collect();
                self.faults.push((place.name.clone(), links, fault));
            }
        }
        self.take_paperwork_back();
        let position = |head: &Head| {
            self.run
                .case
                .config
                .links
                .iter()
                .position(|link| link.name == head.link.name)
        };
        self.run.heads.sort_by_key(position);
        // Whoever asks for the links later in this run is told of the same.
        if self.faults.is_empty() {
            let _ = self.run.case.session.heads.set(self.run.heads.clone());
        }
    }

    /// Closes what is open in the project's own repository about releases that upstream has
    /// withdrawn, whatever the pins in another one wait for.
    fn take_paperwork_back(&mut self) {
        let Self {
            run,
            places,
            faults,
        } = self;
        let Some(own) = places.iter().find(|place| place.is_here) else {
            return;
        };
        let elsewhere: Vec<(String, Version)> = run
            .heads
            .iter()
            .filter(|head| !head.is_here && !head.link.assessment.tested)
            .map(|head| (head.link.name.clone(), head.link.assessment.linked))
            .collect();
        for (link, linked) in elsewhere {
            if let Err(fault) = run.take_paperwork_back(own, &link, linked) {
                faults.push((own.name.clone(), vec![link], fault));
            }
        }
    }

    /// The links at the heads of their base branches, as far as they could be read.
    pub(crate) fn heads(&self) -> &[Head] {
        &self.run.heads
    }

    /// What was proposed so far.
    pub(crate) fn document(&self) -> &ProposeJson {
        &self.run.document
    }

    pub(crate) fn finish(self) -> ProposeJson {
        self.run.document
    }

    /// The name of the project's own repository.
    pub(crate) fn own(&self) -> Option<&str> {
        self.places
            .iter()
            .find(|place| place.is_here)
            .map(|place| place.name.as_str())
    }

    /// Whether a release has any: a changelog, or a version of its own.
    pub(crate) fn has_paperwork(&self) -> bool {
        let config = self.run.case.config;
        config.changelog.is_some() || !config.versions.is_empty()
    }

    /// Whether anything waits for the checks on pins in another repository.
    pub(crate) fn gates_on_checks(&self) -> bool {
        let config = self.run.case.config;
        self.has_paperwork() || config.announcement.is_some() || config.published.is_some()
    }

    /// Proposes the paperwork of every link whose pins, in another repository, have moved since the
    /// last release.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with changelog or version, or the first thing that the forge or git
    /// refuses.
    pub(crate) fn paperwork(&mut self) -> Result<(), Fault> {
        let case = self.run.case;
        let settled = |head: &&Head| {
            !head.is_here
                && !head.link.assessment.tested
                && !self
                    .run
                    .document
                    .proposals
                    .iter()
                    .any(|one| one.link == head.link.name && !one.offered)
        };
        let settled: Vec<&Head> = self.run.heads.iter().filter(settled).collect();
        if settled.is_empty() || !self.has_paperwork() {
            return Ok(());
        }
        let project = case.project()?;
        if let Some(fault) = &project.unasked {
            return Err(fault.clone());
        }
        let releases = Releases::of(case, project);
        let mut moved: Vec<(String, Version, Version)> = Vec::new();
        let mut stays: Vec<(String, Version)> = Vec::new();
        for head in settled {
            let (Some(link), now) = (
                case.config.link(&head.link.name),
                head.link.assessment.linked,
            ) else {
                continue;
            };
            let lines = project
                .lines
                .iter()
                .filter_map(|line| project.tag(&line.newest));
            let before = lines
                .filter_map(|tag| releases.carried(link, tag))
                .find(|before| *before != now);
            match before {
                Some(before) => moved.push((link.name.clone(), before, now)),
                None => stays.push((link.name.clone(), now)),
            }
        }
        for (link, from, to) in moved {
            self.follow(&link, from, to)?;
        }
        for (link, to) in stays {
            self.follow_down(&link, to)?;
        }
        Ok(())
    }

    /// Proposes the paperwork of one link, from what the last release carried to what its pins say.
    pub(crate) fn follow(&mut self, link: &str, from: Version, to: Version) -> Result<(), Fault> {
        self.write(link, from, to, false)
    }

    /// Proposes what is left to write of a link whose newest release carries what its pins say:
    /// where the changelog of the next one speaks of a withdrawn release that the pins were led
    /// down from, it is to say so no more.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with changelog or version, or the first thing that the forge or git
    /// refuses.
    pub(crate) fn follow_down(&mut self, link: &str, to: Version) -> Result<(), Fault> {
        let Self { run, places, .. } = self;
        let (Some(place), Some(one)) = (
            places.iter().find(|place| place.is_here),
            run.case.config.link(link),
        ) else {
            return Ok(());
        };
        match run.claimed(place, one, to)? {
            Some(from) => self.write(link, from, to, true),
            None => Ok(()),
        }
    }

    fn write(
        &mut self,
        link: &str,
        from: Version,
        to: Version,
        is_claimed: bool,
    ) -> Result<(), Fault> {
        let which = || {
            Fault::usage(
                "which repository is this? set `repository = \"owner/name\"` in `[project]`",
            )
        };
        let Self { run, places, .. } = self;
        let place = places
            .iter()
            .find(|place| place.is_here)
            .ok_or_else(which)?;
        let Some(link) = run.case.config.link(link) else {
            return Ok(());
        };
        let moving = Moving {
            link,
            from,
            to,
            is_claimed,
        };
        run.paperwork(place, &moving)
    }

    /// Whether changelog entries are to be carried forward, and can be.
    pub(crate) fn forwards(&self) -> bool {
        self.run
            .case
            .config
            .changelog
            .as_ref()
            .is_some_and(|log| log.forward.is_some())
            && !self.run.case.context.offline
    }

    /// Carries forward, in the project's own repository, what the changelogs of release branches
    /// and of the newest release say and the main one lacks.
    ///
    /// # Errors
    ///
    /// If a changelog is not understood, or the first thing that the forge or git refuses.
    pub(crate) fn carry_forward(&mut self) -> Result<(), Fault> {
        let Some(own) = self
            .places
            .iter()
            .find(|place| place.is_here)
            .filter(|_| self.forwards())
        else {
            return Ok(());
        };
        if self.run.execute {
            own.check_token()?;
        }
        self.run.forward(own)
    }

    /// What the checks say of the commit that has a link's pins, and its page: of the one that
    /// merging our PR made, else of the base's head. Where the former is red, a later commit that
    /// repairs it counts.
    pub(crate) fn checks(&self, head: &Head) -> Result<(Health, Option<String>), Fault> {
        let place = self
            .places
            .iter()
            .find(|place| place.name == head.repository && !place.config.links.is_empty());
        let Some((place, Some(forge))) = place.map(|place| (place, place.forge())) else {
            return Ok((Health::Unchecked, None));
        };
        let required = place::settings(self.run.case.config, &place.name)
            .map(|settings| settings.checks.clone())
            .unwrap_or_default();
        let purpose = Purpose::Bump {
            link: head.link.name.clone(),
            target: head.link.assessment.linked,
            also: None,
            beside: None,
        };
        let pull = self
            .run
            .case
            .session
            .wait(forge.pull_of(&purpose.branch()))?;
        let merged = pull
            .and_then(|pull| pull.merged_as)
            .unwrap_or_else(|| head.commit.clone());
        let mut health = checks::health(
            &self.run.case.session.wait(forge.checks(&merged))?,
            &required,
        );
        let mut commit = &merged;
        if matches!(health, Health::Red(_)) && merged != head.commit {
            commit = &head.commit;
            health = checks::health(
                &self.run.case.session.wait(forge.checks(commit))?,
                &required,
            );
        }
        let server = forge.server().as_str().trim_end_matches('/');
        Ok((
            health,
            Some(format!("{server}/{}/commit/{commit}", place.name)),
        ))
    }
}
