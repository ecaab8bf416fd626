//! The newest releases as a Markdown table: releases across, platforms or links down.

use std::fmt::Write;

use super::History;
use crate::paper::templates::escape;

/// Releases that are shown.
const SHOWN: usize = 8;

impl History<'_> {
    /// The table, the newest release last; nothing where there is no release.
    pub(crate) fn markdown(&self) -> String {
        let matrix = self.matrix();
        let skipped = matrix.columns.len().saturating_sub(SHOWN);
        let columns = &matrix.columns[skipped..];
        if columns.is_empty() {
            return String::new();
        }
        let mut out = String::from("|");
        for column in columns {
            let day = Some(&column.day).filter(|day| !day.is_empty());
            let day = day.map_or_else(String::new, |day| format!("<br>{day}"));
            let _ = write!(out, " | {}{day}", escape::markdown(&column.version));
        }
        let _ = writeln!(out, " |\n| --- |{}", " --- |".repeat(columns.len()));
        for row in &matrix.rows {
            let _ = write!(out, "| {} |", escape::markdown(&row.name));
            for cell in &row.cells[skipped..] {
                let text = format!("{} {}", cell.openssl.join(", "), cell.letter);
                let _ = write!(out, " {} |", text.trim());
            }
            out.push('\n');
        }
        out.push_str(
            "\nC critical, H high, M moderate, L low, ! not rated, ? not known, ✓ no known advisory\n",
        );
        out
    }
}
