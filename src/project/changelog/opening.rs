//! A new section, written the way the newest ones are.

mod model;

use super::document::{LineEdit, lines, refused};
use super::entry::{Entry, Occasion, Written};
use super::section::{self, Outline};
use super::{category, title};
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;

/// Puts the entry into a new section that is newer than `newest`.
pub(super) fn above(
    name: &str,
    outline: &Outline<'_>,
    newest: usize,
    entry: &Entry<'_>,
    occasion: &Occasion,
) -> Result<Written, Fault> {
    let section = &outline.sections[newest];
    let Some((range, version)) = &section.title.version else {
        return Err(refused(name, "the newest section has no version"));
    };
    let old = &outline.heading(newest).title[range.clone()];
    let new = next_version(version, occasion).ok_or_else(|| {
        refused(name, format!("what follows `{old}` is unclear; add a section for the next release, or name its file in `[version]`"))
    })?;
    let new = if old.starts_with(|c: char| c.is_ascii_digit()) {
        new.to_string()
    } else {
        old.to_owned()
    };

    let model = model::of(outline, newest);
    let renumbering = Renumbering {
        old: outline.version_text(model).unwrap_or(old),
        new: &new,
        before: outline
            .older(model)
            .and_then(|older| outline.version_text(older)),
        newest: old,
    };
    let mut block = head(name, outline, model, &renumbering, occasion)?;
    block.extend(vec![String::new(); outline.blanks_below_heading()]);
    if let Some(heading) = category::for_new_section(outline, newest, entry.security) {
        block.extend(heading);
        block.extend(vec![String::new(); outline.blanks_below_heading()]);
    }
    let style = outline.style(name, newest)?;
    block.extend(outline.written(&style, entry.text));

    let mut edits = vec![insertion(outline, newest, &block)];
    edits.extend(link_definition(outline, newest, model, &renumbering));
    Ok(Written {
        text: outline.document.edited(name, edits)?,
        entry: lines(&block),
    })
}

/// The version that the project will release next: the one its configuration leads to if that is
/// newer, else the next patch.
pub(super) fn next_version(newest: &ProjectVersion, occasion: &Occasion) -> Option<ProjectVersion> {
    let configured = occasion
        .next
        .as_ref()
        .map(ProjectVersion::finished)
        .filter(|next| next > newest);
    configured.or_else(|| newest.next_patch())
}

/// Labels, heading and day of the new section, written as those of its model.
fn head(
    name: &str,
    outline: &Outline<'_>,
    model: usize,
    renumbering: &Renumbering<'_>,
    occasion: &Occasion,
) -> Result<Vec<String>, Fault> {
    let section = &outline.sections[model];
    let heading = outline.heading(model);
    let days = outline.days();
    let unclear = || {
        refused(
            name,
            format!(
                "line {}: which figure is the month is unclear; write the day as `{}`",
                heading.at + 1,
                occasion.day
            ),
        )
    };
    let mut block: Vec<String> = Vec::new();
    let labels: Vec<&str> = (section.start..heading.first)
        .map(|at| outline.document.line(at))
        .collect();
    // A label without the version in it would be there twice.
    if labels
        .iter()
        .all(|label| label.is_empty() || renumbering.label(label) != **label)
    {
        block.extend(labels.iter().map(|label| renumbering.label(label)));
    }
    let title = match &section.title.day {
        Some((range, day)) => {
            let written = day.write(occasion.day, &days).ok_or_else(unclear)?;
            format!(
                "{}{written}{}",
                renumbering.text(&heading.title[..range.start]),
                renumbering.text(&heading.title[range.end..])
            )
        }
        None => renumbering.text(&heading.title),
    };
    if section.title.has_another_day() {
        return Err(refused(
            name,
            format!(
                "line {}: how this heading writes its day is not known; write it as `{}`, or add the section of the next release",
                heading.at + 1,
                occasion.day
            ),
        ));
    }
    let is_shared = |name: &str| {
        let mut others = (0..outline.sections.len()).filter(|at| *at != model);
        others.any(|at| outline.heading(at).title.contains(name))
    };
    let title = title::without_nickname(&title::without_labels(&title), &is_shared);
    let of = title::without_labels(&heading.title);
    let style = &model::styled(outline, model, renumbering.new).style;
    block.extend(style.write(&title, &of));
    if let Some(line) = &section.day_line
        && let Some((range, day)) = &line.day
    {
        let text = outline.document.line(line.at);
        block.extend(vec![
            String::new();
            line.at.saturating_sub(heading.last + 1)
        ]);
        let written = day.write(occasion.day, &days).ok_or_else(unclear)?;
        block.push(format!(
            "{}{written}{}",
            &text[..range.start],
            &text[range.end..]
        ));
    }
    Ok(block)
}

/// The edit that puts a block where the sections newer than `newest` belong, as far from it as the
/// sections are from each other.
pub(super) fn insertion(outline: &Outline<'_>, newest: usize, block: &[String]) -> LineEdit {
    let gap = vec![String::new(); gap(outline)];
    let section = &outline.sections[newest];
    if outline.ascending {
        let last = (section.start..section.end)
            .rfind(|at| !outline.document.is_blank(*at))
            .unwrap_or(section.start);
        (last + 1, 0, [&gap, block].concat())
    } else {
        let apart = usize::from(section.start > 0 && !outline.document.is_blank(section.start - 1));
        (
            section.start,
            0,
            [&vec![String::new(); apart], block, &gap].concat(),
        )
    }
}

/// Blank lines between two sections, as most near the newest have them.
fn gap(outline: &Outline<'_>) -> usize {
    let above = |at: usize| {
        (0..at)
            .rev()
            .take_while(|line| outline.document.is_blank(*line))
            .count()
    };
    let gaps = outline.sections.iter().skip(1);
    section::most(gaps.map(|section| above(section.start)))
        .unwrap_or(1)
        .clamp(1, 4)
}

/// The definition of the link that the new heading is, next to the one of the newest.
fn link_definition(
    outline: &Outline<'_>,
    newest: usize,
    model: usize,
    renumbering: &Renumbering<'_>,
) -> Option<LineEdit> {
    let of_model = definition_of(outline, model)?;
    let at = definition_of(outline, newest).unwrap_or(of_model);
    let line = renumbering.text(outline.document.line(of_model));
    Some((at, 0, vec![line]))
}

/// The line that defines the link that a section's heading is: `[1.0.0]: https://...`.
pub(super) fn definition_of(outline: &Outline<'_>, section: usize) -> Option<usize> {
    let title = &outline.heading(section).title;
    let opened = &title[title.find('[')?..];
    let label = &opened[..=opened.find(']')?];
    (0..outline.document.len()).find(|at| {
        outline
            .document
            .line(*at)
            .strip_prefix(label)
            .is_some_and(|rest| rest.starts_with(": "))
    })
}

/// Puts the new version where that of the model stood, and the newest where the one before the model
/// stood.
struct Renumbering<'a> {
    old: &'a str,
    new: &'a str,
    before: Option<&'a str>,
    newest: &'a str,
}

impl Renumbering<'_> {
    fn text(&self, text: &str) -> String {
        let text = self.compared(text);
        self.replaced(&text, &['.', '-', '_'])
    }

    /// A comparison with the model compares with the one before it, whichever the text has there.
    fn compared(&self, text: &str) -> String {
        let Some(start) = text.find("/compare/").map(|at| at + "/compare/".len()) else {
            return text.to_owned();
        };
        let Some((from, to)) = text[start..].split_once("...") else {
            return text.to_owned();
        };
        let end = to
            .find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | ']'))
            .unwrap_or(to.len());
        match self.before {
            Some(before) if to[..end].contains(self.old) && !from.contains(self.old) => {
                let from = to[..end].replace(self.old, before);
                format!("{}{from}...{to}", &text[..start])
            }
            _ => text.to_owned(),
        }
    }

    /// The same for a label, in which the version may be without separators.
    fn label(&self, text: &str) -> String {
        let text = self.text(text);
        if text.contains(self.new)
            || text.contains(&self.new.replace('.', "-"))
            || text.contains(&self.new.replace('.', "_"))
        {
            return text;
        }
        replace_whole(
            &text,
            &[(self.old.replace('.', ""), self.new.replace('.', ""))],
        )
    }

    fn replaced(&self, text: &str, separators: &[char]) -> String {
        let spelled = |version: &str, separator: char| version.replace('.', &separator.to_string());
        let mut pairs: Vec<(String, String)> = Vec::new();
        for separator in separators {
            pairs.push((spelled(self.old, *separator), spelled(self.new, *separator)));
            pairs.extend(self.before.map(|before| {
                (
                    spelled(before, *separator),
                    spelled(self.newest, *separator),
                )
            }));
        }
        replace_whole(text, &pairs)
    }
}

/// Replaces each first of a pair by its second in one pass, where it is not part of a longer
/// number.
fn replace_whole(text: &str, pairs: &[(String, String)]) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let before_fits =
            !result.ends_with(|c: char| c.is_ascii_digit()) && !ends_in_number_and_dot(&result);
        let found = pairs.iter().find(|(old, _)| {
            let after = rest.strip_prefix(old.as_str());
            before_fits
                && after.is_some_and(|after| {
                    !after.starts_with(|c: char| c.is_ascii_digit())
                        && !starts_with_dot_and_digit(after)
                })
        });
        match found {
            Some((old, new)) => {
                result.push_str(new);
                rest = &rest[old.len()..];
            }
            None => {
                result.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    result
}

fn ends_in_number_and_dot(text: &str) -> bool {
    text.strip_suffix('.')
        .is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
}

fn starts_with_dot_and_digit(text: &str) -> bool {
    text.strip_prefix('.')
        .is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
}
