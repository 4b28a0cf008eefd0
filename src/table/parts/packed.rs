/*! Batches of scans that are kept: as the lines that a bundle has of them, compressed. Rows are many, and few of them
 * are needed at a time.
 */

use std::sync::Arc;

use super::rows::BatchLine;
use crate::model::{InputId, State};
use crate::scan::Batch;

/// The level of compression: what is kept is read twice, and forgotten at the end of a run.
const LEVEL: i32 = 1;

/// A batch that is kept. A clone shares its bytes.
#[derive(Clone, Debug)]
pub struct PackedBatch {
    /// The member of the input; 0 is the input itself.
    pub member: u32,
    /// How many rows it has.
    pub rows: usize,
    /// Does any of them show an old version?
    pub shows_old: bool,
    /// The bytes of its line.
    length: usize,
    packed: Arc<[u8]>,
}

impl PackedBatch {
    /// Packs a batch.
    ///
    /// # Panics
    /// Never: the fields of all rows are such that JSON can hold them, and a buffer takes what is compressed.
    pub fn of(batch: &Batch) -> Self {
        let line = serde_json::to_string(&BatchLine::of(batch)).expect("lists, strings, numbers");
        Self::packed(batch, &line)
    }

    /// Packs a line that was read.
    pub(super) fn read(line: &str) -> Result<Self, serde_json::Error> {
        Ok(Self::packed(&serde_json::from_str::<BatchLine>(line)?.back(), line))
    }

    fn packed(batch: &Batch, line: &str) -> Self {
        let packed = zstd::bulk::compress(line.as_bytes(), LEVEL).expect("a buffer takes it");
        Self {
            member: batch.member,
            rows: batch.rows.len(),
            shows_old: batch.rows.iter().any(|row| row.state == State::Old),
            length: line.len(),
            packed: packed.into(),
        }
    }

    /// The line, as a bundle has it.
    ///
    /// # Panics
    /// Never: it was compressed here.
    pub(super) fn line(&self) -> String {
        let line = zstd::bulk::decompress(&self.packed, self.length).expect("compressed here");
        String::from_utf8(line).expect("a line of text")
    }

    /// The batch, as one of this input.
    ///
    /// # Panics
    /// Never: its line was written or read here before.
    pub fn batch(&self, input: InputId) -> Batch {
        let line: BatchLine = serde_json::from_str(&self.line()).expect("the line of a batch");
        let mut batch = line.back();
        batch.stand_in(input);
        batch
    }
}

/// A batch on its way to the table.
#[derive(Clone, Debug)]
pub enum SealBatch {
    /// As it was scanned.
    Scanned(Batch),
    /// As an earlier scan is kept, and the number that its input has now.
    Kept(InputId, PackedBatch),
}

impl SealBatch {
    /// The member of the input.
    pub fn member(&self) -> u32 {
        match self {
            Self::Scanned(batch) => batch.member,
            Self::Kept(_, packed) => packed.member,
        }
    }

    /// The input that gave the rows.
    pub fn input(&self) -> InputId {
        match self {
            Self::Scanned(batch) => batch.input,
            Self::Kept(input, _) => *input,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match self {
            Self::Scanned(batch) => batch.rows.len(),
            Self::Kept(_, packed) => packed.rows,
        }
    }

    /// Gives the input its number among all inputs and members that were read.
    pub fn renumber(&mut self, input: InputId) {
        match self {
            Self::Scanned(batch) => batch.renumber(input),
            Self::Kept(kept, _) => *kept = input,
        }
    }

    /// The batch itself.
    pub fn batch(self) -> Batch {
        match self {
            Self::Scanned(batch) => batch,
            Self::Kept(input, packed) => packed.batch(input),
        }
    }

    /// The batch as a later run keeps it.
    pub fn packed(&self) -> PackedBatch {
        match self {
            Self::Scanned(batch) => PackedBatch::of(batch),
            Self::Kept(_, packed) => packed.clone(),
        }
    }
}
