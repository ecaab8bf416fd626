//! The project itself: its configuration, pins, changelog, version, templates and history.

use std::collections::BTreeSet;

use super::findings::DoctorFindings;
use crate::openssl::assessment::Verdict;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::outside::git::checkout::Checkout;
use crate::outside::git::open;
use crate::outside::worktree;
use crate::project::config::{Config, Link, Pin, PinKind, Push};
use crate::project::file_tree;
use crate::project::linked::{self, Files};
use crate::text::fault::Fault;
use crate::text::{count, in_words};
use crate::workspace::branch;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;
use crate::workspace::links::{self, Assessed};
use crate::workspace::paperwork::next_version;
use crate::workspace::project::Project;
use crate::workspace::rehearsal::{Imagined, rehearse};

/// What to do where a pin is not as declared.
const CORRECT: &str = "correct the file, or the pin's patterns and `count` in the configuration";

/// The configuration was read; whether it says anything.
pub(super) fn configuration(name: &str, config: &Config, findings: &mut DoctorFindings) {
    findings.in_area("configuration");
    let pins = config.links.iter().map(|link| link.pins.len()).sum();
    if config.links.is_empty() {
        let fault = Fault::usage("it has no `[[link]]`");
        findings.fault(
            name,
            &fault,
            "add one for each linked OpenSSL; `schemas/config.json` describes every key",
        );
    } else {
        findings.ok(
            name,
            format!(
                "{} with {}; every key is known",
                count(config.links.len(), "link", "links"),
                count(pins, "pin", "pins")
            ),
        );
    }
}

/// Whether git hides the configuration, so that nobody else would get it.
pub(super) fn hidden(context: &Context, name: &str, findings: &mut DoctorFindings) {
    if worktree::is_hidden(&context.directory, name) {
        findings.in_area("configuration").warning(
            name,
            "`.gitignore` hides it: it is in no commit, and the scheduled workflow would not find it",
            "take the pattern out, or add the file with `git add --force`",
        );
    }
}

/// Every pin as declared, all of a link's agreeing on a public release.
pub(super) fn pins(case: &Case<'_>, findings: &mut DoctorFindings) {
    findings.in_area("pins");
    let Case {
        context,
        config,
        facts,
        view,
        ..
    } = case;
    let here = links::here(context, config);
    for link in &here {
        let files = match file_tree::load(case.tree(), [*link]) {
            Ok(files) => files,
            Err(fault) => {
                findings.fault(&link.name, &fault, CORRECT);
                continue;
            }
        };
        let wrong = link
            .pins
            .iter()
            .filter(|pin| !self::pin(link, pin, &files, facts, findings))
            .count();
        if wrong > 0 {
            continue;
        }
        match links::assessed(link, &files, &facts.snapshot, view, None) {
            Ok(assessed) => agreed(&assessed, view, "", findings),
            Err(fault) => findings.fault(&link.name, &fault, CORRECT),
        }
    }
    if here.len() < config.links.len() {
        elsewhere(case, findings);
    }
}

/// One pin on its own.
fn pin(
    link: &Link,
    pin: &Pin,
    files: &Files,
    facts: &Facts,
    findings: &mut DoctorFindings,
) -> bool {
    let name = format!("{} in {}", link.name, pin.place.replace('`', ""));
    let target = match &pin.kind {
        PinKind::Text(text) => text.file.clone(),
        PinKind::Submodule(path) | PinKind::Tree(path) => path.clone(),
        PinKind::Cargo { file, .. } => file.clone().unwrap_or_else(|| "Cargo.lock".to_owned()),
    };
    let found = match linked::places(pin, files, &facts.snapshot.releases) {
        Ok(found) => found,
        Err(fault) => {
            findings.fault(&name, &fault, CORRECT);
            return false;
        }
    };
    let versions: BTreeSet<Version> = found.iter().map(|place| place.version).collect();
    let places: BTreeSet<(&String, usize)> = found
        .iter()
        .map(|place| (&place.file, place.line))
        .collect();
    let shown = places
        .iter()
        .take(5)
        .map(|(file, line)| format!("{file}:{line}"));
    let more = if places.len() > 5 {
        format!(" and {} more", places.len() - 5)
    } else {
        String::new()
    };
    let detail = if versions.is_empty() {
        format!("`{target}` matches, and says no version of its own")
    } else {
        format!(
            "`{target}` says {} in {}{more}",
            in_words(versions),
            in_words(shown)
        )
    };
    findings.ok(&name, detail);
    if let PinKind::Cargo {
        file,
        package,
        update: false,
    } = &pin.kind
    {
        let stated = linked::cargo::stated_everywhere(pin, file.as_deref(), package, files);
        let stated = stated.unwrap_or_default();
        if stated.iter().any(|(_, one)| one.checksum.is_some()) {
            findings.warning(
                &format!("{} checksum", link.name),
                format!("of a {package} that is newer than this program only the registry knows it, and `prepare` stops without it"),
                "set `cargo-update = true` in the pin, or run `cargo update` then",
            );
        }
    }
    true
}

fn agreed(assessed: &Assessed<'_>, view: &View<'_>, place: &str, findings: &mut DoctorFindings) {
    let version = assessed.linked.version;
    let (name, verdict) = (&assessed.link.name, assessed.assessment.verdict);
    let places = count(assessed.linked.places.len(), "place", "places");
    if view.release(version).is_some() {
        findings.ok(name, format!("OpenSSL {version}, a public release, in {places}{place}; today's verdict is {verdict}"));
    } else if matches!(verdict, Verdict::Ahead | Verdict::Unknown) || version.is_prerelease() {
        let detail = format!("OpenSSL {version} in {places}{place} is not known to be public");
        findings.warning(
            name,
            detail,
            "wait until upstream lists it, or correct the version",
        );
    } else {
        findings.error(
            name,
            format!("OpenSSL {version} in {places}{place} is no public release"),
            CORRECT,
        );
    }
}

fn elsewhere(case: &Case<'_>, findings: &mut DoctorFindings) {
    let found = branch::elsewhere(case, |repository, assessed| {
        let mut one = DoctorFindings::default();
        agreed(
            &assessed,
            &case.view,
            &format!(" of `{repository}`"),
            one.in_area("pins"),
        );
        one
    });
    match found {
        Ok(found) => found.into_iter().for_each(|one| findings.append(one)),
        Err(fault) if case.context.offline => {
            findings.skipped("other repositories", format!("not asked, offline: {fault}"));
        }
        Err(fault) => findings.fault(
            "other repositories",
            &fault,
            "make the repository readable: token, or `checkout`",
        ),
    }
}

fn own_version(config: &Config, next: Option<String>, findings: &mut DoctorFindings) {
    match (config.version(), next) {
        (Some(version), Some(next)) => findings.ok(
            "own version",
            format!(
                "{}; the next release will be {next}",
                match config.versions.get(1..).unwrap_or_default() {
                    [] => format!("`{}` matches", version.file),
                    further => format!("`{}` and {} more agree", version.file, further.len()),
                }
            ),
        ),
        (Some(version), None) => {
            findings.warning(
                "own version",
                format!(
                    "`{}` matches, but what stands there is no version",
                    version.file
                ),
                "correct it",
            );
        }
        (None, _) => findings.skipped("own version", "there is no `[version]`; it stays as it is"),
    }
}

/// The tags that say what users have.
fn releases(context: &Context, project: &Project, findings: &mut DoctorFindings) {
    if let Err(fault) = open::check_readable(&context.directory) {
        findings.fault(
            "git",
            &fault,
            "releases, branches and commits are not known until then",
        );
    } else if worktree::origin(&context.directory).is_some()
        || Checkout::open(&context.directory).is_some()
    {
        match (project.tags.len(), &project.last) {
            (0, _) => findings.warning(
                "release tags",
                "none found: what users have is taken to be what HEAD has",
                "fetch them, in CI with `fetch-depth: 0`; a project without releases needs nothing",
            ),
            (number, Some(last)) => {
                findings.ok(
                    "release tags",
                    format!(
                        "{}, the last before this branch is {last}",
                        count(number, "tag", "tags")
                    ),
                );
            }
            (number, None) => findings.ok(
                "release tags",
                format!("{}, none before this branch", count(number, "tag", "tags")),
            ),
        }
    } else {
        findings.warning(
            "git",
            "this is no git checkout: there is no history to compare with, and nothing to propose from",
            "run it in a clone",
        );
    }
}

/// Changelog, own version, templates, tags and git's idea of who commits.
pub(super) fn paperwork(case: &Case<'_>, findings: &mut DoctorFindings) {
    let (context, config) = (case.context, case.config);
    findings.in_area("paperwork");
    let project = match case.project() {
        Ok(project) => project,
        Err(fault) => {
            return findings.fault(
                "own version",
                &fault,
                "correct `file` and `match` in `[version]`",
            );
        }
    };
    match next_version(case, None) {
        Ok(next) => own_version(config, next, findings),
        Err(fault) => findings.fault(
            "own version",
            &fault,
            "the line that it names, or `release-tags` where these are the tags of something else",
        ),
    }
    releases(context, project, findings);
    identity(context, config, findings);
    match Imagined::of(context, case.facts).bump(config, &[]) {
        Ok(()) => findings.ok("next bump", "was tried in memory, and nothing stops it"),
        Err(fault) => findings.fault("next bump", &fault, "mend it before the next release comes"),
    }
    for (name, result) in rehearse(case) {
        match result {
            Ok(()) => findings.ok(name, "can be drafted"),
            Err(fault) => findings.fault(
                name,
                &fault,
                "correct the file or the template that it names",
            ),
        }
    }
}

/// Who commits, where the user's git is used.
fn identity(context: &Context, config: &Config, findings: &mut DoctorFindings) {
    let own = (config.pull_request.push, config.pull_request.sign_off);
    let others = config.repositories.values();
    let mut settings = others
        .map(|repository| (repository.push, repository.sign_off))
        .chain([own]);
    if !settings.any(|(push, sign_off)| push == Some(Push::Git) || sign_off) {
        return;
    }
    match Checkout::open(&context.directory).map(|checkout| checkout.identity()) {
        Some(Ok(identity)) => findings.ok("git identity", identity),
        Some(Err(fault)) => findings.fault(
            "git identity",
            &fault,
            "run `git config user.name NAME` and `git config user.email ADDRESS`",
        ),
        None => findings.error(
            "git identity",
            "`push = \"git\"` and `sign-off` need a git checkout",
            "run it in a clone",
        ),
    }
}
