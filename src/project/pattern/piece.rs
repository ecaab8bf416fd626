//! What a pattern consists of.

use super::placeholder::Placeholder;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PatternPiece {
    /// Text that stands there as it is; has no line break and is not empty.
    Literal(String),
    /// A line break, in either style.
    LineBreak,
    /// A place for a value.
    Slot(Placeholder),
}
