//! What OpenSSL published, as pure values: every parser of upstream's documents, the facts made of
//! them, and what these mean for a version.

pub mod advisory;
pub mod assessment;
pub mod signature;
pub mod tarball;
pub mod upstream;
pub mod version;
