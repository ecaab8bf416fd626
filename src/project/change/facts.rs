//! What placeholders are filled with.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::file_entry::FileEntry;
use crate::project::linked::spelling;
use crate::project::pattern::Placeholder;

/// The facts that a bump writes and checks against.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Every release that anything is known of, with its digests as far as known.
    pub releases: &'a [Release],
    /// Source trees by version, where a vendored tree asks for them: entries by their path below
    /// the tarball's one folder.
    pub trees: &'a BTreeMap<Version, BTreeMap<String, FileEntry>>,
    /// The registry's checksums of crates by name and version, as far as cargo was asked.
    pub crates: &'a BTreeMap<(String, String), String>,
    /// The day of the bump, for `{date}`.
    pub day: Date,
    /// The root of the site that releases are published on (`upstream.github`).
    pub github: &'a str,
}

impl Facts<'_> {
    /// A value of a release; none where nothing known says it, or where it has none (`{*}`, `{+}`,
    /// `{0}`).
    pub fn value(&self, slot: Placeholder, version: Version) -> Option<String> {
        if let Some(spelled) = spelling::spell(slot, version) {
            return Some(spelled);
        }
        let release = self
            .releases
            .iter()
            .find(|release| release.version == version);
        if slot != slot.hexadecimal() {
            return spelling::digest(slot, &self.value(slot.hexadecimal(), version)?);
        }
        match slot {
            Placeholder::Sha256 => release?.hashes.sha256.clone(),
            Placeholder::Sha512 => release?.hashes.sha512.clone(),
            Placeholder::Sha1 => release?.hashes.sha1.clone(),
            Placeholder::Md5 => release?.hashes.md5.clone(),
            Placeholder::Size => release?.size.map(|size| size.to_string()),
            Placeholder::Commit => release?.commit.clone(),
            Placeholder::Url => {
                let own = release.and_then(|release| release.url.clone());
                Some(own.unwrap_or_else(|| Release::tarball_url(version, self.github)))
            }
            Placeholder::Date => Some(self.day.to_string()),
            Placeholder::ReleaseDate => Some(release?.date.to_string()),
            _ => None,
        }
    }
}
