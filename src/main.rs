/*! May the old credential be revoked? Returns the exit status; everything else is in the library. */

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(holdover::cli::main().code())
}
