//! What a manifest of vcpkg's says of a version.

use crate::project::discovery::line::sighting::Sighting;
use crate::project::pattern::Placeholder;

/// Whether a version after this text is one that vcpkg chooses by: of the least ones that manifests
/// ask for it builds the highest. What a port of a registry asks for is the least that it takes.
pub(crate) fn is_choice(path: &str, text: &str, label: &str) -> bool {
    let mut folders = path.rsplit('/').skip(1);
    let port = folders.next().unwrap_or_default();
    let is_registry = |folder: &str| {
        folder == "ports" || folder.ends_with("-ports") || folder.contains("overlay")
    };
    let is_a_port = folders.next().is_some_and(is_registry)
        && [
            format!("\"name\": \"{port}\""),
            format!("\"name\":\"{port}\""),
        ]
        .iter()
        .any(|name| text.contains(name));
    is_manifest(path) && label.contains("\"version>=\"") && !is_a_port
}

/// The key of the port's number beside a version.
const NUMBER: &str = "\"port-version\":";

/// The number of the port beside a version, `3.5.3#1` or a `port-version` of its own, which a new
/// version starts anew. One whose line a bump takes out is none.
pub(crate) fn port_version(path: &str, text: &str, version: &Sighting) -> Option<Sighting> {
    if !is_manifest(path) {
        return None;
    }
    let start = match text[version.range.end..].starts_with('#') {
        true => version.range.end + 1,
        false => key_of_its_own(text, version.range.start)?,
    };
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let lines_between = |from: usize, to: usize| text[from..to].matches('\n').count();
    let line = if start < version.range.start {
        version.line - lines_between(start, version.range.start)
    } else {
        version.line + lines_between(version.range.end, start)
    };
    (digits > 0).then(|| Sighting {
        range: start..start + digits,
        line,
        slot: Placeholder::Reset,
        moved: Vec::new(),
        ..version.clone()
    })
}

/// Where the number stands that the object of a version gives the port, where its line is not taken
/// out.
fn key_of_its_own(text: &str, version: usize) -> Option<usize> {
    let from = text[..version].rfind(['{', '}'])?;
    let to = text[version..].find(['{', '}'])? + version;
    let key = from + text[from..to].find(NUMBER)?;
    let value = key + NUMBER.len();
    let start = value + text[value..].find(|c: char| !c.is_whitespace())?;
    (!is_taken_out(text, version, key)).then_some(start)
}

/// Whether a bump may take the line of the port's number out: it is one of the port's own, alone on
/// its line, and another key follows.
fn is_taken_out(text: &str, version: usize, key: usize) -> bool {
    let line = text[..key].rfind('\n').map_or(0, |at| at + 1);
    let whole = text[line..].lines().next().unwrap_or_default();
    let is_alone = text[line..key].trim().is_empty() && whole.ends_with(',');
    is_alone && is_the_port_s(text, version)
}

/// Whether a place is the manifest's own and not that of one of its dependencies.
pub(crate) fn is_the_port_s(text: &str, at: usize) -> bool {
    let depth = |brace: char| text[..at].matches(brace).count();
    depth('{') == depth('}') + 1
}

/// Whether a number is that of the port right behind a version.
pub(crate) fn is_number_behind(text: &str, version: &Sighting, number: &Sighting) -> bool {
    let between = text.get(version.range.end..number.range.start);
    let between =
        between.and_then(|text| text.strip_prefix("\",")?.trim_start().strip_prefix(NUMBER));
    number.slot == Placeholder::Reset && between.is_some_and(|rest| rest.trim().is_empty())
}

/// The line that a bump takes out of a port's manifest, as a pattern: as its number stands there, or
/// would stand below the version.
pub(crate) fn number_line(text: &str, version: usize) -> Option<String> {
    if !is_the_port_s(text, version) {
        return None;
    }
    let of_number = text
        .lines()
        .find(|line| line.trim_start().starts_with(NUMBER) && line.ends_with(','));
    let line = text[..version].rfind('\n').map_or(0, |at| at + 1);
    let indent = |line: &str| line[..line.len() - line.trim_start().len()].to_owned();
    let indent = indent(of_number.unwrap_or(&text[line..]));
    Some(format!("{indent}{NUMBER} {{*}},"))
}

/// Whether a file is what a registry keeps of a port's versions, each with the tree of its port:
/// `versions/o-/openssl.json`.
pub(crate) fn is_registry(path: &str, text: &str) -> bool {
    let mut parts = path.rsplit('/');
    let (name, letter, folder) = (parts.next(), parts.next(), parts.next());
    name.is_some_and(|name| name.ends_with(".json"))
        && letter.is_some_and(|letter| letter.len() == 2 && letter.ends_with('-'))
        && folder == Some("versions")
        && text.contains("\"git-tree\"")
}

fn is_manifest(path: &str) -> bool {
    path.rsplit('/').next() == Some("vcpkg.json")
}
