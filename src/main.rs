//! The `release-check` program: parses the command line, runs the library, turns the outcome into an exit status.

fn main() {}
