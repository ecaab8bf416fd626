//! Where the project's own version stands, and which of these places follow another one.

pub(crate) mod anchor;
pub(crate) mod lock;
pub(crate) mod member;
