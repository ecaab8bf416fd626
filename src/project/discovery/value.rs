//! The values of a text that may be OpenSSL's, in whatever form they are written.

pub(crate) mod grouped;
pub(crate) mod joined;
pub(crate) mod keyed;
pub(crate) mod numbers;
pub(crate) mod parts;
pub(crate) mod published;
pub(crate) mod rows;
pub(crate) mod sightings;
pub(crate) mod slots;
