//! What the project's own history says: which lines moved when OpenSSL's version did.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use super::changed;
use super::changed::ChangedFile;
use super::gained::{Gain, gains};
use super::shaped::{Shaped, changed, of_line, shape};
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::discovery::found::{Checkout, Moved, OwnVersion};
use crate::project::discovery::own::{project, version};
use crate::project::discovery::unmoved::packaged_lines;
use crate::project::discovery::unmoved::packaged_lines::{PackagedLine, PackagedStep};
use crate::project::discovery::value::sightings::Sightings;
use crate::project::discovery::value::slots::folded;
use crate::project::own_places::lock::is_lock;

/// A line that moved from one version to another: where, and its commit by number, the newest 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineMove {
    pub(crate) commit: usize,
    pub(crate) old: Version,
    pub(crate) new: Version,
}

/// The text of a file before and after a commit that moved a version in it.
pub(crate) struct RecordedBump {
    pub(crate) before: String,
    pub(crate) after: String,
}

/// Texts that are kept: those of the newest commits that moved a version in one file.
const KEPT: usize = 4;

/// What commits did to lines, the newest first. A line is known by its shape: what is left of it
/// without versions and digests.
#[derive(Default)]
pub struct Record {
    known: Option<Sightings>,
    pub(crate) commits: Vec<Moved>,
    pub(crate) steps: HashMap<(String, String), Vec<LineMove>>,
    /// Lines with a digest that another one took the place of.
    pub(crate) digests: HashMap<(String, String), Vec<usize>>,
    /// The newest commit that wrote a line of this shape.
    written: HashMap<(String, String), usize>,
    pub(crate) bumps: BTreeMap<String, Vec<RecordedBump>>,
    /// The commits that moved a submodule, or OpenSSL's version in a lock file, by path.
    whole: HashMap<String, Vec<usize>>,
    /// What commits added to lines of one shape, by path and shape, the newest first.
    gained: HashMap<(String, String), Vec<Gain>>,
    /// The commits that changed a line with a number in it, by path.
    touched: HashMap<String, Vec<usize>>,
    /// What commits did to versions with a package's own number, by path.
    packaged: BTreeMap<String, Vec<PackagedStep>>,
    /// The newest commit that gave a line such a number while the version stayed, by path and what
    /// stands before it.
    rebuilt: BTreeMap<(String, String), usize>,
    /// The changelog's file, and the commits that changed it.
    told: (Option<String>, Vec<usize>),
    /// Where the project says its own version, and the commits that changed it.
    raised: (Option<OwnVersion>, Vec<usize>),
    /// How far history was read, where not to its beginning.
    pub bounds: Option<String>,
}

impl Record {
    /// An empty one.
    #[must_use]
    pub fn new(releases: &[Release]) -> Self {
        Self {
            known: Some(Sightings::new(releases)),
            ..Self::default()
        }
    }

    /// Watches the project's own files too: the changelog, which need not be read, and its version.
    /// Gives the path of the first, and those of the second.
    pub(crate) fn watch(&mut self, checkout: &Checkout) -> (Option<String>, Vec<String>) {
        self.told.0 = project::changelog(checkout);
        self.raised.0 = version::version(checkout, &[], &mut BTreeSet::new());
        let written = self.raised.0.iter().flat_map(OwnVersion::written);
        (
            self.told.0.clone(),
            written.map(ToOwned::to_owned).collect(),
        )
    }

    /// Takes in the next older commit.
    pub fn add(&mut self, commit: Moved, files: Vec<ChangedFile>) {
        let number = self.commits.len();
        self.commits.push(commit);
        for file in files {
            self.file(number, file);
        }
    }

    fn file(&mut self, commit: usize, file: ChangedFile) {
        self.raise(commit, &file);
        let Some(known) = &self.known else { return };
        if self.told.0.as_ref() == Some(&file.path) {
            self.told.1.push(commit);
            return;
        }
        if let Some(moves) = changed::moves(&file) {
            if moves {
                self.whole.entry(file.path).or_default().push(commit);
            }
            return;
        }
        let (removed, added) = changed(&file.before, &file.after);
        let packaged =
            |text: &str| packaged_lines::lines(&file.path, text, &|one| known.knows(one));
        let after = packaged(&added.join("\n"));
        if !after.is_empty() {
            let steps = packaged_lines::steps(commit, &packaged(&removed.join("\n")), &after);
            let all = self.packaged.entry(file.path.clone()).or_default();
            all.extend(steps);
            let rebuilt = |line: &&PackagedLine| {
                let mut bare = removed.iter().filter_map(|before| line.bare(before));
                bare.any(|version| version == line.version)
            };
            for line in after.iter().filter(rebuilt) {
                let key = (file.path.clone(), line.label().to_owned());
                self.rebuilt.entry(key).or_insert(commit);
            }
        }
        if added
            .iter()
            .any(|line| line.contains(|c: char| c.is_ascii_digit()))
        {
            self.touched
                .entry(file.path.clone())
                .or_default()
                .push(commit);
        }
        let shaped = |lines: &[&str]| -> Vec<Shaped> {
            lines
                .iter()
                .filter_map(|line| of_line(known, line))
                .collect()
        };
        let (removed, added) = (shaped(&removed), shaped(&added));
        let mut gone: HashMap<&str, VecDeque<&Shaped>> = HashMap::new();
        for line in &removed {
            gone.entry(&line.shape).or_default().push_back(line);
        }
        for (shape, gains) in gains(known, &file, &removed, &added) {
            let key = (file.path.clone(), shape);
            self.gained.entry(key).or_default().extend(gains);
        }
        let mut moves = false;
        for line in &added {
            let key = (file.path.clone(), line.shape.clone());
            self.written.entry(key.clone()).or_insert(commit);
            // Of several that are gone, that of the same series is what this one took the place of.
            let series = |line: &Shaped| line.versions.first().map(Version::series);
            let before = gone.get_mut(line.shape.as_str()).and_then(|gone| {
                let alike = gone.iter().position(|one| series(one) == series(line));
                gone.remove(alike.unwrap_or_default())
            });
            let Some(before) = before else {
                continue;
            };
            let places = before.versions.iter().zip(&line.versions);
            for (old, new) in places.filter(|(old, new)| old != new) {
                moves = true;
                let step = LineMove {
                    commit,
                    old: *old,
                    new: *new,
                };
                self.steps.entry(key.clone()).or_default().push(step);
            }
            if before.digests != line.digests {
                self.digests.entry(key).or_default().push(commit);
            }
        }
        let bumps = self.bumps.entry(file.path).or_default();
        if moves && bumps.len() < KEPT {
            bumps.push(RecordedBump {
                before: file.before,
                after: file.after,
            });
        }
    }

    /// Notes whether a commit wrote the project's own version.
    fn raise(&mut self, commit: usize, file: &ChangedFile) {
        let places = self.raised.0.iter().flat_map(OwnVersion::places);
        let starts: Vec<&str> = places
            .filter(|place| place.file == file.path && !is_lock(&place.file))
            .filter_map(|place| place.pattern.split("{project_version}").next())
            .map(|before| before.rsplit('\n').next().unwrap_or(before).trim())
            .collect();
        if starts.is_empty() {
            return;
        }
        let (_, added) = changed(&file.before, &file.after);
        let is_raised = |line: &&str| starts.iter().any(|start| line.trim().starts_with(start));
        if added.iter().any(is_raised) {
            self.raised.1.push(commit);
        }
    }

    /// Whether a line of this shape was written in a commit this new.
    pub(crate) fn written_since(&self, key: &(String, String), commit: usize) -> bool {
        self.written.get(key).is_some_and(|last| *last <= commit)
    }

    /// What commits added to lines of this one's shape, the newest first.
    pub(crate) fn gains(&self, path: &str, line: &str) -> Vec<Gain> {
        let shape = self.known.as_ref().and_then(|known| shape(known, line));
        let gains = shape.and_then(|shape| self.gained.get(&(path.to_owned(), folded(&shape))));
        gains.cloned().unwrap_or_default()
    }

    /// Whether a commit put the next release of a series in the place of an entry written like this
    /// line.
    pub(crate) fn replaced(&self, path: &str, line: &str) -> bool {
        let shape = self.known.as_ref().and_then(|known| shape(known, line));
        let steps = shape.and_then(|shape| self.steps.get(&(path.to_owned(), shape)));
        let is_next = |step: &LineMove| step.old.series() == step.new.series();
        steps.is_some_and(|steps| steps.iter().any(is_next))
    }

    /// Whether a commit moved something in a file from one of these versions to another: what it
    /// used before was kept.
    pub(crate) fn moved_among(&self, path: &str, versions: &BTreeSet<Version>) -> bool {
        let of_file = self.steps.iter().filter(|((file, _), _)| file == path);
        let mut steps = of_file.flat_map(|(_, steps)| steps);
        steps.any(|step| versions.contains(&step.old) && versions.contains(&step.new))
    }

    /// The lines that stood in a file before each of the bumps of it that are kept, without the white
    /// space around them.
    pub(crate) fn stood(&self, path: &str) -> HashSet<&str> {
        let bumps = self.bumps.get(path).map_or(&[][..], Vec::as_slice);
        let before = bumps
            .iter()
            .map(|bump| -> HashSet<&str> { bump.before.lines().map(str::trim).collect() });
        before
            .reduce(|all, lines| &all & &lines)
            .unwrap_or_default()
    }

    /// The lines, with their files, that list versions and got one more with the newest bump that is
    /// kept of the file; without the white space around them.
    pub(crate) fn extended(&self) -> HashSet<(&str, &str)> {
        let Some(known) = &self.known else {
            return HashSet::new();
        };
        let listed = |line: &str| {
            let versions = of_line(known, line)?.versions;
            (!versions.is_empty()).then_some(versions)
        };
        let mut extended = HashSet::new();
        for (path, bumps) in &self.bumps {
            let Some(bump) = bumps.first() else { continue };
            let (removed, added) = changed(&bump.before, &bump.after);
            let removed: Vec<Vec<Version>> =
                removed.into_iter().filter_map(listed).take(LISTS).collect();
            for line in added.into_iter().filter(|_| !removed.is_empty()) {
                let Some(versions) = listed(line) else {
                    continue;
                };
                let grew = |before: &Vec<Version>| {
                    before.len() < versions.len()
                        && before.iter().all(|version| versions.contains(version))
                };
                if versions.len() > 1 && removed.iter().any(grew) {
                    extended.insert((path.as_str(), line.trim()));
                }
            }
        }
        extended
    }

    /// Whether a value stood in a file before each of the bumps of it that are kept.
    pub(crate) fn held(&self, path: &str, value: &str) -> bool {
        let bumps = self.bumps.get(path).map_or(&[][..], Vec::as_slice);
        !bumps.is_empty() && bumps.iter().all(|bump| bump.before.contains(value))
    }

    /// The files in which a version with a package's own number moved.
    pub(crate) fn packaged(&self) -> impl Iterator<Item = &String> {
        self.packaged.keys()
    }

    /// What commits did to such a line, the newest first.
    pub(crate) fn packaged_steps<'a>(
        &'a self,
        path: &str,
        label: &'a str,
    ) -> impl Iterator<Item = &'a PackagedStep> {
        let steps = self.packaged.get(path).into_iter().flatten();
        steps.filter(move |step| step.label() == label)
    }

    /// The commit that moved other lines of a file from this version to a later one and left this
    /// line, which is older; with the version that it moved them to.
    pub(crate) fn left(
        &self,
        path: &str,
        line: &str,
        version: Version,
    ) -> Option<(&Moved, Version)> {
        let shape = folded(&shape(self.known.as_ref()?, line)?);
        let own = (path.to_owned(), shape);
        let of_file = self
            .steps
            .iter()
            .filter(|(key, _)| key.0 == path && **key != own);
        let steps = of_file.flat_map(|(_, steps)| steps);
        let newest = steps
            .filter(|step| step.old == version && step.new > version)
            .min_by_key(|step| step.commit)?;
        let stayed = !self.written_since(&own, newest.commit);
        stayed.then(|| (&self.commits[newest.commit], newest.new))
    }

    /// Whether a bump writes this line's version without a number: the number came while the version
    /// stayed, or the newest bump that is kept of the file wrote none.
    pub(crate) fn is_bare(&self, path: &str, line: &PackagedLine) -> bool {
        let key = (path.to_owned(), line.label().to_owned());
        let newest = self.bumps.get(path).and_then(|bumps| bumps.first());
        let wrote_none = |bump: &RecordedBump| {
            let mut lines = bump.after.lines();
            lines.any(|written| line.bare(written).is_some())
        };
        // A bump since then that wrote a number says what bumps do.
        let numbered = self
            .packaged_steps(path, line.label())
            .map(|step| step.commit)
            .min();
        let rebuilt = self.rebuilt.get(&key);
        newest.is_some_and(wrote_none)
            || rebuilt.is_some_and(|commit| numbered.is_none_or(|bump| *commit < bump))
    }

    /// The commits that moved a submodule or a lock file, the newest first.
    pub(crate) fn moved(&self, path: &str) -> Vec<Moved> {
        let commits = self.whole.get(path).map_or(&[][..], Vec::as_slice);
        self.named(commits.iter().copied())
    }

    /// The commits that changed a line with a number in one of these files, or moved a submodule
    /// or a lock file, the newest first.
    pub(crate) fn touched(&self, paths: &BTreeSet<&str>) -> Vec<Moved> {
        let of = |path: &&str| [self.touched.get(*path), self.whole.get(*path)];
        let commits = paths.iter().flat_map(of).flatten().flatten();
        let commits: BTreeSet<usize> = commits.copied().collect();
        let named = commits.into_iter().map(|commit| &self.commits[commit]);
        named.cloned().collect()
    }

    /// Whether one of these commits changed the changelog.
    pub(crate) fn is_told(&self, commits: &[Moved]) -> bool {
        self.is_among(&self.told.1, commits)
    }

    /// Whether one of these commits changed the project's own version.
    pub(crate) fn is_raised(&self, commits: &[Moved]) -> bool {
        self.is_among(&self.raised.1, commits)
    }

    fn is_among(&self, numbers: &[usize], commits: &[Moved]) -> bool {
        numbers.iter().any(|number| {
            let one = &self.commits[*number];
            commits.iter().any(|other| other.commit == one.commit)
        })
    }

    /// The commits as people see them, the newest first and each once.
    pub(crate) fn named(&self, commits: impl IntoIterator<Item = usize>) -> Vec<Moved> {
        let numbers: BTreeSet<usize> = commits.into_iter().collect();
        numbers
            .into_iter()
            .take(3)
            .map(|number| self.commits[number].clone())
            .collect()
    }
}

/// Lines that list versions which are compared with what became of them.
const LISTS: usize = 50;
