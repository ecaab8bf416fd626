//! `history` for people at a terminal: a summary, then one line a release, the newest first.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::bars::median;
use super::matrix::{mark, name};
use super::{Carriers, Grade, History};
use crate::artefact::exposure::{Exposure, Knowledge, ProjectRelease};
use crate::artefact::timeline::Timeline;
use crate::openssl::advisory::{CveId, Severity};
use crate::text::style::{Look, Tone};
use crate::text::{count, in_words};

/// Releases that are listed unless somebody asks for more.
const LISTED: usize = 20;

impl History<'_> {
    /// The summary and the newest releases; with `list` every release, and the advisories of each.
    pub(crate) fn text(&self, look: Look, list: bool) -> String {
        let mut out = String::new();
        self.headline(&mut out, look);
        self.days_open(&mut out, look);
        self.read(&mut out, look);
        look.row(&mut out, "basis", None, &self.basis());
        out.push('\n');
        let legend = "release, its OpenSSL, and what that has today: C critical, H high, M moderate, L low, ! not rated, ? not known";
        for line in crate::text::wrap(legend, look.width, "", "") {
            let _ = writeln!(out, "{}", look.paint(Tone::Faint, &line));
        }
        let shown = if list { usize::MAX } else { LISTED };
        let wide = |text: &str| text.chars().count();
        let versions = self.releases.iter().map(|release| wide(&release.version));
        let width = versions.max().unwrap_or(0);
        let newest = self.releases.iter().zip(self.knowledge).rev();
        for (release, knowledge) in newest.take(shown) {
            self.row(&mut out, release, width, look);
            if list {
                self.exposed(&mut out, knowledge, look);
                for problem in &release.unread {
                    out.push_str(&look.lines(&format!("  not read: {problem}")));
                }
            }
        }
        let more = self.releases.len().saturating_sub(shown);
        if more > 0 {
            let _ = writeln!(out, "{more} older; `-l` lists all, with their advisories");
        }
        out.push('\n');
        look.next(&mut out, self.next());
        out
    }

    /// The newest release, and what it means today.
    fn headline(&self, out: &mut String, look: Look) {
        let newest = self.newest();
        let tone = match newest.class {
            "ok" => Tone::Good,
            "x" | "none" | "l" => Tone::Careful,
            _ => Tone::Bad,
        };
        let word = match newest.class {
            "ok" => "good",
            "x" => "not known",
            "none" => "no OpenSSL",
            _ => "exposed",
        };
        let detail = if newest.detail.is_empty() {
            String::new()
        } else {
            format!("; {}", newest.detail)
        };
        let of = self.releases.last().and_then(|release| release.published);
        let of = of.map_or_else(String::new, |day| format!(" of {day}"));
        let _ = writeln!(
            out,
            "{}: {} {}{of}",
            look.paint(tone, word),
            look.paint(Tone::Strong, &self.project.name),
            newest.version
        );
        look.row(out, "today", None, &format!("it {}{detail}", newest.said));
    }

    /// For how long users of the newest release were exposed, by severity.
    fn days_open(&self, out: &mut String, look: Look) {
        let today = self.upstream.day;
        for weight in (0..=4).rev() {
            let of: Vec<&Timeline> = self
                .timelines
                .iter()
                .filter(|timeline| self.severity(timeline.id).gravity() == weight)
                .collect();
            let Some(first) = of.first() else {
                continue;
            };
            let severity = self.severity(first.id);
            let days: Vec<i32> = of.iter().map(|timeline| timeline.worst(today)).collect();
            let open = of.iter().filter(|timeline| timeline.is_open()).count();
            let worst = days.iter().copied().max().unwrap_or(0);
            let text = format!(
                "{} open in the median, {worst} at worst; {} in all, {open} open today",
                days_in_words(median(&days)),
                of.len()
            );
            let tone = (open > 0 && severity >= Severity::High).then_some(Tone::Bad);
            look.row(out, name(&severity), tone, &text);
        }
    }

    /// What was read, and what was not.
    fn read(&self, out: &mut String, look: Look) {
        let unread = self
            .releases
            .iter()
            .filter(|release| !release.unread.is_empty());
        let mut text = count(self.releases.len(), "release", "releases");
        match unread.count() {
            0 => {}
            unread => text += &format!(", {unread} not wholly"),
        }
        if let Some((examined, of)) = self.examined {
            text += &format!(
                "; {examined} of {of} files, the smallest for each platform, build and day"
            );
        }
        look.row(out, "read", None, &text);
        let unexamined = in_words(self.unexamined);
        if !unexamined.is_empty() {
            let text = format!("{unexamined}; run again to go on");
            look.row(out, "not read", Some(Tone::Careful), &text);
        }
    }

    fn basis(&self) -> String {
        let taken = self.upstream.taken;
        if self.too_old {
            let age = count(self.age().unsigned_abs() as usize, "day", "days");
            format!("facts taken {taken}, {age} old: newer advisories are missing")
        } else {
            format!("facts taken {taken}")
        }
    }

    /// A release: its OpenSSL, and where carriers differ which has which; and what that means.
    fn row(&self, out: &mut String, release: &ProjectRelease, width: usize, look: Look) {
        let day = release
            .published
            .map_or_else(|| "-".to_owned(), |day| day.to_string());
        let mut ids: Vec<CveId> = Vec::new();
        let (mut not_known, mut gravest) = (false, None);
        for carrier in self.all_carriers() {
            let cell = self.cell(release, carrier);
            ids.extend(cell.advisories);
            not_known |= matches!(cell.grade, Grade::NotKnown(_));
            if let Grade::Affected(severity) = cell.grade {
                gravest = gravest.max(Some((severity.gravity(), severity)));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        not_known |= release.carried.is_empty() && !release.unread.is_empty();
        let (tone, mark) = match &gravest {
            Some((weight, severity)) if *weight > 1 => (Tone::Bad, mark(severity).1),
            Some((_, severity)) => (Tone::Careful, mark(severity).1),
            None if not_known => (Tone::Careful, "?"),
            None => (Tone::Good, " "),
        };
        let mut said = match (ids.is_empty(), release.carried.is_empty()) {
            (false, _) => self.letters(&ids),
            (true, _) if not_known => "not known".to_owned(),
            (true, true) => "no OpenSSL".to_owned(),
            (true, false) => "none known".to_owned(),
        };
        if not_known && gravest.is_some() {
            said += " ?";
        }
        let first = format!("{mark} {:<width$}  {day:<10}  ", release.version);
        let text = match self.openssl(release) {
            carried if carried.is_empty() => said,
            carried => format!("{carried}: {said}"),
        };
        look.hung(out, &first, width + 16, &text, Some((tone, mark)));
    }

    /// `4H 10M 28L`.
    fn letters(&self, ids: &[CveId]) -> String {
        let mut by: BTreeMap<u8, (&str, usize)> = BTreeMap::new();
        for id in ids {
            let severity = self.severity(*id);
            let letter = mark(&severity).1;
            by.entry(severity.gravity()).or_insert((letter, 0)).1 += 1;
        }
        let letters = by.into_values().rev();
        let letters: Vec<String> = letters.map(|(letter, n)| format!("{n}{letter}")).collect();
        letters.join(" ")
    }

    /// `3.5.4`, or `3.5.4, 1.1.1k on linux-ppc64le` where most have the first.
    fn openssl(&self, release: &ProjectRelease) -> String {
        let mut by: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (carrier, versions) in &release.carried {
            by.entry(in_words(versions)).or_default().push(carrier);
        }
        if by.len() < 2 {
            return by.into_keys().collect();
        }
        let kinds = match self.carriers {
            Carriers::Platforms => "platforms",
            Carriers::Links => "links",
        };
        let mut parts: Vec<(String, Vec<&str>)> = by.into_iter().collect();
        parts.sort_by_key(|(_, carriers)| std::cmp::Reverse(carriers.len()));
        let parts = parts
            .into_iter()
            .enumerate()
            .map(|(at, (versions, carriers))| {
                if at == 0 && carriers.len() > 1 {
                    return versions;
                }
                let on = if carriers.len() > 2 {
                    format!("{} {kinds}", carriers.len())
                } else {
                    in_words(carriers)
                };
                format!("{versions} on {on}")
            });
        parts.collect::<Vec<_>>().join(", ")
    }

    fn exposed(&self, out: &mut String, knowledge: &Knowledge, look: Look) {
        let Knowledge::Known(exposures) = knowledge else {
            return;
        };
        let mut exposures: Vec<&Exposure> = exposures.iter().collect();
        exposures.sort_by_key(|one| std::cmp::Reverse(self.severity(one.id).gravity()));
        for exposure in exposures {
            let days = exposure
                .days(self.upstream.day)
                .map_or_else(String::new, |days| {
                    let days = usize::try_from(days).unwrap_or(0);
                    format!(", {}", count(days, "day", "days"))
                });
            let until = match &exposure.until {
                Some((version, _)) => format!("until {version}"),
                None => "until now: no release of ours is known to have the fix".to_owned(),
            };
            let severity = self.severity(exposure.id);
            let head = format!("  {:<16}  {severity:<8}  ", exposure.id);
            look.columns(out, &head, &format!("from {} {until}{days}", exposure.from));
        }
    }

    fn next(&self) -> &'static str {
        match self.newest().class {
            "ok" | "none" => "`release-check history --format html` makes a page of it",
            "x" => "`release-check upstream` asks for newer facts",
            _ => "`release-check run` says what is due and who waits for whom",
        }
    }
}

fn days_in_words(days: i32) -> String {
    count(usize::try_from(days).unwrap_or(0), "day", "days")
}
