//! A past bump made again: what a configuration makes of what stood before a commit, held against
//! what the commit made of it.

use std::collections::{BTreeMap, BTreeSet};

use super::proven;
use super::shaped::changed;
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::change::{Change, Facts, Move};
use crate::project::config::{Link, Pin, PinKind, TextPin};
use crate::project::discovery::found::{
    Checkout, Confidence, Doubt, FoundKind, FoundLink, FoundPin, Moved,
};
use crate::project::discovery::line::sighting::Lines;
use crate::project::discovery::value::slots;
use crate::project::linked::text::{Occurrence, occurrences};
use crate::project::linked::{Files, cargo};
use crate::project::pattern::Placeholder;
use crate::project::{change, linked};

/// What the pins of a link name, before and after a commit.
pub(crate) struct Past<'a> {
    /// As it was before.
    pub(crate) before: &'a Files,
    /// As the commit left it.
    pub(crate) after: &'a Files,
    /// What is known of releases.
    pub(crate) releases: &'a [Release],
    /// The commit.
    pub(crate) moved: Moved,
    /// The root of the site that releases are published on.
    pub(crate) github: &'a str,
}

/// What became of one pin's lines when a bump was made again.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// The pin was not there yet, or did not move.
    Unmoved,
    /// Each became what the commit made of it.
    Reproduced,
    /// This line became something else.
    Differs { path: String, ours: String },
}

/// A bump that was made again.
pub(crate) struct Again {
    pub(crate) moved: Moved,
    /// The version before, and the one that it brought.
    pub(crate) old: Version,
    pub(crate) new: Version,
    /// What the files of the pins became.
    pub(crate) ours: BTreeMap<String, String>,
    /// By the number of the pin.
    outcomes: Vec<Outcome>,
    /// Patterns, by pin and number, whose lines a bump moves: whether the commit touched them.
    touched: BTreeMap<(usize, usize), bool>,
}

/// Makes the bump of a commit again. None where the commit moved no version, or what was there
/// before is nothing that the link could be read from.
pub(crate) fn again(link: &Link, past: &Past<'_>) -> Option<Again> {
    let (old, new) = step(link, past)?;
    let there: Vec<usize> = (0..link.pins.len())
        .filter(|at| stands_at(&link.pins[*at], past, old, new))
        .collect();
    let mut then = link.clone();
    then.pins = there.iter().map(|at| link.pins[*at].clone()).collect();
    // The source that a vendored tree became is not at hand: of it the version is what moved.
    then.pins
        .retain(|pin| !matches!(pin.kind, PinKind::Tree(_)));
    let change = bump(&then, past, new)?;
    let mut made = Again {
        moved: past.moved.clone(),
        old,
        new,
        ours: BTreeMap::new(),
        outcomes: vec![Outcome::Unmoved; link.pins.len()],
        touched: BTreeMap::new(),
    };
    for at in there {
        let pin = &link.pins[at];
        match &pin.kind {
            PinKind::Text(text_pin) => {
                for path in past.before.paths(&text_pin.file) {
                    if let Some(lines) = made.file(at, path, &change, past) {
                        made.patterns(at, (pin, text_pin), path, past, &lines);
                    }
                }
            }
            PinKind::Cargo { file, package, .. } => {
                let file = file.as_deref();
                let stated = cargo::stated_everywhere(pin, file, package, past.before);
                let paths = stated.ok()?.into_iter().map(|(path, _)| path);
                for path in paths.collect::<BTreeSet<String>>() {
                    made.file(at, &path, &change, past);
                }
            }
            PinKind::Submodule(path) => {
                let theirs = past.after.gitlink(path).map(|link| link.commit.as_str());
                let ours = change.edits.iter().find(|edit| edit.path == *path);
                let ours = ours.and_then(|edit| edit.after.as_ref()?.text(path).ok());
                made.outcomes[at] = match ours {
                    None => Outcome::Unmoved,
                    Some(ours) if Some(ours) == theirs => Outcome::Reproduced,
                    Some(ours) => Outcome::Differs {
                        path: path.clone(),
                        ours: ours.to_owned(),
                    },
                };
            }
            PinKind::Tree(_) => {
                let moved = versions(pin, past.before, past.releases)
                    != versions(pin, past.after, past.releases);
                if moved {
                    made.outcomes[at] = Outcome::Reproduced;
                }
            }
        }
    }
    Some(made)
}

/// The bump of these pins from what stood before the commit.
fn bump(then: &Link, past: &Past<'_>, new: Version) -> Option<Change> {
    if then.pins.is_empty() {
        return Some(Change::default());
    }
    let linked = linked::read(then, past.before, past.releases, &|_| Some(new)).ok()?;
    let releases = filled(then, past, new);
    let facts = Facts {
        releases: &releases,
        trees: &BTreeMap::new(),
        crates: &checksums(then, past, new),
        day: past.moved.day,
        github: past.github,
    };
    let step = Move {
        link: then,
        linked: &linked,
        target: new,
        beside: &[],
    };
    change::bump(&[step], past.before, &facts).ok()
}

/// The registry's checksums of the crates that the commit moved, as its lock files have them; of what
/// a bump makes of one in its place, that of the old one.
fn checksums(link: &Link, past: &Past<'_>, new: Version) -> BTreeMap<(String, String), String> {
    let mut known = BTreeMap::new();
    for pin in &link.pins {
        let PinKind::Cargo { file, package, .. } = &pin.kind else {
            continue;
        };
        for (files, is_before) in [(past.after, false), (past.before, true)] {
            let stated = cargo::stated_everywhere(pin, file.as_deref(), package, files);
            for (path, stated) in stated.unwrap_or_default() {
                if let (Ok(text), Some(checksum)) = (files.text(&path), stated.checksum) {
                    let said = &text[stated.range];
                    let checksum = text[checksum].trim_matches('"').to_owned();
                    // Where the commit took another one, the version is what differs.
                    let version = if is_before {
                        cargo::moved(package, said, stated.version, new)
                    } else {
                        said.to_owned()
                    };
                    known.entry((package.clone(), version)).or_insert(checksum);
                }
            }
        }
    }
    known
}

impl Again {
    /// Compares what became of a file's lines; none where it is no text on both sides.
    fn file<'a>(
        &mut self,
        at: usize,
        path: &str,
        change: &'a Change,
        past: &Past<'a>,
    ) -> Option<ChangedLines<'a>> {
        let (before, after) = (past.before.text(path).ok()?, past.after.text(path).ok()?);
        let ours = change.text_after(path, past.before).ok()?;
        self.ours.insert(path.to_owned(), ours.to_owned());
        let lines = ChangedLines {
            ours: changed(before, ours),
            theirs: changed(before, after),
        };
        self.outcomes[at] = lines.outcome(path, self.new, self.outcomes[at].clone());
        Some(lines)
    }

    /// Notes which patterns stand on lines that the commit touched.
    fn patterns(
        &mut self,
        at: usize,
        (pin, text_pin): (&Pin, &TextPin),
        path: &str,
        past: &Past<'_>,
        lines: &ChangedLines<'_>,
    ) {
        let Ok(before) = past.before.text(path) else {
            return;
        };
        let whole = Lines::of(before);
        let found = occurrences(pin, text_pin, path, before, past.releases);
        for (number, pattern) in text_pin.matches.iter().enumerate() {
            let stand = found.iter().flatten();
            for one in stand.filter(|one| std::ptr::eq(one.pattern, pattern)) {
                for (_, range) in one.slots() {
                    let line = &before[whole.range(whole.line_of(range.start))];
                    if lines.ours.0.contains(&line) {
                        let touched = self.touched.entry((at, number)).or_default();
                        *touched |= lines.theirs.0.contains(&line);
                    }
                }
            }
        }
    }

    /// The commit that made it.
    pub(crate) fn commit(&self) -> &str {
        &self.moved.commit
    }

    /// Whether some pin's lines became something else.
    pub(crate) fn differs(&self) -> bool {
        let differs = |one: &Outcome| matches!(one, Outcome::Differs { .. });
        self.outcomes.iter().any(differs)
    }
}

/// The lines that a bump and a commit take out and put in.
struct ChangedLines<'a> {
    ours: (Vec<&'a str>, Vec<&'a str>),
    theirs: (Vec<&'a str>, Vec<&'a str>),
}

impl ChangedLines<'_> {
    /// What became of the lines, with what became of those of other files.
    fn outcome(&self, path: &str, new: Version, before: Outcome) -> Outcome {
        let (removed, added) = &self.ours;
        let touched = removed.iter().any(|line| self.theirs.0.contains(line));
        // Versions of other things on the line may move in the same commit.
        let agrees = |line: &str| {
            let mut theirs = self.theirs.1.iter();
            theirs.any(|theirs| slots::agree(line, theirs, new))
        };
        let differs = added
            .iter()
            .find(|line| !self.theirs.1.contains(line) && !agrees(line));
        match (before, differs) {
            (before @ Outcome::Differs { .. }, _) => before,
            (before, _) if !touched && !removed.is_empty() => before,
            (_, Some(line)) => Outcome::Differs {
                path: path.to_owned(),
                ours: line.trim().to_owned(),
            },
            (before, None) if added.is_empty() => before,
            (_, None) => Outcome::Reproduced,
        }
    }
}

fn text_of(pin: &Pin) -> Option<(&Pin, &TextPin)> {
    match &pin.kind {
        PinKind::Text(text) => Some((pin, text)),
        _ => None,
    }
}

/// The versions that a pin says; none where it cannot be read.
fn versions(pin: &Pin, files: &Files, releases: &[Release]) -> Option<BTreeSet<Version>> {
    if let PinKind::Text(text) = &pin.kind
        && files.paths(&text.file).is_empty()
    {
        return None;
    }
    let places = linked::places(pin, files, releases).ok()?;
    Some(places.iter().map(|place| place.version).collect())
}

/// The move that most pins made.
fn step(link: &Link, past: &Past<'_>) -> Option<(Version, Version)> {
    let mut made: BTreeMap<(Version, Version), usize> = BTreeMap::new();
    for pin in &link.pins {
        let before = versions(pin, past.before, past.releases).unwrap_or_default();
        let after = versions(pin, past.after, past.releases).unwrap_or_default();
        if let (Some(old), Some(new)) = (before.first(), after.first())
            && old < new
            && old.series() == new.series()
        {
            *made.entry((*old, *new)).or_default() += 1;
        }
    }
    let (step, _) = made.into_iter().max_by_key(|(_, times)| *times)?;
    Some(step)
}

/// Whether a pin was there on both sides, at the version that moved.
fn stands_at(pin: &Pin, past: &Past<'_>, old: Version, new: Version) -> bool {
    let before = versions(pin, past.before, past.releases);
    let fits = before.is_some_and(|all| all.iter().all(|one| *one == old || *one == new));
    fits && versions(pin, past.after, past.releases).is_some()
}

/// What is known of releases, with the values that the commit itself gives the new one where
/// nothing else says them.
fn filled(link: &Link, past: &Past<'_>, new: Version) -> Vec<Release> {
    let mut releases = past.releases.to_vec();
    let Some(release) = releases.iter_mut().find(|one| one.version == new) else {
        return releases;
    };
    for (pin, text_pin) in link.pins.iter().filter_map(text_of) {
        for path in past.after.paths(&text_pin.file) {
            let (Ok(text), before) = (past.after.text(path), past.before.text(path)) else {
                continue;
            };
            let found = occurrences(pin, text_pin, path, text, past.releases);
            for (slot, range) in found.iter().flatten().flat_map(Occurrence::slots) {
                let value = text[range].to_owned();
                // What stood there before is no value of the new release; the line has to differ.
                let value = if before.as_ref().is_ok_and(|before| before.contains(&value)) {
                    value.chars().map(|_| '0').collect()
                } else {
                    value
                };
                let place = match slot {
                    Placeholder::Sha256 => &mut release.hashes.sha256,
                    Placeholder::Sha512 => &mut release.hashes.sha512,
                    Placeholder::Sha1 => &mut release.hashes.sha1,
                    Placeholder::Md5 => &mut release.hashes.md5,
                    Placeholder::Commit => &mut release.commit,
                    Placeholder::Size => {
                        release.size = release.size.or_else(|| value.parse().ok());
                        continue;
                    }
                    _ => continue,
                };
                place.get_or_insert(value);
            }
        }
    }
    releases
}

/// Bumps that are looked for, of each link: its pins may move in commits of their own.
pub(crate) const MOST: usize = 9;

/// Commits that a pin names.
const NAMED: usize = 3;

/// Corrects a link by the bumps that were made again, the newest first: a pattern whose lines the
/// bump moves and no commit did is none, and a pin names the commits that it makes again.
pub(crate) fn learn(
    link: &mut FoundLink,
    made: &[Again],
    checkout: &Checkout,
    unsure: &mut Vec<Doubt>,
) {
    for (at, pin) in link.pins.iter_mut().enumerate() {
        let of = |what: &dyn Fn(&Outcome) -> bool| -> Vec<Moved> {
            let made = made.iter().filter(|one| what(&one.outcomes[at]));
            made.map(|one| one.moved.clone()).take(NAMED).collect()
        };
        let again = of(&|one| *one == Outcome::Reproduced);
        let otherwise = of(&|one| matches!(one, Outcome::Differs { .. }));
        if !again.is_empty() {
            // What is likely because it moved once is no surer for being made once again.
            if again.len() > 1 || pin.reason != proven::MOVED {
                pin.confidence = Confidence::Certain;
            }
            pin.moved = again;
            pin.differs = None;
        } else if let Some(Outcome::Differs { path, ours }) = made
            .iter()
            .map(|one| &one.outcomes[at])
            .find(|one| matches!(one, Outcome::Differs { .. }))
        {
            pin.moved = otherwise;
            pin.confidence = Confidence::Likely;
            pin.differs = Some(format!("where `{path}` did not become `{ours}`"));
        }
        drop_stayed(pin, at, made, checkout, unsure);
    }
    link.pins.retain(|pin| match &pin.kind {
        FoundKind::Text(text) => !text.matches.is_empty() || text.insert.is_some(),
        _ => true,
    });
}

/// Takes out the patterns whose lines stayed as they were in every bump.
fn drop_stayed(
    pin: &mut FoundPin,
    at: usize,
    made: &[Again],
    checkout: &Checkout,
    unsure: &mut Vec<Doubt>,
) {
    let FoundKind::Text(found) = &mut pin.kind else {
        return;
    };
    let stayed = |number: usize| {
        let mut of = made
            .iter()
            .filter_map(|one| Some((one.touched.get(&(at, number))?, &one.moved)))
            .peekable();
        let first = of.peek().map(|(_, moved)| (*moved).clone());
        first.filter(|_| of.all(|(touched, _)| !touched))
    };
    let all: Vec<Option<Moved>> = (0..found.matches.len()).map(stayed).collect();
    let patterns = std::mem::take(&mut found.matches);
    for (pattern, stayed) in patterns.into_iter().zip(all) {
        let Some(moved) = stayed else {
            found.matches.push(pattern);
            continue;
        };
        let why = format!("`{pattern}` stayed as it is when the others moved in {moved}");
        let (file, line) = pin.places.first().cloned().unwrap_or_default();
        let text = checkout.texts.get(&file).map_or("", String::as_str);
        unsure.push(Doubt::at(&file, text, line, why));
        found.leave.push(pattern);
    }
}
