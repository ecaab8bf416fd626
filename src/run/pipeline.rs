//! `run`: what cron calls. Reads where things stand, takes every step that is due, in order, and says what the others wait for.

mod document;
mod release;

use super::propose::document::Document as Proposals;
use super::propose::{self, Everywhere};
use super::{Context, Report, check, facts, published};
use crate::cli::Format;
use crate::config::Config;
use crate::fault::Fault;
use crate::pipeline::links::{self, Pull};
use crate::pipeline::{Checklist, Findings, status};
use crate::report::Check;
use crate::upstream::View;

use document::Document;
use release::Released;

/// Everything that a run has seen and done.
struct Outcome<'a> {
    check: Check<'a>,
    checklist: Checklist,
    proposals: Proposals,
    released: Released,
    executed: bool,
    faults: Vec<Fault>,
}

/// Runs the command.
pub(super) fn run(context: &Context, execute: bool) -> Result<Report, Fault> {
    if execute && context.offline {
        return Err(Fault::usage("`--execute` needs the forge, which `--offline` forbids; leave one of them out"));
    }
    let config = context.config()?;
    let facts = facts::gather(context, &config)?;
    let upstream = facts.view(context, &config);
    let outcome = outcome(context, &config, &facts, &upstream, execute)?;
    for fault in &outcome.faults {
        context.note(format!("error: {fault}"));
    }
    if facts.too_old {
        context.note("upstream's facts are older than `max-age` allows; there may be newer releases");
    }
    let document = Document::of(&outcome);
    let text = match context.format {
        Format::Text => document.text(),
        Format::Json => crate::report::pretty(&document),
        Format::Markdown => document.markdown(&outcome.check),
        Format::Sarif => outcome.check.sarif(),
    };
    let fault = outcome.faults.iter().map(Fault::status).max().unwrap_or(0).max(u8::from(facts.too_old));
    let findings = Findings { check: outcome.check.status(), fault, wrong: outcome.released.is_wrong(), exposed: outcome.released.exposed };
    Ok(Report { text, status: status(&findings) })
}

fn outcome<'a>(
    context: &Context,
    config: &Config,
    facts: &'a facts::Facts,
    upstream: &'a View<'a>,
    execute: bool,
) -> Result<Outcome<'a>, Fault> {
    let everywhere = propose::everywhere(context, config, facts, execute)?;
    let mut checklist = Checklist::default();
    for head in &everywhere.heads {
        let link = &head.link;
        match fault_of(&everywhere, &link.name) {
            Some(fault) => checklist.steps.push(links::failed(&link.name, &head.repository, &fault.to_string())),
            None => {
                let pull = pull(&everywhere.document, &link.name);
                checklist.steps.extend(links::pins(&link.name, &head.repository, &link.assessment, pull.as_ref()));
            }
        }
    }
    let unread = |name: &&String| !everywhere.heads.iter().any(|head| head.link.name == **name);
    for (repository, names, fault) in &everywhere.faults {
        checklist.steps.extend(names.iter().filter(unread).map(|name| links::failed(name, repository, &fault.to_string())));
    }
    let mut faults: Vec<Fault> =
        everywhere.faults.iter().map(|(repository, _, fault)| fault.clone().within(format!("`{repository}`"))).collect();
    let released = release::steps(context, config, facts, upstream, &everywhere.heads, execute, &mut checklist)?;
    faults.extend(released.faults.iter().cloned());
    let published = published::newest(context, config, upstream).unwrap_or_else(|fault| {
        faults.push(fault);
        None
    });
    let check = Check {
        upstream,
        sources: &facts.sources,
        announced: check::announced(context, config, upstream)?,
        published,
        links: everywhere.heads.into_iter().map(|head| head.link).collect(),
    };
    Ok(Outcome { check, checklist, proposals: everywhere.document, released, executed: execute, faults })
}

fn fault_of<'a>(everywhere: &'a Everywhere, link: &str) -> Option<&'a Fault> {
    everywhere.faults.iter().find(|(_, links, _)| links.iter().any(|name| name == link)).map(|(.., fault)| fault)
}

/// What was proposed for a link's base branch; further release branches have steps of their own.
fn pull(document: &Proposals, link: &str) -> Option<Pull> {
    let proposed = document.proposals.iter().find(|proposed| proposed.link == link && !proposed.branch.contains('@'))?;
    Some(Pull {
        state: proposed.state,
        page: proposed.pull.as_ref().map(|pull| (pull.number, pull.url.clone())),
        branch: proposed.branch.clone(),
        base: proposed.base.clone(),
        what: format!("OpenSSL {} -> {}", proposed.from, proposed.target),
        acts: !proposed.calls.is_empty(),
        executed: document.executed,
    })
}
