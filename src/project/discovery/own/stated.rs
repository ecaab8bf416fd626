//! Where a checkout may say the project's own version.

use std::ops::Range;

use super::build_files;
use super::project::{name, packaged_names};
use crate::project::discovery::found::{Checkout, Doubt};
use crate::project::file_entry::line_of;
use crate::project::own_places::lock::{table_name, value_of};
use crate::project::project_version::ProjectVersion;
use crate::text::of_slice;

/// Tables of one file that are looked at: a manifest has each of its own once.
const MOST_PLACES: usize = 8;

/// How near a place is to what the project publishes, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Its packaging, or the code of the package that bears its name.
    Own,
    /// Other code.
    Other,
    /// A package that is never published.
    Private,
}

/// A place that may say the project's own version.
pub(super) struct StatedPlace<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    /// The version, in bytes of the text.
    pub(super) range: Range<usize>,
    /// The heading of its table, by its line counted from 0.
    pub(super) heading: Option<usize>,
    pub(super) version: ProjectVersion,
}

impl<'a> StatedPlace<'a> {
    /// The place of a version in a text; none where it is no version, or stands for the one that a
    /// release puts there.
    fn read(file: &'a str, text: &'a str, said: &str, heading: Option<usize>) -> Option<Self> {
        let version = said.parse().ok()?;
        let range = of_slice(text, said)?;
        let is_number = said.contains(|c: char| ('1'..='9').contains(&c));
        is_number.then_some(Self {
            file,
            text,
            range,
            heading,
            version,
        })
    }

    /// The version as it is written.
    pub(super) fn said(&self) -> &'a str {
        &self.text[self.range.clone()]
    }

    /// How near it is to what the project publishes.
    pub(super) fn rank(&self, checkout: &Checkout) -> Rank {
        let is_private = || {
            let mut lines = self.text.lines().map(|line| line.replace(' ', ""));
            lines.any(|line| line.starts_with("\"private\":true"))
        };
        if self.file.ends_with("package.json") && is_private() {
            Rank::Private
        } else if self.file.ends_with(".py") && !bears_its_name(checkout, self.file) {
            Rank::Other
        } else {
            Rank::Own
        }
    }

    /// Whether a file of the build says it, which may say another thing's version as well.
    pub(super) fn is_of_the_build(&self) -> bool {
        build_files::is_one(self.file)
    }

    /// Its file and line.
    pub(super) fn place(&self) -> String {
        let line = line_of(self.text.as_bytes(), self.range.start);
        format!("`{}` line {line}", self.file)
    }

    pub(super) fn doubt(&self, why: String) -> Doubt {
        let line = line_of(self.text.as_bytes(), self.range.start);
        Doubt::at(self.file, self.text, line, why)
    }
}

/// Whether a file of this path may say the project's own version.
pub(crate) fn may_say(path: &str) -> bool {
    !tables(path).is_empty() || !before_version(path).is_empty() || build_files::is_one(path)
}

/// The tables that say the project's own version, where a file has tables.
fn tables(path: &str) -> &'static [&'static str] {
    match path {
        "pyproject.toml" => &[
            "project",
            "tool.poetry",
            "tool.commitizen",
            "tool.briefcase",
            "tool.enscons",
        ],
        "Cargo.toml" => &["package", "workspace.package"],
        _ => &[],
    }
}

/// What stands before the project's own version, where a file without such tables says it.
fn before_version(path: &str) -> &'static [&'static str] {
    let depth = path.matches('/').count();
    match path.rsplit('/').next().unwrap_or_default() {
        "package.json" if depth == 0 => &["\"version\": \""],
        "setup.cfg" if depth == 0 => &["version = "],
        "__about__.py" | "__init__.py" | "_version.py" | "version.py" if depth <= 2 => {
            &["__version__ = \"", "__version__ = '"]
        }
        _ => &[],
    }
}

/// Every place that may say it, by file and line.
pub(super) fn stated(checkout: &Checkout) -> Vec<StatedPlace<'_>> {
    let mut found = Vec::new();
    for (path, text) in &checkout.texts {
        if build_files::is_one(path) {
            let said = build_files::said(path, text);
            let said = said.filter(|said| !is_openssl_s(checkout, path, said));
            found.extend(said.and_then(|said| StatedPlace::read(path, text, said, None)));
            continue;
        }
        if tables(path).is_empty() {
            let said = before_version(path)
                .iter()
                .filter_map(|prefix| after(path, text, prefix));
            found.extend(said.filter(|_| is_own_package(checkout, path)));
        } else {
            found.extend(in_tables(path, text));
        }
    }
    found
}

/// Whether a file that is nothing but a version says OpenSSL's: another file names both on one line,
/// or reads it for OpenSSL.
fn is_openssl_s(checkout: &Checkout, path: &str, said: &str) -> bool {
    let is_of_it = |line: &str| {
        let names = line.to_ascii_lowercase().contains("openssl");
        names && (line.contains(said) || line.contains(&format!("cat {path}")))
    };
    let mut others = checkout.texts.iter().filter(|(other, _)| *other != path);
    path == "VERSION" && others.any(|(_, text)| text.lines().any(is_of_it))
}

/// What the tables of a manifest say, and one without a heading.
fn in_tables<'a>(path: &'a str, text: &'a str) -> Vec<StatedPlace<'a>> {
    let (mut found, mut heading, mut is_own) = (Vec::new(), None, true);
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with('[') {
            heading = Some(at);
            is_own = table_name(line).is_some_and(|name| tables(path).contains(&name));
        } else if let Some(said) = value_of(line, "version").filter(|_| is_own) {
            found.extend(StatedPlace::read(path, text, said, heading));
        }
    }
    found.truncate(MOST_PLACES);
    found
}

/// What follows such a text at the start of a line: of the first line, or of the outermost.
fn after<'a>(path: &'a str, text: &'a str, prefix: &str) -> Option<StatedPlace<'a>> {
    let indentation = |line: &&str| line.len() - line.trim_start().len();
    let line = text
        .lines()
        .filter(|line| line.trim_start().starts_with(prefix))
        .min_by_key(indentation)?;
    let rest = line.trim_start().strip_prefix(prefix)?;
    let said = rest.split(['"', '\'', ' ', ',']).next()?;
    StatedPlace::read(path, text, said, None)
}

/// Whether a file's folder is the project's own package, and not one of many that it has: it bears the
/// project's name, or no other package stands beside it.
fn is_own_package(checkout: &Checkout, path: &str) -> bool {
    let Some((folder, _)) = path.rsplit_once('/') else {
        return true;
    };
    let (around, package) = folder.rsplit_once('/').unwrap_or(("", folder));
    let beside = |(other, text): (&String, &String)| {
        let folder = other
            .strip_suffix("/__init__.py")
            .filter(|_| text.contains("__version__"))?;
        let (other_around, other) = folder.rsplit_once('/').unwrap_or(("", folder));
        (other_around == around).then(|| other.to_owned())
    };
    bears_its_name(checkout, path)
        || checkout
            .texts
            .iter()
            .filter_map(beside)
            .all(|other| other == package)
}

/// Whether a file's folder is called like the project.
fn bears_its_name(checkout: &Checkout, path: &str) -> bool {
    let Some((folder, _)) = path.rsplit_once('/') else {
        return true;
    };
    let package = folder.rsplit('/').next().unwrap_or(folder);
    let plain = |name: &str| name.to_ascii_lowercase().replace(['-', '.'], "_");
    let mut names = packaged_names(checkout).chain([name(checkout)]);
    names.any(|name| plain(&name) == plain(package))
}
