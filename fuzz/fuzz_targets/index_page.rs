//! Any bytes as the page of a package index, and its files' names.
#![no_main]

use libfuzzer_sys::fuzz_target;
use release_check::artefact::{file_name::FileName, index_page};

fuzz_target!(|data: &[u8]| {
    for file in index_page::read(data).into_iter().flatten() {
        let _ = FileName::read(&file.name);
    }
});
