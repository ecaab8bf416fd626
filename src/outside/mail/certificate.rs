//! How long a certificate is valid, from its DER (RFC 5280, 4.1.2.5). Whether it may be trusted at
//! all is TLS's business.

use der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use der::{Decode, Tag, Tagged};
use jiff::civil::Date;

/// The last day of a certificate; none where it is none that can be read.
pub(super) fn valid_until(certificate: &[u8]) -> Option<Date> {
    let certificate = Vec::<AnyRef<'_>>::from_der(certificate).ok()?;
    let to_be_signed: Vec<AnyRef<'_>> = certificate.first()?.decode_as().ok()?;
    let has_version = matches!(to_be_signed.first()?.tag(), Tag::ContextSpecific { .. });
    // Serial number, algorithm, issuer.
    let validity = to_be_signed.get(usize::from(has_version) + 3)?;
    let validity: Vec<AnyRef<'_>> = validity.decode_as().ok()?;
    let until = validity.get(1)?;
    let until = match until.tag() {
        Tag::UtcTime => until.decode_as::<UtcTime>().ok()?.to_date_time(),
        _ => until.decode_as::<GeneralizedTime>().ok()?.to_date_time(),
    };
    let (month, day) = (i8::try_from(until.month()), i8::try_from(until.day()));
    Date::new(i16::try_from(until.year()).ok()?, month.ok()?, day.ok()?).ok()
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
