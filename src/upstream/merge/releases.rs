//! Which versions are public: a release needs the API, or its tag and the download page.

use std::collections::BTreeSet;

use super::{Facts, Joining, some_of};
use crate::upstream::tags::Tags;
use crate::upstream::{Hashes, Release};
use crate::version::{Series, Version};

const API: &str = "releases";
const TAGS: &str = "tags";
const PAGE: &str = "source-page";

/// OpenSSL put its releases before this one on GitHub years after their publication, under the days of the upload.
fn is_of_this_age(version: Version) -> bool {
    version.major() >= 3
}

impl Joining {
    pub(super) fn releases(&mut self, facts: &Facts) {
        if let Some(listed) = &facts.releases {
            self.published(&listed.value);
        }
        if let Some(tags) = &facts.tags {
            self.tagged(&tags.value, facts);
        }
        if let Some(page) = &facts.source_page {
            self.offered(&page.value.releases, facts);
        }
    }

    /// What the API lists.
    fn published(&mut self, listed: &[Release]) {
        let mut dates = Vec::new();
        for release in listed {
            match self.snapshot.releases.iter_mut().find(|known| known.version == release.version) {
                None => self.snapshot.releases.push(release.clone()),
                Some(known) => {
                    let changed = reconcile(known, release);
                    if known.date != release.date && is_of_this_age(release.version) {
                        dates.push(format!("{}: {}, known as {}", release.version, release.date, known.date));
                    }
                    for text in changed {
                        self.note(API, text);
                    }
                }
            }
        }
        if !dates.is_empty() {
            self.note(API, format!("dates differ from what is known, which still counts: {}", some_of(&dates)));
        }
        self.unlisted(listed);
    }

    /// What the API should list and does not: known releases as young as the oldest it lists.
    fn unlisted(&mut self, listed: &[Release]) {
        let versions: BTreeSet<Version> = listed.iter().map(|release| release.version).collect();
        let Some(oldest) = listed.iter().map(|release| release.date).min() else { return };
        let expected = self.snapshot.releases.iter().filter(|known| known.date >= oldest && is_of_this_age(known.version));
        let missing: Vec<String> =
            expected.map(|known| known.version).filter(|version| !versions.contains(version)).map(|v| v.to_string()).collect();
        if !missing.is_empty() {
            self.note(API, format!("no longer lists {}; what is known of it is kept", some_of(&missing)));
        }
    }

    /// What the repository has tags for.
    fn tagged(&mut self, tags: &Tags, facts: &Facts) {
        let offered = facts.source_page.as_ref().map(|page| page.value.releases.as_slice()).unwrap_or_default();
        for (version, commit) in tags {
            if let Some(known) = self.snapshot.releases.iter_mut().find(|known| known.version == *version) {
                if let Some(text) = commit.as_ref().and_then(|commit| moved(known, commit)) {
                    self.note(TAGS, text);
                }
            } else if let Some((_, date)) = offered.iter().find(|(offered, _)| offered == version) {
                self.snapshot.releases.push(Release {
                    version: *version,
                    date: date.unwrap_or(self.today),
                    hashes: Hashes::default(),
                    size: None,
                    url: None,
                    commit: commit.clone(),
                    withdrawn: None,
                });
                self.note(PAGE, format!("offers `{version}`, which is tagged, and which the API does not list: it counts as released"));
            } else if self.newest(version.series()).is_none_or(|newest| newest < *version) {
                self.note(TAGS, format!("`{version}` is tagged, not yet published"));
            }
        }
        self.untagged(tags);
    }

    fn untagged(&mut self, tags: &Tags) {
        let tagged: BTreeSet<Version> = tags.keys().copied().collect();
        let released = self.snapshot.releases.iter().map(|known| known.version).filter(|version| is_of_this_age(*version));
        let missing: Vec<String> = released.filter(|version| !tagged.contains(version)).map(|version| version.to_string()).collect();
        if !missing.is_empty() {
            self.note(TAGS, format!("has no tag for {}, known as released", some_of(&missing)));
        }
    }

    /// What the download page offers.
    fn offered(&mut self, offered: &[(Version, Option<jiff::civil::Date>)], facts: &Facts) {
        for (version, date) in offered {
            match self.snapshot.release(*version).map(|known| known.date) {
                None => self.note(
                    PAGE,
                    format!("offers `{version}`, which is neither tagged nor listed by the API: it does not count as released"),
                ),
                Some(known) if date.is_some_and(|date| date != known) => {
                    let date = date.map(|date| date.to_string()).unwrap_or_default();
                    self.note(PAGE, format!("dates `{version}` `{date}`, known as `{known}`, which still counts"));
                }
                Some(_) => {}
            }
        }
        let Some(listed) = &facts.releases else { return };
        let newest_of = |series: Series, versions: &mut dyn Iterator<Item = Version>| {
            versions.filter(|version| version.series() == series && !version.is_prerelease()).max()
        };
        let series: BTreeSet<Series> = offered.iter().map(|(version, _)| version.series()).collect();
        for series in series {
            let here = newest_of(series, &mut offered.iter().map(|(version, _)| *version));
            let there = newest_of(series, &mut listed.value.iter().map(|release| release.version));
            if let (Some(here), Some(there)) = (here, there)
                && here != there
            {
                self.note(PAGE, format!("the newest release of {series} is `{here}` here and `{there}` in the API's list"));
            }
        }
    }

    fn newest(&self, series: Series) -> Option<Version> {
        self.snapshot.releases.iter().map(|known| known.version).filter(|version| version.series() == series).max()
    }
}

/// Adds what a source knows of a release to what is known, and says what it contradicts. What was published first counts: a tarball never changes.
fn reconcile(known: &mut Release, listed: &Release) -> Vec<String> {
    let version = known.version;
    let mut changed = Vec::new();
    let Hashes { sha256, sha512, sha1, md5 } = &mut known.hashes;
    let listed_hashes = &listed.hashes;
    let pairs = [
        ("sha256", sha256, &listed_hashes.sha256),
        ("sha512", sha512, &listed_hashes.sha512),
        ("sha1", sha1, &listed_hashes.sha1),
        ("md5", md5, &listed_hashes.md5),
    ];
    for (name, known, listed) in pairs {
        let Some(listed) = listed else { continue };
        let known = known.get_or_insert_with(|| listed.clone());
        if known != listed {
            changed.push(format!("the digest of `{version}` changed after publication: {name} was `{known}` and is `{listed}` now; the first one still counts"));
        }
    }
    if let Some(size) = listed.size {
        let known = *known.size.get_or_insert(size);
        if known != size {
            changed.push(format!(
                "the size of `{version}` changed after publication: it was {known} bytes and is {size} now; the first one still counts"
            ));
        }
    }
    if known.commit.is_none() {
        known.commit.clone_from(&listed.commit);
    }
    changed
}

/// Fills in a release's commit, or says that its tag moved.
fn moved(known: &mut Release, commit: &str) -> Option<String> {
    let before = known.commit.get_or_insert_with(|| commit.to_owned());
    (before != commit)
        .then(|| format!("the tag of `{}` moved after publication: it was at `{before}` and is at `{commit}` now", known.version))
}
