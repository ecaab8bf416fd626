//! `[pull-request]` and `[repositories]`: how pull requests are opened.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::{shape, value};

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

/// A table with the keys of a pull request and further ones: flattened into another, they would
/// lose their places in the file.
macro_rules! pull_request_keys {
    ($(#[$about:meta])* $written:literal $name:ident { $($(#[$says:meta])* $key:ident: $value:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
        #[serde(rename = $written, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
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
            $($(#[$says])* pub $key: $value,)*
        }
    };
}

pull_request_keys! {
    /// `[pull-request]`, and the same keys below `[repositories."owner/name"]`.
    "PullRequest" PullRequestSettings {}
}

pull_request_keys! {
    /// `[repositories."owner/name"]`.
    "Repository" RepositorySettings {
        /// The environment variable that holds this repository's token.
        token: Option<String>,
        /// A local clone.
        // Relative to the project.
        checkout: Option<String>,
        /// The checks that must be green on the merged commit; left out: all of them.
        #[serde(default)]
        checks: Vec<String>,
    }
}

impl RepositorySettings {
    /// How pull requests are opened there.
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
