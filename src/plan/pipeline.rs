//! The way from an OpenSSL release to the project's users, as a checklist: each step with where it
//! stands, decided from what was seen of the world.
//!
//! Nothing here remembers anything: every step is read off repositories, tags, published artefacts
//! and the record of sent mails, each time anew.

pub(crate) mod advisory;
pub(crate) mod lines;
pub(crate) mod links;
pub(crate) mod release;
mod status;

use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use status::{Findings, status};

/// Every step, in the order they are taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Checklist {
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Step {
    /// Which one.
    pub name: Name,
    /// The repository that it is about; null for what happens in none.
    pub repository: Option<String>,
    /// The link that it is about; null for what all links share.
    pub link: Option<String>,
    /// Where it stands.
    pub state: StepState,
    /// What that rests on, what it waits for, or what to do about it.
    pub detail: String,
    /// The page of it, where there is one.
    pub url: Option<String>,
}

/// The steps there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Name {
    /// The pins move in a PR.
    PullRequest,
    /// The move to a newer series is offered in a draft PR of its own; nothing waits for it.
    Offer,
    /// That is merged.
    Merge,
    /// The checks on the merged commit are green.
    Checks,
    /// Changelog and version follow in a PR of the project's own repository, where the pins are in
    /// another one.
    Paperwork,
    /// That is merged.
    PaperworkMerge,
    /// A release that has it is tagged.
    Tag,
    /// Its artefacts are published and contain what they should.
    Artefacts,
    /// A security advisory of a security release is drafted at the forge, for a person to publish.
    Advisory,
    /// Subscribers are told.
    Announcement,
    /// The changelog's entry is carried from the release branch to the main one.
    CarryForward,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "State")]
pub(crate) enum StepState {
    /// It is done.
    Done,
    /// This run did it.
    DoneNow,
    /// `--execute` would do it now.
    Due,
    /// It waits for a person, a merge, checks, a tag, a publication, a day.
    Waiting,
    /// It cannot go on before somebody does something about it.
    Blocked,
    /// The configuration does not ask for it.
    NotConfigured,
}

impl Name {
    /// In words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::PullRequest => "pull request",
            Self::Offer => "offered",
            Self::Merge => "merged",
            Self::Checks => "checks",
            Self::Paperwork => "changelog pull request",
            Self::PaperworkMerge => "changelog merged",
            Self::Tag => "tagged",
            Self::Artefacts => "artefacts",
            Self::Advisory => "advisory",
            Self::Announcement => "announced",
            Self::CarryForward => "carried forward",
        }
    }
}

impl StepState {
    /// Whether the steps behind it may be taken.
    pub(crate) fn lets_pass(self) -> bool {
        matches!(self, Self::Done | Self::DoneNow | Self::NotConfigured)
    }
}

impl Step {
    /// A step that is about neither a link nor a repository.
    pub(crate) fn new(name: Name, state: StepState, detail: impl Into<String>) -> Self {
        Self {
            name,
            repository: None,
            link: None,
            state,
            detail: detail.into(),
            url: None,
        }
    }

    /// The same, about a link in a repository.
    #[must_use]
    pub(crate) fn of(self, link: &str, repository: &str) -> Self {
        Self {
            link: Some(link.to_owned()),
            repository: Some(repository.to_owned()),
            ..self
        }
    }

    /// The same, about a repository.
    #[must_use]
    pub(crate) fn at(self, repository: &str) -> Self {
        Self {
            repository: Some(repository.to_owned()),
            ..self
        }
    }

    /// The same with its page.
    #[must_use]
    pub(crate) fn on(self, url: Option<&str>) -> Self {
        Self {
            url: url.map(str::to_owned),
            ..self
        }
    }
}

impl Checklist {
    /// Whether every step of a link lets the next one be taken.
    pub(crate) fn lets_pass(&self, link: &str) -> bool {
        self.steps
            .iter()
            .filter(|step| step.link.as_deref() == Some(link) && step.name != Name::Offer)
            .all(|step| step.state.lets_pass())
    }
}
