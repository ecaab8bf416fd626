//! Lines that earlier bumps moved along and that no pin names: a version with a number of the
//! package's own behind it, a number that counts or falls back, a digest or a size.

use std::collections::{BTreeMap, BTreeSet};

use super::changed::ChangedFile;
use super::replay::Again;
use super::shaped::changed;
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::discovery::found::{
    Checkout, Confidence, Doubt, FoundKind, FoundLink, FoundPin, FoundText, Moved,
};
use crate::project::discovery::line::sighting::Lines;
use crate::project::discovery::line::{file_kind, subject};
use crate::project::discovery::owner::{digests, evidence};
use crate::project::discovery::unmoved::renamed;
use crate::project::discovery::value::slots::{SlotLine, SlotValue, single_lines};
use crate::project::pattern::{Pattern, Placeholder};

/// Versions whose bumps show a custom.
const ENOUGH: usize = 2;

/// Versions whose bumps are asked.
const ASKED: usize = 3;

/// Files of a commit that still is one bump: of one that changed more, what moved in files without a
/// pin moved for reasons of its own.
const SMALL: usize = 20;

/// Lines that are told of, where no placeholder says what became of them.
const TOLD: usize = 5;

/// A bump that was made again, with everything that its commit did.
pub(crate) struct WholeBump<'a> {
    /// What was made.
    pub(crate) again: &'a Again,
    /// The files that the commit changed.
    pub(crate) files: Vec<ChangedFile>,
}

/// What is looked at beside the bumps.
pub(crate) struct AlongMaterial<'a> {
    /// The checkout as it stands.
    pub(crate) checkout: &'a Checkout,
    /// What is known of releases.
    pub(crate) releases: &'a [Release],
    /// Lines that are a pin of some link.
    pub(crate) pinned: &'a BTreeSet<(String, usize)>,
    /// The files that say the project's own version.
    pub(crate) own: Vec<&'a str>,
}

/// A line that one bump moved.
struct LineStep<'a> {
    version: Version,
    moved: &'a Moved,
    before: SlotLine<'a>,
    after: SlotLine<'a>,
}

/// A line as it stands now, with the bumps that moved it, the newest first.
struct Along<'a> {
    path: String,
    now: SlotLine<'a>,
    steps: Vec<LineStep<'a>>,
}

/// What a bump makes of one value in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Becomes {
    /// What stands there.
    Kept,
    Filled(Placeholder),
    /// This number, whatever stood there.
    Number(u64),
}

/// How a configuration writes a line that moves along.
enum WrittenLine {
    Pattern(String),
    /// The whole line, and what it becomes.
    Set(String, String),
}

/// Adds what the bumps moved and no pin names, and tells of what no placeholder says.
pub(crate) fn learn(
    link: &mut FoundLink,
    bumps: &[WholeBump<'_>],
    beside: &AlongMaterial<'_>,
    unsure: &mut Vec<Doubt>,
) {
    let versions = versions(bumps);
    let mut told = 0;
    for along in lines(link, bumps, beside) {
        let custom = along.custom(&versions);
        let line = along.now.line;
        if along.is_of_a_patch(unsure) && !along.moved_always(&versions) {
            continue;
        }
        let moves = custom.and_then(|steps| along.becomes(steps, beside.releases));
        if let Some(becomes) = moves
            && along.add(link, &becomes, beside.checkout)
        {
            unsure.retain(|doubt| (doubt.file.as_str(), doubt.line) != (&along.path, line));
        } else if told < TOLD
            && let Some(step) = along.steps.first()
            && versions.first() == Some(&step.version)
            && along.is_of_the_bump(step, link)
        {
            told += 1;
            if link.doubt.is_none() && along.is_left_behind(&versions, link) {
                link.doubt = Some(along.reason());
            }
            let why = format!(
                "{} changed it with OpenSSL's version, and a bump leaves it as it is",
                step.moved
            );
            let text = &beside.checkout.texts[&along.path];
            unsure.retain(|doubt| (doubt.file.as_str(), doubt.line) != (&along.path, line));
            unsure.push(Doubt::at(&along.path, text, line, why));
        }
    }
}

/// The versions that the newest bumps brought, the newest first.
fn versions(bumps: &[WholeBump<'_>]) -> Vec<Version> {
    let mut versions: Vec<Version> = Vec::new();
    for bump in bumps {
        if !versions.contains(&bump.again.new) {
            versions.push(bump.again.new);
        }
    }
    versions.truncate(ASKED);
    versions
}

/// The lines that stand once in each text, and that a commit changed where the pins do not.
fn lines<'a>(
    link: &FoundLink,
    bumps: &'a [WholeBump<'_>],
    beside: &AlongMaterial<'a>,
) -> Vec<Along<'a>> {
    let mut all: BTreeMap<(&str, String), Along<'a>> = BTreeMap::new();
    let mut standing: BTreeMap<&str, BTreeMap<String, SlotLine<'a>>> = BTreeMap::new();
    for bump in bumps {
        let again = bump.again;
        for file in &bump.files {
            let path = file.path.as_str();
            let Some(text) = beside.checkout.texts.get(path) else {
                continue;
            };
            if !is_asked(path, link, bump, beside) {
                continue;
            }
            let ours = again.ours.get(path).unwrap_or(&file.before);
            let (left, made) = changed(ours, &file.after);
            if left.is_empty() || made.is_empty() {
                continue;
            }
            let now = standing
                .entry(path)
                .or_insert_with(|| single_lines(text, link.version));
            let mut before = single_lines(&file.before, again.old);
            let after = single_lines(&file.after, again.new);
            for (shape, after) in after {
                let is_rest = made.iter().any(|line| line.trim() == after.text);
                if !is_rest {
                    continue;
                }
                let (Some(before), Some(now)) = (before.remove(&shape), now.get(&shape)) else {
                    continue;
                };
                if beside.pinned.contains(&(path.to_owned(), now.line))
                    && !after
                        .slots
                        .iter()
                        .any(|slot| slot.value == SlotValue::Version)
                {
                    continue;
                }
                let step = LineStep {
                    version: again.new,
                    moved: &again.moved,
                    before,
                    after,
                };
                all.entry((path, shape))
                    .or_insert_with(|| Along {
                        path: path.to_owned(),
                        now: now.clone(),
                        steps: Vec::new(),
                    })
                    .steps
                    .push(step);
            }
        }
    }
    all.into_values().collect()
}

/// Whether what a bump did to a file says something of the link, and nothing else looks after it.
fn is_asked(
    path: &str,
    link: &FoundLink,
    bump: &WholeBump<'_>,
    beside: &AlongMaterial<'_>,
) -> bool {
    let inside = |pin: &FoundPin| match &pin.kind {
        FoundKind::Tree(folder) => path.starts_with(&format!("{folder}/")),
        _ => false,
    };
    let pinned = |pin: &FoundPin| pin.places.iter().any(|(file, _)| file == path);
    (bump.files.len() <= SMALL || link.pins.iter().any(pinned))
        && !beside.own.contains(&path)
        && !file_kind::is_history(path)
        && !file_kind::is_generated(path)
        && !renamed::is_made_anew(beside.checkout, path)
        && !link.pins.iter().any(inside)
}

impl Along<'_> {
    /// The steps that show what bumps do: those of the newest versions, none of which left it.
    fn custom(&self, versions: &[Version]) -> Option<&[LineStep<'_>]> {
        let has = |version: &&Version| self.steps.iter().any(|step| step.version == **version);
        let times = versions.iter().take_while(has).count();
        let oldest = *versions[..times].last()?;
        let steps = self.steps.iter().take_while(|step| step.version >= oldest);
        Some(&self.steps[..steps.count()])
    }

    /// Whether it was told of as the version of a patch.
    fn is_of_a_patch(&self, unsure: &[Doubt]) -> bool {
        let here = |doubt: &&Doubt| doubt.file == self.path && doubt.line == self.now.line;
        let mut told = unsure.iter().filter(here);
        told.any(|doubt| doubt.why == evidence::PATCH)
    }

    /// Whether every one of the bumps moved it, and there were several.
    fn moved_always(&self, versions: &[Version]) -> bool {
        let has = |version: &Version| self.steps.iter().any(|step| step.version == *version);
        versions.len() >= ENOUGH && versions.iter().all(has)
    }

    /// Whether something in it moved that is no version of another thing, and that no pin moves.
    fn is_of_the_bump(&self, step: &LineStep<'_>, link: &FoundLink) -> bool {
        let mut places = link.places();
        let is_pinned = places.any(|(file, line)| *file == self.path && *line == self.now.line);
        (0..self.now.slots.len()).any(|at| {
            let is_others = if is_pinned {
                self.now.slots[at].value.of_version().is_some()
                    || self.now.is_named_another(at, link.version)
            } else {
                self.now.is_of_another(at)
            };
            step.before.written(at) != step.after.written(at) && !is_others
        })
    }

    /// Whether every one of the newest bumps moved a digest in it that no placeholder gives, or
    /// another value on a line that names OpenSSL and is no pin.
    fn is_left_behind(&self, versions: &[Version], link: &FoundLink) -> bool {
        let in_file = || link.places().filter(|(file, _)| *file == self.path);
        let is_named = subject::names_openssl(self.now.text)
            && in_file().count() > 0
            && in_file().all(|(_, line)| *line != self.now.line);
        let moves = |at: usize| {
            let value = self.now.slots[at].value;
            let is_own = value.of_version().is_none() && !self.now.is_of_another(at);
            let is_told = value == SlotValue::Foreign || (is_named && versions.len() > 1 && is_own);
            let mut steps = self.steps.iter();
            is_told && steps.all(|step| step.before.written(at) != step.after.written(at))
        };
        let known = |version: &Version| self.steps.iter().any(|step| step.version == *version);
        (versions.len() > 1 || is_named)
            && versions.iter().all(known)
            && !subject::is_comment(self.now.text)
            && (0..self.now.slots.len()).any(moves)
    }

    /// Why a bump would leave a value behind.
    fn reason(&self) -> String {
        format!(
            "`{}` line {} holds a value that moved with every bump and that no placeholder gives; move both by hand",
            self.path, self.now.line
        )
    }

    /// What a bump makes of each value; none where some value did what no placeholder says, or
    /// where nothing moved.
    fn becomes(&self, steps: &[LineStep<'_>], releases: &[Release]) -> Option<Vec<Becomes>> {
        let becomes: Option<Vec<Becomes>> = (0..self.now.slots.len())
            .map(|at| self.value(at, steps, releases))
            .collect();
        becomes.filter(|all| all.iter().any(|one| *one != Becomes::Kept))
    }

    fn value(&self, at: usize, steps: &[LineStep<'_>], releases: &[Release]) -> Option<Becomes> {
        let values = || {
            steps
                .iter()
                .map(|step| (step.before.written(at), step.after.written(at), step))
        };
        let slot = &self.now.slots[at];
        if let Some(placeholder) = slot.value.of_version() {
            return Some(Becomes::Filled(placeholder));
        }
        if values().all(|(old, new, _)| old == new) {
            return Some(Becomes::Kept);
        }
        match slot.value {
            SlotValue::Digest(placeholder) => values()
                .all(|(_, new, step)| {
                    let mut all = releases.iter();
                    let release = all.find(|one| one.version == step.version);
                    release.is_some_and(|release| digests::may_be(placeholder, new, release))
                })
                .then_some(Becomes::Filled(placeholder)),
            SlotValue::Day => self.day(at, steps, releases),
            SlotValue::Number if !self.now.is_of_another(at) => {
                let numbers: Option<Vec<(u64, u64, Version)>> = values()
                    .map(|(old, new, step)| {
                        Some((old.parse().ok()?, new.parse().ok()?, step.version))
                    })
                    .collect();
                self.number(at, &numbers?, releases)
            }
            _ => None,
        }
    }

    /// The day of the release or, where that is none, of the bump.
    fn day(&self, at: usize, steps: &[LineStep<'_>], releases: &[Release]) -> Option<Becomes> {
        let published = |version: Version| {
            let release = releases.iter().find(|one| one.version == version);
            release.map(|release| release.date.to_string())
        };
        let all = |is: &dyn Fn(&str, &LineStep<'_>) -> bool| {
            steps.iter().all(|step| is(step.after.written(at), step))
        };
        let named = self.now.label(at).to_ascii_lowercase().contains("releas");
        let of_release = all(&|day, step| published(step.version).as_deref() == Some(day));
        let of_bump = all(&|day, step| day == step.moved.day.to_string());
        match (of_release, of_bump) {
            (true, bumped) if named || !bumped => Some(Becomes::Filled(Placeholder::ReleaseDate)),
            (_, true) => Some(Becomes::Filled(Placeholder::Date)),
            _ => None,
        }
    }

    fn number(
        &self,
        at: usize,
        steps: &[(u64, u64, Version)],
        releases: &[Release],
    ) -> Option<Becomes> {
        let size = |version: Version| {
            let release = releases.iter().find(|one| one.version == version);
            release.and_then(|release| release.size)
        };
        let label = self.now.label(at).to_ascii_lowercase();
        let is_size = ["size", "bytes", "length"]
            .iter()
            .any(|word| label.contains(word));
        let fits = |(_, new, version): &(u64, u64, Version)| match size(*version) {
            Some(size) => size == *new,
            None => is_size && *new > 1_000_000,
        };
        if steps.iter().all(fits) {
            return Some(Becomes::Filled(Placeholder::Size));
        }
        let counts = |(old, new, _): &(u64, u64, Version)| old.checked_add(1) == Some(*new);
        if steps.len() >= ENOUGH && steps.iter().all(counts) {
            let is_patch = steps
                .iter()
                .all(|(_, new, version)| version.patch() == new.to_string());
            return (!is_patch).then_some(Becomes::Filled(Placeholder::Counter));
        }
        let first = steps.first()?.1;
        if first > 1 || !steps.iter().all(|(_, new, _)| *new == first) {
            return None;
        }
        let now: u64 = self.now.written(at).parse().ok()?;
        Some(match first {
            0 => Becomes::Filled(Placeholder::Reset),
            first if first == now => Becomes::Kept,
            first => Becomes::Number(first),
        })
    }

    /// Adds it to the pin of its file, or as a pin of its own; false where it cannot be written.
    fn add(&self, link: &mut FoundLink, becomes: &[Becomes], checkout: &Checkout) -> bool {
        let text = &checkout.texts[&self.path];
        let Some(written) = self.written(becomes, text) else {
            return false;
        };
        let plain = |pin: &FoundPin| match &pin.kind {
            FoundKind::Text(found) => found.file == self.path && found.is_plain(),
            _ => false,
        };
        let own = link.pins.iter().position(plain);
        // A whole line is set where a pin moves the rest of its file.
        if (own.is_none() && matches!(written, WrittenLine::Set(..)))
            || !self.uncover(link, &written, text)
        {
            return false;
        }
        let at = own.unwrap_or_else(|| {
            link.pins.push(self.new_pin());
            link.pins.len() - 1
        });
        let pin = &mut link.pins[at];
        if let FoundKind::Text(found) = &mut pin.kind {
            match written {
                WrittenLine::Pattern(pattern) => found.matches.push(pattern),
                WrittenLine::Set(line, to) => found.set.push((line, to)),
            }
        }
        let place = (self.path.clone(), self.now.line);
        if !pin.places.contains(&place) {
            pin.places.push(place);
            pin.places.sort();
        }
        true
    }

    fn new_pin(&self) -> FoundPin {
        let moved = self.steps.iter().map(|step| step.moved.clone());
        FoundPin {
            kind: FoundKind::Text(Box::new(FoundText {
                count: Some(1),
                ..FoundText::of(&self.path)
            })),
            places: Vec::new(),
            confidence: Confidence::Certain,
            reason: super::proven::MOVED,
            moved: moved.take(ASKED).collect(),
            differs: None,
        }
    }

    /// Takes out what let the line stay, and patterns for a part of it; false where such a pattern
    /// stands for other lines too.
    fn uncover(&self, link: &mut FoundLink, written: &WrittenLine, text: &str) -> bool {
        let line = Lines::of(text).range(self.now.line);
        let inside = |pattern: &String| {
            let read = Pattern::of_pin(pattern);
            read.is_ok_and(|read| read.find(text, line.clone()).next().is_some())
        };
        let is_pattern = matches!(written, WrittenLine::Pattern(_));
        for pin in &mut link.pins {
            let FoundKind::Text(found) = &mut pin.kind else {
                continue;
            };
            if found.file != self.path {
                continue;
            }
            if is_pattern && found.matches.iter().any(inside) {
                if found.count != Some(1) {
                    return false;
                }
                found.matches.retain(|pattern| !inside(pattern));
            }
            found.leave.retain(|pattern| !inside(pattern));
        }
        let doubt = format!("`{}` line {} says ", self.path, self.now.line);
        link.doubt = link.doubt.take().filter(|why| !why.starts_with(&doubt));
        true
    }

    /// The line as a configuration writes it; none where that finds another line, or not only one.
    fn written(&self, becomes: &[Becomes], text: &str) -> Option<WrittenLine> {
        let numbers = becomes
            .iter()
            .filter(|one| matches!(one, Becomes::Number(_)));
        if numbers.count() > 0 {
            return self.set(becomes, text);
        }
        let pattern = self.now.rendered(|at| match &becomes[at] {
            Becomes::Filled(placeholder) => Some(format!("{{{}}}", placeholder.name())),
            Becomes::Kept | Becomes::Number(_) => None,
        });
        let read = Pattern::of_pin(&pattern).ok()?;
        let once = read.find(text, 0..text.len()).count() == 1;
        once.then_some(WrittenLine::Pattern(pattern))
    }

    /// The whole line as a pattern, and what a bump makes of it.
    fn set(&self, becomes: &[Becomes], text: &str) -> Option<WrittenLine> {
        let fits = |one: &Becomes| matches!(one, Becomes::Kept | Becomes::Number(_));
        let whole = &text[Lines::of(text).range(self.now.line)];
        let whole = whole.trim_end_matches(['\n', '\r']);
        let indent = whole.strip_suffix(self.now.text)?;
        let of = |number: &dyn Fn(u64) -> String| {
            let line = self.now.rendered(|at| match &becomes[at] {
                Becomes::Number(to) => Some(number(*to)),
                _ => None,
            });
            format!("{indent}{line}")
        };
        becomes.iter().all(fits).then(|| {
            let line = of(&|_| "{*}".to_owned());
            WrittenLine::Set(line, of(&|to| to.to_string()))
        })
    }
}
