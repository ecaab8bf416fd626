//! `draft`: one draft on standard output, and nothing where there is nothing to say.

use schemars::JsonSchema;
use serde::Serialize;

use super::report::Report;
use crate::cli::{AnnouncementKind, DraftArguments, DraftKind, Format};
use crate::openssl::assessment;
use crate::openssl::version::Version;
use crate::paper::announcement::MessageKind;
use crate::paper::draft::{LinkMove, explain};
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::text::in_words;
use crate::workspace::beforehand::{self, Intent};
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::drafts::DraftMaterial;
use crate::workspace::moves::Situation;
use crate::workspace::session::Session;
use crate::workspace::{announcing, drafts, facts, moves};

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check draft --format json")]
struct DraftJson<'a> {
    schema: u32,
    /// Which draft.
    draft: &'static str,
    /// The moves that it speaks of.
    moves: Vec<MoveEntry<'a>>,
    /// The draft as `--format text` prints it, or what `--explain` says; empty where there is nothing to say.
    text: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct MoveEntry<'a> {
    link: &'a str,
    from: Version,
    to: Version,
}

pub(crate) fn run(session: &Session<'_>, asked: &DraftArguments) -> Result<Report, Fault> {
    check(asked)?;
    let context = session.context;
    if asked.explain {
        return explained(context, asked);
    }
    let config = context.config_with_links()?.shipped();
    possible(context, &config, asked)?;
    let facts = facts::gather(session, &config)?;
    let case = Case::new(session, &config, &facts);
    if asked.draft == DraftKind::Announcement {
        let material =
            announcing::Material::of(&case, moves::read(&case)?, asked.because.as_deref())?;
        case.note_unasked();
        check_known(&case, &material.situations, asked)?;
        let (text, moves, waits) = announcement(&material, asked)?;
        if waits {
            context.note(waited_for(&config));
        }
        return report(context, asked, text, &moves);
    }
    let material = DraftMaterial {
        case: &case,
        project: case.project()?,
        situations: moves::read(&case)?,
    };
    case.note_unasked();
    check_known(&case, &material.situations, asked)?;
    let text = match asked.draft {
        DraftKind::Changelog if asked.forward => material.forwarded()?,
        DraftKind::Changelog => material.changelog()?,
        DraftKind::PullRequest => material.pull_request()?,
        DraftKind::Advisory => material.advisory()?,
        DraftKind::Vex => material.vex()?,
        DraftKind::Announcement => String::new(),
    };
    let moves: Vec<LinkMove> = material.moves().cloned().collect();
    report(context, asked, text, &moves)
}

/// Whether the facts say what a draft rests on. What is only carried forward, and a correction of
/// what is tagged, do not rest on them: there it is said and no obstacle.
///
/// # Errors
///
/// A failure with what they lack: whoever writes the draft into a file must not have one that calls
/// what is not known fixed, or not affected.
fn check_known(
    case: &Case<'_>,
    situations: &[Situation<'_>],
    asked: &DraftArguments,
) -> Result<(), Fault> {
    let unknown = moves::unknown(situations);
    let lacking = assessment::lacking_facts(&case.view).map(|why| why.to_string());
    // What is known to be due stays due, and so does what is said of it.
    let is_due = situations.iter().any(|one| one.assessment.target.is_some());
    let is_apart = asked.forward || asked.kind == Some(AnnouncementKind::Correction);
    if (unknown.is_empty() && (lacking.is_none() || is_due)) || is_apart {
        unknown
            .iter()
            .chain(&lacking)
            .for_each(|one| case.context.note(one));
        return Ok(());
    }
    let why = if unknown.is_empty() {
        lacking.into_iter().collect()
    } else {
        unknown
    };
    Err(Fault::failed(format!(
        "nothing is drafted, because it is not known what is due: {}; `release-check upstream` shows which source to mend",
        why.join("; ")
    )))
}

/// The templates of a draft, and what they may use.
fn explained(context: &Context, asked: &DraftArguments) -> Result<Report, Fault> {
    let text = match asked.draft {
        DraftKind::Changelog if asked.forward => explain::forward(),
        DraftKind::Changelog => explain::changelog(),
        DraftKind::Announcement => explain::announcement(),
        DraftKind::PullRequest => explain::pull_request(),
        DraftKind::Advisory => explain::advisory(),
        DraftKind::Vex => {
            return Err(Fault::usage(
                "OpenVEX is a document for programs and has no template",
            ));
        }
    };
    report(context, asked, text, &[])
}

/// The draft as the user wants to see it.
fn report(
    context: &Context,
    asked: &DraftArguments,
    text: String,
    moves: &[LinkMove],
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
    let document = DraftJson {
        schema: 1,
        draft: name(asked.draft),
        moves,
        text: &text,
    };
    Ok(Report::done(crate::paper::report::pretty(&document)))
}

/// What keeps the announcement of a release that is still to come from being sent.
fn waited_for(config: &Config) -> String {
    let mut steps = vec!["the pull request merged", "the release tagged"];
    if config.published.is_some() {
        steps.push("its files published and verified on every platform");
    }
    if config.announcement.is_none() {
        steps.push("`[announcement]` in the configuration");
    }
    format!(
        "not to be sent yet: `announce --execute` waits for {}",
        in_words(steps)
    )
}

/// The announcement, the moves that it speaks of, and whether it is of a release still to come.
fn announcement(
    material: &announcing::Material<'_>,
    asked: &DraftArguments,
) -> Result<(String, Vec<LinkMove>, bool), Fault> {
    let subject = match asked.kind.map(AnnouncementKind::kind) {
        None => material.due()?,
        Some(MessageKind::Note) => material.pending()?,
        Some(MessageKind::Release) => material.coming(MessageKind::Release)?,
        Some(MessageKind::Correction) => match &material.project.last {
            Some(newest) => material.released(MessageKind::Correction, newest)?,
            None => None,
        },
    };
    let Some(subject) = subject else {
        return Ok((String::new(), Vec::new(), false));
    };
    let text = match (&subject.message, asked.body) {
        (_, true) => subject.rendered.body,
        (Some(message), false) => message.to_eml(),
        (None, false) => return Err(no_lists()),
    };
    // A note has no moves, a correction a tag.
    let waits = subject.tag.is_none() && !subject.moves.is_empty();
    Ok((text, subject.moves, waits))
}

/// Refuses what cannot be drafted whatever upstream says.
fn possible(context: &Context, config: &Config, asked: &DraftArguments) -> Result<(), Fault> {
    match asked.draft {
        DraftKind::Announcement if config.announcement.is_none() && !asked.body => {
            return Err(no_lists());
        }
        DraftKind::Changelog if asked.forward && config.changelog.is_none() => {
            return Err(drafts::nothing_to_carry());
        }
        _ => {}
    }
    let entry = matches!(asked.draft, DraftKind::Changelog | DraftKind::Announcement);
    beforehand::check(context, config, Intent::Draft { entry })
}

fn no_lists() -> Fault {
    Fault::usage(
        "there is no `[announcement]` in the configuration; add it with `from` and `to`, or use `--body`",
    )
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

fn check(asked: &DraftArguments) -> Result<(), Fault> {
    if asked.body && asked.draft != DraftKind::Announcement {
        return Err(Fault::usage("`--body` is for `draft announcement` only"));
    }
    if (asked.kind.is_some() || asked.because.is_some()) && asked.draft != DraftKind::Announcement {
        return Err(Fault::usage(
            "`--kind` and `--because` are for `draft announcement` only",
        ));
    }
    announcing::check(
        asked.kind.map(AnnouncementKind::kind),
        asked.because.as_deref(),
    )?;
    if asked.forward && asked.draft != DraftKind::Changelog {
        return Err(Fault::usage("`--forward` is for `draft changelog` only"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn schema_is_published() {
        crate::text::schema::assert_published::<super::DraftJson<'_>>("draft");
    }
}
