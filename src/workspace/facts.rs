//! Upstream's facts for a command: from a snapshot file, from what is built in, or from upstream
//! itself.

use std::path::Path;

use crate::openssl::upstream::pre_announcement::{self, Announced};
use crate::openssl::upstream::{Snapshot, SourceState, State, Taken, View, is_older};
use crate::outside::clock;
use crate::outside::http::cache::Cache;
use crate::outside::http::fetch::Client;
use crate::outside::poll::{self, Poll, Polled, mailbox};
use crate::outside::progress::Progress;
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::session::Session;

/// What a verdict rests on.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Everything known of upstream.
    pub(crate) snapshot: Snapshot,
    /// How each source answered this time.
    pub(crate) sources: Vec<SourceState>,
    /// Whether the facts are older than the configuration allows.
    pub(crate) too_old: bool,
}

impl Facts {
    /// A snapshot, and whether it is too old.
    pub(crate) fn of(snapshot: Snapshot, context: &Context, config: &Config) -> Self {
        Self {
            sources: snapshot.sources.clone(),
            too_old: are_too_old(&snapshot, context, config),
            snapshot,
        }
    }

    /// Says on standard error where they are too old.
    pub(crate) fn note_if_too_old(&self, context: &Context) {
        if self.too_old {
            context.note(
                "upstream's facts are older than `max-age` allows; there may be newer releases",
            );
        }
    }

    /// The facts as of the day the command answers for.
    pub(crate) fn view(&self, context: &Context, config: &Config) -> View<'_> {
        view(&self.snapshot, context, config)
    }
}

/// A snapshot as of the day that a command answers for.
pub(crate) fn view<'a>(snapshot: &'a Snapshot, context: &Context, config: &Config) -> View<'a> {
    let upstream = &config.upstream;
    // Whoever shows what is coming says why the mailbox cannot be read.
    let promised = upstream.announcements.as_ref().and_then(|place| {
        let messages = mailbox::read(&context.path(place.as_ref())).ok()?;
        Some(pre_announcement::promised(
            &messages,
            context.today,
            &upstream.announcers,
        ))
    });
    View::new(snapshot, context.today, &upstream.withdrawn)
        .with_max_age(upstream.max_age)
        .with_promised(promised.unwrap_or_default())
}

/// Whether facts are too old, on the day that a command answers for, to say that nothing is due.
fn are_too_old(snapshot: &Snapshot, context: &Context, config: &Config) -> bool {
    let taken = Taken::of(snapshot).all();
    is_older(taken, context.today, config.upstream.max_age)
}

pub(crate) fn gather(session: &Session<'_>, config: &Config) -> Result<Facts, Fault> {
    let context = session.context;
    if let Some(file) = &context.upstream {
        return of_file(context, config, file);
    }
    let polled = {
        let _progress = Progress::of("asking upstream");
        poll(session, config, &|_| ())?
    };
    for note in &polled.notes {
        context.note(format!("upstream: {note}"));
    }
    Ok(Facts::of(polled.snapshot, context, config))
}

/// Asks upstream, as the command line and the configuration want it.
pub(crate) fn poll(
    session: &Session<'_>,
    config: &Config,
    report: &dyn Fn(&SourceState),
) -> Result<Polled, Fault> {
    ask(session, config, session.context.offline, report)
}

/// What earlier runs have left, without asking anybody.
pub(crate) fn left_by_earlier_runs(
    session: &Session<'_>,
    config: &Config,
) -> Result<Polled, Fault> {
    ask(session, config, true, &|_| ())
}

fn ask(
    session: &Session<'_>,
    config: &Config,
    offline: bool,
    report: &dyn Fn(&SourceState),
) -> Result<Polled, Fault> {
    let context = session.context;
    let cache = Cache::of(&context.environment);
    let client = Client::default();
    let token = poll::token(&context.environment, &config.upstream.github_api);
    let poll = Poll {
        client: &client,
        cache: &cache,
        upstream: &config.upstream,
        directory: &context.directory,
        token: token.as_ref(),
        // A day that is still to come cannot be the day anything was asked.
        today: context.today.min(clock::today()),
        clock: clock::today(),
        offline,
    };
    session.block_on(poll.run(report))
}

fn source(name: &str, state: State, snapshot: &Snapshot) -> SourceState {
    let detail = format!(
        "{} releases, {} advisories, taken {}",
        snapshot.releases.len(),
        snapshot.advisories.len(),
        snapshot.taken
    );
    SourceState {
        name: name.to_owned(),
        state,
        requests: 0,
        bytes: 0,
        detail,
        taken: Some(snapshot.taken),
    }
}

/// The facts of a snapshot file, which is then their only source.
pub(crate) fn of_file(context: &Context, config: &Config, file: &Path) -> Result<Facts, Fault> {
    let text = std::fs::read_to_string(context.path(file)).map_err(|error| {
        Fault::failed(format!(
            "cannot read the snapshot `{}`: {error}",
            file.display()
        ))
    })?;
    let mut snapshot = Snapshot::read(&text).map_err(|message| {
        Fault::failed(format!("`{}` is not a snapshot: {message}", file.display()))
    })?;
    snapshot.sort();
    let name = file.display().to_string();
    Ok(Facts {
        sources: vec![source(&name, State::Snapshot, &snapshot)],
        ..Facts::of(snapshot, context, config)
    })
}

/// The releases that upstream has said are coming, from the mailbox that the configuration names.
pub(crate) fn announced(
    context: &Context,
    config: &Config,
    upstream: &View<'_>,
) -> Result<Vec<Announced>, Fault> {
    let Some(place) = &config.upstream.announcements else {
        return Ok(Vec::new());
    };
    Ok(pre_announcement::announced(
        &mailbox::read(&context.path(place.as_ref()))?,
        upstream,
        &config.upstream.announcers,
    ))
}
