//! Each form of what `check` has found, over the built-in snapshot.

use super::{AssessedLink, Check, PinPlace, PublishedRelease};
use crate::openssl::advisory::Severity;
use crate::openssl::assessment::{Policy, SeriesPolicy, assess};
use crate::openssl::upstream::builtin::builtin;
use crate::openssl::upstream::pre_announcement::Announced;
use crate::openssl::upstream::{Snapshot, SourceState, State, View};
use crate::text::style::Look;

/// Calls `show` with the findings for links as `(name, version)` on a day.
fn with_check<T>(today: &str, links: &[(&str, &str)], show: impl FnOnce(&mut Check<'_>) -> T) -> T {
    let snapshot: Snapshot = builtin().expect("the built-in snapshot");
    let upstream = View::new(&snapshot, today.parse().expect("a date"), &[]);
    let policy = Policy {
        series: SeriesPolicy::Newest,
        ..Policy::default()
    };
    let sources = [SourceState {
        name: "built-in snapshot".into(),
        state: State::Offline,
        requests: 0,
        bytes: 0,
        detail: "266 releases".into(),
        taken: None,
    }];
    let links = links.iter().map(|(name, version)| AssessedLink {
        beside: Vec::new(),
        name: (*name).into(),
        places: vec![PinPlace {
            repository: None,
            file: "ci/open ssl.sh".into(),
            line: 3,
            version: version.parse().expect("a version"),
        }],
        declared: Some(("release-check.toml".into(), 4)),
        assessment: assess(version.parse().expect("a version"), &policy, &upstream)
            .expect("an assessment"),
    });
    let mut check = Check {
        upstream: &upstream,
        sources: &sources,
        announced: Vec::new(),
        published: None,
        links: links.collect(),
        prefix: String::new(),
    };
    show(&mut check)
}

#[test]
fn text() {
    let text = with_check(
        "2025-10-01",
        &[("wheels", "3.5.3"), ("legacy", "1.1.1w"), ("beta", "3.0.7")],
        |check| {
            check.announced.push(Announced {
                date: "2025-10-07".parse().expect("a date"),
                versions: vec![
                    "3.6.1".parse().expect("a version"),
                    "3.5.5".parse().expect("a version"),
                ],
                severity: Some(Severity::High),
            });
            check.published = Some(PublishedRelease {
                version: "46.0.1".into(),
                openssl: "3.5.3".parse().expect("a version"),
                exposed: vec!["CVE-2025-9230".parse().expect("an id")],
                platforms: Vec::new(),
            });
            check.text(Look::default(), false)
        },
    );
    insta::assert_snapshot!(text);
}

#[test]
fn text_of_waiting() {
    insta::assert_snapshot!(with_check(
        "2024-10-17",
        &[("wheels", "3.3.2"), ("frozen", "0.9.8y")],
        |check| check.text(Look::default(), false)
    ));
}

#[test]
fn text_that_lists_all() {
    let text = with_check("2025-10-01", &[("beta", "3.0.7")], |check| {
        let look = Look {
            width: 160,
            colour: false,
            seen: true,
        };
        check.text(look, true)
    });
    insta::assert_snapshot!(text);
}

#[test]
fn text_in_colour() {
    let look = Look {
        width: 100,
        colour: true,
        seen: true,
    };
    let text = with_check("2026-01-28", &[("wheels", "3.5.4")], |check| {
        check.text(look, false)
    });
    let text = text.replace('\u{1b}', "^");
    insta::assert_snapshot!(text);
}

#[test]
fn one_link_has_at_most_twelve_lines() {
    for version in ["3.6.0", "3.5.3", "1.1.1w", "3.0.7", "3.3.2", "1.0.2u"] {
        let text = with_check("2026-01-28", &[("wheels", version)], |check| {
            check.text(Look::default(), false)
        });
        assert!(text.lines().count() <= 12, "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
    }
}

#[test]
fn markdown() {
    insta::assert_snapshot!(with_check(
        "2025-10-01",
        &[("wheels", "3.5.3"), ("current", "3.6.0")],
        |check| check.markdown()
    ));
}

#[test]
fn sarif() {
    insta::assert_snapshot!(with_check("2025-10-01", &[("wheels", "3.5.3")], |check| {
        check.sarif()
    }));
}

/// What GitHub's code scanning needs beyond the schema.
#[test]
fn sarif_is_what_code_scanning_takes() {
    let sarif = with_check(
        "2025-10-01",
        &[("wheels", "3.0.6"), ("legacy", "1.1.1w"), ("old", "3.4.0")],
        |check| {
            check.prefix = "native/ssl".into();
            check.links[0].places.push(PinPlace {
                repository: None,
                file: "ci/open ssl.sh".into(),
                line: 9,
                version: "3.0.6".parse().expect("a version"),
            });
            check.links[1].places = vec![PinPlace {
                repository: Some("example/infra".into()),
                file: "pins.sh".into(),
                line: 7,
                version: "1.1.1w".parse().expect("a version"),
            }];
            check.sarif()
        },
    );
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert!(
        rules.len() > 20 && results.len() > rules.len(),
        "{} rules, {} results",
        rules.len(),
        results.len()
    );
    for rule in rules {
        for text in [
            "/shortDescription/text",
            "/fullDescription/text",
            "/help/text",
            "/help/markdown",
            "/helpUri",
            "/defaultConfiguration/level",
        ] {
            assert!(
                rule.pointer(text)
                    .and_then(|text| text.as_str())
                    .is_some_and(|text| !text.is_empty()),
                "{text} of {rule}"
            );
        }
        let score = rule.pointer("/properties/security-severity").map(|score| {
            score
                .as_str()
                .expect("text")
                .parse::<f64>()
                .expect("a number")
        });
        assert_eq!(
            score.is_some_and(|score| 0.0 < score && score <= 10.0),
            rule["id"].as_str().expect("an id").starts_with("CVE-"),
            "{rule}"
        );
    }
    let mut fingerprints = std::collections::BTreeSet::new();
    for result in results {
        let index =
            usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("an index");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"];
        let (uri, line) = (
            &location["artifactLocation"]["uri"],
            location["region"]["startLine"].as_u64(),
        );
        let elsewhere = result["message"]["text"]
            .as_str()
            .expect("a text")
            .contains("`legacy`");
        let expected = if elsewhere {
            ("native/ssl/release-check.toml", Some(4))
        } else {
            ("native/ssl/ci/open%20ssl.sh", line)
        };
        assert_eq!((uri, line), (&expected.0.into(), expected.1));
        assert_eq!(
            result["message"]["text"]
                .as_str()
                .expect("a text")
                .contains("(pinned in `example/infra:pins.sh:7`)"),
            elsewhere
        );
        assert_eq!(location["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        assert!(
            fingerprints.insert(
                result["partialFingerprints"]["releaseCheck/v1"]
                    .as_str()
                    .expect("a fingerprint")
            ),
            "{result}"
        );
    }
}

#[test]
fn the_gravest_link_gives_the_status() {
    for (links, status) in [
        (&[("a", "3.5.3"), ("b", "3.6.0")][..], 11),
        (&[("a", "3.6.0")], 0),
        (&[("a", "3.5.4")], 10),
        (&[], 0),
    ] {
        assert_eq!(
            with_check("2025-10-01", links, |check| check.status()),
            status,
            "{links:?}"
        );
    }
    assert_eq!(
        with_check(
            "2023-11-07",
            &[("old", "1.1.1w"), ("new", "3.1.4")],
            |check| check.status()
        ),
        12
    );
    assert_eq!(
        with_check("2022-10-12", &[("back", "3.0.6")], |check| check.status()),
        13
    );
    let exposed = with_check("2025-10-01", &[("a", "3.6.0")], |check| {
        check.published = Some(PublishedRelease {
            version: "1".into(),
            openssl: "3.5.3".parse().expect("a version"),
            exposed: vec!["CVE-2025-9230".parse().expect("an id")],
            platforms: Vec::new(),
        });
        check.status()
    });
    assert_eq!(exposed, 14);
}

/// Code scanning shows every result, whatever its kind; the format asks for level `none`.
#[test]
fn what_upstream_did_not_look_at_is_an_open_result() {
    for (version, open) in [("3.1.8", 65), ("1.1.1w", 4), ("3.5.3", 0)] {
        let sarif = with_check("2026-10-02", &[("wheels", version)], |check| check.sarif());
        let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("results");
        let told = results.iter().filter(|result| result["kind"] == "open");
        let told: Vec<_> = told.collect();
        assert_eq!(told.len(), open, "{version}");
        assert!(told.iter().all(|result| result["level"] == "none"));
    }
}

#[test]
fn a_series_that_upstream_did_not_look_at_is_not_called_unaffected() {
    let text = with_check("2026-10-02", &[("wheels", "3.1.8")], |check| {
        check.markdown() + &check.text(Look::default(), false)
    });
    assert!(!text.contains("unaffected so far"), "{text}");
    assert!(text.contains("nobody may call 3.1.8 unaffected"), "{text}");
}
