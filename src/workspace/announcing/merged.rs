//! Whether what a release moves was merged: a tag's own pins are the proof, and the forge knows the
//! pull requests.

use super::asking::Asking;
use super::subject::Subject;
use crate::paper::announcement::told::Condition;
use crate::paper::draft::LinkMove;
use crate::plan::proposal::Purpose;
use crate::plan::proposal::facts::{Pull, PullState};
use crate::project::config::Link;
use crate::text::fault::Fault;
use crate::workspace::place::{self, Place};

const NAME: &str = "pull request merged";

enum MoveMerged {
    Yes(String),
    No(String),
    Unknown(String),
}

/// The condition that every move was merged.
pub(crate) fn condition(asking: &Asking<'_>, subject: &Subject) -> Condition {
    let others = place::others(asking.case.context, asking.case.config);
    let (mut yes, mut no, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for moved in &subject.moves {
        let Some(link) = asking.case.config.link(&moved.link) else {
            continue;
        };
        match one(asking, &others, subject, link, moved) {
            MoveMerged::Yes(why) => yes.push(why),
            MoveMerged::No(why) => no.push(why),
            MoveMerged::Unknown(why) => unknown.push(why),
        }
    }
    match (no.is_empty(), unknown.is_empty()) {
        (false, _) => Condition::fails(NAME, no.join("; ")),
        (true, false) => Condition::unchecked(NAME, unknown.join("; ")),
        (true, true) => Condition::holds(NAME, yes.join("; ")),
    }
}

fn one(
    asking: &Asking<'_>,
    others: &Result<Vec<Place>, Fault>,
    subject: &Subject,
    link: &Link,
    moved: &LinkMove,
) -> MoveMerged {
    let elsewhere = link
        .repository
        .as_deref()
        .filter(|_| !place::is_here(asking.case.context, asking.case.config, link));
    let place = match (elsewhere, others) {
        (None, _) => asking.own,
        (Some(_), Err(fault)) => return MoveMerged::Unknown(fault.to_string()),
        (Some(name), Ok(others)) => others
            .iter()
            .find(|place| place.name.eq_ignore_ascii_case(name)),
    };
    let what = format!("OpenSSL {} instead of {}", moved.to, moved.from);
    let pull = place.map_or(Ok(None), |place| {
        let also = subject.branch.clone().filter(|_| elsewhere.is_none());
        pull(asking, place, moved, also)
    });
    match (elsewhere, &subject.tag, pull) {
        (None, Some(tag), pull) => {
            let merged = pull
                .ok()
                .flatten()
                .filter(|pull| pull.state == PullState::Merged);
            let number = merged.map_or_else(String::new, |pull| {
                format!(", as #{} brought it", pull.number)
            });
            MoveMerged::Yes(format!("`{}` has {what}{number}", tag.name))
        }
        (_, _, Ok(Some(pull))) if pull.state == PullState::Merged => {
            MoveMerged::Yes(format!("#{} has brought {what}: {}", pull.number, pull.url))
        }
        (_, _, Ok(Some(pull))) if pull.state == PullState::Open => {
            MoveMerged::No(format!("#{} is still open: {}", pull.number, pull.url))
        }
        (Some(name), Some(tag), Ok(_)) => {
            MoveMerged::Yes(format!("`{name}` had {what} when `{}` was made", tag.name))
        }
        (Some(name), _, Err(fault)) => MoveMerged::Unknown(format!(
            "the pins are in `{name}`, which could not be asked: {fault}"
        )),
        (Some(name), ..) => MoveMerged::Unknown(format!(
            "the pins are in `{name}`, where no pull request of ours is known"
        )),
        (None, None, _) => MoveMerged::No(format!("no release has {what} yet")),
    }
}

/// The PR that brought a move, where the forge can be asked.
fn pull(
    asking: &Asking<'_>,
    place: &Place,
    moved: &LinkMove,
    also: Option<String>,
) -> Result<Option<Pull>, Fault> {
    let Some(forge) = place.forge().filter(|forge| forge.has_token()) else {
        return Ok(None);
    };
    let branch = Purpose::Bump {
        link: moved.link.clone(),
        target: moved.to,
        also,
        beside: None,
    }
    .branch();
    Ok(asking.case.session.block_on(forge.pull_of(&branch))?)
}
