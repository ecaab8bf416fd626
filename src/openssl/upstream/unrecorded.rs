//! The hours before the record: releases that are out while their advisories are not. Until then the
//! text of the release on the forge counts, and silence counts as a security release (UPSTREAM 9.2).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::release::Release;
use crate::openssl::advisory::{Advisory, AffectedRange, Bound, CveId, Severity};
use crate::openssl::version::Version;

/// How many days after a release its text counts for what the metadata does not have: by then it is
/// a slip of the pen, or somebody else's identifier.
const TEXT_COUNTS: i32 = 14;

/// What of the advisories is known on a day.
#[derive(Debug)]
pub(super) struct RecordedAdvisories {
    /// Every identifier that has a record.
    pub(super) ids: BTreeSet<CveId>,
    /// Those of them that say nothing of versions which could be read.
    pub(super) unread: BTreeSet<CveId>,
    /// The versions that a record names as having a fix.
    pub(super) fixed: BTreeSet<Version>,
    /// The day of the newest record.
    pub(super) newest: Option<Date>,
    /// The day up to which records are known.
    pub(super) to: Date,
}

impl RecordedAdvisories {
    /// Whether a release's text says more than the records.
    fn counts(&self, release: &Release) -> bool {
        (self.to - release.date).get_days() <= TEXT_COUNTS
    }

    /// Whether no record can be about a release yet.
    fn is_behind(&self, release: &Release) -> bool {
        self.to <= release.date && self.newest.is_none_or(|newest| newest < release.date)
    }

    /// The severity of what a release fixes beyond what is recorded; `None` where nothing says
    /// that it fixes anything.
    pub(super) fn foretold(&self, release: &Release) -> Option<Severity> {
        match &release.text {
            _ if release.version.is_prerelease() => None,
            Some(text) if !self.counts(release) || !text.is_security() => None,
            // It says that it fixes something, and no record says what.
            Some(text) if text.issues.is_empty() => (!self.fixed.contains(&release.version))
                .then(|| text.severity.clone().unwrap_or_default()),
            Some(text) => text
                .issues
                .iter()
                .any(|id| !self.ids.contains(id))
                .then(|| text.severity.clone().unwrap_or_default()),
            None => self.is_behind(release).then_some(Severity::Unknown),
        }
    }

    /// The same of a release that upstream had announced as a security release.
    pub(super) fn promised(
        &self,
        release: &Release,
        promised: &[(Version, Severity)],
    ) -> Option<Severity> {
        let is_unrecorded = self.counts(release) && !self.fixed.contains(&release.version);
        let of_it = |(version, _): &&(Version, Severity)| *version == release.version;
        let severities = promised.iter().filter(of_it).map(|(_, severity)| severity);
        severities.max().filter(|_| is_unrecorded).cloned()
    }

    /// An advisory for each identifier whose versions only the texts of releases name: whatever came before
    /// these releases, in their series, is affected until upstream says otherwise.
    pub(super) fn provisional<'r>(
        &self,
        releases: impl Iterator<Item = &'r Release>,
    ) -> Vec<Advisory> {
        let mut made: BTreeMap<CveId, Advisory> = BTreeMap::new();
        for release in releases.filter(|release| self.counts(release)) {
            let Some(text) = &release.text else { continue };
            let untold = |id: &&CveId| !self.ids.contains(id) || self.unread.contains(id);
            for id in text.issues.iter().filter(untold) {
                let severity = match (text.issues.len(), &text.severity) {
                    (1, Some(severity)) => severity.clone(),
                    _ => Severity::Unknown,
                };
                let advisory = made.entry(*id).or_insert_with(|| Advisory {
                    id: *id,
                    severity,
                    published: release.date,
                    title: None,
                    url: None,
                    cwe: Vec::new(),
                    affected: Vec::new(),
                    unaffected: Vec::new(),
                    unanalysed: Vec::new(),
                    premium: Vec::new(),
                });
                advisory.affected.push(AffectedRange {
                    from: Bound::Version(first(release.version)),
                    before: Some(Bound::Version(release.version)),
                    through: None,
                });
            }
        }
        made.into_values().collect()
    }
}

/// The first release of a version's series.
fn first(version: Version) -> Version {
    let series = version.series().to_string();
    format!("{series}.0")
        .parse()
        .or_else(|_| series.parse())
        .unwrap_or(version)
}

#[cfg(test)]
mod tests {
    use crate::openssl::advisory::Severity;
    use crate::openssl::assessment::{Policy, assess};
    use crate::openssl::upstream::{Snapshot, View};

    /// 3.5.7 with `cooldown`, on the day 3.5.8 is out, or later: verdict, severity and fixes.
    fn said(text: &str, records: &str, taken: &str, day: &str) -> String {
        let snapshot = Snapshot::read(&format!(
            r#"{{"schema":1,"taken":"{taken}","releases":[{{"version":"3.5.7","date":"2026-06-09"}},{{"version":"3.5.8","date":"2026-08-25"{text}}}],
            "advisories":[{{"id":"CVE-2026-1","severity":"low","published":"2026-06-09","affected":[{{"from":"3.5.0","before":"3.5.7"}}]}}{records}],
            "series":[{{"name":"3.5","eol":"2030-04-08"}}]}}"#
        ).replace("CVE-2026-1\"", "CVE-2026-1001\""))
        .expect("a snapshot");
        let view = View::new(&snapshot, day.parse().expect("a day"), &[]);
        let policy = Policy {
            cooldown: 7,
            ..Policy::default()
        };
        let found = assess("3.5.7".parse().expect("a version"), &policy, &view).expect("released");
        let severity = found
            .severity
            .map_or_else(|| "-".to_owned(), |one| one.to_string());
        let fixes = found
            .fixes
            .iter()
            .map(|id| format!(" {id}"))
            .collect::<String>();
        format!("{} {severity}{fixes}", found.verdict)
    }

    #[test]
    fn the_hours_before_the_record() {
        let high = r#","text":{"severity":"high","issues":["CVE-2026-2001","CVE-2026-2002"]}"#;
        let one = r#","text":{"severity":"high","issues":["CVE-2026-2001"]}"#;
        let word = r#","text":{"severity":"moderate"}"#;
        let none = r#","text":{}"#;
        let record = r#",{"id":"CVE-2026-2001","severity":"low","published":"2026-08-25","affected":[{"from":"3.5.0","before":"3.5.8"}]}"#;
        let other = r#",{"id":"CVE-2026-3001","severity":"low","published":"2026-08-25","affected":[{"from":"4.0.0","before":"4.0.2"}]}"#;
        for (text, records, taken, day, expected) in [
            (
                high,
                "",
                "2026-08-25",
                "2026-08-25",
                "security-release high CVE-2026-2001 CVE-2026-2002",
            ),
            (
                high,
                "",
                "2026-08-24",
                "2026-08-25",
                "security-release high CVE-2026-2001 CVE-2026-2002",
            ),
            (
                high,
                record,
                "2026-08-25",
                "2026-08-25",
                "security-release high CVE-2026-2001 CVE-2026-2002",
            ),
            (
                one,
                record,
                "2026-08-25",
                "2026-08-25",
                "security-release low CVE-2026-2001",
            ),
            (
                word,
                "",
                "2026-08-25",
                "2026-08-25",
                "security-release moderate",
            ),
            // Records of another series say nothing of what this text says is fixed.
            (
                word,
                other,
                "2026-08-26",
                "2026-08-28",
                "security-release moderate",
            ),
            (
                word,
                record,
                "2026-08-26",
                "2026-08-28",
                "security-release low CVE-2026-2001",
            ),
            (word, "", "2026-10-01", "2026-10-01", "bugfix-release -"),
            (none, "", "2026-08-25", "2026-08-25", "bugfix-release -"),
            (
                "",
                "",
                "2026-08-25",
                "2026-08-25",
                "security-release unknown",
            ),
            (
                "",
                "",
                "2026-08-24",
                "2026-08-28",
                "security-release unknown",
            ),
            ("", "", "2026-08-26", "2026-08-26", "bugfix-release -"),
            // A day of the past is replayed with everything that was known later.
            ("", "", "2026-10-01", "2026-08-25", "bugfix-release -"),
            ("", other, "2026-08-25", "2026-08-25", "bugfix-release -"),
            // What has had no record for two weeks is a slip of the pen.
            (one, "", "2026-10-01", "2026-10-01", "bugfix-release -"),
        ] {
            assert_eq!(
                said(text, records, taken, day),
                expected,
                "{text} {records} {taken} {day}"
            );
        }
    }

    #[test]
    fn what_was_announced_as_a_security_release_is_one() {
        let read = |fixed: &str| {
            Snapshot::read(&format!(
                r#"{{"schema":1,"taken":"2026-08-28","releases":[{{"version":"3.5.7","date":"2026-06-09"}},{{"version":"3.5.8","date":"2026-08-25"}}],
                "advisories":[{{"id":"CVE-2026-2001","severity":"low","published":"2026-08-25","affected":[{{"from":"3.5.0","before":"{fixed}"}}]}}],
                "series":[{{"name":"3.5","eol":"2030-04-08"}}]}}"#
            ))
            .expect("a snapshot")
        };
        let (without, with) = (read("3.5.7"), read("3.5.8"));
        let promise = || vec![("3.5.8".parse().expect("a version"), Severity::High)];
        for (snapshot, promised, expected) in [
            (&without, Vec::new(), "bugfix-release"),
            (&without, promise(), "security-release high"),
            (&with, promise(), "security-release low"),
        ] {
            let day = "2026-08-28".parse().expect("a day");
            let view = View::new(snapshot, day, &[]).with_promised(promised);
            let linked = "3.5.7".parse().expect("a version");
            let found = assess(linked, &Policy::default(), &view).expect("released");
            let severity = found.severity.map(|severity| format!(" {severity}"));
            let said = format!("{}{}", found.verdict, severity.unwrap_or_default());
            assert_eq!(said, expected);
        }
    }
}
