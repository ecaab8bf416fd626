//! The real program, run as a user would, with a scrubbed environment.

mod affected;
mod artefacts;
mod check;
mod sandbox;
mod scan;
mod upstream;
mod poll;
mod sandbox;
mod server;
mod upstream;
mod scan;
mod upstream_world;
mod index_server;
mod sandbox;
mod scan;
mod upstream;
mod verify;
