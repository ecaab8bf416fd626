//! The fuzzer's seeds, replayed: each of its parsers reads what it has been given, whatever once broke it too.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[path = "../fuzz/parsers.rs"]
mod parsers;

fn entries(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    names.map(|name| name.into_string().expect("UTF-8").trim_end_matches(".rs").to_owned()).collect()
}

#[test]
fn every_parser_has_a_target_and_seeds() {
    let names: BTreeSet<String> = parsers::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(entries("fuzz_targets"), names);
    assert_eq!(entries("corpus"), names);
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml")).expect("a manifest");
    assert!(names.iter().all(|name| manifest.contains(&format!("\nname = \"{name}\"\n"))), "{manifest}");
}

#[test]
fn every_seed_is_read() {
    for (name, parse) in parsers::ALL {
        for seed in entries(&format!("corpus/{name}")) {
            parse(&fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name).join(seed)).expect("a seed"));
        }
    }
}
