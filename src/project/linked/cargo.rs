//! Cargo pins: the upstream version in the build metadata of a crate's version, in lock files and
//! manifests.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::crate_versions::{self, Locked};
use super::files::Files;
use crate::openssl::version::Version;
use crate::project::config::Pin;
use crate::project::file_entry::line_of;
use crate::text::fault::Fault;

/// One place that states the crate's version with the upstream version behind a `+`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stated {
    /// The crate's whole version, without an operator before it: `300.5.4+3.5.4`.
    pub(crate) range: Range<usize>,
    /// The line, counted from 1.
    pub(crate) line: usize,
    /// The upstream version.
    pub(crate) version: Version,
    /// The registry's digest beside it, in a lock file.
    pub(crate) checksum: Option<Range<usize>>,
    /// What the entry of the crate itself says, in a lock file.
    pub(crate) locked: Option<Locked>,
}

/// Every place in the pin's files, with the file's path.
pub(crate) fn stated_everywhere(
    pin: &Pin,
    file: Option<&str>,
    package: &str,
    files: &Files,
) -> Result<Vec<(String, Stated)>, Fault> {
    let written = file.map_or_else(|| vec!["Cargo.lock", "Cargo.toml"], |file| vec![file]);
    let mut all = Vec::new();
    for path in written.iter().flat_map(|written| files.paths(written)) {
        let found = stated(package, path, files.text(path)?)?;
        if found.is_empty() && file.is_some() {
            return Err(Fault::usage(format!(
                "{}: `{path}` states no version of `{package}` with build metadata (`300.5.4+3.5.4`)",
                pin.place
            )));
        }
        all.extend(found.into_iter().map(|found| (path.clone(), found)));
    }
    if all.is_empty() {
        let names = written
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(" and ");
        return Err(Fault::usage(format!(
            "{}: {names} state no version of `{package}` with build metadata (`300.5.4+3.5.4`)",
            pin.place
        )));
    }
    Ok(all)
}

/// Refuses an entry of a lock file whose checksum is known to be that of another version of the crate.
pub(crate) fn check_checksum(
    package: &str,
    path: &str,
    text: &str,
    stated: &Stated,
) -> Result<(), Fault> {
    let own = &text[stated.range.clone()];
    let locked = stated.locked.as_ref();
    let checksum = locked.and_then(|locked| locked.checksum.as_deref());
    match checksum.and_then(|checksum| crate_versions::whose(package, checksum)) {
        Some(other) if other != own => Err(Fault::usage(format!(
            "`{path}` line {}: says {package} {own}, beside the checksum of {other}; run `cargo update {package} --precise {own}`, or take the version back to {other}",
            stated.line
        ))),
        _ => Ok(()),
    }
}

/// Every place in one lock file or manifest, in the order of the file.
fn stated(package: &str, path: &str, text: &str) -> Result<Vec<Stated>, Fault> {
    // A byte order mark is no TOML; spans must still count it.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = text.len() - body.len();
    let document = DeTable::parse(body).map_err(|error| {
        let line = line_of(
            text.as_bytes(),
            offset + error.span().map_or(0, |span| span.start),
        );
        Fault::usage(format!("`{path}` line {line}: {}", error.message()))
    })?;
    let mut values = Vec::new();
    collect(document.get_ref(), package, 0, &mut values);
    let whole = |span: Range<usize>| span.start + offset..span.end + offset;
    let mut found: Vec<Stated> = values
        .into_iter()
        .filter_map(|value| {
            let checksum = value.checksum.map(whole);
            read(package, text, whole(value.span), checksum, value.locked)
        })
        .collect();
    found.sort_by_key(|stated| stated.range.start);
    Ok(found)
}

/// The strings of a manifest, with their quotes, that may ask for a version of a crate.
pub(super) fn requirements(package: &str, manifest: &str) -> Vec<Range<usize>> {
    let mut values = Vec::new();
    let body = manifest.strip_prefix('\u{feff}').unwrap_or(manifest);
    let offset = manifest.len() - body.len();
    if let Ok(document) = DeTable::parse(body) {
        collect(document.get_ref(), package, 0, &mut values);
    }
    let whole = |value: CargoValue| value.span.start + offset..value.span.end + offset;
    values.into_iter().map(whole).collect()
}

/// A string that may state the crate's version, with what its own table says.
struct CargoValue {
    span: Range<usize>,
    checksum: Option<Range<usize>>,
    locked: Option<Locked>,
}

impl CargoValue {
    fn bare(span: Range<usize>) -> Self {
        Self {
            span,
            checksum: None,
            locked: None,
        }
    }
}

/// The spans of every string that may state the crate's version: its own table's, a dependency's,
/// and a lock file's references.
fn collect(table: &DeTable<'_>, package: &str, depth: usize, found: &mut Vec<CargoValue>) {
    if depth > 8 {
        return;
    }
    if table.get("name").and_then(|name| name.get_ref().as_str()) == Some(package)
        && let Some(version) = string(table.get("version"))
    {
        found.push(CargoValue {
            span: version,
            checksum: string(table.get("checksum")),
            locked: Some(locked_by(table)),
        });
    }
    for (key, value) in table {
        collect_value(key.get_ref(), value, package, depth, found);
    }
}

fn collect_value(
    key: &str,
    value: &Spanned<DeValue<'_>>,
    package: &str,
    depth: usize,
    found: &mut Vec<CargoValue>,
) {
    match value.get_ref() {
        DeValue::String(_) if key == package => found.push(CargoValue::bare(value.span())),
        DeValue::Table(inner) => {
            let renamed = inner
                .get("package")
                .and_then(|name| name.get_ref().as_str());
            if renamed.unwrap_or(key) == package
                && let Some(version) = string(inner.get("version"))
            {
                found.push(CargoValue::bare(version));
            }
            collect(inner, package, depth + 1, found);
        }
        DeValue::Array(items) => {
            for item in items {
                match item.get_ref() {
                    // Where a lock file knows two versions, whoever needs one of them names it.
                    DeValue::String(text)
                        if key == "dependencies" && text.split(' ').next() == Some(package) =>
                    {
                        found.push(CargoValue::bare(item.span()));
                    }
                    DeValue::Table(inner) => collect(inner, package, depth + 1, found),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn string(value: Option<&Spanned<DeValue<'_>>>) -> Option<Range<usize>> {
    value
        .filter(|value| value.get_ref().is_str())
        .map(Spanned::span)
}

/// The crate's version inside a string, if it carries an upstream version.
fn read(
    package: &str,
    text: &str,
    span: Range<usize>,
    checksum: Option<Range<usize>>,
    locked: Option<Locked>,
) -> Option<Stated> {
    let inner = text.get(span.clone())?;
    let from = inner.find(|c: char| c.is_ascii_digit() || c.is_ascii_alphabetic())?;
    let from = if inner[from..].starts_with(package) {
        from + package.len() + inner[from + package.len()..].find(|c: char| c.is_ascii_digit())?
    } else {
        from
    };
    let length = inner[from..]
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-')))
        .unwrap_or(inner.len() - from);
    let range = span.start + from..span.start + from + length;
    let version = text[range.clone()].split_once('+')?.1.parse().ok()?;
    Some(Stated {
        line: line_of(text.as_bytes(), range.start),
        range,
        version,
        checksum,
        locked,
    })
}

/// What a lock file says of a crate in this version; none where it does not have it.
pub(crate) fn locked(lock: &str, package: &str, version: &str) -> Option<Locked> {
    let stated = stated(package, "", lock).ok()?.into_iter();
    let mut of_version = stated.filter(|stated| &lock[stated.range.clone()] == version);
    of_version.find_map(|stated| stated.locked)
}

/// What the entry of a crate says.
fn locked_by(entry: &DeTable<'_>) -> Locked {
    let text = |key: &str| Some(entry.get(key)?.get_ref().as_str()?.to_owned());
    let needed = |name: &Spanned<DeValue<'_>>| {
        let name = name.get_ref().as_str()?;
        Some(name.split(' ').next()?.to_owned())
    };
    let dependencies = entry.get("dependencies");
    let dependencies = dependencies.and_then(|all| all.get_ref().as_array());
    Locked {
        source: text("source"),
        checksum: text("checksum"),
        dependencies: dependencies
            .into_iter()
            .flatten()
            .filter_map(needed)
            .collect(),
    }
}

/// The crate's version for another upstream version: the newest that is known to carry it, but on the
/// way back the one that its numbering leads to; where none is known, what its numbering makes likely.
pub(crate) fn moved(package: &str, own: &str, old: Version, target: Version) -> String {
    let guess = counted(own, old, target);
    let known: Vec<&str> = crate_versions::carrying(package, target).collect();
    if let Some(newest) = known.last() {
        let is_back = old.series() == target.series() && target < old;
        return if is_back && known.contains(&guess.as_str()) {
            guess
        } else {
            (*newest).to_owned()
        };
    }
    // Each series has a numbering of its own.
    match crate_versions::below(package, target) {
        Some((version, release)) if old.series() != target.series() => {
            counted(version, release, target)
        }
        _ => guess,
    }
}

/// The crate's version as its numbering goes on.
///
/// The crate counts its own patches: where they run ahead of upstream's they go on running ahead by
/// as much, so that the way back is the way there.
pub(crate) fn counted(own: &str, old: Version, target: Version) -> String {
    let own = own.split('+').next().unwrap_or_default();
    let numbers: Vec<Option<i64>> = own.split('.').map(|number| number.parse().ok()).collect();
    let patch = |version: Version| version.patch().parse::<i64>().ok();
    let own = match (numbers.as_slice(), patch(old), patch(target)) {
        (&[Some(major), Some(minor), Some(own_patch)], Some(old_patch), Some(new_patch))
            if old.series() == target.series() =>
        {
            format!(
                "{major}.{minor}.{}",
                (own_patch + new_patch - old_patch).max(0)
            )
        }
        (&[Some(_), Some(_), Some(_)], _, Some(new_patch)) => format!(
            "{}.{}.{new_patch}",
            u32::from(target.major()) * 100,
            target.minor()
        ),
        // The numbering before 3.0 had letters, which the crate counts in its second number.
        (&[Some(major), Some(minor), Some(_)], None, None) if old.series() == target.series() => {
            let step = letter_number(target) - letter_number(old);
            format!("{major}.{}.0", (minor + step).max(0))
        }
        _ => own.to_owned(),
    };
    format!("{own}+{target}")
}

fn letter_number(version: Version) -> i64 {
    let letters = version.patch();
    letters
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .bytes()
        .map(|byte| i64::from(byte - b'a') + 1)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_state_it() {
        for text in [
            "[[package]]\nname = \"openssl-src\"\nversion = \"300.5.4+3.5.4\"\nchecksum = \"aa\"\n",
            "[dependencies]\nopenssl-src = \"=300.5.4+3.5.4\"\n",
            "[dependencies]\nopenssl-src = { version = '300.5.4+3.5.4', optional = true }\n",
            "[target.'cfg(unix)'.build-dependencies.openssl-src]\nversion = \"300.5.4+3.5.4\"\n",
            "[workspace.dependencies]\nssl = { package = \"openssl-src\", version = \"300.5.4+3.5.4\" }\n",
            "[package]\nname = \"openssl-src\"\nversion = \"300.5.4+3.5.4\"\n",
            "[[package]]\nname = \"x\"\nversion = \"1.0.0+3.5.3\"\ndependencies = [\n \"cc\",\n \"openssl-src 300.5.4+3.5.4\",\n]\n",
            "[[package]]\nname = \"x\"\ndependencies = [\"openssl-src 300.5.4+3.5.4 (registry+https://h)\"]\n",
        ] {
            let found = stated("openssl-src", "Cargo.lock", text).expect(text);
            assert_eq!(
                found
                    .iter()
                    .map(|stated| &text[stated.range.clone()])
                    .collect::<Vec<_>>(),
                ["300.5.4+3.5.4"],
                "{text}"
            );
            assert_eq!(found[0].version.to_string(), "3.5.4");
        }
        assert!(
            stated(
                "openssl-src",
                "Cargo.toml",
                "[dependencies]\nopenssl-src = \"300\"\n"
            )
            .expect("TOML")
            .is_empty()
        );
    }

    #[test]
    fn the_crate_s_own_number_follows() {
        let version = |text: &str| text.parse::<Version>().expect("a version");
        for (own, old, target, expected) in [
            ("300.5.4+3.5.4", "3.5.4", "3.5.5", "300.5.5+3.5.5"),
            ("300.2.3+3.2.1", "3.2.1", "3.2.2", "300.2.4+3.2.2"),
            ("300.2.4+3.2.2", "3.2.2", "3.2.1", "300.2.3+3.2.1"),
            ("300.5.4+3.5.4", "3.5.4", "3.6.0", "300.6.0+3.6.0"),
            ("300.5.4+3.5.4", "3.5.4", "4.0.1", "400.0.1+4.0.1"),
            ("111.28.0+1.1.1v", "1.1.1v", "1.1.1w", "111.29.0+1.1.1w"),
        ] {
            let package = "fork-of-openssl-src";
            assert_eq!(moved(package, own, version(old), version(target)), expected);
        }
        // What the registry has comes before what its numbering makes likely.
        for (own, target, expected) in [
            ("300.5.5+3.5.5", "3.6.2", "300.6.0+3.6.2"),
            ("300.6.0+3.6.2", "3.6.3", "300.6.1+3.6.3"),
            ("300.6.1+3.6.3", "3.6.4", "300.6.2+3.6.4"),
            ("300.5.5+3.5.5", "3.6.9", "300.6.7+3.6.9"),
            ("300.5.2+3.5.2", "3.5.4", "300.5.4+3.5.4"),
            ("300.5.1+3.5.1", "3.5.4", "300.5.4+3.5.4"),
            ("300.5.4+3.5.4", "4.0.1", "400.0.0+4.0.1"),
            ("111.27.0+1.1.1v", "1.1.1w", "111.28.2+1.1.1w"),
            ("300.3.2+3.3.2", "3.4.0", "300.4.1+3.4.0"),
            ("300.2.1+3.2.0", "3.2.1", "300.2.3+3.2.1"),
            ("300.2.3+3.2.1", "3.2.0", "300.2.1+3.2.0"),
        ] {
            let old = own.split_once('+').expect(own).1;
            assert_eq!(
                moved("openssl-src", own, version(old), version(target)),
                expected
            );
        }
    }
}
