//! Changelogs in which each entry is a file of its own: YAML with the entry as one value, or the
//! text alone.

use super::entry::Entry;
use super::shape;
use crate::openssl::version::Version;
use crate::project::config::{ENTRY, EntryFile};
use crate::text::fault::Fault;

/// The file of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fragment {
    pub(crate) path: String,
    /// All that stands in it.
    pub(crate) text: String,
    /// The file that it takes the place of: an entry for another version, not released yet.
    pub(crate) instead_of: Option<String>,
}

/// The file of a link's entry. `standing`: what the folder holds that is not released yet, by path.
///
/// An entry for another version that this program, or somebody with the same words, wrote is
/// rewritten, and moved where its name has the version; whatever else stands in it is kept.
///
/// # Errors
///
/// A usage fault if a file of this name stands there and is another entry.
pub(crate) fn fragment(
    file: &EntryFile,
    link: &str,
    version: Version,
    standing: &[(String, String)],
    entry: &Entry<'_>,
) -> Result<Fragment, Fault> {
    let path = file.of(link, version);
    let here = standing.iter().find(|(at, _)| *at == path);
    let of_ours = || standing.iter().filter(|(at, _)| file.is_of(link, at));
    if let Some((_, text)) = here {
        // Under a name without the version stands whatever is said of OpenSSL before the release.
        let slot = file.of(link, version) == file.path.replace("{link}", link);
        let text = renewed(file, text, entry, slot).ok_or_else(|| {
            Fault::usage(format!(
                "`{path}` stands there and is another entry; rename it, or give `entry` in `[changelog]` another name"
            ))
        })?;
        return Ok(Fragment {
            path,
            text,
            instead_of: None,
        });
    }
    let replaced = of_ours().find_map(|(at, text)| {
        Some(Fragment {
            path: path.clone(),
            text: renewed(file, text, entry, false)?,
            instead_of: Some(at.clone()),
        })
    });
    Ok(replaced.unwrap_or_else(|| Fragment {
        path,
        text: written(file, entry.text),
        instead_of: None,
    }))
}

fn written(file: &EntryFile, entry: &str) -> String {
    let (before, after) = file.text.split_once(ENTRY).unwrap_or(("", "\n"));
    let value = match before.chars().next_back() {
        _ if !file.is_yaml() => entry.to_owned(),
        Some('"') => escaped(entry),
        // The text of a block stands below its key.
        Some('\n') | None => entry.to_owned(),
        _ if before
            .rsplit('\n')
            .next()
            .is_some_and(|line| line.trim().is_empty()) =>
        {
            entry.to_owned()
        }
        _ => format!("\"{}\"", escaped(entry)),
    };
    let end = if after.ends_with('\n') { "" } else { "\n" };
    format!("{before}{value}{after}{end}")
}

/// What a double-quoted string of YAML holds.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The text with the entry in place of one for another version; none where it has none. `slot`: one
/// in other words goes too, if it speaks of OpenSSL.
fn renewed(file: &EntryFile, text: &str, entry: &Entry<'_>, slot: bool) -> Option<String> {
    let values = if file.is_yaml() {
        values(text)
    } else {
        paragraphs(text)
    };
    for value in &values {
        if shape::is_entry(&value.said, entry.text) {
            return Some(text.to_owned());
        }
    }
    let new = |value: &EntryValue| {
        shape::rewritten(&value.said, entry).or_else(|| {
            let speaks = value.said.to_ascii_lowercase().contains("openssl");
            (slot && speaks).then(|| entry.text.to_owned())
        })
    };
    let (value, said) = values.iter().find_map(|value| Some((value, new(value)?)))?;
    let said = if file.is_yaml() {
        format!("\"{}\"", escaped(&said))
    } else {
        said
    };
    Some(format!(
        "{}{said}{}",
        &text[..value.range.start],
        &text[value.range.end..]
    ))
}

/// A text that a file holds.
struct EntryValue {
    /// Where it stands, with the quotes and the sign of a block.
    range: std::ops::Range<usize>,
    /// What it says, on one line.
    said: String,
}

/// The lines of a text with the place of each, without their ends.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.trim_end()))
    })
}

/// The paragraphs of a text, without the bullet that one begins with.
fn paragraphs(text: &str) -> Vec<EntryValue> {
    let mut found: Vec<EntryValue> = Vec::new();
    let mut open = false;
    for (at, line) in lines(text) {
        let trimmed = line.trim_start();
        let bullet = ["* ", "- "]
            .iter()
            .any(|bullet| trimmed.starts_with(bullet));
        if trimmed.is_empty() || trimmed == "---" {
            open = false;
            continue;
        }
        let start = at + line.len() - trimmed.len() + if bullet { 2 } else { 0 };
        let end = at + line.len();
        match found.last_mut().filter(|_| open && !bullet) {
            Some(last) => {
                last.said.push(' ');
                last.said.push_str(trimmed);
                last.range.end = end;
            }
            None => found.push(EntryValue {
                range: start..end,
                said: text[start..end].to_owned(),
            }),
        }
        open = true;
    }
    found
}

/// The strings of a YAML document that is a map or a list of such.
fn values(text: &str) -> Vec<EntryValue> {
    let all: Vec<(usize, &str)> = lines(text).collect();
    let mut found = Vec::new();
    for (number, (at, line)) in all.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let Some(start) = value_start(line) else {
            continue;
        };
        let written = &line[start..];
        // What is deeper than the key belongs to it.
        let below: Vec<&(usize, &str)> = all[number + 1..]
            .iter()
            .take_while(|(_, next)| {
                next.trim().is_empty() || next.len() - next.trim_start().len() > indent
            })
            .collect();
        let last = below.iter().rfind(|(_, next)| !next.trim().is_empty());
        let end = last.map_or(at + line.len(), |(at, next)| at + next.len());
        let more: Vec<&str> = below.iter().map(|(_, next)| next.trim()).collect();
        let said = if written.starts_with(['|', '>']) {
            more.join(" ")
        } else {
            unquoted(&[&[written], more.as_slice()].concat().join(" "))
        };
        found.push(EntryValue {
            range: at + start..end,
            said: said.split_whitespace().collect::<Vec<_>>().join(" "),
        });
    }
    found
}

/// Where the value on a line of YAML starts: behind `key: `, `- ` or both.
fn value_start(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start().len();
    let item = if line[indent..].starts_with("- ") {
        2
    } else {
        0
    };
    let rest = &line[indent + item..];
    let key = rest
        .find(": ")
        .filter(|at| {
            rest[..*at]
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        })
        .map(|at| at + 2);
    let start = indent + item + key.unwrap_or(0);
    (key.is_some() || item > 0)
        .then(|| start + line[start..].len() - line[start..].trim_start().len())
}

/// A scalar without its quotes.
fn unquoted(text: &str) -> String {
    let text = text.trim();
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(inside) = inside('"') {
        return inside.replace("\\\"", "\"").replace("\\\\", "\\");
    }
    inside('\'').map_or_else(|| text.to_owned(), |inside| inside.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> EntryFile {
        EntryFile {
            path: path.into(),
            text: text.into(),
        }
    }

    fn entry(text: &str) -> Entry<'_> {
        Entry {
            text,
            security: true,
            others: &[],
        }
    }

    fn put(
        file: &EntryFile,
        standing: &[(&str, &str)],
    ) -> Result<(String, String, String), String> {
        let standing: Vec<(String, String)> = standing
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        let version = "3.5.4".parse().expect("a version");
        fragment(
            file,
            "wheels",
            version,
            &standing,
            &entry("Built with OpenSSL 3.5.4, \"new\"."),
        )
        .map(|put| (put.path, put.text, put.instead_of.unwrap_or_default()))
        .map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_file_for_each_entry() {
        let yaml = file("c/bump-{link}.yml", "message: {entry}\ntype: dependency\n");
        let new = "message: \"Built with OpenSSL 3.5.4, \\\"new\\\".\"\n";
        let path = "c/bump-wheels.yml";
        for (standing, expected) in [
            (None, format!("{new}type: dependency\n")),
            (
                Some("message: 'Built with OpenSSL 3.5.3, \"new\".'\ntype: bugfix\nprs:\n  - 12\n"),
                format!("{new}type: bugfix\nprs:\n  - 12\n"),
            ),
            (
                Some("type: dependency\nmessage: >\n  Built with OpenSSL\n  3.5.3, \"new\".\n"),
                format!("type: dependency\n{new}"),
            ),
            (
                Some("message: |\n  Moved to another OpenSSL.\n\nscope: Core\n"),
                format!("{new}\nscope: Core\n"),
            ),
        ] {
            let standing: Vec<(&str, &str)> =
                standing.map(|text| (path, text)).into_iter().collect();
            let put = put(&yaml, &standing).expect("a file");
            assert_eq!(put, (path.into(), expected.clone(), String::new()));
            let again = fragment(
                &yaml,
                "wheels",
                "3.5.4".parse().expect("a version"),
                &[(path.to_owned(), expected.clone())],
                &entry("Built with OpenSSL 3.5.4, \"new\"."),
            );
            assert_eq!(again.expect("a file").text, expected);
        }
        let other = put(&yaml, &[(path, "message: A thing.\n")]).expect_err("another entry");
        assert!(other.contains("is another entry"), "{other}");
    }

    #[test]
    fn the_name_may_have_the_version() {
        let text = file("news/+openssl-{version}.misc.rst", "{entry}\n");
        let new = "Built with OpenSSL 3.5.4, \"new\".\n";
        let (old_path, path) = (
            "news/+openssl-3.5.3.misc.rst",
            "news/+openssl-3.5.4.misc.rst",
        );
        assert_eq!(
            put(&text, &[]).expect("a file"),
            (path.into(), new.into(), String::new())
        );
        let old = [
            ("news/12.misc.rst", "A thing.\n"),
            (
                old_path,
                "Built with\nOpenSSL 3.5.3, \"new\". (#12)\n\nMore.\n",
            ),
        ];
        assert_eq!(
            put(&text, &old).expect("a file"),
            (
                path.into(),
                "Built with OpenSSL 3.5.4, \"new\". (#12)\n\nMore.\n".into(),
                old_path.into()
            )
        );
        let others = [(old_path, "Spoke of another OpenSSL.\n")];
        assert_eq!(
            put(&text, &others).expect("a file"),
            (path.into(), new.into(), String::new())
        );
    }
}
