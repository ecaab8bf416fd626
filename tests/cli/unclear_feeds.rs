//! What upstream publishes next in a form that is not known makes no linked version look safe, and
//! costs nothing but itself.

use serde_json::{Value, json};

use crate::server::Reply;
use crate::upstream_world::{CVE, METADATA, World, archive_of, files, record};

/// The advisory that is unclear; the one of [`CVE`] is not.
const UNCLEAR: &str = "CVE-2026-99002";

/// A version that is affected by [`UNCLEAR`], and the one that fixes it.
const OLD: &str = "3.5.9";
const NEW: &str = "3.5.10";

/// A tree with these files beside a good record.
fn tree(more: &[(&str, Vec<u8>)]) -> Vec<(String, Vec<u8>)> {
    let mut all = files(&[(CVE, older())]);
    all.extend(
        more.iter()
            .map(|(path, bytes)| ((*path).to_owned(), bytes.clone())),
    );
    all
}

/// A record that neither [`OLD`] nor [`NEW`] has.
fn older() -> Value {
    let mut record = record(CVE, "High");
    record["containers"]["cna"]["affected"][0]["versions"] =
        json!([{"version": "3.5.0", "lessThan": "3.5.8", "status": "affected"}]);
    record
}

/// A record of the unclear advisory whose products are changed.
fn affected(products: &Value) -> Vec<u8> {
    let mut record = record(UNCLEAR, "High");
    record["containers"]["cna"]["affected"] = products.clone();
    record.to_string().into_bytes()
}

fn versions(default: &str, versions: &Value) -> Vec<u8> {
    affected(
        &json!([{"vendor": "OpenSSL", "product": "OpenSSL", "defaultStatus": default, "versions": versions}]),
    )
}

/// What `check` answers for both versions: status, verdict, and whether it has the unclear one.
fn told(world: &World) -> String {
    let one = |version: &str| {
        world
            .sandbox
            .file("openssl.sh", format!("VERSION={version}\n"));
        let run = world.sandbox.run(&["check", "--format", "json"]);
        let json = run.json();
        let link = &json["links"][0];
        let has = [&link["fixes"], &link["remaining"]].iter().any(|list| {
            list.as_array()
                .is_some_and(|all| all.contains(&json!(UNCLEAR)))
        });
        let verdict = link["verdict"].as_str().unwrap_or_default().to_owned();
        format!("{} {verdict}{}", run.status, if has { " +" } else { "" })
    };
    format!("{}, {}", one(OLD), one(NEW))
}

/// Serves a tree, and tells what is said of it.
fn with(more: &[(&str, Vec<u8>)]) -> (World, String) {
    let world = World::new();
    world
        .server
        .serve(METADATA, Reply::ok(archive_of(&tree(more))));
    // The page of vulnerabilities lists what this is about.
    world.server.serve(
        crate::upstream_world::VULNERABILITIES,
        Reply::status(404, ""),
    );
    let told = told(&world);
    (world, told)
}

/// Both have it, and nobody knows what has the fix.
const BOTH: &str = "12 fix-pending +, 12 fix-pending +";

/// The fix is known.
const FIXED: &str = "11 security-release +, 0 current";

/// Nothing is there but the good record.
const NEITHER: &str = "10 bugfix-release, 0 current";

fn path() -> String {
    format!("secjson/{UNCLEAR}.json")
}

#[test]
fn records_that_cannot_be_read_are_an_issue_of_every_version() {
    let large = vec![b' '; (1 << 20) + 1];
    let good = record(UNCLEAR, "High").to_string();
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("cut", good.as_bytes()[..200].to_vec()),
        ("no text", vec![0xff, 0xfe, b'{', 0]),
        ("large", large),
        (
            "another form",
            json!({"schema_version": "1.6.0", "id": UNCLEAR})
                .to_string()
                .into_bytes(),
        ),
        ("no product", affected(&json!({"vendor": "OpenSSL"}))),
    ] {
        let (world, said) = with(&[(&path(), bytes)]);
        assert_eq!(said, BOTH, "{what}");
        let check = world.sandbox.run(&["check"]);
        assert!(
            check.stderr.contains(&format!("{UNCLEAR}.json`: not read")),
            "{what}: {}",
            check.stderr
        );
        assert!(
            check.stderr.contains("every version counts as affected"),
            "{what}: {}",
            check.stderr
        );
    }
    // What is no record is none of anybody.
    assert_eq!(with(&[("secjson/schema.json", b"{".to_vec())]).1, NEITHER);
}

#[test]
fn versions_that_are_not_understood() {
    let range = json!({"version": "3.5.0", "lessThan": "3.5.10", "status": "affected"});
    let other = json!({"version": "4.0.0", "lessThan": "4.0.4", "status": "affected"});
    for (what, bytes, said) in [
        ("no list", versions("unaffected", &json!("none")), BOTH),
        ("nothing", versions("unaffected", &json!([])), BOTH),
        ("a text", versions("unaffected", &json!(["3.5.0"])), BOTH),
        (
            "beside",
            versions("unaffected", &json!(["3.6.0", range])),
            FIXED,
        ),
        ("default", versions("affected", &json!([])), BOTH),
        ("unknown", versions("unknown", &json!([other])), BOTH),
        (
            "unknown but named",
            versions("unknown", &json!([range])),
            FIXED,
        ),
        (
            "unaffected",
            versions(
                "affected",
                &json!([{"version": "3.5.10", "lessThanOrEqual": "3.5.*", "status": "unaffected"}]),
            ),
            FIXED,
        ),
        (
            "no status",
            versions(
                "unaffected",
                &json!([{"version": "3.5.0", "lessThan": "3.5.10"}]),
            ),
            FIXED,
        ),
        (
            "a number",
            versions(
                "unaffected",
                &json!([{"version": 3.5, "lessThan": "3.5.10", "status": "affected"}]),
            ),
            FIXED,
        ),
        (
            "no end",
            versions(
                "unaffected",
                &json!([{"version": "3.0.0", "lessThan": "*", "status": "affected"}]),
            ),
            BOTH,
        ),
        (
            "a series",
            versions(
                "unaffected",
                &json!([{"version": "3.0.0", "lessThan": "3.6", "status": "affected"}]),
            ),
            BOTH,
        ),
        (
            "upside down",
            versions(
                "unaffected",
                &json!([{"version": "3.5.10", "lessThan": "3.5.0", "status": "affected"}]),
            ),
            FIXED,
        ),
        (
            "in one text",
            versions(
                "unaffected",
                &json!([{"version": ">= 3.5.0, < 3.5.10", "status": "affected"}]),
            ),
            FIXED,
        ),
        (
            "a name",
            affected(
                &json!([{"vendor": "The OpenSSL Project", "product": "OpenSSL Library", "versions": [range]}]),
            ),
            FIXED,
        ),
        (
            "a package",
            affected(&json!([{"packageName": "openssl/openssl", "versions": [range]}])),
            FIXED,
        ),
        (
            "another product",
            affected(&json!([{"vendor": "BC", "product": "bc-java", "versions": [range]}])),
            NEITHER,
        ),
        (
            "the provider",
            affected(
                &json!([{"vendor": "OpenSSL", "product": "OpenSSL FIPS Provider", "versions": [range]}]),
            ),
            NEITHER,
        ),
    ] {
        assert_eq!(with(&[(&path(), bytes)]).1, said, "{what}");
    }
}

#[test]
fn records_with_a_field_too_few_or_too_many() {
    for (what, change) in [
        (
            "no day",
            (|record: &mut Value| record["containers"]["cna"]["datePublic"] = Value::Null)
                as fn(&mut Value),
        ),
        ("no identifier", |record| record["cveMetadata"] = json!({})),
        ("reserved", |record| {
            record["cveMetadata"]["state"] = "RESERVED".into();
        }),
        ("version 6", |record| record["dataVersion"] = json!(6.0)),
        ("another score", |record| {
            record["containers"]["cna"]["metrics"] = json!([{"cvssV4_0": {"baseSeverity": "LOW"}}]);
        }),
    ] {
        let mut record = record(UNCLEAR, "High");
        record["containers"]["cna"]["references"] = json!([]);
        change(&mut record);
        let bytes = record.to_string().into_bytes();
        assert_eq!(with(&[(&path(), bytes)]).1, FIXED, "{what}");
    }
    let bytes = || record(UNCLEAR, "High").to_string().into_bytes();
    let deep = format!("secjson/2026/{UNCLEAR}.json");
    assert_eq!(with(&[(&deep, bytes())]).1, FIXED);
    // Two records of one identifier: what either says.
    let second = format!("secjson/{UNCLEAR}-2.json");
    let narrow = versions(
        "unaffected",
        &json!([{"version": "4.0.0", "lessThan": "4.0.4", "status": "affected"}]),
    );
    assert_eq!(with(&[(&path(), narrow), (&second, bytes())]).1, FIXED);
}

/// An advisory text with one issue.
fn advisory(severity: &str, body: &str) -> String {
    let heading = format!("Something ({UNCLEAR})");
    format!(
        "OpenSSL Security Advisory [25th July 2026]\n===\n\n{heading}\n======\n\nSeverity: {severity}\n\nIssue summary: It is wrong.\n\n{body}\n"
    )
}

#[test]
fn texts_that_come_before_their_records() {
    let fixes = "OpenSSL 4.0 and 3.5 are vulnerable to this issue.\n\nOpenSSL 4.0 users should upgrade to OpenSSL 4.0.4.\n\nOpenSSL 3.5 users should upgrade to OpenSSL 3.5.10.";
    let later = "The fix will be included in the next releases when they become available.";
    let text = |body: &str| advisory("High", body);
    for (what, file, text, said) in [
        ("fixes", "20260725.txt", text(fixes), FIXED),
        ("no versions", "20260725.txt", text("See the commit."), BOTH),
        (
            "later",
            "20260725.txt",
            text(&format!(
                "OpenSSL 3.5 is vulnerable to this issue.\n\n{later}"
            )),
            BOTH,
        ),
        (
            "another series",
            "20260725.txt",
            text(&format!(
                "OpenSSL 4.0 and 3.5 are vulnerable to this issue.\n\nOpenSSL 4.0 users should upgrade to OpenSSL 4.0.4.\n\n{later}"
            )),
            BOTH,
        ),
        (
            "not ours",
            "20260725.txt",
            text(
                "OpenSSL 4.0 is vulnerable to this issue.\n\nOpenSSL 4.0 users should upgrade to OpenSSL 4.0.4.",
            ),
            NEITHER,
        ),
        ("signed alone", "20260725.txt.asc", text(fixes), FIXED),
        (
            "Markdown",
            "20260725.md",
            format!(
                "# OpenSSL Security Advisory\n\n## Something ({UNCLEAR})\n\n**Severity:** High\n\n{fixes}\n"
            ),
            FIXED,
        ),
        (
            "no heading",
            "20260725.txt",
            format!("OpenSSL Security Advisory\n\n{UNCLEAR}\n\n{fixes}\n"),
            FIXED,
        ),
        (
            "no UTF-8",
            "20260725.txt",
            text(&format!("Found by M\u{e9}.\n\n{fixes}")),
            FIXED,
        ),
        (
            "a page",
            "20260725.txt",
            format!("<html><h2>{UNCLEAR}</h2></html>"),
            BOTH,
        ),
    ] {
        let file = format!("secadv/{file}");
        let bytes: Vec<u8> = text
            .chars()
            .map(|c| u8::try_from(c).expect("Latin-1"))
            .collect();
        assert_eq!(with(&[(&file, bytes.clone())]).1, said, "{what}");
        // A record that cannot be read is no better than none.
        let broken = with(&[(&file, bytes), (&path(), b"{".to_vec())]).1;
        assert_eq!(broken, said, "{what}, and a broken record");
    }
}

#[test]
fn texts_that_say_more_than_their_records() {
    let file = "secadv/20260725.txt";
    let narrow = versions(
        "unaffected",
        &json!([{"version": "4.0.0", "lessThan": "4.0.4", "status": "affected"}]),
    );
    let with_text = |record: Vec<u8>, severity: &str, body: &str| {
        with(&[
            (&path(), record),
            (file, advisory(severity, body).into_bytes()),
        ])
    };
    let fix = |version: &str| format!("OpenSSL 3.5 users should upgrade to OpenSSL {version}.");
    assert_eq!(with_text(narrow, "High", &fix("3.5.10")).1, FIXED);
    let unread = versions("unaffected", &json!("none"));
    assert_eq!(with_text(unread, "High", &fix("3.5.10")).1, FIXED);
    let record = || record(UNCLEAR, "Low").to_string().into_bytes();
    // The later one of two fixes.
    assert_eq!(with_text(record(), "Low", &fix("3.5.11")).1, BOTH);
    assert_eq!(with_text(record(), "Low", &fix("3.5.9")).1, FIXED);
    let (world, _) = with_text(record(), "High", &fix("3.5.10"));
    let json = world
        .sandbox
        .run(&["affected", OLD, "--format", "json"])
        .json();
    let advisories = json["versions"][0]["advisories"]
        .as_array()
        .expect("a list");
    let severity = advisories
        .iter()
        .find(|one| one["id"] == UNCLEAR)
        .map(|one| &one["severity"]);
    assert_eq!(severity, Some(&json!("high")));
}

#[test]
fn what_could_not_be_read_is_called_not_known() {
    let (world, _) = with(&[(&path(), b"{".to_vec())]);
    let run = |version: &str, arguments: &[&str]| {
        let pin = format!("VERSION={version}\n");
        world.sandbox.file("openssl.sh", pin);
        let said = world.sandbox.run(arguments).stdout;
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let check = run(NEW, &["check"]);
    assert!(
        check.contains("could not be read for CVE-2026-99002"),
        "{check}"
    );
    assert!(
        check.contains("not known which versions have the fix"),
        "{check}"
    );
    assert!(
        check.contains("next: yours: see which versions it affects"),
        "{check}"
    );
    let affected = run(NEW, &["affected", UNCLEAR]);
    assert!(affected.contains("affects not known"), "{affected}");
    assert!(
        affected.contains("it with OpenSSL 3.5.10: not known"),
        "{affected}"
    );
    let version = run(NEW, &["affected", NEW]);
    assert!(version.contains("treated as affected"), "{version}");
    // No mail says that users have what nobody knows, and none that they have not.
    assert_eq!(run(NEW, &["draft", "announcement", "--body"]), "");
    let mail = run(OLD, &["draft", "announcement", "--body"]);
    assert!(
        mail.contains("Whether it fixes security issues is not known"),
        "{mail}"
    );
    assert!(!mail.contains("Still present"), "{mail}");
    let request = run(OLD, &["draft", "pull-request"]);
    assert!(request.contains("(security)"), "{request}");
    assert!(!request.contains("fixes no security issue"), "{request}");
}

#[test]
fn a_text_that_is_revised() {
    let text = |fix: &str| {
        let body = format!("OpenSSL 3.5 users should upgrade to OpenSSL {fix}.");
        advisory("High", &body).into_bytes()
    };
    let first = ("secadv/20260725.txt", text("3.5.10"));
    let second = ("secadv/20260725-2.txt", text("3.5.11"));
    assert_eq!(with(&[first.clone(), second.clone()]).1, BOTH);
    let (world, said) = with(std::slice::from_ref(&first));
    assert_eq!(said, FIXED);
    // In place, between two polls.
    let revised = tree(&[(first.0, second.1)]);
    world
        .server
        .serve(METADATA, Reply::ok(archive_of(&revised)));
    assert_eq!(told(&world), BOTH);
    // A record that breaks says what it said.
    let record = record(UNCLEAR, "High").to_string().into_bytes();
    let (world, _) = with(&[(&path(), record)]);
    for broken in [b"{".to_vec(), versions("unaffected", &json!([]))] {
        let bytes = archive_of(&tree(&[(&path(), broken)]));
        world.server.serve(METADATA, Reply::ok(bytes));
        assert_eq!(told(&world), FIXED);
    }
}
