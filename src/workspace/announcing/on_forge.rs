//! What a release says on the forge: written when it is announced, and kept true after that.

use super::asking::Asking;
use super::conditions;
use super::forge_text::{self, ForgeText};
use super::subject::Subject;
use crate::openssl::upstream::State;
use crate::text::fault::Fault;

/// Looks at the release's text on the forge, and writes it where that is asked for.
///
/// # Errors
///
/// If the forge refuses what is to be written.
pub(super) fn told(
    asking: &Asking<'_>,
    subject: &Subject,
    write: bool,
) -> Result<Option<ForgeText>, Fault> {
    match looked_up(asking, subject, write)? {
        Some(planned) => written(asking, subject, planned, write).map(Some),
        None => Ok(None),
    }
}

/// The same of a release that was announced: its text follows what is known by now, and never what
/// is not known. `ours_alone`: only where our part stands there.
///
/// # Errors
///
/// If the forge refuses what is to be written.
pub(super) fn revised(
    asking: &Asking<'_>,
    subject: &Subject,
    ours_alone: bool,
    write: bool,
) -> Result<Option<ForgeText>, Fault> {
    let Some(mut planned) = looked_up(asking, subject, write)? else {
        return Ok(None);
    };
    if ours_alone && !planned.ours {
        return Ok(None);
    }
    if let (true, Some(why)) = (planned.acts(), unsure(asking, subject)) {
        planned.leave(why);
    }
    written(asking, subject, planned, write).map(Some)
}

/// Why what is known by now may be less than what was known when the text was written.
fn unsure(asking: &Asking<'_>, subject: &Subject) -> Option<String> {
    let case = asking.case;
    if let Some(untold) = conditions::untold(case, subject).next() {
        return Some(untold.detail);
    }
    let mut sources = case.facts.sources.iter();
    let failed = sources.find(|source| source.state == State::Failed)?;
    Some(format!(
        "upstream's source `{}` failed; run again once it answers",
        failed.name
    ))
}

fn looked_up(
    asking: &Asking<'_>,
    subject: &Subject,
    write: bool,
) -> Result<Option<ForgeText>, Fault> {
    let Some(own) = asking.own else {
        return Ok(None);
    };
    match forge_text::plan(asking.case.session, own, subject) {
        Err(fault) if !write => {
            asking.case.context.note(format!(
                "the release on the forge could not be looked at: {fault}"
            ));
            Ok(None)
        }
        planned => planned,
    }
}

fn written(
    asking: &Asking<'_>,
    subject: &Subject,
    mut planned: ForgeText,
    write: bool,
) -> Result<ForgeText, Fault> {
    if let (true, Some(own), Some(tag)) = (write, asking.own, &subject.tag) {
        let project = &asking.case.config.project.name;
        planned.write(asking.case.session, own, project, tag)?;
    }
    Ok(planned)
}
