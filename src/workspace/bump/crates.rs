//! The checksums of new crates, where a pin asks for `cargo update`.

use std::collections::BTreeMap;

use crate::openssl::version::Version;
use crate::outside::cargo::{self, Updated};
use crate::project::config::{Pin, PinKind};
use crate::project::linked::{Files, cargo as pins};
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::links::Assessed;

/// What the checksum of a crate is made of that is only imagined: no registry has it.
const IMAGINED: &str = "5eed";

/// A crate's name and version.
type Crate = (String, String);

/// Asks cargo for the checksum of each crate that a lock file of the moving links gets. What it does
/// not say stays the remaining step.
///
/// # Errors
///
/// Whatever is wrong with the files, or cargo's own refusal where it could ask the registry.
pub(super) fn checksums(
    context: &Context,
    moving: &[&Assessed<'_>],
    files: &Files,
) -> Result<BTreeMap<Crate, String>, Fault> {
    let mut known = BTreeMap::new();
    let steps = moving
        .iter()
        .flat_map(|one| one.moving().map(move |step| (one, step)));
    for (one, (_, target)) in steps {
        for pin in &one.link.pins {
            for asked in asked(pin, files, target, context.silent)? {
                let of = (asked.package.to_owned(), asked.new.clone());
                if known.contains_key(&of) {
                    continue;
                }
                if context.silent {
                    known.insert(of, IMAGINED.repeat(16));
                    continue;
                }
                known.extend(asked.answer(context)?.map(|checksum| (of, checksum)));
            }
        }
    }
    Ok(known)
}

/// One crate of one lock file.
struct AskedCrate<'a> {
    pin: &'a Pin,
    package: &'a str,
    lock: &'a str,
    old: String,
    new: String,
}

fn asked<'a>(
    pin: &'a Pin,
    files: &'a Files,
    target: Version,
    is_imagined: bool,
) -> Result<Vec<AskedCrate<'a>>, Fault> {
    let PinKind::Cargo {
        file,
        package,
        update,
    } = &pin.kind
    else {
        return Ok(Vec::new());
    };
    if !update && !is_imagined {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (path, stated) in pins::stated_everywhere(pin, file.as_deref(), package, files)? {
        let other = pin.mixed && stated.version.series() != target.series();
        if stated.checksum.is_none() || stated.version == target || other {
            continue;
        }
        let lock = files.text(&path)?;
        let old = lock[stated.range].to_owned();
        found.push(AskedCrate {
            pin,
            package,
            lock,
            new: pins::moved(package, &old, stated.version, target),
            old,
        });
    }
    Ok(found)
}

impl AskedCrate<'_> {
    fn answer(&self, context: &Context) -> Result<Option<String>, Fault> {
        let Self { package, new, .. } = self;
        let note = |why: &str| {
            context.note(format!("{}: {why}", self.pin.place));
            Ok(None)
        };
        match cargo::update(self.lock, package, new, context.offline)? {
            Updated::Lock(lock) => {
                let now = pins::locked(&lock, package, new);
                let before = pins::locked(self.lock, package, &self.old);
                match (before, now) {
                    (Some(before), Some(now))
                        if before.source == now.source
                            && before.dependencies == now.dependencies =>
                    {
                        Ok(now.checksum)
                    }
                    (_, Some(_)) => note(&format!(
                        "{package} {new} comes from elsewhere or needs other crates than {}, which a bump does not decide",
                        self.old
                    )),
                    (_, None) => note(&format!("cargo did not lock {package} {new}")),
                }
            }
            Updated::NotThere => note("there is no `cargo` here"),
            Updated::Refused(why) if context.offline => {
                note(&format!("`cargo update --offline` says: {why}"))
            }
            Updated::Refused(why) => Err(Fault::failed(format!(
                "{}: `cargo update {package} --precise {new}` says: {why}; mend that, or take `cargo-update` out and run it after the bump",
                self.pin.place
            ))),
        }
    }
}
