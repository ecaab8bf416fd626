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

/// The number of the port behind a version, `3.5.3#1`, which a new version starts anew.
pub(crate) fn port_version(path: &str, text: &str, version: &Sighting) -> Option<Sighting> {
    let rest = &text[version.range.end..];
    let number = rest.strip_prefix('#').filter(|_| is_manifest(path))?;
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let start = version.range.end + 1;
    (digits > 0).then(|| Sighting {
        range: start..start + digits,
        slot: Placeholder::Reset,
        moved: Vec::new(),
        ..version.clone()
    })
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
