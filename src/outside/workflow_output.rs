//! What a CI job hands on: values for later steps and a summary for people, in the files that
//! GitHub Actions names.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use crate::outside::environment::Environment;
use crate::text::fault::Fault;

/// How many bytes one step's summary may have; GitHub drops a longer one whole.
const SUMMARY_LIMIT: usize = 1024 * 1024;

/// Stands at the end of a summary that was cut.
const CUT: &str = "\n\n_The summary was cut here: it is longer than one step may write. The whole result is in the step's log._\n";

/// Appends the outputs to the file that `GITHUB_OUTPUT` names and the Markdown to the one of
/// `GITHUB_STEP_SUMMARY`; where a variable is not set, nothing is made
/// or written.
///
/// A value that spans lines cannot bring an output of its own in: it ends at a delimiter that
/// nobody can know beforehand.
///
/// # Errors
///
/// A fault if a file cannot be written, or if a name is none that a workflow can refer to.
pub(crate) fn write(
    environment: &Environment,
    outputs: &[(&str, String)],
    summary: impl FnOnce() -> String,
) -> Result<(), Fault> {
    append(environment, "GITHUB_OUTPUT", |_| {
        assignments(outputs, &delimiter()?)
    })?;
    append(environment, "GITHUB_STEP_SUMMARY", |there| {
        Ok(cut(&summary(), SUMMARY_LIMIT.saturating_sub(there)))
    })
}

/// Writes the file for code scanning that `RELEASE_CHECK_SARIF` names; where that is not set,
/// nothing is made.
pub(crate) fn sarif(environment: &Environment, text: impl FnOnce() -> String) -> Result<(), Fault> {
    let Some(path) = environment.get("RELEASE_CHECK_SARIF") else {
        return Ok(());
    };
    std::fs::write(path, text()).map_err(|error| {
        Fault::failed(format!(
            "cannot write `{path}`, which `RELEASE_CHECK_SARIF` names: {error}"
        ))
    })
}

/// Appends what `text` makes, given the file's size, to the file that a variable names.
fn append(
    environment: &Environment,
    variable: &str,
    text: impl FnOnce(usize) -> Result<String, Fault>,
) -> Result<(), Fault> {
    let Some(path) = environment.get(variable) else {
        return Ok(());
    };
    let failed = |error: std::io::Error| {
        Fault::failed(format!(
            "cannot write `{path}`, which `{variable}` names: {error}"
        ))
    };
    let mut file = OpenOptions::new()
        .create(true)
        .read(true)
        .append(true)
        .open(path)
        .map_err(failed)?;
    let there = file.metadata().map_err(failed)?.len();
    let mut text = text(usize::try_from(there).unwrap_or(usize::MAX))?;
    if !text.is_empty() && !ends_a_line(&mut file, there).map_err(failed)? {
        text.insert(0, '\n');
    }
    file.write_all(text.as_bytes()).map_err(failed)
}

/// Whether a file's last line is whole, so that what is appended starts one of its own.
fn ends_a_line(file: &mut File, length: u64) -> std::io::Result<bool> {
    let Some(last) = length.checked_sub(1) else {
        return Ok(true);
    };
    let mut byte = [0];
    file.seek(SeekFrom::Start(last))?;
    file.read_exact(&mut byte)?;
    Ok(byte == *b"\n")
}

/// The outputs as the runner reads them: `name=value`, or between delimiters where the value spans
/// lines.
fn assignments(outputs: &[(&str, String)], delimiter: &str) -> Result<String, Fault> {
    let mut out = String::new();
    for (name, value) in outputs {
        if name.is_empty()
            || !name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        {
            return Err(Fault::failed(format!(
                "`{}` cannot be the name of a step's output",
                name.escape_debug()
            )));
        }
        let _ = if value.contains(['\n', '\r']) {
            writeln!(out, "{name}<<{delimiter}\n{value}\n{delimiter}")
        } else {
            writeln!(out, "{name}={value}")
        };
    }
    Ok(out)
}

/// A line that no value has: 128 random bits.
fn delimiter() -> Result<String, Fault> {
    let mut random = [0; 16];
    let filled = rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut random);
    filled.map_err(|_| {
        Fault::failed("the system gives no random numbers for the delimiter of a step's output")
    })?;
    Ok(format!(
        "release-check-{:032x}",
        u128::from_ne_bytes(random)
    ))
}

/// The Markdown within this many bytes: cut at the end of a line, and saying so.
fn cut(markdown: &str, room: usize) -> String {
    // One byte more: the file's last line may have to be ended first.
    let room = room.saturating_sub(1);
    if markdown.len() <= room {
        return markdown.to_owned();
    }
    let Some(room) = room.checked_sub(CUT.len()) else {
        return String::new();
    };
    let whole = &markdown[..markdown.floor_char_boundary(room)];
    let lines = whole.rfind('\n').map_or("", |end| &whole[..end]);
    format!("{lines}{CUT}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CUT, assignments, cut, delimiter, write};
    use crate::outside::environment::Environment;

    fn environment(folder: &std::path::Path) -> Environment {
        let file = |name: &str| (name.into(), folder.join(name).into());
        [file("GITHUB_OUTPUT"), file("GITHUB_STEP_SUMMARY")]
            .into_iter()
            .collect()
    }

    /// How the runner reads the file: a line is `name=value` or opens a value that ends at its
    /// delimiter.
    fn read(text: &str) -> Vec<(String, String)> {
        let mut lines = text.split_terminator('\n');
        let mut outputs = Vec::new();
        while let Some(line) = lines.next() {
            let equals = line.find('=').unwrap_or(usize::MAX);
            match line.find("<<") {
                Some(at) if at < equals => {
                    let value: Vec<&str> = lines
                        .by_ref()
                        .take_while(|other| *other != &line[at + 2..])
                        .collect();
                    outputs.push((line[..at].to_owned(), value.join("\n")));
                }
                _ => outputs.push((line[..equals].to_owned(), line[equals + 1..].to_owned())),
            }
        }
        outputs
    }

    proptest! {
        #[test]
        fn no_value_brings_in_an_output_of_its_own(values in proptest::collection::vec("(\n|\r|=|<<|EOF|release-check-|status=0|[a-z ])*", 1..4)) {
            let outputs: Vec<(&str, String)> = ["status", "verdict", "links"].into_iter().zip(values).collect();
            let text = assignments(&outputs, &delimiter().expect("random numbers")).expect("names");
            let expected: Vec<(String, String)> = outputs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            prop_assert_eq!(read(&text), expected);
        }

        #[test]
        fn a_cut_summary_keeps_within_its_room(text in "([a-zé ]{0,30}\n){0,20}", room in 0..700_usize) {
            let cut = cut(&text, room);
            prop_assert!(cut.len() <= room);
            prop_assert!(cut == text || cut.is_empty() || cut.ends_with(CUT));
        }
    }

    #[test]
    fn both_files_are_appended_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let environment = environment(folder.path());
        std::fs::write(folder.path().join("GITHUB_OUTPUT"), "earlier=1").expect("a file");
        write(&environment, &[("status", "11".into())], || {
            "# One\n".into()
        })
        .expect("written");
        write(&environment, &[("target", "a\nb=c".into())], || {
            "# Two\n".into()
        })
        .expect("written");
        let file = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a file");
        let pairs = read(&file("GITHUB_OUTPUT"));
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [("earlier", "1"), ("status", "11"), ("target", "a\nb=c")]
        );
        assert_eq!(file("GITHUB_STEP_SUMMARY"), "# One\n# Two\n");
    }

    #[test]
    fn a_summary_never_outgrows_the_step() {
        let folder = tempfile::tempdir().expect("a folder");
        let environment = environment(folder.path());
        for _ in 0..3 {
            write(&environment, &[], || "- a line\n".repeat(60_000)).expect("written");
        }
        let summary =
            std::fs::read_to_string(folder.path().join("GITHUB_STEP_SUMMARY")).expect("a file");
        assert!(
            summary.len() <= super::SUMMARY_LIMIT && summary.len() > super::SUMMARY_LIMIT - 200,
            "{}",
            summary.len()
        );
        assert!(summary.ends_with(CUT));
    }

    #[test]
    fn what_cannot_be_written_is_said_and_without_the_variables_nothing_is() {
        let folder = tempfile::tempdir().expect("a folder");
        write(&Environment::default(), &[("status", "0".into())], || {
            "text".into()
        })
        .expect("nothing to do");
        let environment = environment(folder.path());
        for name in ["", "a=b", "a\nb", "é"] {
            write(&environment, &[(name, String::new())], String::new).expect_err("no name");
        }
        std::fs::create_dir(folder.path().join("GITHUB_STEP_SUMMARY")).expect("a folder");
        let fault = write(&environment, &[], || "text".into()).expect_err("a folder is no file");
        assert!(
            fault.to_string().contains("`GITHUB_STEP_SUMMARY` names"),
            "{fault}"
        );
    }
}
