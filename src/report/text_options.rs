/*! How a report for people looks. */

use crate::wording::Zone;

/// How much of a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The verdict, who stops it and what to do next.
    Screen,
    /// Everything.
    Full,
}

/// How a report for people looks. Formats for machines ignore it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns of a line, at least 60.
    pub width: usize,
    /// Colour in addition to the words. It means nothing that the words do not say.
    pub colour: bool,
    /// Symbols and letters beyond ASCII.
    pub unicode: bool,
    /// Everything, or the first screen alone.
    pub depth: Depth,
    /// All citations of a finding, instead of the first few and the last.
    pub all_evidence: bool,
    /// The zone of its times.
    pub zone: Zone,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self {
            width: 80,
            colour: false,
            unicode: true,
            depth: Depth::Full,
            all_evidence: false,
            zone: Zone::default(),
        }
    }
}
