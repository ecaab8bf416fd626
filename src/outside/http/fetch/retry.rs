//! When a request is worth repeating, and how long to wait first.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// What a server's refusal asks of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Advice {
    /// The answer is final.
    Final,
    /// Try again after our own backoff.
    Again,
    /// Come back after this long: the server was not overloaded by this request and did not execute
    /// it.
    Later(Duration),
}

/// Reads the advice in an answer: its status, `Retry-After` (seconds or a date; RFC 9110, 10.2.3)
/// and the rate-limit headers of GitHub.
pub(super) fn advice(status: u16, headers: &HeaderMap, now: SystemTime) -> Advice {
    let later = || retry_after(headers, now).map(Advice::Later);
    match status {
        403 | 429 => later()
            .or_else(|| limit_reset(headers, now).map(Advice::Later))
            .unwrap_or(if status == 429 {
                Advice::Again
            } else {
                Advice::Final
            }),
        503 => later().unwrap_or(Advice::Again),
        408 | 500 | 502 | 504 => Advice::Again,
        _ => Advice::Final,
    }
}

/// How long to wait before the next attempt (counted from 1): doubling, and spread over half to the
/// whole of it so that clients do not meet again.
pub(super) fn backoff(attempt: u32, random: u64) -> Duration {
    let longest = 400_u64 << attempt.saturating_sub(1).min(5);
    Duration::from_millis(longest / 2 + random % (longest / 2))
}

fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()?;
    Some(
        SystemTime::from(date)
            .duration_since(now)
            .unwrap_or_default(),
    )
}

fn limit_reset(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    if number("x-ratelimit-remaining")? != 0 {
        return None;
    }
    let now = now.duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(Duration::from_secs(
        number("x-ratelimit-reset")?.saturating_sub(now),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_of_every_refusal() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000_000); // 2001-09-09 01:46:40
        let later = |seconds| Advice::Later(Duration::from_secs(seconds));
        for (status, headers, expected) in [
            (404, &[][..], Advice::Final),
            (403, &[], Advice::Final),
            (403, &[("retry-after", "7")], later(7)),
            (
                403,
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1000000090"),
                ],
                later(90),
            ),
            (
                403,
                &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")],
                later(0),
            ),
            (
                403,
                &[
                    ("x-ratelimit-remaining", "12"),
                    ("x-ratelimit-reset", "1000000090"),
                ],
                Advice::Final,
            ),
            (429, &[], Advice::Again),
            (
                429,
                &[("retry-after", "Sun, 09 Sep 2001 01:47:40 GMT")],
                later(60),
            ),
            (
                429,
                &[("retry-after", "Sun, 09 Sep 2001 01:00:00 GMT")],
                later(0),
            ),
            (429, &[("retry-after", "soon")], Advice::Again),
            (429, &[("retry-after", "-5")], Advice::Again),
            (500, &[], Advice::Again),
            (503, &[("retry-after", "1")], later(1)),
            (501, &[], Advice::Final),
        ] {
            let map = headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect();
            assert_eq!(advice(status, &map, now), expected, "{status} {headers:?}");
        }
    }

    #[test]
    fn backoff_grows_and_is_spread() {
        assert_eq!(backoff(1, 0), Duration::from_millis(200));
        assert_eq!(backoff(1, 199), Duration::from_millis(399));
        assert_eq!(backoff(3, 0), Duration::from_millis(800));
        assert!(backoff(u32::MAX, u64::MAX) < Duration::from_secs(13));
    }
}
