//! Any bytes as a file under any of the names that matter; the first byte chooses the name.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::scan(data));
