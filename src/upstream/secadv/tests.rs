//! Every shape of advisory text, in words of our own.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        let _ = read("20250930.txt", &text);
    }
}
