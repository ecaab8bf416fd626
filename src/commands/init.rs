//! `init`: a configuration from what is found in the checkout, and the workflow that runs it.

mod new_file;
mod scheduled;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::report::Report;
use crate::cli::Format;
use crate::openssl::version::{Series, Version};
use crate::paper::report;
use crate::project::change::{Change, Edit};
use crate::project::config::{self, Config};
use crate::project::discovery::{
    self, Confidence, Discovery, Doubt, FoundKind, FoundLink, FoundPin,
};
use crate::project::file_entry::FileEntry;
use crate::text::count;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::found::Found;
use crate::workspace::session::Session;

use scheduled::Scheduled;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check init --format json")]
struct InitJson<'a> {
    schema: u32,
    /// The configuration that was written, or that `diff` is about; none where nothing speaks of
    /// OpenSSL.
    file: Option<String>,
    /// What would change in that file, as a unified diff; none where it was written.
    diff: Option<String>,
    /// The workflow that was written; none where there was one, or the project is not on GitHub.
    workflow: Option<&'a str>,
    project: Project<'a>,
    links: Vec<Link<'a>>,
    /// Other repositories that a workflow takes OpenSSL from.
    elsewhere: Vec<Elsewhere<'a>>,
    /// The changelog's file.
    changelog: Option<&'a str>,
    /// Where the project says its own version.
    version: Option<OwnVersion<'a>>,
    /// How far the history was read, where not to its beginning.
    history: Option<&'a str>,
    /// What may be a pin, or not.
    unsure: Vec<Unsure<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Project<'a> {
    name: &'a str,
    /// `owner/name` of its origin.
    repository: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct Link<'a> {
    name: &'a str,
    /// The version that its pins say; where definition files differ, the lowest.
    linked: Version,
    series: Series,
    /// `shipped`, or `tested`: a version that is only tested with.
    role: &'static str,
    /// Why it stands as a comment only; none where it counts.
    doubt: Option<&'a str>,
    pins: Vec<Pin<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Pin<'a> {
    kind: &'static str,
    /// The file, glob or folder.
    path: &'a str,
    /// The patterns of a text pin.
    #[serde(rename = "match", skip_serializing_if = "<[_]>::is_empty")]
    matches: &'a [String],
    confidence: Confidence,
    /// Why it counts as OpenSSL's.
    reason: String,
    places: Vec<Place<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Place<'a> {
    file: &'a str,
    line: usize,
}

#[derive(Serialize, JsonSchema)]
struct Elsewhere<'a> {
    /// `owner/name`.
    repository: &'a str,
    /// The workflow that names it.
    file: &'a str,
    line: usize,
}

#[derive(Serialize, JsonSchema)]
struct OwnVersion<'a> {
    file: &'a str,
    #[serde(rename = "match")]
    pattern: &'a str,
    version: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Unsure<'a> {
    file: &'a str,
    line: usize,
    text: &'a str,
    why: &'a str,
}

/// What is said of a tree in which nothing names OpenSSL.
const NOTHING: &str = "no pin of OpenSSL found, and no file names OpenSSL; nothing was written\n";

/// Runs the command.
pub(super) fn run(session: &Session<'_>, diff: bool) -> Result<Report, Fault> {
    let context = session.context;
    let named = context
        .config
        .clone()
        .unwrap_or_else(|| PathBuf::from(config::FILE_NAME));
    let path = context.path(&named);
    let stands = std::fs::symlink_metadata(&path).is_ok();
    let facts = facts::gather(session, &Config::default())?;
    let name = named.display().to_string();
    let looked = Found::look(session, &facts, &name)?;
    let found = &looked.discovery;
    if looked.is_silent {
        return Ok(Report::done(match context.format {
            Format::Json => report::pretty(&document(None, None, &Scheduled::Elsewhere, found)),
            _ => NOTHING.to_owned(),
        }));
    }
    if diff || stands {
        if stands && !diff {
            context.note(format!(
                "`{}` stands and is left as it is; this is what would change in it",
                named.display()
            ));
        }
        let diff = proposed(context, &named, &looked)?;
        return Ok(Report::done(match context.format {
            Format::Json => report::pretty(&document(
                Some(&name),
                Some(diff),
                &Scheduled::Elsewhere,
                found,
            )),
            _ => diff,
        }));
    }
    new_file::write(&path, &named, &looked.text(&name, None))?;
    let scheduled = scheduled::add(context, &named, &found.name)?;
    Ok(Report::done(match context.format {
        Format::Json => report::pretty(&document(Some(&name), None, &scheduled, found)),
        _ => screen(&name, &scheduled, found),
    }))
}

/// What would be written, as a change to what stands.
fn proposed(context: &Context, named: &Path, looked: &Found) -> Result<String, Fault> {
    let before = match std::fs::read(context.path(named)) {
        Ok(bytes) => Some(FileEntry::regular(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(Fault::failed(format!(
                "cannot read `{}`: {error}",
                named.display()
            )));
        }
    };
    let name = named.display().to_string();
    let standing = before
        .as_ref()
        .and_then(|entry| std::str::from_utf8(&entry.bytes).ok());
    let after = Some(FileEntry::regular(looked.text(&name, standing)));
    let edits = vec![Edit {
        path: name,
        before,
        after,
    }];
    let change = Change {
        edits,
        unchecked: Vec::new(),
    };
    Ok(change.unified_diff(""))
}

fn document<'a>(
    file: Option<&str>,
    diff: Option<String>,
    scheduled: &'a Scheduled,
    found: &'a Discovery,
) -> InitJson<'a> {
    InitJson {
        schema: 1,
        file: file.map(str::to_owned),
        diff,
        workflow: match scheduled {
            Scheduled::Written { file, .. } => Some(file),
            Scheduled::There(_) | Scheduled::Elsewhere => None,
        },
        project: Project {
            name: &found.name,
            repository: found.repository.as_deref(),
        },
        links: found.links.iter().map(link).collect(),
        elsewhere: found
            .elsewhere
            .iter()
            .map(|one| Elsewhere {
                repository: &one.repository,
                file: &one.file,
                line: one.line,
            })
            .collect(),
        changelog: found.changelog.as_deref(),
        version: found.version.as_ref().map(|own| OwnVersion {
            file: &own.file,
            pattern: &own.pattern,
            version: &own.version,
        }),
        history: found.bounds.as_deref(),
        unsure: found.unsure.iter().map(unsure).collect(),
    }
}

fn link(link: &FoundLink) -> Link<'_> {
    Link {
        name: &link.name,
        linked: link.version,
        series: link.version.series(),
        role: if link.tested { "tested" } else { "shipped" },
        doubt: link.doubt.as_deref(),
        pins: link.pins.iter().map(pin).collect(),
    }
}

fn pin(pin: &FoundPin) -> Pin<'_> {
    let none: &[String] = &[];
    let (kind, path, matches) = match &pin.kind {
        FoundKind::Text(text) => ("text", text.file.as_str(), text.matches.as_slice()),
        FoundKind::Submodule(path) => ("submodule", path.as_str(), none),
        FoundKind::Cargo { file, .. } => ("cargo", file.as_deref().unwrap_or("Cargo.lock"), none),
        FoundKind::Tree(path) => ("tree", path.as_str(), none),
    };
    let places = pin
        .places
        .iter()
        .map(|(file, line)| Place { file, line: *line })
        .collect();
    Pin {
        kind,
        path,
        matches,
        confidence: pin.confidence,
        reason: discovery::reason(pin),
        places,
    }
}

fn unsure(doubt: &Doubt) -> Unsure<'_> {
    Unsure {
        file: &doubt.file,
        line: doubt.line,
        text: &doubt.text,
        why: &doubt.why,
    }
}

/// What was found, link by link, then what is unsure.
fn screen(file: &str, scheduled: &Scheduled, found: &Discovery) -> String {
    let mut out = String::new();
    for link in &found.links {
        let _ = writeln!(
            out,
            "{}: OpenSSL {}, {}{}",
            link.name,
            link.version,
            if link.tested {
                "only tested with, "
            } else {
                ""
            },
            count(link.pins.len(), "pin", "pins")
        );
        if let Some(why) = &link.doubt {
            let _ = writeln!(out, "  doubtful, and left as a comment: {why}");
        }
        for pin in &link.pins {
            let sure = if pin.confidence == Confidence::Certain {
                ""
            } else {
                "likely: "
            };
            let _ = writeln!(
                out,
                "  {sure}{} ({})",
                discovery::places(pin),
                discovery::reason(pin)
            );
        }
    }
    if found.links.is_empty() {
        out.push_str("no pin of OpenSSL found\n");
    }
    for one in &found.elsewhere {
        let _ = writeln!(
            out,
            "elsewhere: {}:{} takes OpenSSL from {}; {file} has a link with its `repository` to fill in",
            one.file, one.line, one.repository
        );
    }
    if let Some(bounds) = &found.bounds {
        let _ = writeln!(out, "history: {bounds}");
    }
    if let Some(changelog) = &found.changelog {
        let _ = writeln!(out, "changelog: {changelog}");
    }
    if let Some(entry) = &found.entries {
        let _ = writeln!(out, "changelog entries: {}", entry.path);
    }
    if let Some(own) = &found.version {
        let _ = writeln!(out, "own version: {} in {}", own.version, own.file);
    }
    if !found.unsure.is_empty() {
        out.push_str("unsure, and left out:\n");
    }
    for doubt in &found.unsure {
        let _ = writeln!(out, "  {}:{}: {}", doubt.file, doubt.line, doubt.why);
    }
    let next = if found.links.is_empty() {
        "fill in its template"
    } else {
        "read it, then run `release-check check`"
    };
    let _ = writeln!(out, "wrote {file}; {next}");
    match scheduled {
        Scheduled::Written { file, lacks_commit } => {
            let _ = writeln!(
                out,
                "wrote {file}; commit it, and set the secrets that it names; what it opens needs the setting"
            );
            let _ = writeln!(
                out,
                "  `Allow GitHub Actions to create and approve pull requests` (Settings, Actions, General), or an app's token"
            );
            if *lacks_commit {
                let (repository, version) =
                    (env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"));
                let _ = writeln!(
                    out,
                    "  in place of the zeros it needs the commit of release {version}, which this prints last:"
                );
                let _ = writeln!(
                    out,
                    "  git ls-remote --tags {repository} v{version} 'v{version}^{{}}'"
                );
            }
        }
        Scheduled::There(file) => _ = writeln!(out, "left {file} as it is"),
        Scheduled::Elsewhere => {}
    }
    crate::text::printable(&out)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::text::schema::assert_published::<super::InitJson<'_>>("init");
    }
}
