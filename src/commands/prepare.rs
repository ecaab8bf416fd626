//! `prepare`: the change of a bump in the working tree, or as a diff.

mod paperwork;
mod tarballs;

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use super::Report;
use crate::cli::Format;
use crate::openssl::advisory::CveId;
use crate::openssl::assessment::Verdict;
use crate::openssl::version::Version;
use crate::outside::genuine::Checked;
use crate::outside::worktree;
use crate::project::change::{self, Change, Move};
use crate::project::config::Config;
use crate::project::linked;
use crate::text::fault::Fault;
use crate::text::in_words;
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::links::{self, Assessed, Chosen};

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "release-check prepare --format json")]
struct Document<'a> {
    schema: u32,
    /// The links that move.
    links: Vec<Moved>,
    /// The files that change, relative to the project.
    files: Vec<&'a str>,
    /// The project's own new version, where it is raised.
    project_version: Option<&'a str>,
    /// What was checked about each tarball that a value was taken from.
    checked: Vec<Tarball<'a>>,
    /// What could not be checked, in words.
    unchecked: &'a [String],
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Moved {
    name: String,
    from: Version,
    to: Version,
    #[schemars(with = "String")]
    verdict: Verdict,
    fixes: Vec<CveId>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Tarball<'a> {
    version: Version,
    checked: &'a Checked,
}

/// A change with everything there is to say about it.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The file edits.
    pub(super) change: Change,
    links: Vec<Moved>,
    /// The project's own new version, where it is raised.
    pub(super) project_version: Option<String>,
    /// What was checked of each tarball.
    pub(super) tarballs: Vec<(Version, Checked)>,
}

/// Runs the command.
pub(super) fn run(context: &Context, to: &[String], diff: bool) -> Result<Report, Fault> {
    let config = context.config_with_links()?;
    let facts = facts::gather(context, &config)?;
    let prepared = prepare(context, &config, &facts, to, None)?;
    for unchecked in &prepared.change.unchecked {
        context.note(format!("unchecked: {unchecked}"));
    }
    if diff {
        return Ok(Report::done(
            prepared
                .change
                .unified_diff(&worktree::prefix(&context.directory)),
        ));
    }
    worktree::apply(&context.directory, &prepared.change)?;
    Ok(Report::done(match context.format {
        Format::Json => crate::paper::report::pretty(&document(&prepared)),
        _ => text(&prepared),
    }))
}

/// Works the change out: pins, the project's own version, the changelog. `only`: the other links
/// stay where they are.
///
/// # Errors
///
/// Whatever is wrong with pins, files or tarballs.
pub(super) fn prepare(
    context: &Context,
    config: &Config,
    facts: &facts::Facts,
    to: &[String],
    only: Option<&str>,
) -> Result<Prepared, Fault> {
    let upstream = facts.view(context, config);
    let links = links::here(context, config);
    let chosen = Chosen::read(to, &links, &upstream)?;
    let (assessed, mut files) = links::all(
        &context.directory,
        &links,
        &facts.snapshot,
        &upstream,
        &chosen,
    )?;
    let moving: Vec<&Assessed<'_>> = assessed
        .iter()
        .filter(|one| only.is_none_or(|name| name == one.link.name))
        .filter(|one| moves(context, one, chosen.of(one.link).is_some()))
        .collect();
    if moving.is_empty() {
        return Ok(Prepared {
            change: Change::default(),
            links: Vec::new(),
            project_version: None,
            tarballs: Vec::new(),
        });
    }
    let tarballs = tarballs::gather(context, config, facts, &moving)?;
    for path in moving.iter().flat_map(|one| tarballs::trees(one.link)) {
        worktree::load_tree(&context.directory, path, &mut files)?;
    }
    let stays = |one: &Assessed<'_>| !moving.iter().any(|other| std::ptr::eq(*other, one));
    let steps: Vec<Move<'_>> = assessed
        .iter()
        .map(|one| {
            let target = one
                .assessment
                .target
                .filter(|_| !stays(one))
                .unwrap_or(one.linked.version);
            Move {
                link: one.link,
                linked: &one.linked,
                target,
            }
        })
        .collect();
    let values = change::Facts {
        releases: &tarballs.releases,
        trees: &tarballs.trees,
        day: context.today,
        github: &config.upstream.github,
    };
    let change = change::bump(&steps, &files, &values)?;
    let (change, project_version) = paperwork::Desk {
        context,
        config,
        facts,
        upstream: &upstream,
        moving: &moving,
    }
    .add(change, files)?;
    let links = moving.iter().filter_map(|one| moved(one)).collect();
    Ok(Prepared {
        change,
        links,
        project_version,
        tarballs: tarballs.checked,
    })
}

/// Works out what a move of pins in another repository changes here: the project's own version and
/// the changelog.
///
/// # Errors
///
/// Whatever is wrong with these files.
pub(super) fn paperwork(
    context: &Context,
    config: &Config,
    facts: &facts::Facts,
    one: &Assessed<'_>,
) -> Result<Prepared, Fault> {
    let upstream = facts.view(context, config);
    let desk = paperwork::Desk {
        context,
        config,
        facts,
        upstream: &upstream,
        moving: &[one],
    };
    let (change, project_version) = desk.add(Change::default(), linked::Files::default())?;
    Ok(Prepared {
        change,
        links: moved(one).into_iter().collect(),
        project_version,
        tarballs: Vec::new(),
    })
}

/// Whether a link goes anywhere; where it does not, that is said.
fn moves(context: &Context, one: &Assessed<'_>, chosen: bool) -> bool {
    let (name, linked) = (&one.link.name, one.linked.version);
    match (one.assessment.target, one.assessment.due_on) {
        (Some(target), Some(due)) if !chosen => {
            context.note(format!("{name}: OpenSSL {target} has no security fix and waits until {due}; `--to` moves there now"));
            false
        }
        (Some(_), _) => true,
        (None, _) if chosen => {
            context.note(format!(
                "{name}: OpenSSL {linked} is what `--to` asks for, there is nothing to do"
            ));
            false
        }
        (None, _) => {
            context.note(format!(
                "{name}: OpenSSL {linked} is {}, there is nothing to move to",
                one.assessment.verdict
            ));
            false
        }
    }
}

fn moved(one: &Assessed<'_>) -> Option<Moved> {
    let assessment = &one.assessment;
    let to = assessment.target?;
    let fixes = assessment.fixes.clone();
    Some(Moved {
        name: one.link.name.clone(),
        from: one.linked.version,
        to,
        verdict: assessment.verdict,
        fixes,
    })
}

fn document(prepared: &Prepared) -> Document<'_> {
    Document {
        schema: 1,
        links: prepared.links.clone(),
        files: prepared
            .change
            .edits
            .iter()
            .map(|edit| edit.path.as_str())
            .collect(),
        project_version: prepared.project_version.as_deref(),
        checked: prepared
            .tarballs
            .iter()
            .map(|(version, checked)| Tarball {
                version: *version,
                checked,
            })
            .collect(),
        unchecked: &prepared.change.unchecked,
    }
}

fn text(prepared: &Prepared) -> String {
    let mut out = String::new();
    for link in &prepared.links {
        let fixes = if link.fixes.is_empty() {
            String::new()
        } else {
            format!(", fixes {}", in_words(&link.fixes))
        };
        // The verdict is about going up.
        let what = if link.to < link.from && link.verdict != Verdict::Withdrawn {
            "back".to_owned()
        } else {
            link.verdict.to_string()
        };
        let _ = writeln!(
            out,
            "{}: OpenSSL {} -> {} ({what}{fixes})",
            link.name, link.from, link.to
        );
    }
    if let Some(version) = &prepared.project_version {
        let _ = writeln!(out, "own version: {version}");
    }
    for edit in &prepared.change.edits {
        let _ = writeln!(out, "  changed {}", crate::text::one_line(&edit.path));
    }
    for (version, checked) in &prepared.tarballs {
        for sentence in checked.sentences() {
            let _ = writeln!(out, "  {version}: {}", crate::text::one_line(&sentence));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_published() {
        crate::text::schema::assert_published::<super::Document<'_>>("prepare");
    }
}
