//! Source trees of OpenSSL's that the project carries.

use std::collections::BTreeMap;

use crate::project::config::PinKind;
use crate::project::discovery::found::{
    Checkout, Confidence, FoundKind, FoundPin, StandingPin, bare,
};
use crate::project::file_entry::FileEntry;
use crate::project::linked::{Files, tree};

/// Vendored source trees, by folder.
pub(crate) fn trees(checkout: &Checkout) -> Vec<(String, StandingPin)> {
    let mut found: BTreeMap<String, StandingPin> = BTreeMap::new();
    for path in checkout.texts.keys() {
        let Some(folder) = tree::VERSION_FILES
            .iter()
            .find_map(|file| path.strip_suffix(file)?.strip_suffix('/'))
        else {
            continue;
        };
        if folder.is_empty() || found.contains_key(folder) || !is_source(checkout, folder) {
            continue;
        }
        let texts = checkout
            .texts
            .range(format!("{folder}/")..)
            .take_while(|(path, _)| path.starts_with(&format!("{folder}/")));
        let entries = texts
            .filter_map(|(path, text)| {
                Some((
                    path.strip_prefix(folder)?.strip_prefix('/')?.to_owned(),
                    FileEntry::regular(text.as_bytes()),
                ))
            })
            .filter(|(path, _)| tree::VERSION_FILES.contains(&path.as_str()))
            .collect();
        let mut files = Files::default();
        files.insert_tree(folder, entries);
        let Ok(place) = tree::place(&bare(PinKind::Tree(folder.to_owned())), folder, &files) else {
            continue;
        };
        let pin = FoundPin {
            kind: FoundKind::Tree(folder.to_owned()),
            places: vec![(place.file, place.line)],
            confidence: Confidence::Certain,
            reason: "a vendored source tree that says its version",
            differs: None,
            moved: Vec::new(),
        };
        found.insert(
            folder.to_owned(),
            StandingPin {
                version: place.version,
                pin,
                tested: false,
            },
        );
    }
    found.into_iter().collect()
}

/// The files that say the versions of those trees.
pub(crate) fn versions(checkout: &Checkout) -> impl Iterator<Item = String> {
    let pins = trees(checkout).into_iter().map(|(_, tree)| tree.pin);
    pins.flat_map(|pin| pin.places).map(|(file, _)| file)
}

/// Whether a folder holds the sources and not only a header of them.
fn is_source(checkout: &Checkout, folder: &str) -> bool {
    ["VERSION.dat", "Configure", "config", "e_os.h"]
        .iter()
        .any(|file| checkout.texts.contains_key(&format!("{folder}/{file}")))
}
