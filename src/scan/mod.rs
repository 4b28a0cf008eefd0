/*! One input, from bytes to rows: a pure function of the stored bytes, the profiles and what is wanted. */

mod batch;
mod part;
mod reader;
mod recognise;
mod records;
mod rejects;
mod rows;
mod stream;
mod ties;
mod wanted;

pub use batch::{Batch, Interner, Row, Sink, SinkError, Sym};
pub use part::{Part, Presence, RejectedRun, StreamName};
pub use wanted::{SourceReading, Wanted};

pub use crate::attribute::Settle;
pub use crate::map::{TEXTS, shown_uid, text_slot};

use crate::ingest::{self, Input, ReadOptions};
use crate::model::columns::Column;
use crate::model::coverage::Damage;

/// What to do while reading.
pub struct Watch<'a> {
    /// Is a digest of the stored bytes wanted?
    pub digest: bool,
    /// Told of stored bytes as they are read.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// Scans one input: its rows go to the sink as they come, what was counted is the part.
pub fn scan(
    input: &Input,
    wanted: &Wanted,
    watch: &Watch<'_>,
    sink: &mut dyn Sink,
) -> Result<Part, SinkError> {
    let sources = wanted.reading(&input.path);
    let mut keys: Vec<&str> = Vec::new();
    for reading in &sources.readings {
        keys.extend(reading.profile.record_keys.iter().map(String::as_str));
    }
    keys.dedup();
    let readings = sources.readings.iter();
    let times = readings.filter_map(|reading| reading.profile.fields.get(&Column::EventTime));
    let times = times.flatten().filter_map(|pointer| pointer.strip_prefix('/'));
    let mut time_keys: Vec<&str> = times.filter(|key| !key.contains('/')).collect();
    time_keys.sort_unstable();
    time_keys.dedup();
    let options = ReadOptions {
        record_keys: &keys,
        time_keys: &time_keys,
        digest: watch.digest,
        ..ReadOptions::default()
    };
    let mut reader = reader::Reader::new(input, wanted, (sources, watch), sink);
    let read = ingest::read(input, &options, &mut reader);
    let mut part = reader.finish()?;
    part.bytes = read.bytes;
    part.sha256 = read.sha256;
    part.format = read.format;
    let last = part.span.map(|(_, last)| last);
    let damage = read.damage.into_iter().map(|damage| Damage { after: last, ..damage });
    part.damage.extend(damage);
    if wanted.rotation.markers.holds_old(&read.envelope) {
        part.damage.push(Damage {
            what: "bytes around the records hold an old marker".to_owned(),
            offset: 0,
            after: last,
            old_marker: true,
        });
    }
    if part.tally.records > 0 && part.span.is_none() && part.damage.is_empty() {
        part.damage.push(Damage {
            what: match part.tally.records {
                1 => "its one record has no time that can be read".to_owned(),
                n => format!("none of its {n} records has a time that can be read"),
            },
            offset: 0,
            after: None,
            old_marker: false,
        });
    }
    Ok(part)
}

/// The folder of an input as it stands in the names of its streams.
pub fn folder(path: &str) -> String {
    stream::Folder::of(path).name(None)
}
