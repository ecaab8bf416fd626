//! Any bytes as a page of upstream's; the first byte chooses which.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::upstream_page(data));
