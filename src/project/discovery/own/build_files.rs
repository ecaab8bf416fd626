//! The project's own version in the files of its build, at the root.

/// Whether a path is that of such a file.
pub(super) fn is_one(path: &str) -> bool {
    matches!(
        path,
        "CMakeLists.txt" | "meson.build" | "MODULE.bazel" | "conanfile.py" | "VERSION"
    )
}

/// What such a file says; none where it is what packages OpenSSL itself.
pub(super) fn said<'a>(path: &str, text: &'a str) -> Option<&'a str> {
    match path {
        "CMakeLists.txt" => {
            let call = call(text, "project")?;
            let mut words = call.split_whitespace();
            words.next().filter(|name| is_own(name))?;
            words.find(|word| *word == "VERSION")?;
            words.next().map(|word| word.trim_matches('"'))
        }
        "meson.build" => {
            let call = call(text, "project")?;
            call.split(',').next().filter(|name| is_own(name))?;
            argument(call, "version", ':')
        }
        "MODULE.bazel" => {
            let call = call(text, "module")?;
            argument(call, "name", '=').filter(|name| is_own(name))?;
            argument(call, "version", '=')
        }
        "conanfile.py" => {
            let is_of_class = |line: &&str| {
                let indent = line.len() - line.trim_start().len();
                (1..=4).contains(&indent) && line.len() <= LONGEST_CALL
            };
            let of_class = |key: &str| {
                let mut lines = text.lines().filter(is_of_class);
                lines.find_map(|line| argument(line, key, '='))
            };
            of_class("name").filter(|name| is_own(name) && text.contains("ConanFile"))?;
            of_class("version")
        }
        "VERSION" => Some(text.trim()).filter(|said| !said.contains(char::is_whitespace)),
        _ => None,
    }
}

fn is_own(name: &str) -> bool {
    !name.to_ascii_lowercase().contains("openssl")
}

/// Bytes of a call that is read: what is longer is written by no people.
const LONGEST_CALL: usize = 4_000;

/// What stands between the parentheses of the first call of a name that starts a line.
fn call<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let starts = line.get(..name.len());
        let rest = starts
            .filter(|start| start.eq_ignore_ascii_case(name))
            .and_then(|_| line[name.len()..].trim_start().strip_prefix('('));
        if let Some(rest) = rest {
            let inside = &text[at + line.len() - rest.len()..];
            let call = inside.split(')').next();
            return call.filter(|call| call.len() <= LONGEST_CALL && line.len() <= LONGEST_CALL);
        }
        at += line.len();
    }
    None
}

/// The text in quotes that a call, or a line, gives a name.
fn argument<'a>(text: &'a str, name: &str, sign: char) -> Option<&'a str> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut values = text.match_indices(name).filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let value = text[at + name.len()..].trim_start().strip_prefix(sign)?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let is_whole = before.is_none_or(|c| !in_name(c) && c != '.');
        value[1..].split(quote).next().filter(|_| is_whole)
    });
    values.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_says_it_in_its_way() {
        let long = format!("project(a VERSION 0.9.2 {})\n", "X ".repeat(LONGEST_CALL));
        for (path, text, expected) in [
            (
                "CMakeLists.txt",
                "project(a VERSION 0.9.2)\n",
                Some("0.9.2"),
            ),
            (
                "CMakeLists.txt",
                "cmake_minimum_required(VERSION 3.20)\nPROJECT(\n  a\n  VERSION \"0.9.2\"\n  LANGUAGES C)\n",
                Some("0.9.2"),
            ),
            ("CMakeLists.txt", "project(OpenSSL VERSION 3.5.3)\n", None),
            (
                "CMakeLists.txt",
                "cmake_minimum_required(VERSION 3.20)\nproject(a)\n",
                None,
            ),
            (
                "meson.build",
                "project('a', 'c', meson_version: '>= 1.3.0', version: '2.4.0')\n",
                Some("2.4.0"),
            ),
            (
                "meson.build",
                "project('openssl', 'c', version : '3.0.8')\n",
                None,
            ),
            (
                "MODULE.bazel",
                "module(\n    name = \"a\",\n    version = \"1.0.3\",\n    compatibility_level = 1,\n)\n",
                Some("1.0.3"),
            ),
            (
                "MODULE.bazel",
                "bazel_dep(name = \"a\", version = \"1.0.3\")\n",
                None,
            ),
            (
                "conanfile.py",
                "class A(ConanFile):\n    name = \"a\"\n    version = '5.1'\n",
                Some("5.1"),
            ),
            (
                "conanfile.py",
                "class A(ConanFile):\n    name = \"openssl\"\n    version = \"3.5.3\"\n",
                None,
            ),
            (
                "conanfile.py",
                "class A(ConanFile):\n    name = \"a\"\n    def f(self):\n        version = \"3.5.3\"\n",
                None,
            ),
            ("VERSION", "4.3\n", Some("4.3")),
            ("VERSION", "MAJOR=3\nMINOR=5\n", None),
            ("CMakeLists.txt", long.as_str(), None),
        ] {
            assert_eq!(said(path, text), expected, "{path} {text}");
        }
    }
}
