//! What the pull request of a link says, and the issue that tracks one.

use std::fmt::Write;

use crate::openssl::assessment::{Assessment, Verdict};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::paper::draft::pull_request::{
    PullRequest, RenderedPullRequest, compare_url, release_url, steps,
};
use crate::paper::draft::tracking::{TrackingIssue, UnfixedAdvisory};
use crate::paper::draft::{AdvisoryFacts, LinkMove};
use crate::paper::templates::Templates;
use crate::plan::proposal::tracking::Tracking;
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::text::in_words;
use crate::workspace::links::Assessed;

/// What the text of a PR tells of.
pub(crate) struct Words<'a> {
    /// What its link moves from and to.
    pub(crate) moved: &'a LinkMove,
    /// What it means for the link to be where it is.
    pub(crate) assessment: &'a Assessment,
    /// The same for what other series of the link move from.
    pub(crate) beside: &'a [Assessment],
    /// The project's own new version, where it is raised.
    pub(crate) version: Option<&'a str>,
    /// What was verified, in sentences.
    pub(crate) verified: &'a [String],
}

/// Title and text of a link's PR, for a draft as for a proposal.
///
/// # Errors
///
/// What is wrong with the project's own template.
pub(crate) fn render(
    config: &Config,
    templates: &Templates,
    upstream: &View<'_>,
    words: &Words<'_>,
) -> Result<RenderedPullRequest, Fault> {
    let Words { moved, version, .. } = *words;
    let corrections = words.assessment.corrections.iter();
    let corrections: Vec<String> = corrections.map(ToString::to_string).collect();
    let steps = steps(config, version);
    let series = moved.to.series();
    let leaves_series =
        (series != moved.from.series()).then(|| match upstream.support(series).eol {
            Some(eol) => format!("OpenSSL supports {series} until {eol}."),
            None => format!("OpenSSL has not said until when it supports {series}."),
        });
    PullRequest {
        project: &config.project.name,
        version,
        ships: config.project.ships.as_deref(),
        several_links: config.ships_several(),
        security: moved.is_security(),
        withdrawn: upstream
            .release(moved.from)
            .is_some_and(|published| published.withdrawn),
        leaves_series,
        compare: compare_url(&config.upstream.github, moved.from, moved.to),
        release: release_url(&config.upstream.github, moved.to),
        corrections: &corrections,
        verified: words.verified,
        steps: &steps,
        beside: &with_it(words.beside),
        moved,
    }
    .render(templates)
}

/// What the commit says below its first line.
pub(crate) fn description(one: &Assessed<'_>, target: Version) -> String {
    let Assessed {
        link,
        linked,
        assessment,
        beside,
    } = one;
    let mut text = format!(
        "Moves the OpenSSL of `{}` from {} to {target}.",
        link.name, linked.version
    );
    for sentence in with_it(beside) {
        let _ = write!(text, "\n{sentence}");
    }
    if !assessment.fixes.is_empty() {
        let _ = write!(text, "\n\nFixes {}.", in_words(&assessment.fixes));
    }
    text
}

/// What other series of the same link do.
fn with_it(beside: &[Assessment]) -> Vec<String> {
    let moves = beside.iter().filter_map(|one| {
        let (from, to, series) = (one.linked, one.target?, one.linked.series());
        let fixes = match one.fixes.is_empty() {
            true => String::new(),
            false => format!(", which fixes {}", in_words(&one.fixes)),
        };
        Some(format!(
            "Where OpenSSL {series} is kept, {from} becomes {to}{fixes}."
        ))
    });
    moves.collect()
}

/// The issue that tells where things stand, where a link is affected and cannot move.
pub(crate) fn tracking(
    config: &Config,
    templates: &Templates,
    upstream: &View<'_>,
    one: &Assessed<'_>,
) -> Result<Option<Tracking>, Fault> {
    let Assessed {
        link, assessment, ..
    } = one;
    if !matches!(assessment.verdict, Verdict::FixPending | Verdict::Stranded) {
        return Ok(None);
    }
    let known = assessment
        .remaining
        .iter()
        .filter_map(|id| upstream.advisory(*id));
    let advisories: Vec<UnfixedAdvisory> = known
        .map(|known| {
            let pending = assessment
                .awaited()
                .find(|pending| pending.id == known.advisory.id);
            UnfixedAdvisory {
                facts: AdvisoryFacts::of(&known.advisory),
                expected: pending.map(|pending| pending.expected.to_string()),
            }
        })
        .collect();
    let issue = TrackingIssue {
        project: &config.project.name,
        link: &link.name,
        linked: assessment.linked.to_string(),
        meaning: &crate::paper::report::meaning(assessment),
        advisories: &advisories,
    };
    let RenderedPullRequest { title, body } = issue.render(templates)?;
    Ok(Some(Tracking {
        link: link.name.clone(),
        title,
        body,
    }))
}
