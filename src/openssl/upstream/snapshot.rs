//! Everything known of upstream at one moment.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::release::Release;
use crate::openssl::advisory::{Advisory, CveId, Disputed};
use crate::openssl::version::{Series, Version};

/// Everything known of upstream at one moment (`--upstream FILE`, and the one built in).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The form of this file; always 1.
    pub schema: u32,
    /// The day the facts were taken.
    #[serde(deserialize_with = "crate::text::date::as_iso")]
    pub taken: Date,
    /// Where they came from, and how each source answered.
    #[serde(default)]
    pub sources: Vec<SourceState>,
    /// Every public release, ascending by version.
    pub releases: Vec<Release>,
    /// Every advisory, ascending by identifier.
    pub advisories: Vec<Advisory>,
    /// What upstream was given a CVE for and rejects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputed: Vec<Disputed>,
    /// Support windows, ascending.
    pub series: Vec<SupportWindow>,
}

/// When a series is supported (`data.json`; for the series before 3.0 OpenSSL's own statements).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportWindow {
    pub name: Series,
    /// The day of its first release, announced or real.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::text::date::as_optional_iso"
    )]
    pub released: Option<Date>,
    /// The last day of public support; none where upstream has not said.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::text::date::as_optional_iso"
    )]
    pub eol: Option<Date>,
    /// Whether it has long-term support.
    #[serde(default)]
    pub lts: bool,
}

/// How one source answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct SourceState {
    /// The source's name.
    pub name: String,
    /// How it answered.
    pub state: State,
    /// Requests made.
    #[serde(default)]
    pub requests: u32,
    /// Bytes of answers received.
    #[serde(default)]
    pub bytes: u64,
    /// What else there is to say: counts, or what went wrong.
    #[serde(default)]
    pub detail: String,
    /// The day on which what it says was last known to be current.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::text::date::as_optional_iso"
    )]
    pub taken: Option<Date>,
}

/// The state of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Asked, and it answered with something new.
    Ok,
    /// Asked, and nothing has changed since last time.
    Unchanged,
    /// Asked, and it failed.
    Failed,
    /// Not asked: the facts come from a snapshot.
    Snapshot,
    /// Not asked: the user wants no network.
    Offline,
}

impl Snapshot {
    /// The release of this version, withdrawn or not.
    pub fn release(&self, version: Version) -> Option<&Release> {
        self.releases
            .iter()
            .find(|release| release.version == version)
    }

    /// The advisory with this identifier.
    pub fn advisory(&self, id: CveId) -> Option<&Advisory> {
        self.advisories.iter().find(|advisory| advisory.id == id)
    }

    /// The support window of a series.
    pub fn window(&self, series: Series) -> Option<&SupportWindow> {
        self.series.iter().find(|window| window.name == series)
    }

    /// Sorts releases, advisories and series, the way they are saved; of two entries of one name
    /// the first stays.
    pub fn sort(&mut self) {
        self.releases.sort_by_key(|release| release.version);
        self.releases.dedup_by_key(|release| release.version);
        self.advisories.sort_by_key(|advisory| advisory.id);
        self.advisories.dedup_by_key(|advisory| advisory.id);
        self.disputed.sort_by_key(|disputed| disputed.id);
        self.series.sort_by_key(|window| window.name);
        self.series.dedup_by_key(|window| window.name);
    }

    /// Gives advisories without a day that of the newest fact that has one: they are no newer than
    /// the rest.
    pub(super) fn date_undated(&mut self) {
        let (dated, undated): (Vec<_>, Vec<_>) = std::mem::take(&mut self.advisories)
            .into_iter()
            .partition(|advisory| advisory.published < Date::MAX);
        self.advisories = dated;
        let newest = self.newest_fact().unwrap_or(Date::MIN);
        let undated = undated.into_iter().map(|advisory| Advisory {
            published: newest,
            ..advisory
        });
        self.advisories.extend(undated);
    }

    /// The newest day that any fact speaks of.
    pub fn newest_fact(&self) -> Option<Date> {
        let releases = self
            .releases
            .iter()
            .map(|release| release.withdrawn.unwrap_or(release.date));
        releases
            .chain(self.advisories.iter().map(|advisory| advisory.published))
            .max()
    }

    /// The snapshot without sentences of others (titles, and reasons of disputes), sorted, and
    /// dated by its newest fact instead of by the day it was taken: the same facts give the same
    /// text on any day. None where there is no fact.
    pub fn facts_only(mut self) -> Option<Self> {
        self.taken = self.newest_fact()?;
        self.sources = [
            ("releases", self.releases.len()),
            ("advisories", self.advisories.len()),
        ]
        .map(|(name, count)| SourceState {
            name: name.to_owned(),
            state: State::Snapshot,
            requests: 0,
            bytes: 0,
            detail: format!("{count} {name}"),
            taken: None,
        })
        .into();
        for advisory in &mut self.advisories {
            advisory.title = None;
        }
        for disputed in &mut self.disputed {
            disputed.reason = None;
        }
        for release in &mut self.releases {
            release.text = None;
        }
        self.sort();
        Some(self)
    }

    /// Reads a snapshot file.
    ///
    /// # Errors
    ///
    /// In words, with line and column, if the text is no snapshot of this form; or if it has two
    /// entries of one name, of which one would be forgotten in silence.
    pub fn read(text: &str) -> Result<Self, String> {
        let snapshot: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if snapshot.schema != 1 {
            return Err(format!(
                "`schema` is {}, this version of release-check reads 1",
                snapshot.schema
            ));
        }
        let twice = repeated(snapshot.releases.iter().map(|release| release.version))
            .or_else(|| repeated(snapshot.advisories.iter().map(|advisory| advisory.id)))
            .or_else(|| repeated(snapshot.series.iter().map(|window| window.name)));
        twice.map_or(Ok(snapshot), |name| {
            Err(format!(
                "`{name}` is listed twice; make one entry of the two"
            ))
        })
    }

    /// Writes the snapshot as JSON with one line for each release, advisory and series, so that a
    /// refresh is a readable diff.
    pub fn write(&self) -> String {
        fn lines<T: Serialize>(items: &[T]) -> String {
            let lines: Vec<String> = items
                .iter()
                .map(|item| format!("\n{}", serde_json::to_string(item).unwrap_or_default()))
                .collect();
            if lines.is_empty() {
                "[]".to_owned()
            } else {
                format!("[{}\n]", lines.join(","))
            }
        }
        let fields = [
            ("schema", self.schema.to_string()),
            ("taken", format!("\"{}\"", self.taken)),
            ("sources", lines(&self.sources)),
            ("releases", lines(&self.releases)),
            ("advisories", lines(&self.advisories)),
            ("disputed", lines(&self.disputed)),
            ("series", lines(&self.series)),
        ]
        .map(|(name, value)| format!("\"{name}\":{value}"));
        format!("{{{}}}\n", fields.join(",\n"))
    }
}

/// The first name that a list has more than once.
pub(super) fn repeated<T: Ord + Copy + ToString>(
    mut names: impl Iterator<Item = T>,
) -> Option<String> {
    let mut seen = BTreeSet::new();
    names
        .find(|name| !seen.insert(*name))
        .map(|name| name.to_string())
}
