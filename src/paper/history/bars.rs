//! A bar for each advisory, from its disclosure to the release with the fix.

use jiff::civil::Date;
use serde::Serialize;

use super::History;
use super::axis::{Axis, Mark};
use super::matrix::{AdvisoryReference, mark, name};
use crate::artefact::timeline::{Span, Timeline};
use crate::openssl::advisory::Severity;
use crate::text::{count, in_words};

/// Carriers that are named one by one; more are counted.
const NAMED: usize = 2;

#[derive(Debug, Serialize)]
pub(super) struct Chart {
    pub(super) first: String,
    pub(super) last: String,
    pub(super) marks: Vec<Mark>,
    /// Where our releases are.
    pub(super) releases: Vec<f64>,
    /// Gravest first; of each the newest advisory first.
    pub(super) groups: Vec<BarGroup>,
}

/// The advisories of one severity.
#[derive(Debug, Serialize)]
pub(super) struct BarGroup {
    pub(super) severity: &'static str,
    pub(super) class: &'static str,
    pub(super) letter: &'static str,
    /// Whether it is shown only when asked for.
    pub(super) is_folded: bool,
    pub(super) median: String,
    pub(super) worst: String,
    pub(super) open: usize,
    pub(super) advisories: Vec<Exposed>,
}

/// One advisory.
#[derive(Debug, Serialize)]
pub(super) struct Exposed {
    pub(super) about: AdvisoryReference,
    pub(super) bars: Vec<Bar>,
}

#[derive(Debug, Serialize)]
pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) width: f64,
    /// Where the text stands: after the bar, before it, or in it.
    pub(super) side: &'static str,
    /// How far from that side's end of the line.
    pub(super) offset: f64,
    pub(super) is_open: bool,
    pub(super) days: i32,
    pub(super) label: String,
    /// The whole of it in words.
    pub(super) said: String,
    /// Whom it is for, where others fared differently.
    pub(super) whom: String,
}

impl History<'_> {
    /// The chart; none where there is nothing to show.
    pub(super) fn chart(&self) -> Option<Chart> {
        let from = self.timelines.iter().flat_map(|timeline| &timeline.spans);
        let first = from.map(|span| span.from).min()?;
        let axis = Axis::new(first, self.upstream.day);
        let released = self.releases.iter().filter_map(|release| release.published);
        let mut releases: Vec<Date> = released.filter(|day| *day >= first).collect();
        releases.sort_unstable();
        releases.dedup();
        Some(Chart {
            first: first.to_string(),
            last: self.upstream.day.to_string(),
            marks: axis.marks(),
            releases: releases.into_iter().map(|day| axis.x(day)).collect(),
            groups: self.groups(&axis),
        })
    }

    fn groups(&self, axis: &Axis) -> Vec<BarGroup> {
        let rank = |timeline: &&Timeline| self.severity(timeline.id).gravity();
        (0..=4)
            .rev()
            .filter_map(|weight| {
                let of: Vec<&Timeline> = self
                    .timelines
                    .iter()
                    .filter(|timeline| rank(timeline) == weight)
                    .collect();
                let severity = self.severity(of.first()?.id);
                Some(self.group(&severity, of, axis))
            })
            .collect()
    }

    fn group(&self, severity: &Severity, mut of: Vec<&Timeline>, axis: &Axis) -> BarGroup {
        let (class, letter) = mark(severity);
        let today = self.upstream.day;
        of.sort_by_key(|timeline| {
            let from = timeline.spans.iter().map(|span| span.from).min();
            (std::cmp::Reverse(from), timeline.id)
        });
        let days: Vec<i32> = of.iter().map(|timeline| timeline.worst(today)).collect();
        BarGroup {
            severity: name(severity),
            class,
            letter,
            is_folded: *severity == Severity::Low,
            median: in_days(median(&days)),
            worst: in_days(days.iter().copied().max().unwrap_or(0)),
            open: of.iter().filter(|timeline| timeline.is_open()).count(),
            advisories: of
                .into_iter()
                .map(|timeline| Exposed {
                    about: self.reference(timeline.id),
                    bars: timeline
                        .spans
                        .iter()
                        .map(|span| self.bar(span, timeline.spans.len() > 1, axis))
                        .collect(),
                })
                .collect(),
        }
    }

    fn bar(&self, span: &Span, has_others: bool, axis: &Axis) -> Bar {
        let today = self.upstream.day;
        let until = span.until.as_ref().map_or(today, |(_, day)| *day);
        let (from, to) = (axis.x(span.from), axis.x(until));
        let (side, offset) = beside(from, to);
        let days = span.days(today);
        let whom = if has_others {
            self.whom(span)
        } else {
            String::new()
        };
        let end = match &span.until {
            Some((version, day)) => format!("fixed in {version} of {day}"),
            None => "open: no release is known to have the fix".to_owned(),
        };
        let open = if span.until.is_none() { ", open" } else { "" };
        Bar {
            x: from,
            width: round(to - from).max(0.3),
            side,
            offset: round(offset),
            is_open: span.until.is_none(),
            days,
            label: format!("{}{open}", in_days(days)),
            said: format!("{} from {}, {end}", in_days(days), span.from),
            whom,
        }
    }

    fn whom(&self, span: &Span) -> String {
        let of = span.carriers.len();
        if of > NAMED {
            let kinds = match self.carriers {
                super::Carriers::Platforms => "platforms",
                super::Carriers::Links => "links",
            };
            format!("{of} {kinds}")
        } else {
            in_words(&span.carriers)
        }
    }
}

/// Where a bar's text has room, on a narrow screen too: there it takes up to this much of the line.
fn beside(from: f64, to: f64) -> (&'static str, f64) {
    const ROOM: f64 = 42.0;
    if 100.0 - to >= ROOM {
        ("after", to)
    } else if from >= ROOM {
        ("before", 100.0 - from)
    } else if to - from >= ROOM {
        ("within", from)
    } else if from >= 100.0 - to {
        ("before", 100.0 - from)
    } else {
        ("after", to)
    }
}

fn round(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

fn in_days(days: i32) -> String {
    count(usize::try_from(days).unwrap_or(0), "day", "days")
}

/// The lower of the two in the middle where there are two.
pub(super) fn median(days: &[i32]) -> i32 {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.get(days.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stands_where_there_is_room() {
        for (from, to, side) in [
            (0.0, 10.0, "after"),
            (90.0, 100.0, "before"),
            (10.0, 100.0, "within"),
            (41.0, 70.0, "before"),
            (25.0, 60.0, "after"),
        ] {
            assert_eq!(beside(from, to).0, side, "{from} to {to}");
        }
    }

    #[test]
    fn of_two_in_the_middle_the_lower() {
        assert_eq!(median(&[]), 0);
        assert_eq!(median(&[9, 1, 5]), 5);
        assert_eq!(median(&[9, 1, 5, 3]), 3);
    }
}
