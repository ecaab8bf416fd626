//! `data.json`: when each series is supported, announced series included (UPSTREAM 5.4).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::diagnostic::{Diagnostic, Reading};
use super::lenient::{self, Lenient};
use super::plain_text::quoted;
use super::snapshot::SupportWindow;
use crate::openssl::version::Series;
use crate::text::date;

/// The file's name in the tree.
pub(crate) const FILE: &str = "data.json";

#[derive(Deserialize)]
struct WireWindow {
    #[serde(default)]
    release: Value,
    #[serde(default)]
    eol: Value,
    #[serde(default)]
    lts: Value,
}

/// Reads the support windows, ascending. Dates have two precisions; a month without a day ends on
/// its last.
pub(crate) fn read(text: &str) -> Result<Reading<Vec<SupportWindow>>, Diagnostic> {
    let wire: BTreeMap<String, Lenient<WireWindow>> = lenient::object(text)
        .map_err(|error| Diagnostic::new(FILE, format!("not read: {error}")))?;
    let mut reading = Reading::<Vec<SupportWindow>>::default();
    for (name, window) in &wire {
        match (name.trim().parse::<Series>(), &window.0) {
            (Ok(series), Some(window)) => {
                reading
                    .value
                    .push(support(series, window, &mut reading.notes));
            }
            (Ok(_), None) => reading.notes.push(Diagnostic::new(
                FILE,
                format!("{} has an unknown form and was left out", quoted(name)),
            )),
            (Err(error), _) => reading
                .notes
                .push(Diagnostic::new(FILE, format!("{error} and was left out"))),
        }
    }
    reading.value.sort_by_key(|window| window.name);
    Ok(reading)
}

fn support(name: Series, wire: &WireWindow, notes: &mut Vec<Diagnostic>) -> SupportWindow {
    let released = day(name, "release", &wire.release, notes);
    let eol = day(name, "eol", &wire.eol, notes);
    let lts = wire.lts.as_bool().unwrap_or_else(|| {
        notes.push(Diagnostic::new(
            FILE,
            format!(
                "`lts` of {name} is {}; read as false",
                quoted(&wire.lts.to_string())
            ),
        ));
        false
    });
    SupportWindow {
        name,
        released,
        eol,
        lts,
    }
}

fn day(name: Series, key: &str, value: &Value, notes: &mut Vec<Diagnostic>) -> Option<Date> {
    let day = value.as_str().and_then(date::spelled);
    if day.is_none() && !value.is_null() {
        notes.push(Diagnostic::new(
            FILE,
            format!(
                "`{key}` of {name} is {}, which is no date",
                quoted(&value.to_string())
            ),
        ));
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_of_both_precisions() {
        let text = r#"{"4.1": {"release": "Oct 2026", "eol": "Nov 2027", "lts": false}, "3.10": {"release": "3 Jan 2030", "eol": null, "lts": false},
            "3.9": {"release": "01 Oct 2025", "eol": "1 Nov 2026", "lts": true, "extended": 7}}"#;
        let reading = read(text).expect("support");
        assert!(reading.notes.is_empty(), "{:?}", reading.notes);
        let shown: Vec<String> = reading
            .value
            .iter()
            .map(|window| serde_json::to_string(window).expect("JSON"))
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        {"name":"3.9","released":"2025-10-01","eol":"2026-11-01","lts":true}
        {"name":"3.10","released":"2030-01-03","lts":false}
        {"name":"4.1","released":"2026-10-31","eol":"2027-11-30","lts":false}
        "#);
    }

    #[test]
    fn what_is_unknown_is_said_and_costs_itself() {
        let reading = read(
            r#"{"3.5": {"release": "soon", "eol": 7, "lts": "yes"}, "fips-3.0": {}, "3.6": 7}"#,
        )
        .expect("support");
        let said: Vec<String> = reading.notes.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(said.join("\n"), @r#"
        `data.json`: `release` of 3.5 is `"soon"`, which is no date
        `data.json`: `eol` of 3.5 is `7`, which is no date
        `data.json`: `lts` of 3.5 is `"yes"`; read as false
        `data.json`: `3.6` has an unknown form and was left out
        `data.json`: `fips-3.0` is not an OpenSSL series (`3.5`, or `1.1.1` for old ones) and was left out
        "#);
        assert_eq!(reading.value.len(), 1);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "[]", "<html>", "null"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
