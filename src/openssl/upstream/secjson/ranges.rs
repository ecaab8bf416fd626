//! The affected ranges of a record, as upstream wrote them: corrections are made elsewhere.

use super::notes::DocumentNotes;
use super::wire::{WireProduct, WireVersions};
use crate::openssl::advisory::{AffectedRange, Bound};
use crate::openssl::upstream::plain_text::quoted;

/// The affected ranges of a product, as upstream wrote them.
pub(super) fn read(product: &WireProduct, notes: &mut DocumentNotes<'_>) -> Vec<AffectedRange> {
    if let Some(status) = product
        .default_status
        .0
        .as_deref()
        .filter(|status| *status != "unaffected")
    {
        notes.say(format!("`defaultStatus` is {}: versions that the record does not list are not known to be safe", quoted(status)));
    }
    if product.versions.misshapen() > 0 {
        notes.say("an entry of `versions` has an unknown form and was left out".to_owned());
    }
    let mut ranges = Vec::new();
    for versions in product.versions.read() {
        match versions.status.as_str() {
            "affected" => {}
            "unaffected" => continue,
            // What is unclear counts as a security issue.
            status => notes.say(format!(
                "the status of {} is {}; read as affected",
                quoted(&versions.version),
                quoted(status)
            )),
        }
        split(versions, &mut ranges);
    }
    for range in &ranges {
        report_oddities(range, notes);
    }
    ranges
}

/// Appends the range of one entry; `changes` inside it end it and may start it anew.
fn split(versions: &WireVersions, ranges: &mut Vec<AffectedRange>) {
    let bound = |text: &Option<String>| text.as_deref().map(Bound::read);
    let (before, through) = (
        bound(&versions.less_than),
        bound(&versions.less_than_or_equal),
    );
    let mut from = Some(Bound::read(&versions.version));
    let has_changes = !versions.changes.is_empty();
    for change in &versions.changes {
        let at = Bound::read(&change.at);
        match (change.status.as_str(), from.take()) {
            ("unaffected", Some(start)) => ranges.push(AffectedRange {
                from: start,
                before: Some(at),
                through: None,
            }),
            ("unaffected", None) => {}
            (_, started) => from = started.or(Some(at)),
        }
    }
    let Some(from) = from else { return };
    let range = match (before, through, &from) {
        // One version alone means itself, unless it is the branch: `1.1.0` for all of 1.1.0.
        (None, None, Bound::Version(only)) if *only != only.first_of_series() && !has_changes => {
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
    ranges.push(range);
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
        if let Bound::Other(text) = bound {
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
