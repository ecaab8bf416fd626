//! The days that a text for people names.

use jiff::civil::Date;

use crate::text::date;

/// Every day a text names, in its order: `Tuesday 24th October 2023`, `1st of March 2016`,
/// `November 1, 2022`, `3 May`, `2025-02-11`. Where the year is left out it is the one that makes
/// the day the first such day after `sent`.
pub(super) fn days(text: &str, sent: Option<Date>) -> Vec<Date> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .collect();
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).copied();
    let mut found = Vec::new();
    for (at, month) in words.iter().enumerate() {
        if let Some(day) = date::iso(month) {
            found.push(day);
            continue;
        }
        if !is_month(month) {
            continue;
        }
        let of = word(at.checked_sub(1)).is_some_and(|before| before.eq_ignore_ascii_case("of"));
        let before = word(at.checked_sub(1 + usize::from(of)))
            .filter(|before| is_day(before))
            .map(|day| (day, at + 1));
        let named = before.or_else(|| {
            word(Some(at + 1))
                .filter(|after| is_day(after))
                .map(|day| (day, at + 2))
        });
        found.extend(named.and_then(|(day, next)| {
            let year = word(Some(next)).filter(|year| year.len() == 4 && year.starts_with("20"));
            match year {
                Some(year) => date::spelled(&format!("{day} {month} {year}")),
                None => next_such_day(day, month, sent?),
            }
        }));
    }
    found
}

fn is_month(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphabetic())
        && date::spelled(&format!("1 {word} 2000")).is_some()
}

fn is_day(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && date::spelled(&format!("{word} January 2000")).is_some()
}

fn next_such_day(day: &str, month: &str, sent: Date) -> Option<Date> {
    [sent.year(), sent.year() + 1]
        .into_iter()
        .filter_map(|year| date::spelled(&format!("{day} {month} {year}")))
        .find(|date| *date >= sent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_way_to_name_a_day() {
        for (text, expected) in [
            (
                "made available on 1st March 2016 between approximately 1300-1700 UTC.",
                vec![date(2016, 3, 1)],
            ),
            (
                "on Tuesday 24th October 2023 between 1300-1700 UTC",
                vec![date(2023, 10, 24)],
            ),
            ("on the 3rd of May, 2022,", vec![date(2022, 5, 3)]),
            ("on Tuesday, November 1st, 2022", vec![date(2022, 11, 1)]),
            ("on 2025-02-11", vec![date(2025, 2, 11)]),
            (
                "moved from 26 Apr to 3 May 2022",
                vec![date(2022, 4, 26), date(2022, 5, 3)],
            ),
            ("on Tuesday 4 January", vec![date(2022, 1, 4)]),
            (
                "on 31st February 2022; it may be 3 or more; in March 2022",
                vec![],
            ),
        ] {
            assert_eq!(days(text, Some(date(2021, 12, 28))), expected, "{text}");
        }
        assert_eq!(days("on Tuesday 4 January", None), []);
    }
}
