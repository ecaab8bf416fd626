//! Tables of versions, and what only looks like one.

use super::{digest, found};
use crate::openssl::upstream::builtin;
use crate::project::discovery::*;

const DAY: jiff::civil::Date = jiff::civil::date(2026, 1, 2);

/// The same with a history: a file's texts, the newest first.
fn found_after(path: &str, texts: &[&str]) -> Discovery {
    let releases = builtin::builtin().expect("facts").releases;
    let mut record = Record::new(&releases);
    for (at, pair) in texts.windows(2).enumerate() {
        let moved = Moved {
            commit: format!("{at:040}"),
            day: DAY,
        };
        let file = ChangedFile {
            path: path.to_owned(),
            before: pair[1].to_owned(),
            after: pair[0].to_owned(),
        };
        record.add(moved, vec![file]);
    }
    let checkout = Checkout {
        folder: "spam".into(),
        texts: [(path.to_owned(), texts[0].to_owned())].into(),
        ..Checkout::default()
    };
    discover(&checkout, &releases, &record)
}

/// The links with the tables that they are added to: version, series of the pin, whether before the
/// others, and the anchor.
fn tables(found: &Discovery) -> Vec<String> {
    let mut all = Vec::new();
    for link in &found.links {
        for pin in &link.pins {
            let FoundKind::Text(text) = &pin.kind else {
                continue;
            };
            let Some(insert) = &text.insert else {
                continue;
            };
            let side = if insert.before { "before" } else { "after" };
            let series = text.series.map(|series| format!(" of {series}"));
            let doubt = link.doubt.as_ref().map_or("", |_| ", doubtful");
            all.push(format!(
                "{}{} {side} `{}`{doubt}",
                link.version,
                series.unwrap_or_default(),
                insert.anchor
            ));
        }
    }
    all
}

fn recipe(versions: &[&str]) -> String {
    let line = |version: &&str| {
        format!(
            "version(\"{version}\") {{ sha256 \"{}\" }}\n",
            digest(version)
        )
    };
    versions.iter().map(line).collect()
}

#[test]
fn entries_with_digests_of_their_own_are_a_table_in_any_order() {
    let anchor = "`version(\"{version}\") { sha256 \"{sha256}\" }`";
    for (versions, default, expected) in [
        (["3.0.9", "3.0.8", "3.0.11", "3.0.12"], "", "3.0.12 after"),
        (["3.0.12", "3.0.8", "3.0.9", "3.0.7"], "", "3.0.12 before"),
        (
            ["3.1.0", "3.0.8", "3.0.9", "3.0.11"],
            "default_version \"3.0.11\"\n",
            "3.0.11 of 3.0 after",
        ),
        (["3.1.0", "3.0.8", "3.0.9", "3.0.11"], "", "3.1.0 after"),
    ] {
        let text = format!("name \"openssl\"\n{default}{}", recipe(&versions));
        let found = found(&[("openssl.rb", &text)]);
        assert_eq!(
            tables(&found),
            [format!("{expected} {anchor}")],
            "{found:?}"
        );
        assert_eq!(found.links.len(), 1, "{found:?}");
    }
    // Neither end is where the next one goes.
    let text = format!(
        "name \"openssl\"\n{}",
        recipe(&["3.0.8", "3.0.12", "3.0.9"])
    );
    let found = found(&[("openssl.rb", &text)]);
    assert_eq!(
        tables(&found),
        [format!("3.0.12 before {anchor}, doubtful")]
    );
}

#[test]
fn a_series_that_only_stands_beside_the_default_is_told_and_no_link() {
    let text = format!(
        "name \"openssl\"\ndefault_version \"3.0.9\"\n{}",
        recipe(&["3.1.0", "3.0.9", "3.0.8"])
    );
    let found = found(&[("openssl.rb", &text)]);
    let [doubt] = found.unsure.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((doubt.line, found.links.len()), (3, 1));
    assert!(
        doubt
            .why
            .starts_with("series 3.1 only stands in this table")
    );
}

#[test]
fn columns_of_a_table_are_filled_up() {
    let text = format!(
        "name \"openssl\"\nversion(\"3.0.11\")  {{ sha256 \"{}\" }}\nversion(\"3.0.9\")   {{ sha256 \"{}\" }}\n",
        digest("3.0.11"),
        digest("3.0.9")
    );
    let found = found(&[("openssl.rb", &text)]);
    assert_eq!(tables(&found), ["3.0.11 before `version(\"{version}\")`"]);
}

#[test]
fn a_table_has_an_entry_for_each_series_that_another_table_is_kept_for() {
    let data = |versions: &[&str]| -> String {
        let entry = |version: &&str| {
            let url = format!("https://www.openssl.org/source/openssl-{version}.tar.gz");
            format!(
                "  {version}:\n    url: {url}\n    sha256: {}\n",
                digest(version)
            )
        };
        let entries = versions.iter().map(entry);
        format!("sources:\n{}", entries.collect::<String>())
    };
    let folder = |version: &str, at: &str| format!("  {version}:\n    folder: {at}\n");
    let config = format!(
        "versions:\n{}{}{}{}{}",
        folder("3.0.4", "three"),
        folder("3.0.3", "three"),
        folder("1.1.1q", "one"),
        folder("1.1.1p", "one"),
        folder("1.0.2u", "one"),
    );
    let found = found(&[
        (
            "openssl/one/data.yml",
            &data(&["1.1.1q", "1.1.1p", "1.0.2u"]),
        ),
        ("openssl/three/data.yml", &data(&["3.0.4", "3.0.3"])),
        ("openssl/config.yml", &config),
    ]);
    assert_eq!(
        tables(&found),
        [
            "1.1.1q of 1.1.1 before `{version}:`",
            "1.1.1q before `{version}:`",
            "3.0.4 of 3.0 before `{version}:`",
            "3.0.4 before `{version}:`",
        ]
    );
    assert_eq!(found.unsure, []);
}

#[test]
fn history_says_where_an_entry_goes_and_which_series_are_kept() {
    let list = |versions: &str| {
        let lines = versions.split_whitespace();
        let lines: String = lines.map(|one| format!("  \"{one}\",\n")).collect();
        format!("OPENSSL_VERSIONS = [\n{lines}]\n")
    };
    let grown =
        |now: &str, before: &str| tables(&found_after("spam.py", &[&list(now), &list(before)]));
    for (now, before, expected) in [
        // The newest stands where it was put.
        (
            "3.5.2 3.5.1",
            "3.5.1",
            vec!["3.5.2 before `\"{version}\",`"],
        ),
        ("3.5.1 3.5.2", "3.5.1", vec!["3.5.2 after `\"{version}\",`"]),
        (
            "3.0.8 3.0.9 3.5.1 3.5.2",
            "3.0.8 3.5.1 3.5.2",
            vec![
                "3.0.9 of 3.0 after `\"{version}\",`",
                "3.5.2 of 3.5 after `\"{version}\",`",
            ],
        ),
        // The first of its series, and one in the place of another, add to no table.
        ("3.0.8 3.1.2 3.5.1", "3.0.8 3.1.2", vec![]),
        ("3.0.9 3.1.3 3.5.1", "3.0.8 3.1.2", vec![]),
    ] {
        assert_eq!(grown(now, before), expected, "{now}");
    }
    // What was used before is kept beside the first of another series.
    let using = |version: &str, list: &str| format!("uses openssl \"{version}\"\n{list}");
    let found = found_after(
        "spam.py",
        &[
            &using("3.5.1", &list("3.0.18 3.5.1")),
            &using("3.0.18", &list("3.0.18")),
        ],
    );
    assert_eq!(tables(&found), ["3.5.1 after `\"{version}\",`"]);
    // An entry that took the place of one of its series shows that the next does too.
    let found = found_after(
        "spam.py",
        &[
            &using("3.5.1", &list("3.0.18 3.5.1")),
            &using("3.0.18", &list("3.0.18")),
            &using("3.0.17", &list("3.0.17")),
        ],
    );
    assert_eq!(tables(&found), [""; 0]);
}

#[test]
fn lines_of_one_form_at_versions_of_their_own_make_the_link_doubtful() {
    let text = "build(\"openssl-3.0.9.tar.gz\")\nbuild(\"openssl-3.0.12.tar.gz\")\nbuild(\"openssl-3.0.8.tar.gz\")\n";
    let found = found(&[("spam.rb", text)]);
    let [link] = found.links.as_slice() else {
        panic!("{found:?}")
    };
    let doubt = link.doubt.as_deref().unwrap_or_default();
    let start = "`spam.rb` lines 1 and 2 say 3.0.9 and 3.0.12 in one form";
    assert!(doubt.starts_with(start), "{doubt}");
}

#[test]
fn a_record_of_builds_and_a_registry_are_no_pins_and_told_once() {
    let row = |name: &str, version: &str| {
        format!(
            "{name},2026-01-02T03:04:05Z,{},openssl-{version},ham-3.2.6\n",
            "ab".repeat(32)
        )
    };
    let record = format!(
        "name,built,sha256,openssl,ham\n{}{}{}",
        row("a", "3.1.6"),
        row("b", "3.1.6"),
        row("c", "3.5.1")
    );
    let registry = "{\"versions\": [\n  {\n    \"git-tree\": \"f8a826f497073533a3e4c390255ae197d65d6ef3\",\n    \"version\": \"3.5.1\",\n    \"port-version\": 0\n  }\n]}\n";
    let found = found(&[
        ("builds.csv", &record),
        ("build.sh", "OPENSSL_VERSION=3.5.1\n"),
        ("versions/o-/openssl.json", registry),
    ]);
    let [link] = found.links.as_slice() else {
        panic!("{found:?}")
    };
    let places: Vec<&str> = link.places().map(|(file, _)| file.as_str()).collect();
    assert_eq!((places, &link.doubt), (vec!["build.sh"], &None));
    let told: Vec<&str> = found
        .unsure
        .iter()
        .map(|doubt| doubt.file.as_str())
        .collect();
    assert_eq!(told, ["builds.csv", "versions/o-/openssl.json"]);
}

#[test]
fn a_key_is_found_by_its_own_lines() {
    let entry = |version: &str, note: &str| {
        let address = format!(
            "https://github.com/openssl/openssl/releases/download/openssl-{version}/openssl-{version}.tar.gz"
        );
        format!(
            "  {version}:{note}\n    url: \"{address}\"\n    sha256: {}\n",
            digest(version)
        )
    };
    let text = format!(
        "sources:\n{}{}{}",
        entry("3.5.3", " # kept"),
        entry("3.4.2", ""),
        entry("3.2.5", "")
    );
    let found = found(&[("openssl/data.yml", &text)]);
    assert_eq!(found.links.len(), 3, "{found:?}");
    for link in &found.links {
        for pin in &link.pins {
            let FoundKind::Text(text) = &pin.kind else {
                panic!("{pin:?}")
            };
            assert!(
                text.matches.iter().all(|one| !one.contains("openssl-{*}")),
                "{text:?}"
            );
        }
    }
}

#[test]
fn a_list_whose_last_entry_has_no_comma_gets_one_with_the_next() {
    let entry = |version: &str, end: &str| {
        format!(
            "  \"{version}\": {{\n   \"sha256\": \"{}\"\n  }}{end}\n",
            digest(version)
        )
    };
    let line =
        |version: &str, end: &str| format!("  \"{version}\": \"{}\"{end}\n", digest(version));
    let whole = |entries: String| format!("{{\n \"openssl\": {{\n{entries} }}\n}}\n");
    let insert = |entries: String| {
        let found = found(&[("spam.json", &whole(entries))]);
        let [link] = found.links.as_slice() else {
            panic!("{found:?}")
        };
        let FoundKind::Text(text) = &link.pins[0].kind else {
            panic!("{link:?}")
        };
        (text.insert.clone().expect("a table"), link.doubt.clone())
    };
    let (at_end, doubt) = insert(entry("3.5.2", ",") + &entry("3.5.3", ""));
    assert_eq!((at_end.before, doubt), (false, None));
    assert_eq!(
        at_end.anchor,
        "\"{version}\": {\n   \"sha256\": \"{sha256}\"\n"
    );
    assert_eq!(
        at_end.text,
        "  },\n  \"{version}\": {\n   \"sha256\": \"{sha256}\"\n"
    );
    let (at_end, _) = insert(line("3.5.2", ",") + &line("3.5.3", ""));
    assert_eq!(at_end.anchor, "\"{version}\": \"{sha256}\"");
    assert_eq!(at_end.text, ",\n  \"{version}\": \"{sha256}\"");
    let (first, _) = insert(line("3.5.3", ",") + &line("3.5.2", ""));
    assert_eq!(first.text, "  \"{version}\": \"{sha256}\",\n");
    let template = |version: &str, end: &str| {
        entry(version, end).replace(
            "{\n",
            "{\n   \"url\": \"https://www.openssl.org/openssl-{version}.tar.gz\",\n",
        )
    };
    let (_, doubt) = insert(template("3.5.2", ",") + &template("3.5.3", ""));
    let doubt = doubt.unwrap_or_default();
    assert!(
        doubt.contains("has the name of a placeholder in it"),
        "{doubt}"
    );
}

#[test]
fn a_line_is_told_once() {
    let found = found(&[(
        "build.sh",
        "OPENSSL_VERSION=3.5.3\n# openssl 3.5.3 is built here\n",
    )]);
    let told: Vec<&str> = found
        .unsure
        .iter()
        .map(|doubt| doubt.why.as_str())
        .collect();
    assert_eq!(told, ["it stands in a comment"]);
}

#[test]
fn a_digest_on_the_line_of_another_version_is_that_one_s() {
    let text = format!(
        "url = \"https://www.openssl.org/source/openssl-1.1.1d.tar.gz\"\nham(\"1.1.0g\", \"{}\")\n",
        "ab1".repeat(10) + "cd"
    );
    let found = found(&[("spam.py", &text)]);
    assert_eq!(found.links.len(), 1);
    assert_eq!(found.links[0].places().count(), 1, "{found:?}");
    assert_eq!(found.unsure, []);
}

#[test]
fn definitions_that_no_commit_moved_are_not_sure() {
    let text = |version: &str| {
        format!(
            "get \"https://www.openssl.org/source/openssl-{version}.tar.gz\" {}\n",
            digest(version)
        )
    };
    let found = found(&[
        ("defs/a", &text("3.5.1")),
        ("defs/b", &text("3.5.1")),
        ("defs/c", &text("3.5.2")),
        ("defs/d", &text("3.5.3")),
    ]);
    let [pin] = found.links[0].pins.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(pin.confidence, Confidence::Likely);
    assert!(pin.reason.ends_with("no commit moved one"));
}

#[test]
fn a_list_that_got_every_version_makes_its_link_doubtful() {
    let text = |versions: &str, default: &str| {
        format!(
            "for ver in [{versions}]:\n    get(f\"https://www.openssl.org/source/openssl-{{ver}}.tar.gz\")\nopenssl_version = \"{default}\"\n"
        )
    };
    let (new, old) = (
        text("\"3.5.2\", \"3.5.3\"", "3.5.3"),
        text("\"3.5.2\"", "3.5.2"),
    );
    let found = found_after("openssl.py", &[&new, &old]);
    let doubt = found.links[0].doubt.as_deref().unwrap_or_default();
    assert!(
        doubt.starts_with("`openssl.py` line 1 got the new version"),
        "{found:?}"
    );
}

#[test]
fn digests_that_differ_are_not_of_one_tarball() {
    let text = |version: &str, own: &str, other: &str| {
        format!(
            "openssl = {{\n  version: \"{version}\",\n  sha1: \"{}\",\n}}\n\n\n\n\npython = {{\n  version: \"3.13.1\",\n  sha1: \"{}\",\n}}\n",
            own.repeat(10),
            other.repeat(10)
        )
    };
    let (new, old) = (text("3.5.3", "ab12", "cd34"), text("3.5.2", "ef56", "0a78"));
    let found = found_after("deps.json5", &[&new, &old]);
    let places: BTreeSet<usize> = found.links[0].places().map(|(_, line)| *line).collect();
    assert_eq!(places, [2, 3].into(), "{found:?}");
}

#[test]
fn a_document_that_gives_the_name_its_value_is_kept_up_with_it() {
    let releases = builtin::builtin().expect("facts").releases;
    let paths = ["Makefile", "AGENTS.md"];
    let texts = |version: &str| {
        [
            format!("\tOPENSSL_VERSION={version} sh build.sh\n"),
            format!("It pins:\n\n- `OPENSSL_VERSION=\"{version}\"`\n"),
        ]
    };
    let mut record = Record::new(&releases);
    let moved = Moved {
        commit: "0".repeat(40),
        day: DAY,
    };
    let files = paths.iter().zip(texts("3.5.2")).zip(texts("3.5.3"));
    let files = files.map(|((path, before), after)| ChangedFile {
        path: (*path).to_owned(),
        before,
        after,
    });
    record.add(moved, files.collect());
    let now = paths
        .iter()
        .map(|path| (*path).to_owned())
        .zip(texts("3.5.3"));
    let checkout = Checkout {
        folder: "spam".into(),
        texts: now.collect(),
        ..Checkout::default()
    };
    let found = discover(&checkout, &releases, &record);
    let files: BTreeSet<&str> = found.links[0]
        .places()
        .map(|(file, _)| file.as_str())
        .collect();
    assert_eq!(files, paths.into());
}

#[test]
fn a_number_of_a_rebuild_is_left_out_by_the_next_bump() {
    let text = |version: &str, built: &str| {
        format!("set libraries=openssl-{version}\nset binaries=openssl-bin-{built}\nrem end\n")
    };
    for (states, expected) in [
        // It came with a build of the same version.
        (&[("3.5.3", "3.5.3-1"), ("3.5.3", "3.5.3")][..], true),
        // The newest bump wrote none.
        (
            &[
                ("3.5.3", "3.5.3.2"),
                ("3.5.3", "3.5.3"),
                ("3.5.2", "3.5.2.1"),
            ],
            true,
        ),
        // The newest bump wrote one.
        (&[("3.5.3", "3.5.3-1"), ("3.5.2", "3.5.2")], false),
        (&[("3.5.3", "3.5.3-1"), ("3.5.2", "3.5.2-1")], false),
    ] {
        let texts: Vec<String> = states
            .iter()
            .map(|(version, built)| text(version, built))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = found_after("get.bat", &texts);
        let FoundKind::Text(pin) = &found.links[0].pins[0].kind else {
            panic!("no text pin: {found:?}");
        };
        let set = (
            "set binaries=openssl-bin-{*}".to_owned(),
            "set binaries=openssl-bin-{version}".to_owned(),
        );
        assert_eq!(pin.set.contains(&set), expected, "{states:?}");
    }
}

#[test]
fn a_line_that_stayed_when_the_others_moved_is_no_link_for_sure() {
    let text = |version: &str, stayed: &str| {
        format!(
            "curl https://www.openssl.org/source/openssl-{version}.tar.gz\nrpmbuild openssl -D \"version {stayed}\"\n"
        )
    };
    let (now, before) = (text("3.3.2", "3.2.1"), text("3.2.1", "3.2.1"));
    let first = text("3.2.0", "3.2.0");
    let found = found_after("build.sh", &[&now, &before, &first]);
    let doubts: Vec<&str> = found
        .links
        .iter()
        .filter_map(|link| link.doubt.as_deref())
        .collect();
    let [doubt] = doubts[..] else {
        panic!("{found:?}")
    };
    assert!(
        doubt.starts_with("`build.sh` line 2 stayed at 3.2.1 when"),
        "{doubt}"
    );
}
