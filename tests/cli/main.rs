//! The real program, run as a user would, with a scrubbed environment.

mod action;
mod acts;
mod affected;
mod announce;
mod announce_forge;
mod artefacts;
mod attacks;
mod book;
mod changelogs;
mod check;
mod demo;
mod doctor;
mod draft;
mod examples;
mod fake_forge;
mod forge;
mod git;
mod golden;
mod history;
mod index_server;
mod init;
mod init_cases;
mod init_history;
mod init_kinds;
#[path = "../../src/openssl/signature/made.rs"]
mod keys;
mod left_behind;
mod looks;
mod mail;
mod manual;
#[path = "../support/missing.rs"]
mod missing;
mod moved;
mod not_known;
mod one_answer;
mod pictures;
mod poll;
mod pre_announcements;
mod prepare;
mod printed;
mod readme;
mod run_command;
mod sandbox;
mod scan;
mod server;
mod smtp_server;
#[path = "../../src/openssl/tarball/made.rs"]
mod tarballs;
mod terminal;
mod unconfigured;
mod upstream;
mod upstream_world;
mod verify;
mod whole;
mod whole_bump;
mod wrong_inputs;
