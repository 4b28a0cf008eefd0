/*! Records that say what one before said, at another time. Most lines of a log are of this kind: that their program was
 * alive is all that they tell of the rotation. What such a record says is compared byte by byte, so it is known before
 * anything is made of it.
 */

use std::sync::Arc;

use super::familiar::{FamiliarRecord, FamiliarRecords};
use super::interpret::DecodedRecord;
use super::part::Part;
use super::path_keys::PathKeys;
use super::statements::{KnownRecords, KnownStatements, Statement};
use super::wanted::{SourceReading, Wanted};
use super::worth::Worth;
use crate::limits;
use crate::map;
use crate::model::Timestamp;
use crate::model::bounds::TimeBounds;
use crate::model::coverage::Cell;

/// What the records of one input say besides their times, where that gives no row.
pub(super) struct Repeats<'a> {
    wanted: &'a Wanted,
    sources: &'a SourceReading,
    known: KnownStatements,
    /// For each statement, whether this input made it, and how often.
    made: Vec<Option<MadeStatement>>,
    /// The bytes of the record that is being read; empty: it cannot repeat another.
    record: Vec<u8>,
    /// The position of its reading.
    last_reading: usize,
    finding: Worth,
    familiar: FamiliarRecords,
    paths: PathKeys<'a>,
    bounds: TimeBounds<'a>,
}

/// A statement that an input made.
struct MadeStatement {
    stream: Arc<str>,
    /// The records of the last minute that nobody has taken yet.
    cell: Option<Cell>,
}

impl<'a> Repeats<'a> {
    /// `path`: that of the input. `known`: what earlier inputs said.
    pub(super) fn new(
        wanted: &'a Wanted,
        sources: &'a SourceReading,
        (path, bounds): (String, TimeBounds<'a>),
        known: KnownRecords,
    ) -> Self {
        let KnownRecords { statements, familiar } = known;
        Self {
            wanted,
            sources,
            known: statements,
            made: Vec::new(),
            record: Vec::new(),
            last_reading: 0,
            finding: Worth::default(),
            familiar: FamiliarRecords::new(familiar),
            paths: PathKeys::new(wanted, sources, path),
            bounds,
        }
    }

    /// What the next input may say, too.
    pub(super) fn into_known(self) -> KnownRecords {
        KnownRecords { statements: self.known, familiar: self.familiar.into_keys() }
    }

    /// The number of the statement that a text repeats, and when it does, if that is known at sight.
    pub(super) fn at_sight(&mut self, text: &str) -> Option<(usize, Timestamp)> {
        let FamiliarRecord { reading, statement, stamp } =
            self.familiar.find(self.sources, &mut self.paths, text)?;
        let when = map::punctual_stamp(&self.sources.readings[reading], stamp, self.bounds)?;
        Some((statement, when.earliest()))
    }

    /// Makes the record that `find` was asked for known at sight: it says what this statement says.
    pub(super) fn make_familiar(&mut self, text: &str, statement: usize) {
        let (sources, reading) = (self.sources, self.last_reading);
        let roles = self.wanted.roles(sources, reading);
        self.familiar.learn((sources, roles), &mut self.paths, text, (reading, statement));
    }

    /// The number of the statement that a record repeats.
    pub(super) fn find(&mut self, record: &DecodedRecord<'_, '_>) -> Option<usize> {
        self.record.clear();
        if !record.reading.may_repeat() || !self.finding.tries() {
            return None;
        }
        let readings = &self.sources.readings;
        let is_its =
            |position: &usize| std::ptr::eq(&raw const readings[*position], record.reading);
        let mut all = std::iter::once(self.last_reading).chain(0..readings.len());
        let reading = all.find(is_its)?;
        self.last_reading = reading;
        self.record.extend_from_slice(&u32::try_from(reading).ok()?.to_le_bytes());
        let roles = self.wanted.roles(self.sources, reading);
        record.reading.write_statement(roles, &record.fields, &mut self.record);
        self.record.extend_from_slice(self.paths.of(reading));
        let known = self.known.number(&self.record);
        known.inspect(|_| self.finding.led())
    }

    /// The statement of this number, if the input has not made it yet.
    pub(super) fn first_time(&self, number: usize) -> Option<&Statement> {
        let was_made = self.made.get(number).is_some_and(Option::is_some);
        (!was_made).then(|| self.known.statement(number))
    }

    /// The input makes this statement, in records of this stream.
    pub(super) fn make(&mut self, number: usize, stream: Arc<str>) {
        if self.made.len() <= number {
            self.made.resize_with(number + 1, || None);
        }
        self.made[number] = Some(MadeStatement { stream, cell: None });
    }

    /// Counts a record that makes a statement which the input made before. The answer is its stream; those of an
    /// earlier minute are added to the part.
    pub(super) fn count(&mut self, number: usize, at: Timestamp, part: &mut Part) -> Option<&str> {
        let made = self.made.get_mut(number)?.as_mut()?;
        match &mut made.cell {
            Some(cell) if cell.first.minute() == at.minute() => cell.join(Cell::one(at)),
            cell => {
                if let Some(earlier) = cell.replace(Cell::one(at)) {
                    part.add_statement(self.known.statement(number), &made.stream, earlier);
                }
            }
        }
        Some(&made.stream)
    }

    /// Adds the records that were not added yet.
    pub(super) fn add_rest(&mut self, part: &mut Part) {
        for (number, made) in self.made.iter_mut().enumerate() {
            let Some(made) = made else { continue };
            if let Some(cell) = made.cell.take() {
                part.add_statement(self.known.statement(number), &made.stream, cell);
            }
        }
    }

    /// Whether the record that `find` was asked for may be remembered.
    pub(super) fn can_learn(&self) -> bool {
        self.known.len() < limits::REPEATED_STATEMENTS
            && (1..=limits::REPEATED_STATEMENT_BYTES).contains(&self.record.len())
            && self.known.number(&self.record).is_none()
    }

    /// The position of the reading of that record.
    pub(super) fn reading(&self) -> usize {
        self.last_reading
    }

    /// Remembers what that record said, which is of this stream.
    pub(super) fn learn(&mut self, statement: Statement, stream: Arc<str>) {
        let number = self.known.add(&self.record, statement);
        self.make(number, stream);
        self.record.clear();
    }
}
