//! Tables of versions: entries of one shape, to which a bump adds one.

use super::found::{FoundInsert, FoundKind, FoundText, StandingPin};
use super::literal;
use super::record::Record;
use super::seen::SeenFile;
use super::sighting::Sighting;
use std::collections::{BTreeMap, BTreeSet};

use crate::openssl::version::Version;
use crate::project::config::{Insert, PinKind, Side};
use crate::project::linked::table;
use crate::project::pattern::Pattern;

/// One entry: its first line and its version.
struct TableEntry {
    line: usize,
    version: Version,
}

/// A pin for each table; its values are taken out of the files.
pub(super) fn pins(files: &mut [SeenFile<'_>], record: &Record) -> Vec<StandingPin> {
    let mut standing = Vec::new();
    for file in files {
        let mut by_shape: BTreeMap<String, Vec<TableEntry>> = BTreeMap::new();
        let mut lines = BTreeSet::new();
        for one in file.ours.iter().filter(|one| one.slot.is_version()) {
            if lines.insert(one.line) {
                by_shape
                    .entry(line_shape(file, one.line).trim().to_owned())
                    .or_default()
                    .push(TableEntry {
                        line: one.line,
                        version: one.version,
                    });
            }
        }
        // Lines inside an entry have a shape of their own; the table starts where its first line
        // does.
        let mut tables: Vec<(String, Vec<TableEntry>)> = by_shape
            .into_iter()
            .filter(|(_, entries)| {
                let line = &file.text[file.lines.range(entries[0].line)];
                let gained = || entries.len() > 1 && record.is_gained(file.path, line);
                is_table(entries, &gained)
            })
            .collect();
        tables.sort_by_key(|(_, entries)| entries[0].line);
        for (_, entries) in tables {
            if let Some(one) = pin(file, &entries) {
                standing.push(one);
            }
        }
    }
    standing
}

/// Whether versions stand in it in order, each once, and those of one series more than once; or
/// history shows that it gained entries.
fn is_table(entries: &[TableEntry], gained: &dyn Fn() -> bool) -> bool {
    let versions: BTreeSet<Version> = entries.iter().map(|entry| entry.version).collect();
    let series: BTreeSet<_> = versions.iter().map(Version::series).collect();
    let ordered = entries.is_sorted_by_key(|entry| entry.version)
        || entries.is_sorted_by_key(|entry| std::cmp::Reverse(entry.version));
    versions.len() == entries.len() && ordered && (series.len() < versions.len() || gained())
}

fn pin(file: &mut SeenFile<'_>, entries: &[TableEntry]) -> Option<StandingPin> {
    let length = entries[1].line - entries[0].line;
    let newest_first = entries[0].version > entries[1].version;
    let newest = if newest_first {
        &entries[0]
    } else {
        entries.last()?
    };
    let trimmed = |entry: &TableEntry| -> Vec<String> {
        let lines = entry.line..entry.line + length;
        lines
            .map(|line| line_shape(file, line).trim().to_owned())
            .collect()
    };
    let shape = |entry: &TableEntry| -> Vec<String> {
        (entry.line..entry.line + length)
            .map(|line| line_shape(file, line))
            .collect()
    };
    if trimmed(&entries[0]) != trimmed(&entries[1]) {
        return None;
    }
    let anchor = line_shape(file, newest.line).trim().to_owned();
    let text = shape(newest).join("\n") + "\n";
    let insert = Insert {
        side: if newest_first {
            Side::Before
        } else {
            Side::After
        },
        anchor: Pattern::of_pin(&anchor).ok()?,
        text: Pattern::of_pin(&text).ok()?,
    };
    let text_pin = literal::text_pin(file.path, Vec::new(), None);
    let bare = super::found::bare(PinKind::Text(text_pin.clone()));
    let listed = table::entries(&bare, &text_pin, &insert, file.path, file.text).ok()?;
    // Entries of series that nobody links any more may stand among them.
    let known: BTreeSet<Version> = listed.iter().map(|one| one.version).collect();
    let in_order = if newest_first {
        listed.is_sorted_by_key(|one| std::cmp::Reverse(one.version))
    } else {
        listed.is_sorted_by_key(|one| one.version)
    };
    let all_there = entries.iter().all(|entry| known.contains(&entry.version));
    if known.len() != listed.len() || !in_order || !all_there {
        return None;
    }
    let lines: BTreeSet<usize> = entries
        .iter()
        .flat_map(|entry| entry.line..entry.line + length)
        .collect();
    let starts: BTreeSet<usize> = file
        .ours
        .iter()
        .filter(|one| lines.contains(&one.line))
        .map(|one| one.range.start)
        .collect();
    let kind = FoundKind::Text(Box::new(FoundText {
        count: Some(1),
        insert: Some(FoundInsert {
            before: newest_first,
            anchor,
            text,
        }),
        ..FoundText::of(file.path)
    }));
    let pin = literal::pin(file, kind, &starts);
    let mut at = file
        .ours
        .iter()
        .filter(|one| starts.contains(&one.range.start));
    let tested = at.all(|one| one.tested);
    file.ours.retain(|one| !starts.contains(&one.range.start));
    // What else the file says, as a default does, is the version that is used; an example's is in no
    // entry.
    file.ours.retain(|one| {
        let listed = |entry: &TableEntry| entry.version.series() == one.version.series();
        one.tested
            || !entries.iter().any(listed)
            || entries.iter().any(|entry| entry.version == one.version)
    });
    let used = file
        .ours
        .iter()
        .map(|one| one.version)
        .find(|version| entries.iter().any(|entry| entry.version == *version));
    Some(StandingPin {
        version: used.unwrap_or(newest.version),
        pin,
        tested,
    })
}

/// A line with placeholders for what is OpenSSL's in it.
fn line_shape(file: &SeenFile<'_>, line: usize) -> String {
    let on_line: Vec<&Sighting> = file.ours.iter().filter(|one| one.line == line).collect();
    literal::written(file.text, file.lines.range(line), &on_line)
}
