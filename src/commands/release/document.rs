//! What `run` prints.

use std::fmt::Write;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::newest::NewestMail;
use super::outcome::RunOutcome;
use crate::paper::draft::is_plain_link;
use crate::paper::report::{self, Check};
use crate::paper::templates::escape;
use crate::plan::pipeline::{Name, Step, StepState};
use crate::text::style::{Look, Tone};
use crate::text::{count, in_words, one_line};
use crate::workspace::proposals::document::{Forwarded, Other, Proposed, listed};

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check run --format json")]
pub(super) struct RunJson<'a> {
    schema: u32,
    /// Whether what was due was done.
    executed: bool,
    as_of: Date,
    /// Every step, in order.
    steps: &'a [Step],
    /// What `check --format json` says, of the heads of the base branches.
    check: report::CheckDocument<'a>,
    /// The PRs of links that move.
    proposals: &'a [Proposed],
    /// The PRs that carry changelog entries of release branches forward.
    forwarded: &'a [Forwarded],
    /// Everything else that is done to the repositories: tracking issues, branches and PRs that are
    /// needed no longer.
    others: &'a [Other],
    /// The mail to subscribers, where it is to be sent or was sent by this run: of several the one
    /// of the newest release.
    announcement: Option<&'a NewestMail>,
    /// The mails of releases from other branches.
    further_announcements: &'a [NewestMail],
    /// What went wrong.
    faults: Vec<String>,
}

impl<'a> RunJson<'a> {
    pub(super) fn of(outcome: &'a RunOutcome<'_>) -> Self {
        let mails = &outcome.released.mails;
        Self {
            schema: 1,
            executed: outcome.executed,
            as_of: outcome.check.upstream.day,
            steps: &outcome.checklist.steps,
            check: outcome.check.document(),
            proposals: &outcome.proposals.proposals,
            forwarded: &outcome.proposals.forwarded,
            others: &outcome.proposals.others,
            announcement: mails.first(),
            further_announcements: mails.get(1..).unwrap_or_default(),
            faults: outcome.faults.iter().map(ToString::to_string).collect(),
        }
    }

    /// The verdict, the checklist, then what `--execute` would do, and whose turn it is.
    pub(super) fn text(&self, check: &Check<'_>, look: Look) -> String {
        let mut out = self.headline(look);
        look.row(&mut out, "basis", None, &check.basis());
        let width = self
            .steps
            .iter()
            .map(|step| title(step).chars().count())
            .max()
            .unwrap_or(0);
        for step in self.steps {
            let marked = format!("{:<9}", mark(step.state));
            let first = format!("{marked}  {:<width$}  ", title(step));
            let url = step
                .url
                .as_ref()
                .map_or_else(String::new, |url| format!(" {url}"));
            let wide = Look {
                width: look.width.max(first.chars().count() + 40),
                ..look
            };
            let text = one_line(&format!("{}{url}", step.detail));
            let mark = Some((tone(step.state), marked.as_str()));
            wide.hung(&mut out, &first, first.chars().count(), &text, mark);
        }
        let forward = "changelog".to_owned();
        let moves = self.proposals.iter();
        let moves = moves.map(|one| (&one.link, &one.repository, &one.outcome));
        let forwarded = self.forwarded.iter();
        let forwarded = forwarded.map(|one| (&forward, &one.repository, &one.outcome));
        let due = moves
            .chain(forwarded)
            .filter(|(_, _, outcome)| !self.executed && !outcome.calls.is_empty());
        let due = due
            .map(|(what, repository, outcome)| (what, repository, &outcome.calls, &outcome.notes));
        let others = self.others.iter();
        let others = others.map(|one| (&one.link, &one.repository, &one.calls, &one.notes));
        for (what, repository, calls, notes) in due.chain(others) {
            let _ = writeln!(out, "\n{what} in {}", one_line(repository));
            out.push_str(&listed(self.executed, calls, notes, look));
        }
        let mails = self
            .announcement
            .into_iter()
            .chain(self.further_announcements);
        for mail in mails.filter(|mail| !mail.sent) {
            let _ = writeln!(
                out,
                "\nwould send `{}` to {}; `release-check announce` shows it",
                one_line(&mail.subject),
                in_words(&mail.to)
            );
        }
        out.push('\n');
        look.next(&mut out, &self.next(check));
        out
    }

    fn steps_in(&self, state: StepState) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.state == state)
    }

    /// How the run stands: what is in the way, what was done or is to be done, else what it waits
    /// for.
    fn headline(&self, look: Look) -> String {
        let number = |state| self.steps_in(state).count();
        let names = |state| in_words(self.steps_in(state).map(title));
        let (tone, word, told) = if number(StepState::Blocked) > 0 {
            (Tone::Bad, "blocked", names(StepState::Blocked))
        } else if number(StepState::Due) > 0 {
            (Tone::Careful, "due", names(StepState::Due))
        } else if number(StepState::DoneNow) > 0 {
            (Tone::Good, "done now", names(StepState::DoneNow))
        } else if number(StepState::Waiting) > 0 {
            (Tone::Careful, "waiting", names(StepState::Waiting))
        } else {
            (Tone::Good, "good", "no step is due".to_owned())
        };
        let steps = count(self.steps.len(), "step", "steps");
        let done = number(StepState::Done) + number(StepState::DoneNow);
        let mut out = String::new();
        let text = format!("{word}: {told}; {done} of {steps} done");
        look.hung(&mut out, "", 2, &text, Some((tone, word)));
        out
    }

    /// With which command, or with whom, it goes on.
    fn next(&self, check: &Check<'_>) -> String {
        let first = |state| self.steps_in(state).next();
        // A link that policy holds where it is says itself what it needs.
        let turn = |step: &Step| match step.name {
            Name::PullRequest => check.turn(step.link.as_deref()?),
            _ => None,
        };
        if let Some(step) = first(StepState::Blocked) {
            return turn(step).unwrap_or_else(|| format!("yours: see `{}` above", title(step)));
        }
        if first(StepState::Due).is_some() {
            return "`release-check run --execute` does what is due".to_owned();
        }
        match first(StepState::Waiting) {
            Some(step) => turn(step).unwrap_or_else(|| {
                let waits = one_line(&step.detail);
                format!("{} waits {waits}; run again then", title(step))
            }),
            None => "nothing; run again tomorrow".to_owned(),
        }
    }

    /// What later steps of a CI job may ask for.
    pub(super) fn outputs(&self, check: &Check<'_>, status: u8) -> [(&'static str, String); 6] {
        let pulls = self
            .proposals
            .iter()
            .map(|one| &one.outcome.pull)
            .chain(self.forwarded.iter().map(|one| &one.outcome.pull));
        let pages: Vec<&str> = pulls.flatten().map(|pull| pull.url.as_str()).collect();
        let is_announced = self.announcement.is_some_and(|mail| mail.sent);
        check.outputs(status, &pages, is_announced)
    }

    /// The table of `check`, the checklist as a task list, and the table of releases.
    pub(super) fn markdown(&self, check: &Check<'_>, releases: &str) -> String {
        let mut out = check.markdown();
        out.push_str("\n### Checklist\n\n");
        for step in self.steps {
            let done = if matches!(step.state, StepState::Done | StepState::DoneNow) {
                'x'
            } else {
                ' '
            };
            let note = match step.state {
                StepState::Done => String::new(),
                other => format!("**{}**: ", mark(other)),
            };
            let page = step
                .url
                .as_ref()
                .filter(|url| is_plain_link(url))
                .map_or_else(String::new, |url| format!(" (<{url}>)"));
            let _ = writeln!(
                out,
                "- [{done}] {}: {note}{}{page}",
                escape::markdown(&title(step)),
                marked(&step.detail)
            );
        }
        if !releases.is_empty() {
            let _ = write!(out, "\n### Releases\n\n{releases}");
        }
        out
    }
}

fn title(step: &Step) -> String {
    match &step.link {
        Some(link) => format!("{link}: {}", step.name.words()),
        None => step.name.words().to_owned(),
    }
}

/// A detail as Markdown: what stands between backticks is code, and nothing else acts.
fn marked(detail: &str) -> String {
    let detail = one_line(detail);
    let parts: Vec<&str> = detail.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape::markdown(&detail);
    }
    // Apart from the text around it, a blank at an end would be lost.
    let text = |part: &str| {
        let blank = |is: bool| {
            if is && !part.trim().is_empty() {
                " "
            } else {
                ""
            }
        };
        let words = escape::markdown(part);
        if words.is_empty() {
            part.to_owned()
        } else {
            format!(
                "{}{words}{}",
                blank(part.starts_with(' ')),
                blank(part.ends_with(' '))
            )
        }
    };
    let each = parts.iter().enumerate().map(|(at, part)| {
        if at % 2 == 0 {
            text(part)
        } else {
            format!("`{part}`")
        }
    });
    each.collect()
}

fn mark(state: StepState) -> &'static str {
    match state {
        StepState::Done => "done",
        StepState::DoneNow => "done now",
        StepState::Due => "would",
        StepState::Waiting => "waiting",
        StepState::Blocked => "blocked",
        StepState::NotConfigured => "not set",
    }
}

fn tone(state: StepState) -> Tone {
    match state {
        StepState::Done | StepState::DoneNow => Tone::Good,
        StepState::Due | StepState::Waiting => Tone::Careful,
        StepState::Blocked => Tone::Bad,
        StepState::NotConfigured => Tone::Faint,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_from_outside_acts_in_a_summary() {
        for (detail, expected) in [
            ("for `build` and `lint`", "for `build` and `lint`"),
            (
                "`a` <img src=x> `b` failed",
                "`a` \\<img src=x\\> `b` failed",
            ),
            ("the server said @org `", "the server said @&#8203;org \\`"),
            (
                "OpenSSL 3.5.3 -> 3.5.4: #12",
                "OpenSSL 3.5.3 -\\> 3.5.4: #&#8203;12",
            ),
        ] {
            assert_eq!(super::marked(detail), expected);
        }
    }

    #[test]
    fn the_schema_is_published() {
        crate::text::schema::assert_published::<super::RunJson<'_>>("run");
    }
}
