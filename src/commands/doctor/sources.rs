//! Upstream: which sources answer and how fast, how old the facts are, and how long the keys hold.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use jiff::civil::Date;

use super::findings::DoctorFindings;
use crate::openssl::signature::Fingerprint;
use crate::openssl::upstream::{SourceState, State, Taken, builtin, is_older};
use crate::outside::clock;
use crate::outside::genuine::Demands;
use crate::project::config::Config;
use crate::text::{count, in_words};
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::session::Session;

/// How many days before its end a key or certificate is warned about.
pub(super) const SOON: i32 = 60;

/// Asks every source. The facts, where there are any.
pub(super) fn check(
    session: &Session<'_>,
    config: &Config,
    findings: &mut DoctorFindings,
) -> Option<facts::Facts> {
    let context = session.context;
    findings.in_area("upstream");
    if let Some(file) = &context.upstream {
        let name = file.display().to_string();
        return match facts::of_file(context, config, file) {
            Ok(facts) => {
                findings.ok(
                    &name,
                    format!(
                        "a snapshot, taken {}; no source is asked",
                        facts.snapshot.taken
                    ),
                );
                too_old(&facts, context, config, findings);
                Some(facts)
            }
            Err(fault) => {
                findings.fault(
                    &name,
                    &fault,
                    "save a new one with `release-check upstream --save FILE`",
                );
                None
            }
        };
    }
    last_poll(session, config, findings);
    let started = Instant::now();
    let latencies: RefCell<Vec<(String, Duration)>> = RefCell::default();
    let note = |source: &SourceState| {
        latencies
            .borrow_mut()
            .push((source.name.clone(), started.elapsed()));
    };
    let polled = match facts::poll(session, config, &note) {
        Ok(polled) => polled,
        Err(fault) => {
            findings.fault("poll", &fault, "nothing can be said without facts");
            return None;
        }
    };
    for source in &polled.snapshot.sources {
        let latency = latencies
            .borrow()
            .iter()
            .find(|(name, _)| *name == source.name)
            .map(|(_, latency)| *latency);
        self::source(source, latency, findings);
    }
    let facts = facts::Facts::of(polled.snapshot, context, config);
    too_old(&facts, context, config, findings);
    Some(facts)
}

/// Facts that nothing can rest on: too old, or of one kind only. Age is no error where the user
/// forbade to ask anybody and named no facts instead: nothing of theirs is wrong then.
fn too_old(
    facts: &facts::Facts,
    context: &Context,
    config: &Config,
    findings: &mut DoctorFindings,
) {
    for (name, is_empty) in [
        ("release", facts.snapshot.releases.is_empty()),
        ("advisory", facts.snapshot.advisories.is_empty()),
    ] {
        if is_empty {
            findings.error(
                "facts",
                format!("not one {name} is known"),
                "save a new snapshot with `release-check upstream --save FILE`",
            );
        }
    }
    if facts.too_old {
        let detail = format!(
            "they are of {}, and `max-age` is {} days",
            Taken::of(&facts.snapshot).all(),
            config.upstream.max_age
        );
        if context.offline && context.upstream.is_none() {
            return findings.warning(
                "facts",
                format!("{detail}; offline nobody was asked for newer ones"),
                "nothing to mend in the project; `release-check check` asks upstream and says what is due",
            );
        }
        findings.error(
            "facts",
            detail,
            "make the sources reachable, or raise `max-age` in `[upstream]`",
        );
    }
}

/// When upstream was last known completely: what earlier runs left in the cache.
fn last_poll(session: &Session<'_>, config: &Config, findings: &mut DoctorFindings) {
    let Ok(before) = facts::left_by_earlier_runs(session, config) else {
        return;
    };
    let taken = before.snapshot.taken;
    if builtin::builtin().is_ok_and(|builtin| builtin.taken >= taken) {
        findings.skipped("last run", "no earlier run has left anything in the cache");
        return;
    }
    let today = session.context.today.min(clock::today());
    let days = (today - taken).get_days();
    let detail = format!(
        "the last one that knew all of upstream was on {taken}, {} ago",
        count(usize::try_from(days).unwrap_or(0), "day", "days")
    );
    if is_older(taken, today, config.upstream.max_age) {
        findings.warning("last run", detail, "look whether the scheduled job still runs; forges stop schedules of quiet repositories");
    } else {
        findings.ok("last run", detail);
    }
}

fn source(source: &SourceState, latency: Option<Duration>, findings: &mut DoctorFindings) {
    let took = latency.map_or_else(String::new, |latency| {
        format!(" after {} ms", latency.as_millis())
    });
    match source.state {
        State::Ok => findings.ok(&source.name, format!("answered{took}; {}", source.detail)),
        State::Unchanged => findings.ok(
            &source.name,
            format!("answered{took} that nothing has changed; {}", source.detail),
        ),
        State::Failed => findings.error(
            &source.name,
            format!("failed{took}: {}", source.detail),
            "check the address in `[upstream]`, the network and the proxy",
        ),
        State::Snapshot => findings.ok(&source.name, source.detail.clone()),
        State::Offline => findings.skipped(&source.name, "not asked, offline"),
    }
}

/// Every trusted key and when it ends.
pub(super) fn keys(context: &Context, config: &Config, findings: &mut DoctorFindings) {
    findings.in_area("keys");
    let demands = match Demands::of(&config.upstream, &context.directory, context.today) {
        Ok(demands) => demands,
        Err(fault) => {
            return findings.fault(
                "trusted keys",
                &fault,
                "correct `keys` or `fingerprints` in `[upstream]`",
            );
        }
    };
    let Some(trust) = demands.trust else {
        let next = "take `verify = \"digest\"` out of `[upstream]` unless there is a reason for it";
        return findings.warning(
            "trusted keys",
            "signatures are not asked for: published digests are enough",
            next,
        );
    };
    let mut absent: Vec<&Fingerprint> = trust.fingerprints.iter().collect();
    for key in demands
        .keys
        .list()
        .into_iter()
        .filter(|key| trust.fingerprints.contains(&key.fingerprint))
    {
        absent.retain(|fingerprint| **fingerprint != key.fingerprint);
        let name = format!(
            "{} ({})",
            short(&key.fingerprint),
            key.user_id.as_deref().unwrap_or("no name")
        );
        if key.revoked {
            findings.warning(
                &name,
                "its owner has taken it back",
                "nothing; what it signed counts no more",
            );
            continue;
        }
        let ends = key
            .subkeys
            .iter()
            .filter(|subkey| !subkey.revoked)
            .filter_map(|subkey| subkey.expires)
            .chain(key.expires)
            .min();
        ending(&name, ends, trust.grace_days, context.today, findings);
    }
    if !absent.is_empty() {
        let names = in_words(absent.into_iter().map(short));
        findings.skipped(
            "trusted, but not at hand",
            format!("{names}; looked for on OpenSSL's site when a signature needs one"),
        );
    }
}

fn ending(name: &str, ends: Option<Date>, grace: u32, today: Date, findings: &mut DoctorFindings) {
    let Some(ends) = ends else {
        return findings.ok(name, "does not expire");
    };
    let days = (ends - today).get_days();
    let next = "look whether OpenSSL has published it again with a later expiry, and name its file in `keys` of `[upstream]`";
    if days > SOON {
        findings.ok(name, format!("until {ends}"));
    } else if days > 0 {
        findings.warning(name, format!("expires on {ends}, in {days} days"), next);
    } else if i64::from(-days) <= i64::from(grace) {
        findings.warning(
            name,
            format!(
                "expired on {ends}; what it signs counts for {} days more (`key-grace`)",
                i64::from(grace) + i64::from(days)
            ),
            next,
        );
    } else {
        findings.ok(
            name,
            format!("expired on {ends}: only what it signed before counts"),
        );
    }
}

/// The last 16 digits, by which people know keys.
fn short(fingerprint: &Fingerprint) -> String {
    let text = fingerprint.to_string();
    text.get(text.len().saturating_sub(16)..)
        .unwrap_or(&text)
        .to_owned()
}
