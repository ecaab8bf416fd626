//! Security advisories as OpenSSL mails them: `secadv/YYYYMMDD.txt` (UPSTREAM 2).

mod fixes;
mod sentences;
mod series;

use jiff::civil::Date;

use super::diagnostic::{Diagnostic, Reading};
use super::plain_text::quoted;
use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::version::Series;
use crate::text::budget::ADVISORY_HEADINGS;
use crate::text::date;
use crate::text::short_line;

pub(crate) use fixes::Fix;

/// One advisory text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryText {
    /// Its file's name.
    pub file: String,
    /// Its day, by the file's name; none where the name has no date (`prng.txt`, `hack.txt`).
    pub day: Option<Date>,
    /// One section for each heading that names an identifier; none in the advisories before 2012,
    /// which name them in prose.
    pub sections: Vec<IssueSection>,
    /// Every identifier the text mentions. Mentioned is not announced: use
    /// [`AdvisoryText::sections`].
    pub mentioned: Vec<CveId>,
    /// The series that it says were not analysed, ascending.
    pub unanalysed: Vec<Series>,
}

/// What an advisory says of one issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueSection {
    /// The identifiers in its heading: nearly always one.
    pub ids: Vec<CveId>,
    /// Its heading without the identifiers: text from outside.
    pub title: String,
    /// OpenSSL's rating; none in the advisories before 2014-10-15.
    pub severity: Option<Severity>,
    /// The versions with the fix that it names, in its order.
    pub fixes: Vec<Fix>,
    /// Whether it says that a fix is not in any release yet.
    pub pending: bool,
    /// The series that it says are not affected, ascending.
    pub unaffected: Vec<Series>,
    /// The series that it says are affected, ascending; none where it says so in words that are not
    /// understood, or not at all.
    pub affected: Option<Vec<Series>>,
}

/// The day of an advisory, which its file's name alone says reliably: `20101116-2.txt` is a
/// revision of 2010-11-16, `20190730.txt.asc` a signed copy.
///
/// ```
/// use release_check::for_tests::openssl::upstream::secadv::day_of;
///
/// assert_eq!(day_of("20101116-2.txt").unwrap().to_string(), "2010-11-16");
/// assert_eq!(day_of("prng.txt"), None);
/// ```
pub fn day_of(file: &str) -> Option<Date> {
    let (year, rest) = file.split_at_checked(4)?;
    let (month, rest) = rest.split_at_checked(2)?;
    let (day, rest) = rest.split_at_checked(2)?;
    rest.starts_with(['.', '-'])
        .then(|| date::iso(&format!("{year}-{month}-{day}")))
        .flatten()
}

/// Since this day every text has a heading for each identifier that it announces (UPSTREAM 2.3).
const HEADINGS_SINCE: Date = jiff::civil::date(2012, 1, 1);

/// Reads one advisory text. `name` is its file's name.
///
/// # Errors
///
/// If the text is a web page, which is what a server sends when it has no such file.
pub(crate) fn read(name: &str, text: &str) -> Result<Reading<AdvisoryText>, Diagnostic> {
    let file = name.rsplit('/').next().unwrap_or(name);
    if text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('<')
    {
        return Err(Diagnostic::new(
            file,
            "not read: it is a web page, not an advisory",
        ));
    }
    let lines = underlined(signed_lines(text));
    let found = headings(&lines);
    if found.len() > ADVISORY_HEADINGS {
        return Err(Diagnostic::new(
            file,
            format!("not read: it has more than {ADVISORY_HEADINGS} headings"),
        ));
    }
    let mut notes = Vec::new();
    let day = day_of(file);
    let sections: Vec<IssueSection> = found
        .into_iter()
        .filter_map(|heading| section(file, &heading, &mut notes))
        .collect();
    match (day, header_day(&lines)) {
        (Some(day), Some(header)) if day != header => {
            notes.push(Diagnostic::new(
                file,
                format!("its first line is dated {header}; the file's name is believed"),
            ));
        }
        (None, _) if !sections.is_empty() => {
            notes.push(Diagnostic::new(file, "its name has no date"));
        }
        _ => {}
    }
    let mentioned = CveId::mentioned(&lines.join("\n"));
    let sections = match day {
        Some(day) if sections.is_empty() && !mentioned.is_empty() && day >= HEADINGS_SINCE => {
            notes.push(Diagnostic::new(
                file,
                "has no heading that names an identifier: all of it counts for each one that it names",
            ));
            vec![section_of(String::new(), mentioned.clone(), &lines)]
        }
        _ => sections,
    };
    Ok(Reading {
        value: AdvisoryText {
            file: short_line(file, 80),
            day,
            sections,
            mentioned,
            unanalysed: series::unanalysed(&lines),
        },
        notes,
    })
}

/// The lines of a text; of a clear-signed one those that are signed, without their dash escapes
/// (RFC 9580, 7.1).
fn signed_lines(text: &str) -> Vec<&str> {
    let lines = text.trim_start_matches('\u{feff}').lines();
    if !text.contains("-----BEGIN PGP SIGNED MESSAGE-----") {
        return lines.collect();
    }
    let message = lines
        .skip_while(|line| !line.starts_with("-----BEGIN PGP SIGNED"))
        .skip_while(|line| !line.trim().is_empty());
    let signed = message.take_while(|line| !line.starts_with("-----BEGIN PGP SIGNATURE"));
    signed
        .map(|line| line.strip_prefix("- ").unwrap_or(line))
        .collect()
}

/// The lines with Markdown's headings (`## ...`) as underlined ones.
fn underlined(lines: Vec<&str>) -> Vec<&str> {
    let underlined = |line| markdown_heading(line).map_or(vec![line], |text| vec!["", text, "==="]);
    lines.into_iter().flat_map(underlined).collect()
}

fn markdown_heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let is_heading = text.len() < line.len() && text.starts_with(' ');
    Some(text.trim()).filter(|text| is_heading && !text.is_empty())
}

/// The date in the brackets of `OpenSSL Security Advisory [9th June 2026]`.
fn header_day(lines: &[&str]) -> Option<Date> {
    let header = lines
        .iter()
        .take(10)
        .find(|line| line.to_ascii_lowercase().contains("security advisory"))?;
    date::spelled(header.split_once('[')?.1.split_once(']')?.0)
}

/// An underlined line, and the lines up to the next one of its kind.
struct UnderlinedHeading<'a> {
    text: String,
    body: &'a [&'a str],
}

/// The headings that start something of their own. The underline's length says nothing; lesser ones
/// (`---`) count only where they name an identifier.
fn headings<'a>(lines: &'a [&'a str]) -> Vec<UnderlinedHeading<'a>> {
    let starts: Vec<usize> = (1..lines.len())
        .filter(|&at| underlines(lines[at], lines[at - 1]))
        .collect();
    let heading = |(index, &at): (usize, &usize)| {
        // The next heading's own line is no body; a heading that is wrapped has lines above it.
        let end = starts.get(index + 1).map_or(lines.len(), |&next| next - 1);
        let first = (at.saturating_sub(3)..at)
            .rev()
            .take_while(|&above| !lines[above].trim().is_empty())
            .last()
            .unwrap_or(at - 1);
        let first = if index > 0 {
            first.max(starts[index - 1] + 1)
        } else {
            first
        };
        UnderlinedHeading {
            text: lines[first..at].join(" "),
            body: lines.get(at + 1..end.max(at + 1)).unwrap_or_default(),
        }
    };
    starts.iter().enumerate().map(heading).collect()
}

fn underlines(line: &str, above: &str) -> bool {
    let line = line.trim_end();
    let rule = |c: char| line.len() >= 3 && line.chars().all(|found| found == c);
    let named = above.contains("CVE-") || above.contains("CAN-");
    !above.trim().is_empty() && (rule('=') || (named && (rule('-') || rule('~'))))
}

fn section(
    file: &str,
    heading: &UnderlinedHeading<'_>,
    notes: &mut Vec<Diagnostic>,
) -> Option<IssueSection> {
    let (title, ids) = identified(&heading.text);
    if ids.is_empty() {
        return None;
    }
    let severity = heading.body.iter().find_map(|line| severity(line));
    if let Some(Severity::Other(word)) = &severity {
        notes.push(Diagnostic::new(
            file,
            format!(
                "the severity {} of {} is not a known one",
                quoted(word),
                ids[0]
            ),
        ));
    }
    Some(section_of(short_line(title, 300), ids, heading.body))
}

fn section_of(title: String, ids: Vec<CveId>, body: &[&str]) -> IssueSection {
    let (fixes, pending) = fixes::read(body);
    IssueSection {
        title,
        ids,
        severity: body.iter().find_map(|line| severity(line)),
        fixes,
        pending,
        unaffected: series::unaffected(body),
        affected: series::affected(body),
    }
}

/// Splits a heading into its title and the identifiers: those in its last brackets where there are
/// any, else all it names.
fn identified(heading: &str) -> (&str, Vec<CveId>) {
    if let Some((title, brackets)) = heading.rsplit_once('(') {
        let ids = CveId::mentioned(brackets);
        if !ids.is_empty() {
            return (title.trim(), ids);
        }
    }
    (heading, CveId::mentioned(heading))
}

fn severity(line: &str) -> Option<Severity> {
    let (label, word) = line.split_once(':')?;
    // Markdown's `**Severity:** High`.
    let plain = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '-');
    let (label, word) = (label.trim_matches(plain), word.trim_matches(plain));
    let word = word.split(['(', '.', ',']).next()?.trim_matches(plain);
    (label.trim().eq_ignore_ascii_case("severity") && !word.is_empty())
        .then(|| Severity::read(word))
}

#[cfg(test)]
mod tests;
