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
    /// The platforms whose code has an OpenSSL in it that does not say its version.
    #[serde(default)]
    pub(crate) unsaid: BTreeSet<String>,
    /// Libraries that claim to be OpenSSL and are not.
    #[serde(default)]
    pub(crate) other: BTreeSet<String>,
    /// The libssl and libcrypto that files with nothing of OpenSSL in them load.
    #[serde(default)]
    pub(crate) loads: BTreeSet<String>,
    /// The platforms of the compiled code in it, whatever is in that; not of what tests are made of.
    #[serde(default)]
    pub(crate) code: BTreeSet<String>,
    /// Whether it is a source distribution of Python's by what stands in it.
    #[serde(default)]
    pub(crate) is_sdist: bool,
    /// The OpenSSL whose headers were used, where the system's library is loaded.
    pub referenced: BTreeSet<Version>,
    /// The OpenSSL that it has the source of.
    pub source: BTreeSet<Version>,
    /// What contradicts the code.
    pub problems: Vec<String>,
    /// What could not be read, and why.
    #[serde(default)]
    pub(crate) unread: Vec<String>,
}

impl Contents {
    /// The contents of a file, from what its examination found.
    pub fn of(files: &[ExaminedFile]) -> Self {
        let mut contents = Self::default();
        for file in files {
            let platform = file.platform.clone().unwrap_or_default();
            for found in &file.openssl {
                match found.linkage {
                    Linkage::Static | Linkage::BundledShared => {
                        let Some(version) = found.version else {
                            contents.unsaid.insert(platform.clone());
                            continue;
                        };
                        contents
                            .shipped
                            .entry(platform.clone())
                            .or_default()
                            .insert(version);
                    }
                    Linkage::DynamicReference | Linkage::HeaderText => {
                        contents.referenced.extend(found.version);
                    }
                    Linkage::Source => contents.source.extend(found.version),
                }
            }
            if file.openssl.is_empty() {
                contents.loads.extend(file.needs.iter().cloned());
            }
            contents.code.extend(file.package.code.iter().cloned());
            contents.is_sdist |= file.package.is_sdist;
            let name = file.member.as_deref().unwrap_or(&file.path);
            let of = |words: &Vec<String>| {
                let lines = words.iter().map(|word| format!("{name}: {word}"));
                lines.collect::<Vec<_>>()
            };
            contents.problems.extend(of(&file.problems));
            contents.unread.extend(of(&file.unread));
            contents
                .other
                .extend(file.other.iter().map(ToString::to_string));
        }
        contents
    }

    /// Whether it was read and there is no OpenSSL in it.
    pub(super) fn has_none(&self) -> bool {
        self.shipped.is_empty()
            && self.unsaid.is_empty()
            && self.unread.is_empty()
            && self.problems.is_empty()
    }

    /// Every version that is compiled in or bundled.
    pub fn versions(&self) -> BTreeSet<Version> {
        self.shipped.values().flatten().copied().collect()
    }
}
