/*! What the records before tell about the next one: most are of one source, in few layouts. */

use crate::ingest::decode::JsonLayout;
use crate::ingest::{Fields, Picks};
use crate::limits;

use super::worth::{SELDOM, Worth, is_turn};

/// What is remembered of the records of one input, or of the payloads in it.
#[derive(Debug, Default)]
pub(super) struct EarlierRecords {
    /// The reading of the record before.
    pub(super) reading: Option<usize>,
    /// Whether each record is read in full.
    strict: bool,
    /// Layouts with the readings whose fields they hold.
    layouts: Vec<(usize, JsonLayout)>,
    /// Where the layout of the record before stands among them.
    last: usize,
    comparing: Worth,
    /// The records that had none of them.
    others: u64,
    /// Memory to work with.
    ends: Vec<usize>,
}

impl EarlierRecords {
    /// The layouts alone, for the records of another input. `strict`: each record is read in full.
    pub(super) fn of_next_input(self, strict: bool) -> Self {
        Self { strict, layouts: self.layouts, ..Self::default() }
    }

    /// About how much memory the layouts take.
    pub(super) fn memory(&self) -> usize {
        self.layouts.iter().map(|(_, layout)| layout.memory()).sum()
    }

    /// Fills in the fields of a record whose layout is known. The answer is the reading whose fields these are.
    pub(super) fn pick<'p, 't>(
        &mut self,
        text: &'t str,
        picks: &dyn Fn(usize) -> &'p Picks,
        fields: &mut Fields<'t>,
    ) -> Option<usize> {
        if self.strict || self.layouts.is_empty() || !self.comparing.tries() {
            return None;
        }
        let mut fits = |position: &usize| {
            let (reading, layout) = &self.layouts[*position];
            layout.pick(text, picks(*reading), fields, &mut self.ends).is_some()
        };
        let others = (0..self.layouts.len()).filter(|position| *position != self.last);
        let found = std::iter::once(self.last).chain(others).find(|position| fits(position))?;
        self.comparing.led();
        let reading = self.layouts[found].0;
        // The layouts that fit often come first.
        self.last = found.saturating_sub(1);
        self.layouts.swap(found, self.last);
        Some(reading)
    }

    /// Remembers a record that was read in one pass.
    pub(super) fn learn(&mut self, reading: usize, text: &str, picks: &Picks) {
        self.others += 1;
        let is_full = self.layouts.len() >= limits::JSON_LAYOUTS;
        if !is_turn(self.others, !is_full) || text.len() > limits::JSON_LAYOUT_BYTES {
            return;
        }
        let Some(layout) = JsonLayout::of(text, picks) else { return };
        if is_full {
            let oldest = usize::try_from(self.others / SELDOM).unwrap_or_default();
            self.layouts[oldest % limits::JSON_LAYOUTS] = (reading, layout);
        } else {
            self.layouts.push((reading, layout));
        }
    }
}
