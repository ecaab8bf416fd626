//! The sections of a changelog: which one is for the release to come, and where in it an entry
//! belongs.

mod levels;
mod unmarked;

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use jiff::civil::Date;

use super::day::{self, WrittenDay};
use super::document::{ChangelogText, Heading, LineEdit, Style, bullet, refused};
use super::entry::{Entry, Occasion};
use super::list::{self, Item, ListStyle};
use super::shape;
use super::title::Title;
use crate::project::project_version::ProjectVersion;
use crate::text::budget::CHANGELOG_HEADINGS;
use crate::text::fault::Fault;
use unmarked::FirstSection;

#[derive(Debug)]
pub(super) struct Outline<'a> {
    pub(super) document: ChangelogText<'a>,
    pub(super) headings: Vec<Heading>,
    pub(super) sections: Vec<Section>,
    /// Whether the newest section stands last.
    pub(super) ascending: bool,
    /// Whether sections of versions stand at several levels.
    pub(super) mixed: bool,
}

/// The section of one version.
#[derive(Debug)]
pub(super) struct Section {
    /// Its heading's place in the list of headings.
    pub(super) heading: usize,
    /// Its first line: the label above the heading, where it has one.
    pub(super) start: usize,
    /// The line after its last one.
    pub(super) end: usize,
    /// What its heading says.
    pub(super) title: Title,
    /// A line of its own below the heading that says when it was released.
    pub(super) day_line: Option<DayLine>,
}

/// A line below a heading that says when the version was released: `Released 2025-05-13`,
/// `Unreleased`.
#[derive(Debug)]
pub(super) struct DayLine {
    pub(super) at: usize,
    /// The day and where it stands; none where the line says that it is not released.
    pub(super) day: Option<(Range<usize>, WrittenDay)>,
}

/// Lines of a section below one heading.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    /// The heading inside the section; none for what stands below the section's own.
    pub(super) heading: Option<&'a Heading>,
    /// Its lines without the heading.
    pub(super) lines: Range<usize>,
}

impl<'a> Outline<'a> {
    pub(super) fn read(name: &str, text: &'a str) -> Result<Self, Fault> {
        let document = ChangelogText::read(name, text)?;
        let headings = document.headings();
        if headings.len() > CHANGELOG_HEADINGS {
            return Err(refused(
                name,
                format!(
                    "it has more than {CHANGELOG_HEADINGS} headings; move old sections to another file"
                ),
            ));
        }
        let mut titles: Vec<Title> = headings
            .iter()
            .map(|heading| Title::read(&heading.title))
            .collect();
        name_next(&mut titles);
        let level = section_level(&headings, &titles).ok_or_else(|| {
            if let Some((_, fault)) = document.never_closed(name) {
                return fault;
            }
            let message = format!("no section of a version was found; put a heading such as `{}` above the newest entries", "Unreleased");
            refused(name, message)
        })?;
        let mixed = levels::mixed(&headings, &titles, level);
        let is_section = |at: usize, title: &Title| {
            (headings[at].level == level && title.is_section()) || mixed.contains(&at)
        };
        let mut starts: Vec<usize> = titles
            .iter()
            .enumerate()
            .filter(|(at, title)| is_section(*at, title))
            .map(|(at, _)| at)
            .collect();
        let features = features(&titles, &starts);
        starts.retain(|at| !features.contains(at));
        let mut sections: Vec<Section> = Vec::new();
        for (at, title) in titles.into_iter().enumerate() {
            if starts.binary_search(&at).is_err() {
                continue;
            }
            let next = headings
                .iter()
                .enumerate()
                .skip(at + 1)
                .find(|(other, next)| {
                    next.level <= headings[at].level || starts.binary_search(other).is_ok()
                })
                .map(|(_, next)| next);
            let end = next.map_or_else(
                || before_link_definitions(&document, headings[at].last + 1),
                |next| with_labels(&document, next.first),
            );
            let day_line = day_line(&document, headings[at].last + 1, end);
            sections.push(Section {
                heading: at,
                start: with_labels(&document, headings[at].first),
                end,
                title,
                day_line,
            });
        }
        let ascending = is_ascending(&sections);
        let mut versions = sections
            .iter()
            .filter_map(|section| section.title.version.as_ref());
        if let (Some(first), Some((_, newest)), false) =
            (sections.first(), versions.next(), ascending)
        {
            let first = FirstSection {
                start: first.start,
                words: &first.title.words,
                newest,
            };
            unmarked::refuse(name, &document, &first)?;
        }
        Ok(Self {
            document,
            headings,
            sections,
            ascending,
            mixed: !mixed.is_empty(),
        })
    }

    pub(super) fn heading(&self, section: usize) -> &Heading {
        &self.headings[self.sections[section].heading]
    }

    /// The text of a section's version.
    pub(super) fn version_text(&self, section: usize) -> Option<&str> {
        let (range, _) = self.sections[section].title.version.as_ref()?;
        self.heading(section).title.get(range.clone())
    }

    /// The section that is older than this one.
    pub(super) fn older(&self, section: usize) -> Option<usize> {
        let older = if self.ascending {
            section.checked_sub(1)?
        } else {
            section + 1
        };
        (older < self.sections.len()).then_some(older)
    }

    /// The newest section.
    pub(super) fn newest(&self) -> usize {
        if self.ascending {
            self.sections.len() - 1
        } else {
            0
        }
    }

    /// The item of a section that already says what an entry does.
    pub(super) fn standing(&self, section: usize, entry: &Entry<'_>) -> Option<Item> {
        let mut items = self.items(section).into_iter();
        items.find(|item| shape::is_entry(&item.text, entry.text))
    }

    /// Whether a section's version is out: its tag says so first, then its day, then its words,
    /// then the version to be released next.
    pub(super) fn is_released(&self, at: usize, entry: &Entry<'_>, occasion: &Occasion) -> bool {
        let section = &self.sections[at];
        let day = section.day();
        let says_not = section.title.unreleased || (day.is_none() && section.day_line.is_some());
        let Some((_, version)) = &section.title.version else {
            return !says_not;
        };
        if occasion.released.contains(version) {
            return true;
        }
        // Tags that lack even the version before this one are not all there, as in a shallow clone.
        let older = self
            .older(at)
            .and_then(|older| self.sections[older].title.version.as_ref());
        let telling = occasion
            .tagged
            .as_ref()
            .filter(|tagged| older.is_none_or(|(_, older)| older <= *tagged));
        let date = day.and_then(|day| day.date);
        let past = telling.is_none() && date.is_some_and(|date| date < occasion.day);
        if says_not && !past {
            return false;
        }
        if let Some(tagged) = telling {
            return version <= tagged;
        }
        if let Some(date) = date {
            let raised = occasion.raised && occasion.next.as_ref() == Some(version);
            let expected = date == occasion.day || raised;
            let ours = || {
                self.items(at)
                    .iter()
                    .any(|item| shape::rewritten(&item.text, entry).is_some())
            };
            return date <= occasion.day && !(expected && ours());
        }
        // Which figure is the month is unclear, but it has its day.
        if day.is_some() {
            return true;
        }
        match &occasion.next {
            Some(next) => version < next,
            // Where every other section has its day, one without is still to get it.
            None => {
                self.sections.len() < 2
                    || self
                        .sections
                        .iter()
                        .filter(|section| section.day().is_some())
                        .count()
                        * 2
                        < self.sections.len()
            }
        }
    }

    /// The parts of a section: what stands below its heading, then what stands below each heading
    /// inside it.
    pub(super) fn groups(&self, section: usize) -> Vec<Group<'_>> {
        let Section { heading, end, .. } = &self.sections[section];
        let inner: Vec<&Heading> = self.headings[heading + 1..]
            .iter()
            .take_while(|inner| inner.first < *end)
            .collect();
        let starts = std::iter::once((None, self.headings[*heading].last + 1))
            .chain(inner.iter().map(|inner| (Some(*inner), inner.last + 1)));
        let ends = inner.iter().map(|inner| inner.first).chain([*end]);
        starts
            .zip(ends)
            .map(|((heading, start), end)| Group {
                heading,
                lines: start..end.max(start),
            })
            .collect()
    }

    pub(super) fn items(&self, section: usize) -> Vec<Item> {
        self.groups(section)
            .into_iter()
            .flat_map(|group| list::items(&self.document, group.lines))
            .collect()
    }

    /// How the file writes its items, near a section.
    pub(super) fn style(&self, name: &str, section: usize) -> Result<ListStyle, Fault> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let others = (0..self.sections.len()).filter(|other| *other != section);
        for at in std::iter::once(section).chain(others) {
            ranges.extend(self.groups(at).into_iter().map(|group| group.lines));
        }
        if let Some(style) = ListStyle::read(&self.document, &ranges) {
            return Ok(style);
        }
        let prose = (0..self.sections.len()).find_map(|at| {
            self.content(at)
                .find(|line| !list::is_placeholder(self.document.line(*line)))
        });
        match prose {
            Some(line) => Err(refused(
                name,
                format!(
                    "line {}: the entries are no list that could be continued; start them with `{} `",
                    line + 1,
                    self.document.markup.usual_bullet()
                ),
            )),
            None => Ok(ListStyle::usual(self.document.markup.usual_bullet())),
        }
    }

    /// The lines of an item with this text: broken as the newest item of the same words is, else as
    /// the file wraps its items.
    pub(super) fn written(&self, style: &ListStyle, text: &str) -> Vec<String> {
        let mut order: Vec<usize> = (0..self.sections.len()).collect();
        if self.ascending {
            order.reverse();
        }
        let mut items = order.into_iter().flat_map(|section| self.items(section));
        items
            .find(|item| shape::is_alike(&item.text, text))
            .and_then(|item| style.write_like(&self.document, &item, text))
            .unwrap_or_else(|| style.write(text))
    }

    /// The lines of a section that say something: no blank ones, headings, days, comments or
    /// directives.
    fn content(&self, section: usize) -> impl Iterator<Item = usize> {
        let day = self.sections[section].day_line.as_ref().map(|line| line.at);
        let lines = self
            .groups(section)
            .into_iter()
            .flat_map(|group| group.lines)
            .collect::<Vec<_>>();
        lines.into_iter().filter(move |at| {
            let line = self.document.line(*at);
            !line.is_empty()
                && Some(*at) != day
                && !line.starts_with([' ', '\t'])
                && !line.starts_with("..")
                && !line.starts_with("<!--")
                && !line.starts_with("-->")
        })
    }

    /// Blank lines between a heading and the list below it, as most sections near the newest have
    /// them.
    pub(super) fn blanks_below_heading(&self) -> usize {
        let groups = (0..self.sections.len()).flat_map(|at| self.groups(at));
        let filled = groups.map(|group| group.lines).filter(|lines| {
            let first = lines.start + self.document.blanks_from(lines.start);
            first < lines.end && bullet(self.document.line(first)).is_some()
        });
        most(filled.map(|lines| self.document.blanks_from(lines.start))).unwrap_or(1)
    }

    /// The edit that gives a section's heading another day.
    pub(super) fn dated(&self, section: usize, date: Date) -> Option<LineEdit> {
        let heading = self.heading(section);
        let (range, day) = self.sections[section].title.day.as_ref()?;
        let title = format!(
            "{}{}{}",
            &heading.title[..range.start],
            day.write(date, &self.days())?,
            &heading.title[range.end..]
        );
        Some((
            heading.first,
            heading.last + 1 - heading.first,
            heading.style.write(&title, &heading.title),
        ))
    }

    /// Every day that a section states.
    pub(super) fn days(&self) -> Vec<WrittenDay> {
        self.sections
            .iter()
            .filter_map(|section| section.day().cloned())
            .collect()
    }
}

impl Section {
    /// The day that the section states, in its heading or below it.
    pub(super) fn day(&self) -> Option<&WrittenDay> {
        let below = || self.day_line.as_ref().and_then(|line| line.day.as_ref());
        self.title.day.as_ref().or_else(below).map(|(_, day)| day)
    }
}

/// The level at which the sections of versions stand.
///
/// That of the first heading that is one, unless it only groups deeper ones: `3.2` above `3.2.1`,
/// or a single title above all.
fn section_level(headings: &[Heading], titles: &[Title]) -> Option<usize> {
    let bold = |heading: &Heading| matches!(heading.style, Style::Bold { .. });
    let real = headings
        .iter()
        .zip(titles)
        .any(|(heading, title)| !bold(heading) && title.version.is_some());
    let counts = |at: usize| titles[at].is_section() && !(real && bold(&headings[at]));
    let versioned = |level: usize| {
        (0..headings.len()).any(|at| headings[at].level == level && titles[at].version.is_some())
    };
    let versions = |level: usize| {
        let at_level = headings
            .iter()
            .zip(titles)
            .filter(|(one, _)| one.level == level);
        at_level
            .filter(|(_, title)| title.version.is_some())
            .count()
    };
    let any_version = titles.iter().any(|title| title.version.is_some());
    let mut found = (0..headings.len())
        .find(|at| counts(*at) && (!any_version || versioned(headings[*at].level)))?;
    loop {
        let level = headings[found].level;
        let inner = (found + 1..headings.len())
            .take_while(|at| headings[*at].level > level)
            .filter(|at| counts(*at) && titles[*at].version.is_some());
        let alone = found == 0 && (1..headings.len()).all(|at| headings[at].level != level);
        let deeper = inner.into_iter().find(|at| {
            // `Current release` above the versions of a file, whose oldest stand higher.
            let groups = titles[found].version.is_none()
                && versions(headings[*at].level) > versions(level).max(1);
            alone || groups || extends(&titles[*at], &titles[found])
        });
        match deeper {
            Some(at) => found = at,
            None => return Some(level),
        }
    }
}

/// How many neighbours tell what is usual.
const NEIGHBOURS: usize = 7;

/// The most frequent of the first few; of several the one that comes first.
pub(super) fn most(values: impl Iterator<Item = usize>) -> Option<usize> {
    let near: Vec<usize> = values.take(NEIGHBOURS).collect();
    let count = |value: &usize| near.iter().filter(|other| *other == value).count();
    near.iter().rev().copied().max_by_key(|value| count(value))
}

/// Marks titles that name what comes next by the words that stand beside the versions of others.
fn name_next(titles: &mut [Title]) {
    let versioned: Vec<&Title> = titles
        .iter()
        .filter(|title| title.version.is_some() && !title.unreleased)
        .collect();
    let usual = |word: &&String| {
        if word.as_str() == "v" {
            return false;
        }
        let having = versioned.iter().filter(|title| title.words.contains(word));
        having.count() * 2 > versioned.len()
    };
    let mut names: Vec<String> = versioned
        .iter()
        .flat_map(|title| title.words.iter().filter(usual))
        .cloned()
        .collect();
    names.sort_unstable();
    names.dedup();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for title in titles.iter_mut() {
        title.unreleased |= title.is_next_among(&names);
    }
}

/// Those of some titles that say what a version brought, `Cursor trails [0.37]`: before the version
/// they have words of their own, and no day where most others have one.
fn features(titles: &[Title], starts: &[usize]) -> HashSet<usize> {
    let dated = starts.iter().filter(|at| titles[**at].day.is_some());
    if dated.count() * 2 <= starts.len() {
        return HashSet::new();
    }
    let mut having: HashMap<&str, usize> = HashMap::new();
    for at in starts {
        let words: HashSet<&str> = titles[*at].words.iter().map(String::as_str).collect();
        for word in words {
            *having.entry(word).or_default() += 1;
        }
    }
    let is_own = |word: &String| having[word.as_str()] == 1;
    let is_feature = |at: &usize| {
        let title = &titles[*at];
        let behind = |(range, _): &(Range<usize>, ProjectVersion)| range.start > 0;
        title.day.is_none()
            && !title.unreleased
            && title.version.as_ref().is_some_and(behind)
            && title.words.len() > 1
            && title.words.iter().all(is_own)
    };
    starts.iter().copied().filter(is_feature).collect()
}

/// Whether a title's version goes on where another one's ends: 3.2.1 after 3.2.
fn extends(title: &Title, group: &Title) -> bool {
    let (Some((_, version)), Some((_, group))) = (&title.version, &group.version) else {
        return false;
    };
    version
        .to_string()
        .strip_prefix(&group.to_string())
        .is_some_and(|rest| rest.starts_with('.'))
}

/// Whether sections go from old to new, as most neighbours do.
fn is_ascending(sections: &[Section]) -> bool {
    let (Some(first), Some(last)) = (sections.first(), sections.last()) else {
        return false;
    };
    let rises: i64 = sections.windows(2).map(|two| rise(&two[0], &two[1])).sum();
    if first.title.unreleased || last.title.unreleased {
        return last.title.unreleased && !first.title.unreleased && rises >= 0;
    }
    rises > 0 || (rises == 0 && rise(first, last) > 0)
}

/// Whether the second of two sections is newer, by its day or else by its version: 1, or -1 where
/// it is older.
fn rise(one: &Section, other: &Section) -> i64 {
    let date = |section: &Section| section.day().and_then(|day| day.date);
    let order = match (date(one), date(other)) {
        (Some(one), Some(other)) if one != other => other.cmp(&one),
        _ => match (&one.title.version, &other.title.version) {
            (Some((_, one)), Some((_, other))) => other.cmp(one),
            _ => Ordering::Equal,
        },
    };
    order as i64
}

/// The first line of the labels that stand above a heading, or the heading's.
fn with_labels(document: &ChangelogText<'_>, heading: usize) -> usize {
    let mut start = heading;
    for at in (0..heading).rev() {
        let line = document.line(at);
        if is_label(line) {
            start = at;
        } else if !line.is_empty() {
            break;
        }
    }
    start
}

/// Whether a line gives the heading below it a name to link to: `.. _v44-0-1:`,
/// `<a name="v44.0.1"></a>`, `(v44-0-1)=`.
fn is_label(line: &str) -> bool {
    (line.starts_with(".. _") && line.ends_with(':'))
        || (line.starts_with("<a ") && (line.ends_with("</a>") || line.ends_with("/>")))
        || (line.starts_with('(') && line.ends_with(")="))
}

/// Whether a line says where a link leads: `[1.0]: https://...`, `` .. _`main`: https://... ``.
fn is_link_definition(line: &str) -> bool {
    (line.starts_with('[') && line.contains("]: "))
        || (line.starts_with(".. _") && line.contains(": "))
        || line.starts_with("__ ")
}

/// The end of a text that starts on a line, without the definitions of links that close it.
fn before_link_definitions(document: &ChangelogText<'_>, start: usize) -> usize {
    let last = (start..document.len())
        .rfind(|at| !document.is_blank(*at) && !is_link_definition(document.line(*at)));
    let end = last.map_or(start, |last| last + 1);
    if end + document.blanks_from(end) >= document.len() {
        document.len()
    } else {
        end + document.blanks_from(end)
    }
}

/// The line below a heading that says when the version was released, or that it was not.
fn day_line(document: &ChangelogText<'_>, start: usize, end: usize) -> Option<DayLine> {
    let at = start + document.blanks_from(start);
    let line = document.line(at);
    if at >= end || line.chars().count() > 100 || bullet(line).is_some() {
        return None;
    }
    let day = day::find(line).filter(|(range, _)| {
        let rest = format!("{} {}", &line[..range.start], &line[range.end..]).to_lowercase();
        let words = rest
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        words
            .into_iter()
            .all(|word| matches!(word, "released" | "release" | "date" | "on" | "published"))
    });
    let says_unreleased = || {
        let title = Title::read(line);
        title.unreleased && title.version.is_none()
    };
    (day.is_some() || says_unreleased()).then_some(DayLine { at, day })
}
