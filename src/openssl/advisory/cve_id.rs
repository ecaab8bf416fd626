//! Names of issues.

use crate::text::not_read::NotRead;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// A CVE identifier, ordered by year and number.
///
/// ```
/// use release_check::for_tests::openssl::advisory::CveId;
///
/// let id: CveId = "CVE-2002-0655".parse().unwrap();
/// assert_eq!(id.to_string(), "CVE-2002-0655");
/// assert!(id < "CVE-2002-20001".parse().unwrap());
/// assert!("CVE-2002-65".parse::<CveId>().is_err());
/// assert!("CVE-0002-0655".parse::<CveId>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CveId {
    pub(super) year: u16,
    pub(super) number: u32,
}

impl CveId {
    /// The identifiers that a text mentions, in order of appearance, each once. The form before
    /// 2005, `CAN-YYYY-NNNN`, counts (UPSTREAM 2.3).
    pub fn mentioned(text: &str) -> Vec<Self> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        for (at, _) in text.match_indices('-') {
            let Some(start) = at.checked_sub(3) else {
                continue;
            };
            if !matches!(text.get(start..at), Some("CVE" | "CAN"))
                || text[..start].ends_with(|c: char| c.is_ascii_alphanumeric())
            {
                continue;
            }
            let rest = &text[at + 1..];
            let end = rest
                .find(|c: char| !c.is_ascii_digit() && c != '-')
                .unwrap_or(rest.len());
            let mut parts = rest[..end].split('-');
            if let (Some(year), Some(number)) = (parts.next(), parts.next())
                && let Ok(id) = format!("CVE-{year}-{number}").parse()
                && seen.insert(id)
            {
                found.push(id);
            }
        }
        found
    }

    /// The page of the CVE programme about it.
    pub fn url(&self) -> String {
        format!("https://www.cve.org/CVERecord?id={self}")
    }
}

impl FromStr for CveId {
    type Err = NotRead;

    fn from_str(text: &str) -> Result<Self, NotRead> {
        let read = || {
            let (year, number) = text.strip_prefix("CVE-")?.split_once('-')?;
            let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
            let shaped = year.len() == 4
                && digits(year)
                && !year.starts_with('0')
                && (4..=9).contains(&number.len())
                && digits(number);
            let canonical = number.len() == 4 || !number.starts_with('0');
            (shaped && canonical)
                .then(|| {
                    Some(Self {
                        year: year.parse().ok()?,
                        number: number.parse().ok()?,
                    })
                })
                .flatten()
        };
        read().ok_or_else(|| NotRead::new(text, "is not a CVE identifier (`CVE-2025-9230`)"))
    }
}

impl fmt::Display for CveId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("CVE-{}-{:04}", self.year, self.number))
    }
}
