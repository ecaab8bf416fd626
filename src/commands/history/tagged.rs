//! What the project's release tags say: the pins as they stood then.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Releases;
use crate::artefact::exposure::ProjectRelease;
use crate::openssl::version::Version;
use crate::outside::git::history::{ProjectHistory, Revision, Tag};
use crate::project::config::{Config, Link};
use crate::project::linked;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;
use crate::workspace::{links, moves};

/// The history that holds the pins of a link.
struct Place<'a> {
    link: &'a Link,
    /// The clone of another repository; none for this one.
    elsewhere: Option<ProjectHistory>,
}

/// What each tagged release carried, ascending: tags after the day that is answered for do not
/// exist.
///
/// # Errors
///
/// A usage fault where there is no link, or where one has its pins in a repository without a clone;
/// a failure where there are no release tags.
pub(super) fn releases(
    context: &Context,
    config: &Config,
    facts: &Facts,
) -> Result<Releases, Fault> {
    if config.links.is_empty() {
        return Err(Fault::usage(
            "there is no `[[link]]`: its pins say which OpenSSL a release carried; or ask the package index: `--published`",
        ));
    }
    let here = links::here(context, config);
    let elsewhere = |link: &Link| -> Result<Option<ProjectHistory>, Fault> {
        let is_here = here.iter().any(|other| other.name == link.name);
        if is_here {
            Ok(None)
        } else {
            moves::checkout(context, config, link)
                .map(|checkout| Some(ProjectHistory::of(&checkout)))
        }
    };
    let places = config
        .links
        .iter()
        .map(|link| {
            Ok(Place {
                link,
                elsewhere: elsewhere(link)?,
            })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    let own = ProjectHistory::of(&context.directory);
    let mut tags: Vec<(Date, Tag)> = own
        .tags(&config.project.name)
        .into_iter()
        .filter_map(|tag| Some((day(&tag)?, tag)))
        .collect();
    tags.retain(|(day, _)| *day <= context.today);
    // `v1.0` beside `1.0` is one release.
    tags.dedup_by(|(_, later), (_, first)| later.version == first.version);
    if tags.is_empty() {
        let until = context.today;
        return Err(Fault::failed(format!(
            "no tag until {until} names a release; fetch them with `git fetch --tags`, or use `--published`"
        )));
    }
    let all = tags
        .iter()
        .map(|(day, tag)| release(*day, tag, &own, &places, facts))
        .collect();
    Ok(Releases {
        all,
        ..Releases::default()
    })
}

fn release(
    day: Date,
    tag: &Tag,
    own: &ProjectHistory,
    places: &[Place<'_>],
    facts: &Facts,
) -> ProjectRelease {
    let (mut carried, mut unread) = (BTreeMap::new(), Vec::new());
    for place in places {
        let version = match &place.elsewhere {
            None => pinned(own, Some(tag.revision()), place.link, facts),
            // What the other repository said when the release was made.
            Some(history) => pinned(history, history.at(tag.seconds), place.link, facts),
        };
        match version {
            Ok(version) => {
                carried.insert(place.link.name.clone(), BTreeSet::from([version]));
            }
            Err(fault) => unread.push(format!("{}: {fault}", place.link.name)),
        }
    }
    ProjectRelease {
        version: tag.version.to_string(),
        published: Some(day),
        carried,
        unread,
    }
}

/// What the pins of a link said.
fn pinned(
    history: &ProjectHistory,
    revision: Option<Revision>,
    link: &Link,
    facts: &Facts,
) -> Result<Version, Fault> {
    let files = revision.and_then(|revision| history.files(revision, link));
    let files = files
        .ok_or_else(|| Fault::failed("the repository of its pins has no state of that day"))?;
    linked::read(link, &files, &facts.snapshot.releases, &|_| None).map(|linked| linked.version)
}

/// The day of a tag, in UTC as the package index and the advisories count.
fn day(tag: &Tag) -> Option<Date> {
    Some(
        TimeZone::UTC
            .to_datetime(jiff::Timestamp::from_second(tag.seconds).ok()?)
            .date(),
    )
}
