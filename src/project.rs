//! What the project says, as pure values: its configuration, what its pins link, its changelog, and
//! the change that a bump makes in them.

mod address;
mod base_32;
pub(crate) mod branch_pattern;
pub(crate) mod change;
pub(crate) mod changelog;
pub(crate) mod config;
pub(crate) mod discovery;
pub(crate) mod file_entry;
pub(crate) mod file_tree;
mod foreign_digest;
pub(crate) mod linked;
pub(crate) mod next_release;
pub(crate) mod own_places;
pub(crate) mod pattern;
pub(crate) mod project_version;
mod value_name;
