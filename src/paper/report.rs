//! What `check` has found, as values, and the forms it is shown in: one file each.

mod json;
mod markdown;
mod sarif;
mod subject;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use json::{CheckJson as CheckDocument, pretty};

use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::assessment::{Assessment, Verdict};
use crate::openssl::upstream::{SourceState, State};
use crate::text::one_line;

pub(crate) use subject::{AssessedLink, Check, PinPlace, PublishedRelease, meaning};

impl Check<'_> {
    /// What later steps of a CI job may ask for: every output that the action names, so that nothing
    /// else can have set one.
    pub(crate) fn outputs(
        &self,
        status: u8,
        pull_requests: &[&str],
        is_announced: bool,
    ) -> [(&'static str, String); 6] {
        let gravest = self.gravest().map(|link| &link.assessment);
        let target = gravest.and_then(|assessment| assessment.target);
        [
            ("status", status.to_string()),
            (
                "verdict",
                gravest
                    .map(|assessment| assessment.verdict.to_string())
                    .unwrap_or_default(),
            ),
            (
                "target",
                target.map(|target| target.to_string()).unwrap_or_default(),
            ),
            ("links", self.links_json()),
            ("pull-requests", pull_requests.join("\n")),
            ("announced", is_announced.to_string()),
        ]
    }

    /// The exit status of the gravest link; never 0 where the facts are too old to say so.
    pub(crate) fn status(&self) -> u8 {
        let exposed = self
            .published
            .as_ref()
            .filter(|published| !published.exposed.is_empty())
            .map(|_| 14);
        self.links
            .iter()
            .map(|link| status(&link.assessment))
            .chain(exposed)
            .chain(self.upstream.is_stale().then_some(1))
            .min_by_key(|status| rank(*status))
            .unwrap_or(0)
    }

    /// The link whose verdict is the gravest; the first of several.
    pub(crate) fn gravest(&self) -> Option<&AssessedLink> {
        self.links
            .iter()
            .min_by_key(|link| gravity(&link.assessment))
    }

    /// An advisory's severity.
    fn severity(&self, id: CveId) -> Severity {
        self.upstream
            .advisory(id)
            .map_or(Severity::Unknown, |known| known.advisory.severity.clone())
    }

    /// What a verdict means, in words; nobody says that nothing is wrong where somebody could not be
    /// asked.
    fn meaning(&self, assessment: &Assessment) -> String {
        match assessment.verdict {
            Verdict::Current if self.failed().next().is_some() => format!(
                "nothing newer known as of {}; not every source answered",
                self.upstream.taken.min(self.upstream.day)
            ),
            _ => meaning(assessment),
        }
    }

    /// The sources that did not answer.
    fn failed(&self) -> impl Iterator<Item = &SourceState> {
        self.sources
            .iter()
            .filter(|source| source.state == State::Failed)
    }

    /// Why the findings are not everything there is to find, in words.
    fn gaps(&self) -> Vec<String> {
        let mut gaps: Vec<String> = self
            .failed()
            .map(|source| {
                let name = one_line(&source.name);
                format!("{name} did not answer: {}", one_line(&source.detail))
            })
            .collect();
        if self.upstream.is_stale() {
            gaps.push(format!(
                "what is known of OpenSSL is of {} and older than `max-age` allows",
                self.upstream.taken
            ));
        }
        let unknown = self
            .links
            .iter()
            .filter(|link| link.assessment.verdict == Verdict::Unknown);
        gaps.extend(unknown.map(|link| format!("{}: {}", link.name, meaning(&link.assessment))));
        gaps
    }

    /// In words, what the verdicts rest on and how old that is.
    pub(crate) fn basis(&self) -> String {
        let (taken, day) = (self.upstream.taken, self.upstream.day);
        let days = taken.until(day).map_or(0, |span| span.get_days());
        let age = match days {
            ..0 => format!("replayed as of {day}"),
            0 => "the same day".to_owned(),
            1 => format!("1 day before {day}"),
            days => format!("{days} days before {day}"),
        };
        format!("facts taken {taken}, {age}")
    }
}

/// Where a status stands among the others, the gravest first.
fn rank(status: u8) -> usize {
    let order = [11, 12, 13, 14, 10, 1];
    order
        .iter()
        .position(|other| *other == status)
        .unwrap_or(order.len())
}

/// Where an assessment stands among others, the gravest first.
pub(crate) fn gravity(assessment: &Assessment) -> usize {
    rank(status(assessment))
}

/// The exit status that one assessment asks for.
pub(crate) fn status(assessment: &Assessment) -> u8 {
    if assessment.tested && assessment.verdict != Verdict::Unknown {
        let is_due = assessment.target.is_some() && assessment.due_on.is_none();
        return if is_due { 10 } else { 0 };
    }
    match assessment.verdict {
        Verdict::SecurityRelease => 11,
        Verdict::FixPending | Verdict::Stranded => 12,
        Verdict::Withdrawn | Verdict::EndOfLife => 13,
        Verdict::Unknown => 1,
        Verdict::BugfixRelease if assessment.due_on.is_none() => 10,
        Verdict::BugfixRelease | Verdict::Ahead | Verdict::Current => 0,
    }
}
