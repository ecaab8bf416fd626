//! The `release-check` program: hands over to the library, and its exit status to the system.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(release_check::main())
}
