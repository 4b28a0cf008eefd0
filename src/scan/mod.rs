/*! One input, from bytes to rows: a pure function of the stored bytes, the profiles and what is wanted.
 *
 * Each record passes four stages: `ingest` cuts it from the stream, `interpret` turns its text into mapped records,
 * `testimony` attributes those, and `builder` alone changes the result. `reader` calls the stages for one input or
 * member, `members` opens a reader for each member of an archive.
 */

mod batch;
mod builder;
mod continuity;
mod digested;
pub(crate) mod file_series;
mod interpret;
mod link_queries;
mod links;
mod loss_notice;
mod members;
mod not_understood;
mod observer;
mod origin;
mod outputs;
mod page;
mod part;
mod path_time;
mod reader;
mod recognise;
mod record_starts;
mod rejects;
mod rows;
mod seen_fields;
pub(crate) mod stream;
mod testimony;
mod wanted;

pub use batch::{Batch, Interner, Row, Sample, Sink, SinkError, Sym};
pub use continuity::{Continuity, NumberRuns, SessionEnd};
pub use link_queries::{LinkAnswers, LinkQueries};
pub use observer::{ObservedRecord, Observer};
pub use outputs::ScanOptions;
pub use page::{Page, PageSigns};
pub use part::{Part, Presence, RejectedRun};
pub use seen_fields::SeenField;
pub use stream::StreamName;
pub use wanted::{SourceReading, Wanted};

use crate::ingest::{self, Input, ReadOptions};

use members::Members;
use outputs::{DiscardRows, ScanOutputs};

/// Scans one input. Its rows go to the sink as they come. The answer has a part for the input and one for each member
/// of an archive.
pub fn scan(
    input: &Input,
    wanted: &Wanted,
    options: &ScanOptions<'_>,
    sink: &mut dyn Sink,
) -> Result<Vec<Part>, SinkError> {
    run(input, wanted, &ScanOutputs::new(options, sink, None))
}

/// Shows the mapped records of one input to an observer and keeps no rows.
pub fn look(
    input: &Input,
    wanted: &Wanted,
    options: &ScanOptions<'_>,
    observer: &mut dyn Observer,
) -> Result<Vec<Part>, SinkError> {
    run(input, wanted, &ScanOutputs::new(options, &mut DiscardRows, Some(observer)))
}

fn run<'a>(
    input: &Input,
    wanted: &'a Wanted,
    outputs: &'a ScanOutputs<'a>,
) -> Result<Vec<Part>, SinkError> {
    let sources = wanted.reading(&input.path);
    let (keys, time_keys) = (sources.record_keys(), sources.time_keys());
    let read_options = ReadOptions {
        record_keys: &keys,
        time_keys: &time_keys,
        digest: outputs.options.digest,
        ..ReadOptions::default()
    };
    let mut members = Members::new(input, wanted, outputs);
    let read = ingest::read(input, &read_options, &mut members);
    members.finish(read)
}
