/*! The command line: arguments, terminal, clock, environment and exit status. The layers below get these as values.
 *
 * Each command is one file with its arguments and a function from them to the exit status; `command` is the list.
 */

mod advise;
mod args;
mod collect;
mod command;
mod diff;
mod discover;
mod during;
mod exit;
mod explain;
mod failure;
mod grid;
mod list;
mod manual;
mod mistakes;
mod plan;
mod progress;
mod query;
mod reference;
mod replay;
mod report;
mod scan;
mod seal;
mod show;
mod sources;
mod terminal;
mod verify;
mod who;

use clap::Parser;
use clap::error::ErrorKind;

pub use exit::Exit;

use crate::safe;

/// Runs the program with the arguments of the process.
pub fn main() -> Exit {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = safe::mask_text(&panic.to_string()).into_owned();
        let message = safe::terminal(message.lines().next_back().unwrap_or_default()).into_owned();
        terminal::eprint(&format!("holdover: internal error at {place}: {message}"));
        terminal::eprint(
            "  help: this is a bug; please report it with the command line that shows it",
        );
    }));
    let cli = match command::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let is_help =
                matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let _closed = error.print();
            return if is_help { Exit::Ready } else { Exit::Usage };
        }
    };
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cli.run())).unwrap_or(Exit::Failed)
}
