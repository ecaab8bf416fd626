//! Any bytes as a version, a tag, a day, a file's name.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::names(data));
