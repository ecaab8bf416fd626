//! Days as changelogs write them, and another day written the same way.

use std::ops::Range;

use jiff::civil::{Date, Weekday};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Whether a word is the name of a month, in full or its first three letters.
pub(super) fn is_month(word: &str) -> bool {
    MONTHS.iter().any(|month| {
        word.eq_ignore_ascii_case(month)
            || month
                .get(..3)
                .is_some_and(|short| word.eq_ignore_ascii_case(short))
    })
}

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// A day and the way it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenDay {
    /// The day; none where only day and month in figures stand there and either could be the month.
    pub(super) date: Option<Date>,
    parts: Vec<DayPart>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum DayPart {
    Year,
    Month {
        padded: bool,
    },
    MonthName {
        short: bool,
    },
    Day {
        padded: Option<bool>,
    },
    Ordinal,
    Weekday {
        short: bool,
    },
    /// Day or month in figures: which of both only another heading tells.
    Either {
        padded: bool,
    },
    Text(String),
}

/// A run of digits, of letters, or of anything else.
struct DayToken<'a> {
    text: &'a str,
    range: Range<usize>,
    kind: TokenKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Digits,
    Letters,
    Other,
}

impl WrittenDay {
    /// Whether its figures are separated by dots, as a version's are.
    pub(super) fn has_dots(&self) -> bool {
        self.parts.contains(&DayPart::Text(".".into()))
            && !self
                .parts
                .iter()
                .any(|part| matches!(part, DayPart::MonthName { .. }))
    }

    /// Another day written the same way. `others` are days of the same file, which tell day from
    /// month where this one cannot; none if they cannot either.
    pub(super) fn write(&self, date: Date, others: &[WrittenDay]) -> Option<String> {
        if self
            .parts
            .iter()
            .any(|part| matches!(part, DayPart::Either { .. }))
        {
            let clear = others.iter().find(|other| {
                !other
                    .parts
                    .iter()
                    .any(|part| matches!(part, DayPart::Either { .. }))
                    && other.is_shaped_like(self)
            })?;
            return clear.write(date, &[]);
        }
        // A day of two figures does not tell whether one of one figure is padded.
        let padded = self
            .padding()
            .or_else(|| {
                others
                    .iter()
                    .filter(|other| other.is_shaped_like(self))
                    .find_map(Self::padding)
            })
            .unwrap_or(false);
        let figures = |number: i8, padded: bool| {
            if padded {
                format!("{number:02}")
            } else {
                number.to_string()
            }
        };
        Some(
            self.parts
                .iter()
                .map(|part| match part {
                    DayPart::Year => format!("{:04}", date.year()),
                    DayPart::Month { padded } | DayPart::Either { padded } => {
                        figures(date.month(), *padded)
                    }
                    DayPart::MonthName { short } => {
                        abbreviated(MONTHS[usize::from(date.month().unsigned_abs()) - 1], *short)
                    }
                    DayPart::Day { padded: known } => figures(date.day(), known.unwrap_or(padded)),
                    DayPart::Ordinal => ordinal(date.day()).to_owned(),
                    DayPart::Weekday { short } => abbreviated(weekday_name(date.weekday()), *short),
                    DayPart::Text(text) => text.clone(),
                })
                .collect(),
        )
    }

    fn padding(&self) -> Option<bool> {
        self.parts.iter().find_map(|part| match part {
            DayPart::Day { padded } => *padded,
            _ => None,
        })
    }

    fn is_shaped_like(&self, other: &Self) -> bool {
        let shape = |day: &Self| -> Vec<String> {
            day.parts
                .iter()
                .map(|part| match part {
                    DayPart::Text(text) => text.clone(),
                    DayPart::Month { .. } | DayPart::Day { .. } | DayPart::Either { .. } => {
                        "figures".into()
                    }
                    part => format!("{part:?}"),
                })
                .collect()
        };
        shape(self) == shape(other)
    }
}

fn abbreviated(name: &str, short: bool) -> String {
    if short {
        name[..3].to_owned()
    } else {
        name.to_owned()
    }
}

fn weekday_name(day: Weekday) -> &'static str {
    WEEKDAYS[usize::from(day.to_monday_zero_offset().unsigned_abs())]
}

fn ordinal(day: i8) -> &'static str {
    match (day / 10, day % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// The first day in a text.
pub(super) fn find(text: &str) -> Option<(Range<usize>, WrittenDay)> {
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| {
        let (length, day) = day_at(&tokens, at)?;
        Some((
            tokens[at].range.start..tokens[at + length - 1].range.end,
            day,
        ))
    })
}

/// A text with a mark in place of every day, but for those with dots, which may be versions.
pub(crate) fn undated(text: &str) -> String {
    let tokens = tokens(text);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(token) = tokens.get(at) {
        match day_at(&tokens, at).filter(|(_, day)| !day.has_dots()) {
            Some((length, _)) => {
                out.push('\0');
                at += length;
            }
            None => {
                out.push_str(token.text);
                at += 1;
            }
        }
    }
    out
}

/// The day that starts at a token, and of how many it is.
fn day_at(tokens: &[DayToken<'_>], at: usize) -> Option<(usize, WrittenDay)> {
    let (length, day) = figures_at(&tokens[at..]).or_else(|| spelled_at(&tokens[at..]))?;
    let bounded = |token: Option<&DayToken<'_>>, connects: fn(&str) -> bool| {
        token.is_none_or(|token| token.kind == TokenKind::Other && !connects(token.text))
    };
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let fits = bounded(before, |text| text.ends_with('.') || text == "/")
        && bounded(tokens.get(at + length), |_| false);
    fits.then_some((length, day))
}

fn tokens(text: &str) -> Vec<DayToken<'_>> {
    let kind = |c: char| match c {
        '0'..='9' => TokenKind::Digits,
        c if c.is_alphabetic() => TokenKind::Letters,
        _ => TokenKind::Other,
    };
    let mut tokens: Vec<DayToken<'_>> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match tokens.last_mut() {
            Some(last) if last.kind == kind(c) => {
                last.range.end = end;
                last.text = &text[last.range.clone()];
            }
            _ => tokens.push(DayToken {
                text: &text[at..end],
                range: at..end,
                kind: kind(c),
            }),
        }
    }
    tokens
}

/// A number of at most so many digits.
fn number(token: &DayToken<'_>, digits: Range<usize>) -> Option<i16> {
    (token.kind == TokenKind::Digits && digits.contains(&token.text.len()))
        .then(|| token.text.parse().ok())
        .flatten()
}

fn year(token: &DayToken<'_>) -> Option<i16> {
    number(token, 4..5).filter(|year| (1980..2200).contains(year))
}

/// Years, months and days in figures: `2024-11-27`, `2024/11/27`, `27.11.2024`.
fn figures_at(tokens: &[DayToken<'_>]) -> Option<(usize, WrittenDay)> {
    let [first, separator, second, other, third, ..] = tokens else {
        return None;
    };
    if separator.text != other.text || !matches!(separator.text, "-" | "/" | ".") {
        return None;
    }
    let between = || DayPart::Text(separator.text.to_owned());
    let padded = |token: &DayToken<'_>| token.text.len() == 2;
    if let Some(year) = year(first) {
        let (month, day) = (number(second, 1..3)?, number(third, 1..3)?);
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        let parts = vec![
            DayPart::Year,
            between(),
            DayPart::Month {
                padded: padded(second),
            },
            between(),
            DayPart::Day {
                padded: Some(padded(third)),
            },
        ];
        return Some((
            5,
            WrittenDay {
                date: Some(date),
                parts,
            },
        ));
    }
    let (one, two, year) = (number(first, 1..3)?, number(second, 1..3)?, year(third)?);
    let date = |month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    let month = |token: &DayToken<'_>| DayPart::Month {
        padded: padded(token),
    };
    let day = |token: &DayToken<'_>| DayPart::Day {
        padded: Some(padded(token)),
    };
    let (date, one, two) = match (date(one, two), date(two, one)) {
        (None, None) => return None,
        // Only in English-speaking countries do slashes mean anything else than day first.
        (_, Some(date)) if separator.text != "/" => (Some(date), day(first), month(second)),
        (None, Some(date)) => (Some(date), day(first), month(second)),
        (Some(date), None) => (Some(date), month(first), day(second)),
        (Some(_), Some(_)) => (
            None,
            DayPart::Either {
                padded: padded(first),
            },
            DayPart::Either {
                padded: padded(second),
            },
        ),
    };
    Some((
        5,
        WrittenDay {
            date,
            parts: vec![one, between(), two, between(), DayPart::Year],
        },
    ))
}

/// Days with the month's name: `27 Nov 2024`, `27-Nov-2024`, `November 27th, 2024`,
/// `Wed, 27 November 2024`, `November 2024`.
fn spelled_at(tokens: &[DayToken<'_>]) -> Option<(usize, WrittenDay)> {
    let mut parts = Vec::new();
    let (mut day, mut month, mut year_found) = (None, None, None);
    for (at, token) in tokens.iter().enumerate().take(10) {
        match token.kind {
            TokenKind::Letters => {
                if let Some((found, short)) =
                    name_in(token.text, &MONTHS).filter(|_| month.is_none())
                {
                    month = Some(found + 1);
                    parts.push(DayPart::MonthName { short });
                } else if let Some((_, short)) = name_in(token.text, &WEEKDAYS).filter(|_| at == 0)
                {
                    parts.push(DayPart::Weekday { short });
                } else if matches!(token.text, "st" | "nd" | "rd" | "th")
                    && matches!(parts.last(), Some(DayPart::Day { .. }))
                {
                    parts.push(DayPart::Ordinal);
                } else {
                    return None;
                }
            }
            TokenKind::Digits if day.is_none() && token.text.len() <= 2 => {
                day = Some(number(token, 1..3)?);
                let padded = if token.text.starts_with('0') {
                    Some(true)
                } else {
                    (token.text.len() == 1).then_some(false)
                };
                parts.push(DayPart::Day { padded });
            }
            TokenKind::Digits => {
                year_found = Some(year(token)?);
                parts.push(DayPart::Year);
            }
            TokenKind::Other
                if at > 0
                    && token.text.len() <= 2
                    && token
                        .text
                        .chars()
                        .all(|c| matches!(c, ' ' | ',' | '-' | '.' | '/')) =>
            {
                parts.push(DayPart::Text(token.text.to_owned()));
            }
            TokenKind::Other => return None,
        }
        if let (Some(month), Some(year)) = (month, year_found) {
            let date = Date::new(
                year,
                i8::try_from(month).ok()?,
                i8::try_from(day.unwrap_or(1)).ok()?,
            )
            .ok()?;
            return Some((
                at + 1,
                WrittenDay {
                    date: Some(date),
                    parts,
                },
            ));
        }
    }
    None
}

/// The place of a name in a list, and whether it is shortened to its first three letters (`Sept`
/// counts as September spelled out).
fn name_in(word: &str, names: &[&str]) -> Option<(usize, bool)> {
    let found = names.iter().position(|name| {
        name.eq_ignore_ascii_case(word) || (word.len() == 3 && name[..3].eq_ignore_ascii_case(word))
    })?;
    Some((found, word.len() == 3 && names[found].len() > 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_its_days() {
        for (text, expected) in [
            ("## 1.2 - 2025-10-01\n", "## 1.2 - \0\n"),
            ("## 1.2 - 2025-10-02\n", "## 1.2 - \0\n"),
            ("1.2 (November 27th, 2024)", "1.2 (\0)"),
            ("Wed, 27 Nov 2024 and 05/06/2024", "\0 and \0"),
            ("2025.10.1 to 3.5.4", "2025.10.1 to 3.5.4"),
            ("é2025-10-01é ß 2025-10-01ß", "é2025-10-01é ß 2025-10-01ß"),
            ("", ""),
        ] {
            assert_eq!(undated(text), expected, "{text}");
        }
    }

    #[test]
    fn a_day_is_written_the_way_another_one_is() {
        let date = jiff::civil::date(2025, 2, 3);
        for (text, expected) in [
            ("2024-11-27", Some("2025-02-03")),
            ("2024/11/27", Some("2025/02/03")),
            ("2024-1-5", Some("2025-2-3")),
            ("27.11.2024", Some("03.02.2025")),
            ("11/27/2024", Some("02/03/2025")),
            ("27/11/2024", Some("03/02/2025")),
            ("05/06/2024", None),
            ("27 Nov 2024", Some("3 Feb 2025")),
            ("07 Nov 2024", Some("03 Feb 2025")),
            ("27-Nov-2024", Some("3-Feb-2025")),
            ("November 27, 2024", Some("February 3, 2025")),
            ("November 27th, 2024", Some("February 3rd, 2025")),
            ("Wed, 27 November 2024", Some("Mon, 3 February 2025")),
            ("November 2024", Some("February 2025")),
        ] {
            let (range, day) = find(text).expect(text);
            assert_eq!(range, 0..text.len(), "{text}");
            assert_eq!(day.write(date, &[]).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn another_heading_tells_day_from_month() {
        let unclear = find("05/06/2024").expect("a day").1;
        let clear = find("13/02/2024").expect("a day").1;
        assert_eq!(
            unclear
                .write(jiff::civil::date(2025, 2, 3), &[clear])
                .as_deref(),
            Some("03/02/2025")
        );
        let unpadded = find("27 Nov 2024").expect("a day").1;
        let padded = find("07 Nov 2024").expect("a day").1;
        assert_eq!(
            unpadded
                .write(jiff::civil::date(2025, 2, 3), &[padded])
                .as_deref(),
            Some("03 Feb 2025")
        );
    }

    #[test]
    fn what_is_no_day() {
        for text in [
            "1.2.3",
            "44.0.0",
            "2024-13-01",
            "may contain 5 bugs",
            "2024",
            "1.2024-11-27",
            "12/2024",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
