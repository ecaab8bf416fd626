//! What a version is part of, by the signs around it: an address, a path, a key, a macro, an action.

use std::ops::Range;

use crate::project::discovery::line::subject;
use crate::project::discovery::line::subject::ValueSubject;
use crate::project::discovery::line::surroundings::Surroundings;
use crate::project::pattern::Placeholder;
use crate::text::budget;

/// Lines around a version in which its like is looked for.
const BESIDE: usize = 2;

impl Surroundings<'_> {
    /// `Server: Apache/2.0.54 mod_ssl/2.0.54 OpenSSL/0.9.7e`: what a server says of itself.
    pub(super) fn is_banner(&self) -> bool {
        let before =
            self.text[self.lines.range(self.line).start..self.range.start].to_ascii_lowercase();
        let is_product = |word: &&str| {
            let (name, version) = word.split_once('/').unwrap_or_default();
            name.len() > 1 && version.starts_with(|c: char| c.is_ascii_digit())
        };
        let line = &self.text[self.lines.range(self.line)];
        before.ends_with(" openssl/")
            && (["server:", "user-agent:", "apache/", "mod_ssl/", "curl/"]
                .iter()
                .any(|name| before.contains(name))
                || self.label.ends_with("OpenSSL/")
                    && line.split_whitespace().filter(is_product).count() > 2)
    }

    /// `-DOPENSSL_1_1_0` and `$OPENSSL_1_1_0_FLAGS` say what a program is built against.
    pub(super) fn is_macro(&self, after: &str) -> bool {
        let defined = self.label.ends_with("-DOPENSSL_");
        let goes_on = after
            .strip_prefix('_')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
        self.slot == Placeholder::Underscored
            && (defined || (self.label.ends_with("OPENSSL_") && goes_on))
    }

    /// `OpenSSL_3_5_3` in anything but the name of an archive: upstream gives no tag of 3.0 or later this
    /// name, and symbols have it.
    pub(super) fn is_only_like_a_tag(&self) -> bool {
        let after = &self.text[self.range.end..];
        self.slot == Placeholder::Underscored
            && self.text[..self.range.start].ends_with("OpenSSL_")
            && ![".t", ".zip"].iter().any(|end| after.starts_with(end))
    }

    /// `uses: owner/name@v3.5.3`, or anything else that is tied to a name by `@`.
    pub(super) fn is_action(&self) -> bool {
        let tied = self.label.trim_end_matches('v');
        tied.ends_with('@') && !tied.to_ascii_lowercase().ends_with("openssl@")
    }

    /// Whether this is the folder `1.1.1` of an address that names `1.1.1w` further on.
    pub(super) fn is_folder_of_a_series(&self, word: &Range<usize>) -> bool {
        let value = &self.text[self.range.clone()];
        self.text[..self.range.start].ends_with('/')
            && self.text[self.range.end..word.end].starts_with('/')
            && self.text[self.range.end..word.end]
                .match_indices(value)
                .any(|(at, _)| {
                    self.text[self.range.end + at + value.len()..word.end]
                        .starts_with(|c: char| c.is_ascii_lowercase())
                })
    }

    /// `value: 3.5.3`: what the name beside it is about.
    pub(super) fn is_value(&self) -> bool {
        let key = self.line_text().trim_start().trim_start_matches("- ");
        let key = key.split([':', '=']).next().unwrap_or_default();
        let key = key.trim().trim_matches('"').to_ascii_lowercase();
        matches!(key.as_str(), "value" | "default" | "defaultvalue")
    }

    /// Whether the line is nothing but the version, as the key of a map or an item of a list; a remark
    /// may stand behind it.
    pub(super) fn is_key(&self) -> bool {
        let line = self.lines.range(self.line);
        let before = &self.text[line.start..self.range.start];
        let after = &self.text[self.range.end..line.end];
        let code = after.split(" #").next().unwrap_or(after);
        [before, code].iter().all(|rest| {
            let number = |c: char| c.is_ascii_digit() || c == '.';
            rest.trim()
                .chars()
                .all(|c| number(c) || matches!(c, '"' | '\'' | ':' | '-' | ',' | '{' | '['))
        })
    }

    /// Whether the value is given to something: by a sign, a tag, or a word that declares.
    pub(super) fn is_assigned(&self) -> bool {
        let label = self.label.trim_end_matches(['"', '\'', 'v', '[', '{', '(']);
        // `${VERSION:-3.5.3}` gives it where nothing else does.
        let label = match label.strip_suffix('-') {
            Some(before) if before.ends_with(':') => before,
            _ => label,
        };
        let signed = label.trim_end().ends_with(['=', ':', '>', ',', '(']);
        let first = self.line_text().trim_start().to_ascii_lowercase();
        signed
            || [
                "set", "%define", "%global", "#define", "# define", "env ", "arg ", "version ",
            ]
            .iter()
            .any(|word| first.starts_with(word))
    }

    /// Whether it stands in the path of a folder outside of the project: `/opt/openssl-3.5.3/lib`.
    pub(super) fn is_path(&self) -> bool {
        let word = self.word();
        let before = &self.text[word.start..self.range.start];
        let after = &self.text[self.range.end..word.end];
        let path = before.rsplit('=').next().unwrap_or_default();
        let drive = path.as_bytes().get(1) == Some(&b':')
            && path.starts_with(|c: char| c.is_ascii_alphabetic());
        let root = drive
            || ["/", "~/", "$HOME/", "../", "..\\"]
                .iter()
                .any(|root| path.starts_with(root));
        let file = [".tar", ".tgz", ".zip", ".txz"];
        root && !before.contains("://") && !file.iter().any(|end| after.contains(end))
    }

    /// `openssl-` before it and what names a tarball, a folder or a tag around it.
    pub(super) fn is_address(&self) -> bool {
        let word = self.word();
        let before = self.text[word.start..self.range.start].to_ascii_lowercase();
        let after = self.text[self.range.end..word.end].to_ascii_lowercase();
        let tied = ["openssl-", "openssl_", "openssl-bin-", "openssl@"]
            .iter()
            .any(|end| before.ends_with(end));
        let tarball = [".tar", ".tgz", ".zip", ".txz", "/openssl-", "/openssl_"]
            .iter()
            .any(|start| after.starts_with(start));
        tied && (tarball
            || [
                "/download/openssl-",
                "tags/openssl-",
                "tag=openssl-",
                "archive/openssl-",
            ]
            .iter()
            .any(|end| before.ends_with(end))
            || (before.contains("://")
                && subject::names_openssl(&before)
                && !self.may_be_a_series()))
    }

    /// Whether it may mean its series: up to 1.1.1 the first release bears the series' own number.
    pub(crate) fn may_be_a_series(&self) -> bool {
        let value = &self.text[self.range.clone()];
        value.starts_with(['0', '1']) && value.ends_with(|c: char| c.is_ascii_digit())
    }

    /// Whether tags that start like this one, that of a whole series, are asked for, or it is one to
    /// leave out of them.
    pub(super) fn is_searched_for(&self) -> bool {
        let value = &self.text[self.range.clone()];
        if value.starts_with("openssl-") || !value.ends_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let word = self.word();
        let line = self.lines.range(self.line);
        let before = &self.text[line.start..word.start];
        let searched = ["ls-remote", "tag -l", "tag --list"];
        self.text[word.start..self.range.start].contains("matching-refs/")
            || subject::compares(before)
            || before.trim_end_matches([' ', '"', '\'']).ends_with("==")
            || searched.iter().any(|command| before.contains(command))
    }

    /// Whether an address of OpenSSL's uses the variable that this is the value of.
    pub(super) fn feeds_an_address(&self) -> bool {
        subject::variable_of_value(self.label)
            .filter(|name| !is_only_read(self.label, name))
            .is_some_and(|name| match self.subject() {
                // What bears another package's name may lead anywhere.
                ValueSubject::Other => self.addresses.name_at(&name, self.line),
                _ => self.addresses.use_at(&name, self.line),
            })
    }

    /// Whether an address shows that it is a whole version: what may be a series names branches and
    /// folders of it too, and only a tarball is of one release.
    pub(super) fn feeds_an_address_whole(&self) -> bool {
        let of_a_tarball = || {
            subject::variable_of_value(self.label)
                .is_some_and(|name| self.addresses.tarball_at(&name, self.line))
        };
        self.feeds_an_address() && (!self.may_be_a_series() || of_a_tarball())
    }

    /// Whether a line beside it gives an address of OpenSSL's with this version to a variable of the
    /// same first words: `libs_url=https://...` beside `libs_ver=3.5.3`.
    pub(super) fn is_named_like_an_address(&self) -> bool {
        let name = subject::variable_of_value(self.label).unwrap_or_default();
        let name = name.to_ascii_lowercase();
        let stem = ["_version", "_ver"]
            .iter()
            .find_map(|end| name.strip_suffix(end));
        let Some(stem) = stem.filter(|stem| stem.len() > 1) else {
            return false;
        };
        let version = &self.text[self.range.clone()];
        let first = self.line.saturating_sub(BESIDE).max(1);
        let mut near = first..=(self.line + BESIDE).min(self.lines.count());
        near.any(|line| {
            let written = &self.text[self.lines.range(line)];
            let is_address = written.len() <= budget::LINE_WITH_VALUE
                && written.contains("://")
                && written.contains(version)
                && subject::names_openssl(written);
            let given = || {
                let (before, _) = written.split_once(['=', ':'])?;
                subject::variable(before).map(|name| name.to_ascii_lowercase())
            };
            let of_stem = |name: String| {
                let rest = name.strip_prefix(stem);
                rest.is_some_and(|rest| rest.starts_with('_'))
            };
            is_address && given().is_some_and(of_stem)
        })
    }

    /// Whether what a name calls required is what gets fetched; the least that something needs may be
    /// fetched for a test.
    pub(super) fn is_fetched(&self) -> bool {
        let lower = self.label.to_ascii_lowercase();
        let is_lowest = ["min", "least", "lowest"]
            .iter()
            .any(|word| lower.contains(word));
        let name = subject::variable_of_value(self.label);
        let fetches = |name: String| self.addresses.tarball_at(&name, self.line);
        lower.contains("req") && !is_lowest && name.is_some_and(fetches)
    }

    /// Whether no name but those of patches is made of the variable that this is the value of; what
    /// is called OpenSSL's version may be used in other files too.
    pub(super) fn only_names_patches(&self) -> bool {
        subject::variable_of_value(self.label)
            .filter(|name| !subject::says_only_version(name) && !is_only_read(self.label, name))
            .is_some_and(|name| self.addresses.only_patches(&name))
    }
}

/// Whether a variable is read before a value and not set: `$version 3.5.4`, not `$version = 3.5.4`.
fn is_only_read(label: &str, name: &str) -> bool {
    label
        .rsplit_once(&format!("${name}"))
        .is_some_and(|(_, behind)| !behind.trim_start().starts_with('='))
}
