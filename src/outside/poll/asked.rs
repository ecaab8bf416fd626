//! The sources of facts, and how each answered.

use super::asker::UpstreamDocument;
use crate::openssl::upstream::diagnostic::Diagnostic;
use crate::openssl::upstream::merge::Counts;
use crate::openssl::upstream::{SourceState, State};
use crate::outside::http::cache::Cache;
use crate::outside::http::fetch::FetchError;
use crate::text;

/// A kind of facts that several sources tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FactKind {
    /// Which versions are public.
    Releases,
    /// What is wrong with them.
    Advisories,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FactSource {
    Releases,
    Tags,
    Downloads,
    Metadata,
    Vulnerabilities,
}

/// How a source answered.
pub(super) struct AskedSource {
    pub(super) source: FactSource,
    pub(super) documents: Vec<UpstreamDocument>,
    pub(super) failure: Option<FetchError>,
    pub(super) requests: u32,
    pub(super) bytes: u64,
    pub(super) unwritable: Option<String>,
}

impl FactSource {
    pub(super) const ALL: [Self; 5] = [
        Self::Releases,
        Self::Tags,
        Self::Downloads,
        Self::Metadata,
        Self::Vulnerabilities,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Releases => "releases",
            Self::Tags => "tags",
            Self::Downloads => "source-page",
            Self::Metadata => "metadata",
            Self::Vulnerabilities => "vulnerability-page",
        }
    }

    /// What it lists, one and many.
    pub(super) fn things(self) -> (&'static str, &'static str) {
        match self {
            Self::Releases => ("release", "releases"),
            Self::Tags => ("tag", "tags"),
            Self::Downloads => ("tarball", "tarballs"),
            Self::Metadata | Self::Vulnerabilities => ("advisory", "advisories"),
        }
    }
}

impl FactKind {
    /// What it is called in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Releases => "releases",
            Self::Advisories => "advisories",
        }
    }

    /// Whether nobody could tell these facts: a tag alone makes no release, and neither does the
    /// page alone.
    pub(super) fn is_dead(self, asked: &[AskedSource]) -> bool {
        let failed = |source| {
            asked
                .iter()
                .any(|asked| asked.source == source && asked.failure.is_some())
        };
        match self {
            Self::Releases => {
                failed(FactSource::Releases)
                    && (failed(FactSource::Tags) || failed(FactSource::Downloads))
            }
            Self::Advisories => failed(FactSource::Metadata) && failed(FactSource::Vulnerabilities),
        }
    }
}

impl AskedSource {
    /// Whether a document's text is neither here nor in the cache.
    pub(super) fn is_lost(&self, cache: &Cache) -> bool {
        self.documents
            .iter()
            .any(|document| document.body.is_none() && cache.body(&document.stored).is_none())
    }

    pub(super) fn state(&self, offline: bool, counts: &Counts) -> SourceState {
        let changed = self.documents.iter().any(|document| document.changed);
        let state = match &self.failure {
            _ if offline => State::Offline,
            Some(_) => State::Failed,
            None if changed => State::Ok,
            None => State::Unchanged,
        };
        let (one, many) = self.source.things();
        let detail = match (&self.failure, counts.get(self.source.name())) {
            (Some(failure), _) if !offline => failure.to_string(),
            (_, listed) => listed
                .map(|listed| text::count(*listed, one, many))
                .unwrap_or_default(),
        };
        SourceState {
            name: self.source.name().to_owned(),
            state,
            requests: self.requests,
            bytes: self.bytes,
            detail,
            taken: None,
        }
    }

    pub(super) fn notes(&self) -> Vec<Diagnostic> {
        let name = self.source.name();
        let instead = if self.documents.is_empty() {
            "nothing was known of it before"
        } else {
            "what it said last still counts"
        };
        let failed = self
            .failure
            .iter()
            .map(|failure| Diagnostic::new(name, format!("{failure}; {instead}")));
        failed.chain(self.unwritable()).collect()
    }

    pub(super) fn unwritable(&self) -> impl Iterator<Item = Diagnostic> {
        self.unwritable
            .iter()
            .map(|why| Diagnostic::new("cache", format!("cannot be written: {why}")))
    }
}
