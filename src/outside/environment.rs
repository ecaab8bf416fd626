//! Environment variables, read once at the edge; secrets among them never show in any output.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;

/// The variables the program was started with.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, OsString>);

impl Environment {
    /// The process's own variables; names that are not UTF-8 are none of ours.
    pub fn of_process() -> Self {
        std::env::vars_os().collect()
    }

    /// A variable, unless it is missing, empty or not UTF-8.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .and_then(|value| value.to_str())
            .filter(|value| !value.is_empty())
    }
}

/// Whether a variable is none of a child's business: ours, a service's, or by its name a secret.
pub(crate) fn is_withheld(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_uppercase();
    ["RELEASE_CHECK_", "ACTIONS_"]
        .iter()
        .any(|start| name.starts_with(start))
        || ["TOKEN", "PASSWORD", "SECRET"]
            .iter()
            .any(|part| name.contains(part))
}

impl FromIterator<(OsString, OsString)> for Environment {
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(variables: I) -> Self {
        Self(
            variables
                .into_iter()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
                .collect(),
        )
    }
}

// Values may be tokens: only names are ever shown.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
