//! The `release-check` program.

fn main() {}
