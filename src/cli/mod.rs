/*! The command line: arguments, terminal, clock and exit status. Everything below it is handed these. */

mod args;
mod collect;
mod discover;
mod exit;
mod explain;
mod grid;
mod manual;
mod mistakes;
mod progress;
mod query;
mod reference;
mod run;
mod show;
mod sources;
mod terminal;
mod verify;

use clap::Parser;
use clap::error::ErrorKind;

pub use exit::Exit;

use crate::safe;

/// Runs the program with the arguments of the process.
pub fn main() -> Exit {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let said = safe::mask_text(&panic.to_string()).into_owned();
        let said = said.lines().next_back().unwrap_or_default();
        terminal::tell(&format!("holdover: internal error at {place}: {}", safe::terminal(said)));
        terminal::tell(
            "  help: this is a bug; please report it with the command line that shows it",
        );
    }));
    let args = match args::Cli::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let is_help =
                matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let _closed = error.print();
            return if is_help { Exit::Ready } else { Exit::Usage };
        }
    };
    std::panic::catch_unwind(|| run::run(args.command, args.quiet)).unwrap_or(Exit::Failed)
}
