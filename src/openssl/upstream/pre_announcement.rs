//! Upstream's mails that say about a week before that releases are coming: on which day, which
//! versions, how grave at most (UPSTREAM 7).
//!
//! They are prose, in a wording that has changed every few years. So only single facts are looked
//! for: a sentence that speaks of coming releases and the versions in it, a day after the mail's
//! own, a rating beside the word severity.

mod day;
mod message;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use super::View;
use crate::openssl::advisory::Severity;
use crate::openssl::version::Version;

pub use message::UpstreamMail;

/// The longest that upstream says so before.
const LEAD_DAYS: i32 = 60;

/// A release that upstream has said is coming.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Announced {
    /// The day upstream named.
    pub date: Date,
    /// The versions.
    pub versions: Vec<Version>,
    /// The highest severity upstream named.
    pub severity: Option<Severity>,
}

/// What one mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MailStatement {
    versions: Vec<Version>,
    /// None where a release was put off to no day in particular.
    date: Option<Date>,
    severity: Option<Severity>,
    /// Whether it changes what was said before.
    moves: bool,
}

/// What is still to come as of the view's day: announced by then, for that day or later, or for one
/// that is over, and not out yet as far as known. Only what comes from one of the `announcers` counts: addresses, or `@` and a domain. A
/// later mail replaces what earlier ones said of the same versions.
///
/// ```
/// use jiff::civil::date;
/// use release_check::for_tests::openssl::upstream::pre_announcement::{UpstreamMail, announced};
/// use release_check::for_tests::openssl::upstream::{View, builtin::builtin};
///
/// let mail = "From: a@openssl.org\nDate: Tue, 2 Jun 2026 10:00:00 +0000\nSubject: Forthcoming OpenSSL releases\n\nWe announce the forthcoming release of OpenSSL versions 4.0.1\n\
///     and 3.6.3. They will be made available on Tuesday 9th June 2026. The highest severity issue fixed is High.\n";
/// let snapshot = builtin().unwrap();
/// let coming = announced(&UpstreamMail::read_all(mail.as_bytes()), &View::new(&snapshot, date(2026, 6, 8), &[]), &["@openssl.org".into()]);
/// assert_eq!(coming[0].date, date(2026, 6, 9));
/// assert_eq!(serde_json::to_string(&coming[0].versions).unwrap(), r#"["3.6.3","4.0.1"]"#);
/// ```
pub fn announced(
    messages: &[UpstreamMail],
    view: &View<'_>,
    announcers: &[String],
) -> Vec<Announced> {
    let mut messages: Vec<(Option<Date>, &UpstreamMail)> = messages
        .iter()
        .filter(|message| announcers.iter().any(|one| is_from(message, one)))
        .map(|message| (sent_on(message), message))
        .collect();
    messages.retain(|(sent, _)| sent.is_none_or(|sent| sent <= view.day));
    messages.sort_by_key(|(_, message)| message.sent);
    let mut coming: Vec<Announced> = Vec::new();
    for (sent, message) in messages {
        if let Some(statement) = statement(message, sent) {
            apply(statement, &mut coming);
        }
    }
    for announced in &mut coming {
        announced.versions.retain(|version| view.is_ahead(*version));
    }
    let is_recent = |date: Date| (view.day - date).get_days() <= LEAD_DAYS;
    coming.retain(|announced| is_recent(announced.date) && !announced.versions.is_empty());
    coming.sort_by_key(|announced| announced.date);
    coming
}

/// The versions that upstream announced as security releases, as far as it had said so by the view's
/// day, each with the highest severity that it named.
pub(crate) fn promised(
    messages: &[UpstreamMail],
    day: Date,
    announcers: &[String],
) -> Vec<(Version, Severity)> {
    let theirs = messages.iter().filter(|message| {
        announcers.iter().any(|one| is_from(message, one))
            && sent_on(message).is_none_or(|sent| sent <= day)
    });
    theirs
        .filter_map(|message| Some((message, statement(message, sent_on(message))?)))
        .filter_map(|(message, said)| {
            let is_security = message.text.to_ascii_lowercase().contains("security");
            let severity = said.severity.or(is_security.then_some(Severity::Unknown))?;
            Some((said.versions, severity))
        })
        .flat_map(|(versions, severity)| {
            versions
                .into_iter()
                .map(move |version| (version, severity.clone()))
        })
        .collect()
}

fn is_from(message: &UpstreamMail, announcer: &str) -> bool {
    let domain = announcer.starts_with('@') && message.from.ends_with(announcer);
    domain || message.from == announcer
}

fn sent_on(message: &UpstreamMail) -> Option<Date> {
    message.sent.map(|sent| sent.to_zoned(TimeZone::UTC).date())
}

/// Lets a mail change what was known before it.
fn apply(mut statement: MailStatement, coming: &mut Vec<Announced>) {
    if statement.moves && statement.versions.is_empty() {
        // It speaks of what was announced last.
        statement.versions = coming
            .last()
            .map(|last| last.versions.clone())
            .unwrap_or_default();
    }
    let earlier = coming.iter().rev().find(|announced| {
        announced
            .versions
            .iter()
            .any(|version| statement.versions.contains(version))
    });
    let severity = statement
        .severity
        .or_else(|| earlier.and_then(|earlier| earlier.severity.clone()));
    for announced in coming.iter_mut() {
        announced
            .versions
            .retain(|version| !statement.versions.contains(version));
    }
    coming.retain(|announced| !announced.versions.is_empty());
    if let Some(date) = statement.date.filter(|_| !statement.versions.is_empty()) {
        coming.push(Announced {
            date,
            versions: statement.versions,
            severity,
        });
    }
}

/// What a mail says, if it speaks of coming releases at all.
fn statement(message: &UpstreamMail, sent: Option<Date>) -> Option<MailStatement> {
    let text = own_words(&message.text);
    // An advisory speaks of the future too, but is none of these.
    if text.contains("Security Advisory [") {
        return None;
    }
    let sentences = sentences(&text);
    let speaks = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
        move |sentence: &&String| {
            let lower = sentence.to_ascii_lowercase();
            words.iter().any(|word| lower.contains(word))
        }
    };
    let moving = [
        "postpone",
        "reschedul",
        "delay",
        "deferred",
        "put off",
        "moved to",
        "moved from",
        "cancel",
    ];
    let coming = [
        "forthcoming",
        "upcoming",
        "will be made available",
        "will be released",
        "will be releasing",
        "plan to release",
        "intend to release",
    ];
    let moves = sentences.iter().any(|sentence| speaks(&moving)(&sentence));
    let speaking: Vec<&String> = sentences
        .iter()
        .filter(|sentence| speaks(&coming)(sentence) || speaks(&moving)(sentence))
        .collect();
    let public = |sentence: &&&String| !speaks(&["premium", "extended support"])(sentence);
    let mut versions: Vec<Version> = speaking
        .iter()
        .filter(public)
        .flat_map(|sentence| versions(sentence))
        .collect();
    versions.sort_unstable();
    versions.dedup();
    let later =
        |day: &Date| sent.is_none_or(|sent| *day > sent && (*day - sent).get_days() <= LEAD_DAYS);
    let mut days = day::days(&text, sent).into_iter().filter(later);
    let date = if moves { days.max() } else { days.next() };
    let cancelled = sentences
        .iter()
        .any(|sentence| speaks(&["cancel"])(&sentence));
    let date = date.filter(|_| !cancelled);
    let says = if moves {
        !speaking.is_empty()
    } else {
        date.is_some() && !versions.is_empty()
    };
    let rated = sentences
        .iter()
        .filter(|sentence| speaks(&["severity"])(sentence))
        .filter_map(|sentence| severity(sentence))
        .max();
    says.then_some(MailStatement {
        versions,
        date,
        severity: rated,
        moves,
    })
}

/// The text without what it quotes of others, and without the signature below.
fn own_words(text: &str) -> String {
    let signed = |line: &&str| *line != "-- ";
    text.lines()
        .take_while(signed)
        .filter(|line| !line.trim_start().starts_with('>'))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The sentences of a text, each as one line: they end at a full stop before white space, at a
/// blank line, and at the items of a list.
fn sentences(text: &str) -> Vec<String> {
    let (mut sentences, mut words) = (Vec::new(), Vec::new());
    for line in text.lines() {
        if line.trim().is_empty() {
            sentences.push(std::mem::take(&mut words));
        }
        for word in line.split_whitespace() {
            words.push(word);
            if word
                .trim_end_matches(['"', '\'', ')', '”', '’'])
                .ends_with(['.', '!', '?'])
            {
                sentences.push(std::mem::take(&mut words));
            }
        }
    }
    sentences.push(words);
    sentences
        .into_iter()
        .filter(|words| !words.is_empty())
        .map(|words| words.join(" "))
        .collect()
}

fn versions(sentence: &str) -> Vec<Version> {
    let words = sentence
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '&'));
    let plain = words
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
        .filter(|word| !word.is_empty());
    plain
        .filter_map(|word| Version::from_version_or_tag(word).ok())
        .filter(|version| !version.is_dev())
        .collect()
}

fn severity(sentence: &str) -> Option<Severity> {
    // An address that leads to the definition of a rating rates nothing.
    let words = sentence
        .split_whitespace()
        .filter(|word| !word.contains('/'));
    let plain = words.flat_map(|word| word.split(|c: char| !c.is_ascii_alphabetic()));
    plain
        .filter(|word| !word.is_empty())
        .map(Severity::read)
        .filter(Severity::is_rated)
        .max()
}

#[cfg(test)]
mod tests;
