//! What the project's release tags say: the pins as they stood then.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::artefact::exposure::ProjectRelease;
use crate::outside::git::checkout::Checkout;
use crate::outside::git::history::Tag;
use crate::outside::progress::Progress;
use crate::project::config::{Config, Link};
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::place;
use crate::workspace::releases as carried;

/// Whether releases can be read at all: there are links, and a clone of each that has pins.
pub(crate) fn check_links(context: &Context, config: &Config) -> Result<(), Fault> {
    if config.links.is_empty() {
        return Err(Fault::usage(
            "there is no `[[link]]`: its pins say which OpenSSL a release carried; or ask the package index: `--published`",
        ));
    }
    let mut elsewhere = place::links_elsewhere(context, config);
    elsewhere.try_for_each(|(link, _)| carried::checkout(context, config, link).map(drop))
}

/// What each tagged release carried, ascending: tags after the day that is answered for do not
/// exist.
///
/// # Errors
///
/// A usage fault where there is no link, or where one has its pins in a repository without a clone;
/// a failure where there are no release tags.
pub(crate) fn releases(case: &Case<'_>) -> Result<Vec<ProjectRelease>, Fault> {
    let (context, config) = (case.context, case.config);
    check_links(context, config)?;
    let project = case.project()?;
    let mut tags: Vec<(Date, &Tag)> = project
        .tags
        .iter()
        .filter_map(|tag| Some((tag.day()?, tag)))
        .collect();
    tags.retain(|(day, _)| *day <= context.today);
    // `v1.0` beside `1.0` is one release.
    tags.dedup_by(|(_, later), (_, first)| later.version == first.version);
    if tags.is_empty() {
        let until = context.today;
        if Checkout::open(&context.directory).is_none() {
            return Err(Fault::failed(format!(
                "`{}` is in no git repository, so that there are no tags to read; run in a clone, or use `--published`",
                context.directory.display()
            )));
        }
        return Err(Fault::failed(format!(
            "no tag until {until} names a release; fetch them with `git fetch --tags`, or use `--published`"
        )));
    }
    let carried = carried::Releases::of(case, project);
    let _progress = Progress::of("reading tagged releases");
    Ok(tags
        .iter()
        .map(|(day, tag)| {
            release(*day, tag, &carried, &config.links, &|name| {
                config.is_asked(name)
            })
        })
        .collect())
}

fn release(
    day: Date,
    tag: &Tag,
    releases: &carried::Releases<'_>,
    links: &[Link],
    asked: &dyn Fn(&str) -> bool,
) -> ProjectRelease {
    let (mut carried, mut unread) = (BTreeMap::new(), Vec::new());
    for link in links.iter().filter(|link| asked(&link.name)) {
        match releases.pins_at(link, tag) {
            Ok(version) => {
                carried.insert(link.name.clone(), BTreeSet::from([version]));
            }
            Err(fault) => unread.push(format!("{}: {fault}", link.name)),
        }
    }
    ProjectRelease {
        version: tag.version.to_string(),
        published: Some(day),
        carried,
        unread,
    }
}
