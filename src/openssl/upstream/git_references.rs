//! The references of a git repository: as `git ls-remote` prints them, and as a server lists them
//! over HTTP (gitprotocol-http, "Discovering references").

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its full name; the commit that an annotated tag points to is listed as `refs/tags/NAME^{}`.
    pub name: String,
    /// The object it points to, lower-case hexadecimal.
    pub id: String,
}

/// Reads the output of `git ls-remote`.
///
/// # Errors
///
/// In words, with the line, if a line is no reference.
pub fn read_ls_remote(text: &str) -> Result<Vec<Reference>, String> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            reference(line).ok_or_else(|| format!("line {}: not an object and a reference", at + 1))
        })
        .collect()
}

/// Reads a server's answer to `info/refs?service=git-upload-pack` in protocol version 0 or 1.
///
/// # Errors
///
/// In words, if the bytes are not such an answer, are cut off, or the server reports an error.
pub fn read_advertisement(bytes: &[u8]) -> Result<Vec<Reference>, String> {
    let mut references = Vec::new();
    let mut rest = bytes;
    let (mut flushes, mut first) = (0, true);
    // The service's name and a flush stand before the references, and a flush behind them.
    while flushes < 2 {
        let (packet, after) = packet(rest)?;
        rest = after;
        let Some(packet) = packet else {
            flushes += 1;
            continue;
        };
        let line = String::from_utf8_lossy(packet);
        let line = line.trim_end_matches('\n');
        if first && line != "# service=git-upload-pack" {
            return Err("it is not a list of git references".to_owned());
        }
        if let Some(message) = line.strip_prefix("ERR ") {
            return Err(format!(
                "the server says {}",
                super::plain_text::quoted(message)
            ));
        }
        let plain = line.split('\0').next().unwrap_or_default();
        if !first && plain != "version 1" {
            // An empty repository lists its capabilities alone.
            let read = reference(plain).ok_or("a line is not an object and a reference")?;
            references.extend(Some(read).filter(|reference| reference.name != "capabilities^{}"));
        }
        first = false;
    }
    Ok(references)
}

/// Splits off one packet (gitprotocol-common: four hexadecimal digits of length, themselves
/// included); none is a flush.
///
/// # Errors
///
/// In words, if there is none or it is cut off.
pub(crate) fn packet(bytes: &[u8]) -> Result<(Option<&[u8]>, &[u8]), String> {
    let cut_off = || "the list of git references is cut off".to_owned();
    let (head, rest) = bytes.split_at_checked(4).ok_or_else(cut_off)?;
    let digits = std::str::from_utf8(head)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let length = digits
        .and_then(|text| usize::from_str_radix(text, 16).ok())
        .ok_or("it is not a list of git references")?;
    match length {
        0 => Ok((None, rest)),
        1..4 => Err("it is not a list of git references".to_owned()),
        _ => rest
            .split_at_checked(length - 4)
            .map(|(packet, rest)| (Some(packet), rest))
            .ok_or_else(cut_off),
    }
}

/// One line: an object, white space, a name.
fn reference(line: &str) -> Option<Reference> {
    let (id, name) = line.trim_end().split_once(['\t', ' '])?;
    let hexadecimal =
        matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let named = !name.is_empty()
        && name.len() <= 1000
        && name
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || !byte.is_ascii());
    (hexadecimal && named).then(|| Reference {
        name: name.to_owned(),
        id: id.to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    fn packets(lines: &[Option<&str>]) -> Vec<u8> {
        let packet = |line: &Option<&str>| {
            line.map_or_else(
                || "0000".to_owned(),
                |line| format!("{:04x}{line}", line.len() + 4),
            )
        };
        lines.iter().map(packet).collect::<String>().into_bytes()
    }

    #[test]
    fn both_forms_say_the_same() {
        let listed = read_ls_remote(&format!(
            "{ID}\tHEAD\n{ID}\trefs/tags/a\n{ID}\trefs/tags/a^{{}}\n"
        ))
        .expect("references");
        let (head, tag, peeled) = (
            format!("{ID} HEAD\0side-band agent=git/2\n"),
            format!("{ID} refs/tags/a\n"),
            format!("{ID} refs/tags/a^{{}}\n"),
        );
        let advertised = [
            Some("# service=git-upload-pack\n"),
            None,
            Some(head.as_str()),
            Some(tag.as_str()),
            Some(peeled.as_str()),
            None,
        ];
        assert_eq!(
            read_advertisement(&packets(&advertised)).expect("references"),
            listed
        );
        assert_eq!(
            listed
                .iter()
                .map(|reference| reference.name.as_str())
                .collect::<Vec<_>>(),
            ["HEAD", "refs/tags/a", "refs/tags/a^{}"]
        );
    }

    #[test]
    fn an_empty_repository_has_none() {
        let capabilities = format!("{} capabilities^{{}}\0agent=git/2\n", "0".repeat(40));
        let answer = packets(&[
            Some("# service=git-upload-pack\n"),
            None,
            Some("version 1\n"),
            Some(&capabilities),
            None,
        ]);
        assert_eq!(read_advertisement(&answer), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        let head = format!("{ID} HEAD\n");
        let cut_off = packets(&[Some("# service=git-upload-pack\n"), None, Some(&head)]);
        let error = packets(&[
            Some("# service=git-upload-pack\n"),
            None,
            Some("ERR access\u{1b} denied\n"),
            None,
        ]);
        for bytes in [
            b"".as_slice(),
            b"<html>",
            b"0003",
            b"ffff",
            b"001e# service=git-receive-pack\n0000",
            &cut_off,
            &error,
            &cut_off[..cut_off.len() - 3],
        ] {
            assert!(
                read_advertisement(bytes).is_err(),
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
        assert_eq!(
            read_ls_remote("\n0123 refs/tags/a\n"),
            Err("line 2: not an object and a reference".to_owned())
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80), text in "([0-9a-f]{4}\\PC{0,9}){0,5}") {
            let _ = read_advertisement(&bytes);
            let _ = read_advertisement(text.as_bytes());
            let _ = read_ls_remote(&text);
        }
    }
}
