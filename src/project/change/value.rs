//! The new value of one placeholder, and whether the old one is what it should be.

use super::facts::Facts;
use crate::openssl::version::Version;
use crate::project::linked::spelling;
use crate::project::pattern::Placeholder;
use crate::text::fault::Fault;

/// A move from one version to another, as seen from one place in a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlaceMove<'a> {
    pub(super) old: Version,
    pub(super) target: Version,
    pub(super) facts: &'a Facts<'a>,
}

/// What becomes of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ValueOutcome {
    /// It is already what it should be.
    Stands,
    Becomes(String),
    /// It becomes this, though nothing known says what it should have been.
    Unchecked(String),
}

impl PlaceMove<'_> {
    /// The new text of a placeholder. `{date}`, `{+}` and `{0}` follow a bump that really moves
    /// something, so the caller asks for them last.
    ///
    /// # Errors
    ///
    /// A usage fault if the old text is neither the old release's nor the new one's, a failure if
    /// nothing known says the new value.
    pub(super) fn outcome(&self, slot: Placeholder, text: &str) -> Result<ValueOutcome, Fault> {
        match slot {
            Placeholder::Any | Placeholder::ProjectVersion => Ok(ValueOutcome::Stands),
            Placeholder::Counter => counted(text).map(ValueOutcome::Becomes),
            Placeholder::Reset => Ok(becomes(text, "0".into())),
            Placeholder::Date => Ok(becomes(text, self.facts.day.to_string())),
            Placeholder::Url => Ok(becomes(text, self.url(text))),
            Placeholder::ReleaseDate => self.fingerprint(slot, text),
            slot if slot.is_fingerprint() => self.fingerprint(slot, text),
            slot => self.spelled(slot, text),
        }
    }

    /// The value that the target has in a new line or entry.
    pub(super) fn target_value(&self, slot: Placeholder) -> Result<String, Fault> {
        if slot == Placeholder::Reset {
            return Ok("0".into());
        }
        self.facts
            .value(slot, self.target)
            .ok_or_else(|| Fault::failed(self.unknown(slot)))
    }

    fn spelled(&self, slot: Placeholder, text: &str) -> Result<ValueOutcome, Fault> {
        let new = spelling::spell(slot, self.target).unwrap_or_default();
        if text == new {
            Ok(ValueOutcome::Stands)
        } else if Some(text) == spelling::spell(slot, self.old).as_deref() {
            Ok(ValueOutcome::Becomes(new))
        } else {
            Err(Fault::usage(format!(
                "{} is `{text}`, which is neither that of {} nor of {}; correct it first",
                slot.name(),
                self.old,
                self.target
            )))
        }
    }

    fn fingerprint(&self, slot: Placeholder, text: &str) -> Result<ValueOutcome, Fault> {
        let new = self.target_value(slot)?;
        // A commit may be abbreviated, a digest written in capitals.
        let shaped = |value: String| {
            let value = if slot == Placeholder::Commit {
                value.chars().take(text.len()).collect()
            } else {
                value
            };
            if slot == slot.hexadecimal() && text.bytes().any(|byte| byte.is_ascii_uppercase()) {
                value.to_ascii_uppercase()
            } else {
                value
            }
        };
        let new = shaped(new);
        if text == new {
            return Ok(ValueOutcome::Stands);
        }
        match self.facts.value(slot, self.old).map(shaped) {
            Some(old)
                if old == text
                    || (slot == slot.hexadecimal() && old.eq_ignore_ascii_case(text)) =>
            {
                Ok(ValueOutcome::Becomes(new))
            }
            Some(_) => {
                let whose = spelling::release(slot, text, self.facts.releases)
                    .map_or_else(String::new, |other| format!(" but of {other}"));
                Err(Fault::usage(format!(
                    "this {} is not that of OpenSSL {}{whose}; correct it first",
                    slot.name(),
                    self.old
                )))
            }
            None => match spelling::release(slot, text, self.facts.releases) {
                Some(other) => Err(Fault::usage(format!(
                    "this {} is that of OpenSSL {other}, not of {}; correct it first",
                    slot.name(),
                    self.old
                ))),
                None => Ok(ValueOutcome::Unchecked(new)),
            },
        }
    }

    fn unknown(&self, slot: Placeholder) -> String {
        format!(
            "the {} of OpenSSL {} is not known; run again without `--offline`, or with facts that hold it",
            slot.name(),
            self.target
        )
    }

    /// A mirror's address stays the mirror's.
    fn url(&self, text: &str) -> String {
        let usual = |version| {
            self.facts
                .value(Placeholder::Url, version)
                .unwrap_or_default()
        };
        let (old, target) = (self.old, self.target);
        let file = |version: Version| format!("openssl-{version}");
        if text == usual(old)
            || text == usual(target)
            || !(text.contains(&old.to_string()) || text.contains(&old.underscored()))
        {
            return if text.contains(&file(target)) {
                text.to_owned()
            } else {
                usual(target)
            };
        }
        text.split('/')
            .map(|part| moved_part(part, old, target))
            .collect::<Vec<_>>()
            .join("/")
    }
}

/// A part of an address with the tag, the version or the series in it moved.
fn moved_part(part: &str, old: Version, target: Version) -> String {
    if part == old.series().to_string() {
        return target.series().to_string();
    }
    part.replace(&old.tag(), &target.tag())
        .replace(&old.to_string(), &target.to_string())
        .replace(&old.underscored(), &target.underscored())
}

fn becomes(text: &str, new: String) -> ValueOutcome {
    if text == new {
        ValueOutcome::Stands
    } else {
        ValueOutcome::Becomes(new)
    }
}

/// The number that follows, as wide as the old one where that starts with a 0.
pub(super) fn counted(text: &str) -> Result<String, Fault> {
    let next = text
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_add(1))
        .ok_or_else(|| Fault::usage(format!("`{text}` is too large to count up")))?;
    let width = if text.starts_with('0') { text.len() } else { 0 };
    Ok(format!("{next:0width$}"))
}
