//! The text of a release on the forge: our part of it stands between two marks, and whatever else
//! stands there is left alone.

const OPEN: &str = "<!-- release-check:announcement -->";
const CLOSE: &str = "<!-- /release-check:announcement -->";

/// The most characters that GitHub takes as a release's text.
const LIMIT: usize = 125_000;

/// What our part is to the text that a release has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TextPart {
    /// It stands there as it should.
    Stands,
    /// The whole text with our part in it.
    Put(String),
    /// It cannot be put there without touching what others wrote; why.
    Unclear(&'static str),
}

/// The text of a release that nobody has written yet.
pub(crate) fn alone(ours: &str) -> String {
    format!("{OPEN}\n{}\n{CLOSE}\n", ours.trim())
}

/// Whether our part stands in the text of a release.
pub(crate) fn has_part(theirs: &str) -> bool {
    theirs.contains(OPEN)
}

/// Puts our part into the text of a release: where it stands already, else at the end.
pub(crate) fn with(theirs: &str, ours: &str) -> TextPart {
    let part = alone(ours);
    let whole = match (
        theirs.matches(OPEN).count(),
        theirs.matches(CLOSE).count(),
        theirs.find(OPEN),
        theirs.find(CLOSE),
    ) {
        (0, 0, ..) if theirs.trim().is_empty() => part,
        (0, 0, ..) => format!("{}\n\n{part}", theirs.trim_end()),
        (1, 1, Some(open), Some(close)) if open < close => {
            let end = close + CLOSE.len();
            if unix(&theirs[open..end]).trim() == part.trim() {
                return TextPart::Stands;
            }
            format!("{}{}{}", &theirs[..open], part.trim_end(), &theirs[end..])
        }
        _ => return TextPart::Unclear("the marks around our part are not a pair any more"),
    };
    if whole.chars().count() > LIMIT {
        TextPart::Unclear("it would be longer than the forge takes")
    } else {
        TextPart::Put(whole)
    }
}

/// Forms on web pages send CRLF.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn put(theirs: &str, ours: &str) -> String {
        match with(theirs, ours) {
            TextPart::Put(text) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_others_wrote_stays() {
        let first = put("", "One.");
        assert_eq!(first, alone("One."));
        assert_eq!(with(&first, "One.\n"), TextPart::Stands);
        assert_eq!(with(&first.replace('\n', "\r\n"), "One."), TextPart::Stands);
        let mixed = put("Ours\r\n\r\n* thing\r\n", "One.");
        assert_eq!(mixed, format!("Ours\r\n\r\n* thing\n\n{}", alone("One.")));
        let more = format!("{mixed}\nMore words.\n");
        assert_eq!(put(&more, "Two."), more.replace("One.", "Two."));
        for broken in [
            OPEN.to_owned(),
            CLOSE.to_owned(),
            format!("{CLOSE}{OPEN}"),
            format!("{first}{first}"),
        ] {
            assert!(
                matches!(with(&broken, "One."), TextPart::Unclear(_)),
                "{broken}"
            );
        }
        assert!(matches!(
            with(&"x".repeat(LIMIT), "One."),
            TextPart::Unclear(_)
        ));
    }

    proptest! {
        #[test]
        fn it_converges(theirs in any::<String>(), one in "[a-z \n]{0,40}", other in "[a-z \n]{0,40}") {
            let first = put(&theirs, &one);
            prop_assert_eq!(with(&first, &one), TextPart::Stands);
            prop_assert!(first.starts_with(theirs.trim_end()));
            if let TextPart::Put(second) = with(&first, &other) {
                prop_assert_eq!(put(&second, &one), first);
            }
        }
    }
}
