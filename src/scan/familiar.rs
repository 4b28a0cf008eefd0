/*! Records that are known at sight: of a layout in which one was written before that said the same at another time, or
 * read by the expression that read such a one. One pass over the text shows it, and gives the time.
 */

use std::collections::HashMap;

use super::recognise::{Recogniser, Shape};
use super::text_outlines::TextOutlines;
use super::wanted::SourceReading;
use super::worth::{Worth, is_turn};
use crate::ingest::decode::{JsonOutlines, TellApart};
use crate::limits;
use crate::map::{self, SlotRoles};

/// What is remembered of the records of one input.
#[derive(Debug, Default)]
pub(super) struct FamiliarRecords {
    /// The outlines of the records of each reading.
    outlines: Vec<(usize, JsonOutlines)>,
    texts: TextOutlines,
    /// The numbers of the statements, by what counts in their records.
    known: HashMap<Box<[u8]>, usize>,
    trying: Worth,
    /// The records whose layout was not known.
    others: u64,
    /// Memory to work with.
    key: Vec<u8>,
}

/// A record that is known at sight.
#[derive(Clone, Copy, Debug)]
pub(super) struct FamiliarRecord<'t> {
    /// The position of its reading.
    pub(super) reading: usize,
    /// The number of the statement that it repeats.
    pub(super) statement: usize,
    /// What it says of its time.
    pub(super) stamp: &'t str,
}

impl FamiliarRecords {
    /// No record is known yet, but these outlines are.
    pub(super) fn with_outlines(outlines: Vec<(usize, JsonOutlines)>) -> Self {
        Self { outlines, ..Self::default() }
    }

    pub(super) fn into_outlines(self) -> Vec<(usize, JsonOutlines)> {
        self.outlines
    }

    /// The record, if it is known at sight. No heading says how it is written.
    pub(super) fn find<'t>(
        &mut self,
        sources: &SourceReading,
        text: &'t str,
    ) -> Option<FamiliarRecord<'t>> {
        if self.known.is_empty() || !self.trying.tries() {
            return None;
        }
        let found = match Shape::of(text, None) {
            Shape::Json => self.find_json(sources, text),
            Shape::Text => self.find_text(sources, text),
            Shape::Pairs | Shape::Row(_) | Shape::Sample(_) => None,
        };
        found.inspect(|_| self.trying.led())
    }

    fn find_json<'t>(
        &mut self,
        sources: &SourceReading,
        text: &'t str,
    ) -> Option<FamiliarRecord<'t>> {
        let Self { outlines, known, key, .. } = self;
        outlines.iter().find_map(|of_reading| {
            let stamp = write_key(sources, of_reading, text, key)?;
            let statement = *known.get(key.as_slice())?;
            Some(FamiliarRecord { reading: of_reading.0, statement, stamp })
        })
    }

    fn find_text<'t>(
        &mut self,
        sources: &SourceReading,
        text: &'t str,
    ) -> Option<FamiliarRecord<'t>> {
        let (reading, stamp) = self.write_text_key(sources, text)?;
        let statement = *self.known.get(self.key.as_slice())?;
        Some(FamiliarRecord { reading, statement, stamp })
    }

    /// Writes what counts in a text. The answer is its reading, and the text of its time.
    fn write_text_key<'t>(
        &mut self,
        sources: &SourceReading,
        text: &'t str,
    ) -> Option<(usize, &'t str)> {
        let fitting = sources.recogniser.expression_of(&sources.readings, text)?;
        self.key.clear();
        let reading = &sources.readings[fitting.reading];
        let stamp = self.texts.write(reading, fitting, text, &mut self.key)?;
        Some((fitting.reading, stamp))
    }

    /// Remembers a record of a reading that says what this statement says.
    pub(super) fn learn(
        &mut self,
        sources: &SourceReading,
        roles: &SlotRoles,
        text: &str,
        (reading, statement): (usize, usize),
    ) {
        if self.known.len() >= limits::FAMILIAR_RECORDS {
            return;
        }
        let is_written = match Shape::of(text, None) {
            Shape::Json => self.outline_json(sources, roles, text, reading),
            Shape::Text => self.outline_text(sources, roles, text, reading),
            Shape::Pairs | Shape::Row(_) | Shape::Sample(_) => false,
        };
        if is_written && self.key.len() <= limits::REPEATED_STATEMENT_BYTES {
            self.known.insert(self.key.as_slice().into(), statement);
        }
    }

    /// Writes what counts in a record of a reading, whose layout may be new.
    fn outline_json(
        &mut self,
        sources: &SourceReading,
        roles: &SlotRoles,
        text: &str,
        reading: usize,
    ) -> bool {
        // What an expression found in a text is not what stands under the keys of JSON.
        if sources.readings[reading].pattern.is_some() {
            return false;
        }
        let position = self.outlines.iter().position(|outlines| outlines.0 == reading);
        let position = position.unwrap_or_else(|| {
            self.outlines.push((reading, JsonOutlines::default()));
            self.outlines.len() - 1
        });
        let of_reading = &mut self.outlines[position];
        let mut is_known = write_key(sources, of_reading, text, &mut self.key).is_some();
        if !is_known && of_reading.1.len() < limits::JSON_LAYOUTS {
            self.others += 1;
            if is_turn(self.others, true) && text.len() <= limits::JSON_LAYOUT_BYTES {
                let (recogniser, readings) = (&sources.recogniser, &sources.readings);
                recogniser.outline(readings, reading, (roles, text), &mut of_reading.1);
                is_known = write_key(sources, of_reading, text, &mut self.key).is_some();
            }
        }
        is_known
    }

    /// The same for a text that an expression reads.
    fn outline_text(
        &mut self,
        sources: &SourceReading,
        roles: &SlotRoles,
        text: &str,
        reading: usize,
    ) -> bool {
        let fitting = sources.recogniser.expression_of(&sources.readings, text);
        let Some(fitting) = fitting.filter(|fitting| fitting.reading == reading) else {
            return false;
        };
        self.texts.add(&sources.readings[reading], roles, fitting);
        self.write_text_key(sources, text).is_some()
    }
}

/// Writes what counts in a record of a reading, and gives the text of its time.
fn write_key<'t>(
    sources: &SourceReading,
    (reading, outlines): &(usize, JsonOutlines),
    text: &'t str,
    key: &mut Vec<u8>,
) -> Option<&'t str> {
    key.clear();
    key.extend_from_slice(&u32::try_from(*reading).ok()?.to_le_bytes());
    let first = sources.readings[*reading].picks.len();
    outlines.write(text, &ByRecogniser { recogniser: &sources.recogniser, first }, key)
}

/// Distinguishes texts as the readings of a source do.
struct ByRecogniser<'a> {
    recogniser: &'a Recogniser,
    /// The slot of the first field that any reading is recognised by.
    first: usize,
}

impl TellApart for ByRecogniser<'_> {
    fn presence(&self, text: &str) -> u8 {
        map::presence(text)
    }

    fn write_sign(&self, slot: usize, text: &str, out: &mut Vec<u8>) {
        self.recogniser.write_sign(slot - self.first, text, out);
    }
}
