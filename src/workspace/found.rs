//! What a checkout says of the OpenSSL it links, proven on its history and on the next bump.

mod past;
mod proof;
mod replay;

use std::path::Path;

use crate::openssl::upstream::Release;
use crate::outside::git::changes::HistoryPatience;
use crate::outside::git::history::ProjectHistory;
use crate::outside::git::open;
use crate::outside::progress::Progress;
use crate::outside::worktree::{self, Survey, WhyUnread};
use crate::project::config::{Config, ProjectSettings};
use crate::project::discovery::{self, Checkout, Discovery, KeptTexts, Record};
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;
use crate::workspace::session::Session;

/// Files not read that are named to people.
const MOST_UNREAD: usize = 5;

/// A checkout as it was read, before anything is looked for in it.
pub(crate) struct Surveyed {
    checkout: Checkout,
    /// Whether nothing of it was left out.
    all_read: bool,
}

/// What a checkout says.
pub(crate) struct Found {
    pub(crate) discovery: Discovery,
    /// Whether nothing in it names OpenSSL, and everything was read.
    pub(crate) is_silent: bool,
    checkout: Checkout,
}

impl Surveyed {
    /// Reads the checkout.
    ///
    /// # Errors
    ///
    /// A failure where the folder cannot be read.
    pub(crate) fn of(context: &Context) -> Result<Self, Fault> {
        let mut kept = KeptTexts::default();
        let survey = {
            let _progress = Progress::of("reading the checkout");
            open::check_readable(&context.directory)?;
            worktree::survey(
                &context.directory,
                &mut |path, text| kept.choose(path, text),
                &discovery::says_a_release,
            )?
        };
        if survey.cut {
            context.note("warning: the checkout is too large; only a part of it was read");
        }
        let unread = told_of(context, &survey, &kept);
        let all_read = !survey.cut && !unread;
        let mut checkout = Checkout {
            folder: folder_name(&context.directory),
            origin: worktree::origin(&context.directory),
            texts: survey.texts,
            gitlinks: survey.gitlinks,
            tagged: None,
        };
        let settings = ProjectSettings {
            name: discovery::name(&checkout),
            ..ProjectSettings::default()
        };
        let tags = ProjectHistory::of(&context.directory).tags(&settings);
        checkout.tagged = tags.into_iter().next_back().map(|tag| tag.version);
        Ok(Self { checkout, all_read })
    }

    /// Whether nothing in it names OpenSSL, and nothing in it could be one of these releases.
    pub(crate) fn is_silent(&self, releases: &[Release]) -> bool {
        let found = || discovery::discover(&self.checkout, releases, &Record::new(releases));
        self.is_mute() && says_nothing(&found())
    }

    fn is_mute(&self) -> bool {
        self.all_read && !speaks(&self.checkout)
    }

    /// Looks through it; `name` is the configuration's.
    ///
    /// # Errors
    ///
    /// A failure where what was found makes no configuration.
    pub(crate) fn look(
        self,
        session: &Session<'_>,
        facts: &Facts,
        name: &str,
    ) -> Result<Found, Fault> {
        let (is_mute, mut checkout) = (self.is_mute(), self.checkout);
        let (context, releases) = (session.context, &facts.snapshot.releases);
        let patience = HistoryPatience::start();
        let record = past::read(context, &checkout, releases, &patience);
        let mut discovery = discovery::discover(&checkout, releases, &record);
        let is_silent = says_nothing(&discovery) && is_mute;
        let past = (&mut checkout, &record, &patience);
        replay::replay(context, name, facts, past, &mut discovery)?;
        discovery::keep_customs(&mut discovery, &checkout, &record);
        proof::prove(session, name, facts, &checkout, &mut discovery)?;
        discovery::keep_tested(&mut discovery.links);
        Ok(Found {
            discovery,
            is_silent,
            checkout,
        })
    }
}

/// Tells of the files that may pin OpenSSL and were not read; whether there are any.
fn told_of(context: &Context, survey: &Survey, kept: &KeptTexts) -> bool {
    let is_told = |file: &str, why: WhyUnread| match why {
        WhyUnread::TooLarge => {
            file.to_ascii_lowercase().contains("openssl") && !kept.is_openssl_s(file)
        }
        WhyUnread::Encoded | WhyUnread::Named => !kept.is_openssl_s(file),
    };
    let unread = survey.unread.iter();
    let unread: Vec<_> = unread.filter(|(file, why)| is_told(file, *why)).collect();
    for (file, why) in unread.iter().take(MOST_UNREAD) {
        let file = file.escape_debug();
        context.note(match why {
            WhyUnread::TooLarge => format!("warning: `{file}` is too large and was not read"),
            WhyUnread::Encoded => format!(
                "warning: `{file}` names a version of OpenSSL and was not read, because it is not UTF-8; save it as UTF-8"
            ),
            WhyUnread::Named => format!(
                "warning: `{file}` names a version of OpenSSL and was not read, because no configuration can name it; rename it"
            ),
        });
    }
    if unread.len() > MOST_UNREAD {
        let more = unread.len() - MOST_UNREAD;
        let more = crate::text::count(more, "file more", "files more");
        context.note(format!("warning: not read for such a reason: {more}"));
    }
    !unread.is_empty()
}

fn says_nothing(discovery: &Discovery) -> bool {
    discovery.links.is_empty() && discovery.unsure.is_empty()
}

impl Found {
    /// Looks through the checkout; `name` is the configuration's.
    ///
    /// # Errors
    ///
    /// A failure where the folder cannot be read, or where what was found makes no configuration.
    pub(crate) fn look(session: &Session<'_>, facts: &Facts, name: &str) -> Result<Self, Fault> {
        Surveyed::of(session.context)?.look(session, facts, name)
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
