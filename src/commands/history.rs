//! `history`: our releases, the OpenSSL they carried, its advisories, and how long users were
//! exposed.

mod document;
mod shown;

use jiff::civil::Date;

use super::report::Report;
use crate::artefact::exposure::ProjectRelease;
use crate::cli::{Format, HistoryArguments, Since};
use crate::paper::history::meaning::Meaning;
use crate::paper::history::{Carriers, History, HistoryProject};
use crate::paper::report;
use crate::paper::templates::Templates;
use crate::project::config::Config;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::workspace::beforehand::{self, Intent};
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::published::{self, ReleaseFiles};
use crate::workspace::session::Session;
use crate::workspace::tagged;

use shown::HistoryReleases;

/// Bytes that one run fetches at most; the next run goes on from there.
const BUDGET: u64 = 1 << 30;

impl HistoryArguments {
    /// Whether a release is wanted.
    fn is(&self, version: Option<&ProjectVersion>, published: Option<Date>) -> bool {
        match &self.since {
            None => true,
            Some(Since::Day(day)) => published.is_none_or(|published| published >= *day),
            Some(Since::Release(first)) => version.is_none_or(|version| version >= first),
        }
    }

    /// How many releases at most.
    fn limit(&self) -> usize {
        self.limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        })
    }

    /// Takes away what is not wanted; `releases` ascend.
    fn narrow(&self, releases: &mut Vec<ProjectRelease>) {
        releases.retain(|release| {
            let version = release.version.parse().ok();
            self.is(version.as_ref(), release.published)
        });
        let more = releases.len().saturating_sub(self.limit());
        releases.drain(..more);
    }
}

pub(super) fn run(session: &Session<'_>, wanted: &HistoryArguments) -> Result<Report, Fault> {
    let context = session.context;
    let published = wanted.published;
    if published && !context.links.is_empty() {
        return Err(Fault::usage(
            "`--link` is for what the pins said; what was published goes by platform, so leave out `--link` or `--published`",
        ));
    }
    let config = context.config()?.shipped();
    if wanted.published {
        published::package(context, &config)?;
    } else {
        tagged::check_links(context, &config)?;
        beforehand::check(context, &config, Intent::History)?;
    }
    let facts = facts::gather(session, &config)?;
    let case = Case::new(session, &config, &facts);
    let releases = if published {
        from_index(session, &config, wanted)?
    } else {
        let mut all = tagged::releases(&case)?;
        wanted.narrow(&mut all);
        HistoryReleases {
            all,
            ..HistoryReleases::default()
        }
    };
    let meaning = Meaning::of(&releases.all, &case.view);
    let project = project(context, &config);
    let carriers = if published {
        Carriers::Platforms
    } else {
        Carriers::Links
    };
    let history = History {
        examined: examined(&releases.samples),
        unexamined: &releases.unexamined,
        ..meaning.history(&project, carriers)
    };
    let text = match context.format {
        Format::Html => history.html(&Templates::default())?,
        Format::Json => report::pretty(&document::json(&releases, &history)),
        _ => history.text(context.look, wanted.list),
    };
    facts.note_if_too_old(context);
    // Whatever the facts lack may have been the newest release's fault.
    let status = u8::from(case.view.lacks_facts());
    Ok(Report { text, status })
}

/// How many files were examined, of how many.
fn examined(samples: &[published::Sample]) -> Option<(usize, usize)> {
    (!samples.is_empty()).then(|| {
        samples.iter().fold((0, 0), |(files, of), sample| {
            (files + sample.files.len(), of + sample.of)
        })
    })
}

/// Who the history is about, and where its users look.
fn project(context: &Context, config: &Config) -> HistoryProject {
    let server = context
        .environment
        .get("GITHUB_SERVER_URL")
        .unwrap_or("https://github.com");
    let repository = config.project.repository.as_ref();
    let published = config.published.as_ref();
    let announcement = config.announcement.as_ref();
    HistoryProject {
        name: config.project.name.clone(),
        package: published.and_then(|published| published.package.clone()),
        forge: repository.map(|repository| format!("{server}/{repository}")),
        archive: announcement.and_then(|announcement| announcement.archive.clone()),
    }
}

/// What each published release carried, ascending; the newest are examined first, as far as the
/// budget goes.
fn from_index(
    session: &Session<'_>,
    config: &Config,
    wanted: &HistoryArguments,
) -> Result<HistoryReleases, Fault> {
    let files = published::files(session, config)?;
    let listed: Vec<ReleaseFiles<'_>> = published::releases(&files);
    let mut releases = HistoryReleases::default();
    let mut spent = 0;
    for release in listed
        .iter()
        .rev()
        .filter(|release| !release.version.is_prerelease())
        .filter(|release| wanted.is(Some(&release.version), release.published))
        .take(wanted.limit())
    {
        if spent > BUDGET {
            releases.unexamined.push(release.version.to_string());
            continue;
        }
        let examined = published::examine(session.context, release);
        spent += examined.bytes;
        releases.all.push(examined.release);
        releases.samples.push(examined.sample);
    }
    releases.all.reverse();
    releases.samples.reverse();
    Ok(releases)
}
