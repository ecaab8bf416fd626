//! The last bumps of each link, made again with what was found.

use std::collections::BTreeSet;

use super::proof::read;
use crate::outside::git::changes::HistoryPatience;
use crate::outside::git::history::ProjectHistory;
use crate::project::config::{Config, PinKind};
use crate::project::discovery::replay::{self, Past};
use crate::project::discovery::{Checkout, Discovery, Record};
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
    (checkout, record, patience): (&Checkout, &Record, &HistoryPatience),
    found: &mut Discovery,
) -> Result<(), Fault> {
    let history = ProjectHistory::of(&context.directory);
    let config = read(name, found)?;
    let github = Config::default().upstream.github;
    let mut left = Vec::new();
    for link in &mut found.links {
        let Some(written) = config.links.iter().find(|one| one.name == link.name) else {
            continue;
        };
        let files: BTreeSet<&str> = link
            .pins
            .iter()
            .flat_map(|pin| &pin.places)
            .map(|(file, _)| file.as_str())
            .collect();
        let is_text = |kind: &PinKind| matches!(kind, PinKind::Text(_));
        if !written.pins.iter().any(|pin| is_text(&pin.kind)) {
            continue;
        }
        let mut made = Vec::new();
        for moved in record.touched(&files).into_iter().take(TRIED) {
            if patience.is_spent() {
                left.push(link.name.clone());
                break;
            }
            let Some((before, after)) = history.around(&moved.commit, written) else {
                continue;
            };
            let past = Past {
                before: &before,
                after: &after,
                releases: &facts.snapshot.releases,
                moved,
                github: &github,
            };
            made.extend(replay::again(written, &past));
            if made.len() == replay::MOST {
                break;
            }
        }
        replay::learn(link, &made, checkout, &mut found.unsure);
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
    Ok(())
}
