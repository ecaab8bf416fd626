//! Whose a version is by the lines around it: the name beside it in the same entry, or above it.

use crate::project::discovery::line::sighting::{Lines, Scope};
use crate::project::discovery::line::subject;

/// What the lines around say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Neighbour {
    /// They name OpenSSL.
    Ours(Scope),
    /// They name another package.
    Other,
    /// They name nothing.
    Nothing,
}

/// Lines of an entry that are looked at in each direction.
const FAR: usize = 14;

/// Keys whose value is the name of a package.
const NAMES: [&str; 14] = [
    "name",
    "product",
    "package",
    "pkgname",
    "pname",
    "id",
    "artifactid",
    "lib",
    "library",
    "project",
    "dep",
    "component",
    "module",
    "repo",
];

/// What OpenSSL is called as a package.
const OURS: [&str; 9] = [
    "openssl",
    "libopenssl",
    "openssl3",
    "openssl-dev",
    "openssl-static",
    "openssl_static",
    "openssl/openssl",
    "libssl",
    "openssl11",
];

/// What the lines around a line say of whose it is.
pub(crate) fn of(text: &str, lines: &Lines, line: usize) -> Neighbour {
    let at = |number: usize| &text[lines.range(number)];
    let (own, own_item) = depth(at(line));
    if let Some(found) = own_name(at(line)) {
        return neighbour(found, line, false);
    }
    if !own_item {
        let above = (line.saturating_sub(FAR).max(1)..line).rev();
        if let Some(found) = above_in_entry(above, own, &at) {
            return found;
        }
    }
    let below = line + 1..(line + FAR).min(lines.count()) + 1;
    for number in below {
        let (deep, item) = depth(at(number));
        if at(number).trim().is_empty() && own == 0 {
            break;
        }
        if at(number).trim().is_empty() || deep > own {
            continue;
        }
        if deep < own || item {
            break;
        }
        if let Some(ours) = own_name(at(number)) {
            return if ours {
                // What follows cannot start a pattern; the line itself must do.
                Neighbour::Nothing
            } else {
                Neighbour::Other
            };
        }
    }
    Neighbour::Nothing
}

fn above_in_entry<'a>(
    above: impl Iterator<Item = usize>,
    own: usize,
    at: &impl Fn(usize) -> &'a str,
) -> Option<Neighbour> {
    for number in above {
        let text = at(number);
        if text.trim().is_empty() {
            if own == 0 {
                return None;
            }
            continue;
        }
        let (deep, item) = depth(text);
        let section = own == 0 && text.starts_with('[');
        if deep > own {
            continue;
        }
        if deep < own || section {
            return parent_name(text)
                .map(|ours| neighbour(ours, number, text.trim_end().ends_with('{')));
        }
        if let Some(ours) = own_name(text) {
            return Some(neighbour(ours, number, false));
        }
        // The first argument of a command names what the others are of.
        let opens = || number > 1 && at(number - 1).trim_end().ends_with('(');
        let word = text.trim();
        // `VERSION` is a word of the command's own.
        let is_keyword =
            || word.contains("VERSION") || ["NAME", "URL", "TARGET", "STRING"].contains(&word);
        if is_word(word) && opens() {
            let ours = subject::names_openssl(word);
            if ours || !is_keyword() {
                return Some(neighbour(ours, number, false));
            }
        }
        if item {
            return None;
        }
    }
    None
}

fn neighbour(ours: bool, line: usize, opens: bool) -> Neighbour {
    if ours {
        Neighbour::Ours(Scope { line, opens })
    } else {
        Neighbour::Other
    }
}

/// How deep what a line says stands, and whether it starts an item of a list.
fn depth(line: &str) -> (usize, bool) {
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    match trimmed.strip_prefix('-') {
        Some(rest) if rest.starts_with(' ') => {
            (indent + 1 + rest.len() - rest.trim_start().len(), true)
        }
        _ => (indent, false),
    }
}

/// Whether a line names a package, and whether that is OpenSSL.
fn own_name(line: &str) -> Option<bool> {
    let line = line.trim().trim_start_matches("- ");
    let (key, value) = match line.strip_prefix('<') {
        Some(rest) => {
            let (key, rest) = rest.split_once('>')?;
            (key, rest.split_once("</")?.0)
        }
        // `(name "openssl")`
        None if line.starts_with('(') => line.split_once(' ')?,
        None => {
            let at = line.find([':', '='])?;
            (&line[..at], &line[at + 1..])
        }
    };
    let clean = |text: &str| {
        text.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | ':' | '=' | '(' | ')')
        })
        .to_ascii_lowercase()
    };
    let (key, value) = (clean(key), clean(value));
    // What is put together from variables is no name that could be read.
    let is_made = value.contains('$') || value.contains("{{");
    let is_name = NAMES.contains(&key.as_str()) && !value.is_empty() && !is_made;
    is_name.then(|| is_ours(&value) || is_address_of_ours(&value))
}

/// Whether an address is that of a file of OpenSSL's, or of its repository.
fn is_address_of_ours(value: &str) -> bool {
    let Some((_, path)) = value.split_once("://") else {
        return false;
    };
    let path = path.trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    let tarball = name.strip_prefix("openssl-");
    let repository = path.trim_end_matches(".git");
    ["/openssl/openssl", "openssl.org/openssl"]
        .iter()
        .any(|own| repository.ends_with(own))
        || tarball.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a line is one word alone.
fn is_word(line: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    !line.is_empty() && line.chars().all(is_part)
}

/// Whether a name is OpenSSL's as a package, or that of a variable for its version.
fn is_ours(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| !matches!(c, '_' | '-')).collect();
    let variable = ["version", "ver", "tag"]
        .iter()
        .find_map(|end| plain.strip_suffix(end));
    OURS.contains(&name) || variable.is_some_and(|plain| OURS.contains(&plain))
}

/// Whether a name is OpenSSL's in a folder of libraries: `libs/openssl`.
fn is_of_libraries(name: &str) -> bool {
    let of_libraries = |folder: &str| {
        ["lib", "dep", "third", "ext"]
            .iter()
            .any(|start| folder.starts_with(start))
    };
    name.rsplit_once('/')
        .is_some_and(|(folder, name)| is_ours(name) && of_libraries(folder))
}

/// Whether a line that stands above a block names a package, and whether that is OpenSSL.
fn parent_name(line: &str) -> Option<bool> {
    let name: String = line
        .trim()
        .trim_start_matches("- ")
        .trim_end_matches([':', '{', '(', '[', '=', ' ', '>', ']'])
        .trim_matches(['"', '\'', '[', '<', ' '])
        .to_ascii_lowercase();
    let last = name
        .rsplit(['.', '"', '\''])
        .find(|part| !part.is_empty())?;
    if is_ours(last) || is_of_libraries(last) {
        return Some(true);
    }
    // A word of any file's grammar says nothing of a package.
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let grammar = [
        "versions",
        "version",
        "source",
        "sources",
        "package",
        "packages",
        "env",
        "with",
        "dependencies",
        "matrix",
        "include",
        "plugin",
        "vars",
        "default",
        "args",
        "properties",
    ];
    (last.chars().all(is_name) && !grammar.contains(&last) && line.trim_end().ends_with('{'))
        .then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_says_whose_it_is() {
        let ours = |line, opens| Neighbour::Ours(Scope { line, opens });
        for (text, line, expected) in [
            ("  - name: openssl\n    version: 3.5.3\n", 2, ours(1, false)),
            (
                "  - name: nghttp2\n    version: 3.5.3\n  - name: openssl\n    version: 3.5.3\n",
                2,
                Neighbour::Other,
            ),
            (
                "{\n  \"openssl\": {\n    \"vendor\": \"x\",\n    \"version\": \"3.5.3\",\n",
                4,
                ours(2, true),
            ),
            ("openssl:\n  version: 3.5.3\n", 2, ours(1, false)),
            (
                "  (package\n    (name \"openssl\")\n    (version \"3.5.3\")\n",
                3,
                ours(2, false),
            ),
            (
                "  (package\n    (name \"zlib\")\n    (version \"3.5.3\")\n",
                3,
                Neighbour::Other,
            ),
            ("[openssl]\nversion = \"3.5.3\"\n", 2, ours(1, false)),
            ("[libs/openssl]\nversion = 3.5.3\n", 2, ours(1, false)),
            ("[gems/openssl]\nversion = 3.2.0\n", 2, Neighbour::Nothing),
            (
                "[[dep]]\nname = \"openssl\"\nversion = \"3.5.3\"\n",
                3,
                ours(2, false),
            ),
            (
                "[[dep]]\nname = \"zlib\"\nversion = \"3.5.3\"\n",
                3,
                Neighbour::Other,
            ),
            (
                "  <plugin>\n    <artifactId>maven-javadoc-plugin</artifactId>\n    <version>3.3.1</version>\n",
                3,
                Neighbour::Other,
            ),
            ("zlib {\n  version = 3.5.3\n}\n", 2, Neighbour::Other),
            (
                "pkgname=(\"${PREFIX}-${_realname}\")\n_ver=3.5.3\n",
                2,
                Neighbour::Nothing,
            ),
            ("x\nversion: 3.5.3\n", 2, Neighbour::Nothing),
            (
                "- name: opensslVersion\n  value: 3.5.3\n",
                2,
                ours(1, false),
            ),
            (
                "openssl_version:\n  type: string\n  default: 3.5.3\n",
                3,
                ours(1, false),
            ),
        ] {
            assert_eq!(of(text, &Lines::of(text), line), expected, "{text}");
        }
    }
}
