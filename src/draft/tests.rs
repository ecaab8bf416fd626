//! Every draft in every branch, on made-up advisories, and the same with hostile ones.

use super::announcement::{About, Announcement, PendingFix, message};
use super::{Facts, Move};
use crate::announcement::Kind;
use crate::config::Config;
use crate::templates::Templates;
use crate::upstream::{Snapshot, View};
use crate::version::Version;

const DAY: jiff::civil::Date = jiff::civil::date(2025, 10, 1);

pub(super) fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

pub(super) fn snapshot() -> Snapshot {
    Snapshot::read(
        r#"{"schema": 1, "taken": "2025-10-01", "releases": [
        {"version": "3.5.2", "date": "2025-08-05"}, {"version": "3.5.3", "date": "2025-09-16"}, {"version": "3.5.4", "date": "2025-09-30"}],
        "advisories": [
        {"id": "CVE-2025-1001", "severity": "Moderate", "published": "2025-09-30", "title": "Out-of-bounds read in a parser of messages", "url": "https://openssl.example/secadv/20250930.txt", "affected": [{"from": "3.5.0", "before": "3.5.4"}]},
        {"id": "CVE-2025-1002", "severity": "High", "published": "2025-09-30", "title": "Timing of a signature tells about the key", "url": "https://openssl.example/secadv/20250930.txt", "affected": [{"from": "3.5.0", "before": "3.5.4"}]},
        {"id": "CVE-2025-1003", "severity": "unknown", "published": "2025-09-30", "affected": [{"from": "3.5.0", "before": "3.5.5"}]},
        {"id": "CVE-2025-1004", "severity": "Low", "published": "2025-09-30", "title": "New code leaks memory", "affected": [{"from": "3.5.4", "before": "3.5.5"}]}],
        "series": [{"name": "3.5", "lts": true, "eol": "2030-04-08"}]}"#,
    )
    .expect("a snapshot")
}

pub(super) fn config() -> Config {
    let text = r#"
[project]
name = "spam"
ships = "Windows, macOS, and Linux wheels"
repository = "example/spam"
[[link]]
name = "wheels"
[announcement]
from = "Spam releases <releases@lists.example.org>"
to = ["spam-announce@lists.example.org", "dev@lists.example.org"]
[published]
package = "spam"
"#;
    Config::read("release-check.toml", text).expect("a configuration")
}

pub(super) fn moved(from: &str, to: &str) -> Move {
    Move::between("wheels", version(from), version(to), &View::new(&snapshot(), DAY, &[]))
}

fn announcement<'a>(config: &'a Config, moves: &'a [Move]) -> Announcement<'a> {
    let fixes = || moves.iter().flat_map(|moved| &moved.fixes);
    Announcement {
        kind: "release",
        project: &config.project.name,
        version: Some("44.0.1"),
        previous: Some("44.0.0"),
        ships: config.project.ships.as_deref(),
        package: config.published.as_ref().and_then(|published| published.package.as_deref()),
        moves,
        security: fixes().next().is_some(),
        severity: fixes().next().map(|facts| facts.severity.clone()),
        pending: &[],
        wrong: None,
        changelog: Some("https://example.org/spam/CHANGELOG.rst"),
        day: DAY.to_string(),
    }
}

fn eml(announcement: &Announcement<'_>, about: &About<'_>) -> String {
    let rendered = announcement.render(&Templates::default()).expect("an announcement");
    message(&config(), rendered, about).expect("a message").to_eml().replace("\r\n", "\n")
}

fn about(kind: Kind) -> About<'static> {
    About { kind, version: "44.0.1", corrects: None, day: DAY }
}

#[test]
fn announcement_of_a_security_release() {
    let (config, moves) = (config(), [moved("3.5.3", "3.5.4")]);
    insta::assert_snapshot!(eml(&announcement(&config, &moves), &about(Kind::Release)));
}

#[test]
fn announcement_of_a_bug_fix_release() {
    let (config, moves) = (config(), [Move { remaining: vec![], ..moved("3.5.2", "3.5.3") }]);
    insta::assert_snapshot!(eml(&announcement(&config, &moves), &about(Kind::Release)));
}

#[test]
fn announcement_without_what_is_unknown() {
    let (config, moves) = (config(), [moved("3.5.3", "3.5.4")]);
    let bare = Announcement { version: None, previous: None, ships: None, package: None, changelog: None, ..announcement(&config, &moves) };
    insta::assert_snapshot!(eml(&bare, &about(Kind::Release)));
}

#[test]
fn announcement_of_a_pending_fix() {
    let config = config();
    let snapshot = snapshot();
    let pending = [PendingFix { advisory: Facts::of(&snapshot.advisories[2]), linked: "3.5.4".into(), expected: "3.5.5".into() }];
    let note = Announcement { kind: "note", pending: &pending, ..announcement(&config, &[]) };
    insta::assert_snapshot!(eml(&note, &about(Kind::Note)));
}

#[test]
fn announcement_of_a_correction() {
    let (config, moves) = (config(), [moved("3.5.3", "3.5.4")]);
    let correction = Announcement {
        kind: "correction",
        wrong: Some("OpenSSL has withdrawn 3.5.3, which spam 44.0.0 contains."),
        ..announcement(&config, &moves)
    };
    insta::assert_snapshot!(eml(&correction, &About { corrects: Some("44.0.0"), ..about(Kind::Correction) }));
}
