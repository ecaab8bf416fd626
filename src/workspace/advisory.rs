//! The draft security advisory at the forge for the newest release: made of what the release fixes,
//! and kept up to date there.

use crate::openssl::advisory::Severity;
use crate::outside::git::history::Tag;
use crate::outside::github::GitHub;
use crate::paper::draft::Move;
use crate::paper::draft::advisory::{self as draft, CarriedByRelease};
use crate::plan::pipeline::advisory::{self as plan, Act, Advisory, AdvisoryContent, Affected};
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::place;
use crate::workspace::project::Project;
use crate::workspace::releases::Releases;

/// Looks at the advisory of the newest release, and drafts it or brings it up to date where
/// `execute` says so.
///
/// # Errors
///
/// If the templates are wrong, or the first thing that the forge refuses.
pub(crate) fn keep(
    case: &Case<'_>,
    project: &Project,
    tag: &Tag,
    execute: bool,
) -> Result<Advisory, Fault> {
    let Some(content) = content(case, project, tag)? else {
        return Ok(Advisory::NothingToSay);
    };
    let own = place::own(case.context, case.config)?;
    let forge = own.as_ref().and_then(|own| Some((own.forge()?, own)));
    let Some((forge, own)) = forge else {
        return Err(Fault::usage(
            "`forge = true` in `[advisory]` needs the project's repository on GitHub, which is not asked offline; set `repository` in `[project]`",
        ));
    };
    if execute {
        own.check_token()?;
    }
    let release = tag.version.to_string();
    let session = case.session;
    let known = session.block_on(forge.security_advisories(&own.name));
    let known = known.map_err(|error| refused(forge, &Fault::from(error)))?;
    let (act, ours) = plan::act(&release, &content, &known);
    let mut url = ours.map(|ours| ours.url.clone());
    let signed = AdvisoryContent {
        description: plan::signed(&release, &content),
        ..content
    };
    let done = execute && matches!(act, Act::Create | Act::Update);
    if done {
        let written = match ours {
            None => session
                .block_on(forge.draft_advisory(&own.name, &signed))
                .map(|page| url = Some(page)),
            Some(ours) => session.block_on(forge.update_advisory(&own.name, &ours.id, &signed)),
        };
        written.map_err(|error| refused(forge, &Fault::from(error)))?;
    }
    Ok(Advisory::Planned { act, done, url })
}

/// What a refusal may come from.
fn refused(forge: &GitHub, fault: &Fault) -> Fault {
    let whose = if forge.may_be_workflow_token() {
        "a workflow's own token never has it: use that of a GitHub App or of a person"
    } else {
        "give it to the token"
    };
    Fault::failed(format!(
        "{fault}; drafts need the permission to write repository security advisories, {whose}"
    ))
}

/// What the advisory says; none where the release fixes nothing.
fn content(
    case: &Case<'_>,
    project: &Project,
    tag: &Tag,
) -> Result<Option<AdvisoryContent>, Fault> {
    let releases = Releases::of(case, project);
    let at = project
        .tags
        .iter()
        .position(|one| one.version == tag.version);
    let Some(previous) = at
        .and_then(|at| at.checked_sub(1))
        .map(|before| &project.tags[before])
    else {
        return Ok(None);
    };
    let moves = case.config.links.iter().filter_map(|link| {
        let (from, to) = (
            releases.carried(link, previous)?,
            releases.carried(link, tag)?,
        );
        let moved = Move::between(&link.name, from, to, &case.view);
        moved.is_security().then_some((link, moved))
    });
    let moves: Vec<(Move, Vec<CarriedByRelease>)> = moves
        .map(|(link, moved)| (moved, releases.all(link)))
        .collect();
    let Some((first, history)) = moves.first() else {
        return Ok(None);
    };
    let (config, version) = (case.config, tag.version.to_string());
    let ranges = draft::ranges(&moves, Some(&tag.version), &case.view);
    let package = draft::package(config);
    let text = draft::Advisory::of(
        config,
        first,
        history,
        Some(&version),
        case.context.today,
        &case.view,
    )
    .render(case.templates()?)?;
    let (summary, description) = split(&text);
    let fixed: Vec<&str> = moves
        .iter()
        .flat_map(|(moved, _)| moved.fixes.iter().map(|facts| facts.id.as_str()))
        .collect();
    Ok(Some(AdvisoryContent {
        summary: summary.to_owned(),
        description: description.to_owned(),
        severity: severity(&moves),
        cve: match fixed[..] {
            [only] => Some(only.to_owned()),
            _ => None,
        },
        affected: ranges
            .into_iter()
            .map(|range| Affected {
                ecosystem: ecosystem(case).to_owned(),
                package: package.to_owned(),
                range: range.affected,
                patched: range.patched,
            })
            .collect(),
    }))
}

/// The heading, and the rest.
fn split(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    (first.trim_start_matches('#').trim(), rest.trim())
}

/// The gravest rating, in GitHub's words.
fn severity(moves: &[(Move, Vec<CarriedByRelease>)]) -> Option<&'static str> {
    let ratings = moves.iter().flat_map(|(moved, _)| {
        moved
            .fixes
            .iter()
            .map(|facts| Severity::read(&facts.severity))
    });
    match ratings.max()? {
        Severity::Critical => Some("critical"),
        Severity::High => Some("high"),
        Severity::Moderate => Some("medium"),
        Severity::Low => Some("low"),
        Severity::Unknown | Severity::Other(_) => None,
    }
}

fn ecosystem<'a>(case: &'a Case<'_>) -> &'a str {
    let published = case.config.published.as_ref();
    let is_indexed = published.is_some_and(|published| published.package.is_some());
    let default = if is_indexed { "pip" } else { "other" };
    case.config.advisory.ecosystem.as_deref().unwrap_or(default)
}
