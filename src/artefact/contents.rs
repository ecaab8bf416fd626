//! What one published file carries, in short: enough to verify it and to remember it by its digest.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::finding::{ExaminedFile, Linkage};
use crate::openssl::version::Version;

/// What one published file carries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The OpenSSL that is compiled in or bundled, by the platform of the code (`linux-x86_64`).
    pub shipped: BTreeMap<String, BTreeSet<Version>>,
    /// The OpenSSL whose headers were used, where the system's library is loaded.
    pub referenced: BTreeSet<Version>,
    /// The OpenSSL that it has the source of.
    pub source: BTreeSet<Version>,
    /// What is broken or contradicts the code.
    pub problems: Vec<String>,
}

impl Contents {
    /// The contents of a file, from what its examination found.
    #[must_use]
    pub fn of(files: &[ExaminedFile]) -> Self {
        let mut contents = Self::default();
        for file in files {
            let platform = file.platform.clone().unwrap_or_default();
            for found in &file.openssl {
                match found.linkage {
                    Linkage::Static | Linkage::BundledShared => {
                        contents
                            .shipped
                            .entry(platform.clone())
                            .or_default()
                            .insert(found.version);
                    }
                    Linkage::DynamicReference => {
                        contents.referenced.insert(found.version);
                    }
                    Linkage::Source => {
                        contents.source.insert(found.version);
                    }
                }
            }
            // A broken test file that a package carries along says nothing of its code.
            if file.member.is_none() || file.format.is_native() || file.format.is_sbom() {
                contents
                    .problems
                    .extend(file.problems.iter().map(|problem| {
                        format!(
                            "{}: {problem}",
                            file.member.as_deref().unwrap_or(&file.path)
                        )
                    }));
            }
        }
        contents
    }

    /// Every version that is compiled in or bundled.
    #[must_use]
    pub fn versions(&self) -> BTreeSet<Version> {
        self.shipped.values().flatten().copied().collect()
    }
}
