//! Tables of versions: entries of one shape, to which a bump adds one.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::literal;
use crate::openssl::version::{Series, Version};
use crate::project::config::{Insert, PinKind, Side};
use crate::project::discovery::found;
use crate::project::discovery::found::{
    Doubt, FoundInsert, FoundKind, FoundText, LinkKind, StandingPin, Unfit,
};
use crate::project::discovery::history::gained::Gain;
use crate::project::discovery::history::record::Record;
use crate::project::discovery::line::sighting::{SeenFile, Sighting};
use crate::project::discovery::value::slots::folded;
use crate::project::linked::table;
use crate::project::pattern::Pattern;

/// The most lines of one entry.
const LONGEST: usize = 60;

/// One entry: its first line and its version.
#[derive(Clone, Copy)]
struct TableEntry {
    line: usize,
    version: Version,
}

/// A table of one file.
struct Table {
    /// The file's place among all.
    file: usize,
    /// The entries that OpenSSL's are, in the order of the file.
    entries: Vec<TableEntry>,
    /// All that its anchor finds, those of series that nobody links any more too.
    listed: Vec<TableEntry>,
    /// The lines of one entry.
    length: usize,
    /// What finds an entry.
    anchor: String,
    /// Whether the last entry has no comma behind it, as the others have.
    is_open: bool,
    /// The entries' own values, which are no pins of their own.
    values: Vec<Sighting>,
    /// The entry that the rest of the file uses, as a default does.
    used: Option<Version>,
    /// What history added to it, the newest first.
    gains: Vec<Gain>,
}

/// A pin for each series that a table is kept for; its values are taken out of the files.
pub(crate) fn pins(
    files: &mut [SeenFile<'_>],
    record: &Record,
    unsure: &mut BTreeSet<Doubt>,
    unfit: &mut Unfit,
) -> Vec<StandingPin> {
    let mut tables = Vec::new();
    for (at, file) in files.iter_mut().enumerate() {
        // Lines inside an entry have a shape of their own; the table starts where its first line
        // does.
        for entries in by_shape(file) {
            tables.extend(Table::take(at, file, entries, record));
        }
    }
    for table in &tables {
        let path = files[table.file].path;
        unsure.retain(|doubt| doubt.file != path || !table.holds(doubt.line));
    }
    let first: Vec<Option<Series>> = tables.iter().map(Table::first_series).collect();
    let mut standing = Vec::new();
    for table in &tables {
        let file = &files[table.file];
        let of_others = first.iter().flatten().copied();
        let gained = table.gains.iter().map(|gain| gain.series);
        let kept: BTreeSet<Series> = of_others.chain(gained).collect();
        let kept: Vec<Series> = kept
            .into_iter()
            .filter(|series| table.highest(*series).is_some())
            .collect();
        let highest = table.listed.iter().map(|entry| entry.version).max();
        let whole = kept.len() == 1 && highest.map(|one| one.series()) == kept.first().copied();
        for series in &kept {
            let limit = (!whole).then_some(*series);
            standing.extend(table.pin(file, *series, limit, unfit));
        }
        table.tell_others(file, &kept, unsure);
    }
    standing
}

/// The versions of a file by the shape of their lines, in the order of the file.
fn by_shape(file: &SeenFile<'_>) -> Vec<Vec<TableEntry>> {
    let mut by_shape: BTreeMap<String, Vec<TableEntry>> = BTreeMap::new();
    let mut lines = BTreeSet::new();
    for one in file.ours.iter().filter(|one| one.slot.is_version()) {
        if lines.insert(one.line) {
            let entry = TableEntry {
                line: one.line,
                version: one.version,
            };
            let shape = closed(&folded(&line_shape(file, one.line))).to_owned();
            by_shape.entry(shape).or_default().push(entry);
        }
    }
    let mut all: Vec<Vec<TableEntry>> = by_shape
        .into_values()
        .filter(|entries| entries.len() > 1)
        .collect();
    all.sort_by_key(|entries| entries[0].line);
    all
}

/// Whether what is tested with has one entry for each series: the next takes its place.
fn is_a_matrix(file: &SeenFile<'_>, entries: &[TableEntry]) -> bool {
    let lines: BTreeSet<usize> = entries.iter().map(|entry| entry.line).collect();
    let series: BTreeSet<Series> = entries.iter().map(|entry| entry.version.series()).collect();
    let mut values = file.ours.iter().filter(|one| lines.contains(&one.line));
    series.len() == entries.len() && values.all(|one| one.tested)
}

impl Table {
    /// Takes the values of a table out of its file.
    fn take(
        at: usize,
        file: &mut SeenFile<'_>,
        entries: Vec<TableEntry>,
        record: &Record,
    ) -> Option<Self> {
        let (anchor, length, is_open) = form(file, &entries)?;
        let first = &file.text[file.lines.range(entries[0].line)];
        let gains = record.gains(file.path, first);
        let digested = has_digests(file, &entries, length);
        let grew = |versions: &BTreeSet<Version>| {
            !gains.is_empty()
                || (record.moved_among(file.path, versions) && !record.replaced(file.path, first))
        };
        if !is_table(&entries, digested, &grew) || (gains.is_empty() && is_a_matrix(file, &entries))
        {
            return None;
        }
        let listed = listed(file, &anchor)?;
        let known: BTreeSet<Version> = listed.iter().map(|one| one.version).collect();
        let all_there = entries.iter().all(|entry| known.contains(&entry.version));
        let ordered = digested || is_ordered(&listed);
        if known.len() != listed.len() || !all_there || !ordered {
            return None;
        }
        let mut table = Self {
            file: at,
            entries,
            listed,
            length,
            anchor,
            is_open,
            values: Vec::new(),
            used: None,
            gains,
        };
        let (values, rest) = std::mem::take(&mut file.ours)
            .into_iter()
            .partition(|one| table.holds(one.line));
        (table.values, file.ours) = (values, rest);
        // What else the file says, as a default does, is the version that is used; an example's is
        // in no entry.
        let series = table.series();
        file.ours.retain(|one| {
            one.tested || !series.contains(&one.version.series()) || known.contains(&one.version)
        });
        let mut says = file.ours.iter().filter(|one| one.slot.is_version());
        table.used = says
            .find(|one| known.contains(&one.version))
            .map(|one| one.version);
        Some(table)
    }

    fn lines_of(&self, entry: &TableEntry) -> Range<usize> {
        entry.line..entry.line + self.length
    }

    /// Whether a line is one of an entry's.
    fn holds(&self, line: usize) -> bool {
        let before = self.listed.partition_point(|entry| entry.line <= line);
        let last = before.checked_sub(1).map(|at| &self.listed[at]);
        last.is_some_and(|entry| self.lines_of(entry).contains(&line))
    }

    /// The series that entries stand in, the lowest first.
    fn series(&self) -> BTreeSet<Series> {
        self.entries
            .iter()
            .map(|entry| entry.version.series())
            .collect()
    }

    /// The series that the table is first of all kept for: the one that is used, else the highest.
    fn first_series(&self) -> Option<Series> {
        let highest = || self.series().last().copied();
        self.used.map(|used| used.series()).or_else(highest)
    }

    /// The highest entry of a series.
    fn highest(&self, series: Series) -> Option<&TableEntry> {
        let of_series = self.entries.iter();
        of_series
            .filter(|entry| entry.version.series() == series)
            .max_by_key(|entry| entry.version)
    }

    /// Whether the next entry of a series comes before its others, or after; none where neither is
    /// beside the highest.
    fn side(&self, series: Series) -> Option<bool> {
        let of_series = |gain: &&Gain| gain.series == series;
        let gains = self.gains.iter().filter(of_series).chain(&self.gains);
        if let Some(before) = gains.filter_map(|gain| gain.before).next() {
            return Some(before);
        }
        let own: Vec<Version> = self
            .listed
            .iter()
            .map(|entry| entry.version)
            .filter(|version| version.series() == series)
            .collect();
        let falls = |pair: &[TableEntry]| pair[0].version > pair[1].version;
        let all = self.listed.len() - 1;
        let fall = self.listed.windows(2).filter(|pair| falls(pair)).count();
        let own_falls = own.windows(2).filter(|pair| pair[0] > pair[1]).count();
        let before = match own.len() {
            0 | 1 => fall * 2 >= all,
            count => own_falls * 2 > count - 1 || (own_falls * 2 == count - 1 && fall * 2 >= all),
        };
        let beside = if before { own.first() } else { own.last() };
        (beside == own.iter().max()).then_some(before)
    }

    /// The pin that adds the next entry of a series.
    fn pin(
        &self,
        file: &SeenFile<'_>,
        series: Series,
        limit: Option<Series>,
        unfit: &mut Unfit,
    ) -> Option<StandingPin> {
        let highest = self.highest(series)?;
        let side = self.side(series);
        let written = match side {
            Some(true) | None => Some(self.written_before(file, highest)),
            Some(false) => self.written_after(file, highest),
        };
        let why = self.why_unsaid(file, series, side, written.as_ref());
        let (anchor, text) = written.unwrap_or_else(|| self.written_before(file, highest));
        let of_series = |one: &&Sighting| one.version.series() == series;
        let at: Vec<&Sighting> = self.values.iter().filter(of_series).collect();
        let kind = FoundKind::Text(Box::new(FoundText {
            count: Some(1),
            series: limit,
            insert: Some(FoundInsert {
                before: side.unwrap_or(true),
                anchor,
                text,
            }),
            ..FoundText::of(file.path)
        }));
        let tested = at.iter().all(|one| one.tested);
        let link: LinkKind = (tested, series);
        if let Some(why) = why {
            let doubt = Doubt::at(file.path, file.text, highest.line, why);
            unfit.entry(link).or_insert(doubt);
        }
        let used = self.used.filter(|used| used.series() == series);
        Some(StandingPin {
            version: used.unwrap_or(highest.version),
            pin: literal::pin_at(file, kind, &at),
            tested,
        })
    }

    fn shapes<'a>(
        &'a self,
        file: &'a SeenFile<'_>,
        entry: &TableEntry,
    ) -> impl Iterator<Item = String> + 'a {
        let lines = self.lines_of(entry);
        lines.map(|line| shape_with(file, line, &self.values))
    }

    /// What finds an entry, and the next one to put before it.
    fn written_before(&self, file: &SeenFile<'_>, like: &TableEntry) -> (String, String) {
        let mut lines: Vec<String> = self.shapes(file, like).collect();
        let last = self.entries.last().map(|entry| entry.line);
        if self.is_open
            && last == Some(like.line)
            && let Some(closing) = lines.last_mut()
        {
            closing.push(',');
        }
        (self.anchor.clone(), lines.join("\n") + "\n")
    }

    /// What finds an entry, and the next one to put behind it: where the last has no comma, the new
    /// one brings the comma of the one before it. None where that cannot be said.
    fn written_after(&self, file: &SeenFile<'_>, like: &TableEntry) -> Option<(String, String)> {
        if !self.is_open {
            return Some(self.written_before(file, like));
        }
        let lines: Vec<String> = self.shapes(file, like).collect();
        let (closing, head) = lines.split_last()?;
        if head.is_empty() {
            return Some((self.anchor.clone(), format!(",\n{}", closed(closing))));
        }
        let head = head.join("\n") + "\n";
        let anchor = head.trim_start().to_owned();
        let found = listed(file, &anchor)?;
        let text = format!("{},\n{head}", closed(closing));
        (found.len() == self.listed.len()).then_some((anchor, text))
    }

    /// Why no `insert` says where the next entry goes, or what it is.
    fn why_unsaid(
        &self,
        file: &SeenFile<'_>,
        series: Series,
        side: Option<bool>,
        written: Option<&(String, String)>,
    ) -> Option<String> {
        let path = file.path;
        if side.is_none() {
            return Some(format!(
                "the entries of series {series} in `{path}` stand in no order, and nothing shows where the next one goes; say it with `insert`"
            ));
        }
        let highest = self.highest(series)?;
        let lines = self.lines_of(highest);
        let values = within(&self.values, &lines).len();
        let entry: Vec<String> = self.shapes(file, highest).collect();
        let slots = Pattern::of_pin(&entry.join("\n")).map(|entry| entry.slots().count());
        if slots.ok() != Some(values) {
            return Some(format!(
                "the entry of {} at line {} of `{path}` has the name of a placeholder in it, which `insert` would fill in; add the next entry by hand",
                highest.version, highest.line
            ));
        }
        written.is_none().then(|| {
            format!(
                "the last entry of the list at line {} of `{path}` has no comma behind it, which `insert` cannot add; put one there, or add the next entry by hand",
                highest.line
            )
        })
    }

    /// Says which series stand in the table alone, while the file uses another one.
    fn tell_others(&self, file: &SeenFile<'_>, kept: &[Series], unsure: &mut BTreeSet<Doubt>) {
        let Some(used) = self.used else { return };
        let others = self.series().into_iter();
        for series in others.filter(|series| !kept.contains(series)) {
            let Some(highest) = self.highest(series) else {
                continue;
            };
            let why = format!(
                "series {series} only stands in this table, and the file uses {used}; where it is kept too, it needs a link with `insert`"
            );
            unsure.insert(Doubt::at(file.path, file.text, highest.line, why));
        }
    }
}

/// What finds an entry, the lines of one, and whether the last has no comma behind it; none where
/// the entries have no form in common.
fn form(file: &SeenFile<'_>, entries: &[TableEntry]) -> Option<(String, usize, bool)> {
    let gaps = entries.windows(2).map(|pair| pair[1].line - pair[0].line);
    let length = gaps.min().filter(|length| *length <= LONGEST)?;
    let body = |entry: &TableEntry| -> Vec<String> {
        let lines = entry.line..entry.line + length;
        lines.map(|line| folded(&line_shape(file, line))).collect()
    };
    let (last, others) = entries.split_last()?;
    let ends = |body: &[String]| body.last().is_some_and(|line| line.ends_with(','));
    let is_open = !ends(&body(last)) && others.iter().all(|entry| ends(&body(entry)));
    // Entries of another series may have lines of their own, as where each has its folder.
    let mut bodies: BTreeMap<Series, Vec<String>> = BTreeMap::new();
    for entry in entries {
        let mut body = body(entry);
        if is_open && let Some(closing) = body.last_mut() {
            *closing = closed(closing).to_owned();
        }
        let series = entry.version.series();
        let first = bodies.entry(series).or_insert_with(|| body.clone());
        if *first != body {
            return None;
        }
    }
    let heads = entries.iter().map(|entry| line_shape(file, entry.line));
    let anchor = heads
        .map(|head| head.trim().to_owned())
        .reduce(|one, other| common(&one, &other))?;
    anchor
        .contains("{version")
        .then_some((anchor, length, is_open))
}

/// What two shapes start with, without half a placeholder.
fn common(one: &str, other: &str) -> String {
    let same = one.chars().zip(other.chars());
    let length: usize = same
        .take_while(|(one, other)| one == other)
        .map(|(c, _)| c.len_utf8())
        .sum();
    if length == one.len() && length == other.len() {
        return one.to_owned();
    }
    let start = &one[..length];
    let open = start.rfind('{').filter(|at| !start[*at..].contains('}'));
    start[..open.unwrap_or(length)].trim_end().to_owned()
}

/// Everything that an anchor finds in a file; none where some of it does not start its line.
fn listed(file: &SeenFile<'_>, anchor: &str) -> Option<Vec<TableEntry>> {
    let pattern = Pattern::of_pin(anchor).ok()?;
    let insert = Insert {
        side: Side::Before,
        anchor: pattern.clone(),
        text: pattern,
    };
    let text_pin = literal::text_pin(file.path, Vec::new(), None);
    let bare = found::bare(PinKind::Text(text_pin.clone()));
    let found = table::entries(&bare, &text_pin, &insert, file.path, file.text).ok()?;
    let entry = |one: table::ListedEntry| {
        let line = file.lines.line_of(one.found.range.start);
        let before = &file.text[file.lines.range(line).start..one.found.range.start];
        before.trim().is_empty().then_some(TableEntry {
            line,
            version: one.version,
        })
    };
    found.into_iter().map(entry).collect()
}

/// Whether each entry has a digest, and no two the same.
fn has_digests(file: &SeenFile<'_>, entries: &[TableEntry], length: usize) -> bool {
    let mut known = BTreeSet::new();
    entries.iter().all(|entry| {
        let lines = entry.line..entry.line + length;
        let mut inside = within(&file.ours, &lines).iter();
        let digest = inside.find(|one| one.slot.is_fingerprint());
        digest.is_some_and(|digest| known.insert(&file.text[digest.range.clone()]))
    })
}

/// Whether versions stand in it in order or with a digest of their own, each once, and those of one
/// series more than once; or history shows that it grew.
fn is_table(
    entries: &[TableEntry],
    digested: bool,
    grew: &dyn Fn(&BTreeSet<Version>) -> bool,
) -> bool {
    let versions: BTreeSet<Version> = entries.iter().map(|entry| entry.version).collect();
    let series: BTreeSet<_> = versions.iter().map(Version::series).collect();
    versions.len() == entries.len()
        && (digested || is_ordered(entries))
        && (series.len() < versions.len() || grew(&versions))
}

fn is_ordered(entries: &[TableEntry]) -> bool {
    entries.is_sorted_by_key(|entry| entry.version)
        || entries.is_sorted_by_key(|entry| std::cmp::Reverse(entry.version))
}

/// The values on these lines, of values in the order of the file.
fn within<'a>(values: &'a [Sighting], lines: &Range<usize>) -> &'a [Sighting] {
    let start = values.partition_point(|one| one.line < lines.start);
    let end = values.partition_point(|one| one.line < lines.end);
    &values[start..end]
}

/// A line with placeholders for what is OpenSSL's in it.
fn line_shape(file: &SeenFile<'_>, line: usize) -> String {
    shape_with(file, line, &file.ours)
}

fn shape_with(file: &SeenFile<'_>, line: usize, values: &[Sighting]) -> String {
    let on_line: Vec<&Sighting> = within(values, &(line..line + 1)).iter().collect();
    literal::written(file.text, file.lines.range(line), &on_line)
}

/// A shape without the comma that parts it from the next.
fn closed(shape: &str) -> &str {
    shape.strip_suffix(',').unwrap_or(shape)
}
