//! What we said once and need not say again.

/// A comment's text with the invisible line by which it is found again.
pub(super) fn say(text: &str, key: &str) -> String {
    format!("{text}\n\n<!-- release-check-said:{key} -->\n")
}

/// Whether this was said already, on a line of its own: who quotes it does not say it.
pub(super) fn has_said(comments: &[String], key: &str) -> bool {
    let line = format!("<!-- release-check-said:{key} -->");
    let says = |comment: &String| comment.lines().any(|found| found.trim_end() == line);
    comments.iter().any(says)
}
