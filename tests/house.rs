//! The house keeps its order: a wing imports only what stands above it, and no command imports
//! another.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

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
        let is_use = open || trimmed.starts_with("use ") || trimmed.starts_with("pub(crate) use ");
        open = is_use && !trimmed.ends_with(';');
    }
    found
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
