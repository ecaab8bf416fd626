//! What one field may do to a record. The whole shapes are in `tests/fixtures/upstream`.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// A record of today's form.
fn record() -> Value {
    json!({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": "CVE-2025-0001", "state": "PUBLISHED"},
        "containers": {"cna": {
            "affected": [{"vendor": "OpenSSL", "product": "OpenSSL", "defaultStatus": "unaffected", "versions": [
                {"version": "3.5.0", "lessThan": "3.5.4", "status": "affected", "versionType": "semver"}]}],
            "datePublic": "2025-09-30T14:00:00.000Z",
            "metrics": [{"format": "other", "other": {"type": "https://example.org/", "content": {"text": "Low"}}}],
            "problemTypes": [{"descriptions": [{"cweId": "CWE-125", "description": "CWE-125 Out-of-bounds Read"}]}],
            "references": [
                {"name": "OpenSSL Advisory", "tags": ["vendor-advisory"], "url": "https://openssl-library.org/news/secadv/20250930.txt"},
                {"name": "3.5.4 git commit", "tags": ["patch"], "url": "https://github.com/openssl/openssl/commit/0123456789"}],
            "title": "A title",
        }},
    })
}

/// The record with one place changed.
fn changed(pointer: &str, value: Value) -> Result<Reading<CveRecord>, Diagnostic> {
    let mut record = record();
    *record.pointer_mut(pointer).expect("a place") = value;
    read("CVE-2025-0001.json", &record.to_string())
}

fn advisory(reading: &Reading<CveRecord>) -> &Advisory {
    let CveRecord::Published(published) = &reading.value else {
        panic!("{:?} is not published", reading.value)
    };
    &published.advisory
}

#[test]
fn nothing_is_noticed_in_a_plain_record() {
    let reading = read(
        "secjson/CVE-2025-0001.json",
        &format!("\u{feff}{}\n", record()),
    )
    .expect("a record");
    assert_eq!(reading.notes, []);
    insta::assert_snapshot!(serde_json::to_string(advisory(&reading)).expect("JSON"), @r#"{"id":"CVE-2025-0001","severity":"low","published":"2025-09-30","title":"A title","url":"https://openssl-library.org/news/secadv/20250930.txt","cwe":["CWE-125"],"affected":[{"from":"3.5.0","before":"3.5.4"}]}"#);
}

#[test]
fn versions_in_every_form() {
    for (versions, expected) in [
        (
            json!([{"version": "3.5.0", "lessThan": "3.5.4", "status": "affected"}]),
            r#"[{"from":"3.5.0","before":"3.5.4"}]"#,
        ),
        (
            json!([{"version": "3.0.0", "lessThanOrEqual": "3.0.7", "status": "affected"}]),
            r#"[{"from":"3.0.0","through":"3.0.7"}]"#,
        ),
        (
            json!([{"version": "3.0.4", "status": "affected"}]),
            r#"[{"from":"3.0.4","through":"3.0.4"}]"#,
        ),
        (
            json!([{"version": "1.1.0", "status": "affected"}]),
            r#"[{"from":"1.1.0"}]"#,
        ),
        (
            json!([{"version": "1.1.0", "status": "unaffected"}, {"version": "3.0.0", "lessThan": "3.0.5", "status": "affected"}]),
            r#"[{"from":"3.0.0","before":"3.0.5"}]"#,
        ),
        (
            json!([{"version": "3.0.0", "lessThan": "3.1", "status": "affected", "changes": [{"at": "3.0.5", "status": "unaffected"}, {"at": "3.0.9", "status": "affected"}]}]),
            r#"[{"from":"3.0.0","before":"3.0.5"},{"from":"3.0.9","before":"3.1"}]"#,
        ),
        (json!([]), r#"[{"from":"not read"}]"#),
        (json!("none"), r#"[{"from":"not read"}]"#),
        (
            json!([{"version": "3.5.0", "status": "unaffected"}]),
            r#"[{"from":"not read"}]"#,
        ),
        (
            json!([{"version": "3.5.0", "lessThan": "3.5.4"}]),
            r#"[{"from":"3.5.0","before":"3.5.4"}]"#,
        ),
        (
            json!([{"version": 3.5, "lessThan": "3.5.4", "status": "affected"}]),
            r#"[{"from":"not read","before":"3.5.4"}]"#,
        ),
        (
            json!([{"version": "3.5.0", "lessThan": 3.6, "status": "affected"}]),
            r#"[{"from":"3.5.0"}]"#,
        ),
        (
            json!([{"version": "3.5.0", "lessThan": "3.6.0", "status": "affected", "changes": "later"}]),
            r#"[{"from":"3.5.0","before":"3.6.0"}]"#,
        ),
        (
            json!([{"version": "3.5.3", "status": "affected", "changes": [{"at": 1}]}]),
            r#"[{"from":"3.5.3"}]"#,
        ),
        (
            json!([{"version": "3.5.0", "lessThan": "3.5.4", "status": "affected", "changes": null}]),
            r#"[{"from":"3.5.0","before":"3.5.4"}]"#,
        ),
        (
            json!([{"version": "3.0.0", "lessThan": "4.1.0", "status": "affected", "changes": [
                {"at": "4.0.4", "status": "unaffected"}, {"at": "4.0.0", "status": "affected"}, {"at": "3.5.4", "status": "unaffected"},
            ]}]),
            r#"[{"from":"3.0.0","before":"3.5.4"},{"from":"4.0.0","before":"4.0.4"}]"#,
        ),
        (
            json!([{"version": "3.5.0", "lessThan": "3.6.0", "status": "unaffected", "changes": [
                {"at": "3.5.2", "status": "affected"}, {"at": "3.5.4", "status": "unaffected"},
            ]}]),
            r#"[{"from":"3.5.2","before":"3.5.4"}]"#,
        ),
        (
            json!(["3.5.0", {"version": "3.5.0", "lessThan": "3.5.4", "status": "affected"}]),
            r#"[{"from":"3.5.0","before":"3.5.4"},{"from":"not read"}]"#,
        ),
        (
            json!([{"version": ">= 3.5.0, < 3.5.4", "status": "affected"}]),
            r#"[{"from":"3.5.0","before":"3.5.4"}]"#,
        ),
        (
            json!([
                {"version": "a0c8ec557d9c", "lessThan": "1ca5a12487a3", "status": "affected", "versionType": "git"},
                {"version": "3.5.0", "lessThan": "3.5.4", "status": "affected"},
            ]),
            r#"[{"from":"3.5.0","before":"3.5.4"}]"#,
        ),
        (
            json!([
                {"version": "3.4.0", "lessThan": "3.4.8", "status": "affected", "versionType": "git"},
                {"version": "3.5.0", "lessThan": "3.5.4", "status": "affected"},
            ]),
            r#"[{"from":"3.4.0","before":"3.4.8"},{"from":"3.5.0","before":"3.5.4"}]"#,
        ),
        (
            json!([{"version": "a0c8ec557d9c", "lessThan": "1ca5a12487a3", "status": "affected", "versionType": "git"}]),
            r#"[{"from":"a0c8ec557d9c","before":"1ca5a12487a3"}]"#,
        ),
    ] {
        let reading =
            changed("/containers/cna/affected/0/versions", versions.clone()).expect("a record");
        assert_eq!(
            serde_json::to_string(&advisory(&reading).affected).expect("JSON"),
            expected,
            "{versions}"
        );
    }
}

/// What is not listed is not unaffected.
#[test]
fn the_rest_of_a_record() {
    for (default, versions, expected) in [
        (
            "affected",
            json!([
                {"version": "0", "lessThan": "3.5.0", "status": "unaffected"}, {"version": "3.5.0", "status": "affected"},
                {"version": "3.5.4", "lessThanOrEqual": "3.5.*", "status": "unaffected"}, {"version": "4.0.4", "lessThanOrEqual": "*", "status": "unaffected"},
            ]),
            r#"[{"from":"3.5.0","before":"3.5.4"},{"from":"3.6.0","before":"4.0.4"}]"#,
        ),
        (
            "affected",
            json!([{"version": "3.5.4", "status": "unaffected"}]),
            r#"[{"from":"0","before":"3.5.4"},{"from":"3.6.0","before":"*"}]"#,
        ),
        (
            "unknown",
            json!([{"version": "4.0.0", "lessThan": "4.0.4", "status": "affected"}, {"version": "3.5.0", "lessThan": "3.6", "status": "unaffected"}]),
            r#"[{"from":"4.0.0","before":"4.0.4"},{"from":"*"}]"#,
        ),
        ("affected", json!([]), r#"[{"from":"*"}]"#),
        (
            "affected",
            json!([{"version": "next", "status": "unaffected"}]),
            r#"[{"from":"*"}]"#,
        ),
    ] {
        let mut value = record();
        let product = &mut value["containers"]["cna"]["affected"][0];
        product["defaultStatus"] = default.into();
        product["versions"] = versions.clone();
        let reading = read("secjson/CVE-2025-0001.json", &value.to_string()).expect("a record");
        let said = serde_json::to_string(&advisory(&reading).affected).expect("JSON");
        assert_eq!(said, expected, "{versions}");
    }
}

#[test]
fn a_surprise_costs_only_its_field() {
    for (pointer, value, said) in [
        (
            "/containers/cna/metrics",
            json!([{"cvssV3_1": {"baseSeverity": "CRITICAL"}}]),
            "carries no rating of OpenSSL's own",
        ),
        (
            "/containers/cna/metrics/0/other/content/text",
            json!("Important"),
            "the severity `important` is not a known one",
        ),
        (
            "/containers/cna/datePublic",
            json!(null),
            "`datePublic` is `missing`; read as 2025-09-30",
        ),
        (
            "/containers/cna/datePublic",
            json!("last Tuesday"),
            "`datePublic` is `last Tuesday`; read as 2025-09-30",
        ),
        (
            "/cveMetadata/state",
            json!(null),
            "`state` is `missing`; read as published",
        ),
        (
            "/containers/cna/affected/0/versions/0/status",
            json!("unknown"),
            "the status of `3.5.0` is `unknown`; read as affected",
        ),
        (
            "/containers/cna/affected/0/versions/0/lessThan",
            json!("3.6.1"),
            "the range from `3.5.0` before `3.6.1` crosses series",
        ),
        (
            "/cveMetadata/cveId",
            json!("CVE-2025-0002"),
            "`cveId` is `CVE-2025-0002`; the file's name is believed",
        ),
    ] {
        let reading = changed(pointer, value).expect("a record");
        assert_eq!(advisory(&reading).affected.len(), 1, "{pointer}");
        assert_eq!(
            reading
                .notes
                .iter()
                .map(|note| note.text.as_str())
                .collect::<Vec<_>>(),
            [said],
            "{pointer}"
        );
    }
    for (pointer, value) in [
        ("/containers/cna/title", json!(["a", "list"])),
        ("/containers/cna/problemTypes", json!("free text")),
        ("/containers/cna/references", json!(null)),
        ("/dataVersion", json!(6)),
    ] {
        assert_eq!(
            changed(pointer, value).expect("a record").notes,
            [],
            "{pointer}"
        );
    }
}

#[test]
fn what_is_no_record_of_ours_is_not_an_advisory() {
    assert!(matches!(
        changed("/cveMetadata/state", json!("REJECTED")).map(|reading| reading.value),
        Ok(CveRecord::Rejected(_))
    ));
    let reserved = json!({"cveMetadata": {"cveId": "CVE-2025-0001", "state": "RESERVED"}});
    assert!(matches!(
        read("CVE-2025-0001.json", &reserved.to_string()).map(|reading| reading.value),
        Ok(CveRecord::Unrelated(_))
    ));
    assert!(matches!(
        changed("/containers/cna/affected/0/product", json!("LibreSSL"))
            .map(|reading| reading.value),
        Ok(CveRecord::Unrelated(_))
    ));
    for (pointer, value) in [
        ("/containers/cna/affected", json!([])),
        ("/containers", json!({})),
    ] {
        assert!(changed(pointer, value).is_err(), "{pointer}");
    }
    for text in ["", "[]", "null", "<!DOCTYPE html>", "{\"cveMetadata\":"] {
        let refused = read("CVE-2025-0001.json", text).expect_err("no record");
        assert!(
            refused
                .to_string()
                .starts_with("`CVE-2025-0001.json`: not read as a CVE record: "),
            "{refused}"
        );
    }
}

#[test]
fn the_identifier_inside_counts_where_the_file_is_named_otherwise() {
    assert_eq!(
        advisory(&read("record", &record().to_string()).expect("a record"))
            .id
            .to_string(),
        "CVE-2025-0001"
    );
}

#[test]
fn commits_end_addresses() {
    for (url, expected) in [
        (
            "https://github.com/openssl/openssl/commit/0123456789ABCDEF0123456789abcdef01234567",
            Some("0123456789abcdef0123456789abcdef01234567"),
        ),
        (
            "https://git.openssl.org/gitweb/?p=openssl.git;a=commitdiff;h=0123456",
            Some("0123456"),
        ),
        (
            "https://github.com/openssl/openssl/commit/0123456789abcdef0123456789abcdef01234567q",
            Some("0123456789abcdef0123456789abcdef01234567"),
        ),
        ("https://github.com/openssl/openssl/pull/12", None),
        ("", None),
    ] {
        assert_eq!(commit(url).as_deref(), expected, "{url}");
    }
}

/// Values of every kind, small.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}|[0-9.a-z*-]{0,8}".prop_map(Value::from)
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::hash_map("[a-zA-Z]{1,8}", inner, 0..3)
                .prop_map(|map| map.into_iter().collect())
        ]
    })
}

/// Every place of a value, as JSON pointers.
fn places(value: &Value, at: &str, places: &mut Vec<String>) {
    places.push(at.to_owned());
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| self::places(value, &format!("{at}/{key}"), places)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(key, value)| self::places(value, &format!("{at}/{key}"), places)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        let _ = read("CVE-2025-0001.json", &text);
    }

    /// Whatever stands wherever: the record is read under its name or refused under its name.
    #[test]
    fn any_change_is_read_or_refused(place in any::<prop::sample::Index>(), value in anything()) {
        let mut all = Vec::new();
        places(&record(), "", &mut all);
        let place: &String = place.get(&all);
        match changed(place, value) {
            Ok(reading) => {
                let id = match reading.value {
                    CveRecord::Published(published) => published.advisory.id,
                    CveRecord::Rejected(id) | CveRecord::Unrelated(id) => id,
                };
                prop_assert_eq!(id.to_string(), "CVE-2025-0001");
            }
            Err(refused) => prop_assert_eq!(refused.document, "CVE-2025-0001.json"),
        }
    }
}
