//! One project under one command: what it is told and configured, upstream's facts for it, its
//! links and its repositories.

pub(crate) mod advisory;
pub(crate) mod announcing;
pub(crate) mod artefacts;
pub(crate) mod beforehand;
pub(crate) mod branch;
pub(crate) mod branch_files;
pub(crate) mod bump;
pub(crate) mod case;
pub(crate) mod context;
pub(crate) mod drafts;
pub(crate) mod facts;
pub(crate) mod found;
pub(crate) mod links;
pub(crate) mod moves;
pub(crate) mod paperwork;
pub(crate) mod place;
pub(crate) mod project;
pub(crate) mod proposals;
pub(crate) mod published;
pub(crate) mod pull_request;
pub(crate) mod rehearsal;
pub(crate) mod releases;
pub(crate) mod remote;
pub(crate) mod repeated;
pub(crate) mod session;
pub(crate) mod tagged;
pub(crate) mod tags;
pub(crate) mod templates;
