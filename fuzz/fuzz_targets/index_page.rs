//! Any bytes as the page of a package index, and its files' names.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::index_page(data));
