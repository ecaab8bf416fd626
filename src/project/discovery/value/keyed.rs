//! The version that is the key of the entry which a pin stands in, and what names that key:
//! `["latest"] = { ref = "3.5.3" }, ["3.5.3"] = { url = ... }`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::slots;
use crate::openssl::version::Version;
use crate::project::discovery::line::sighting::{Lines, depth};
use crate::text::budget;

/// Lines of an entry that are looked at.
const LONGEST: usize = 30;

/// Keys whose value names the entry to take.
const NEWEST: [&str; 5] = ["latest", "ref", "default", "current", "version"];

/// The places of a version that is the only key of a table, where a line of its entry says it for
/// sure (`named`); and those of what names it.
pub(crate) fn places(
    text: &str,
    lines: &Lines,
    version: Version,
    named: &BTreeSet<(Version, usize)>,
) -> Vec<Range<usize>> {
    let at = |line: usize| &text[lines.range(line)];
    let short = |line: usize| lines.range(line).len() <= budget::LINE_WITH_VALUE;
    let stands = slots::stands(text, version).into_iter();
    let stands: Vec<Range<usize>> = stands.map(|(range, _)| range).collect();
    let line_of = |range: &Range<usize>| lines.line_of(range.start);
    let is_around = |line: usize| {
        let deep = depth(at(line));
        let last = (line + LONGEST).min(lines.count());
        (line + 1..=last)
            .take_while(|below| at(*below).trim().is_empty() || depth(at(*below)) > deep)
            .any(|below| named.contains(&(version, below)) && at(below).contains("://"))
    };
    let keys: Vec<usize> = stands
        .iter()
        .map(line_of)
        .filter(|line| short(*line) && key(at(*line)) == Some(version) && is_around(*line))
        .collect();
    let [own] = keys[..] else {
        return Vec::new();
    };
    // With other versions as keys it is a table, which a bump adds to.
    let others = (1..=lines.count()).filter(|line| short(*line) && *line != own);
    if others.filter_map(|line| key(at(line))).next().is_some() {
        return Vec::new();
    }
    let names = |range: &Range<usize>| {
        let line = line_of(range);
        let deep = depth(at(own));
        let mut between = own.min(line)..=own.max(line);
        // What names the entry stands beside it in the same table.
        let is_beside = line.abs_diff(own) <= LONGEST
            && depth(at(line)) == deep
            && between.all(|line| at(line).trim().is_empty() || depth(at(line)) >= deep);
        short(line) && is_beside && names_newest(&text[lines.range(line).start..range.start])
    };
    stands
        .into_iter()
        .filter(|range| line_of(range) == own || names(range))
        .collect()
}

/// The version that a line opens an entry with.
fn key(line: &str) -> Option<Version> {
    let start = line.trim_start().trim_start_matches(['[', '"', '\'']);
    let end = start.find(['"', '\'', ']', ':', '=', ' '])?;
    let version = start[..end].parse().ok()?;
    let opens = start[end..].trim_start_matches(['"', '\'', ']', ' ']);
    let opens = opens.trim_start_matches(['=', ':', '>', ' ']);
    let is_open =
        start[end..].contains(['=', ':']) && opens.ends_with(['{', '[', '(']) || opens.is_empty();
    is_open.then_some(version)
}

/// Whether what stands before a value is a key that says which entry is taken.
fn names_newest(before: &str) -> bool {
    let given = before.trim_end_matches(['"', '\'']);
    let key = given.trim_end_matches([' ', '=', ':', '>']);
    let name = key.trim_end_matches(['"', '\'', ']']);
    let word = name
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .next()
        .unwrap_or_default();
    key.len() < given.len() && NEWEST.contains(&word.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_key_moves_with_what_names_it() {
        let version: Version = "3.5.3".parse().expect("a version");
        for (text, named, expected) in [
            (
                "{\n \"latest\": \"3.5.3\",\n \"3.5.3\": {\n  \"url\": \"https://h/openssl-3.5.3.tar.gz\"\n }\n}\n",
                4,
                &[2, 3][..],
            ),
            (
                "a = {\n [\"latest\"] = { ref = \"3.5.3\" },\n [\"3.5.3\"] = {\n  url = \"https://h/openssl-3.5.3.tar.gz\",\n },\n}\n",
                4,
                &[2, 3],
            ),
            // A table has other keys.
            (
                "{\n \"3.5.3\": {\n  \"url\": \"https://h/openssl-3.5.3.tar.gz\"\n },\n \"3.5.2\": {\n }\n}\n",
                3,
                &[],
            ),
            // The entry says nothing for sure.
            (
                "{\n \"3.5.3\": {\n  \"url\": \"https://h/zlib-3.5.3.tar.gz\"\n }\n}\n",
                9,
                &[],
            ),
            (
                "openssl-3.5.3:\n  url: https://h/openssl-3.5.3.tar.gz\n",
                2,
                &[],
            ),
        ] {
            let lines = Lines::of(text);
            let named = BTreeSet::from([(version, named)]);
            let found: Vec<usize> = places(text, &lines, version, &named)
                .iter()
                .map(|range| lines.line_of(range.start))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
