//! Any bytes as a record or a list of releases, joined with what is built in.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::floor(data));
