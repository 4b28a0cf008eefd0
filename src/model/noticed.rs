/*! Records that say the same thing: how many, the first and the last. */

use super::place::{InputId, Place};
use super::time::Timestamp;

/// A record with its time.
pub type DatedPlace = (Timestamp, Place);

/// How many records say something, and between which of them the others lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noticed {
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub first: DatedPlace,
    /// The last of them.
    pub last: DatedPlace,
}

impl Noticed {
    /// A single record.
    pub fn one(at: DatedPlace) -> Self {
        Self { count: 1, first: at, last: at }
    }

    /// Adds others. The order of additions does not matter.
    pub fn join(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }

    /// All of them lie in this input.
    pub fn stand_in(&mut self, input: InputId) {
        (self.first.1.input, self.last.1.input) = (input, input);
    }
}
