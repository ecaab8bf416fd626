//! `prepare`: the change of a bump in the working tree, or as a diff.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use super::report::Report;
use crate::cli::Format;
use crate::openssl::assessment::Verdict;
use crate::openssl::version::Version;
use crate::outside::genuine::{Checked, Level};
use crate::outside::worktree;
use crate::project::config::{Config, Link};
use crate::project::discovery::usual_changelogs;
use crate::project::file_entry::FileMode;
use crate::text::fault::Fault;
use crate::text::in_words;
use crate::workspace::beforehand::{self, Intent};
use crate::workspace::bump::{MovedLink, Prepared, prepare};
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::links::{self, Chosen};
use crate::workspace::session::Session;
use crate::workspace::{facts, place};

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "release-check prepare --format json")]
struct PrepareJson<'a> {
    schema: u32,
    /// The links that move.
    links: Vec<MovedLink>,
    /// The files that change, relative to the project.
    files: Vec<&'a str>,
    /// The project's own new version, where it is raised.
    project_version: Option<&'a str>,
    /// What was checked about each tarball that a value was taken from.
    checked: Vec<CheckedTarball<'a>>,
    /// What could not be checked, in words.
    unchecked: &'a [String],
    /// The change as a unified diff, where only that was asked for; null where it was made.
    diff: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Tarball")]
struct CheckedTarball<'a> {
    version: Version,
    checked: &'a Checked,
}

pub(crate) fn run(session: &Session<'_>, to: &[String], diff: bool) -> Result<Report, Fault> {
    let context = session.context;
    let config = context.config_with_links()?;
    let chosen = Chosen::asked(to, &links::here(context, &config), &config)?;
    let config = config.or_asking_for(&chosen.names(to))?;
    beforehand::check(context, &config, Intent::Prepare)?;
    let facts = facts::gather(session, &config)?;
    let case = Case::new(session, &config, &facts);
    let prepared = prepare(&case, to, &[])?;
    case.note_unasked();
    note_elsewhere(context, &config);
    note_changelog(&case, &prepared);
    facts.note_if_too_old(context);
    let status = u8::from(prepared.unknown);
    for unchecked in &prepared.change.unchecked {
        context.note(format!("unchecked: {unchecked}"));
    }
    let diff = diff.then(|| {
        prepared
            .change
            .unified_diff(&worktree::prefix(&context.directory))
    });
    if diff.is_none() {
        worktree::apply(&context.directory, &prepared.change)?;
    } else {
        let unsigned = |checked: &Checked| checked.level < Level::Signature;
        prepared
            .sentences(unsigned)
            .for_each(|sentence| context.note(sentence));
    }
    let text = match (context.format, diff) {
        (Format::Json, diff) => crate::paper::report::pretty(&document(&prepared, diff)),
        (_, Some(diff)) => diff,
        (_, None) => context.look.lines(&text(&prepared)),
    };
    Ok(Report { text, status })
}

/// Of links that only a pull request in another repository moves, so that silence is not taken for
/// nothing due.
fn note_elsewhere(context: &Context, config: &Config) {
    let elsewhere = place::links_elsewhere(context, config);
    for (link, repository) in elsewhere.filter(|(link, _)| config.is_asked(&link.name)) {
        context.note(format!(
            "`{}` is pinned in `{repository}` and not changed from here; `release-check propose` shows the PR there",
            link.name
        ));
    }
}

/// Of a changelog that no configuration names, so that its entry is not forgotten.
fn note_changelog(case: &Case<'_>, prepared: &Prepared) {
    let config = case.config;
    let links = prepared.links.iter();
    let mut moved = links.filter_map(|moved| config.link(&moved.name));
    if config.changelog.is_some() || moved.all(Link::is_tested) {
        return;
    }
    let tree = case.tree();
    let is_file = |path: &String| tree.has(path) && !tree.has_folder(path);
    if let Some(path) = usual_changelogs().find(is_file) {
        case.context.note(format!(
            "no `[changelog]` is configured, so that nothing is written into `{path}`; where people write it by hand, its entry is still missing"
        ));
    }
}

fn document(prepared: &Prepared, diff: Option<String>) -> PrepareJson<'_> {
    PrepareJson {
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
            .map(|(version, checked)| CheckedTarball {
                version: *version,
                checked,
            })
            .collect(),
        unchecked: &prepared.change.unchecked,
        diff,
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
        // The verdict is about going up, and about all that policy allows.
        let what = match link.verdict {
            Verdict::Withdrawn => link.verdict.to_string(),
            _ if link.to < link.from => "back".to_owned(),
            Verdict::Stranded | Verdict::FixPending => "still affected".to_owned(),
            verdict => verdict.to_string(),
        };
        let _ = writeln!(
            out,
            "{}: OpenSSL {} -> {} ({what}{fixes})",
            link.name, link.from, link.to
        );
        if !link.unanalysed.is_empty() {
            let _ = writeln!(out, "  unanalysed: {}", link.unanalysed);
        }
    }
    if let Some(version) = &prepared.project_version {
        let _ = writeln!(out, "own version: {version}");
    }
    for edit in &prepared.change.edits {
        let after = edit.after.as_ref().map(|entry| entry.mode);
        // Of a submodule nothing but the index is changed.
        let staged = match after {
            Some(FileMode::Gitlink) => " (staged)",
            _ => "",
        };
        let path = crate::text::one_line(&edit.path);
        let _ = writeln!(out, "  changed {path}{staged}");
    }
    for sentence in prepared.sentences(|_| true) {
        let _ = writeln!(out, "  {sentence}");
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_published() {
        crate::text::schema::assert_published::<super::PrepareJson<'_>>("prepare");
    }
}
