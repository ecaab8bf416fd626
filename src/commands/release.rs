//! `run`: what cron calls. Reads where things stand, takes every step that is due, in order, and
//! says what the others wait for.

mod newest;

mod document;
mod steps;

use super::Report;
use crate::cli::Format;
use crate::openssl::upstream::View;
use crate::outside::workflow_output;
use crate::outside::worktree;
use crate::paper::report::Check;
use crate::plan::pipeline::{Checklist, Findings, status};
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::project::Project;
use crate::workspace::proposals::Proposals;
use crate::workspace::proposals::document::Document as Proposed;
use crate::workspace::{facts, published};

use document::Document;
use newest::Released;

/// Everything that a run has seen and done.
struct Outcome<'a> {
    check: Check<'a>,
    checklist: Checklist,
    proposals: Proposed,
    released: Released,
    executed: bool,
    faults: Vec<Fault>,
}

/// Runs the command.
pub(crate) fn run(context: &Context, execute: bool) -> Result<Report, Fault> {
    if execute && context.offline {
        return Err(Fault::usage(
            "`--execute` needs the forge, which `--offline` forbids; leave one of them out",
        ));
    }
    let config = context.config_with_links()?;
    let facts = facts::gather(context, &config)?;
    let upstream = facts.view(context, &config);
    let outcome = outcome(context, &config, &facts, &upstream, execute)?;
    for fault in &outcome.faults {
        context.note(format!("error: {fault}"));
    }
    if facts.too_old {
        context
            .note("upstream's facts are older than `max-age` allows; there may be newer releases");
    }
    let document = Document::of(&outcome);
    let text = match context.format {
        Format::Text | Format::Html => document.text(),
        Format::Json => crate::paper::report::pretty(&document),
        Format::Markdown => document.markdown(&outcome.check),
        Format::Sarif => outcome.check.sarif(),
    };
    let fault = outcome
        .faults
        .iter()
        .map(Fault::status)
        .max()
        .unwrap_or(0)
        .max(u8::from(facts.too_old));
    let findings = Findings {
        check: outcome.check.status(),
        fault,
        wrong: outcome.released.is_wrong(),
        exposed: outcome.released.exposed,
    };
    let status = status(&findings);
    let (outputs, summary) = (
        document.outputs(&outcome.check, status),
        document.markdown(&outcome.check),
    );
    match workflow_output::write(&context.environment, &outputs, &summary) {
        Ok(()) => Ok(Report { text, status }),
        // What was done is said all the same.
        Err(fault) => {
            context.note(format!("error: {fault}"));
            Ok(Report {
                text,
                status: self::status(&Findings {
                    fault: findings.fault.max(fault.status()),
                    ..findings
                }),
            })
        }
    }
}

fn outcome<'a>(
    context: &Context,
    config: &Config,
    facts: &'a facts::Facts,
    upstream: &'a View<'a>,
    execute: bool,
) -> Result<Outcome<'a>, Fault> {
    let mut session = Proposals::open(context, config, facts, execute)?;
    session.pins();
    let mut faults: Vec<Fault> = session
        .faults
        .iter()
        .map(|(repository, _, fault)| fault.clone().within(format!("`{repository}`")))
        .collect();
    if let Err(fault) = session.bring_releases() {
        faults.push(fault);
    }
    // Without the project's own history pins can still move; nothing else can.
    let project = Project::read(context, config)
        .map_err(|fault| faults.push(fault))
        .ok();
    let carried = project
        .as_ref()
        .map(|project| newest::carried(context, config, facts, project, session.heads()))
        .unwrap_or_default();
    let mut checklist = Checklist::default();
    for link in &config.links {
        checklist
            .steps
            .extend(steps::of_link(&mut session, link, &carried, &mut faults));
    }
    let released = match &project {
        Some(project) => newest::Newest {
            context,
            config,
            facts,
            upstream,
            project,
            carried: &carried,
        }
        .steps(execute, &mut checklist),
        None => newest::unread(faults.last(), &mut checklist),
    };
    faults.extend(released.faults.iter().cloned());
    checklist
        .steps
        .extend(steps::carried_forward(&mut session, &mut faults));
    let published = published::newest(context, config, upstream).unwrap_or_else(|fault| {
        faults.push(fault);
        None
    });
    let announced = facts::announced(context, config, upstream).unwrap_or_else(|fault| {
        faults.push(fault);
        Vec::new()
    });
    faults.dedup();
    let check = Check {
        upstream,
        sources: &facts.sources,
        announced,
        published,
        links: session
            .heads()
            .iter()
            .map(|head| head.link.clone())
            .collect(),
        prefix: worktree::prefix(&context.directory),
    };
    Ok(Outcome {
        check,
        checklist,
        proposals: session.finish(),
        released,
        executed: execute,
        faults,
    })
}
