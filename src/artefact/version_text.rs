//! The version text that OpenSSL compiles into itself (`OPENSSL_VERSION_TEXT`), and how to find it
//! in native code.
//!
//! `OpenSSL 1.1.1w 11 Sep 2023`, `OpenSSL 3.5.4 30 Sep 2025`; distributors write
//! `1.1.1k FIPS 25 Mar 2021`, `1.0.2k-fips`, `3.0.13+quic`. In native code it is a C string of its
//! own. A longer string that contains it is somebody else's sentence, and counts only where the
//! version number in the code confirms it (linkers fold a string into the tail of a longer one).

use std::ops::Range;

use jiff::civil::Date;
use memchr::arch::all::packedpair::HeuristicFrequencyRank;
use memchr::memmem;

use super::build_line::{self, BuildLine};
use super::finding::OtherLibrary;
use super::marks::Marks;
use super::view::Piece;
use crate::openssl::version::Version;
use crate::text::date;

/// Longer than any version text; bounds what one candidate may cost.
const LONGEST: usize = 120;

/// How much is searched for one thing before it is searched for the next: what the nearest cache of
/// a processor holds.
const WINDOW: usize = 32 << 10;

/// More different texts than any real file has.
const MOST: usize = 64;

/// A version text, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VersionText {
    pub(super) version: Version,
    pub(super) date: Option<Date>,
    /// As it stands in the file.
    pub(super) text: String,
    /// Whether it is a C string of its own.
    pub(super) whole: bool,
    /// Whether it ends as a C string with a date in it, and bytes that read as a word stand right
    /// before it: where constants lie among instructions those may be the end of one.
    pub(super) is_glued: bool,
    /// The fork whose text it is, where it only adds to OpenSSL's number.
    pub(super) fork: Option<&'static str>,
}

/// Everything that a stretch of native code says about itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Texts {
    pub(super) openssl: Vec<VersionText>,
    pub(super) other: Vec<OtherLibrary>,
    /// Bare names of other libraries: words, until code says the same.
    pub(super) words: Vec<&'static str>,
    pub(super) marks: Marks,
    /// What OpenSSL's own code says of its build, where it first does.
    pub(super) build_line: Option<BuildLine>,
    /// Tongsuo's own name: it keeps OpenSSL's text beside it.
    pub(super) tongsuo: Vec<OtherLibrary>,
    /// Whether source files below a folder `crypto` or `ssl` are named.
    pub(super) names_sources: bool,
}

/// How often a byte stands in the constants of a program that links OpenSSL: `SSL` everywhere, as a
/// part of names, but seldom as the end of a word.
struct Rarity;

impl HeuristicFrequencyRank for Rarity {
    fn rank(&self, byte: u8) -> u8 {
        if matches!(byte, b' ' | b'L' | b'B' | b'g' | b'W' | b'-' | b':' | b'T') {
            0
        } else {
            u8::MAX
        }
    }
}

/// What a text after `OpenSSL ` says.
enum TextReading {
    OpenSsl(Version, Option<Date>, Certainty),
    Other(OtherLibrary),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Certainty {
    Sure,
    NeedsConfirmation,
}

impl Texts {
    /// What begins in a piece.
    pub(super) fn of(piece: &Piece<'_>) -> Self {
        let mut texts = Self::default();
        texts.search(piece.bytes, piece.range.clone());
        texts
    }

    /// Adds what was found elsewhere.
    pub(super) fn join(&mut self, others: Self) {
        others.openssl.into_iter().for_each(|text| self.add(text));
        others
            .other
            .into_iter()
            .for_each(|library| self.add_other(library));
        others
            .words
            .into_iter()
            .for_each(|word| self.add_word(word));
        self.marks.join(&others.marks);
        self.build_line = self.build_line.or(others.build_line);
        self.tongsuo.extend(others.tongsuo);
        self.names_sources |= others.names_sources;
    }

    /// Whether anything in it may be OpenSSL's own.
    pub(super) fn may_be_openssl(&self) -> bool {
        self.openssl.iter().any(|text| text.whole) || self.marks.count() > 0
    }

    /// Takes the only text that bytes before it run into, where OpenSSL's own code is there and no
    /// text stands alone.
    pub(super) fn take_glued(&mut self) {
        if !self.marks.are_code() || self.openssl.iter().any(|text| text.whole) {
            return;
        }
        let mut glued = self.openssl.iter_mut().filter(|text| text.is_glued);
        if let (Some(only), None) = (glued.next(), glued.next()) {
            only.whole = true;
        }
    }

    fn search(&mut self, bytes: &[u8], piece: Range<usize>) {
        let [ssl, boring, aws, built, tongsuo] = [
            &b"SSL "[..],
            b"BoringSSL",
            b"AWS-LC",
            build_line::START,
            b"Tongsuo ",
        ]
        .map(|name| memmem::FinderBuilder::new().build_forward_with_ranker(Rarity, name));
        let folder = memmem::Finder::new("crypto");
        // A window stays in the processor's cache for all of the searches, so that memory is read
        // once.
        for start in piece.clone().step_by(WINDOW) {
            let end = (start + WINDOW).min(piece.end);
            // What begins in this window may end in the next.
            let window = &bytes[start..(end + LONGEST).min(bytes.len())];
            let hits = |finder: &memmem::Finder<'_>| {
                finder
                    .find_iter(window)
                    .map(|at| start + at)
                    .filter(|at| *at < end)
                    .collect::<Vec<_>>()
            };
            for at in hits(&ssl) {
                let before = &bytes[..at];
                if before.ends_with(b"Open") {
                    self.openssl_at(bytes, at - 4);
                } else if before.ends_with(b"Libre") {
                    self.named_at(bytes, at - 5, "LibreSSL");
                } else if before.ends_with(b"Baba") {
                    self.named_at(bytes, at - 4, "BabaSSL");
                }
            }
            for at in hits(&folder) {
                if let Some(b'/' | b'\\') = bytes.get(at + 6) {
                    self.names_sources = true;
                    self.marks.file(&bytes[at + 7..]);
                }
            }
            for (finder, name) in [(&boring, "BoringSSL"), (&aws, "AWS-LC")] {
                for at in hits(finder) {
                    self.named_at(bytes, at, name);
                }
            }
            for at in hits(&built) {
                self.build_line = self.build_line.or_else(|| BuildLine::read(bytes, at));
            }
            for at in hits(&tongsuo) {
                self.tongsuo_at(bytes, at);
            }
        }
    }

    /// Adds a library whose source files are named, see [`names_sources_of`].
    pub(super) fn add_bare(&mut self, name: &'static str) {
        self.add_other(OtherLibrary {
            name,
            version: None,
        });
    }

    /// Names Tongsuo where something of OpenSSL is: elsewhere it is a word.
    pub(super) fn name_tongsuo(&mut self) {
        let named = std::mem::take(&mut self.tongsuo);
        if self.may_be_openssl() {
            named
                .into_iter()
                .for_each(|library| self.add_other(library));
        }
    }

    fn tongsuo_at(&mut self, bytes: &[u8], at: usize) {
        if self.tongsuo.len() < MOST {
            let rest = behind_name(bytes, at, "Tongsuo");
            self.tongsuo
                .extend(rest.and_then(|rest| versioned("Tongsuo", rest)));
        }
    }

    fn openssl_at(&mut self, bytes: &[u8], at: usize) {
        let (text, ends) = printable(&bytes[at..]);
        match read(text) {
            Some(TextReading::OpenSsl(version, date, certainty)) => {
                let whole = ends && starts(bytes, at) && certainty == Certainty::Sure;
                let is_terminated = bytes.get(at + text.len()) == Some(&0);
                let behind_a_word = at > 0 && bytes[at - 1].is_ascii_alphanumeric();
                let is_glued = is_terminated && behind_a_word && date.is_some();
                self.add(VersionText {
                    version,
                    date,
                    text: text.trim_end().to_owned(),
                    whole,
                    is_glued,
                    fork: fork_of(text),
                });
            }
            Some(TextReading::Other(library)) => self.add_other(library),
            None if ends && starts(bytes, at) => self.marks.name(text),
            None => {}
        }
    }

    /// The name of another library, as a C string of its own, with its version or without.
    fn named_at(&mut self, bytes: &[u8], at: usize, name: &'static str) {
        match behind_name(bytes, at, name) {
            // The others always give their version; their bare name is somebody else's word.
            Some("") if matches!(name, "BoringSSL" | "AWS-LC") => self.add_word(name),
            Some(rest) => versioned(name, rest)
                .into_iter()
                .for_each(|library| self.add_other(library)),
            None => {}
        }
    }

    fn add(&mut self, text: VersionText) {
        if let Some(known) = self
            .openssl
            .iter_mut()
            .find(|known| known.text == text.text)
        {
            known.whole |= text.whole;
            known.is_glued |= text.is_glued;
        } else if self.openssl.len() < MOST {
            self.openssl.push(text);
        }
    }

    fn add_word(&mut self, word: &'static str) {
        if !self.words.contains(&word) {
            self.words.push(word);
        }
    }

    fn add_other(&mut self, library: OtherLibrary) {
        if self.other.contains(&library) || self.other.len() >= MOST {
            return;
        }
        // One with a version says more than one without.
        if library.version.is_none() && self.other.iter().any(|known| known.name == library.name) {
            return;
        }
        self.other
            .retain(|known| known.name != library.name || known.version.is_some());
        self.other.push(library);
    }
}

/// What stands behind a library's name in the C string that begins with it.
fn behind_name<'b>(bytes: &'b [u8], at: usize, name: &str) -> Option<&'b str> {
    let (text, ends) = printable(&bytes[at..]);
    if !ends || !starts(bytes, at) {
        return None;
    }
    let rest = text[name.len()..].trim_start();
    Some(rest.strip_prefix("FIPS").map_or(rest, str::trim_start))
}

impl VersionText {
    /// The fork that it names, with the number it kept.
    pub(super) fn as_fork(&self) -> Option<OtherLibrary> {
        let number = self.text.split(' ').nth(1)?;
        Some(OtherLibrary {
            name: self.fork?,
            version: Some(number.to_owned()),
        })
    }
}

/// The library, if this is its version.
fn versioned(name: &'static str, version: &str) -> Option<OtherLibrary> {
    looks_like_a_version(version).then(|| OtherLibrary {
        name,
        version: Some(version.to_owned()),
    })
}

/// The fork that a version text names behind OpenSSL's number: `1.1.1q+quic`, `3.1.5-quic1`.
fn fork_of(text: &str) -> Option<&'static str> {
    let number = text.split(' ').nth(1)?;
    ["+quic", "-quic"]
        .iter()
        .any(|suffix| number.contains(suffix))
        .then_some("quictls")
}

/// The library whose source files these bytes name: builds without its tests carry no other word of
/// it.
pub(super) fn names_sources_of(bytes: &[u8]) -> Option<&'static str> {
    const FOLDERS: [(&str, &str); 3] = [
        ("boringssl", "BoringSSL"),
        ("aws-lc", "AWS-LC"),
        ("libressl", "LibreSSL"),
    ];
    let is_path = |at: usize| {
        let rest = printable(&bytes[at..]).0.replace('\\', "/");
        ["/crypto/", "/ssl/"]
            .iter()
            .any(|folder| rest.contains(folder))
            && [".c", ".cc", ".h", ".inc"]
                .iter()
                .any(|end| rest.ends_with(end))
    };
    let named = FOLDERS
        .iter()
        .find(|(folder, _)| memmem::find_iter(bytes, folder).any(is_path));
    named.map(|(_, library)| *library)
}

/// Reads a whole version text, as a header or a C string holds it.
pub(super) fn read_whole(text: &str) -> Result<Option<VersionText>, OtherLibrary> {
    match read(text) {
        Some(TextReading::OpenSsl(version, date, _)) => Ok(Some(VersionText {
            version,
            date,
            text: text.trim_end().to_owned(),
            whole: true,
            is_glued: false,
            fork: fork_of(text),
        })),
        Some(TextReading::Other(library)) => Err(library),
        None => match text
            .strip_prefix("LibreSSL ")
            .map(str::trim)
            .filter(|version| looks_like_a_version(version))
        {
            Some(version) => Err(OtherLibrary {
                name: "LibreSSL",
                version: Some(version.to_owned()),
            }),
            None => Ok(None),
        },
    }
}

/// The upstream version that a packager's version begins with: 3.0.13 of `3.0.13+quic`, 1.1.1k of
/// `1.1.1k-18.el8_6`, 1.0.2k of `1.0.2k-fips`.
pub(super) fn upstream_version(text: &str) -> Option<Version> {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .unwrap_or(text.len());
    let number = &text[..end];
    if let Some(rest) = text[end..].strip_prefix(['-', '~']) {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        if let Ok(version) = format!("{number}-{}", &rest[..end]).parse() {
            return Some(version);
        }
    }
    number.parse().ok()
}

/// Reads `OpenSSL VERSION [WORD] [DATE]`.
fn read(text: &str) -> Option<TextReading> {
    let text = text.strip_prefix("OpenSSL ")?;
    let (number, rest) = text.split_once(' ').unwrap_or((text, ""));
    let version = upstream_version(number)?;
    let words: Vec<&str> = rest.split_ascii_whitespace().collect();
    if let ["(compatible;", claim @ ..] = words.as_slice() {
        return Some(TextReading::Other(compatible(claim)));
    }
    let (dated, words) = match words.as_slice() {
        [words @ .., day, month, year] if is_day(day) && month.len() == 3 && year.len() == 4 => {
            (date::spelled(&format!("{day} {month} {year}")), words)
        }
        [words @ .., "xx", "XXX", "xxxx"] => (None, words),
        words => (None, words),
    };
    if !matches!(words, [] | [_]) || !words.iter().all(|word| is_addition(word)) {
        return None;
    }
    // A release whose date was left empty still has the blank before it; a bare number without one
    // may be anybody's.
    let sure = dated.is_some() || version.is_prerelease() || text.ends_with(' ');
    Some(TextReading::OpenSsl(
        version,
        dated,
        if sure {
            Certainty::Sure
        } else {
            Certainty::NeedsConfirmation
        },
    ))
}

/// What stands behind `(compatible; `: another library, with its version or without.
fn compatible(claim: &[&str]) -> OtherLibrary {
    let words: Vec<&str> = claim
        .iter()
        .map(|word| word.trim_end_matches(')'))
        .collect();
    let version = words
        .last()
        .filter(|word| looks_like_a_version(word))
        .map(|&word| word.to_owned());
    let name = match words.first() {
        Some(&"BoringSSL") => "BoringSSL",
        Some(&"AWS-LC") => "AWS-LC",
        Some(&"LibreSSL") => "LibreSSL",
        _ => "OpenSSL-compatible library",
    };
    OtherLibrary { name, version }
}

/// A word that distributors put between version and date: `FIPS`, `(beta)`, `fips`.
fn is_addition(word: &str) -> bool {
    word.len() <= 24
        && (word.starts_with(|c: char| c.is_ascii_uppercase() || c == '(') || word == "fips")
}

fn is_day(word: &str) -> bool {
    matches!(word.len(), 1 | 2) && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn looks_like_a_version(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains('.')
        && !text.contains(' ')
}

fn is_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}

/// The printable text at the start of these bytes, and whether a C string ends there.
fn printable(bytes: &[u8]) -> (&str, bool) {
    let window = &bytes[..bytes.len().min(LONGEST)];
    let end = window
        .iter()
        .position(|&byte| !matches!(byte, b' '..=b'~'))
        .unwrap_or(window.len());
    let ends = bytes.get(end).is_none_or(|&byte| !is_text(byte));
    (
        std::str::from_utf8(&window[..end]).unwrap_or_default(),
        ends,
    )
}

/// Whether a C string starts here. Before 1.1.0 every part of the library also carried
/// `... part of OpenSSL 1.0.2u 20 Dec 2019`.
fn starts(bytes: &[u8], at: usize) -> bool {
    bytes[..at].last().is_none_or(|&byte| !is_text(byte)) || bytes[..at].ends_with(b" part of ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::view::{BytesView, PIECE};
    use proptest::prelude::*;

    fn search(bytes: &[u8]) -> Texts {
        let mut texts = Texts::default();
        let found = BytesView::Memory(bytes)
            .map(std::slice::from_ref(&(0..bytes.len() as u64)), |piece| {
                Texts::of(&piece)
            })
            .unwrap();
        found.into_iter().for_each(|found| texts.join(found));
        texts
    }

    #[test]
    fn a_text_that_an_instruction_runs_into() {
        const MARKS: &str = "OpenSSL Default Provider\0";
        for (before, text, is_taken) in [
            (MARKS, "<IUOpenSSL 1.1.1w  11 Sep 2023\0", true),
            // A word of somebody's, without the code.
            ("", "<IUOpenSSL 1.1.1w  11 Sep 2023\0", false),
            // Sentences, and what has no date.
            (MARKS, "needs OpenSSL 1.1.1w  11 Sep 2023\0", false),
            (MARKS, "IUOpenSSL 1.1.1w  11 Sep 2023 or newer\0", false),
            (MARKS, "IUOpenSSL 1.1.1w\0", false),
            (
                MARKS,
                "IUOpenSSL 1.1.1w  11 Sep 2023\0IUOpenSSL 1.1.1v  1 Aug 2023\0",
                false,
            ),
        ] {
            let mut texts = search(format!("\0{before}{text}").as_bytes());
            texts.take_glued();
            let whole = texts.openssl.iter().filter(|text| text.whole).count();
            assert_eq!(whole == 1, is_taken, "{text:?}");
        }
    }

    #[test]
    fn spellings_of_every_era_and_distributor() {
        for (text, version, date) in [
            ("OpenSSL 0.9.8zh 3 Dec 2015", "0.9.8zh", "2015-12-03"),
            ("OpenSSL 1.0.2k-fips  26 Jan 2017", "1.0.2k", "2017-01-26"),
            ("OpenSSL 1.1.1k  FIPS 25 Mar 2021", "1.1.1k", "2021-03-25"),
            ("OpenSSL 1.1.1g FIPS  21 Apr 2020", "1.1.1g", "2020-04-21"),
            (
                "OpenSSL 1.1.1-pre9 (beta) 21 Aug 2018",
                "1.1.1-pre9",
                "2018-08-21",
            ),
            ("OpenSSL 1.1.1t+quic  7 Feb 2023", "1.1.1t", "2023-02-07"),
            (
                "OpenSSL 3.0.0-alpha17 20 May 2021",
                "3.0.0-alpha17",
                "2021-05-20",
            ),
            ("OpenSSL 3.0.13+quic 30 Jan 2024", "3.0.13", "2024-01-30"),
            ("OpenSSL 3.5.4 30 Sep 2025", "3.5.4", "2025-09-30"),
            ("OpenSSL 12.0.1 1 Oct 2031", "12.0.1", "2031-10-01"),
        ] {
            let found = search(format!("\0{text}\0").as_bytes()).openssl;
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(
                (
                    found[0].version.to_string().as_str(),
                    found[0].date.unwrap().to_string().as_str()
                ),
                (version, date)
            );
            assert!(found[0].whole && found[0].text == text);
        }
        for (text, version) in [
            ("OpenSSL 3.6.0-dev ", "3.6.0-dev"),
            ("OpenSSL 1.1.1-dev  xx XXX xxxx", "1.1.1-dev"),
            ("OpenSSL 3.5.4 ", "3.5.4"),
        ] {
            let found = search(format!("\0{text}\0").as_bytes()).openssl;
            assert!(
                found[0].whole
                    && found[0].version.to_string() == version
                    && found[0].date.is_none(),
                "{text}"
            );
        }
    }

    #[test]
    fn every_part_of_the_old_library_says_what_it_is_part_of() {
        let found = search(b"\0Stack part of OpenSSL 1.0.2u  20 Dec 2019\0").openssl;
        assert!(found[0].whole);
    }

    #[test]
    fn a_sentence_is_not_the_version_text() {
        for text in [
            "OpenSSL 3's legacy provider failed to load.",
            "OpenSSL 3.0's legacy provider failed to load.",
            "OpenSSL 3.0.7 or newer is required",
            "OpenSSL 3.0.7 fixed on 1 Nov 2022 by upstream",
            "OpenSSL 2.0.0 1 Jan 2020",
            "OpenSSL/3.5.4",
            "OpenSSL 1.1.1 Series",
        ] {
            let found = search(format!("\0{text}\0").as_bytes()).openssl;
            assert!(found.iter().all(|found| !found.whole), "{text}: {found:?}");
        }
        for text in [
            "built with OpenSSL 3.5.4 30 Sep 2025",
            "OpenSSL 3.5.4 30 Sep 2025\n",
            "x\nOpenSSL 3.5.4 30 Sep 2025",
            "OpenSSL 3.5.4",
        ] {
            let found = search(format!("\0{text}\0").as_bytes()).openssl;
            assert!(found.len() == 1 && !found[0].whole, "{text}");
        }
    }

    #[test]
    fn a_text_may_lie_across_two_windows() {
        for at in [WINDOW, PIECE as usize]
            .into_iter()
            .flat_map(|edge| edge - 30..edge + 5)
        {
            let mut bytes = vec![0; at];
            bytes.extend(b"OpenSSL 3.5.4 30 Sep 2025\0BoringSSL\0");
            let texts = search(&bytes);
            assert_eq!((texts.openssl.len(), texts.words.len()), (1, 1), "{at}");
        }
    }

    #[test]
    fn a_table_may_stand_right_before_the_text() {
        assert!(search(b"\x17\xffOpenSSL 3.5.4 30 Sep 2025").openssl[0].whole);
    }

    #[test]
    fn others_are_named() {
        for (text, name, version) in [
            ("OpenSSL 1.1.1 (compatible; BoringSSL)", "BoringSSL", None),
            (
                "OpenSSL 1.1.1 (compatible; AWS-LC 1.52.0)",
                "AWS-LC",
                Some("1.52.0"),
            ),
            ("AWS-LC 5.12.0", "AWS-LC", Some("5.12.0")),
            ("AWS-LC FIPS 3.0.0", "AWS-LC", Some("3.0.0")),
            ("LibreSSL 3.8.2", "LibreSSL", Some("3.8.2")),
            ("BabaSSL 8.3.2", "BabaSSL", Some("8.3.2")),
        ] {
            let texts = search(format!("\0{text}\0").as_bytes());
            assert_eq!(
                texts.other,
                [OtherLibrary {
                    name,
                    version: version.map(str::to_owned)
                }],
                "{text}"
            );
            assert_eq!(texts.openssl, []);
        }
        for text in [
            "Could not set default groups for BoringSSL.",
            "kBoringSSLRSASqrtTwo",
            "LibreSSL",
            "BabaSSL_version_num",
            "No support for Config files in AWS-LC.",
        ] {
            assert_eq!(
                search(format!("\0{text}\0").as_bytes()),
                Texts::default(),
                "{text}"
            );
        }
    }

    #[test]
    fn source_files_name_their_library() {
        let named = |text: &str| names_sources_of(format!("\0{text}\0").as_bytes());
        for (text, library) in [
            (
                "third_party/boringssl-with-bazel/crypto/asn1/a_int.cc",
                "BoringSSL",
            ),
            ("/build/boringssl/ssl/ssl_cert.cc", "BoringSSL"),
            ("C:\\x\\boringssl\\ssl\\ssl_cert.cc", "BoringSSL"),
            ("/boringssl/crypto/fipsmodule/ec/ec.cc.inc", "BoringSSL"),
            ("/x/aws-lc/crypto/evp_extra/print.c", "AWS-LC"),
        ] {
            assert_eq!(named(text), Some(library), "{text}");
        }
        for text in [
            "see https://boringssl.example.org/crypto/ for more",
            "boringssl",
            "crypto/x509/boringssl.go",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn packagers_versions_begin_with_upstreams() {
        for (text, version) in [
            ("1.1.1k-18.el8_6", Some("1.1.1k")),
            ("3.0.11-1~deb12u2", Some("3.0.11")),
            ("3.0.0~beta1-1", Some("3.0.0-beta1")),
            ("3.5.0-alpha1", Some("3.5.0-alpha1")),
            ("3.5.4", Some("3.5.4")),
            ("300.5.4+3.5.4", Some("300.5.4")),
            ("4.0", None),
            ("1.1.1z", None),
            ("", None),
        ] {
            assert_eq!(
                upstream_version(text)
                    .map(|version| version.to_string())
                    .as_deref(),
                version,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_searched(before in proptest::collection::vec(any::<u8>(), 0..40), after in "\\PC{0,40}") {
            let mut bytes = before;
            bytes.extend_from_slice(b"OpenSSL ");
            bytes.extend_from_slice(after.as_bytes());
            search(&bytes);
        }
    }
}
