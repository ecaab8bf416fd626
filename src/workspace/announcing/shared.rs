//! What others have recorded: brought in with git, or, where the forge says that it is as it was,
//! remembered.

use crate::outside::git::notes::Notes;
use crate::outside::github::ForgeRepository;
use crate::outside::worktree;
use crate::text::fault::Fault;
use crate::workspace::place::Place;
use crate::workspace::session::Session;

/// The shared record; asked for once.
pub(crate) struct Shared<'a> {
    session: &'a Session<'a>,
    /// The repository at the forge that can say whether anything is new.
    forge: Option<ForgeRepository<'a>>,
    /// Whether something is to be sent.
    execute: bool,
    remembered: Option<Vec<String>>,
    asked: bool,
    /// Why others were not asked for what they have recorded.
    unasked: Option<String>,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(session: &'a Session<'a>, own: Option<&'a Place>, execute: bool) -> Self {
        let origin = worktree::origin(&session.context.directory);
        let is_origin = |place: &&Place| {
            origin
                .as_ref()
                .is_some_and(|origin| origin.eq_ignore_ascii_case(&place.name))
        };
        let forge = own.filter(is_origin).and_then(Place::forge);
        let forge = forge.filter(|forge| forge.has_token());
        Self {
            session,
            forge,
            execute,
            remembered: None,
            asked: session.context.offline,
            unasked: session
                .context
                .offline
                .then(|| "`--offline` forbids to ask others for theirs".to_owned()),
        }
    }

    /// Lets notes know what others have recorded. Without that nothing is sent.
    pub(crate) fn bring(&mut self, notes: &Notes) -> Result<(), Fault> {
        if !std::mem::replace(&mut self.asked, true) {
            self.remembered = self.as_it_was();
            if self.remembered.is_none() {
                self.fetch(notes)?;
            }
        }
        if let Some(lines) = &self.remembered {
            notes.believe(lines.clone());
        }
        Ok(())
    }

    /// Why others were not asked for what they have recorded, where they were not.
    pub(crate) fn unasked(&self) -> Option<&str> {
        self.unasked.as_deref()
    }

    /// The lines, where the forge says that the record is in a state that was seen before. Where it
    /// cannot be asked, git may know more.
    fn as_it_was(&self) -> Option<Vec<String>> {
        let forge = self.forge?;
        match self.session.block_on(forge.notes()).ok()? {
            Some(state) => forge.kept_notes(forge.name(), state.as_str()),
            None => Some(Vec::new()),
        }
    }

    fn fetch(&mut self, notes: &Notes) -> Result<(), Fault> {
        match notes.fetch() {
            Err(fault) if self.execute => Err(fault
                .within("nothing was sent, because the record of what was sent cannot be read")),
            Err(fault) => {
                self.session.context.note(format!(
                    "the record of what was sent is this clone's: {fault}"
                ));
                self.unasked = Some("others could not be asked for theirs".to_owned());
                Ok(())
            }
            Ok(()) => {
                if let (Some(forge), Some((state, lines))) = (self.forge, notes.theirs()?) {
                    forge.keep_notes(forge.name(), &state, &lines);
                }
                Ok(())
            }
        }
    }
}
