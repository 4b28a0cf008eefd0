/*! Where a running command is, as counters that another thread may read at any time. */

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// The stage that a command is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading the inputs.
    Reading,
    /// Reading inputs a second time, because links found elsewhere make more of their records matter.
    Again,
    /// Sorting and sealing the evidence.
    Sealing,
    /// Running the queries and judging the facts.
    Deciding,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 4] = [Self::Reading, Self::Again, Self::Sealing, Self::Deciding];

    /// The word that the progress bar shows.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Again => "reading again",
            Self::Sealing => "sealing",
            Self::Deciding => "deciding",
        }
    }
}

/// How far a command is.
#[derive(Debug, Default)]
pub struct Progress {
    /// The stage, as an index into `Stage::ALL`.
    stage: AtomicU8,
    /// Stored bytes of all inputs.
    pub total: AtomicU64,
    /// Bytes read.
    pub read: AtomicU64,
    /// Inputs found.
    pub inputs: AtomicU64,
    /// Inputs read.
    pub done: AtomicU64,
    /// Rows of evidence kept.
    pub rows: AtomicU64,
}

impl Progress {
    /// The current stage.
    pub fn stage(&self) -> Stage {
        Stage::ALL[usize::from(self.stage.load(Ordering::Relaxed))]
    }

    pub(super) fn enter(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Relaxed);
    }
}
