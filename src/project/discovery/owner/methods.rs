//! Versions that a method answers, of which another method of its class makes an address.

use crate::project::discovery::line::sighting::depth;
use crate::project::discovery::line::subject;
use crate::project::discovery::line::surroundings::Surroundings;

/// Lines between a method's head and what it answers.
const HEAD: usize = 10;

/// Lines of a class that are looked at in each direction.
const CLASS: usize = 120;

/// Whether a version is what a method of a class answers, and an address or file of OpenSSL's in the
/// same class is made of it: `def version(self): return "3.5.3"` and `f"openssl-{self.version}.tar.gz"`.
pub(crate) fn feeds_an_address(place: &Surroundings<'_>) -> bool {
    let at = |line: usize| &place.text[place.lines.range(line)];
    let own = place.line_text().trim_start();
    if !own.starts_with("return ") && !own.starts_with(['"', '\'']) {
        return false;
    }
    let deep = depth(place.line_text());
    let mut above = (place.line.saturating_sub(HEAD).max(1)..place.line).rev();
    let passed = |line: &usize| {
        let text = at(*line);
        text.trim().is_empty() || subject::is_comment(text) || depth(text) >= deep
    };
    let head = above.find(|line| !passed(line));
    let Some(name) = head.and_then(|line| method(at(line))) else {
        return false;
    };
    let least = ["min", "least", "lowest"];
    if least.iter().any(|word| name.contains(word)) {
        return false;
    }
    let is_class = |line: &usize| at(*line).trim_start().starts_with("class ");
    let first = (place.line.saturating_sub(CLASS).max(1)..place.line)
        .rev()
        .find(is_class);
    let Some(first) = first else { return false };
    let last = (place.line + CLASS).min(place.lines.count());
    let end = (place.line + 1..=last).find(is_class).unwrap_or(last + 1);
    let used = [
        format!("{{self.{name}}}"),
        format!("{{self.{name}()}}"),
        format!("{{{name}}}"),
    ];
    let is_made = |text: &str| {
        text.match_indices("openssl-").any(|(at, found)| {
            let behind = &text[at + found.len()..];
            let own = used
                .iter()
                .find_map(|one| behind.strip_prefix(one.as_str()));
            let own = own.or_else(|| {
                let put = behind.strip_prefix("%s")?;
                put.contains(&format!("self.{name}")).then_some(put)
            });
            let is_whole = !text[..at]
                .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            is_whole && own.is_some_and(|rest| !rest.starts_with(".gem"))
        })
    };
    (first..end).any(|line| !subject::is_comment(at(line)) && is_made(at(line)))
}

/// The name of the method that a line begins.
fn method(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("def ")?;
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}
