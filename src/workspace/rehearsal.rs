//! Drafts for a release that is only imagined, to see that files and templates are fit for the real
//! one. Nothing is written.

use crate::paper::draft::Move;
use crate::text::fault::Fault;
use crate::workspace::announcing;
use crate::workspace::case::Case;
use crate::workspace::drafts::Material;
use crate::workspace::links;
use crate::workspace::moves;

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
    let Ok(project) = case.project() else {
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
    let Ok(mut situations) = moves::read(&case, None) else {
        return Vec::new();
    };
    for situation in &mut situations {
        let working = situation.working;
        let lower = view
            .good_releases()
            .map(|release| release.version)
            .rfind(|version| *version < working && !version.is_prerelease());
        situation.moved = situation
            .moved
            .take()
            .or_else(|| lower.map(|from| Move::between(&situation.link.name, from, working, view)));
    }
    // A pull request moves one link.
    situations.truncate(1);
    if situations.iter().all(|situation| situation.moved.is_none()) {
        return Vec::new();
    }
    let material = Material {
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
