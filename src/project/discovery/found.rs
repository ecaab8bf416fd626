//! What a checkout has, and what is found in it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::openssl::version::{Series, Version};
use crate::project::config::{EntryFile, Pin, PinKind};
use crate::project::linked::Gitlink;
use crate::project::own_places::lock::is_lock;
use crate::project::project_version::ProjectVersion;

/// What the shell has read of a checkout. Paths are relative to it, with `/` between their parts.
#[derive(Debug, Clone, Default)]
pub struct Checkout {
    /// The folder's own name.
    pub folder: String,
    /// `owner/name` of its origin.
    pub origin: Option<String>,
    /// Every text file that git would not ignore, without the text where nothing is looked for in it.
    pub texts: BTreeMap<String, String>,
    /// Every submodule.
    pub gitlinks: BTreeMap<String, Gitlink>,
    /// The newest release of the project that a tag names.
    pub tagged: Option<ProjectVersion>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// The project's name.
    pub name: String,
    /// `owner/name` of its repository.
    pub repository: Option<String>,
    /// One link for each series that is shipped, ascending; then those that are only tested with.
    pub links: Vec<FoundLink>,
    /// Other repositories that build what is linked.
    pub elsewhere: Vec<Elsewhere>,
    /// The changelog's file.
    pub changelog: Option<String>,
    /// The file of an entry, where each has its own.
    pub entries: Option<EntryFile>,
    /// Where the project says its own version.
    pub version: Option<OwnVersion>,
    /// How far the history was read, where not to its beginning.
    pub bounds: Option<String>,
    /// What may be a pin, or not; by file and line.
    pub unsure: Vec<Doubt>,
}

/// A linked OpenSSL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLink {
    /// A name for it, unique.
    pub name: String,
    /// The version that its pins say; where definition files differ, the lowest.
    pub version: Version,
    /// Whether it is only tested with.
    pub tested: bool,
    /// Its pins.
    pub pins: Vec<FoundPin>,
    /// Why it stands as a comment only.
    pub doubt: Option<String>,
}

/// A pin that the configuration could have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPin {
    /// The pin.
    pub kind: FoundKind,
    /// Every file and line that it stands on.
    pub places: Vec<(String, usize)>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why it counts as OpenSSL's.
    pub reason: &'static str,
    /// The commits that moved it, the newest first.
    pub moved: Vec<Moved>,
    /// How they moved it otherwise than a bump would.
    pub differs: Option<String>,
}

/// The kinds of pins that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundKind {
    /// Text with placeholders.
    Text(Box<FoundText>),
    /// A submodule.
    Submodule(String),
    /// A crate whose version carries OpenSSL's, in the lock file or manifest named.
    Cargo {
        /// The crate.
        package: String,
        /// The file; none: those at the root.
        file: Option<String>,
    },
    /// A vendored source tree.
    Tree(String),
}

/// A pin that is text with placeholders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundText {
    /// A path or a glob.
    pub file: String,
    /// The patterns.
    pub matches: Vec<String>,
    /// How often each stands; none: as often as it happens to.
    pub count: Option<usize>,
    /// The series to limit it to.
    pub series: Option<Series>,
    /// The block to limit it to.
    pub within: Option<[String; 2]>,
    /// Whether files hold versions of their own.
    pub mixed: bool,
    /// The entry to add to a table of versions.
    pub insert: Option<FoundInsert>,
    /// Whole lines to set after a bump: as a pattern, and what it becomes.
    pub set: Vec<(String, String)>,
    /// Whole lines to take out after a bump.
    pub delete: Vec<String>,
    /// Lines that may keep the old version.
    pub leave: Vec<String>,
}

impl FoundText {
    pub(crate) fn of(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            ..Self::default()
        }
    }

    /// Whether each of its patterns stands once in the whole of one file.
    pub(crate) fn is_plain(&self) -> bool {
        self.count == Some(1)
            && self.within.is_none()
            && self.series.is_none()
            && self.insert.is_none()
    }
}

/// An entry that a bump adds to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundInsert {
    /// Whether it comes before the entries below it, or after.
    pub before: bool,
    /// What finds an entry.
    pub anchor: String,
    /// The whole entry.
    pub text: String,
}

/// A repository that builds what this one links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// `owner/name`.
    pub repository: String,
    /// The workflow that names it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
}

/// How sure a finding is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It follows from what stands around it.
    Likely,
    /// The place itself says so, or a digest that is known does.
    Certain,
}

/// A place that may be a pin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
    /// Why it was not taken.
    pub why: String,
}

/// A pin with the version it stands at, before links are made.
pub(crate) struct StandingPin {
    pub(crate) version: Version,
    pub(crate) pin: FoundPin,
    /// Whether it is only tested with.
    pub(crate) tested: bool,
}

/// What one link is made of: whether it is only tested with, and its series.
pub(crate) type LinkKind = (bool, Series);

/// Of each series a place that is OpenSSL's and that no pattern finds.
pub(crate) type Unfit = BTreeMap<LinkKind, Doubt>;

impl StandingPin {
    pub(crate) fn kind(&self) -> LinkKind {
        (self.tested, self.version.series())
    }
}

impl FoundLink {
    /// Every file and line that one of its pins stands on.
    pub(crate) fn places(&self) -> impl Iterator<Item = &(String, usize)> {
        self.pins.iter().flat_map(|pin| &pin.places)
    }
}

impl FoundPin {
    /// Lets the pin's files hold versions of their own, where the link's pins differ.
    pub(crate) fn mixed_if(mut self, differ: bool) -> Self {
        if let FoundKind::Text(text) = &mut self.kind {
            text.mixed |= differ && text.insert.is_none();
        }
        self
    }
}

impl Discovery {
    /// Leaves the changelog out.
    pub(crate) fn without_changelog(&mut self, checkout: &Checkout, why: &str) {
        // What is made of entries' files is only read.
        self.entries = None;
        if let Some(file) = self.changelog.take() {
            self.left_out(
                checkout,
                &file,
                &format!("this changelog is left out: {why}"),
            );
        }
    }

    /// Leaves the project's own version out.
    pub(crate) fn without_version(&mut self, checkout: &Checkout, why: &str) {
        if let Some(own) = self.version.take() {
            let why = format!("the project's own version is left out: {why}");
            self.left_out(checkout, &own.first.file, &why);
        }
    }

    pub(crate) fn left_out(&mut self, checkout: &Checkout, file: &str, why: &str) {
        let text = checkout.texts.get(file).map_or("", String::as_str);
        self.unsure.push(Doubt::at(file, text, 1, why.to_owned()));
        self.unsure.sort();
    }
}

impl Doubt {
    /// Whether something is told of a line.
    pub(crate) fn is_told(unsure: &BTreeSet<Self>, file: &str, line: usize) -> bool {
        let first = Self {
            file: file.to_owned(),
            line,
            text: String::new(),
            why: String::new(),
        };
        let next = unsure.range(first..).next();
        next.is_some_and(|doubt| doubt.file == file && doubt.line == line)
    }

    pub(crate) fn at(path: &str, text: &str, line: usize, why: String) -> Self {
        let written = text
            .split('\n')
            .nth(line.saturating_sub(1))
            .unwrap_or_default();
        Self::of_line(path, line, written, why)
    }

    /// The same where what the line says is at hand.
    pub(crate) fn of_line(path: &str, line: usize, written: &str, why: String) -> Self {
        Self {
            file: path.to_owned(),
            line,
            text: crate::text::short_line(written, 120),
            why,
        }
    }
}

/// A pin that is not written anywhere yet.
pub(crate) fn bare(kind: PinKind) -> Pin {
    Pin {
        line: 0,
        place: String::new(),
        kind,
        mixed: false,
        leave: Vec::new(),
    }
}

/// A commit, as it is named to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its name, in full.
    pub commit: String,
    /// The day it was made on.
    pub day: Date,
}

impl std::fmt::Display for Moved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let short: String = self.commit.chars().take(7).collect();
        write!(f, "{short} of {}", self.day)
    }
}

/// The project's own version, and every place that a release raises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnVersion {
    /// The version as it stands in the first place.
    pub version: String,
    /// The place that is named first.
    pub first: OwnPlace,
    /// The others: those of one file stand together.
    pub others: Vec<OwnPlace>,
}

/// A place that says the project's own version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPlace {
    /// The file.
    pub file: String,
    /// The text with `{project_version}` in it.
    pub pattern: String,
}

impl OwnVersion {
    /// Every place, the first one first.
    pub fn places(&self) -> impl Iterator<Item = &OwnPlace> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The files, in the order of their places, each with its patterns.
    pub fn files(&self) -> Vec<(&str, Vec<&str>)> {
        let mut files: Vec<(&str, Vec<&str>)> = Vec::new();
        for place in self.places() {
            match files.iter_mut().find(|(file, _)| *file == place.file) {
                Some((_, patterns)) => patterns.push(&place.pattern),
                None => files.push((&place.file, vec![&place.pattern])),
            }
        }
        files
    }

    /// The files that people write it in, and no tool repeats it.
    pub(crate) fn written(&self) -> impl Iterator<Item = &str> {
        let files = self.files().into_iter().map(|(file, _)| file);
        files.filter(|file| !is_lock(file))
    }
}
