//! `release-check` polls OpenSSL's releases and advisories, compares them with the version a
//! project links, and prepares the release that follows.
//!
//! Nine wings, and each imports only what stands above it here. The first six are pure: text and
//! values in, values out. Only `outside` touches network, disk, git, clock and environment.

/// Words for people: what is harmless to print, wrapping, lists, dates, and what went wrong.
pub(crate) mod text;

/// What OpenSSL published: versions, advisories, releases, what they mean for a version, and
/// whether a tarball is signed.
pub(crate) mod openssl;

/// What the project says: its configuration, its pins and its changelog, and what a bump changes in
/// them.
pub(crate) mod project;

/// What was shipped: which OpenSSL is inside a file.
pub(crate) mod artefact;

/// What we write: drafts, announcements, feed and reports, from templates.
pub(crate) mod paper;

/// What is to do: the PR before it exists, and the steps of a release.
pub(crate) mod plan;

/// The shell: network, disk, git, forge, mail, clock and environment.
pub(crate) mod outside;

/// One project under one command: its configuration, facts, links and repositories, read once and
/// handed on.
pub(crate) mod workspace;

/// The commands: one file or folder each.
pub(crate) mod commands;

pub(crate) mod cli;

#[doc(hidden)]
pub mod for_tests;

/// Runs the program on the process's arguments and environment; its exit status.
pub fn main() -> u8 {
    commands::main(
        std::env::args_os(),
        outside::environment::Environment::of_process(),
    )
}
