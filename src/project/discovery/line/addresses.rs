//! Variables that addresses and file names of OpenSSL's are put together from.

use std::cell::{Cell, OnceCell};
use std::collections::{HashMap, HashSet};

use super::sighting::{Lines, depth};
use super::variables;
use super::variables::given;
use crate::text::budget;

/// Where addresses of OpenSSL's use variables.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    /// Lines of the file, in lower case, as far as anything here asks for them.
    lines: Vec<String>,
    /// The lines that name an address or file of OpenSSL's.
    addresses: Vec<usize>,
    /// Variables that hold a part of what is put together.
    parts: HashSet<String>,
    /// Lines that may still be searched for a variable.
    left: Cell<usize>,
    /// The lines that each word stands on, once it is asked for.
    words: OnceCell<HashMap<String, Vec<usize>>>,
}

/// Lines of an entry that are looked at in each direction.
const ENTRY: usize = 30;

/// Lines of a choice between branches.
const BRANCHES: usize = 60;

/// How often one variable may stand for another.
const DEPTH: usize = 3;

impl Addresses {
    pub(crate) fn of(text: &str, lines: &Lines) -> Self {
        let lower = text.to_ascii_lowercase();
        let all: Vec<String> = (1..=lines.count())
            .map(|line| lower[lines.range(line)].to_owned())
            .collect();
        let addresses = all
            .iter()
            .enumerate()
            .filter(|(_, line)| is_address(line))
            .map(|(at, _)| at)
            .collect();
        Self {
            parts: variables::parts(&all),
            lines: all,
            addresses,
            left: Cell::new(budget::LINES_SEARCHED),
            words: OnceCell::new(),
        }
    }

    /// Whether an address uses this variable with the value that it is given on this line.
    pub(crate) fn use_at(&self, name: &str, line: usize) -> bool {
        self.leads(name, line, DEPTH, &is_of_openssl)
    }

    /// Whether an address uses this variable itself or one that is given its value, and not another
    /// that is made of it.
    pub(crate) fn name_at(&self, name: &str, line: usize) -> bool {
        let copied = || {
            let lower = name.to_ascii_lowercase();
            let mut lines = self.with(&lower).filter(|at| self.uses(*at, &lower));
            lines.any(|at| {
                let other = given_whole(&self.lines[at], &lower);
                let other = other.filter(|_| self.applies(&lower, line - 1, at));
                other.is_some_and(|other| self.leads(other, at + 1, 0, &is_of_openssl))
            })
        };
        self.leads(name, line, 0, &is_of_openssl) || (!self.addresses.is_empty() && copied())
    }

    /// Whether a tarball's name is made of this variable, which no branch's is.
    pub(crate) fn tarball_at(&self, name: &str, line: usize) -> bool {
        self.leads(name, line, DEPTH, &|line, name| {
            is_of_openssl(line, name) && is_of_a_tarball(line, name)
        })
    }

    /// Whether the only names of OpenSSL's that are made of this variable are those of patches.
    pub(crate) fn only_patches(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let mut used = self.addresses.iter().filter(|at| self.uses(**at, &name));
        let is_of_patches = |at: &usize| {
            let line = &self.lines[*at];
            whole_words(line, &name).all(|at| {
                let behind = behind(line, at + name.len());
                behind.contains(".patch") || behind.contains(".diff")
            })
        };
        used.next().is_some_and(is_of_patches) && used.all(is_of_patches)
    }

    /// Whether all that is done with the variable that a line gives a value to is to ask whether
    /// something is older or newer.
    pub(crate) fn only_compared(&self, name: &str, line: usize) -> bool {
        let name = name.to_ascii_lowercase();
        let mut uses = self.with(&name).filter(|at| at + 1 != line);
        let is_ordered = |at: usize| is_ordered(&self.lines[at], &name);
        uses.next().is_some_and(is_ordered) && uses.all(is_ordered)
    }

    /// Whether a variable is joined to another one that may hold the letter behind its value.
    pub(crate) fn is_part(&self, name: &str) -> bool {
        self.parts.contains(&name.to_ascii_lowercase())
    }

    fn leads(
        &self,
        name: &str,
        line: usize,
        depth: usize,
        fits: &dyn Fn(&str, &str) -> bool,
    ) -> bool {
        let name = name.to_ascii_lowercase();
        !self.addresses.is_empty() && self.reaches(&name, line - 1, depth, fits)
    }

    fn reaches(
        &self,
        name: &str,
        defined: usize,
        depth: usize,
        fits: &dyn Fn(&str, &str) -> bool,
    ) -> bool {
        let in_address = self.addresses.iter().any(|at| {
            *at != defined
                && self.uses(*at, name)
                && is_more_than(&self.lines[*at], name)
                && fits(&self.lines[*at], name)
                && self.applies(name, defined, *at)
        });
        in_address
            || (depth > 0
                && self.with(name).any(|at| {
                    at != defined
                        && self.uses(at, name)
                        && self.applies(name, defined, at)
                        && given(&self.lines[at]).is_some_and(|other| {
                            other != name && self.reaches(other, at, depth - 1, fits)
                        })
                }))
    }

    /// The lines that have this word.
    fn with(&self, word: &str) -> impl Iterator<Item = usize> + '_ {
        let words = self.words.get_or_init(|| {
            let mut words: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, line) in self.lines.iter().enumerate() {
                let own: HashSet<&str> = line.split(|c: char| !is_word(c)).collect();
                for word in own.into_iter().filter(|word| !word.is_empty()) {
                    words.entry(word.to_owned()).or_default().push(at);
                }
            }
            words
        });
        words.get(word).into_iter().flatten().copied()
    }

    /// Whether a line uses a variable; none does once the budget is spent.
    fn uses(&self, at: usize, name: &str) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0 && uses(&self.lines[at], name)
    }

    /// Whether a line above another one is in another branch of the same choice: `a) V=3.5.3 ;;`
    /// above `b) V=3.5.4 ;;`.
    fn is_another_branch(&self, above: usize, line: usize) -> bool {
        let Some(between) = self
            .lines
            .get(above..=line)
            .filter(|all| all.len() <= BRANCHES)
        else {
            return false;
        };
        let is_end = |line: &String| {
            let word = line.trim_start();
            ["esac", "fi", "endif", "end if", "case "]
                .iter()
                .any(|end| word.starts_with(end))
        };
        let divides = |(at, line): (usize, &String)| {
            let word = line.trim().trim_start_matches(['}', ' ']);
            let is_last = at + 1 == between.len();
            (!is_last && line.trim_end().ends_with(";;"))
                || (at > 0
                    && (word.starts_with("else")
                        || word.starts_with("elif")
                        || word.starts_with("elsif")))
        };
        !between[1..].iter().any(is_end) && between.iter().enumerate().any(divides)
    }

    /// Whether the value given on one line is the one that another line sees: that of its own entry,
    /// else of several the nearest above it and those of the other branches beside that, else the
    /// first.
    fn applies(&self, name: &str, defined: usize, used: usize) -> bool {
        let gives = |at: &usize| *at == defined || defines(&self.lines[*at], name);
        let line = |at: usize| self.lines[at].as_str();
        let own = keys(used, self.lines.len(), &line).filter(|at| is_key(line(*at), name));
        if let Some(own) = own.filter(gives).min_by_key(|at| at.abs_diff(used)) {
            return own == defined;
        }
        match (0..used).rev().find(gives) {
            Some(nearest) => nearest == defined || self.is_another_branch(defined, nearest),
            None => (used..self.lines.len())
                .find(gives)
                .is_none_or(|first| first == defined),
        }
    }
}

/// The lines that stand as deep as one in its entry: between the brackets around it, or below the
/// same key. A line that stands at no depth has none.
pub(crate) fn keys<'a>(
    line: usize,
    count: usize,
    text: &'a dyn Fn(usize) -> &'a str,
) -> impl Iterator<Item = usize> + 'a {
    let depth = |at: usize| depth(text(at));
    let own = depth(line);
    let within = move |at: &usize| !text(*at).trim().is_empty() && depth(*at) >= own;
    let above = (line.saturating_sub(ENTRY)..line).rev().take_while(within);
    let below = (line..count.min(line + ENTRY)).take_while(within);
    above
        .chain(below)
        .filter(move |at| own > 0 && depth(*at) == own)
}

/// Whether a line gives a value to a key of an entry, and is no statement: `"version": "3.5.3",`.
pub(crate) fn is_key(line: &str, name: &str) -> bool {
    let line = line.trim_end();
    whole_words(line, name).any(|at| {
        let behind = line[at + name.len()..].trim_start_matches(['"', '\'', ' ']);
        (behind.starts_with(':') && !behind.starts_with(":=")) || line.ends_with(',')
    })
}

/// Whether a line names a file, folder, tag or address of OpenSSL's, and leaves its version open.
fn is_address(line: &str) -> bool {
    // A condition asks for variables that bear the name: `if(OPENSSL_VERSION VERSION_LESS 3)`.
    let asks = || {
        let mut words = ["if ", "if(", "elseif", "elif ", "while"].iter();
        words.any(|word| line.trim_start().starts_with(word))
    };
    let names = [
        "openssl-",
        "openssl_",
        "openssl/",
        "openssl@",
        "openssl\" ",
        "openssl.git",
        "openssl.org/",
        "openssl-library.org/",
    ];
    // `--with-openssl-dir=` is an option's name.
    let is_other = |at: usize| {
        let ends = ["py", "--with-", "--without-", "--enable-", "--disable-"];
        let crates = [
            "openssl-sys",
            "openssl-src-rs",
            "openssl-macros",
            "openssl-probe",
        ];
        // A tarball of sources may be called so, and the crate of that name has three figures.
        let numbered = line[at..].strip_prefix("openssl-src-").unwrap_or_default();
        let figures = numbered.bytes().take_while(u8::is_ascii_digit).count();
        ends.iter().any(|end| line[..at].ends_with(end))
            || crates.iter().any(|name| line[at..].starts_with(name))
            || figures == 3
    };
    let is_named = |name: &str| line.match_indices(name).any(|(at, _)| !is_other(at));
    line.contains(['$', '{', '%', '@', '+', '('])
        && names
            .iter()
            .any(|name| is_named(name) && (*name != "openssl_" || !asks()))
}

/// Whether a line, in lower case, asks whether this or something else is older.
fn is_ordered(line: &str, name: &str) -> bool {
    let calls = [
        "compare",
        "cmp(",
        ".lt(",
        ".lte(",
        ".gt(",
        ".gte(",
        ".satisfies(",
    ];
    let is_beside = |at: usize| {
        let (before, after) = (line[..at].trim_end(), line[at + name.len()..].trim_start());
        let spaced = before.len() < at;
        (spaced && before.ends_with(['<', '>']))
            || before.ends_with("<=")
            || before.ends_with(">=")
            || ["< ", "> ", "<= ", ">= "]
                .iter()
                .any(|sign| after.starts_with(sign))
    };
    !line.contains("://")
        && (calls.iter().any(|call| line.contains(call)) || whole_words(line, name).any(is_beside))
}

/// Whether a line names an address or file of OpenSSL's beside the variable that is put into it: one
/// that bears the name makes no address of `print(OPENSSL_VERSION)`.
fn is_more_than(line: &str, name: &str) -> bool {
    !name.contains("openssl_") || is_address(&line.replace(name, "v"))
}

/// Whether a line puts this variable's value into something.
fn uses(line: &str, name: &str) -> bool {
    whole_words(line, name).any(|at| {
        let before = line[..at].trim_end();
        // `openssl-VERSION` puts it in, `-DVERSION=` gives it.
        let behind = line[at + name.len()..].strip_prefix('-');
        let is_package = behind.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let tied = before.ends_with("openssl-") && !is_package;
        let opened = tied || before.ends_with(['$', '{', '(', '%', '@', '#', '+', ',', '!', '.']);
        let percent = before.ends_with("{%");
        // `.to_string()` calls what bears this name.
        let called = line[at + name.len()..].starts_with('(');
        opened && !percent && !called
    })
}

/// The variable that a line gives the value of another one and nothing more: `B="$A"`.
fn given_whole<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = line.split_once('=')?;
    let value = value.trim().trim_matches(['"', '\'', ';']);
    let inner = value.strip_prefix('$')?;
    let inner = inner
        .strip_prefix('{')
        .map_or(inner, |inner| inner.trim_end_matches('}'));
    given(line).filter(|other| inner == name && *other != name)
}

/// Whether a line puts this variable's value behind no other package's name alone, as the second of
/// `openssl-${A}-zlib-${B}` is.
fn is_of_openssl(line: &str, name: &str) -> bool {
    whole_words(line, name).any(|at| {
        let opened = line[..at].trim_end_matches(['$', '{', '(', '%', '@', '#', '!', ' ', 'v']);
        let Some(joined) = opened.strip_suffix(['-', '_']) else {
            return true;
        };
        let word = joined
            .rsplit(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        let plain = ["", "version", "ver", "release", "tag", "source", "src"];
        word.contains("ssl") || word.contains("crypto") || plain.contains(&word)
    })
}

/// What the word goes on with in which a variable ends here.
fn behind(line: &str, end: usize) -> &str {
    let rest = line[end..].trim_start_matches([' ', '}', ')', '%', '@']);
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | ',');
    rest.split(ends).next().unwrap_or_default()
}

/// Whether a line makes the name of a tarball of this variable's value, and none the name of a
/// branch: `openssl-$V.tar.gz`, not `OpenSSL_$V-stable`.
fn is_of_a_tarball(line: &str, name: &str) -> bool {
    let is_branch = |at| behind(line, at + name.len()).starts_with("-stable");
    let is_tarball = |at| {
        let mut ends = [".tar", ".tgz", ".zip", ".txz"].iter();
        ends.any(|end| behind(line, at + name.len()).contains(end))
    };
    whole_words(line, name).any(is_tarball) && !whole_words(line, name).any(is_branch)
}

/// Whether a line puts this variable's value into something, in whatever case its name is written.
pub(crate) fn uses_any_case(line: &str, name: &str) -> bool {
    uses(&line.to_ascii_lowercase(), &name.to_ascii_lowercase())
}

/// Whether a line gives this variable a value that starts like a version.
pub(crate) fn defines(line: &str, name: &str) -> bool {
    whole_words(line, name).any(|at| {
        let rest = line[at + name.len()..].trim_start_matches(['"', '\'', ' ', '\t', ')', ']']);
        let value = rest.trim_start_matches(['=', ':', '>', ' ', '\t', '"', '\'', '?', '(', 'v']);
        value.len() < line[at + name.len()..].len()
            && value.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// What a word is made of.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn whole_words<'a>(line: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    line.match_indices(name)
        .map(|(at, _)| at)
        .filter(move |at| {
            !line[..*at].ends_with(is_word) && !line[at + name.len()..].starts_with(is_word)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_followed_into_addresses() {
        for (text, name, line, expected) in [
            ("ver=3.5.3\ncurl $h/openssl-${ver}.tar.gz\n", "ver", 1, true),
            ("v=3.5.3\ncurl $h/openssl-$v.tar.gz\n", "v", 1, true),
            ("v=3.5.3\ncurl $h/openssl-v.tar.gz\n", "v", 1, true),
            ("v=3.5.3\ncurl -v $h/zlib-$v.tar.gz\n", "v", 1, false),
            (
                "version = '3.5'\nurl_version = '3.5.3'\nurl = 'h/openssl-{url_version}.tar.gz'\n",
                "url_version",
                2,
                true,
            ),
            (
                "version = '3.5'\nurl_version = '3.5.3'\nurl = 'h/openssl-{url_version}.tar.gz'\n",
                "version",
                1,
                false,
            ),
            (
                "DEFAULTVERSION=\"3.5.3\"\ncurl h/openssl-${VERSION:-$DEFAULTVERSION}.tar.gz\n",
                "DEFAULTVERSION",
                1,
                true,
            ),
            // A method of this name is called, and an option is no address.
            (
                "from([\"3.5.2\".to_string(), \"3.5.3\".to_string()])\nSome(\"a/openssl-dir=b\".to_string())\n",
                "to_string",
                1,
                false,
            ),
            (
                "ver=3.5.3\n./configure --with-openssl-dir=$ver\n",
                "ver",
                1,
                false,
            ),
            // What only bears the name is no address.
            (
                "OPENSSL_VERSION = '3.5.3'\nprint(OPENSSL_VERSION)\n",
                "OPENSSL_VERSION",
                1,
                false,
            ),
            (
                "V=openssl-3.5.3\ncurl -O https://www.openssl.org/source/$V.tar.gz\n",
                "V",
                1,
                true,
            ),
            (
                "D=\"3.5.3\"\nV=$D\ntar xf openssl-$V.tar.gz\n",
                "D",
                1,
                true,
            ),
            (
                "DEF=\"3.5.3\"\nVER=$DEF\ntar xf openssl-$VER.tar.gz\n",
                "DEF",
                1,
                true,
            ),
            (
                "{% set version = \"3.5.3\" %}\nurl: h/openssl-{{ version }}.tar.gz\n",
                "version",
                1,
                true,
            ),
            (
                "url = \"h/openssl-\" + ver + \".tar.gz\"\nver = \"3.5.3\"\n",
                "ver",
                2,
                true,
            ),
            // Of two values it is the nearest above.
            (
                "version=3.5.3\nx zlib-$version\nversion=3.0.1\ny openssl-$version.tgz\n",
                "version",
                1,
                false,
            ),
            (
                "version=3.5.3\nx zlib-$version\nversion=3.0.1\ny openssl-$version.tgz\n",
                "version",
                3,
                true,
            ),
            // What the entry of an address says comes before what stands above.
            (
                "add(version=\"3.5.9\")\nadd(\n  url=\"h/openssl-{version}.tar.gz\",\n  version=\"3.5.3\",\n)\n",
                "version",
                4,
                true,
            ),
            (
                "add(version=\"3.5.9\")\nadd(\n  url=\"h/openssl-{version}.tar.gz\",\n  version=\"3.5.3\",\n)\n",
                "version",
                1,
                false,
            ),
            (
                "version=3.5.3\nget() {\n  curl openssl-$version.tar.gz\n  version=1.2.3\n}\n",
                "version",
                1,
                true,
            ),
            ("ver=3.5.3\ncurl pyopenssl-${ver}.tar.gz\n", "ver", 1, false),
            (
                "case $1 in\n a) ver=3.5.3 ;;\n b) ver=3.0.1 ;;\nesac\ncurl openssl-$ver.tar.gz\n",
                "ver",
                2,
                true,
            ),
            (
                "if a; then\n ver=3.5.3\nelse\n ver=3.0.1\nfi\ncurl openssl-$ver.tar.gz\n",
                "ver",
                2,
                true,
            ),
            (
                "if a; then\n ver=3.5.3\nfi\nver=3.0.1\ncurl openssl-$ver.tar.gz\n",
                "ver",
                2,
                false,
            ),
            (
                "ver=3.5.3\nver=3.0.1\ncurl openssl-$ver.tar.gz\n",
                "ver",
                1,
                false,
            ),
            (
                "O=3.5.3\nWX_VER=3.2.6\nd=o-openssl-$O-wxwidgets-${WX_VER}\n",
                "WX_VER",
                2,
                false,
            ),
            (
                "pip install Sphinx==3.5.3\nyum install openssl-devel $more python-sphinx\n",
                "Sphinx",
                1,
                false,
            ),
            (
                "set(OPENSSL_VERSION 3.0.0)\nif(OPENSSL_VERSION VERSION_LESS 3.5.0)\n",
                "OPENSSL_VERSION",
                1,
                false,
            ),
        ] {
            let addresses = Addresses::of(text, &Lines::of(text));
            assert_eq!(addresses.use_at(name, line), expected, "{name} in {text}");
        }
    }
}
