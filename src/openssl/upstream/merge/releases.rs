//! Which versions are public: a release needs the API, or its tag and the download page.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Joining, SourceFacts, some_of};
use crate::openssl::upstream::source_page::Tarball;
use crate::openssl::upstream::tags::Tags;
use crate::openssl::upstream::{Hashes, Release};
use crate::openssl::version::{Series, Version};

const API: &str = "releases";
const TAGS: &str = "tags";
const PAGE: &str = "source-page";

/// Which of two answers counts: of a built-in tarball the first one, which never changes.
const FIRST: &str = "the first one still counts";

/// OpenSSL put its releases before this one on GitHub years after their publication, under the days
/// of the upload.
fn is_of_this_age(version: Version) -> bool {
    version.major() >= 3
}

impl Joining {
    pub(super) fn releases(&mut self, facts: &SourceFacts) {
        if let Some(listed) = &facts.releases {
            self.published(&listed.value);
        }
        if let Some(tags) = &facts.tags {
            self.tagged(&tags.value, facts);
        }
        if let Some(page) = &facts.source_page {
            self.offered(&page.value.tarballs, facts);
        }
        self.taken_back();
    }

    /// Takes a release in that is not built in; of two of one version the first counts.
    pub(super) fn new_release(&mut self, release: Release) {
        if self.snapshot.release(release.version).is_none() {
            let date = release.date.min(self.days.latest);
            self.snapshot.releases.push(Release { date, ..release });
        }
    }

    /// Says what was known as released and is told by no source any more.
    fn taken_back(&mut self) {
        let known = self.before.iter().flat_map(|before| &before.releases);
        let gone: Vec<String> = known
            .filter(|known| self.snapshot.release(known.version).is_none())
            .map(|known| known.version.to_string())
            .collect();
        if !gone.is_empty() {
            let names = some_of(&gone);
            self.note(
                API,
                format!("no source tells of {names} any more: it does not count as released"),
            );
        }
    }

    /// Says what a release that is not built in had otherwise before.
    fn changed(&mut self, release: &Release) {
        let before = self
            .before
            .as_ref()
            .and_then(|before| before.release(release.version));
        if let Some(mut before) = before.cloned() {
            for text in reconcile(&mut before, release, "the last one counts") {
                self.note(API, text);
            }
        }
    }

    /// What the API lists.
    fn published(&mut self, listed: &[Release]) {
        let mut dates = Vec::new();
        for release in listed {
            match self
                .snapshot
                .releases
                .iter_mut()
                .find(|known| known.version == release.version)
            {
                None => {
                    self.changed(release);
                    self.new_release(release.clone());
                }
                Some(known) => {
                    let changed = reconcile(known, release, FIRST);
                    if known.date != release.date && is_of_this_age(release.version) {
                        dates.push(format!(
                            "{}: {}, known as {}",
                            release.version, release.date, known.date
                        ));
                    }
                    for text in changed {
                        self.note(API, text);
                    }
                }
            }
        }
        if !dates.is_empty() {
            self.note(
                API,
                format!(
                    "dates differ from what is known, which still counts: {}",
                    some_of(&dates)
                ),
            );
        }
        self.unlisted(listed);
    }

    /// What the API should list and does not: known releases as young as the oldest it lists.
    fn unlisted(&mut self, listed: &[Release]) {
        let versions: BTreeSet<Version> = listed.iter().map(|release| release.version).collect();
        let Some(oldest) = listed.iter().map(|release| release.date).min() else {
            return;
        };
        let expected = self
            .floor
            .releases
            .iter()
            .filter(|known| known.date >= oldest && is_of_this_age(known.version));
        let missing: Vec<String> = expected
            .map(|known| known.version)
            .filter(|version| !versions.contains(version))
            .map(|v| v.to_string())
            .collect();
        if !missing.is_empty() {
            self.note(
                API,
                format!(
                    "no longer lists {}, which is built in and still counts",
                    some_of(&missing)
                ),
            );
        }
    }

    /// What the repository has tags for.
    fn tagged(&mut self, tags: &Tags, facts: &SourceFacts) {
        let offered = facts
            .source_page
            .as_ref()
            .map(|page| page.value.tarballs.as_slice())
            .unwrap_or_default();
        for (version, commit) in tags {
            if let Some(known) = self
                .snapshot
                .releases
                .iter_mut()
                .find(|known| known.version == *version)
            {
                let before = self
                    .before
                    .as_ref()
                    .and_then(|before| before.release(*version));
                let built_in = known.commit.is_some() && self.floor.release(*version).is_some();
                let before = before
                    .filter(|_| !built_in)
                    .and_then(|before| before.commit.clone());
                let text = commit
                    .as_ref()
                    .and_then(|commit| moved(known, before, commit));
                if let Some(text) = text {
                    self.note(TAGS, text);
                }
            } else if let Some(tarball) = offered.iter().find(|tarball| tarball.version == *version)
            {
                let seen = self
                    .before
                    .as_ref()
                    .and_then(|before| before.release(*version));
                self.new_release(Release {
                    version: *version,
                    date: tarball
                        .released(&self.snapshot.series)
                        .or(seen.map(|seen| seen.date))
                        .unwrap_or(self.days.today),
                    hashes: Hashes {
                        sha256: tarball.sha256.clone(),
                        ..Hashes::default()
                    },
                    size: None,
                    url: None,
                    commit: commit.clone(),
                    withdrawn: None,
                    text: None,
                });
                self.note(PAGE, format!("offers `{version}`, which is tagged, and which the API does not list: it counts as released"));
            } else if self
                .newest(version.series())
                .is_none_or(|newest| newest < *version)
            {
                self.note(TAGS, format!("`{version}` is tagged, not yet published"));
            }
        }
        self.untagged(tags);
    }

    /// What is released without a tag, as far back as the tags go.
    fn untagged(&mut self, tags: &Tags) {
        let Some((oldest, _)) = tags.first_key_value() else {
            return;
        };
        let released = self
            .snapshot
            .releases
            .iter()
            .map(|known| known.version)
            .filter(|version| version >= oldest);
        let missing: Vec<String> = released
            .filter(|version| !tags.contains_key(version))
            .map(|version| version.to_string())
            .collect();
        if !missing.is_empty() {
            self.note(
                TAGS,
                format!("has no tag for {}, known as released", some_of(&missing)),
            );
        }
    }

    /// What the download page offers.
    fn offered(&mut self, offered: &[Tarball], facts: &SourceFacts) {
        for tarball in offered {
            let texts = match self
                .snapshot
                .releases
                .iter_mut()
                .find(|known| known.version == tarball.version)
            {
                None => vec![format!(
                    "offers `{}`, which is neither tagged nor listed by the API: it does not count as released",
                    tarball.version
                )],
                Some(known) => compare(known, tarball, tarball.released(&self.snapshot.series)),
            };
            for text in texts {
                self.note(PAGE, text);
            }
        }
        if let Some(listed) = &facts.releases {
            self.newest_here_and_there(offered, &listed.value);
        }
    }

    /// The newest release of each series, where page and API name different ones.
    fn newest_here_and_there(&mut self, offered: &[Tarball], listed: &[Release]) {
        let (here, there) = (
            newest(offered.iter().map(|tarball| tarball.version)),
            newest(listed.iter().map(|release| release.version)),
        );
        for (series, here) in here {
            if let Some(there) = there.get(&series).filter(|there| **there != here) {
                self.note(PAGE, format!("the newest release of {series} is `{here}` here and `{there}` in the API's list"));
            }
        }
    }

    fn newest(&self, series: Series) -> Option<Version> {
        self.snapshot
            .releases
            .iter()
            .map(|known| known.version)
            .filter(|version| version.series() == series)
            .max()
    }
}

/// The newest final version of each series.
fn newest(versions: impl Iterator<Item = Version>) -> BTreeMap<Series, Version> {
    let mut newest = BTreeMap::new();
    for version in versions.filter(|version| !version.is_prerelease()) {
        let known = newest.entry(version.series()).or_insert(version);
        *known = version.max(*known);
    }
    newest
}

/// What the download page says otherwise of a known release.
fn compare(known: &mut Release, tarball: &Tarball, date: Option<Date>) -> Vec<String> {
    let mut texts = Vec::new();
    if let Some(date) = date.filter(|date| *date != known.date && is_of_this_age(known.version)) {
        texts.push(format!(
            "dates `{}` `{date}`, known as `{}`, which still counts",
            known.version, known.date
        ));
    }
    let hashes = Hashes {
        sha256: tarball.sha256.clone(),
        ..Hashes::default()
    };
    texts.extend(reconcile_hashes(known, &hashes, FIRST));
    texts
}

/// Adds what a source knows of a release to what is known, and says what it contradicts; `counts`
/// says which of the two counts.
fn reconcile(known: &mut Release, listed: &Release, counts: &str) -> Vec<String> {
    let version = known.version;
    let mut changed = reconcile_hashes(known, &listed.hashes, counts);
    if let Some(size) = listed.size {
        let known = *known.size.get_or_insert(size);
        if known != size {
            changed.push(format!(
                "the size of `{version}` changed after publication: it was {known} bytes and is {size} now; {counts}"
            ));
        }
    }
    if known.commit.is_none() {
        known.commit.clone_from(&listed.commit);
    }
    // Upstream mends its texts; the newest word counts.
    known.text.clone_from(&listed.text);
    changed
}

/// Adds the digests that a source knows to the known ones, and says which contradict.
fn reconcile_hashes(known: &mut Release, listed: &Hashes, counts: &str) -> Vec<String> {
    let version = known.version;
    let mut changed = Vec::new();
    let Hashes {
        sha256,
        sha512,
        sha1,
        md5,
    } = &mut known.hashes;
    let pairs = [
        ("sha256", sha256, &listed.sha256),
        ("sha512", sha512, &listed.sha512),
        ("sha1", sha1, &listed.sha1),
        ("md5", md5, &listed.md5),
    ];
    for (name, known, listed) in pairs {
        let Some(listed) = listed else { continue };
        let known = known.get_or_insert_with(|| listed.clone());
        if known != listed {
            changed.push(format!("the digest of `{version}` changed after publication: {name} was `{known}` and is `{listed}` now; {counts}"));
        }
    }
    changed
}

/// Fills in a release's commit, or says that its tag moved.
fn moved(known: &mut Release, before: Option<String>, commit: &str) -> Option<String> {
    let now = known.commit.get_or_insert_with(|| commit.to_owned());
    let before = before.unwrap_or_else(|| now.clone());
    (before != commit)
        .then(|| format!("the tag of `{}` moved after publication: it was at `{before}` and is at `{commit}` now", known.version))
}
