//! A line as the values in it, and the text around them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use crate::openssl::version::Version;
use crate::project::discovery::line::sighting::Lines;
use crate::project::discovery::line::{digest_forms, subject};
use crate::project::pattern::Placeholder;
use crate::project::{foreign_digest, value_name};

/// The longest line that is looked at, in bytes.
const LONGEST: usize = 400;

/// What a value in a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SlotValue {
    /// The version that is looked for.
    Version,
    /// The same with underscores.
    Underscored,
    /// A digest, by its form.
    Digest(Placeholder),
    /// A digest that no placeholder gives.
    Foreign,
    /// A day: 2026-01-27.
    Day,
    /// A whole number.
    Number,
}

impl SlotValue {
    /// The placeholder of a version.
    pub(crate) fn of_version(self) -> Option<Placeholder> {
        match self {
            Self::Version => Some(Placeholder::Version),
            Self::Underscored => Some(Placeholder::Underscored),
            Self::Digest(_) | Self::Foreign | Self::Day | Self::Number => None,
        }
    }
}

/// A value in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) value: SlotValue,
    /// Where it stands in the line.
    range: Range<usize>,
}

/// A line without the white space around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SlotLine<'a> {
    pub(crate) text: &'a str,
    /// Its number, counted from 1.
    pub(crate) line: usize,
    pub(crate) slots: Vec<Slot>,
}

impl<'a> SlotLine<'a> {
    fn of(text: &'a str, line: usize, version: Version) -> Option<Self> {
        if text.len() > LONGEST || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let ends = |range: &Range<usize>| {
            !text[range.end..].starts_with(|c: char| c.is_ascii_alphanumeric())
        };
        let versions = stands(text, version).into_iter();
        let versions = versions.filter(|(range, _)| ends(range));
        let whole = Lines::of(text);
        let foreign = foreign_digest::all(text).into_iter();
        let foreign = foreign.map(|range| (range, SlotValue::Foreign));
        let digests = digest_forms::by_form(text, &whole)
            .into_iter()
            .map(|(range, _, placeholder)| (range, SlotValue::Digest(placeholder)));
        let days = days(text).map(|range| (range, SlotValue::Day));
        let numbers = numbers(text).map(|range| (range, SlotValue::Number));
        let mut slots: Vec<Slot> = Vec::new();
        for (range, value) in versions
            .chain(digests)
            .chain(foreign)
            .chain(days)
            .chain(numbers)
        {
            let apart =
                |slot: &Slot| slot.range.end <= range.start || range.end <= slot.range.start;
            if slots.iter().all(apart) {
                slots.push(Slot { value, range });
            }
        }
        slots.sort_by_key(|slot| slot.range.start);
        (!slots.is_empty()).then_some(Self { text, line, slots })
    }

    /// What is left of it without its values.
    fn shape(&self) -> String {
        let mut shape = String::new();
        let mut at = 0;
        for slot in &self.slots {
            let _ = write!(
                shape,
                "{}\u{1}{:?}\u{1}",
                &self.text[at..slot.range.start],
                slot.value
            );
            at = slot.range.end;
        }
        shape + &self.text[at..]
    }

    /// A value as it stands there.
    pub(crate) fn written(&self, at: usize) -> &'a str {
        &self.text[self.slots[at].range.clone()]
    }

    /// What stands before a value.
    pub(crate) fn label(&self, at: usize) -> &'a str {
        &self.text[..self.slots[at].range.start]
    }

    /// Whether a number is a part of some other thing's version: one of several with dots between
    /// them, or an action's (`@v4`). One behind OpenSSL's version is a number of the package.
    pub(crate) fn is_of_another(&self, at: usize) -> bool {
        self.slots[at].value == SlotValue::Number
            && (self.label(at).ends_with("@v") || self.is_dotted(at))
    }

    /// Whether that thing's name says that it is its version, and it is none of OpenSSL's numbers.
    pub(crate) fn is_named_another(&self, at: usize, version: Version) -> bool {
        if !self.is_of_another(at) || self.label(at).ends_with("@v") {
            return self.is_of_another(at);
        }
        let of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_');
        let label = self.label(at).trim_end_matches(of_number);
        let word = &self.text[label.len()..];
        let word = &word[..word.find(|c| !of_number(c)).unwrap_or(word.len())];
        let release = word.parse::<Version>();
        let owner = value_name::owner(label).unwrap_or_default();
        let name = subject::variable(label).unwrap_or_default();
        release.map_or(true, |release| release.series() != version.series())
            && !owner.is_empty()
            && !owner.contains("ssl")
            && !name.eq_ignore_ascii_case(&owner)
    }

    fn is_dotted(&self, at: usize) -> bool {
        let Range { start, end } = self.slots[at].range;
        let of_version =
            |slot: Option<&Slot>| slot.is_some_and(|slot| slot.value.of_version().is_some());
        let before = self.text[..start].strip_suffix(['.', '_']);
        let after = self.text[end..].strip_prefix(['.', '_']);
        let behind = at.checked_sub(1).and_then(|before| self.slots.get(before));
        (before.is_some_and(|text| text.ends_with(|c: char| c.is_ascii_digit()))
            && !of_version(behind))
            || after.is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// The line with something else in the place of its values; none: what stands there.
    pub(crate) fn rendered(&self, value: impl Fn(usize) -> Option<String>) -> String {
        let mut out = String::new();
        let mut end = 0;
        for (at, slot) in self.slots.iter().enumerate() {
            out.push_str(&self.text[end..slot.range.start]);
            out.push_str(&value(at).unwrap_or_else(|| self.written(at).to_owned()));
            end = slot.range.end;
        }
        out + &self.text[end..]
    }
}

/// Whether two lines say the same but for versions of other things.
pub(crate) fn agree(one: &str, other: &str, version: Version) -> bool {
    let of = |text| SlotLine::of(str::trim(text), 0, version);
    let (Some(one), Some(other)) = (of(one), of(other)) else {
        return false;
    };
    let same =
        |at: usize| one.written(at) == other.written(at) || one.is_named_another(at, version);
    one.shape() == other.shape() && (0..one.slots.len()).all(same)
}

/// The lines of a text whose shape no other line of it has, by shape.
pub(crate) fn single_lines(text: &str, version: Version) -> BTreeMap<String, SlotLine<'_>> {
    let mut found: BTreeMap<String, Option<SlotLine<'_>>> = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        if let Some(line) = SlotLine::of(line.trim(), at + 1, version) {
            found
                .entry(line.shape())
                .and_modify(|other| *other = None)
                .or_insert(Some(line));
        }
    }
    let single = |(shape, line): (String, Option<_>)| Some((shape, line?));
    found.into_iter().filter_map(single).collect()
}

/// Where a version stands in a text, with dots or underscores; a suffix may follow it, but no digit
/// nor a letter that makes another version of it.
pub(crate) fn stands(text: &str, version: Version) -> Vec<(Range<usize>, SlotValue)> {
    let digit = |c: char| c.is_ascii_digit();
    let lettered = version.major() < 3;
    let mut found = Vec::new();
    for (written, value) in [
        (version.to_string(), SlotValue::Version),
        (version.underscored(), SlotValue::Underscored),
    ] {
        let ranges = text
            .match_indices(&written)
            .map(|(at, it)| at..at + it.len());
        let whole = ranges.filter(|range| {
            let (before, after) = (&text[..range.start], &text[range.end..]);
            let inner = before.strip_suffix(['.', '_']).unwrap_or(before);
            let goes_on =
                after.starts_with(|c: char| digit(c) || lettered && c.is_ascii_lowercase());
            !before.ends_with(digit) && !inner.ends_with(digit) && !goes_on
        });
        found.extend(whole.map(|range| (range, value)));
    }
    found
}

fn numbers(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut end = 0;
    std::iter::from_fn(move || {
        let start = end + text[end..].find(|c: char| c.is_ascii_digit())?;
        let rest = text[start..].find(|c: char| !c.is_ascii_digit());
        end = rest.map_or(text.len(), |length| start + length);
        Some(start..end)
    })
    .filter(|range| range.len() <= 18)
}

/// A shape without the white space around it, and with one blank for each run of it: columns are
/// filled up to the longest version.
pub(crate) fn folded(shape: &str) -> String {
    shape.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text starts with a day, or with the time of one.
pub(crate) fn starts_with_day(text: &str) -> bool {
    days(text).next().is_some_and(|day| day.start == 0)
}

/// Days in a text, as `2026-01-27`.
pub(crate) fn days(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    numbers(text).filter_map(|year| {
        let day = text.get(year.start..year.start + 10)?;
        let ends = !text[year.start + 10..].starts_with(|c: char| c.is_ascii_digit());
        (year.len() == 4 && ends && day.parse::<jiff::civil::Date>().is_ok())
            .then_some(year.start..year.start + 10)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_its_values_and_the_text_around_them() {
        let version: Version = "3.5.4".parse().expect("version");
        let digest = "ab1".repeat(21) + "f";
        for (line, shown) in [
            ("v = 3.5.4-2", "v = <Version>-<Number>"),
            ("openssl_3_5_4.0", "openssl_<Underscored>.<Number>"),
            (
                "13.5.4 3.5.40 3.5.4a",
                "<Number>.<Number>.<Number> <Number>.<Number>.<Number> <Number>.<Number>.<Number>a",
            ),
            ("on 2026-01-27, rev 7", "on <Day>, rev <Number>"),
            (&format!("hash {digest}"), "hash <Digest(Sha256)>"),
            (
                &format!("blake {}", "ab1".repeat(21) + "f"),
                "blake <Foreign>",
            ),
        ] {
            let read = SlotLine::of(line, 1, version);
            let marked = read.as_ref().map_or(line.to_owned(), |read| {
                read.rendered(|at| Some(format!("<{:?}>", read.slots[at].value)))
            });
            assert_eq!(marked, *shown);
        }
        let of = |line| SlotLine::of(line, 1, version).expect("a line");
        assert!(!of("3.5.4.7").is_of_another(1));
        assert!(of("zlib 1.3").is_of_another(0) && of("zlib 1.3").is_of_another(1));
        let agree = |one, other| agree(one, other, version);
        assert!(agree(
            "A=3.5.4 B_VERSION=1.9.2 make",
            "A=3.5.4 B_VERSION=1.9.3 make"
        ));
        for (one, other) in [
            ("A=3.5.4-1 make", "A=3.5.4-2 make"),
            ("A=3.5.4", "A=3.5.4 B=1.1"),
            ("A=3.5.4 OPENSSL_PKG=300.5.4", "A=3.5.4 OPENSSL_PKG=300.5.5"),
            ("A=3.5.4 build: 1.20", "A=3.5.4 build: 1.30"),
            ("A=3.5.4 OLD_VERSION=3.5.2", "A=3.5.4 OLD_VERSION=3.5.3"),
        ] {
            assert!(!agree(one, other), "{one} {other}");
        }
        assert!(of("uses: a/b@v4").is_of_another(0) && !of("tag: v4").is_of_another(0));
    }
}
