//! Text that tells what was: comments, and the changelog of a spec file.

use super::lines;

/// Whether a place lies in a comment, or in the changelog that ends a spec file.
pub(super) fn is_prose(text: &str, at: usize) -> bool {
    let line = lines::around(text, at).content;
    let (start, before) = (text[line.clone()].trim_start(), &text[line.start..at]);
    let opens = ["//", "/*", ";", "<!--", "* ", "-- "]
        .iter()
        .any(|mark| start.starts_with(mark));
    // A word after `#` is a directive of C.
    let hash = start
        .strip_prefix('#')
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    let behind = [" # ", "\t# ", " // ", "\t// "]
        .iter()
        .any(|mark| before.contains(mark));
    opens || hash || behind || text[..line.start].contains("\n%changelog")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_history_are_prose() {
        for (text, expected) in [
            ("# was X", true),
            ("## X", true),
            ("#define V \"X\"", false),
            ("  // X", true),
            ("u = https://X", false),
            ("v = 1  # X", true),
            ("v = X  # y", false),
            ("Version: 1\n%changelog\n- X", true),
            ("- X", false),
        ] {
            let at = text.find('X').expect("a place");
            assert_eq!(is_prose(text, at), expected, "{text}");
        }
    }
}
