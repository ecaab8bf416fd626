//! Pins that are more than text: submodules and crates.

use std::collections::BTreeSet;

use crate::openssl::upstream::Release;
use crate::project::config::PinKind;
use crate::project::discovery::found::{
    Checkout, Confidence, Doubt, FoundKind, FoundPin, StandingPin, bare,
};
use crate::project::discovery::history::changed::{CRATE, may_lock};
use crate::project::discovery::history::record::Record;
use crate::project::file_entry::FileEntry;
use crate::project::linked::{Files, cargo, submodule};

/// Submodules of OpenSSL's own repository.
pub(crate) fn submodules(
    checkout: &Checkout,
    releases: &[Release],
    record: &Record,
    unsure: &mut BTreeSet<Doubt>,
) -> Vec<StandingPin> {
    let Some(modules) = checkout.texts.get(".gitmodules") else {
        return Vec::new();
    };
    let mut standing = Vec::new();
    for (path, line) in of_openssl(modules) {
        let mut files = Files::default();
        if let Some(gitlink) = checkout.gitlinks.get(&path) {
            files.insert_gitlink(&path, gitlink.clone());
        }
        let pin = bare(PinKind::Submodule(path.clone()));
        match submodule::place(&pin, &path, &files, releases) {
            Ok(place) => standing.push(StandingPin {
                version: place.version,
                pin: FoundPin {
                    places: vec![(path.clone(), 1)],
                    moved: record.moved(&path),
                    kind: FoundKind::Submodule(path),
                    confidence: Confidence::Certain,
                    reason: "a submodule of OpenSSL's repository at a release",
                    differs: None,
                },
                tested: false,
            }),
            Err(_) => {
                let why = format!(
                    "the submodule `{path}` is OpenSSL's, but stands at no release that is known"
                );
                unsure.insert(Doubt::at(".gitmodules", modules, line, why));
            }
        }
    }
    standing
}

/// The paths of the submodules that come from OpenSSL, with the line of their address.
fn of_openssl(modules: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let (mut path, mut url): (Option<String>, Option<usize>) = (None, None);
    for (at, line) in modules.lines().chain(["["]).enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            found.extend(path.take().zip(url.take()));
        } else if let Some((key, value)) = line.split_once('=') {
            let value = value.trim().trim_matches('"');
            match key.trim() {
                "path" => path = Some(value.to_owned()),
                "url" if is_openssl(value) => url = Some(at + 1),
                _ => {}
            }
        }
    }
    found
}

fn is_openssl(url: &str) -> bool {
    let url = url
        .trim_end_matches('/')
        .trim_end_matches(".git")
        .to_ascii_lowercase();
    url.ends_with("/openssl/openssl")
        || url.ends_with(":openssl/openssl")
        || url.ends_with("git.openssl.org/openssl")
}

/// Lock files and manifests that state the crate with OpenSSL's version behind its own.
pub(crate) fn cargo(
    checkout: &Checkout,
    record: &Record,
    unsure: &mut BTreeSet<Doubt>,
) -> Vec<StandingPin> {
    let mut standing: Vec<StandingPin> = Vec::new();
    let pin = bare(PinKind::Cargo {
        file: None,
        package: CRATE.to_owned(),
        update: false,
    });
    for (path, text) in &checkout.texts {
        let name = path.rsplit('/').next().unwrap_or_default();
        if !may_lock(path, text) {
            continue;
        }
        let files = Files::default().with(path, FileEntry::regular(text.as_bytes()));
        let Ok(stated) = cargo::stated_everywhere(&pin, Some(path), CRATE, &files) else {
            continue;
        };
        let Some((_, first)) = stated.first() else {
            continue;
        };
        if let Some((_, other)) = stated
            .iter()
            .find(|(_, other)| other.version != first.version)
        {
            let why = format!(
                "two versions of `{CRATE}` stand in this file, {} and {}",
                first.version, other.version
            );
            unsure.insert(Doubt::at(path, text, other.line, why));
            continue;
        }
        let places: Vec<(String, usize)> = stated
            .iter()
            .map(|(_, stated)| (path.clone(), stated.line))
            .collect();
        let at_root = name == path;
        let manifest = path.strip_suffix("Cargo.lock");
        let manifest = manifest.map(|folder| format!("{folder}Cargo.toml"));
        if !at_root && manifest.is_some_and(|manifest| !checkout.texts.contains_key(&manifest)) {
            let why =
                "no manifest stands beside this lock file, so it may be that of another program";
            unsure.insert(Doubt::at(path, text, first.line, why.to_owned()));
            continue;
        }
        // The lock file and the manifest at the root are one pin.
        let same = standing.iter_mut().find(|other| {
            at_root
                && other.version == first.version
                && matches!(&other.pin.kind, FoundKind::Cargo { file: None, .. })
        });
        if let Some(same) = same {
            same.pin.places.extend(places);
            let moved = record.moved(path);
            let new = moved.iter().filter(|one| !same.pin.moved.contains(one));
            let new: Vec<_> = new.cloned().collect();
            same.pin.moved.extend(new);
            same.pin.moved.sort_by_key(|one| std::cmp::Reverse(one.day));
            same.pin.moved.truncate(3);
            continue;
        }
        let kind = FoundKind::Cargo {
            package: CRATE.to_owned(),
            file: (!at_root).then(|| path.clone()),
        };
        let found = FoundPin {
            kind,
            places,
            confidence: Confidence::Certain,
            reason: "the crate's version names OpenSSL's",
            differs: None,
            moved: record.moved(path),
        };
        standing.push(StandingPin {
            version: first.version,
            pin: found,
            tested: false,
        });
    }
    standing
}
