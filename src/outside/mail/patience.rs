//! How patient the client is with a server.

use std::time::Duration;

/// How patient the client is with a server.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a connection to one address.
    pub connect: Duration,
    /// For each answer up to the message itself.
    pub answer: Duration,
    /// For the answer to the message: servers filter it first, and giving up early leaves its fate
    /// unknown.
    pub verdict: Duration,
    /// Before the second attempt; each further pause is twice as long.
    pub pause: Duration,
    /// No attempt starts later than this after the first.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(10),
            answer: seconds(30),
            verdict: seconds(180),
            pause: seconds(1),
            total: seconds(45),
        }
    }
}
