//! What a real project did, move by move, and what policy says of each on its day.

use std::fmt::Write;

use jiff::civil::Date;

use super::{Offer, Policy, assess, offered};
use crate::openssl::upstream::View;
use crate::openssl::upstream::builtin::builtin;
use crate::openssl::version::Version;

/// The OpenSSL of pyca/cryptography's wheels since April 2020: day, release of the project, from,
/// to.
///
/// Days and releases are those of the changelog of 50.0.2, but for the return to 3.0.5: of it the
/// changelog says only that 38.0.2 was taken back, and the day is that of OpenSSL's withdrawal.
const MOVES: &str = "\
2020-04-21 2.9.1 1.1.1f 1.1.1g
2020-09-22 3.1.1 1.1.1g 1.1.1h
2020-12-08 3.3 1.1.1h 1.1.1i
2021-02-16 3.4.6 1.1.1i 1.1.1j
2021-03-25 3.4.7 1.1.1j 1.1.1k
2021-08-24 3.4.8 1.1.1k 1.1.1l
2021-12-14 36.0.1 1.1.1l 1.1.1m
2022-03-15 36.0.2 1.1.1m 1.1.1n
2022-04-26 37.0.0 1.1.1n 3.0.2
2022-05-03 37.0.2 3.0.2 3.0.3
2022-06-21 37.0.3 3.0.3 3.0.4
2022-07-05 37.0.4 3.0.4 3.0.5
2022-10-11 38.0.2 3.0.5 3.0.6
2022-10-12 - 3.0.6 3.0.5
2022-11-01 38.0.3 3.0.5 3.0.7
2023-02-07 39.0.1 3.0.7 3.0.8
2023-03-24 40.0.0 3.0.8 3.1.0
2023-05-30 41.0.0 3.1.0 3.1.1
2023-08-01 41.0.3 3.1.1 3.1.2
2023-09-19 41.0.4 3.1.2 3.1.3
2023-10-24 41.0.5 3.1.3 3.1.4
2024-01-22 42.0.0 3.1.4 3.2.0
2024-01-30 42.0.2 3.2.0 3.2.1
2024-06-04 42.0.8 3.2.1 3.2.2
2024-07-20 43.0.0 3.2.2 3.3.1
2024-09-03 43.0.1 3.3.1 3.3.2
2024-11-27 44.0.0 3.3.2 3.4.0
2025-02-11 44.0.1 3.4.0 3.4.1
2025-05-17 45.0.1 3.4.1 3.5.0
2025-07-02 45.0.5 3.5.0 3.5.1
2025-08-05 45.0.6 3.5.1 3.5.2
2025-09-16 46.0.0 3.5.2 3.5.3
2025-09-30 46.0.2 3.5.3 3.5.4
2026-01-27 46.0.4 3.5.4 3.5.5
2026-04-07 46.0.7 3.5.5 3.5.6
2026-04-24 47.0.0 3.5.6 4.0.0
2026-06-09 48.0.1 4.0.0 4.0.1
2026-08-25 50.0.1 4.0.1 4.0.2
2026-09-30 50.0.2 4.0.2 4.0.3
";

/// Which part of policy makes a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Keep,
    Offer,
    Neither,
}

/// A row of the table, and what makes the move.
fn row(line: &str) -> (String, By) {
    let words: Vec<&str> = line.split(' ').collect();
    let [day, release, from, to] = words[..] else {
        panic!("{line}")
    };
    let snapshot = builtin().expect("the built-in snapshot");
    let date: Date = day.parse().expect("a day");
    let linked: Version = from.parse().expect("a version");
    let view = View::new(&snapshot, date, &[]);
    let found = assess(linked, &Policy::default(), &view).expect("an assessment");
    let offered = offered(Offer::Newest, linked, found.target, &view);
    let leads = |target: Option<Version>| target.is_some_and(|one| one.to_string() == to);
    let (by, says) = match (leads(found.target), leads(offered)) {
        (true, _) => (By::Keep, format!("`keep`: `{}`", found.verdict)),
        (false, true) => (By::Offer, "`offer`: for the next major".to_owned()),
        (false, false) => (By::Neither, "neither".to_owned()),
    };
    (
        format!("| {day} | {release} | {from} | {to} | {says} |\n"),
        by,
    )
}

#[test]
fn every_move_of_the_model_user_is_policy_s() {
    let rows: Vec<(String, By)> = MOVES.lines().map(row).collect();
    let made = |by: By, of: &[(String, By)]| of.iter().filter(|(_, one)| *one == by).count();
    let numbers = |of: &[(String, By)]| [By::Keep, By::Offer, By::Neither].map(|by| made(by, of));
    // Up to the move to 4.0, and all.
    assert_eq!(numbers(&rows[..36]), [29, 7, 0]);
    assert_eq!(numbers(&rows), [32, 7, 0]);

    let mut table =
        "| day | release | from | to | what policy says |\n| --- | --- | --- | --- | --- |\n"
            .to_owned();
    for (row, _) in &rows {
        let _ = write!(table, "{row}");
    }
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/src/moves.md");
    let text = std::fs::read_to_string(page).expect("the page of the book");
    if std::env::var_os("RELEASE_CHECK_WRITE_README").is_some() {
        // The table is the end of the page.
        let (before, _) = text.split_once("| day |").expect("the table");
        std::fs::write(page, format!("{before}{table}")).expect("written");
        return;
    }
    assert!(text.contains(&table), "`{page}` should say:\n{table}");
}
