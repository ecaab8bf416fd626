//! `check`: assess every link; print what is due and why.

use std::path::Path;

use super::{Report, propose};
use crate::cli::Format;
use crate::openssl::upstream::View;
use crate::openssl::upstream::pre_announcement::{self, Announced};
use crate::outside::poll::mailbox;
use crate::outside::workflow_output;
use crate::outside::worktree;
use crate::paper::report::{Check, Link, Place};
use crate::project::config::{self, Config};
use crate::project::linked;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::links::{self, Assessed, Chosen};
use crate::workspace::{facts, published};

/// Runs the command.
pub(super) fn run(context: &Context) -> Result<Report, Fault> {
    let config = context.config_with_links()?;
    let facts = facts::gather(context, &config)?;
    let upstream = facts.view(context, &config);
    let links = links::here(context, &config);
    let all_here = links.len() == config.links.len();
    let (links, _) = links::all(
        &context.directory,
        &links,
        &facts.snapshot,
        &upstream,
        &Chosen::default(),
    )?;
    let mut links: Vec<Link> = links
        .iter()
        .map(|assessed| shown(context, None, assessed))
        .collect();
    if !all_here {
        links.extend(propose::elsewhere(
            context,
            &config,
            &facts,
            |repository, assessed| shown(context, Some(repository), &assessed),
        )?);
        links.sort_by_key(|link| {
            config
                .links
                .iter()
                .position(|other| other.name == link.name)
        });
    }
    let check = Check {
        upstream: &upstream,
        sources: &facts.sources,
        announced: announced(context, &config, &upstream)?,
        published: published::newest(context, &config, &upstream)?,
        links,
        prefix: worktree::prefix(&context.directory),
    };
    let text = match context.format {
        Format::Text => check.text(),
        Format::Json => check.json(),
        Format::Markdown => check.markdown(),
        Format::Sarif => check.sarif(),
    };
    if facts.too_old {
        let days = config.upstream.max_age;
        context
            .note(format!("upstream's facts are of {} and older than {days} days (`max-age`); the verdict is as of then", upstream.taken));
    }
    let status = if facts.too_old { 1 } else { check.status() };
    workflow_output::write(
        &context.environment,
        &outputs(&check, status),
        &check.markdown(),
    )?;
    Ok(Report { text, status })
}

/// What later steps of a CI job may ask for.
fn outputs(check: &Check<'_>, status: u8) -> [(&'static str, String); 4] {
    let gravest = check.gravest().map(|link| &link.assessment);
    let target = gravest.and_then(|assessment| assessment.target);
    [
        ("status", status.to_string()),
        (
            "verdict",
            gravest
                .map(|assessment| assessment.verdict.to_string())
                .unwrap_or_default(),
        ),
        (
            "target",
            target.map(|target| target.to_string()).unwrap_or_default(),
        ),
        ("links", check.links_json()),
    ]
}

/// A link as it is shown, with the repository it was read in where that is another one.
pub(super) fn shown(context: &Context, repository: Option<&str>, assessed: &Assessed<'_>) -> Link {
    let place = |place: &linked::Place| Place {
        repository: repository.map(str::to_owned),
        file: place.file.clone(),
        line: place.line,
    };
    let configuration = context
        .config
        .as_deref()
        .unwrap_or(Path::new(config::FILE_NAME));
    Link {
        name: assessed.link.name.clone(),
        places: assessed.linked.places.iter().map(place).collect(),
        declared: (configuration.display().to_string(), assessed.link.line),
        assessment: assessed.assessment.clone(),
    }
}

/// The releases that upstream has said are coming, from the mailbox that the configuration names.
pub(super) fn announced(
    context: &Context,
    config: &Config,
    upstream: &View<'_>,
) -> Result<Vec<Announced>, Fault> {
    let Some(place) = &config.upstream.announcements else {
        return Ok(Vec::new());
    };
    Ok(pre_announcement::announced(
        &mailbox::read(&context.path(place.as_ref()))?,
        upstream,
    ))
}
