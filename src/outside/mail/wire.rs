//! A message's bytes as they may stand between DATA and the final dot.

/// The message with every line ended by CRLF, and without its last one, which belongs to the final
/// dot.
///
/// A bare CR or LF is where servers disagree on where a message ends, so that one text could become
/// two messages; none is ever sent.
pub(super) fn lines(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 40);
    let mut bytes = message.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if_eq(&b'\n');
                out.extend_from_slice(b"\r\n");
            }
            b'\n' => out.extend_from_slice(b"\r\n"),
            byte => out.push(byte),
        }
    }
    if out.ends_with(b"\r\n") {
        out.truncate(out.len() - 2);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_line_break_is_crlf() {
        for (message, expected) in [
            ("a\r\nb\r\n", "a\r\nb"),
            ("a\nb\n", "a\r\nb"),
            ("a\rb", "a\r\nb"),
            ("a\n.\r\nb\r\n\r\n", "a\r\n.\r\nb\r\n"),
            ("a\r\r\nb", "a\r\n\r\nb"),
            ("", ""),
        ] {
            assert_eq!(
                String::from_utf8(lines(message.as_bytes())).unwrap(),
                expected,
                "{message:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn none_is_bare(message in "[ab.\r\n]{0,40}") {
            let out = lines(message.as_bytes());
            let rest = String::from_utf8(out.clone()).unwrap().replace("\r\n", "");
            prop_assert!(!rest.contains(['\r', '\n']));
            prop_assert_eq!(lines(&[out, b"\r\n".to_vec()].concat()), lines(message.as_bytes()));
        }
    }
}
