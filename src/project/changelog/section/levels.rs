//! Versions whose headings stand at several levels: `# 2.1.0` above `## 2.0.1`, as tools that make
//! releases of commits write them.

use crate::project::changelog::document::{Heading, Style};
use crate::project::changelog::title::Title;
use crate::project::project_version::ProjectVersion;

/// The headings that are those of versions at whatever level, where they go down, or up, in one
/// line; none where all stand at the one level.
pub(super) fn mixed(headings: &[Heading], titles: &[Title], level: usize) -> Vec<usize> {
    let version = |at: usize| titles[at].version.as_ref().map(|(_, version)| version);
    let Some(example) = (0..headings.len()).find(|at| {
        headings[*at].level == level && version(*at).is_some() && !titles[*at].unreleased
    }) else {
        return Vec::new();
    };
    let alike: Vec<usize> = (0..headings.len())
        .filter(|at| {
            version(*at).is_some()
                && !matches!(headings[*at].style, Style::Bold { .. })
                && titles[*at].words == titles[example].words
        })
        .collect();
    let several = alike.iter().any(|at| headings[*at].level != level);
    let versions: Vec<&ProjectVersion> = alike.iter().filter_map(|at| version(*at)).collect();
    let goes = |ordered: fn(&ProjectVersion, &ProjectVersion) -> bool| {
        versions.windows(2).all(|pair| ordered(pair[0], pair[1]))
    };
    if several && (goes(|one, next| one > next) || goes(|one, next| one < next)) {
        alike
    } else {
        Vec::new()
    }
}
