//! Where in its section an item goes: below which heading, before or after what stands there.

use super::category;
use super::document::{Heading, LineEdit, Style};
use super::list::{self, Item, ListStyle};
use super::section::{Group, Outline};

/// The edit that puts a new item into a section.
pub(super) fn insertion(
    outline: &Outline<'_>,
    section: usize,
    security: bool,
    item: &[String],
    style: &ListStyle,
) -> LineEdit {
    match category::choose(outline, section, security) {
        category::CategoryChoice::Group(group) => edit_of_group(outline, &group, item, style),
        category::CategoryChoice::New { before, heading } => {
            let mut lines = heading;
            lines.extend(vec![String::new(); outline.blanks_below_heading()]);
            lines.extend(item.iter().cloned());
            block(outline, before, lines)
        }
    }
}

fn edit_of_group(
    outline: &Outline<'_>,
    group: &Group<'_>,
    item: &[String],
    style: &ListStyle,
) -> LineEdit {
    let items = list::items(&outline.document, group.lines.clone());
    if let [only] = items.as_slice()
        && list::is_placeholder(&only.text)
    {
        return (only.lines.start, only.lines.len(), item.to_vec());
    }
    let every: Vec<Vec<Item>> = (0..outline.sections.len())
        .map(|at| outline.items(at))
        .collect();
    match (items.first(), items.last()) {
        (Some(first), _) if list::newest_first(&every) => {
            (first.lines.start, 0, [item, &style.gap()].concat())
        }
        (_, Some(last)) => {
            let end = last.lines.end;
            let is_next =
                |one: &Heading| one.first == end && matches!(one.style, Style::Lines { .. });
            let mut lines = [&style.gap(), item].concat();
            // Right below an item the title of an underlined heading would be a part of it.
            if outline.headings.iter().any(is_next) {
                lines.push(String::new());
            }
            (end, 0, lines)
        }
        _ => edit_of_empty(outline, group, item),
    }
}

/// The edit for a part that has no list yet.
fn edit_of_empty(outline: &Outline<'_>, group: &Group<'_>, item: &[String]) -> LineEdit {
    let filled = group
        .lines
        .clone()
        .rfind(|at| !outline.document.is_blank(*at));
    match filled {
        Some(only) if list::is_placeholder(outline.document.line(only)) => (only, 1, item.to_vec()),
        Some(last) => block(outline, last + 1, item.to_vec()),
        None => {
            let blanks = outline.blanks_below_heading();
            let at = group.lines.start;
            let mut lines = vec![String::new(); blanks];
            lines.extend(item.iter().cloned());
            if at < outline.document.len() && !outline.document.is_blank(at) {
                lines.push(String::new());
            }
            (at, 0, lines)
        }
    }
}

/// The edit that puts a block of lines before a line, or after the last line that is not blank
/// before it, with one blank line on each side.
fn block(outline: &Outline<'_>, before: usize, block: Vec<String>) -> LineEdit {
    let after = (0..before)
        .rfind(|at| !outline.document.is_blank(*at))
        .map_or(0, |last| last + 1);
    let mut lines = vec![String::new()];
    lines.extend(block);
    if after < outline.document.len() && !outline.document.is_blank(after) {
        lines.push(String::new());
    }
    (after, 0, lines)
}
