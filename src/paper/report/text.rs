//! `check` for people at a terminal: the verdict, why, what is grave, what else there is in
//! numbers, and whose turn it is.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::subject::{AssessedLink, Check};
use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::assessment::{Assessment, Verdict};
use crate::openssl::upstream::State;
use crate::openssl::version::Version;
use crate::text::style::{Look, Tone};
use crate::text::{count, in_words, one_line};

/// Grave advisories, and places, that are named; of more there is a number.
const NAMED: usize = 4;

impl Check<'_> {
    /// What the turn of a link is that cannot move by itself.
    pub(crate) fn turn(&self, link: &str) -> Option<String> {
        let link = self.links.iter().find(|one| one.name == link)?;
        let waits = matches!(
            link.assessment.verdict,
            Verdict::Stranded | Verdict::FixPending | Verdict::EndOfLife | Verdict::Unknown
        );
        waits.then(|| next(link))
    }

    /// The findings as text; `list` names everything.
    pub(crate) fn text(&self, look: Look, list: bool) -> String {
        let mut out = String::new();
        for link in &self.links {
            self.link(&mut out, link, look, list);
        }
        self.announced(&mut out, look);
        self.published(&mut out, look, list);
        self.asked(&mut out, look, list);
        let all_offline = self
            .sources
            .iter()
            .all(|source| source.state == State::Offline);
        let basis = if all_offline && !list && !self.sources.is_empty() {
            format!("{}; offline", self.basis())
        } else {
            self.basis()
        };
        look.row(&mut out, "basis", None, &basis);
        let mut said = Vec::new();
        for link in &self.links {
            let next = next(link);
            if !said.contains(&next) {
                look.next(&mut out, &next);
                said.push(next);
            }
        }
        out
    }

    fn link(&self, out: &mut String, link: &AssessedLink, look: Look, list: bool) {
        let assessment = &link.assessment;
        let verdict = assessment.verdict.to_string();
        let target = assessment
            .target
            .map_or_else(String::new, |target| format!(" -> {target}"));
        let severity = assessment
            .severity
            .as_ref()
            .map_or_else(String::new, |severity| format!(" ({severity})"));
        let _ = writeln!(
            out,
            "{}: {}, OpenSSL {}{target}{severity}",
            look.paint(tone(assessment), &verdict),
            look.paint(Tone::Strong, &link.name),
            assessment.linked
        );
        look.row(out, "why", None, &self.meaning(assessment));
        self.advisories(out, assessment, look, list);
        let beside = link.beside.iter().filter_map(|one| {
            let (from, verdict) = (one.linked, one.verdict);
            Some(format!("{from} -> {} ({verdict})", one.target?))
        });
        look.row(out, "with it", None, &in_words(beside));
        let mut places: Vec<String> = Vec::new();
        for place in &link.places {
            let at = one_line(&place.to_string());
            let place = if place.version == assessment.linked {
                at
            } else {
                format!("{at} ({})", place.version)
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        look.row(out, "pinned in", None, &named(&places, list));
        look.row(out, "support", None, &support(link));
        self.details(out, assessment, look, list);
    }

    /// The grave ones by name, the others by number; with `list` all by name.
    fn advisories(&self, out: &mut String, assessment: &Assessment, look: Look, list: bool) {
        let grave = |id: &&CveId| self.severity(**id) >= Severity::High;
        if !list {
            let mut ids: Vec<CveId> = assessment.fixes.iter().filter(grave).copied().collect();
            ids.extend(assessment.remaining.iter().filter(grave));
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            let text = named(&ids, false);
            look.row(out, "high", Some(Tone::Bad), &text);
        }
        for (label, ids) in [
            ("fixes", &assessment.fixes),
            ("introduces", &assessment.introduced),
            ("remaining", &assessment.remaining),
        ] {
            if list {
                self.named_by_severity(out, label, ids, look);
            } else {
                look.row(out, label, None, &self.counted(ids));
            }
        }
        self.pending(out, assessment, look, list);
        if !assessment.unanalysed.is_empty() {
            let names = if list {
                format!(": {}", in_words(&assessment.unanalysed.ids))
            } else {
                String::new()
            };
            let text = format!("{}{names}", assessment.unanalysed);
            look.row(out, "unanalysed", None, &text);
        }
    }

    fn pending(&self, out: &mut String, assessment: &Assessment, look: Look, list: bool) {
        let told = assessment.pending.iter().map(|pending| {
            let days = pending
                .since
                .until(self.upstream.day)
                .map_or(0, |span| span.get_days());
            let age = count(usize::try_from(days).unwrap_or(0), "day", "days");
            let expected = if assessment.unread.contains(&pending.id) {
                "not known which versions have the fix".to_owned()
            } else if self.upstream.may_have_missed(pending.since) {
                format!("fixed in {}, which is not known here", pending.expected)
            } else {
                format!("expected in {}", pending.expected)
            };
            let severity = self.severity(pending.id);
            format!(
                "{} ({severity}): {expected}, public since {} ({age})",
                pending.id, pending.since
            )
        });
        let told: Vec<String> = told.collect();
        if list {
            for told in told {
                look.row(out, "pending", Some(Tone::Careful), &told);
            }
        } else if let Some(first) = told.first() {
            let more = match told.len() - 1 {
                0 => String::new(),
                more => format!("; {more} more"),
            };
            look.row(
                out,
                "pending",
                Some(Tone::Careful),
                &format!("{first}{more}"),
            );
        }
    }

    /// What only those want to know who ask for everything.
    fn details(&self, out: &mut String, assessment: &Assessment, look: Look, list: bool) {
        if !list {
            return;
        }
        let own = assessment.own_series.map_or_else(String::new, |own| {
            format!("{own} is the newest patch of {}", own.series())
        });
        look.row(out, "own series", None, &own);
        for newer in &assessment.newer_series {
            let until = newer.eol.map_or_else(
                || "end of life not announced".to_owned(),
                |eol| format!("supported until {eol}"),
            );
            let series = newer.version.series();
            let text = format!("series {series}: {}, {until}", newer.version);
            look.row(out, "newer", None, &text);
        }
        for correction in &assessment.corrections {
            look.row(out, "corrected", None, &one_line(&correction.to_string()));
        }
        for id in &assessment.disputed {
            let reason = self
                .upstream
                .dispute(*id)
                .and_then(|disputed| disputed.reason.clone().or_else(|| disputed.url.clone()));
            let reason =
                reason.map_or_else(String::new, |reason| format!(" ({})", one_line(&reason)));
            let text = format!("{id}: upstream does not consider it a vulnerability{reason}");
            look.row(out, "disputed", None, &text);
        }
    }

    fn announced(&self, out: &mut String, look: Look) {
        for announced in &self.announced {
            let severity = announced
                .severity
                .as_ref()
                .map_or_else(String::new, |severity| {
                    format!(", highest severity {severity}")
                });
            let text = format!(
                "{} on {}{severity}{}",
                in_words(&announced.versions),
                announced.date,
                match announced.date < self.upstream.day {
                    true => "; that day is over, and they are not known to be out",
                    false => "",
                }
            );
            look.row(out, "announced", Some(Tone::Careful), &text);
        }
    }

    fn published(&self, out: &mut String, look: Look, list: bool) {
        let Some(published) = &self.published else {
            return;
        };
        let exposed = match (published.exposed.is_empty(), list) {
            (true, _) => "no known advisory with a fix".to_owned(),
            (false, true) => self.rated(&published.exposed),
            (false, false) => self.counted(&published.exposed),
        };
        let version = one_line(&published.version);
        let back = match published.platforms.as_slice() {
            [] => String::new(),
            platforms => format!(
                ", which {} has again since a newer release was yanked there",
                in_words(platforms)
            ),
        };
        let text = format!(
            "{version} with OpenSSL {}{back}: {exposed}",
            published.openssl
        );
        let tone = (!published.exposed.is_empty()).then_some(Tone::Bad);
        look.row(out, "published", tone, &text);
    }

    /// The sources: who did not answer; with `list` all of them.
    fn asked(&self, out: &mut String, look: Look, list: bool) {
        let of = |state: State| {
            let sources = self
                .sources
                .iter()
                .filter(move |source| source.state == state);
            in_words(sources.map(|source| one_line(&source.name)))
        };
        let (offline, failed) = (of(State::Offline), of(State::Failed));
        if list {
            for source in self.sources.iter().filter(|s| s.state != State::Offline) {
                let state = serde_json::to_value(source.state).unwrap_or_default();
                let text = format!(
                    "{}: {}, {}",
                    one_line(&source.name),
                    state.as_str().unwrap_or_default(),
                    one_line(&source.detail)
                );
                look.row(out, "source", None, &text);
            }
        } else if !failed.is_empty() {
            let text = format!("from {failed}; the rest is built in or from the cache");
            look.row(out, "no answer", Some(Tone::Careful), &text);
        }
        if list && !offline.is_empty() {
            let text = format!("offline: {offline}; what is known is built in or from the cache");
            look.row(out, "not asked", None, &text);
        }
    }

    /// Advisories with their severities.
    pub(super) fn rated(&self, ids: &[CveId]) -> String {
        let mut ids = ids.to_vec();
        ids.sort_by_key(|id| std::cmp::Reverse(self.severity(*id)));
        in_words(
            ids.iter()
                .map(|id| format!("{id} ({})", self.severity(*id))),
        )
    }

    /// Advisories by number: `3 high, 5 moderate, 10 low`.
    pub(super) fn counted(&self, ids: &[CveId]) -> String {
        if ids.is_empty() {
            return String::new();
        }
        let numbers = self.by_severity(ids);
        let numbers: Vec<String> = numbers
            .iter()
            .map(|(severity, ids)| numbered(severity, ids))
            .collect();
        format!("{}; `-l` lists all", numbers.join(", "))
    }

    /// A row for each severity, the gravest first.
    fn named_by_severity(&self, out: &mut String, label: &str, ids: &[CveId], look: Look) {
        for (at, (severity, ids)) in self.by_severity(ids).iter().enumerate() {
            let text = format!("{}: {}", numbered(severity, ids), in_words(ids));
            look.row(out, if at == 0 { label } else { "" }, None, &text);
        }
    }

    /// The severities, the gravest first, with what has each.
    fn by_severity(&self, ids: &[CveId]) -> Vec<(Severity, Vec<CveId>)> {
        let mut severities: BTreeMap<Severity, Vec<CveId>> = BTreeMap::new();
        for id in ids {
            severities.entry(self.severity(*id)).or_default().push(*id);
        }
        severities.into_iter().rev().collect()
    }
}

fn numbered(severity: &Severity, ids: &[CveId]) -> String {
    match severity {
        Severity::Unknown => format!("{} of unknown severity", ids.len()),
        rated => format!("{} {rated}", ids.len()),
    }
}

/// The first few, and how many more; with `list` all.
fn named(all: &[String], list: bool) -> String {
    if list || all.len() <= NAMED + 1 {
        return in_words(all);
    }
    format!("{} and {} more", all[..NAMED].join(", "), all.len() - NAMED)
}

fn support(link: &AssessedLink) -> String {
    let support = link.assessment.support;
    let series = link.assessment.linked.series();
    let lts = if support.lts {
        ", long-term support"
    } else {
        ""
    };
    // A bump inside a series that has ended is the last one there.
    let stays = |target: Version| target.series() == series;
    let newer = link.assessment.newer_series.last();
    let onwards = match newer.filter(|_| link.assessment.target.is_some_and(stays)) {
        Some(newer) => format!("; allow {} in `series`", newer.version.series()),
        None => String::new(),
    };
    match (support.eol, support.ended) {
        (Some(eol), true) => format!("{series} ended on {eol}{lts}{onwards}"),
        (Some(eol), false) => format!("{series} until {eol}{lts}"),
        (None, true) => format!("{series} ended long ago{onwards}"),
        (None, false) => format!("{series}: end of life not known"),
    }
}

/// What comes first where there is no configuration.
const INIT: &str = "`release-check init` writes a configuration, then ";

/// What a verdict's word is said with.
fn tone(assessment: &Assessment) -> Tone {
    match assessment.verdict {
        Verdict::SecurityRelease | Verdict::Withdrawn | Verdict::Stranded | Verdict::FixPending => {
            Tone::Bad
        }
        Verdict::EndOfLife | Verdict::BugfixRelease | Verdict::Unknown | Verdict::Ahead => {
            Tone::Careful
        }
        Verdict::Current => Tone::Good,
    }
}

/// Whose turn it is, and with which command.
fn next(link: &AssessedLink) -> String {
    let assessment = &link.assessment;
    let elsewhere = link
        .places
        .iter()
        .find_map(|place| place.repository.clone());
    let (init, policy) = match &link.declared {
        Some((file, line)) => ("", format!("`series` (`{file}` line {line})")),
        None => (INIT, "its `series`".to_owned()),
    };
    match (assessment.verdict, assessment.target) {
        (Verdict::BugfixRelease, Some(_)) if assessment.due_on.is_some() => {
            "nothing until its cooldown is over".to_owned()
        }
        (Verdict::SecurityRelease | Verdict::BugfixRelease | Verdict::Withdrawn, Some(_)) => {
            match (elsewhere, &link.declared) {
                (Some(repository), _) => format!(
                    "`release-check propose --execute` opens the PR in {}",
                    one_line(&repository)
                ),
                (None, Some(_)) => {
                    "`release-check prepare`, or `release-check propose --execute` for a PR"
                        .to_owned()
                }
                (None, None) => {
                    format!("{init}`release-check prepare`")
                }
            }
        }
        (Verdict::FixPending | Verdict::Stranded, _) if assessment.is_only_unread() => {
            let page = assessment.unread.first().map(CveId::url);
            format!(
                "yours: see which versions it affects, at {}",
                page.unwrap_or_default()
            )
        }
        (Verdict::FixPending, _) => {
            "OpenSSL's turn: nothing to move to until the fix is released".to_owned()
        }
        (Verdict::Stranded, _) => match assessment.refuge {
            Some(refuge) => format!("yours: {init}allow {} in {policy}", refuge.series()),
            None => "OpenSSL's turn: no public release has every fix".to_owned(),
        },
        (Verdict::EndOfLife, _) => match assessment.newer_series.last() {
            Some(newer) => format!("yours: {init}allow {} in {policy}", newer.version.series()),
            None => "nothing to move to".to_owned(),
        },
        (Verdict::Withdrawn, None) => "yours: there is no other release to go to".to_owned(),
        (Verdict::Unknown, _) => {
            "`release-check upstream` asks upstream, and shows what is known of it".to_owned()
        }
        (Verdict::Ahead, _) => "`release-check upstream` shows what is known of it".to_owned(),
        (Verdict::Current | Verdict::SecurityRelease | Verdict::BugfixRelease, _) => {
            "nothing; `release-check run` tells when something is due".to_owned()
        }
    }
}
