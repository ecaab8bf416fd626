//! What is to do, as pure plans: a proposal and the calls that bring it to the forge, and the steps
//! of a release.

pub(crate) mod pipeline;
pub(crate) mod proposal;
