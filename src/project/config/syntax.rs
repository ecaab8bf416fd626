//! What to do about a file that is no TOML: the parser says only what it found.

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
