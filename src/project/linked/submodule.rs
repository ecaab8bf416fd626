//! Submodule pins: the gitlink, as the index has it.

use super::files::{Files, Gitlink};
use super::place::VersionPlace;
use super::spelling;
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::config::Pin;
use crate::project::pattern::Placeholder;
use crate::text::fault::Fault;

/// The submodule with the version it stands at.
pub(crate) fn place(
    pin: &Pin,
    path: &str,
    files: &Files,
    releases: &[Release],
) -> Result<VersionPlace, Fault> {
    let gitlink = gitlink(pin, path, files)?;
    let version = version(gitlink, releases).ok_or_else(|| {
        Fault::usage(format!(
            "{}: the submodule `{path}` stands at {}, which is no release that is known; check out a release tag in it, or update the facts",
            pin.place, gitlink.commit
        ))
    })?;
    Ok(VersionPlace {
        file: path.to_owned(),
        line: 1,
        version,
        mixed: pin.mixed,
    })
}

pub(crate) fn gitlink<'a>(pin: &Pin, path: &str, files: &'a Files) -> Result<&'a Gitlink, Fault> {
    files.gitlink(path).ok_or_else(|| {
        Fault::usage(format!(
            "{}: the index has no submodule at `{path}`",
            pin.place
        ))
    })
}

fn version(gitlink: &Gitlink, releases: &[Release]) -> Option<Version> {
    let tagged = || {
        gitlink
            .tags
            .iter()
            .filter_map(|tag| Version::from_tag(tag).ok())
            .max()
    };
    spelling::release(Placeholder::Commit, &gitlink.commit, releases).or_else(tagged)
}
