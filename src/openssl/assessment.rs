//! What a link's version means today: joins upstream and the linked version under policy into a
//! verdict. No I/O, no clock.

#[cfg(test)]
mod moves;
mod offer;
mod pending;
mod policy;
mod possible;
#[cfg(test)]
mod replays;
mod target;
mod unanalysed;
mod unknown;

pub(crate) use offer::offered;
pub(crate) use possible::check_policy;

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use crate::openssl::advisory::{Correction, CveId, Severity};
use crate::openssl::upstream::{KnownAdvisory, Support, View};
use crate::openssl::version::{Series, Version};
use crate::text::fault::Fault;

pub(crate) use unknown::{Unknown, lacking, lacking_facts};

pub(crate) use policy::{Offer, Policy, SeriesPolicy};

pub(crate) use pending::Pending;

pub(crate) use unanalysed::Unanalysed;

/// What is due, decided after policy: the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    /// The linked release was withdrawn: go to the newest good one, down if need be.
    Withdrawn,
    /// A release that policy allows fixes an advisory that the linked version has.
    SecurityRelease,
    /// Affected; the fix is public but in no public release yet.
    FixPending,
    /// Affected, and policy allows no series that will get a public fix.
    Stranded,
    /// Unaffected so far, but the series has ended.
    EndOfLife,
    /// A newer release without security fixes, or policy moves to a newer series.
    BugfixRelease,
    /// Nothing is known to be due, but too little is known to say that nothing is.
    Unknown,
    /// Newer than anything known of its series.
    Ahead,
    /// Nothing newer, nothing known to be wrong.
    Current,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Withdrawn => "withdrawn",
            Self::SecurityRelease => "security-release",
            Self::FixPending => "fix-pending",
            Self::Stranded => "stranded",
            Self::EndOfLife => "end-of-life",
            Self::BugfixRelease => "bugfix-release",
            Self::Unknown => "unknown",
            Self::Ahead => "ahead",
            Self::Current => "current",
        })
    }
}

/// What a link's version means on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assessment {
    /// The version the link uses.
    pub linked: Version,
    /// What is due.
    pub verdict: Verdict,
    /// What is missing, where the verdict is [`Verdict::Unknown`], or calls the version unaffected.
    pub unknown: Option<Unknown>,
    /// Where to go; none where there is nothing to move to.
    pub target: Option<Version>,
    /// The newest good patch of the linked series, where the target lies in another one.
    pub own_series: Option<Version>,
    /// The gravest of what the target fixes; without a fix, of what the linked version has.
    pub severity: Option<Severity>,
    /// Whether the target is a release that OpenSSL has not yet said the advisories of: it counts
    /// as one that fixes some.
    pub is_unrecorded: bool,
    /// Advisories of the linked version that the target does not have.
    pub fixes: Vec<CveId>,
    /// Advisories whose fix is public, but in no public release yet.
    pub pending: Vec<Pending>,
    /// Advisories of which upstream's word on versions could not be read, where that alone makes
    /// them count for the linked version.
    pub unread: Vec<CveId>,
    /// Advisories of the target, or of the linked version without one.
    pub remaining: Vec<CveId>,
    /// Advisories of the target that the linked version is known not to have.
    pub introduced: Vec<CveId>,
    /// Advisories that upstream did not analyse for the linked version's series, or for the
    /// target's.
    pub unanalysed: Unanalysed,
    /// Departures from upstream's records that had a part in this.
    pub corrections: Vec<Correction>,
    /// Issues that upstream rejects.
    pub disputed: Vec<CveId>,
    /// The day a release that waits out its cooldown becomes due.
    pub due_on: Option<Date>,
    /// Newer series that are supported, each with its newest release.
    pub newer_series: Vec<NewerSeries>,
    /// The support of the linked series.
    pub support: Support,
    /// The lowest public release above the linked version that has every fix, of any series that is
    /// supported and that upstream looked at; only where stranded.
    pub refuge: Option<Version>,
    /// The version of the linked series that has the fixes and that only premium support customers
    /// get; only where stranded.
    pub premium: Option<Version>,
    /// Whether the version is only tested with: then nobody is exposed by it.
    pub tested: bool,
}

impl Assessment {
    /// The fixes that are waited for, without those of which it is not known where they will be, nor
    /// whether the linked version needs them.
    pub(crate) fn awaited(&self) -> impl Iterator<Item = &Pending> {
        let read = |pending: &&Pending| !self.unread.contains(&pending.id);
        self.pending.iter().filter(read)
    }

    /// Whether nothing is left open but advisories that could not be read.
    pub(crate) fn is_only_unread(&self) -> bool {
        let read = |id: &CveId| !self.unread.contains(id);
        let pending = self.pending.iter().map(|pending| &pending.id);
        !self.unread.is_empty() && !self.remaining.iter().chain(pending).any(read)
    }

    /// The same for a version that is only tested with: a move is a move, and no advisory matters.
    /// Where a version is to go stays: without it, a report would say that there is nowhere to go.
    #[must_use]
    pub(crate) fn only_tested(self) -> Self {
        let verdict = match (self.verdict, self.target) {
            (Verdict::SecurityRelease | Verdict::EndOfLife, Some(_)) => Verdict::BugfixRelease,
            (verdict, _) => verdict,
        };
        Self {
            verdict,
            severity: None,
            fixes: Vec::new(),
            pending: Vec::new(),
            unread: Vec::new(),
            remaining: Vec::new(),
            introduced: Vec::new(),
            unanalysed: Unanalysed::default(),
            corrections: Vec::new(),
            disputed: Vec::new(),
            tested: true,
            ..self
        }
    }
}

/// A newer series that is supported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewerSeries {
    /// The newest release of the series.
    pub version: Version,
    /// The last day of its public support.
    pub eol: Option<Date>,
}

/// Refuses a version that was never released though newer ones were, which no verdict can be given
/// for.
///
/// Pre-releases are let through: not every list of releases names them.
///
/// # Errors
///
/// If the version was never released though newer ones of its series were, or if its series never
/// existed.
pub(crate) fn check_released(version: Version, upstream: &View<'_>) -> Result<(), Fault> {
    if upstream.release(version).is_some() || (version.is_prerelease() && !version.is_dev()) {
        return Ok(());
    }
    let published = || {
        upstream
            .releases()
            .iter()
            .map(|published| published.release.version)
    };
    let neighbour =
        published().find(|other| other.series() == version.series() && *other > version);
    let series_known = published().any(|other| other.series() == version.series());
    let beyond_all = published().all(|other| other.series() < version.series());
    if neighbour.is_none() && (series_known || beyond_all) {
        return Ok(());
    }
    let other = neighbour.map_or_else(
        || "nor was any other of its series".to_owned(),
        |neighbour| format!("though `{neighbour}` of its series was"),
    );
    Err(Fault::usage(format!(
        "OpenSSL `{version}` was never released, {other}; correct the version"
    )))
}

/// Assesses a linked version under a policy.
pub(crate) fn assess(
    linked: Version,
    policy: &Policy,
    upstream: &View<'_>,
) -> Result<Assessment, Fault> {
    check_released(linked, upstream)?;
    let choice = target::choose(linked, policy, upstream);
    let assessment = with_target(linked, choice.target, &choice.allowed, policy, upstream);
    Ok(match assessment.verdict {
        // Whatever was newest when the facts were taken, nobody should be sent there.
        Verdict::Unknown => Assessment {
            target: None,
            own_series: None,
            ..assessment
        },
        _ => assessment,
    })
}

/// Assesses a move to a given version, whatever policy would choose (`--to`).
pub(crate) fn assess_move(
    linked: Version,
    target: Version,
    policy: &Policy,
    upstream: &View<'_>,
) -> Result<Assessment, Fault> {
    check_released(linked, upstream)?;
    Ok(with_target(
        linked,
        Some(target).filter(|target| *target != linked),
        &[linked.series(), target.series()],
        policy,
        upstream,
    ))
}

/// Everything that follows from the linked version, the target and the series that policy allows.
fn with_target(
    linked: Version,
    target: Option<Version>,
    allowed: &[Series],
    policy: &Policy,
    upstream: &View<'_>,
) -> Assessment {
    let moved = MovedAdvisories::of(linked, target, upstream);
    let pending: Vec<Pending> = moved
        .unfixed
        .iter()
        .filter_map(|known| pending(known, linked, allowed, upstream))
        .collect();
    let foretold = target.and_then(|target| upstream.foretold(linked, target));
    let (verdict, unknown) = verdict(
        linked,
        target,
        &moved,
        &pending,
        foretold.is_some(),
        upstream,
    );
    let is_stranded = verdict == Verdict::Stranded;
    Assessment {
        linked,
        verdict,
        unknown,
        target,
        own_series: target
            .filter(|target| target.series() != linked.series())
            .and_then(|_| newest_good(linked.series(), policy.prereleases, upstream)),
        severity: moved.gravest().into_iter().chain(foretold.clone()).max(),
        is_unrecorded: foretold.is_some() && moved.fixed.is_empty(),
        fixes: ids(&moved.fixed),
        unread: moved
            .unfixed
            .iter()
            .filter(|known| known.is_unread_for(linked))
            .map(|known| known.advisory.id)
            .collect(),
        pending,
        remaining: ids(&moved.remaining),
        introduced: ids(&moved.introduced),
        unanalysed: Unanalysed::of(linked, target, upstream),
        corrections: corrections(linked, target, upstream),
        disputed: upstream
            .disputed(linked)
            .map(|disputed| disputed.id)
            .collect(),
        due_on: target
            .filter(|_| verdict == Verdict::BugfixRelease)
            .and_then(|target| due_on(target, policy, upstream)),
        newer_series: newer_series(linked.series(), upstream),
        support: upstream.support(linked.series()),
        refuge: is_stranded.then(|| refuge(linked, upstream)).flatten(),
        premium: is_stranded.then(|| premium(linked, upstream)).flatten(),
        tested: false,
    }
}

/// What a move does to the advisories; without a target nothing is fixed.
struct MovedAdvisories<'a> {
    /// Those of the linked version that the target is known not to have.
    fixed: Vec<&'a KnownAdvisory<'a>>,
    /// The others of the linked version.
    unfixed: Vec<&'a KnownAdvisory<'a>>,
    /// Those of the target, or of the linked version without one.
    remaining: Vec<&'a KnownAdvisory<'a>>,
    /// Those that only the target has.
    introduced: Vec<&'a KnownAdvisory<'a>>,
}

impl<'a> MovedAdvisories<'a> {
    fn of(linked: Version, target: Option<Version>, upstream: &'a View<'_>) -> Self {
        let (unfixed, fixed) = upstream
            .affecting(linked)
            .partition(|known| !target.is_some_and(|to| upstream.is_fixed(known, linked, to)));
        let remaining: Vec<_> = upstream.affecting(target.unwrap_or(linked)).collect();
        let new = remaining
            .iter()
            .filter(|known| upstream.is_free_of(known, linked));
        Self {
            fixed,
            unfixed,
            introduced: new.copied().collect(),
            remaining,
        }
    }

    /// The gravest severity of what is fixed, else of what the linked version has.
    fn gravest(&self) -> Option<Severity> {
        let weighed = if self.fixed.is_empty() {
            &self.unfixed
        } else {
            &self.fixed
        };
        weighed
            .iter()
            .map(|known| known.advisory.severity.clone())
            .max()
    }
}

fn ids(list: &[&KnownAdvisory<'_>]) -> Vec<CveId> {
    list.iter().map(|known| known.advisory.id).collect()
}

/// The first verdict that holds, and what is not known where that decides it.
fn verdict(
    linked: Version,
    target: Option<Version>,
    moved: &MovedAdvisories<'_>,
    pending: &[Pending],
    is_foretold: bool,
    upstream: &View<'_>,
) -> (Verdict, Option<Unknown>) {
    let lacking = unknown::of_facts(linked, target, upstream);
    let mut fixes = pending.iter();
    let fixed_elsewhere = fixes.find_map(|pending| Unknown::of_fix(pending, upstream));
    let published = upstream.release(linked);
    let verdict = if published.is_some_and(|published| published.withdrawn) {
        Verdict::Withdrawn
    } else if !moved.fixed.is_empty() || is_foretold {
        Verdict::SecurityRelease
    } else if fixed_elsewhere.is_some() {
        Verdict::Unknown
    } else if !pending.is_empty() {
        Verdict::FixPending
    } else if !moved.unfixed.is_empty() {
        Verdict::Stranded
    } else if upstream.support(linked.series()).ended {
        Verdict::EndOfLife
    } else if lacking.is_some() {
        Verdict::Unknown
    } else if target.is_some() {
        Verdict::BugfixRelease
    } else if upstream.is_ahead(linked) {
        Verdict::Ahead
    } else {
        Verdict::Current
    };
    let unknown = fixed_elsewhere
        .or(lacking)
        .filter(|_| matches!(verdict, Verdict::Unknown | Verdict::EndOfLife));
    (verdict, unknown)
}

/// The version that an advisory's fix is expected in: of the linked series, else of another one
/// that policy allows, as long as that series was supported when the advisory came. Where upstream
/// names no version, the series must be supported still.
fn pending(
    known: &KnownAdvisory<'_>,
    linked: Version,
    allowed: &[Series],
    upstream: &View<'_>,
) -> Option<Pending> {
    let own_first = std::iter::once(linked.series()).chain(allowed.iter().copied());
    let expected = own_first
        .filter(|series| {
            let support = upstream.support(*series);
            !support.ended
                || support
                    .eol
                    .is_some_and(|eol| known.advisory.published <= eol)
        })
        .find_map(|series| match upstream.effective_fix(known, series) {
            Some(fix) => {
                let comes = fix > linked && !upstream.is_good(fix) && !known.is_premium(fix);
                comes.then_some(fix)
            }
            // No fix is named, but the series is supported: it will be in a version after the
            // newest.
            None if series == linked.series() && !upstream.support(series).ended => upstream
                .newest(series)
                .map(|newest| newest.next_in_series()),
            None => None,
        })?;
    Some(Pending {
        id: known.advisory.id,
        expected,
        since: known.advisory.published,
    })
}

/// The newest release of a series that can be a target.
fn newest_good(series: Series, prereleases: bool, upstream: &View<'_>) -> Option<Version> {
    upstream
        .good_releases()
        .map(|release| release.version)
        .rfind(|version| version.series() == series && (prereleases || !version.is_prerelease()))
}

fn newer_series(linked: Series, upstream: &View<'_>) -> Vec<NewerSeries> {
    let mut newest: Vec<NewerSeries> = Vec::new();
    for version in upstream
        .supported_releases()
        .map(|release| release.version)
        .filter(|version| version.series() > linked)
    {
        match newest.last_mut() {
            Some(last) if last.version.series() == version.series() => last.version = version,
            _ => newest.push(NewerSeries {
                version,
                eol: upstream.support(version.series()).eol,
            }),
        }
    }
    newest
}

/// When a release without security fixes has waited long enough; none where it has.
fn due_on(target: Version, policy: &Policy, upstream: &View<'_>) -> Option<Date> {
    let published = upstream.release(target)?.release.date;
    let due = published
        .checked_add(jiff::Span::new().days(policy.cooldown))
        .ok()?;
    (due > upstream.day).then_some(due)
}

/// The highest premium version of a version's own series that upstream names as a fix.
fn premium(linked: Version, upstream: &View<'_>) -> Option<Version> {
    let of_known = |known: &KnownAdvisory<'_>| {
        let fixed = known.fixed_in(linked.series())?;
        (known.is_premium(fixed) && !upstream.is_good(fixed)).then_some(fixed)
    };
    upstream.affecting(linked).filter_map(of_known).max()
}

/// The lowest public release above a version that has none of the version's advisories, of a series
/// that is supported and that upstream looked at.
fn refuge(linked: Version, upstream: &View<'_>) -> Option<Version> {
    let affecting: Vec<&KnownAdvisory<'_>> = upstream.affecting(linked).collect();
    let nearest: Vec<Version> = affecting
        .iter()
        .filter_map(|known| upstream.nearest_fix(known, linked))
        .collect();
    let from = nearest.into_iter().max()?;
    let mut candidates = upstream
        .supported_releases()
        .map(|release| release.version)
        .filter(|version| *version >= from);
    candidates.find(|version| {
        let free = |known: &&KnownAdvisory<'_>| upstream.is_free_of(known, *version);
        affecting.iter().all(free)
    })
}

/// The corrections that had a part in what is said about the linked version or the target,
/// withdrawn fixes included.
fn corrections(linked: Version, target: Option<Version>, upstream: &View<'_>) -> Vec<Correction> {
    let mut list: Vec<Correction> = Vec::new();
    for known in upstream.advisories() {
        list.extend(
            std::iter::once(linked)
                .chain(target)
                .flat_map(|version| known.corrections(version)),
        );
        let series = linked.series();
        if known.affects(linked)
            && let (Some(named), Some(effective)) = (
                known.fixed_in(series),
                upstream.effective_fix(known, series),
            )
            && effective != named.finished()
        {
            list.push(Correction::new(
                known.advisory.id,
                format!("upstream names {named} as fixed, which was withdrawn; {effective} is the first good version with the fix"),
            ));
        }
    }
    let mut seen = Vec::new();
    list.retain(|correction| {
        let new = !seen.contains(correction);
        if new {
            seen.push(correction.clone());
        }
        new
    });
    list
}
