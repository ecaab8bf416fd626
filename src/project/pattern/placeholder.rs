//! The placeholders, their names and what they stand for.

/// A place for a value in a [`super::Pattern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Placeholder {
    /// `{version}`: 3.5.4, 1.1.1w.
    Version,
    /// `{version_}`: 1_1_1w.
    Underscored,
    /// `{tag}`: openssl-3.5.4, OpenSSL_1_1_1w.
    Tag,
    /// `{series}`: 3.5, 1.1.1.
    Series,
    /// `{major}`: the first number.
    Major,
    /// `{minor}`: the second number.
    Minor,
    /// `{patch}`: the third part, 4 or 1w.
    Patch,
    /// `{sha256}` of the release's tarball.
    Sha256,
    /// `{sha512}` of the release's tarball.
    Sha512,
    /// `{sha1}` of the release's tarball.
    Sha1,
    /// `{md5}` of the release's tarball.
    Md5,
    /// `{sha256:sri}`: a digest as `sha256-` and base64.
    Sri(Algorithm),
    /// `{sha256:base64}`: a digest in base64 alone.
    Base64(Algorithm),
    /// `{sha256:base32}`: the SHA-256 as Nix and Guix write it.
    Base32,
    /// `{size}` of the release's tarball in bytes.
    Size,
    /// `{url}` of the release's tarball.
    Url,
    /// `{commit}` that the release's tag points to.
    Commit,
    /// `{date}` of the bump.
    Date,
    /// `{release_date}`: the day that upstream published the release on.
    ReleaseDate,
    /// `{project_version}`: the project's own version.
    ProjectVersion,
    /// `{*}`: any text on the same line, kept.
    Any,
    /// `{+}`: a number that counts up by one.
    Counter,
    /// `{0}`: a number that falls back to 0.
    Reset,
}

/// What a digest was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    Sha256,
    Sha512,
    Sha1,
    Md5,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 4] = [Self::Sha256, Self::Sha512, Self::Sha1, Self::Md5];

    /// What an SRI digest starts with.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256-",
            Self::Sha512 => "sha512-",
            Self::Sha1 => "sha1-",
            Self::Md5 => "md5-",
        }
    }

    /// The digest's length in bytes.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
            Self::Sha1 => 20,
            Self::Md5 => 16,
        }
    }

    /// The placeholder of the same digest in hexadecimal figures.
    pub(crate) fn hexadecimal(self) -> Placeholder {
        match self {
            Self::Sha256 => Placeholder::Sha256,
            Self::Sha512 => Placeholder::Sha512,
            Self::Sha1 => Placeholder::Sha1,
            Self::Md5 => Placeholder::Md5,
        }
    }
}

impl Placeholder {
    /// What a pin's patterns may hold.
    pub(super) const OF_PIN: [Self; 28] = [
        Self::Version,
        Self::Underscored,
        Self::Tag,
        Self::Series,
        Self::Major,
        Self::Minor,
        Self::Patch,
        Self::Sha256,
        Self::Sha512,
        Self::Sha1,
        Self::Md5,
        Self::Sri(Algorithm::Sha256),
        Self::Sri(Algorithm::Sha512),
        Self::Sri(Algorithm::Sha1),
        Self::Sri(Algorithm::Md5),
        Self::Base64(Algorithm::Sha256),
        Self::Base64(Algorithm::Sha512),
        Self::Base64(Algorithm::Sha1),
        Self::Base64(Algorithm::Md5),
        Self::Base32,
        Self::Size,
        Self::Url,
        Self::Commit,
        Self::Date,
        Self::ReleaseDate,
        Self::Any,
        Self::Counter,
        Self::Reset,
    ];

    /// What the patterns of the project's own version may hold.
    pub(super) const OF_PROJECT: [Self; 5] = [
        Self::ProjectVersion,
        Self::Date,
        Self::Any,
        Self::Counter,
        Self::Reset,
    ];

    /// The name between the braces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Underscored => "version_",
            Self::Tag => "tag",
            Self::Series => "series",
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Patch => "patch",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Sha1 => "sha1",
            Self::Md5 => "md5",
            Self::Sri(Algorithm::Sha256) => "sha256:sri",
            Self::Sri(Algorithm::Sha512) => "sha512:sri",
            Self::Sri(Algorithm::Sha1) => "sha1:sri",
            Self::Sri(Algorithm::Md5) => "md5:sri",
            Self::Base64(Algorithm::Sha256) => "sha256:base64",
            Self::Base64(Algorithm::Sha512) => "sha512:base64",
            Self::Base64(Algorithm::Sha1) => "sha1:base64",
            Self::Base64(Algorithm::Md5) => "md5:base64",
            Self::Base32 => "sha256:base32",
            Self::Size => "size",
            Self::Url => "url",
            Self::Commit => "commit",
            Self::Date => "date",
            Self::ReleaseDate => "release_date",
            Self::ProjectVersion => "project_version",
            Self::Any => "*",
            Self::Counter => "+",
            Self::Reset => "0",
        }
    }

    /// Whether the value says a whole version by itself.
    pub fn is_version(self) -> bool {
        matches!(self, Self::Version | Self::Underscored | Self::Tag)
    }

    /// Whether the value says a part of a version.
    pub fn is_part(self) -> bool {
        matches!(self, Self::Series | Self::Major | Self::Minor | Self::Patch)
    }

    /// Whether the value belongs to one release's tarball or tag, and to no other.
    pub fn is_fingerprint(self) -> bool {
        matches!(
            self,
            Self::Sha256
                | Self::Sha512
                | Self::Sha1
                | Self::Md5
                | Self::Sri(_)
                | Self::Base64(_)
                | Self::Base32
                | Self::Size
                | Self::Commit
        )
    }

    /// The placeholder of the same digest in hexadecimal figures; any other one as it is.
    #[must_use]
    pub(crate) fn hexadecimal(self) -> Self {
        match self {
            Self::Sri(algorithm) | Self::Base64(algorithm) => algorithm.hexadecimal(),
            Self::Base32 => Self::Sha256,
            other => other,
        }
    }
}

/// How many letters must be put in, left out or changed to make one word of the other
/// (Levenshtein).
pub(super) fn letters_apart(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in other.iter().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
