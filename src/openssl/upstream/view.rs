//! Upstream as it was at the end of one day, indexed for questions about versions.

use std::borrow::Cow;

use jiff::civil::Date;

use super::unrecorded::RecordedAdvisories;

use super::age::{Taken, is_older};
use super::release::Release;
use super::snapshot::{Snapshot, SupportWindow};
use crate::openssl::advisory::Disputed;
use crate::openssl::advisory::{
    Advisory, AffectedRange, CorrectedRange, Correction, CveId, Severity,
};
use crate::openssl::version::{Series, Version};

/// What was known and public at the end of a day: releases, advisories and withdrawals after it do
/// not exist.
#[derive(Debug)]
pub struct View<'a> {
    /// The day.
    pub day: Date,
    /// When the facts were taken: the older day, where releases and advisories have two.
    pub taken: Date,
    days: Taken,
    max_age: Option<u32>,
    promised: Vec<(Version, Severity)>,
    recorded: RecordedAdvisories,
    releases: Vec<KnownRelease<'a>>,
    advisories: Vec<KnownAdvisory<'a>>,
    disputed: &'a [Disputed],
    windows: &'a [SupportWindow],
}

#[derive(Debug, Clone, Copy)]
pub struct KnownRelease<'a> {
    pub release: &'a Release,
    /// Whether it had been withdrawn by then.
    pub withdrawn: bool,
}

/// An advisory in a view, with its corrected ranges.
#[derive(Debug)]
pub struct KnownAdvisory<'a> {
    pub advisory: Cow<'a, Advisory>,
    ranges: Vec<CorrectedRange>,
}

/// The support of one series, as far as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support {
    /// The last day of public support.
    pub eol: Option<Date>,
    /// Whether the series has long-term support.
    pub lts: bool,
    /// Whether public support is over.
    pub ended: bool,
}

impl<'a> View<'a> {
    /// The view of a snapshot on a day. `withdrawn` adds releases that the configuration calls
    /// withdrawn, each from a day on or from its first.
    pub fn new(snapshot: &'a Snapshot, day: Date, withdrawn: &[(Version, Option<Date>)]) -> Self {
        let taken_back = |release: &Release| {
            release.withdrawn.is_some_and(|since| since <= day)
                || withdrawn.iter().any(|(version, since)| {
                    *version == release.version && since.is_none_or(|since| since <= day)
                })
        };
        let mut releases: Vec<KnownRelease<'a>> = snapshot
            .releases
            .iter()
            .filter(|release| release.date <= day)
            .map(|release| KnownRelease {
                release,
                withdrawn: taken_back(release),
            })
            .collect();
        releases.sort_by_key(|published| published.release.version);
        let published = || {
            snapshot
                .advisories
                .iter()
                .filter(|advisory| advisory.published <= day)
        };
        let days = Taken::of(snapshot);
        let disputed = snapshot.disputed.iter().map(|disputed| disputed.id);
        let recorded = RecordedAdvisories {
            ids: snapshot
                .advisories
                .iter()
                .map(|advisory| advisory.id)
                .chain(disputed)
                .collect(),
            fixed: published()
                .flat_map(Advisory::corrected)
                .filter_map(|range| range.before)
                .map(|version| version.finished())
                .collect(),
            unread: published()
                .filter(|advisory| advisory.is_unread())
                .map(|advisory| advisory.id)
                .collect(),
            newest: published().map(|advisory| advisory.published).max(),
            to: days.advisories,
        };
        let provisional = recorded.provisional(releases.iter().map(|one| one.release));
        let foretold = |advisory: &'a Advisory| {
            let is_its = |told: &&Advisory| told.id == advisory.id;
            match provisional.iter().find(is_its) {
                Some(told) => Cow::Owned(told.beside(advisory)),
                None => Cow::Borrowed(advisory),
            }
        };
        let alone = provisional
            .iter()
            .filter(|told| !recorded.ids.contains(&told.id));
        let mut advisories: Vec<KnownAdvisory<'a>> = published()
            .map(foretold)
            .chain(alone.cloned().map(Cow::Owned))
            .map(|advisory| KnownAdvisory {
                ranges: advisory.corrected(),
                advisory,
            })
            .collect();
        advisories.sort_by_key(|known| known.advisory.id);
        Self {
            day,
            taken: days.all(),
            days,
            max_age: None,
            promised: Vec::new(),
            recorded,
            releases,
            advisories,
            disputed: &snapshot.disputed,
            windows: &snapshot.series,
        }
    }

    /// The same view, in which facts older than this many days tell nothing about what came since.
    #[must_use]
    pub(crate) fn with_max_age(self, days: u32) -> Self {
        Self {
            max_age: Some(days),
            ..self
        }
    }

    /// The same view, in which these versions were announced as security releases.
    #[must_use]
    pub(crate) fn with_promised(self, promised: Vec<(Version, Severity)>) -> Self {
        Self { promised, ..self }
    }

    /// Whether the facts are older than allowed: nothing is known of what was published since.
    pub(crate) fn is_stale(&self) -> bool {
        self.max_age
            .is_some_and(|days| is_older(self.taken, self.day, days))
    }

    /// Whether the facts are too few or too old to call anything good.
    pub(crate) fn lacks_facts(&self) -> bool {
        self.releases.is_empty() || self.advisories.is_empty() || self.is_stale()
    }

    /// Whether the facts reach as far as a version: what they do not say of one beyond is not
    /// known.
    pub(crate) fn reaches(&self, version: Version) -> bool {
        !self.advisories.is_empty() && (self.release(version).is_some() || !self.is_ahead(version))
    }

    /// The last day up to which every release is known.
    pub(crate) fn releases_known_to(&self) -> Date {
        let newest = self
            .releases
            .iter()
            .map(|published| published.release.date)
            .max();
        let to = self.days.releases.min(self.day);
        match newest {
            Some(newest) if self.lacks_a_release() => newest.min(to),
            _ => to,
        }
    }

    /// Whether a fix of an advisory of this day may have been released since the releases were
    /// listed.
    pub(crate) fn may_have_missed(&self, published: Date) -> bool {
        self.releases.is_empty() || published > self.releases_known_to()
    }

    /// The severity of what the releases behind `from`, up to `to`, fix beyond what is recorded;
    /// `None` where every one of them has its records, or says that it fixes no vulnerability.
    pub(crate) fn foretold(&self, from: Version, to: Version) -> Option<Severity> {
        let on_the_way = |version: Version| {
            version > from
                && version <= to
                && (version.series() == from.series() || version.series() == to.series())
        };
        self.good_releases()
            .filter(|release| on_the_way(release.version))
            .filter_map(|release| {
                let foretold = self.recorded.foretold(release);
                foretold.max(self.recorded.promised(release, &self.promised))
            })
            .max()
    }

    /// Whether a release is missing for certain: fixes are named for two versions of a supported
    /// series that are not listed, and the second can only follow the first.
    pub(crate) fn lacks_a_release(&self) -> bool {
        let mut named: Vec<Version> = self
            .advisories
            .iter()
            .flat_map(|known| &known.ranges)
            .filter_map(|range| range.before)
            .map(|version| version.finished())
            .filter(|fix| {
                let series = fix.series();
                !self.support(series).ended
                    && self.newest(series).is_some_and(|newest| *fix > newest)
            })
            .collect();
        named.sort_unstable();
        named.dedup();
        named
            .windows(2)
            .any(|two| matches!(two, [one, other] if one.series() == other.series()))
    }

    /// Whether a version is newer than anything known of its series: it may be a release that is
    /// not listed yet.
    pub(crate) fn is_ahead(&self, version: Version) -> bool {
        self.newest(version.series())
            .is_none_or(|newest| newest < version)
    }

    /// The newest release of a series, withdrawn or not.
    pub(crate) fn newest(&self, series: Series) -> Option<Version> {
        self.releases
            .iter()
            .map(|published| published.release.version)
            .rfind(|version| version.series() == series)
    }

    /// Whether upstream has announced a series that has no release yet, and nothing stands between
    /// it and the newest one that has.
    pub(crate) fn is_next_series(&self, series: Series) -> bool {
        let newest = self
            .releases
            .last()
            .map(|published| published.release.version.series());
        let next = self
            .windows
            .iter()
            .map(|window| window.name)
            .filter(|name| newest.is_none_or(|newest| *name > newest))
            .min();
        next == Some(series)
    }

    /// Every release, withdrawn ones too, ascending.
    pub fn releases(&self) -> &[KnownRelease<'a>] {
        &self.releases
    }

    /// The releases that can be a target, ascending.
    pub fn good_releases(&self) -> impl DoubleEndedIterator<Item = &'a Release> {
        self.releases
            .iter()
            .filter(|published| !published.withdrawn)
            .map(|published| published.release)
    }

    /// The release of this version, withdrawn or not.
    pub fn release(&self, version: Version) -> Option<KnownRelease<'a>> {
        let found = self
            .releases
            .binary_search_by_key(&version, |published| published.release.version)
            .ok()?;
        self.releases.get(found).copied()
    }

    /// Whether the version is public and was not withdrawn.
    pub fn is_good(&self, version: Version) -> bool {
        self.release(version)
            .is_some_and(|published| !published.withdrawn)
    }

    /// Every advisory, ascending by identifier.
    pub fn advisories(&self) -> &[KnownAdvisory<'a>] {
        &self.advisories
    }

    /// The advisory with this identifier.
    pub fn advisory(&self, id: CveId) -> Option<&KnownAdvisory<'a>> {
        let found = self
            .advisories
            .binary_search_by_key(&id, |known| known.advisory.id)
            .ok()?;
        self.advisories.get(found)
    }

    /// The advisories that affect a version, ascending by identifier.
    pub fn affecting(&self, version: Version) -> impl Iterator<Item = &KnownAdvisory<'a>> {
        self.advisories
            .iter()
            .filter(move |known| known.affects(version))
    }

    /// The disputed issues that upstream ties to the version's series, or to no version in
    /// particular.
    pub fn disputed(&self, version: Version) -> impl Iterator<Item = &'a Disputed> {
        self.disputed.iter().filter(move |disputed| {
            disputed.base == "none" || disputed.base.parse() == Ok(version.series())
        })
    }

    /// Upstream's word on a disputed issue.
    pub fn dispute(&self, id: CveId) -> Option<&'a Disputed> {
        self.disputed.iter().find(|disputed| disputed.id == id)
    }

    /// The support of a series on the view's day.
    pub fn support(&self, series: Series) -> Support {
        match self.windows.iter().find(|window| window.name == series) {
            Some(window) => Support {
                eol: window.eol,
                lts: window.lts,
                ended: window.eol.is_some_and(|eol| eol < self.day),
            },
            None => Support {
                eol: None,
                lts: false,
                ended: self.abandoned(series),
            },
        }
    }

    /// Whether a series from before the oldest known window is over: two years without a release,
    /// and a newer series is out.
    ///
    /// Upstream never published windows for 0.9.7 and older; it only says that they are out of
    /// support (`statements.json`).
    fn abandoned(&self, series: Series) -> bool {
        let older = self
            .windows
            .iter()
            .map(|window| window.name)
            .min()
            .is_some_and(|oldest| series < oldest);
        let followed = self
            .releases
            .iter()
            .any(|published| published.release.version.series() > series);
        older
            && followed
            && self
                .last_release(series)
                .is_none_or(|last| last.until(self.day).is_ok_and(|span| span.get_days() > 730))
    }

    fn last_release(&self, series: Series) -> Option<Date> {
        self.releases
            .iter()
            .filter(|published| published.release.version.series() == series)
            .map(|published| published.release.date)
            .max()
    }

    /// The advisories for which upstream did not look at the series of a version, so that nobody
    /// may call it unaffected: by its own note, else all that it published after the series had
    /// ended without a word about it (UPSTREAM 1.4, "EOL gap").
    pub fn unanalysed(&self, version: Version) -> Vec<CveId> {
        let series = version.series();
        let ended = self.ended(series);
        self.advisories
            .iter()
            .filter(|known| !known.was_analysed(series, ended))
            .map(|known| known.advisory.id)
            .collect()
    }

    /// The series of releases for which upstream did not look at an advisory, newest first.
    pub(crate) fn unanalysed_series(&self, known: &KnownAdvisory<'_>) -> Vec<Series> {
        let releases = self.releases.iter().rev();
        let mut all: Vec<Series> = releases
            .map(|published| published.release.version.series())
            .collect();
        all.dedup();
        all.retain(|series| !known.was_analysed(*series, self.ended(*series)));
        all
    }

    /// The day after which upstream no longer looked at a series; none where it still does.
    fn ended(&self, series: Series) -> Option<Date> {
        let support = self.support(series);
        let end = || support.eol.or_else(|| self.last_release(series));
        support.ended.then(|| end().unwrap_or(Date::MIN))
    }

    /// Whether a version does not have an advisory, and upstream looked.
    pub fn is_free_of(&self, known: &KnownAdvisory<'_>, version: Version) -> bool {
        let series = version.series();
        !known.affects(version) && known.was_analysed(series, self.ended(series))
    }

    /// Whether a move is known to fix an advisory: the version that it starts from has it, and the
    /// one that it goes to does not. Where upstream did not look at the latter's series, nobody
    /// knows.
    pub fn is_fixed(&self, known: &KnownAdvisory<'_>, from: Version, to: Version) -> bool {
        known.affects(from) && self.is_free_of(known, to)
    }

    /// The version in which a series gets the fix of an advisory: upstream's, or the next one where
    /// that was withdrawn.
    pub fn effective_fix(&self, known: &KnownAdvisory<'_>, series: Series) -> Option<Version> {
        let mut version = known.fixed_in(series)?.finished();
        while self
            .release(version)
            .is_some_and(|published| published.withdrawn)
        {
            version = version.next_in_series();
        }
        Some(version)
    }

    /// The good releases of series that are supported on the view's day, ascending.
    pub fn supported_releases(&self) -> impl Iterator<Item = &'a Release> {
        self.good_releases().filter(|release| {
            !release.version.is_prerelease() && !self.support(release.version.series()).ended
        })
    }

    /// Whether any public version above `version` has the fix of an advisory, supported or not.
    pub fn has_public_fix(&self, known: &KnownAdvisory<'_>, version: Version) -> bool {
        self.good_releases().any(|release| {
            let other = release.version;
            other > version && !other.is_prerelease() && !known.affects(other)
        })
    }

    /// The lowest public version above `version`, of any series that is supported on the view's day
    /// and that upstream looked at, with the fix of an advisory.
    ///
    /// A release of a series that upstream names a fix for comes first; where no such release is
    /// public, any release that is not affected counts.
    pub fn nearest_fix(&self, known: &KnownAdvisory<'_>, version: Version) -> Option<Version> {
        let unaffected = |release: &&Release| {
            release.version > version && self.is_free_of(known, release.version)
        };
        let named = |release: &&Release| {
            known
                .fixed_in(release.version.series())
                .is_some_and(|fixed| release.version >= fixed)
        };
        let with_fix = self.supported_releases().filter(unaffected).find(named);
        with_fix
            .or_else(|| self.supported_releases().find(unaffected))
            .map(|release| release.version)
    }
}

impl KnownAdvisory<'_> {
    /// Whether a version is affected.
    pub fn affects(&self, version: Version) -> bool {
        self.ranges.iter().any(|range| range.contains(version))
    }

    /// Whether upstream names a version of the library that it affects. Where it does not, which it
    /// affects is not known.
    pub(crate) fn names_versions(&self) -> bool {
        self.ranges.iter().any(|range| !range.unread)
    }

    /// Whether it counts for a version only because what upstream says of versions could not be
    /// read.
    pub(crate) fn is_unread_for(&self, version: Version) -> bool {
        let mut holding = self.ranges.iter().filter(|range| range.contains(version));
        holding.next().is_some_and(|range| range.unread) && holding.all(|range| range.unread)
    }

    /// Whether upstream says anything about a series.
    pub fn mentions(&self, series: Series) -> bool {
        self.ranges.iter().any(|range| range.speaks_of(series))
    }

    /// Whether upstream looked at a series: it names it, or it published this while the series was
    /// supported and does not say that it did not look. `ended` is the last day of support, where
    /// that is past.
    fn was_analysed(&self, series: Series, ended: Option<Date>) -> bool {
        let advisory = &self.advisory;
        self.mentions(series)
            || advisory.unaffected.contains(&series)
            || (!advisory.unanalysed.contains(&series)
                && ended.is_none_or(|end| advisory.published <= end))
    }

    /// Whether only premium support customers get a version.
    pub fn is_premium(&self, version: Version) -> bool {
        self.advisory.premium.contains(&version)
    }

    /// Upstream's version of a series with the fix, public or not.
    pub fn fixed_in(&self, series: Series) -> Option<Version> {
        let of_series = |range: &&CorrectedRange| range.fixed_series() == series;
        self.ranges
            .iter()
            .filter(of_series)
            .filter_map(|range| range.before)
            .max()
    }

    /// The corrections that change what is said about a version.
    pub fn corrections(&self, version: Version) -> impl Iterator<Item = Correction> {
        let applied = self
            .ranges
            .iter()
            .filter(move |range| range.contains(version))
            .filter_map(|range| range.correction.clone());
        let dropped = self
            .advisory
            .affected
            .iter()
            .filter_map(move |range: &AffectedRange| {
                Correction::of_foreign_range(self.advisory.id, range, version)
            });
        applied.chain(dropped)
    }
}
