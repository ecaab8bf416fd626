//! What OpenSSL published, as pure values: every parser of upstream's documents, the facts made of
//! them, and what these mean for a version.

pub(crate) mod advisory;
pub(crate) mod assessment;
pub(crate) mod signature;
pub(crate) mod tarball;
pub(crate) mod upstream;
pub(crate) mod version;
