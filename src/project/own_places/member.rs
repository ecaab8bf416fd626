//! What cargo's manifests say of the members of a workspace.

use toml::de::DeTable;

use super::lock::{name_in, table_name, value_of};

/// The folders of a workspace's members, as its manifest writes them: paths and globs.
pub(crate) fn folders(manifest: &str) -> Vec<String> {
    listed(manifest, "members")
}

/// The folders that a workspace leaves out, as its manifest writes them.
pub(crate) fn excluded(manifest: &str) -> Vec<String> {
    listed(manifest, "exclude")
}

/// The folders that a list of a workspace's manifest names.
fn listed(manifest: &str, key: &str) -> Vec<String> {
    let Ok(document) = DeTable::parse(manifest) else {
        return Vec::new();
    };
    let workspace = document.get_ref().get("workspace");
    let workspace = workspace.and_then(|table| table.get_ref().as_table());
    let members = workspace.and_then(|table| table.get(key)?.get_ref().as_array());
    let members = members.into_iter().flatten();
    let folder = |member: &toml::Spanned<toml::de::DeValue<'_>>| {
        let folder = member.get_ref().as_str()?;
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        Some(folder.to_owned())
    };
    members.filter_map(folder).collect()
}

/// The name under which the manifests are read that a lock file of cargo's is made of: the one
/// beside it and those of its members.
pub(crate) fn manifests_of(lock: &str) -> String {
    format!("manifests of {lock}")
}

/// The name of the package that a manifest gives a version of its own.
pub(crate) fn apart(manifest: &str) -> Option<String> {
    let lines = package(manifest)?;
    let has_own = lines.iter().any(|line| value_of(line, "version").is_some());
    name_in(&lines).filter(|_| has_own)
}

/// Whether the package of a manifest takes its version from the workspace.
pub(crate) fn inherits(manifest: &str) -> bool {
    let is_taken = |line: &&str| {
        let plain: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        plain.starts_with("version.workspace=true") || plain.starts_with("version={workspace=true")
    };
    package(manifest).is_some_and(|lines| lines.iter().any(is_taken))
}

/// The lines of a manifest's package.
fn package(manifest: &str) -> Option<Vec<&str>> {
    let mut lines = manifest.lines();
    lines.find(|line| table_name(line) == Some("package"))?;
    let inside = lines.take_while(|line| !line.trim_start().starts_with('['));
    Some(inside.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_a_version_of_its_own_or_the_workspace_s() {
        for (said, own, taken) in [
            ("version = \"1.0.0\"", Some("a"), false),
            ("version.workspace = true", None, true),
            ("version = { workspace = true }", None, true),
            ("edition.workspace = true", None, false),
        ] {
            let manifest = format!("[package]\nname = \"a\"\n{said}\n[dependencies]\nb = \"1\"\n");
            assert_eq!(apart(&manifest).as_deref(), own, "{said}");
            assert_eq!(inherits(&manifest), taken, "{said}");
        }
    }

    #[test]
    fn members_are_paths_and_globs() {
        for (text, expected) in [
            (
                "[workspace]\nmembers = [\n  \"./a\", # first\n  \"crates/*\",\n]\n",
                &["a", "crates/*"][..],
            ),
            ("[package]\nname = \"a\"\n", &[]),
            ("[workspace\n", &[]),
        ] {
            assert_eq!(folders(text), expected, "{text}");
        }
    }
}
