//! Title and text of the release PR.

use schemars::JsonSchema;
use serde::Serialize;

use super::LinkMove;
use crate::openssl::version::Version;
use crate::paper::templates::{self, Templates};
use crate::project::config::Config;
use crate::text::fault::Fault;

/// Characters that a forge takes as the text of a PR: GitHub's documented limit of 65536, less what
/// invisible lines and a comment's preface need.
pub(crate) const LIMIT: usize = 65_000;

/// The context of `pull-request/title.txt.j2` and `pull-request/body.md.j2`.
///
/// What stands between lines `<!-- optional -->` and `<!-- /optional -->` in the body is left out,
/// longest part first, where the whole is longer than a forge takes.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PullRequest<'a> {
    /// The project's name.
    #[serde(serialize_with = "templates::own")]
    #[schemars(with = "String")]
    pub project: &'a str,
    /// The project's version that will be released, where it is known.
    pub version: Option<&'a str>,
    /// How the project names what contains OpenSSL.
    #[serde(serialize_with = "templates::own_or_none")]
    #[schemars(with = "Option<String>")]
    pub ships: Option<&'a str>,
    /// Whether the project ships several links, so that the title must say which.
    pub several_links: bool,
    /// The move.
    #[serde(rename = "move")]
    pub moved: &'a LinkMove,
    /// What versions of other series in files of their own do, one sentence for each.
    pub beside: &'a [String],
    /// Whether an advisory is fixed.
    pub security: bool,
    /// Whether the version before was withdrawn.
    pub withdrawn: bool,
    /// The last day of public support of the series before, where this moves to another series.
    pub leaves_series: Option<String>,
    /// OpenSSL's own list of what changed between both versions.
    pub compare: String,
    /// OpenSSL's page of the release.
    pub release: String,
    /// Departures from upstream's records that had a part in this.
    pub corrections: &'a [String],
    /// What was verified, and by which key, one line for each; empty where nothing was.
    pub verified: &'a [String],
    /// What remains to be done.
    pub steps: &'a [ReleaseStep],
}

/// A step of the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct ReleaseStep {
    /// Whether it is done.
    pub done: bool,
    /// What it is, in words.
    pub text: String,
    /// The command that does it.
    pub command: Option<&'static str>,
}

/// A PR's title and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RenderedPullRequest {
    /// The title, one line.
    pub title: String,
    /// The text, Markdown, with the marker at its end.
    pub body: String,
}

impl RenderedPullRequest {
    /// What the templates `title.txt.j2` and `body.md.j2` of a folder make of a context.
    pub(super) fn of(
        templates: &Templates,
        folder: &str,
        context: &impl Serialize,
    ) -> Result<Self, Fault> {
        let title = templates.render(&format!("{folder}/title.txt.j2"), context)?;
        let body = templates.render(&format!("{folder}/body.md.j2"), context)?;
        Ok(Self {
            title: crate::text::one_line(&title),
            body: paragraphs(&body),
        })
    }
}

/// The invisible line by which a PR or issue of ours is found again.
///
/// ```
/// assert_eq!(release_check::for_tests::paper::draft::pull_request::marker("wheels", "3.5.4"), "<!-- release-check:wheels:3.5.4 -->");
/// assert_eq!(release_check::for_tests::paper::draft::pull_request::marker("a --> b", "3.5.4"), "<!-- release-check:a-b:3.5.4 -->");
/// ```
pub fn marker(link: &str, target: &str) -> String {
    let plain = |text: &str| {
        let words = text
            .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_'))
            .filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("-")
    };
    format!("<!-- release-check:{}:{} -->", plain(link), plain(target))
}

/// OpenSSL's own list of what changed between two versions, on the site `github` (DESIGN,
/// "Endpoints").
pub(crate) fn compare_url(github: &str, from: Version, to: Version) -> String {
    let (older, newer) = if from <= to { (from, to) } else { (to, from) };
    format!(
        "{}/openssl/openssl/compare/{}...{}",
        github.trim_end_matches('/'),
        older.tag(),
        newer.tag()
    )
}

/// OpenSSL's page of a release.
pub(crate) fn release_url(github: &str, version: Version) -> String {
    format!(
        "{}/openssl/openssl/releases/tag/{}",
        github.trim_end_matches('/'),
        version.tag()
    )
}

/// The steps of a release after its PR is opened, none of them done.
pub(crate) fn steps(config: &Config, version: Option<&str>) -> Vec<ReleaseStep> {
    let step = |text: &str, command| ReleaseStep {
        done: false,
        text: text.to_owned(),
        command,
    };
    let mut steps = vec![step("review this, wait for green checks, merge", None)];
    steps.push(step(
        &format!("tag and publish {}", version.unwrap_or("the release")),
        None,
    ));
    if config.published.is_some() {
        steps.push(step(
            "check what was published",
            Some("release-check verify"),
        ));
    }
    if config.announcement.is_some() {
        steps.push(step(
            "tell subscribers",
            Some("release-check announce --execute"),
        ));
    }
    if config
        .changelog
        .as_ref()
        .is_some_and(|changelog| changelog.forward.is_some())
    {
        steps.push(step(
            "carry the changelog entry forward",
            Some("release-check draft changelog --forward"),
        ));
    }
    steps
}

impl PullRequest<'_> {
    /// Title and text.
    ///
    /// # Errors
    ///
    /// See [`Templates::render`]; and if the text is too long without every optional part.
    pub(crate) fn render(&self, templates: &Templates) -> Result<RenderedPullRequest, Fault> {
        let title = crate::text::one_line(&templates.render("pull-request/title.txt.j2", self)?);
        let marker = marker(&self.moved.link, &self.moved.to.to_string());
        let body = shortened(
            &templates.render("pull-request/body.md.j2", self)?,
            LIMIT - marker.len() - 1,
        )?;
        Ok(RenderedPullRequest {
            title,
            body: format!("{body}\n{marker}\n"),
        })
    }
}

const OPTIONAL: &str = "<!-- optional -->";
const END: &str = "<!-- /optional -->";
const LEFT_OUT: &str = "*(left out: this text would be longer than a forge takes)*\n";

/// The text without the marks of optional parts, and without the longest of those as long as it is
/// too long.
fn shortened(text: &str, limit: usize) -> Result<String, Fault> {
    let mut parts: Vec<(bool, String)> = Vec::new();
    for line in text.lines() {
        match line.trim() {
            OPTIONAL => parts.push((true, String::new())),
            END => parts.push((false, String::new())),
            _ => {
                if parts.is_empty() {
                    parts.push((false, String::new()));
                }
                if let Some((_, part)) = parts.last_mut() {
                    part.push_str(line.trim_end());
                    part.push('\n');
                }
            }
        }
    }
    loop {
        let whole = paragraphs(
            &parts
                .iter()
                .map(|(_, part)| part.as_str())
                .collect::<String>(),
        );
        if whole.chars().count() <= limit {
            return Ok(whole);
        }
        let longest = parts
            .iter_mut()
            .filter(|(optional, part)| *optional && part != LEFT_OUT)
            .max_by_key(|(_, part)| part.len());
        let (_, part) = longest.ok_or_else(|| {
            Fault::usage(format!(
                "template `pull-request/body.md.j2`: the text is longer than the {LIMIT} characters that a forge takes; shorten it"
            ))
        })?;
        LEFT_OUT.clone_into(part);
    }
}

/// The text with one blank line where several stand, none at its ends.
pub(super) fn paragraphs(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_optional_part_goes_first() {
        let text = format!(
            "a\n{OPTIONAL}\n{}\n{END}\nb\n{OPTIONAL}\n{}\n{END}\nc\n",
            "x".repeat(300),
            "y".repeat(100)
        );
        assert_eq!(shortened(&text, 1000).expect("a text").lines().count(), 5);
        let shorter = shortened(&text, 250).expect("a text");
        assert!(
            shorter.contains("yyy") && !shorter.contains("xxx") && shorter.contains("left out"),
            "{shorter}"
        );
        assert!(!shortened(&text, 150).expect("a text").contains("yyy"));
        assert!(shortened(&text, 20).is_err());
    }
}
