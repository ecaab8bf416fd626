//! `draft`: one draft on standard output, and nothing where there is nothing to say.

mod rehearsal;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::moves::{self, Project, Situation};
use super::{Report, announce};
use crate::cli::{DraftKind, Format};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::outside::worktree;
use crate::paper::announcement::Kind;
use crate::paper::draft::changelog::ChangelogEntry;
use crate::paper::draft::pull_request::{self, PullRequest};
use crate::paper::draft::{Move, advisory, vex};
use crate::paper::templates::{self, Templates};
use crate::project::changelog::{self, Entry, Markup, Occasion};
use crate::project::config::Config;
use crate::project::linked;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::facts::Facts;

pub(super) use rehearsal::rehearse;

/// What the user asks for.
pub(super) struct Asked<'a> {
    pub(super) kind: DraftKind,
    pub(super) link: Option<&'a str>,
    pub(super) body: bool,
    pub(super) forward: bool,
    /// What an announcement is for, if the user says so.
    pub(super) announcement: Option<Kind>,
    /// What the user has to say to a correction.
    pub(super) because: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check draft --format json")]
struct Document<'a> {
    schema: u32,
    /// Which draft.
    draft: &'static str,
    /// The moves that it speaks of.
    moves: Vec<MoveEntry<'a>>,
    /// The draft as `--format text` prints it; empty where there is nothing to say.
    text: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct MoveEntry<'a> {
    link: &'a str,
    from: Version,
    to: Version,
}

/// What every draft is made of.
struct Material<'a> {
    context: &'a Context,
    config: &'a Config,
    facts: &'a Facts,
    project: &'a Project,
    view: &'a View<'a>,
    situations: Vec<Situation<'a>>,
    templates: Templates,
}

/// Makes one draft.
pub(super) fn run(context: &Context, asked: &Asked<'_>) -> Result<Report, Fault> {
    check(asked)?;
    let config = context.config_with_links()?;
    let facts = facts::gather(context, &config)?;
    let view = facts.view(context, &config);
    let project = Project::read(context, &config)?;
    if asked.kind == DraftKind::Announcement {
        let material = announce::Material::read(
            context,
            &config,
            &facts,
            &view,
            &project,
            asked.link,
            asked.because,
        )?;
        let (text, moves) = announcement(&material, asked)?;
        return report(context, asked, text, &moves);
    }
    let templates = project_templates(context, &config)?;
    let situations = moves::read(context, &config, asked.link, &facts, &project, &view)?;
    let material = Material {
        context,
        config: &config,
        facts: &facts,
        project: &project,
        view: &view,
        situations,
        templates,
    };
    let text = match asked.kind {
        DraftKind::Changelog if asked.forward => material.forwarded()?,
        DraftKind::Changelog => material.changelog()?,
        DraftKind::PullRequest => material.pull_request()?,
        DraftKind::Advisory => material.advisory()?,
        DraftKind::Vex => material.vex()?,
        DraftKind::Announcement => String::new(),
    };
    report(
        context,
        asked,
        text,
        &material.moves().cloned().collect::<Vec<_>>(),
    )
}

/// The draft as the user wants to see it.
fn report(
    context: &Context,
    asked: &Asked<'_>,
    text: String,
    moves: &[Move],
) -> Result<Report, Fault> {
    if context.format != Format::Json {
        return Ok(Report::done(text));
    }
    let moves = moves
        .iter()
        .map(|moved| MoveEntry {
            link: &moved.link,
            from: moved.from,
            to: moved.to,
        })
        .collect();
    let document = Document {
        schema: 1,
        draft: name(asked.kind),
        moves,
        text: &text,
    };
    Ok(Report::done(crate::paper::report::pretty(&document)))
}

/// The announcement, and the moves that it speaks of.
fn announcement(
    material: &announce::Material<'_>,
    asked: &Asked<'_>,
) -> Result<(String, Vec<Move>), Fault> {
    let subject = match asked.announcement {
        None => material.due()?,
        Some(Kind::Note) => material.pending()?,
        Some(Kind::Release) => material.coming(Kind::Release)?,
        Some(Kind::Correction) => material.released(Kind::Correction)?,
    };
    let Some(subject) = subject else {
        return Ok((String::new(), Vec::new()));
    };
    let text = match (&subject.message, asked.body) {
        (_, true) => subject.rendered.body,
        (Some(message), false) => message.to_eml(),
        (None, false) => {
            return Err(Fault::usage(
                "there is no `[announcement]` in the configuration; add it with `from` and `to`, or use `--body`",
            ));
        }
    };
    Ok((text, subject.moves))
}

fn name(kind: DraftKind) -> &'static str {
    match kind {
        DraftKind::Changelog => "changelog",
        DraftKind::Announcement => "announcement",
        DraftKind::PullRequest => "pull-request",
        DraftKind::Advisory => "advisory",
        DraftKind::Vex => "vex",
    }
}

fn check(asked: &Asked<'_>) -> Result<(), Fault> {
    if asked.body && asked.kind != DraftKind::Announcement {
        return Err(Fault::usage("`--body` is for `draft announcement` only"));
    }
    if (asked.announcement.is_some() || asked.because.is_some())
        && asked.kind != DraftKind::Announcement
    {
        return Err(Fault::usage(
            "`--kind` and `--because` are for `draft announcement` only",
        ));
    }
    announce::check(asked.announcement, asked.because)?;
    if asked.forward && asked.kind != DraftKind::Changelog {
        return Err(Fault::usage("`--forward` is for `draft changelog` only"));
    }
    Ok(())
}

/// The templates, the project's own among them.
pub(super) fn project_templates(context: &Context, config: &Config) -> Result<Templates, Fault> {
    let Some(folder) = &config.templates else {
        return Ok(Templates::default());
    };
    let root = context.path(std::path::Path::new(folder));
    if !root.is_dir() {
        return Err(Fault::usage(format!(
            "`{folder}` of `[templates]` is no folder; create it, or leave that out"
        )));
    }
    let mut found = BTreeMap::new();
    let mut folders = vec![(root, String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let failed = |error: std::io::Error| {
            Fault::failed(format!("cannot read `{}`: {error}", folder.display()))
        };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = format!(
                "{prefix}{}",
                path.file_name()
                    .and_then(|name| name.to_str())
                    .unwrap_or_default()
            );
            if path.is_dir() && prefix.is_empty() {
                folders.push((path, format!("{name}/")));
            } else if name.ends_with(".j2") {
                let size = std::fs::metadata(&path).map_err(failed)?.len();
                if size > templates::MAX_SIZE as u64 {
                    return Err(Fault::usage(format!(
                        "`{}` is larger than {} kB",
                        path.display(),
                        templates::MAX_SIZE / 1024
                    )));
                }
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    Fault::failed(format!("cannot read `{}`: {error}", path.display()))
                })?;
                found.insert(name, text);
            }
        }
    }
    Templates::with(found)
}

fn occasion(context: &Context, project: &Project) -> Occasion {
    Occasion {
        day: context.today,
        next: project.next.clone(),
        tagged: project.last.clone(),
    }
}

/// The project's changelog: its path and text.
pub(super) fn changelog_file(
    context: &Context,
    config: &Config,
) -> Result<Option<(String, String)>, Fault> {
    let Some(changelog) = &config.changelog else {
        return Ok(None);
    };
    let mut files = linked::Files::default();
    worktree::load_file(&context.directory, &changelog.file, &mut files)?;
    let path = files
        .paths(&changelog.file)
        .first()
        .cloned()
        .unwrap_or_else(|| changelog.file.clone());
    let text = files.text(&path)?.to_owned();
    Ok(Some((changelog.file.clone(), text)))
}

/// The project's version that the next release has: the configured one, else the changelog's, else
/// the next patch.
pub(super) fn next_version(
    context: &Context,
    config: &Config,
    project: &Project,
    situations: &[Situation<'_>],
    templates: &Templates,
) -> Result<Option<String>, Fault> {
    if let Some(next) = &project.next {
        return Ok(Some(next.to_string()));
    }
    let moved = situations
        .iter()
        .find_map(|situation| situation.moved.as_ref());
    if let (Some((name, text)), Some(moved)) = (changelog_file(context, config)?, moved) {
        let markup = Markup::of(&name, &text).unwrap_or(Markup::Markdown);
        let sentence = ChangelogEntry::new(config, moved).render(templates, markup)?;
        let entry = Entry {
            text: &sentence,
            security: moved.is_security(),
            others: &[],
        };
        if let Some(version) =
            changelog::next_version(&name, &text, &entry, &occasion(context, project))?
        {
            return Ok(Some(version.to_string()));
        }
    }
    Ok(project
        .last
        .as_ref()
        .and_then(crate::project::project_version::ProjectVersion::next_patch)
        .map(|next| next.to_string()))
}

impl Material<'_> {
    fn moves(&self) -> impl Iterator<Item = &Move> {
        self.situations
            .iter()
            .filter_map(|situation| situation.moved.as_ref())
    }

    /// The only move, where a draft speaks of one.
    fn only_move(&self) -> Result<Option<(&Situation<'_>, &Move)>, Fault> {
        let mut moving = self
            .situations
            .iter()
            .filter_map(|situation| Some((situation, situation.moved.as_ref()?)));
        let first = moving.next();
        match (first, moving.next()) {
            (Some((first, _)), Some((second, _))) => Err(Fault::usage(format!(
                "several links move (`{}`, `{}`); choose one with `--link`",
                first.link.name, second.link.name
            ))),
            _ => Ok(first),
        }
    }

    fn changelog(&self) -> Result<String, Fault> {
        let file = changelog_file(self.context, self.config)?;
        let mut written = String::new();
        let mut text = file
            .as_ref()
            .map(|(_, text)| text.clone())
            .unwrap_or_default();
        for moved in self.moves() {
            let markup = file
                .as_ref()
                .map_or(Some(Markup::Markdown), |(name, text)| {
                    Markup::of(name, text)
                })
                .unwrap_or(Markup::Markdown);
            let sentence =
                ChangelogEntry::new(self.config, moved).render(&self.templates, markup)?;
            let Some((name, _)) = &file else {
                written.push_str(&changelog::item(markup, &sentence));
                continue;
            };
            let others = self.versions_of_others(moved);
            let entry = Entry {
                text: &sentence,
                security: moved.is_security(),
                others: &others,
            };
            let put =
                changelog::with_entry(name, &text, &entry, &occasion(self.context, self.project))?;
            written.push_str(&put.entry);
            text = put.text;
        }
        Ok(written)
    }

    /// The OpenSSL versions that other links have or move to.
    fn versions_of_others(&self, moved: &Move) -> Vec<Version> {
        let others = self
            .situations
            .iter()
            .filter(|situation| situation.link.name != moved.link);
        let own = [moved.from, moved.to];
        let versions = others.flat_map(|other| {
            std::iter::once(other.working).chain(other.moved.as_ref().map(|moved| moved.to))
        });
        versions.filter(|version| !own.contains(version)).collect()
    }

    /// What the changelog of the branch that entries are carried to gets.
    fn forwarded(&self) -> Result<String, Fault> {
        let Some((name, here)) = changelog_file(self.context, self.config)? else {
            return Err(Fault::usage(
                "there is no `[changelog]` in the configuration whose entries could be carried forward",
            ));
        };
        let history = &self.project.history;
        let configured = self
            .config
            .changelog
            .as_ref()
            .and_then(|changelog| changelog.forward.clone().flatten());
        let target = configured
            .or_else(|| self.config.pull_request.base.clone())
            .or_else(|| history.default_branch());
        let target =
            target.ok_or_else(|| Fault::usage("which branch entries are carried to is unclear; name it as `forward` in `[changelog]`"))?;
        let at = |branch: &str| {
            let text = history.tip(branch).and_then(|tip| history.text(tip, &name));
            text.ok_or_else(|| {
                Fault::failed(format!(
                    "branch `{branch}` is not here or has no `{name}`; fetch it"
                ))
            })
        };
        if history.branch().as_deref() != Some(target.as_str()) {
            return Ok(changelog::carry_forward(&name, &at(&target)?, &here, &[])?.entry);
        }
        let (mut text, mut carried) = (here, String::new());
        for branch in &self.config.pull_request.also {
            let put = changelog::carry_forward(&name, &text, &at(branch)?, &[])?;
            carried.push_str(&put.entry);
            text = put.text;
        }
        Ok(carried)
    }

    fn pull_request(&self) -> Result<String, Fault> {
        let Some((situation, moved)) = self.only_move()? else {
            return Ok(String::new());
        };
        let version = next_version(
            self.context,
            self.config,
            self.project,
            &self.situations,
            &self.templates,
        )?;
        let corrections: Vec<String> = situation
            .assessment
            .corrections
            .iter()
            .map(ToString::to_string)
            .collect();
        let steps = pull_request::steps(self.config, version.as_deref());
        let series = moved.to.series();
        let crosses = series != moved.from.series();
        let support = self.view.support(series).eol;
        let leaves_series = crosses.then(|| match support {
            Some(eol) => format!("OpenSSL supports {series} until {eol}."),
            None => format!("OpenSSL has not said until when it supports {series}."),
        });
        let pull_request = PullRequest {
            project: &self.config.project.name,
            version: version.as_deref(),
            ships: self.config.project.ships.as_deref(),
            several_links: self.config.links.len() > 1,
            security: moved.is_security(),
            withdrawn: self
                .view
                .release(moved.from)
                .is_some_and(|published| published.withdrawn),
            leaves_series,
            compare: pull_request::compare_url(&self.config.upstream.github, moved.from, moved.to),
            release: pull_request::release_url(&self.config.upstream.github, moved.to),
            corrections: &corrections,
            verified: &[],
            steps: &steps,
            moved,
        };
        let rendered = pull_request.render(&self.templates)?;
        Ok(format!("{}\n\n{}", rendered.title, rendered.body))
    }

    fn advisory(&self) -> Result<String, Fault> {
        let Some((situation, moved)) = self.only_move()?.filter(|(_, moved)| moved.is_security())
        else {
            return Ok(String::new());
        };
        let patched = next_version(
            self.context,
            self.config,
            self.project,
            &self.situations,
            &self.templates,
        )?;
        let history = self.project.carried_by_releases(situation.link, self.facts);
        let package = self
            .config
            .published
            .as_ref()
            .and_then(|published| published.package.as_deref());
        let draft = advisory::Advisory {
            project: &self.config.project.name,
            package: package.unwrap_or(&self.config.project.name),
            ships: self.config.project.ships.as_deref(),
            patched: patched.as_deref(),
            severity: moved
                .fixes
                .first()
                .map(|facts| facts.severity.clone())
                .unwrap_or_default(),
            issues: advisory::issues(moved, &history, patched.as_deref(), self.view),
            references: advisory::references(moved),
            day: self.context.today.to_string(),
            moved,
        };
        draft.render(&self.templates)
    }

    fn vex(&self) -> Result<String, Fault> {
        let standing = |situation: &Situation<'_>| {
            Move::between(
                &situation.link.name,
                situation.working,
                situation.working,
                self.view,
            )
        };
        let moves: Vec<Move> = self
            .situations
            .iter()
            .map(|situation| {
                situation
                    .moved
                    .clone()
                    .unwrap_or_else(|| standing(situation))
            })
            .collect();
        let last = self.project.last.as_ref().map(ToString::to_string);
        let next = next_version(
            self.context,
            self.config,
            self.project,
            &self.situations,
            &self.templates,
        )?;
        let about = vex::About {
            previous: last.as_deref(),
            version: next.as_deref(),
        };
        let document = vex::Document::new(self.config, &moves, about, self.view);
        if document.is_empty() {
            Ok(String::new())
        } else {
            document.render()
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn schema_is_published() {
        crate::text::schema::assert_published::<super::Document<'_>>("draft");
    }
}
