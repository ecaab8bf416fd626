//! Drafts and bumps for a release that is only imagined, to see that files and templates are fit
//! for the real one. Nothing is written.

use std::collections::BTreeMap;

use crate::openssl::upstream::{Hashes, Release};
use crate::openssl::version::{Series, Version};
use crate::paper::draft::LinkMove;
use crate::project::config::{Config, PinKind};
use crate::text::fault::Fault;
use crate::workspace::announcing;
use crate::workspace::bump;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::drafts::DraftMaterial;
use crate::workspace::facts::Facts;
use crate::workspace::links;
use crate::workspace::moves;
use crate::workspace::paperwork::next_version;
use crate::workspace::session::Session;

/// Facts in which the next release of every series is out today.
pub(crate) struct Imagined {
    context: Context,
    facts: Facts,
}

impl Imagined {
    pub(crate) fn of(context: &Context, facts: &Facts) -> Self {
        let mut context = context.clone();
        context.offline = true;
        context.silent = true;
        let mut snapshot = facts.snapshot.clone();
        let mut newest: BTreeMap<Series, Version> = BTreeMap::new();
        for release in &snapshot.releases {
            newest.insert(release.version.series(), release.version);
        }
        let next = newest
            .into_values()
            .map(|version| imagined(version.next_in_series(), &context));
        snapshot.releases.extend(next);
        snapshot.sort();
        let facts = Facts {
            snapshot,
            sources: Vec::new(),
            too_old: false,
        };
        Self { context, facts }
    }

    /// Makes the bump to it in memory, with changelog and own version. `only`: the other links
    /// stay where they are; empty: all move.
    pub(crate) fn bump(&self, config: &Config, only: &[&str]) -> Result<(), Fault> {
        let mut config = config.clone();
        // The source of a release that is only imagined is nowhere.
        config.links.retain(|link| {
            !link
                .pins
                .iter()
                .any(|pin| matches!(pin.kind, PinKind::Tree(_)))
        });
        let session = Session::open(&self.context)?;
        let case = Case::new(&session, &config, &self.facts);
        bump::prepare(&case, &[], only).map(drop)
    }
}

/// A release of this version that is out today, with every value that a pin can ask for.
fn imagined(version: Version, context: &Context) -> Release {
    // Each release has its own: digests tell whose a place is.
    let seed = format!("5eed{:08x}", version.number().unwrap_or_default());
    let digest = |length: usize| Some(seed.chars().cycle().take(length).collect::<String>());
    Release {
        version,
        date: context.today,
        hashes: Hashes {
            sha256: digest(64),
            sha512: digest(128),
            sha1: digest(40),
            md5: digest(32),
        },
        size: Some(55_555_555),
        url: None,
        commit: digest(40),
        withdrawn: None,
        text: None,
    }
}

/// Makes every draft as if the linked version had just come: each draft's name, and what is wrong
/// with it.
pub(crate) fn rehearse(case: &Case<'_>) -> Vec<(&'static str, Result<(), Fault>)> {
    if let Err(fault) = case.templates() {
        return vec![("templates", Err(fault))];
    }
    let Case {
        context,
        config,
        view,
        ..
    } = case;
    // What is wrong with the own version is said elsewhere.
    let (Ok(project), Ok(_)) = (case.project(), next_version(case, None)) else {
        return Vec::new();
    };
    let mut here = (*config).clone();
    let names: Vec<String> = links::here(context, config)
        .iter()
        .map(|link| link.name.clone())
        .collect();
    here.links.retain(|link| names.contains(&link.name));
    // What is wrong with pins is said elsewhere.
    let case = case.with(&here);
    let Ok(mut situations) = moves::read(&case) else {
        return Vec::new();
    };
    for situation in &mut situations {
        let working = situation.working;
        let lower = view
            .good_releases()
            .map(|release| release.version)
            .rfind(|version| *version < working && !version.is_prerelease());
        situation.moved = situation.moved.take().or_else(|| {
            lower.map(|from| LinkMove::between(&situation.link.name, from, working, view))
        });
    }
    // A pull request moves one link.
    situations.truncate(1);
    if situations.iter().all(|situation| situation.moved.is_none()) {
        return Vec::new();
    }
    let material = DraftMaterial {
        case: &case,
        project,
        situations,
    };
    let mut results = Vec::new();
    if config.changelog.is_some() {
        results.push(("changelog", material.changelog().map(drop)));
    }
    results.push(("pull request", material.pull_request().map(drop)));
    if config.announcement.is_some() {
        let material = announcing::Material {
            case: &case,
            project,
            situations: material.situations,
            because: Vec::new(),
        };
        results.push(("announcement", material.due().map(drop)));
    }
    results
}
