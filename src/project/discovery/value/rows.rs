//! Records of past builds: rows of one form that say what each was made of.

use std::collections::BTreeSet;

use super::slots;
use crate::openssl::version::{Series, Version};
use crate::project::foreign_digest;

/// Rows that make a record.
const LEAST: usize = 3;

/// Signs between the fields of a row.
const SIGNS: [char; 4] = [',', '\t', ';', '|'];

/// Whether a text is a record: rows with as many fields each, at least four, and in each the day of
/// a build or a digest that is no release's, beside versions of several series or packages.
pub(crate) fn is_record(
    text: &str,
    versions: &dyn Fn(&str) -> Vec<Version>,
    is_of_release: &dyn Fn(&str) -> bool,
) -> bool {
    SIGNS.iter().any(|sign| {
        // Rows have as many fields each, which most texts have not.
        let fields = |line: &str| line.matches(*sign).count();
        let mut counts = text.lines().map(fields).filter(|count| *count >= 3);
        let first = counts.next();
        if first.is_none() || counts.any(|count| Some(count) != first) {
            return false;
        }
        let rows: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split(*sign).collect())
            .filter(|fields: &Vec<&str>| fields.len() > 3)
            .collect();
        let marked = |fields: &&Vec<&str>| {
            fields.iter().any(|field| {
                let field = field.trim().trim_matches('"');
                slots::starts_with_day(field)
                    || foreign_digest::is_of_any_kind(field) && !is_of_release(field)
            })
        };
        if rows.len() < LEAST
            // The first may say what the fields are.
            || rows.iter().skip(1).filter(marked).count() + 1 < rows.len()
        {
            return false;
        }
        let said: Vec<Vec<Version>> = rows.iter().map(|row| versions(&row.join("\n"))).collect();
        let series: BTreeSet<Series> = said.iter().flatten().map(Version::series).collect();
        let says = said.iter().filter(|versions| !versions.is_empty()).count();
        says >= LEAST && series.len() > 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_a_day_or_a_digest_of_their_own_are_a_record() {
        let versions = |text: &str| -> Vec<Version> {
            let words = text.split(['-', '\n']);
            words.filter_map(|word| word.parse().ok()).collect()
        };
        let digest = |c: &str| format!("{c}1").repeat(32);
        let ours = digest("a");
        let is_of_release = |value: &str| value == ours;
        let day = |version: &str| format!("spam,2026-01-02T03:04:05Z,ok,openssl-{version}\n");
        let own = |c: &str, version: &str| format!("spam,{},ok,openssl-{version}\n", digest(c));
        for (text, expected) in [
            (day("3.0.8") + &day("3.0.8") + &day("3.5.1"), true),
            (
                format!(
                    "name,day,state,openssl\n{}{}{}",
                    day("3.0.8"),
                    day("3.0.9"),
                    day("3.5.1")
                ),
                true,
            ),
            (
                own("b", "3.0.8") + &own("c", "3.0.8") + &own("d", "3.5.1"),
                true,
            ),
            // What says a release's digest is a table.
            (
                own("b", "3.0.8") + &own("c", "3.0.8") + &own("a", "3.5.1"),
                false,
            ),
            // Of one series it may be what is built with it.
            (day("3.0.8") + &day("3.0.8") + &day("3.0.9"), false),
            (day("3.0.8") + &day("3.5.1"), false),
            (
                day("3.0.8") + &day("3.0.8") + "spam,ham,eggs,openssl-3.5.1\n",
                false,
            ),
            (
                day("3.0.8") + &day("3.0.8") + &day("3.5.1") + "OPENSSL=3.5.1,a,b,c,d\n",
                false,
            ),
        ] {
            assert_eq!(
                is_record(&text, &versions, &is_of_release),
                expected,
                "{text}"
            );
        }
    }
}
