//! A file with what was seen in it.

use super::sighting::{Lines, Sighting};

/// A file with what was seen in it.
pub(super) struct SeenFile<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
    pub(super) lines: Lines,
    /// What is OpenSSL's, in the order of the file.
    pub(super) ours: Vec<Sighting>,
}
