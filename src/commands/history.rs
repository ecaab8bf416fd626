//! `history`: our releases, the OpenSSL they carried, its advisories, and how long users were
//! exposed.

mod document;
mod tagged;

use super::Report;
use crate::artefact::exposure::{self, ProjectRelease};
use crate::cli::Format;
use crate::paper::report;
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::published::{self, Release};

/// Bytes that one run fetches at most; the next run goes on from there.
const BUDGET: u64 = 1 << 30;

/// The releases of the project, ascending, and where it is known from what they carried.
#[derive(Default)]
struct Releases {
    all: Vec<ProjectRelease>,
    /// For each of them the files that were examined; empty where the pins say it.
    samples: Vec<published::Sample>,
    /// Releases that were not reached this time.
    unexamined: Vec<String>,
}

/// Runs the command.
pub(super) fn run(context: &Context, published: bool) -> Result<Report, Fault> {
    let config = context.config()?;
    let facts = facts::gather(context, &config)?;
    let upstream = facts.view(context, &config);
    let releases = if published {
        from_index(context, &config)?
    } else {
        tagged::releases(context, &config, &facts)?
    };
    let knowledge = exposure::exposures(&releases.all, &upstream);
    let text = match context.format {
        Format::Json => report::pretty(&document::json(&releases, &knowledge, &upstream)),
        _ => document::text(&releases, &knowledge, &upstream),
    };
    Ok(Report::done(text))
}

/// What each published release carried, ascending; the newest are examined first, as far as the
/// budget goes.
fn from_index(context: &Context, config: &Config) -> Result<Releases, Fault> {
    let files = published::files(context, config)?;
    let listed: Vec<Release<'_>> = published::releases(&files);
    let mut releases = Releases::default();
    let mut spent = 0;
    for release in listed
        .iter()
        .rev()
        .filter(|release| !release.version.is_prerelease())
    {
        if spent > BUDGET {
            releases.unexamined.push(release.version.to_string());
            continue;
        }
        let examined = published::examine(context, release);
        spent += examined.bytes;
        releases.all.push(examined.release);
        releases.samples.push(examined.sample);
    }
    releases.all.reverse();
    releases.samples.reverse();
    Ok(releases)
}
