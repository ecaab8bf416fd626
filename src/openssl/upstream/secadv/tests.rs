//! What lines and headings may look like. The whole shapes are in `tests/fixtures/upstream`.

use proptest::prelude::*;

use super::*;

/// The fixes of a section with this body.
fn fixes(body: &str) -> String {
    let text = format!(
        "OpenSSL Security Advisory [30th September 2025]\n====\n\nA bug (CVE-2025-0001)\n=====\n\n{body}\n"
    );
    let reading = read("20250930.txt", &text).expect("a text");
    let [section] = reading.value.sections.as_slice() else {
        panic!("{:?}", reading.value.sections)
    };
    let fix = |fix: &Fix| {
        format!(
            "{}{}{}",
            fix.version,
            if fix.premium { " premium" } else { "" },
            if fix.pending { " pending" } else { "" }
        )
    };
    let fixes = section.fixes.iter().map(fix).collect::<Vec<_>>().join(", ");
    if section.pending {
        format!("pending: {fixes}")
    } else {
        fixes
    }
}

#[test]
fn fix_lines() {
    for (body, expected) in [
        (
            "OpenSSL 1.0.1 SSL/TLS users (client and/or server) should upgrade to 1.0.1h.",
            "1.0.1h",
        ),
        (
            "OpenSSL 3.5 users should upgrade to OpenSSL 3.5.4\nOpenSSL 3.4 users should upgrade to OpenSSL 3.4.3",
            "3.5.4, 3.4.3",
        ),
        (
            "OpenSSL 3.5 users should upgrade to 3.5.4; OpenSSL 1.1.1 users need nothing.",
            "3.5.4",
        ),
        (
            "Users of OpenSSL 0.9.8j or earlier should update to 0.9.8k which contains it.",
            "0.9.8k",
        ),
        (
            "Users of OpenSSL should update to the OpenSSL 1.0.0d (or 0.9.8r) release.",
            "1.0.0d, 0.9.8r",
        ),
        (
            "Users of these versions should\nupgrade to OpenSSL 1.1.1k.",
            "1.1.1k",
        ),
        (
            "* OpenSSL 3.5 users should upgrade to 3.5.4.\n* OpenSSL 3.4 users should upgrade to 3.4.3.",
            "3.5.4, 3.4.3",
        ),
        (
            "OpenSSL 3.0 users should upgrade to 3.0.8 once it is released.",
            "pending: 3.0.8 pending",
        ),
        (
            "Once they are released:\n\nOpenSSL 3.0 users should upgrade to 3.0.9.\nIt was found by nobody. Upgrade to 3.0.10.",
            "pending: 3.0.9 pending, 3.0.10",
        ),
        (
            "Two versions were released:\nOpenSSL 3.0 users should upgrade to 3.0.9.",
            "3.0.9",
        ),
        (
            "The fix will be included in the next releases when they become available.",
            "pending: ",
        ),
        (
            "OpenSSL 1.1.1 users should upgrade to 1.1.1zd\n(premium support customers only).",
            "1.1.1zd premium",
        ),
        // Named once more, it is still the one that the brackets speak of.
        (
            "OpenSSL 1.1.1 users should upgrade to 1.1.1zd.\nOpenSSL 3.0 users should upgrade to 3.0.18.\nOpenSSL 1.1.1 users should upgrade to 1.1.1zd. (premium support customers only)",
            "1.1.1zd premium, 3.0.18",
        ),
        (
            "OpenSSL 1.1.1 users should upgrade to 1.1.1zd. (premium support customers\nonly).\nOpenSSL 3.0 users should upgrade to 3.0.18.",
            "1.1.1zd premium, 3.0.18",
        ),
        (
            "Premium support customers only:\nOpenSSL 1.1.1 users should upgrade to 1.1.1zi.\n\nOpenSSL 3.5 users should upgrade to 3.5.8.",
            "1.1.1zi premium, 3.5.8",
        ),
        (
            "OpenSSL 3.5 users should upgrade to 3.5.8.\n\nPremium support customers only:\n\nOpenSSL 3.0 users should upgrade to 3.0.23.\n\nOpenSSL 1.1.1 users should upgrade to 1.1.1zj.\n",
            "3.5.8, 3.0.23 premium, 1.1.1zj premium",
        ),
        (
            "OpenSSL 3.5, 3.4 and 3.0 are vulnerable to this issue. OpenSSL 1.1.1 is not affected by this issue.",
            "",
        ),
        (
            "The fix is also available in commit 0123456789 (for 3.1.1).",
            "",
        ),
    ] {
        assert_eq!(fixes(body), expected, "{body}");
    }
}

#[test]
fn headings() {
    for (heading, title, ids) in [
        ("A bug (CVE-2025-0001)", "A bug", "CVE-2025-0001"),
        ("A bug (CVE-2025-0001) ", "A bug", "CVE-2025-0001"),
        (
            "A bug in f() (CAN-2003-0001, CVE-2003-0002)",
            "A bug in f()",
            "CVE-2003-0001 CVE-2003-0002",
        ),
        (
            "The fix of CVE-2012-0001 was not one (CVE-2012-0002)",
            "The fix of CVE-2012-0001 was not one",
            "CVE-2012-0002",
        ),
        (
            "CVE-2025-0001: a bug",
            "CVE-2025-0001: a bug",
            "CVE-2025-0001",
        ),
    ] {
        for rule in [
            "===",
            "=======================================================  ",
            "-----",
            "~~~~~",
        ] {
            let reading = read(
                "20250930.txt",
                &format!("intro\n\n{heading}\n{rule}\n\nSeverity: Low\n"),
            )
            .expect("a text");
            let [section] = reading.value.sections.as_slice() else {
                panic!("{heading}\n{rule}")
            };
            assert_eq!(section.title, title);
            assert_eq!(
                section
                    .ids
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" "),
                ids
            );
        }
    }
}

#[test]
fn a_section_ends_with_the_next_heading() {
    let text = "A bug (CVE-2025-0001)\n===\nDetails\n---\nSeverity: High\n\nNote\n====\nSeverity: Low\nUsers should upgrade to 1.1.1.\n";
    let reading = read("20250930.txt", text).expect("a text");
    assert_eq!(reading.value.sections[0].severity, Some(Severity::High));
    assert_eq!(reading.value.sections[0].fixes, []);
}

#[test]
fn severities() {
    for (line, expected) in [
        ("Severity: Moderate", Some("moderate")),
        ("Severity:  MEDIUM (was Low)", Some("moderate")),
        ("severity: High.", Some("high")),
        ("Severity: Grave", Some("grave")),
        ("Severity:", None),
        ("The severity is Low", None),
    ] {
        assert_eq!(
            severity(line)
                .map(|severity| severity.to_string())
                .as_deref(),
            expected,
            "{line}"
        );
    }
    let reading = read(
        "20250930.txt",
        "A bug (CVE-2025-0001)\n===\nSeverity: Grave\n",
    )
    .expect("a text");
    assert_eq!(
        reading.notes[0].to_string(),
        "`20250930.txt`: the severity `grave` of CVE-2025-0001 is not a known one"
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}|((A bug|CVE-2025-0001|\\(|\\)|====|----|- |: |premium|once it is released:|should upgrade to |3\\.5\\.4|\\.|\n| ){0,40})") {
        let _ = read("20250930.txt", &text);
    }

    #[test]
    fn any_name_has_a_day_or_none(name in "\\PC{0,14}|[0-9]{8}[-.]?") {
        let _ = day_of(&name);
    }
}
