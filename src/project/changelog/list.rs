//! The lists in a changelog: their items, their style, and where a new item goes.

use std::ops::Range;

use super::document::{ChangelogText, bullet, plain};
use crate::text;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its lines, without blank ones at the end.
    pub(super) lines: Range<usize>,
    /// Its first paragraph as one line, without the bullet.
    pub(super) text: String,
}

/// How a file writes its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListStyle {
    /// What stands before the text of an item: `* `, `  -   `.
    bullet: String,
    /// What stands before its further lines.
    hang: String,
    /// Blank lines between items.
    loose: usize,
    /// The width that text is wrapped to; none where it is not.
    width: Option<usize>,
}

/// The widths that people wrap at, most usual first.
const USUAL_WIDTHS: [usize; 16] = [
    79, 80, 78, 72, 76, 88, 100, 99, 120, 118, 119, 90, 77, 74, 75, 70,
];

/// Line breaks that tell the width: habits change, so those nearest to the newest section do.
const TELLING: usize = 24;

/// Stands for a blank at which no line is broken.
const JOINED: char = '\u{e000}';

/// The items at the outermost level of a list, in a range of lines.
pub(super) fn items(document: &ChangelogText<'_>, range: Range<usize>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut marker_indent = None;
    let mut at = range.start;
    while at < range.end {
        let line = document.line(at);
        let indent = line.len() - line.trim_start().len();
        let starts = bullet(line).is_some() && marker_indent.is_none_or(|outer| indent <= outer);
        if starts {
            marker_indent = Some(indent);
            let end = item_end(document, at, indent, range.end);
            items.push(Item {
                lines: at..end,
                text: paragraph(document, at, end),
            });
            at = end;
        } else {
            at += 1;
        }
    }
    items
}

/// Where an item that starts on a line ends: before the next line that is no part of it.
fn item_end(document: &ChangelogText<'_>, start: usize, indent: usize, limit: usize) -> usize {
    let mut end = start + 1;
    let mut after_blank = false;
    for at in start + 1..limit {
        let line = document.line(at);
        if line.is_empty() {
            after_blank = true;
            continue;
        }
        let deeper = line.len() - line.trim_start().len() > indent;
        // Text that follows without a blank line belongs to the item even where it is not indented.
        if !deeper && (after_blank || bullet(line).is_some()) {
            break;
        }
        after_blank = false;
        end = at + 1;
    }
    end
}

/// The first paragraph of an item as one line.
fn paragraph(document: &ChangelogText<'_>, start: usize, end: usize) -> String {
    let first = document.line(start);
    let mut words: Vec<&str> = first[bullet(first).unwrap_or(0)..]
        .split_whitespace()
        .collect();
    for at in start + 1..end {
        let line = document.line(at);
        if line.is_empty() || bullet(line).is_some() {
            break;
        }
        words.extend(line.split_whitespace());
    }
    words.join(" ")
}

impl ListStyle {
    /// The style of the nearest list: of the first range that has items. None if no range has any.
    ///
    /// Bullets and blank lines are those of that list, the width is the whole file's.
    pub(super) fn read(document: &ChangelogText<'_>, ranges: &[Range<usize>]) -> Option<Self> {
        let lists: Vec<Vec<Item>> = ranges
            .iter()
            .map(|range| items(document, range.clone()))
            .collect();
        let nearest = lists.iter().find(|list| !list.is_empty())?;
        let indent = |item: &&Item| {
            document.line(item.lines.start).len()
                - document.line(item.lines.start).trim_start().len()
        };
        let line = document.line(nearest.iter().min_by_key(indent)?.lines.start);
        let bullet = line[..bullet(line)?].to_owned();
        let everything: Vec<&Item> = lists.iter().flatten().collect();
        let near: Vec<&Item> = nearest.iter().collect();
        let alike: Vec<&Item> = everything
            .iter()
            .copied()
            .filter(|item| document.line(item.lines.start).starts_with(&bullet))
            .collect();
        // A file's habits change over the years: what the nearest list does not tell, its like do.
        let hang = hang(document, &near)
            .or_else(|| hang(document, &alike))
            .unwrap_or_else(|| " ".repeat(bullet.chars().count()));
        let gaps = |lists: &[Vec<Item>]| -> Vec<usize> {
            let pairs = lists.iter().flat_map(|list| list.windows(2));
            pairs
                .map(|pair| pair[1].lines.start - pair[0].lines.end)
                .collect()
        };
        let own = gaps(std::slice::from_ref(nearest));
        let gaps = if own.is_empty() { gaps(&lists) } else { own };
        let loose = usize::from(gaps.iter().filter(|gap| **gap > 0).count() * 2 > gaps.len());
        Some(Self {
            bullet,
            hang,
            loose,
            width: width(document, &everything),
        })
    }

    /// The style for a file without a list.
    pub(super) fn usual(bullet: char) -> Self {
        Self {
            bullet: format!("{bullet} "),
            hang: "  ".into(),
            loose: 0,
            width: Some(79),
        }
    }

    /// Blank lines between two items.
    pub(super) fn gap(&self) -> Vec<String> {
        vec![String::new(); self.loose]
    }

    /// An item with this text, broken where another item breaks that has as many words on its
    /// lines; nothing where a line would be too long for that.
    pub(super) fn write_like(
        &self,
        document: &ChangelogText<'_>,
        item: &Item,
        text: &str,
    ) -> Option<Vec<String>> {
        let mut words = text.split_whitespace();
        let mut lines = Vec::new();
        for at in item.lines.clone() {
            let line = document.line(at);
            let start = bullet(line).filter(|_| at == item.lines.start);
            let number = line[start.unwrap_or(0)..].split_whitespace().count();
            let of_line: Vec<&str> = words.by_ref().take(number).collect();
            if of_line.is_empty() {
                break;
            }
            let before = if lines.is_empty() {
                &self.bullet
            } else {
                &self.hang
            };
            let written = format!("{before}{}", of_line.join(" "));
            let fits = self.width.unwrap_or(usize::MAX).max(line.chars().count());
            if written.chars().count() > fits {
                return None;
            }
            lines.push(written);
        }
        words.next().is_none().then_some(lines)
    }

    /// An item with this text; a name and its version stay on one line.
    pub(super) fn write(&self, text: &str) -> Vec<String> {
        let joined = match text.contains(JOINED) {
            true => text.to_owned(),
            false => text.replace("OpenSSL ", &format!("OpenSSL{JOINED}")),
        };
        let width = self.width.unwrap_or(usize::MAX);
        let lines = text::wrap(&joined, width, &self.bullet, &self.hang);
        if joined == text {
            return lines;
        }
        lines.iter().map(|line| line.replace(JOINED, " ")).collect()
    }
}

/// What stands before the second line of items, as most of them have it.
fn hang(document: &ChangelogText<'_>, items: &[&Item]) -> Option<String> {
    let mut seen: Vec<(String, usize)> = Vec::new();
    for item in items {
        let line = document.line(item.lines.start + 1);
        if item.lines.len() < 2 || line.is_empty() || bullet(line).is_some() {
            continue;
        }
        let hang = &line[..line.len() - line.trim_start().len()];
        match seen.iter_mut().find(|(known, _)| known == hang) {
            Some((_, count)) => *count += 1,
            None => seen.push((hang.to_owned(), 1)),
        }
    }
    seen.into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map(|(hang, _)| hang)
}

/// The width at which items are wrapped: the one that explains most line breaks. None where long
/// lines stand unwrapped.
fn width(document: &ChangelogText<'_>, items: &[&Item]) -> Option<usize> {
    // A line that was wrapped is not longer than the width, and would be if the next line's first
    // word stood on it.
    let mut breaks: Vec<Range<usize>> = Vec::new();
    let mut longest = 0;
    for item in items {
        if breaks.len() >= TELLING {
            break;
        }
        for at in item.lines.clone() {
            let (line, next) = (document.line(at), document.line(at + 1));
            let length = line.chars().count();
            longest = longest.max(length);
            let continues = at + 1 < item.lines.end && !next.is_empty() && bullet(next).is_none();
            if let Some(word) = next
                .split_whitespace()
                .next()
                .filter(|_| continues && !line.is_empty())
            {
                breaks.push(length..length + 1 + word.chars().count());
            }
        }
    }
    if breaks.is_empty() {
        return (longest <= 100).then_some(longest.max(79));
    }
    let explained = |width: usize| breaks.iter().filter(|range| range.contains(&width)).count();
    let widest = breaks
        .iter()
        .map(|range| range.start)
        .max()
        .filter(|widest| *widest > 60);
    let usual = USUAL_WIDTHS
        .into_iter()
        .chain(widest)
        .rev()
        .max_by_key(|width| explained(*width));
    // Lines that end where a thought ends were not wrapped at any width.
    usual
        .filter(|width| explained(*width) * 2 > breaks.len())
        .or(Some(longest.max(79)))
}

/// Whether new items stand first: where items end in a number (`(#123)`), the higher ones do.
pub(super) fn newest_first(lists: &[Vec<Item>]) -> bool {
    let number = |item: &Item| -> Option<u64> {
        let after = item.text.rsplit_once('#')?.1;
        after
            .chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
            .parse()
            .ok()
    };
    let pairs = lists
        .iter()
        .flat_map(|list| list.windows(2))
        .filter_map(|pair| Some((number(&pair[0])?, number(&pair[1])?)));
    let (mut up, mut down) = (0, 0);
    for (first, second) in pairs {
        up += usize::from(first < second);
        down += usize::from(first > second);
    }
    down > up
}

/// Whether a text only keeps a place: `Nothing changed yet.`
pub(super) fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 16] = [
        "nothing",
        "nothing yet",
        "nothing here yet",
        "nothing changed yet",
        "nothing changed",
        "nothing new yet",
        "no changes",
        "no changes yet",
        "no change yet",
        "no unreleased changes",
        "no unreleased changes yet",
        "none",
        "none yet",
        "tbd",
        "n a",
        "to be written",
    ];
    WORDS.contains(&plain(text).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::changelog::Markup;

    fn style(text: &str) -> ListStyle {
        let document = ChangelogText::new(Markup::Markdown, text);
        ListStyle::read(&document, std::slice::from_ref(&(0..document.len()))).expect("a list")
    }

    #[test]
    fn items_and_their_text() {
        let document = ChangelogText::new(
            Markup::Markdown,
            "- one\n  goes on\n\n  and on\n  - nested\n* two\nlazy\n\nno item\n\n- three\n",
        );
        let found: Vec<(Range<usize>, String)> = items(&document, 0..document.len())
            .into_iter()
            .map(|item| (item.lines, item.text))
            .collect();
        assert_eq!(
            found,
            [
                (0..5, "one goes on".to_owned()),
                (5..7, "two lazy".to_owned()),
                (10..11, "three".to_owned())
            ]
        );
    }

    #[test]
    fn style_follows_the_file() {
        let wrapped = style(
            " *  one two three four five six seven eight nine ten eleven twelve thirteen\n    fourteen\n\n *  two\n",
        );
        assert_eq!(
            wrapped,
            ListStyle {
                bullet: " *  ".into(),
                hang: "    ".into(),
                loose: 1,
                width: Some(79)
            }
        );
        let long = format!("- {}\n- b\n", "word ".repeat(40));
        assert_eq!(
            style(&long),
            ListStyle {
                bullet: "- ".into(),
                hang: "  ".into(),
                loose: 0,
                width: None
            }
        );
    }

    #[test]
    fn numbers_tell_the_order() {
        let lists = |text: &str| {
            let document = ChangelogText::new(Markup::Markdown, text);
            vec![items(&document, 0..document.len())]
        };
        assert!(newest_first(&lists("- c (#30)\n- b (#20)\n- a (#10)\n")));
        assert!(!newest_first(&lists("- a (#10)\n- b (#20)\n")));
        assert!(!newest_first(&lists("- a\n- b\n")));
    }
}
