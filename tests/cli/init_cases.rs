//! `init` on the cases that lie beside the repository: each tree comes out as its `expected.json`
//! says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::missing;
use crate::sandbox::Sandbox;

const DAY: [&str; 3] = ["--offline", "--as-of", "2026-06-09"];

/// What one case expects, and its tree as the program was run in it.
struct Case {
    name: String,
    expected: Value,
    sandbox: Sandbox,
    /// What had to be made that its tree should have.
    made: Vec<String>,
}

/// Every case; none where they are not here, which is said.
fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/init");
    let Ok(entries) = fs::read_dir(folder) else {
        missing::skip("the folder of cases is not beside the repository");
        return Vec::new();
    };
    let mut cases: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("expected.json").is_file())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "the folder of cases has none");
    cases
}

impl Case {
    fn of(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("expected.json")).expect("what is expected");
        let mut case = Self {
            name: folder.file_name().expect("a name").to_string_lossy().into(),
            expected: serde_json::from_str(&text).expect("JSON"),
            sandbox: Sandbox::new(),
            made: Vec::new(),
        };
        for (path, bytes) in Sandbox::tree_of(&folder.join("tree")) {
            case.sandbox.file(path.to_str().expect("UTF-8"), bytes);
        }
        case.made = case.lock_file();
        case.run("git", &["init", "-q", "-b", "main", "."]);
        case.run("git", &["add", "-A"]);
        let script = folder.join("git.sh");
        if script.is_file() {
            case.run("sh", &[script.to_str().expect("UTF-8")]);
        }
        case
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let done = Command::new(program)
            .args(arguments)
            .current_dir(self.sandbox.path())
            .output()
            .expect(program);
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{}: {said}", self.name);
    }

    /// A lock file that a `.gitignore` names is easily left behind when its tree is copied: where
    /// it is not there, it is made as the case says that it was.
    fn lock_file(&self) -> Vec<String> {
        let mut made = Vec::new();
        for (version, pin) in self.pins() {
            let Some((package, file)) = lock(pin) else {
                continue;
            };
            if self.sandbox.path().join(file).exists() {
                continue;
            }
            made.push(format!(
                "{}: its tree has no `{file}`; made here",
                self.name
            ));
            let patch = version.split_once('.').expect("a series").1;
            let text = format!(
                "version = 4\n\n[[package]]\nname = \"{package}\"\nversion = \"300.{patch}+{version}\"\n"
            );
            self.sandbox.file(file, text);
        }
        made
    }

    /// Every expected pin, with its link's version.
    fn pins(&self) -> Vec<(&str, &str)> {
        let links = self.expected["links"].as_array().expect("links");
        links
            .iter()
            .flat_map(|link| {
                let version = link["linked"].as_str().expect("a version");
                let pins = link["pins"].as_array().map_or(&[][..], Vec::as_slice);
                pins.iter()
                    .map(move |pin| (version, pin.as_str().expect("a pin")))
            })
            .collect()
    }
}

/// The package and the file of a pin like `cargo PACKAGE in FILE`.
fn lock(pin: &str) -> Option<(&str, &str)> {
    pin.strip_prefix("cargo ")?.split_once(" in ")
}

/// What is wrong with a case; empty where it comes out as it should.
fn wrong(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    let found = case
        .sandbox
        .run(&[&["init", "--format", "json"], &DAY[..]].concat())
        .exits(0)
        .json();
    let (expected, sandbox) = (&case.expected, &case.sandbox);
    let links: Vec<&Value> = found["links"]
        .as_array()
        .expect("links")
        .iter()
        .filter(|link| link["doubt"].is_null())
        .collect();
    let versions = |links: &[&Value]| -> Vec<String> {
        let of = |link: &&Value| link["linked"].as_str().expect("a version").to_owned();
        links.iter().map(of).collect()
    };
    let wanted: Vec<&Value> = expected["links"]
        .as_array()
        .expect("links")
        .iter()
        .collect();
    if versions(&links) != versions(&wanted) {
        wrong.push(format!("links: {:?}", versions(&links)));
    }
    let pins: Vec<&Value> = links
        .iter()
        .flat_map(|link| link["pins"].as_array().expect("pins"))
        .collect();
    for (_, pin) in case.pins() {
        if !pins.iter().any(|found| is(sandbox, found, pin)) {
            wrong.push(format!("no pin `{pin}`"));
        }
    }
    let matches = || pins.iter().flat_map(|pin| patterns(pin));
    for never in expected["never"].as_array().into_iter().flatten() {
        let never = never.as_str().expect("a pattern");
        if matches().any(|pattern| pattern.contains(never)) {
            wrong.push(format!("`{never}` is a pin"));
        }
    }
    for pin in &pins {
        let patterns = patterns(pin);
        let is_digest = |pattern: &&str| pattern.contains("{sha") && !pattern.contains("{version");
        let others = pins.iter().filter(|other| other["path"] == pin["path"]);
        if !patterns.is_empty() && patterns.iter().all(is_digest) && others.count() == 1 {
            wrong.push(format!("only a digest moves in {}", pin["path"]));
        }
    }
    if let Some(changelog) = expected.get("changelog")
        && found["changelog"] != *changelog
    {
        wrong.push(format!("changelog: {}", found["changelog"]));
    }
    if expected.get("note").is_some() && found["unsure"] == Value::Array(Vec::new()) {
        wrong.push("nothing is said of what was left out".to_owned());
    }
    let config = sandbox.read("release-check.toml");
    if let Some(better) = expected["better"].as_str()
        && let Some(line) = better.strip_prefix("set ")
        && !(config.contains("\nset = [") && config.contains(line))
    {
        wrong.push(format!("it does not {better}"));
    }
    for (command, status) in [(["check"].as_slice(), 11), (&["prepare"], 0)] {
        let outcome = sandbox.run(&[command, &DAY[..]].concat());
        if outcome.status != status {
            wrong.push(format!("{command:?}: {}{config}", outcome.stderr));
        }
    }
    wrong
}

fn patterns(pin: &Value) -> Vec<&str> {
    let patterns = pin["match"].as_array().map_or(&[][..], Vec::as_slice);
    patterns.iter().filter_map(Value::as_str).collect()
}

/// Whether a pin is the one that a case writes as `[FILE] PART of a pattern [or ANOTHER]`,
/// `FILE within [FROM, TO]`, `FILE "PATTERN"` or `cargo PACKAGE in FILE`.
fn is(sandbox: &Sandbox, pin: &Value, written: &str) -> bool {
    if let Some((_, file)) = lock(written) {
        return pin["kind"] == "cargo" && pin["path"] == file;
    }
    let (file, rest) = match written.split_once(' ') {
        Some((file, rest)) if sandbox.path().join(file).is_file() => (Some(file), rest),
        _ => (None, written),
    };
    if file.is_some_and(|file| pin["path"] != file) {
        return false;
    }
    if let (Some(file), Some(block)) = (file, rest.strip_prefix("within ")) {
        let [from, to]: [String; 2] = serde_json::from_str(block).expect("a block");
        let text = sandbox.read(file);
        let start = text.find(&from).expect("its first text");
        let end = start + text[start..].find(&to).expect("its second text");
        let line = |at: usize| text[..at].lines().count() as u64;
        let places = pin["places"].as_array().expect("places").iter();
        let mut lines = places.map(|place| place["line"].as_u64().expect("a line"));
        return lines.all(|at| (line(start)..=line(end)).contains(&at));
    }
    let whole: Option<String> = serde_json::from_str(rest).ok();
    let whole = whole.unwrap_or_else(|| rest.to_owned());
    // A pattern may take more or less of its line.
    whole.split(" or ").any(|way| {
        let mut patterns = patterns(pin).into_iter();
        patterns.any(|pattern| pattern.contains(way) || way.contains(pattern))
    })
}

#[test]
fn the_cases_come_out_as_expected() {
    let wrong: Vec<String> = cases()
        .iter()
        .map(|folder| Case::of(folder))
        .flat_map(|case| {
            println!("{}", case.made.join("\n"));
            let of = |what: String| format!("{}: {what}", case.name);
            wrong(&case).into_iter().map(of).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
