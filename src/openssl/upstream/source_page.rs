//! The site's page of tarballs (`/source/` and the lists of old series below it), read by what it
//! must contain: links to tarballs with the text of their rows. Its layout has changed before
//! (UPSTREAM 5.3).

use jiff::civil::Date;
use scraper::ElementRef;

use super::diagnostic::Diagnostic;
use super::page;
use super::release::digest;
use super::snapshot::SupportWindow;
use crate::openssl::version::{Series, Version};
use crate::text::budget::TARBALLS_ON_PAGE;
use crate::text::date;
use crate::text::short_line;

/// The most parts of a row or a cell that are looked at: a page that nests or repeats them without
/// end costs no more.
const MOST_CELLS: usize = 60;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourcePage {
    /// The tarballs it links to, in its order, each version once.
    pub tarballs: Vec<Tarball>,
    /// The series it has rows for, ascending.
    pub series: Vec<SupportWindow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tarball {
    /// The version, by the file's name.
    pub version: Version,
    /// The release date in its row, see [`Tarball::released`].
    pub date: Option<Date>,
    /// The SHA-256 in its row, where there is one.
    pub sha256: Option<String>,
}

impl Tarball {
    /// The day the tarball was released, as far as its row says. Old lists date each tarball;
    /// today's table has one date for each series, and nothing says whether it is the series' or
    /// the tarball's: a later tarball with the day of its series' first release has no date of its
    /// own.
    pub fn released(&self, windows: &[SupportWindow]) -> Option<Date> {
        let first = self.version == self.version.first_of_series();
        let window = windows
            .iter()
            .find(|window| window.name == self.version.series());
        self.date
            .filter(|date| first || window.is_none_or(|window| window.released != Some(*date)))
    }
}

/// What one row says beside its links.
#[derive(Default)]
struct TarballRow {
    series: Option<Series>,
    released: Option<Date>,
    eol: Option<Date>,
    lts: bool,
    sha256: Option<String>,
}

/// Reads the page. `document` names it in diagnostics.
///
/// # Errors
///
/// If the page names no tarball at all: it is another page, or its layout has changed beyond
/// recognition; or if it nests without end.
pub fn read(document: &str, html: &str) -> Result<SourcePage, Diagnostic> {
    let html = page::parse(document, html)?;
    let mut page = SourcePage::default();
    let mut known = std::collections::HashSet::new();
    for element in html.root_element().descendent_elements() {
        match element.value().name() {
            "a" => {
                if let Some(version) = element
                    .attr("href")
                    .and_then(tarball)
                    .filter(|version| known.insert(*version))
                {
                    if page.tarballs.len() == TARBALLS_ON_PAGE {
                        return Err(Diagnostic::new(
                            document,
                            format!("not read: it links to more than {TARBALLS_ON_PAGE} tarballs"),
                        ));
                    }
                    let row = surroundings(element).map(row).unwrap_or_default();
                    page.tarballs.push(Tarball {
                        version,
                        date: row.released,
                        sha256: row.sha256,
                    });
                }
            }
            "tr" => page.series.extend(window(&row(element))),
            _ => {}
        }
    }
    if page.tarballs.is_empty() {
        return Err(Diagnostic::new(
            document,
            "links to no tarball; either it is another page or its layout has changed",
        ));
    }
    page.series.sort_by_key(|window| window.name);
    page.series.dedup_by_key(|window| window.name);
    Ok(page)
}

/// The version whose source tarball an address ends with. What stands beside it (`.tar.gz.asc`,
/// `openssl-fips-2.0.16.tar.gz`, `-latest`) is none.
fn tarball(address: &str) -> Option<Version> {
    let path = address.split(['?', '#']).next()?;
    path.rsplit('/')
        .next()?
        .strip_prefix("openssl-")?
        .strip_suffix(".tar.gz")?
        .parse()
        .ok()
}

/// The row, or what else holds a link together with its text.
fn surroundings(link: ElementRef<'_>) -> Option<ElementRef<'_>> {
    // Pages nest a few levels; a hostile one could nest a million.
    let above = || link.ancestors().take(12).filter_map(ElementRef::wrap);
    let named = |names: &[&str]| above().find(|element| names.contains(&element.value().name()));
    named(&["tr"]).or_else(|| named(&["li", "p", "dd"]))
}

fn row(element: ElementRef<'_>) -> TarballRow {
    let columns = columns(element);
    let mut row = TarballRow::default();
    let mut dates = Vec::new();
    for (at, cell) in cells(element).into_iter().enumerate() {
        let text = plain(cell);
        row.lts |= text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case("lts"));
        row.sha256 = row.sha256.or_else(|| sha256(&text));
        row.series = row.series.or_else(|| series(&text));
        match (day(&text), columns.get(at).map(String::as_str)) {
            (Some(day), Some(column)) if column.contains("end") || column.contains("eol") => {
                row.eol = Some(day);
            }
            (Some(day), _) => dates.push(day),
            (None, _) => {}
        }
    }
    // Without names for its columns a row about a series has the release first and the end last.
    row.released = dates.first().copied();
    if row.eol.is_none() && dates.len() > 1 {
        row.eol = dates.last().copied();
    }
    row
}

/// A row's cells; what is no table's row is one cell.
fn cells(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let cells: Vec<_> = row
        .child_elements()
        .filter(|cell| matches!(cell.value().name(), "td" | "th"))
        .take(MOST_CELLS)
        .collect();
    if cells.is_empty() { vec![row] } else { cells }
}

/// The names of a table's columns, lower case, by its first row of `th`.
fn columns(row: ElementRef<'_>) -> Vec<String> {
    let table = row
        .ancestors()
        .take(4)
        .filter_map(ElementRef::wrap)
        .find(|element| element.value().name() == "table");
    let first = table.and_then(|table| {
        table
            .descendent_elements()
            .take(MOST_CELLS)
            .find(|element| element.value().name() == "th")
    });
    let header = first
        .and_then(|cell| cell.parent())
        .and_then(ElementRef::wrap)
        .filter(|header| *header != row);
    header
        .map(|header| {
            cells(header)
                .into_iter()
                .map(|cell| plain(cell).to_ascii_lowercase())
                .collect()
        })
        .unwrap_or_default()
}

/// A cell's text, as much of it as a cell of this page can have.
fn plain(cell: ElementRef<'_>) -> String {
    let texts: Vec<&str> = cell
        .descendants()
        .take(MOST_CELLS)
        .filter_map(|node| node.value().as_text().map(|text| &**text))
        .collect();
    short_line(&texts.join(" "), 500)
}

/// A series alone in its cell: `3.5`, `OpenSSL 3.5 [LTS]`, `1.1.1 (LTS)`.
fn series(text: &str) -> Option<Series> {
    let mut words = text
        .split(|c: char| c.is_whitespace() || "[]()".contains(c))
        .filter(|word| !word.is_empty());
    let mut found = None;
    words.try_for_each(|word| match word.to_ascii_lowercase().as_str() {
        "lts" | "openssl" | "series" | "eol" => Some(()),
        word => word
            .parse()
            .ok()
            .filter(|_| found.is_none())
            .map(|series| found = Some(series)),
    })?;
    found
}

/// A cell's date: the whole of it, or the first word of `2023-Sep-11 14:00:00`.
fn day(text: &str) -> Option<Date> {
    date::spelled(text)
        .or_else(|| date::spelled(text.split(' ').next().filter(|word| word.len() >= 10)?))
}

fn sha256(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.find_map(|word| digest(word, 64))
}

/// The support window a row speaks of: it names a series, and when it was released or ends.
fn window(row: &TarballRow) -> Option<SupportWindow> {
    let name = row
        .series
        .filter(|_| row.released.is_some() || row.eol.is_some())?;
    Some(SupportWindow {
        name,
        released: row.released,
        eol: row.eol,
        lts: row.lts,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(html: &str) -> String {
        let page = read("page", html).expect("a page");
        let tarballs = page.tarballs.iter().map(|tarball| {
            let date = tarball
                .date
                .map_or_else(|| "-".to_owned(), |date| date.to_string());
            format!(
                "{} {date} {}",
                tarball.version,
                tarball.sha256.as_deref().map_or("-", |digest| &digest[..4])
            )
        });
        tarballs
            .chain(
                page.series
                    .iter()
                    .map(|window| serde_json::to_string(window).expect("JSON")),
            )
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn todays_layout() {
        insta::assert_snapshot!(shown(include_str!("../../../tests/fixtures/upstream/source.html")), @r#"
    4.0.3 2098-04-14 -
    3.5.9 2097-04-08 -
    3.4.8 2096-10-22 -
    {"name":"3.4","released":"2096-10-22","lts":false}
    {"name":"3.5","released":"2097-04-08","eol":"2102-04-30","lts":true}
    {"name":"4.0","released":"2098-04-14","eol":"2099-05-14","lts":false}
    {"name":"4.1","released":"2098-10-31","eol":"2099-11-30","lts":false}
    "#);
    }

    #[test]
    fn the_old_layout() {
        insta::assert_snapshot!(shown(include_str!("../../../tests/fixtures/upstream/source-old.html")), @"
    1.1.1w 2098-09-11 -
    1.1.1v 2098-08-01 -
    ");
    }

    #[test]
    fn layouts_nobody_has_seen() {
        let digest = "Ab".repeat(32);
        insta::assert_snapshot!(shown(&format!("<ul><li>3.5: <a href='openssl-3.5.4.tar.gz?x=1#y'>get</a> {digest}</li></ul>")), @"3.5.4 - abab");
        insta::assert_snapshot!(shown("<table><tr><td>08 Apr 2025<td>08 Apr 2030<td>OpenSSL 3.5 (LTS)<td><a href=/f/openssl-3.5.4.tar.gz>x</a></table>"), @r#"
    3.5.4 2025-04-08 -
    {"name":"3.5","released":"2025-04-08","eol":"2030-04-08","lts":true}
    "#);
    }

    #[test]
    fn the_day_of_a_series_dates_no_later_tarball() {
        let window = SupportWindow {
            name: "3.5".parse().expect("a series"),
            released: date::iso("2025-04-08"),
            eol: None,
            lts: true,
        };
        for (version, date, expected) in [
            ("3.5.0", "2025-04-08", Some("2025-04-08")),
            ("3.5.4", "2025-04-08", None),
            ("3.5.4", "2025-09-30", Some("2025-09-30")),
            ("1.1.1w", "2023-09-11", Some("2023-09-11")),
        ] {
            let tarball = Tarball {
                version: version.parse().expect("a version"),
                date: date::iso(date),
                sha256: None,
            };
            assert_eq!(
                tarball.released(std::slice::from_ref(&window)),
                expected.and_then(date::iso),
                "{version} {date}"
            );
        }
    }

    #[test]
    fn a_page_without_tarballs_is_refused() {
        for html in [
            "",
            "<html><body>Sign in</body></html>",
            "<a href='openssl-fips-2.0.16.tar.gz'></a><a href='openssl-3.5-latest.tar.gz'></a><a href='openssl-3.5.4.tar.gz.asc'></a>",
        ] {
            assert!(read("page", html).is_err(), "{html}");
        }
    }

    #[test]
    fn a_hostile_page_costs_no_more_than_a_large_one() {
        let link = "<a href=openssl-3.5.4.tar.gz>x</a>";
        for html in [
            "<table><tr><td>".repeat(30) + link,
            format!("<table><tr>{}", format!("<td>{link}").repeat(20_000)),
            "<div>".repeat(70) + link,
        ] {
            assert_eq!(read("page", &html).expect("a page").tarballs.len(), 1);
        }
    }

    #[test]
    fn more_tarballs_than_there_are_are_refused() {
        let links: String = (0..60_000)
            .map(|patch| format!("<a href=openssl-3.5.{patch}.tar.gz>x</a>"))
            .collect();
        let refused = read("page", &links).expect_err("a refusal");
        assert!(
            refused.text.contains("more than 5000 tarballs"),
            "{refused:?}"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(html in "(<(tr|td|th|table|li|a href=openssl-3.5.4.tar.gz)>|</(tr|td|table|a)>|3\\.5|08 Apr 2025|\\PC){0,40}") {
            let _ = read("page", &html);
        }
    }
}
