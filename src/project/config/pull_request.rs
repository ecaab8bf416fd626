//! `[pull-request]` and `[repositories]`: how pull requests are opened.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::{shape, value};

/// `[pull-request]`, and the same keys below `[repositories."owner/name"]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename = "PullRequest", deny_unknown_fields, rename_all = "kebab-case")]
pub struct PullRequestSettings {
    /// The branch it is opened against; `46.*` stands for the newest that it matches.
    // Left out: the repository's default branch.
    pub base: Option<String>,
    /// Labels it gets.
    #[serde(default)]
    pub labels: Vec<String>,
    /// People, or `owner/team`, asked for review.
    #[serde(default)]
    pub reviewers: Vec<String>,
    /// Whether it is opened as a draft.
    #[serde(default)]
    pub draft: bool,
    /// How the commit gets there: `api` (default on GitHub) or `git`.
    #[serde(default, deserialize_with = "push")]
    #[schemars(with = "Option<String>")]
    pub push: Option<Push>,
    /// Whether commits carry a `Signed-off-by` line.
    #[serde(default)]
    pub sign_off: bool,
    /// Release branches that get a PR of their own; `*.x` stands for the newest that it matches.
    #[serde(default)]
    pub also: Vec<String>,
}

/// How a commit gets to the forge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Push {
    /// Through the forge's API.
    Api,
    /// With the user's own git.
    Git,
}

fn push<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Push>, D::Error> {
    let words = |text: &str| value::word(text, &[("api", Push::Api), ("git", Push::Git)]);
    shape::text(deserializer, words)
}

/// `[repositories."owner/name"]`.
// The keys of a pull request once more: flattened, they would lose their places in the file.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename = "Repository", deny_unknown_fields, rename_all = "kebab-case")]
pub struct RepositorySettings {
    /// The branch PRs are opened against; `46.*` stands for the newest that it matches.
    pub base: Option<String>,
    /// Labels they get.
    #[serde(default)]
    pub labels: Vec<String>,
    /// People, or `owner/team`, asked for review.
    #[serde(default)]
    pub reviewers: Vec<String>,
    /// Whether they are opened as drafts.
    #[serde(default)]
    pub draft: bool,
    /// How commits get there: `api` (default on GitHub) or `git`.
    #[serde(default, deserialize_with = "push")]
    #[schemars(with = "Option<String>")]
    pub push: Option<Push>,
    /// Whether commits carry a `Signed-off-by` line.
    #[serde(default)]
    pub sign_off: bool,
    /// Release branches that get a PR of their own; `*.x` stands for the newest that it matches.
    #[serde(default)]
    pub also: Vec<String>,
    /// The environment variable that holds this repository's token.
    pub token: Option<String>,
    /// A local clone.
    // Relative to the project.
    pub checkout: Option<String>,
    /// The checks that must be green on the merged commit; left out: all of them.
    #[serde(default)]
    pub checks: Vec<String>,
}

impl RepositorySettings {
    /// How pull requests are opened there.
    #[must_use]
    pub fn pull_request(&self) -> PullRequestSettings {
        PullRequestSettings {
            base: self.base.clone(),
            labels: self.labels.clone(),
            reviewers: self.reviewers.clone(),
            draft: self.draft,
            push: self.push,
            sign_off: self.sign_off,
            also: self.also.clone(),
        }
    }
}

/// The repositories by name.
pub(super) fn repositories<'de, D>(
    deserializer: D,
) -> Result<BTreeMap<String, RepositorySettings>, D::Error>
where
    D: Deserializer<'de>,
{
    #[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(transparent)]
    struct Name(#[serde(deserialize_with = "value::repository")] String);

    let named = BTreeMap::<Name, RepositorySettings>::deserialize(deserializer)?;
    Ok(named
        .into_iter()
        .map(|(Name(name), settings)| (name, settings))
        .collect())
}
