//! The `release-check` program: hands arguments and environment to the library, and its exit status
//! to the system.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(release_check::commands::main(
        std::env::args_os(),
        release_check::outside::environment::Environment::of_process(),
    ))
}
