//! The real program, run as a user would, with a scrubbed environment.

mod action;
mod affected;
mod announce;
mod announce_forge;
mod artefacts;
mod check;
mod demo;
mod draft;
mod fake_forge;
mod forge;
mod golden;
mod history;
mod index_server;
mod init;
mod mail;
mod poll;
mod pre_announcements;
mod prepare;
mod readme;
mod sandbox;
mod scan;
mod server;
mod smtp_server;
mod upstream;
mod upstream_world;
mod verify;
