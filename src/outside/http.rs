//! HTTP: requests that are bounded and repeated where that may help, and what earlier answers left
//! behind.

pub(crate) mod cache;
pub(crate) mod fetch;
