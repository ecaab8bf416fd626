//! What a bump changes beside the pins: the project's own version and its changelog.

use crate::openssl::version::Version;
use crate::paper::draft::LinkMove;
use crate::paper::draft::changelog::ChangelogEntry;
use crate::project::change::{self, Change, Edit};
use crate::project::changelog::{self, Entry, Fragment, Markup, NextSection, Occasion, Written};
use crate::project::config::{Bump, Config, EntryFile, Link};
use crate::project::file_entry::FileEntry;
use crate::project::file_tree::{self, FileTree};
use crate::project::linked::Files;
use crate::project::next_release::{self, StatedAt, StatedBy};
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::links::Assessed;
use crate::workspace::project::{Project, agree};
use crate::workspace::releases::Releases;
use crate::workspace::repeated::RaisedManifest;

#[derive(Clone, Copy)]
struct MovingVersion<'a> {
    link: &'a Link,
    from: Version,
    to: Version,
    /// Whether the link has one version, so that its users had what a release carried.
    alone: bool,
}

pub(crate) struct WrittenChange {
    pub(crate) change: Change,
    /// The project's new version where it was raised.
    pub(crate) raised: Option<String>,
    /// The version that the project's next release has, where that is known.
    pub(crate) release: Option<String>,
}

/// What the paperwork of a bump rests on.
pub(crate) struct Desk<'a> {
    pub(crate) case: &'a Case<'a>,
    pub(crate) moving: &'a [&'a Assessed<'a>],
}

impl Desk<'_> {
    /// Adds both to a change.
    pub(crate) fn add(&self, mut change: Change, mut files: Files) -> Result<WrittenChange, Fault> {
        let (context, config) = (self.case.context, self.case.config);
        let is_shipped = self.moving.iter().any(|one| !one.link.is_tested());
        if !is_shipped || (config.versions.is_empty() && config.changelog.is_none()) {
            return Ok(WrittenChange {
                change,
                raised: None,
                release: None,
            });
        }
        let project = self.case.project()?;
        let releases = Releases::of(self.case, project);
        let moved = self.steps().next().map(|step| self.moved(&releases, step));
        let release = next_version(self.case, moved.as_ref())?;
        let (mut raised, mut stated, mut manifests) = (None, Vec::new(), Vec::new());
        for version in &config.versions {
            file_tree::load_file(self.case.tree(), &version.file, &mut files)?;
            let path = files
                .paths(&version.file)
                .first()
                .cloned()
                .unwrap_or_default();
            let released = |text: &str| project.is_released(version, context.today, text);
            let before = change.text_after(&path, &files)?.to_owned();
            let own = change::raise(version, &before, context.today, &released)?;
            stated.push((version.file.clone(), own.stated.clone()));
            agree(&stated)?;
            if own.raised {
                manifests.push(RaisedManifest {
                    version,
                    path: path.clone(),
                    before,
                });
            }
            raised = Some(own.version).filter(|_| own.raised);
            change = change.rewriting(&path, &files, own.text)?;
        }
        for manifest in manifests {
            let left = manifest.left_behind(self.case.tree(), &change, &mut files);
            change.unchecked.extend(left);
        }
        let log = config.changelog.as_ref();
        if let Some(entry) = log.and_then(|log| log.entry.as_ref()) {
            for fragment in self.fragments(project, entry)? {
                change = fragment.edits.into_iter().fold(change, Change::with);
            }
        } else if let Some(file) = log.and_then(|log| log.file.as_ref()) {
            file_tree::load_file(self.case.tree(), file, &mut files)?;
            let path = files.paths(file).first().cloned().unwrap_or_default();
            let text = self.with_entries(project, &path, change.text_after(&path, &files)?)?;
            change = change.rewriting(&path, &files, text)?;
        }
        Ok(WrittenChange {
            change,
            raised,
            release,
        })
    }

    /// The file of each move's entry.
    fn fragments(&self, project: &Project, file: &EntryFile) -> Result<Vec<Change>, Fault> {
        let shelf = Shelf::read(self.case, file)?;
        let releases = Releases::of(self.case, project);
        // Where a name is that of no version, the link's own move has the last word.
        let moves = self.steps().rev();
        moves
            .map(|step| shelf.change(&self.moved(&releases, step)))
            .collect()
    }

    /// What moves of what is shipped, for no text speaks of the rest: link, from and to.
    fn steps(&self) -> impl DoubleEndedIterator<Item = MovingVersion<'_>> {
        let shipped = self.moving.iter().filter(|one| !one.link.is_tested());
        let steps = shipped.flat_map(|one| {
            one.moving().map(|(from, to)| MovingVersion {
                link: one.link,
                from: from.linked,
                to,
                alone: one.beside.is_empty(),
            })
        });
        steps.collect::<Vec<_>>().into_iter()
    }

    /// The move that an entry speaks of: from what the project's users have to the target.
    fn moved(&self, releases: &Releases<'_>, step: MovingVersion<'_>) -> LinkMove {
        let from = releases
            .carried_before(step.link)
            .filter(|from| step.alone && *from != step.to)
            .unwrap_or(step.from);
        LinkMove::between(&step.link.name, from, step.to, &self.case.view)
    }

    /// The changelog with one entry for each move, from what the project's users have to the
    /// target.
    fn with_entries(&self, project: &Project, path: &str, text: &str) -> Result<String, Fault> {
        let releases = Releases::of(self.case, project);
        let markup = Markup::of(path, text).ok_or_else(|| {
            Fault::usage(format!("`{path}` is neither reStructuredText nor Markdown"))
        })?;
        let steps: Vec<MovingVersion<'_>> = self.steps().collect();
        let told = steps.iter().map(|step| {
            let others = steps.iter().map(|other| other.to);
            let others = others.filter(|other| *other != step.to).collect();
            TellingEntry::of(self.case, &self.moved(&releases, *step), markup, others)
        });
        let told = told.collect::<Result<Vec<TellingEntry>, Fault>>()?;
        Ok(with_told(self.case, project, (path, text), &told)?.text)
    }
}

/// What a changelog is to say of a move.
pub(crate) struct TellingEntry {
    pub(crate) text: String,
    security: bool,
    /// The OpenSSL versions of other links.
    others: Vec<Version>,
}

impl TellingEntry {
    pub(crate) fn of(
        case: &Case<'_>,
        moved: &LinkMove,
        markup: Markup,
        others: Vec<Version>,
    ) -> Result<Self, Fault> {
        let entry = ChangelogEntry::new(case.config, moved);
        Ok(Self {
            text: entry.render(case.templates()?, markup)?,
            security: moved.is_security(),
            others,
        })
    }

    fn entry(&self) -> Entry<'_> {
        Entry {
            text: &self.text,
            security: self.security,
            others: &self.others,
        }
    }
}

/// A changelog, by its name and text, with these entries.
pub(crate) fn with_told(
    case: &Case<'_>,
    project: &Project,
    (name, text): (&str, &str),
    told: &[TellingEntry],
) -> Result<Written, Fault> {
    let entries: Vec<Entry<'_>> = told.iter().map(TellingEntry::entry).collect();
    changelog::with_entries(name, text, &entries, &occasion(case.context, project))
}

/// What a changelog entry is written on the occasion of.
fn occasion(context: &Context, project: &Project) -> Occasion {
    Occasion {
        day: context.today,
        next: project.next.clone(),
        raised: project.raised,
        tagged: project.last.clone(),
        released: project.tags.iter().map(|tag| tag.version.clone()).collect(),
    }
}

/// The folder of entries that each are a file.
pub(crate) struct Shelf<'a> {
    case: &'a Case<'a>,
    file: &'a EntryFile,
    markup: Markup,
    standing: Vec<(String, String)>,
}

impl<'a> Shelf<'a> {
    pub(crate) fn read(case: &'a Case<'a>, file: &'a EntryFile) -> Result<Self, Fault> {
        let whole = case.config.changelog.as_ref();
        let whole = whole.and_then(|log| log.file.as_deref());
        // A name that says nothing of the markup is of a file that is made into the whole one.
        let markup = Markup::of(&file.path, "").or_else(|| Markup::of(whole?, ""));
        let usual = if file.is_yaml() {
            Markup::Markdown
        } else {
            Markup::ReStructuredText
        };
        Ok(Self {
            case,
            file,
            markup: markup.unwrap_or(usual),
            standing: file_tree::texts_in(case.tree(), file.folder())?,
        })
    }

    /// The file of a move's entry.
    pub(crate) fn fragment(&self, moved: &LinkMove) -> Result<Fragment, Fault> {
        let told = TellingEntry::of(self.case, moved, self.markup, Vec::new())?;
        let (file, standing) = (self.file, &self.standing);
        changelog::fragment(file, &moved.link, moved.to, standing, &told.entry())
    }

    fn change(&self, moved: &LinkMove) -> Result<Change, Fault> {
        let fragment = self.fragment(moved)?;
        let now = |path: &str| {
            let found = self.standing.iter().find(|(at, _)| at == path);
            found.map(|(_, text)| FileEntry::regular(text.as_bytes()))
        };
        let put = Edit {
            before: now(&fragment.path),
            after: Some(FileEntry::regular(fragment.text)),
            path: fragment.path,
        };
        let gone = fragment.instead_of.map(|path| Edit {
            before: now(&path),
            after: None,
            path,
        });
        Ok(std::iter::once(put)
            .chain(gone)
            .fold(Change::default(), Change::with))
    }
}

/// The project's changelog: its path and text.
pub(crate) fn changelog_file(
    tree: &dyn FileTree,
    config: &Config,
) -> Result<Option<(String, String)>, Fault> {
    let log = config.changelog.as_ref();
    let Some(file) = log.and_then(|log| log.file.as_ref()) else {
        return Ok(None);
    };
    let (_, text) = file_tree::text_of(tree, file)?;
    Ok(Some((file.clone(), text)))
}

/// The project's version that the next release has: the configured one, else the changelog's, else
/// the next patch.
///
/// # Errors
///
/// A usage fault where these do not agree, or where no release can have that version any more.
pub(crate) fn next_version(
    case: &Case<'_>,
    moved: Option<&LinkMove>,
) -> Result<Option<String>, Fault> {
    let project = case.project()?;
    let own = project.next.as_ref().zip(project.stated.as_ref());
    // What is released and stays as it is says nothing of the next release.
    let own = own.filter(|_| project.raised);
    let released = project.released();
    if let Some((next, source)) = own {
        let bump = case.config.version().map_or(Bump::None, |it| it.bump);
        let raised = |it: &ProjectVersion| change::raised(&it.to_string(), bump)?.parse().ok();
        released.check(next, source, &raised)?;
    }
    let mut log = case.config.changelog.iter();
    let has_files = log.any(|log| log.entry.is_some());
    let said = match moved.map(|moved| said_by_changelog(case, project, moved)) {
        // The changelog itself says what is wrong with it where it is written.
        Some(Err(fault)) if !has_files && own.is_none() => return Err(fault),
        Some(Ok(said)) => said,
        Some(Err(_)) | None => None,
    };
    let said =
        said.filter(|(section, _)| !section.standing || !released.is_tagged(&section.version));
    match (own, said) {
        (Some(own), Some((section, heading))) if !has_files && !section.standing => {
            next_release::agree(own, (&section.version, &heading))?;
            Ok(Some(own.0.to_string()))
        }
        (Some((next, _)), _) => Ok(Some(next.to_string())),
        (None, Some((section, heading))) => {
            released.check(&section.version, &heading, &ProjectVersion::next_patch)?;
            Ok(Some(section.version.to_string()))
        }
        (None, None) => {
            let next = project.last.as_ref().and_then(ProjectVersion::next_patch);
            let next = next.filter(|next| !released.is_tagged(next));
            Ok(next.map(|next| next.to_string()))
        }
    }
}

/// The section that a move's entry goes to in the changelog, and where that shows.
fn said_by_changelog(
    case: &Case<'_>,
    project: &Project,
    moved: &LinkMove,
) -> Result<Option<(NextSection, StatedAt)>, Fault> {
    let Some((name, text)) = changelog_file(case.tree(), case.config)? else {
        return Ok(None);
    };
    let markup = Markup::of(&name, &text).unwrap_or(Markup::Markdown);
    let told = TellingEntry::of(case, moved, markup, Vec::new())?;
    let occasion = occasion(case.context, project);
    let section = changelog::next_section(&name, &text, &told.entry(), &occasion)?;
    Ok(section.map(|section| {
        let source = StatedAt {
            file: name,
            line: section.line,
            kind: StatedBy::Heading,
        };
        (section, source)
    }))
}
