//! The workflow that runs the program on a schedule, as a project gets it.

use sha2::{Digest, Sha256};

/// The workflow as people copy it.
const TEMPLATE: &str = include_str!("../../../../.github/for-users/release-check.yml");

/// Its schedule, which is no project's own.
const SCHEDULE: &str = "cron: \"17 ";

/// Stands where the commit of the program's release belongs.
const NO_COMMIT: &str = "0000000000000000000000000000000000000000";

/// The commit that this program was released from, where its build was told.
const COMMIT: Option<&str> = option_env!("RELEASE_CHECK_COMMIT");

/// The text of `.github/workflows/release-check.yml`, for a project in this folder of its
/// repository (empty: the repository's own) with a configuration of this name. The minute comes
/// from the project's name, so that not everybody asks upstream at once.
#[must_use]
pub(crate) fn workflow(project: &str, folder: &str, configuration: Option<&str>) -> String {
    let digest = Sha256::digest(project);
    let minute = 3 + u32::from(digest[0]) % 54;
    let mut text = TEMPLATE.replace(SCHEDULE, &format!("cron: \"{minute} "));
    if !folder.is_empty() {
        text = text.replace(
            "directory: .\n",
            &format!("directory: {}\n", quoted(folder)),
        );
    }
    if let Some(name) = configuration {
        text = text.replace(
            "command: run --execute",
            &format!(
                "command: {}",
                quoted(&format!("--config {name} run --execute"))
            ),
        );
    }
    text.replace("# v0.1.0", concat!("# v", env!("CARGO_PKG_VERSION")))
        .replace(NO_COMMIT, COMMIT.unwrap_or(NO_COMMIT))
}

/// Whether a workflow still needs the commit of the program's release.
#[must_use]
pub(crate) fn lacks_commit(workflow: &str) -> bool {
    workflow.contains(NO_COMMIT)
}

/// As a YAML string (single-quoted: nothing in it means anything but the quote).
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_project_has_a_minute_of_its_own_off_the_hour() {
        let minute = |project: &str| -> u32 {
            let text = workflow(project, "", None);
            let line = text
                .lines()
                .find(|line| line.contains("cron:"))
                .expect("a schedule")
                .to_owned();
            line.split(['"', ' '])
                .find_map(|word| word.parse().ok())
                .expect("a minute")
        };
        let minutes: std::collections::BTreeSet<u32> = (0..60)
            .map(|number| minute(&format!("project-{number}")))
            .collect();
        assert!(
            minutes.len() > 20 && minutes.iter().all(|minute| (3..57).contains(minute)),
            "{minutes:?}"
        );
    }

    #[test]
    fn folder_and_configuration() {
        let plain = workflow("spam", "", None);
        assert!(
            plain.contains("          directory: .\n")
                && plain.contains("          command: run --execute\n"),
            "{plain}"
        );
        let other = workflow("spam", "native/it's", Some("ssl.toml"));
        assert!(
            other.contains("          directory: 'native/it''s'\n"),
            "{other}"
        );
        assert!(
            other.contains("          command: '--config ssl.toml run --execute'\n"),
            "{other}"
        );
    }

    #[test]
    fn every_action_is_pinned_to_a_commit_and_says_its_version() {
        let text = workflow("spam", "", None);
        let uses: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once("uses: "))
            .map(|(_, action)| action)
            .collect();
        assert!(uses.len() >= 5, "{uses:?}");
        for action in uses {
            let (pin, version) = action.split_once(" # v").expect(action);
            let (_, commit) = pin.split_once('@').expect(action);
            assert!(
                commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{action}"
            );
            assert!(
                version.starts_with(|c: char| c.is_ascii_digit()),
                "{action}"
            );
        }
    }
}
