//! Digests that stay behind although the version that their file's address is made of moves.

use super::found::{Checkout, FoundKind, FoundLink};
use super::sighting::{Lines, Sighting};
use super::{addresses, subject, tied};

/// Lines between an address and the digest of what stands there.
const CLOSE: usize = 3;

/// Makes a link doubtful where a digest that nobody knows stands beside an address that is made of
/// the version.
pub(super) fn mark(checkout: &Checkout, seen: &[(&str, Vec<Sighting>)], links: &mut [FoundLink]) {
    for link in links.iter_mut().filter(|link| !link.tested) {
        if link.doubt.is_some() {
            continue;
        }
        let pins = link.pins.iter();
        let mut texts = pins.filter(|pin| matches!(pin.kind, FoundKind::Text(_)));
        link.doubt = texts.find_map(|pin| {
            let (path, _) = pin.places.first()?;
            let text = checkout.texts.get(path)?;
            let owned = seen.iter().find(|(other, _)| *other == path)?;
            let line = stays(text, &owned.1)?;
            Some(format!(
                "`{path}` line {line} holds a digest of what an address made of the version names, and nothing known says what it becomes; move both by hand, or make the digest a pin"
            ))
        });
    }
}

/// The line of a digest that is none of these values and goes with an address that one of them is a
/// part of.
fn stays(text: &str, seen: &[Sighting]) -> Option<usize> {
    let lines = Lines::of(text);
    let at = |line: usize| &text[lines.range(line)];
    let variables: Vec<String> = seen
        .iter()
        .filter(|one| one.is_ours() && one.slot.is_version())
        .filter_map(|one| given_to(&text[lines.range(one.line).start..one.range.start]))
        .collect();
    tied::by_form(text, &lines)
        .into_iter()
        .filter(|(range, ..)| !seen.iter().any(|one| one.range == *range))
        .filter(|(.., slot)| {
            slot.is_fingerprint()
                && slot.hexadecimal() != crate::project::pattern::Placeholder::Commit
        })
        .find_map(|(range, line, _)| {
            let label = &text[lines.range(line).start..range.start];
            let own = first_word(name(label)?);
            let near = line.saturating_sub(CLOSE).max(1)..line;
            if label.contains("://") {
                return None;
            }
            let address = near.rev().find(|other| at(*other).contains("://"))?;
            let given = addresses::given(at(address)).map(first_word);
            let is_made = variables
                .iter()
                .any(|name| addresses::uses_any_case(at(address), name));
            let together = given.is_none_or(|given| given == own) || is_plain(&own);
            (is_made && together && subject::names_openssl(at(address))).then_some(line)
        })
}

/// The name that a digest is given, with the hyphens in it.
fn name(label: &str) -> Option<&str> {
    let end = label.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let name = end
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
        .next()?;
    (!name.is_empty()).then_some(name)
}

/// The variable that a value after this text is given to.
fn given_to(label: &str) -> Option<String> {
    let name = subject::variable(label)?;
    let at = label.rfind(&name)? + name.len();
    let sign = label[at..].trim_start_matches([' ', '"', '\'', ')', ']']);
    sign.starts_with(['=', ':', ' ', '?']).then_some(name)
}

/// The first word of a name in any style.
fn first_word(name: impl AsRef<str>) -> String {
    let name = name.as_ref();
    let mut word = String::new();
    for c in name.trim_start_matches('_').chars() {
        let starts = c.is_ascii_uppercase() && word.ends_with(|c: char| c.is_ascii_lowercase());
        if starts || matches!(c, '_' | '-') {
            break;
        }
        word.push(c);
    }
    word.to_ascii_lowercase()
}

/// Whether a word says only that a digest follows.
fn is_plain(word: &str) -> bool {
    matches!(
        word,
        "sha"
            | "sha256"
            | "sha512"
            | "sha1"
            | "md5"
            | "hash"
            | "checksum"
            | "digest"
            | "sum"
            | "sha256sum"
            | "sha512sum"
            | "integrity"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_words() {
        for (name, expected) in [
            ("ArchiveSha256", "archive"),
            ("ZLIB_TAG", "zlib"),
            ("sha256", "sha256"),
            ("_hash", "hash"),
        ] {
            assert_eq!(first_word(name), expected);
        }
    }
}
