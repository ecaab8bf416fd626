//! The project's own version, raised by a bump.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;

use crate::project::config::{Bump, VersionFile};
use crate::project::file_entry::line_of;
use crate::project::own_places::lock;
use crate::project::pattern::{Pattern, Placeholder};
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;

/// A text with the project's version in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Own {
    /// The whole text.
    pub text: String,
    pub version: String,
    /// The version that it said before.
    pub stated: String,
    /// The line that says it, from 1.
    pub line: usize,
    /// Whether that version is new.
    pub raised: bool,
}

/// Raises the project's version in a file's text.
///
/// A version that is already on the way to the next release (`2.0.0.dev1`, `1.3.0-rc1`), or that
/// was never tagged though others were, is left alone.
///
/// # Errors
///
/// A usage fault that names file and line, where the patterns do not stand exactly once or
/// disagree.
pub(crate) fn raise(
    config: &VersionFile,
    text: &str,
    day: Date,
    released: &dyn Fn(&str) -> bool,
) -> Result<Own, Fault> {
    let mut slots = Vec::new();
    for pattern in &config.matches {
        slots.extend(once(&config.file, pattern, text)?);
    }
    let own: Vec<&Range<usize>> = slots
        .iter()
        .filter(|(slot, _)| *slot == Placeholder::ProjectVersion)
        .map(|(_, range)| range)
        .collect();
    let Some(first) = own.first() else {
        return Err(Fault::usage("`[version]` has no `{project_version}`"));
    };
    if let Some(other) = own
        .iter()
        .find(|other| text[(**other).clone()] != text[(*first).clone()])
    {
        let says = |range: &Range<usize>| {
            format!(
                "`{}` on line {}",
                &text[range.clone()],
                line_of(text.as_bytes(), range.start)
            )
        };
        return Err(Fault::usage(format!(
            "`{}`: the project's version is {} and {}; make them agree",
            config.file,
            says(first),
            says(other)
        )));
    }
    let current = &text[(*first).clone()];
    let line = line_of(text.as_bytes(), first.start);
    let Some(new) = raised(current, config.bump).filter(|_| released(current)) else {
        return Ok(Own {
            text: text.to_owned(),
            version: current.to_owned(),
            stated: current.to_owned(),
            line,
            raised: false,
        });
    };
    slots.sort_by_key(|(_, range)| Reverse(range.start));
    slots.dedup();
    let mut out = text.to_owned();
    for (slot, range) in slots {
        let value = match slot {
            Placeholder::ProjectVersion => new.clone(),
            Placeholder::Date => day.to_string(),
            Placeholder::Counter => super::value::counted(&text[range.clone()])?,
            Placeholder::Reset => "0".into(),
            _ => continue,
        };
        out.replace_range(range, &value);
    }
    Ok(Own {
        text: out,
        version: new,
        stated: current.to_owned(),
        line,
        raised: true,
    })
}

/// What is to be said of a lock file that would keep the version which the patterns find in a manifest:
/// `locked` is its text after the bump. The members of these names have a version of their own.
pub(crate) fn left_behind(
    config: &VersionFile,
    (path, text): (&str, &str),
    (lock, locked): (&str, &str),
    apart: &BTreeSet<String>,
) -> Option<String> {
    let mut version = None;
    let mut left = Vec::new();
    for pattern in &config.matches {
        for (slot, range) in once(&config.file, pattern, text).ok()? {
            if slot != Placeholder::ProjectVersion {
                continue;
            }
            let Some(whose) = lock::whose(path, text, range.start) else {
                continue;
            };
            let said = &text[range];
            version = Some(said);
            left.extend(lock::places(lock, locked, &whose, said, apart));
        }
    }
    left.sort_by_key(|place| place.line);
    left.dedup();
    lock::left_behind(path, lock, version?, &left)
}

/// The placeholders of a pattern that must match once.
fn once(
    path: &str,
    pattern: &Pattern,
    text: &str,
) -> Result<Vec<(Placeholder, Range<usize>)>, Fault> {
    let found: Vec<_> = pattern.find(text, 0..text.len()).collect();
    let [one] = found.as_slice() else {
        let lines: Vec<usize> = found
            .iter()
            .map(|found| line_of(text.as_bytes(), found.range.start))
            .collect();
        let times = if lines.is_empty() {
            "nowhere".into()
        } else {
            format!("more than once (lines {})", crate::text::in_words(lines))
        };
        // A lock file loses the entry of a package that goes.
        let gone = if found.is_empty() && lock::is_lock(path) {
            ", so take it out where that package is gone"
        } else {
            ""
        };
        return Err(Fault::usage(format!(
            "`{path}`: `{pattern}` of `[version]` matches {times}; it must match once{gone}"
        )));
    };
    Ok(pattern.slots().zip(one.slots.iter().cloned()).collect())
}

/// The version that follows, its numbers as wide as before; none for one that is not finished, or
/// where nothing is to be raised.
///
/// ```
/// use release_check::for_tests::project::change::raised;
/// use release_check::for_tests::project::config::Bump;
///
/// for (version, bump, next) in [("46.0.3", Bump::Patch, "46.0.4"), ("46.0.3", Bump::Minor, "46.1.0"), ("46.0.3", Bump::Major, "47.0.0"), ("2.9", Bump::Patch, "2.9.1"), ("26.03.01", Bump::Minor, "26.04.00")] {
///     assert_eq!(raised(version, bump).as_deref(), Some(next));
/// }
/// assert_eq!(raised("47.0.0.dev1", Bump::Patch), None);
/// assert_eq!(raised("46.0.3", Bump::None), None);
/// ```
pub fn raised(version: &str, bump: Bump) -> Option<String> {
    let at = match bump {
        Bump::Major => 0,
        Bump::Minor => 1,
        Bump::Patch => 2,
        Bump::None => return None,
    };
    let version: ProjectVersion = version.parse().ok()?;
    Some(version.raised(at)?.to_string())
}
