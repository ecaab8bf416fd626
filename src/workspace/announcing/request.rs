//! What the user asks for.

use std::path::Path;

use crate::paper::announcement::MessageKind;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;

/// What the user asks for.
pub(crate) struct AnnounceRequest<'a> {
    pub(crate) kind: MessageKind,
    pub(crate) execute: bool,
    /// Whether the text of a release that was announced follows, on the forge, what is known by now.
    pub(crate) revises: bool,
    pub(crate) resend: bool,
    pub(crate) feed: Option<&'a Path>,
    /// What the user has to say to a correction.
    pub(crate) because: Option<&'a str>,
    /// The release that it is about; none: the newest that nobody was told of, then the one that is
    /// coming.
    pub(crate) release: Option<&'a ProjectVersion>,
    /// How much is looked at.
    pub(crate) asks: Asks,
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// Every condition, and the release's text on the forge.
    Everything,
    /// The same, but of what was sent only the record and the release's text on the forge.
    WhatIsDue,
    /// Only the record; and of what was sent our part of that text, where it has one.
    TheRecord,
}

/// Refuses what says nothing about a correction, or speaks of one where there is none.
pub(crate) fn check(kind: Option<MessageKind>, because: Option<&str>) -> Result<(), Fault> {
    match because {
        Some(text) if text.trim().is_empty() => Err(Fault::usage(
            "`--because` says nothing; give it the text of the correction",
        )),
        Some(_) if kind != Some(MessageKind::Correction) => Err(Fault::usage(
            "`--because` is for corrections; add `--kind correction`",
        )),
        _ => Ok(()),
    }
}
