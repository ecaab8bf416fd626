//! git, in one place: local clones, the user's own git for what leaves the machine, and git over
//! HTTP for upstream.

pub mod checkout;
pub mod history;
pub mod index;
pub mod notes;
pub mod own;
pub mod remote;
pub mod smart_http;
