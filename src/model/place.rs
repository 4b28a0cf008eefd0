/*! Where a record is, exactly enough to read it again alone. */

use super::time::{Timestamp, When};

/// The number of an input in the sorted list of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputId(pub u32);

/// The place of one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The input that holds it.
    pub input: InputId,
    /// The number of the record in the input, from 1.
    pub record: u64,
    /// The first byte of the record in the uncompressed stream.
    pub offset: u64,
    /// The length of the record in bytes.
    pub length: u32,
}

/// An instant that can be cited: when, and the row of evidence that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct At {
    /// When it happened.
    pub when: When,
    /// The row of the evidence table, counted from 0 in its total order.
    pub row: u64,
}

impl At {
    /// The start of its interval, which counts for a new success.
    pub fn earliest(self) -> Timestamp {
        self.when.earliest()
    }

    /// The end of its interval, which counts for an old use.
    pub fn latest(self) -> Timestamp {
        self.when.latest()
    }
}
