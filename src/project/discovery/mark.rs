//! What the rest of a checkout says of a value: a copy, a test, a choice that nobody makes, or the
//! same version said once more.

pub(crate) mod agreeing;
pub(crate) mod case_arms;
pub(crate) mod copies;
pub(crate) mod overwritten;
pub(crate) mod pre_releases;
pub(crate) mod tested;
pub(crate) mod unchosen;
