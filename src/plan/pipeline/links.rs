//! The steps of one link: its pins, and the paperwork that follows them.

use super::{Name, Step, StepState};
use crate::openssl::assessment::{Assessment, Verdict};
use crate::openssl::version::Version;
use crate::plan::proposal::checks::Health;
use crate::text::in_words;

/// What was found, or done, about a PR of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkPull {
    /// `absent`, `open`, `closed` or `merged`, as [`crate::plan::proposal::Standing::word`] says
    /// it; after a run that opened it `open`.
    pub state: &'static str,
    /// Number and page, where it is one of a forge.
    pub page: Option<(u64, String)>,
    pub branch: String,
    /// The branch that it goes to.
    pub base: String,
    /// What it moves, in words.
    pub what: String,
    /// Whether something was to be done about it.
    pub acts: bool,
    /// Whether that was done.
    pub executed: bool,
}

impl LinkPull {
    fn called(&self) -> String {
        self.page.as_ref().map_or_else(
            || format!("`{}`", self.branch),
            |(number, _)| format!("#{number}"),
        )
    }

    /// All of it as one step, which ends with the merge.
    pub(super) fn step(&self, name: Name) -> Step {
        let [first, second] = self.steps(name, name);
        if first.state == StepState::Done {
            second
        } else {
            first
        }
    }

    /// Opening it, and its being merged, as steps.
    fn steps(&self, opened: Name, merged: Name) -> [Step; 2] {
        let (called, what, base) = (self.called(), &self.what, &self.base);
        let url = self.page.as_ref().map(|(_, url)| url.as_str());
        let later = |why: &str| Step::new(merged, StepState::Waiting, why);
        let [first, second] = match (self.state, self.acts, self.executed) {
            ("closed", ..) => {
                let why = format!(
                    "{what}: {called} was closed and stays closed until the target changes; reopen it, or make the change by hand"
                );
                [
                    Step::new(opened, StepState::Blocked, why),
                    later("for a pull request that is not closed"),
                ]
            }
            ("merged", ..) => {
                let why = format!(
                    "{what}: {called} was merged, yet `{base}` is not there; was it reverted? make the change by hand"
                );
                [
                    Step::new(opened, StepState::Blocked, why),
                    later("for the change to stand in the base"),
                ]
            }
            (_, true, false) => {
                let act = if self.state == "open" {
                    format!("{what}: bring {called} up to date")
                } else {
                    format!("{what}: open it")
                };
                [
                    Step::new(opened, StepState::Due, act),
                    later("for the pull request"),
                ]
            }
            (_, acts, _) => {
                let state = if acts {
                    StepState::DoneNow
                } else {
                    StepState::Done
                };
                let wait = match &self.page {
                    Some(_) => format!("for {called} to be merged"),
                    None => format!(
                        "for the branch {called} to be merged into `{base}`; the remote has no pull requests we can open"
                    ),
                };
                [
                    Step::new(opened, state, format!("{what}: {called}")),
                    later(&wait),
                ]
            }
        };
        [first.on(url), second.on(url)]
    }
}

/// The steps of the pins themselves: their PR, and that it is merged. `is_base`: what was assessed
/// is what a base branch has, not only what stands in a folder.
pub(crate) fn pins(
    link: &str,
    repository: &str,
    (assessment, is_base): (&Assessment, bool),
    pull: Option<&LinkPull>,
) -> Vec<Step> {
    let steps = match pull {
        Some(pull) => pull.steps(Name::PullRequest, Name::Merge),
        None => standing(assessment, is_base),
    };
    steps
        .into_iter()
        .map(|step| step.of(link, repository))
        .collect()
}

/// The offer of a newer series: nothing waits for it, whatever becomes of it.
pub(crate) fn offer(pull: &LinkPull) -> Step {
    let [step, _] = pull.steps(Name::Offer, Name::Offer);
    match pull.state {
        "closed" | "merged" => Step {
            state: StepState::Done,
            detail: format!("{}: {} was {}", pull.what, pull.called(), pull.state),
            ..step
        },
        _ => step,
    }
}

/// Pins that have nowhere to go, or not yet.
fn standing(assessment: &Assessment, is_base: bool) -> [Step; 2] {
    let Assessment {
        linked, verdict, ..
    } = assessment;
    let merged = match is_base {
        true => (StepState::Done, format!("the base has OpenSSL {linked}")),
        false => (
            StepState::Waiting,
            format!("for a clone that has the base: only this folder says OpenSSL {linked}"),
        ),
    };
    let merged = Step::new(Name::Merge, merged.0, merged.1);
    let first = |state, detail| Step::new(Name::PullRequest, state, detail);
    let meaning = || {
        format!(
            "OpenSSL {linked}: {}",
            crate::paper::report::meaning(assessment)
        )
    };
    let first = match (verdict, assessment.due_on, assessment.target) {
        (_, Some(day), Some(target)) => first(
            StepState::Waiting,
            format!("OpenSSL {target} has no security fix and waits until {day}"),
        ),
        (Verdict::FixPending, ..) => {
            let expected = in_words(
                assessment
                    .awaited()
                    .map(|pending| format!("{} in {}", pending.id, pending.expected)),
            );
            let text = match expected.is_empty() {
                true => meaning(),
                false => format!("{}; expected: {expected}", meaning()),
            };
            first(StepState::Waiting, text)
        }
        (Verdict::Unknown, ..) => first(StepState::Blocked, meaning()),
        (Verdict::Stranded | Verdict::EndOfLife | Verdict::Withdrawn, ..) => first(
            StepState::Waiting,
            format!("{}; for another `series` in the configuration", meaning()),
        ),
        _ => first(StepState::Done, meaning()),
    };
    [first, merged]
}

/// The step of a link whose repository could not be read or written.
pub(crate) fn failed(link: &str, repository: &str, why: &str) -> Step {
    Step::new(Name::PullRequest, StepState::Blocked, why).of(link, repository)
}

/// The step of the checks on the commit that has the pins.
pub(crate) fn checks(health: &Health, url: Option<&str>) -> Step {
    let named = |names: &[String]| in_words(names.iter().map(|name| format!("`{name}`")));
    let (state, detail) = match health {
        Health::Unchecked => (StepState::Done, "there are none".to_owned()),
        Health::Green => (StepState::Done, "all that count are green".to_owned()),
        Health::Waiting(names) => (StepState::Waiting, format!("for {}", named(names))),
        Health::Red(names) => (
            StepState::Blocked,
            format!("{} failed; repair or repeat that", named(names)),
        ),
    };
    Step::new(Name::Checks, state, detail).on(url)
}

/// Where the paperwork of a link stands whose pins are in another repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Paperwork {
    /// The configuration names neither changelog nor version.
    NotConfigured,
    /// The base has what the release needs.
    Done,
    /// There is, or should be, a PR.
    Pull(LinkPull),
    /// It cannot be made.
    Failed(String),
    /// Nothing says what the last release carried, so nothing can be said of the next.
    Unknown,
    /// Something before it is not done yet.
    Later,
}

/// The steps of the paperwork in the project's own repository.
pub(crate) fn paperwork(
    link: &str,
    repository: &str,
    openssl: Version,
    standing: &Paperwork,
) -> Vec<Step> {
    let both = |state, first: &str, second: &str| {
        [
            Step::new(Name::Paperwork, state, first),
            Step::new(Name::PaperworkMerge, state, second),
        ]
    };
    let steps = match standing {
        Paperwork::NotConfigured => both(
            StepState::NotConfigured,
            "there is neither `[changelog]` nor `[version]` in the configuration",
            "there is no changelog to merge",
        ),
        Paperwork::Done => both(
            StepState::Done,
            &format!("nothing is left to write about OpenSSL {openssl}"),
            "the base has it",
        ),
        Paperwork::Pull(pull) => pull.steps(Name::Paperwork, Name::PaperworkMerge),
        Paperwork::Failed(why) => [
            Step::new(Name::Paperwork, StepState::Blocked, why),
            Step::new(
                Name::PaperworkMerge,
                StepState::Waiting,
                "for its pull request",
            ),
        ],
        Paperwork::Unknown => both(
            StepState::Waiting,
            "for a release tag: what the last release carried is not known, so there is nothing to say of the next; write it by hand",
            "for its pull request",
        ),
        Paperwork::Later => both(
            StepState::Waiting,
            "for the pins to be merged and their checks to be green",
            "for its pull request",
        ),
    };
    steps
        .into_iter()
        .map(|step| step.of(link, repository))
        .collect()
}

#[cfg(test)]
mod tests;
