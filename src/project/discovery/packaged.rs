//! Versions of OpenSSL's with a number of the package's own behind them, where nothing else in their
//! file is a pin.

use std::collections::BTreeSet;

use super::found::{Checkout, Doubt};
use super::leaving;
use super::subject;
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;

/// Tells of every such version in a file without pins: a pattern is for who knows what the number
/// does.
pub(super) fn tell(
    checkout: &Checkout,
    releases: &[Release],
    with_pins: &BTreeSet<&str>,
    unsure: &mut BTreeSet<Doubt>,
) {
    for (path, text) in &checkout.texts {
        let is_asked = !with_pins.contains(path.as_str())
            && !subject::is_generated(path)
            && !subject::is_history(path)
            && super::sightings::contains_openssl(text);
        if !is_asked || subject::is_prose(path, text) {
            continue;
        }
        let mut start = 0;
        for (at, line) in text.split_inclusive('\n').enumerate() {
            let range = start..start + line.trim_end().len();
            start += line.len();
            if !subject::names_openssl(line) {
                continue;
            }
            let Some((from, version)) = first_version(line, releases) else {
                continue;
            };
            let from = range.start + from;
            let label = &text[range.start..from];
            let Some(number) = leaving::suffixed(path, text, range.clone(), from, version)
                .filter(|_| subject::names_openssl(label))
            else {
                continue;
            };
            let separator = &number[version.to_string().len()..][..1];
            let label = label.trim_start();
            let why = format!(
                "it says `{number}`, OpenSSL's version with a number of the package's own; as a pin it is `{label}{{version}}{separator}{{+}}` where that number counts, and with `{{0}}` where it falls back"
            );
            unsure.insert(Doubt::at(path, text, at + 1, why));
        }
    }
}

/// The first release that a line says.
fn first_version(line: &str, releases: &[Release]) -> Option<(usize, Version)> {
    let mut end = 0;
    loop {
        let start = end + line[end..].find(|c: char| c.is_ascii_digit())?;
        let written: String = line[start..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '.')
            .collect();
        // Of `3.5.4.1` the first three numbers are the version.
        let mut dots = written.match_indices('.').map(|(at, _)| at);
        let third = dots.nth(2).unwrap_or(written.len());
        if let Ok(version) = written[..third].parse()
            && releases.iter().any(|release| release.version == version)
        {
            return Some((start, version));
        }
        end = start + written.len();
    }
}
