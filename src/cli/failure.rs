/*! Why a command failed, on stderr, and the exit status that says so. */

use std::error::Error as _;

use crate::pipeline::{Error, Incomplete};
use crate::safe;

use super::exit::Exit;
use super::terminal::{Stderr, Terminal, eprint};

/// Prints the error with its causes.
pub(super) fn explain(error: &Error, terminal: Terminal) -> Exit {
    if let Error::Plan(mistakes) = error {
        let text = if terminal.stderr == Stderr::Screen {
            mistakes.graphical(terminal.width, terminal.colour)
        } else {
            mistakes.lines()
        };
        eprint(text.trim_end());
        return Exit::Invalid;
    }
    let mut message = format!("holdover: {error}");
    let mut cause = error.source();
    while let Some(next) = cause {
        message.push_str(": ");
        message.push_str(&next.to_string());
        cause = next.source();
    }
    eprint(&safe::terminal(&safe::mask_text(&message)));
    if let Some(help) = help(error) {
        eprint(&format!("  help: {help}"));
    }
    exit(error)
}

fn help(error: &Error) -> Option<&'static str> {
    match error {
        Error::NoPlan => {
            Some("give it with `-p PLAN`; `holdover plan new` lists plans to begin with")
        }
        Error::PlanUnread { .. } => {
            Some("check its path; `holdover plan new` lists plans to begin with")
        }
        Error::List { .. } => {
            Some("`holdover list` and `holdover scan` print lists: an object in JSON on each line")
        }
        _ => None,
    }
}

/// Prints a mistake in the arguments that the parser cannot see.
pub(super) fn usage(message: &str) -> Exit {
    eprint(&format!("holdover: {message}"));
    Exit::Usage
}

fn exit(error: &Error) -> Exit {
    match error {
        Error::NoInput(_) => Exit::NoInput,
        Error::Unlike(_)
        | Error::Incomplete(
            Incomplete::OtherPlan(_)
            | Incomplete::NoList(_)
            | Incomplete::EmptyList(_)
            | Incomplete::NoBundle
            | Incomplete::NoParts(_)
            | Incomplete::Mixed(_)
            | Incomplete::NoPlace(_),
        ) => Exit::Usage,
        Error::Query(_)
        | Error::Facts(_)
        | Error::Engine(_)
        | Error::Plan(_)
        | Error::PlanUnread { .. }
        | Error::NoPlan
        | Error::FileNotText { .. }
        | Error::NoReport { .. }
        | Error::List { .. }
        | Error::Learned { .. }
        | Error::NoStatement { .. }
        | Error::TooLarge { .. } => Exit::Invalid,
        Error::FileUnread { .. }
        | Error::Threads(_)
        | Error::Sink(_)
        | Error::Bundle(_)
        | Error::Part(_)
        | Error::Incomplete(_)
        | Error::FileUnwritten { .. }
        | Error::Write(_) => Exit::Failed,
    }
}
