//! What the project's own history says of the lines that stand now.

pub(crate) mod candidates;
pub(crate) mod changed;
pub(crate) mod dated;
pub(crate) mod gained;
pub(crate) mod left_out;
pub(crate) mod moved_along;
pub(crate) mod proven;
pub(crate) mod record;
pub(crate) mod replay;
pub(crate) mod resets;
mod shaped;
pub(crate) mod stragglers;
