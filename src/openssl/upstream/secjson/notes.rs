//! What a record said that was not expected.

use super::super::diagnostic::Diagnostic;

/// Notes about one document.
pub(super) struct DocumentNotes<'a> {
    pub(super) document: &'a str,
    pub(super) notes: Vec<Diagnostic>,
}

impl DocumentNotes<'_> {
    pub(super) fn say(&mut self, text: String) {
        self.notes.push(Diagnostic::new(self.document, text));
    }
}
