//! Whose a number is: OpenSSL's or somebody else's, and which release a digest is of.

pub(crate) mod conditions;
pub(crate) mod digests;
pub(crate) mod evidence;
pub(crate) mod fetched;
pub(crate) mod foreign;
pub(crate) mod inputs;
pub(crate) mod methods;
pub(crate) mod neighbours;
mod scopes;
mod spelling;
pub(crate) mod vcpkg;
