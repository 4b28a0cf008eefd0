/*! One input, from bytes to rows: a pure function of the stored bytes, the profiles and what is wanted.
 *
 * A record passes four stages: `ingest` cuts it from the stream, `interpret` turns its text into mapped records,
 * `testimony` attributes those, `builder` alone changes the result. `reader` calls them, one for each member.
 */

mod batch;
mod builder;
mod claims;
mod clock_resets;
mod continuity;
mod digested;
mod documents;
mod earlier_records;
mod familiar;
mod fates;
pub(crate) mod file_series;
mod interpret;
mod latest_time;
mod layout_pool;
mod link_queries;
mod links;
mod loss_notice;
mod members;
mod not_understood;
mod origin;
mod outputs;
mod page;
mod part;
mod path_keys;
mod path_time;
mod reader;
mod recognise;
mod record_starts;
mod rejects;
mod repeats;
mod row_guess;
mod rows;
mod seen_fields;
mod statement_of;
mod statements;
pub(crate) mod stream;
mod stream_framing;
mod stream_names;
mod testimony;
mod text_outlines;
mod text_readings;
mod unread_markers;
mod wanted;
mod worth;

pub use batch::{Batch, Interner, Row, RowMeasured, Sample, Sink, SinkError, Sym};
pub use continuity::{Continuity, NumberRuns, SessionEnd};
pub use link_queries::{LinkAnswers, LinkQueries};
pub use outputs::{ObservedRecord, Observer, ScanOptions};
pub use page::{Page, PageSigns};
pub use part::{Part, Presence, RejectedRun};
pub use seen_fields::SeenField;
pub use stream::StreamName;
pub use wanted::{SourceReading, Wanted};

use crate::ingest::Input;
use members::{read_members, read_once};
use outputs::{DiscardRows, ScanOutputs};

/// Scans one input. Its rows go to the sink as they come; if the clock of a writer was reset, they go there a second
/// time, after `Sink::restart`. The answer has a part for the input and one for each member of an archive.
pub fn scan(
    input: &Input,
    wanted: &Wanted,
    options: &ScanOptions<'_>,
    sink: &mut dyn Sink,
) -> Result<Vec<Part>, SinkError> {
    let (parts, resets) = read_once(input, wanted, options, sink, None)?;
    if resets.is_empty() {
        return Ok(parts);
    }
    sink.restart();
    Ok(read_once(input, wanted, options, sink, Some(resets))?.0)
}

/// Shows the mapped records of one input to an observer and keeps no rows.
pub fn look(
    input: &Input,
    wanted: &Wanted,
    options: &ScanOptions<'_>,
    observer: &mut dyn Observer,
) -> Result<Vec<Part>, SinkError> {
    read_members(input, wanted, &ScanOutputs::new(options, &mut DiscardRows, Some(observer)))
}
