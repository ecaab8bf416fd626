//! `affected`.

use crate::sandbox::Sandbox;

fn advisory<'a>(version: &'a serde_json::Value, id: &str) -> &'a serde_json::Value {
    version["advisories"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|advisory| advisory["id"] == id)
        .unwrap_or_else(|| panic!("{id} is missing"))
}

#[test]
fn versions_of_three_eras() {
    let sandbox = Sandbox::new();
    let json = sandbox
        .run(&[
            "--offline",
            "--format",
            "json",
            "affected",
            "3.5.3",
            "1.1.1w",
            "1.0.1f",
            "--as-of",
            "2026-06-10",
        ])
        .exits(0)
        .json();
    assert_eq!(json["schema"], 1);
    let [current, premium, old] = json["versions"].as_array().expect("a list").as_slice() else {
        panic!("three versions")
    };
    assert_eq!(advisory(current, "CVE-2025-9230")["fixed_in"], "3.5.4");
    assert_eq!(advisory(current, "CVE-2025-9230")["nearest"], "3.5.4");
    assert_eq!(advisory(premium, "CVE-2025-9230")["fixed_in"], "1.1.1zd");
    assert_eq!(advisory(premium, "CVE-2025-9230")["fixed_public"], false);
    assert_eq!(advisory(premium, "CVE-2025-9230")["nearest"], "3.0.18");
    assert_eq!(advisory(old, "CVE-2014-0160")["fixed_in"], "1.0.1g");
    assert_eq!(old["public"], true);
}

#[test]
fn tags_and_versions_that_are_not_public() {
    let sandbox = Sandbox::new();
    let json = sandbox
        .run(&[
            "affected",
            "OpenSSL_1_1_1x",
            "openssl-3.5.4",
            "3.5.4-dev",
            "--offline",
            "--format=json",
        ])
        .exits(0)
        .json();
    let public: Vec<_> = json["versions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|version| (version["version"].clone(), version["public"].clone()))
        .collect();
    assert_eq!(
        serde_json::to_string(&public).expect("JSON"),
        r#"[["1.1.1x",false],["3.5.4",true],["3.5.4-dev",false]]"#
    );
}

#[test]
fn what_is_no_version_is_a_usage_error() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run(&["affected", "three", "--offline"]).exits(2);
    assert!(outcome.stdout.is_empty());
    assert!(
        outcome
            .stderr
            .contains("`three` is not an OpenSSL version or tag"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn text_names_what_is_corrected_and_disputed() {
    let sandbox = Sandbox::new();
    let text = sandbox
        .run(&["affected", "3.1.0", "0.9.8y", "-l", "--offline"])
        .exits(0)
        .words();
    assert!(text.contains("corrected CVE-2023-2650: upstream's range from 3.1.1 before 3.1.1 is empty; read as from 3.1.0"), "{text}");
    assert!(
        text.contains("CVE-2010-0928") && text.contains("disputed by upstream"),
        "{text}"
    );
}

#[test]
fn an_advisory_and_what_of_ours_has_it() {
    let sandbox = Sandbox::new();
    sandbox.file("openssl.sh", "OPENSSL=3.5.3\n");
    sandbox.file(
        "release-check.toml",
        "[project]\nname = \"x\"\n\n[[link]]\nname = \"wheels\"\n\n[[link.pin]]\nfile = \"openssl.sh\"\nmatch = ['OPENSSL={version}']\n",
    );
    let arguments = [
        "--offline",
        "affected",
        "cve-2025-9230",
        "--as-of",
        "2025-10-05",
    ];
    let text = sandbox.run(&arguments).exits(0).stdout;
    let text: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("basis"))
        .collect();
    insta::assert_snapshot!(text.join("\n"));
    let json = sandbox
        .run(&[&arguments[..], &["--format", "json"]].concat())
        .exits(0)
        .json();
    let one = &json["advisories"][0];
    assert_eq!(
        (
            &one["severity"],
            &one["links"][0]["affected"],
            &one["releases"]
        ),
        (&"moderate".into(), &true.into(), &serde_json::Value::Null)
    );
    let unknown = sandbox
        .run(&["--offline", "affected", "CVE-2099-1"])
        .exits(2);
    assert!(unknown.stderr.contains("CVE-2099-1"), "{}", unknown.stderr);
    let unknown = sandbox
        .run(&["--offline", "affected", "CVE-2099-1111"])
        .exits(1);
    assert!(
        unknown.stderr.contains("`CVE-2099-1111` is no advisory"),
        "{}",
        unknown.stderr
    );
}
