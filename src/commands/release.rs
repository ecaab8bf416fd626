//! `run`: what cron calls. Reads where things stand, takes every step that is due, in order, and
//! says what the others wait for.

mod newest;

mod document;
mod outcome;
mod steps;

use super::report::Report;
use crate::cli::Format;
use crate::outside::workflow_output;
use crate::outside::worktree;
use crate::paper::history::meaning::Meaning;
use crate::paper::history::{self, Carriers};
use crate::paper::report::Check;
use crate::plan::pipeline::{Checklist, Findings, status};
use crate::text::fault::Fault;
use crate::workspace::beforehand::{self, Intent};
use crate::workspace::case::Case;
use crate::workspace::proposals::Proposals;
use crate::workspace::session::Session;
use crate::workspace::{facts, published, tagged};

use document::RunJson;

use outcome::RunOutcome;

pub(crate) fn run(session: &Session<'_>, execute: bool) -> Result<Report, Fault> {
    let context = session.context;
    let (config, facts) = beforehand::to_propose(session, execute, Intent::Run { execute })?;
    let case = Case::new(session, &config, &facts);
    let outcome = outcome(&case, execute)?;
    for fault in &outcome.faults {
        context.note(format!("error: {fault}"));
    }
    facts.note_if_too_old(context);
    let document = RunJson::of(&outcome);
    let text = match context.format {
        Format::Text | Format::Html => document.text(&outcome.check, context.look),
        Format::Json => crate::paper::report::pretty(&document),
        Format::Markdown => summary(&document, &outcome, &case),
        Format::Sarif => outcome.check.sarif(),
    };
    let fault = outcome.faults.iter().map(Fault::status).max().unwrap_or(0);
    let findings = Findings {
        check: outcome.check.status(),
        fault,
        wrong: outcome.released.wrong,
        exposed: outcome.released.exposed,
    };
    let status = status(&findings);
    let outputs = document.outputs(&outcome.check, status);
    let summary = || summary(&document, &outcome, &case);
    let written = workflow_output::write(&context.environment, &outputs, summary).and_then(|()| {
        // What could not be read must not look as if nothing were wrong with it.
        if outcome.faults.is_empty() {
            workflow_output::sarif(&context.environment, || outcome.check.sarif())?;
        }
        Ok(())
    });
    match written {
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

/// What a run says in Markdown, with the releases whose tags are in the clone. Their pins are read
/// for this alone.
fn summary(document: &RunJson<'_>, outcome: &RunOutcome<'_>, case: &Case<'_>) -> String {
    let shipped = case.config.clone().shipped();
    let releases = tagged::releases(&case.with(&shipped)).unwrap_or_default();
    let meaning = Meaning::of(&releases, &case.view);
    let project = history::HistoryProject::default();
    let releases = meaning.history(&project, Carriers::Links).markdown();
    document.markdown(&outcome.check, &releases)
}

fn outcome<'a>(case: &'a Case<'a>, execute: bool) -> Result<RunOutcome<'a>, Fault> {
    let mut proposals = Proposals::open(case, execute)?;
    proposals.pins();
    let mut faults: Vec<Fault> = proposals
        .faults
        .iter()
        .map(|(repository, _, fault)| fault.clone().within(format!("`{repository}`")))
        .collect();
    // Without the project's own history pins can still move; nothing else can.
    let project = case.project().map_err(|fault| faults.push(fault)).ok();
    faults.extend(project.and_then(|project| project.unasked.clone()));
    // What is published knows nothing of what is only tested with.
    let shipped = case.config.clone().shipped();
    let of_release = case.with(&shipped);
    let lines = project
        .map(|project| newest::lines(&of_release, project, proposals.heads()))
        .unwrap_or_default();
    let mut checklist = Checklist::default();
    let asked = |name: &str| case.config.is_asked(name);
    for link in case.config.links.iter().filter(|link| asked(&link.name)) {
        checklist
            .steps
            .extend(steps::of_link(&mut proposals, link, &lines, &mut faults));
    }
    let released = match project {
        Some(project) => newest::Newest {
            case: &of_release,
            project,
            lines: &lines,
        }
        .steps(execute, &mut checklist),
        None => newest::unread(faults.last(), &mut checklist),
    };
    faults.extend(released.faults.iter().cloned());
    checklist
        .steps
        .extend(steps::carried_forward(&mut proposals, &mut faults));
    let published = published::newest(case).unwrap_or_else(|fault| {
        faults.push(fault);
        None
    });
    let announced =
        facts::announced(case.context, case.config, &case.view).unwrap_or_else(|fault| {
            faults.push(fault);
            Vec::new()
        });
    faults.dedup();
    let check = Check {
        upstream: &case.view,
        sources: &case.facts.sources,
        announced,
        published,
        links: proposals
            .heads()
            .iter()
            .filter(|head| asked(&head.link.name))
            .map(|head| head.link.clone())
            .collect(),
        prefix: worktree::prefix(&case.context.directory),
    };
    Ok(RunOutcome {
        check,
        checklist,
        proposals: proposals.finish(),
        released,
        executed: execute,
        faults,
    })
}
