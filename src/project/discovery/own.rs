//! What is the project's own: its name, its changelog, its version, the texts that are looked into.

mod build_files;
pub(crate) mod elsewhere;
pub(crate) mod fragments;
pub(crate) mod kept_texts;
pub(crate) mod project;
mod repeated;
mod stated;
pub(crate) mod vendored;
pub(crate) mod version;
