//! Corrections that upstream never made in its own records (UPSTREAM 1.4, 8), each explained where
//! it is applied.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::cve_id::CveId;
use super::range::{AffectedRange, Bound};
use crate::openssl::version::{Series, Version};

/// A range of library versions of one advisory, ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectedRange {
    /// The first affected version.
    pub from: Version,
    /// The first version with the fix; none where no version of the range's series ever got one.
    pub before: Option<Version>,
    /// Whether it goes on into the series that follow, where it has no end.
    pub(super) open: bool,
    /// Whether it stands for what could not be read: what it holds is not known to be affected.
    pub(crate) unread: bool,
    /// The series that others of its advisory's ranges speak for: an open range leaves them out.
    pub(super) except: Arc<BTreeSet<Series>>,
    /// What was changed against upstream's record, if anything.
    pub correction: Option<Correction>,
}

/// One departure from upstream's record, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    id: CveId,
    text: String,
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.text)
    }
}

impl Correction {
    /// A correction of one advisory; `text` says what is read differently and why.
    pub fn new(id: CveId, text: impl Into<String>) -> Self {
        Self {
            id,
            text: text.into(),
        }
    }
}

impl Correction {
    /// Why a range that is not about the library does not count for a version whose number it seems
    /// to name.
    ///
    /// CVE-2007-5502 says `fips-1.1.1`: the FIPS module has its own numbers, and library 1.1.1 came
    /// eleven years later.
    pub(crate) fn of_foreign_range(
        id: CveId,
        range: &AffectedRange,
        version: Version,
    ) -> Option<Self> {
        let Bound::Other(text) = &range.from else {
            return None;
        };
        if !is_foreign(text) {
            return None;
        }
        let number: Version = text.rsplit('-').next()?.parse().ok()?;
        let seems = number.series() == version.series();
        seems.then(|| {
            Self::new(
                id,
                format!("upstream's range from `{text}` names no library version and is left out"),
            )
        })
    }
}

impl CorrectedRange {
    /// The series whose fixed version the range names.
    pub fn fixed_series(&self) -> Series {
        self.before.unwrap_or(self.from).series()
    }

    /// Whether it begins or ends in a series.
    pub(crate) fn speaks_of(&self, series: Series) -> bool {
        self.from.series() == series || self.before.is_some_and(|before| before.series() == series)
    }

    /// Whether the version lies in the range. A range that starts with a final version also holds
    /// the pre-releases of that number: upstream's records never mention them, so the unclear case
    /// counts as affected.
    pub fn contains(&self, version: Version) -> bool {
        let started = version >= self.from
            || (!self.from.is_prerelease()
                && version.is_prerelease()
                && version.finished() >= self.from);
        // Without a fixed version the range still ends with its series, unless it began with no
        // series or says that it goes on: upstream's ranges never cross one.
        let series = version.series();
        let within = series == self.from.series() || (self.open && !self.except.contains(&series));
        let ended = self.before.map_or(!within, |before| version >= before);
        started && !ended
    }
}

/// Lets open ranges leave out the series that others speak for, or that are `unaffected`.
pub(super) fn limited(ranges: Vec<CorrectedRange>, unaffected: &[Series]) -> Vec<CorrectedRange> {
    if !ranges.iter().any(|range| range.open) {
        return ranges;
    }
    let named: Arc<BTreeSet<Series>> = ranges
        .iter()
        .filter(|range| !range.open)
        .flat_map(|range| [Some(range.from), range.before])
        .flatten()
        .map(|version| version.series())
        .chain(unaffected.iter().copied())
        .collect::<BTreeSet<Series>>()
        .into();
    let limited = |range: CorrectedRange| match range.open {
        true => CorrectedRange {
            except: Arc::clone(&named),
            ..range
        },
        false => range,
    };
    ranges.into_iter().map(limited).collect()
}

/// Reads one published range as a range of library versions. `None` where it is not about the
/// library.
pub(super) fn correct(id: CveId, range: &AffectedRange) -> Option<CorrectedRange> {
    let explained = |from, before, text: String| {
        Some(CorrectedRange {
            from,
            before,
            open: false,
            unread: false,
            except: Arc::default(),
            correction: Some(Correction::new(id, text)),
        })
    };
    let from = match &range.from {
        Bound::Version(version) => *version,
        Bound::Other(text) => return from_text(id, range, text),
    };
    match (&range.before, &range.through) {
        (Some(Bound::Version(before)), _) if *before > from => Some(CorrectedRange {
            from,
            before: Some(*before),
            open: false,
            unread: false,
            except: Arc::default(),
            correction: None,
        }),
        // Two series in the wrong order: from the lower one on nothing is known to be safe.
        (Some(Bound::Version(before)), _) if before.series() != from.series() => {
            let start = before.first_of_series();
            let read = explained(
                start,
                None,
                format!(
                    "upstream's range from {from} before {before} is empty; read as from {start} without an end"
                ),
            )?;
            Some(CorrectedRange { open: true, ..read })
        }
        // CVE-2023-2650 says from 3.1.1 before 3.1.1. A record that lists a range means that
        // something is affected: read it from the series' start.
        (Some(Bound::Version(before)), _) => {
            let start = from.first_of_series();
            let end = from.max(*before);
            let read = match end == *before {
                true => format!("read as from {start}"),
                false => format!("read as from {start} before {end}"),
            };
            explained(
                start,
                Some(end),
                format!("upstream's range from {from} before {before} is empty; {read}"),
            )
        }
        // As CVE records in general write that a range has no end.
        (Some(Bound::Other(text)), _) | (None, Some(Bound::Other(text))) if text == "*" => {
            let read = explained(
                from,
                None,
                format!(
                    "upstream's end `{text}` is every later version; every series from {} on that it does not name otherwise counts as affected",
                    from.series()
                ),
            )?;
            Some(CorrectedRange { open: true, ..read })
        }
        (before, through)
            if let Some(end) = later_series(before.as_ref(), through.as_ref(), from) =>
        {
            explained(
                from,
                Some(end),
                format!("upstream's end is a series; read as before {end}"),
            )
        }
        // CVE-2004-0975 says before `0.9.6-cvs`: the fix went to a branch that never had another
        // release.
        (Some(Bound::Other(text)), _) => explained(
            from,
            None,
            format!(
                "upstream's end `{text}` is no version; every version of {} from {from} on counts as affected",
                from.series()
            ),
        ),
        (None, Some(Bound::Version(through)))
            if *through < from && through.series() == from.series() =>
        {
            let (start, end) = (from.first_of_series(), from.next_in_series());
            explained(
                start,
                Some(end),
                format!(
                    "upstream's range from {from} through {through} is empty; read as from {start} before {end}"
                ),
            )
        }
        (None, Some(Bound::Version(through))) if *through < from => correct(
            id,
            &AffectedRange {
                before: Some(Bound::Version(through.next_in_series())),
                through: None,
                ..range.clone()
            },
        ),
        // CVE-2022-3996 says through 3.0.7 and was never converted; the fix is in the version after
        // it.
        (None, Some(Bound::Version(through))) => {
            let fixed = through.next_in_series();
            explained(
                from,
                Some(fixed),
                format!(
                    "upstream's range ends with {through}; the fix is taken to be in {fixed}, the next version of the series"
                ),
            )
        }
        (None, Some(Bound::Other(text))) => explained(
            from,
            None,
            format!(
                "upstream's end `{text}` is no version; every version of {} from {from} on counts as affected",
                from.series()
            ),
        ),
        (None, None) => explained(
            from,
            None,
            format!(
                "upstream names no end; every version of {} from {from} on counts as affected",
                from.series()
            ),
        ),
    }
}

/// The first version behind an end that names a series (`3.6`, `3.5.*`), where that is beyond the
/// series of `from`.
fn later_series(before: Option<&Bound>, through: Option<&Bound>, from: Version) -> Option<Version> {
    let series = |end: Option<&Bound>| match end? {
        Bound::Other(text) => Some((series_of(text)?, text.ends_with('*'))),
        Bound::Version(_) => None,
    };
    let end = match (before, through) {
        (None, through) => series(through)?.0.following(),
        (before, _) => match series(before)? {
            (series, true) => series.following(),
            (series, false) => series.first(),
        },
    };
    (end > from.series().following()).then_some(end)
}

/// The series that a text names: `3.5`, `3.5.*`, `3.5.x`.
fn series_of(text: &str) -> Option<Series> {
    let bare = [".*", ".x"].iter().find_map(|all| text.strip_suffix(all));
    bare.unwrap_or(text).parse().ok()
}

/// CVE-2007-5502: `fips-1.1.1` is a version of the FIPS module, which has its own numbers; library
/// 1.1.1 came eleven years later.
fn is_foreign(text: &str) -> bool {
    text.to_ascii_lowercase().contains("fips")
}

/// Reads a range whose start is no version: the name of a series, or what CVE records in general
/// write for "from the beginning". Anything else starts where the series of its end does: what is
/// unclear counts as affected.
fn from_text(id: CveId, range: &AffectedRange, text: &str) -> Option<CorrectedRange> {
    if is_foreign(text) {
        return None;
    }
    let end = range
        .before
        .iter()
        .chain(&range.through)
        .find_map(Bound::version);
    let from = match series_of(text) {
        Some(series) => series.first(),
        None if matches!(text, "0" | "*" | "unspecified" | "unknown") => Version::LOWEST,
        None => {
            let named = Version::from_version_or_tag(text).ok();
            named
                .or(end.map(|end| end.first_of_series()))
                .unwrap_or(Version::LOWEST)
        }
    };
    let read = correct(
        id,
        &AffectedRange {
            from: Bound::Version(from),
            ..range.clone()
        },
    )?;
    if from == Version::LOWEST && read.before.is_none() {
        let everything = match range.is_unread() {
            true => "which versions upstream says are affected could not be read; every version counts as affected, but for series that it does name".to_owned(),
            false => format!("upstream's range from `{text}` names no version; every version counts as affected, but for series that it does name"),
        };
        return Some(CorrectedRange {
            open: true,
            unread: range.is_unread(),
            correction: Some(Correction::new(id, everything)),
            ..read
        });
    }
    let correction = Correction::new(
        id,
        format!("upstream's start `{text}` is no version; read as from {from}"),
    );
    Some(CorrectedRange {
        correction: read.correction.or(Some(correction)),
        ..read
    })
}

#[cfg(test)]
mod tests {
    use super::super::Advisory;

    fn advisory(affected: &str) -> Advisory {
        serde_json::from_str(&format!(r#"{{"id":"CVE-2023-2650","severity":"moderate","published":"2023-05-30","affected":{affected}}}"#))
            .expect("an advisory")
    }

    fn affected(ranges: &str, version: &str) -> bool {
        let version = version.parse().expect("a version");
        let ranges = advisory(ranges).corrected();
        ranges.iter().any(|range| range.contains(version))
    }

    #[test]
    fn ranges() {
        let plain = r#"[{"from":"3.5.0","before":"3.5.4"}]"#;
        let empty = r#"[{"from":"3.1.1","before":"3.1.1"}]"#;
        let through = r#"[{"from":"3.0.0","through":"3.0.7"}]"#;
        let cvs = r#"[{"from":"0.9.6","before":"0.9.6-cvs"}]"#;
        let fips = r#"[{"from":"fips-1.1.1","before":"fips-1.1.2"}]"#;
        let series = r#"[{"from":"3.0","before":"3.0.8"}]"#;
        let everything = r#"[{"from":"0","before":"3.0.8"}]"#;
        let endless = r#"[{"from":"*"}]"#;
        let tag = r#"[{"from":"openssl-3.5.2","before":"3.5.4"}]"#;
        let odd = r#"[{"from":"some","before":"3.5.4"}]"#;
        let turned = r#"[{"from":"3.5.10","before":"3.5.0"}]"#;
        let turned_through = r#"[{"from":"3.5.9","through":"3.5.3"}]"#;
        let turned_series = r#"[{"from":"4.0.0","before":"3.5.10"}]"#;
        let rest = r#"[{"from":"4.0.0","before":"4.0.4"},{"from":"not read"}]"#;
        let onward = r#"[{"from":"3.5.0","before":"3.5.10"},{"from":"3.0.0","through":"*"}]"#;
        let to_series = r#"[{"from":"3.0.0","before":"3.6"}]"#;
        let whole_series = r#"[{"from":"3.5.*"}]"#;
        let beta = r#"[{"from":"0.9.7-beta3","before":"0.9.7"}]"#;
        for (ranges, version, expected) in [
            (plain, "3.5.0", true),
            (plain, "3.5.3", true),
            (plain, "3.5.4", false),
            (plain, "3.5.0-beta1", true),
            (plain, "3.5.4-dev", true),
            (plain, "3.4.9", false),
            (plain, "3.6.0", false),
            (empty, "3.1.0", true),
            (empty, "3.1.1", false),
            (empty, "3.0.9", false),
            (through, "3.0.7", true),
            (through, "3.0.8", false),
            (cvs, "0.9.6m", true),
            (cvs, "0.9.7", false),
            (fips, "1.1.1", false),
            (series, "3.0.0", true),
            (series, "3.0.8", false),
            (series, "1.1.1w", false),
            (everything, "0.9.1c", true),
            (everything, "1.1.1w", true),
            (everything, "3.0.8", false),
            (endless, "1.1.1w", true),
            (endless, "3.5.4", true),
            (tag, "3.5.1", false),
            (tag, "3.5.3", true),
            (odd, "3.5.0", true),
            (odd, "3.5.4", false),
            (odd, "3.4.0", false),
            (turned, "3.5.9", true),
            (turned, "3.5.10", false),
            (turned_through, "3.5.9", true),
            (turned_through, "3.5.10", false),
            (turned_series, "3.5.9", true),
            (turned_series, "4.0.4", true),
            (turned_series, "3.4.8", false),
            (rest, "3.5.9", true),
            (rest, "4.0.3", true),
            (rest, "4.0.4", false),
            (onward, "3.0.22", true),
            (onward, "3.5.9", true),
            (onward, "3.5.10", false),
            (onward, "3.6.5", true),
            (onward, "4.0.4", true),
            (onward, "1.1.1w", false),
            (to_series, "3.5.9", true),
            (to_series, "3.6.0", false),
            (whole_series, "3.5.9", true),
            (whole_series, "3.6.0", false),
            (beta, "0.9.7-beta2", false),
            (beta, "0.9.7-beta3", true),
            (beta, "0.9.7", false),
        ] {
            assert_eq!(affected(ranges, version), expected, "{version} in {ranges}");
        }
    }

    #[test]
    fn every_departure_is_explained() {
        let text = |ranges| {
            advisory(ranges)
                .corrected()
                .iter()
                .filter_map(|range| range.correction.as_ref())
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert!(text(r#"[{"from":"3.5.0","before":"3.5.4"}]"#).is_empty());
        insta::assert_snapshot!(text(r#"[{"from":"3.1.1","before":"3.1.1"}]"#).join("\n"), @"CVE-2023-2650: upstream's range from 3.1.1 before 3.1.1 is empty; read as from 3.1.0");
        assert_eq!(text(r#"[{"from":"3.0.0","through":"3.0.7"}]"#).len(), 1);
        assert_eq!(text(r#"[{"from":"0.9.6","before":"0.9.6-cvs"}]"#).len(), 1);
    }
}
