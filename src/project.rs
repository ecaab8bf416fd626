//! What the project says, as pure values: its configuration, what its pins link, its changelog, and
//! the change that a bump makes in them.

pub mod change;
pub mod changelog;
pub mod config;
pub mod discovery;
pub mod linked;
pub mod pattern;
pub mod project_version;
