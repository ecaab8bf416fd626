//! `check` for people at a terminal.

use std::fmt::Write;

use super::{Check, Link, meaning};
use crate::openssl::advisory::CveId;
use crate::openssl::upstream::State;
use crate::text::{count, in_words, one_line, wrap};

/// How wide lines may be, in characters.
const WIDTH: usize = 110;

impl Check<'_> {
    /// The findings as text.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        for link in &self.links {
            self.link(&mut out, link);
        }
        for announced in &self.announced {
            let severity = announced
                .severity
                .as_ref()
                .map_or_else(String::new, |severity| {
                    format!(", highest severity {severity}")
                });
            let _ = writeln!(
                out,
                "announced  {} on {}{severity}",
                in_words(&announced.versions),
                announced.date
            );
        }
        if let Some(published) = &self.published {
            let exposed = if published.exposed.is_empty() {
                "no known advisory with a fix".to_owned()
            } else {
                self.rated(&published.exposed)
            };
            let _ = writeln!(
                out,
                "published  {} with OpenSSL {}: {exposed}",
                one_line(&published.version),
                published.openssl
            );
        }
        let (offline, asked): (Vec<_>, Vec<_>) = self
            .sources
            .iter()
            .partition(|source| source.state == State::Offline);
        for source in asked {
            let state = serde_json::to_value(source.state).unwrap_or_default();
            let _ = writeln!(
                out,
                "source     {}: {}, {}",
                one_line(&source.name),
                state.as_str().unwrap_or_default(),
                one_line(&source.detail)
            );
        }
        if !offline.is_empty() {
            let names = in_words(offline.iter().map(|source| one_line(&source.name)));
            let _ = writeln!(
                out,
                "source     not asked, offline: {names}; what is known is built in or from the cache"
            );
        }
        let _ = writeln!(out, "basis      {}", self.basis());
        out
    }

    fn link(&self, out: &mut String, link: &Link) {
        let assessment = &link.assessment;
        let target = assessment
            .target
            .map_or_else(String::new, |target| format!(" -> {target}"));
        let severity = assessment
            .severity
            .as_ref()
            .map_or_else(String::new, |severity| format!(" ({severity})"));
        let _ = writeln!(
            out,
            "{}: OpenSSL {}{target}: {}{severity}",
            link.name, assessment.linked, assessment.verdict
        );
        let mut row = |label: &str, text: String| {
            if !text.is_empty() {
                for line in wrap(&text, WIDTH, &format!("  {label:<11}"), "             ") {
                    let _ = writeln!(out, "{line}");
                }
            }
        };
        row("meaning", meaning(assessment));
        row(
            "pinned in",
            in_words(link.places.iter().map(|place| one_line(&place.to_string()))),
        );
        row("fixes", self.rated(&assessment.fixes));
        for pending in &assessment.pending {
            let days = pending
                .since
                .until(self.upstream.day)
                .map_or(0, |span| span.get_days());
            let age = count(usize::try_from(days).unwrap_or(0), "day", "days");
            row(
                "pending",
                format!(
                    "{} ({}): expected in {}, public since {} ({age})",
                    pending.id,
                    self.severity(pending.id),
                    pending.expected,
                    pending.since
                ),
            );
        }
        row("introduces", self.rated(&assessment.introduced));
        row("remaining", self.rated(&assessment.remaining));
        row(
            "own series",
            assessment.own_series.map_or_else(String::new, |own| {
                format!("{own} is the newest patch of {}", own.series())
            }),
        );
        for newer in &assessment.newer_series {
            let until = newer.eol.map_or_else(
                || "end of life not announced".to_owned(),
                |eol| format!("supported until {eol}"),
            );
            row(
                "newer",
                format!(
                    "series {}: {}, {until}",
                    newer.version.series(),
                    newer.version
                ),
            );
        }
        row("support", self.support(link));
        if !assessment.unanalysed.is_empty() {
            let number = count(assessment.unanalysed.len(), "advisory", "advisories");
            row(
                "unanalysed",
                format!(
                    "{number} published after the series ended; nobody may call it unaffected: {}",
                    in_words(&assessment.unanalysed)
                ),
            );
        }
        for correction in &assessment.corrections {
            row("corrected", one_line(&correction.to_string()));
        }
        for id in &assessment.disputed {
            let reason = self
                .upstream
                .dispute(*id)
                .and_then(|disputed| disputed.reason.clone().or_else(|| disputed.url.clone()));
            row(
                "disputed",
                format!(
                    "{id}: upstream does not consider it a vulnerability{}",
                    reason.map_or_else(String::new, |reason| format!(" ({})", one_line(&reason)))
                ),
            );
        }
    }

    fn support(&self, link: &Link) -> String {
        let support = link.assessment.support;
        let series = link.assessment.linked.series();
        let lts = if support.lts {
            ", long-term support"
        } else {
            ""
        };
        match (support.eol, support.ended) {
            (Some(eol), true) => format!("{series} ended on {eol}{lts}"),
            (Some(eol), false) => format!("{series} until {eol}{lts}"),
            (None, true) => format!("{series} ended long ago"),
            (None, false) => format!("{series}: end of life not known"),
        }
    }

    /// Advisories with their severities.
    pub(super) fn rated(&self, ids: &[CveId]) -> String {
        in_words(
            ids.iter()
                .map(|id| format!("{id} ({})", self.severity(*id))),
        )
    }
}
