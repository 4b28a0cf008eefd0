/*! Records that say what one before said, at another time. Most lines of a log are of this kind: that their program was
 * alive is all that they tell of the rotation. What such a record says is compared byte by byte, so it is known before
 * anything is made of it.
 */

use std::collections::HashMap;
use std::sync::Arc;

use super::familiar::{FamiliarRecord, FamiliarRecords};
use super::interpret::{DecodedRecord, InterpretedRecord};
use super::part::Part;
use super::testimony::Testimony;
use super::wanted::{SourceReading, Wanted};
use super::worth::Worth;
use crate::ingest::decode::JsonOutlines;
use crate::limits;
use crate::map::{self, Mapped, RecordTime};
use crate::model::bounds::TimeBounds;
use crate::model::coverage::Cell;
use crate::model::{ClassId, Kind, Timestamp};

/// What the records of one input say besides their times, where that gives no row.
pub(super) struct Repeats<'a> {
    wanted: &'a Wanted,
    sources: &'a SourceReading,
    /// The numbers of the statements, by their bytes.
    known: HashMap<Box<[u8]>, usize>,
    statements: Vec<Statement>,
    /// The bytes of the record that is being read; empty: it cannot repeat another.
    record: Vec<u8>,
    /// The position of its reading.
    last_reading: usize,
    finding: Worth,
    familiar: FamiliarRecords,
    bounds: TimeBounds<'a>,
}

/// What records say that give no row, and when they were.
pub(super) struct Statement {
    pub(super) stream: Arc<str>,
    pub(super) instance: Option<Arc<str>>,
    pub(super) classes: Vec<ClassId>,
    /// The records of the last minute that nobody has taken yet.
    cell: Option<Cell>,
}

impl<'a> Repeats<'a> {
    pub(super) fn new(
        wanted: &'a Wanted,
        sources: &'a SourceReading,
        bounds: TimeBounds<'a>,
        outlines: Vec<(usize, JsonOutlines)>,
    ) -> Self {
        let (known, statements, record) = (HashMap::new(), Vec::new(), Vec::new());
        Self {
            wanted,
            sources,
            known,
            statements,
            record,
            last_reading: 0,
            finding: Worth::default(),
            familiar: FamiliarRecords::with_outlines(outlines),
            bounds,
        }
    }

    pub(super) fn into_outlines(self) -> Vec<(usize, JsonOutlines)> {
        self.familiar.into_outlines()
    }

    /// The number of the statement that a text repeats, and when it does, if that is known at sight.
    pub(super) fn at_sight(&mut self, text: &str) -> Option<(usize, Timestamp)> {
        let FamiliarRecord { reading, statement, stamp } =
            self.familiar.find(self.sources, text)?;
        let when = map::punctual_stamp(&self.sources.readings[reading], stamp, self.bounds)?;
        Some((statement, when.earliest()))
    }

    /// Makes the record that `find` was asked for known at sight: it says what this statement says.
    pub(super) fn make_familiar(&mut self, text: &str, statement: usize) {
        let (sources, reading) = (self.sources, self.last_reading);
        let roles = self.wanted.roles(sources, reading);
        self.familiar.learn(sources, roles, text, (reading, statement));
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
        let known = self.known.get(self.record.as_slice()).copied();
        known.inspect(|_| self.finding.led())
    }

    /// The statement of this number.
    pub(super) fn statement(&self, number: usize) -> &Statement {
        &self.statements[number]
    }

    /// Counts a record. The answer: those of an earlier minute, which somebody has to take.
    pub(super) fn count(&mut self, number: usize, at: Timestamp) -> Option<Cell> {
        let cell = &mut self.statements[number].cell;
        match cell {
            Some(cell) if cell.first.minute() == at.minute() => {
                cell.join(Cell::one(at));
                None
            }
            Some(_) | None => cell.replace(Cell::one(at)),
        }
    }

    /// The records that nobody has taken yet.
    pub(super) fn rest(&mut self) -> impl Iterator<Item = (&Statement, Cell)> {
        self.statements.iter_mut().filter_map(|statement| {
            let cell = statement.cell.take()?;
            Some((&*statement, cell))
        })
    }

    /// Whether the record that `find` was asked for may be remembered.
    pub(super) fn can_learn(&self) -> bool {
        self.statements.len() < limits::REPEATED_STATEMENTS
            && (1..=limits::REPEATED_STATEMENT_BYTES).contains(&self.record.len())
            && !self.known.contains_key(self.record.as_slice())
    }

    /// Remembers what that record said.
    pub(super) fn learn(&mut self, statement: Statement) {
        self.known.insert(self.record.as_slice().into(), self.statements.len());
        self.statements.push(statement);
        self.record.clear();
    }
}

impl Statement {
    /// Counts records of one minute that said this.
    pub(super) fn add_to(&self, part: &mut Part, cell: Cell) {
        part.see(&self.stream, &self.classes, self.instance.as_deref(), cell);
        part.beat(&self.stream, cell);
    }

    /// What a record says, if the next one with the same words says the same and nothing else.
    pub(super) fn of(
        record: &InterpretedRecord<'_, '_>,
        testimony: &Testimony<'_>,
        masked: &mut dyn FnMut(&str) -> Arc<str>,
    ) -> Option<Self> {
        let mapped = &record.mapped;
        let tells_more = testimony.attributed.kept.is_some()
            || testimony.flaw.is_some()
            || testimony.stray.is_some()
            || !only_tells_its_time(mapped);
        (!tells_more).then(|| Self {
            stream: Arc::clone(&testimony.stream),
            instance: mapped.instance().map(masked),
            classes: testimony.attributed.classes.clone(),
            cell: None,
        })
    }
}

/// Does a record without rows tell nothing of others: no link, no number in a row, no end of a session, no share?
fn only_tells_its_time(mapped: &Mapped<'_>) -> bool {
    let Mapped {
        time,
        late_arrival,
        kind,
        named,
        links,
        previous,
        aliases,
        owns,
        measured,
        listed,
        ..
    } = mapped;
    let tells_of_others =
        matches!(kind, Some(Kind::Start | Kind::Stop | Kind::Close | Kind::Refresh))
            || *owns
            || measured.sequence.is_some()
            || measured.sample_rate.is_some_and(|rate| rate > 1.0)
            || listed.is_some();
    let ids = named.len() + links.len() + previous.len() + aliases.len();
    matches!(time, RecordTime::At(_)) && late_arrival.is_none() && ids == 0 && !tells_of_others
}
