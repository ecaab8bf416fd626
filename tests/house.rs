//! The house keeps its order: a wing imports only what stands above it, no command imports another,
//! and no files import each other in a circle.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The wings, as `src/lib.rs` lists them. What the user says on the command line stands before the
/// workspace, which is told of it.
const ORDER: [&str; 10] = [
    "text",
    "openssl",
    "project",
    "artefact",
    "paper",
    "plan",
    "outside",
    "cli",
    "workspace",
    "commands",
];

/// The folders of `project::discovery`, as its door lists them.
const DISCOVERY: [&str; 11] = [
    "found", "line", "owner", "value", "mark", "own", "unmoved", "history", "pins", "written",
    "doubts",
];

/// Every file of the product, with its path below `src`.
fn files() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(&root).unwrap().to_owned();
                found.push((inside, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The module that a file is, as names below the crate.
fn module(file: &Path) -> Vec<String> {
    let parts = file.with_extension("");
    parts
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .filter(|part| part != "mod")
        .collect()
}

/// The lines of a file with their numbers; an import that is spread over lines is one.
fn statements(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        match found.last_mut().filter(|_| open) {
            Some((_, last)) => last.push_str(trimmed),
            None => found.push((at + 1, trimmed.to_owned())),
        }
        let is_use = open || bare(trimmed).starts_with("use ");
        open = is_use && !trimmed.ends_with(';');
    }
    found
}

/// An item without the word that opens it to others.
fn bare(line: &str) -> &str {
    let rest = line.strip_prefix("pub").unwrap_or(line);
    let rest = match rest
        .strip_prefix('(')
        .and_then(|scope| scope.split_once(')'))
    {
        Some((_, rest)) => rest,
        None => rest,
    };
    rest.trim_start()
}

/// What a line of code imports or names of this crate, as names below it. A list in braces counts
/// with each of its first names.
fn imports(module: &[String], line: &str) -> Vec<Vec<String>> {
    let code = line.split("//").next().unwrap();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            found.extend(named(&[], &code[at + "crate::".len()..]));
        }
    }
    let mut rest = code;
    while let Some(at) = rest.find("super::") {
        rest = &rest[at..];
        let ups = (0..)
            .take_while(|up| rest["super::".len() * up..].starts_with("super::"))
            .count();
        let after = &rest["super::".len() * ups..];
        // One that leads above this crate is in a nested module of tests.
        let base = &module[..module.len().saturating_sub(ups)];
        found.extend(named(base, after));
        rest = after;
    }
    found
}

fn named(base: &[String], path: &str) -> Vec<Vec<String>> {
    let word = |text: &str| {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut full = base.to_vec();
    let mut rest = path;
    loop {
        if let Some(list) = rest.strip_prefix('{') {
            let list = list.split('}').next().unwrap();
            return list
                .split(',')
                .map(|one| [full.clone(), vec![word(one.trim())]].concat())
                .collect();
        }
        let name = word(rest);
        if name.is_empty() {
            return vec![full];
        }
        full.push(name.clone());
        match rest[name.len()..].strip_prefix("::") {
            Some(next) => rest = next,
            None => return vec![full],
        }
    }
}

fn place(name: &str) -> Option<usize> {
    ORDER.iter().position(|wing| *wing == name)
}

#[test]
fn a_wing_imports_only_what_stands_above_it_and_a_command_no_command() {
    let commands: Vec<String> = files()
        .iter()
        .map(|(file, _)| module(file))
        .filter(|module| module.len() == 2 && module[0] == "commands")
        .map(|mut module| module.remove(1))
        // What every command gives is none.
        .filter(|name| name != "report")
        .collect();
    assert!(commands.len() > 10, "where are the commands? {commands:?}");
    let mut wrong = Vec::new();
    for (file, text) in files() {
        let own = module(&file);
        let Some(wing) = place(&own[0]) else {
            continue;
        };
        for (number, line) in statements(&text) {
            for import in imports(&own, &line) {
                let Some(first) = import.first() else {
                    continue;
                };
                let later = place(first).is_some_and(|other| other > wing);
                let sideways = own.len() > 1
                    && own[0] == "commands"
                    && first == "commands"
                    && import
                        .get(1)
                        .is_some_and(|other| commands.contains(other) && *other != own[1]);
                if later || sideways {
                    wrong.push(format!(
                        "src/{}:{}: {}",
                        file.display(),
                        number,
                        import.join("::")
                    ));
                }
            }
        }
    }
    assert_eq!(
        wrong,
        Vec::<String>::new(),
        "imports that run the wrong way; move what is shared to the wing above both"
    );
}

#[test]
fn a_folder_of_discovery_imports_only_what_stands_above_it() {
    let folder = |module: &[String]| match module {
        [wing, part, folder, ..] if wing == "project" && part == "discovery" => {
            DISCOVERY.iter().position(|one| one == folder)
        }
        _ => None,
    };
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for (file, text) in files() {
        let own = module(&file);
        let Some(here) = folder(&own) else {
            continue;
        };
        seen.insert(here);
        for (number, line) in statements(product(&text)) {
            for import in imports(&own, &line) {
                if folder(&import).is_some_and(|other| other > here) {
                    let import = import.join("::");
                    wrong.push(format!("src/{}:{number}: {import}", file.display()));
                }
            }
        }
    }
    assert_eq!(seen.len(), DISCOVERY.len(), "where are the folders?");
    assert_eq!(
        wrong,
        Vec::<String>::new(),
        "imports that run the wrong way"
    );
}

/// The text of a file without the tests at its end.
fn product(text: &str) -> &str {
    let starts = text.match_indices("#[cfg(test)]\n").map(|(at, _)| at);
    let is_tests = |at: &usize| {
        let mut below = text[*at..]
            .lines()
            .skip_while(|line| line.starts_with("#["));
        let is_outer = *at == 0 || text[..*at].ends_with('\n');
        is_outer
            && below
                .next()
                .is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
    };
    starts
        .into_iter()
        .find(is_tests)
        .map_or(text, |at| &text[..at])
}

/// For every file the others that it imports or names; a name that is none of a file's counts for
/// the file it is said to be in.
fn arrows(files: &[(Vec<String>, &str)]) -> BTreeMap<String, BTreeSet<String>> {
    let known: BTreeSet<&Vec<String>> = files.iter().map(|(module, _)| module).collect();
    let of_file = |module: &Vec<String>, names: &[String]| {
        (1..=names.len())
            .rev()
            .map(|length| names[..length].to_vec())
            .find(|file| known.contains(file) && file != module)
    };
    let arrows_of = |module: &Vec<String>, text: &str| {
        let code: Vec<(usize, String)> = statements(product(text));
        let said = code
            .iter()
            .map(|(_, line)| line.split("//").next().unwrap());
        let children: Vec<&str> = said
            .clone()
            .filter_map(|line| bare(line).strip_prefix("mod ")?.strip_suffix(';'))
            .collect();
        let mut to: BTreeSet<Vec<String>> = BTreeSet::new();
        for line in said {
            let imported = imports(module, line);
            to.extend(imported.iter().filter_map(|names| of_file(module, names)));
            for child in &children {
                let path = format!("{child}::");
                let is_named = line.match_indices(&path).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                });
                let file = [module.clone(), vec![(*child).to_owned()]].concat();
                to.extend(Some(file).filter(|file| is_named && known.contains(file)));
            }
        }
        to
    };
    files
        .iter()
        .map(|(module, text)| {
            let to = arrows_of(module, text);
            (
                module.join("/"),
                to.iter().map(|file| file.join("/")).collect(),
            )
        })
        .collect()
}

/// The arrows that are left when every file goes that nothing leads on from, or nothing leads to:
/// those of circles, and between them.
fn circles(mut arrows: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    loop {
        let reached: BTreeSet<String> = arrows.values().flatten().cloned().collect();
        let before = arrows.len();
        arrows.retain(|file, to| !to.is_empty() && reached.contains(file));
        let left: BTreeSet<String> = arrows.keys().cloned().collect();
        for to in arrows.values_mut() {
            to.retain(|file| left.contains(file));
        }
        if arrows.len() == before {
            break;
        }
    }
    arrows
        .iter()
        .flat_map(|(file, to)| to.iter().map(move |other| format!("{file} -> {other}")))
        .collect()
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let all = files();
    let product: Vec<(Vec<String>, &str)> = all
        .iter()
        .filter(|(file, _)| {
            !["tests.rs", "made.rs", "replays.rs", "for_tests.rs"]
                .iter()
                .any(|name| file.ends_with(name))
        })
        .map(|(file, text)| (module(file), text.as_str()))
        .collect();
    let arrows = arrows(&product);
    let count: usize = arrows.values().map(BTreeSet::len).sum();
    assert!(count > 1000, "where are the imports? {count}");
    assert_eq!(
        circles(arrows),
        Vec::<String>::new(),
        "files in circles; what both need belongs into a file below both"
    );
}

#[test]
fn a_circle_of_files_is_seen() {
    let names = |path: &str| -> Vec<String> { path.split('/').map(str::to_owned).collect() };
    let found = |files: &[(&str, &str)]| {
        let files: Vec<(Vec<String>, &str)> = files
            .iter()
            .map(|(path, text)| (names(path), *text))
            .collect();
        circles(arrows(&files))
    };
    let parent = "mod b;\nmod c;\n\npub(super) use b::{\n    B,\n    Other,\n};\n\nstruct A;\n";
    for (b, expected) in [
        ("use super::A;\n", &["a -> a/b", "a/b -> a"][..]),
        ("fn f() {\n    super::g();\n}\n", &["a -> a/b", "a/b -> a"]),
        ("// use super::A;\nuse super::c::C;\n", &[]),
        ("#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}\n", &[]),
    ] {
        let files = [
            ("a", parent),
            ("a/b", b),
            ("a/c", "struct C;\n"),
            ("d", "use crate::a::A;\n"),
        ];
        assert_eq!(found(&files), expected, "{b}");
    }
    let round = [
        ("a", "use crate::b::X;\n"),
        ("b", "pub(crate) use crate::c::{\n    Y,\n};\n"),
        ("c", "use crate::{a, d};\n"),
        ("d", ""),
    ];
    assert_eq!(found(&round), ["a -> b", "b -> c", "c -> a"]);
}

#[test]
fn imports_are_read_as_the_compiler_reads_them() {
    let module: Vec<String> = ["commands", "release", "steps"].map(String::from).into();
    for (line, expected) in [
        ("use crate::text::fault::Fault;", vec!["text::fault::Fault"]),
        (
            "use super::super::propose::Session;",
            vec!["commands::propose::Session"],
        ),
        ("use crate::{cli, plan::pipeline};", vec!["cli", "plan"]),
        (
            "let x = crate::paper::report::pretty(&y);",
            vec!["paper::report::pretty"],
        ),
        ("// use crate::commands::demo;", vec![]),
        ("pub(crate) fn of(&self)", vec![]),
    ] {
        let found: Vec<String> = imports(&module, line)
            .into_iter()
            .map(|names| names.join("::"))
            .collect();
        assert_eq!(found, expected, "{line}");
    }
}
