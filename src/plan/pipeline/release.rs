//! The steps that all links share: the release that brings them to users, its artefacts, the mail,
//! and the changelog of the main branch.

use jiff::civil::Date;

use super::links::LinkPull;
use super::{Name, Step, StepState};
use crate::openssl::version::Version;
use crate::text::{count, in_words};

/// How many days after its tag a release is still news that a scheduled run sends by itself.
pub(crate) const NEWS: i32 = 14;

/// A release of the project, and what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TaggedRelease {
    /// The tag.
    pub name: String,
    /// The day it was made, where that is known.
    pub day: Option<Date>,
    /// The branch that it is from, where several make releases.
    pub branch: Option<String>,
}

/// What one link has at the head of its base, and what the newest release carries of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkCarried {
    pub link: String,
    pub base: Version,
    /// What the newest release carries; none where that is not known.
    pub release: Option<Version>,
}

/// The step of the tag: humans make it, and it has what the bases have. `settled`: no link is still
/// to move.
pub(crate) fn tag(newest: Option<&TaggedRelease>, carried: &[LinkCarried], settled: bool) -> Step {
    let step = |state, detail: String| Step::new(Name::Tag, state, detail);
    let Some(newest) = newest else {
        let first = format!(
            "for the first release tag, with OpenSSL {}",
            in_words(carried.iter().map(|one| one.base))
        );
        return step(
            StepState::Waiting,
            if settled {
                first
            } else {
                "for the steps above; there is no release tag yet".to_owned()
            },
        );
    };
    let lacking: Vec<&LinkCarried> = carried
        .iter()
        .filter(|one| one.release != Some(one.base))
        .collect();
    if lacking.is_empty() && !settled {
        return step(
            StepState::Waiting,
            format!(
                "for the steps above; `{}` is the newest release",
                newest.name
            ),
        );
    }
    if lacking.is_empty() {
        return step(
            StepState::Done,
            format!(
                "`{}` has OpenSSL {}",
                newest.name,
                in_words(carried.iter().map(|one| one.base))
            ),
        );
    }
    let wanted = in_words(lacking.iter().map(|one| one.base));
    let has = in_words(lacking.iter().map(|one| {
        one.release.map_or_else(
            || "an OpenSSL that is not known".to_owned(),
            |had| format!("OpenSSL {had}"),
        )
    }));
    let branch = newest.branch.as_ref();
    let from = branch.map_or_else(String::new, |branch| format!(" from `{branch}`"));
    step(
        StepState::Waiting,
        format!(
            "for a release{from} with OpenSSL {wanted}, which people tag; `{}` has {has}",
            newest.name
        ),
    )
}

/// What was found of a release's artefacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Artefacts {
    /// The configuration names none.
    NotConfigured,
    /// There is no tag to look for yet.
    NoTag,
    /// `--offline` forbids to look.
    NotAsked,
    /// Nothing of this release is published yet.
    Absent,
    /// Files are right so far, but these platforms have none yet.
    Incomplete(Vec<String>),
    /// Each contains what it should.
    Good(Vec<Version>),
    /// Some do not: why, file by file.
    Wrong(Vec<String>),
    /// Nobody knows what they should contain: the pins of these links cannot be read at the release.
    NotKnown(Vec<String>),
    /// They could not be looked at.
    Failed(String),
}

/// The step of the artefacts.
pub(crate) fn artefacts(found: &Artefacts, release: Option<&str>) -> Step {
    let release = release.unwrap_or("the release");
    let (state, detail) = match found {
        Artefacts::NotConfigured => (
            StepState::NotConfigured,
            "there is no `[published]` in the configuration".to_owned(),
        ),
        Artefacts::NoTag => (StepState::Waiting, "for the tag".to_owned()),
        Artefacts::NotAsked => (
            StepState::Waiting,
            "for a run without `--offline`, which forbids to ask the package index".to_owned(),
        ),
        Artefacts::Absent => (StepState::Waiting, format!("for {release} to be published")),
        Artefacts::Incomplete(platforms) => (
            StepState::Waiting,
            format!("for the files of {release} for {}", in_words(platforms)),
        ),
        Artefacts::Good(versions) => (
            StepState::Done,
            format!(
                "every file of {release} contains OpenSSL {}",
                in_words(versions)
            ),
        ),
        Artefacts::Wrong(problems) => {
            let more = problems.len().saturating_sub(3);
            let mut shown = problems
                .iter()
                .take(3)
                .cloned()
                .collect::<Vec<_>>()
                .join("; ");
            if more > 0 {
                shown.push_str(&format!("; and {more} more"));
            }
            (
                StepState::Blocked,
                format!(
                    "{release} does not contain what it should: {shown}; `release-check verify` shows all, publish a release that does"
                ),
            )
        }
        Artefacts::NotKnown(links) => (
            StepState::Blocked,
            format!(
                "which OpenSSL {release} should contain is not known: the pins of {} cannot be read there; `release-check verify --release {release} --expect VERSION` looks at its files",
                in_words(links)
            ),
        ),
        Artefacts::Failed(why) => (StepState::Blocked, why.clone()),
    };
    Step::new(Name::Artefacts, state, detail)
}

/// What is known of the announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AnnouncementState {
    /// The configuration names no lists.
    NotConfigured,
    /// No release carries another OpenSSL than the one before it.
    NothingToSay,
    /// There is no release to announce, or its artefacts are not proven.
    Later,
    /// It was sent, and when; what the release says on the forge by now.
    Sent(String, SentText),
    /// This run has sent it.
    SentNow {
        /// Whether it has written the release's text on the forge too.
        on_forge: bool,
    },
    /// It may be sent.
    Ready {
        subject: String,
        to: Vec<String>,
        /// Whether the release's text on the forge is to be written too.
        on_forge: bool,
    },
    /// It was not sent, and is no news any more: the tag, and how many days it is old; none: nobody
    /// knows.
    Old(String, Option<i32>),
    /// Something keeps it: a condition that does not hold, a server that refuses, a question that
    /// nobody has answered.
    Failed(String),
}

/// What the release's text on the forge is to what is known by now, once the mail was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SentText {
    /// It says so, or there is none.
    Stands,
    /// It is to be changed.
    Stale,
    /// This run has changed it.
    Revised,
    /// It is left as it is, and why.
    Left(String),
}

/// The step of the announcement.
pub(crate) fn announcement(standing: &AnnouncementState) -> Step {
    let (state, detail) = match standing {
        AnnouncementState::NotConfigured => (
            StepState::NotConfigured,
            "there is no `[announcement]` in the configuration".to_owned(),
        ),
        AnnouncementState::NothingToSay => (
            StepState::Done,
            "no release carries another OpenSSL than the one before it".to_owned(),
        ),
        AnnouncementState::Later => (StepState::Waiting, "for the release".to_owned()),
        AnnouncementState::Sent(at, text) => sent(at, text),
        AnnouncementState::SentNow { on_forge } => (
            StepState::DoneNow,
            if *on_forge {
                "sent, and the release's text on the forge written"
            } else {
                "sent"
            }
            .to_owned(),
        ),
        AnnouncementState::Ready {
            subject,
            to,
            on_forge,
        } => {
            let text = if *on_forge {
                ", and write the release's text on the forge"
            } else {
                ""
            };
            (
                StepState::Due,
                format!("send `{subject}` to {}{text}", in_words(to)),
            )
        }
        AnnouncementState::Old(tag, age) => {
            let age = age.and_then(|days| usize::try_from(days).ok()).map_or_else(
                || "of a day that is not known".to_owned(),
                |days| format!("{} old", count(days, "day", "days")),
            );
            let why = format!(
                "`{tag}` is {age}, and a run announces by itself only what is at most {NEWS} days old; `release-check announce --execute` does it by hand"
            );
            (StepState::NotConfigured, why)
        }
        AnnouncementState::Failed(why) => (StepState::Blocked, why.clone()),
    };
    Step::new(Name::Announcement, state, detail)
}

fn sent(at: &str, text: &SentText) -> (StepState, String) {
    match text {
        SentText::Stands => (StepState::Done, format!("sent {at}")),
        SentText::Stale => (
            StepState::Due,
            format!(
                "bring the release's text on the forge to what is known by now; the mail was sent {at}"
            ),
        ),
        SentText::Revised => (
            StepState::DoneNow,
            format!(
                "the release's text on the forge says what is known by now; the mail was sent {at}"
            ),
        ),
        SentText::Left(why) => (
            StepState::Done,
            format!("sent {at}; the release's text on the forge is left as it is: {why}"),
        ),
    }
}

/// The steps of changelog entries that are carried from release branches to the main one; `failed`
/// is why that could not be looked at.
pub(crate) fn carry_forward(
    pulls: &[LinkPull],
    failed: Option<&str>,
    repository: &str,
) -> Vec<Step> {
    let step = |state, detail: &str| Step::new(Name::CarryForward, state, detail);
    let steps = match failed {
        Some(why) => vec![step(StepState::Blocked, why)],
        None if pulls.is_empty() => vec![step(
            StepState::Done,
            "the main changelog lacks nothing that release branches say of releases",
        )],
        None => pulls
            .iter()
            .map(|pull| pull.step(Name::CarryForward))
            .collect(),
    };
    steps.into_iter().map(|step| step.at(repository)).collect()
}

/// How many days old what is of a day is on another.
pub(crate) fn age(day: Date, today: Date) -> Option<i32> {
    Some(day.until(today).ok()?.get_days())
}

/// Whether a release is recent enough for a scheduled run to announce it by itself. Clocks differ
/// by a day; what was tagged later than that is of a day that a replay does not know.
pub(crate) fn is_news(age: Option<i32>) -> bool {
    age.is_some_and(|days| (-1..=NEWS).contains(&days))
}

#[cfg(test)]
mod tests;
