//! How OpenSSL numbers its releases: versions, tags, series, order.
//!
//! Three eras share one order:
//!
//! * from 3.0 on a version is `major.minor.patch` and its series is `major.minor`;
//! * before, it is `major.minor.fix` plus patch letters, and its series is `major.minor.fix`;
//! * letters run `a` to `y`, then `za` to `zy`, `zza` and so on; a lone `z` never exists.
//!
//! The rules are those of OpenSSL's own release tooling (`release-version-fn.sh` in
//! `openssl/tools`). The `semver` crate reads the numbers of the new era, but its order is not
//! used: it compares `alpha10` and `alpha2` as text.

use std::fmt;
use std::str::FromStr;

use crate::text::not_read::NotRead;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One OpenSSL version, of any era, public or not.
///
/// ```
/// use release_check::for_tests::openssl::version::Version;
///
/// let order = ["0.9.8zh", "1.0.2y", "1.0.2za", "1.1.1-pre9", "1.1.1", "1.1.1w", "3.5.0-dev", "3.5.0-alpha2", "3.5.0-alpha10", "3.5.0-beta1", "3.5.0"];
/// let versions: Vec<Version> = order.iter().map(|text| text.parse().unwrap()).collect();
/// assert!(versions.is_sorted());
/// assert_eq!(versions.iter().map(Version::to_string).collect::<Vec<_>>(), order);
/// ```
///
/// What is no library version is refused:
///
/// ```
/// use release_check::for_tests::openssl::version::Version;
///
/// for text in ["3.5", "1.1.1z", "3.5.0a", "2.0.0", "fips-1.1.1", "0.9.6-cvs", "3.1.5+quic1", "3.05.1", "v3.5.4", ""] {
///     assert!(text.parse::<Version>().is_err(), "{text}");
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u16,
    minor: u16,
    patch: u16,
    letters: PatchLetters,
    stage: Stage,
}

/// The patch letters of versions before 3.0, as their ordinal: none is 0, `a` 1, `y` 25, `za` 26.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
struct PatchLetters(u16);

/// How finished a version is. Declared in ascending order: development comes before every
/// pre-release of the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Stage {
    Dev,
    Alpha(u16),
    Beta(u16),
    /// The numbering of 1.1.0 and 1.1.1: `pre9` is not `beta9`, but it follows every beta of the
    /// same number.
    Pre(u16),
    Final,
}

/// A branch of OpenSSL that releases belong to: `3.5`, `4.0`, and for old ones `1.1.1`.
///
/// ```
/// use release_check::for_tests::openssl::version::{Series, Version};
///
/// let version: Version = "1.1.1w".parse().unwrap();
/// assert_eq!(version.series().to_string(), "1.1.1");
/// assert!("1.1.1".parse::<Series>().unwrap() < "3.0".parse().unwrap());
/// assert!("3.9".parse::<Series>().unwrap() < "3.10".parse().unwrap());
/// assert!("3.5.4".parse::<Series>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    major: u16,
    minor: u16,
    fix: Option<u16>,
}

impl Version {
    /// Lower than every version there is: where a range without a beginning begins.
    pub const LOWEST: Self = Self {
        major: 0,
        minor: 0,
        patch: 0,
        letters: PatchLetters(0),
        stage: Stage::Final,
    };

    /// Reads a git tag of OpenSSL's own repository. FIPS modules, engines, forks and the
    /// repository's historic noise are no versions.
    ///
    /// ```
    /// use release_check::for_tests::openssl::version::Version;
    ///
    /// for (tag, version) in [
    ///     ("openssl-3.5.4", "3.5.4"),
    ///     ("openssl-3.0.0-alpha17", "3.0.0-alpha17"),
    ///     ("OpenSSL_1_1_1w", "1.1.1w"),
    ///     ("OpenSSL_1_1_1-pre9", "1.1.1-pre9"),
    ///     ("OpenSSL_0_9_3beta2", "0.9.3-beta2"),
    /// ] {
    ///     let read = Version::from_tag(tag).unwrap();
    ///     assert_eq!(read.to_string(), version);
    ///     assert_eq!(read.tag(), tag);
    /// }
    /// for noise in ["OpenSSL_FIPS_1_0", "OpenSSL-fips-2_0_16", "OpenSSL-engine-0_9_6m", "SSLeay_0_9_1b",
    ///     "openssl-3.1.5+quic1", "opernssl-3.1.5-quic1", "OpenSSL_1_0_2-post-reformat", "openssl-1.1.1w", "OpenSSL_3_0_0"] {
    ///     assert!(Version::from_tag(noise).is_err(), "{noise}");
    /// }
    /// ```
    pub fn from_tag(tag: &str) -> Result<Self, NotRead> {
        let refused = || NotRead::new(tag, "is not an OpenSSL release tag");
        let version = if let Some(rest) = tag.strip_prefix("openssl-") {
            rest.parse::<Self>()
                .ok()
                .filter(|version| version.major >= 3)
        } else if let Some(rest) = tag.strip_prefix("OpenSSL_") {
            let (number, stage) = match rest.find(['-', 'b']) {
                Some(at) if rest[at..].starts_with("beta") => {
                    (&rest[..at], format!("-{}", &rest[at..]))
                }
                Some(at) if rest[at..].starts_with('-') => (&rest[..at], rest[at..].to_owned()),
                _ => (rest, String::new()),
            };
            format!("{}{stage}", number.replace('_', "."))
                .parse::<Self>()
                .ok()
                .filter(|version| version.major < 3)
        } else {
            None
        };
        version
            .filter(|version| version.tag() == tag)
            .ok_or_else(refused)
    }

    /// Reads a version or a tag, whichever the text is.
    pub fn from_version_or_tag(text: &str) -> Result<Self, NotRead> {
        text.parse()
            .or_else(|_| Self::from_tag(text))
            .map_err(|_| NotRead::new(text, "is not an OpenSSL version or tag"))
    }

    /// The git tag of this version in OpenSSL's repository.
    pub fn tag(&self) -> String {
        if self.major >= 3 {
            return format!("openssl-{self}");
        }
        let mut tag = format!(
            "OpenSSL_{}_{}_{}{}",
            self.major, self.minor, self.patch, self.letters
        );
        match self.stage {
            // The tags of these two were made before the dash was.
            Stage::Beta(n) if self.major == 0 && self.minor == 9 && matches!(self.patch, 3 | 5) => {
                tag.push_str(&format!("beta{n}"));
            }
            stage => tag.push_str(&stage.to_string()),
        }
        tag
    }

    /// The version with underscores, as old file names and macros spell it: `1_1_1w`, `3_5_4`.
    pub fn underscored(&self) -> String {
        self.to_string().replace('.', "_")
    }

    /// The series this version belongs to.
    pub fn series(&self) -> Series {
        Series {
            major: self.major,
            minor: self.minor,
            fix: (self.major < 3).then_some(self.patch),
        }
    }

    /// The first number.
    pub fn major(&self) -> u16 {
        self.major
    }

    /// The second number.
    pub fn minor(&self) -> u16 {
        self.minor
    }

    /// The third part as written: `4` in 3.5.4, `1w` in 1.1.1w.
    pub fn patch(&self) -> String {
        format!("{}{}", self.patch, self.letters)
    }

    /// Whether this is an alpha, beta, pre or development version.
    pub fn is_prerelease(&self) -> bool {
        self.stage != Stage::Final
    }

    /// Whether this is a development version, which is never published.
    pub fn is_dev(&self) -> bool {
        self.stage == Stage::Dev
    }

    /// The same number, finished: 3.5.0 for 3.5.0-beta1.
    ///
    /// ```
    /// use release_check::for_tests::openssl::version::Version;
    ///
    /// let beta: Version = "3.5.0-beta1".parse().unwrap();
    /// assert_eq!(beta.finished().to_string(), "3.5.0");
    /// ```
    pub fn finished(&self) -> Self {
        Self {
            stage: Stage::Final,
            ..*self
        }
    }

    /// The final version that follows this one in its series: 3.0.8 after 3.0.7, 1.1.1za after
    /// 1.1.1y, 3.5.0 after 3.5.0-beta1.
    ///
    /// ```
    /// use release_check::for_tests::openssl::version::Version;
    ///
    /// for (version, next) in [("3.0.7", "3.0.8"), ("1.1.1y", "1.1.1za"), ("1.0.2", "1.0.2a"), ("3.5.0-beta1", "3.5.0")] {
    ///     assert_eq!(version.parse::<Version>().unwrap().next_in_series().to_string(), next);
    /// }
    /// ```
    pub fn next_in_series(&self) -> Self {
        if self.is_prerelease() {
            return self.finished();
        }
        if self.major >= 3 {
            Self {
                patch: self.patch.saturating_add(1),
                ..*self
            }
        } else {
            Self {
                letters: PatchLetters(self.letters.0.saturating_add(1)),
                ..*self
            }
        }
    }

    /// The first final version of this version's series: 3.5.0, 1.1.1.
    pub fn first_of_series(&self) -> Self {
        self.series().first()
    }

    /// Reads `OPENSSL_VERSION_NUMBER`, the number that `OpenSSL_version_num` returns: `MNNFFPPS`
    /// before 3.0, `MNN00PPS` from 3.0 on.
    ///
    /// Betas before 3.0 and pre-releases since are not told apart by it, so only final versions are
    /// read.
    ///
    /// ```
    /// use release_check::for_tests::openssl::version::Version;
    ///
    /// for (number, version) in [(0x1010_117f, "1.1.1w"), (0x1000_21af, "1.0.2za"), (0x3050_0040, "3.5.4"), (0x3050_003f, "3.5.3")] {
    ///     assert_eq!(Version::from_number(number).unwrap().to_string(), version);
    /// }
    /// assert_eq!(Version::from_number(0x2000_0000), None);
    /// ```
    pub fn from_number(number: u32) -> Option<Self> {
        let byte = |shift: u32| ((number >> shift) & 0xff) as u16;
        let (major, minor, fix, patch, status) = (
            (number >> 28) as u16,
            byte(20),
            byte(12),
            byte(4),
            number & 0xf,
        );
        match major {
            0 | 1 if status == 0xf => Some(Self {
                major,
                minor,
                patch: fix,
                letters: PatchLetters(patch),
                stage: Stage::Final,
            }),
            3.. if fix == 0 && (status == 0 || status == 0xf) => Some(Self {
                major,
                minor,
                patch,
                letters: PatchLetters(0),
                stage: Stage::Final,
            }),
            _ => None,
        }
    }

    /// `OPENSSL_VERSION_NUMBER` of this version, see [`Version::from_number`]; none for a
    /// pre-release, whose number says too little, and for numbers that do not fit.
    ///
    /// ```
    /// use release_check::for_tests::openssl::version::Version;
    ///
    /// for version in ["0.9.8zh", "1.0.2", "1.1.1w", "3.5.4", "4.0.0"] {
    ///     let version: Version = version.parse().unwrap();
    ///     assert_eq!(Version::from_number(version.number().unwrap()), Some(version));
    /// }
    /// assert_eq!("3.5.0-beta1".parse::<Version>().unwrap().number(), None);
    /// ```
    pub fn number(&self) -> Option<u32> {
        let byte = |part: u16| (part < 0x100).then_some(u32::from(part));
        let head = (u32::from(self.major) << 28) | (byte(self.minor)? << 20);
        let tail = match self.major {
            0 | 1 => (byte(self.patch)? << 12) | (byte(self.letters.0)? << 4) | 0xf,
            2..16 => byte(self.patch)? << 4,
            _ => return None,
        };
        (!self.is_prerelease()).then_some(head | tail)
    }
}

impl Series {
    /// The first final version of the series.
    pub fn first(&self) -> Version {
        Version {
            major: self.major,
            minor: self.minor,
            patch: self.fix.unwrap_or(0),
            letters: PatchLetters(0),
            stage: Stage::Final,
        }
    }

    /// The lowest final version above every one of the series: `3.6.0` for `3.5`.
    pub(crate) fn following(&self) -> Version {
        let next = match self.fix {
            Some(fix) => Self {
                fix: Some(fix.saturating_add(1)),
                ..*self
            },
            None => Self {
                minor: self.minor.saturating_add(1),
                ..*self
            },
        };
        next.first()
    }
}

/// A decimal number without sign or leading zero.
fn number(text: &str) -> Option<u16> {
    let plain = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

impl FromStr for PatchLetters {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let Some((last, zs)) = text.as_bytes().split_last() else {
            return Ok(Self(0));
        };
        if zs.len() > 16 || zs.iter().any(|&letter| letter != b'z') || !(b'a'..=b'y').contains(last)
        {
            return Err(());
        }
        u16::try_from(25 * zs.len() + usize::from(last - b'a') + 1)
            .map(Self)
            .map_err(|_| ())
    }
}

impl FromStr for Stage {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "dev" {
            return Ok(Self::Dev);
        }
        let numbered = |name: &str| text.strip_prefix(name).and_then(number);
        let alpha = numbered("alpha").map(Self::Alpha);
        alpha
            .or_else(|| numbered("beta").map(Self::Beta))
            .or_else(|| numbered("pre").map(Self::Pre))
            .ok_or(())
    }
}

impl FromStr for Version {
    type Err = NotRead;

    fn from_str(text: &str) -> Result<Self, NotRead> {
        let read = || {
            let (numbers, stage) = match text.split_once('-') {
                Some((numbers, stage)) => (numbers, stage.parse().ok()?),
                None => (text, Stage::Final),
            };
            let digits_end = numbers.rfind(|c: char| c.is_ascii_digit())? + 1;
            let (numbers, letters) = numbers.split_at(digits_end);
            let parsed = semver::Version::parse(numbers)
                .ok()
                .filter(|parsed| parsed.build.is_empty() && parsed.pre.is_empty())?;
            let [major, minor, patch] =
                [parsed.major, parsed.minor, parsed.patch].map(|part| u16::try_from(part).ok());
            let version = Self {
                major: major?,
                minor: minor?,
                patch: patch?,
                letters: letters.parse().ok()?,
                stage,
            };
            let lettered = version.letters != PatchLetters(0);
            // There never was a 2.x: that number belongs to LibreSSL.
            let exists = match version.major {
                0 | 1 => true,
                2 => false,
                _ => !lettered,
            };
            exists.then_some(version)
        };
        read().ok_or_else(|| NotRead::new(text, "is not an OpenSSL version"))
    }
}

impl FromStr for Series {
    type Err = NotRead;

    fn from_str(text: &str) -> Result<Self, NotRead> {
        let parts: Option<Vec<u16>> = text.split('.').map(number).collect();
        match parts.as_deref() {
            Some(&[major, minor]) if major >= 3 => Ok(Self {
                major,
                minor,
                fix: None,
            }),
            Some(&[major, minor, fix]) if major < 2 => Ok(Self {
                major,
                minor,
                fix: Some(fix),
            }),
            _ => Err(NotRead::new(
                text,
                "is not an OpenSSL series (`3.5`, or `1.1.1` for old ones)",
            )),
        }
    }
}

impl fmt::Display for PatchLetters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(index) = self.0.checked_sub(1) else {
            return Ok(());
        };
        for _ in 0..index / 25 {
            f.write_str("z")?;
        }
        write!(f, "{}", char::from(b'a' + (index % 25) as u8))
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dev => f.write_str("-dev"),
            Self::Alpha(n) => write!(f, "-alpha{n}"),
            Self::Beta(n) => write!(f, "-beta{n}"),
            Self::Pre(n) => write!(f, "-pre{n}"),
            Self::Final => Ok(()),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            major,
            minor,
            patch,
            letters,
            stage,
        } = self;
        f.pad(&format!("{major}.{minor}.{patch}{letters}{stage}"))
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.fix {
            Some(fix) => format!("{}.{}.{fix}", self.major, self.minor),
            None => format!("{}.{}", self.major, self.minor),
        };
        f.pad(&text)
    }
}

/// Serde and JSON Schema through the text form, for types whose text is their contract.
macro_rules! serde_as_text {
    ($($type:ty),+) => {$(
        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                String::json_schema(generator)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
pub(crate) use serde_as_text;

serde_as_text!(Version, Series);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    #[test]
    fn order_of_every_era() {
        let ascending = [
            "0.9.1c",
            "0.9.3-beta1",
            "0.9.3",
            "0.9.3a",
            "0.9.8y",
            "0.9.8za",
            "0.9.8zh",
            "1.0.1f",
            "1.0.2",
            "1.0.2w",
            "1.0.2zq",
            "1.0.2zza",
            "1.1.0-pre1",
            "1.1.0",
            "1.1.1w-dev",
            "1.1.1w",
            "3.0.0-alpha9",
            "3.0.0-alpha10",
            "3.0.0-beta2",
            "3.0.0",
            "3.0.2",
            "3.0.10",
            "4.0.0",
        ];
        for pair in ascending.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn letters_are_counted_as_upstream_counts_them() {
        for (letters, ordinal) in [
            ("", 0),
            ("a", 1),
            ("y", 25),
            ("za", 26),
            ("zb", 27),
            ("zy", 50),
            ("zza", 51),
        ] {
            assert_eq!(letters.parse(), Ok(PatchLetters(ordinal)));
            assert_eq!(PatchLetters(ordinal).to_string(), letters);
        }
    }

    proptest! {
        #[test]
        fn text_and_tag_round_trip(major in prop_oneof![0u16..2, 3u16..9], minor in 0u16..30, patch in 0u16..40, letters in 0u16..80, stage in 0u16..6, n in 1u16..20) {
            let stage = match stage { 0 => Stage::Dev, 1 => Stage::Alpha(n), 2 => Stage::Beta(n), 3 => Stage::Pre(n), _ => Stage::Final };
            let version = Version { major, minor, patch, letters: PatchLetters(if major < 3 { letters } else { 0 }), stage };
            prop_assert_eq!(version.to_string().parse::<Version>(), Ok(version));
            prop_assert_eq!(Version::from_tag(&version.tag()), Ok(version));
            prop_assert_eq!(version.series().to_string().parse::<Series>(), Ok(version.series()));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}") {
            if let Ok(version) = text.parse::<Version>() {
                prop_assert_eq!(version.to_string(), text);
            }
        }
    }
}
