//! What was looked at, what was found, and what to do next.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use crate::text::fault::Fault;
use crate::text::{count, one_line, wrap};

/// How wide lines may be, in characters.
const WIDTH: usize = 110;

/// What was found in one place.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Finding {
    /// What it belongs to: `configuration`, `upstream`, `keys`, `pins`, `paperwork`, `forge`,
    /// `mail`, `package index`.
    area: &'static str,
    /// What was looked at.
    name: String,
    state: State,
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
pub(super) enum State {
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
pub(super) struct Findings {
    area: &'static str,
    all: Vec<Finding>,
}

impl Findings {
    /// What follows belongs to this area.
    pub(super) fn in_area(&mut self, area: &'static str) -> &mut Self {
        self.area = area;
        self
    }

    pub(super) fn ok(&mut self, name: &str, detail: impl AsRef<str>) {
        self.add(name, State::Ok, detail.as_ref(), None, false);
    }

    pub(super) fn warning(&mut self, name: &str, detail: impl AsRef<str>, next: &str) {
        self.add(name, State::Warning, detail.as_ref(), Some(next), false);
    }

    pub(super) fn error(&mut self, name: &str, detail: impl AsRef<str>, next: &str) {
        self.add(name, State::Error, detail.as_ref(), Some(next), false);
    }

    pub(super) fn skipped(&mut self, name: &str, why: impl AsRef<str>) {
        self.add(name, State::Skipped, why.as_ref(), None, false);
    }

    /// What a fault says; a fault of usage means that configuration or pins are wrong.
    pub(super) fn fault(&mut self, name: &str, fault: &Fault, next: &str) {
        self.add(
            name,
            State::Error,
            &fault.to_string(),
            Some(next),
            fault.status() == 2,
        );
    }

    fn add(&mut self, name: &str, state: State, detail: &str, next: Option<&str>, wrong: bool) {
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

    pub(super) fn count(&self, state: State) -> usize {
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
            u8::from(self.count(State::Error) > 0)
        }
    }

    /// As text, area by area.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        let mut area = "";
        for finding in &self.all {
            if finding.area != area {
                area = finding.area;
                let _ = writeln!(out, "{area}");
            }
            let state = match finding.state {
                State::Ok => "ok",
                State::Warning => "warning",
                State::Error => "error",
                State::Skipped => "skipped",
            };
            let mut row = |label: &str, text: &str| {
                for line in wrap(text, WIDTH, &format!("  {label:<9}"), "           ") {
                    let _ = writeln!(out, "{line}");
                }
            };
            row(state, &format!("{}: {}", finding.name, finding.detail));
            if let Some(next) = &finding.next {
                row("", &format!("-> {next}"));
            }
        }
        let _ = writeln!(
            out,
            "{} ok, {}, {}, {} skipped",
            self.count(State::Ok),
            count(self.count(State::Warning), "warning", "warnings"),
            count(self.count(State::Error), "error", "errors"),
            self.count(State::Skipped)
        );
        out
    }
}
