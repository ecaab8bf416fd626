//! What cargo's manifests and the other entries of a lock file ask of a crate whose version moves.

use std::ops::Range;

use semver::{Version, VersionReq};
use toml::de::{DeTable, DeValue};

use super::cargo;
use crate::project::file_entry::line_of;

/// What becomes of a requirement when the crate moves.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Requirement {
    /// It asks for just the old version: this is its number.
    Exact(Range<usize>),
    /// It leaves the new version out, and on which line it stands.
    LeavesOut(usize),
}

/// The requirements of a manifest that the old version of a crate meets and the new one does not.
pub(crate) fn unmet(package: &str, manifest: &str, old: &str, new: &str) -> Vec<Requirement> {
    let (Ok(old), Ok(new)) = (Version::parse(old), Version::parse(new)) else {
        return Vec::new();
    };
    let number = format!("{}.{}.{}", old.major, old.minor, old.patch);
    let mut found = Vec::new();
    for span in cargo::requirements(package, manifest) {
        let text = manifest[span.clone()].trim_matches(['"', '\'']);
        let Ok(asked) = VersionReq::parse(text) else {
            continue;
        };
        if text.contains('+') || !asked.matches(&old) || asked.matches(&new) {
            continue;
        }
        let is_exact = text.strip_prefix('=').map(str::trim) == Some(number.as_str());
        let at = manifest[span.clone()].find(&number).filter(|_| is_exact);
        found.push(match at {
            Some(at) => Requirement::Exact(span.start + at..span.start + at + number.len()),
            None => Requirement::LeavesOut(line_of(manifest.as_bytes(), span.start)),
        });
    }
    found
}

/// The crates of a registry that need a crate, by name and line of a lock file, where its new
/// version is not compatible with the old one.
pub(crate) fn dependants(package: &str, lock: &str, old: &str, new: &str) -> Vec<(String, usize)> {
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    let document = DeTable::parse(lock).ok();
    let document = document.filter(|_| major(old) != major(new));
    let entries = document.as_ref().and_then(|document| {
        let entries = document.get_ref().get("package")?;
        entries.get_ref().as_array()
    });
    let tables = entries.into_iter().flatten();
    let named = tables.filter_map(|entry| {
        let table = entry.get_ref().as_table()?;
        table.get("source")?;
        let name = table.get("name")?;
        let needs = table.get("dependencies")?.get_ref().as_array()?;
        let is_needed = |value: &DeValue<'_>| {
            value.as_str().and_then(|text| text.split(' ').next()) == Some(package)
        };
        let mut needs = needs.iter();
        needs.any(|value| is_needed(value.get_ref())).then(|| {
            let line = line_of(lock.as_bytes(), name.span().start);
            Some((name.get_ref().as_str()?.to_owned(), line))
        })?
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_new_version_out_is_found() {
        let (old, new) = ("300.5.4+3.5.4", "300.5.5+3.5.5");
        for (asked, expected) in [
            ("\"=300.5.4\"", Some(true)),
            ("{ version = '= 300.5.4', optional = true }", Some(true)),
            ("\"<300.5.5\"", Some(false)),
            ("\"=300.5.4, <301\"", Some(false)),
            ("\"300.5.4\"", None),
            ("\"=300.5\"", None),
            ("\"=300.5.5\"", None),
            ("\"=300.5.4+3.5.4\"", None),
        ] {
            let manifest = format!("[dependencies]\nopenssl-src = {asked}\n");
            let found = unmet("openssl-src", &manifest, old, new);
            let is_exact = found.first().map(|one| match one {
                Requirement::Exact(range) => manifest[range.clone()] == *"300.5.4",
                Requirement::LeavesOut(line) => *line != 2,
            });
            assert_eq!(is_exact, expected, "{asked}");
        }
    }

    #[test]
    fn who_needs_the_crate_may_not_take_another_major() {
        let lock = "[[package]]\nname = \"openssl-sys\"\nsource = \"registry+x\"\ndependencies = [\n \"openssl-src\",\n]\n\n[[package]]\nname = \"own\"\ndependencies = [\n \"openssl-src\",\n]\n";
        let told = |new| dependants("openssl-src", lock, "300.5.4+3.5.4", new);
        assert_eq!(told("400.0.2+4.0.3"), [("openssl-sys".to_owned(), 2)]);
        assert_eq!(told("300.6.1+3.6.3"), []);
    }
}
