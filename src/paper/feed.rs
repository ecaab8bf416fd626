//! The feed of all announcements, as an Atom file (RFC 4287) that grows by an entry with each of
//! them.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::paper::announcement::Message;
use crate::text::fault::Fault;
use crate::text::{one_line, percent_encoded};

/// The lines around each entry, by which a later run finds the entries of an earlier one.
const OPEN: &str = "  <entry>\n";
const CLOSE: &str = "  </entry>\n";

/// The last line of the head of every feed written here.
const GENERATOR: &str = "  <generator>release-check</generator>\n";

/// The first lines of every feed written here.
const HEAD: &str =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n";

/// The feed with the message's entry in it, first; `before` is the file's content until now. An
/// announcement has one entry: written again, it replaces itself and keeps the day it was first
/// published on.
///
/// # Errors
///
/// If the file is something else than a feed written here, which must not be overwritten.
pub(crate) fn with(
    before: Option<&str>,
    project: &str,
    message: &Message,
    today: Date,
) -> Result<String, Fault> {
    let before = before.map(|text| text.trim_start_matches('\u{feff}').replace("\r\n", "\n"));
    let (kept, mut entries) = before
        .filter(|text| !text.trim().is_empty())
        .map_or(Ok((String::new(), Vec::new())), |text| parts(&text))?;
    let id = format!("    <id>{}</id>\n", entry_id(&message.message_id));
    let earlier = entries
        .iter()
        .position(|entry| entry.contains(&id))
        .map(|at| entries.remove(at));
    let same = earlier
        .as_deref()
        .filter(|earlier| content(earlier) == content(&entry(&id, message, "", "")));
    let published = earlier
        .as_deref()
        .and_then(|earlier| element(earlier, "published"))
        .map_or_else(|| instant(message.date), str::to_owned);
    let updated = same
        .and_then(|same| element(same, "updated"))
        .map_or_else(|| instant(today), str::to_owned);
    entries.insert(0, entry(&id, message, &published, &updated));
    entries.sort_by(|one, other| element(other, "published").cmp(&element(one, "published")));
    // The feed is as new as its newest entry, so that a run that changes nothing changes no byte.
    let newest = entries
        .iter()
        .filter_map(|entry| element(entry, "updated"))
        .max()
        .unwrap_or_default()
        .to_owned();
    let feed_id = urn(&format!(
        "release-check feed\0{project}\0{}",
        message.from.domain()
    ));
    let mut out = format!(
        "{HEAD}  <id>{feed_id}</id>\n  <title>{}: announcements</title>\n",
        escaped(project)
    );
    out += &format!(
        "  <updated>{newest}</updated>\n  <author>\n    <name>{}</name>\n",
        escaped(author(message))
    );
    out += &format!(
        "    <email>{}</email>\n  </author>\n",
        escaped(message.from.address())
    );
    out += &format!("{GENERATOR}{kept}");
    entries
        .iter()
        .for_each(|entry| out += &format!("{OPEN}{entry}{CLOSE}"));
    out += "</feed>\n";
    Ok(out)
}

fn entry(id: &str, message: &Message, published: &str, updated: &str) -> String {
    format!(
        "{id}    <title>{}</title>\n    <published>{published}</published>\n    <updated>{updated}</updated>\n    <content type=\"text\">{}</content>\n",
        escaped(&one_line(&message.subject)),
        escaped(&message.body)
    )
}

/// Title and content of an entry, which a subscriber would see change.
fn content(entry: &str) -> (Option<&str>, Option<&str>) {
    (
        element(entry, "title"),
        entry
            .split_once("<content type=\"text\">")
            .and_then(|(_, rest)| rest.split_once("</content>"))
            .map(|(text, _)| text),
    )
}

/// What someone added to the head of a feed written here, such as its own address, and its entries.
fn parts(text: &str) -> Result<(String, Vec<String>), Fault> {
    let foreign = || {
        Fault::failed(
            "the feed's file holds something that was not written here; name another file, or remove it",
        )
    };
    let rest = text.strip_prefix(HEAD).ok_or_else(foreign)?;
    let rest = rest
        .trim_end()
        .strip_suffix("</feed>")
        .ok_or_else(foreign)?;
    let (head, mut rest) = rest.split_at(rest.find(OPEN).unwrap_or(rest.len()));
    let (_, kept) = head.split_once(GENERATOR).ok_or_else(foreign)?;
    let mut entries = Vec::new();
    while !rest.trim().is_empty() {
        let (entry, after) = rest
            .trim_start_matches('\n')
            .strip_prefix(OPEN)
            .and_then(|rest| rest.split_once(CLOSE))
            .ok_or_else(foreign)?;
        entries.push(entry.to_owned());
        rest = after;
    }
    Ok((kept.to_owned(), entries))
}

fn element<'a>(entry: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = entry.split_once(&format!("    <{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

fn author(message: &Message) -> &str {
    if message.from.name.is_empty() {
        message.from.address()
    } else {
        &message.from.name
    }
}

/// The address of a message by its identifier (RFC 2392).
fn entry_id(message_id: &str) -> String {
    let bare = message_id.trim_start_matches('<').trim_end_matches('>');
    format!("mid:{}", percent_encoded(bare, "@"))
}

/// An identifier made of a name: a UUID of version 8 (RFC 9562).
fn urn(name: &str) -> String {
    let mut bytes: [u8; 16] = [0; 16];
    bytes
        .iter_mut()
        .zip(Sha256::digest(name))
        .for_each(|(byte, digest)| *byte = digest);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

fn instant(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

/// Text as it stands in XML 1.0: what it cannot hold is replaced, what would be markup is written
/// as what it is.
fn escaped(text: &str) -> String {
    crate::text::printable(text)
        .chars()
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            '\u{fffe}' | '\u{ffff}' => '\u{fffd}'.to_string(),
            c => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::announcement::{MessageKind, message_id};
    use jiff::civil::date;
    use proptest::prelude::*;

    fn message(version: &str, day: Date) -> Message {
        Message {
            from: "Release Team <release@example.org>"
                .parse()
                .expect("a mailbox"),
            to: Vec::new(),
            reply_to: None,
            subject: format!("lib {version} & friends"),
            date: day,
            message_id: message_id("lib", version, MessageKind::Release, "example.org"),
            in_reply_to: None,
            body: "Fixes <CVE>.\n".into(),
        }
    }

    #[test]
    fn a_feed_grows() {
        let first = with(
            None,
            "lib",
            &message("1.2.4", date(2026, 6, 9)),
            date(2026, 6, 9),
        )
        .unwrap();
        let second = with(
            Some(&first),
            "lib",
            &message("1.2.5", date(2026, 9, 29)),
            date(2026, 9, 30),
        )
        .unwrap();
        insta::assert_snapshot!(second, @r#"
        <?xml version="1.0" encoding="utf-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom">
          <id>urn:uuid:290e47c2-a9c9-85a1-9b52-4be98edc5c01</id>
          <title>lib: announcements</title>
          <updated>2026-09-30T00:00:00Z</updated>
          <author>
            <name>Release Team</name>
            <email>release@example.org</email>
          </author>
          <generator>release-check</generator>
          <entry>
            <id>mid:lib.1.2.5.release.d1e094b28ab4@example.org</id>
            <title>lib 1.2.5 &amp; friends</title>
            <published>2026-09-29T00:00:00Z</published>
            <updated>2026-09-30T00:00:00Z</updated>
            <content type="text">Fixes &lt;CVE&gt;.
        </content>
          </entry>
          <entry>
            <id>mid:lib.1.2.4.release.18790ffcb359@example.org</id>
            <title>lib 1.2.4 &amp; friends</title>
            <published>2026-06-09T00:00:00Z</published>
            <updated>2026-06-09T00:00:00Z</updated>
            <content type="text">Fixes &lt;CVE&gt;.
        </content>
          </entry>
        </feed>
        "#);
        assert_eq!(
            with(
                Some(&second),
                "lib",
                &message("1.2.5", date(2026, 9, 29)),
                date(2026, 12, 1)
            )
            .unwrap(),
            second,
            "nothing new changes nothing"
        );
        let reworded = Message {
            body: "Other words.\n".into(),
            ..message("1.2.4", date(2026, 12, 1))
        };
        let third = with(Some(&second), "lib", &reworded, date(2026, 12, 1)).unwrap();
        assert_eq!(third.matches(OPEN).count(), 2);
        assert!(third.contains("<published>2026-06-09T00:00:00Z</published>\n    <updated>2026-12-01T00:00:00Z</updated>\n    <content type=\"text\">Other words.\n"));
    }

    #[test]
    fn nothing_else_is_overwritten() {
        for text in ["hello", "<?xml version=\"1.0\"?><feed/>", "<html></html>"] {
            assert!(
                with(
                    Some(text),
                    "lib",
                    &message("1", date(2026, 1, 1)),
                    date(2026, 1, 1)
                )
                .is_err()
            );
        }
        assert!(
            with(
                Some("\n"),
                "lib",
                &message("1", date(2026, 1, 1)),
                date(2026, 1, 1)
            )
            .is_ok()
        );
        let ours = with(
            None,
            "lib",
            &message("1", date(2026, 1, 1)),
            date(2026, 1, 1),
        )
        .unwrap();
        for text in [
            ours.replace("  </entry>\n", "  </entry>\n  <entry xml:lang=\"de\"/>\n"),
            ours.replace(GENERATOR, ""),
        ] {
            assert!(
                with(
                    Some(&text),
                    "lib",
                    &message("2", date(2026, 1, 2)),
                    date(2026, 1, 2)
                )
                .is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn what_people_and_editors_add_stays() {
        let (first, second) = (
            message("1", date(2026, 1, 1)),
            message("2", date(2026, 1, 2)),
        );
        let ours = with(None, "lib", &first, date(2026, 1, 1)).unwrap();
        let link = "  <link rel=\"self\" href=\"https://example.org/feed.xml\"/>\n";
        let added = ours
            .replace(GENERATOR, &format!("{GENERATOR}{link}"))
            .replace(
                "    <title>lib 1",
                "    <category term=\"x\"/>\n    <title>lib 1",
            );
        let grown = with(Some(&added), "lib", &second, date(2026, 1, 2)).unwrap();
        assert!(
            grown.contains(&format!("{GENERATOR}{link}{OPEN}"))
                && grown.contains("<category term=\"x\"/>"),
            "{grown}"
        );
        let windows = format!("\u{feff}{}", ours.replace('\n', "\r\n"));
        assert_eq!(
            with(Some(&windows), "lib", &first, date(2026, 1, 1)).unwrap(),
            ours
        );
    }

    proptest! {
        #[test]
        fn no_text_becomes_markup(subject in any::<String>(), body in any::<String>(), project in any::<String>()) {
            let message = Message { subject, body, ..message("1", date(2026, 1, 1)) };
            let feed = with(None, &project, &message, date(2026, 1, 1)).unwrap();
            // Declaration, seven elements that open and close, the author's two, the entry's five.
            prop_assert_eq!(feed.matches('<').count(), 29);
            prop_assert_eq!(with(Some(&feed), &project, &message, date(2026, 1, 1)).unwrap(), feed);
        }
    }
}
