/*! Returns the exit status of the command line; everything else is in the library. */

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(holdover::cli::main().code())
}
