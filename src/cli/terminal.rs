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
            colour: is_coloured(is_terminal, setting),
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

/// Whoever wants no colour is heard first, then whoever wants it everywhere, then the terminal.
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

/// Tells something on standard error; whoever closed it does not want to know.
pub(super) fn tell(text: &str) {
    let mut out = io::stderr().lock();
    let _closed = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wants_no_colour_is_heard_first() {
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
                set.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(is_coloured(is_terminal, setting), expected, "{is_terminal} {set:?}");
        }
    }
}
