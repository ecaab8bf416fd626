//! Pictures of a terminal, made by the program: what README and the book show is what it prints.
//!
//! `RELEASE_CHECK_WRITE_README=1 cargo test --test cli -- pictures` writes them.

use std::fs;
use std::path::Path;

use crate::book::example;
use crate::sandbox::{Outcome, Sandbox};

const OFFLINE: [&str; 3] = ["--offline", "--as-of", "2025-10-01"];

/// A command line as somebody types it, and what it prints in colour, as a picture.
fn picture(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let mut command = sandbox.command(&[arguments, &OFFLINE].concat());
    let output = command
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("it runs");
    let shown = Outcome::of(output).stdout;
    let typed = format!("$ release-check {}\n", arguments.join(" "));
    anstyle_svg::Term::new()
        .palette(anstyle_svg::WIN10_CONSOLE)
        .min_width_px(720)
        .render_svg(&(typed + &shown))
        // What is beside the point can still be read.
        .replace("opacity: 0.4", "opacity: 0.7")
}

#[test]
fn what_the_pictures_show_is_what_the_program_prints() {
    let sandbox = example("two-lines");
    for (name, arguments) in [
        ("check", &["check"][..]),
        ("affected", &["affected", "3.0.7"]),
        ("run", &["run"]),
    ] {
        let made = picture(&sandbox, arguments);
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("docs/src/pictures")
            .join(format!("{name}.svg"));
        if std::env::var_os("RELEASE_CHECK_WRITE_README").is_some() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, made).expect("a writable picture");
        } else {
            let shown = fs::read_to_string(&path).expect("a picture");
            assert!(
                shown == made,
                "{}: made with `RELEASE_CHECK_WRITE_README=1`",
                path.display()
            );
        }
    }
}
