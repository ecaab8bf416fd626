//! Any bytes as a configuration and, behind a line of dashes, the file that its pins name.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::pins(data));
