//! Every edit that moving links to their targets takes, or none.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::edit::Change;
use super::facts::Facts;
use super::moves::Move;
use super::splice::{self, Splice};
use super::value::{PlaceMove, ValueOutcome, counted};
use super::{lasting, leftover, lines, table};
use crate::openssl::version::Version;
use crate::project::config::{Pin, PinKind, TextPin};
use crate::project::file_entry::{FileEntry, Oid, line_of};
use crate::project::linked::requirement::{self, Requirement};
use crate::project::linked::text::{Occurrence, blocks, occurrences, versions};
use crate::project::linked::{Files, cargo, crate_versions, submodule};
use crate::project::own_places::lock::{self, Whose};
use crate::project::own_places::member;
use crate::project::pattern::{Pattern, Placeholder};
use crate::text::fault::Fault;

/// A crate whose checksum nothing known says, so that another one's would stay beside it.
fn unknown_crate(
    path: &str,
    line: usize,
    (pin, package): (&Pin, &str),
    (old, new): (&str, &str),
    target: Version,
) -> Fault {
    let guessed = crate_versions::below(package, target).is_some()
        && !crate_versions::carrying(package, target).any(|known| known == new);
    let or_another = if guessed {
        let day = crate_versions::day();
        format!(
            "; {new} follows the crate's numbering, and on {day} none with OpenSSL {target} was there: where cargo knows none, an update to the next series' is due"
        )
    } else {
        String::new()
    };
    let ask = match &pin.kind {
        PinKind::Cargo { update: true, .. } => {
            "run it again where cargo can ask the registry (without `--offline`)".to_owned()
        }
        _ => format!(
            "set `cargo-update = true` in {} and run it again without `--offline`",
            pin.place
        ),
    };
    Fault::failed(format!(
        "`{path}` line {line}: only the registry knows the checksum of {package} {new}, and that of {old} must not stay beside it; {ask}, or run `cargo update {package} --precise {new}`{or_another}"
    ))
}

/// The change that moves links to their targets, all of them together.
///
/// # Errors
///
/// A usage fault that names file and line where what stands there is neither the old release's nor
/// the new one's, where two pins want different text in one place, or where a file would keep the
/// old version. A failure where a value of the target is not known.
pub fn bump(moves: &[Move<'_>], files: &Files, facts: &Facts<'_>) -> Result<Change, Fault> {
    let mut plan = BumpPlan {
        files,
        facts,
        texts: BTreeMap::new(),
        owned: BTreeMap::new(),
        edits: BTreeMap::new(),
        unchecked: Vec::new(),
    };
    let mut watched = BTreeSet::new();
    for one in moves {
        plan.link(one, &mut watched).map_err(|fault| match moves {
            [_] => fault,
            _ => fault.within(format!("link `{}`", one.link.name)),
        })?;
    }
    let pins = leftover::pins_by_path(moves, files);
    for (path, old) in watched {
        leftover::check(&leftover::Looked {
            path: &path,
            old,
            new: leads(moves, old),
            pins: pins.get(path.as_str()).map_or(&[], Vec::as_slice),
            files,
            releases: facts.releases,
            splices: plan.texts.get(&path).map_or(&[], Vec::as_slice),
            owned: plan.owned.get(&path).map_or(&[], Vec::as_slice),
        })?;
    }
    let change = plan.change()?;
    lasting::check(moves, files, facts.releases, &change)?;
    Ok(change)
}

/// Where links that are at a version go, the highest of several.
fn leads(moves: &[Move<'_>], old: Version) -> Version {
    let steps = moves.iter().flat_map(Move::steps);
    let of_old = steps.filter(|(from, _)| *from == old).map(|(_, to)| to);
    of_old.max().unwrap_or(old)
}

/// A file that a text pin names.
#[derive(Clone, Copy)]
struct PinnedFile<'a> {
    pin: &'a Pin,
    text_pin: &'a TextPin,
    path: &'a str,
    text: &'a str,
}

pub(super) struct BumpPlan<'a> {
    files: &'a Files,
    facts: &'a Facts<'a>,
    texts: BTreeMap<String, Vec<Splice>>,
    /// What belongs to links that stay.
    owned: BTreeMap<String, Vec<Range<usize>>>,
    edits: BTreeMap<String, (Option<FileEntry>, Option<FileEntry>)>,
    unchecked: Vec<String>,
}

impl<'a> BumpPlan<'a> {
    fn link(
        &mut self,
        one: &Move<'a>,
        watched: &mut BTreeSet<(String, Version)>,
    ) -> Result<(), Fault> {
        for pin in &one.link.pins {
            match &pin.kind {
                PinKind::Text(text_pin) => self.text_pin(one, pin, text_pin, watched)?,
                _ if one.stays() => {}
                PinKind::Submodule(path) => self.submodule(one, pin, path)?,
                PinKind::Cargo { file, package, .. } => {
                    self.cargo(one, pin, file.as_deref(), package)?;
                }
                PinKind::Tree(path) => self.tree(one, pin, path)?,
            }
        }
        Ok(())
    }

    fn text_pin(
        &mut self,
        one: &Move<'a>,
        pin: &Pin,
        text_pin: &TextPin,
        watched: &mut BTreeSet<(String, Version)>,
    ) -> Result<(), Fault> {
        for path in self.files.paths(&text_pin.file) {
            let text = self.files.text(path)?;
            let found = occurrences(pin, text_pin, path, text, self.facts.releases)?;
            if one.stays() {
                let slots = found
                    .iter()
                    .flat_map(|occurrence| occurrence.found.slots.iter().cloned());
                self.owned.entry(path.clone()).or_default().extend(slots);
                continue;
            }
            let file = PinnedFile {
                pin,
                text_pin,
                path,
                text,
            };
            if pin.mixed {
                self.mixed_file(one, file, &found, watched)?;
                continue;
            }
            if let Some(series) = text_pin.series.filter(|_| text_pin.insert.is_empty())
                && !found.is_empty()
                && series != one.target.series()
            {
                return Err(Fault::usage(format!(
                    "{}: the pin is limited to series {series}, so it would find nothing in `{path}` after a bump to {}; limit it with `within` in the place of `series`",
                    pin.place, one.target
                )));
            }
            let step = self.step(one.linked.version, one.target);
            for occurrence in &found {
                self.occurrence(step, path, text, occurrence)?;
            }
            watched.insert((path.clone(), one.linked.version));
            self.tables(file, step)?;
            self.lines(file, step)?;
        }
        Ok(())
    }

    /// A file that holds versions of its own: each moves within what the link's policy allows.
    fn mixed_file(
        &mut self,
        one: &Move<'a>,
        file: PinnedFile<'_>,
        found: &[Occurrence<'_>],
        watched: &mut BTreeSet<(String, Version)>,
    ) -> Result<(), Fault> {
        let PinnedFile {
            pin,
            text_pin,
            path,
            text,
        } = file;
        let mut moved = None;
        let versions = versions(found, text, self.facts.releases);
        for (occurrence, version) in found.iter().zip(versions) {
            let old = version.unwrap_or(one.linked.version);
            let Some(target) = one.target_of(old) else {
                continue;
            };
            watched.insert((path.to_owned(), old));
            let step = self.step(old, target);
            moved.get_or_insert(step);
            self.occurrence(step, path, text, occurrence)?;
        }
        for (old, target) in one.steps().filter(|(old, target)| old != target) {
            if table::has_series(pin, text_pin, path, text, old)? {
                watched.insert((path.to_owned(), old));
                let step = self.step(old, target);
                moved.get_or_insert(step);
                self.tables(file, step)?;
            }
        }
        if text_pin.matches.is_empty() && text_pin.insert.is_empty() {
            moved = Some(self.step(one.linked.version, one.target));
        }
        if let Some(step) = moved {
            watched.insert((path.to_owned(), step.old));
            self.lines(file, step)?;
        }
        Ok(())
    }

    fn step(&self, old: Version, target: Version) -> PlaceMove<'a> {
        PlaceMove {
            old,
            target,
            facts: self.facts,
        }
    }

    fn occurrence(
        &mut self,
        step: PlaceMove<'_>,
        path: &str,
        text: &str,
        occurrence: &Occurrence<'_>,
    ) -> Result<(), Fault> {
        let follows = |slot: &Placeholder| {
            matches!(
                slot,
                Placeholder::Date | Placeholder::Counter | Placeholder::Reset
            )
        };
        let says =
            |slot: &Placeholder| slot.is_version() || slot.is_part() || slot.is_fingerprint();
        let mut moved = !occurrence.pattern.slots().any(|slot| says(&slot));
        for (slot, range) in occurrence.slots().filter(|(slot, _)| !follows(slot)) {
            moved |= self.value(step, path, text, slot, range)? && slot != Placeholder::Url;
        }
        if moved {
            for (slot, range) in occurrence.slots().filter(|(slot, _)| follows(slot)) {
                self.value(step, path, text, slot, range)?;
            }
        }
        Ok(())
    }

    /// Moves one value; says whether it was not yet where it goes.
    fn value(
        &mut self,
        step: PlaceMove<'_>,
        path: &str,
        text: &str,
        slot: Placeholder,
        range: Range<usize>,
    ) -> Result<bool, Fault> {
        let place = || format!("`{path}` line {}", line_of(text.as_bytes(), range.start));
        let new = match step
            .outcome(slot, &text[range.clone()])
            .map_err(|fault| fault.within(place()))?
        {
            ValueOutcome::Stands => return Ok(false),
            ValueOutcome::Becomes(new) => new,
            ValueOutcome::Unchecked(new) => {
                self.unchecked.push(format!(
                    "{}: nothing known says whether this was the {} of {}",
                    place(),
                    slot.name(),
                    step.old
                ));
                new
            }
        };
        self.splice(path, range, new);
        Ok(true)
    }

    fn tables(&mut self, file: PinnedFile<'_>, step: PlaceMove<'_>) -> Result<(), Fault> {
        for insert in &file.text_pin.insert {
            let (pin, text_pin) = (file.pin, file.text_pin);
            let put = table::insertion(pin, text_pin, insert, file.path, file.text, step)?;
            if let Some(splice) = put {
                self.texts
                    .entry(file.path.to_owned())
                    .or_default()
                    .push(splice);
            }
        }
        Ok(())
    }

    fn lines(&mut self, file: PinnedFile<'_>, step: PlaceMove<'_>) -> Result<(), Fault> {
        let (text_pin, text) = (file.text_pin, file.text);
        if text_pin.set.is_empty() && text_pin.delete.is_empty() {
            return Ok(());
        }
        let all: Vec<lines::Line> = blocks(file.pin, text_pin, file.path, text)?
            .iter()
            .flat_map(|block| lines::within(text, block))
            .collect();
        for (line, to) in &text_pin.set {
            self.set(file, &all, (line, to), step)?;
        }
        for pattern in &text_pin.delete {
            for line in all
                .iter()
                .filter(|line| pattern.find_line(text, line.content.clone()).is_some())
            {
                self.splice(file.path, lines::removal(text, line), String::new());
            }
        }
        Ok(())
    }

    fn set(
        &mut self,
        PinnedFile {
            pin, path, text, ..
        }: PinnedFile<'_>,
        all: &[lines::Line],
        (line, to): (&Pattern, &Pattern),
        step: PlaceMove<'_>,
    ) -> Result<(), Fault> {
        let mut found = Vec::new();
        for candidate in all {
            let kept = |pattern: &Pattern| {
                let kept = pattern.find_line(text, candidate.content.clone())?;
                Some(
                    pattern
                        .slots()
                        .zip(kept.slots)
                        .map(|(slot, range)| (slot, &text[range]))
                        .collect::<Vec<_>>(),
                )
            };
            if let Some(kept) = kept(line) {
                found.push((candidate, set_line(to, kept, step, counted)?));
            } else if let Some(kept) = kept(to) {
                // An earlier bump set it, so its counter has counted.
                found.push((
                    candidate,
                    set_line(to, kept, step, |number| Ok(number.to_owned()))?,
                ));
            }
        }
        match found.as_slice() {
            [(candidate, new)] if text[candidate.content.clone()] != **new => {
                self.splice(path, candidate.content.clone(), new.clone());
            }
            [_] => {}
            [] => {
                return Err(Fault::usage(format!(
                    "{}: no whole line of `{path}` is `{line}`",
                    pin.place
                )));
            }
            [(first, _), (second, _), ..] => {
                let at = |line: &lines::Line| line_of(text.as_bytes(), line.content.start);
                return Err(Fault::usage(format!(
                    "`{path}` lines {} and {}: both are `{line}`, which {} wants to set once; limit it with `within`",
                    at(first),
                    at(second),
                    pin.place
                )));
            }
        }
        Ok(())
    }

    fn submodule(&mut self, one: &Move<'a>, pin: &Pin, path: &str) -> Result<(), Fault> {
        let gitlink = submodule::gitlink(pin, path, self.files)?;
        let step = PlaceMove {
            old: one.linked.version,
            target: one.target,
            facts: self.facts,
        };
        let commit = step
            .target_value(Placeholder::Commit)
            .map_err(|fault| fault.within(&pin.place))?;
        let state = |commit: &str| {
            let wrong = || {
                Fault::failed(format!(
                    "`{commit}` is no commit that `{path}` could move to"
                ))
            };
            Oid::read(commit)
                .map(|commit| FileEntry::gitlink(&commit))
                .ok_or_else(wrong)
        };
        let states = (Some(state(&gitlink.commit)?), Some(state(&commit)?));
        self.edits.insert(path.to_owned(), states);
        Ok(())
    }

    fn cargo(
        &mut self,
        one: &Move<'a>,
        pin: &Pin,
        file: Option<&str>,
        package: &str,
    ) -> Result<(), Fault> {
        for (path, stated) in cargo::stated_everywhere(pin, file, package, self.files)? {
            let target = if pin.mixed {
                one.target_of(stated.version)
            } else {
                Some(one.target)
            };
            let Some(target) = target.filter(|target| *target != stated.version) else {
                continue;
            };
            let text = self.files.text(&path)?;
            let old = &text[stated.range.clone()];
            let own = Whose::Package(package.to_owned());
            // The crate's own repository makes the next one, which nobody knows yet.
            let new = if path.ends_with("Cargo.toml")
                && lock::whose(&path, text, stated.range.start) == Some(own)
            {
                cargo::counted(old, stated.version, target)
            } else {
                cargo::moved(package, old, stated.version, target)
            };
            if let Some(checksum) = stated.checksum {
                let asked = self.facts.crates.get(&(package.to_owned(), new.clone()));
                let known = asked.cloned().or_else(|| {
                    let locked = stated.locked.as_ref()?;
                    crate_versions::checksum(package, locked, &new).map(str::to_owned)
                });
                match known {
                    Some(known) => self.splice(&path, checksum, format!("\"{known}\"")),
                    None => {
                        let line = line_of(text.as_bytes(), checksum.start);
                        let (of, step) = ((pin, package), (old, &*new));
                        return Err(unknown_crate(&path, line, of, step, target));
                    }
                }
            }
            if stated.locked.is_some() && path.ends_with("Cargo.lock") {
                self.needed(&path, package, old, &new)?;
            }
            self.splice(&path, stated.range, new);
        }
        Ok(())
    }

    /// What asks for the old version of a crate that moves: a manifest's exact requirement moves
    /// along.
    fn needed(&mut self, lock: &str, package: &str, old: &str, new: &str) -> Result<(), Fault> {
        let files = self.files;
        for manifest in files.paths(&member::manifests_of(lock)) {
            let text = files.text(manifest)?;
            for asked in requirement::unmet(package, text, old, new) {
                match asked {
                    Requirement::Exact(number) => {
                        let new = new.split('+').next().unwrap_or_default();
                        self.splice(manifest, number, new.to_owned());
                    }
                    Requirement::LeavesOut(line) => {
                        return Err(Fault::usage(format!(
                            "`{manifest}` line {line}: its requirement leaves {package} {new} out, so cargo would refuse `{lock}`; change it first"
                        )));
                    }
                }
            }
        }
        let needing = requirement::dependants(package, files.text(lock)?, old, new);
        self.unchecked.extend(needing.into_iter().map(|(name, line)| {
            format!(
                "`{lock}` line {line}: {name} needs {package} too, and where it does not take {new} in the place of {old}, cargo refuses the lock file; run `cargo update {name}`, then `cargo build --locked`"
            )
        }));
        Ok(())
    }

    fn tree(&mut self, one: &Move<'a>, pin: &Pin, path: &str) -> Result<(), Fault> {
        let Some(now) = self.files.tree(path) else {
            return Ok(());
        };
        let Some(new) = self.facts.trees.get(&one.target) else {
            return Err(Fault::failed(format!(
                "{}: the source of OpenSSL {} is not here; run again without `--offline`",
                pin.place, one.target
            )));
        };
        let old = self.facts.trees.get(&one.linked.version);
        if old.is_none() {
            self.unchecked.push(format!(
                "`{path}`: the source of OpenSSL {} is not here to compare with; the whole folder is replaced",
                one.linked.version
            ));
        }
        for inside in now.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let (before, mut after) = (now.get(inside), new.get(inside));
            if let Some(original) = old
                .map(|old| old.get(inside))
                .filter(|original| *original != before && before != after)
            {
                // What the project added is kept; what it changed would be lost.
                if original.is_some() || after.is_some() {
                    return Err(Fault::usage(format!(
                        "`{path}/{inside}` is not as OpenSSL {} has it; take the local change out, or keep it as a patch beside `{path}`",
                        one.linked.version
                    )));
                }
                after = before;
            }
            self.edits.insert(
                format!("{path}/{inside}"),
                (before.cloned(), after.cloned()),
            );
        }
        Ok(())
    }

    fn splice(&mut self, path: &str, range: Range<usize>, text: String) {
        self.texts
            .entry(path.to_owned())
            .or_default()
            .push(Splice { range, text });
    }

    fn change(mut self) -> Result<Change, Fault> {
        for (path, splices) in &self.texts {
            let Some(entry) = self.files.entry(path) else {
                continue;
            };
            let bytes = splice::apply(&entry.bytes, splices).map_err(|at| {
                Fault::usage(format!(
                    "`{path}` line {}: two pins want different text here; make their patterns not overlap",
                    line_of(&entry.bytes, at)
                ))
            })?;
            let states = (
                Some(entry.clone()),
                Some(FileEntry {
                    mode: entry.mode,
                    bytes,
                }),
            );
            self.edits.insert(path.clone(), states);
        }
        self.unchecked.dedup();
        Ok(Change::of(self.edits, self.unchecked))
    }
}

/// A line that is set: what its placeholders kept stays, counters count.
fn set_line(
    to: &Pattern,
    kept: Vec<(Placeholder, &str)>,
    step: PlaceMove<'_>,
    count: impl Fn(&str) -> Result<String, Fault>,
) -> Result<String, Fault> {
    let mut kept: Vec<(Placeholder, &str)> = kept.into_iter().rev().collect();
    let mut take = |slot: Placeholder| {
        kept.iter()
            .rposition(|(other, _)| *other == slot)
            .map(|at| kept.remove(at).1)
    };
    to.fill("\n", |slot| match slot {
        Placeholder::Any => Ok(take(slot).unwrap_or_default().to_owned()),
        Placeholder::Counter => take(slot).map_or(Ok("1".into()), &count),
        slot => step.target_value(slot),
    })
}
