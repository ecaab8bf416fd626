//! Any bytes as a release tarball, or its digest's file; the first byte chooses.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::tarball(data));
