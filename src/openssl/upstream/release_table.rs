//! Tables of releases and of support windows, as comma-separated text: what no source publishes in
//! one place any more.
//!
//! The first line names the columns; columns of other names are ignored. The shape is plain: what
//! would need quoting is refused, never misread.

use super::release::{Hashes, Release, digest};
use super::snapshot::SupportWindow;
use crate::openssl::version::{Series, Version};
use crate::text::date;

/// The table of old support windows that stands beside a release table.
pub(crate) const SERIES_FILE: &str = "series.csv";

/// Reads releases: columns `version` and `date`, and where there are any `sha256`, `sha512`,
/// `sha1`, `md5`, `size`, `commit`, `withdrawn`.
///
/// # Errors
///
/// In words, with the line, if a line cannot be read or names a version again.
pub fn releases(text: &str) -> Result<Vec<Release>, String> {
    let releases = rows(text, &["version", "date"], |row| {
        Ok(Release {
            version: row.required("version", |text| text.parse::<Version>().ok())?,
            date: row.required("date", date::iso)?,
            hashes: Hashes {
                sha256: row.hexadecimal("sha256", 64)?,
                sha512: row.hexadecimal("sha512", 128)?,
                sha1: row.hexadecimal("sha1", 40)?,
                md5: row.hexadecimal("md5", 32)?,
            },
            size: row.optional("size", |text| text.parse().ok())?,
            url: None,
            commit: row.hexadecimal("commit", 40)?,
            withdrawn: row.optional("withdrawn", date::iso)?,
            text: None,
        })
    })?;
    each_once(releases, |release| release.version)
}

/// Reads support windows: columns `series`, `released`, `eol`, `lts` (`yes` or `no`).
///
/// # Errors
///
/// In words, with the line, if a line cannot be read or names a series again.
pub fn series(text: &str) -> Result<Vec<SupportWindow>, String> {
    let windows = rows(text, &["series", "released", "eol", "lts"], |row| {
        Ok(SupportWindow {
            name: row.required("series", |text| text.parse::<Series>().ok())?,
            released: row.optional("released", date::iso)?,
            eol: row.optional("eol", date::iso)?,
            lts: row.required("lts", |text| match text {
                "yes" | "true" => Some(true),
                "no" | "false" => Some(false),
                _ => None,
            })?,
        })
    })?;
    each_once(windows, |window| window.name)
}

/// One line of a table, with its column names.
struct ReleaseRow<'a> {
    columns: &'a [&'a str],
    cells: Vec<&'a str>,
}

impl ReleaseRow<'_> {
    fn required<T>(&self, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        self.optional(column, read)?
            .ok_or_else(|| format!("`{column}` is empty"))
    }

    fn optional<T>(
        &self,
        column: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, String> {
        let at = self.columns.iter().position(|name| *name == column);
        match at.map(|at| self.cells[at]).filter(|cell| !cell.is_empty()) {
            Some(cell) => read(cell)
                .map(Some)
                .ok_or_else(|| format!("`{}` is no value for `{column}`", cell.escape_debug())),
            None => Ok(None),
        }
    }

    fn hexadecimal(&self, column: &str, digits: usize) -> Result<Option<String>, String> {
        self.optional(column, |text| digest(text, digits))
    }
}

/// Reads the lines below the column names, each with its line number.
fn rows<T>(
    text: &str,
    required: &[&str],
    read: impl Fn(&ReleaseRow<'_>) -> Result<T, String>,
) -> Result<Vec<(usize, T)>, String> {
    let mut lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim_end()));
    let columns: Vec<&str> = lines
        .next()
        .map(|(_, line)| cells(line))
        .unwrap_or_default();
    if let Some(missing) = required.iter().find(|name| !columns.contains(*name)) {
        return Err(format!(
            "line 1: no column is named `{missing}`; the first line names the columns"
        ));
    }
    if let Some(twice) = columns
        .iter()
        .enumerate()
        .find(|(at, name)| columns[..*at].contains(*name))
    {
        return Err(format!(
            "line 1: two columns are named `{}`",
            twice.1.escape_debug()
        ));
    }
    let mut rows = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let row = ReleaseRow {
            columns: &columns,
            cells: cells(line),
        };
        if line.contains('"') {
            return Err(format!(
                "line {number}: quotes are not read; write the values without"
            ));
        }
        if row.cells.len() != columns.len() {
            return Err(format!(
                "line {number}: has {} values where the first line names {} columns",
                row.cells.len(),
                columns.len()
            ));
        }
        rows.push((
            number,
            read(&row).map_err(|why| format!("line {number}: {why}"))?,
        ));
    }
    Ok(rows)
}

fn cells(line: &str) -> Vec<&str> {
    line.split(',').map(str::trim).collect()
}

/// The rows without their numbers, if no two have the same name.
fn each_once<T, K: Ord + Copy + std::fmt::Display>(
    rows: Vec<(usize, T)>,
    name: impl Fn(&T) -> K,
) -> Result<Vec<T>, String> {
    let mut seen = std::collections::BTreeMap::new();
    for (number, row) in &rows {
        if let Some(first) = seen.insert(name(row), *number) {
            return Err(format!(
                "line {number}: `{}` stands on line {first} already",
                name(row)
            ));
        }
    }
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        let text = "\u{feff}date,version,note,size,withdrawn,sha256\r\n2022-10-11,3.0.6,x,15,2022-10-12,\r\n\r\n2015-01-22,1.0.2,,,,";
        let sha256 = "ab".repeat(32);
        let read = releases(&format!("{text}{}\n", sha256.to_uppercase())).expect("releases");
        let shown: Vec<String> = read
            .iter()
            .map(|release| serde_json::to_string(release).expect("JSON"))
            .collect();
        assert_eq!(
            shown,
            [
                r#"{"version":"3.0.6","date":"2022-10-11","hashes":{},"size":15,"withdrawn":"2022-10-12"}"#.to_owned(),
                format!(r#"{{"version":"1.0.2","date":"2015-01-22","hashes":{{"sha256":"{sha256}"}}}}"#),
            ]
        );
    }

    #[test]
    fn errors_name_the_line() {
        for (text, expected) in [
            (
                "",
                "line 1: no column is named `version`; the first line names the columns",
            ),
            (
                "version,date,version\n",
                "line 1: two columns are named `version`",
            ),
            (
                "version,date\n3.5.0,2025-04-08,\n",
                "line 2: has 3 values where the first line names 2 columns",
            ),
            (
                "version,date\n\n3.5,2025-04-08\n",
                "line 3: `3.5` is no value for `version`",
            ),
            ("version,date\n3.5.0,\n", "line 2: `date` is empty"),
            (
                "version,date\n\"3.5.0\",2025-04-08\n",
                "line 2: quotes are not read; write the values without",
            ),
            (
                "version,date\n3.5.0,2025-04-08\n3.5.0,2025-04-08\n",
                "line 3: `3.5.0` stands on line 2 already",
            ),
            (
                "version,date,sha256\n3.5.0,2025-04-08,abc\n",
                "line 2: `abc` is no value for `sha256`",
            ),
            (
                "version,date,size\n3.5.0,2025-04-08,-1\n",
                "line 2: `-1` is no value for `size`",
            ),
        ] {
            assert_eq!(releases(text), Err(expected.to_owned()), "{text}");
        }
        assert_eq!(
            series("series,released,eol,lts\n1.1.1,2018-09-11,2023-09-11,maybe\n"),
            Err("line 2: `maybe` is no value for `lts`".to_owned())
        );
    }

    #[test]
    fn windows() {
        let read = series(
            "series,released,eol,lts\n1.1.1,2018-09-11,2023-09-11,yes\n1.1.0,2016-08-25,,no\n",
        )
        .expect("series");
        assert_eq!(read.len(), 2);
        assert!(read[0].lts && !read[1].lts && read[1].eol.is_none());
    }
}
