//! What each link moves from and to: from what the project's last release carried to what the next
//! one will.

use crate::openssl::assessment::Assessment;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::paper::draft::LinkMove;
use crate::project::config::Link;
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::releases::{LinkNow, Releases};

/// One link at the moment.
pub(crate) struct Situation<'a> {
    pub(crate) link: &'a Link,
    /// The version in the working tree.
    pub(crate) working: Version,
    /// What that means.
    pub(crate) assessment: Assessment,
    /// What the versions of other series mean, as far as they move with the link.
    pub(crate) beside: Vec<Assessment>,
    /// The move that drafts speak of; none where there is none.
    pub(crate) moved: Option<LinkMove>,
}

/// Reads every link of the configuration that the user asked for.
pub(crate) fn read<'a>(case: &Case<'a>) -> Result<Vec<Situation<'a>>, Fault> {
    of(case, &|name| case.config.is_asked(name))
}

/// Reads every link of the configuration.
pub(crate) fn all<'a>(case: &Case<'a>) -> Result<Vec<Situation<'a>>, Fault> {
    of(case, &|_| true)
}

/// What the facts lack to say what is due, link by link, in words.
pub(crate) fn unknown(situations: &[Situation<'_>]) -> Vec<String> {
    let said = |situation: &Situation<'_>| {
        let unknown = situation.assessment.unknown?;
        let (link, linked) = (&situation.link.name, situation.assessment.linked);
        Some(format!("{link}: OpenSSL {linked}: {unknown}"))
    };
    situations.iter().filter_map(said).collect()
}

fn of<'a>(case: &Case<'a>, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<Situation<'a>>, Fault> {
    let config = case.config;
    let project = case.project()?;
    let releases = Releases::of(case, project);
    let mut situations = Vec::new();
    for link in config.links.iter().filter(|link| wanted(&link.name)) {
        let standing = releases.now(link)?;
        let from = releases.carried_before(link);
        situations.push(moving_to(link, from, standing, &case.view));
    }
    Ok(situations)
}

/// A link that moves from a version to what its pins say if that is newer, else to the target.
fn moving_to<'a>(
    link: &'a Link,
    from: Option<Version>,
    standing: LinkNow,
    view: &View<'_>,
) -> Situation<'a> {
    let LinkNow { assessment, beside } = standing;
    let working = assessment.linked;
    let from = from.unwrap_or(working);
    let withdrawn = view
        .release(from)
        .is_some_and(|published| published.withdrawn);
    let to = if working > from || (withdrawn && working != from) {
        Some(working)
    } else {
        assessment.target
    };
    let moved = to
        .filter(|to| *to != from)
        .map(|to| LinkMove::between(&link.name, from, to, view));
    Situation {
        link,
        working,
        assessment,
        beside,
        moved,
    }
}
