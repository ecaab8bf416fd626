//! The values of releases that pins ask for: from verified tarballs, or offline from what is known.

use std::collections::{BTreeMap, BTreeSet};

use crate::openssl::tarball::EntryKind;
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::outside::genuine as verified;
use crate::outside::genuine::{Checked, Demands, Source, Verified};
use crate::outside::http::cache::Cache;
use crate::outside::http::fetch::Client;
use crate::outside::progress::Progress;
use crate::project::config::{Config, Link, PinKind};
use crate::project::file_entry::{FileEntry, FileMode};
use crate::project::linked;
use crate::project::pattern::Placeholder;
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::links::Assessed;
use crate::workspace::session::Session;

/// What is known of releases once their tarballs have been looked at.
pub(crate) struct Tarballs {
    /// Every release, those that were looked at with every value.
    pub(crate) releases: Vec<Release>,
    /// Source trees, where a link vendors one.
    pub(crate) trees: BTreeMap<Version, BTreeMap<String, FileEntry>>,
    /// What was checked of each target.
    pub(crate) checked: Vec<(Version, Checked)>,
}

/// The vendored trees of a link.
pub(crate) fn trees(link: &Link) -> impl Iterator<Item = &str> {
    link.pins.iter().filter_map(|pin| match &pin.kind {
        PinKind::Tree(path) => Some(path.as_str()),
        _ => None,
    })
}

/// Looks at the tarballs that the moving links need.
pub(crate) fn gather(case: &Case<'_>, moving: &[&Assessed<'_>]) -> Result<Tarballs, Fault> {
    let mut gathered = Tarballs {
        releases: case.facts.snapshot.releases.clone(),
        trees: BTreeMap::new(),
        checked: Vec::new(),
    };
    let fetcher = Fetcher::new(case)?;
    let steps = moving
        .iter()
        .flat_map(|one| one.moving().map(move |step| (one, step)));
    for (one, (from, target)) in steps {
        let asked: BTreeSet<Placeholder> = linked::asks_for(one.link)
            .into_iter()
            .filter(|slot| slot.is_fingerprint())
            .collect();
        let vendored = trees(one.link).next().is_some();
        if (vendored || !asked.is_empty())
            && !gathered.checked.iter().any(|(known, _)| *known == target)
        {
            let verified = fetcher.obtain(target, case.facts.snapshot.release(target))?;
            gathered.checked.push((target, verified.checked.clone()));
            gathered.take(&verified, vendored)?;
        }
        if asked.contains(&Placeholder::Commit)
            && !knows(&gathered.releases, Placeholder::Commit, target)
        {
            gathered.commit(target, fetcher.tag_commit(target)?);
        }
        let old = from.linked;
        let unknown = asked
            .iter()
            .any(|slot| !knows(&gathered.releases, *slot, old));
        if vendored || unknown {
            // What the old release had is only there to compare with: without it the bump is
            // reported as unchecked.
            match fetcher.obtain(old, case.facts.snapshot.release(old)) {
                Ok(verified) => gathered.take(&verified, vendored && verified.entries().is_ok())?,
                Err(fault) => case.context.note(format!(
                    "cannot look at OpenSSL {old} to compare with: {fault}"
                )),
            }
        }
    }
    Ok(gathered)
}

impl Tarballs {
    fn commit(&mut self, version: Version, commit: Option<String>) {
        if let Some(release) = self
            .releases
            .iter_mut()
            .find(|release| release.version == version)
        {
            release.commit = commit;
        }
    }

    /// Takes the values of one release over.
    fn take(&mut self, verified: &Verified, vendored: bool) -> Result<(), Fault> {
        if vendored {
            let entries = verified
                .entries()?
                .into_iter()
                .map(|entry| (entry.path, content(entry.kind)));
            self.trees.insert(verified.version, entries.collect());
        }
        if let Some(release) = self
            .releases
            .iter_mut()
            .find(|release| release.version == verified.version)
        {
            release.hashes = verified.hashes.clone();
            release.size = verified.size.or(release.size);
            release.commit = verified.commit.clone().or(release.commit.take());
        }
        Ok(())
    }
}

fn content(kind: EntryKind) -> FileEntry {
    match kind {
        EntryKind::File {
            contents,
            executable,
        } => FileEntry {
            mode: if executable {
                FileMode::Executable
            } else {
                FileMode::Regular
            },
            bytes: contents,
        },
        EntryKind::Symlink { target } => FileEntry {
            mode: FileMode::Symlink,
            bytes: target.into_bytes(),
        },
    }
}

fn knows(releases: &[Release], slot: Placeholder, version: Version) -> bool {
    releases
        .iter()
        .find(|release| release.version == version)
        .is_some_and(|release| match slot.hexadecimal() {
            Placeholder::Sha256 => release.hashes.sha256.is_some(),
            Placeholder::Sha512 => release.hashes.sha512.is_some(),
            Placeholder::Sha1 => release.hashes.sha1.is_some(),
            Placeholder::Md5 => release.hashes.md5.is_some(),
            Placeholder::Size => release.size.is_some(),
            Placeholder::Commit => release.commit.is_some(),
            _ => true,
        })
}

/// Fetches tarballs and checks them; offline it looks at what is at hand.
struct Fetcher<'a> {
    session: &'a Session<'a>,
    context: &'a Context,
    config: &'a Config,
    client: Client,
    cache: Cache,
    demands: Demands,
}

impl<'a> Fetcher<'a> {
    fn new(case: &Case<'a>) -> Result<Self, Fault> {
        let Case {
            session,
            context,
            config,
            ..
        } = *case;
        let demands = Demands::of(&config.upstream, &context.directory, context.today)?;
        Ok(Self {
            session,
            context,
            config,
            client: Client::default(),
            cache: Cache::of(&context.environment),
            demands,
        })
    }

    fn obtain(&self, version: Version, known: Option<&Release>) -> Result<Verified, Fault> {
        if self.context.offline {
            return Ok(verified::offline(version, known, &self.cache));
        }
        let progress = Progress::counted(&format!("openssl-{version}.tar.gz"), 0);
        let mut reached = |done, of| progress.reached(done, of);
        self.ask(async |source| source.obtain(version, known, &mut reached).await)
    }

    /// The commit of a release's tag, where its tarball does not say it.
    fn tag_commit(&self, version: Version) -> Result<Option<String>, Fault> {
        if self.context.offline {
            return Ok(None);
        }
        self.ask(async |source| Ok(source.tag_commit(version).await?))
    }

    fn ask<T>(
        &self,
        question: impl AsyncFnOnce(Source<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let upstream = &self.config.upstream;
        let token = crate::outside::poll::token(&self.context.environment, &upstream.github_api);
        let source = Source {
            client: &self.client,
            cache: &self.cache,
            github: &upstream.github,
            github_api: &upstream.github_api,
            site: &upstream.site,
            token: token.as_ref(),
            keys: &self.demands.keys,
            trust: self.demands.trust.as_ref(),
        };
        self.session.block_on(question(source))
    }
}
