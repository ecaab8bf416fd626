//! One project under one command: what it is told and configured, upstream's facts for it, its
//! links and its repositories.

pub mod base;
pub mod context;
pub mod facts;
pub mod links;
pub mod place;
pub mod published;
pub mod remote;
pub mod session;
