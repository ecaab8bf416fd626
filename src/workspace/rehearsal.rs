//! Drafts for a release that is only imagined, to see that files and templates are fit for the real
//! one. Nothing is written.

use crate::paper::draft::Move;
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::workspace::announcing;
use crate::workspace::context::Context;
use crate::workspace::drafts::Material;
use crate::workspace::facts::Facts;
use crate::workspace::links;
use crate::workspace::moves;
use crate::workspace::project::Project;
use crate::workspace::templates::project_templates;

/// Makes every draft as if the linked version had just come: each draft's name, and what is wrong
/// with it.
pub(crate) fn rehearse(
    context: &Context,
    config: &Config,
    facts: &Facts,
    project: &Project,
) -> Vec<(&'static str, Result<(), Fault>)> {
    let templates = match project_templates(context, config) {
        Ok(templates) => templates,
        Err(fault) => return vec![("templates", Err(fault))],
    };
    let view = facts.view(context, config);
    let mut here = config.clone();
    let names: Vec<String> = links::here(context, config)
        .iter()
        .map(|link| link.name.clone())
        .collect();
    here.links.retain(|link| names.contains(&link.name));
    // What is wrong with pins is said elsewhere.
    let Ok(mut situations) = moves::read(context, &here, None, facts, project, &view) else {
        return Vec::new();
    };
    for situation in &mut situations {
        let working = situation.working;
        let lower = view
            .good_releases()
            .map(|release| release.version)
            .rfind(|version| *version < working && !version.is_prerelease());
        situation.moved = situation.moved.take().or_else(|| {
            lower.map(|from| Move::between(&situation.link.name, from, working, &view))
        });
    }
    // A pull request moves one link.
    situations.truncate(1);
    if situations.iter().all(|situation| situation.moved.is_none()) {
        return Vec::new();
    }
    let material = Material {
        context,
        config: &here,
        facts,
        project,
        view: &view,
        situations,
        templates,
    };
    let mut results = Vec::new();
    if config.changelog.is_some() {
        results.push(("changelog", material.changelog().map(drop)));
    }
    results.push(("pull request", material.pull_request().map(drop)));
    if config.announcement.is_some() {
        let Material {
            situations,
            templates,
            ..
        } = material;
        let because = Vec::new();
        let material = announcing::Material {
            context,
            config: &here,
            facts,
            upstream: &view,
            project,
            situations,
            templates,
            because,
        };
        results.push(("announcement", material.due().map(drop)));
    }
    results
}
