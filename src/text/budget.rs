//! What input from outside may cost: every limit that is not a file format's own, in one place,
//! with the reason for its size. What is beyond a limit is refused, and the error names the limit.
//!
//! Together they keep each kind of input below 2 s and 256 MiB, whatever its bytes;
//! `benches/hostile.rs` shows it.

/// Bytes of a page of HTML. The largest real one, the page of a package with thousands of files,
/// has a few MB.
pub(crate) const HTML_BYTES: usize = 8 << 20;

/// How deep the elements of a page may nest. Real pages stay below 20; a parser's work for each tag
/// grows with the depth.
pub(crate) const HTML_DEPTH: usize = 80;

/// Nodes of a page. A package with 50,000 files has 150,000.
pub(crate) const HTML_NODES: usize = 350_000;

/// Tags and texts of a page, each counted as often as elements are open around it: a parser may look
/// at all of those. A package with 50,000 files has 2 million.
pub(crate) const HTML_WORK: usize = 15_000_000;

/// Bytes between the start of a tag or comment and its end. The attributes of one tag are compared
/// each with each.
pub(crate) const HTML_TAG: usize = 32 << 10;

/// Attributes of one tag. Real ones have a dozen.
pub(crate) const HTML_ATTRIBUTES: usize = 200;

/// Tarballs that a download page links to; 25 years have made 250.
pub(crate) const TARBALLS_ON_PAGE: usize = 5_000;

/// Bytes of a package index's page as it is sent, and unpacked.
pub(crate) const INDEX_WIRE: u64 = 8 << 20;
/// See [`INDEX_WIRE`].
pub(crate) const INDEX_UNPACKED: u64 = 32 << 20;

/// Files of one package; the largest projects have 20,000.
pub(crate) const INDEX_FILES: usize = 100_000;

/// Headings of a changelog: each section is compared with the others. Thirty years of one have
/// 2,000.
pub(crate) const CHANGELOG_HEADINGS: usize = 10_000;

/// Bytes of a line of a changelog that may be the title of a section which no heading marks. Such
/// lines are looked for above the first heading, in as many lines as there may be headings.
pub(crate) const CHANGELOG_TITLE: usize = 300;

/// Headings in one advisory text; the longest names 17 issues.
pub(crate) const ADVISORY_HEADINGS: usize = 2_000;

/// Objects of a git pack with one commit of the release metadata; there are 1,000.
pub(crate) const PACK_OBJECTS: u32 = 50_000;

/// Bytes of the objects of a pack, deltas applied: libgit2 holds what it resolves. There are 6 MB.
pub(crate) const PACK_UNPACKED: u64 = 64 << 20;

/// Deltas upon deltas; git itself makes 50.
pub(crate) const PACK_CHAIN: usize = 100;

/// Statements about OpenSSL in one SBOM.
pub(crate) const SBOM_CLAIMS: usize = 1_000;

/// Elements of one list in JSON, wanted or not; SBOMs of large distributions have 100,000 packages.
pub(crate) const LIST_ELEMENTS: usize = 2_000_000;

/// Bytes of an SBOM; those of large distributions have 20 MB.
pub(crate) const SBOM_BYTES: usize = 32 << 20;

/// Pieces of evidence that SBOMs add to one finding: more convince nobody.
pub(crate) const SBOM_EVIDENCE: usize = 16;

/// Members of a release tarball; the largest so far has 6,200.
pub(crate) const TARBALL_MEMBERS: usize = 50_000;

/// Unpacked bytes of a release tarball, copies through hard links included; the largest so far has
/// 140 MB.
pub(crate) const TARBALL_UNPACKED: u64 = 192 << 20;

/// Bytes of one member of a release tarball; the largest so far has 14 MB.
pub(crate) const TARBALL_MEMBER: u64 = 64 << 20;

/// Bytes of headers, long names and padding of a whole tarball, beside the members' contents; the
/// largest so far has 7 MB.
pub(crate) const TARBALL_BETWEEN: u64 = 32 << 20;

/// Folders that a member of a release tarball may stand in; the deepest stands in 9.
pub(crate) const TARBALL_DEPTH: usize = 40;

/// OpenPGP packets of a file of keys. OpenSSL's own keys have 48.
pub(crate) const KEY_PACKETS: usize = 10_000;

/// Statements that a key's owner may make about it: each costs a verification with each use.
/// OpenSSL's busiest key has 20.
pub(crate) const KEY_STATEMENTS: usize = 100;

/// Verifications of statements for all keys of one file.
pub(crate) const KEY_FILE_STATEMENTS: usize = 1_000;

/// Bytes of a value that a pin's placeholder stands for; the longest is an address.
pub(crate) const VALUE: usize = 500;

/// Addresses in one pattern of a pin: each can end at any of its bytes.
pub(crate) const PATTERN_URLS: usize = 2;

/// Digits of one number in a value.
pub(crate) const DIGITS: usize = 40;

/// Bytes of a glob, and wildcards and braces in it.
pub(crate) const GLOB_BYTES: usize = 1_000;
/// See [`GLOB_BYTES`].
pub(crate) const GLOB_WILDCARDS: usize = 30;

/// Bytes of one expression of a template: its parts nest, and each takes room on the stack.
pub(crate) const TEMPLATE_EXPRESSION: usize = 1_000;

/// Bytes of a configuration.
pub(crate) const CONFIG_BYTES: usize = 1 << 20;

/// Links in a configuration: each is assessed, and compared with the others.
pub(crate) const CONFIG_LINKS: usize = 500;

/// Versions and digests of OpenSSL's releases in one file that `init` looks at: each is compared with
/// the others. A table of every release there was has 500.
pub(crate) const RELEASES_IN_FILE: usize = 1_000;

/// Digests of anything in such a file.
pub(crate) const DIGESTS_IN_FILE: usize = 3_000;

/// Bytes of a line of such a file with a release's version or any digest in it: what stands on its
/// line says what a value belongs to.
pub(crate) const LINE_WITH_VALUE: usize = 8 << 10;

/// Lines of such a file that are searched for the variables that its addresses are made of, each
/// counted as often as it is searched.
pub(crate) const LINES_SEARCHED: usize = 2_000_000;

/// What is beyond the budget of a glob: nested alternatives multiply.
pub(crate) fn glob_excess(glob: &str) -> Option<String> {
    if glob.len() > GLOB_BYTES {
        return Some(format!("is longer than {GLOB_BYTES} bytes; shorten it"));
    }
    (glob.matches(['*', '?', '[', '{', ',']).count() > GLOB_WILDCARDS)
        .then(|| format!("has more than {GLOB_WILDCARDS} wildcards and alternatives; shorten it"))
}
