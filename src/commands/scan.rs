//! `scan`: which OpenSSL is inside files, archives and folders.

use std::collections::BTreeMap;
use std::collections::hash_map::{Entry, HashMap};
use std::fmt::Write;
use std::path::PathBuf;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::Report;
use crate::artefact::{ExaminedFile, Format, Found, Limits, Linkage, OtherLibrary};
use crate::cli;
use crate::openssl::version::Version;
use crate::outside::artefact_files;
use crate::paper::report;
use crate::text::count;
use crate::text::fault::Fault;
use crate::workspace::context::Context;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check scan --format json")]
struct Document<'a> {
    schema: u32,
    files: Vec<File<'a>>,
    /// What could not be read: nobody knows what stands there.
    unread: Vec<Unread<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Unread<'a> {
    path: &'a str,
    /// The path inside the archive; null for the file itself.
    member: Option<&'a str>,
    why: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct File<'a> {
    path: &'a str,
    /// The path inside the archive, `!` between nested archives; null for the file itself.
    member: Option<&'a str>,
    format: Format,
    platform: Option<&'a str>,
    openssl: Vec<OpenSsl>,
    /// Libraries that claim to be OpenSSL and are not.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    other: &'a [OtherLibrary],
    /// The libssl and libcrypto it loads.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    needs: &'a [String],
    /// What contradicts the rest.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    problems: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct OpenSsl {
    /// Null where OpenSSL's own code is there and nothing says which.
    version: Option<Version>,
    /// The date in its version text.
    #[serde(serialize_with = "crate::text::date::as_optional_iso::serialize")]
    #[schemars(with = "Option<String>")]
    date: Option<Date>,
    /// The day OpenSSL's own code in it was compiled, where it says so.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "crate::text::date::as_optional_iso::serialize"
    )]
    #[schemars(with = "Option<String>")]
    built: Option<Date>,
    evidence: String,
    linkage: Linkage,
}

/// Runs the command.
pub(super) fn run(context: &Context, paths: &[PathBuf]) -> Result<Report, Fault> {
    let files = artefact_files::examine(&context.directory, paths, &Limits::default())?;
    for (file, problem) in files
        .iter()
        .flat_map(|file| said_of(file).map(move |problem| (file, problem)))
    {
        context.note(format!("warning: {}: {problem}", file.place()));
    }
    Ok(Report::done(match context.format {
        cli::Format::Json => report::pretty(&Document {
            schema: 1,
            files: files.iter().map(json).collect(),
            unread: files.iter().flat_map(unread).collect(),
        }),
        _ => text(&files),
    }))
}

/// What is wrong with a file, or was not read of it.
fn said_of(file: &ExaminedFile) -> impl Iterator<Item = &String> {
    file.problems.iter().chain(&file.unread)
}

fn unread(file: &ExaminedFile) -> impl Iterator<Item = Unread<'_>> {
    file.unread.iter().map(|why| Unread {
        path: &file.path,
        member: file.member.as_deref(),
        why,
    })
}

fn json(file: &ExaminedFile) -> File<'_> {
    File {
        path: &file.path,
        member: file.member.as_deref(),
        format: file.format,
        platform: file.platform.as_deref(),
        openssl: file.openssl.iter().map(openssl).collect(),
        other: &file.other,
        needs: &file.needs,
        problems: &file.problems,
    }
}

fn openssl(found: &Found) -> OpenSsl {
    let Found {
        version,
        date,
        built,
        linkage,
        ..
    } = *found;
    OpenSsl {
        version,
        date,
        built,
        evidence: found.reasons("; "),
        linkage,
    }
}

/// One block per file with something to say, then the sum. Sources carry a header for each
/// processor, all of which say the same: one of them is shown.
fn text(files: &[ExaminedFile]) -> String {
    let mut blocks: Vec<(&ExaminedFile, String, usize)> = Vec::new();
    let mut same_sources: HashMap<(&str, String), usize> = HashMap::new();
    for file in files {
        let said = said(file);
        let is_source = !file.openssl.is_empty()
            && file
                .openssl
                .iter()
                .all(|found| found.linkage == Linkage::Source);
        if is_source && file.member.is_some() {
            match same_sources.entry((&file.path, said.clone())) {
                Entry::Occupied(first) => {
                    blocks[*first.get()].2 += 1;
                    continue;
                }
                Entry::Vacant(first) => first.insert(blocks.len()),
            };
        }
        blocks.push((file, said, 0));
    }
    let mut out = String::new();
    for (file, said, others) in blocks {
        let kind = file.platform.as_ref().map_or_else(
            || file.format.to_string(),
            |platform| format!("{}, {platform}", file.format),
        );
        let _ = writeln!(out, "{} ({kind})", file.place());
        out.push_str(&said);
        if others > 0 {
            let _ = writeln!(
                out,
                "  the same in {} of this archive",
                count(others, "other file", "other files")
            );
        }
    }
    out.push_str(&sum(files));
    out
}

/// What there is to say about a file, a line each.
fn said(file: &ExaminedFile) -> String {
    let mut out = String::new();
    for found in &file.openssl {
        let dated = found
            .date
            .map_or_else(String::new, |date| format!(" of {date}"));
        let built = found
            .built
            .map_or_else(String::new, |date| format!(", built {date}"));
        let version = found.version.map_or_else(
            || "OpenSSL is here, its version is not said".to_owned(),
            |version| format!("OpenSSL {version}"),
        );
        let _ = writeln!(
            out,
            "  {version}{dated}, {}{built}: {}",
            found.linkage,
            found.reasons("; ")
        );
    }
    for other in &file.other {
        let _ = writeln!(out, "  {other}, which is not OpenSSL");
    }
    if file.openssl.is_empty() && !file.needs.is_empty() {
        let _ = writeln!(out, "  loads {}", file.needs.join(", "));
    }
    for problem in &file.problems {
        let _ = writeln!(out, "  problem: {problem}");
    }
    for why in &file.unread {
        let _ = writeln!(out, "  not read: {why}");
    }
    if file.is_blank() {
        out.push_str("  no OpenSSL\n");
    }
    out
}

fn sum(files: &[ExaminedFile]) -> String {
    let mut versions: BTreeMap<(Option<Version>, Linkage), usize> = BTreeMap::new();
    for found in files.iter().flat_map(|file| &file.openssl) {
        *versions.entry((found.version, found.linkage)).or_default() += 1;
    }
    let unread = files.iter().filter(|file| !file.unread.is_empty()).count();
    let mut out = String::new();
    if versions.is_empty() {
        let place = if unread > 0 { " in what was read" } else { "" };
        let _ = writeln!(out, "no OpenSSL found{place}");
    }
    for ((version, linkage), number) in versions {
        let version = version.map_or("of an unknown version".to_owned(), |version| {
            version.to_string()
        });
        let files = count(number, "file", "files");
        let _ = writeln!(out, "OpenSSL {version}, {linkage}: {files}");
    }
    if unread > 0 {
        let _ = writeln!(out, "not read: {}", count(unread, "file", "files"));
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::text::schema::assert_published::<super::Document<'_>>("scan");
    }
}
