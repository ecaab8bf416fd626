//! One mail of each era, in words of our own, and what changes an announcement afterwards.

use jiff::civil::{Date, date};

use super::{Announced, UpstreamMail, announced};
use crate::openssl::upstream::builtin::builtin;
use crate::openssl::upstream::{Release, Snapshot, View};

fn mail(sent: &str, text: &str) -> UpstreamMail {
    UpstreamMail {
        sent: Some(format!("{sent}T12:00:00Z").parse().expect("a time")),
        from: "someone@openssl.org".into(),
        subject: "OpenSSL releases".into(),
        text: text.into(),
    }
}

/// What is coming on a day on which none of it is out.
fn coming(messages: &[UpstreamMail], day: Date) -> String {
    let snapshot = Snapshot {
        releases: Vec::new(),
        ..builtin().expect("a snapshot")
    };
    shown(&announced(
        messages,
        &View::new(&snapshot, day, &[]),
        &["@openssl.org".to_owned()],
    ))
}

fn shown(announced: &[Announced]) -> String {
    let lines = announced.iter().map(|one| {
        let versions: Vec<String> = one.versions.iter().map(ToString::to_string).collect();
        format!(
            "{} {} {}",
            one.date,
            versions.join(" "),
            one.severity
                .as_ref()
                .map_or("-".to_owned(), ToString::to_string)
        )
    });
    lines.collect::<Vec<_>>().join("; ")
}

#[test]
fn every_era_is_read() {
    for (sent, text, expected) in [
        (
            "2016-02-25",
            "Forthcoming OpenSSL releases\n============================\n\nThe team announces the forthcoming release of OpenSSL\nversions 1.0.2g, 1.0.1s.\n\n\
             These releases will be made available on 1st March 2016 between\napproximately 1300-1700 UTC.  They will fix several security defects with\n\
             maximum severity \"high\".\n\nSupport for 1.0.1 ends on 31st December 2016.\n",
            "2016-03-01 1.0.1s 1.0.2g high",
        ),
        (
            "2018-03-20",
            "The forthcoming release of OpenSSL versions 1.1.0h,\n1.0.2o.  They will be made available on 27th March 2018.\nThe highest severity issue is MODERATE: see\n\
             https://www.openssl.org/policies/secpolicy.html#high\n",
            "2018-03-27 1.0.2o 1.1.0h moderate",
        ),
        (
            "2022-10-25",
            "Here is the forthcoming release of OpenSSL version 3.0.7.\n\nThis release will be made available on Tuesday 1st November 2022 between\n1300-1700 UTC.\n\n\
             3.0.7 is a security-fix release. The highest severity issue fixed in this release is CRITICAL:\nhttps://www.openssl.org/policies/general/security-policy.html\n",
            "2022-11-01 3.0.7 critical",
        ),
        (
            "2023-10-17",
            "Here are the upcoming releases of OpenSSL versions 3.1.4 and 3.0.12.\n\nWe will publish them on Tuesday 24th October 2023 between 1300-1700 UTC.\n\n\
             These are security-fix releases. The highest severity issue fixed in each of these two releases is Moderate\n",
            "2023-10-24 3.0.12 3.1.4 moderate",
        ),
        (
            "2025-02-04",
            "We announce the upcoming release of OpenSSL versions 3.4.1, 3.3.3, 3.2.4, and 3.1.8.\n\nWe will be also releasing extended support OpenSSL version 1.1.1zb and 1.0.2zl,\n\
             which will be available to premium support customers.\n\nThese releases will be made available on Tuesday 11th February 2025 between\n1300-1700 UTC.\n\n\
             The highest severity issue fixed in 3.4.1, 3.3.3 and 3.2.4 is High.\n\nThe highest severity issue fixed in 3.1.8 is Low.\n",
            "2025-02-11 3.1.8 3.2.4 3.3.3 3.4.1 high",
        ),
        (
            "2023-07-25",
            "The upcoming release of OpenSSL 3.1.2 is a bug-fix release without security fixes. It will be released on Tuesday 1 August.\n",
            "2023-08-01 3.1.2 -",
        ),
    ] {
        let day = sent.parse().expect("a day");
        assert_eq!(coming(&[mail(sent, text)], day), expected);
    }
}

#[test]
fn what_is_no_announcement() {
    for text in [
        "OpenSSL version 3.0.7 released\n\nWe are pleased to announce the release of version 3.0.7 on 1st November 2022.\n",
        "> Here is the forthcoming release of OpenSSL version 3.0.7.\n> It will be made available on 1st November 2022.\n\nWhich time zone is that?\n",
        "OpenSSL Security Advisory [25 October 2022]\n\nIt will be made available in 1.0.2zc when it is released on 1 November 2022.\n",
        "The forthcoming release of OpenSSL 3.5 will be made available on 8th November 2022.\n",
        "The forthcoming release of OpenSSL 3.0.7 will be made available soon.\n",
        "",
    ] {
        assert_eq!(
            coming(&[mail("2022-10-25", text)], date(2022, 10, 25)),
            "",
            "{text}"
        );
    }
}

const FIRST: &str = "The forthcoming release of OpenSSL versions 3.0.3 and 1.1.1o.\nThey will be made available on Tuesday 26th April 2022.\nThe highest severity is Moderate.\n";

#[test]
fn a_later_mail_wins() {
    let first = || mail("2022-04-20", FIRST);
    for (text, expected) in [
        (
            "We have to postpone the release of OpenSSL 3.0.3 and 1.1.1o from Tuesday 26th April 2022 to Tuesday 3rd May 2022.",
            "2022-05-03 1.1.1o 3.0.3 moderate",
        ),
        (
            "The releases planned for 26th April 2022 are delayed; they will now be made available on Tuesday 3rd May 2022.",
            "2022-05-03 1.1.1o 3.0.3 moderate",
        ),
        (
            "The forthcoming release of OpenSSL 3.0.3 will be made available on 3rd May 2022. The highest severity is HIGH.",
            "2022-04-26 1.1.1o moderate; 2022-05-03 3.0.3 high",
        ),
        (
            "The release of OpenSSL 1.1.1o is postponed until further notice.",
            "2022-04-26 3.0.3 moderate",
        ),
        (
            "The release of 3.0.3 and 1.1.1o on 26th April 2022 has been cancelled.",
            "",
        ),
        (
            "Re: which time? > forthcoming",
            "2022-04-26 1.1.1o 3.0.3 moderate",
        ),
    ] {
        // The order in the mailbox is not the order in time.
        assert_eq!(
            coming(&[mail("2022-04-25", text), first()], date(2022, 4, 25)),
            expected,
            "{text}"
        );
        assert_eq!(
            coming(&[first(), mail("2022-04-25", text)], date(2022, 4, 24)),
            "2022-04-26 1.1.1o 3.0.3 moderate",
            "{text}"
        );
    }
}

#[test]
fn only_what_is_still_to_come() {
    let messages = [mail("2022-04-20", FIRST)];
    assert_eq!(coming(&messages, date(2022, 4, 19)), "");
    assert_eq!(
        coming(&messages, date(2022, 4, 26)),
        "2022-04-26 1.1.1o 3.0.3 moderate"
    );
    // The day is over, and they are not known to be out.
    assert_eq!(
        coming(&messages, date(2022, 4, 27)),
        "2022-04-26 1.1.1o 3.0.3 moderate"
    );
    assert_eq!(coming(&messages, date(2022, 6, 26)), "");
    let out = Release {
        version: "3.0.3".parse().expect("a version"),
        date: date(2022, 4, 26),
        ..builtin().expect("a snapshot").releases[0].clone()
    };
    let snapshot = Snapshot {
        releases: vec![out],
        ..builtin().expect("a snapshot")
    };
    assert_eq!(
        shown(&announced(
            &messages,
            &View::new(&snapshot, date(2022, 4, 26), &[]),
            &["@openssl.org".to_owned()]
        )),
        "2022-04-26 1.1.1o moderate"
    );
}
