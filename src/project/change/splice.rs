//! Edits of one text: ranges of its bytes and what replaces them.

use std::ops::Range;

/// One replaced range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// Whether two ranges share a byte.
pub(super) fn touches(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Applies splices to a text.
///
/// # Errors
///
/// The start of the first of two splices that want different text in the same place.
pub(super) fn apply(text: &[u8], splices: &[Splice]) -> Result<Vec<u8>, usize> {
    let mut sorted: Vec<&Splice> = splices.iter().collect();
    // What is put in at a place comes before what replaces the text there.
    sorted.sort_by_key(|splice| {
        (
            splice.range.start,
            !splice.range.is_empty(),
            splice.range.end,
        )
    });
    sorted.dedup();
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    for splice in sorted {
        if splice.range.start < at {
            return Err(splice.range.start);
        }
        out.extend_from_slice(&text[at..splice.range.start]);
        out.extend_from_slice(splice.text.as_bytes());
        at = splice.range.end;
    }
    out.extend_from_slice(&text[at..]);
    Ok(out)
}
