//! What OpenSSL says is wrong, in which ranges, how badly.

mod corrections;
mod cve_id;
mod range;

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::openssl::version::{Series, Version, serde_as_text};
use crate::text::style::Tone;

pub(crate) use corrections::{CorrectedRange, Correction};

pub use cve_id::CveId;

pub(crate) use range::{AffectedRange, Bound};

serde_as_text!(CveId);

/// How grave OpenSSL rates an advisory. Declared in ascending order of what is known; what is
/// unclear still counts as a security issue everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Published before OpenSSL rated its advisories (2014-10-15), or with no rating.
    #[default]
    Unknown,
    /// A rating this program does not know, kept as upstream wrote it, lower case.
    Other(String),
    Low,
    /// Moderate; some advisories say Medium.
    Moderate,
    High,
    Critical,
}

impl Severity {
    /// Reads upstream's word in any case (`LOW`, `Moderate`, `Medium`; UPSTREAM 1.5, 2.3). Never
    /// fails: an unknown word is kept.
    pub fn read(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "low" => Self::Low,
            "moderate" | "medium" => Self::Moderate,
            "high" => Self::High,
            "critical" => Self::Critical,
            "unknown" | "" => Self::Unknown,
            other => Self::Other(crate::text::short_line(other, 40)),
        }
    }

    /// How many there are of each, the gravest first: `1 high, 3 moderate`.
    pub(crate) fn counted<'a>(all: impl IntoIterator<Item = &'a Self>) -> String {
        let mut numbers: BTreeMap<u8, (String, usize)> = BTreeMap::new();
        for severity in all {
            let one = numbers
                .entry(severity.gravity())
                .or_insert_with(|| (severity.said().1, 0));
            one.1 += 1;
        }
        let words = numbers.values().rev();
        let words = words.map(|(word, number)| format!("{number} {word}"));
        words.collect::<Vec<_>>().join(", ")
    }

    /// How many different gravities there are.
    pub(crate) const GRAVITIES: usize = 5;

    /// How much it counts, from 0 on: what is not rated may be worse than moderate.
    pub(crate) fn gravity(&self) -> u8 {
        match self {
            Self::Low => 0,
            Self::Moderate => 1,
            Self::Unknown | Self::Other(_) => 2,
            Self::High => 3,
            Self::Critical => 4,
        }
    }

    /// As the verdict on what has it: the tone and the word.
    pub(crate) fn said(&self) -> (Tone, String) {
        match self {
            Self::Low | Self::Moderate => (Tone::Careful, self.to_string()),
            Self::High | Self::Critical => (Tone::Bad, self.to_string()),
            Self::Unknown | Self::Other(_) => (Tone::Bad, "not rated".to_owned()),
        }
    }

    /// Whether upstream gave a rating that this program knows.
    pub fn is_rated(&self) -> bool {
        !matches!(self, Self::Unknown | Self::Other(_))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unknown => "unknown",
            Self::Other(word) => word,
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}

impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for Severity {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Severity".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

impl<'de> Deserialize<'de> for Severity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<String>::deserialize(deserializer)
            .map(|text| text.map_or(Self::Unknown, |text| Self::read(&text)))
    }
}

/// One CVE as OpenSSL published it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    pub id: CveId,
    /// OpenSSL's own rating, never a CVSS score.
    #[serde(default)]
    pub severity: Severity,
    /// The calendar date on which the issue became public (`datePublic`, see
    /// [`crate::text::date::public`]).
    #[serde(deserialize_with = "crate::text::date::as_iso")]
    pub published: Date,
    /// Upstream's title: text from outside, to be quoted as data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The security advisory's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The weaknesses upstream names: `CWE-125`.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "one_or_many"
    )]
    pub cwe: Vec<String>,
    /// The affected ranges as published, newest series first where upstream says so.
    pub affected: Vec<AffectedRange>,
    /// The series that upstream's text calls not affected, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unaffected: Vec<Series>,
    /// The series that upstream's text says were not analysed, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unanalysed: Vec<Series>,
    /// The versions with the fix that only premium support customers get, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub premium: Vec<Version>,
}

impl Advisory {
    /// The ranges with the corrections that upstream never made, see [`Correction`].
    pub fn corrected(&self) -> Vec<CorrectedRange> {
        let read = |range| corrections::correct(self.id, range);
        let ranges: Vec<CorrectedRange> = self.affected.iter().filter_map(read).collect();
        corrections::limited(ranges, &self.unaffected)
    }

    /// Whether nothing of what upstream says of affected versions could be read.
    pub(crate) fn is_unread(&self) -> bool {
        !self.affected.is_empty() && self.affected.iter().all(AffectedRange::is_unread)
    }

    /// An `unread` advisory with the ranges that this one has; what it says of no series stays open.
    pub(crate) fn beside(&self, unread: &Self) -> Self {
        let affected = self.affected.iter().chain(&unread.affected);
        Self {
            affected: affected.cloned().collect(),
            severity: self.severity.clone().max(unread.severity.clone()),
            published: self.published.min(unread.published),
            ..unread.clone()
        }
    }

    /// The first version of a series that upstream says has the fix, public or not.
    pub fn fixed_in(&self, series: Series) -> Option<Version> {
        self.corrected()
            .iter()
            .filter(|range| range.fixed_series() == series)
            .filter_map(|range| range.before)
            .max()
    }
}

/// An issue that was given a CVE and that OpenSSL does not consider a vulnerability of its library
/// (`statements.json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputed {
    pub id: CveId,
    /// What upstream ties it to: a series, `none` for no version in particular, `fips` for the FIPS
    /// module.
    pub base: String,
    /// Upstream's reason: text from outside, to be quoted as data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The address that upstream's reason links to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// `cwe` is a list; one alone may stand as text.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
        None,
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(text) => vec![text],
        OneOrMany::Many(list) => list,
        OneOrMany::None => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentioned_ids() {
        let text = "Bug (CVE-2006-2937), CAN-2003-0147 and CVE-2006-2937 again, XCVE-2001-0001, CVE-20-1, CVE-2006-2940.";
        let ids: Vec<String> = CveId::mentioned(text)
            .iter()
            .map(CveId::to_string)
            .collect();
        assert_eq!(ids, ["CVE-2006-2937", "CVE-2003-0147", "CVE-2006-2940"]);
    }

    #[test]
    fn severities_are_read_in_every_spelling() {
        for (text, severity) in [
            ("LOW", Severity::Low),
            (" Medium ", Severity::Moderate),
            ("MODERATE", Severity::Moderate),
            ("High", Severity::High),
            ("", Severity::Unknown),
        ] {
            assert_eq!(Severity::read(text), severity);
        }
        assert_eq!(Severity::read("Catastrophic").to_string(), "catastrophic");
        assert!(!Severity::read("Catastrophic").is_rated());
    }
}
