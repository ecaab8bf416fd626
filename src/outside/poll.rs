//! Asks every source of upstream at once and joins what they say. Shell: network, cache and disk;
//! what the answers mean is decided in [`crate::openssl::upstream`].

pub(crate) mod mailbox;
pub(crate) mod metadata_folder;

pub(crate) mod archive;
mod asked;
mod asker;
mod memory;
mod metadata;
mod pages;
mod reading;
mod releases;
mod source_page;
mod tags;
mod unreachable;
mod vulnerability_page;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use jiff::civil::Date;
use tokio::time::Instant;

use crate::openssl::upstream::builtin::builtin;
use crate::openssl::upstream::diagnostic::Diagnostic;
use crate::openssl::upstream::merge::{self, Counts, Days, MergedFacts};
use crate::openssl::upstream::{Snapshot, SourceState, Taken};
use crate::outside::http::cache::Cache;
use crate::outside::http::fetch::{Client, FetchError, Meter, Token};
use crate::project::config;
use crate::text::fault::Fault;

use asker::{AskMode, Asker, UpstreamDocument};
use memory::Memory;
use metadata::MetadataPlace;

use asked::{AskedSource, FactKind, FactSource};

/// How long a poll may take, whatever upstream does.
const DEADLINE: Duration = Duration::from_secs(30);

/// What a poll needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Poll<'a> {
    /// The program's HTTP client.
    pub client: &'a Client,
    /// What was fetched before.
    pub cache: &'a Cache,
    pub upstream: &'a config::Upstream,
    /// What a relative `upstream.metadata` is relative to.
    pub directory: &'a Path,
    /// For GitHub's API, see [`token`].
    pub token: Option<&'a Token>,
    /// The day the command answers for, not after the clock's.
    pub today: Date,
    /// The day by the clock.
    pub clock: Date,
    /// Ask nobody: take what the cache holds.
    pub offline: bool,
}

/// What is known of upstream after a poll.
#[derive(Debug, Clone)]
pub(crate) struct Polled {
    /// The facts, with the state of each source. `taken` is the day on which all of them were last
    /// known to be current.
    pub snapshot: Snapshot,
    /// What a user should know: sources that failed or disagree, changes of what was published.
    pub notes: Vec<Diagnostic>,
    /// Oddities of upstream's documents that have been known for long.
    pub remarks: Vec<Diagnostic>,
}

/// The token for upstream's API: the user's, if that API is the one it was made for (DESIGN,
/// "Endpoints and credentials").
pub(crate) fn token(
    environment: &crate::outside::environment::Environment,
    github_api: &str,
) -> Option<Token> {
    let own = environment
        .get("GITHUB_API_URL")
        .unwrap_or("https://api.github.com");
    let (own, asked) = (
        own.parse::<reqwest::Url>().ok()?,
        github_api.parse::<reqwest::Url>().ok()?,
    );
    let secret = environment
        .get("GITHUB_TOKEN")
        .filter(|_| own.origin() == asked.origin())?;
    Token::new(secret, &asked)
}

impl Poll<'_> {
    /// Asks, joins and remembers. `report` is told of each source when it has answered.
    ///
    /// # Errors
    ///
    /// Only if the built-in snapshot cannot be read: upstream may fail as it likes, then what was
    /// known before is all there is, and says so.
    pub(crate) async fn run(&self, report: &dyn Fn(&SourceState)) -> Result<Polled, Fault> {
        let memory = Memory::new(self.cache, self.upstream);
        let deadline = Instant::now() + DEADLINE;
        let mut asked = self
            .ask(
                if self.offline {
                    AskMode::Remember
                } else {
                    AskMode::Ask
                },
                deadline,
                report,
            )
            .await;
        let floor = builtin().map_err(Fault::failed)?;
        let kept = memory
            .merged(&inputs(&asked))
            .filter(|kept| merge::holds(&floor, &kept.snapshot, self.clock));
        let merged = match kept {
            Some(merged) => merged,
            None => {
                if !self.offline && asked.iter().any(|asked| asked.is_lost(self.cache)) {
                    asked = self.ask(AskMode::AskAndRead, deadline, report).await;
                }
                self.merge(floor, &memory, &asked)
            }
        };
        Ok(self.conclude(&memory, &asked, merged))
    }

    async fn ask(
        &self,
        mode: AskMode,
        deadline: Instant,
        report: &dyn Fn(&SourceState),
    ) -> Vec<AskedSource> {
        let one = async |source: FactSource| {
            let asked = self.ask_one(source, mode, deadline).await;
            report(&asked.state(self.offline, &Counts::default()));
            asked
        };
        let [releases, tags, source_page, metadata, vulnerability_page] = FactSource::ALL.map(one);
        let (releases, tags, source_page, metadata, vulnerability_page) =
            tokio::join!(releases, tags, source_page, metadata, vulnerability_page);
        vec![releases, tags, source_page, metadata, vulnerability_page]
    }

    /// Asks one source; where it fails, what the cache holds of it stands in.
    async fn ask_one(&self, source: FactSource, mode: AskMode, deadline: Instant) -> AskedSource {
        let asker = self.asker(mode, deadline);
        let asking = tokio::time::timeout_at(deadline, self.documents(source, &asker)).await;
        let answered = asking.unwrap_or_else(|_| {
            Err(FetchError::elsewhere(
                source.name(),
                "did not answer in time",
            ))
        });
        let (documents, failure) = match answered {
            Ok(documents) => (documents, None),
            Err(failure) => {
                let remembered = self
                    .documents(source, &self.asker(AskMode::Remember, deadline))
                    .await;
                (remembered.unwrap_or_default(), Some(failure))
            }
        };
        let Asker {
            meter, unwritable, ..
        } = asker;
        AskedSource {
            source,
            documents,
            failure,
            requests: meter.requests(),
            bytes: meter.bytes(),
            unwritable: unwritable.into_inner(),
        }
    }

    fn asker(&self, mode: AskMode, deadline: Instant) -> Asker<'_> {
        let Self {
            client,
            cache,
            token,
            ..
        } = *self;
        Asker {
            client,
            cache,
            token,
            deadline,
            mode,
            meter: Meter::default(),
            unwritable: RefCell::default(),
        }
    }

    async fn documents(
        &self,
        source: FactSource,
        asker: &Asker<'_>,
    ) -> Result<Vec<UpstreamDocument>, FetchError> {
        let config::Upstream {
            github_api,
            site,
            metadata,
            ..
        } = self.upstream;
        match source {
            FactSource::Releases => releases::ask(asker, github_api, days(self.today)).await,
            FactSource::Tags => tags::ask(asker, github_api).await,
            FactSource::Downloads => source_page::ask(asker, site).await,
            FactSource::Metadata => {
                metadata::ask(asker, &MetadataPlace::of(metadata, self.directory)).await
            }
            FactSource::Vulnerabilities => vulnerability_page::ask(asker, site).await,
        }
    }

    /// Reads every document and joins them with what was known before.
    fn merge(&self, floor: Snapshot, memory: &Memory<'_>, asked: &[AskedSource]) -> MergedFacts {
        let facts = reading::read(asked, self.cache);
        let merged = merge::merge(floor, memory.last_merged(), &facts, self.days());
        if !self.offline {
            memory.remember_merged(&inputs(asked), &merged);
        }
        merged
    }

    fn days(&self) -> Days {
        Days {
            today: self.today,
            latest: self.clock,
        }
    }

    /// What the poll came to: the joined facts, how each source answered, and how old all that is.
    fn conclude(&self, memory: &Memory<'_>, asked: &[AskedSource], merged: MergedFacts) -> Polled {
        let MergedFacts {
            mut snapshot,
            counts,
            notes,
            remarks,
            ..
        } = merged;
        let dead: Vec<FactKind> = [FactKind::Releases, FactKind::Advisories]
            .into_iter()
            .filter(|kind| !self.offline && kind.is_dead(asked))
            .collect();
        let answered: Vec<&str> = asked
            .iter()
            .filter(|asked| !self.offline && asked.failure.is_none())
            .map(|asked| asked.source.name())
            .collect();
        let confirmed = memory.confirm(&answered, self.days());
        let floor = snapshot.taken;
        let day = |source: &str| match confirmed.get(source) {
            Some(day) if self.today < floor => *day,
            Some(day) => floor.max(*day),
            None => floor,
        };
        let state = |asked: &AskedSource| SourceState {
            taken: Some(day(asked.source.name())),
            ..asked.state(self.offline, &counts)
        };
        snapshot.sources = asked.iter().map(state).collect();
        snapshot.taken = Taken::of(&snapshot).all();
        let mut all = Vec::new();
        if self.offline {
            // Nobody was asked, as the user wished.
        } else if let Some(note) = unreachable::in_one(asked, snapshot.taken) {
            all.extend(asked.iter().flat_map(AskedSource::unwritable));
            all.push(note);
        } else {
            all.extend(asked.iter().flat_map(AskedSource::notes));
            all.extend(dead.iter().map(|kind| dead_note(*kind, snapshot.taken)));
        }
        all.extend(notes);
        // Several sources can have the same trouble, as with a cache that cannot be written.
        let mut seen = BTreeSet::new();
        all.retain(|note| seen.insert(note.to_string()));
        Polled {
            snapshot,
            notes: all,
            remarks,
        }
    }
}

fn dead_note(kind: FactKind, taken: Date) -> Diagnostic {
    let name = kind.name();
    Diagnostic::new(
        name,
        format!(
            "no source of {name} answered: everything said about them rests on what was known on `{taken}`"
        ),
    )
}

/// What identifies the documents that a view of upstream was made from.
fn inputs(asked: &[AskedSource]) -> Vec<(&str, &str)> {
    let documents = asked.iter().flat_map(|asked| &asked.documents);
    documents
        .map(|document| {
            (
                document.stored.key.as_str(),
                document.stored.sha256.as_str(),
            )
        })
        .collect()
}

/// Days since some day.
fn days(today: Date) -> u32 {
    u32::try_from((today - Date::constant(2020, 1, 1)).get_days()).unwrap_or_default()
}
