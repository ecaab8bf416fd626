//! The last bumps of each link, made again with what was found.

use std::collections::BTreeSet;

use super::proof::read;
use crate::outside::git::changes::HistoryPatience;
use crate::outside::git::history::ProjectHistory;
use crate::outside::worktree;
use crate::project::config::{Config, Link};
use crate::project::discovery::moved_along::{self, AlongMaterial, WholeBump};
use crate::project::discovery::replay::{self, Again, Past};
use crate::project::discovery::{Checkout, Discovery, FoundLink, Moved, OwnVersion, Record};
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;

/// Commits that are tried, of each link: those that touched a digit in a file of its pins.
const TRIED: usize = 60;

/// Corrects what was found by the last bumps of each link.
///
/// # Errors
///
/// A failure where what was found makes no configuration.
pub(super) fn replay(
    context: &Context,
    name: &str,
    facts: &Facts,
    (checkout, record, patience): (&mut Checkout, &Record, &HistoryPatience),
    found: &mut Discovery,
) -> Result<(), Fault> {
    let history = ProjectHistory::of(&context.directory);
    let config = read(name, found)?;
    let mut left = Vec::new();
    let bounds = Bounds {
        history: &history,
        facts,
        patience,
    };
    let mut all_pinned: BTreeSet<(String, usize)> = found
        .links
        .iter()
        .flat_map(FoundLink::places)
        .cloned()
        .collect();
    let mut learnt = Vec::new();
    for link in &mut found.links {
        let Some(written) = config.links.iter().find(|one| one.name == link.name) else {
            continue;
        };
        let files: BTreeSet<&str> = link.places().map(|(file, _)| file.as_str()).collect();
        let commits = record.touched(&files);
        let (made, whole) = bounds.again(written, &commits);
        if !whole {
            left.push(link.name.clone());
        }
        replay::learn(link, &made, checkout, &mut found.unsure);
        let before = (link.clone(), found.unsure.clone());
        let whole = bounds.whole(&made);
        read_again(context, checkout, &whole);
        let beside = AlongMaterial {
            checkout,
            releases: &facts.snapshot.releases,
            pinned: &all_pinned,
            own: found.version.iter().flat_map(OwnVersion::written).collect(),
        };
        moved_along::learn(link, &whole, &beside, &mut found.unsure);
        // What moves along with one link moves along with no other.
        all_pinned.extend(link.places().cloned());
        // What is in doubt now is not written, and makes no bump.
        if *link != before.0 && link.doubt.is_none() {
            learnt.push((before, commits, made));
        }
    }
    for (before, commits, made) in learnt {
        // What was learnt has to make the same bumps again, else it was not.
        let name_of = &before.0.name;
        let again = read(name, found).ok().and_then(|config| {
            let written = config.links.iter().find(|one| one.name == *name_of)?;
            Some(bounds.again(written, &commits).0)
        });
        let holds = |again: &Vec<Again>| {
            let worse = |(now, then): (&Again, &Again)| now.differs() && !then.differs();
            again.len() == made.len() && !again.iter().zip(&made).any(worse)
        };
        let Some(link) = found.links.iter_mut().find(|one| one.name == *name_of) else {
            continue;
        };
        if let Some(again) = again.filter(holds) {
            replay::learn(link, &again, checkout, &mut found.unsure);
        } else {
            let (was, doubts) = before;
            *link = was;
            found.unsure.extend(doubts);
        }
    }
    if !left.is_empty() {
        let why = format!(
            "there was no time to make every bump of {} again",
            left.join(", ")
        );
        let bounds = found.bounds.take().into_iter().chain([why]);
        found.bounds = Some(bounds.collect::<Vec<_>>().join("; "));
    }
    found.unsure.sort();
    found.unsure.dedup();
    Ok(())
}

/// Reads the texts that were not kept, of the files that bumps changed.
fn read_again(context: &Context, checkout: &mut Checkout, bumps: &[WholeBump<'_>]) {
    for file in bumps.iter().flat_map(|bump| &bump.files) {
        if let Some(text) = checkout
            .texts
            .get_mut(&file.path)
            .filter(|text| text.is_empty())
        {
            *text = worktree::text_of(&context.directory, &file.path).unwrap_or_default();
        }
    }
}

/// Where bumps are made again, and how long.
struct Bounds<'a> {
    history: &'a ProjectHistory,
    facts: &'a Facts,
    patience: &'a HistoryPatience,
}

impl Bounds<'_> {
    /// The newest bumps of a link, made again, and whether there was time for all.
    fn again(&self, link: &Link, commits: &[Moved]) -> (Vec<Again>, bool) {
        let github = Config::default().upstream.github;
        let mut made = Vec::new();
        for moved in commits.iter().take(TRIED) {
            if self.patience.is_spent() {
                return (made, false);
            }
            let Some((before, after)) = self.history.around(&moved.commit, link) else {
                continue;
            };
            let past = Past {
                before: &before,
                after: &after,
                releases: &self.facts.snapshot.releases,
                moved: moved.clone(),
                github: &github,
            };
            made.extend(replay::again(link, &past));
            if made.len() == replay::MOST {
                break;
            }
        }
        (made, true)
    }

    /// The bumps with everything that their commits did.
    fn whole<'a>(&self, made: &'a [Again]) -> Vec<WholeBump<'a>> {
        let in_time = made.iter().take_while(|_| !self.patience.is_spent());
        let whole = |again: &'a Again| WholeBump {
            again,
            files: self.history.changes(again.commit()),
        };
        in_time.map(whole).collect()
    }
}
