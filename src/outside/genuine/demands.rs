//! What the configuration asks of tarballs: whose signatures count, and which keys are at hand.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::openssl::signature::{Fingerprint, KeyRing, MOST_MATERIAL, Trust};
use crate::project::config;
use crate::text::fault::Fault;

/// What `[upstream]` asks of tarballs.
#[derive(Debug, Clone)]
pub struct Demands {
    /// Keys that are at hand: the built-in ones, and those of `upstream.keys`.
    pub keys: KeyRing,
    /// Whose signatures count; none where published digests are enough.
    pub trust: Option<Trust>,
}

impl Demands {
    /// Reads the configured key files, which are relative to `directory`. `today` is the day that
    /// signatures must not be newer than.
    ///
    /// # Errors
    ///
    /// As [`keys`]; a usage fault also if a configured fingerprint is none.
    pub fn of(upstream: &config::Upstream, directory: &Path, today: Date) -> Result<Self, Fault> {
        let files: Vec<PathBuf> = upstream
            .keys
            .iter()
            .map(|file| directory.join(file))
            .collect();
        let further = upstream.fingerprints.iter().map(|text| text.parse());
        let further: Vec<Fingerprint> = further
            .collect::<Result<_, _>>()
            .map_err(|error| Fault::usage(format!("`upstream.fingerprints`: {error}")))?;
        let trust = match upstream.verify {
            config::Verify::Signature => {
                Some(Trust::pinned_and(further, upstream.key_grace, today))
            }
            config::Verify::Digest => None,
        };
        Ok(Self {
            keys: keys(&files)?,
            trust,
        })
    }
}

/// The keys that come with the program, and those of further files (`upstream.keys`).
///
/// # Errors
///
/// A usage fault if a file cannot be read or holds no public key.
pub fn keys(files: &[PathBuf]) -> Result<KeyRing, Fault> {
    let mut ring = KeyRing::built_in();
    for file in files {
        let unusable = |why: String| {
            Fault::usage(format!("`upstream.keys` names `{}`, {why}", file.display()))
        };
        let mut material = Vec::new();
        let opened = File::open(file).and_then(|opened| {
            opened
                .take(MOST_MATERIAL as u64 + 1)
                .read_to_end(&mut material)
        });
        opened.map_err(|error| unusable(format!("which cannot be read: {error}")))?;
        if ring.add(&material).is_empty() {
            return Err(unusable(
                "which holds no OpenPGP public key; export it with `gpg --armor --export`"
                    .to_owned(),
            ));
        }
    }
    Ok(ring)
}
