//! The fuzzer's seeds, replayed: each of its parsers reads what it has been given, whatever once
//! broke it too.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::{any, prop_assume, proptest};

#[path = "../fuzz/parsers.rs"]
mod parsers;

fn entries(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz")
        .join(folder);
    let names = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name());
    names
        .map(|name| {
            name.into_string()
                .expect("UTF-8")
                .trim_end_matches(".rs")
                .to_owned()
        })
        .collect()
}

#[test]
fn every_parser_has_a_target_and_seeds() {
    let names: BTreeSet<String> = parsers::ALL
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(entries("fuzz_targets"), names);
    assert_eq!(entries("corpus"), names);
    let manifest =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml"))
            .expect("a manifest");
    assert!(
        names
            .iter()
            .all(|name| manifest.contains(&format!("\nname = \"{name}\"\n"))),
        "{manifest}"
    );
}

#[test]
fn every_seed_is_read() {
    for (name, parse) in parsers::ALL {
        for seed in entries(&format!("corpus/{name}")) {
            parse(
                &fs::read(
                    Path::new(env!("CARGO_MANIFEST_DIR"))
                        .join("fuzz/corpus")
                        .join(name)
                        .join(seed),
                )
                .expect("a seed"),
            );
        }
    }
}

/// One piece of damage: a byte changed, put in or taken out, a stretch doubled, or the end cut off.
fn damage(bytes: &mut Vec<u8>, (how, at, byte): (u8, usize, u8)) {
    let at = at % bytes.len().max(1);
    match how % 8 {
        0 => bytes.insert(at.min(bytes.len()), byte),
        1 if !bytes.is_empty() => drop(bytes.remove(at)),
        2 => bytes.truncate(bytes.len() - at.min(bytes.len()) % 64),
        3 => {
            let again: Vec<u8> = bytes[at.min(bytes.len())..]
                .iter()
                .copied()
                .take(usize::from(byte))
                .collect();
            bytes.splice(at..at, again);
        }
        4 => bytes[at..]
            .iter_mut()
            .take(4)
            .for_each(|each| *each = if byte < 128 { 0 } else { 0xff }),
        _ => bytes[at..].iter_mut().take(1).for_each(|each| *each = byte),
    }
}

proptest! {
    /// The same without a fuzzer: `PROPTEST_CASES=100000 cargo test --test seeds` looks longer.
    #[test]
    fn damaged_seeds_are_read_or_refused(which in any::<usize>(), seed in any::<usize>(), damages in vec((any::<u8>(), any::<usize>(), any::<u8>()), 1..10)) {
        let (name, parse) = parsers::ALL[which % parsers::ALL.len()];
        let seeds: Vec<String> = entries(&format!("corpus/{name}")).into_iter().collect();
        prop_assume!(!seeds.is_empty());
        let seed = &seeds[seed % seeds.len()];
        let mut bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name).join(seed)).expect("a seed");
        damages.into_iter().for_each(|each| damage(&mut bytes, each));
        let start = std::time::Instant::now();
        parse(&bytes);
        assert!(start.elapsed().as_secs() < 30, "{name} takes too long");
    }
}
