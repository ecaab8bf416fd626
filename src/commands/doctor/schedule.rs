//! The workflows that run the program: which commit of it they name, and what they may open.

use std::path::{Path, PathBuf};

use super::findings::DoctorFindings;
use crate::outside::worktree;
use crate::workspace::context::Context;

/// Where workflows stand, from a repository's root.
const FOLDER: &str = ".github/workflows";

/// The setting without which a workflow's own token opens no pull request.
const SETTING: &str =
    "Settings, Actions, General: `Allow GitHub Actions to create and approve pull requests`";

/// Looks at every workflow that uses the program's action.
pub(super) fn check(context: &Context, findings: &mut DoctorFindings) {
    findings.in_area("forge");
    for (file, text) in workflows(context) {
        if let Some(reference) = action(&text) {
            pinned(&file, reference, findings);
            if uses_own_token(&text) {
                findings.warning(
                    &format!("{FOLDER}/{file} opens pull requests"),
                    "with the workflow's own token, which a repository's settings allow or not",
                    &format!("turn on {SETTING}; or use the token of a GitHub App"),
                );
            }
        }
    }
}

/// The workflow of this checkout that runs the program, by its file's name.
pub(super) fn of_program(context: &Context) -> Option<String> {
    let runs = |text: &String| {
        text.lines().any(|line| {
            line.contains("release-check") && (line.contains("uses:") || line.contains("run"))
        })
    };
    workflows(context)
        .into_iter()
        .find(|(_, text)| runs(text))
        .map(|(name, _)| name)
}

/// Every workflow with its text, by name.
fn workflows(context: &Context) -> Vec<(String, String)> {
    let up: PathBuf = worktree::prefix(&context.directory)
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|_| "..")
        .collect();
    let folder = context.path(&up.join(FOLDER));
    let mut found: Vec<(String, String)> = names(&folder)
        .into_iter()
        .filter_map(|name| {
            let text = std::fs::read_to_string(folder.join(&name)).ok()?;
            Some((name, text))
        })
        .collect();
    found.sort();
    found
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".yml") || name.ends_with(".yaml"))
        .collect()
}

/// What a workflow names of the program's action: a commit, a tag, a branch.
fn action(text: &str) -> Option<&str> {
    text.lines().find_map(|line| {
        let used = line.trim().trim_start_matches("- ").strip_prefix("uses:")?;
        let used = used.trim().trim_matches(['"', '\'']);
        let (name, reference) = used.split_once("/release-check@")?;
        let reference = reference.split(['"', '\'', ' ']).next()?;
        (!name.is_empty()).then_some(reference)
    })
}

fn pinned(file: &str, reference: &str, findings: &mut DoctorFindings) {
    let (repository, version) = (env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"));
    let name = format!("{FOLDER}/{file}");
    let ask =
        format!("`git ls-remote --tags {repository} v{version} 'v{version}^{{}}'` prints it last");
    let is_commit = reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_commit && reference.bytes().all(|byte| byte == b'0') {
        findings.error(
            &name,
            "the action has no commit yet, so the workflow cannot start",
            &format!("put the commit of release {version} in place of the zeros: {ask}"),
        );
    } else if is_commit {
        findings.ok(
            &name,
            format!("the action is pinned to the commit {reference}"),
        );
    } else {
        findings.warning(
            &name,
            format!("the action is at `{reference}`, a name that can be moved to other code"),
            &format!("put a release's commit there: {ask}"),
        );
    }
}

/// Whether a token that a step gets is the workflow's own.
fn uses_own_token(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| {
        let value = line.split(" #").next().unwrap_or_default();
        (value.starts_with("token:") || value.starts_with("GITHUB_TOKEN:"))
            && (value.contains("github.token") || value.contains("secrets.GITHUB_TOKEN"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_workflow_names() {
        for (text, expected) in [
            ("    - uses: a/release-check@v1\n", Some("v1")),
            ("      uses: \"a/release-check@abc\" # v1\n", Some("abc")),
            ("    # - uses: a/release-check@v1\n", None),
            ("    - uses: actions/checkout@v4\n", None),
        ] {
            assert_eq!(action(text), expected, "{text}");
        }
        assert!(uses_own_token(
            "  token: ${{ github.token }} # with the app: x\n"
        ));
        assert!(!uses_own_token(
            "  token: ${{ steps.app.outputs.token }} # github.token\n"
        ));
    }
}
