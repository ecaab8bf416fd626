//! A version that stays spelled as the tags before 3.0 were: `3_0_12`, where upstream's tag is
//! `openssl-3.0.12`. Nobody can see from here what reads it, so that it is told and not refused.

use std::collections::BTreeSet;

use super::edit::Change;
use super::moves::Move;
use crate::openssl::version::Version;
use crate::project::config::PinKind;
use crate::project::linked::Files;

/// The values that say the new version so after a change that crosses 3.0, in words.
pub(crate) fn old_spelling(moves: &[Move<'_>], files: &Files, change: &Change) -> Vec<String> {
    let mut told = BTreeSet::new();
    for one in moves {
        let crossing = one
            .steps()
            .filter(|(from, to)| from.major() < 3 && to.major() >= 3);
        for (_, to) in crossing {
            let texts = one.link.pins.iter().filter_map(|pin| match &pin.kind {
                PinKind::Text(text) => Some(text),
                _ => None,
            });
            for path in texts.flat_map(|text| files.paths(&text.file)) {
                let Ok(text) = change.text_after(path, files) else {
                    continue;
                };
                let lines = (1..).zip(text.lines());
                for (number, _) in lines.filter(|(_, line)| says(line, to)) {
                    told.insert((path.clone(), number, to));
                }
            }
        }
    }
    told.into_iter()
        .map(|(path, number, to)| {
            format!(
                "`{path}` line {number} says `{}`, as tags before 3.0 were written; from 3.0 on upstream's tag is `{}`: see what reads it",
                to.underscored(),
                to.tag()
            )
        })
        .collect()
}

/// Whether a line gives the version so as a whole value, and not as a part of a file's name.
fn says(line: &str, version: Version) -> bool {
    let name = version.underscored();
    line.match_indices(&name).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        before.ends_with(['=', ':', '"', '\'', ' '])
            && !after
                .starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_values_are_told() {
        let version = "3.0.12".parse().expect("a version");
        for (line, expected) in [
            ("openssl_ver=3_0_12", true),
            ("  ver: \"3_0_12\"", true),
            ("Win64OpenSSL-3_0_12.exe", false),
            ("ver=13_0_12", false),
            ("ver=3_0_121", false),
            ("ver=3.0.12", false),
        ] {
            assert_eq!(says(line, version), expected, "{line}");
        }
    }
}
