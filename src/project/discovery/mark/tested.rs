//! Versions that a project only tests with: of several series at once, in the matrix of a workflow
//! or in a list of its tests.

use std::collections::{BTreeMap, BTreeSet};

use crate::openssl::version::Series;
use crate::project::discovery::found::{Checkout, FoundLink};
use crate::project::discovery::line::sighting::{Lines, Sighting, depth};
use crate::project::discovery::line::{lists, subject};

/// Marks what is only tested with.
pub(crate) fn mark(checkout: &Checkout, seen: &mut [(&str, Vec<Sighting>)]) {
    for (path, seen) in seen {
        let Some(text) = checkout.texts.get(*path) else {
            continue;
        };
        let is_ci = is_ci(path);
        if is_ci || is_of_tests(path) || makes_a_matrix(path) {
            of_file(text, seen, is_ci);
        }
    }
}

/// Makes what is only tested with doubtful where what is linked is: both move together or not at
/// all.
pub(crate) fn keep_beside(links: &mut [FoundLink]) {
    let (sure, doubtful): (Vec<&FoundLink>, Vec<&FoundLink>) = links
        .iter()
        .filter(|link| !link.tested)
        .partition(|link| link.doubt.is_none());
    let is_sure = !sure.is_empty();
    let names: BTreeMap<Series, String> = doubtful
        .into_iter()
        .map(|link| (link.version.series(), link.name.clone()))
        .collect();
    let free = |link: &&mut FoundLink| link.tested && link.doubt.is_none();
    for link in links.iter_mut().filter(free) {
        let own = names.get(&link.version.series());
        let with = own.or_else(|| names.values().next().filter(|_| !is_sure));
        link.doubt = with.map(|name| {
            format!("it moves together with `{name}`, which is doubtful; mend that one first")
        });
    }
}

fn of_file(text: &str, seen: &mut [Sighting], is_ci: bool) {
    // What is fetched with a digest may be what is shipped, and so may what a workflow hands on.
    let with_a_digest = seen
        .iter()
        .any(|one| one.slot.is_fingerprint() && one.is_ours());
    let lines = Lines::of(text);
    if with_a_digest || (is_ci && hands_on_openssl(text, &lines)) {
        return;
    }
    let mut listed: BTreeMap<usize, Series> = BTreeMap::new();
    for one in seen.iter().filter(|one| one.is_ours()) {
        let in_list = if is_ci {
            is_in_matrix(text, &lines, one.line)
        } else {
            lists::of(text, &lines, one.line).is_some()
                || is_quoted_item(&text[lines.range(one.line)])
        };
        if in_list && one.slot.is_version() {
            listed.insert(one.range.start, one.version.series());
        }
    }
    let series: BTreeSet<&Series> = listed.values().collect();
    let computed = || {
        let mut items = listed.keys().map(|start| lines.line_of(*start));
        is_ci && items.any(|line| is_beside_a_computed(text, &lines, line))
    };
    if series.len() < 2 && !computed() {
        return;
    }
    for one in seen.iter_mut().filter(|one| one.is_ours()) {
        one.tested = is_ci || listed.contains_key(&one.range.start);
    }
}

/// Words of the steps by which a workflow hands on what it made.
const HANDING_ON: [&str; 8] = [
    "upload-artifact",
    "upload-release",
    "gh-release",
    "gh release",
    "release-action",
    "build-push",
    "docker push",
    "publish",
];

/// What is kept of a run for whoever looks into it.
const KEPT: [&str; 14] = [
    "log", "logs", "test", "tests", "result", "results", "coverage", "report", "reports", "junit",
    "core", "cores", "crash", "dump",
];

/// Lines of such a step that are looked at.
const STEP: usize = 12;

/// Whether a workflow hands on what it calls OpenSSL's: that is what the project ships.
fn hands_on_openssl(text: &str, lines: &Lines) -> bool {
    let at = |line: usize| &text[lines.range(line)];
    let hands = |line: &usize| HANDING_ON.iter().any(|word| at(*line).contains(word));
    let is_kept = |text: &str| {
        let lower = text.to_ascii_lowercase();
        let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| KEPT.contains(&word))
    };
    // What another job takes up again is handed on within the workflow.
    let is_taken_up = text.contains("download-artifact");
    let fails = |text: &str| {
        ["failure()", "!success()", "cancelled()"]
            .iter()
            .any(|sign| text.contains(sign))
    };
    let mut steps = (1..=lines.count()).filter(hands);
    !is_taken_up
        && steps.any(|line| {
            let own = depth(at(line));
            let goes_on = |other: &usize| {
                let text = at(*other);
                depth(text) >= own && !(text.trim_start().starts_with("- ") && depth(text) <= own)
            };
            let last = (line + STEP).min(lines.count());
            let step = (line + 1..=last).take_while(goes_on);
            // A step begins at its dash.
            let begins = |other: usize| at(other).trim_start().starts_with("- ");
            let first = (line.saturating_sub(STEP).max(1)..=line).rev();
            let first = first
                .into_iter()
                .find(|other| begins(*other))
                .unwrap_or(line);
            let mut whole = (first..=line).chain(step.clone());
            // What a key says, what stands below `files: |`, and a command on the line itself.
            let mut said = step.chain([line]).map(|other| at(other).trim_start());
            let is_said = |text: &str| {
                let keys = [
                    "name:",
                    "path:",
                    "files:",
                    "tags:",
                    "asset",
                    "artifacts:",
                    "run:",
                    "- run:",
                ];
                keys.iter().any(|key| text.starts_with(key)) || !text.contains(": ")
            };
            !is_kept(at(line))
                && !whole.any(|other| fails(at(other)))
                && said.any(|text| is_said(text) && subject::names_openssl(text) && !is_kept(text))
        })
}

/// Whether a file tells a CI service what to run.
pub(crate) fn is_ci(path: &str) -> bool {
    let yaml = path.ends_with(".yml") || path.ends_with(".yaml");
    let name = path.rsplit('/').next().unwrap_or_default();
    let starts = [
        ".gitlab-ci",
        "azure-pipelines",
        ".travis",
        "appveyor",
        ".appveyor",
        ".cirrus",
    ];
    yaml && (path.contains(".github/workflows/")
        || path.contains(".circleci/")
        || path.contains(".gitlab/")
        || starts.iter().any(|start| name.starts_with(start)))
}

/// Whether a script puts together what a CI service is to run.
fn makes_a_matrix(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let of_a_service = [".github", ".gitlab", ".circleci"];
    folder.split('/').any(|part| of_a_service.contains(&part))
        || name.to_ascii_lowercase().contains("matrix")
}

/// `"OPENSSL_VERSION=3.5.3",`: an item of a list in a program.
fn is_quoted_item(line: &str) -> bool {
    let item = line.trim();
    item.starts_with(['"', '\'']) && item.ends_with(['"', '\'', ','])
}

fn is_of_tests(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.to_ascii_lowercase().contains("test")
}

/// Whether a line of YAML stands inside a `matrix`.
fn is_in_matrix(text: &str, lines: &Lines, line: usize) -> bool {
    let at = |number: usize| &text[lines.range(number)];
    let mut deep = depth(at(line));
    // Travis makes a job of each item below `env:`, or below its `jobs:`.
    let own = at(line).trim_start();
    let mut of_jobs = own.starts_with("- ") || own.starts_with("env:");
    for number in (1..line).rev() {
        let above = at(number);
        if above.trim().is_empty() || above.trim_start().starts_with('#') || depth(above) >= deep {
            continue;
        }
        deep = depth(above);
        let key = above.trim().trim_start_matches("- ");
        if key.starts_with("matrix:") || key.starts_with("parallel:") {
            return true;
        }
        let is_included = || {
            key == "include:"
                && deep > 0
                && !text
                    .lines()
                    .any(|line| line.trim_start().starts_with("deploy:"))
        };
        if of_jobs && (key == "env:" || is_included()) {
            return true;
        }
        of_jobs &= key == "jobs:" || above.trim_start().starts_with("- ");
        if deep == 0 {
            return false;
        }
    }
    false
}

/// Whether an item of a list stands beside one that the workflow computes: the newest, which nobody
/// pins.
fn is_beside_a_computed(text: &str, lines: &Lines, line: usize) -> bool {
    let at = |number: usize| &text[lines.range(number)];
    let is_item = |text: &str| text.trim_start().starts_with("- ");
    if !is_item(at(line)) {
        return false;
    }
    let above = (1..line).rev().take_while(|number| is_item(at(*number)));
    let below = (line + 1..=lines.count()).take_while(|number| is_item(at(*number)));
    let mut beside = above.chain(below);
    beside.any(|number| at(number).trim_start().starts_with("- ${{"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn travis_makes_jobs_of_its_environments() {
        for (text, line, expected) in [
            ("env:\n  - V=3.5.3\n", 2, true),
            ("env:\n  global:\n    - V=3.5.3\n", 3, false),
            ("env:\n  jobs:\n    - V=3.5.3\n", 3, true),
            ("env:\n  V: 3.5.3\n", 2, false),
            ("jobs:\n  a:\n    steps:\n      - run: V=3.5.3\n", 4, false),
        ] {
            let lines = Lines::of(text);
            assert_eq!(is_in_matrix(text, &lines, line), expected, "{text}");
        }
    }

    #[test]
    fn an_item_may_stand_beside_what_is_computed() {
        let text = "matrix:\n  ref:\n    - ${{ newest }}\n    - 3.5.3\n  other:\n    - 3.0.1\n";
        let lines = Lines::of(text);
        let beside: Vec<usize> = (1..=6)
            .filter(|line| is_beside_a_computed(text, &lines, *line))
            .collect();
        assert_eq!(beside, [4]);
    }

    #[test]
    fn what_stands_in_a_matrix() {
        let text = "jobs:\n  a:\n    strategy:\n      matrix:\n        v:\n        # x\n        - 3.5.3\n    env:\n      V: 3.5.3\n";
        let lines = Lines::of(text);
        let inside: Vec<usize> = (1..=9)
            .filter(|line| is_in_matrix(text, &lines, *line))
            .collect();
        assert_eq!(inside, [5, 6, 7]);
    }
}
