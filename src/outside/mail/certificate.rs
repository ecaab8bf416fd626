//! How long a certificate is valid, from its DER (RFC 5280, 4.1.2.5). Whether it may be trusted at
//! all is TLS's business.

use jiff::civil::Date;

const SEQUENCE: u8 = 0x30;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// `[0]`, which the version stands in.
const VERSION: u8 = 0xa0;

/// The last day of a certificate; none where it is none that can be read.
pub(super) fn valid_until(der: &[u8]) -> Option<Date> {
    let (tag, certificate, _) = element(der)?;
    let (inner, to_be_signed, _) = element(certificate)?;
    if (tag, inner) != (SEQUENCE, SEQUENCE) {
        return None;
    }
    let mut rest = to_be_signed;
    let (first, _, after) = element(rest)?;
    if first == VERSION {
        rest = after;
    }
    // Serial number, algorithm, issuer.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (_, validity, _) = element(rest).filter(|(tag, ..)| *tag == SEQUENCE)?;
    let (_, _, rest) = element(validity)?;
    let (tag, until, _) = element(rest)?;
    let digits = |range: std::ops::Range<usize>| {
        std::str::from_utf8(until.get(range)?)
            .ok()?
            .parse::<i16>()
            .ok()
    };
    let (year, at) = match tag {
        // Two digits, of 1950 to 2049.
        UTC_TIME => (
            digits(0..2).map(|year| if year < 50 { 2000 + year } else { 1900 + year })?,
            2,
        ),
        GENERALIZED_TIME => (digits(0..4)?, 4),
        _ => return None,
    };
    let part = |from: usize| i8::try_from(digits(from..from + 2)?).ok();
    Date::new(year, part(at)?, part(at + 2)?).ok()
}

/// The first element: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = der.split_first_chunk()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (bytes, rest) = rest
            .split_at_checked(usize::from(first & 0x7f))
            .filter(|(bytes, _)| (1..=4).contains(&bytes.len()))?;
        (
            bytes
                .iter()
                .fold(0, |length, byte| length << 8 | usize::from(*byte)),
            rest,
        )
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::valid_until;

    fn made(year: i32) -> Vec<u8> {
        let mut parameters =
            rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
        parameters.not_after = rcgen::date_time_ymd(year, 11, 30);
        let key = rcgen::KeyPair::generate().expect("a key");
        parameters
            .self_signed(&key)
            .expect("a certificate")
            .der()
            .to_vec()
    }

    #[test]
    fn the_last_day() {
        // Up to 2049 with two digits of the year, from then on with four.
        for year in [2026, 2049, 2050, 3000] {
            assert_eq!(
                valid_until(&made(year)).map(|day| day.to_string()),
                Some(format!("{year}-11-30"))
            );
        }
        let whole = made(2026);
        assert_eq!(valid_until(&whole[..whole.len() - 1]), None);
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(bytes in proptest::collection::vec(any::<u8>(), 0..80), cut in 0..300_usize) {
            let _ = valid_until(&bytes);
            let mut damaged = made(2026);
            damaged.truncate(cut);
            damaged.extend(bytes);
            let _ = valid_until(&damaged);
        }
    }
}
