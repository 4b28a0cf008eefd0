/*! The terminal: its width, its colours, and what is told on standard error. */

use std::io::{self, IsTerminal, Write};

use crate::report::TextOptions;

/// What the terminals at hand can do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// Columns of standard output.
    pub(super) width: usize,
    /// The most columns of one value of a table; none where nobody watches.
    pub(super) cell_max: Option<usize>,
    /// May standard output be coloured?
    pub(super) colour: bool,
    /// Is standard error a terminal?
    pub(super) talks: bool,
    /// Does the locale write more than ASCII?
    pub(super) unicode: bool,
}

const CELL_MAX: usize = 60;
const WIDTH: usize = 80;
const WIDTH_MAX: usize = 120;

impl Terminal {
    /// Looks at the environment, once.
    pub(super) fn look() -> Self {
        let is_terminal = io::stdout().is_terminal();
        let width = match terminal_size::terminal_size() {
            Some((columns, _)) if is_terminal => usize::from(columns.0).min(WIDTH_MAX),
            Some(_) | None => WIDTH,
        };
        Self {
            width,
            cell_max: is_terminal.then_some(CELL_MAX),
            colour: is_terminal
                && setting("NO_COLOR").is_none()
                && setting("TERM").as_deref() != Some("dumb"),
            talks: io::stderr().is_terminal(),
            unicode: !is_terminal || writes_unicode(),
        }
    }
}

impl Terminal {
    /// How a report for people looks here.
    pub(super) fn options(self, all_evidence: bool, ascii: bool) -> TextOptions {
        TextOptions {
            width: self.width,
            colour: self.colour,
            unicode: self.unicode && !ascii,
            all_evidence,
        }
    }
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

/// Tells something on standard error; whoever closed it does not want to know.
pub(super) fn tell(text: &str) {
    let mut out = io::stderr().lock();
    let _closed = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n"));
}
