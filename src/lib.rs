//! `release-check` polls OpenSSL's releases and advisories, compares them with the version a project links, and prepares the release that follows.
//!
//! Data flows one way: `upstream -> linked -> assessment -> change -> proposal -> artefact -> announcement`. The core is pure: parsers take text,
//! [`assessment`] takes values, a change is a value; only a thin shell touches network, disk, git, clock and environment.

pub mod advisory;
pub mod announce;
pub mod announcement;
pub mod artefact;
pub mod artefact_files;
pub mod assessment;
pub mod base;
pub mod cache;
pub mod change;
pub mod changelog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod date;
pub mod discovery;
pub mod draft;
pub mod environment;
pub mod fault;
pub mod feed;
pub mod fetch;
pub mod git;
pub mod github;
pub mod linked;
pub mod mail;
pub mod mailbox;
pub mod metadata_folder;
pub mod notes;
pub mod package_index;
pub mod pattern;
pub mod pipeline;
pub mod poll;
pub mod project_history;
pub mod project_version;
pub mod proposal;
pub mod report;
pub mod run;
pub mod schema;
pub mod signature;
pub mod submission;
pub mod tarball;
pub mod templates;
pub mod text;
pub mod upstream;
pub mod verified;
pub mod version;
pub mod workflow_output;
pub mod worktree;
