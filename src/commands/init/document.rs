//! What was found, as JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::scheduled::Scheduled;
use crate::openssl::version::{Series, Version};
use crate::project::discovery::{
    self, Confidence, Discovery, Doubt, FoundKind, FoundLink, FoundPin,
};

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check init --format json")]
pub(super) struct InitJson<'a> {
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
    /// Further places that say it and are raised with it.
    also: Vec<OwnPlace<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct OwnPlace<'a> {
    file: &'a str,
    #[serde(rename = "match")]
    pattern: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Unsure<'a> {
    file: &'a str,
    line: usize,
    text: &'a str,
    why: &'a str,
}

pub(super) fn document<'a>(
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
            file: &own.first.file,
            pattern: &own.first.pattern,
            version: &own.version,
            also: own
                .others
                .iter()
                .map(|place| OwnPlace {
                    file: &place.file,
                    pattern: &place.pattern,
                })
                .collect(),
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

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::text::schema::assert_published::<super::InitJson<'_>>("init");
    }
}
