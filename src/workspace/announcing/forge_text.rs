//! The text of a release on the forge: what would be written, and with `--execute` is.

use schemars::JsonSchema;
use serde::Serialize;

use super::subject::Subject;
use crate::outside::git::history::Tag;
use crate::outside::github::{ForgeRepository, NewRelease};
use crate::paper::announcement::release_text::{self, TextPart};
use crate::text::fault::Fault;
use crate::workspace::place::Place;
use crate::workspace::session::Session;

/// What is done about the text of a release, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct ForgeText {
    /// The release's tag.
    pub(crate) tag: String,
    /// What is to be done.
    pub(crate) action: Action,
    /// Why nothing is done, or the page of the release.
    pub(crate) detail: String,
    /// Whether this run did it.
    pub(crate) done: bool,
    /// The text of the whole release, as it is to be; empty where nothing is to be done.
    text: String,
    #[serde(skip)]
    id: u64,
    /// Whether our part stands in the text of the release already, as it is or was.
    #[serde(skip)]
    pub(super) ours: bool,
}

/// What is to be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    /// The tag has no release: make one.
    Create,
    /// Put our part into the text of the release.
    Update,
    /// It says so already.
    Stands,
    /// It cannot be done, for now.
    Left,
}

/// The forge of a project, where the token may write there.
fn writable(place: &Place) -> Option<ForgeRepository<'_>> {
    place.forge().filter(|forge| forge.has_token())
}

/// Whether releases of a project can have a text.
pub(crate) fn possible(place: Option<&Place>) -> bool {
    place.is_some_and(|place| writable(place).is_some())
}

/// What is to be done; none where the subject is no release that is tagged, or there is no forge
/// and token.
pub(crate) fn plan(
    session: &Session<'_>,
    place: &Place,
    subject: &Subject,
) -> Result<Option<ForgeText>, Fault> {
    let (Some(forge), Some(ours), Some(tag)) =
        (writable(place), &subject.release_text, &subject.tag)
    else {
        return Ok(None);
    };
    let planned = |action, detail: &str, text: String, id| ForgeText {
        tag: tag.name.clone(),
        action,
        detail: detail.to_owned(),
        done: false,
        text,
        id,
        ours: false,
    };
    let Some(release) = session.block_on(forge.release(&tag.name))? else {
        // Making a release for a tag that is missing would make the tag, and humans tag.
        let has_tag = session.block_on(forge.has_tag(&tag.name))?;
        return Ok(Some(match has_tag {
            true => planned(Action::Create, "", release_text::alone(ours), 0),
            false => planned(
                Action::Left,
                "the forge does not have the tag yet",
                String::new(),
                0,
            ),
        }));
    };
    if release.draft {
        return Ok(Some(planned(
            Action::Left,
            "its release is a draft; publish it, then run again",
            String::new(),
            0,
        )));
    }
    let mut found = match release_text::with(&release.body, ours) {
        TextPart::Stands => planned(Action::Stands, &release.url, String::new(), 0),
        TextPart::Unclear(why) => planned(Action::Left, why, String::new(), 0),
        TextPart::Put(text) => planned(Action::Update, &release.url, text, release.id),
    };
    found.ours = release_text::has_part(&release.body);
    Ok(Some(found))
}

impl ForgeText {
    /// Does it.
    pub(crate) fn write(
        &mut self,
        session: &Session<'_>,
        place: &Place,
        project: &str,
        tag: &Tag,
    ) -> Result<(), Fault> {
        let Some(forge) = writable(place) else {
            return Ok(());
        };
        match self.action {
            Action::Create => {
                let (name, prerelease) = (
                    format!("{project} {}", tag.version),
                    tag.version.is_prerelease(),
                );
                let release = NewRelease {
                    tag: &tag.name,
                    name: &name,
                    body: &self.text,
                    prerelease,
                };
                self.detail = session.block_on(forge.create_release(&release))?;
            }
            Action::Update => {
                session.block_on(forge.update_release(self.id, &self.text))?;
            }
            Action::Stands | Action::Left => return Ok(()),
        }
        self.done = true;
        Ok(())
    }

    /// Does nothing about it, for now and for this reason.
    pub(super) fn leave(&mut self, why: String) {
        (self.action, self.detail) = (Action::Left, why);
        self.text.clear();
    }

    /// Whether it is left as it is although it does not say so.
    pub(crate) fn is_left(&self) -> bool {
        self.action == Action::Left
    }

    /// Whether something is to be done, or was done.
    pub(crate) fn acts(&self) -> bool {
        matches!(self.action, Action::Create | Action::Update)
    }

    /// In words, for people.
    pub(crate) fn in_words(&self) -> String {
        let Self {
            tag,
            detail,
            text,
            done,
            ..
        } = self;
        match (self.action, done) {
            (Action::Create, true) => {
                format!("made the release of `{tag}` on the forge: {detail}\n")
            }
            (Action::Update, true) => {
                format!("changed the text of the release of `{tag}`: {detail}\n")
            }
            (Action::Create, false) => {
                format!("make the release of `{tag}` on the forge, with the text:\n\n{text}")
            }
            (Action::Update, false) => {
                format!("change the text of the release of `{tag}` ({detail}) to:\n\n{text}")
            }
            (Action::Stands, _) => {
                format!("the release of `{tag}` on the forge says so: {detail}\n")
            }
            (Action::Left, _) => {
                format!("the release of `{tag}` on the forge is left as it is: {detail}\n")
            }
        }
    }
}
