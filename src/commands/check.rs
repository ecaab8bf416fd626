//! `check`: assess every link; print what is due and why.

use super::report::Report;
use crate::cli::Format;
use crate::openssl::upstream::builtin::builtin;
use crate::outside::workflow_output;
use crate::outside::worktree;
use crate::paper::report::{AssessedLink, Check};
use crate::project::config::{self, Config};
use crate::project::discovery::Discovery;
use crate::text::fault::Fault;
use crate::workspace::beforehand::{self, Intent};
use crate::workspace::case::Case;
use crate::workspace::facts::Facts;
use crate::workspace::found::Surveyed;
use crate::workspace::links::{self, Chosen};
use crate::workspace::session::Session;
use crate::workspace::{branch, facts, place, published};

/// The configuration with the facts; without one, what `init` would find.
fn configured(session: &Session<'_>) -> Result<(Config, Facts), Fault> {
    let context = session.context;
    if context.is_configured() {
        let config = context.config_with_links()?;
        beforehand::check(context, &config, Intent::Check)?;
        place::others(context, &config)?;
        if !context.offline && config.published.iter().any(|one| one.package.is_some()) {
            published::package(context, &config)?;
        }
        let facts = facts::gather(session, &config)?;
        return Ok((config, facts));
    }
    let surveyed = Surveyed::of(context)?;
    let floor = builtin().map_err(Fault::failed)?;
    if surveyed.is_silent(&floor.releases) {
        // Upstream need not be asked to say that there is nothing to do, and `init` writes nothing.
        return Err(Fault::usage(
            "no file here names OpenSSL, and there is no `release-check.toml`; name the project's folder with `-C`",
        ));
    }
    // A pin may be known by the digest of a release that is younger than what is built in.
    let facts = facts::gather(session, &Config::default())?;
    let found = surveyed.look(session, &facts, config::FILE_NAME)?;
    let config = found.config(config::FILE_NAME)?;
    if config.links.is_empty() {
        // Nothing is found to assess: say what there is instead.
        if let Some(doubt) = doubtful(&found.discovery) {
            return Err(Fault::usage(doubt));
        }
        context.config_with_links()?;
    }
    let config = config.asking_for(&context.links)?;
    context.note("not configured: `release-check init` keeps this");
    Ok((config, facts))
}

/// That what `init` would find is doubtful, and why; none where it would find nothing.
fn doubtful(found: &Discovery) -> Option<String> {
    let and = |more: usize| match more {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let mut doubts = found
        .links
        .iter()
        .filter_map(|link| Some((link.version, link.doubt.as_ref()?)));
    let Some((version, why)) = doubts.next() else {
        let (first, others) = found.unsure.split_first()?;
        let more = and(others.len());
        return Some(format!(
            "not configured, and no pin is sure here{more}: `{}` line {}: {}; `release-check init` lists what it left out",
            first.file, first.line, first.why
        ));
    };
    let more = and(doubts.count());
    Some(format!(
        "not configured, and OpenSSL {version} stands here in a way that is not sure{more}: {why}; `release-check init` writes it as a comment to finish"
    ))
}

pub(super) fn run(session: &Session<'_>, list: bool) -> Result<Report, Fault> {
    let context = session.context;
    let (config, facts) = configured(session)?;
    let case = Case::new(session, &config, &facts);
    let mut links = links::here(context, &config);
    let all_here = links.len() == config.links.len();
    links.retain(|link| config.is_asked(&link.name));
    let (links, _) = links::all(
        case.tree(),
        &links,
        &facts.snapshot,
        &case.view,
        &Chosen::default(),
    )?;
    let mut links: Vec<AssessedLink> = links
        .iter()
        .map(|assessed| links::shown(context, None, assessed))
        .collect();
    if !all_here {
        links.extend(branch::elsewhere(&case, |repository, assessed| {
            links::shown(context, Some(repository), &assessed)
        })?);
        links.retain(|link| config.is_asked(&link.name));
        links.sort_by_key(|link| {
            config
                .links
                .iter()
                .position(|other| other.name == link.name)
        });
    }
    let check = Check {
        upstream: &case.view,
        sources: &facts.sources,
        announced: facts::announced(context, &config, &case.view)?,
        published: published::newest(&case)?,
        links,
        prefix: worktree::prefix(&context.directory),
    };
    let text = match context.format {
        Format::Text | Format::Html => check.text(context.look, list),
        Format::Json => check.json(),
        Format::Markdown => check.markdown(),
        Format::Sarif => check.sarif(),
    };
    if facts.too_old {
        let days = config.upstream.max_age;
        context
            .note(format!("upstream's facts are of {} and older than {days} days (`max-age`); the verdict is as of then", case.view.taken));
    }
    let status = check.status();
    workflow_output::write(
        &context.environment,
        &check.outputs(status, &[], false),
        || check.markdown(),
    )?;
    workflow_output::sarif(&context.environment, || check.sarif())?;
    Ok(Report { text, status })
}
