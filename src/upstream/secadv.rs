//! Security advisories as OpenSSL mails them: `secadv/YYYYMMDD.txt` (UPSTREAM 2).

use jiff::civil::Date;

use crate::date;

/// The day of an advisory, which its file's name alone says reliably: `20101116-2.txt` is a revision of 2010-11-16, `20190730.txt.asc` a signed copy.
///
/// ```
/// use release_check::upstream::secadv::day_of;
///
/// assert_eq!(day_of("20101116-2.txt").unwrap().to_string(), "2010-11-16");
/// assert_eq!(day_of("prng.txt"), None);
/// ```
#[must_use]
pub fn day_of(file: &str) -> Option<Date> {
    let (year, rest) = file.split_at_checked(4)?;
    let (month, rest) = rest.split_at_checked(2)?;
    let (day, rest) = rest.split_at_checked(2)?;
    rest.starts_with(['.', '-']).then(|| date::iso(&format!("{year}-{month}-{day}"))).flatten()
}
