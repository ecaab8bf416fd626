//! A line without its versions and digests, by which it is known from one commit to the next.

use std::collections::HashMap;

use crate::openssl::version::Version;
use crate::project::discovery::line::digest_forms;
use crate::project::discovery::value::sightings::Sightings;

/// A line with the versions in it.
pub(crate) struct Shaped {
    pub(crate) shape: String,
    pub(crate) versions: Vec<Version>,
    pub(crate) digests: Vec<String>,
}

/// The shape of a line.
pub(crate) fn shape(known: &Sightings, line: &str) -> Option<String> {
    of_line(known, line).map(|line| line.shape)
}

pub(crate) fn of_line(known: &Sightings, line: &str) -> Option<Shaped> {
    let line = line.trim();
    if line.len() > 2000 || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut shape = String::new();
    let (mut versions, mut digests) = (Vec::new(), Vec::new());
    let mut at = 0;
    for (range, _, version) in known.versions(line) {
        let Some(version) = version else { continue };
        shape.push_str(&line[at..range.start]);
        shape.push('\u{1}');
        versions.push(version);
        at = range.end;
    }
    shape.push_str(&line[at..]);
    for (range, _) in digest_forms::integrity(&shape.clone()).into_iter().rev() {
        digests.push(shape[range.clone()].to_owned());
        shape.replace_range(range, "\u{2}");
    }
    let mut out = String::new();
    for word in shape.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if digest_forms::is_digest(digits) {
            digests.push(digits.to_owned());
            out.push('\u{2}');
            out.push_str(&word[digits.len()..]);
        } else {
            out.push_str(word);
        }
    }
    (!versions.is_empty() || !digests.is_empty()).then_some(Shaped {
        shape: out,
        versions,
        digests,
    })
}

/// The lines that only one of two texts has, in their order.
pub(crate) fn changed<'a>(before: &'a str, after: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
    let only = |one: &'a str, other: &'a str| -> Vec<&'a str> {
        let mut there: HashMap<&str, usize> = HashMap::new();
        for line in other.lines() {
            *there.entry(line).or_default() += 1;
        }
        one.lines()
            .filter(|line| match there.get_mut(line) {
                Some(times) if *times > 0 => {
                    *times -= 1;
                    false
                }
                _ => true,
            })
            .collect()
    };
    (only(before, after), only(after, before))
}
