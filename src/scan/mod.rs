/*! One input, from bytes to rows: a pure function of the stored bytes, the profiles and what is wanted. */

mod batch;
mod link_queries;
mod links;
mod members;
mod not_understood;
mod observer;
mod part;
mod path_time;
mod pieces;
mod reader;
mod recognise;
mod records;
mod rejects;
mod rows;
mod stream;
mod wanted;

pub use batch::{Batch, Interner, Row, Sample, Sink, SinkError, Sym};
pub use link_queries::{LinkAnswers, LinkQueries};
pub use observer::{Observer, Sighting};
pub use part::{Part, Presence, RejectedRun, StreamName};
pub use wanted::{SourceReading, Wanted};

pub use crate::attribute::Settle;
pub use crate::map::{Beyond, Bounds, shown_uid, whole};

use crate::ingest::{self, Input, ReadOptions};

use members::Members;
use reader::ScanOutputs;

/// What to do while reading.
pub struct Watch<'a> {
    /// Is a digest of the stored bytes wanted?
    pub digest: bool,
    /// ReportedOutcome of stored bytes as they are read.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// Scans one input: its rows go to the sink as they come, what was counted are the parts: the input's own, and one for
/// each member of an archive.
pub fn scan(
    input: &Input,
    wanted: &Wanted,
    watch: &Watch<'_>,
    sink: &mut dyn Sink,
) -> Result<Vec<Part>, SinkError> {
    run(input, wanted, &ScanOutputs::new(watch, sink, None))
}

/// Looks at the records of one input without keeping any: each is told to the witness.
pub fn look(
    input: &Input,
    wanted: &Wanted,
    watch: &Watch<'_>,
    witness: &mut dyn Observer,
) -> Result<Vec<Part>, SinkError> {
    run(input, wanted, &ScanOutputs::new(watch, &mut Nowhere, Some(witness)))
}

/// Takes rows and keeps none.
struct Nowhere;

impl Sink for Nowhere {
    fn batch(&mut self, _batch: Batch) -> Result<(), SinkError> {
        Ok(())
    }
}

fn run<'a>(
    input: &Input,
    wanted: &'a Wanted,
    outlets: &'a ScanOutputs<'a>,
) -> Result<Vec<Part>, SinkError> {
    let sources = wanted.reading(&input.path);
    let (keys, time_keys) = (sources.record_keys(), sources.time_keys());
    let options = ReadOptions {
        record_keys: &keys,
        time_keys: &time_keys,
        digest: outlets.watch.digest,
        ..ReadOptions::default()
    };
    let mut members = Members::new(input, wanted, outlets);
    let read = ingest::read(input, &options, &mut members);
    let mut parts = members.finish(read)?;
    if let Some(own) = parts.first_mut() {
        own.beyond = outlets.beyond.earliest();
    }
    Ok(parts)
}
