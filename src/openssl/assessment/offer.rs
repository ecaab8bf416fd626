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
    use super::*;
    use crate::openssl::upstream::builtin::builtin;

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
