//! Whose a number is: OpenSSL's or somebody else's, and which release a digest is of.

pub(crate) mod evidence;
pub(crate) mod fetched;
pub(crate) mod foreign;
pub(crate) mod methods;
pub(crate) mod neighbours;
pub(crate) mod tied;
pub(crate) mod vcpkg;
