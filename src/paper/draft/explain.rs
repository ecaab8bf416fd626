//! The values that each template may use, told from the types that are handed to it.

use std::fmt::Write;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::advisory::AdvisoryDraft;
use super::announcement::Announcement;
use super::changelog::ChangelogEntry;
use super::forward::Forward;
use super::pull_request::PullRequest;
use super::tracking::TrackingIssue;
use crate::text::{one_line, wrap};

/// Values inside values are told down to here.
const DEPTH: usize = 4;

/// How wide lines may be, in characters.
const WIDTH: usize = 100;

/// One value that a template may use.
struct Field {
    /// `move.fixes[].id`.
    name: String,
    /// `text`, `number`, `list of text`, ...
    kind: String,
    says: String,
}

/// The templates of the changelog's entry, with their values.
pub(crate) fn changelog() -> String {
    told::<ChangelogEntry<'_>>(&["changelog.rst.j2", "changelog.md.j2"])
}

/// The templates of the changelog's entry that is carried forward, with their values.
pub(crate) fn forward() -> String {
    told::<Forward<'_>>(&["forward/title.txt.j2", "forward/body.md.j2"])
}

/// The templates of the mail and of the release's text, with their values.
pub(crate) fn announcement() -> String {
    told::<Announcement<'_>>(&[
        "announcement/subject.txt.j2",
        "announcement/body.txt.j2",
        "release.md.j2",
    ])
}

/// The templates of the pull request and of the issue that stands in for it while there is no
/// release to go to, with their values.
pub(crate) fn pull_request() -> String {
    format!(
        "{}\n{}",
        told::<PullRequest<'_>>(&["pull-request/title.txt.j2", "pull-request/body.md.j2"]),
        told::<TrackingIssue<'_>>(&["tracking/title.txt.j2", "tracking/body.md.j2"])
    )
}

/// The template of the advisory, with its values.
pub(crate) fn advisory() -> String {
    told::<AdvisoryDraft<'_>>(&["advisory.md.j2"])
}

fn told<T: JsonSchema>(templates: &[&str]) -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let schema = Value::from(schema);
    let mut fields = Vec::new();
    collect(&schema, &schema, "", DEPTH, &mut fields);
    let mut out = format!("{}\n", templates.join(", "));
    let width = |of: &dyn Fn(&Field) -> usize| fields.iter().map(of).max().unwrap_or(0);
    let name = width(&|field| field.name.len());
    let kind = width(&|field| field.kind.len());
    for field in &fields {
        let first = format!("  {:<name$}  {:<kind$}  ", field.name, field.kind);
        let hang = " ".repeat(first.len());
        for line in wrap(&field.says, WIDTH, &first, &hang) {
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
    out
}

fn collect(root: &Value, schema: &Value, prefix: &str, depth: usize, fields: &mut Vec<Field>) {
    let Some(properties) = schema["properties"].as_object().filter(|_| depth > 0) else {
        return;
    };
    for (key, value) in properties {
        let (is_optional, inner) = meant(root, value);
        let (is_list, item) = match inner["type"] == "array" {
            true => (true, meant(root, &inner["items"]).1),
            false => (false, inner),
        };
        let name = format!("{prefix}{key}{}", if is_list { "[]" } else { "" });
        let described = [value, inner]
            .iter()
            .find_map(|one| one["description"].as_str());
        fields.push(Field {
            kind: format!(
                "{}{}{}",
                if is_list { "list of " } else { "" },
                kind(item),
                if is_optional { " or none" } else { "" }
            ),
            says: one_line(described.unwrap_or_default()),
            name: name.clone(),
        });
        collect(root, item, &format!("{name}."), depth - 1, fields);
    }
}

/// The schema that a value's schema refers to, and whether there may be none instead.
fn meant<'a>(root: &'a Value, schema: &'a Value) -> (bool, &'a Value) {
    if let Some(alternatives) = schema["anyOf"].as_array() {
        let given = alternatives.iter().find(|one| one["type"] != "null");
        return (true, given.map_or(schema, |given| meant(root, given).1));
    }
    let is_optional = schema["type"]
        .as_array()
        .is_some_and(|types| types.iter().any(|one| one == "null"));
    let named = schema["$ref"]
        .as_str()
        .and_then(|name| root.pointer(name.strip_prefix('#')?));
    match named {
        Some(named) => meant(root, named),
        None => (is_optional, schema),
    }
}

fn kind(schema: &Value) -> &'static str {
    let is = |word: &str| {
        schema["type"] == word
            || schema["type"]
                .as_array()
                .is_some_and(|types| types.iter().any(|one| one == word))
    };
    match () {
        () if is("object") => "values",
        () if is("boolean") => "true or false",
        () if is("integer") || is("number") => "number",
        () => "text",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_value_is_told() {
        for text in [
            super::changelog(),
            super::forward(),
            super::announcement(),
            super::pull_request(),
            super::advisory(),
        ] {
            for line in text
                .lines()
                .filter(|line| line.starts_with("  ") && line.as_bytes()[2] != b' ')
            {
                let words = line.split("  ").filter(|part| !part.trim().is_empty());
                assert_eq!(words.count(), 3, "{line}\n{text}");
            }
        }
        insta::assert_snapshot!(super::advisory());
    }
}
