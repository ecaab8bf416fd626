//! `history` from the project's tags, in real repositories.

use std::path::Path;

use serde_json::{Value, json};

use crate::git::git_on;
use crate::sandbox::Sandbox;

const PIN: &str = "[[link.pin]]\nfile = \"openssl.sh\"\nmatch = ['OPENSSL={version}']\n";

/// Commits a file as it was on a day.
pub(crate) fn commit(folder: &Path, day: &str, file: &str, text: &str) {
    if !folder.join(".git").exists() {
        std::fs::create_dir_all(folder).expect("a folder");
        git_on(folder, day, &["init", "--quiet"]);
    }
    std::fs::write(folder.join(file), text).expect("a file");
    git_on(folder, day, &["add", "--force", file]);
    git_on(folder, day, &["commit", "--quiet", "-m", day]);
}

pub(crate) fn tag(folder: &Path, day: &str, name: &str) {
    git_on(folder, day, &["tag", "--annotate", "-m", name, name]);
}

fn history(sandbox: &Sandbox, day: &str) -> Value {
    sandbox
        .run(&["--offline", "history", "--format", "json", "--as-of", day])
        .exits(0)
        .json()
}

fn release<'a>(json: &'a Value, version: &str) -> &'a Value {
    let releases = json["releases"].as_array().expect("a list");
    releases
        .iter()
        .find(|release| release["version"] == version)
        .unwrap_or_else(|| panic!("no {version} in {json:#}"))
}

fn carried<'a>(release: &'a Value, id: &str) -> &'a Value {
    let all = release["advisories"].as_array().expect("a list");
    all.iter()
        .find(|carried| carried["id"] == id)
        .unwrap_or_else(|| panic!("no {id} in {release:#}"))
}

/// Four releases: one from before there was a pin, one with 3.5.3, two with 3.5.4; the last is of a
/// day to come.
fn tagged() -> Sandbox {
    let sandbox = Sandbox::new();
    let folder = sandbox.path();
    commit(&folder, "2025-09-01", "README", "x");
    tag(&folder, "2025-09-01", "v1.0");
    commit(&folder, "2025-09-17", "openssl.sh", "OPENSSL=3.5.3\n");
    tag(&folder, "2025-09-18", "v1.1");
    git_on(&folder, "2025-09-18", &["tag", "openssl-3.5.3"]);
    commit(&folder, "2025-10-02", "openssl.sh", "OPENSSL=3.5.4\n");
    git_on(&folder, "2025-10-02", &["tag", "v1.2"]);
    tag(&folder, "2026-02-01", "v1.3");
    sandbox.file(
        "release-check.toml",
        format!("[project]\nname = \"x\"\n\n[[link]]\nname = \"wheels\"\n\n{PIN}"),
    );
    sandbox
}

#[test]
fn what_the_pins_said_at_each_tag() {
    let sandbox = tagged();
    let json = history(&sandbox, "2026-01-01");
    let versions: Vec<&Value> = json["releases"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|release| &release["version"])
        .collect();
    assert_eq!(versions, ["1.2", "1.1", "1.0"]);
    let exposed = release(&json, "1.1");
    assert_eq!(
        (&exposed["published"], &exposed["carried"]),
        (&json!("2025-09-18"), &json!({"wheels": ["3.5.3"]}))
    );
    assert_eq!(
        *carried(exposed, "CVE-2025-9230"),
        json!({"id": "CVE-2025-9230", "severity": "moderate", "carriers": ["wheels"], "exposed_from": "2025-09-30", "exposed_until": "2025-10-02", "fixed_in": "1.2", "days": 2})
    );
    // What cannot be read is not known: it may well have carried one.
    let before = release(&json, "1.0");
    assert_eq!(
        (&before["known"], &before["advisories"], &before["openssl"]),
        (&json!(false), &Value::Null, &json!([]))
    );
    assert!(
        before["unread"][0]
            .as_str()
            .expect("text")
            .starts_with("wheels: "),
        "{before:#}"
    );
    assert_eq!(release(&json, "1.2")["examined"], Value::Null);
    // On a later day there is another release, and another fix to wait for.
    let json = history(&sandbox, "2026-02-01");
    let open = release(&json, "1.3")["advisories"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|carried| carried["fixed_in"].is_null());
    assert!(
        open.is_some_and(|carried| carried["exposed_until"].is_null()),
        "{json:#}"
    );
}

#[test]
fn how_long_users_of_the_newest_were_exposed() {
    let json = history(&tagged(), "2025-10-05");
    let exposures = json["exposures"].as_array().expect("a list");
    let one = exposures
        .iter()
        .find(|exposure| exposure["id"] == "CVE-2025-9230")
        .expect("it was exposed");
    assert_eq!(
        *one,
        json!({"id": "CVE-2025-9230", "severity": "moderate", "spans": [
            {"carriers": ["wheels"], "from": "2025-09-30", "until": "2025-10-02", "fixed_in": "1.2", "days": 2},
        ]})
    );
    assert_eq!(
        [
            &release(&json, "1.2")["today"],
            &release(&json, "1.1")["today"],
            &release(&json, "1.0")["today"]
        ],
        [
            &json!({"wheels": {"known": true, "severity": null}}),
            &json!({"wheels": {"known": true, "severity": "moderate"}}),
            &json!({"wheels": {"known": false, "severity": null}})
        ]
    );
}

/// What a browser makes of it is asked by `.ci/check-page`.
#[test]
fn a_page_of_its_own() {
    let sandbox = tagged();
    let configuration = sandbox
        .read("release-check.toml")
        .replace("name = \"x\"", "name = \"<b>x</b>\"");
    sandbox.file("release-check.toml", configuration);
    let arguments = ["--offline", "--as-of", "2025-10-05", "--format", "html"];
    let page = sandbox
        .run(&[&arguments[..], &["history"]].concat())
        .exits(0)
        .stdout;
    for text in [
        "<!DOCTYPE html>",
        "&lt;b&gt;x&lt;/b&gt;",
        "<td class=\"m\"><a href=\"#openssl-3.5.3\" tabindex=\"-1\" aria-label=\"3.5.3, 2 moderate and 1 low\">3.5.3</a>",
        "<td class=\"ok\"><a href=\"#openssl-3.5.4\" tabindex=\"-1\" aria-label=\"3.5.4, no known advisory\">3.5.4</a>",
        "<b aria-hidden=\"true\">?</b><span class=\"vh\">not known: not everything of this release could be read</span>",
        "2 days from 2025-09-30, fixed in 1.2 of 2025-10-02",
    ] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
    assert!(!page.contains("<b>x</b>") && !page.contains("<script"));
    let refused = sandbox.run(&[&arguments[..], &["check"]].concat()).exits(2);
    assert!(
        refused.stderr.contains("`--format html` is for `history`"),
        "{}",
        refused.stderr
    );
}

#[test]
fn text_for_people() {
    let sandbox = tagged();
    let text = sandbox
        .run(&["--offline", "history", "--as-of", "2025-10-05"])
        .exits(0)
        .stdout;
    insta::assert_snapshot!(without_basis(&text));
    let all = ["--offline", "history", "-l", "--as-of", "2025-10-05"];
    let text = sandbox.run(&all).exits(0).stdout;
    insta::assert_snapshot!(without_basis(&text));
}

/// What does not move with the facts that are built in.
fn without_basis(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("  basis"))
        .collect();
    lines.join("\n")
}

#[test]
fn a_part_of_it() {
    let sandbox = tagged();
    for (arguments, expected) in [
        (["--since", "1.2"], &["1.3", "1.2"][..]),
        (["--since", "2025-10-03"], &["1.3"]),
        (["--limit", "1"], &["1.3"]),
    ] {
        let all = [
            "--offline",
            "--format=json",
            "--as-of=2026-02-01",
            "history",
        ];
        let json = sandbox
            .run(&[&all[..], &arguments].concat())
            .exits(0)
            .json();
        let releases = json["releases"].as_array().expect("a list");
        let versions: Vec<&Value> = releases.iter().map(|one| &one["version"]).collect();
        assert_eq!(versions, expected, "{arguments:?}");
    }
    let refused = sandbox.run(&["history", "--since", "yesterday?"]).exits(2);
    assert!(refused.stderr.contains("yesterday?"), "{}", refused.stderr);
}

#[test]
fn pins_in_another_repository_are_read_as_of_the_tags_day() {
    let sandbox = Sandbox::new();
    let (folder, infra) = (sandbox.path(), sandbox.path().join("infra"));
    commit(&infra, "2025-09-17", "openssl.sh", "OPENSSL=3.5.3\n");
    commit(&infra, "2025-10-01", "openssl.sh", "OPENSSL=3.5.4\n");
    commit(&folder, "2025-09-01", "README", "x");
    for (day, name) in [
        ("2025-09-10", "1.0"),
        ("2025-09-20", "1.1"),
        ("2025-10-02", "1.2"),
    ] {
        tag(&folder, day, name);
    }
    commit(&folder, "2025-09-01", "docker.sh", "OPENSSL=3.0.17\n");
    tag(&folder, "2025-10-03", "1.3");
    let config = |checkout: &str| {
        format!(
            "[project]\nname = \"x\"\nrepository = \"x/x\"\n\n[[link]]\nname = \"wheels\"\nrepository = \"x/infra\"\n\n{PIN}\n\
             [[link]]\nname = \"docker\"\n\n{}\n{checkout}",
            PIN.replace("openssl.sh", "docker.sh")
        )
    };
    sandbox.file(
        "release-check.toml",
        config("[repositories.\"x/infra\"]\ncheckout = \"infra\"\n"),
    );
    let json = history(&sandbox, "2026-01-01");
    let said: Vec<&Value> = json["releases"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|release| &release["carried"])
        .collect();
    let (old, new) = (json!({"wheels": ["3.5.3"]}), json!({"wheels": ["3.5.4"]}));
    assert_eq!(
        said,
        [
            &json!({"docker": ["3.0.17"], "wheels": ["3.5.4"]}),
            &new,
            &old,
            &json!({})
        ]
    );
    // 1.2 moved one of the two; nobody knows of the other. 1.3 still has the advisory through the
    // older one.
    assert_eq!(
        carried(release(&json, "1.1"), "CVE-2025-9230")["fixed_in"],
        Value::Null
    );
    sandbox.file("release-check.toml", config(""));
    let outcome = sandbox.run(&["--offline", "history"]).exits(2);
    assert!(
        outcome
            .stderr
            .contains("name a clone as `checkout` in `[repositories.\"x/infra\"]`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn nothing_to_read_is_said() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "release-check.toml",
        format!("[project]\nname = \"x\"\n\n[[link]]\nname = \"wheels\"\n\n{PIN}"),
    );
    let outcome = sandbox.run(&["--offline", "history"]).exits(1);
    assert!(
        outcome.stdout.is_empty() && outcome.stderr.contains("is in no git repository"),
        "{}",
        outcome.stderr
    );
    sandbox.file("release-check.toml", "[project]\nname = \"x\"\n");
    let outcome = sandbox.run(&["--offline", "history"]).exits(2);
    assert!(
        outcome.stderr.contains("`--published`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_release_is_read_as_its_own_configuration_says() {
    let sandbox = Sandbox::new();
    let folder = sandbox.path();
    let config = |file: &str| {
        let pin = PIN.replace("openssl.sh", file);
        format!("[project]\nname = \"x\"\n\n[[link]]\nname = \"wheels\"\n\n{pin}")
    };
    let named = "release-check.toml";
    commit(&folder, "2025-09-17", named, &config("old.sh"));
    commit(&folder, "2025-09-17", "old.sh", "OPENSSL=3.5.3\n");
    tag(&folder, "2025-09-18", "v1.0");
    git_on(&folder, "2025-10-02", &["rm", "--quiet", "old.sh"]);
    commit(&folder, "2025-10-02", named, &config("new.sh"));
    commit(&folder, "2025-10-02", "new.sh", "OPENSSL=3.5.4\n");
    tag(&folder, "2025-10-02", "v1.1");
    let json = history(&sandbox, "2026-01-01");
    for (version, openssl) in [("1.0", "3.5.3"), ("1.1", "3.5.4")] {
        let carried = &release(&json, version)["carried"];
        assert_eq!(*carried, json!({"wheels": [openssl]}), "{version}");
    }
}
