//! Comments of several lines, and what a script keeps without running it: code that stands in them
//! is no code.

use std::ops::Range;

use super::{docstrings, subject};

/// Comments of a file that are looked at.
const MOST: usize = 2_000;

/// Bytes within which one ends.
const LONGEST: usize = 64 << 10;

/// How a language opens a comment at the start of a line, and what closes it.
type Marks = (&'static str, &'static str);

/// C and what took its comments from it.
const C: Marks = ("/*", "*/");
const MARKUP: Marks = ("<!--", "-->");

/// The comments of languages, by the ends of their files' names.
const LANGUAGES: [(&[&str], Marks); 7] = [
    (
        &[
            "c", "h", "cc", "cpp", "cxx", "hpp", "hh", "m", "mm", "java", "kt", "kts", "groovy",
            "gradle", "js", "mjs", "cjs", "ts", "mts", "tsx", "jsx", "go", "rs", "swift", "cs",
            "scala", "sbt", "php", "nix", "tf", "hcl", "proto", "json5", "jsonc", "dart", "css",
            "scss", "less", "bicep", "sql", "zig", "in",
        ],
        C,
    ),
    (&["ps1", "psm1", "psd1"], ("<#", "#>")),
    (&["cmake", "txt"], ("#[[", "]]")),
    (&["rb", "gemspec", "rake", "podspec"], ("=begin", "\n=end")),
    (&["pl", "pm"], ("=pod", "\n=cut")),
    (&["lua", "rockspec"], ("--[[", "]]")),
    (
        &[
            "xml", "props", "targets", "csproj", "vcxproj", "proj", "html", "htm", "svg", "config",
            "nuspec", "plist", "wxs", "pom", "xaml",
        ],
        MARKUP,
    ),
];

/// Files without such an end.
const NAMES: [(&str, Marks); 5] = [
    ("Jenkinsfile", C),
    ("Brewfile", ("=begin", "\n=end")),
    ("Podfile", ("=begin", "\n=end")),
    ("Rakefile", ("=begin", "\n=end")),
    ("Vagrantfile", ("=begin", "\n=end")),
];

/// Where the comments of several lines of a file stand that say nothing on each of their lines of
/// being one. What nothing closes is none.
pub(crate) fn blocks(path: &str, text: &str) -> Vec<Range<usize>> {
    let mut found = docstrings::put_aside(path, text);
    let marks = marks(path);
    let opens_any =
        |text: &str| marks.is_some_and(|(open, _)| text.contains(open)) || text.contains(": ");
    if !opens_any(text) {
        return found;
    }
    let (mut at, mut start, mut tried) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        let (begin, end) = (start, start + line.len());
        start = end;
        if begin < at {
            continue;
        }
        let written = line.trim_start();
        let open = begin + line.len() - written.len();
        let by_marks = marks.filter(|(open, _)| written.starts_with(open));
        if by_marks.is_none() && !written.starts_with(": ") {
            continue;
        }
        tried += 1;
        if tried > MOST {
            break;
        }
        let closed = match by_marks {
            Some((mark, close)) => {
                let from = open + mark.len();
                let rest = &text[from..text.floor_char_boundary(from + LONGEST)];
                rest.find(close).map(|to| from + to + close.len())
            }
            None => kept_by_a_shell(text, open, end),
        };
        if let Some(closed) = closed {
            at = closed;
            found.push(open..closed);
        }
    }
    found.sort_by_key(|block| block.start);
    found
}

/// Whether a place is in one of these comments, on a line that does not say itself that it is one.
pub(crate) fn holds(blocks: &[Range<usize>], at: usize, line: &str) -> bool {
    let before = blocks.partition_point(|block| block.start <= at);
    let in_block = blocks[..before].last().is_some_and(|block| at < block.end);
    in_block && !subject::is_comment(line)
}

/// The comments of a file's language.
fn marks(path: &str) -> Option<Marks> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let by_name = NAMES.iter().find(|(whole, _)| name == *whole);
    let (_, end) = name.rsplit_once('.').unwrap_or((name, ""));
    // Of texts only CMake's have a language.
    let is_text = end == "txt" && name != "CMakeLists.txt";
    let by_end = || LANGUAGES.iter().find(|(ends, _)| ends.contains(&end));
    by_name
        .map(|(_, marks)| *marks)
        .or_else(|| by_end().map(|(_, marks)| *marks))
        .filter(|_| !is_text)
}

/// The end of what a line of a shell gives to `:`, which does nothing with it: `: <<'END'` up to
/// `END`, or a text in quotes.
fn kept_by_a_shell(text: &str, open: usize, line_end: usize) -> Option<usize> {
    let given = text[open..line_end].strip_prefix(':')?;
    let given = given.strip_prefix([' ', '\t'])?.trim();
    let rest = &text[line_end..text.floor_char_boundary(line_end + LONGEST)];
    if let Some(word) = given.strip_prefix("<<") {
        let word = word.trim_start_matches('-').trim();
        let word = word.trim_matches(['\'', '"']);
        let is_word =
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let mut at = line_end;
        let mut lines = rest.split_inclusive('\n');
        return lines
            .find_map(|line| {
                at += line.len();
                (line.trim() == word).then_some(at)
            })
            .filter(|_| is_word);
    }
    let quote = given.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    // One that its own line closes is an argument.
    let is_open = given.matches(quote).count() == 1;
    rest.find(quote)
        .map(|to| line_end + to + 1)
        .filter(|_| is_open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_comments_is_no_code() {
        for (path, text, expected) in [
            ("a.c", "/*\nX\n*/", true),
            ("a.c", "/* a */\nX\n/* b */", false),
            ("a.c", "/*\na\n*/\nX", false),
            ("a.c", "/*\nX", false),
            ("a.c", "/*\n * X\n */", false),
            ("a.js", "glob('a/*')\nX\nglob('*/b')", false),
            ("a.nix", "  /* a = {\n    X\n  }; */", true),
            ("a.md", "/*\nX\n*/", false),
            ("ci/Jenkinsfile", "/*\nX\n*/", true),
            ("a.ps1", "<#\nX\n#>", true),
            ("CMakeLists.txt", "#[[\nX\n]]", true),
            ("a.txt", "#[[\nX\n]]", false),
            ("a.rb", "=begin\nX\n=end", true),
            ("a.lua", "--[[\nX\n]]", true),
            ("a.xml", "<!-- a\nX\n-->", true),
            ("a.sh", ": <<'END'\nX\nEND\n", true),
            ("a.sh", ": <<END\na\nEND\nX\nEND\n", false),
            ("a.sh", "cat <<END\nX\nEND\n", false),
            ("a.sh", ": '\nX\n'\n", true),
            ("a.sh", ": 'a'\nX\n'\n", false),
            ("a.sh", ": ${A:='1'}\nX\n", false),
            ("a.py", "a()\n\"\"\"\nX\n\"\"\"\n", true),
        ] {
            let at = text.find('X').expect("a place");
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let line = text[start..].lines().next().unwrap_or_default();
            assert_eq!(holds(&blocks(path, text), at, line), expected, "{text}");
        }
    }
}
