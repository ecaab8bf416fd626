//! A value that the same variable loses before anything reads it: `VERSION=3.3.1` right above
//! `VERSION=3.5.2`. Nobody builds the first one.

use crate::project::discovery::found::Checkout;
use crate::project::discovery::line::sighting::{Lines, Sighting, SightingVerdict, depth};
use crate::project::discovery::line::subject;
use crate::text::budget;

/// Why such a value is no pin.
const LOST: &str = "a line below gives its variable another value before anything reads it";

/// Lines between the two values that are looked at.
const FAR: usize = 30;

/// Takes back the versions and digests that are lost, in scripts, which are read from the top.
pub(crate) fn mark(checkout: &Checkout, seen: &mut [(&str, Vec<Sighting>)]) {
    for (path, seen) in seen {
        if !is_a_script(path) || seen.len() < 2 {
            continue;
        }
        let text = &checkout.texts[*path];
        let lines = Lines::of(text);
        let given: Vec<Option<&str>> = seen
            .iter()
            .map(|one| given(&text[lines.range(one.line)]))
            .collect();
        let lost: Vec<usize> = (0..seen.len())
            .filter(|at| {
                let name = given[*at].filter(|_| seen[*at].is_ours() && seen[*at].moved.is_empty());
                name.is_some_and(|name| {
                    let next = (0..seen.len())
                        .filter(|other| given[*other] == Some(name))
                        .map(|other| seen[other].line)
                        .filter(|line| *line > seen[*at].line)
                        .min();
                    next.is_some_and(|next| is_lost(text, &lines, name, (seen[*at].line, next)))
                })
            })
            .collect();
        for at in lost {
            seen[at].verdict = SightingVerdict::Doubtful(true, LOST);
        }
    }
}

/// Whether a file is a script whose lines run one after the other.
fn is_a_script(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    ["sh", "bash", "zsh", "ps1", "bat", "cmd", "env", "py", "mk"].contains(&end)
        || !(name.contains('.') || name.ends_with("Dockerfile") || name.ends_with("Containerfile"))
}

/// The variable that a line gives a whole value to.
fn given(line: &str) -> Option<&str> {
    if line.len() > budget::LINE_WITH_VALUE || subject::is_comment(line) {
        return None;
    }
    let (before, value) = line.split_once('=')?;
    let value = value.split(" #").next().unwrap_or_default().trim();
    let is_quoted = value.starts_with(['"', '\'']);
    // `V=3.5.2 make` runs a command with it.
    let is_whole = is_quoted || !value.contains([' ', '\t', ';', '&', '|']);
    let before = before.trim_end_matches(['?', ':', ' ', '\t']);
    let mut words = before.split_whitespace();
    let name = words.next_back()?.trim_start_matches('$');
    let declares = [
        "export", "set", "local", "readonly", "declare", "SET", "Set",
    ];
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_alone = is_whole && words.all(|word| declares.contains(&word));
    (is_alone && !name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// Whether between two lines there is nothing but values for other variables, so that nothing reads
/// the first one, and the second line gives a value of its own.
fn is_lost(text: &str, lines: &Lines, name: &str, (first, second): (usize, usize)) -> bool {
    let at = |line: usize| &text[lines.range(line)];
    let deep = depth(at(first));
    let passes = |line: usize| {
        let written = at(line);
        let is_remark = written.trim().is_empty() || subject::is_comment(written);
        let gives = given(written).is_some() && depth(written) == deep;
        (is_remark || gives) && !written.contains(name)
    };
    let (_, value) = at(second).split_once('=').unwrap_or_default();
    let is_default = at(second).contains("?=") || value.contains(name);
    second - first <= FAR
        && depth(at(second)) == deep
        && !is_default
        && (first + 1..second).all(passes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_before_anything_reads_it() {
        for (text, expected) in [
            ("V=3.3.1\nV=3.5.2", true),
            ("export V=3.3.1\nX=1\n\nexport V=3.5.2", true),
            ("V=3.3.1\nget $V\nV=3.5.2", false),
            ("if a; then\n  V=3.3.1\nelse\n  V=3.5.2\nfi", false),
            ("V=3.3.1\nif a; then\n  V=3.5.2\nfi", false),
            ("V=3.3.1\nif a; then b; fi\nV=3.5.2", false),
            ("V=3.3.1\nV=${V:-3.5.2}", false),
            ("V=3.3.1\nV?=3.5.2", false),
            ("V=3.3.1\nbuild\nV=3.5.2", false),
            ("a)\nV=3.3.1\n;;\nb)\nV=3.5.2", false),
            ("f() {\nV=3.3.1\n}\ng() {\nV=3.5.2\n}", false),
            ("a && V=3.3.1\nV=3.5.2", false),
            ("V=3.3.1 make\nV=3.5.2 make", false),
        ] {
            let lines = Lines::of(text);
            let says = |version: &str| {
                (1..=lines.count()).find(|line| text[lines.range(*line)].contains(version))
            };
            let places = (says("3.3.1").expect("one"), says("3.5.2").expect("other"));
            let names = [places.0, places.1].map(|line| given(&text[lines.range(line)]));
            let lost = names[0]
                .is_some_and(|name| names[1] == Some(name) && is_lost(text, &lines, name, places));
            assert_eq!(lost, expected, "{text}");
        }
    }
}
