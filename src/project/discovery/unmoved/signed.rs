//! Files that somebody signed, and that say the digest of a file which a bump changes: only who has
//! the key can make them anew.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use sha2::{Digest, Sha256, Sha512};

use crate::project::discovery::found::{Checkout, Doubt, FoundLink};
use crate::project::discovery::line::file_kind;

/// Whether a text is signed as a whole: by signify or minisign, or in clear by OpenPGP (RFC 9580,
/// section 7).
pub(crate) fn is_signed(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    text.starts_with("untrusted comment:") || text.starts_with("-----BEGIN PGP SIGNED MESSAGE-----")
}

/// The ends of files that hold the signature of the file beside them.
const DETACHED: [&str; 4] = [".asc", ".sig", ".sign", ".minisig"];

/// Makes a link doubtful where a pin's file is signed, or a file above it or beside it says that
/// file's digest.
pub(crate) fn mark(checkout: &Checkout, links: &mut [FoundLink]) {
    // Only files that are called like lists of sums, or are signed, are read for each pin's file.
    let is_called = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        SUMS.iter().any(|word| name.contains(word))
    };
    let sums: Vec<(&String, &String)> = checkout
        .texts
        .iter()
        .filter(|(path, text)| is_called(path) || is_signed(text))
        .take(MOST)
        .collect();
    for link in links.iter_mut().filter(|link| link.doubt.is_none()) {
        let files: BTreeSet<&String> = link.places().map(|(path, _)| path).collect();
        let found = files
            .into_iter()
            .find_map(|path| why(checkout, &sums, path));
        link.doubt = found;
    }
}

/// What names of files say that hold the digests of others.
const SUMS: [&str; 6] = ["sum", "sha256", "sha512", "md5", "digest", "signature"];

/// Such files that are read, at most.
const MOST: usize = 200;

/// Why a bump of a file leaves another one behind.
fn why(checkout: &Checkout, sums: &[(&String, &String)], path: &str) -> Option<String> {
    let mut ends = DETACHED.iter().map(|end| format!("{path}{end}"));
    if let Some(signature) = ends.find(|signature| checkout.texts.contains_key(signature)) {
        return Some(format!(
            "`{signature}` signs `{path}`, which a bump changes; sign it anew at each bump, and read this link in when nothing else is left behind"
        ));
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let written = checkout.texts.get(path)?;
    let own = LazyCell::new(|| FileSums::of(written));
    let mut sums = sums.iter().filter(|(other, text)| {
        let folder = other.rsplit_once('/').map_or("", |(folder, _)| folder);
        let below = path
            .strip_prefix(folder)
            .map(|rest| rest.trim_start_matches('/'));
        other.as_str() != path
            && !file_kind::is_prose(other, text)
            && text.contains(name)
            && below.is_some_and(|below| says_a_sum_of(text, below, &own))
    });
    let (sums, text) = sums.next()?;
    let (is_signed, anew) = match is_signed(text) {
        true => ("is signed and says", "make and sign it anew"),
        false => ("says", "make it anew"),
    };
    Some(format!(
        "`{sums}` {is_signed} the digest of `{path}`, which a bump changes; {anew} at each bump, and read this link in when nothing else is left behind"
    ))
}

/// Tells of signed files that say a linked version themselves: no bump writes into them.
pub(crate) fn tell(checkout: &Checkout, links: &[FoundLink], unsure: &mut BTreeSet<Doubt>) {
    let names: BTreeSet<String> = links
        .iter()
        .map(|link| format!("openssl-{}.", link.version))
        .collect();
    for (path, text) in checkout.texts.iter().filter(|(_, text)| is_signed(text)) {
        let says = |line: &str| names.iter().any(|name| line.contains(name));
        if let Some(at) = text.lines().position(says) {
            let why = "the file is signed, so a bump leaves it as it is; make and sign it anew";
            unsure.insert(Doubt::at(path, text, at + 1, why.to_owned()));
        }
    }
}

/// The digests of a file as it is.
struct FileSums([String; 2]);

impl FileSums {
    fn of(text: &str) -> Self {
        let hexadecimal = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        Self([
            hexadecimal(&Sha256::digest(text)),
            hexadecimal(&Sha512::digest(text)),
        ])
    }

    /// Whether a digest may be that of the file now; of other kinds nothing is known.
    fn may_be(&self, digest: &str) -> bool {
        let mut known = self.0.iter().filter(|own| own.len() == digest.len());
        known
            .next()
            .is_none_or(|own| own.eq_ignore_ascii_case(digest))
    }
}

/// Whether a line gives the digest of this file: `SHA256 (NAME) = ...`, or the digest and the name
/// behind it.
fn says_a_sum_of(text: &str, name: &str, own: &FileSums) -> bool {
    let in_brackets = format!("({name}) = ");
    let is_digest = |word: &&str| {
        word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit()) && own.may_be(word)
    };
    text.lines().any(|line| {
        if let Some((_, digest)) = line.split_once(&in_brackets) {
            return is_digest(&digest.trim());
        }
        let mut words = line.split_whitespace();
        words.next().filter(is_digest).is_some()
            && words
                .next()
                .map(|word| word.trim_start_matches(['*', '.', '/']))
                == Some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_names_its_file() {
        let own = FileSums::of("x");
        let digest = &own.0[0];
        let stale = "ab12".repeat(16);
        for (line, expected) in [
            (format!("SHA256 (Pkgfile) = {digest}"), true),
            (format!("{digest}  Pkgfile"), true),
            (format!("{digest} *Pkgfile"), true),
            (format!("{digest}  ./Pkgfile"), true),
            (format!("SHA256 (x-Pkgfile) = {digest}"), false),
            (format!("{digest}  Pkgfile.old"), false),
            (format!("{stale}  Pkgfile"), false),
            (format!("{}  Pkgfile", "ab12".repeat(8)), true),
            ("see Pkgfile".to_owned(), false),
        ] {
            assert_eq!(says_a_sum_of(&line, "Pkgfile", &own), expected, "{line}");
        }
    }
}
