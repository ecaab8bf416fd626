//! Inputs of workflows and actions: the default of one is a version of OpenSSL's where that is what
//! the input is used for, or what its description says.

use crate::project::discovery::line::sighting::depth;
use crate::project::discovery::line::subject;
use crate::project::discovery::line::surroundings::Surroundings;
use crate::text::budget;

/// Lines of an input, and above it, that are looked at.
const INPUT: usize = 30;

/// Why the default of an input counts.
pub(crate) const INPUT_OF_OPENSSL: &str = "it is the default of an input for OpenSSL's version";

/// Whether it is the default of an input.
pub(crate) fn is_a_default(place: &Surroundings<'_>) -> bool {
    let label = place.label.trim_end_matches(['"', '\'', ' ', 'v']);
    if place.line_text().len() > budget::LINE_WITH_VALUE {
        return false;
    }
    label.ends_with("default:")
        && [".yml", ".yaml"]
            .iter()
            .any(|end| place.path.ends_with(end))
}

/// Whether it is the default of an input that OpenSSL's version is taken from.
pub(crate) fn is_openssl_s(place: &Surroundings<'_>) -> bool {
    if !is_a_default(place) {
        return false;
    }
    let Some((name, first)) = input(place) else {
        return false;
    };
    let at = |line: usize| &place.text[place.lines.range(line)];
    let own = depth(at(first));
    let last = (first + INPUT).min(place.lines.count());
    let lines = (first + 1..=last).take_while(|line| depth(at(*line)) > own);
    let mut lines = [first].into_iter().chain(lines);
    // What is chosen from is a list that grows.
    if !is_plain(name) || lines.clone().any(|line| at(line).contains("options:")) {
        return false;
    }
    let describes = |line: usize| {
        let described = at(line).split_once("description:");
        described.is_some_and(|(_, said)| {
            let said = said.to_ascii_lowercase();
            let said = said.trim_start_matches(['"', '\'', ' ', '>', '|']);
            let said = ["the ", "which "]
                .iter()
                .find_map(|word| said.strip_prefix(word))
                .unwrap_or(said);
            let about = [
                "openssl version",
                "openssl release",
                "openssl tag",
                "version of openssl",
                "release of openssl",
            ];
            let others = [
                "minimum",
                "minimal",
                "least",
                "lowest",
                "supported",
                "accept",
            ];
            about.iter().any(|about| said.starts_with(about))
                && !others.iter().any(|other| said.contains(other))
        })
    };
    lines.any(describes) || is_used(place, name)
}

/// Whether an input's name says no other thing than OpenSSL and a version.
fn is_plain(name: &str) -> bool {
    let plain = [
        "openssl", "ssl", "version", "ver", "v", "tag", "release", "ref", "branch",
    ];
    let mut words = name.split(['-', '_']);
    words.all(|word| plain.iter().any(|plain| word.eq_ignore_ascii_case(plain)))
}

/// The input that a default is of, and the line that it begins on.
fn input<'a>(place: &Surroundings<'a>) -> Option<(&'a str, usize)> {
    let at = |line: usize| &place.text[place.lines.range(line)];
    let mut above = (place.line.saturating_sub(INPUT).max(1)..place.line).rev();
    let mut deep = depth(at(place.line));
    let key = |line: usize| at(line).trim_start().split_once(':').map(|(key, _)| key);
    // `version: { description: "...", default: "3.5.3" }`.
    let mut own = place.line;
    if at(place.line).trim_start().starts_with("default:") {
        own = above.find(|line| !at(*line).trim().is_empty() && depth(at(*line)) < deep)?;
        deep = depth(at(own));
    }
    let parent = above.find(|line| {
        let text = at(*line).trim();
        !text.is_empty() && !text.starts_with('#') && depth(at(*line)) < deep
    })?;
    let name = key(own)?;
    (key(parent) == Some("inputs")).then_some((name, own))
}

/// Whether a line that names OpenSSL uses an input, or gives it to a variable that an address of
/// OpenSSL's uses.
fn is_used(place: &Surroundings<'_>, name: &str) -> bool {
    let used = format!("inputs.{name}");
    let given_to = |line: &str| {
        let short = Some(line).filter(|line| line.len() <= budget::LINE_WITH_VALUE);
        let (before, behind) = short?.split_once(&used)?;
        let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let before = before.trim_end().strip_suffix("${{")?;
        (!behind.starts_with(goes_on)).then(|| before.trim_end_matches(['"', '\'', ' ']).to_owned())
    };
    let mut lines = place.text.lines().enumerate();
    lines.any(|(at, line)| {
        let Some(before) = given_to(line) else {
            return false;
        };
        let lower = before.to_ascii_lowercase();
        let is_joined = lower.ends_with("openssl-") || lower.ends_with("openssl@");
        let name = before
            .strip_suffix([':', '='])
            .and(subject::variable(&before));
        let leads = |name: String| {
            let is_version = || {
                name.eq_ignore_ascii_case("openssl") || name.to_ascii_lowercase().contains("ver")
            };
            let names = subject::names_openssl(&name) && is_version() && !subject::is_least(&name);
            names || place.addresses.use_at(&name, at + 1)
        };
        is_joined || name.is_some_and(leads)
    })
}
