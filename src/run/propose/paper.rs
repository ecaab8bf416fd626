//! What a proposal and a tracking issue say.

use std::fmt::Write;

use super::super::links::Assessed;
use crate::config::Config;
use crate::draft::Move;
use crate::draft::pull_request::{self, PullRequest, Rendered};
use crate::fault::Fault;
use crate::proposal::tracking::Tracking;
use crate::templates::Templates;
use crate::text::in_words;
use crate::upstream::View;
use crate::version::Version;

/// What the text of a PR says beside the move.
pub(super) struct Words<'a> {
    /// The project's own new version, where it is raised.
    pub(super) version: Option<&'a str>,
    /// What was verified, in sentences.
    pub(super) verified: &'a [String],
}

/// Title and text of a link's PR.
pub(super) fn pull_request(
    config: &Config,
    templates: &Templates,
    upstream: &View<'_>,
    one: &Assessed<'_>,
    target: Version,
    words: &Words<'_>,
) -> Result<Rendered, Fault> {
    let moved = Move::between(&one.link.name, one.linked.version, target, upstream);
    let version = words.version;
    let corrections: Vec<String> = one.assessment.corrections.iter().map(ToString::to_string).collect();
    let steps = pull_request::steps(config, version);
    let series = target.series();
    let leaves_series = (series != one.linked.version.series()).then(|| match upstream.support(series).eol {
        Some(eol) => format!("OpenSSL supports {series} until {eol}."),
        None => format!("OpenSSL has not said until when it supports {series}."),
    });
    PullRequest {
        project: &config.project.name,
        version,
        ships: config.project.ships.as_deref(),
        several_links: config.links.len() > 1,
        security: moved.is_security(),
        withdrawn: upstream.release(moved.from).is_some_and(|published| published.withdrawn),
        leaves_series,
        compare: pull_request::compare_url(&config.upstream.github, moved.from, moved.to),
        release: pull_request::release_url(&config.upstream.github, moved.to),
        corrections: &corrections,
        verified: words.verified,
        steps: &steps,
        moved: &moved,
    }
    .render(templates)
}

/// What the commit says below its first line.
pub(super) fn description(one: &Assessed<'_>, target: Version) -> String {
    let Assessed { link, linked, assessment } = one;
    let mut text = format!("Moves the OpenSSL of `{}` from {} to {target}.", link.name, linked.version);
    if !assessment.fixes.is_empty() {
        let _ = write!(text, "\n\nFixes {}.", in_words(&assessment.fixes));
    }
    text
}

/// The issue that tells where things stand, where a link is affected and cannot move.
pub(super) fn tracking(one: &Assessed<'_>) -> Option<Tracking> {
    use crate::assessment::Verdict;
    let Assessed { link, assessment, .. } = one;
    let (linked, several) = (assessment.linked, if assessment.remaining.len() == 1 { "" } else { "s" });
    if !matches!(assessment.verdict, Verdict::FixPending | Verdict::Stranded) {
        return None;
    }
    let title = format!("OpenSSL {linked} ({}) is affected, and there is no release to go to", link.name);
    let mut body =
        format!("{}: {}.\n\nAffected by {} issue{several}:\n\n", linked, crate::report::meaning(assessment), assessment.remaining.len());
    for id in &assessment.remaining {
        let _ = write!(body, "- [{id}]({})", id.url());
        if let Some(pending) = assessment.pending.iter().find(|pending| pending.id == *id) {
            let _ = write!(body, ", public since {}: the fix is expected in {}", pending.since, pending.expected);
        }
        body.push('\n');
    }
    body.push_str("\nThis issue is kept up to date, and closed when there is a release to go to.\n");
    Some(Tracking { link: link.name.clone(), title, body })
}
