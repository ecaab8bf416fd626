//! `affected VERSION` for people: how bad it is, the grave ones by name, the others in numbers, and
//! where to go.

use std::cmp::Reverse;

use super::entry::{AffectedVersion, AffectingJson};
use crate::openssl::advisory::Severity;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::text::style::{Look, Tone};
use crate::text::{count, in_words, one_line};

/// Advisories that are named; of more there is a number.
const NAMED: usize = 4;

/// What affects a version; with `list` every advisory by name.
pub(super) fn text(entry: &AffectedVersion, upstream: &View<'_>, look: Look, list: bool) -> String {
    let mut all: Vec<&AffectingJson> = entry.advisories.iter().collect();
    all.sort_by_key(|known| (known.disputed, Reverse(known.severity.gravity()), known.id));
    let mut out = headline(entry, &all, upstream, look);
    // What upstream itself disputes is beside the point.
    let named: Vec<&AffectingJson> = match all.iter().filter(|known| is_grave(known)).count() {
        _ if list => all.clone(),
        0 if all.len() <= NAMED => all.iter().copied().filter(|one| !one.disputed).collect(),
        grave => all[..grave.min(NAMED)].to_vec(),
    };
    for known in &named {
        row(&mut out, known, entry, look, list);
    }
    numbers(&mut out, &all, &named, look);
    if !entry.unanalysed.is_empty() {
        let number = count(entry.unanalysed.len(), "advisory", "advisories");
        let names = if list {
            format!(": {}", in_words(&entry.unanalysed))
        } else {
            String::new()
        };
        let text = format!(
            "{number} for which upstream did not look at {}; nobody may call it unaffected{names}",
            entry.series
        );
        look.row(&mut out, "unanalysed", Some(Tone::Careful), &text);
    }
    look.row(&mut out, "support", None, &support(entry, upstream));
    let basis = format!("facts taken {}, as of {}", upstream.taken, upstream.day);
    look.row(&mut out, "basis", None, &basis);
    look.next(&mut out, &next(entry, &all, upstream));
    out
}

fn is_grave(known: &AffectingJson) -> bool {
    !known.disputed && !matches!(known.severity, Severity::Low | Severity::Moderate)
}

fn headline(
    entry: &AffectedVersion,
    all: &[&AffectingJson],
    upstream: &View<'_>,
    look: Look,
) -> String {
    let public = match upstream.release(entry.version) {
        Some(published) if published.withdrawn => ", withdrawn",
        Some(_) => "",
        None if upstream.is_ahead(entry.version) => ", not known here",
        None => ", not a public release",
    };
    let counted = all.iter().filter(|known| !known.disputed);
    let severities = counted.clone().map(|known| &known.severity);
    let (tone, word) = match severities.max_by_key(|severity| severity.gravity()) {
        Some(gravest) => gravest.said(),
        None if !entry.unanalysed.is_empty() || !entry.public || upstream.lacks_facts() => {
            (Tone::Careful, "unknown".to_owned())
        }
        None => (Tone::Good, "good".to_owned()),
    };
    let number = match counted.count() {
        0 if upstream.advisories().is_empty() => {
            format!("no advisory is known as of {}", upstream.day)
        }
        0 if upstream.is_stale() => format!(
            "no known advisory as of {}; nothing known since",
            upstream.taken
        ),
        0 => "no known advisory".to_owned(),
        number => count(number, "advisory", "advisories"),
    };
    let version = format!("OpenSSL {}", entry.version);
    let (word, version) = (look.paint(tone, &word), look.paint(Tone::Strong, &version));
    format!("{word}: {version}{public}: {number}\n")
}

fn row(out: &mut String, known: &AffectingJson, entry: &AffectedVersion, look: Look, list: bool) {
    let fixed = match (known.fixed_in, known.fixed_public) {
        _ if known.disputed => known.reason.as_deref().map_or_else(
            || "disputed by upstream".to_owned(),
            |reason| format!("disputed by upstream: {}", one_line(reason)),
        ),
        _ if known.unread => {
            "treated as affected: what upstream says of versions could not be read".to_owned()
        }
        (Some(version), true) => format!("fixed in {version}"),
        (Some(version), false) => {
            let who = super::entry::not_public(known.fixed_premium, known.fixed_unlisted);
            format!("fixed in {version}, {who}{}", nearest(known))
        }
        (None, _) => format!("no fix in {}{}", entry.series, nearest(known)),
    };
    let published = known
        .published
        .map_or_else(String::new, |day| format!(" of {day}"));
    let title = known
        .title
        .as_deref()
        .map_or_else(String::new, |title| format!("; {}", one_line(title)));
    let (tone, word) = if known.disputed {
        (Tone::Faint, "disputed".to_owned())
    } else {
        known.severity.said()
    };
    let text = format!("{}{published}: {fixed}{title}", known.id);
    look.row(out, &word, Some(tone), &text);
    for correction in known.corrections.iter().filter(|_| list) {
        look.row(out, "corrected", None, &one_line(correction));
    }
}

/// What was not named, in numbers.
fn numbers(out: &mut String, all: &[&AffectingJson], named: &[&AffectingJson], look: Look) {
    let rest = || {
        let named = |id| named.iter().any(|one| one.id == id);
        all.iter().filter(move |known| !named(known.id))
    };
    let mut parts = Vec::new();
    let counted = Severity::counted(
        rest()
            .filter(|known| !known.disputed)
            .map(|known| &known.severity),
    );
    if !counted.is_empty() {
        parts.push(counted);
    }
    let disputed = rest().filter(|known| known.disputed).count();
    if disputed > 0 {
        parts.push(format!("{disputed} disputed by upstream"));
    }
    if !parts.is_empty() {
        let label = if named.is_empty() { "all" } else { "besides" };
        look.row(
            out,
            label,
            None,
            &format!("{}; `-l` lists all", parts.join(", ")),
        );
    }
}

fn support(entry: &AffectedVersion, upstream: &View<'_>) -> String {
    let support = upstream.support(entry.version.series());
    let lts = if support.lts {
        ", long-term support"
    } else {
        ""
    };
    match (support.eol, support.ended) {
        (Some(eol), true) => format!("{} ended on {eol}{lts}", entry.series),
        (Some(eol), false) => format!("{} until {eol}{lts}", entry.series),
        (None, true) => format!("{} has ended", entry.series),
        (None, false) => String::new(),
    }
}

fn next(entry: &AffectedVersion, all: &[&AffectingJson], upstream: &View<'_>) -> String {
    if all.iter().all(|known| known.disputed) {
        return match (entry.unanalysed.is_empty(), entry.public) {
            (true, true) => "nothing".to_owned(),
            (false, _) => upstream.refuge(entry.version).map_or_else(
                || "move to a series that is supported".to_owned(),
                |to| move_to(to, "supported release"),
            ),
            (true, false) => {
                "nothing; it is no release, and only what names it is known".to_owned()
            }
        };
    }
    match upstream.better(entry.version) {
        Some(better) => move_to(better, "release"),
        None if all.iter().any(|known| known.fixed_unlisted) => {
            "`release-check upstream` asks for newer facts: the fix may have been released"
                .to_owned()
        }
        None if all.iter().all(|known| known.disputed || known.unread) => {
            let page = all
                .iter()
                .find(|known| known.unread)
                .map(|known| known.id.url());
            format!(
                "see which versions it affects, at {}",
                page.unwrap_or_default()
            )
        }
        None => "OpenSSL's turn: no release of a supported series has a fix".to_owned(),
    }
}

fn move_to((to, left): (Version, usize), release: &str) -> String {
    match left {
        0 => format!("move to {to}, the nearest {release} without known advisories"),
        left => format!(
            "move to {to}, the nearest {release} with the fewest: {}",
            count(left, "advisory", "advisories")
        ),
    }
}

fn nearest(known: &AffectingJson) -> String {
    match known.nearest {
        Some(nearest) => format!("; nearest supported release with the fix: {nearest}"),
        None if known.fixed_unlisted => String::new(),
        None => "; no release of a supported series has the fix".to_owned(),
    }
}
