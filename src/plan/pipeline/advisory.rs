//! The draft security advisory at the forge: what is to be done about it, and its step. It is never
//! published here.

use super::{Name, Step, StepState};
use crate::plan::proposal::edit::short_digest;
use crate::plan::proposal::stamp;

/// An advisory as it is to be, or as the forge has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AdvisoryContent {
    /// One line.
    pub summary: String,
    /// Markdown; on the forge with the invisible lines by which it is found again.
    pub description: String,
    /// As GitHub calls it; none where OpenSSL has not rated the issues.
    pub severity: Option<&'static str>,
    /// The CVE, where there is exactly one.
    pub cve: Option<String>,
    /// What is affected, range by range.
    pub affected: Vec<Affected>,
}

/// A range of a package's releases that is affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Affected {
    /// The package's ecosystem, as GitHub calls it.
    pub ecosystem: String,
    /// Its name there.
    pub package: String,
    /// `>= 42.0.0, < 44.0.1`.
    pub range: String,
    /// The release that ends the range; none where nothing does yet.
    pub patched: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ForgeAdvisory {
    /// Its name on the forge: `GHSA-...`.
    pub id: String,
    pub url: String,
    /// Where it is in its life.
    pub life: Life,
    pub summary: String,
    /// Its whole text.
    pub description: String,
}

/// Where an advisory is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// Nobody outside sees it.
    Draft,
    /// A person has published it.
    Published,
    /// A person has closed it.
    Closed,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Draft it.
    Create,
    /// Bring ours up to date.
    Update,
    /// It says so already.
    Stands,
    /// A person has edited the text: it is theirs now.
    Edited,
    /// A person has published or closed it.
    Over(Life),
}

/// What an advisory about a release is called in the invisible lines.
fn subject(release: &str) -> String {
    format!("advisory/:{release}")
}

/// The text as it goes to the forge: with the lines by which it is found again, and by which it is
/// known whether anything has changed since.
pub(crate) fn signed(release: &str, content: &AdvisoryContent) -> String {
    format!(
        "{}{}\n",
        stamp::sign(
            &stamp::marker(&subject(release)),
            &content.summary,
            &content.description
        ),
        fields(content)
    )
}

/// The line that says what everything but the text was when we wrote it: what a person changes
/// there stays until we have something new to say.
fn fields(content: &AdvisoryContent) -> String {
    let AdvisoryContent {
        severity,
        cve,
        affected,
        ..
    } = content;
    let digest = short_digest(&format!("{severity:?} {cve:?} {affected:?}"));
    format!("<!-- release-check-fields:{digest} -->")
}

/// What is to be done about the advisory of a release, and which of the forge's it is.
pub(crate) fn act<'a>(
    release: &str,
    wanted: &AdvisoryContent,
    known: &'a [ForgeAdvisory],
) -> (Act, Option<&'a ForgeAdvisory>) {
    let marker = stamp::marker(&subject(release));
    let Some(ours) = known
        .iter()
        .find(|known| known.description.contains(&marker))
    else {
        return (Act::Create, None);
    };
    if ours.life != Life::Draft {
        return (Act::Over(ours.life), Some(ours));
    }
    let (text, written) = stamp::unsign(&ours.description);
    let is_ours = written.is_some_and(|written| {
        written.title == stamp::of_text(&ours.summary) && written.body == stamp::of_text(&text)
    });
    let stands = stamp::of_text(&text) == stamp::of_text(&wanted.description)
        && ours.summary == wanted.summary
        && ours.description.contains(&fields(wanted));
    let act = match (is_ours, stands) {
        (_, true) => Act::Stands,
        (true, false) => Act::Update,
        (false, false) => Act::Edited,
    };
    (act, Some(ours))
}

/// Where the advisory of the newest release stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AdvisoryStanding {
    /// There is no release yet, or its artefacts are still to come: what it waits for.
    Later(&'static str),
    /// The release fixes nothing.
    NothingToSay,
    /// The release is no news: its age is up to people.
    Old,
    /// It is known what is to be done, or it was done.
    Planned {
        act: Act,
        /// Whether this run did it.
        done: bool,
        /// Its page, where it has one.
        url: Option<String>,
        /// What it does not speak of because nobody knows it; empty where it is whole.
        unknown: String,
    },
    /// Whether the release fixes anything is not known: why.
    Unknown(String),
    /// It could not be looked at, or written.
    Failed(String),
}

impl AdvisoryStanding {
    /// What nobody knows of the release, where it is not in a person's hands.
    pub(crate) fn unknown(&self) -> Option<&str> {
        match self {
            Self::Unknown(why) => Some(why),
            Self::Planned {
                act: Act::Create | Act::Update | Act::Stands,
                unknown,
                ..
            } => Some(unknown)
                .filter(|why| !why.is_empty())
                .map(String::as_str),
            _ => None,
        }
    }
}

/// What to do about what nobody knows.
const BY_HAND: &str = "look it up, and write at the forge what it fixes";

/// The step of the advisory.
pub(crate) fn step(advisory: &AdvisoryStanding) -> Step {
    let step = |state, detail: &str| Step::new(Name::Advisory, state, detail);
    match advisory {
        AdvisoryStanding::Later(what) => step(StepState::Waiting, what),
        AdvisoryStanding::NothingToSay => step(
            StepState::Done,
            "the newest release fixes no security issue of OpenSSL",
        ),
        AdvisoryStanding::Old => step(
            StepState::Done,
            "the newest release is no news, so nothing is drafted for it",
        ),
        AdvisoryStanding::Failed(why) => step(StepState::Blocked, why),
        AdvisoryStanding::Unknown(why) => step(StepState::Blocked, &format!("{why}; {BY_HAND}")),
        AdvisoryStanding::Planned { act, done, url, .. } => {
            let (state, detail) = planned(*act, *done);
            let step = match advisory.unknown() {
                None => step(state, detail),
                Some(unknown) => {
                    let is_done = matches!(state, StepState::Done | StepState::DoneNow);
                    let state = if is_done { StepState::Blocked } else { state };
                    step(state, &format!("{detail}; not whole: {unknown}; {BY_HAND}"))
                }
            };
            step.on(url.as_deref())
        }
    }
}

fn planned(act: Act, done: bool) -> (StepState, &'static str) {
    match (act, done) {
        (Act::Create, false) => (StepState::Due, "draft it at the forge"),
        (Act::Update, false) => (StepState::Due, "bring the draft at the forge up to date"),
        (Act::Create, true) => (StepState::DoneNow, "drafted; a person publishes it"),
        (Act::Update, true) => (
            StepState::DoneNow,
            "the draft is brought up to date; a person publishes it",
        ),
        (Act::Stands, _) => (StepState::Done, "drafted; a person publishes it"),
        (Act::Edited, _) => (
            StepState::Done,
            "a person has edited the draft, so it stays as it is",
        ),
        (Act::Over(Life::Published), _) => (StepState::Done, "published"),
        (Act::Over(Life::Closed), _) => (
            StepState::Done,
            "a person has closed it, so it stays closed",
        ),
        (Act::Over(Life::Draft), _) => (StepState::Done, "drafted"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(description: &str, range: &str) -> AdvisoryContent {
        AdvisoryContent {
            summary: "spam: vulnerable OpenSSL in wheels".into(),
            description: description.into(),
            severity: Some("high"),
            cve: None,
            affected: vec![Affected {
                ecosystem: "pip".into(),
                package: "spam".into(),
                range: range.into(),
                patched: Some("1.2".into()),
            }],
        }
    }

    fn at_forge(release: &str, content: &AdvisoryContent) -> ForgeAdvisory {
        ForgeAdvisory {
            id: "GHSA-1".into(),
            url: "https://forge.example/GHSA-1".into(),
            life: Life::Draft,
            summary: content.summary.clone(),
            description: signed(release, content),
        }
    }

    #[test]
    fn every_act() {
        let wanted = content("Upgrade.\n\nSoon.", "< 1.2");
        let ours = at_forge("1.2", &wanted);
        let with = |change: &dyn Fn(&mut ForgeAdvisory)| {
            let mut known = ours.clone();
            change(&mut known);
            known
        };
        for (known, expected) in [
            (vec![], Act::Create),
            (vec![at_forge("1.1", &wanted)], Act::Create),
            (vec![at_forge("1.1", &wanted), ours.clone()], Act::Stands),
            // Forges change line ends.
            (
                vec![with(&|known| {
                    known.description = known.description.replace('\n', "\r\n");
                })],
                Act::Stands,
            ),
            (
                vec![at_forge("1.2", &content("Upgrade.", "< 1.2"))],
                Act::Update,
            ),
            (
                vec![at_forge("1.2", &content("Upgrade.\n\nSoon.", "< 1.1"))],
                Act::Update,
            ),
            (
                vec![with(&|known| known.description.insert_str(0, "Really. "))],
                Act::Edited,
            ),
            (vec![with(&|known| known.summary.push('!'))], Act::Edited),
            (
                vec![with(&|known| known.life = Life::Published)],
                Act::Over(Life::Published),
            ),
            (
                vec![with(&|known| known.life = Life::Closed)],
                Act::Over(Life::Closed),
            ),
        ] {
            assert_eq!(act("1.2", &wanted, &known).0, expected, "{known:#?}");
        }
    }
}
