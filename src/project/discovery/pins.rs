//! From values to pins: what a configuration can name.

pub(crate) mod folders;
pub(crate) mod followers;
pub(crate) mod literal;
pub(crate) mod packaged;
pub(crate) mod shapes;
pub(crate) mod standing;
pub(crate) mod tables;
pub(crate) mod unowned;
