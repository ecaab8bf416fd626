//! Files that somebody signed, and that say the digest of a file which a bump changes: only who has
//! the key can make them anew.

use std::collections::BTreeSet;

use crate::project::discovery::found::{Checkout, Doubt, FoundLink};

/// Whether a text is signed as a whole: by signify or minisign, or in clear by OpenPGP (RFC 9580,
/// section 7).
pub(crate) fn is_signed(text: &str) -> bool {
    text.starts_with("untrusted comment:") || text.starts_with("-----BEGIN PGP SIGNED MESSAGE-----")
}

/// Makes a link doubtful where a signed file beside a pin's says that file's digest.
pub(crate) fn mark(checkout: &Checkout, links: &mut [FoundLink]) {
    for link in links.iter_mut().filter(|link| link.doubt.is_none()) {
        let files: BTreeSet<&String> = link.places().map(|(path, _)| path).collect();
        let found = files.into_iter().find_map(|path| {
            let (folder, name) = split(path);
            let mut beside = checkout.texts.iter().filter(|(other, text)| {
                split(other).0 == folder && is_signed(text) && *other != path
            });
            let (signed, _) = beside.find(|(_, text)| says_a_sum_of(text, name))?;
            Some((signed, path))
        });
        link.doubt = found.map(|(signed, path)| {
            format!(
                "`{signed}` is signed and says the digest of `{path}`, which a bump changes; make and sign it anew at each bump, and read this link in when nothing else is left behind"
            )
        });
    }
}

/// Tells of signed files that say a linked version themselves: no bump writes into them.
pub(crate) fn tell(checkout: &Checkout, links: &[FoundLink], unsure: &mut BTreeSet<Doubt>) {
    let versions: BTreeSet<String> = links.iter().map(|link| link.version.to_string()).collect();
    for (path, text) in checkout.texts.iter().filter(|(_, text)| is_signed(text)) {
        let says = |line: &str| versions.iter().any(|version| line.contains(version));
        if let Some(at) = text.lines().position(says) {
            let why = "the file is signed, so a bump leaves it as it is; make and sign it anew";
            unsure.insert(Doubt::at(path, text, at + 1, why.to_owned()));
        }
    }
}

/// Whether a line gives the digest of a file of this name: `SHA256 (NAME) = ...`, or the digest and
/// the name behind it.
fn says_a_sum_of(text: &str, name: &str) -> bool {
    let in_brackets = format!("({name}) = ");
    text.lines().any(|line| {
        let mut words = line.split_whitespace();
        let is_listed = words.next().is_some_and(|word| word.len() >= 32)
            && words.next().map(|word| word.trim_start_matches('*')) == Some(name);
        is_listed || line.contains(&in_brackets)
    })
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_names_its_file() {
        let digest = "ab12".repeat(16);
        for (line, expected) in [
            (format!("SHA256 (Pkgfile) = {digest}"), true),
            (format!("{digest}  Pkgfile"), true),
            (format!("{digest} *Pkgfile"), true),
            (format!("SHA256 (x-Pkgfile) = {digest}"), false),
            (format!("{digest}  Pkgfile.old"), false),
            ("see Pkgfile".to_owned(), false),
        ] {
            assert_eq!(says_a_sum_of(&line, "Pkgfile"), expected, "{line}");
        }
    }
}
