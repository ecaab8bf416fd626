//! A bump as file edits: a value, not an act.

mod diff;
mod edit;
mod facts;
mod lasting;
mod leftover;
mod lines;
mod moves;
mod old_branch;
mod old_series;
mod old_spelling;
pub(crate) mod own_version;
mod plan;
mod prose;
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
pub(crate) use old_branch::old_branch;
pub(crate) use old_series::old_series;
pub(crate) use old_spelling::old_spelling;
pub(crate) use own_version::{Own, left_behind, raise, raised};
