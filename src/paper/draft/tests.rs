//! Every draft in every branch, on made-up advisories, and the same with hostile ones.

use super::advisory::{self, CarriedByRelease};
use super::announcement::{AboutMessage, Announcement, PendingFix, message};
use super::changelog::ChangelogEntry;
use super::pull_request::{self, PullRequest};
use super::{AdvisoryFacts, LinkMove, vex};
use crate::openssl::upstream::{Snapshot, View};
use crate::openssl::version::Version;
use crate::paper::announcement::MessageKind;
use crate::paper::templates::Templates;
use crate::project::changelog::Markup;
use crate::project::config::Config;

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
        "series": [{"name": "3.4", "lts": false, "eol": "2026-10-22"}, {"name": "3.5", "lts": true, "eol": "2030-04-08"}]}"#,
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

pub(super) fn moved(from: &str, to: &str) -> LinkMove {
    LinkMove::between(
        "wheels",
        version(from),
        version(to),
        &View::new(&snapshot(), DAY, &[]),
    )
}

fn announcement<'a>(config: &'a Config, moves: &'a [LinkMove]) -> Announcement<'a> {
    let fixes = || moves.iter().flat_map(|moved| &moved.fixes);
    Announcement {
        kind: "release",
        project: &config.project.name,
        version: Some("44.0.1"),
        previous: Some("44.0.0"),
        ships: config.project.ships.as_deref(),
        package: config
            .published
            .as_ref()
            .and_then(|published| published.package.as_deref()),
        moves,
        security: moves.iter().any(LinkMove::is_security),
        unclear: moves
            .iter()
            .any(|moved| moved.unclear && !moved.has_issues()),
        severity: fixes().next().map(|facts| facts.severity.clone()),
        pending: &[],
        wrong: None,
        because: &[],
        withdrawn: &[],
        changelog: Some("https://example.org/spam/CHANGELOG.rst"),
        changes: &[],
        alone: true,
        day: DAY.to_string(),
    }
}

fn eml(announcement: &Announcement<'_>, about: &AboutMessage<'_>) -> String {
    let rendered = announcement
        .render(&Templates::default())
        .expect("an announcement");
    message(&config(), rendered, about)
        .expect("a message")
        .to_eml()
        .replace("\r\n", "\n")
}

fn about(kind: MessageKind) -> AboutMessage<'static> {
    AboutMessage {
        kind,
        version: "44.0.1",
        corrects: None,
        day: DAY,
    }
}

#[test]
fn announcement_of_a_security_release() {
    let (config, moves) = (config(), [moved("3.5.3", "3.5.4")]);
    insta::assert_snapshot!(eml(
        &announcement(&config, &moves),
        &about(MessageKind::Release)
    ));
}

#[test]
fn announcement_of_a_bug_fix_release() {
    let (config, moves) = (
        config(),
        [LinkMove {
            remaining: vec![],
            foretold: None,
            unrecorded: false,
            still_present: vec![],
            ..moved("3.5.2", "3.5.3")
        }],
    );
    insta::assert_snapshot!(eml(
        &announcement(&config, &moves),
        &about(MessageKind::Release)
    ));
}

#[test]
fn announcement_of_a_move_away_from_a_withdrawn_release() {
    let (config, moves) = (config(), [moved("3.5.4", "3.5.3")]);
    let (withdrawn, changes) = (
        ["3.5.4".to_owned()],
        ["One thing.".to_owned(), "Another.".to_owned()],
    );
    let back = Announcement {
        withdrawn: &withdrawn,
        changes: &changes,
        alone: super::announcement::is_alone(&changes, &moves),
        ..announcement(&config, &moves)
    };
    insta::assert_snapshot!(eml(&back, &about(MessageKind::Release)));
}

#[test]
fn announcement_of_a_correction_in_words() {
    let (config, moves) = (config(), [moved("3.5.3", "3.5.4")]);
    let because = [
        "spam 44.0.1 was withdrawn: its wheels for Windows were built wrong.".to_owned(),
        "Wait for 44.0.2.".to_owned(),
    ];
    let correction = Announcement {
        kind: "correction",
        because: &because,
        ..announcement(&config, &moves)
    };
    insta::assert_snapshot!(eml(
        &correction,
        &AboutMessage {
            corrects: Some("44.0.1"),
            ..about(MessageKind::Correction)
        }
    ));
}

#[test]
fn release_texts() {
    let (config, moves) = (config(), [moved("3.5.3", "3.5.4")]);
    let text = |announcement: &Announcement<'_>| {
        announcement
            .release_text(&Templates::default())
            .expect("a text")
    };
    insta::assert_snapshot!(text(&announcement(&config, &moves)));
    let plain = [LinkMove {
        remaining: vec![],
        foretold: None,
        unrecorded: false,
        still_present: vec![],
        ..moved("3.5.2", "3.5.3")
    }];
    assert!(
        text(&Announcement {
            ships: None,
            package: None,
            ..announcement(&config, &plain)
        })
        .contains("follows a bug-fix release")
    );
    let own = Announcement {
        project: "spam_eggs `x`",
        ships: Some("the *wheels* of spam_eggs"),
        ..announcement(&config, &moves)
    };
    let written = text(&own);
    assert!(
        written.contains("If you build spam_eggs `x` yourself")
            && written.contains("into our the *wheels* of spam_eggs"),
        "{written}"
    );
    let mail = own.render(&Templates::default()).expect("a mail").body;
    assert!(mail.contains("spam_eggs `x`"), "{mail}");
    let withdrawn = ["3.5.4".to_owned()];
    assert!(
        text(&Announcement {
            withdrawn: &withdrawn,
            ..announcement(&config, &moves)
        })
        .contains("replaces OpenSSL 3.5.4, which OpenSSL has withdrawn")
    );
}

#[test]
fn announcement_without_what_is_unknown() {
    let (config, moves) = (config(), [moved("3.5.3", "3.5.4")]);
    let bare = Announcement {
        version: None,
        previous: None,
        ships: None,
        package: None,
        changelog: None,
        ..announcement(&config, &moves)
    };
    insta::assert_snapshot!(eml(&bare, &about(MessageKind::Release)));
}

#[test]
fn announcement_of_a_pending_fix() {
    let config = config();
    let snapshot = snapshot();
    let pending = [PendingFix {
        advisory: AdvisoryFacts::of(&snapshot.advisories[2]),
        linked: "3.5.4".into(),
        expected: "3.5.5".into(),
    }];
    let note = Announcement {
        kind: "note",
        pending: &pending,
        ..announcement(&config, &[])
    };
    insta::assert_snapshot!(eml(&note, &about(MessageKind::Note)));
}

#[test]
fn announcement_of_a_correction() {
    let (config, moves) = (config(), [moved("3.5.3", "3.5.4")]);
    let correction = Announcement {
        kind: "correction",
        wrong: Some("OpenSSL has withdrawn 3.5.3, which spam 44.0.0 contains."),
        ..announcement(&config, &moves)
    };
    insta::assert_snapshot!(eml(
        &correction,
        &AboutMessage {
            corrects: Some("44.0.0"),
            ..about(MessageKind::Correction)
        }
    ));
}

fn pull_request<'a>(
    config: &'a Config,
    moved: &'a LinkMove,
    steps: &'a [pull_request::ReleaseStep],
) -> PullRequest<'a> {
    PullRequest {
        project: &config.project.name,
        version: Some("44.0.1"),
        ships: config.project.ships.as_deref(),
        several_links: false,
        security: moved.is_security(),
        withdrawn: false,
        leaves_series: None,
        compare: pull_request::compare_url("https://github.com", moved.from, moved.to),
        release: pull_request::release_url("https://github.com", moved.to),
        corrections: &[],
        verified: &[],
        steps,
        beside: &[],
        moved,
    }
}

fn whole(pull_request: &PullRequest<'_>) -> String {
    let rendered = pull_request.render(&Templates::default()).expect("a PR");
    format!("{}\n\n{}", rendered.title, rendered.body)
}

#[test]
fn pull_request_of_a_security_release() {
    let (config, moved) = (config(), moved("3.5.3", "3.5.4"));
    let steps = pull_request::steps(&config, Some("44.0.1"));
    let verified = [
        "openssl-3.5.4.tar.gz has the published sha256".to_owned(),
        "its signature is by BA54 73A2 B058 7B07".to_owned(),
    ];
    insta::assert_snapshot!(whole(&PullRequest {
        verified: &verified,
        ..pull_request(&config, &moved, &steps)
    }));
}

#[test]
fn pull_request_of_a_bug_fix_release_in_another_series() {
    let (config, moved) = (
        config(),
        LinkMove {
            remaining: vec![],
            foretold: None,
            unrecorded: false,
            still_present: vec![],
            ..moved("3.5.2", "3.5.3")
        },
    );
    let leaves = Some("OpenSSL supports 3.5 until 2030-04-08.".to_owned());
    insta::assert_snapshot!(whole(&PullRequest {
        several_links: true,
        leaves_series: leaves,
        ..pull_request(&config, &moved, &[])
    }));
}

#[test]
fn pull_request_after_a_withdrawal() {
    let (config, moved) = (config(), moved("3.5.4", "3.5.3"));
    let corrections =
        ["CVE-2025-1004: upstream names 3.5.4 as fixed, which was withdrawn".to_owned()];
    insta::assert_snapshot!(whole(&PullRequest {
        withdrawn: true,
        corrections: &corrections,
        ..pull_request(&config, &moved, &[])
    }));
}

#[test]
fn pull_request_that_a_forge_takes() {
    let config = config();
    let mut moved = moved("3.5.3", "3.5.4");
    moved.fixes = std::iter::repeat_n(moved.fixes[0].clone(), 900).collect();
    let body = whole(&pull_request(&config, &moved, &[]));
    assert!(
        body.chars().count() < pull_request::LIMIT
            && body.contains("left out")
            && body.contains("CVE-2025-1004"),
        "{}",
        body.len()
    );
    assert!(body.ends_with("<!-- release-check:wheels:3.5.4 -->\n"));
}

fn history() -> Vec<CarriedByRelease> {
    let carried = |release: &str, openssl: Option<&str>| CarriedByRelease {
        release: release.parse().expect("a version"),
        openssl: openssl.map(version),
    };
    vec![
        carried("41.0.0", Some("1.1.1w")),
        carried("42.0.0", None),
        carried("43.0.0", Some("3.4.9")),
        carried("43.0.1", Some("3.5.2")),
        carried("44.0.0", Some("3.5.3")),
    ]
}

fn own_advisory<'a>(
    config: &'a Config,
    moves: &'a [(LinkMove, Vec<CarriedByRelease>)],
    patched: Option<&'a str>,
) -> advisory::AdvisoryDraft<'a> {
    let snapshot = snapshot();
    let view = View::new(&snapshot, DAY, &[]);
    advisory::AdvisoryDraft::of(config, moves, patched, DAY, &view).expect("a move")
}

#[test]
fn ranges_of_our_releases() {
    let (snapshot, moved) = (snapshot(), moved("3.5.3", "3.5.4"));
    let view = View::new(&snapshot, DAY, &[]);
    let version = |text: &str| text.parse().expect("a version");
    let carried = |release: &str, openssl: Option<&str>| CarriedByRelease {
        release: version(release),
        openssl: openssl.map(|text| text.parse().expect("a version")),
    };
    for (history, patched, expected) in [
        (vec![], "2.0", vec![]),
        (
            vec![("1.0", Some("3.5.3"))],
            "2.0",
            vec![(">= 1.0, < 2.0", Some("2.0"))],
        ),
        // Tagged already.
        (
            vec![("1.0", Some("3.5.3")), ("2.0", Some("3.5.4"))],
            "2.0",
            vec![(">= 1.0, < 2.0", Some("2.0"))],
        ),
        // What nobody knows is affected.
        (
            vec![
                ("0.9", None),
                ("1.0", Some("3.4.9")),
                ("1.1", Some("3.5.3")),
                ("1.2", None),
            ],
            "2.0",
            vec![
                (">= 0.9, < 1.0", Some("1.0")),
                (">= 1.1, < 2.0", Some("2.0")),
            ],
        ),
        // Nor what upstream did not look at.
        (
            vec![
                ("0.8", Some("3.4.9")),
                ("0.9", Some("1.1.1w")),
                ("1.0", Some("3.4.9")),
                ("1.1", Some("3.5.3")),
            ],
            "2.0",
            vec![
                (">= 0.9, < 1.0", Some("1.0")),
                (">= 1.1, < 2.0", Some("2.0")),
            ],
        ),
        // The fix is in a release of an older branch first.
        (
            vec![
                ("1.0", Some("3.5.3")),
                ("1.1", Some("3.5.4")),
                ("2.0", Some("3.5.3")),
            ],
            "1.1",
            vec![(">= 1.0, < 1.1", Some("1.1")), (">= 2.0, <= 2.0", None)],
        ),
    ] {
        let history: Vec<CarriedByRelease> = history
            .into_iter()
            .map(|(release, openssl)| carried(release, openssl))
            .collect();
        let patched = version(patched);
        let found = advisory::ranges(&[(moved.clone(), history)], Some(&patched), &view);
        let found: Vec<(&str, Option<&str>)> = found
            .iter()
            .map(|range| (range.affected.as_str(), range.patched.as_deref()))
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn advisory_with_the_affected_range() {
    let (config, moves) = (config(), [(moved("3.5.3", "3.5.4"), history())]);
    insta::assert_snapshot!(
        own_advisory(&config, &moves, Some("44.0.1"))
            .render(&Templates::default())
            .expect("an advisory")
    );
}

#[test]
fn the_advisory_of_several_links_names_what_each_fixes() {
    let config = config();
    let (mut wheels, mut images) = (moved("3.5.3", "3.5.4"), moved("3.5.2", "3.5.4"));
    "images".clone_into(&mut images.link);
    images.fixes.retain(|facts| facts.id == "CVE-2025-1001");
    wheels.fixes.retain(|facts| facts.id == "CVE-2025-1002");
    let moves = [(images, history()), (wheels, history())];
    let both = own_advisory(&config, &moves, Some("44.0.1"));
    for (moved, _) in &moves {
        assert!(!moved.fixes.is_empty());
        for facts in &moved.fixes {
            assert!(both.ids.contains(&facts.id.as_str()), "{facts:?}");
            assert!(both.references.contains(&facts.cve_url), "{facts:?}");
        }
    }
    assert_eq!(
        both.ids,
        ["CVE-2025-1002", "CVE-2025-1001"],
        "gravest first"
    );
    assert_eq!((both.issues.len(), both.severity.as_str()), (2, "high"));
    assert_eq!(
        (both.from.as_str(), both.to.as_str()),
        ("3.5.2 and 3.5.3", "3.5.4")
    );
    insta::assert_snapshot!(both.render(&Templates::default()).expect("an advisory"));
}

#[test]
fn releases_that_are_counted_in_are_named() {
    let (config, moved) = (config(), moved("3.5.3", "3.5.4"));
    let of = |releases: usize, openssl: Option<&str>| -> Vec<CarriedByRelease> {
        let carried = |at| CarriedByRelease {
            release: format!("1.{at}").parse().expect("a version"),
            openssl: openssl.map(version),
        };
        (0..releases).map(carried).collect()
    };
    for (history, unread, unanalysed) in [
        (of(2, Some("3.5.3")), None, None),
        (of(2, Some("3.4.9")), None, None),
        (of(1, None), Some("1.0"), None),
        (of(3, None), Some("1.0, 1.1 and 1.2"), None),
        (of(90, None), Some("90 releases from 1.0 to 1.89"), None),
        (of(2, Some("1.1.1w")), None, Some("1.0 and 1.1")),
    ] {
        let moves = [(moved.clone(), history)];
        let said = own_advisory(&config, &moves, Some("2.0"));
        assert_eq!(said.unread.as_deref(), unread);
        assert_eq!(said.unanalysed.as_deref(), unanalysed);
        let one = said.issues[0].affected.as_deref();
        assert_eq!(one, said.affected.first().map(String::as_str));
    }
}

#[test]
fn advisory_without_a_history() {
    let (config, moves) = (config(), [(moved("3.5.3", "3.5.4"), Vec::new())]);
    insta::assert_snapshot!(
        own_advisory(&config, &moves, None)
            .render(&Templates::default())
            .expect("an advisory")
    );
}

fn document(config: &Config, from: &str, to: &str) -> String {
    let snapshot = snapshot();
    let about = vex::About {
        previous: Some("44.0.0"),
        version: Some("44.0.1"),
        unread: &[],
    };
    vex::VexDocument::new(
        config,
        &[moved(from, to)],
        about,
        &View::new(&snapshot, DAY, &[]),
    )
    .render()
    .expect("a document")
}

#[test]
fn vex_of_a_release() {
    insta::assert_snapshot!(document(&config(), "3.5.3", "3.5.4"));
}

#[test]
fn vex_with_what_the_project_states() {
    let mut config = config();
    config.vex = Config::read(
        "release-check.toml",
        "[project]\nname = 'spam'\n[vex]\nproduct = 'pkg:pypi/spam?repository_url=https://example.org'\nauthor = 'Spam team'\n[[vex.statements]]\ncve = 'CVE-2025-1002'\njustification = 'vulnerable_code_not_in_execute_path'\nimpact = 'spam does not sign'\n",
    )
    .expect("a configuration")
    .vex;
    insta::assert_snapshot!(document(&config, "3.5.3", "3.5.4"));
}

#[test]
fn vex_calls_nothing_unaffected() {
    for (from, to) in [
        ("3.5.2", "3.5.3"),
        ("3.5.3", "3.5.4"),
        ("3.5.4", "3.5.4"),
        ("3.5.4", "3.5.3"),
    ] {
        assert!(
            !document(&config(), from, to).contains("not_affected"),
            "{from} {to}"
        );
    }
}

/// Titles that would act if they were taken for more than text.
const HOSTILE: &[&str] = &[
    "@octocat and @org/team fix #1, GH-2, other/repo#3, https://evil.example/",
    "</table><script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](https://evil.example) ![img](https://evil.example/x.png) <https://evil.example>",
    "`code` ``more`` **bold** _emphasis_ ~~gone~~ $x^2$ | cell |",
    ":role:`text` |subst| ref_ `anon`__ [1]_ .. raw:: html",
    "{{ project }} {% include 'x' %} {# gone #}",
    "first\r\nBcc: victim@example.org\r\n\r\nsecond body",
    "\u{1b}[31mred\u{1b}[0m \u{202e}txet \u{2066}isolated\u{2069} \u{0}\u{7f}\u{9b}",
    "\n\n# heading\n\n- item\n\n```\nfence\n",
    "=?utf-8?Q?encoded?= =?utf-8?B?QQ==?=",
    "--> <!-- optional --> <!-- release-check:a:1 --> <!-- /optional -->",
    "x\u{2028}line\u{2029}para\u{85}next",
    "\\",
    "",
];

#[test]
fn hostile_titles_do_nothing() {
    let config = config();
    for title in HOSTILE {
        let mut moved = moved("3.5.3", "3.5.4");
        for facts in moved
            .fixes
            .iter_mut()
            .chain(&mut moved.remaining)
            .chain(&mut moved.introduced)
        {
            facts.title = Some((*title).to_owned());
        }
        let moves = [moved.clone()];
        let eml = eml(&announcement(&config, &moves), &about(MessageKind::Release));
        let body = whole(&pull_request(&config, &moved, &[]));
        let with_history = [(moved.clone(), history())];
        let own = own_advisory(&config, &with_history, Some("44.0.1"))
            .render(&Templates::default())
            .expect("an advisory");
        for draft in [&eml, &body, &own] {
            assert!(
                !draft.chars().any(|c| c != '\n' && crate::text::acts(c)),
                "{title:?}: {draft}"
            );
        }
        let (head, _) = eml.split_once("\n\n").expect("a header");
        assert!(
            !head.contains("Bcc") && head.is_ascii(),
            "{title:?}: {head}"
        );
        for markdown in [&body, &own] {
            let ours: String = markdown.replace("<!-- release-check:wheels:3.5.4 -->", "");
            for acting in [
                "@o",
                "#1",
                "#3",
                "GH-2",
                "<script",
                "<img",
                "](https://evil",
                "<https://evil",
                " https://evil",
                "<!--",
                "\n# heading",
                "\n```",
            ] {
                let escaped = ours.replace("\\<", "").replace("\\]", "");
                assert!(!escaped.contains(acting), "{title:?}: {acting}: {ours}");
            }
        }
        for markup in [Markup::ReStructuredText, Markup::Markdown] {
            let entry = ChangelogEntry::new(&config, &moved)
                .render(&Templates::default(), markup)
                .expect("an entry");
            assert_eq!(
                entry,
                "Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.5.4."
            );
        }
    }
}

#[test]
fn hostile_addresses_are_not_linked_to() {
    let mut snapshot = snapshot();
    for url in [
        "javascript:alert(1)",
        "https://a.example/) [x](https://b.example",
        "https://a.example/\r\nBcc: x",
        "https://a.example/<b>",
    ] {
        snapshot.advisories[0].url = Some(url.to_owned());
        assert_eq!(
            AdvisoryFacts::of(&snapshot.advisories[0]).url,
            "https://www.cve.org/CVERecord?id=CVE-2025-1001",
            "{url}"
        );
    }
}

#[test]
fn what_more_is_in_a_release_is_kept_from_nobody() {
    let moves = [moved("3.5.3", "3.5.4")];
    let is_alone = |changes: &[&str]| {
        let changes: Vec<String> = changes.iter().map(|change| (*change).to_owned()).collect();
        super::announcement::is_alone(&changes, &moves)
    };
    let ours = "Updated Linux wheels to be compiled with OpenSSL 3.5.4.";
    let fixes = format!("With OpenSSL 3.5.4, which fixes {}.", moves[0].fixes[0].id);
    for (changes, alone) in [
        (&[ours][..], true),
        (&[], false),
        (&[ours, "Fixed a buffer overflow of our own."], false),
        (&["OpenSSL 3.5.4; also fixes CVE-2099-0001 of spam."], false),
        (&[&fixes], true),
    ] {
        assert_eq!(is_alone(changes), alone, "{changes:?}");
    }
    let config = config();
    for alone in [true, false] {
        let told = Announcement {
            alone,
            ..announcement(&config, &moves)
        };
        let body = eml(&told, &about(MessageKind::Release))
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert_eq!(body.contains("You are not if you build"), alone, "{body}");
        assert_eq!(body.contains("may still concern you"), !alone, "{body}");
    }
}

/// A move on OpenSSL's real record, after 3.1 and 3.2 had ended.
fn real(from: &str, to: &str) -> LinkMove {
    let snapshot = crate::openssl::upstream::builtin::builtin().expect("the built-in snapshot");
    let view = View::new(&snapshot, jiff::civil::date(2026, 10, 2), &[]);
    LinkMove::between("wheels", version(from), version(to), &view)
}

#[test]
fn what_upstream_did_not_look_at_is_neither_fixed_nor_absent() {
    for (from, to, fixes, is_unclear, said) in [
        (
            "3.1.8",
            "4.0.3",
            0,
            true,
            "OpenSSL did not look at 3.1 for 65 of its security issues: whether they affect OpenSSL 3.1.8 is not known.",
        ),
        (
            "3.1.7",
            "3.1.8",
            2,
            true,
            "OpenSSL did not look at 3.1 for 65 of its security issues: whether they affect OpenSSL 3.1.7 and 3.1.8 is not known.",
        ),
        (
            "3.0.7",
            "3.2.4",
            30,
            true,
            "OpenSSL did not look at 3.2 for 63 of its security issues: whether they affect OpenSSL 3.2.4 is not known; OpenSSL 3.0.7 has 35 of them.",
        ),
        ("3.5.3", "3.5.4", 3, false, ""),
    ] {
        let moved = real(from, to);
        let told = (moved.fixes.len(), moved.unclear, moved.unanalysed.join(" "));
        assert_eq!(told, (fixes, is_unclear, said.to_owned()), "{from} {to}");
        assert!(moved.is_security(), "{from} {to}");
        // It is of after the last day of the series.
        let late = |facts: &AdvisoryFacts| facts.id == "CVE-2026-84782";
        assert!(!moved.fixes.iter().any(late), "{from} {to}");
    }
}

#[test]
fn a_move_of_which_nobody_knows_what_it_fixes_is_no_bug_fix_release() {
    let (config, moves) = (config(), [real("3.1.8", "4.0.3")]);
    let announcement = announcement(&config, &moves);
    let mail = announcement.render(&Templates::default()).expect("a mail");
    assert_eq!(
        mail.subject,
        "spam 44.0.1: security release with OpenSSL 4.0.3"
    );
    let release = announcement.release_text(&Templates::default());
    for text in [
        mail.body.split_whitespace().collect::<Vec<_>>().join(" "),
        release.expect("a text"),
        whole(&pull_request(&config, &moves[0], &[])),
    ] {
        assert!(!text.contains("bug-fix"), "{text}");
        assert!(!text.contains("fixes 0"), "{text}");
        assert!(!text.contains("None is known"), "{text}");
        assert!(text.contains(&moves[0].unanalysed[0]), "{text}");
    }
}
