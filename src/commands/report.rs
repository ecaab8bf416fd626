//! What every command gives.

/// What a command has to say on standard output, and its exit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// The result, and nothing but the result.
    pub text: String,
    pub status: u8,
}

impl Report {
    /// A result of a command that did its work.
    pub(crate) fn done(text: String) -> Self {
        Self { text, status: 0 }
    }
}
