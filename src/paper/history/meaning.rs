//! What the facts say of releases, worked out once.

use std::collections::BTreeMap;

use super::{Carriers, History, HistoryProject};
use crate::artefact::exposure::{self, Knowledge, ProjectRelease, Said};
use crate::artefact::timeline::{self, Timeline};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;

/// What the facts say of releases.
#[derive(Debug)]
pub(crate) struct Meaning<'a> {
    releases: &'a [ProjectRelease],
    upstream: &'a View<'a>,
    said: BTreeMap<Version, Said>,
    knowledge: Vec<Knowledge>,
    timelines: Vec<Timeline>,
}

impl<'a> Meaning<'a> {
    /// Of these releases, ascending.
    pub(crate) fn of(releases: &'a [ProjectRelease], upstream: &'a View<'a>) -> Self {
        let said = exposure::said(releases, upstream);
        Self {
            knowledge: exposure::exposures(releases, &said, upstream),
            timelines: timeline::timelines(releases, &said, upstream),
            releases,
            upstream,
            said,
        }
    }

    /// The history that can be shown.
    pub(crate) fn history<'h>(
        &'h self,
        project: &'h HistoryProject,
        carriers: Carriers,
    ) -> History<'h> {
        History {
            project,
            carriers,
            releases: self.releases,
            said: &self.said,
            knowledge: &self.knowledge,
            timelines: &self.timelines,
            examined: None,
            unexamined: &[],
            upstream: self.upstream,
            too_old: self.upstream.is_stale(),
        }
    }
}
