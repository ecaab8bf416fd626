//! The dates upstream writes, in every shape it writes them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Months as upstream abbreviates or spells them, in any case.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads `YYYY-MM-DD`.
pub(crate) fn iso(text: &str) -> Option<Date> {
    let plain = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| {
            if matches!(at, 4 | 7) {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    plain.then(|| text.parse().ok()).flatten()
}

/// Reads a date written for people: `14 Mar 2023`, `7th September 2006`, `12-Oct-2007`,
/// `June 29, 2026`, `19 July, 2026`, and without a day `Oct 2026`, which is the month's last day
/// (`data.json`, `secadv` headers, the site's tables; UPSTREAM 2.2, 2.6, 5.4).
///
/// ```
/// use release_check::for_tests::text::date::spelled;
///
/// for (text, date) in [("14 Mar 2023", "2023-03-14"), ("5th September 2006", "2006-09-05"), ("12-oct-2007", "2007-10-12"), ("June 29, 2026", "2026-06-29"),
///     ("Oct 2026", "2026-10-31"), ("Feb 2028", "2028-02-29"), ("2025-09-30", "2025-09-30")] {
///     assert_eq!(spelled(text).unwrap().to_string(), date);
/// }
/// assert_eq!(spelled("XXth May 2025"), None);
/// ```
pub fn spelled(text: &str) -> Option<Date> {
    if let Some(date) = iso(text.trim()) {
        return Some(date);
    }
    let (mut day, mut month, mut year) = (None, None, None);
    for word in text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let suffix = word[digits.len()..].to_ascii_lowercase();
        if digits.is_empty() {
            let found = MONTHS
                .iter()
                .position(|name| suffix.len() >= 3 && name.starts_with(&suffix))?;
            if month.replace(i8::try_from(found).ok()? + 1).is_some() {
                return None;
            }
        } else if digits.len() == 4 && suffix.is_empty() {
            if year.replace(digits.parse::<i16>().ok()?).is_some() {
                return None;
            }
        } else if digits.len() <= 2 && matches!(suffix.as_str(), "" | "st" | "nd" | "rd" | "th") {
            if day.replace(digits.parse::<i8>().ok()?).is_some() {
                return None;
            }
        } else {
            return None;
        }
    }
    let first = Date::new(year?, month?, 1).ok()?;
    match day {
        Some(day) => Date::new(year?, month?, day).ok(),
        None => Some(first.last_of_month()),
    }
}

/// The calendar date of a CVE record's `datePublic`: in its own offset, or in British time where it
/// is UTC, because the advisory is dated there (`2024-05-27T23:00:00.000Z` is 28 May; UPSTREAM
/// 1.6).
///
/// ```
/// use release_check::for_tests::text::date::public;
///
/// for (text, date) in [("2024-05-27T23:00:00.000Z", "2024-05-28"), ("2022-12-13T07:00:00.000Z", "2022-12-13"), ("2004-09-30T00:00:00Z", "2004-09-30"),
///     ("2026-09-29T23:21:57+02:00", "2026-09-29"), ("2026-09-30", "2026-09-30")] {
///     assert_eq!(public(text).unwrap().to_string(), date);
/// }
/// ```
pub fn public(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Some(date) = iso(text) {
        return Some(date);
    }
    let timestamp: Timestamp = text.parse().ok()?;
    let pieces = jiff::fmt::temporal::Pieces::parse(text).ok()?;
    match pieces.to_numeric_offset() {
        Some(offset) if !offset.is_zero() => {
            Some(Zoned::new(timestamp, TimeZone::fixed(offset)).date())
        }
        _ => Some(Zoned::new(timestamp, british()).date()),
    }
}

/// British time, which OpenSSL's advisories are dated in.
fn british() -> TimeZone {
    static LONDON: TimeZone = jiff::tz::get!("Europe/London");
    LONDON.clone()
}

/// For `deserialize_with`: a date as `YYYY-MM-DD`; a timestamp is read too, as its own day.
pub(crate) fn as_iso<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    let day = text
        .get(..10)
        .filter(|_| text.len() == 10 || text.parse::<Timestamp>().is_ok());
    day.and_then(iso).ok_or_else(|| {
        D::Error::custom(format!(
            "`{}` is not a date (`2025-09-30`)",
            text.escape_debug()
        ))
    })
}

/// As [`as_iso`], a date that may be missing.
pub(crate) fn as_optional_iso<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Date>, D::Error> {
    #[derive(Deserialize)]
    struct Wrapped(#[serde(deserialize_with = "as_iso")] Date);
    Ok(Option::<Wrapped>::deserialize(deserializer)?.map(|Wrapped(date)| date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelled_refuses_what_is_no_date() {
        for text in [
            "",
            "May",
            "2025",
            "31 Feb 2025",
            "XXth May 2025",
            "1 2 May 2025",
            "May 2025 June",
            "soon",
        ] {
            assert_eq!(spelled(text), None, "{text}");
        }
    }

    #[test]
    fn iso_takes_nothing_else() {
        for text in [
            "2025-9-30",
            "20250930",
            "2025-13-01",
            "2025-09-30T00:00:00Z",
            " 2025-09-30",
        ] {
            assert_eq!(iso(text), None, "{text}");
        }
    }
}
