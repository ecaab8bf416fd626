//! The shell, alone allowed to touch the world: network, disk, git, forge, mail, clock and
//! environment.

pub(crate) mod artefact_files;
pub(crate) mod cargo;
pub(crate) mod clock;
pub(crate) mod environment;
pub(crate) mod genuine;
pub(crate) mod git;
pub(crate) mod github;
pub(crate) mod http;
pub(crate) mod mail;
pub(crate) mod package_index;
pub(crate) mod poll;
pub(crate) mod progress;
pub(crate) mod terminal;
pub(crate) mod trace;
pub(crate) mod whole_file;
pub(crate) mod workflow_output;
pub(crate) mod worktree;
