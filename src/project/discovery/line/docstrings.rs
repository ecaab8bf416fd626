//! Docstrings of Python: what a program's code says of itself to people.

use std::ops::Range;

/// Quotes of a kind that are looked at.
const MOST: usize = 2_000;

/// Where the docstrings of a Python file stand, and the lines of a session shown as an example. A
/// text in such quotes that is given to something, as a script is, is none.
pub(crate) fn of(path: &str, text: &str) -> Vec<Range<usize>> {
    texts(path, text, &|above, _| follows_a_head(above))
}

/// The texts in such quotes that nothing takes: code that somebody put aside.
pub(crate) fn put_aside(path: &str, text: &str) -> Vec<Range<usize>> {
    texts(path, text, &|above, ends_its_line| {
        ends_its_line && !follows_a_head(above) && follows_a_statement(above)
    })
}

/// The texts in three quotes that open their line, of which `is_told` holds: what stands above one,
/// and whether its end closes and ends a line.
fn texts(path: &str, text: &str, is_told: &dyn Fn(&str, bool) -> bool) -> Vec<Range<usize>> {
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
        let closes = closing.is_some_and(|_| {
            let behind = text[end..].split('\n').next().unwrap_or_default();
            behind.trim().is_empty()
        });
        if opens && is_told(&text[..line], closes) {
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

/// Whether what stands above ends with a whole statement, so that a text below it does nothing.
fn follows_a_statement(above: &str) -> bool {
    let last = above.lines().rev().map(str::trim);
    let last = last.into_iter().find(|line| !line.is_empty());
    let goes_on = [
        "(", "[", "{", ",", "=", "\\", "+", "%", ":", "->", " and", " or", " in", " not", "return",
    ];
    last.is_some_and(|last| {
        // A text below a text goes on with it.
        let is_text = last.ends_with(['"', '\'']) && !last.contains('=');
        let depth = |signs: [char; 3]| last.matches(signs).count();
        let is_open = depth(['(', '[', '{']) > depth([')', ']', '}']);
        !(is_text
            || is_open
            || last.starts_with('#')
            || goes_on.iter().any(|sign| last.ends_with(sign)))
    })
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
    #[test]
    fn what_nothing_takes() {
        for (text, expected) in [
            ("a = f(1)\n\n'''\nX\n'''\n", true),
            ("V = \"1\"\n'''\nX\n'''\n", true),
            ("a = f(\"1\",\n'''\nX\n''')\n", false),
            ("a = (\"1\"\n'''\nX\n'''\n)\n", false),
            ("a = [\n'''\nX\n'''\n]\n", false),
            ("def f():\n'''\nX\n'''\n", false),
        ] {
            let place = text.find('X').expect("a place");
            let aside = put_aside("a.py", text);
            let told = aside.iter().any(|range| range.contains(&place));
            assert_eq!(told, expected, "{text}");
        }
    }
}
