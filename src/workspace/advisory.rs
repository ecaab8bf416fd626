//! The draft security advisory at the forge for the newest release: made of what the release fixes,
//! and kept up to date there.

use crate::openssl::advisory::Severity;
use crate::outside::git::history::Tag;
use crate::outside::github::ForgeRepository;
use crate::paper::draft::LinkMove;
use crate::paper::draft::advisory::{self as draft, CarriedByRelease};
use crate::plan::pipeline::advisory::{
    self as plan, Act, AdvisoryContent, AdvisoryStanding, Affected,
};
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
) -> Result<AdvisoryStanding, Fault> {
    let Changes { moves, unknown } = changes(case, project, tag);
    let unknown = unknown.join("; ");
    let content = match content(case, tag, &moves)? {
        Some(content) => content,
        None if unknown.is_empty() => return Ok(AdvisoryStanding::NothingToSay),
        None => return Ok(AdvisoryStanding::Unknown(unknown)),
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
    let known = session.block_on(forge.security_advisories());
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
                .block_on(forge.draft_advisory(&signed))
                .map(|page| url = Some(page)),
            Some(ours) => session.block_on(forge.update_advisory(&ours.id, &signed)),
        };
        written.map_err(|error| refused(forge, &Fault::from(error)))?;
    }
    Ok(AdvisoryStanding::Planned {
        act,
        done,
        url,
        unknown,
    })
}

/// What a refusal may come from.
fn refused(forge: ForgeRepository<'_>, fault: &Fault) -> Fault {
    let whose = if forge.may_be_workflow_token() {
        "a workflow's own token never has it: use that of a GitHub App or of a person"
    } else {
        "give it to the token"
    };
    Fault::failed(format!(
        "{fault}; drafts need the permission to write repository security advisories, {whose}"
    ))
}

/// What a release changes of the links.
#[derive(Default)]
struct Changes {
    /// What fixes something, or may, each with what our releases carried of the link.
    moves: Vec<(LinkMove, Vec<CarriedByRelease>)>,
    /// Of what nothing is known, in words.
    unknown: Vec<String>,
}

/// What the release at a tag changes.
fn changes(case: &Case<'_>, project: &Project, tag: &Tag) -> Changes {
    let releases = Releases::of(case, project);
    let mut changes = Changes::default();
    let at = project
        .tags
        .iter()
        .position(|one| one.version == tag.version);
    let previous = at.and_then(|at| at.checked_sub(1));
    let Some(previous) = previous.map(|before| &project.tags[before]) else {
        return changes;
    };
    for link in case.config.links.iter().filter(|link| !link.is_tested()) {
        let carried = |tag: &Tag| {
            releases.carried_or_why(link, tag).map_err(|fault| {
                let (release, link) = (&tag.version, &link.name);
                format!("what {release} carried of `{link}` is not known ({fault})")
            })
        };
        match (carried(previous), carried(tag)) {
            (Ok(from), Ok(to)) => {
                let moved = LinkMove::between(&link.name, from, to, &case.view);
                if moved.has_issues() {
                    changes.moves.push((moved, releases.all(link)));
                } else if moved.unclear {
                    let said = moved.unanalysed.iter();
                    let said = said.map(|said| said.trim_end_matches('.').to_owned());
                    changes.unknown.extend(said);
                }
            }
            (Err(why), _) | (_, Err(why)) => changes.unknown.push(why),
        }
    }
    changes
}

/// What the advisory says; none where the release fixes nothing that is known.
fn content(
    case: &Case<'_>,
    tag: &Tag,
    moves: &[(LinkMove, Vec<CarriedByRelease>)],
) -> Result<Option<AdvisoryContent>, Fault> {
    let (config, version) = (case.config, tag.version.to_string());
    let day = case.context.today;
    let advisory = draft::AdvisoryDraft::of(config, moves, Some(&version), day, &case.view);
    let Some(advisory) = advisory else {
        return Ok(None);
    };
    let text = advisory.render(case.templates()?)?;
    let (summary, description) = split(&text);
    let ranges = draft::ranges(moves, Some(&tag.version), &case.view);
    let package = draft::package(config);
    Ok(Some(AdvisoryContent {
        summary: summary.to_owned(),
        description: description.to_owned(),
        severity: severity(moves),
        cve: match advisory.ids[..] {
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
fn severity(moves: &[(LinkMove, Vec<CarriedByRelease>)]) -> Option<&'static str> {
    let ratings = moves.iter().flat_map(|(moved, _)| {
        moved
            .fixes
            .iter()
            .map(|facts| Severity::read(&facts.severity))
    });
    // What its text on a release says counts until there are records.
    let foretold = moves
        .iter()
        .filter_map(|(moved, _)| moved.foretold.as_deref().map(Severity::read));
    match ratings.chain(foretold).max_by_key(Severity::gravity)? {
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
