//! `scan` as Markdown, for a step's summary.

use std::fmt::Write;

use super::judged::{self, Judged};
use crate::text::one_line;

/// A table of what was found, and what was not read.
pub(super) fn text(judged: &Judged<'_>) -> String {
    let mut rows = String::new();
    for file in judged.files {
        for found in &file.openssl {
            let version = found
                .version
                .map_or_else(|| "not said".to_owned(), |version| version.to_string());
            let verdict = if judged::is_shipped(found) {
                judged.knowledge(found).words(found.version)
            } else {
                "-".to_owned()
            };
            row(
                &mut rows,
                &[
                    &file.place(),
                    &version,
                    &found.linkage.to_string(),
                    &verdict,
                ],
            );
        }
        for other in &file.other {
            let (how, verdict) = if other.is_fork() {
                ("fork", format!("not known: {}", judged::FORK))
            } else {
                ("not OpenSSL", "-".to_owned())
            };
            let cells = [&file.place(), &other.to_string(), how, &verdict];
            row(&mut rows, &cells);
        }
        for why in &file.unread {
            row(&mut rows, &[&file.place(), "-", "not read", why]);
        }
    }
    if rows.is_empty() {
        return "No OpenSSL found.\n".to_owned();
    }
    format!(
        "| where | OpenSSL | how | verdict |\n| --- | --- | --- | --- |\n{rows}\nFacts taken {}.\n",
        judged.upstream.taken
    )
}

fn row(out: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

/// File names are other people's words: no markup, no mention, no cell of their own.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in one_line(text).chars() {
        if character.is_ascii_punctuation()
            && !matches!(character, '.' | ',' | '-' | '/' | ':' | ';')
        {
            let _ = write!(out, "&#{};", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn names_are_no_markup() {
        assert_eq!(escaped("a|b.so"), "a&#124;b.so");
        assert_eq!(escaped("<b>@x"), "&#60;b&#62;&#64;x");
    }
}
