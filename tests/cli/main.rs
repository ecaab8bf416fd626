//! The real program, run as a user would, with a scrubbed environment.

mod affected;
mod sandbox;
mod upstream;
