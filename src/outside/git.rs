//! git, in one place: local clones, the user's own git for what leaves the machine, and git over
//! HTTP for upstream.

pub(crate) mod changes;
pub(crate) mod checkout;
mod child;
pub(crate) mod history;
pub(crate) mod index;
pub(crate) mod notes;
pub(crate) mod open;
pub(crate) mod own;
pub(crate) mod pack;
mod refs;
pub(crate) mod remote;
pub(crate) mod smart_http;

pub(super) use child::output;
