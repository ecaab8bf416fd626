//! A bump as file edits: a value, not an act.

mod diff;
mod edit;
mod facts;
mod lasting;
mod leftover;
mod lines;
mod moves;
pub(crate) mod own_version;
mod plan;
mod splice;
mod table;
#[cfg(test)]
mod tests;
mod value;

pub use edit::Edit;
pub use facts::Facts;
pub use moves::Move;
pub use plan::bump;

pub(crate) use diff::index_entry;
pub(crate) use edit::Change;
pub(crate) use own_version::{Own, left_behind, raise, raised};
