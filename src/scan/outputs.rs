/*! Where the rows of a scan go, and who observes its records: shared by all members of one input. An observer sees
 * each record as soon as it is mapped, before the plan is consulted.
 */

use std::cell::RefCell;

use crate::map::Mapped;
use crate::model::bounds::TooLate;
use crate::model::{DigestKind, Place};

use super::batch::{Batch, Sink, SinkError};
use super::clock_resets::ResetStamps;
use super::seen_fields::SeenField;

/// How to scan an input.
pub struct ScanOptions<'a> {
    /// The digest to compute of the stored bytes, if any.
    pub digest: Option<DigestKind>,
    /// Whether to decode every record, even where what it says is known before.
    pub strict: bool,
    /// Whether another thread reads the records.
    pub ahead: bool,
    /// Called with the number of stored bytes read so far.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// One mapped record.
pub struct ObservedRecord<'s> {
    /// Where the record is.
    pub place: Place,
    /// The member of the archive that holds it; 0 is the input itself.
    pub member: u32,
    /// The profile that mapped it.
    pub profile: &'s str,
    /// Its columns.
    pub mapped: &'s Mapped<'s>,
    /// All of its fields, if the observer wants them.
    pub fields: Vec<SeenField>,
}

/// Receives each mapped record.
pub trait Observer {
    /// Called once for each mapped record, in the order of the input.
    fn observe(&mut self, record: &ObservedRecord<'_>);

    /// Whether it wants all fields of the next record of this member, which takes time.
    fn wants_fields(&self, _member: u32) -> bool {
        false
    }
}

/// The sink, the observer and the options of one scan.
pub(super) struct ScanOutputs<'a> {
    pub(super) options: &'a ScanOptions<'a>,
    /// The earliest stamp that was too late to be true: a later run may accept it.
    pub(super) beyond: TooLate,
    /// The stamps of clocks that were reset, as an earlier pass over the input found them.
    known_resets: Option<ResetStamps>,
    found_resets: RefCell<ResetStamps>,
    sink: RefCell<&'a mut dyn Sink>,
    observer: Option<RefCell<&'a mut dyn Observer>>,
}

impl<'a> ScanOutputs<'a> {
    pub(super) fn new(
        options: &'a ScanOptions<'a>,
        sink: &'a mut dyn Sink,
        observer: Option<&'a mut dyn Observer>,
    ) -> Self {
        Self {
            options,
            beyond: TooLate::default(),
            known_resets: None,
            found_resets: RefCell::default(),
            sink: RefCell::new(sink),
            observer: observer.map(RefCell::new),
        }
    }

    /// The outputs of a pass that knows these stamps.
    pub(super) fn with_resets(self, known: Option<ResetStamps>) -> Self {
        Self { known_resets: known, ..self }
    }

    /// Whether a record that repeats what one before said may be counted without making anything of it.
    pub(super) fn takes_repeats(&self) -> bool {
        self.observer.is_none() && !self.options.strict
    }

    /// Whether a stamp is known to come from a clock that was reset.
    pub(super) fn is_reset(&self, member: u32, statement: u64) -> bool {
        self.known_resets.as_ref().is_some_and(|known| known.contains(&(member, statement)))
    }

    /// Takes the stamps of one member. What is behind in a second pass follows from the first.
    pub(super) fn take_resets(&self, member: u32, statements: impl Iterator<Item = u64>) {
        if self.known_resets.is_none() {
            let stamps = statements.map(|statement| (member, statement));
            self.found_resets.borrow_mut().extend(stamps);
        }
    }

    /// The stamps that this pass found.
    pub(super) fn found_resets(&self) -> ResetStamps {
        self.found_resets.take()
    }

    pub(super) fn take(&self, batch: Batch) -> Result<(), SinkError> {
        self.sink.borrow_mut().batch(batch)
    }

    /// Shows a record. `fields` gives all that it has, for an observer that wants them.
    pub(super) fn show(&self, record: &ObservedRecord<'_>, fields: &dyn Fn() -> Vec<SeenField>) {
        if let Some(observer) = &self.observer {
            let mut observer = observer.borrow_mut();
            let wanted = if observer.wants_fields(record.member) { fields() } else { Vec::new() };
            let ObservedRecord { place, member, profile, mapped, fields: _ } = *record;
            observer.observe(&ObservedRecord { place, member, profile, mapped, fields: wanted });
        }
    }
}

/// A sink that keeps no rows.
pub(super) struct DiscardRows;

impl Sink for DiscardRows {
    fn batch(&mut self, _batch: Batch) -> Result<(), SinkError> {
        Ok(())
    }

    fn restart(&mut self) {}
}
