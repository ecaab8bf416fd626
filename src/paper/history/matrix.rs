//! Releases across, platforms down.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Grade, History};
use crate::artefact::exposure::ProjectRelease;
use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::version::Version;
use crate::text::{count, in_words};

#[derive(Debug, Serialize)]
pub(super) struct Matrix {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<CarrierRow>,
    /// What each OpenSSL in it has today, newest first.
    pub(super) versions: Vec<VersionMeaning>,
}

#[derive(Debug, Serialize)]
pub(super) struct Column {
    pub(super) version: String,
    /// Its day, or nothing.
    pub(super) day: String,
    /// What of it could not be read.
    pub(super) unread: Vec<String>,
}

/// A platform or link.
#[derive(Debug, Serialize)]
pub(super) struct CarrierRow {
    pub(super) name: String,
    pub(super) cells: Vec<ShownCarrier>,
}

/// One carrier of one release, as it is shown.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct ShownCarrier {
    /// What the colour is for.
    pub(super) class: &'static str,
    /// The same for those who see no colour.
    pub(super) letter: &'static str,
    /// Its OpenSSL, or nothing.
    pub(super) openssl: Vec<String>,
    /// The same in words.
    pub(super) said: String,
}

/// What one OpenSSL has today.
#[derive(Debug, Serialize)]
pub(super) struct VersionMeaning {
    pub(super) openssl: String,
    pub(super) class: &'static str,
    pub(super) letter: &'static str,
    pub(super) said: String,
    pub(super) groups: Vec<MatrixGroup>,
}

/// Advisories of one severity.
#[derive(Debug, Serialize)]
pub(super) struct MatrixGroup {
    pub(super) severity: String,
    pub(super) class: &'static str,
    pub(super) advisories: Vec<AdvisoryReference>,
}

/// An advisory to read.
#[derive(Debug, Serialize)]
pub(super) struct AdvisoryReference {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) title: String,
}

/// The class and the letter of a severity.
pub(super) fn mark(severity: &Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Critical => ("c", "C"),
        Severity::High => ("h", "H"),
        Severity::Moderate => ("m", "M"),
        Severity::Low => ("l", "L"),
        Severity::Unknown | Severity::Other(_) => ("u", "!"),
    }
}

fn grade_mark(grade: &Grade) -> (&'static str, &'static str) {
    match grade {
        Grade::Affected(severity) => mark(severity),
        Grade::Clear => ("ok", "✓"),
        Grade::NotKnown(_) => ("x", "?"),
        Grade::Absent => ("none", ""),
    }
}

impl History<'_> {
    pub(super) fn matrix(&self) -> Matrix {
        let columns = self.releases.iter().map(|release| Column {
            version: release.version.clone(),
            day: release
                .published
                .map_or_else(String::new, |day| day.to_string()),
            unread: release.unread.clone(),
        });
        let rows = self.all_carriers().into_iter().map(|carrier| CarrierRow {
            name: carrier.to_owned(),
            cells: self
                .releases
                .iter()
                .map(|release| self.shown(release, carrier))
                .collect(),
        });
        Matrix {
            columns: columns.collect(),
            rows: rows.collect(),
            versions: self.meanings(),
        }
    }

    fn shown(&self, release: &ProjectRelease, carrier: &str) -> ShownCarrier {
        let cell = self.cell(release, carrier);
        let (class, letter) = grade_mark(&cell.grade);
        ShownCarrier {
            class,
            letter,
            openssl: cell.openssl.iter().map(ToString::to_string).collect(),
            said: self.in_words(&cell.grade, &cell.advisories),
        }
    }

    fn in_words(&self, grade: &Grade, advisories: &BTreeSet<CveId>) -> String {
        match grade {
            Grade::Affected(_) => self.counted(advisories.iter().copied()),
            Grade::Clear => "no known advisory".to_owned(),
            Grade::NotKnown(why) => format!("not known: {why}"),
            Grade::Absent => "no OpenSSL".to_owned(),
        }
    }

    /// `1 high, 5 moderate and 10 low`.
    pub(super) fn counted(&self, ids: impl IntoIterator<Item = CveId>) -> String {
        let groups = self.by_severity(ids).into_iter().rev();
        in_words(groups.map(|(_, (severity, ids))| format!("{} {}", ids.len(), name(&severity))))
    }

    fn by_severity(
        &self,
        ids: impl IntoIterator<Item = CveId>,
    ) -> BTreeMap<u8, (Severity, Vec<CveId>)> {
        let mut groups = BTreeMap::new();
        for id in ids {
            let severity = self.severity(id);
            let group = groups
                .entry(severity.gravity())
                .or_insert_with(|| (severity, Vec::new()));
            group.1.push(id);
        }
        groups
    }

    fn meanings(&self) -> Vec<VersionMeaning> {
        self.said
            .keys()
            .rev()
            .map(|version| self.meaning(*version))
            .collect()
    }

    fn meaning(&self, version: Version) -> VersionMeaning {
        let openssl = BTreeSet::from([version]);
        let alone = ProjectRelease {
            version: String::new(),
            published: None,
            carried: BTreeMap::from([(String::new(), openssl)]),
            unread: Vec::new(),
        };
        let cell = self.cell(&alone, "");
        let (class, letter) = grade_mark(&cell.grade);
        let groups = self.by_severity(cell.advisories.iter().copied());
        let unanalysed = self
            .said
            .get(&version)
            .map_or(0, |said| said.unanalysed.len());
        let mut said = self.in_words(&cell.grade, &cell.advisories);
        if unanalysed > 0 && !cell.advisories.is_empty() {
            let number = count(unanalysed, "advisory", "advisories");
            said += &format!("; {number} more came after its series had ended and nobody looked");
        }
        VersionMeaning {
            openssl: version.to_string(),
            class,
            letter,
            said,
            groups: groups
                .into_values()
                .rev()
                .map(|(severity, ids)| MatrixGroup {
                    severity: name(&severity).to_owned(),
                    class: mark(&severity).0,
                    advisories: ids.into_iter().map(|id| self.reference(id)).collect(),
                })
                .collect(),
        }
    }

    /// An advisory to read, with its title where the facts have one.
    pub(super) fn reference(&self, id: CveId) -> AdvisoryReference {
        let title = self
            .upstream
            .advisory(id)
            .and_then(|known| known.advisory.title.clone());
        AdvisoryReference {
            id: id.to_string(),
            url: id.url(),
            title: title.unwrap_or_default(),
        }
    }
}

/// A severity's word.
pub(super) fn name(severity: &Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Moderate => "moderate",
        Severity::Low => "low",
        Severity::Unknown | Severity::Other(_) => "not rated",
    }
}
