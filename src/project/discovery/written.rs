//! What was found as a configuration, new or beside one that stands.

pub(crate) mod additions;
pub(crate) mod changelog;
pub(crate) mod document;
pub(crate) mod workflow;
