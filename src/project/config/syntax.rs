//! What to do about a file that is no TOML, or says what is not meant here: the parser says only
//! what it found.

/// The remedy for what the parser says of a text, as more of its sentence; none where the text is
/// TOML and says something that is not meant here.
pub(super) fn remedy(text: &str, message: &str) -> Option<String> {
    toml::from_str::<toml::Table>(text).err()?;
    let about = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let remedy = if about(&["escape", "unicode"]) {
        "write `\\\\` for a backslash, or put the text in single quotes"
    } else if about(&["quote", "missing value", "invalid value"]) {
        "write a text in quotes behind the `=`"
    } else if about(&["basic string"]) {
        "end the text with `\"` on the line where it begins"
    } else if about(&["literal string"]) {
        "end the text with `'` on the line where it begins"
    } else if about(&["duplicate key"]) {
        "remove one of the two"
    } else if about(&["array", "table"]) {
        "look for a bracket or a comma that is missing"
    } else {
        "mend the line, it is no TOML"
    };
    Some(format!("; {remedy}"))
}

/// What the parser says of a text that is TOML, in words for people, with what to do.
pub(super) fn plainly(message: String) -> String {
    let parts = |start| {
        let said = message.strip_prefix(start)?;
        said.split_once(", expected ")
    };
    if let Some((key, known)) = parts("unknown field ") {
        format!("{key} is not known here; use {known}")
    } else if let Some(key) = message.strip_prefix("missing field ") {
        format!("{key} is missing here; add it")
    } else if let Some((found, wanted)) = parts("invalid type: ") {
        let (found, wanted) = (self::found(found), self::wanted(wanted));
        format!("{found} cannot stand here; write {wanted}")
    } else if let Some((_, wanted)) = parts("invalid length ") {
        format!("a list cannot stand here; write {}", self::wanted(wanted))
    } else {
        message
    }
}

/// What is said of a table whose header has one pair of brackets where several may stand, or two
/// where there is one; `message` is what would be said of a value.
pub(super) fn bracketed(text: &str, at: usize, message: &str) -> Option<String> {
    let (above, _) = text.split_at_checked(at)?;
    let start = above.rfind('\n').map_or(0, |end| end + 1);
    let header = text[start..].lines().next()?.split('#').next()?.trim();
    let begins = text[start..at]
        .chars()
        .all(|c| c == '[' || c.is_whitespace());
    if !begins || !message.starts_with("a table cannot stand here") || !header.ends_with(']') {
        return None;
    }
    let name = header.trim_matches(['[', ']']);
    let link = above
        .lines()
        .any(|line| line.trim_start().starts_with("[[link]]"));
    Some(if name == "link.pin" && !link {
        format!("there is no `[[link]]` above `{header}`; write it first")
    } else if header.starts_with("[[") {
        format!("`{header}` stands once; write `[{name}]`")
    } else {
        format!("`{header}` is one of several; write `[[{name}]]`")
    })
}

/// What stands there: the value itself, or its kind as TOML's users call it.
fn found(text: &str) -> String {
    match text {
        "sequence" => "a list".to_owned(),
        "map" => "a table".to_owned(),
        _ => match text.split_once(['`', '"']) {
            Some((_, value)) => format!("`{}`", value.trim_end_matches(['`', '"'])),
            None => text.to_owned(),
        },
    }
}

/// What should stand there.
fn wanted(text: &str) -> &str {
    match text {
        "a sequence" => "a list",
        "a map" => "a table",
        // Which type of ours it would be is no word for users.
        _ if text.starts_with("struct ") => "a table",
        "a boolean" => "`true` or `false`",
        "a string" => "a text in quotes",
        "a string, or a list of strings" => "a text in quotes, or a list of them",
        "a table, or an array of tables" => "a table, or several",
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::remedy;

    #[test]
    fn every_broken_line_has_one() {
        for (text, says) in [
            ("a = \"b\n", "end the text with `\"`"),
            ("a = 'b\n", "end the text with `'`"),
            ("a = \"\"\"b\n", "end the text with `\"`"),
            ("a = \"C:\\windows\"\n", "write `\\\\` for a backslash"),
            ("a = b\n", "in quotes"),
            ("a =\n", "in quotes"),
            ("a = b\"\n", "in quotes"),
            ("a = 1\na = 2\n", "remove one"),
            ("[a]\n[a]\n", "remove one"),
            ("a = [\"b\" \"c\"]\n", "comma that is missing"),
            ("a = [\"b\"\n", "comma that is missing"),
            ("[a\n", "comma that is missing"),
            ("a\n", "mend the line"),
            ("<html>\n", "mend the line"),
        ] {
            let error = toml::from_str::<toml::Table>(text).expect_err(text);
            let remedy = remedy(text, error.message()).expect("a remedy");
            assert!(
                remedy.contains(says),
                "{text}: {}: {remedy}",
                error.message()
            );
        }
        assert_eq!(remedy("a = 1", "invalid type"), None);
    }
}
