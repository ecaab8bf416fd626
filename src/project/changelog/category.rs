//! Changelogs that sort their entries: below which heading of a section an entry belongs.

use super::document::{Heading, plain};
use super::list;
use super::section::{Group, Outline};

/// The categories of Keep a Changelog 1.1.0, in its order.
const KEEP_A_CHANGELOG: [&str; 6] = [
    "Added",
    "Changed",
    "Deprecated",
    "Removed",
    "Fixed",
    "Security",
];

/// Headings that a security release belongs below, best first.
const SECURITY: [&str; 6] = [
    "security",
    "security fixes",
    "security fix",
    "security updates",
    "security issues",
    "vulnerabilities",
];

/// Headings that a change of a dependency belongs below, best first.
const CHANGED: [&str; 28] = [
    "dependencies",
    "dependency updates",
    "dependency changes",
    "updated dependencies",
    "bundled libraries",
    "changed",
    "changes",
    "other changes",
    "miscellaneous",
    "misc",
    "other",
    "packaging",
    "packaging changes",
    "packaging updates and notes for downstreams",
    "build",
    "build system",
    "build changes",
    "internal",
    "internal changes",
    "maintenance",
    "chores",
    "improvements",
    "enhancements",
    "updated",
    "updates",
    "bug fixes",
    "bugfixes",
    "fixed",
];

/// Where in a section an entry goes.
pub(super) enum CategoryChoice<'a> {
    /// Below a heading that stands there.
    Group(Group<'a>),
    /// Below a new heading, before a line.
    New {
        /// The line.
        before: usize,
        /// The heading's lines.
        heading: Vec<String>,
    },
}

/// Chooses the part of a section that an entry belongs to.
///
/// Entries that stand directly below the section's heading get company. Where the section, or the
/// file, sorts them, an entry goes where the file's own entries for OpenSSL stand; where it has
/// none, a security release goes below `Security` and anything else below what the project calls its
/// changes. Where no heading fits, the entry stands directly below the section's.
pub(super) fn choose<'a>(
    outline: &'a Outline<'_>,
    section: usize,
    security: bool,
) -> CategoryChoice<'a> {
    let groups = outline.groups(section);
    let direct = CategoryChoice::Group(groups[0].clone());
    let has_inner = groups.len() > 1;
    let own_items = !list::items(&outline.document, groups[0].lines.clone()).is_empty();
    let known = headings(outline);
    if own_items || (!has_inner && known.is_empty()) {
        return direct;
    }
    let Some(title) = title(outline, &groups, &known, security) else {
        return direct;
    };
    if let Some(group) = groups.iter().find(|group| {
        group
            .heading
            .is_some_and(|heading| plain(&heading.title) == plain(&title))
    }) {
        return CategoryChoice::Group(group.clone());
    }
    let Some(example) = groups[1..]
        .iter()
        .filter_map(|group| group.heading)
        .chain(known.iter().copied())
        .next()
    else {
        return direct;
    };
    let rank = |title: &str| {
        KEEP_A_CHANGELOG
            .iter()
            .position(|name| name.eq_ignore_ascii_case(title))
    };
    let later = groups[1..]
        .iter()
        .filter_map(|group| group.heading)
        .find(|heading| rank(&heading.title) > rank(&title) && rank(&title).is_some());
    let before = later.map_or(outline.sections[section].end, |heading| heading.first);
    CategoryChoice::New {
        before,
        heading: example.style.write(&title, &example.title),
    }
}

/// The heading that a new section gets above its entry, where the file sorts its entries.
pub(super) fn for_new_section(
    outline: &Outline<'_>,
    newest: usize,
    security: bool,
) -> Option<Vec<String>> {
    let groups = outline.groups(newest);
    let unsorted = !list::items(&outline.document, groups[0].lines.clone()).is_empty();
    let known = headings(outline);
    let example = known.first().filter(|_| !unsorted)?;
    let title = title(outline, &groups, &known, security)?;
    Some(example.style.write(&title, &example.title))
}

/// Every heading inside sections, nearest to the top first.
fn headings<'a>(outline: &'a Outline<'_>) -> Vec<&'a Heading> {
    (0..outline.sections.len())
        .flat_map(|at| outline.groups(at))
        .filter_map(|group| group.heading)
        .collect()
}

/// The title of the heading that an entry belongs below, as the section or else the file spells it.
fn title(
    outline: &Outline<'_>,
    groups: &[Group<'_>],
    known: &[&Heading],
    security: bool,
) -> Option<String> {
    let here: Vec<&Heading> = groups.iter().filter_map(|group| group.heading).collect();
    let spelled = |names: &[&str], headings: &[&Heading]| {
        let found = names.iter().find_map(|name| {
            headings
                .iter()
                .find(|heading| plain(&heading.title) == *name)
        });
        found.map(|heading| heading.title.clone())
    };
    let keeps = known
        .iter()
        .any(|heading| KEEP_A_CHANGELOG.contains(&heading.title.as_str()));
    let usual = |name: &str| keeps.then(|| name.to_owned());
    let secure = || {
        spelled(&SECURITY, &here)
            .or_else(|| spelled(&SECURITY, known))
            .or_else(|| usual("Security"))
    };
    let changed = || {
        let dependencies = &CHANGED[..5];
        let first = if keeps {
            spelled(dependencies, &here)
                .or_else(|| spelled(&["changed"], &here))
                .or_else(|| usual("Changed"))
        } else {
            None
        };
        first
            .or_else(|| spelled(&CHANGED, &here))
            .or_else(|| spelled(&CHANGED, known))
    };
    let words = || {
        if security {
            secure().or_else(changed)
        } else {
            changed()
        }
    };
    where_openssl_stands(outline).or_else(words)
}

/// The heading that the file's own newest entry for a bundled OpenSSL stands below.
fn where_openssl_stands(outline: &Outline<'_>) -> Option<String> {
    let mut order: Vec<usize> = (0..outline.sections.len()).collect();
    if outline.ascending {
        order.reverse();
    }
    order.into_iter().find_map(|section| {
        outline.groups(section).into_iter().find_map(|group| {
            let items = list::items(&outline.document, group.lines.clone());
            let told = items.iter().any(|item| is_of_openssl(&item.text));
            group
                .heading
                .filter(|_| told)
                .map(|heading| heading.title.clone())
        })
    })
}

/// Whether an entry says to which OpenSSL something moved: the name, and a version of it behind.
fn is_of_openssl(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let Some((_, after)) = lower.split_once("openssl") else {
        return false;
    };
    let word = |c: char| c.is_whitespace() || matches!(c, '`' | '*' | ',' | '(' | ')' | '"' | '-');
    let is_version = |word: &str| {
        let word = word
            .trim_start_matches('v')
            .trim_end_matches(['.', ':', ';']);
        word.matches('.').count() == 2 && word.parse::<crate::openssl::version::Version>().is_ok()
    };
    after.split(word).take(12).any(is_version)
}
