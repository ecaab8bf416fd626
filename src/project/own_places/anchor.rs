//! A pattern for one place that says the project's own version, with as much around it as it takes to
//! be found once.

use std::ops::Range;

use crate::project::pattern::{Pattern, Placeholder};

/// Lines above a version that its pattern may take in.
const MOST_LINES: usize = 12;

/// A pattern that finds this version in a text and nothing else: its line where that is enough, else
/// with the table's heading, given by its line counted from 0, or with the lines above it.
pub(crate) fn anchored(
    text: &str,
    version: &Range<usize>,
    heading: Option<usize>,
) -> Option<String> {
    let said = &text[version.clone()];
    // What says the version too moves with it, and does not stay what a pattern could find.
    let lines: Vec<&str> = text.get(..version.start)?.split('\n').collect();
    let (before, above) = lines
        .split_last()
        .filter(|(last, _)| !last.contains(said))?;
    let quote = text[version.end..].chars().next();
    let quote = quote.filter(|c| matches!(c, '"' | '\''));
    let quote = quote.map_or_else(String::new, String::from);
    let value = format!("{{project_version}}{quote}");
    let alone = format!("{}{value}", before.trim_start());
    let whole = format!("\n{before}{value}");
    let of_table = heading.and_then(|at| above.get(at..));
    let of_table = of_table.and_then(|lines| table(lines, said));
    let stays = above.iter().rev().take_while(|line| !line.contains(said));
    let most = stays.take(MOST_LINES).count();
    let around = (1..=most).map(|count| literal(&above[above.len() - count..]));
    let with_lines = of_table.into_iter().chain(around);
    let with_lines = with_lines.map(|lines| format!("{lines}\n{before}{value}"));
    [alone, whole]
        .into_iter()
        .chain(with_lines)
        .find(|pattern| finds_only(pattern, text, version))
}

/// Whether a pattern finds the version that stands here, once.
pub(super) fn finds_only(pattern: &str, text: &str, version: &Range<usize>) -> bool {
    let Ok(pattern) = Pattern::of_project_version(pattern) else {
        return false;
    };
    let found: Vec<_> = pattern.find(text, 0..text.len()).take(2).collect();
    let [only] = found.as_slice() else {
        return false;
    };
    let mut slots = pattern.slots().zip(&only.slots);
    slots.any(|(slot, range)| slot == Placeholder::ProjectVersion && range == version)
}

/// A table from its heading on: lines that may change between releases are any text.
fn table(lines: &[&str], said: &str) -> Option<String> {
    let (heading, inside) = lines.split_first()?;
    let kept = |line: &&str| {
        let line = line.trim_end_matches('\r');
        let stays = line.trim().is_empty() || (line.starts_with("name") && !line.contains(said));
        if stays {
            line.to_owned()
        } else {
            "{*}".to_owned()
        }
    };
    let mut all = vec![heading.trim_end().to_owned()];
    all.extend(inside.iter().map(kept));
    (inside.len() < MOST_LINES).then(|| all.join("\n"))
}

/// Lines as they stand, the first without the white space before it.
fn literal(lines: &[&str]) -> String {
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| line.trim_end_matches('\r'))
        .collect();
    lines.join("\n").trim_start_matches([' ', '\t']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_in_as_much_as_makes_it_unique() {
        for (text, version, heading, expected) in [
            (
                "v = \"1.2.3\"\n",
                0,
                None,
                Some("v = \"{project_version}\""),
            ),
            (
                "rust-version = \"1.2.3\"\nversion = \"1.2.3\"\n",
                1,
                None,
                Some("\nversion = \"{project_version}\""),
            ),
            (
                "[project]\nname = \"a\"\nversion = \"1.2.3\"\n[tool.poetry]\nname = \"a\"\nversion = \"1.2.3\"\n",
                1,
                Some(3),
                Some("[tool.poetry]\nname = \"a\"\nversion = \"{project_version}\""),
            ),
            (
                "[workspace.package]\nedition = \"2021\"\r\nversion = \"1.2.3\"\n[package]\nversion = \"1.2.3\"\n",
                0,
                Some(0),
                Some("[workspace.package]\n{*}\nversion = \"{project_version}\""),
            ),
            (
                "{\n  \"a\": {\n    \"version\": \"1.2.3\"\n  },\n  \"b\": {\n    \"version\": \"1.2.3\"\n",
                1,
                None,
                Some("\"b\": {\n    \"version\": \"{project_version}\""),
            ),
            (
                "a\nversion = \"1.2.3\"\na\nversion = \"1.2.3\"\na\nversion = \"1.2.3\"\n",
                1,
                None,
                None,
            ),
            ("1.2.3 1.2.3\n", 1, None, None),
            ("{project-version}1.2.3\n", 0, None, None),
        ] {
            let mut found = text.match_indices("1.2.3");
            let (at, _) = found.nth(version).expect("a version");
            let range = at..at + 5;
            assert_eq!(
                anchored(text, &range, heading).as_deref(),
                expected,
                "{text}"
            );
        }
    }
}
