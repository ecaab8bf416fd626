//! Docstrings of Python: what a program's code says of itself to people.

use std::ops::Range;

/// Quotes of a kind that are looked at.
const MOST: usize = 2_000;

/// Where the docstrings of a Python file stand, and the lines of a session shown as an example. A
/// text in such quotes that is given to something, as a script is, is none.
pub(crate) fn of(path: &str, text: &str) -> Vec<Range<usize>> {
    if !path.ends_with(".py") && !path.ends_with(".pyi") {
        return Vec::new();
    }
    let quotes = ["\"\"\"", "'''"];
    let places = |quote: &'static str| text.match_indices(quote).take(MOST);
    let mut all: Vec<(usize, &str)> = quotes.into_iter().flat_map(places).collect();
    all.sort_unstable();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((open, quote)) = all.get(at).copied() {
        let closing = all[at + 1..].iter().position(|(_, other)| *other == quote);
        let end = closing.map_or(text.len(), |next| all[at + 1 + next].0 + quote.len());
        let line = text[..open].rfind('\n').map_or(0, |end| end + 1);
        let before = text[line..open].trim();
        let code = ["def ", "class ", "import ", "from "];
        let mut inside = text[open..end].lines().skip(1);
        // A quote that nothing closes, in a comment or a text, opens no docstring.
        if inside.any(|line| code.iter().any(|word| line.starts_with(word))) {
            at += 1;
            continue;
        }
        let opens = before.is_empty() || ["r", "R", "u", "b"].contains(&before);
        if opens && follows_a_head(&text[..line]) {
            found.push(open..end);
        }
        at = closing.map_or(all.len(), |next| at + next + 2);
    }
    found
}

/// Whether what stands above ends with the head of a function or class, or is nothing but remarks.
fn follows_a_head(above: &str) -> bool {
    let mut lines = above.lines().rev().filter(|line| !line.trim().is_empty());
    let Some(last) = lines.next() else {
        return true;
    };
    let last = last.trim();
    let heads = ["def ", "class ", "async def ", ")"];
    let is_remark = |line: &str| line.trim_start().starts_with('#');
    (last.ends_with(':') && heads.iter().any(|head| last.starts_with(head)))
        || (is_remark(last) && lines.all(is_remark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_code_says_of_itself() {
        for (path, text, expected) in [
            ("a.py", "def f():\n    \"\"\"of X\"\"\"\n", true),
            ("a.py", "class A:\n    r'''\n    X\n    '''\n", true),
            ("a.py", "script = \"\"\"\nX\n\"\"\"\n", false),
            ("a.py", "run(\"\"\"\nX\n\"\"\")\n\"\"\"y\"\"\"\n", false),
            ("a.py", "\"\"\"y\"\"\"\nX\n", false),
            ("a.py", "\"\"\"nothing closes X", true),
            ("a.py", "run(\n  \"\"\"\n  X\n  \"\"\"\n)\n", false),
            ("a.py", "x = {\n  \"a\":\n  \"\"\"\n  X\n  \"\"\"}\n", false),
            (
                "a.py",
                "# strips \"\"\" of\ndef f():\n    \"\"\"y\"\"\"\nX\n",
                false,
            ),
            ("a.py", "# a\n\"\"\"X\"\"\"\n", true),
            ("a.sh", "\"\"\"X\"\"\"\n", false),
        ] {
            let place = text.find('X').expect("a place");
            let told = of(path, text).iter().any(|range| range.contains(&place));
            assert_eq!(told, expected, "{text}");
        }
    }
}
