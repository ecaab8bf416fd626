//! A list's own archive as the last word on whether a message arrived.

use sha1::{Digest, Sha1};

/// Where an archive shows a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArchivePage {
    /// This page is the message's own: that it is there says enough.
    Own(String),
    /// This page or mailbox names the message among others.
    Shared(String),
}

/// The page on which the archive at this address would show the message.
///
/// A HyperKitty archive (`https://lists.example.org/archives/list/NAME@HOST/`) has one for each
/// message, called by a hash of its identifier. Everything else is read as it is: an mbox, a month
/// of Pipermail, a page that lists identifiers.
pub(crate) fn page(archive: &str, message_id: &str) -> ArchivePage {
    let root = archive.trim_end_matches('/');
    if root.contains("/archives/list/") || root.contains("/hyperkitty/list/") {
        ArchivePage::Own(format!("{root}/message/{}/", hash(message_id)))
    } else {
        ArchivePage::Shared(archive.to_owned())
    }
}

/// `Message-ID-Hash`: base 32 of SHA-1 of the identifier without its brackets.
fn hash(message_id: &str) -> String {
    let digest = Sha1::digest(bare(message_id));
    let mut bits = digest
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let mut out = String::new();
    loop {
        let five: Vec<u8> = bits.by_ref().take(5).collect();
        if five.is_empty() {
            return out;
        }
        let index = five.iter().fold(0, |index, bit| index << 1 | bit) << (5 - five.len());
        out.push(char::from(
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::from(index)],
        ));
    }
}

/// Whether a page or mailbox names the message: its identifier as it is, or with its `@` as web
/// pages hide or escape it.
pub fn names(page: &str, message_id: &str) -> bool {
    let bare = bare(message_id);
    let (left, right) = bare.split_once('@').unwrap_or((bare, ""));
    ["@", "%40", "&#64;", "&#x40;", " at "]
        .iter()
        .any(|at| page.contains(&format!("{left}{at}{right}")))
}

/// Whether a page asks who is there, which an archive does with status 200 too, instead of showing
/// what was asked for.
pub(crate) fn asks_for_a_login(page: &str) -> bool {
    let page = page.to_ascii_lowercase();
    ["\"password\"", "'password'", "type=password"]
        .iter()
        .any(|field| page.contains(field))
}

fn bare(message_id: &str) -> &str {
    message_id
        .trim()
        .trim_start_matches('<')
        .trim_end_matches('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_by_kind_of_archive() {
        let id = "<4F2BC7F5.7080400@example.org>";
        let month = "https://lists.example.org/pipermail/dev/2026-September.txt.gz";
        assert_eq!(page(month, id), ArchivePage::Shared(month.to_owned()));
        let ArchivePage::Own(page) = page(
            "https://lists.example.org/archives/list/dev@example.org/",
            id,
        ) else {
            panic!("a page of its own")
        };
        let hash = page
            .strip_prefix("https://lists.example.org/archives/list/dev@example.org/message/")
            .and_then(|rest| rest.strip_suffix('/'));
        assert!(hash.is_some_and(|hash| hash.len() == 32), "{page}");
    }

    #[test]
    fn hashes_are_base_32_of_sha_1() {
        // RFC 3174's first test: SHA-1 of `abc` is a9993e36 4706816a ba3e2571 7850c26c 9cd0d89d.
        assert_eq!(hash("<abc>"), "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
    }

    #[test]
    fn a_login_page_is_no_message() {
        for page in [
            "<input type=\"password\">",
            "<INPUT TYPE='Password' name=p>",
            "<input type=password>",
        ] {
            assert!(asks_for_a_login(page), "{page}");
        }
        assert!(!asks_for_a_login("<p>lib 1.2.4 fixes a password leak</p>"));
    }

    #[test]
    fn identifiers_are_found_however_they_are_written() {
        let id = "<lib.1.2.4.release@example.org>";
        for page in [
            "Message-ID: <lib.1.2.4.release@example.org>",
            "&lt;lib.1.2.4.release&#64;example.org&gt;",
            "/lib.1.2.4.release%40example.org/",
        ] {
            assert!(names(page, id), "{page}");
        }
        assert!(!names("Message-ID: <lib.1.2.3.release@example.org>", id));
    }
}
