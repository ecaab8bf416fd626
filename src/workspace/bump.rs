//! The change of a bump: pins, the project's own version, the changelog.

mod crates;
mod locks;
mod tarballs;

use schemars::JsonSchema;
use serde::Serialize;

use crate::openssl::advisory::CveId;
use crate::openssl::assessment::{Unanalysed, Verdict};
use crate::openssl::version::Version;
use crate::outside::genuine::Checked;
use crate::paper::report;
use crate::project::change::{self, Change, Move};
use crate::project::config::PinKind;
use crate::project::file_tree::{self, FileTree};
use crate::project::linked;
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::links::{self, Assessed, Chosen};
use crate::workspace::paperwork::Desk;

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Moved")]
pub(crate) struct MovedLink {
    pub(crate) name: String,
    pub(crate) from: Version,
    pub(crate) to: Version,
    #[schemars(with = "String")]
    pub(crate) verdict: Verdict,
    pub(crate) fixes: Vec<CveId>,
    /// Advisories that upstream did not analyse for the series of `from` or of `to`.
    #[schemars(with = "Vec<CveId>")]
    pub(crate) unanalysed: Unanalysed,
}

/// A change with everything there is to say about it.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The file edits.
    pub(crate) change: Change,
    pub(crate) links: Vec<MovedLink>,
    /// The project's own new version, where it is raised.
    pub(crate) project_version: Option<String>,
    /// The version that its next release has, where that is known.
    pub(crate) release: Option<String>,
    pub(crate) tarballs: Vec<(Version, Checked)>,
    /// Whether too little is known of a link to say that it may stay.
    pub(crate) unknown: bool,
}

impl Prepared {
    /// What was checked of every tarball, in sentences.
    pub(crate) fn verified(&self) -> Vec<String> {
        self.tarballs
            .iter()
            .flat_map(|(_, checked)| checked.sentences())
            .collect()
    }

    /// The same with the version, for the tarballs of which `is_asked` holds.
    pub(crate) fn sentences(
        &self,
        is_asked: impl Fn(&Checked) -> bool,
    ) -> impl Iterator<Item = String> {
        let asked = self
            .tarballs
            .iter()
            .filter(move |(_, checked)| is_asked(checked));
        asked.flat_map(|(version, checked)| {
            let sentences = checked.sentences().into_iter();
            sentences
                .map(move |sentence| format!("{version}: {}", crate::text::one_line(&sentence)))
        })
    }
}

/// Works the change out: pins, the project's own version, the changelog. `only`: the other links
/// stay where they are; empty: all may move.
///
/// # Errors
///
/// Whatever is wrong with pins, files or tarballs.
pub(crate) fn prepare(case: &Case<'_>, to: &[String], only: &[&str]) -> Result<Prepared, Fault> {
    let Case {
        context,
        config,
        facts,
        view,
        ..
    } = case;
    let links = links::here(context, config);
    let chosen = Chosen::read(to, (&links, config), view)?;
    let (assessed, mut files) = links::all(case.tree(), &links, &facts.snapshot, view, &chosen)?;
    let moving: Vec<&Assessed<'_>> = assessed
        .iter()
        .filter(|one| only.is_empty() || only.contains(&one.link.name.as_str()))
        .filter(|one| config.is_asked(&one.link.name))
        .filter(|one| moves(context, one, chosen.of(one.link).is_some()))
        .collect();
    let unknown = assessed
        .iter()
        .filter(|one| only.is_empty() || only.contains(&one.link.name.as_str()))
        .any(|one| chosen.of(one.link).is_none() && one.assessment.verdict == Verdict::Unknown);
    if moving.is_empty() {
        return Ok(Prepared {
            change: Change::default(),
            links: Vec::new(),
            project_version: None,
            release: None,
            tarballs: Vec::new(),
            unknown,
        });
    }
    let tarballs = tarballs::gather(case, &moving)?;
    for path in moving.iter().flat_map(|one| tarballs::trees(one.link)) {
        file_tree::load_tree(case.tree(), path, &mut files)?;
    }
    for one in &moving {
        file_tree::load_manifests(case.tree(), one.link, &mut files);
    }
    let stays = |one: &Assessed<'_>| !moving.iter().any(|other| std::ptr::eq(*other, one));
    let beside: Vec<Vec<(Version, Version)>> = assessed
        .iter()
        .map(|one| {
            let moving = one.moving().filter(|_| !stays(one));
            moving.map(|(from, to)| (from.linked, to)).collect()
        })
        .collect();
    let steps: Vec<Move<'_>> = assessed
        .iter()
        .zip(&beside)
        .map(|(one, all)| Move {
            link: one.link,
            linked: &one.linked,
            target: all.first().map_or(one.linked.version, |(_, to)| *to),
            beside: all.get(1..).unwrap_or_default(),
        })
        .collect();
    let crates = crates::checksums(context, &moving, &files)?;
    let values = change::Facts {
        releases: &tarballs.releases,
        trees: &tarballs.trees,
        crates: &crates,
        day: context.today,
        github: &config.upstream.github,
    };
    let mut change = change::bump(&steps, &files, &values)?;
    let left = of_series_before(case.tree(), &steps, &files, &change)?;
    change.unchecked.extend(left);
    let stale = locks::left_behind(case.tree(), &steps, &mut files, &change);
    change.unchecked.extend(stale);
    let written = Desk {
        case,
        moving: &moving,
    }
    .add(change, files)?;
    let links = moving.iter().flat_map(|one| moved(one)).collect();
    Ok(Prepared {
        change: written.change,
        links,
        project_version: written.raised,
        release: written.release,
        tarballs: tarballs.checked,
        unknown,
    })
}

/// What of the series before stays where links cross to another one: values in the files of their
/// pins, and the branch that a submodule follows.
fn of_series_before(
    tree: &dyn FileTree,
    steps: &[Move<'_>],
    files: &linked::Files,
    change: &Change,
) -> Result<Vec<String>, Fault> {
    const MODULES: &str = ".gitmodules";
    let mut left = change::old_series(steps, files, change);
    left.extend(change::old_spelling(steps, files, change));
    let submodules = steps.iter().flat_map(|one| {
        let pins = one.link.pins.iter();
        pins.filter_map(|pin| match &pin.kind {
            PinKind::Submodule(path) => Some((path, (one.linked.version, one.target))),
            _ => None,
        })
    });
    let mut submodules = submodules.peekable();
    if submodules.peek().is_some()
        && let Some(modules) = tree.entry(MODULES)?
        && let Ok(text) = modules.text(MODULES)
    {
        left.extend(submodules.filter_map(|(path, step)| change::old_branch(text, path, step)));
    }
    Ok(left)
}

/// Works out what a move of pins in another repository changes here: the project's own version and
/// the changelog.
pub(crate) fn paperwork(case: &Case<'_>, one: &Assessed<'_>) -> Result<Prepared, Fault> {
    let desk = Desk {
        case,
        moving: &[one],
    };
    let written = desk.add(Change::default(), linked::Files::default())?;
    Ok(Prepared {
        change: written.change,
        links: moved(one).collect(),
        project_version: written.raised,
        release: written.release,
        tarballs: Vec::new(),
        unknown: false,
    })
}

/// Whether a link goes anywhere; where it does not, that is said.
fn moves(context: &Context, one: &Assessed<'_>, chosen: bool) -> bool {
    let (name, linked) = (&one.link.name, one.linked.version);
    match (one.assessment.target, one.assessment.due_on) {
        (Some(target), Some(due)) if !chosen => {
            context.note(format!("{name}: OpenSSL {target} has no security fix and waits until {due}; `--to` moves there now"));
            false
        }
        (Some(_), _) => true,
        (None, _) if chosen => {
            context.note(format!(
                "{name}: OpenSSL {linked} is what `--to` asks for, there is nothing to do"
            ));
            false
        }
        (None, _) if one.assessment.verdict == Verdict::Unknown => {
            context.note(format!(
                "{name}: OpenSSL {linked}: {}; `--to` moves to a version of your choice",
                report::meaning(&one.assessment)
            ));
            false
        }
        (None, _) => {
            context.note(format!(
                "{name}: OpenSSL {linked} is {}, there is nothing to move to",
                one.assessment.verdict
            ));
            false
        }
    }
}

fn moved<'a>(one: &'a Assessed<'_>) -> impl Iterator<Item = MovedLink> + use<'a> {
    one.moving().map(|(assessment, to)| MovedLink {
        name: one.link.name.clone(),
        from: assessment.linked,
        to,
        verdict: assessment.verdict,
        fixes: assessment.fixes.clone(),
        unanalysed: assessment.unanalysed.clone(),
    })
}
