//! OpenSSL's release-metadata tree: which of its files are read, and all they say together
//! (UPSTREAM 1, 2, 5.4).

mod announced;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use super::diagnostic::{Diagnostic, Reading};
use super::secadv::{self};
use super::secjson::{self, CveRecord};
use super::{statements, support};
use crate::openssl::advisory::{AffectedRange, CveId};

pub use told::Metadata;

/// The most bytes that one file of the tree may have; the largest real one has 50 kB.
pub(crate) const MOST_BYTES: u64 = 1 << 20;

/// What stands for a record's text that could not be had.
const NO_TEXT: &str = "\0";

/// The texts of the tree, whether it came from a folder, an archive or git. Names are paths below
/// their folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetadataTree {
    /// CVE records, by file name.
    pub records: BTreeMap<String, String>,
    /// Advisory texts, by file name.
    pub advisories: BTreeMap<String, String>,
    /// `statements.json`.
    pub statements: Option<String>,
    /// `data.json`.
    pub support: Option<String>,
}

/// Where in a tree a file belongs.
enum TreePlace<'a> {
    Record(&'a str),
    Advisory(&'a str),
    Statements,
    Support,
}

impl MetadataTree {
    /// Whether the tree reads the file at this path, relative to the tree's root with `/` between
    /// its parts.
    pub fn reads(path: &str) -> bool {
        place(path).is_some()
    }

    /// Takes the file at a path; one that is not read is ignored.
    ///
    /// # Errors
    ///
    /// What a user should know: that the file is too large, so that a record is only known to be
    /// there; or that it is no text, of which the rest counts. The other files count either way.
    pub fn insert(&mut self, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        let Some(place) = place(path) else {
            return Ok(());
        };
        if bytes.len() as u64 > MOST_BYTES {
            self.insert_unread(path);
            return Err(too_large(path));
        }
        let text = String::from_utf8_lossy(bytes).into_owned();
        match place {
            TreePlace::Record(name) => {
                self.records.insert(name.to_owned(), text);
            }
            TreePlace::Advisory(name) => {
                self.advisories.insert(name.to_owned(), text);
            }
            TreePlace::Statements => self.statements = Some(text),
            TreePlace::Support => self.support = Some(text),
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => Ok(()),
            Err(_) => Err(Diagnostic::new(
                path,
                "is not UTF-8: what can be read of it counts",
            )),
        }
    }

    /// Takes note of a file that is there and could not be read.
    pub(crate) fn insert_unread(&mut self, path: &str) {
        if let Some(TreePlace::Record(name)) = place(path) {
            self.records.insert(name.to_owned(), NO_TEXT.to_owned());
        }
    }

    /// Reads everything. What cannot be read is reported by name, and the rest still counts.
    ///
    /// Where an advisory text has a heading for an identifier, that is its title; records name
    /// another bug at times, and the old ones have none (UPSTREAM 1.7). An identifier that a text
    /// announces and that has no readable record is taken from the text.
    pub fn read(&self) -> Reading<Metadata> {
        let mut reading = Reading::<Metadata>::default();
        let mut unread = BTreeSet::new();
        for (name, text) in &self.records {
            let why = match secjson::read(name, text) {
                Ok(record) => {
                    take(record, &mut reading);
                    continue;
                }
                Err(why) => why,
            };
            unread.extend(CveId::mentioned(&name.to_ascii_uppercase()));
            // Whoever could not read the file has said why.
            if text != NO_TEXT {
                reading.notes.push(why);
            }
        }
        reading.value.disputed = part(
            statements::FILE,
            self.statements.as_deref(),
            statements::read,
            &mut reading.notes,
        );
        reading.value.series = part(
            support::FILE,
            self.support.as_deref(),
            support::read,
            &mut reading.notes,
        );
        for (name, text) in &self.advisories {
            match secadv::read(name, text) {
                Ok(text) => {
                    reading.notes.extend(text.notes);
                    reading.value.texts.push(text.value);
                }
                Err(unreadable) => {
                    unread.extend(CveId::mentioned(text));
                    reading.notes.push(unreadable);
                }
            }
        }
        announced::complete(&mut reading, &unread);
        reading
            .value
            .published
            .sort_by_key(|published| published.advisory.id);
        reading
    }
}

/// The diagnostic for a file above [`MOST_BYTES`].
pub(crate) fn too_large(path: &str) -> Diagnostic {
    Diagnostic::new(
        path,
        format!("not read: it is larger than {MOST_BYTES} bytes"),
    )
}

fn place(path: &str) -> Option<TreePlace<'_>> {
    match path.split_once('/') {
        Some(("secjson", statements::FILE)) => Some(TreePlace::Statements),
        // Also in a folder below, such as one for each year.
        Some(("secjson", name)) if name.ends_with(".json") => Some(TreePlace::Record(name)),
        Some(("secadv", name))
            if [".txt", ".asc", ".md"]
                .iter()
                .any(|end| name.ends_with(end)) =>
        {
            Some(TreePlace::Advisory(name))
        }
        None if path == support::FILE => Some(TreePlace::Support),
        _ => None,
    }
}

fn take(record: Reading<CveRecord>, reading: &mut Reading<Metadata>) {
    reading.notes.extend(record.notes);
    match record.value {
        CveRecord::Published(published) => {
            let id = published.advisory.id;
            // Only a record whose file is not named after its identifier can come twice.
            let mut all = reading.value.published.iter_mut();
            let Some(known) = all.find(|known| known.advisory.id == id) else {
                return reading.value.published.push(*published);
            };
            let (known, other) = (&mut known.advisory, published.advisory);
            known.severity = known.severity.clone().max(other.severity);
            known.published = known.published.min(other.published);
            let new = |range: &AffectedRange| !known.affected.contains(range);
            let more: Vec<AffectedRange> = other.affected.into_iter().filter(new).collect();
            known.affected.extend(more);
            reading.notes.push(Diagnostic::new(
                &id.to_string(),
                "has two records: what either calls affected counts",
            ));
        }
        CveRecord::Rejected(id) => reading.value.rejected.push(id),
        CveRecord::Unrelated(_) => {}
    }
}

/// One of the files that stand alone in the tree.
fn part<T: Default>(
    name: &str,
    text: Option<&str>,
    read: impl Fn(&str) -> Result<Reading<T>, Diagnostic>,
    notes: &mut Vec<Diagnostic>,
) -> T {
    match text.map(read) {
        Some(Ok(reading)) => {
            notes.extend(reading.notes);
            reading.value
        }
        Some(Err(unreadable)) => {
            notes.push(unreadable);
            T::default()
        }
        None => {
            notes.push(Diagnostic::new(name, "is missing from the tree"));
            T::default()
        }
    }
}
