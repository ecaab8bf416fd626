//! Any bytes under any of the names that matter: native code, archives, SBOMs, headers. The first byte chooses the name.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use release_check::artefact::{Contents, Limits, examine, settle};

const NAMES: [&str; 8] = ["file", "module.o", "sbom.json", "sbom.xml", "sbom.spdx", "opensslv.h", "VERSION.dat", "file.lzma"];

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(first) % NAMES.len()];
    let limits = Limits { inflated: 1 << 22, held: 1 << 20, members: 1000, ..Limits::default() };
    let mut found = examine(name, "", Cursor::new(bytes), &limits);
    settle(&mut found);
    let _ = Contents::of(&found);
});
