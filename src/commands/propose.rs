//! `propose`: for every link that moves one branch, one commit and one PR; for every link that
//! cannot, one issue.

pub(super) mod document;
mod forward;
mod own;
mod paper;
mod session;

use super::prepare::{self, Prepared};
use super::{Report, check, draft};
use crate::cli::Format;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::outside::git::checkout::Checkout;
use crate::paper::report;
use crate::plan::proposal::{Content, Edit, Oid, Proposal, Purpose};
use crate::project::change::{Change, State};
use crate::project::config::Config;
use crate::project::linked::Mode as FileMode;
use crate::text::fault::Fault;
use crate::workspace::base::{Base, Wanted};
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::links::{self, Assessed, Chosen};
use crate::workspace::remote::{Remote, Tidy};
use crate::workspace::session::Known;

use crate::workspace::place::{self, Place};
use crate::workspace::session::Head;
use document::{Document, Other, Proposed, Shown};
pub(super) use session::Session;

/// Runs the command.
pub(super) fn run(context: &Context, execute: bool) -> Result<Report, Fault> {
    if execute && context.offline {
        return Err(Fault::usage(
            "`--execute` needs the forge, which `--offline` forbids; leave one of them out",
        ));
    }
    let config = context.config_with_links()?;
    let facts = facts::gather(context, &config)?;
    let document = propose(context, &config, &facts, execute)?;
    let text = match context.format {
        Format::Json => report::pretty(&document),
        _ => document.text(),
    };
    if facts.too_old {
        context
            .note("upstream's facts are older than `max-age` allows; there may be newer releases");
    }
    Ok(Report {
        text,
        status: u8::from(facts.too_old),
    })
}

/// Proposes what is due in every repository.
///
/// # Errors
///
/// Whatever is wrong with pins, or the first thing that a forge or git refuses; running again goes
/// on from there.
pub(super) fn propose(
    context: &Context,
    config: &Config,
    facts: &facts::Facts,
    execute: bool,
) -> Result<Document, Fault> {
    let mut session = Session::open(context, config, facts, execute)?;
    session.pins();
    if let Some((.., fault)) = session.faults.first() {
        return Err(fault.clone());
    }
    session.paperwork()?;
    session.carry_forward()?;
    Ok(session.finish())
}

/// Shows the links whose pins are in other repositories, each as it stands at the head of its base
/// branch there.
///
/// # Errors
///
/// If a repository cannot be read, or whatever is wrong with the pins there.
pub(super) fn elsewhere<T>(
    context: &Context,
    config: &Config,
    facts: &facts::Facts,
    show: impl Fn(&str, Assessed<'_>) -> T,
) -> Result<Vec<T>, Fault> {
    let run = Run::new(context, config, facts, false)?;
    let mut shown = Vec::new();
    for place in place::others(context, config)? {
        let remote = place.remote();
        let reading = run.read(&place, &remote, run.base_branch(&place, &remote)?, false)?;
        let upstream = facts.view(context, config);
        let links: Vec<_> = place.config.links.iter().collect();
        let (assessed, _) = links::all(
            &reading.base.project(),
            &links,
            &facts.snapshot,
            &upstream,
            &Chosen::default(),
        )
        .map_err(|fault| fault.within(format!("`{}`", place.name)))?;
        shown.extend(assessed.into_iter().map(|one| show(&place.name, one)));
    }
    Ok(shown)
}

struct Run<'a> {
    /// One for everything: connections live as long as it does.
    runtime: tokio::runtime::Runtime,
    context: &'a Context,
    config: &'a Config,
    facts: &'a facts::Facts,
    execute: bool,
    document: Document,
    heads: Vec<Head>,
    /// Base branches of the project's own repository with their changelogs as PRs of ours will
    /// leave them.
    changelogs: Vec<(String, String)>,
}

/// One base branch of one repository, read.
struct Reading<'a> {
    place: &'a Place,
    remote: &'a Remote<'a>,
    base: Base,
    branch: String,
    also: bool,
    context: Context,
}

impl<'a> Run<'a> {
    fn new(
        context: &'a Context,
        config: &'a Config,
        facts: &'a facts::Facts,
        execute: bool,
    ) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| Fault::failed(format!("cannot start: {error}")))?;
        let document = Document {
            schema: 1,
            executed: execute,
            proposals: Vec::new(),
            forwarded: Vec::new(),
            others: Vec::new(),
        };
        Ok(Self {
            runtime,
            context,
            config,
            facts,
            execute,
            document,
            heads: Vec::new(),
            changelogs: Vec::new(),
        })
    }

    /// Waits for the answers of requests.
    fn wait<T, E: Into<Fault>>(
        &self,
        answers: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Fault> {
        self.runtime.block_on(answers).map_err(Into::into)
    }

    fn place(&mut self, place: &Place) -> Result<(), Fault> {
        let remote = place.remote();
        for (branch, also) in self.branches(place, &remote)? {
            let reading = self.read(place, &remote, branch, also)?;
            self.branch(&reading)?;
        }
        Ok(())
    }

    /// The branch that proposals for a place are made against.
    fn base_branch(&self, place: &Place, remote: &Remote<'_>) -> Result<String, Fault> {
        match &place.config.pull_request.base {
            Some(base) => Ok(base.clone()),
            None if self.context.offline => Ok(place
                .checkout()
                .and_then(Checkout::current_branch)
                .unwrap_or_else(|| "main".to_owned())),
            None => self.wait(remote.default_branch()),
        }
    }

    fn read<'r>(
        &self,
        place: &'r Place,
        remote: &'r Remote<'r>,
        branch: String,
        also: bool,
    ) -> Result<Reading<'r>, Fault> {
        let mut base = if self.context.offline {
            self.read_offline(place, remote, &branch)?
        } else {
            self.wait(Base::read(
                remote,
                self.wait(remote.head(&branch))?,
                &place.prefix,
                &Wanted::of(&place.config)?,
            ))?
        };
        if place.config.changelog.is_some() || place.config.version.is_some() {
            let tags = if self.context.offline {
                place.checkout().map_or_else(Vec::new, Checkout::tags)
            } else {
                self.wait(remote.tags())?
            };
            base = base.with_tags(&tags)?;
        }
        let Context {
            format,
            today,
            replayed,
            offline,
            ref environment,
            ..
        } = *self.context;
        let environment = environment.clone();
        let known = Known::default();
        let context = Context {
            directory: base.project(),
            format,
            today,
            replayed,
            offline,
            upstream: None,
            config: None,
            environment,
            known,
        };
        Ok(Reading {
            place,
            remote,
            base,
            branch,
            also,
            context,
        })
    }

    /// The branch as the local clone has it; where there is none, the files as they stand.
    fn read_offline(
        &self,
        place: &Place,
        remote: &Remote<'_>,
        branch: &str,
    ) -> Result<Base, Fault> {
        match place.checkout().and_then(|clone| clone.local_head(branch)) {
            Some(head) => self.wait(Base::read(
                remote,
                head,
                &place.prefix,
                &Wanted::of(&place.config)?,
            )),
            None if place.is_here => {
                Base::of_files(&self.context.directory, &Wanted::of(&place.config)?)
            }
            None => Err(Fault::failed(format!(
                "there is no clone of `{}` to read offline; set its `checkout`, or run again without `--offline`",
                place.name
            ))),
        }
    }

    fn branch(&mut self, reading: &Reading<'_>) -> Result<(), Fault> {
        let config = &reading.place.config;
        let upstream = self.facts.view(self.context, config);
        let here: Vec<_> = config.links.iter().collect();
        let directory = reading.base.project();
        let (assessed, _) = links::all(
            &directory,
            &here,
            &self.facts.snapshot,
            &upstream,
            &Chosen::default(),
        )?;
        if !reading.also {
            self.heads
                .extend(assessed.iter().map(|one| head(self.context, reading, one)));
        }
        for one in &assessed {
            let prepared = prepare::prepare(
                &reading.context,
                config,
                self.facts,
                &[],
                Some(&one.link.name),
            )?;
            match one.assessment.target {
                Some(target) if !prepared.change.is_empty() => {
                    self.propose_one(reading, &upstream, one, target, &prepared)?;
                }
                _ => self.tidy(reading, one)?,
            }
            if !reading.also {
                self.track(reading, &upstream, one)?;
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
        self.submit(reading, one, target, &proposal, &prepared.change)
    }

    /// Brings a proposal to its repository, and notes what became of it.
    fn submit(
        &mut self,
        reading: &Reading<'_>,
        one: &Assessed<'_>,
        target: Version,
        proposal: &Proposal,
        change: &Change,
    ) -> Result<(), Fault> {
        let submission = if self.context.offline {
            reading.remote.outline(proposal, reading.place.is_on_forge)
        } else {
            self.wait(
                reading
                    .remote
                    .submit(proposal, self.execute, &mut |call| self.context.note(call)),
            )?
        };
        self.remember_changelog(reading, proposal, &submission.plan.standing);
        let diff = change.unified_diff(&reading.place.prefix);
        let shown = Shown {
            repository: &reading.place.name,
            link: &one.link.name,
            from: one.linked.version,
            target,
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

    fn proposal(
        &self,
        reading: &Reading<'_>,
        upstream: &View<'_>,
        one: &Assessed<'_>,
        target: Version,
        prepared: &Prepared,
    ) -> Result<Proposal, Fault> {
        let templates = draft::project_templates(self.context, self.config)?;
        let verified = prepared
            .tarballs
            .iter()
            .flat_map(|(_, checked)| checked.sentences())
            .collect::<Vec<_>>();
        let words = paper::Words {
            version: prepared.project_version.as_deref(),
            verified: &verified,
        };
        let text = paper::pull_request(self.config, &templates, upstream, one, target, &words)?;
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

    fn tidy(&mut self, reading: &Reading<'_>, one: &Assessed<'_>) -> Result<(), Fault> {
        if self.context.offline {
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
        let tidy = Tidy {
            link: &one.link.name,
            base: branch,
            also: *also,
            base_head: &base.head,
            linked: one.linked.version,
        };
        let plan =
            self.wait(remote.tidy(&tidy, self.execute, &mut |call| self.context.note(call)))?;
        self.other(place, &one.link.name, &plan.calls, plan.notes);
        Ok(())
    }

    fn track(
        &mut self,
        reading: &Reading<'_>,
        upstream: &View<'_>,
        one: &Assessed<'_>,
    ) -> Result<(), Fault> {
        if self.context.offline {
            return Ok(());
        }
        let templates = draft::project_templates(self.context, self.config)?;
        let wanted = paper::tracking(self.config, &templates, upstream, one)?;
        let calls = self.wait(reading.remote.track(
            &one.link.name,
            wanted.as_ref(),
            self.execute,
            &mut |call| self.context.note(call),
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

fn head(context: &Context, reading: &Reading<'_>, one: &Assessed<'_>) -> Head {
    let (place, base) = (reading.place, &reading.base);
    let link = check::shown(
        context,
        (!place.is_here).then_some(place.name.as_str()),
        one,
    );
    Head {
        repository: place.name.clone(),
        is_here: place.is_here,
        commit: base.head.clone(),
        link,
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
