//! Any bytes as the files of a checkout and of the commits before it.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::discovery(data));
