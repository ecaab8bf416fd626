//! `release-check` polls OpenSSL's releases and advisories, compares them with the version a
//! project links, and prepares the release that follows.
//!
//! Nine wings, and each imports only what stands above it here. The first six are pure: text and
//! values in, values out. Only [`outside`] touches network, disk, git, clock and environment.

/// Words for people: what is harmless to print, wrapping, lists, dates, and what went wrong.
pub mod text;

/// What OpenSSL published: versions, advisories, releases, what they mean for a version, and
/// whether a tarball is signed.
pub mod openssl;

/// What the project says: its configuration, its pins and its changelog, and what a bump changes in
/// them.
pub mod project;

/// What was shipped: which OpenSSL is inside a file.
pub mod artefact;

/// What we write: drafts, announcements, feed and reports, from templates.
pub mod paper;

/// What is to do: the PR before it exists, and the steps of a release.
pub mod plan;

/// The shell: network, disk, git, forge, mail, clock and environment.
pub mod outside;

/// One project under one command: its configuration, facts, links and repositories, read once and
/// handed on.
pub mod workspace;

/// The commands: one file or folder each.
pub mod commands;

pub mod cli;
