//! `statements.json`: the identifiers that were given out for OpenSSL and that OpenSSL disputes
//! (UPSTREAM 1.10).

use serde::Deserialize;

use super::diagnostic::{Diagnostic, Reading};
use super::lenient::{self, Lenient, LenientList};
use super::plain_text::{quoted, without_markup};
use crate::openssl::advisory::{CveId, Disputed};
use crate::text::short_line;

/// The file's name in the tree.
pub(crate) const FILE: &str = "statements.json";

/// Of the statements about series nothing is read: they are stale upstream, and `data.json` has the
/// dates.
#[derive(Deserialize)]
struct WireStatements {
    #[serde(default)]
    disputed: LenientList<WireDisputed>,
}

#[derive(Deserialize)]
struct WireDisputed {
    cve: String,
    #[serde(default)]
    base: Lenient<String>,
    #[serde(default)]
    text: Lenient<String>,
}

/// Reads the disputed identifiers. The reason is Markdown since 2024-12, and was HTML before; it
/// comes out as plain text.
pub(crate) fn read(text: &str) -> Result<Reading<Vec<Disputed>>, Diagnostic> {
    let wire: WireStatements = lenient::object(text)
        .map_err(|error| Diagnostic::new(FILE, format!("not read: {error}")))?;
    let mut reading = Reading::<Vec<Disputed>>::default();
    if wire.disputed.misshapen() > 0 {
        reading.notes.push(Diagnostic::new(
            FILE,
            "an entry of `disputed` has an unknown form and was left out",
        ));
    }
    for entry in wire.disputed.read() {
        match disputed(entry) {
            Some(disputed) => reading.value.push(disputed),
            None => reading.notes.push(Diagnostic::new(
                FILE,
                format!(
                    "{} is no CVE identifier and was left out",
                    quoted(&entry.cve)
                ),
            )),
        }
    }
    Ok(reading)
}

fn disputed(entry: &WireDisputed) -> Option<Disputed> {
    let id: CveId = entry.cve.trim().parse().ok()?;
    let (reason, url) = without_markup(entry.text.0.as_deref().unwrap_or_default());
    let base = entry
        .base
        .0
        .as_deref()
        .map_or_else(|| "none".to_owned(), |base| short_line(base, 40));
    Some(Disputed {
        id,
        base,
        reason: Some(reason).filter(|reason| !reason.is_empty()),
        url,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Disputed {
        let json = serde_json::json!({"statements": [{"base": "0.9.6", "text": "old"}], "disputed": [{"base": "fips", "cve": "CVE-2002-20001", "text": text}]});
        let reading = read(&json.to_string()).expect("statements");
        assert!(reading.notes.is_empty(), "{:?}", reading.notes);
        reading.value.into_iter().next().expect("an entry")
    }

    #[test]
    fn both_eras_come_out_as_plain_text() {
        for text in [
            "It [was looked at](https://example.org/list?m=1), and is fine.",
            "It <a href=\"https://example.org/list?m=1\">was looked at</a>, and is fine.",
            "<p>It <a href='https://example.org/list?m=1'>was looked at</a>, and\nis fine.",
        ] {
            let disputed = one(text);
            assert_eq!(
                disputed.reason.as_deref(),
                Some("It was looked at, and is fine."),
                "{text}"
            );
            assert_eq!(
                disputed.url.as_deref(),
                Some("https://example.org/list?m=1"),
                "{text}"
            );
            assert_eq!(disputed.base, "fips");
        }
    }

    #[test]
    fn one_bad_entry_costs_itself() {
        let reading = read(
            r#"{"disputed":[{"cve":"CVE-20"},{"base":"none","cve":"CVE-2010-0928","text":5},7]}"#,
        )
        .expect("statements");
        assert_eq!(reading.value.len(), 1);
        assert_eq!(reading.value[0].reason, None);
        assert_eq!(reading.notes.len(), 2);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "[]", "<html>", "{"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
