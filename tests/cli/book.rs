//! The book under `docs/`: its commands are run on the trees under `examples/`, its links lead somewhere, and its reference of the
//! configuration is what the schema says.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::readme::play;
use crate::sandbox::Sandbox;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder, by their path in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The pages of the book.
fn pages() -> Vec<PathBuf> {
    let mut pages = files(&root().join("docs/src"));
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages
}

/// A sandbox with a copy of an example's tree.
pub(crate) fn example(name: &str) -> Sandbox {
    let folder = root().join("examples").join(name);
    let sandbox = Sandbox::new();
    for path in files(&folder) {
        let inside = path.strip_prefix(&folder).expect("below");
        let text = fs::read_to_string(&path).expect("text");
        sandbox.file(&inside.to_string_lossy(), text);
    }
    sandbox
}

#[test]
fn what_the_book_prints_is_what_the_program_prints() {
    let mut played = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let named = text
            .strip_prefix("<!-- example: ")
            .and_then(|rest| rest.split_once(" -->"));
        match named {
            Some((name, _)) => played += play(&page, &example(name)),
            None => assert!(
                !text.contains("```console"),
                "{} names no example",
                page.display()
            ),
        }
    }
    assert!(played >= 8, "the book shows {played} commands");
}

#[test]
fn every_example_moves_its_pins() {
    for entry in fs::read_dir(root().join("examples")).expect("examples") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_string_lossy();
        if crate::examples::APART.contains(&name.as_ref()) {
            continue;
        }
        let sandbox = example(&name);
        sandbox
            .run(&["check", "--offline", "--as-of", "2025-10-01"])
            .exits(11);
        sandbox
            .run(&["prepare", "--offline", "--as-of", "2025-10-01"])
            .exits(0);
        let again = sandbox.run(&["prepare", "--diff", "--offline", "--as-of", "2025-10-01"]);
        assert_eq!(again.stdout, "", "{name}");
    }
}

#[test]
fn links_of_the_book_lead_somewhere() {
    let folder = root().join("docs/src");
    let summary = fs::read_to_string(folder.join("SUMMARY.md")).expect("the summary");
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let file = target.split('#').next().unwrap_or_default();
            let leads = target.starts_with("https://") || page.with_file_name(file).is_file();
            assert!(leads, "{}: `{target}`", page.display());
        }
        let listed = page.strip_prefix(&folder).expect("below").to_string_lossy();
        assert!(
            listed == "SUMMARY.md" || summary.contains(&format!("({listed})")),
            "{listed} is not in the summary"
        );
    }
}

/// One table of the reference.
fn table(heading: &str, definition: &Value) -> String {
    let mut text = format!("## {heading}\n\n| key | says |\n| --- | --- |\n");
    let keys = definition["properties"].as_object().expect("keys");
    for (name, key) in keys {
        let said = key["description"].as_str().unwrap_or_default();
        let said = said.replace('|', "\\|").replace('\n', " ");
        text.push_str(&format!("| `{name}` | {said} |\n"));
    }
    text + "\n"
}

#[test]
fn the_reference_of_the_configuration_is_what_the_schema_says() {
    let schema = fs::read_to_string(root().join("schemas/config.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let mut text = String::from(
        "# Configuration\n\n`release-check.toml` stands in the project's folder. Unknown keys are errors that name their line.\n\n",
    );
    text.push_str(&table("The whole file", &schema));
    let definitions = schema["$defs"].as_object().expect("definitions");
    for definition in definitions.values() {
        let Some(heading) = definition["description"].as_str() else {
            continue;
        };
        if definition["properties"].is_object() {
            let heading = heading.trim_end_matches('.').replace('\n', " ");
            text.push_str(&table(&heading, definition));
        }
    }
    let text = text.trim_end().to_owned() + "\n";
    let path = root().join("docs/src/reference/configuration.md");
    if std::env::var_os("RELEASE_CHECK_WRITE_README").is_some() {
        fs::write(&path, &text).expect("a writable page");
    }
    let page = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        page, text,
        "the page is out of date; run the tests with RELEASE_CHECK_WRITE_README=1"
    );
}

#[test]
fn editors_are_told_of_the_schema() {
    let entry = fs::read_to_string(root().join("packaging/schemastore/catalog.json"));
    let entry: Value = serde_json::from_str(&entry.expect("an entry")).expect("JSON");
    assert_eq!(
        entry["fileMatch"],
        serde_json::json!(["release-check.toml"])
    );
    let url = entry["url"].as_str().expect("an address");
    let path = url
        .strip_prefix(concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/"))
        .expect("in this repository");
    assert!(root().join(path).is_file(), "{path}");
}
