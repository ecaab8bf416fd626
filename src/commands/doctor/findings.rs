//! What was looked at, what was found, and what to do next.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use crate::text::fault::Fault;
use crate::text::style::{Look, Tone};
use crate::text::{count, in_words, one_line};

/// What was found in one place.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Finding {
    /// What it belongs to: `configuration`, `upstream`, `keys`, `pins`, `paperwork`, `forge`,
    /// `mail`, `package index`.
    area: &'static str,
    /// What was looked at.
    name: String,
    state: FindingState,
    detail: String,
    /// What to do next, where something is to be done.
    next: Option<String>,
    /// Whether the configuration or the pins are wrong, and not something that they name.
    #[serde(skip)]
    wrong: bool,
}

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "State")]
pub(super) enum FindingState {
    /// It works.
    Ok,
    /// It works, but not for everything, or not for long.
    Warning,
    /// It does not work.
    Error,
    /// It was not looked at.
    Skipped,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct DoctorFindings {
    area: &'static str,
    all: Vec<Finding>,
}

impl DoctorFindings {
    /// What follows belongs to this area.
    pub(super) fn in_area(&mut self, area: &'static str) -> &mut Self {
        self.area = area;
        self
    }

    pub(super) fn ok(&mut self, name: &str, detail: impl AsRef<str>) {
        self.add(name, FindingState::Ok, detail.as_ref(), None, false);
    }

    pub(super) fn warning(&mut self, name: &str, detail: impl AsRef<str>, next: &str) {
        self.add(
            name,
            FindingState::Warning,
            detail.as_ref(),
            Some(next),
            false,
        );
    }

    pub(super) fn error(&mut self, name: &str, detail: impl AsRef<str>, next: &str) {
        self.add(
            name,
            FindingState::Error,
            detail.as_ref(),
            Some(next),
            false,
        );
    }

    pub(super) fn skipped(&mut self, name: &str, why: impl AsRef<str>) {
        self.add(name, FindingState::Skipped, why.as_ref(), None, false);
    }

    /// What a fault says; a fault of usage means that configuration or pins are wrong.
    pub(super) fn fault(&mut self, name: &str, fault: &Fault, next: &str) {
        self.add(
            name,
            FindingState::Error,
            &fault.to_string(),
            Some(next),
            fault.status() == 2,
        );
    }

    fn add(
        &mut self,
        name: &str,
        state: FindingState,
        detail: &str,
        next: Option<&str>,
        wrong: bool,
    ) {
        let (name, detail) = (one_line(name), one_line(detail));
        self.all.push(Finding {
            area: self.area,
            name,
            state,
            detail,
            next: next.map(one_line),
            wrong,
        });
    }

    /// Adds what was found apart from this.
    pub(super) fn append(&mut self, other: Self) {
        self.all.extend(other.all);
    }

    pub(super) fn all(&self) -> &[Finding] {
        &self.all
    }

    pub(super) fn count(&self, state: FindingState) -> usize {
        self.all
            .iter()
            .filter(|finding| finding.state == state)
            .count()
    }

    /// 2 where configuration or pins are wrong, 1 where something else does not work, else 0.
    pub(super) fn status(&self) -> u8 {
        if self.all.iter().any(|finding| finding.wrong) {
            2
        } else {
            u8::from(self.count(FindingState::Error) > 0)
        }
    }

    /// As text: the verdict, what is wrong with what to do about it, and the rest in numbers; with
    /// `list` everything, area by area.
    pub(super) fn text(&self, look: Look, list: bool) -> String {
        let (errors, warnings) = (
            self.count(FindingState::Error),
            self.count(FindingState::Warning),
        );
        let (tone, word, told) = if errors > 0 {
            let also = match warnings {
                0 => String::new(),
                warnings => format!(", {}", count(warnings, "warning", "warnings")),
            };
            let errors = count(errors, "thing does", "things do");
            (Tone::Bad, "error", format!("{errors} not work{also}"))
        } else if warnings > 0 {
            let warnings = count(warnings, "warning", "warnings");
            (
                Tone::Careful,
                "warning",
                format!("it works, with {warnings}"),
            )
        } else {
            (
                Tone::Good,
                "good",
                "nothing is wrong with what was looked at".to_owned(),
            )
        };
        let mut out = format!("{}: {told}\n", look.paint(tone, word));
        if list {
            self.areas(&mut out, look);
        } else {
            for state in [FindingState::Error, FindingState::Warning] {
                let of: Vec<&Finding> = self.all.iter().filter(|one| one.state == state).collect();
                // What one remedy mends is one thing to do.
                for alike in of.chunk_by(|one, other| one.is_like(other)) {
                    alike[0].row(alike, &mut out, look);
                }
            }
            look.row(
                &mut out,
                "ok",
                Some(Tone::Good),
                &self.named(FindingState::Ok),
            );
            look.row(
                &mut out,
                "skipped",
                None,
                &self.named(FindingState::Skipped),
            );
        }
        let next = match (errors, list) {
            (0, false) => "`release-check run` shows what is due; `doctor -l` lists everything",
            (0, true) => "`release-check run` shows what is due",
            (_, false) => {
                "mend what does not work, then `release-check doctor` again; `-l` lists everything"
            }
            (_, true) => "mend what does not work, then `release-check doctor` again",
        };
        look.next(&mut out, next);
        out
    }

    /// The areas with findings in a state, with the number of each.
    fn named(&self, state: FindingState) -> String {
        let mut areas: Vec<(&str, usize)> = Vec::new();
        for finding in self.all.iter().filter(|finding| finding.state == state) {
            match areas.iter_mut().find(|(area, _)| *area == finding.area) {
                Some((_, number)) => *number += 1,
                None => areas.push((finding.area, 1)),
            }
        }
        let total: usize = areas.iter().map(|(_, number)| number).sum();
        let areas = areas
            .iter()
            .map(|(area, number)| format!("{area} {number}"));
        match total {
            0 => String::new(),
            total => format!("{total}: {}", in_words(areas)),
        }
    }

    fn areas(&self, out: &mut String, look: Look) {
        let mut area = "";
        for finding in &self.all {
            if finding.area != area {
                area = finding.area;
                let _ = writeln!(out, "{}", look.paint(Tone::Strong, area));
            }
            finding.row(&[finding], out, look);
        }
    }
}

impl Finding {
    fn is_like(&self, other: &Self) -> bool {
        self.area == other.area && self.next.is_some() && self.next == other.next
    }

    /// The state, what was found, and what to do; of several that are alike the first is told.
    fn row(&self, alike: &[&Self], out: &mut String, look: Look) {
        let (label, tone) = match self.state {
            FindingState::Ok => ("ok", Tone::Good),
            FindingState::Warning => ("warning", Tone::Careful),
            FindingState::Error => ("error", Tone::Bad),
            FindingState::Skipped => ("skipped", Tone::Faint),
        };
        let names = in_words(alike.iter().map(|one| &one.name));
        let text = match alike.len() {
            1 => format!("{names}: {}", self.detail),
            _ => format!("{names}: {}; the others alike, see `-l`", self.detail),
        };
        look.row(out, label, Some(tone), &text);
        if let Some(next) = &self.next {
            look.hung(out, &" ".repeat(13), 13, &format!("-> {next}"), None);
        }
    }
}
