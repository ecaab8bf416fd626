//! What history proves of the lines that stand now: what moved with OpenSSL's version is a pin, and
//! what stayed where it was is none.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::record::{LineMove, Record};
use super::shaped;
use crate::openssl::version::{Series, Version};
use crate::project::discovery::found::{Checkout, Confidence, Doubt, Moved};
use crate::project::discovery::line::sighting::{Lines, Sighting, SightingVerdict};
use crate::project::discovery::line::{digest_forms, file_kind, subject};
use crate::project::discovery::mark::copies::Copies;
use crate::project::discovery::owner::neighbours::{self, Neighbour};
use crate::project::discovery::owner::{digests, evidence, fetched, foreign};
use crate::project::discovery::value::sightings::{self, Sightings};
use crate::project::pattern::Placeholder;

/// Moves that are looked at: the newest of each series.
const EVENTS: usize = 3;

/// The commits that brought one version, by number.
#[derive(Debug, Clone, Copy)]
struct VersionEvent {
    newest: usize,
    oldest: usize,
}

/// A place of a version now.
struct Now {
    path: String,
    /// Whether its file is one for people to read.
    is_prose: bool,
    line: usize,
    /// What its line says.
    written: String,
    key: (String, String),
    series: Series,
    sighting: Sighting,
    /// What history did to it.
    steps: Vec<LineMove>,
}

impl Now {
    /// Whether it stands in a paper, or in a comment of a program or test.
    fn only_speaks(&self) -> bool {
        let aside = || file_kind::aside(&self.path).is_some() || file_kind::is_program(&self.path);
        self.is_prose || (subject::is_comment(&self.written) && aside())
    }

    /// Whether anything but the number says that it is OpenSSL's: another package may have had the
    /// same two numbers in one commit.
    fn speaks_of_openssl(&self, text: &str) -> bool {
        let is_other = || neighbours::of(text, &Lines::of(text), self.line) == Neighbour::Other;
        self.sighting.is_ours()
            || subject::names_openssl(&self.written)
            || (sightings::contains_openssl(text) && !is_other())
    }

    /// Keeps the steps that lead to the version that stands here: other lines of its shape have
    /// steps of their own.
    fn keep_own_steps(&mut self) {
        let mut version = self.sighting.version;
        self.steps.retain(|step| {
            let leads = step.new == version;
            if leads {
                version = step.old;
            }
            leads
        });
    }
}

/// Changes what was seen by what history proves.
pub(crate) fn apply<'a>(
    record: &Record,
    known: &Sightings,
    checkout: &'a Checkout,
    copies: &Copies<'_>,
    seen: &mut Vec<(&'a str, Vec<Sighting>)>,
    unsure: &mut BTreeSet<Doubt>,
) {
    if record.steps.is_empty() {
        return;
    }
    let now = standing(record, known, checkout, copies, seen);
    let trusted = trusted(&now);
    let steps_of = |place: &Now| -> Vec<LineMove> {
        let steps = place.steps.iter();
        steps
            .filter(|step| trusted.contains(&(step.commit, step.old, step.new)))
            .copied()
            .collect()
    };
    // A line may hold versions of several series.
    let steps_in = |place: &Now| -> Vec<LineMove> {
        let mut steps = steps_of(place);
        steps.retain(|step| step.new.series() == place.series);
        steps
    };
    let events = events(&now, &steps_in);
    let bumps: BTreeMap<Version, VersionEvent> = self::events(&now, &steps_of)
        .into_values()
        .flatten()
        .collect();
    let mut last_in: BTreeMap<String, usize> = BTreeMap::new();
    for place in &now {
        for step in steps_of(place) {
            let last = last_in.entry(place.path.clone()).or_insert(step.commit);
            *last = (*last).min(step.commit);
        }
    }
    // Places of one file follow each other.
    let (mut path, mut lines) = (String::new(), HashSet::new());
    for place in now {
        if path != place.path {
            (path, lines) = (place.path.clone(), record.stood(&place.path));
        }
        let stood = lines.contains(place.written.as_str());
        let Some(of_series) = events.get(&place.series) else {
            if let Some(commit) = last_in.get(&place.path)
                && stood
                && known
                    .newest_on(place.series, record.commits[*commit].day)
                    .is_some_and(|newest| newest > place.sighting.version)
            {
                drop_stayed(seen, &place, checkout, unsure, &record.commits[*commit]);
            }
            continue;
        };
        let mut last: Vec<(Version, VersionEvent)> = of_series
            .iter()
            .map(|(version, event)| (*version, *event))
            .collect();
        last.sort_by_key(|(_, event)| event.newest);
        last.truncate(EVENTS);
        let proof: Vec<LineMove> = steps_in(&place)
            .into_iter()
            .filter(|step| last.iter().any(|(version, _)| *version == step.new))
            .collect();
        let Some((_, first)) = last.first() else {
            continue;
        };
        // What tells people of a version moves only by custom, and so does what a patch was written
        // for.
        let of_a_patch = place.sighting.doubt() == Some(evidence::PATCH);
        let all = steps_of(&place);
        if of_a_patch && !moved_always(&all, of_series) && !moved_always(&all, &bumps) {
            continue;
        }
        // What gives a name its value is kept up with it, as far as is known.
        let newest = |step: &LineMove| {
            last.first()
                .is_some_and(|(version, _)| *version == step.new)
        };
        let kept_up = gives_a_value(&place.written) && proof.iter().any(newest);
        let enough = if place.is_prose && !kept_up { 2 } else { 1 };
        let of_a_table = place.is_prose && place.written.starts_with('|');
        let proven = proof.len() >= enough || of_a_table && is_custom(&all, &bumps);
        if proven && stood {
            continue;
        }
        if proven {
            let moved = record.named(proof.iter().map(|step| step.commit));
            take(seen, &place, checkout, moved);
        } else if !record.written_since(&place.key, first.oldest) {
            drop_stayed(
                seen,
                &place,
                checkout,
                unsure,
                &record.commits[first.newest],
            );
        }
    }
    digests(record, known, checkout, seen);
}

/// Whether a line of a paper gives a name its value, in whatever marks, and says nothing more:
/// ``- `OPENSSL_VERSION="3.5.3"` ``.
fn gives_a_value(line: &str) -> bool {
    let marks = |c: char| matches!(c, '`' | '-' | '*' | ' ');
    let Some((name, value)) = line.trim_matches(marks).split_once('=') else {
        return false;
    };
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !value.contains(char::is_whitespace)
}

/// Whether a place moved in every one of these bumps, and they are several.
fn moved_always(steps: &[LineMove], bumps: &BTreeMap<Version, VersionEvent>) -> bool {
    let moved = |version: &Version| steps.iter().any(|step| step.new == *version);
    bumps.len() > 1 && bumps.keys().all(moved)
}

/// Whether a place moved in the newest two of these bumps, whatever series they went to.
fn is_custom(steps: &[LineMove], bumps: &BTreeMap<Version, VersionEvent>) -> bool {
    let mut newest: Vec<(&Version, &VersionEvent)> = bumps.iter().collect();
    newest.sort_by_key(|(_, event)| event.newest);
    newest.truncate(2);
    let moved =
        |(version, _): &(&Version, &VersionEvent)| steps.iter().any(|step| step.new == **version);
    newest.len() == 2 && newest.iter().all(moved)
}

/// Of each series the commits that brought its versions, by the steps of the places that stand in it.
fn events(
    now: &[Now],
    steps_in: &dyn Fn(&Now) -> Vec<LineMove>,
) -> BTreeMap<Series, BTreeMap<Version, VersionEvent>> {
    let mut events: BTreeMap<Series, BTreeMap<Version, VersionEvent>> = BTreeMap::new();
    for place in now {
        for step in steps_in(place) {
            let of_series = events.entry(place.series).or_default();
            let event = of_series.entry(step.new).or_insert(VersionEvent {
                newest: step.commit,
                oldest: step.commit,
            });
            event.newest = event.newest.min(step.commit);
            event.oldest = event.oldest.max(step.commit);
        }
    }
    events
}

/// Every version that stands in a file whose history was read.
fn standing(
    record: &Record,
    known: &Sightings,
    checkout: &Checkout,
    copies: &Copies<'_>,
    seen: &[(&str, Vec<Sighting>)],
) -> Vec<Now> {
    let mut now = Vec::new();
    let paths: BTreeSet<&String> = record.steps.keys().map(|(path, _)| path).collect();
    let seen_paths = seen.iter().map(|(path, _)| (*path).to_owned());
    let all: BTreeSet<String> = paths.into_iter().cloned().chain(seen_paths).collect();
    for path in all {
        let Some(text) = checkout.texts.get(&path) else {
            continue;
        };
        // What moves in another project's copy moved there.
        if file_kind::is_generated(&path) || file_kind::is_history(&path) || copies.hold(&path) {
            continue;
        }
        let lines = Lines::of(text);
        let is_prose = file_kind::is_prose(&path, text);
        let judged = seen.iter().find(|(other, _)| *other == path);
        for (range, slot, version) in known.versions(text) {
            let line = lines.line_of(range.start);
            let written = &text[lines.range(line)];
            let (Some(version), Some(shape)) = (version, shaped::shape(known, written)) else {
                continue;
            };
            let judged = judged.and_then(|(_, seen)| seen.iter().find(|one| one.range == range));
            if judged.is_some_and(|one| foreign::is_managed(one, text)) {
                continue;
            }
            let sighting = judged.cloned().unwrap_or(Sighting::new(
                range,
                line,
                slot,
                version,
                SightingVerdict::Doubtful(false, ""),
            ));
            let key = (path.clone(), shape);
            now.push(Now {
                steps: record.steps.get(&key).cloned().unwrap_or_default(),
                key,
                path: path.clone(),
                is_prose,
                line,
                written: written.trim().to_owned(),
                series: version.series(),
                sighting,
            });
        }
    }
    let mut times: HashMap<(String, String), usize> = HashMap::new();
    for place in &now {
        *times.entry(place.key.clone()).or_default() += 1;
    }
    for place in now.iter_mut().filter(|place| times[&place.key] > 1) {
        place.keep_own_steps();
    }
    now
}

/// The moves of lines that are OpenSSL's by what they say; what moved in the same commit between
/// the same versions moved with them. What only speaks of a version proves nothing by moving.
fn trusted(now: &[Now]) -> HashSet<(usize, Version, Version)> {
    let of = |wanted: &dyn Fn(&Sighting) -> bool| -> HashSet<(usize, Version, Version)> {
        now.iter()
            .filter(|place| wanted(&place.sighting) && !place.only_speaks())
            .flat_map(|place| &place.steps)
            .map(|step| (step.commit, step.old, step.new))
            .collect()
    };
    let ours = of(&|one| {
        one.is_ours() || one.verdict == SightingVerdict::Doubtful(true, evidence::COMMENT)
    });
    if ours.is_empty() {
        of(&Sighting::names_openssl)
    } else {
        ours
    }
}

/// Makes a place one of OpenSSL's, with the commits that moved it.
fn take<'a>(
    seen: &mut Vec<(&'a str, Vec<Sighting>)>,
    place: &Now,
    checkout: &'a Checkout,
    moved: Vec<Moved>,
) {
    let Some((path, text)) = checkout.texts.get_key_value(&place.path) else {
        return;
    };
    let confidence = if moved.len() > 1 || place.speaks_of_openssl(text) {
        Confidence::Certain
    } else {
        Confidence::Likely
    };
    let at = seen.iter().position(|(other, _)| other == path);
    let at = at.unwrap_or_else(|| {
        seen.push((path.as_str(), Vec::new()));
        seen.len() - 1
    });
    let list = &mut seen[at].1;
    list.retain(|one| one.range != place.sighting.range);
    let mut sighting = place.sighting.clone();
    sighting.verdict = SightingVerdict::Ours(confidence, MOVED);
    sighting.moved = moved;
    list.push(sighting);
    list.sort_by_key(|one| one.range.start);
}

/// Why a place counts that history proves.
pub(crate) const MOVED: &str = "it moved when OpenSSL's version did";

fn drop_stayed(
    seen: &mut [(&str, Vec<Sighting>)],
    place: &Now,
    checkout: &Checkout,
    unsure: &mut BTreeSet<Doubt>,
    event: &Moved,
) {
    let Some((_, list)) = seen.iter_mut().find(|(path, _)| *path == place.path) else {
        return;
    };
    let before = list.len();
    list.retain(|one| one.range != place.sighting.range);
    if list.len() < before && place.sighting.is_ours() {
        let why = format!("it stayed as it is when other lines moved in {event}");
        let text = &checkout.texts[&place.path];
        unsure.insert(Doubt::at(&place.path, text, place.line, why));
    }
}

/// Digests that moved in a commit that moved a version of the same file.
fn digests(
    record: &Record,
    known: &Sightings,
    checkout: &Checkout,
    seen: &mut [(&str, Vec<Sighting>)],
) {
    for (path, list) in seen {
        let Some(text) = checkout.texts.get(*path) else {
            continue;
        };
        let lines = Lines::of(text);
        let proven: Vec<(usize, Version, Vec<Moved>)> = list
            .iter()
            .filter(|one| !one.moved.is_empty())
            .map(|one| (one.line, one.version, one.moved.clone()))
            .collect();
        let stood = record.stood(path);
        let mut found = Vec::new();
        for (range, line, slot) in digest_forms::by_form(text, &lines) {
            let Some(shape) = shaped::shape(known, &text[lines.range(line)]) else {
                continue;
            };
            let Some(commits) = record.digests.get(&((*path).to_owned(), shape)) else {
                continue;
            };
            // Of lines of one shape it is not the one that stood there before.
            if stood.contains(text[lines.range(line)].trim())
                || record.held(path, &text[range.clone()])
            {
                continue;
            }
            let moved = record.named(commits.iter().copied());
            let with = proven
                .iter()
                .filter(|(_, _, steps)| steps.iter().any(|step| moved.contains(step)))
                .min_by_key(|(other, ..)| other.abs_diff(line));
            // A commit that moves OpenSSL may move other packages' digests too.
            let label = &text[lines.range(line).start..range.start];
            let of_another = |version: &Version| {
                let mut release = known.release(*version).into_iter();
                release.any(|release| {
                    digests::value(release, slot).is_some()
                        && !digests::may_be(slot, &text[range.clone()], release)
                }) || digests::is_of_another_file(&text[lines.range(line)])
                    || digests::is_of_an_installer(text, &lines, line)
                    // The whole text is asked last.
                    || digests::is_of_another(text, label)
            };
            if let Some((_, version, _)) = with
                && !list.iter().any(|one| one.range == range)
                && !of_another(version)
            {
                found.push(Sighting {
                    range,
                    line,
                    slot,
                    version: *version,
                    verdict: SightingVerdict::Ours(Confidence::Certain, MOVED),
                    scope: None,
                    moved,
                    tested: false,
                });
            }
        }
        keep_one_value(text, list, &proven, &mut found);
        list.extend(found);
        list.sort_by_key(|one| one.range.start);
    }
}

/// Of digests of one kind keeps those of one file: a release has one tarball, and what differs from
/// its digest is that of another thing that moved in the same commit. The one that stands beside its
/// version is known already, else the nearest to a version that moved is it.
fn keep_one_value(
    text: &str,
    known: &[Sighting],
    proven: &[(usize, Version, Vec<Moved>)],
    found: &mut Vec<Sighting>,
) {
    let of = |one: &Sighting| text[one.range.clone()].to_ascii_lowercase();
    let away = |one: &Sighting| {
        let versions = proven.iter().filter(|(_, other, _)| *other == one.version);
        versions.map(|(line, ..)| line.abs_diff(one.line)).min()
    };
    let mut values: BTreeMap<(Version, Placeholder), BTreeSet<String>> = BTreeMap::new();
    for one in known.iter().filter(|one| one.is_ours()) {
        let kind = (one.version, one.slot);
        values.entry(kind).or_default().insert(of(one));
    }
    let mut nearest: Vec<&Sighting> = found.iter().collect();
    nearest.sort_by_cached_key(|one| away(one));
    for one in nearest {
        let kind = (one.version, one.slot);
        values
            .entry(kind)
            .or_insert_with(|| BTreeSet::from([of(one)]));
    }
    // Of several in the version's own entry none is known to be upstream's.
    found.retain(|one| {
        let is_close = away(one).is_some_and(|lines| lines <= fetched::CLOSE);
        is_close || values[&(one.version, one.slot)].contains(&of(one))
    });
}
