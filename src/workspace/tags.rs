//! The project's release tags: those that only its remote knows are brought into the clone.

use crate::outside::git::history::{self, ProjectHistory};
use crate::plan::pipeline::lines::Tip;
use crate::project::config::Config;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::workspace::place;
use crate::workspace::session::{Brought, Session};

/// How many of the newest releases a clone must know.
const RELEASES: usize = 20;

/// Brings the project's newest release tags into its clone, and the heads of the branches that
/// releases are made from: a clone that is behind would not know of every release, and a checkout
/// of one branch not of those of another.
pub(crate) fn bring(session: &Session<'_>, config: &Config) -> Result<Brought, Fault> {
    let context = session.context;
    if context.offline {
        return Ok(Brought::default());
    }
    let Some(place) = place::own(context, config)? else {
        return Ok(Brought::default());
    };
    let Some(clone) = place.checkout().filter(|clone| clone.origin().is_some()) else {
        return Ok(Brought::default());
    };
    let (remote, here) = (place.remote(), clone.tags());
    let named = session.wait(remote.tags())?.into_iter().collect();
    let mut releases = history::releases(named, &config.project);
    let newest = releases.split_off(releases.len().saturating_sub(RELEASES));
    let is_missing = |(_, name): &(ProjectVersion, String)| !here.contains(name);
    let missing: Vec<String> = newest
        .into_iter()
        .filter(is_missing)
        .map(|(_, name)| name)
        .collect();
    clone.fetch_tags(&remote.credentials, &missing)?;
    let history = ProjectHistory::of(&context.directory);
    let tags = history.tags(&config.project);
    let is_known = |version: &ProjectVersion| tags.iter().any(|tag| tag.version == *version);
    let elsewhere: Vec<ProjectVersion> = releases
        .into_iter()
        .map(|(version, _)| version)
        .filter(|version| !is_known(version))
        .collect();
    let mut tips = Vec::new();
    if place.config.pull_request.also.is_empty() && history.last(&tags, &[]) == tags.last() {
        return Ok(Brought { tips, elsewhere });
    }
    // The newest release is none of this clone's branch, as far as the clone knows, or is not the
    // only one that counts.
    for (name, also) in session.branches(&place, &remote)? {
        let head = session.head(&remote, &name)?;
        if !clone.has(&head) && !clone.is_shallow() {
            clone.fetch(&remote.credentials, std::slice::from_ref(&name))?;
        }
        tips.push(Tip { name, also, head });
    }
    Ok(Brought { tips, elsewhere })
}
