//! A line of a text: what stands on it, and what it speaks of.

pub(crate) mod addresses;
pub(crate) mod comments;
pub(crate) mod digest_forms;
pub(crate) mod docstrings;
pub(crate) mod file_kind;
pub(crate) mod lists;
pub(crate) mod package_managers;
pub(crate) mod sighting;
pub(crate) mod subject;
pub(crate) mod surroundings;
pub(crate) mod variables;
