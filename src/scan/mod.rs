/*! One input, from bytes to rows: a pure function of the stored bytes, the profiles and what is wanted. */

mod batch;
mod captured;
mod members;
mod part;
mod reader;
mod recognise;
mod records;
mod rejects;
mod rows;
mod stream;
mod ties;
mod wanted;
mod witness;

pub use batch::{Batch, Interner, Row, Sample, Sink, SinkError, Sym};
pub use part::{Part, Presence, RejectedRun, StreamName};
pub use wanted::{SourceReading, Wanted};
pub use witness::{Sighting, Witness};

pub use crate::attribute::Settle;
pub use crate::map::{Bounds, TEXTS, shown_uid, text_slot, whole};

use crate::ingest::{self, Input, ReadOptions};
use crate::model::coverage::Damage;

use members::Members;
use reader::Outlets;

/// What to do while reading.
pub struct Watch<'a> {
    /// Is a digest of the stored bytes wanted?
    pub digest: bool,
    /// Told of stored bytes as they are read.
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
    run(input, wanted, &Outlets::new(watch, sink, None))
}

/// Looks at the records of one input without keeping any: each is told to the witness.
pub fn look(
    input: &Input,
    wanted: &Wanted,
    watch: &Watch<'_>,
    witness: &mut dyn Witness,
) -> Result<Vec<Part>, SinkError> {
    run(input, wanted, &Outlets::new(watch, &mut Nowhere, Some(witness)))
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
    outlets: &'a Outlets<'a>,
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
    members.finish(read)
}

/// An input of which no record is known, or none has a time, says nothing: that is damage.
fn not_understood(sources: &SourceReading, part: &mut Part) {
    let is_unknown = |run: &RejectedRun| {
        run.run.reasons.keys().all(|reason| reason == "unknown-format" || reason == "no-pattern")
    };
    if part.tally.records > 0
        && part.tally.rejected == part.tally.records
        && part.rejects.iter().all(is_unknown)
    {
        let texts = sources.readings.iter().filter(|reading| reading.pattern.is_some()).count();
        part.damage.push(Damage {
            what: format!(
                "no record has a known format: no JSON, no `key=value` pairs, no rows under a known header, and \
                 none of {texts} text profiles fits; `holdover sources test` shows more"
            ),
            offset: 0,
            after: None,
            old_marker: false,
        });
    } else if part.tally.records > 0 && part.span.is_none() && part.damage.is_empty() {
        let dated_by_path = |name: &str| {
            let mut all = sources.readings.iter().map(|reading| &reading.profile);
            all.any(|profile| profile.name == name && profile.dated_by_path)
        };
        let help = if part.profile.split(", ").any(dated_by_path) {
            ", nor has its name: call it `web-20260302T090000Z.prom` or the like, by when it was taken"
        } else {
            ""
        };
        part.damage.push(Damage {
            what: match part.tally.records {
                1 => format!("its one record has no time that can be read{help}"),
                n => format!("none of its {n} records has a time that can be read{help}"),
            },
            offset: 0,
            after: None,
            old_marker: false,
        });
    }
}
