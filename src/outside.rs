//! The shell, alone allowed to touch the world: network, disk, git, forge, mail, clock and
//! environment.

pub mod artefact_files;
pub mod clock;
pub mod environment;
pub mod genuine;
pub mod git;
pub mod github;
pub mod http;
pub mod mail;
pub mod package_index;
pub mod poll;
pub mod workflow_output;
pub mod worktree;
