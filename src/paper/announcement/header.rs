//! Header fields: folded at 76 columns, what is not plain ASCII in encoded words (RFC 2047).

use crate::text;

/// Octets of text in one encoded word: with its frame and the longest name of a field it fits a
/// line.
const WORD_OCTETS: usize = 39;

/// A field of free text.
pub(super) fn unstructured(name: &str, value: &str) -> String {
    let value = text::one_line(value);
    let words: Vec<String> = if is_plain(&value) {
        value.split(' ').map(str::to_owned).collect()
    } else {
        encoded_words(&value)
    };
    folded(name, &words)
}

/// A field of mailboxes, separated by commas.
pub(super) fn structured(name: &str, mailboxes: &[String]) -> String {
    let list = mailboxes.join(", ");
    folded(
        name,
        &list.split(' ').map(str::to_owned).collect::<Vec<_>>(),
    )
}

/// Words on lines of at most 76 columns as far as words allow.
fn folded(name: &str, words: &[String]) -> String {
    let mut field = format!("{name}:");
    let mut column = field.len();
    for word in words.iter().filter(|word| !word.is_empty()) {
        if column + 1 + word.len() > 76 && column > name.len() + 1 {
            field.push_str("\r\n");
            column = 0;
        }
        field.push(' ');
        field.push_str(word);
        column += 1 + word.len();
    }
    field
}

/// Whether a text can stand in a header as it is. What looks like an encoded word cannot, nor words
/// longer than a line may be.
pub(super) fn is_plain(value: &str) -> bool {
    value.chars().all(|c| matches!(c, ' '..='~'))
        && !value.contains("=?")
        && value.split(' ').all(|word| word.len() <= 200 - 76)
}

/// A text as encoded words in base 64, none of which splits a character.
pub(super) fn encoded_words(value: &str) -> Vec<String> {
    let mut chunks: Vec<String> = vec![String::new()];
    for c in value.chars() {
        if chunks
            .last()
            .is_some_and(|chunk| chunk.len() + c.len_utf8() > WORD_OCTETS)
        {
            chunks.push(String::new());
        }
        if let Some(chunk) = chunks.last_mut() {
            chunk.push(c);
        }
    }
    chunks
        .iter()
        .map(|chunk| format!("=?utf-8?B?{}?=", base64(chunk.as_bytes())))
        .collect()
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk
            .iter()
            .fold(0u32, |number, byte| number << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let sextet = (number >> (18 - 6 * at)) & 63;
            text.push(if at <= chunk.len() {
                char::from(ALPHABET[sextet as usize])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        assert_eq!(unstructured("Subject", "a\r\nBcc: b"), "Subject: a Bcc: b");
        assert_eq!(
            unstructured("Subject", "Grüße"),
            "Subject: =?utf-8?B?R3LDvMOfZQ==?="
        );
        assert_eq!(
            unstructured("Subject", "=?utf-8?Q?a?="),
            "Subject: =?utf-8?B?PT91dGYtOD9RP2E/PQ==?="
        );
        let long = unstructured("Subject", &"word ".repeat(40));
        assert!(
            long.split("\r\n").all(|line| line.len() <= 76) && long.contains("\r\n word"),
            "{long}"
        );
        let encoded = unstructured("Subject", &"ü".repeat(100));
        assert!(
            encoded.split("\r\n").all(|line| line.len() <= 76),
            "{encoded}"
        );
    }

    #[test]
    fn base_64() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }
}
