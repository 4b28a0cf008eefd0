/*! The terminal: its width and colours, and the two streams that the program writes to. */

use std::io::{self, IsTerminal, Write};

use crate::report::{Depth, TextOptions};
use crate::wording::Zone;

/// Where stderr goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stderr {
    Screen,
    File,
}

/// What stdout and stderr can show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// The columns of stdout.
    pub(super) width: usize,
    /// Values in tables are cut to this many columns; only on a terminal.
    pub(super) cell_max: Option<usize>,
    pub(super) colour: bool,
    pub(super) stderr: Stderr,
    /// Does the locale write more than ASCII?
    pub(super) unicode: bool,
    /// `--quiet`: no progress, no hints.
    pub(super) quiet: bool,
}

const CELL_MAX: usize = 60;
const WIDTH: usize = 80;
const WIDTH_MAX: usize = 120;

impl Terminal {
    /// Reads the environment, once for each run.
    pub(super) fn look(quiet: bool) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let width = match terminal_size::terminal_size() {
            Some((columns, _)) if is_terminal => usize::from(columns.0).min(WIDTH_MAX),
            Some(_) | None => WIDTH,
        };
        Self {
            width,
            cell_max: is_terminal.then_some(CELL_MAX),
            colour: is_coloured(is_terminal, setting),
            stderr: if io::stderr().is_terminal() { Stderr::Screen } else { Stderr::File },
            unicode: !is_terminal || writes_unicode(),
            quiet,
        }
    }

    /// Is a person watching stderr who has not asked for silence?
    pub(super) fn shows_progress(self) -> bool {
        self.stderr == Stderr::Screen && !self.quiet
    }

    /// How to render a report for people here.
    pub(super) fn options(self, all_evidence: bool, ascii: bool, zone: Zone) -> TextOptions {
        TextOptions {
            width: self.width,
            colour: self.colour,
            unicode: self.unicode && !ascii,
            depth: if all_evidence { Depth::Full } else { Depth::Screen },
            all_evidence,
            zone,
        }
    }
}

/// `NO_COLOR` wins over `CLICOLOR_FORCE`, and that over the terminal.
fn is_coloured(is_terminal: bool, setting: impl Fn(&str) -> Option<String>) -> bool {
    let says = |name: &str, word: &str| setting(name).as_deref() == Some(word);
    if setting("NO_COLOR").is_some() {
        return false;
    }
    if setting("CLICOLOR_FORCE").is_some() && !says("CLICOLOR_FORCE", "0") {
        return true;
    }
    is_terminal && !says("CLICOLOR", "0") && !says("TERM", "dumb")
}

fn writes_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(setting);
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[expect(clippy::disallowed_methods, reason = "the environment is read here and nowhere else")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Prints to stdout; false if the reader closed the pipe.
pub(super) fn print(bytes: &[u8]) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

/// Prints a line to stderr. If stderr is closed, nobody can read why.
pub(super) fn eprint(text: &str) {
    let mut out = io::stderr().lock();
    let _closed = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_wins_over_a_forced_colour_and_that_over_the_terminal() {
        for (is_terminal, set, expected) in [
            (true, &[][..], true),
            (false, &[], false),
            (false, &[("CLICOLOR_FORCE", "1")], true),
            (false, &[("CLICOLOR_FORCE", "0")], false),
            (true, &[("CLICOLOR_FORCE", "0")], true),
            (true, &[("CLICOLOR", "0")], false),
            (true, &[("CLICOLOR", "1")], true),
            (false, &[("CLICOLOR", "1")], false),
            (false, &[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")], true),
            (true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
            (true, &[("TERM", "dumb")], false),
            (false, &[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], true),
        ] {
            let setting = |name: &str| {
                set.iter()
                    .find(|(variable, _)| *variable == name)
                    .map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(is_coloured(is_terminal, setting), expected, "{is_terminal} {set:?}");
        }
    }
}
