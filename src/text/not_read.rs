//! A text that is not what it should be.

use std::fmt;

/// What a text is not, in words: it is only ever shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRead(String);

impl NotRead {
    /// `what` follows the text, of which a long one is cut off: `is not an OpenSSL version`.
    pub(crate) fn new(text: &str, what: &str) -> Self {
        let shown: String = text.chars().take(80).collect();
        Self(format!("`{}` {what}", shown.escape_debug()))
    }
}

impl fmt::Display for NotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotRead {}
