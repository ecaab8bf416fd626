//! For how long somebody who takes every release on its day was exposed to each advisory, by
//! platform or link.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::exposure::{ProjectRelease, Said};
use crate::openssl::advisory::CveId;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;

/// One advisory and when the newest release had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Timeline {
    pub(crate) id: CveId,
    /// What was alike for several carriers once; the one that most had first.
    pub(crate) spans: Vec<Span>,
}

/// From when to when the newest release had an advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// The platforms, or the links.
    pub(crate) carriers: BTreeSet<String>,
    /// The day of the advisory's publication, or of the first release with it if that came later.
    pub(crate) from: Date,
    /// The next release that is known to be free of it, and its day; none while there is none.
    pub(crate) until: Option<(String, Date)>,
}

impl Span {
    /// Its days, up to `today` where it is open.
    pub(crate) fn days(&self, today: Date) -> i32 {
        let until = self.until.as_ref().map_or(today, |(_, day)| *day);
        self.from
            .until(until)
            .map_or(0, |span| span.get_days().max(0))
    }
}

impl Timeline {
    /// The most days that anybody was exposed.
    pub(crate) fn worst(&self, today: Date) -> i32 {
        let days = self.spans.iter().map(|span| span.days(today));
        days.max().unwrap_or(0)
    }

    /// Whether some carrier has no release with the fix.
    pub(crate) fn is_open(&self) -> bool {
        self.spans.iter().any(|span| span.until.is_none())
    }
}

/// The first day, and the day and release that ended it.
type ExposedDays = (Date, Option<(Date, String)>);

/// What a release is to users of one carrier, for one advisory.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ExposureState {
    Has,
    Free,
    NotKnown,
}

/// When the newest release had each advisory, ascending by identifier. `releases` ascend by
/// version; those without a day are nowhere in time and left out.
pub(crate) fn timelines(
    releases: &[ProjectRelease],
    said: &BTreeMap<Version, Said>,
    upstream: &View<'_>,
) -> Vec<Timeline> {
    let newest = newest_on_their_days(releases);
    let carriers: BTreeSet<&String> = releases
        .iter()
        .flat_map(|release| release.carried.keys())
        .collect();
    let ids: BTreeSet<CveId> = said
        .values()
        .flat_map(|said| said.affected.iter().copied())
        .collect();
    ids.into_iter()
        .filter_map(|id| {
            let published = upstream.advisory(id)?.advisory.published;
            let mut alike: BTreeMap<ExposedDays, BTreeSet<String>> = BTreeMap::new();
            for carrier in &carriers {
                for (from, until) in spans(&newest, carrier, id, published, said) {
                    alike
                        .entry((from, until))
                        .or_default()
                        .insert((*carrier).clone());
                }
            }
            let mut spans: Vec<Span> = alike
                .into_iter()
                .map(|((from, until), carriers)| Span {
                    carriers,
                    from,
                    until: until.map(|(day, version)| (version, day)),
                })
                .collect();
            spans.sort_by_key(|span| std::cmp::Reverse(span.carriers.len()));
            (!spans.is_empty()).then_some(Timeline { id, spans })
        })
        .collect()
}

/// The releases that were the highest when they came out, by day: a backport to an older branch is
/// nothing that users of the newest take.
fn newest_on_their_days(releases: &[ProjectRelease]) -> Vec<(Date, &ProjectRelease)> {
    let mut dated: Vec<(Date, usize)> = releases
        .iter()
        .enumerate()
        .filter_map(|(at, release)| Some((release.published?, at)))
        .collect();
    dated.sort_unstable();
    let mut highest = None;
    dated.retain(|(_, at)| {
        let is_higher = highest.is_none_or(|highest| *at > highest);
        if is_higher {
            highest = Some(*at);
        }
        is_higher
    });
    dated
        .into_iter()
        .map(|(day, at)| (day, &releases[at]))
        .collect()
}

fn spans(
    newest: &[(Date, &ProjectRelease)],
    carrier: &str,
    id: CveId,
    published: Date,
    said: &BTreeMap<Version, Said>,
) -> Vec<ExposedDays> {
    let (mut spans, mut since) = (Vec::new(), None);
    for (day, release) in newest {
        match (state(release, carrier, id, said), since) {
            (Some(ExposureState::Has), None) => since = Some(*day),
            (Some(ExposureState::Free), Some(from)) => {
                if *day >= published {
                    let until = (*day, release.version.clone());
                    spans.push((published.max(from), Some(until)));
                }
                since = None;
            }
            // What is not known ends nothing, and neither does a release without this carrier:
            // its users stay where they are.
            _ => {}
        }
    }
    spans.extend(since.map(|from| (published.max(from), None)));
    spans
}

fn state(
    release: &ProjectRelease,
    carrier: &str,
    id: CveId,
    said: &BTreeMap<Version, Said>,
) -> Option<ExposureState> {
    let not_read = (!release.unread.is_empty()).then_some(ExposureState::NotKnown);
    let Some(versions) = release.carried.get(carrier) else {
        return not_read;
    };
    let mut all = versions.iter().filter_map(|version| said.get(version));
    if all.clone().any(|said| said.affected.contains(&id)) {
        return Some(ExposureState::Has);
    }
    if all.any(|said| !said.is_known || said.unanalysed.contains(&id)) {
        return Some(ExposureState::NotKnown);
    }
    not_read.or(Some(ExposureState::Free))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::exposure::said;
    use crate::openssl::upstream::builtin::builtin;

    fn release(version: &str, day: &str, carried: &[(&str, &str)]) -> ProjectRelease {
        ProjectRelease {
            version: version.to_owned(),
            published: day.parse().ok(),
            carried: carried
                .iter()
                .map(|(carrier, openssl)| {
                    let openssl = BTreeSet::from([openssl.parse().unwrap()]);
                    ((*carrier).to_owned(), openssl)
                })
                .collect(),
            unread: vec![],
        }
    }

    /// `linux: 2025-09-30 to 1.1` for each span of CVE-2025-9230.
    fn told(releases: &[ProjectRelease]) -> Vec<String> {
        let snapshot = builtin().unwrap();
        let upstream = View::new(&snapshot, "2026-06-10".parse().unwrap(), &[]);
        let all = timelines(releases, &said(releases, &upstream), &upstream);
        let one = all
            .iter()
            .find(|timeline| timeline.id.to_string() == "CVE-2025-9230");
        one.map_or(&[][..], |one| &one.spans)
            .iter()
            .map(|span| {
                let carriers: Vec<&str> = span.carriers.iter().map(String::as_str).collect();
                let until = span.until.as_ref().map_or("now", |(version, _)| version);
                format!("{}: {} to {until}", carriers.join("+"), span.from)
            })
            .collect()
    }

    #[test]
    fn each_platform_has_its_own_end() {
        let releases = [
            release(
                "1.0",
                "2025-09-17",
                &[("a", "3.5.3"), ("b", "3.5.3"), ("c", "3.5.3")],
            ),
            release(
                "1.1",
                "2025-10-02",
                &[("a", "3.5.4"), ("b", "3.5.4"), ("c", "3.5.3")],
            ),
        ];
        assert_eq!(
            told(&releases),
            ["a+b: 2025-09-30 to 1.1", "c: 2025-09-30 to now"]
        );
    }

    #[test]
    fn what_is_not_known_ends_nothing() {
        let mut releases = vec![
            release("1.0", "2025-09-17", &[("a", "3.5.3")]),
            release("1.1", "2025-10-02", &[("a", "9.9.9")]),
            release("1.2", "2025-10-03", &[("b", "3.5.4")]),
            release("1.3", "2025-10-04", &[("a", "3.5.4")]),
        ];
        releases[3].unread.push("one of two files".to_owned());
        assert_eq!(told(&releases), ["a: 2025-09-30 to now"]);
        releases.push(release("1.4", "2025-10-05", &[("a", "3.5.4")]));
        assert_eq!(told(&releases), ["a: 2025-09-30 to 1.4"]);
    }

    #[test]
    fn a_backport_is_not_what_users_of_the_newest_take() {
        let releases = [
            release("1.0", "2025-09-17", &[("a", "3.5.3")]),
            release("1.1", "2025-10-05", &[("a", "3.5.4")]),
            release("2.0", "2025-09-20", &[("a", "3.5.3")]),
            release("2.1", "2025-10-09", &[("a", "3.5.4")]),
        ];
        assert_eq!(told(&releases), ["a: 2025-09-30 to 2.1"]);
    }

    #[test]
    fn what_was_fixed_before_it_was_told_is_no_exposure() {
        let fixed = |day| {
            told(&[
                release("1.0", "2025-09-17", &[("a", "3.5.3")]),
                release("1.1", day, &[("a", "3.5.4")]),
            ])
        };
        assert_eq!(fixed("2025-09-29"), Vec::<String>::new());
        assert_eq!(fixed("2025-09-30"), ["a: 2025-09-30 to 1.1"]);
    }
}
