//! No file that a pin names may keep the old version, or a digest of its tarball.

mod digest;
mod revised;
mod tags;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::lines;
use super::moves::Move;
use super::prose;
use super::splice::{Splice, touches};
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::address::{self, series_beside};
use crate::project::config::{Pin, PinKind};
use crate::project::file_entry::line_of;
use crate::project::foreign_digest;
use crate::project::linked::{Files, spelling, table};
use crate::project::pattern::{Pattern, Placeholder};
use crate::text::fault::Fault;
use digest::Sums;

/// What a file is looked through for.
pub(super) struct Looked<'a> {
    pub(super) path: &'a str,
    pub(super) old: Version,
    /// Where what is at the old version goes.
    pub(super) new: Version,
    /// The pins that name it.
    pub(super) pins: &'a [&'a Pin],
    pub(super) files: &'a Files,
    pub(super) releases: &'a [Release],
    /// What the bump replaces.
    pub(super) splices: &'a [Splice],
    /// What belongs to links that stay.
    pub(super) owned: &'a [Range<usize>],
}

/// Refuses a change that would leave the old version, a digest of its tarball, or beside what
/// moved a digest that does not, in a file.
pub(super) fn check(looked: &Looked<'_>) -> Result<(), Fault> {
    let text = looked.files.text(looked.path)?;
    let pins = looked.pins;
    let listed = old_entries(pins, looked.path, text, looked.old);
    let stands = stands(text, looked.old);
    let watch = Watch {
        looked,
        text,
        pins,
        listed,
        stands,
    };
    watch.versions()?;
    watch.series()?;
    watch.tags()?;
    watch.digests()
}

/// One file with what stands in it of the old release.
struct Watch<'a> {
    looked: &'a Looked<'a>,
    text: &'a str,
    pins: &'a [&'a Pin],
    /// Entries of tables for the old version.
    listed: Vec<Range<usize>>,
    /// The old version.
    stands: Vec<Range<usize>>,
}

impl Watch<'_> {
    fn versions(&self) -> Result<(), Fault> {
        let old = self.looked.old;
        let tables = self
            .pins
            .iter()
            .any(|pin| matches!(&pin.kind, PinKind::Text(text_pin) if !text_pin.insert.is_empty()));
        let mut left: Vec<Range<usize>> = self.stands.clone();
        // A table keeps what came before, and so does prose.
        if !tables {
            let revised = revised::stands(self.text, old);
            left.extend(
                revised
                    .into_iter()
                    .filter(|range| !prose::is_prose(self.text, range.start)),
            );
        }
        left.retain(|range| self.is_left(range));
        if left.is_empty() {
            return Ok(());
        }
        if let Some(first) = left.iter().find(|range| self.is_of_wrapdb(range)) {
            return Err(Fault::usage(format!(
                "`{}` line {} has WrapDB's own revision of {old}, which goes with the version: the wrap needs WrapDB's patch for {}; take the wrap that has it (`meson wrap update`)",
                self.looked.path,
                line_of(self.text.as_bytes(), first.start),
                self.looked.new
            )));
        }
        let what = format!("say {old}");
        Err(self.refusal(&left, &what, "a pattern"))
    }

    /// Whether a line of Meson's wrap is about the patch that WrapDB has for the version.
    fn is_of_wrapdb(&self, range: &Range<usize>) -> bool {
        let line = &self.text[lines::around(self.text, range.start).content];
        let is_patch = line.starts_with("patch_") && self.text.contains("wrapdb");
        self.looked.path.ends_with(".wrap") && (is_patch || line.contains("wrapdb"))
    }

    /// Refuses an address that would say another series than the version in it, and a name of the
    /// series close to a version of the next one.
    fn series(&self) -> Result<(), Fault> {
        let series = self.looked.old.series();
        let crosses = |range: &Range<usize>| {
            let mut splices = self.looked.splices.iter();
            let splice = splices.find(|splice| touches(&splice.range, range));
            let new = splice.and_then(|splice| splice.text.parse::<Version>().ok());
            new.is_some_and(|new| new.series() != series)
        };
        let crossing = || self.stands.iter().filter(|range| crosses(range));
        let mut left: Vec<Range<usize>> = crossing()
            .filter_map(|range| {
                let line = lines::around(self.text, range.start).content;
                let before = &self.text[line.start..range.start];
                let found = address::series(before, series)?;
                Some(line.start + found.start..line.start + found.end)
            })
            .filter(|range| self.is_left(range))
            .collect();
        let mut places: Vec<Range<usize>> = crossing()
            .flat_map(|range| series_beside(self.text, range.start, series))
            .collect();
        if crossing().next().is_some() {
            let folder = format!("/old/{series}/");
            let folders = self.text.match_indices(&folder);
            places.extend(folders.map(|(at, _)| at + "/old/".len()..at + folder.len() - 1));
        }
        places.retain(|range| self.is_left(range) && !prose::is_prose(self.text, range.start));
        left.extend(places);
        left.sort_by_key(|range| range.start);
        left.dedup();
        if left.is_empty() {
            return Ok(());
        }
        let what = format!("say series {series}");
        Err(self.refusal(&left, &what, "`{series}`"))
    }

    /// Refuses a step over 3.0 where a tag is made of the version: `OpenSSL_1_1_1w` and then
    /// `openssl-3.0.0`.
    fn tags(&self) -> Result<(), Fault> {
        let (old, new) = (self.looked.old, self.looked.new);
        if old.major() >= 3 || new.major() < 3 {
            return Ok(());
        }
        let moved = self.looked.splices.iter().map(|splice| splice.range.start);
        let names: BTreeSet<&str> = moved.filter_map(|at| tags::given(self.text, at)).collect();
        let mut left = tags::made(self.text, &names).into_iter();
        let left =
            left.find(|range| self.is_left(range) && !prose::is_prose(self.text, range.start));
        let Some(first) = left else {
            return Ok(());
        };
        let content = &self.text[lines::around(self.text, first.start).content];
        Err(Fault::usage(format!(
            "`{}` line {} makes a tag of the version as releases before 3.0 have it, and from 3.0 on it is called `{}`; correct that line by hand first, or allow it in the pin of {} with: leave = [{}]",
            self.looked.path,
            line_of(self.text.as_bytes(), first.start),
            new.tag(),
            self.place(),
            quoted(&literal(content)),
        )))
    }

    fn digests(&self) -> Result<(), Fault> {
        let (old, releases) = (self.looked.old, self.looked.releases);
        let all = digest::all(self.text);
        let found: Vec<(Placeholder, Range<usize>)> = all
            .iter()
            .filter(|(_, range)| self.is_left(range) && !prose::is_prose(self.text, range.start))
            .cloned()
            .collect();
        let told = |slot: Placeholder, range: &Range<usize>| {
            spelling::release(slot, &self.text[range.clone()], releases)
        };
        let (moved, kept): (Vec<Range<usize>>, Vec<Range<usize>>) = self
            .stands
            .iter()
            .cloned()
            .partition(|range| self.moves(range));
        let of_old: Vec<&(Placeholder, Range<usize>)> = found
            .iter()
            .filter(|(slot, range)| told(*slot, range) == Some(old))
            .filter(|(_, range)| !digest::belongs(self.text, range, &kept, &moved))
            .collect();
        if let Some((slot, _)) = of_old.first() {
            let what = format!("hold the {} of OpenSSL {old}", slot.hexadecimal().name());
            let ranges: Vec<_> = of_old.iter().map(|(_, range)| range.clone()).collect();
            let add = format!("a pattern with `{{{}}}`", slot.name());
            return Err(self.refusal(&ranges, &what, &add));
        }
        let sums = all.iter().map(|(_, range)| range.clone());
        let sums = Sums::of(self.text, sums.filter(|range| self.moves(range)));
        let targets: BTreeSet<Version> = self
            .looked
            .splices
            .iter()
            .filter_map(|splice| splice.text.parse().ok())
            .collect();
        // That of a release which the text says beside, or which comes, may stand.
        let stays =
            |version: Version| targets.contains(&version) || !stands(self.text, version).is_empty();
        let beside: Vec<&(Placeholder, Range<usize>)> = found
            .iter()
            .filter(|(slot, range)| {
                digest::is_beside(self.text, &moved, *slot, range)
                    || sums.have_another(self.text, range)
            })
            .filter(|(slot, range)| {
                // A commit has the form of a SHA-1.
                let commit = told(Placeholder::Commit, range);
                commit.is_none_or(|version| version == old || !stays(version))
                    && told(*slot, range).is_none_or(|version| version != old && !stays(version))
            })
            .collect();
        if let Some((slot, range)) = beside.first() {
            if let Some(version) = told(*slot, range) {
                let name = slot.hexadecimal().name();
                return Err(Fault::usage(format!(
                    "`{}` line {} holds the {name} of OpenSSL {version} beside {old}, and nothing says {version} there; correct it first",
                    self.looked.path,
                    line_of(self.text.as_bytes(), range.start)
                )));
            }
            let what = "hold the same digest beside a version or digest that moved";
            let ranges: Vec<_> = beside.iter().map(|(_, range)| range.clone()).collect();
            let add = format!("a pattern with its placeholder (`{{{}}}`)", slot.name());
            return Err(self.refusal(&ranges, what, &add));
        }
        self.foreign_digests(&all, &kept, &moved)
    }

    /// Refuses a digest of a kind that no placeholder gives, where what is nearest to it moves.
    fn foreign_digests(
        &self,
        given: &[(Placeholder, Range<usize>)],
        kept: &[Range<usize>],
        moved: &[Range<usize>],
    ) -> Result<(), Fault> {
        let mut foreign = foreign_digest::all(self.text);
        foreign.retain(|range| self.is_left(range) && !prose::is_prose(self.text, range.start));
        if foreign.is_empty() {
            return Ok(());
        }
        let starts: BTreeSet<usize> = foreign.iter().map(|range| range.start).collect();
        let given = given.iter().map(|(_, range)| range.clone());
        let given = given.filter(|range| !starts.contains(&range.start));
        let (mut go, mut stay): (Vec<_>, Vec<_>) = given.partition(|range| self.moves(range));
        go.extend_from_slice(moved);
        stay.extend_from_slice(kept);
        let follows = |range: &Range<usize>| {
            let mut moved = moved.iter();
            moved.any(|version| foreign_digest::is_of_package(self.text, version.end, range))
        };
        let (mut of_package, others): (Vec<_>, Vec<_>) = foreign.into_iter().partition(follows);
        let mut foreign = digest::nearest(self.text, others, &go, &stay);
        foreign.append(&mut of_package);
        if foreign.is_empty() {
            return Ok(());
        }
        let what = "hold the same digest, of a kind that no placeholder gives, beside what moved";
        Err(self.refusal(
            &foreign,
            what,
            "a `delete` (where it has a line of its own)",
        ))
    }

    /// A line as a pattern that still fits once what is on it has moved.
    fn lasting(&self, range: &Range<usize>) -> String {
        let line = lines::around(self.text, range.start).content;
        let mut places: Vec<(Range<usize>, &str)> = digest::all(&self.text[line.clone()])
            .into_iter()
            .map(|(_, found)| (found, "{*}"))
            .collect();
        let moved = self
            .stands
            .iter()
            .filter(|one| line.contains(&one.start) && self.moves(one));
        places.extend(moved.map(|one| {
            let dotted = self.text[one.clone()].contains('.');
            let placeholder = if dotted { "{version}" } else { "{version_}" };
            (one.start - line.start..one.end - line.start, placeholder)
        }));
        places.sort_by_key(|(found, _)| (found.start, std::cmp::Reverse(found.end)));
        let content = &self.text[line];
        let (mut out, mut at) = (String::new(), 0);
        for (found, placeholder) in places {
            if found.start >= at {
                out.push_str(&literal(&content[at..found.start]));
                out.push_str(placeholder);
                at = found.end;
            }
        }
        out + &literal(&content[at..])
    }

    fn moves(&self, range: &Range<usize>) -> bool {
        let mut splices = self.looked.splices.iter();
        splices.any(|splice| touches(&splice.range, range))
    }

    /// Whether nothing replaces this, and nothing says that it may stay.
    fn is_left(&self, range: &Range<usize>) -> bool {
        let line = lines::around(self.text, range.start).content;
        let allows = |pattern: &Pattern| pattern.find(self.text, line.clone()).next().is_some();
        let mut others = self.looked.owned.iter().chain(&self.listed);
        !(self.moves(range)
            || others.any(|other| touches(other, range))
            || self.pins.iter().flat_map(|pin| &pin.leave).any(allows))
    }

    /// Where the configuration says what may stay in the file.
    fn place(&self) -> &str {
        let pin = self.pins.first();
        pin.map_or("the configuration", |pin| pin.place.as_str())
    }

    /// The fault that names every line that would stay, and what to write where it is right to.
    fn refusal(&self, ranges: &[Range<usize>], what: &str, add: &str) -> Fault {
        let mut found: Vec<(usize, String)> = ranges
            .iter()
            .map(|range| {
                (
                    line_of(self.text.as_bytes(), range.start),
                    self.lasting(range),
                )
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        let place = self.place();
        let mut allowed: Vec<String> = found.iter().map(|(_, line)| quoted(line)).collect();
        allowed.dedup();
        let more = allowed.len().saturating_sub(SHOWN);
        allowed.truncate(SHOWN);
        if more > 0 {
            allowed.push(format!("... and so on for {more} more"));
        }
        let mut lines: Vec<String> = found.iter().map(|(line, _)| line.to_string()).collect();
        let (word, them) = if lines.len() == 1 {
            ("line", "it")
        } else {
            ("lines", "them")
        };
        if more > 0 {
            let rest = lines.split_off(SHOWN).len();
            lines.push(format!("{rest} more"));
        }
        let lines = crate::text::in_words(lines);
        Fault::usage(format!(
            "`{}` {word} {lines} would still {what} after the bump; add {add} for {them}, or allow {them} in the pin of {place} with: leave = [{}]",
            self.looked.path,
            allowed.join(", ")
        ))
    }
}

/// Lines that a message shows of many.
const SHOWN: usize = 4;

/// Where a version stands in a text, with dots, escaped or not, or underscores.
fn stands(text: &str, version: Version) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for written in ["{version}", "{version_}"] {
        let Ok(pattern) = Pattern::of_pin(written) else {
            continue;
        };
        let slot = pattern.slots().next();
        let all = pattern.find(text, 0..text.len()).map(|one| one.range);
        found.extend(all.filter(|range| {
            slot.and_then(|slot| spelling::version(slot, &text[range.clone()])) == Some(version)
        }));
    }
    // What a comment says in this form nobody runs.
    let escaped = spelling::escaped(text, version).into_iter();
    let escaped = escaped.map(|(range, _)| range);
    found.extend(escaped.filter(|range| !prose::is_prose(text, range.start)));
    found.sort_by_key(|range| range.start);
    found
}

/// The entries of tables for the old version, which stay: an entry reaches as far as it is
/// indented.
fn old_entries(pins: &[&Pin], path: &str, text: &str, old: Version) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    for pin in pins {
        let PinKind::Text(text_pin) = &pin.kind else {
            continue;
        };
        for insert in &text_pin.insert {
            let entries = table::entries(pin, text_pin, insert, path, text).unwrap_or_default();
            ranges.extend(
                entries
                    .into_iter()
                    .filter(|entry| entry.version == old)
                    .map(|entry| {
                        let block = lines::block(
                            text,
                            &lines::around(
                                text,
                                entry.found.range.start
                                    + leading_break(&text[entry.found.range.clone()]),
                            ),
                        );
                        block.start.min(entry.found.range.start)
                            ..block.end.max(entry.found.range.end)
                    }),
            );
        }
    }
    ranges
}

fn leading_break(text: &str) -> usize {
    text.len() - text.trim_start_matches(['\r', '\n']).len()
}

/// The pins of all moves by the files that they name.
pub(super) fn pins_by_path<'a>(
    moves: &'a [Move<'a>],
    files: &'a Files,
) -> BTreeMap<&'a str, Vec<&'a Pin>> {
    let mut by_path: BTreeMap<&str, Vec<&Pin>> = BTreeMap::new();
    for pin in moves.iter().flat_map(|one| &one.link.pins) {
        if let PinKind::Text(text_pin) = &pin.kind {
            for path in files.paths(&text_pin.file) {
                by_path.entry(path).or_default().push(pin);
            }
        }
    }
    by_path
}

/// Text of a line as a pattern: what only looks like a placeholder would not match itself.
fn literal(text: &str) -> String {
    if Pattern::of_pin(text).is_ok_and(|pattern| pattern.slots().next().is_none()) {
        return text.to_owned();
    }
    let mut parts = text.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        out + "{*}" + part.rsplit('}').next().unwrap_or(part)
    })
}

/// A pattern in TOML.
fn quoted(pattern: &str) -> String {
    let pattern = pattern.trim();
    if pattern.contains(['\'']) || pattern.chars().any(crate::text::acts) {
        format!("{pattern:?}")
    } else {
        format!("'{pattern}'")
    }
}
