/*! One input may be an archive: each of its members is read as an input of its own, by its own path. */

use std::collections::BTreeMap;

use crate::ingest::{self, Frame, Framing, Input, ReadOptions, ReadReport, Visit};
use crate::model::coverage::Reject;
use crate::model::damage::Damage;

use super::batch::{Sink, SinkError};
use super::clock_resets::ResetStamps;
use super::origin::Origin;
use super::outputs::{ScanOptions, ScanOutputs};
use super::part::Part;
use super::reader::Reader;
use super::wanted::Wanted;

/// Reads an input and its members, once.
pub(super) fn read_members<'a>(
    input: &Input,
    wanted: &'a Wanted,
    outputs: &'a ScanOutputs<'a>,
) -> Result<Vec<Part>, SinkError> {
    let sources = wanted.reading(&input.path);
    let read_options = ReadOptions {
        record_keys: &sources.record_keys,
        time_keys: &sources.time_keys,
        digest: outputs.options.digest,
        ..ReadOptions::default()
    };
    let mut members = Members::new(input, wanted, outputs);
    let read = if outputs.options.ahead {
        ingest::read_ahead(input, &read_options, &mut members)
    } else {
        ingest::read(input, &read_options, &mut members)
    };
    members.finish(read)
}

/// The readers of an input and of its members.
struct Members<'a> {
    wanted: &'a Wanted,
    outputs: &'a ScanOutputs<'a>,
    /// The readers of members that have not ended, the outermost first.
    open: Vec<Reader<'a>>,
    /// How many members have begun.
    begun: u32,
    ended: Vec<Part>,
    /// The members that hold others, and the last member that each holds.
    archives: BTreeMap<u32, u32>,
    failed: Option<SinkError>,
}

impl<'a> Members<'a> {
    fn new(input: &Input, wanted: &'a Wanted, outputs: &'a ScanOutputs<'a>) -> Self {
        let origin = Origin { input: input.id, member: 0, chain: vec![input.path.clone()] };
        let open = vec![Reader::new(origin, wanted, outputs)];
        let (ended, archives) = (Vec::new(), BTreeMap::new());
        Self { wanted, outputs, open, begun: 0, ended, archives, failed: None }
    }

    fn reader(&mut self) -> &mut Reader<'a> {
        self.open.last_mut().expect("the input's own reader is open until `finish`")
    }

    /// All parts, the input's own first.
    fn finish(mut self, read: ReadReport) -> Result<Vec<Part>, SinkError> {
        self.end(read);
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        complete(&mut self.ended, &self.archives, self.outputs);
        Ok(self.ended)
    }
}

impl Visit for Members<'_> {
    fn begin(&mut self, member: &str) {
        self.begun += 1;
        let mut origin = self.reader().origin.clone();
        origin.member = self.begun;
        origin.chain.push(member.strip_prefix("./").unwrap_or(member).to_owned());
        self.open.push(Reader::new(origin, self.wanted, self.outputs));
    }

    fn end(&mut self, read: ReadReport) {
        let Some(reader) = self.open.pop() else { return };
        if read.members > 0 {
            self.archives.insert(reader.origin.member, self.begun);
        }
        match reader.finish(read) {
            Ok(part) => self.ended.push(part),
            Err(failed) => self.failed = self.failed.take().or(Some(failed)),
        }
    }

    fn head(&mut self, head: &[u8], sniffed: &Framing) -> Option<Framing> {
        self.reader().head(head, sniffed)
    }

    fn frame(&mut self, frame: Frame<'_>) {
        self.reader().frame(frame);
    }

    fn reject(&mut self, frame: Frame<'_>, reject: Reject) {
        self.reader().reject(frame, reject);
    }

    fn skipped(&mut self, bytes: &[u8]) {
        self.reader().skipped(bytes);
    }

    fn progress(&mut self, stored_bytes: u64) {
        self.reader().progress(stored_bytes);
    }
}

/// Completes the parts of one input, the input's own first. `archives`: the members that hold others, 0 being the input
/// itself, and the last member of each. What is wrong with such an archive may be wrong with each stream of its
/// members.
fn complete(parts: &mut [Part], archives: &BTreeMap<u32, u32>, outputs: &ScanOutputs<'_>) {
    parts.sort_by_key(|part| part.member);
    let (mut damaged, mut first) = (0, None);
    for (archive, last) in archives {
        let members = *archive as usize..=*last as usize;
        let streams = parts[members].iter().flat_map(|part| part.pulses.keys().cloned()).collect();
        let archive = &mut parts[*archive as usize];
        archive.within = streams;
        if archive.member > 0 && !archive.damage.is_empty() {
            damaged += 1;
            first = first.or(Some(archive.path.clone()));
        }
    }
    // What is missing from an archive may belong to a stream of any other in the same input.
    if let (Some(input), Some(first)) = (parts.first_mut(), first) {
        input.damage.push(Damage::archives_inside(damaged, &first));
    }
    if let Some(input) = parts.first_mut() {
        input.beyond = outputs.beyond.earliest();
    }
}

/// Reads the input once. The second answer: stamps of clocks that were reset, if none are known yet.
pub(super) fn read_once(
    input: &Input,
    wanted: &Wanted,
    options: &ScanOptions<'_>,
    sink: &mut dyn Sink,
    known: Option<ResetStamps>,
) -> Result<(Vec<Part>, ResetStamps), SinkError> {
    let outputs = ScanOutputs::new(options, sink, None).with_resets(known);
    let parts = read_members(input, wanted, &outputs)?;
    Ok((parts, outputs.found_resets()))
}
