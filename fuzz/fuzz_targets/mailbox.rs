//! Any bytes as a mailbox, or an archive's page.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::mailbox(data));
