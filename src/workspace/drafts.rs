//! The drafts that a person or a proposal asks for.

use crate::openssl::version::Version;
use crate::paper::draft::{LinkMove, advisory, vex};
use crate::project::changelog::{self, Markup};
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::moves::Situation;
use crate::workspace::paperwork::{Shelf, TellingEntry, changelog_file, next_version, with_told};
use crate::workspace::place;
use crate::workspace::project::Project;
use crate::workspace::pull_request;
use crate::workspace::releases::Releases;

/// What every draft is made of.
pub(crate) struct DraftMaterial<'a> {
    pub(crate) case: &'a Case<'a>,
    pub(crate) project: &'a Project,
    pub(crate) situations: Vec<Situation<'a>>,
}

/// Nothing can be carried forward without a changelog.
pub(crate) fn nothing_to_carry() -> Fault {
    Fault::usage(
        "there is no `[changelog]` in the configuration whose entries could be carried forward",
    )
}

impl DraftMaterial<'_> {
    pub(crate) fn moves(&self) -> impl Iterator<Item = &LinkMove> {
        self.situations
            .iter()
            .filter_map(|situation| situation.moved.as_ref())
    }

    /// The only move, where a draft speaks of one.
    fn only_move(&self) -> Result<Option<(&Situation<'_>, &LinkMove)>, Fault> {
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

    pub(crate) fn changelog(&self) -> Result<String, Fault> {
        let log = self.case.config.changelog.as_ref();
        if let Some(entry) = log.and_then(|log| log.entry.as_ref()) {
            let shelf = Shelf::read(self.case, entry)?;
            let texts = self.moves().map(|moved| Ok(shelf.fragment(moved)?.text));
            return Ok(texts.collect::<Result<Vec<String>, Fault>>()?.join("\n"));
        }
        let file = changelog_file(self.case.tree(), self.case.config)?;
        let markup = file
            .as_ref()
            .and_then(|(name, text)| Markup::of(name, text))
            .unwrap_or(Markup::Markdown);
        let told = self.moves().map(|moved| {
            let others = self.versions_of_others(moved);
            TellingEntry::of(self.case, moved, markup, others)
        });
        let told = told.collect::<Result<Vec<TellingEntry>, Fault>>()?;
        let Some((name, text)) = file else {
            let items = told.iter().map(|one| changelog::item(markup, &one.text));
            return Ok(items.collect());
        };
        Ok(with_told(self.case, self.project, (&name, &text), &told)?.entry)
    }

    /// The OpenSSL versions that other links have or move to.
    fn versions_of_others(&self, moved: &LinkMove) -> Vec<Version> {
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
    pub(crate) fn forwarded(&self) -> Result<String, Fault> {
        let Some((name, here)) = changelog_file(self.case.tree(), self.case.config)? else {
            return Err(nothing_to_carry());
        };
        let history = &self.project.history;
        let configured = self
            .case
            .config
            .changelog
            .as_ref()
            .and_then(|changelog| changelog.forward.clone().flatten());
        let settings = &self.case.config.pull_request;
        let own = place::own(self.case.context, self.case.config)?;
        let named = |name: &String| match &own {
            Some(own) => self.case.session.named(own, &own.remote(), name),
            None => Ok(Some(name.clone())),
        };
        let base = settings.base.as_ref().map(named).transpose()?.flatten();
        let target = configured.or(base).or_else(|| history.default_branch());
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
        for also in &settings.also {
            let Some(branch) = named(also)? else {
                continue;
            };
            let put = changelog::carry_forward(&name, &text, &at(&branch)?, &[])?;
            carried.push_str(&put.entry);
            text = put.text;
        }
        Ok(carried)
    }

    pub(crate) fn pull_request(&self) -> Result<String, Fault> {
        let Some((situation, moved)) = self.only_move()? else {
            return Ok(String::new());
        };
        let config = self.case.config;
        let version = match !config.versions.is_empty() || config.changelog.is_some() {
            true => next_version(self.case, Some(moved))?,
            false => None,
        };
        let words = pull_request::Words {
            moved,
            assessment: &situation.assessment,
            beside: &situation.beside,
            version: version.as_deref(),
            verified: &[],
        };
        let templates = self.case.templates()?;
        let rendered = pull_request::render(config, templates, &self.case.view, &words)?;
        Ok(format!("{}\n\n{}", rendered.title, rendered.body))
    }

    pub(crate) fn advisory(&self) -> Result<String, Fault> {
        let Some((situation, moved)) = self.only_move()? else {
            return Ok(String::new());
        };
        if !moved.has_issues() {
            if moved.unclear {
                self.case.context.note(format!(
                    "there is no advisory to draft, for nobody knows what the move fixes: {}",
                    moved.unanalysed.join(" ").trim_end_matches('.')
                ));
            }
            return Ok(String::new());
        }
        let patched = next_version(self.case, self.moves().next())?;
        let history = Releases::of(self.case, self.project).all(situation.link);
        let moves = [(moved.clone(), history)];
        let draft = advisory::AdvisoryDraft::of(
            self.case.config,
            &moves,
            patched.as_deref(),
            self.case.context.today,
            &self.case.view,
        );
        let templates = self.case.templates()?;
        draft.map_or(Ok(String::new()), |draft| draft.render(templates))
    }

    pub(crate) fn vex(&self) -> Result<String, Fault> {
        let standing = |situation: &Situation<'_>| {
            LinkMove::between(
                &situation.link.name,
                situation.working,
                situation.working,
                &self.case.view,
            )
        };
        let moves: Vec<LinkMove> = self
            .situations
            .iter()
            .map(|situation| {
                situation
                    .moved
                    .clone()
                    .unwrap_or_else(|| standing(situation))
            })
            .collect();
        // Without tags users have what HEAD says; without either nothing can be said of it.
        let (case, project) = (self.case, self.project);
        let stated = || {
            let version = case.config.version()?;
            project.stated_at_head(version, case.context.today)
        };
        let last = project.last.as_ref().map(ToString::to_string);
        let last = last.or_else(stated);
        let releases = Releases::of(case, project);
        let unread: Vec<&str> = self
            .situations
            .iter()
            .filter(|situation| releases.carried_before(situation.link).is_none())
            .map(|situation| situation.link.name.as_str())
            .collect();
        let next = next_version(self.case, self.moves().next())?;
        let about = vex::About {
            previous: last.as_deref(),
            version: next.as_deref(),
            unread: &unread,
        };
        let document = vex::VexDocument::new(self.case.config, &moves, about, &self.case.view);
        if document.is_empty() {
            Ok(String::new())
        } else {
            document.render()
        }
    }
}
