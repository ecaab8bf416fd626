//! One entry: what is to be written, on which occasion, and the file with it.

use jiff::civil::Date;

use crate::openssl::version::Version;
use crate::project::project_version::ProjectVersion;

/// The entry of one bump.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Its text in the file's markup, as one paragraph.
    pub text: &'a str,
    /// Whether it speaks of a security release, which decides the category in changelogs that have
    /// them.
    pub security: bool,
    /// The OpenSSL versions that entries of other links may speak of: those are not rewritten.
    pub others: &'a [Version],
}

/// When and for which release an entry is written.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// The day that dates a new section.
    pub day: Date,
    /// The version the project will release next, where its configuration says where that stands.
    pub next: Option<ProjectVersion>,
    /// Whether that version is new: no checkout of the project has it yet.
    pub raised: bool,
    /// The newest version that the project has tagged before this branch, as far as known.
    pub tagged: Option<ProjectVersion>,
    /// Every version that the project has tagged, as far as known.
    pub released: Vec<ProjectVersion>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The whole file.
    pub text: String,
    /// The entry as it stands there, with the section's heading where that was opened for it; lines
    /// end in `\n`.
    pub entry: String,
}
