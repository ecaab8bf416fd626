//! Every link of the configuration: the version it uses, and what that means today.

use super::Context;
use crate::assessment::{Assessment, assess};
use crate::config::{self, Config};
use crate::fault::Fault;
use crate::linked::{self, Files, Linked};
use crate::upstream::{Snapshot, View};
use crate::worktree;

/// One link as it stands.
#[derive(Debug)]
pub(super) struct LinkToday<'a> {
    /// The link as configured.
    pub(super) link: &'a config::Link,
    /// The version it uses, and where that is said.
    pub(super) linked: Linked,
    /// What that version means.
    pub(super) assessment: Assessment,
}

/// Reads and assesses every link.
pub(super) fn read<'a>(
    context: &Context,
    config: &'a Config,
    snapshot: &Snapshot,
    upstream: &View<'_>,
) -> Result<Vec<LinkToday<'a>>, Fault> {
    if config.links.is_empty() {
        return Err(Fault::usage(format!("the configuration has no `[[link]]`; add one to `{}`", config::FILE_NAME)));
    }
    let files = worktree::load(&context.directory, &config.links)?;
    config.links.iter().map(|link| today(link, &files, snapshot, upstream)).collect()
}

fn today<'a>(link: &'a config::Link, files: &Files, snapshot: &Snapshot, upstream: &View<'_>) -> Result<LinkToday<'a>, Fault> {
    let target = |version| assess(version, &link.policy, upstream).ok().and_then(|assessment| assessment.target);
    let linked = linked::read(link, files, &snapshot.releases, &target)?;
    let place = linked.places.first().map_or_else(String::new, |place| format!("{place}: "));
    let assessment = assess(linked.version, &link.policy, upstream).map_err(|error| Fault::usage(format!("{place}{error}")))?;
    Ok(LinkToday { link, linked, assessment })
}
