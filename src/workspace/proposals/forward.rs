//! What the changelog of a release branch says of a release is carried to the main one, by a PR of
//! its own: it is there once the release is out, and the project's next release must not forget it.

use super::document::{Forwarded, PullOutcome};
use super::run::{Run, proposal};
use crate::outside::git::history::{ProjectHistory, Tag};
use crate::paper::draft::forward::Forward;
use crate::plan::proposal::{Purpose, Reason};
use crate::project::change::Change;
use crate::project::changelog::{self, Carried};
use crate::project::file_tree;
use crate::project::linked::Files;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::workspace::branch::BranchReading;
use crate::workspace::branch_files::CommitTree;
use crate::workspace::place::Place;
use crate::workspace::remote::Remote;

/// The changelog of a release branch, or of a release.
struct ForwardSource {
    /// The branch's or the tag's name.
    name: String,
    text: String,
}

/// The changelog that entries are carried to.
struct ForwardTarget<'a> {
    reading: &'a BranchReading<'a>,
    /// As the configuration names it, and where that leads.
    file: &'a str,
    path: String,
    files: Files,
    /// The project's release tags, ascending.
    tags: Vec<Tag>,
}

impl Run<'_> {
    /// Carries forward what the project's configuration asks for. `place` is the project's own
    /// repository.
    pub(crate) fn forward(&mut self, place: &Place) -> Result<(), Fault> {
        let config = &place.config;
        let Some(log) = config
            .changelog
            .as_ref()
            .filter(|_| !self.case.context.offline)
        else {
            return Ok(());
        };
        let (Some(to), Some(file)) = (&log.forward, &log.file) else {
            return Ok(());
        };
        let remote = place.remote();
        let branch = match to {
            Some(branch) => branch.clone(),
            None => self.case.session.base_branch(place, &remote)?,
        };
        let reading = self.case.session.read(place, &remote, branch, false)?;
        let target = ForwardTarget::of(&reading, file)?;
        let tagged: Vec<ProjectVersion> =
            target.tags.iter().map(|tag| tag.version.clone()).collect();
        let mut carried: Vec<String> = Vec::new();
        for source in self.sources(place, &remote, &target)? {
            let put = changelog::carry_forward(target.file, target.text()?, &source.text, &tagged)?;
            let releases: Vec<String> = put.releases.iter().map(ToString::to_string).collect();
            let known = releases.iter().all(|release| carried.contains(release));
            // What the release branch says of other things is the project's own to carry.
            if known
                || !put.entry.to_lowercase().contains("openssl")
                || self.is_pending(&target, &source, &tagged)?
            {
                continue;
            }
            carried.extend(releases.iter().cloned());
            self.carry(&target, &source, put, releases)?;
        }
        self.retire_carried(&target, &carried)
    }

    /// The changelogs of the release branches that have PRs of their own, and of the newest
    /// release, where the main one lacks it.
    fn sources(
        &self,
        place: &Place,
        remote: &Remote<'_>,
        target: &ForwardTarget<'_>,
    ) -> Result<Vec<ForwardSource>, Fault> {
        let mut sources = Vec::new();
        let branches = self.case.session.branches(place, remote)?;
        for (branch, also) in &branches {
            if !also || *branch == target.reading.branch {
                continue;
            }
            let head = self.case.session.head(remote, branch)?;
            sources.push(self.source(place, remote, target.file, branch, &head)?);
        }
        let has = changelog::releases(target.file, target.text()?)?;
        if let (Some(newest), Some(forge)) = (
            target
                .tags
                .last()
                .filter(|newest| !has.contains(&newest.version)),
            place.forge(),
        ) {
            let tag = self
                .case
                .session
                .wait(forge.tags())?
                .into_iter()
                .find(|tag| tag.name == newest.name);
            let commit = tag
                .map(|tag| self.case.session.wait(forge.tagged_commit(&tag)))
                .transpose()?
                .flatten();
            if let Some(commit) = commit {
                sources.push(self.source(place, remote, target.file, &newest.name, &commit)?);
            }
        }
        Ok(sources)
    }

    fn source(
        &self,
        place: &Place,
        remote: &Remote<'_>,
        file: &str,
        name: &str,
        commit: &crate::plan::proposal::Oid,
    ) -> Result<ForwardSource, Fault> {
        let tree = CommitTree::read(self.case.session, remote, commit, &place.prefix)?;
        let (_, text) = file_tree::text_of(&tree, file)?;
        Ok(ForwardSource {
            name: name.to_owned(),
            text,
        })
    }

    /// Whether a PR of ours that is open, or would be opened, adds the same to the base.
    fn is_pending(
        &self,
        target: &ForwardTarget<'_>,
        source: &ForwardSource,
        tagged: &[ProjectVersion],
    ) -> Result<bool, Fault> {
        for (branch, text) in &self.changelogs {
            if *branch == target.reading.branch
                && changelog::carry_forward(target.file, text, &source.text, tagged)?
                    .entry
                    .is_empty()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn carry(
        &mut self,
        target: &ForwardTarget<'_>,
        source: &ForwardSource,
        put: Carried,
        releases: Vec<String>,
    ) -> Result<(), Fault> {
        let BranchReading { place, branch, .. } = target.reading;
        let change = Change::default().rewriting(&target.path, &target.files, put.text)?;
        let templates = self.case.templates()?;
        let about = Forward {
            project: &self.case.config.project.name,
            releases: &releases,
            source: &source.name,
            base: branch,
            file: target.file,
        };
        let mut text = about.render(templates)?;
        text.body = text.body.trim().to_owned();
        let purpose = Purpose::Forward {
            releases: releases.clone(),
        };
        let description = format!("As the changelog of `{}` has it.", source.name);
        let proposal = proposal(target.reading, purpose, text, description, &change)?;
        let submission = self.brought(target.reading, &proposal)?;
        let diff = change.unified_diff(&place.prefix);
        self.document.forwarded.push(Forwarded {
            repository: place.name.clone(),
            source: source.name.clone(),
            releases,
            outcome: PullOutcome::of(&proposal, &submission, diff),
        });
        Ok(())
    }

    /// Ends the life of PRs whose entries the base has by now.
    fn retire_carried(
        &mut self,
        target: &ForwardTarget<'_>,
        carried: &[String],
    ) -> Result<(), Fault> {
        let BranchReading {
            place,
            remote,
            base,
            branch,
            ..
        } = target.reading;
        let has = changelog::releases(target.file, target.text()?)?
            .into_iter()
            .map(|release| release.to_string());
        let done: Vec<String> = has.filter(|release| !carried.contains(release)).collect();
        let why = |name: &str| {
            let release = done.iter().find(|release| {
                Purpose::Forward {
                    releases: vec![(*release).clone()],
                }
                .branch()
                    == name
            })?;
            Some(Reason::Done(format!(
                "The changelog of `{branch}` has {release} already, so this is not needed any more."
            )))
        };
        let plan = self.case.session.wait(remote.retire(
            (branch, &base.head),
            &why,
            self.execute,
            &mut |call| self.case.context.note(call),
        ))?;
        self.other(place, "changelog", &plan.calls, plan.notes);
        Ok(())
    }
}

impl<'a> ForwardTarget<'a> {
    fn of(reading: &'a BranchReading<'a>, file: &'a str) -> Result<Self, Fault> {
        let mut files = Files::default();
        file_tree::load_file(reading.base.tree.as_ref(), file, &mut files)?;
        let history = ProjectHistory::of_tags(reading.base.tags.clone());
        let tags = history.tags(&reading.place.config.project);
        let path = files.paths(file).first();
        Ok(Self {
            reading,
            file,
            path: path.map_or(file, String::as_str).to_owned(),
            files,
            tags,
        })
    }

    fn text(&self) -> Result<&str, Fault> {
        self.files.text(&self.path)
    }
}
