//! Quoted-printable (RFC 2045, 6.7): any text as short lines of ASCII, which every server takes and
//! no relay rewrites.

/// The most characters of a line, the `=` of a soft break among them.
const WIDTH: usize = 76;

/// One line of text as lines of the encoding.
pub(super) fn lines(line: &str) -> Vec<String> {
    let bytes = line.as_bytes();
    let mut lines = vec![String::new()];
    for (at, byte) in bytes.iter().enumerate() {
        let last = at + 1 == bytes.len();
        let plain =
            matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (matches!(byte, b' ' | b'\t') && !last);
        let written = if plain {
            char::from(*byte).to_string()
        } else {
            format!("={byte:02X}")
        };
        if let Some(current) = lines
            .last_mut()
            .filter(|current| current.len() + written.len() >= WIDTH)
        {
            current.push('=');
            lines.push(String::new());
        }
        if let Some(current) = lines.last_mut() {
            current.push_str(&written);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(lines: &[String]) -> String {
        let joined: String = lines
            .iter()
            .map(|line| line.strip_suffix('=').unwrap_or(line).to_owned())
            .collect();
        let mut bytes = Vec::new();
        let mut rest = joined.bytes();
        while let Some(byte) = rest.next() {
            let mut digit = || {
                char::from(rest.next().expect("a digit"))
                    .to_digit(16)
                    .expect("a digit")
            };
            bytes.push(if byte == b'=' {
                u8::try_from(digit() * 16 + digit()).expect("a byte")
            } else {
                byte
            });
        }
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn examples() {
        assert_eq!(lines(""), [""]);
        assert_eq!(lines("Grüße = gut "), ["Gr=C3=BC=C3=9Fe =3D gut=20"]);
        assert_eq!(
            lines(&"x".repeat(76)),
            [format!("{}=", "x".repeat(75)), "x".into()]
        );
    }

    proptest! {
        #[test]
        fn every_text_survives(text in "[^\r\n]{0,300}") {
            let lines = lines(&text);
            prop_assert!(lines.iter().all(|line| line.len() <= WIDTH && line.is_ascii() && !line.ends_with([' ', '\t'])));
            prop_assert!(lines.iter().rev().skip(1).all(|line| line.ends_with('=')));
            prop_assert_eq!(decoded(&lines), text);
        }
    }
}
