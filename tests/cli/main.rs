//! The real program, run as a user would, with a scrubbed environment.

mod affected;
mod artefacts;
mod sandbox;
mod upstream;
mod scan;
