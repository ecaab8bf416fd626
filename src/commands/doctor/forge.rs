//! The forge: what each repository's token is good for, and whether CI will run on what it opens.

use super::findings::DoctorFindings;
use super::schedule;
use super::sources::SOON;
use crate::outside::github::{ForgeError, ForgeRepository, TokenStanding};
use crate::project::config::Config;
use crate::text::count;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::place::{self, Place};
use crate::workspace::session::Session;

/// Fewer requests than a run in a bad hour may need.
const FEW: u64 = 100;

/// Looks at the token of every repository that pull requests go to.
pub(super) fn check(session: &Session<'_>, config: &Config, findings: &mut DoctorFindings) {
    let context = session.context;
    findings.in_area("forge");
    let places = match every(context, config) {
        Ok(places) => places,
        Err(fault) => {
            return findings.warning(
                "repository",
                fault.to_string(),
                "without it `check` and `prepare` work, `propose` does not",
            );
        }
    };
    for place in &places {
        let variable = place.token_variable();
        let set = context.environment.get(variable).is_some();
        let state = if set { "is set" } else { "is not set" };
        let name = if place.name.contains('/') {
            place.name.as_str()
        } else {
            "this repository"
        };
        if !place.has_remote {
            findings.skipped(name, place::NO_REMOTE);
        } else if !place.is_on_forge {
            findings.skipped(
                name,
                "not on GitHub: branches are pushed with git, and the text is printed",
            );
        } else if context.offline {
            findings.skipped(
                name,
                format!("`{variable}` {state}; the forge is not asked, offline"),
            );
        } else if let Some(forge) = place.forge() {
            if set {
                session.block_on(repository(context, place, forge, findings));
            } else {
                let next = "set it to a token that may write contents, pull requests and issues; in a workflow, to an app's token";
                findings.error(
                    name,
                    format!("`{variable}` is not set; nothing can be proposed there"),
                    next,
                );
            }
        }
    }
}

/// The repositories of the links, and the project's own, which gets changelog and version.
fn every(context: &Context, config: &Config) -> Result<Vec<Place>, Fault> {
    let mut places = place::places(context, config)?;
    if !places.iter().any(|place| place.is_here) {
        places.extend(place::own(context, config)?);
    }
    Ok(places)
}

async fn repository(
    context: &Context,
    place: &Place,
    forge: ForgeRepository<'_>,
    findings: &mut DoctorFindings,
) {
    match forge.standing().await {
        Ok(standing) => token(context, place, &standing, findings),
        Err(error) => {
            let next = format!(
                "look at the token in `{}`: is it of this forge, not expired, and allowed to see the repository?",
                place.token_variable()
            );
            return findings.error(&place.name, error.to_string(), &next);
        }
    }
    if place.is_here {
        last_run(context, forge, findings).await;
        if place.config.advisory.forge {
            advisories(place, forge, findings).await;
        }
    }
}

fn token(
    context: &Context,
    place: &Place,
    standing: &TokenStanding,
    findings: &mut DoctorFindings,
) {
    may_write(place, standing, findings);
    let (name, variable) = (&place.name, place.token_variable());
    let ci = format!("CI on our pull requests in {name}");
    if place.may_be_workflow_token() {
        let next = "use the token of a GitHub App: see the commented step in the workflow that `release-check init` writes";
        findings.warning(&ci, format!("`{variable}` may be the workflow's own token, and what that opens starts no other workflow"), next);
    } else {
        findings.ok(&ci, "runs: the token is not a workflow's own");
    }
    if !standing.has_issues {
        findings.warning(
            name,
            "the repository has no issues: nobody is told there of a fix that is pending",
            "turn issues on",
        );
    }
    if let Some((left, _)) = standing.left.filter(|(left, _)| *left < FEW) {
        findings.warning(
            name,
            format!("only {left} requests are left in this hour"),
            "wait, or use a token that is not shared",
        );
    }
    if let Some(day) = standing
        .expires
        .as_deref()
        .and_then(|text| crate::text::date::iso(text.get(..10)?))
    {
        let days = (day - context.today).get_days();
        if days <= SOON {
            findings.warning(
                name,
                format!("the token in `{variable}` expires on {day}, in {days} days"),
                "make a new one in time",
            );
        }
    }
}

/// Whether the token may write to the repository, as far as the forge says.
fn may_write(place: &Place, standing: &TokenStanding, findings: &mut DoctorFindings) {
    let (name, variable) = (&place.name, place.token_variable());
    let lacks_scope = standing.scopes.as_ref().is_some_and(|scopes| {
        !scopes
            .iter()
            .any(|scope| scope == "repo" || scope == "public_repo")
    });
    let left = standing.left.map_or_else(String::new, |(left, all)| {
        format!("; {left} of {all} requests left in this hour")
    });
    if standing.archived {
        findings.error(
            name,
            "the repository is archived: nothing can be written there",
            "unarchive it, or take its links out",
        );
    } else if standing.may_push == Some(false) {
        findings.error(
            name,
            format!("the token in `{variable}` may read, but not push"),
            "give it write access to contents, pull requests and issues",
        );
    } else if lacks_scope {
        let scopes = standing
            .scopes
            .as_ref()
            .map(|scopes| scopes.join("`, `"))
            .unwrap_or_default();
        findings.error(
            name,
            format!("the token in `{variable}` has only the scopes `{scopes}`"),
            "give it the scope `repo`, for public repositories `public_repo`",
        );
    } else if let Some(scopes) = &standing.scopes {
        findings.ok(
            name,
            format!(
                "the token in `{variable}` is a classic one with the scopes `{}`: it may write contents, pull requests and issues{left}",
                scopes.join("`, `")
            ),
        );
    } else {
        let push = if standing.may_push == Some(true) {
            "may push"
        } else {
            "is valid"
        };
        findings.ok(
            name,
            format!(
                "the token in `{variable}` {push}; whether it may write pull requests and issues, the forge says only when it does{left}"
            ),
        );
    }
}

/// Whether security advisories can be read, and so most likely drafted.
async fn advisories(place: &Place, forge: ForgeRepository<'_>, findings: &mut DoctorFindings) {
    let name = "security advisories";
    let variable = place.token_variable();
    if place.may_be_workflow_token() {
        return findings.warning(
            name,
            format!("`{variable}` may be the workflow's own token, which may not draft any"),
            "use the token of a GitHub App or of a person with the permission `Repository security advisories: write`",
        );
    }
    match forge.security_advisories().await {
        Ok(_) => findings.ok(
            name,
            format!("the token in `{variable}` may read them; whether it may draft one, the forge says only when it does"),
        ),
        Err(error) => findings.error(
            name,
            error.to_string(),
            &format!("give the token in `{variable}` the permission `Repository security advisories: write`, a classic one the scope `repo`"),
        ),
    }
}

/// When the scheduled job last succeeded.
async fn last_run(context: &Context, forge: ForgeRepository<'_>, findings: &mut DoctorFindings) {
    let name = "scheduled workflow";
    let Some(workflow) = schedule::of_program(context) else {
        return findings.skipped(
            name,
            "no file in `.github/workflows` runs `release-check`; `release-check init` writes one",
        );
    };
    match forge.last_success(&workflow).await {
        Ok(Some(moment)) => {
            let day = moment.get(..10).and_then(crate::text::date::iso);
            let days = day.map(|day| (context.today - day).get_days());
            let detail = format!(
                "`{workflow}` last succeeded on {}",
                moment.get(..10).unwrap_or(&moment)
            );
            match days {
                Some(days) if days > 7 => {
                    let ago = count(usize::try_from(days).unwrap_or(0), "day", "days");
                    findings.warning(
                        name,
                        format!("{detail}, {ago} ago"),
                        "look at its runs; forges stop the schedules of quiet repositories",
                    );
                }
                _ => findings.ok(name, detail),
            }
        }
        Ok(None) => findings.warning(
            name,
            format!("`{workflow}` never succeeded"),
            "start it by hand and look at what it says",
        ),
        Err(error) => unseen(name, &workflow, &error, findings),
    }
}

fn unseen(name: &str, workflow: &str, error: &ForgeError, findings: &mut DoctorFindings) {
    findings.skipped(name, format!("the runs of `{workflow}` cannot be seen, which needs the permission to read actions: {error}"));
}
