//! Every shape of record, in fixtures of our own.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        let _ = read("CVE-2025-0001.json", &text);
    }
}
