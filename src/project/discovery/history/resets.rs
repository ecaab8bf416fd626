//! What earlier bumps did to the numbers beside a version: they fell back, or went.

use std::collections::BTreeMap;

use super::record::RecordedBump;
use crate::project::discovery::found::FoundText;
use crate::project::pattern::Pattern;

/// Words of a package's own number beside OpenSSL's version.
const NUMBERS: [&str; 8] = [
    "rel",
    "revision",
    "number",
    "build",
    "iteration",
    "port_version",
    "pkgrev",
    "patchlevel",
];

/// A line with one number in it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Numbered {
    before: String,
    number: u64,
    after: String,
}

/// Corrects what a pin sets and takes out by what earlier bumps of its file did.
pub(crate) fn add(pin: &mut FoundText, text: &str, bumps: &[RecordedBump]) {
    if bumps.is_empty() {
        return;
    }
    pin.set.retain(|(line, to)| customary(line, to, bumps));
    pin.delete.retain(|line| {
        let start = line.split("{*}").next().unwrap_or_default();
        // vcpkg's own rule: the number belongs to the version.
        start.contains("\"port-version\"")
            || !bumps[0].after.lines().any(|line| line.starts_with(start))
    });
    let now = numbered(text);
    let mut became: BTreeMap<String, Vec<(u64, u64)>> = BTreeMap::new();
    let mut gone: Vec<Numbered> = Vec::new();
    for bump in bumps {
        let (before, after) = (numbered(&bump.before), numbered(&bump.after));
        for (key, old) in &before {
            match after.get(key) {
                Some(new) if new.number != old.number => {
                    let steps = became.entry(key.clone()).or_default();
                    steps.push((old.number, new.number));
                }
                None => gone.push(old.clone()),
                Some(_) => {}
            }
        }
    }
    for (key, steps) in became {
        if let Some(line) = now.get(&key) {
            follow(pin, line, &steps);
        }
    }
    for pattern in gone.iter().filter_map(Numbered::pattern) {
        if !pin.delete.contains(&pattern) && !pin.set.iter().any(|(set, _)| *set == pattern) {
            pin.delete.push(pattern);
        }
    }
}

/// Whether the newest bump did what the custom says.
fn customary(line: &str, to: &str, bumps: &[RecordedBump]) -> bool {
    let start = line.split("{*}").next().unwrap_or_default();
    let mut lines = bumps[0].after.lines();
    lines
        .find(|line| line.starts_with(start))
        .is_none_or(|line| line == to)
}

fn follow(pin: &mut FoundText, line: &Numbered, steps: &[(u64, u64)]) {
    let Some(whole) = line.pattern() else {
        return;
    };
    let same = steps.iter().all(|(_, new)| *new == steps[0].1);
    let counts = steps
        .iter()
        .all(|(old, new)| old.checked_add(1) == Some(*new));
    if pin.set.iter().any(|(set, _)| *set == whole) {
        return;
    }
    if same && steps[0].1 <= 1 && !(counts && steps.len() > 1) {
        let to = format!("{}{}{}", line.before, steps[0].1, line.after);
        pin.set.push((whole, to));
    }
}

impl Numbered {
    /// What stands around it, however wide its columns are.
    fn key(&self) -> String {
        let blanks = |text: &str| text.split_whitespace().collect::<String>();
        format!("{}#{}", blanks(&self.before), blanks(&self.after))
    }

    /// The line with any number; none where its text reads as a placeholder.
    fn pattern(&self) -> Option<String> {
        let whole = format!("{}{{*}}{}", self.before, self.after);
        let parsed = Pattern::of_pin(&whole).ok()?;
        (parsed.slots().count() == 1).then_some(whole)
    }
}

/// The lines with one of these numbers, by what stands around it; each once in the text.
fn numbered(text: &str) -> BTreeMap<String, Numbered> {
    let mut found: BTreeMap<String, Option<Numbered>> = BTreeMap::new();
    for line in text.lines() {
        if line.len() > 100 {
            continue;
        }
        let digits = |c: char| c.is_ascii_digit();
        let Some(start) = line.find(digits) else {
            continue;
        };
        let length = line[start..]
            .find(|c| !digits(c))
            .unwrap_or(line.len() - start);
        let (before, after) = (&line[..start], &line[start + length..]);
        let Ok(number) = line[start..start + length].parse() else {
            continue;
        };
        // Behind a sign or a blank it is a value; else it is a part of a name.
        let is_value = before
            .trim_end_matches(['"', '\''])
            .ends_with(['=', ':', ' ', '\t']);
        // What a command says elsewhere on its line is no name of its number.
        let ends = ['=', ':', ' ', '\t', '"', '\'', '?', '+'];
        let name = before.trim_end_matches(ends).rsplit([' ', '\t', '(']);
        let name = name.into_iter().next().unwrap_or_default();
        let is_named = || {
            let lower = name.to_ascii_lowercase();
            NUMBERS.iter().any(|word| lower.contains(word))
        };
        if !is_value
            || !is_named()
            || after.contains(digits)
            || before.contains(['{', '#'])
            || after.starts_with('.')
        {
            continue;
        }
        let one = Numbered {
            before: before.to_owned(),
            number,
            after: after.to_owned(),
        };
        found
            .entry(one.key())
            .and_modify(|other| *other = None)
            .or_insert(Some(one));
    }
    found
        .into_iter()
        .filter_map(|(key, one)| Some((key, one?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bump(before: &str, after: &str) -> RecordedBump {
        RecordedBump {
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }

    #[test]
    fn numbers_do_what_they_did_before() {
        let pin = || FoundText {
            count: Some(1),
            ..FoundText::of("x")
        };
        let set = |line: &str, to: &str| vec![(line.to_owned(), to.to_owned())];
        let mut back = pin();
        add(
            &mut back,
            "release=4\n",
            &[bump("release=3\n", "release=1\n")],
        );
        assert_eq!(back.set, set("release={*}", "release=1"));
        let mut gone = pin();
        add(&mut gone, "v\n", &[bump("REVISION=2\nv\n", "v\n")]);
        assert_eq!(gone.delete, ["REVISION={*}"]);
        // What reads as a placeholder is no text of a line.
        for line in ["Release: 1%{versi}", "Release: 1.%{version}"] {
            let mut read = pin();
            add(&mut read, "v\n", &[bump(&format!("{line}\nv\n"), "v\n")]);
            assert_eq!(read.delete, [] as [&str; 0], "{line}");
        }
        let mut command = pin();
        let line = "yum -y install epel-release || exit 1\nv\n";
        add(&mut command, "v\n", &[bump(line, "v\n")]);
        assert_eq!(command.delete, [] as [&str; 0]);
        // Wider columns are the same line.
        let mut wider = pin();
        let bumps = [bump("release     : 2\nv\n", "release : 3\nv\n")];
        add(&mut wider, "release : 3\nv\n", &bumps);
        assert_eq!(wider.delete, [] as [&str; 0]);
        // A number in a name is none of its value.
        let mut named = pin();
        let flags = "BUILD_FLAGS_S390X=\"${FLAGS}\"\nv\n";
        add(&mut named, "v\n", &[bump(flags, "v\n")]);
        assert_eq!(named.delete, [] as [&str; 0]);
        // The number of a port of vcpkg's belongs to its version, whatever a commit made of it.
        let mut port = pin();
        port.delete = vec!["  \"port-version\": {*},".to_owned()];
        let bumps = [bump("  \"port-version\": 0,\n", "  \"port-version\": 1,\n")];
        add(&mut port, "  \"port-version\": 1,\n", &bumps);
        assert_eq!((port.set.len(), port.delete.len()), (0, 1));
        // What the custom would do and earlier bumps did not is not done.
        let mut kept = pin();
        kept.set = set("pkgrel={*}", "pkgrel=1");
        add(&mut kept, "pkgrel=2\n", &[bump("pkgrel=2\n", "pkgrel=2\n")]);
        assert_eq!(kept.set, []);
    }
}
