//! What a record leaves when everything is affected but what it calls unaffected
//! (`defaultStatus`).

use crate::openssl::advisory::{AffectedRange, Bound};
use crate::openssl::version::{Series, Version};

/// Versions that a record calls unaffected: from one on, up to but without `before`; without it for
/// ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    from: Version,
    before: Option<Version>,
}

impl Span {
    /// Reads one. `None` where an end is no version: nothing is called unaffected by that.
    pub(super) fn read(
        from: &Bound,
        before: Option<&Bound>,
        through: Option<&Bound>,
    ) -> Option<Self> {
        let from = match from {
            Bound::Version(version) => *version,
            Bound::Other(text) if matches!(text.as_str(), "0" | "*") => Version::LOWEST,
            Bound::Other(text) => text.parse::<Series>().ok()?.first(),
        };
        let before = match (before, through) {
            (Some(Bound::Version(before)), _) => Some(*before),
            (None, Some(Bound::Version(through))) => Some(through.next_in_series()),
            (Some(Bound::Other(text)), _) | (None, Some(Bound::Other(text))) => match text.as_str()
            {
                "*" => None,
                text => Some(match text.strip_suffix(".*") {
                    Some(series) => series.parse::<Series>().ok()?.following(),
                    None => text.parse::<Series>().ok()?.first(),
                }),
            },
            // One version alone has the fix, and those that follow it in its series.
            (None, None) => Some(from.series().following()),
        };
        Some(Self { from, before })
    }
}

/// What lies between spans, and beside them: affected.
pub(super) fn gaps(mut spans: Vec<Span>) -> Vec<AffectedRange> {
    spans.sort_by_key(|span| span.from);
    let start = |version: Version| match version == Version::LOWEST {
        true => Bound::Other("0".to_owned()),
        false => Bound::Version(version),
    };
    let mut gaps = Vec::new();
    let mut reached = Version::LOWEST;
    for span in spans {
        if span.from > reached {
            gaps.push(AffectedRange {
                from: start(reached),
                before: Some(Bound::Version(span.from)),
                through: None,
            });
        }
        match span.before {
            Some(before) => reached = reached.max(before),
            None => return gaps,
        }
    }
    gaps.push(AffectedRange {
        from: start(reached),
        before: Some(Bound::Other("*".to_owned())),
        through: None,
    });
    gaps
}

/// The series that a span covers whole, ascending.
pub(super) fn whole_series(spans: &[Span]) -> Vec<Series> {
    let mut series: Vec<Series> = spans
        .iter()
        .filter(|span| {
            let series = span.from.series();
            span.from <= series.first()
                && span
                    .before
                    .is_none_or(|before| before >= series.following())
        })
        .map(|span| span.from.series())
        .collect();
    series.sort_unstable();
    series.dedup();
    series
}
