//! What is offered beside policy: the move to a newer series, for a project's next major release.
//! It is never due.

use super::policy::Offer;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;

/// The release that is offered beside `target`, which policy chose: the newest good one of the
/// series. None where the link is in that series already, where `target` leads there, or where it
/// has ended.
pub(crate) fn offered(
    offer: Offer,
    linked: Version,
    target: Option<Version>,
    upstream: &View<'_>,
) -> Option<Version> {
    let mut released = upstream
        .good_releases()
        .map(|release| release.version)
        .filter(|version| !version.is_prerelease());
    let newest = match offer {
        Offer::Newest => released.next_back(),
        Offer::Lts => released.rfind(|version| upstream.support(version.series()).lts),
    }?;
    let series = newest.series();
    let is_beyond = |version: Version| series > version.series();
    (is_beyond(linked) && target.is_none_or(is_beyond) && !upstream.support(series).ended)
        .then_some(newest)
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::openssl::assessment::{Policy, assess};
    use crate::openssl::upstream::builtin::builtin;

    /// What pyca/cryptography's wheels moved to, and when: each move is either what `keep` asks for
    /// on that day, or what `offer = "newest"` has ready.
    ///
    /// The days are those of its changelog, but for the first and the five last, which were not
    /// compared with it, and the return to 3.0.5, of which it says only that a release was taken
    /// back.
    const MOVES: &str = "\
2020-04-21 1.1.1f 1.1.1g keep
2020-09-22 1.1.1g 1.1.1h keep
2020-12-08 1.1.1h 1.1.1i keep
2021-02-16 1.1.1i 1.1.1j keep
2021-03-25 1.1.1j 1.1.1k keep
2021-08-24 1.1.1k 1.1.1l keep
2021-12-14 1.1.1l 1.1.1m keep
2022-03-15 1.1.1m 1.1.1n keep
2022-04-26 1.1.1n 3.0.2 offer
2022-05-03 3.0.2 3.0.3 keep
2022-06-21 3.0.3 3.0.4 keep
2022-07-05 3.0.4 3.0.5 keep
2022-10-11 3.0.5 3.0.6 keep
2022-10-12 3.0.6 3.0.5 keep
2022-11-01 3.0.5 3.0.7 keep
2023-02-07 3.0.7 3.0.8 keep
2023-03-24 3.0.8 3.1.0 offer
2023-05-30 3.1.0 3.1.1 keep
2023-08-01 3.1.1 3.1.2 keep
2023-09-19 3.1.2 3.1.3 keep
2023-10-24 3.1.3 3.1.4 keep
2024-01-22 3.1.4 3.2.0 offer
2024-01-30 3.2.0 3.2.1 keep
2024-06-04 3.2.1 3.2.2 keep
2024-07-20 3.2.2 3.3.1 offer
2024-09-03 3.3.1 3.3.2 keep
2024-11-27 3.3.2 3.4.0 offer
2025-02-11 3.4.0 3.4.1 keep
2025-05-17 3.4.1 3.5.0 offer
2025-07-02 3.5.0 3.5.1 keep
2025-08-05 3.5.1 3.5.2 keep
2025-09-16 3.5.2 3.5.3 keep
2025-10-01 3.5.3 3.5.4 keep
";

    #[test]
    fn the_moves_of_the_model_user() {
        let snapshot = builtin().expect("the built-in snapshot");
        let mut table = String::new();
        for line in MOVES.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let [day, from, to, _] = words[..] else {
                panic!("{line}")
            };
            let (day, from): (Date, Version) = (
                day.parse().expect("a day"),
                from.parse().expect("a version"),
            );
            let view = View::new(&snapshot, day, &[]);
            let due = assess(from, &Policy::default(), &view)
                .expect("an assessment")
                .target;
            let offered = offered(Offer::Newest, from, due, &view);
            let says = |version: Option<Version>| version.is_some_and(|one| one.to_string() == to);
            let word = match (says(due), says(offered)) {
                (true, _) => "keep",
                (false, true) => "offer",
                (false, false) => "neither",
            };
            table.push_str(&format!("{day} {from} {to} {word}\n"));
        }
        assert_eq!(table, MOVES);
    }

    #[test]
    fn nothing_is_offered_that_policy_does_or_that_has_ended() {
        let snapshot = builtin().expect("the built-in snapshot");
        let version = |text: &str| text.parse::<Version>().expect("a version");
        for (day, offer, linked, target, expected) in [
            ("2025-10-01", Offer::Newest, "3.4.1", None, Some("3.6.0")),
            ("2025-10-01", Offer::Lts, "3.4.1", None, Some("3.5.4")),
            (
                "2025-10-01",
                Offer::Newest,
                "3.4.1",
                Some("3.4.3"),
                Some("3.6.0"),
            ),
            ("2025-10-01", Offer::Newest, "3.4.1", Some("3.6.0"), None),
            ("2025-10-01", Offer::Lts, "3.5.3", Some("3.5.4"), None),
            ("2025-10-01", Offer::Lts, "3.6.0", None, None),
            ("2025-10-01", Offer::Newest, "3.6.0", None, None),
        ] {
            let view = View::new(&snapshot, day.parse().expect("a day"), &[]);
            let found = offered(offer, version(linked), target.map(version), &view);
            assert_eq!(
                found,
                expected.map(version),
                "{offer:?} {linked} {target:?}"
            );
        }
    }
}
