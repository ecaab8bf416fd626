//! `check`: assess every link; print what is due and why.

use super::{Context, Report, facts, links, published};
use crate::cli::Format;
use crate::fault::Fault;
use crate::report::{Check, Link};

/// Runs the command.
pub(super) fn run(context: &Context) -> Result<Report, Fault> {
    let config = context.config()?;
    let facts = facts::gather(context, &config)?;
    let upstream = facts.view(context, &config);
    let links = links::read(context, &config, &facts.snapshot, &upstream)?;
    let check = Check {
        upstream: &upstream,
        sources: &facts.sources,
        announced: Vec::new(),
        published: published::newest(context, &config, &upstream)?,
        links: links.into_iter().map(shown).collect(),
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
    Ok(Report { text, status: if facts.too_old { 1 } else { check.status() } })
}

fn shown(link: links::LinkToday<'_>) -> Link {
    Link {
        name: link.link.name.clone(),
        places: link.linked.places.iter().map(|place| (place.file.clone(), place.line)).collect(),
        assessment: link.assessment,
    }
}
