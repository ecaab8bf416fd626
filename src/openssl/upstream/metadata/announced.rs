//! Which advisory text announced which identifier, and where text and record disagree (UPSTREAM
//! 2.5).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};

use super::told::Metadata;
use crate::openssl::advisory::{Advisory, AffectedRange, Bound, CveId, Severity};
use crate::openssl::upstream::diagnostic::{Diagnostic, Reading};
use crate::openssl::upstream::secadv::{AdvisoryText, IssueSection};
use crate::openssl::upstream::secjson::{PatchPlace, PublishedAdvisory};
use crate::openssl::version::{Series, Version};
use crate::text::in_words;

/// Where the site keeps advisory texts.
const SITE: &str = "https://openssl-library.org/news/secadv/";

/// Joins texts and records: fills in who announced what, titles, and what only a text says; reports
/// what does not fit.
/// The `unread` have records that could not be read: what no text says of them either is not known.
pub(super) fn complete(reading: &mut Reading<Metadata>, unread: &BTreeSet<CveId>) {
    let Reading {
        value: metadata,
        notes,
    } = reading;
    metadata.announced = announced(&metadata.texts, &metadata.published, notes);
    notes.extend(shared_commits(&metadata.published));
    let sections = sections(&metadata.texts);
    for PublishedAdvisory { advisory, .. } in &mut metadata.published {
        let own = sections
            .get(&advisory.id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        compare(advisory, own, notes);
        series(advisory, own);
        amend(advisory, own);
        if let Some(heading) = heading(advisory, own) {
            advisory.title = Some(heading);
        }
    }
    let known: BTreeSet<CveId> = metadata
        .published
        .iter()
        .map(|published| published.advisory.id)
        .collect();
    let settled: BTreeSet<CveId> = metadata
        .rejected
        .iter()
        .copied()
        .chain(metadata.disputed.iter().map(|disputed| disputed.id))
        .collect();
    let without: BTreeSet<CveId> = sections.keys().chain(unread).copied().collect();
    for id in without
        .into_iter()
        .filter(|id| !known.contains(id) && !settled.contains(id))
    {
        let own = sections.get(&id).map(Vec::as_slice).unwrap_or_default();
        metadata.published.push(from_texts(id, own, notes));
    }
}

/// An identifier's sections, each with the text it stands in, the oldest first: a revision comes
/// after what it revises.
type Sections<'a> = BTreeMap<CveId, Vec<(&'a AdvisoryText, &'a IssueSection)>>;

fn sections(texts: &[AdvisoryText]) -> Sections<'_> {
    let mut sections = Sections::new();
    let names: BTreeSet<&str> = texts.iter().map(|text| text.file.as_str()).collect();
    let is_copy = |text: &&AdvisoryText| {
        let original = text.file.strip_suffix(".asc");
        original.is_some_and(|file| names.contains(file))
    };
    let mut originals: Vec<&AdvisoryText> = texts.iter().filter(|text| !is_copy(text)).collect();
    originals.sort_by_key(|text| (unrevised(&text.file), revision(&text.file)));
    for text in originals {
        for section in &text.sections {
            for id in &section.ids {
                sections.entry(*id).or_default().push((text, section));
            }
        }
    }
    sections
}

/// The identifiers that each dated text announces: those in its headings; without any (2002 to
/// 2011) those of the records that link to it, as far as it mentions them, since one record links
/// to the wrong one.
fn announced(
    texts: &[AdvisoryText],
    published: &[PublishedAdvisory],
    notes: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Vec<CveId>> {
    let mut linked: BTreeMap<&str, Vec<CveId>> = BTreeMap::new();
    for advisory in published.iter().map(|published| &published.advisory) {
        let Some(file) = linked_file(advisory) else {
            continue;
        };
        linked.entry(file).or_default().push(advisory.id);
        match texts.iter().find(|text| text.file == file) {
            None if !texts.is_empty() => {
                notes.push(Diagnostic::new(
                    &advisory.id.to_string(),
                    format!("links to `{file}`, which the tree does not have"),
                ));
            }
            Some(text) if !text.mentioned.contains(&advisory.id) => {
                notes.push(Diagnostic::new(
                    &advisory.id.to_string(),
                    format!("links to `{file}`, which does not mention it"),
                ));
            }
            _ => {}
        }
    }
    let of = |text: &AdvisoryText| {
        let mut ids: Vec<CveId> = text
            .sections
            .iter()
            .flat_map(|section| section.ids.iter().copied())
            .collect();
        if ids.is_empty() {
            let links = linked
                .get(unrevised(&text.file).as_str())
                .into_iter()
                .chain(linked.get(text.file.as_str()))
                .flatten();
            ids = links
                .copied()
                .filter(|id| text.mentioned.contains(id))
                .collect();
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    texts
        .iter()
        .filter(|text| text.day.is_some())
        .map(|text| (text.file.clone(), of(text)))
        .collect()
}

/// The advisory text that a record links to, by its file's name.
fn linked_file(advisory: &Advisory) -> Option<&str> {
    let (folder, file) = advisory.url.as_deref()?.rsplit_once('/')?;
    folder.ends_with("/secadv").then_some(file)
}

/// The text that `20101116-2.txt` revises: `20101116.txt`.
fn unrevised(file: &str) -> String {
    match (file.split_once('-'), file.rsplit_once('.')) {
        (Some((stem, _)), Some((_, extension))) => format!("{stem}.{extension}"),
        _ => file.to_owned(),
    }
}

/// Which revision a text is: 2 for `20101116-2.txt`.
fn revision(file: &str) -> u32 {
    let number = || file.split_once('-')?.1.split('.').next()?.parse().ok();
    number().unwrap_or(0)
}

/// The heading in the text that a record links to, else in the newest that has one.
fn heading(advisory: &Advisory, own: &[(&AdvisoryText, &IssueSection)]) -> Option<String> {
    let linked = own
        .iter()
        .find(|(text, _)| Some(text.file.as_str()) == linked_file(advisory));
    linked
        .or_else(|| own.last())
        .map(|(_, section)| section.title.clone())
        .filter(|title| !title.is_empty())
}

/// Takes over what the texts say of whole series and of premium versions. Of two texts the newer
/// one's word on a series counts.
fn series(advisory: &mut Advisory, own: &[(&AdvisoryText, &IssueSection)]) {
    let mut unaffected: BTreeSet<Series> = advisory.unaffected.iter().copied().collect();
    let mut unanalysed = BTreeSet::new();
    let mut only_premium: BTreeSet<Version> = advisory.premium.iter().copied().collect();
    for (text, section) in own {
        for series in &text.unanalysed {
            unaffected.remove(series);
            unanalysed.insert(*series);
        }
        for series in &section.unaffected {
            unanalysed.remove(series);
            unaffected.insert(*series);
        }
        only_premium.extend(premium(section));
    }
    advisory.unaffected = unaffected.into_iter().collect();
    advisory.unanalysed = unanalysed.into_iter().collect();
    advisory.premium = only_premium.into_iter().collect();
}

fn premium(section: &IssueSection) -> Vec<Version> {
    let fixes = section.fixes.iter().filter(|fix| fix.premium);
    let versions: BTreeSet<Version> = fixes.map(|fix| fix.version).collect();
    versions.into_iter().collect()
}

/// Reports commits that records of several identifiers name as the fix: at most one of them can be
/// trusted to be (UPSTREAM 9.6).
fn shared_commits(published: &[PublishedAdvisory]) -> Vec<Diagnostic> {
    let mut named: BTreeMap<(&str, Version), BTreeSet<CveId>> = BTreeMap::new();
    for PublishedAdvisory {
        advisory, patches, ..
    } in published
    {
        for patch in patches {
            if let (Some(commit), PatchPlace::Version(version)) = (&patch.commit, patch.place) {
                let ids = named.entry((commit, version)).or_default();
                ids.insert(advisory.id);
            }
        }
    }
    let mut shared: BTreeMap<Vec<CveId>, BTreeSet<Version>> = BTreeMap::new();
    for ((_, version), ids) in named.into_iter().filter(|(_, ids)| ids.len() > 1) {
        let versions = shared.entry(ids.into_iter().collect()).or_default();
        versions.insert(version);
    }
    let told = shared.into_iter().map(|(ids, versions)| {
        let document = ids[0].to_string();
        let text = format!(
            "names the same commit as {} for the fix in {}: it fixes both, or one of the records is wrong",
            in_words(ids[1..].iter()),
            in_words(versions.iter())
        );
        Diagnostic::new(&document, text)
    });
    told.collect()
}

/// Reports where a record and the texts about it contradict each other, with both values.
fn compare(
    advisory: &Advisory,
    own: &[(&AdvisoryText, &IssueSection)],
    notes: &mut Vec<Diagnostic>,
) {
    for (text, section) in own {
        let mut say = |what: String| notes.push(Diagnostic::new(&advisory.id.to_string(), what));
        if let Some(severity) = section
            .severity
            .as_ref()
            .filter(|severity| **severity != advisory.severity)
        {
            say(format!(
                "`{}` rates it {severity}, its record {}",
                text.file, advisory.severity
            ));
        }
        for fix in &section.fixes {
            match advisory.fixed_in(fix.version.series()) {
                Some(fixed) if fixed == fix.version => {}
                Some(fixed) => say(format!(
                    "`{}` says it is fixed in {}, its record in {fixed}",
                    text.file, fix.version
                )),
                None => {
                    say(format!(
                        "`{}` says it is fixed in {}, its record does not name {}",
                        text.file,
                        fix.version,
                        fix.version.series()
                    ));
                }
            }
        }
    }
}

/// Since this day every text agreed with its record where both were right, so that one that does
/// not means that one of them is wrong. Of the earlier ones the records are (UPSTREAM 2.5).
const TEXTS_COUNT_SINCE: Date = date(2023, 2, 7);

/// Takes over from the texts what they say beyond the record, or against it: the higher rating, the
/// series that it does not name, the later fix.
fn amend(advisory: &mut Advisory, own: &[(&AdvisoryText, &IssueSection)]) {
    let counts = |(text, _): &&(&AdvisoryText, &IssueSection)| {
        text.day.is_some_and(|day| day >= TEXTS_COUNT_SINCE)
    };
    let own: Vec<_> = own.iter().filter(counts).collect();
    if let Some(severity) = own
        .last()
        .and_then(|(_, section)| section.severity.as_ref())
    {
        advisory.severity = advisory.severity.clone().max(severity.clone());
    }
    for (_, section) in &own {
        let said = ranges(section);
        if said.iter().all(AffectedRange::is_unread) {
            continue;
        }
        advisory.affected.retain(|range| !range.is_unread());
        for range in said {
            let Some(series) = range.from.version().map(|from| from.series()) else {
                advisory.affected.push(range);
                continue;
            };
            let fix = range.before.as_ref().and_then(Bound::version);
            let known = advisory.corrected();
            let named = known.iter().any(|known| known.speaks_of(series));
            match (advisory.fixed_in(series), fix) {
                (Some(fixed), Some(fix)) if fix > fixed => advisory.affected.push(AffectedRange {
                    from: Bound::Version(fixed),
                    ..range
                }),
                _ if named => {}
                _ => advisory.affected.push(range),
            }
        }
    }
}

/// An advisory from its texts alone, for an identifier without a readable record. Of several texts
/// the newest one that says what is affected counts.
fn from_texts(
    id: CveId,
    own: &[(&AdvisoryText, &IssueSection)],
    notes: &mut Vec<Diagnostic>,
) -> PublishedAdvisory {
    let said = |(_, section): &&(&AdvisoryText, &IssueSection)| {
        !ranges(section).iter().all(AffectedRange::is_unread)
    };
    let (told, of) = match own.iter().rev().find(said).or(own.last()) {
        Some((text, section)) => {
            let told = match ranges(section).as_slice() {
                [only] if only.is_unread() => format!(
                    "is announced in `{}`, which says no versions, and has no readable record: every version counts as affected",
                    text.file
                ),
                _ => format!(
                    "has no readable record; its ranges are taken from `{}`",
                    text.file
                ),
            };
            (told, Some((*text, *section)))
        }
        None => (
            "has no readable record and no text: every version counts as affected, unless more was known before; see what OpenSSL says of it".to_owned(),
            None,
        ),
    };
    notes.push(Diagnostic::new(&id.to_string(), told));
    let title = of.map(|(_, section)| section.title.clone());
    // Without a day of its own it is as old as whoever reads it first says.
    let days = own.iter().filter_map(|(text, _)| text.day);
    let advisory = Advisory {
        id,
        severity: of
            .and_then(|(_, section)| section.severity.clone())
            .unwrap_or(Severity::Unknown),
        published: days.min().unwrap_or(Date::MAX),
        title: title.filter(|title| !title.is_empty()),
        url: of.map(|(text, _)| format!("{SITE}{}", text.file)),
        cwe: Vec::new(),
        affected: of.map_or_else(
            || vec![AffectedRange::of_the_rest(AffectedRange::NOT_READ)],
            |(_, section)| ranges(section),
        ),
        unaffected: of.map_or_else(Vec::new, |(_, section)| section.unaffected.clone()),
        unanalysed: of.map_or_else(Vec::new, |(text, _)| text.unanalysed.clone()),
        premium: of.map_or_else(Vec::new, |(_, section)| premium(section)),
    };
    PublishedAdvisory {
        advisory,
        patches: Vec::new(),
        from_text: true,
    }
}

/// What a text says is affected: what comes before the fixes that it names, and the other series
/// that it calls affected. Where it names none, or speaks of fixes to come and of no series, that
/// leaves the rest open.
fn ranges(section: &IssueSection) -> Vec<AffectedRange> {
    let mut ranges: Vec<AffectedRange> = section
        .fixes
        .iter()
        .map(|fix| before(fix.version))
        .collect();
    let fixed = |series: Series| {
        section
            .fixes
            .iter()
            .any(|fix| fix.version.series() == series)
    };
    let open = section
        .affected
        .iter()
        .flatten()
        .filter(|series| !fixed(**series));
    ranges.extend(open.map(|series| AffectedRange {
        from: Bound::Version(series.first()),
        before: None,
        through: None,
    }));
    let named = section.fixes.iter().any(|fix| fix.pending);
    if ranges.is_empty() || (section.pending && !named && section.affected.is_none()) {
        ranges.push(AffectedRange::of_the_rest(AffectedRange::NOT_READ));
    }
    ranges
}

fn before(version: Version) -> AffectedRange {
    AffectedRange {
        from: Bound::Version(version.first_of_series()),
        before: Some(Bound::Version(version)),
        through: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{PublishedAdvisory, shared_commits};
    use crate::openssl::upstream::secjson::{Patch, PatchPlace};

    #[test]
    fn a_commit_that_two_records_name() {
        let published = |id: &str, version: &str, commit: &str| PublishedAdvisory {
            advisory: serde_json::from_str(&format!(
                r#"{{"id":"{id}","published":"2026-08-25","affected":[]}}"#
            ))
            .expect("an advisory"),
            patches: vec![Patch {
                place: PatchPlace::Version(version.parse().expect("a version")),
                premium: false,
                commit: Some(commit.to_owned()),
            }],
            from_text: false,
        };
        let told = shared_commits(&[
            published("CVE-2026-54874", "3.0.22", "a0c8ec557d9c"),
            published("CVE-2026-63072", "3.0.22", "a0c8ec557d9c"),
            published("CVE-2026-63073", "3.0.22", "1ca5a124"),
            // The same commit for another version is a fix that was not cherry-picked.
            published("CVE-2026-63074", "3.4.7", "1ca5a124"),
        ]);
        let [one] = told.as_slice() else {
            panic!("{told:?}")
        };
        assert_eq!(
            one.to_string(),
            "`CVE-2026-54874`: names the same commit as CVE-2026-63072 for the fix in 3.0.22: it fixes both, or one of the records is wrong"
        );
    }
}
