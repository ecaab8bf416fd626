//! The line that names OpenSSL for another one.

/// The line that names OpenSSL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope {
    /// Its number, counted from 1.
    pub(super) line: usize,
    /// Whether it opens a block with `{`.
    pub(super) opens: bool,
}
