//! Changelogs in the shapes that projects write, before and after.

use proptest::prelude::*;

use super::*;

const SENTENCE: &str =
    "Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.1.";

fn occasion() -> Occasion {
    Occasion {
        day: jiff::civil::date(2025, 2, 11),
        next: None,
        raised: true,
        tagged: None,
        released: Vec::new(),
    }
}

fn entry(text: &str) -> Entry<'_> {
    Entry {
        text,
        security: true,
        others: &[],
    }
}

fn with_entry(
    name: &str,
    text: &str,
    entry: &Entry<'_>,
    occasion: &Occasion,
) -> Result<Written, Fault> {
    with_entries(name, text, std::slice::from_ref(entry), occasion)
}

/// The changelog with the entry, which must not change when it is put there again.
fn written(name: &str, text: &str) -> String {
    let written = with_entry(name, text, &entry(SENTENCE), &occasion()).expect("a changelog");
    let again =
        with_entry(name, &written.text, &entry(SENTENCE), &occasion()).expect("a changelog");
    assert_eq!(again.text, written.text, "a second time");
    assert!(
        written.text.contains(&written.entry)
            || written.text.contains("\r\n")
            || !written.text.ends_with('\n'),
        "{}",
        written.entry
    );
    written.text
}

fn refusal(name: &str, text: &str) -> String {
    with_entry(name, text, &entry(SENTENCE), &occasion())
        .expect_err("a refusal")
        .to_string()
}

const LABELLED: &str = "\
Changelog
=========

.. _v44-0-0:

44.0.0 - 2024-11-27
~~~~~~~~~~~~~~~~~~~

* **BACKWARDS INCOMPATIBLE:** Dropped support for an old library, which nobody
  has used for a while.
* Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.0.

.. _v43-0-3:

43.0.3 - 2024-10-18
~~~~~~~~~~~~~~~~~~~

* Fixed a build.

.. _`main`: https://example.org/
";

#[test]
fn a_release_branch_gets_a_section_with_label_and_day() {
    insta::assert_snapshot!(written("CHANGELOG.rst", LABELLED), @"
    Changelog
    =========

    .. _v44-0-1:

    44.0.1 - 2025-02-11
    ~~~~~~~~~~~~~~~~~~~

    * Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.1.

    .. _v44-0-0:

    44.0.0 - 2024-11-27
    ~~~~~~~~~~~~~~~~~~~

    * **BACKWARDS INCOMPATIBLE:** Dropped support for an old library, which nobody
      has used for a while.
    * Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.0.

    .. _v43-0-3:

    43.0.3 - 2024-10-18
    ~~~~~~~~~~~~~~~~~~~

    * Fixed a build.

    .. _`main`: https://example.org/
    ");
}

#[test]
fn the_main_branch_has_its_section() {
    let main = LABELLED.replace(
        ".. _v44-0-0:",
        ".. _v45-0-0:\n\n45.0.0 - `main`_\n~~~~~~~~~~~~~~~~\n\n.. note:: This version is not yet released and is under active development.\n\n* Added a thing.\n\n.. _v44-0-0:",
    );
    let expected = main.replace(
        "* Added a thing.\n",
        &format!("* Added a thing.\n* {SENTENCE}\n"),
    );
    assert_eq!(written("CHANGELOG.rst", &main), expected);
}

#[test]
fn an_entry_for_another_version_is_rewritten() {
    let main = LABELLED.replace(
        "44.0.0 - 2024-11-27\n~~~~~~~~~~~~~~~~~~~",
        "44.0.0 - main\n~~~~~~~~~~~~~",
    );
    let once = written("CHANGELOG.rst", &main);
    assert_eq!(once, main.replace("OpenSSL 3.4.0", "OpenSSL 3.4.1"));
}

#[test]
fn a_section_of_ours_is_dated_anew_when_its_entry_is_rewritten() {
    let first = written("CHANGELOG.rst", LABELLED);
    let later = Occasion {
        day: jiff::civil::date(2025, 2, 20),
        tagged: "44.0.0".parse().ok(),
        ..occasion()
    };
    let second = with_entry(
        "CHANGELOG.rst",
        &first,
        &entry(&SENTENCE.replace("3.4.1", "3.4.2")),
        &later,
    )
    .expect("a changelog")
    .text;
    assert_eq!(
        second,
        first
            .replace("OpenSSL 3.4.1", "OpenSSL 3.4.2")
            .replace("2025-02-11", "2025-02-20")
    );
    // Once it is tagged, the next bump needs a section of its own.
    let tagged = Occasion {
        tagged: "44.0.1".parse().ok(),
        ..later
    };
    let third = with_entry(
        "CHANGELOG.rst",
        &first,
        &entry(&SENTENCE.replace("3.4.1", "3.4.2")),
        &tagged,
    )
    .expect("a changelog");
    assert!(
        third
            .entry
            .starts_with(".. _v44-0-2:\n\n44.0.2 - 2025-02-20\n"),
        "{}",
        third.entry
    );
}

#[test]
fn keep_a_changelog() {
    let text = "\
# Changelog

## [Unreleased]

## [1.0.0] - 2024-01-01

### Added

- A thing.

### Fixed

- Another.

[Unreleased]: https://example.org/compare/v1.0.0...HEAD
[1.0.0]: https://example.org/compare/v0.9.0...v1.0.0
";
    let expected = text.replace(
        "## [Unreleased]\n",
        &format!("## [Unreleased]\n\n### Security\n\n- {SENTENCE}\n"),
    );
    assert_eq!(written("CHANGELOG.md", text), expected);

    let begun = text.replace(
        "## [Unreleased]\n",
        "## [Unreleased]\n\n### Changed\n\n- B.\n\n### Security\n\n- S.\n",
    );
    assert_eq!(
        written("CHANGELOG.md", &begun),
        begun.replace("- S.\n", &format!("- S.\n- {SENTENCE}\n"))
    );
    let bugfix = Entry {
        security: false,
        ..entry(SENTENCE)
    };
    let changed = with_entry("CHANGELOG.md", &begun, &bugfix, &occasion())
        .expect("a changelog")
        .text;
    assert_eq!(
        changed,
        begun.replace("- B.\n", &format!("- B.\n- {SENTENCE}\n"))
    );

    let fixed = text.replace(
        "## [Unreleased]\n",
        "## [Unreleased]\n\n### Added\n\n- B.\n\n### Fixed\n\n- S.\n",
    );
    let changed = with_entry("CHANGELOG.md", &fixed, &bugfix, &occasion())
        .expect("a changelog")
        .text;
    assert_eq!(
        changed,
        fixed.replace("- B.\n", &format!("- B.\n\n### Changed\n\n- {SENTENCE}\n"))
    );
}

#[test]
fn keep_a_changelog_without_an_unreleased_section() {
    let text = "# Log\n\n## [1.0.0] - 2024-01-01\n\n### Added\n\n- A.\n\n## [0.9.0] - 2023-01-01\n\n### Added\n\n- A.\n\n[1.0.0]: https://example.org/compare/v0.9.0...v1.0.0\n[0.9.0]: https://example.org/releases/v0.9.0\n";
    insta::assert_snapshot!(written("CHANGELOG.md", text), @"
    # Log

    ## [1.0.1] - 2025-02-11

    ### Security

    - Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.1.

    ## [1.0.0] - 2024-01-01

    ### Added

    - A.

    ## [0.9.0] - 2023-01-01

    ### Added

    - A.

    [1.0.1]: https://example.org/compare/v1.0.0...v1.0.1
    [1.0.0]: https://example.org/compare/v0.9.0...v1.0.0
    [0.9.0]: https://example.org/releases/v0.9.0
    ");
}

#[test]
fn the_category_is_where_entries_for_openssl_stand() {
    let text = "## Unreleased\n\n### Security\n\n- S.\n\n## 1.0.0 - 2024-01-01\n\n### Dependencies\n\n- Bump OpenSSL to 3.4.0.\n\n### Security\n\n- A flaw in OpenSSL's users.\n";
    assert_eq!(
        written("CHANGES.md", text),
        text.replace(
            "- S.\n",
            &format!("- S.\n\n### Dependencies\n\n- {SENTENCE}\n")
        )
    );
}

#[test]
fn a_released_section_never_changes() {
    let old = SENTENCE.replace("3.4.1", "3.4.0");
    let log = |title: &str| {
        format!(
            "## {title}\n\n- {old}\n\n## 1.0.0 - 2024-01-01\n\n- A.\n\n## 0.9.0 - 2023-01-01\n\n- A.\n"
        )
    };
    let new = format!("## 1.0.2 - 2025-02-11\n\n- {SENTENCE}\n\n");
    let version = |text: &str| text.parse::<ProjectVersion>().expect("a version");
    for (title, tags, next) in [
        // The tag says so, whatever the words.
        ("1.0.1 (unreleased)", &["1.0.0", "1.0.1"][..], None),
        ("1.0.1 - main", &["1.0.1"], None),
        // The day says so, though the checkout still states the version.
        ("1.0.1 - 2025-01-01", &[], Some("1.0.1")),
        ("1.0.1 - 2025-01-01 (unreleased)", &[], None),
        ("1.0.1 - 2025-01-01 [YANKED]", &["1.0.0", "1.0.1"], None),
    ] {
        let occasion = Occasion {
            released: tags.iter().map(|text| version(text)).collect(),
            tagged: tags.iter().map(|text| version(text)).max(),
            next: next.map(version),
            raised: false,
            ..occasion()
        };
        let text = log(title);
        let written = with_entry("CHANGES.md", &text, &entry(SENTENCE), &occasion);
        assert_eq!(
            written.expect(title).text,
            format!("{new}{text}"),
            "{title}"
        );
    }
}

#[test]
fn headings_of_two_levels() {
    let text = "# [2.1.0](https://a.example/compare/v2.0.1...v2.1.0) (2024-11-01)\n\n### Bug Fixes\n\n* one\n\n## [2.0.1](https://a.example/compare/v2.0.0...v2.0.1) (2024-06-01)\n\n* old\n\n# [2.0.0](https://a.example/compare/v1.0.0...v2.0.0) (2024-01-01)\n\n* older\n";
    let section = format!(
        "## [2.1.1](https://a.example/compare/v2.1.0...v2.1.1) (2025-02-11)\n\n### Bug Fixes\n\n* {SENTENCE}\n\n"
    );
    assert_eq!(written("CHANGELOG.md", text), format!("{section}{text}"));
    let patch_first = &text[text.find("## [2.0.1]").expect("a section")..];
    assert!(written("CHANGELOG.md", patch_first).starts_with(
        "## [2.0.2](https://a.example/compare/v2.0.1...v2.0.2) (2025-02-11)\n\n* Updated"
    ));
}

#[test]
fn a_new_heading_is_learned_from_sound_neighbours() {
    for (titles, expected) in [
        (
            [
                "1.0.2 (2024-03-01) [YANKED]",
                "1.0.1 (2024-02-01)",
                "1.0.0 (2024-01-01)",
            ],
            "1.0.3 (2025-02-11)",
        ),
        (
            [
                "1.0.2 - 2024-03-01 - Hotfix",
                "1.0.1 - 2024-02-01",
                "1.0.0 - 2024-01-01",
            ],
            "1.0.3 - 2025-02-11",
        ),
        (["v1.0.2 (yanked)", "v1.0.1", "v1.0.0"], "v1.0.3"),
        (["v2.0.0", "1.0.1", "1.0.0"], "v2.0.1"),
    ] {
        let text: String = titles
            .map(|title| format!("## {title}\n\n- A.\n\n"))
            .concat();
        let tags = Occasion {
            tagged: "2.0.0".parse().ok(),
            ..occasion()
        };
        let written =
            with_entry("CHANGES.md", &text, &entry(SENTENCE), &tags).expect("a changelog");
        assert_eq!(
            written.entry.lines().next(),
            Some(format!("## {expected}").as_str())
        );
    }
}

#[test]
fn what_comes_next_may_stand_beside_the_project_s_name() {
    let text = "# libkafka NEXT\n\n * One.\n\n# libkafka v2.1.0\n\n * Old.\n\n# libkafka v2.0.0\n\n * Old.\n";
    assert_eq!(
        written("CHANGELOG.md", text),
        text.replace(" * One.\n", &format!(" * One.\n * {SENTENCE}\n"))
    );
}

#[test]
fn unreleased_sections_of_every_name() {
    for title in [
        "Unreleased",
        "[Unreleased]",
        "UNRELEASED",
        "Next",
        "vNext",
        "main",
        "2.0.0 (unreleased)",
        "v2.0 (in development)",
        "2.0.0 - main",
        "2.0.0.dev1",
        "2.0.0 - TBD",
        "2.0.0 - 2025-XX-XX",
    ] {
        let text =
            format!("# Changes\n\n## {title}\n\n+ One.\n\n## 1.0.0 - 2024-01-01\n\n+ Zero.\n");
        assert_eq!(
            written("CHANGES.md", &text),
            text.replace("+ One.\n", &format!("+ One.\n+ {SENTENCE}\n")),
            "{title}"
        );
    }
}

#[test]
fn an_undated_section_above_dated_ones_is_not_released() {
    let text = "## 2.0.0\n\n- One.\n\n## 1.0.0 - 2024-01-01\n\n- Zero.\n\n## 0.9.0 - 2023-01-01\n\n- Zero.\n";
    assert_eq!(
        written("CHANGES.md", text),
        text.replace("- One.\n", &format!("- One.\n- {SENTENCE}\n"))
    );
}

#[test]
fn undated_sections_ask_tags_and_the_own_version() {
    let text = "## 1.1.0\n- One.\n\n## 1.0.0\n- Zero.\n";
    let inside = text.replace("- One.\n", &format!("- One.\n- {SENTENCE}\n"));
    let above = format!("## 1.1.1\n- {SENTENCE}\n\n{text}");
    for (next, tagged, expected) in [
        (None, None, &above),
        (None, Some("1.0.0"), &inside),
        (None, Some("1.1.0"), &above),
        // Tags that do not even know 1.0.0 tell nothing.
        (None, Some("0.5.0"), &above),
        (Some("1.1.0"), None, &inside),
        (Some("1.1.1"), None, &above),
    ] {
        let version = |text: Option<&str>| text.map(|text| text.parse().expect("a version"));
        let occasion = Occasion {
            next: version(next),
            tagged: version(tagged),
            ..occasion()
        };
        assert_eq!(
            &with_entry("CHANGES.md", text, &entry(SENTENCE), &occasion)
                .expect("a changelog")
                .text,
            expected,
            "{next:?} {tagged:?}"
        );
    }
}

#[test]
fn the_version_to_be_released_names_the_section() {
    let next = Occasion {
        next: "45.0.0.dev1".parse().ok(),
        ..occasion()
    };
    let written =
        with_entry("CHANGELOG.rst", LABELLED, &entry(SENTENCE), &next).expect("a changelog");
    assert!(
        written
            .entry
            .starts_with(".. _v45-0-0:\n\n45.0.0 - 2025-02-11\n"),
        "{}",
        written.entry
    );
}

#[test]
fn days_below_the_heading() {
    let text = "Version 3.1.1\n-------------\n\nReleased 2024-05-13\n\n-   A.\n\n\nVersion 3.1.0\n-------------\n\nReleased 2023-05-13\n\n-   A.\n";
    let expected = format!(
        "Version 3.1.2\n-------------\n\nReleased 2025-02-11\n\n-   {SENTENCE}\n\n\n{text}"
    );
    assert_eq!(written("CHANGES.rst", text), expected);
    let unreleased = text.replace("Released 2024-05-13", "Unreleased");
    assert!(
        written("CHANGES.rst", &unreleased)
            .starts_with("Version 3.1.1\n-------------\n\nUnreleased\n\n-   A.\n-   Updated")
    );
}

#[test]
fn placeholders_make_room() {
    for placeholder in ["- Nothing changed yet.", "Nothing yet.", "*No changes yet*"] {
        let text = format!(
            "Changes\n=======\n\n5.0 (unreleased)\n----------------\n\n{placeholder}\n\n\n4.9 (2024-01-01)\n----------------\n\n- A.\n"
        );
        assert_eq!(
            written("CHANGES.rst", &text),
            text.replace(placeholder, &format!("- {SENTENCE}")),
            "{placeholder}"
        );
    }
}

#[test]
fn grouped_sections() {
    let text = "Releases\n========\n\nFuture releases\n---------------\n\nLib 3.3.0 (unreleased)\n^^^^^^^^^^^^^^^^^^^^^^\n\n- One.\n\nCurrent release\n---------------\n\nLib 3.2.1\n^^^^^^^^^\n\n- A.\n";
    assert_eq!(
        written("news.rst", text),
        text.replace("- One.\n", &format!("- One.\n- {SENTENCE}\n"))
    );
}

#[test]
fn a_heading_may_group_the_versions_below_it() {
    let section = |version: &str, text: &str| {
        format!("What is new in lib {version}\n^^^^^^^^^^^^^^^^^^^^^^^^\n\n- {text}\n\n\n")
    };
    let old = "What is new in lib 1.0.0\n------------------------\n\n- First.\n";
    let wheel = "Wheels come with OpenSSL 3.4.0.";
    let text = format!(
        "Current release\n---------------\n\n{}{}{}{old}",
        section("2.1.0", "One."),
        section("2.0.1", wheel),
        section("2.0.0", "A."),
    );
    let sentence = wheel.replace("3.4.0", "3.4.1");
    for (tag, expected) in [
        (
            "2.0.1",
            text.replace("- One.\n", &format!("- One.\n- {sentence}\n")),
        ),
        (
            "2.1.0",
            text.replace(
                "What is new in lib 2.1.0",
                &format!("{}What is new in lib 2.1.0", section("2.1.1", &sentence)),
            ),
        ),
    ] {
        let occasion = Occasion {
            tagged: tag.parse().ok(),
            released: vec![tag.parse().expect("a version")],
            ..occasion()
        };
        let written = with_entry("news.rst", &text, &entry(&sentence), &occasion);
        assert_eq!(written.expect("a changelog").text, expected, "{tag}");
    }
}

#[test]
fn an_entry_is_broken_as_the_file_s_own_of_the_same_words() {
    let sentence = |version: &str| {
        format!(
            "* Updated Windows, macOS, and ``manylinux`` wheels to be compiled with\n  OpenSSL {version}.\n"
        )
    };
    let long = "* Another thing that takes more than one line, which shows how wide lines are in\n  this file.\n";
    let old = format!(
        "1.0.0 - 2024-01-01\n------------------\n\n{long}{}",
        sentence("3.4.0")
    );
    let text = sentence("3.4.1").replace("* ", "").replace("\n  ", " ");
    let text = text.trim_end();
    let written = with_entry("CHANGES.rst", &old, &entry(text), &occasion());
    let expected = format!(
        "1.0.1 - 2025-02-11\n------------------\n\n{}\n{old}",
        sentence("3.4.1")
    );
    assert_eq!(written.expect("a changelog").text, expected);
}

#[test]
fn the_nearest_list_shows_gaps_and_indentation() {
    let text = "# 2.0 (UNRELEASED)\n\n- One that goes on\n  below.\n\n- Two.\n\n# 1.9 (2024-01-01)\n\n-   A\n    b.\n-   C.\n-   D\n    e.\n-   F.\n-   G\n    h.\n";
    let long = format!("{SENTENCE} These are the wheels of every platform.");
    let written = with_entry("CHANGELOG.md", text, &entry(&long), &occasion());
    let item = "- Two.\n\n- Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.1.\n  These are the wheels of every platform.\n";
    assert_eq!(
        written.expect("a changelog").text,
        text.replace("- Two.\n", item)
    );
}

#[test]
fn categories_of_ones_own() {
    let text = "1.1 (UNRELEASED)\n----------------\n\nDeprecations:\n^^^^^^^^^^^^^\n\nChanges:\n^^^^^^^^\n\n1.0 (2024-01-01)\n----------------\n\nChanges:\n^^^^^^^^\n\n- A.\n";
    assert_eq!(
        written("CHANGELOG.rst", text),
        text.replacen(
            "^^^^^^^^\n\n1.0",
            &format!("^^^^^^^^\n\n- {SENTENCE}\n\n1.0"),
            1
        )
    );
}

#[test]
fn heading_lines_follow_the_title() {
    let text = "=====================\n v9.9 - 1 March 2024\n=====================\n\n* A.\n\n===================\n v9.8 - 1 May 2023\n===================\n\n* A.\n";
    assert!(
        written("NEWS.rst", text)
            .starts_with("===========================\n v9.9.1 - 11 February 2025\n===========================\n\n* Updated")
    );
    let fixed = "1.0 - 2024-01-01\n----------------------------------------\n\n* A.\n";
    assert!(
        written("NEWS.rst", fixed).starts_with(
            "1.0.1 - 2025-02-11\n----------------------------------------\n\n* Updated"
        )
    );
}

#[test]
fn linked_headings() {
    let text = "# Log\n\n<a name=\"v1.2.3\"></a>\n## [1.2.3](https://example.org/compare/v1.2.2...v1.2.3) (2024-11-27)\n\n* A. (#1)\n\n## [1.2.2](https://example.org/compare/v1.2.1...v1.2.2) (2024-11-26)\n\n* B. (#0)\n";
    assert!(written("CHANGELOG.md", text).starts_with(
        "# Log\n\n<a name=\"v1.2.4\"></a>\n## [1.2.4](https://example.org/compare/v1.2.3...v1.2.4) (2025-02-11)\n\n* Updated"
    ));
}

#[test]
fn an_anchor_says_the_version_with_hyphens() {
    let title = |version: &str, anchor: &str, day: &str| {
        format!(
            "## <a name=\"v{anchor}\" href=\"#v{anchor}\">v{version}</a> [({day})](https://h/tag/v{version})\n"
        )
    };
    let old = title("0.27.0", "0-27-0", "2020-07-28") + "- a\n";
    let older = title("0.26.5", "0-26-5", "2020-02-27") + "- b\n";
    let text = written("CHANGELOG.md", &format!("# Log\n\n{old}\n{older}"));
    let new = title("0.27.1", "0-27-1", "2025-02-11");
    assert!(text.starts_with(&format!("# Log\n\n{new}- ")), "{text}");
    assert!(text.ends_with(&format!("{old}\n{older}")), "{text}");
    let old = title("0.28.0-alpha.20", "0-28-0-alpha-20", "2022-11-09") + "- a\n";
    let occasion = Occasion {
        next: Some("0.28.0".parse().expect("a version")),
        ..occasion()
    };
    let text = format!("# Log\n\n{old}\n{older}");
    let written = with_entry("CHANGELOG.md", &text, &entry(SENTENCE), &occasion);
    let text = written.expect("a changelog").text;
    let new = title("0.28.0", "0-28-0", "2025-02-11");
    assert!(text.starts_with(&format!("# Log\n\n{new}- ")), "{text}");
}

#[test]
fn what_belongs_to_one_version_is_not_said_of_the_next() {
    let text = "Log\n===\n\n**2024-04-16  -  Pool 1.24.1  -  \"VALID UNTIL yesterday\"**\n\n- A.\n\n**2024-01-12  -  Pool 1.24.0  -  \"Another name\"**\n\n- B.\n";
    assert!(
        written("NEWS.md", text)
            .starts_with("Log\n===\n\n**2025-02-11  -  Pool 1.24.2**\n\n- Updated"),
    );
    let text = "##### v4.5 - Sun Aug 20 04:46:53 PM UTC 2023\n\n- A\n\n##### v4.4 - Tue Jun 21 08:30:00 AM UTC 2022\n\n- B\n";
    assert!(
        refusal("CHANGES.md", text)
            .contains("line 1: how this heading writes its day is not known"),
        "{}",
        refusal("CHANGES.md", text)
    );
}

#[test]
fn sections_that_no_heading_marks_are_not_passed_over() {
    let text = "sdk (2.10.3)\n* A.\n\nsdk (2.10.2)\n* B.\n\nsdk (2.10.1)\n------------\n* C.\n\nsdk (2.10.0)\n------------\n* D.\n";
    let message = refusal("changelog.md", text);
    assert!(
        message.contains("line 1 looks like the heading of a section, and nothing underlines"),
        "{message}"
    );
    let text = format!(
        "{}\n1.0.1\n-----\n\n- A\n\n1.0.0\n-----\n\n- B\n",
        "r123 | bob\n".repeat(301)
    );
    let message = refusal("ChangeLog", &text);
    assert!(
        message.contains("line 303: this is the first section"),
        "{message}"
    );
}

#[test]
fn what_a_version_brought_is_no_section_of_it() {
    let text = "Log\n===\n\nCursor trails [0.37]\n~~~~~~~~~~~~~~~~~~~~\n\nText.\n\n0.41.1 [2024-04-03]\n~~~~~~~~~~~~~~~~~~~\n\n- A\n\n0.41.0 [2024-03-29]\n~~~~~~~~~~~~~~~~~~~\n\n- B\n";
    let text = written("changelog.rst", text);
    assert!(
        text.contains("Text.\n\n0.41.2 [2025-02-11]\n~~~~~~~~~~~~~~~~~~~\n\n- Updated"),
        "{text}"
    );
    let text = "Log\n===\n1.1.0\n-----\n- A\n\n1.0.0\n-----\n- B\n";
    assert!(written("NEWS.md", text).starts_with("Log\n===\n\n1.1.1\n-----\n"));
    let text = "* Version 1.0 released\n\n0.97 (2012-03-07)\n-----------------\n\n* A\n";
    assert!(refusal("NEWS", text).contains("line 1 looks like the heading"));
}

#[test]
fn most_neighbours_tell_which_end_is_new() {
    // A template for maintainers at the end.
    let text = "## 6.6.0 / 2025-01-29\n\n* A\n\n## 6.5.0 / 2024-11-29\n\n* B\n\n## Master\n\n* Goes here\n";
    assert!(written("History.md", text).starts_with("## 6.6.1 / 2025-02-11\n\n* Updated"));
    // The oldest has a number of another kind.
    let text = "## 0.17.0\n\n- A\n\n## 0.16.0\n\n- B\n\n## 0.15.0\n\n- B\n\n## 60.3a\n\n- C\n";
    assert!(written("CHANGES.md", text).starts_with("## 0.17.1\n\n- Updated"));
    // Which figure is the month is unclear; it is released nevertheless.
    let text = "## 2.8.134 (04/02/2024)\n\n- A\n\n## 2.8.135 (07/01/2024)\n\n- B\n";
    assert!(refusal("changelog.md", text).contains("which figure is the month"));
}

#[test]
fn numbered_entries_show_the_order() {
    let text =
        "## Unreleased\n\n- C. (#30)\n- B. (#20)\n\n## 1.0 - 2024-01-01\n\n- A. (#10)\n- Z. (#9)\n";
    assert_eq!(
        written("CHANGES.md", text),
        text.replace("- C.", &format!("- {SENTENCE}\n- C."))
    );
}

#[test]
fn the_newest_may_stand_last() {
    let text = "## 1.0.0 - 2024-01-01\n\n- A.\n\n## 1.1.0 - 2024-06-01\n\n- B.\n";
    assert_eq!(
        written("CHANGES.md", text),
        format!("{text}\n## 1.1.1 - 2025-02-11\n\n- {SENTENCE}\n")
    );
}

#[test]
fn line_endings_and_a_missing_one_are_kept() {
    let text = "# Log\r\n\r\n## Unreleased\r\n\r\n- A.\r\n\r\n## 1.0 - 2024-01-01\r\n\r\n- Z.";
    assert_eq!(
        written("CHANGES.md", text),
        text.replace("- A.\r\n", &format!("- A.\r\n- {SENTENCE}\r\n"))
    );
    assert_eq!(
        written("CHANGES.md", "## Unreleased\n\n- A."),
        format!("## Unreleased\n\n- A.\n- {SENTENCE}")
    );
    assert_eq!(
        written("CHANGES.md", "\u{feff}## Unreleased"),
        format!("\u{feff}## Unreleased\n\n- {SENTENCE}")
    );
}

#[test]
fn what_is_not_understood_is_refused() {
    for (name, text) in [
        ("CHANGES.adoc", "== 1.0\n\n* A.\n"),
        ("NEWS", "1.0: first\n1.1: second\n"),
        ("CHANGES.md", "# Changelog\n\nAll changes.\n"),
        ("CHANGES.md", "## 2024.8.30\n\n- A.\n"),
        ("CHANGES.md", "## 1.0rc1 - 2024-01-01\n\n- A.\n"),
        ("CHANGES.md", "## 1.0 - 05/06/2024\n\n- A.\n"),
        ("CHANGES.md", "## Unreleased\n\nWe changed a lot.\n"),
    ] {
        let message = refusal(name, text);
        assert!(message.starts_with(&format!("`{name}`: ")), "{message}");
    }
    insta::assert_snapshot!(refusal("CHANGES.md", "# Changelog\n\nAll changes.\n"), @"`CHANGES.md`: no section of a version was found; put a heading such as `Unreleased` above the newest entries");
    insta::assert_snapshot!(refusal("CHANGES.md", "## Unreleased\n\nWe changed a lot.\n"), @"`CHANGES.md`: line 3: the entries are no list that could be continued; start them with `- `");
}

#[test]
fn what_is_never_closed_hides_no_entry() {
    insta::assert_snapshot!(
        refusal("C.md", "# Changes\n\n```sh\nmake\n\n## Unreleased\n\n- a\n\n## 1.0 - 2024-01-01\n\n- b\n"),
        @"`C.md`: line 3: the code block that starts here is never closed, and an entry would be inside it; close it"
    );
    insta::assert_snapshot!(
        refusal("C.md", "## Unreleased\n<!-- add below\n### Added\n\n- a\n"),
        @"`C.md`: line 2: the comment that starts here is never closed, and an entry would be inside it; close it"
    );
    // Above it the entry is seen.
    assert_eq!(
        written(
            "C.md",
            "## Unreleased\n\n- a\n\n## 1.0 - 2024-01-01\n\n- b\n\n~~~\nmake\n"
        ),
        format!("## Unreleased\n\n- a\n- {SENTENCE}\n\n## 1.0 - 2024-01-01\n\n- b\n\n~~~\nmake\n")
    );
    let text = "## Unreleased\n\n```\n## 2.0\n```\n<!-- ## 3.0\n- b -->\n- a\n";
    assert!(written("C.md", text).ends_with(&format!("- a\n- {SENTENCE}\n")));
}

#[test]
fn a_list_ends_where_a_heading_stands_at_the_margin() {
    let text = "2.0\n~~~\n- a\n  b\n1.1 (2024-02-02)\n----------------\n- c\n";
    let releases = releases("C.rst", text).expect("a changelog");
    assert_eq!(releases.len(), 2, "{releases:?}");
}

#[test]
fn entries_are_carried_forward() {
    let branch = written("CHANGELOG.rst", LABELLED);
    let main = LABELLED.replace(
        ".. _v44-0-0:",
        ".. _v45-0-0:\n\n45.0.0 - `main`_\n~~~~~~~~~~~~~~~~\n\n* Added a thing.\n\n.. _v44-0-0:",
    );
    let section =
        format!(".. _v44-0-1:\n\n44.0.1 - 2025-02-11\n~~~~~~~~~~~~~~~~~~~\n\n* {SENTENCE}\n");
    let carried = carry_forward("CHANGELOG.rst", &main, &branch, &[]).expect("changelogs");
    assert_eq!(carried.entry, section);
    assert_eq!(carried.releases, ["44.0.1".parse().expect("a version")]);
    // What the tags show not to be out yet waits; what they do not know of does not.
    let version = |text: &str| text.parse::<ProjectVersion>().expect("a version");
    for (tagged, carries) in [
        (&["44.0.0"][..], false),
        (&["44.0.0", "44.0.1"], true),
        (&["43.0.0"], true),
    ] {
        let tagged: Vec<_> = tagged.iter().map(|text| version(text)).collect();
        let carried = carry_forward("CHANGELOG.rst", &main, &branch, &tagged).expect("changelogs");
        assert_eq!(!carried.releases.is_empty(), carries, "{tagged:?}");
    }
    assert_eq!(
        carried.text,
        main.replace(".. _v44-0-0:", &format!("{section}\n.. _v44-0-0:"))
    );
    let again = carry_forward("CHANGELOG.rst", &carried.text, &branch, &[]).expect("changelogs");
    assert_eq!(
        (again.text.as_str(), again.entry.as_str()),
        (carried.text.as_str(), "")
    );
    // What came to the branch's section later follows.
    let grown = branch.replacen(
        &format!("* {SENTENCE}\n"),
        &format!("* {SENTENCE}\n* Fixed a wheel.\n"),
        1,
    );
    let followed = carry_forward("CHANGELOG.rst", &carried.text, &grown, &[]).expect("changelogs");
    assert_eq!(followed.releases, [version("44.0.1")]);
    assert_eq!(
        followed.text,
        carried.text.replacen(
            &format!("* {SENTENCE}\n"),
            &format!("* {SENTENCE}\n* Fixed a wheel.\n"),
            1
        )
    );
}

/// A heading that is underlined would be a part of an item right above it.
#[test]
fn an_underlined_heading_stays_one_below_a_new_item() {
    let text = "## [0.9]\n- a\n  b\n[1.0]: https://example.org/1.0\n1.1 (2024-02-02)\n----------------\n## 1.0 - 2024-01-01\n1.1 (2024-02-02)\n----------------\n## [0.9]\n";
    let written = written("C.md", text);
    assert!(written.contains(&format!("1.0\n- {SENTENCE}")), "{written}");
    assert!(written.contains("\n\n1.1 (2024-02-02)\n-----"), "{written}");
}

proptest! {
    /// Whatever a file looks like: no panic, lines that were there stay in order, and a second time
    /// changes nothing.
    #[test]
    fn any_changelog(parts in proptest::collection::vec(0usize..18, 0..14), rst in any::<bool>(), crlf in any::<bool>(), open in any::<bool>()) {
        let pieces = ["## Unreleased\n", "## 1.0 - 2024-01-01\n", "1.1 (2024-02-02)\n----------------\n", "### Added\n", "- a\n  b\n", "* c (#3)\n", "\n", "text\n",
            ".. _v1-0:\n\n", "[1.0]: https://example.org/1.0\n", "```\n", "<!--\n", "**Fixed**:\n", "2.0\n~~~\n", "====\n", "\u{feff}", "  - deep\n", "## [0.9]\n"];
        let mut text: String = parts.iter().map(|part| pieces[*part]).collect();
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        if open {
            text.truncate(text.trim_end().len());
        }
        let name = if rst { "C.rst" } else { "C.md" };
        if let Ok(written) = with_entry(name, &text, &entry("Built with OpenSSL 3.4.1."), &occasion()) {
            let mut lines = written.text.lines();
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                prop_assert!(lines.any(|kept| kept == line), "lost {line:?} in {:?}", written.text);
            }
            let again = with_entry(name, &written.text, &entry("Built with OpenSSL 3.4.1."), &occasion()).expect("a changelog still");
            prop_assert_eq!(again.text, written.text);
        }
    }
}
