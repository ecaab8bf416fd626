//! When something was made.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use pgp::packet::Signature;

/// Seconds since 1970. OpenPGP counts them in 32 bits; a key's age and lifetime together need more.
pub(super) type Seconds = u64;

/// The day of a moment, UTC.
pub(super) fn day_of(seconds: Seconds) -> Date {
    let timestamp = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    timestamp.map_or(Date::MAX, |timestamp| {
        timestamp.to_zoned(TimeZone::UTC).date()
    })
}

/// When a signature says it was made.
pub(super) fn made(signature: &Signature) -> Seconds {
    signature.created().map_or(0, seconds)
}

pub(super) fn seconds(timestamp: pgp::types::Timestamp) -> Seconds {
    Seconds::from(timestamp.as_secs())
}
