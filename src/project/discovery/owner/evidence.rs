//! What makes a number OpenSSL's: an address, a digest, a name; and what makes it anything else.

use std::collections::BTreeSet;

use super::neighbours::Neighbour;
use super::{foreign, inputs, methods, neighbours, vcpkg};
use crate::openssl::version::{Series, Version};
use crate::project::discovery::found::Confidence;
use crate::project::discovery::line::sighting::{ABOUT, NAMED, Scope, SightingVerdict};
use crate::project::discovery::line::subject::ValueSubject;
use crate::project::discovery::line::surroundings::Surroundings;
use crate::project::discovery::line::{file_kind, lists, subject};
use crate::project::pattern::Placeholder;
use crate::text::budget;

/// Why a comment is no pin.
pub(crate) const COMMENT: &str = "it stands in a comment";

/// Why what the code of a program says is no pin.
const PROGRAM: &str = "it stands in a program that asks for a version or speaks of one";

/// Why a version far from the digest of its release counts.
const IN_FILE: &str = "the file holds this release's digest";

/// Why a constant of a program is no pin.
const THRESHOLD: &str = "it is only compared with, to tell older from newer";

/// Why what something is compared with is no pin.
const CONDITION: &str = "it stands in a condition";

/// Why what a command only looks for is no pin.
pub(crate) const LOOKED_FOR: &str = "a command only looks for it";

/// Why the least version is no pin.
const LEAST: &str = "it is the least version that will do";

/// Why a sentence is no pin.
pub(crate) const SENTENCE: &str = "it reads like a sentence that only speaks of this version";

/// Why the version of a patch is no pin.
pub(crate) const PATCH: &str = "it says for which version a patch was written";

/// Why a test or a document that says a release and its digest is no pin of its own.
pub(crate) const ASIDE: &str =
    "it stands with its digest in a test, a document or a copy that rests";

/// Why the path of a folder is no pin of its own.
pub(crate) const PATH: &str = "it is in the path of a folder";

/// Why a number without a name is no pin.
pub(crate) const NUMBER: &str =
    "the number is that of a release, but nothing says that it is OpenSSL's";

/// Why an item of a list of all versions is no pin.
const GROWING: &str = "it stands in a list that has several versions of one series, so a bump adds one; no pattern does that on a line";

/// Why the version in a script that looks for an installed OpenSSL is no pin.
pub(crate) const PROBE: &str = "it stands in a script that looks for what is installed";

/// Why a release without a letter, of a series that has letters, is no pin by its name alone.
pub(crate) const WHOLE_SERIES: &str =
    "it may be the whole series as well as its first release, and no digest or tarball says which";

/// Whether a version that is doubtful for this reason is no pin for sure, so that where nothing is
/// one nobody need look at it: a program's code and comments, and what is asked of a machine.
pub(crate) fn is_no_choice(path: &str, why: &str) -> bool {
    [PROGRAM, PROBE].contains(&why) || (why == COMMENT && file_kind::is_program(path))
}

/// What else is known of a version's number.
pub(crate) struct KnownNumber {
    /// There is a release of this number.
    pub(crate) released: bool,
    /// It is newer than every release of its series that is known.
    pub(crate) newer: bool,
    /// A digest of this release, or another spelling of it, stands close by.
    pub(crate) near: bool,
    /// A digest of this release stands close by.
    pub(crate) digested: bool,
    /// The name of this release's tag or tarball stands close by.
    pub(crate) addressed: bool,
    /// No other mention of this release stands closer to that digest.
    pub(crate) nearest: bool,
    /// A digest of this release stands in the file.
    pub(crate) in_file: bool,
}

/// What to think of a version, and where its name stands if not on its line; none where it is
/// something else.
type Judgement = Option<(SightingVerdict, Option<Scope>)>;

fn ours(confidence: Confidence, reason: &'static str) -> Judgement {
    Some((SightingVerdict::Ours(confidence, reason), None))
}

/// What to think of a version: in a comment of several lines it is no pin, whatever it would be
/// outside of it.
pub(crate) fn judge(place: &Surroundings<'_>, known: &KnownNumber) -> Judgement {
    match as_code(place, known) {
        Some((SightingVerdict::Ours(..), scope)) if place.in_block => {
            Some((SightingVerdict::Doubtful(true, COMMENT), scope))
        }
        judged => judged,
    }
}

/// What to think of a version on a line that is code.
fn as_code(place: &Surroundings<'_>, known: &KnownNumber) -> Judgement {
    if known.released && foreign::is_a_fork(place) {
        return Some((SightingVerdict::Doubtful(true, foreign::FORK), None));
    }
    if is_of_something_else(place) || (place.is_only_like_a_tag() && !known.near) {
        return None;
    }
    let subject = place.subject();
    // The digest of a release goes with the mention beside it; one farther away may be another
    // package's number.
    let is_unnamed = matches!(subject, ValueSubject::Version | ValueSubject::Unnamed);
    let far = known.near && !known.nearest && is_unnamed;
    let known = &KnownNumber {
        near: known.near
            && (!far || subject::names_openssl(place.line_text()))
            && (known.digested || !place.may_be_a_series()),
        ..*known
    };
    let underscored_beside = known.near && place.slot == Placeholder::Underscored;
    // A relative's version may be a part of its own address.
    let used = subject == ValueSubject::Other
        && !subject::names_a_relative(place.label)
        && (place.feeds_an_address() || place.is_named_like_an_address());
    if subject == ValueSubject::Other && known.released && foreign::is_the_module_s(place) {
        return Some((SightingVerdict::Doubtful(true, foreign::FIPS), None));
    }
    if subject == ValueSubject::Other && known.released && foreign::is_a_build(place) {
        return Some((SightingVerdict::Doubtful(true, foreign::RELEASE), None));
    }
    if (subject == ValueSubject::Other && !underscored_beside && !used)
        || !(known.released || known.newer || subject == ValueSubject::OpenSsl)
    {
        return None;
    }
    let named = matches!(subject, ValueSubject::OpenSsl | ValueSubject::Sentence);
    let doubtful = |why| Some((SightingVerdict::Doubtful(named, why), None));
    if let Some(why) = foreign::why(place, known.near) {
        let named = named || (why == foreign::SERIES && place.is_close_to_the_name());
        return Some((SightingVerdict::Doubtful(named, why), None));
    }
    let told = place.told_to_people();
    if let Some(why) = held_back(place, known, named, told.is_some()) {
        return doubtful(why);
    }
    if known.near && subject == ValueSubject::Unnamed && place.is_named_beside() {
        return doubtful(NUMBER);
    }
    if known.near
        && subject == ValueSubject::Version
        && [".yaml", ".yml", ".toml"]
            .iter()
            .any(|end| place.path.ends_with(end))
        && neighbours::of(place.text, place.lines, place.line) == Neighbour::Other
    {
        return None;
    }
    if known.near && place.aside().is_some() {
        return doubtful(ASIDE);
    }
    if known.near && subject != ValueSubject::Sentence {
        return ours(
            Confidence::Certain,
            "a digest or another spelling of this release stands beside it",
        );
    }
    if let Some(why) = told {
        return doubtful(why);
    }
    if place.is_of_a_growing_list() {
        return doubtful(GROWING);
    }
    if let Some(why) = place.aside() {
        return doubtful(why);
    }
    if place.is_header() {
        // Its forks say which release they are compatible with.
        let is_fork = place.line_text().contains("compatible");
        return if is_fork {
            None
        } else {
            ours(Confidence::Certain, "it is OpenSSL's own header")
        };
    }
    if place.is_looked_for() {
        return doubtful(LOOKED_FOR);
    }
    if (place.slot == Placeholder::Tag && !place.is_path()) || place.is_address() {
        return ours(
            Confidence::Certain,
            "it stands in the name of a release's tag or tarball",
        );
    }
    if place.is_condition() && !(known.in_file && place.is_told_apart()) {
        return doubtful(CONDITION);
    }
    if place.is_path() {
        return doubtful(PATH);
    }
    by_name(place, known, subject)
}

/// Why a version is no pin whatever its name is and whatever stands beside it; `named`: it is called
/// OpenSSL's, `told`: its line tells people something.
fn held_back(
    place: &Surroundings<'_>,
    known: &KnownNumber,
    named: bool,
    told: bool,
) -> Option<&'static str> {
    let in_comment = subject::is_comment(place.line_text()) && (told || !(known.near && named));
    let behind = || place.is_trailing_comment() && (!known.near || place.is_remark());
    if in_comment {
        Some(COMMENT)
    } else if place.slot == Placeholder::Tag && place.is_searched_for() {
        Some(WHOLE_SERIES)
    } else if named && !known.released && !known.newer {
        Some("no public release has this number")
    } else if subject::is_least_behind(
        &place.text[place.range.end..place.lines.range(place.line).end],
    ) {
        Some(LEAST)
    } else if behind() {
        Some(COMMENT)
    } else if place.is_said_by_a_program() {
        Some(PROGRAM)
    } else if place.documents && !known.near {
        Some(SENTENCE)
    } else if named && !known.near && place.is_a_threshold() {
        Some(THRESHOLD)
    } else if subject::is_of_a_patch(place.label) || place.only_names_patches() {
        Some(PATCH)
    } else if file_kind::is_probe(place.path) && !known.near {
        Some(PROBE)
    } else {
        None
    }
}

/// What the name before a version that nothing speaks against makes of it.
fn by_name(place: &Surroundings<'_>, known: &KnownNumber, subject: ValueSubject) -> Judgement {
    let doubtful = |why| Some((SightingVerdict::Doubtful(true, why), None));
    match subject {
        ValueSubject::OpenSsl if known.in_file || place.feeds_an_address_whole() => ours(
            Confidence::Certain,
            "it is named OpenSSL's, and an address or digest of OpenSSL's goes with it",
        ),
        ValueSubject::OpenSsl if place.takes_installed => doubtful(PROBE),
        ValueSubject::OpenSsl if place.may_be_a_series() => doubtful(WHOLE_SERIES),
        ValueSubject::OpenSsl => ours(Confidence::Likely, NAMED),
        _ if known.near => ours(
            Confidence::Certain,
            "a digest or another spelling of this release stands beside it",
        ),
        // What CMake calls the project's version is that of what it builds.
        ValueSubject::Sentence if known.in_file && place.label.contains("project(") => {
            ours(Confidence::Certain, IN_FILE)
        }
        ValueSubject::Sentence => doubtful(SENTENCE),
        ValueSubject::Version | ValueSubject::Unnamed | ValueSubject::Other => {
            unnamed(place, known, subject)
        }
    }
}

/// A version that its own line does not call OpenSSL's.
fn unnamed(place: &Surroundings<'_>, known: &KnownNumber, subject: ValueSubject) -> Judgement {
    let ours = |confidence, reason, scope| Some((SightingVerdict::Ours(confidence, reason), scope));
    let is_version = subject == ValueSubject::Version;
    if place.feeds_an_address_whole() || methods::feeds_an_address(place) {
        return ours(
            Confidence::Certain,
            "an address of OpenSSL's uses this variable",
            None,
        );
    }
    if known.released && place.is_named_like_an_address() {
        return ours(
            Confidence::Certain,
            "the name of this release's tag or tarball stands beside it",
            None,
        );
    }
    if known.released && !place.may_be_a_series() && inputs::is_openssl_s(place) {
        return ours(Confidence::Likely, inputs::INPUT_OF_OPENSSL, None);
    }
    let neighbour = neighbours::of(place.text, place.lines, place.line);
    if let Neighbour::Other = neighbour {
        return None;
    }
    let own = || file_kind::says_its_own_version(place.path) || place.label.contains("project(");
    if known.addressed && is_version && known.released && !own() {
        return ours(
            Confidence::Certain,
            "the name of this release's tag or tarball stands beside it",
            None,
        );
    }
    if known.in_file && (is_version || place.is_key()) {
        return ours(Confidence::Certain, IN_FILE, None);
    }
    if !known.released {
        return None;
    }
    if place.may_be_a_series() {
        return Some((
            SightingVerdict::Doubtful(place.is_close_to_the_name(), WHOLE_SERIES),
            None,
        ));
    }
    if let Some(scope) = lists::of(place.text, place.lines, place.line) {
        return ours(
            Confidence::Likely,
            "the list that it stands in is named OpenSSL's",
            Some(scope).filter(|scope| scope.opens),
        );
    }
    if is_version && place.is_assigned() && place.is_below_the_name() {
        return ours(
            Confidence::Likely,
            "the comment above it names OpenSSL",
            None,
        );
    }
    match neighbour {
        Neighbour::Ours(scope) if is_version || place.is_value() => ours(
            Confidence::Likely,
            "the lines around it name OpenSSL",
            Some(scope),
        ),
        _ if place.about
            && !file_kind::says_its_own_version(place.path)
            && ((is_version && place.is_assigned()) || place.is_key()) =>
        {
            ours(Confidence::Likely, ABOUT, None)
        }
        _ => Some((
            SightingVerdict::Doubtful(place.is_close_to_the_name(), NUMBER),
            None,
        )),
    }
}

/// Whether a comment is a label of OpenSSL's version and says nothing else:
/// `# the default OpenSSL version to build (3.x)`.
fn is_label(comment: &str) -> bool {
    let lower = comment.to_ascii_lowercase();
    let said = lower.split('(').next().unwrap_or_default();
    let signs = |c: char| matches!(c, '#' | '/' | '*' | ';' | '-' | ':' | '.' | ' ' | '\t');
    let mut words = said.trim_matches(signs).split_whitespace().peekable();
    let before = [
        "the", "our", "default", "current", "bundled", "pinned", "target", "which", "version", "of",
    ];
    while words.next_if(|word| before.contains(word)).is_some() {}
    let names = words.next() == Some("openssl")
        && (said.contains("version of openssl")
            || matches!(words.next(), Some("version" | "release")));
    let verbs = [
        "to", "build", "use", "link", "compile", "download", "fetch", "install", "with", "and",
        "against", "we", "used", "by", "for", "the", "static",
    ];
    names && words.all(|word| verbs.contains(&word))
}

/// Whether the number belongs to something that is no choice of an OpenSSL version at all.
fn is_of_something_else(place: &Surroundings<'_>) -> bool {
    let word = place.word();
    let after = &place.text[place.range.end..word.end];
    let lower = place.text[word.clone()].to_ascii_lowercase();
    (subject::compares(place.label)
        && !place.is_told_apart()
        && !vcpkg::is_choice(place.path, place.text, place.label))
        || (subject::is_least(place.label) && !place.is_exact() && !place.is_fetched())
        || is_of_a_binding(place)
        // Rows of a database say what was, and symbols are versioned by the release that brought
        // them.
        || place.path.ends_with(".sql")
        || ["\"GLIBC\"", "\"GLIBCXX\""].iter().all(|name| place.line_text().contains(name))
        || (place.label.ends_with("OPENSSL_")
            && place.slot == Placeholder::Version
            && !is_of_a_digest(after))
        || place.is_macro(after)
        || place.is_banner()
        // A branch of a series.
        || (place.slot == Placeholder::Tag && after.starts_with("-stable"))
        || subject::is_patch_or_configuration(after)
        || subject::is_library_name(place.label, after)
        || (lower.contains("://") && !subject::names_openssl(&lower) && !lower.contains("ssl_"))
        || place.is_action()
        || place.is_folder_of_a_series(&word)
}

/// Whether a file is one of dub's, for which `openssl` is the name of a binding.
fn is_of_a_binding(place: &Surroundings<'_>) -> bool {
    let name = place.path.rsplit('/').next().unwrap_or_default();
    let is_dub_s = matches!(name, "dub.json" | "dub.sdl" | "dub.selections.json");
    is_dub_s && !place.line_text().contains("://")
}

/// Whether the name that goes on behind a version is that of its digest: `OPENSSL_3.5.3_SHA256`.
fn is_of_a_digest(after: &str) -> bool {
    let lower = after.to_ascii_lowercase();
    let names = ["_sha", "_hash", "_md5", "_digest", "_checksum"];
    names.iter().any(|name| lower.starts_with(name))
}

impl Surroundings<'_> {
    /// Whether it is the value of a name of its own, and another line gives OpenSSL's name the same
    /// value in the same way.
    fn is_named_beside(&self) -> bool {
        let value = &self.text[self.range.clone()];
        let Some(name) = subject::variable(self.label) else {
            return false;
        };
        let (Some(before), true) = (
            self.line_text().trim_start().strip_prefix(&name),
            self.is_assigned(),
        ) else {
            return false;
        };
        before.contains(value)
            && self.text.lines().any(|line| {
                let line = line.trim_start();
                line.ends_with(before.trim_end())
                    && subject::names_openssl(&line[..line.len() - before.trim_end().len()])
            })
    }

    /// Whether it stands behind a value on its line, as a comment that says another version.
    fn is_trailing_comment(&self) -> bool {
        let line = self.lines.range(self.line);
        let (before, value) = (
            &self.text[line.start..self.range.start],
            &self.text[self.range.clone()],
        );
        let mark = [" # ", "\t# ", " // ", "\t// "];
        let code = mark.iter().filter_map(|mark| before.find(mark)).min();
        code.is_some_and(|at| {
            let code = &before[..at];
            code.contains(|c: char| c.is_ascii_digit()) && !code.contains(value)
        })
    }

    /// Whether it stands in a comment behind another version on its line: `3.0.17: # better: 3.5.3`.
    fn is_remark(&self) -> bool {
        let line = self.lines.range(self.line);
        let is_second = self.range.start - line.start > self.label.len();
        let marks = [" # ", "\t# ", " // ", "\t// "];
        is_second && marks.iter().any(|mark| self.label.contains(mark))
    }

    /// Whether the file's name, or a line just above it, names OpenSSL.
    fn is_close_to_the_name(&self) -> bool {
        let mut above = self.line.saturating_sub(4).max(1)..=self.line;
        self.about || above.any(|line| subject::names_openssl(&self.text[self.lines.range(line)]))
    }

    /// Whether it is an item of a list on one line that is named for versions and has several of one
    /// series.
    fn is_of_a_growing_list(&self) -> bool {
        let line = self.lines.range(self.line);
        let written = self.line_text();
        let Some(sign) = written
            .find(['=', ':'])
            .filter(|_| line.len() <= budget::LINE_WITH_VALUE)
        else {
            return false;
        };
        let name = written[..sign]
            .trim_end_matches([' ', '"', '\''])
            .to_ascii_lowercase();
        let start = self.range.start - line.start;
        let is_item = name.ends_with("versions")
            && sign < start
            && !written[sign + 1..start].contains([':', '#']);
        let list = written.split([']', ')', '#']).next().unwrap_or_default();
        let words = list.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
        let versions: BTreeSet<Version> = words
            .filter(|_| is_item)
            .filter_map(|word| word.parse().ok())
            .collect();
        let series: BTreeSet<Series> = versions.iter().map(Version::series).collect();
        series.len() < versions.len()
    }

    /// Whether the line right above is a comment that speaks of OpenSSL's version:
    /// `# default OpenSSL version to build`.
    fn is_below_the_name(&self) -> bool {
        let above = self.line.checked_sub(1).filter(|line| *line > 0);
        let range = above.map(|line| self.lines.range(line));
        let short = range.filter(|range| range.len() <= budget::LINE_WITH_VALUE);
        short.is_some_and(|range| {
            let comment = &self.text[range];
            subject::is_comment(comment) && is_label(comment)
        })
    }
}
