//! What a checkout says of the OpenSSL it links, proven on its history and on the next bump.

mod past;
mod proof;
mod replay;

use std::path::Path;

use crate::outside::git::open;
use crate::outside::progress::Progress;
use crate::outside::worktree;
use crate::project::config::Config;
use crate::project::discovery::{self, Checkout, Discovery};
use crate::text::fault::Fault;
use crate::workspace::facts::Facts;
use crate::workspace::session::Session;

/// What a checkout says.
pub(crate) struct Found {
    pub(crate) discovery: Discovery,
    /// Whether nothing in it names OpenSSL, and everything was read.
    pub(crate) is_silent: bool,
    checkout: Checkout,
}

impl Found {
    /// Looks through the checkout; `name` is the configuration's.
    ///
    /// # Errors
    ///
    /// A failure where the folder cannot be read, or where what was found makes no configuration.
    pub(crate) fn look(session: &Session<'_>, facts: &Facts, name: &str) -> Result<Self, Fault> {
        let context = session.context;
        let survey = {
            let _progress = Progress::of("reading the checkout");
            open::check_readable(&context.directory)?;
            worktree::survey(&context.directory)?
        };
        if survey.cut {
            context.note("warning: the checkout is too large; only a part of it was read");
        }
        let mut all_read = !survey.cut;
        for file in survey
            .too_large
            .iter()
            .filter(|file| file.to_ascii_lowercase().contains("openssl"))
        {
            all_read = false;
            context.note(format!("warning: `{file}` is too large and was not read"));
        }
        let checkout = Checkout {
            folder: folder_name(&context.directory),
            origin: worktree::origin(&context.directory),
            texts: survey.texts,
            gitlinks: survey.gitlinks,
        };
        let releases = &facts.snapshot.releases;
        let record = past::read(context, &checkout, releases);
        let mut discovery = discovery::discover(&checkout, releases, &record);
        let is_silent = discovery.links.is_empty()
            && discovery.unsure.is_empty()
            && all_read
            && !speaks(&checkout);
        replay::replay(context, name, facts, (&checkout, &record), &mut discovery)?;
        proof::prove(session, name, facts, &checkout, &mut discovery)?;
        Ok(Self {
            discovery,
            is_silent,
            checkout,
        })
    }

    /// The text of the configuration: of one that stands, with what it does not have yet; where
    /// that is none, a new one.
    pub(crate) fn text(&self, name: &str, standing: Option<&str>) -> String {
        let read = standing.and_then(|text| Some((text, Config::read(name, text).ok()?)));
        match read {
            Some((text, config)) => {
                discovery::added(&self.discovery, &self.checkout, &config, text)
            }
            None => discovery::config(&self.discovery),
        }
    }

    /// The configuration that it makes.
    ///
    /// # Errors
    ///
    /// A failure where it makes none.
    pub(crate) fn config(&self, name: &str) -> Result<Config, Fault> {
        Config::read(name, &discovery::config(&self.discovery))
    }
}

/// The folder's own name.
fn folder_name(directory: &Path) -> String {
    let full = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    full.file_name().map_or_else(
        || "project".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// Whether a path or a text names OpenSSL; then a pin may have been missed.
fn speaks(checkout: &Checkout) -> bool {
    let names = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("openssl") || text.contains("libssl")
    };
    checkout.gitlinks.keys().any(|path| names(path))
        || checkout
            .texts
            .iter()
            .any(|(path, text)| names(path) || names(text))
}
