//! The affected ranges of a record, as upstream wrote them: corrections are made elsewhere.

use super::bounds::{bound, comparators};
use super::notes::DocumentNotes;
use super::rest::{Span, gaps, whole_series};
use super::wire::{WireProduct, WireText, WireVersions};
use crate::openssl::advisory::{AffectedRange, Bound};
use crate::openssl::upstream::plain_text::quoted;
use crate::openssl::version::Series;

/// What a record says of versions.
#[derive(Debug, Default)]
pub(super) struct RecordRanges {
    /// The affected ranges.
    pub(super) affected: Vec<AffectedRange>,
    /// The series that it calls unaffected as a whole, ascending; only where something of it is not
    /// known.
    pub(super) unaffected: Vec<Series>,
}

/// The affected ranges of products. Where they leave open which versions are affected, every
/// version of a series that they do not name is: what is unclear counts as a security issue.
/// `unread` says that there are products which could not be read.
pub(super) fn read(
    products: &[&WireProduct],
    unread: bool,
    notes: &mut DocumentNotes<'_>,
) -> RecordRanges {
    let mut reader = Reader {
        unread,
        ..Reader::default()
    };
    for product in products {
        reader.product(product, notes);
    }
    for range in &reader.affected {
        report_oddities(range, notes);
    }
    reader.finish(notes)
}

#[derive(Default)]
struct Reader {
    affected: Vec<AffectedRange>,
    unaffected: Vec<Span>,
    /// Whether something could not be read.
    unread: bool,
    /// Whether versions that are not listed are not known to be unaffected.
    rest: bool,
}

/// From, and up to but without or with.
type Ends = (Bound, Option<Bound>, Option<Bound>);

impl Reader {
    fn product(&mut self, product: &WireProduct, notes: &mut DocumentNotes<'_>) {
        let default = product.default_status.0.as_deref().unwrap_or("unaffected");
        if !default.eq_ignore_ascii_case("unaffected") {
            notes.say(format!("`defaultStatus` is {}: versions that the record does not list are not known to be safe", quoted(default)));
            self.rest = true;
        }
        if product.versions.misshapen() > 0 {
            notes.say(
                "an entry of `versions` has an unknown form: every version counts as affected, but for series that others name"
                    .to_owned(),
            );
            self.unread = true;
        }
        // Beside versions, commits say nothing more.
        let is_version = |entry: &WireVersions| {
            let named = [&entry.version, &entry.less_than, &entry.less_than_or_equal];
            let mut said = named.into_iter().filter_map(WireText::said);
            said.any(|text| bound(text).version().is_some())
        };
        let commits =
            |entry: &&WireVersions| entry.version_type.said() == Some("git") && !is_version(entry);
        let only_commits = product.versions.read().all(|entry| commits(&entry));
        for entry in product
            .versions
            .read()
            .filter(|entry| only_commits || !commits(entry))
        {
            self.entry(entry, notes);
        }
    }

    fn entry(&mut self, entry: &WireVersions, notes: &mut DocumentNotes<'_>) {
        let fields = [
            &entry.version,
            &entry.status,
            &entry.less_than,
            &entry.less_than_or_equal,
        ];
        if entry.changes.odd || fields.contains(&&WireText::Odd) {
            notes.say("an entry of `versions` has a field of an unknown form: it counts for more versions than it may mean".to_owned());
        }
        let named = entry.version.said().unwrap_or("missing");
        let affected = match entry.status.said() {
            Some("affected") => true,
            Some("unaffected") => false,
            // What is unclear counts as a security issue.
            status => {
                notes.say(format!(
                    "the status of {} is {}; read as affected",
                    quoted(named),
                    quoted(status.unwrap_or("missing"))
                ));
                true
            }
        };
        let (from, before, through) = ends(entry);
        if entry.changes.list.is_empty() {
            return self.segment(affected, (from, before, through), !entry.changes.odd);
        }
        let (mut start, mut is_affected) = (from, affected);
        for (at, affects) in changes(entry) {
            if affects != is_affected {
                let from = std::mem::replace(&mut start, at.clone());
                self.segment(is_affected, (from, Some(at), None), false);
                is_affected = affects;
            }
        }
        self.segment(is_affected, (start, before, through), false);
    }

    /// Takes in a part of an entry that has one status. A version `alone` means itself.
    fn segment(&mut self, affected: bool, (from, before, through): Ends, alone: bool) {
        if !affected {
            return self
                .unaffected
                .extend(Span::read(&from, before.as_ref(), through.as_ref()));
        }
        let range = match (before, through, &from) {
            // Unless it is the branch: `1.1.0` for all of 1.1.0.
            (None, None, Bound::Version(only)) if alone && *only != only.first_of_series() => {
                AffectedRange {
                    before: None,
                    through: Some(from.clone()),
                    from,
                }
            }
            (before, through, _) => AffectedRange {
                from,
                through: through.filter(|_| before.is_none()),
                before,
            },
        };
        self.affected.push(range);
    }

    fn finish(mut self, notes: &mut DocumentNotes<'_>) -> RecordRanges {
        let ends = |range: &AffectedRange| range.before.is_some() || range.through.is_some();
        let listed = self.affected.iter().any(ends);
        if !self.rest && !self.unread && !self.affected.is_empty() {
            return RecordRanges {
                affected: self.affected,
                unaffected: Vec::new(),
            };
        }
        if self.rest && !self.unread && !listed && !self.unaffected.is_empty() {
            return RecordRanges {
                affected: gaps(self.unaffected),
                unaffected: Vec::new(),
            };
        }
        if !self.rest && !self.unread {
            notes.say(
                "names no affected version of the library: every one counts as affected".to_owned(),
            );
        }
        let why = if self.rest && !self.unread {
            "*"
        } else {
            AffectedRange::NOT_READ
        };
        // A start without an end says no more than that.
        self.affected.retain(|range| ends(range) || !self.rest);
        self.affected.push(AffectedRange::of_the_rest(why));
        RecordRanges {
            affected: self.affected,
            unaffected: whole_series(&self.unaffected),
        }
    }
}

/// The changes of an entry by their versions; one whose place is no version changes nothing.
fn changes(entry: &WireVersions) -> Vec<(Bound, bool)> {
    let changes = entry.changes.list.iter();
    let mut all: Vec<(Bound, bool)> = changes
        .map(|change| (bound(&change.at), change.status != "unaffected"))
        .filter(|(at, _)| at.version().is_some())
        .collect();
    all.sort_by_key(|(at, _)| at.version());
    all
}

fn ends(entry: &WireVersions) -> Ends {
    let end = |text: &WireText| text.said().map(bound);
    let (before, through) = (end(&entry.less_than), end(&entry.less_than_or_equal));
    let Some(text) = entry.version.said() else {
        return (
            Bound::Other(AffectedRange::NOT_READ.to_owned()),
            before,
            through,
        );
    };
    match comparators(text).filter(|_| before.is_none() && through.is_none()) {
        Some(ends) => ends,
        None => (bound(text), before, through),
    }
}

/// Reports what `Advisory::corrected` has to read differently.
fn report_oddities(range: &AffectedRange, notes: &mut DocumentNotes<'_>) {
    for bound in [
        Some(&range.from),
        range.before.as_ref(),
        range.through.as_ref(),
    ]
    .into_iter()
    .flatten()
    {
        if let Bound::Other(text) = bound
            && text != AffectedRange::NOT_READ
        {
            notes.say(format!("{} is no version of the library", quoted(text)));
        }
    }
    let (from, end) = (
        range.from.version(),
        range.before.as_ref().and_then(Bound::version),
    );
    if let (Some(from), Some(end)) = (from, end) {
        if end <= from {
            notes.say(format!("the range from `{from}` before `{end}` is empty"));
        } else if end.series() != from.series() {
            notes.say(format!(
                "the range from `{from}` before `{end}` crosses series"
            ));
        }
    }
}
