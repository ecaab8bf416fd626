//! What parsers notice in upstream's documents: values, never printed here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something noticed in one document. What the rest of the document says still counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The document's name: a file, a page, a list.
    pub document: String,
    /// What was noticed, values in backticks.
    pub text: String,
}

/// What a parser made of a document, and what it noticed on the way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading<T> {
    /// What was read.
    pub value: T,
    /// What does not look as upstream's documents look, in order of appearance.
    pub notes: Vec<Diagnostic>,
}

impl Diagnostic {
    /// A diagnostic about the document of this name. Both texts may hold what stands in the
    /// document.
    pub fn new(document: &str, text: impl Into<String>) -> Self {
        Self {
            document: crate::text::short_line(document, 200),
            text: crate::text::short_line(&text.into(), 1000),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.document, self.text)
    }
}
