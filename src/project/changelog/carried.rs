//! Carrying entries from a release branch's changelog to the main one.

use super::document::{LineEdit, lines, refused};
use super::section::Outline;
use super::{opening, placing, shape};
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;

/// A changelog with what was carried into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The whole file.
    pub text: String,
    /// What is new in it; empty where nothing is. Lines end in `\n`.
    pub entry: String,
    /// The releases that it is about, newest first.
    pub releases: Vec<ProjectVersion>,
}

/// Carries what a release branch's changelog says of releases that `text` has no section for into
/// `text`, each above the first older section; and entries for the statically linked OpenSSL into
/// sections that both have. What `tagged`, the project's tagged versions, show not to be released
/// yet stays where it is.
pub fn carry_forward(
    name: &str,
    text: &str,
    branch: &str,
    tagged: &[ProjectVersion],
) -> Result<Carried, Fault> {
    let main = Outline::read(name, text)?;
    let branch = Outline::read(name, branch)?;
    if main.document.markup != branch.document.markup {
        return Err(refused(
            name,
            format!(
                "it is {} here and {} on the release branch",
                main.document.markup.name(),
                branch.document.markup.name()
            ),
        ));
    }
    let mut edits: Vec<LineEdit> = Vec::new();
    let mut carried: Vec<String> = Vec::new();
    let mut releases: Vec<ProjectVersion> = Vec::new();
    let mut order: Vec<usize> = (0..branch.sections.len()).collect();
    if branch.ascending {
        order.reverse();
    }
    for section in order {
        let Some((_, version)) = branch.sections[section]
            .title
            .version
            .as_ref()
            .filter(|_| !branch.sections[section].title.unreleased)
        else {
            continue;
        };
        let same = |other: &usize| {
            main.sections[*other]
                .title
                .version
                .as_ref()
                .is_some_and(|(_, other)| other == version)
        };
        if let Some(other) = (0..main.sections.len()).find(same) {
            // What both have was carried before, or is older than the branch: only entries that
            // came later are missing.
            let missing = into_section(name, &main, other, &branch, section)?;
            carried.extend(missing.iter().flat_map(|(.., added)| added.iter().cloned()));
            releases.extend(Some(version.clone()).filter(|_| !missing.is_empty()));
            edits.extend(missing);
            break;
        }
        if !is_out(&branch, section, tagged) {
            continue;
        }
        let (edit, block) = whole(name, &main, &branch, section)?;
        edits.push(edit);
        edits.extend(definition(&main, &branch, section));
        carried.extend(block);
        releases.push(version.clone());
    }
    Ok(Carried {
        text: main.document.edited(name, edits)?,
        entry: lines(&carried),
        releases,
    })
}

/// Whether a section's release is out, as far as the tags tell: it is not where the release before
/// it has a tag and it has none.
fn is_out(branch: &Outline<'_>, section: usize, tagged: &[ProjectVersion]) -> bool {
    let version = |section: usize| {
        branch.sections[section]
            .title
            .version
            .as_ref()
            .map(|(_, version)| version)
    };
    let has_tag = |section: usize| version(section).is_some_and(|version| tagged.contains(version));
    has_tag(section) || !branch.older(section).is_some_and(has_tag)
}

/// The edit that carries a whole section, and its lines.
fn whole(
    name: &str,
    main: &Outline<'_>,
    branch: &Outline<'_>,
    section: usize,
) -> Result<(LineEdit, Vec<String>), Fault> {
    let carried = &branch.sections[section];
    let last = (carried.start..carried.end)
        .rfind(|at| !branch.document.is_blank(*at))
        .unwrap_or(carried.start);
    let block: Vec<String> = (carried.start..=last)
        .map(|at| branch.document.line(at).to_owned())
        .collect();
    let older = older_section(main, branch, section).ok_or_else(|| {
        let version = branch.version_text(section).unwrap_or_default();
        refused(name, format!("there is no section older than `{version}` of the release branch; carry that section by hand"))
    })?;
    Ok((opening::insertion(main, older, &block), block))
}

/// The first section of the main changelog that is older than one of the branch.
fn older_section(main: &Outline<'_>, branch: &Outline<'_>, section: usize) -> Option<usize> {
    let (_, version) = branch.sections[section].title.version.as_ref()?;
    let older = |at: &usize| {
        let title = &main.sections[*at].title;
        title
            .version
            .as_ref()
            .is_some_and(|(_, other)| other < version)
            && !title.unreleased
    };
    let mut all = 0..main.sections.len();
    if main.ascending {
        all.rfind(older)
    } else {
        all.find(older)
    }
}

/// The definition of the link that the carried heading is.
fn definition(main: &Outline<'_>, branch: &Outline<'_>, section: usize) -> Option<LineEdit> {
    let line = branch
        .document
        .line(opening::definition_of(branch, section)?)
        .to_owned();
    let at = opening::definition_of(main, older_section(main, branch, section)?)?;
    Some((at, 0, vec![line]))
}

/// The edits that add to a section what only the branch's section has.
fn into_section(
    name: &str,
    main: &Outline<'_>,
    section: usize,
    branch: &Outline<'_>,
    other: usize,
) -> Result<Vec<LineEdit>, Fault> {
    let standing = main.items(section);
    let missing: Vec<String> = branch
        .items(other)
        .into_iter()
        .filter(|item| {
            !standing
                .iter()
                .any(|standing| shape::is_entry(&standing.text, &item.text))
        })
        .flat_map(|item| {
            item.lines
                .map(|at| branch.document.line(at).to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let style = main.style(name, section)?;
    Ok(vec![placing::insertion(
        main, section, false, &missing, &style,
    )])
}
