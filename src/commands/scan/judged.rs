//! What upstream says of the OpenSSLs that were found.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;

use crate::artefact::{ExaminedFile, FoundOpenSsl, Linkage, OtherLibrary};
use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::upstream::{KnownAdvisory, View};
use crate::openssl::version::Version;
use crate::text::count;

/// Why nothing is known of a fork.
pub(super) const FORK: &str = "OpenSSL's advisories do not judge its forks";

/// The files, and upstream's word on what is in them.
pub(super) struct Judged<'a> {
    pub(super) files: &'a [ExaminedFile],
    pub(super) upstream: &'a View<'a>,
}

/// What is known of one OpenSSL.
pub(super) enum JudgedKnowledge<'a> {
    /// Upstream's advisories judge it.
    Known(VersionVerdict<'a>),
    /// They do not, and why.
    NotKnown(String),
}

/// Upstream's word on a version.
pub(super) struct VersionVerdict<'a> {
    /// The gravest first.
    pub(super) advisories: Vec<&'a KnownAdvisory<'a>>,
    /// Advisories for which upstream did not look at the series.
    pub(super) unanalysed: Vec<CveId>,
    /// The lowest release with as few of them as any, its own series first.
    pub(super) fixed_in: Option<(Version, usize)>,
    pub(super) eol: Option<Date>,
    pub(super) ended: bool,
}

/// Whether users get it with the file: the advisories of a library that the host brings are not the
/// file's.
pub(super) fn is_shipped(found: &FoundOpenSsl) -> bool {
    !matches!(
        found.linkage,
        Linkage::DynamicReference | Linkage::HeaderText
    )
}

impl<'a> Judged<'a> {
    pub(super) fn new(files: &'a [ExaminedFile], upstream: &'a View<'a>) -> Self {
        Self { files, upstream }
    }

    /// Whether a fork of OpenSSL is there, of which nothing is known.
    pub(super) fn has_fork(&self) -> bool {
        let mut others = self.files.iter().flat_map(|file| &file.other);
        others.any(OtherLibrary::is_fork)
    }

    /// What is known of an OpenSSL that was found.
    pub(super) fn knowledge(&self, found: &FoundOpenSsl) -> JudgedKnowledge<'a> {
        let Some(version) = found.version else {
            let why = "nothing says its version, so nothing says its advisories";
            return JudgedKnowledge::NotKnown(why.to_owned());
        };
        if let Some(maintainer) = &found.maintainer {
            return JudgedKnowledge::NotKnown(format!(
                "{maintainer} patched this build: upstream's advisories alone do not judge it"
            ));
        }
        if !is_shipped(found) {
            let why = "the library it meets there decides, not this version";
            return JudgedKnowledge::NotKnown(why.to_owned());
        }
        // A pre-release is judged by the release that it led to.
        let is_known = |version| self.upstream.release(version).is_some();
        if !is_known(version) && !is_known(version.finished()) {
            let taken = self.upstream.taken;
            return JudgedKnowledge::NotKnown(format!(
                "nothing of {version} in the facts of {taken}"
            ));
        }
        JudgedKnowledge::Known(self.verdict(version))
    }

    fn verdict(&self, version: Version) -> VersionVerdict<'a> {
        let mut advisories: Vec<&KnownAdvisory<'a>> = self.upstream.affecting(version).collect();
        advisories.sort_by(|one, other| {
            let gravity = |known: &KnownAdvisory<'_>| known.advisory.severity.gravity();
            let gravity = gravity(other).cmp(&gravity(one));
            gravity.then(one.advisory.id.cmp(&other.advisory.id))
        });
        let support = self.upstream.support(version.series());
        VersionVerdict {
            fixed_in: self.upstream.better(version),
            advisories,
            unanalysed: self.upstream.unanalysed(version),
            eol: support.eol,
            ended: support.ended,
        }
    }

    /// Each OpenSSL, with its linkage and maintainer, and the files that carry it.
    pub(super) fn versions(&self) -> Vec<(&'a FoundOpenSsl, Vec<&'a ExaminedFile>)> {
        let mut all: BTreeMap<_, (&FoundOpenSsl, Vec<&ExaminedFile>)> = BTreeMap::new();
        for file in self.files {
            for found in &file.openssl {
                let key = (found.version, found.linkage, &found.maintainer);
                let carriers = &mut all.entry(key).or_insert((found, Vec::new())).1;
                carriers.push(file);
            }
        }
        all.into_values().collect()
    }
}

impl JudgedKnowledge<'_> {
    /// In words, a line.
    pub(super) fn words(&self, version: Option<Version>) -> String {
        match self {
            Self::NotKnown(why) => format!("not known: {why}"),
            Self::Known(verdict) => verdict.words(version),
        }
    }
}

impl VersionVerdict<'_> {
    fn words(&self, version: Option<Version>) -> String {
        let mut out = count(self.advisories.len(), "advisory", "advisories");
        if !self.advisories.is_empty() {
            let _ = write!(
                out,
                " ({})",
                Severity::counted(self.advisories.iter().map(|known| &known.advisory.severity))
            );
            match self.fixed_in {
                Some((fixed, 0)) => {
                    let _ = write!(out, ", fixed in {fixed}");
                }
                Some((fixed, left)) => {
                    let _ = write!(out, ", all but {left} fixed in {fixed}");
                }
                None => out.push_str(", fixed in no public release"),
            }
        }
        if !self.unanalysed.is_empty() {
            let unanalysed = self.unanalysed.len();
            let _ = write!(
                out,
                ", not known for {unanalysed} that came after its series had ended"
            );
        }
        let series = version.map_or_else(String::new, |version| version.series().to_string());
        match (self.eol, self.ended) {
            (Some(eol), false) => {
                let _ = write!(out, "; {series} is supported until {eol}");
            }
            (Some(eol), true) => {
                let _ = write!(out, "; support of {series} ended {eol}");
            }
            (None, true) => {
                let _ = write!(out, "; support of {series} has ended");
            }
            (None, false) => {}
        }
        out
    }
}
