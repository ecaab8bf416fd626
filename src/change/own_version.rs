//! The project's own version, raised by a bump.

use crate::config::{Bump, ProjectVersion};
use crate::fault::Fault;
use crate::linked::files::line_of;
use crate::pattern::Placeholder;

/// Raises the project's version in a file's text; the text and the new version, or the text as it is where the version is not raised.
///
/// A version that is already on the way to the next release (`2.0.0.dev1`, `1.3.0-rc1`), or that was never tagged though others were, is left alone.
///
/// # Errors
///
/// A usage fault that names file and line, where the patterns do not stand exactly once or disagree.
pub fn raise(
    config: &ProjectVersion,
    text: &str,
    day: jiff::civil::Date,
    released: impl Fn(&str) -> bool,
) -> Result<(String, Option<String>), Fault> {
    let path = &config.file;
    let (mut splices, mut current) = (Vec::new(), None::<(&str, usize)>);
    for pattern in &config.matches {
        let found: Vec<_> = pattern.find(text, 0..text.len()).collect();
        let [one] = found.as_slice() else {
            let lines: Vec<usize> = found.iter().map(|found| line_of(text.as_bytes(), found.range.start)).collect();
            let times =
                if lines.is_empty() { "nowhere".into() } else { format!("more than once (lines {})", crate::text::in_words(lines)) };
            return Err(Fault::usage(format!("`{path}`: `{pattern}` of `[version]` matches {times}; it must match once")));
        };
        for (slot, range) in pattern.slots().zip(&one.slots) {
            let value = &text[range.clone()];
            let line = line_of(text.as_bytes(), range.start);
            match (slot, current) {
                (Placeholder::ProjectVersion, Some((other, at))) if other != value => {
                    return Err(Fault::usage(format!(
                        "`{path}`: the project's version is `{other}` on line {at} and `{value}` on line {line}"
                    )));
                }
                (Placeholder::ProjectVersion, _) => current = Some((value, line)),
                _ => {}
            }
            splices.push((slot, range.clone()));
        }
    }
    let Some(new) = current.filter(|(version, _)| released(version)).and_then(|(version, _)| raised(version, config.bump)) else {
        return Ok((text.to_owned(), None));
    };
    splices.sort_by_key(|(_, range)| std::cmp::Reverse(range.start));
    let mut out = text.to_owned();
    for (slot, range) in splices {
        let value = match slot {
            Placeholder::ProjectVersion => new.clone(),
            Placeholder::Date => day.to_string(),
            Placeholder::Counter => super::value::counted(&out[range.clone()])?,
            Placeholder::Reset => "0".into(),
            _ => continue,
        };
        out.replace_range(range, &value);
    }
    Ok((out, Some(new)))
}

/// The version that follows; none for one that is not finished, or where nothing is to be raised.
///
/// ```
/// use release_check::change::raised;
/// use release_check::config::Bump;
///
/// for (version, bump, next) in [("46.0.3", Bump::Patch, "46.0.4"), ("46.0.3", Bump::Minor, "46.1.0"), ("46.0.3", Bump::Major, "47.0.0"), ("2.9", Bump::Patch, "2.9.1")] {
///     assert_eq!(raised(version, bump).as_deref(), Some(next));
/// }
/// assert_eq!(raised("47.0.0.dev1", Bump::Patch), None);
/// assert_eq!(raised("46.0.3", Bump::None), None);
/// ```
#[must_use]
pub fn raised(version: &str, bump: Bump) -> Option<String> {
    let at = match bump {
        Bump::Major => 0,
        Bump::Minor => 1,
        Bump::Patch => 2,
        Bump::None => return None,
    };
    let mut numbers: Vec<u64> = version.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    if numbers.len() <= at {
        numbers.resize(at + 1, 0);
    }
    numbers[at] = numbers[at].checked_add(1)?;
    numbers[at + 1..].fill(0);
    Some(numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
}
