//! One project under one command: what it is told and configured, upstream's facts for it, its
//! links and its repositories.

pub(crate) mod base;
pub(crate) mod context;
pub(crate) mod facts;
pub(crate) mod links;
pub(crate) mod place;
pub(crate) mod published;
pub(crate) mod remote;
pub(crate) mod session;
