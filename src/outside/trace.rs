//! What `-v` and `-vv` write to standard error: a line for each request and each child process, and
//! what was read from the cache and why.

use std::fmt::Display;
use std::process::Command;
use std::time::Duration;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::text::{one_line, without_credentials};

/// Begins to write, for the whole process: nothing at 0, requests and children at 1, the cache too
/// above.
pub(crate) fn start(verbosity: u8) {
    let level = match verbosity {
        0 => return,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .without_time()
        .with_level(false)
        .with_target(false)
        .with_ansi(false);
    // What libraries say of themselves is neither asked for nor free of secrets.
    let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    // A second start in one process changes nothing.
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(ours)
        .try_init();
}

/// A request was answered, up to its headers, or failed; `asked` is its method and address.
pub(crate) fn requested(asked: &dyn Display, outcome: &dyn Display, took: Duration) {
    ended(asked, outcome, took);
}

/// A child process ended, or could not be started.
pub(crate) fn ran(command: &Command, outcome: &dyn Display, took: Duration) {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| crate::text::shell_word(&word.to_string_lossy()))
        .collect();
    ended(&words.join(" "), outcome, took);
}

/// Something was read from the cache instead of being asked for.
pub(crate) fn kept(what: &dyn Display, why: &str) {
    tracing::debug!("{}", line(&format!("from the cache: {what} ({why})")));
}

fn ended(what: &dyn Display, outcome: &dyn Display, took: Duration) {
    let text = format!("{what}: {outcome}, {} ms", took.as_millis());
    tracing::info!("{}", line(&text));
}

/// One line in which nothing is secret and nothing acts.
fn line(text: &str) -> String {
    one_line(&without_credentials(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_secret_and_gives_no_command() {
        for (text, shown) in [
            (
                "git ls-remote -- https://x:secret@example.org/a: exit status: 0",
                "git ls-remote -- https://***@example.org/a: exit status: 0",
            ),
            ("a\n::add-mask::b", "a : :add-mask::b"),
        ] {
            assert_eq!(line(text), shown);
        }
    }
}
