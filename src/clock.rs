//! The clock: the only place that asks what day it is.

use jiff::civil::Date;

/// Today, in UTC, as OpenSSL's own dates are close to it everywhere.
#[must_use]
pub fn today() -> Date {
    jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date()
}
