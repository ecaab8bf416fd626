//! Other repositories that a workflow takes OpenSSL from: their artefacts, or a checkout of them.

use crate::project::discovery::found::{Checkout, Elsewhere};
use crate::project::discovery::line::sighting::{Lines, depth};
use crate::project::discovery::line::subject;
use crate::project::discovery::mark::tested;

/// Every such repository, each once.
pub(crate) fn of(checkout: &Checkout) -> Vec<Elsewhere> {
    let mut found: Vec<Elsewhere> = Vec::new();
    // A workflow that tries relatives of OpenSSL too names it on lines of its own.
    let workflows = checkout
        .texts
        .iter()
        .filter(|(path, text)| tested::is_ci(path) && text.lines().any(subject::names_openssl));
    for (path, text) in workflows {
        let lines = Lines::of(text);
        for line in 1..=lines.count() {
            let Some(repository) = named(&text[lines.range(line)]) else {
                continue;
            };
            let known = found.iter().any(|one| one.repository == repository)
                || checkout.origin.as_deref() == Some(repository)
                || repository.to_ascii_lowercase().starts_with("openssl/");
            if !known && (of_our_owner(checkout, repository) || step_names(text, &lines, line)) {
                found.push(Elsewhere {
                    repository: repository.to_owned(),
                    file: path.clone(),
                    line,
                });
            }
        }
    }
    found
}

/// The repository that a line of a step gives: `repo: owner/name`.
fn named(line: &str) -> Option<&str> {
    let (key, value) = line.trim().trim_start_matches("- ").split_once(':')?;
    if !matches!(key, "repo" | "repository") {
        return None;
    }
    let value = value.split(" #").next()?.trim().trim_matches(['"', '\'']);
    let (owner, name) = value.split_once('/')?;
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    (is_name(owner) && is_name(name)).then_some(value)
}

/// Whether it belongs to whom this repository belongs to.
fn of_our_owner(checkout: &Checkout, repository: &str) -> bool {
    let owner = |name: &str| name.split('/').next().map(str::to_ascii_lowercase);
    let ours = checkout.origin.as_deref().and_then(owner);
    ours.is_some() && ours == owner(repository)
}

/// Whether the step that a line stands in names OpenSSL.
fn step_names(text: &str, lines: &Lines, line: usize) -> bool {
    let at = |number: usize| &text[lines.range(number)];
    let deep = |number: usize| depth(at(number));
    let starts = |number: &usize| at(*number).trim_start().starts_with("- ");
    let first = (1..=line)
        .rev()
        .find(|number| starts(number) && (deep(*number) < deep(line) || *number == line));
    let Some(first) = first else {
        return false;
    };
    let within = |number: &usize| at(*number).trim().is_empty() || deep(*number) > deep(first);
    let rest = (first + 1..=lines.count()).take_while(within);
    std::iter::once(first)
        .chain(rest)
        .any(|number| subject::names_openssl(at(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_else_builds_openssl() {
        let download = |step: &str| {
            format!(
                "jobs:\n  a:\n    steps:\n      - uses: x/download@v1\n        with:\n{step}      - run: echo openssl\n"
            )
        };
        for (origin, step, expected) in [
            (
                None,
                "          repo: eggs/infra\n          name: openssl-macos\n",
                Some(("eggs/infra", 6)),
            ),
            (
                None,
                "          repo: eggs/infra\n          name: vectors\n",
                None,
            ),
            (
                Some("eggs/spam"),
                "          repository: eggs/infra # ours\n",
                Some(("eggs/infra", 6)),
            ),
            (Some("eggs/spam"), "          repository: eggs/spam\n", None),
            (
                None,
                "          repository: openssl/openssl\n          ref: openssl-3.5.3\n",
                None,
            ),
            (None, "          repo: ${{ env.X }}/openssl\n", None),
            (
                None,
                "          repo: eggs/infra\n          name: openssl-macos\n      - run: try libressl boringssl\n",
                Some(("eggs/infra", 6)),
            ),
        ] {
            let checkout = Checkout {
                origin: origin.map(str::to_owned),
                texts: [(".github/workflows/w.yml".to_owned(), download(step))].into(),
                ..Checkout::default()
            };
            let found = of(&checkout);
            let found = found.first().map(|one| (one.repository.as_str(), one.line));
            assert_eq!(found, expected, "{step}");
        }
    }
}
