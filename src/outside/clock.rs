//! The clock: the only place that asks what day it is.

use jiff::civil::Date;

/// Today, in UTC, as OpenSSL's own dates are close to it everywhere.
pub fn today() -> Date {
    jiff::Zoned::now()
        .with_time_zone(jiff::tz::TimeZone::UTC)
        .date()
}

/// This moment, in UTC, to the second.
pub(crate) fn now() -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now)
}
