//! What a checkout says of the OpenSSL it links: the links and pins that a configuration could
//! name, and the places nobody can be sure of.

mod addresses;
mod agreeing;
mod document;
mod elsewhere;
mod evidence;
mod folders;
mod followers;
mod fragments;
mod learnt;
mod leaving;
mod lists;
mod neighbours;
mod parts;
mod project;
mod proven;
mod record;
mod shapes;
mod sightings;
mod standing;
mod subject;
mod tables;
mod tested;
mod tied;
mod workflow;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use document::{config, places, reason};
pub(crate) use elsewhere::Elsewhere;
pub(crate) use project::OwnVersion;
pub use record::Record;
pub(crate) use record::{ChangedFile, Moved, candidates};
use shapes::Unfit;
use sightings::{Sighting, Sightings};
pub(crate) use workflow::{lacks_commit, workflow};

use crate::openssl::upstream::Release;
use crate::openssl::version::{Series, Version};
use crate::project::config::EntryFile;
use crate::project::linked::Gitlink;

/// What the shell has read of a checkout. Paths are relative to it, with `/` between their parts.
#[derive(Debug, Clone, Default)]
pub struct Checkout {
    /// The folder's own name.
    pub folder: String,
    /// `owner/name` of its origin.
    pub origin: Option<String>,
    /// Every text file that git would not ignore.
    pub texts: BTreeMap<String, String>,
    /// Every submodule.
    pub gitlinks: BTreeMap<String, Gitlink>,
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
    fn of(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            ..Self::default()
        }
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
struct Standing {
    version: Version,
    pin: FoundPin,
    /// Whether it is only tested with.
    tested: bool,
}

/// Finds links, pins and the project's own files.
#[must_use]
pub fn discover(checkout: &Checkout, releases: &[Release], record: &Record) -> Discovery {
    let mut unsure = BTreeSet::new();
    let mut standing = standing::submodules(checkout, releases, record, &mut unsure);
    standing.extend(standing::cargo(checkout, record, &mut unsure));
    let trees = standing::trees(checkout);
    let inside_a_tree = |path: &str| {
        trees
            .iter()
            .any(|(folder, _)| path.starts_with(&format!("{folder}/")))
    };
    let known = Sightings::new(releases);
    let mut seen: Vec<(&str, Vec<Sighting>)> = checkout
        .texts
        .iter()
        .filter(|(path, _)| !inside_a_tree(path))
        .map(|(path, text)| (path.as_str(), known.of(path, text)))
        .filter(|(_, seen)| !seen.is_empty())
        .collect();
    proven::apply(record, &known, checkout, &mut seen, &mut unsure);
    agreeing::take(checkout, &mut seen);
    tested::mark(checkout, &mut seen);
    seen.sort_by_key(|(path, _)| *path);
    standing.extend(trees.into_iter().map(|(_, tree)| tree));
    let (texts, unfit) = shapes::pins(checkout, releases, &seen, &mut unsure);
    standing.extend(texts);
    let mut links = links(standing, &unfit);
    for pin in links.iter_mut().flat_map(|link| &mut link.pins) {
        if let FoundKind::Text(found) = &mut pin.kind
            && let (Some(text), Some(bumps)) = (
                checkout.texts.get(&found.file),
                record.bumps.get(&found.file),
            )
            && !pin.moved.is_empty()
        {
            learnt::add(found, text, bumps);
        }
    }
    leaving::add(checkout, &mut links, &mut unsure);
    doubts(checkout, &seen, &links, &mut unsure);
    documents(checkout, &links, &mut unsure);
    Discovery {
        name: project::name(checkout),
        repository: checkout.origin.clone(),
        elsewhere: elsewhere::of(checkout),
        changelog: project::changelog(checkout),
        entries: fragments::entries(checkout),
        version: project::version(checkout, &mut unsure),
        links,
        bounds: record.bounds.clone(),
        unsure: unsure.into_iter().collect(),
    }
}

/// One link for each series that anything stands in, apart for what is shipped and what is only
/// tested with.
fn links(standing: Vec<Standing>, unfit: &Unfit) -> Vec<FoundLink> {
    let mut by_kind: BTreeMap<Kind, Vec<Standing>> = BTreeMap::new();
    for one in standing {
        by_kind.entry(one.kind()).or_default().push(one);
    }
    let shipped = by_kind.keys().filter(|(tested, _)| !tested).count();
    let link = |((tested, series), standing): (Kind, Vec<Standing>)| {
        let version = standing.iter().map(|one| one.version).min()?;
        let differ = standing.iter().any(|one| one.version != version);
        let name = if tested {
            format!("tested-{series}")
        } else if shipped == 1 {
            "openssl".to_owned()
        } else {
            format!("openssl-{series}")
        };
        Some(FoundLink {
            name,
            version,
            tested,
            pins: standing
                .into_iter()
                .map(|one| one.pin.mixed_if(differ))
                .collect(),
            doubt: unfit.get(&(tested, series)).cloned(),
        })
    };
    by_kind.into_iter().filter_map(link).collect()
}

/// What one link is made of: whether it is only tested with, and its series.
type Kind = (bool, Series);

impl Standing {
    fn kind(&self) -> Kind {
        (self.tested, self.version.series())
    }
}

/// What speaks of OpenSSL in a way that could be a pin, or holds a linked version's number, and no
/// pin covers.
fn doubts(
    checkout: &Checkout,
    seen: &[(&str, Vec<Sighting>)],
    links: &[FoundLink],
    unsure: &mut BTreeSet<Doubt>,
) {
    let pinned: BTreeSet<&(String, usize)> = links
        .iter()
        .flat_map(|link| &link.pins)
        .flat_map(|pin| &pin.places)
        .collect();
    for (path, seen) in seen {
        let text = &checkout.texts[*path];
        for sighting in seen {
            let Some(why) = sighting.doubt() else {
                continue;
            };
            let linked = links.iter().any(|link| link.version == sighting.version);
            let place = ((*path).to_owned(), sighting.line);
            if (linked || (links.is_empty() && sighting.names_openssl()))
                && !pinned.contains(&place)
            {
                unsure.insert(Doubt::at(path, text, sighting.line, why.to_owned()));
            }
        }
    }
}

/// Documents that name OpenSSL with a linked version: nobody raises it there but the reader.
fn documents(checkout: &Checkout, links: &[FoundLink], unsure: &mut BTreeSet<Doubt>) {
    let pinned: BTreeSet<&(String, usize)> = links
        .iter()
        .flat_map(|link| &link.pins)
        .flat_map(|pin| &pin.places)
        .collect();
    let linked: BTreeSet<String> = links
        .iter()
        .filter(|link| !link.tested)
        .map(|link| link.version.to_string())
        .collect();
    for (path, text) in &checkout.texts {
        if subject::is_history(path) || !subject::is_prose(path, text) {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            let says = linked.iter().find(|version| line.contains(*version));
            let place = (path.clone(), at + 1);
            if let Some(version) = says
                && subject::names_openssl(line)
                && !pinned.contains(&place)
            {
                let why = format!("a document says {version} too, and keeps it when the pins move");
                unsure.insert(Doubt::at(path, text, at + 1, why));
            }
        }
    }
}

impl FoundPin {
    /// Lets the pin's files hold versions of their own, where the link's pins differ.
    fn mixed_if(mut self, differ: bool) -> Self {
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
            self.left_out(checkout, &own.file, &why);
        }
    }

    fn left_out(&mut self, checkout: &Checkout, file: &str, why: &str) {
        let text = checkout.texts.get(file).map_or("", String::as_str);
        self.unsure.push(Doubt::at(file, text, 1, why.to_owned()));
        self.unsure.sort();
    }
}

impl Doubt {
    fn at(path: &str, text: &str, line: usize, why: String) -> Self {
        let written = text
            .split('\n')
            .nth(line.saturating_sub(1))
            .unwrap_or_default();
        let shown: String = crate::text::one_line(written).chars().take(120).collect();
        Self {
            file: path.to_owned(),
            line,
            text: shown,
            why,
        }
    }
}

#[cfg(test)]
mod tests;
