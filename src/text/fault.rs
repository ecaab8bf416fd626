//! What went wrong, in words for the user, and the exit status it leads to.

use std::fmt;

/// A failure that ends the command.
///
/// Messages are lower case without a full stop, name file and line where there is one, put values
/// in backticks and say what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    kind: FaultKind,
    message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FaultKind {
    Failed,
    Usage,
}

impl Fault {
    /// The command could not do its work: exit status 1.
    pub fn failed(message: impl Into<String>) -> Self {
        Self {
            kind: FaultKind::Failed,
            message: message.into(),
        }
    }

    /// Usage, configuration or pins are wrong: exit status 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            kind: FaultKind::Usage,
            message: message.into(),
        }
    }

    /// A file of the project that something names is not there.
    pub fn no_file(path: &str) -> Self {
        Self::usage(format!(
            "`{path}` does not exist; correct the path or add the file"
        ))
    }

    /// The exit status of DESIGN's contract.
    pub fn status(&self) -> u8 {
        match self.kind {
            FaultKind::Failed => 1,
            FaultKind::Usage => 2,
        }
    }

    /// The same fault with words put in front of its message.
    #[must_use]
    pub fn within(self, place: impl fmt::Display) -> Self {
        Self {
            message: format!("{place}: {}", self.message),
            ..self
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
