//! The statements that an advisory's text is made of.

/// The statements of a text: sentences, but for lists of `OpenSSL 3.5 users should ...` lines,
/// which may go without full stops. A blank line is an empty statement.
pub(super) fn statements(body: &[&str]) -> Vec<String> {
    let mut statements = Vec::new();
    let mut open = String::new();
    for line in body {
        let line = line
            .trim()
            .trim_start_matches(['*', '-', '\u{2022}'])
            .trim_start();
        if line.is_empty() || starts_statement(line) {
            close(&mut open, &mut statements);
        }
        if line.is_empty() {
            statements.push(String::new());
        }
        for piece in line.split_inclusive([' ', '\t']) {
            let word = piece.trim_end();
            if !open.is_empty() {
                open.push(' ');
            }
            open.push_str(word);
            if word.ends_with(['.', ';']) {
                close(&mut open, &mut statements);
            }
        }
        if line.ends_with(':') {
            close(&mut open, &mut statements);
        }
    }
    close(&mut open, &mut statements);
    statements
}

fn close(open: &mut String, statements: &mut Vec<String>) {
    // `Premium support customers only: OpenSSL 1.1.1 users ...` on one line is a header and what it
    // covers.
    let text = std::mem::take(open);
    match text.split_once(": ") {
        Some((header, rest))
            if header.len() < 60 && header.to_ascii_lowercase().starts_with("premium") =>
        {
            statements.extend([format!("{header}:"), rest.to_owned()]);
        }
        _ if text.is_empty() => {}
        _ => statements.push(text),
    }
}

/// Whether a line starts a statement of its own, wherever the last one ended.
fn starts_statement(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    ["users of ", "affected users ", "premium support customers "]
        .iter()
        .any(|start| lower.starts_with(start))
        || (lower.starts_with("openssl ")
            && (lower.contains(" users ") || lower.ends_with(" users")))
}
