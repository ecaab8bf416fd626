//! The project's release tags: those that only its remote knows are brought into the clone.

use crate::outside::git::history::{self, ProjectHistory};
use crate::plan::pipeline::lines::Tip;
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::place;

/// How many of the newest releases a clone must know.
const RELEASES: usize = 20;

/// Brings the project's newest release tags into its clone, and the heads of the branches that
/// releases are made from: a clone that is behind would not know of every release, and a checkout
/// of one branch not of those of another. Those heads; none where what is checked out says it all.
///
/// # Errors
///
/// If they cannot be read.
pub(crate) fn bring(case: &Case<'_>) -> Result<Vec<Tip>, Fault> {
    let session = case.session;
    if case.context.offline {
        return Ok(Vec::new());
    }
    let Some(place) = place::own(case.context, case.config)? else {
        return Ok(Vec::new());
    };
    let Some(clone) = place.checkout().filter(|clone| clone.origin().is_some()) else {
        return Ok(Vec::new());
    };
    let (remote, here) = (place.remote(), clone.tags());
    let mut releases: Vec<_> = session
        .wait(remote.tags())?
        .into_iter()
        .filter_map(|name| Some((history::version_of(&name)?, name)))
        .collect();
    releases.sort_by(|(one, _), (other, _)| other.cmp(one));
    let missing: Vec<String> = releases
        .into_iter()
        .map(|(_, name)| name)
        .take(RELEASES)
        .filter(|name| !here.contains(name))
        .collect();
    clone.fetch_tags(&remote.credentials, &missing)?;
    let history = ProjectHistory::of(&case.context.directory);
    let tags = history.tags(&case.config.project.name);
    if place.config.pull_request.also.is_empty() && history.last(&tags, &[]) == tags.last() {
        return Ok(Vec::new());
    }
    // The newest release is none of this clone's branch, as far as the clone knows, or is not the
    // only one that counts.
    let mut tips = Vec::new();
    for (name, also) in session.branches(&place, &remote)? {
        let head = session.head(&remote, &name)?;
        if !clone.has(&head) && !clone.is_shallow() {
            clone.fetch(&remote.credentials, std::slice::from_ref(&name))?;
        }
        tips.push(Tip { name, also, head });
    }
    Ok(tips)
}
