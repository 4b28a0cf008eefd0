/*! Records that are known at sight: of a layout in which one was written before that said the same at another time, or
 * read by the expression that read such a one. One pass over the text shows it, and gives the time.
 */

use super::path_keys::PathKeys;
use super::recognise::{Recogniser, Shape};
use super::statements::FamiliarKeys;
use super::wanted::SourceReading;
use super::worth::{Worth, is_turn};
use crate::ingest::decode::{JsonOutlines, TellApart};
use crate::limits;
use crate::map::{self, SlotRoles};

/// What is remembered of the records of one input.
#[derive(Debug)]
pub(super) struct FamiliarRecords {
    keys: FamiliarKeys,
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
    /// `keys`: those of earlier inputs.
    pub(super) fn new(keys: FamiliarKeys) -> Self {
        Self { keys, trying: Worth::default(), others: 0, key: Vec::new() }
    }

    pub(super) fn into_keys(self) -> FamiliarKeys {
        self.keys
    }

    /// The record, if it is known at sight. No heading says how it is written.
    pub(super) fn find<'t>(
        &mut self,
        sources: &SourceReading,
        paths: &mut PathKeys<'_>,
        text: &'t str,
    ) -> Option<FamiliarRecord<'t>> {
        if self.keys.known.is_empty() || !self.trying.tries() {
            return None;
        }
        let found = match Shape::of(text, None) {
            Shape::Json => self.find_json(sources, paths, text),
            Shape::Text => self.find_text(sources, paths, text),
            Shape::Pairs | Shape::Row(_) | Shape::Sample(_) => None,
        };
        found.inspect(|_| self.trying.led())
    }

    fn find_json<'t>(
        &mut self,
        sources: &SourceReading,
        paths: &mut PathKeys<'_>,
        text: &'t str,
    ) -> Option<FamiliarRecord<'t>> {
        let Self { keys: FamiliarKeys { outlines, known, .. }, key, .. } = self;
        outlines.iter().find_map(|of_reading| {
            let stamp = write_key(sources, of_reading, (text, paths), key)?;
            let statement = *known.get(key.as_slice())?;
            Some(FamiliarRecord { reading: of_reading.0, statement, stamp })
        })
    }

    fn find_text<'t>(
        &mut self,
        sources: &SourceReading,
        paths: &mut PathKeys<'_>,
        text: &'t str,
    ) -> Option<FamiliarRecord<'t>> {
        let (reading, stamp) = self.write_text_key(sources, (text, paths))?;
        let statement = *self.keys.known.get(self.key.as_slice())?;
        Some(FamiliarRecord { reading, statement, stamp })
    }

    /// Writes what counts in a text. The answer is its reading, and the text of its time.
    fn write_text_key<'t>(
        &mut self,
        sources: &SourceReading,
        (text, paths): (&'t str, &mut PathKeys<'_>),
    ) -> Option<(usize, &'t str)> {
        let fitting = sources.recogniser.expression_of(&sources.readings, text)?;
        self.key.clear();
        let reading = &sources.readings[fitting.reading];
        let stamp = self.keys.texts.write(reading, fitting, text, &mut self.key)?;
        self.key.extend_from_slice(paths.of(fitting.reading));
        Some((fitting.reading, stamp))
    }

    /// Remembers a record of a reading that says what this statement says.
    pub(super) fn learn(
        &mut self,
        (sources, roles): (&SourceReading, &SlotRoles),
        paths: &mut PathKeys<'_>,
        text: &str,
        (reading, statement): (usize, usize),
    ) {
        if self.keys.known.len() >= limits::FAMILIAR_RECORDS {
            return;
        }
        let is_written = match Shape::of(text, None) {
            Shape::Json => self.outline_json((sources, roles), (text, paths), reading),
            Shape::Text => self.outline_text((sources, roles), (text, paths), reading),
            Shape::Pairs | Shape::Row(_) | Shape::Sample(_) => false,
        };
        if is_written && self.key.len() <= limits::REPEATED_STATEMENT_BYTES {
            self.keys.known.insert(self.key.as_slice().into(), statement);
        }
    }

    /// Writes what counts in a record of a reading, whose layout may be new.
    fn outline_json(
        &mut self,
        (sources, roles): (&SourceReading, &SlotRoles),
        (text, paths): (&str, &mut PathKeys<'_>),
        reading: usize,
    ) -> bool {
        // What an expression found in a text is not what stands under the keys of JSON.
        if sources.readings[reading].pattern.is_some() {
            return false;
        }
        let position = self.keys.outlines.iter().position(|outlines| outlines.0 == reading);
        let position = position.unwrap_or_else(|| {
            self.keys.outlines.push((reading, JsonOutlines::default()));
            self.keys.outlines.len() - 1
        });
        let of_reading = &mut self.keys.outlines[position];
        let mut is_known = write_key(sources, of_reading, (text, paths), &mut self.key).is_some();
        if !is_known && of_reading.1.len() < limits::JSON_LAYOUTS {
            self.others += 1;
            if is_turn(self.others, true) && text.len() <= limits::JSON_LAYOUT_BYTES {
                let (recogniser, readings) = (&sources.recogniser, &sources.readings);
                recogniser.outline(readings, reading, (roles, text), &mut of_reading.1);
                is_known = write_key(sources, of_reading, (text, paths), &mut self.key).is_some();
            }
        }
        is_known
    }

    /// The same for a text that an expression reads.
    fn outline_text(
        &mut self,
        (sources, roles): (&SourceReading, &SlotRoles),
        (text, paths): (&str, &mut PathKeys<'_>),
        reading: usize,
    ) -> bool {
        let fitting = sources.recogniser.expression_of(&sources.readings, text);
        let Some(fitting) = fitting.filter(|fitting| fitting.reading == reading) else {
            return false;
        };
        self.keys.texts.add(&sources.readings[reading], roles, fitting);
        self.write_text_key(sources, (text, paths)).is_some()
    }
}

/// Writes what counts in a record of a reading, and gives the text of its time.
fn write_key<'t>(
    sources: &SourceReading,
    (reading, outlines): &(usize, JsonOutlines),
    (text, paths): (&'t str, &mut PathKeys<'_>),
    key: &mut Vec<u8>,
) -> Option<&'t str> {
    key.clear();
    key.extend_from_slice(&u32::try_from(*reading).ok()?.to_le_bytes());
    let first = sources.readings[*reading].picks.len();
    let tell = ByRecogniser { recogniser: &sources.recogniser, first };
    let stamp = outlines.write(text, &tell, key)?;
    key.extend_from_slice(paths.of(*reading));
    Some(stamp)
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
