/*! One input may be an archive: each of its members is read as an input of its own, by its own path. */

use std::collections::BTreeSet;

use crate::ingest::{Frame, Framing, Input, Read, Visit};
use crate::model::InputId;
use crate::model::coverage::{Damage, Reject};

use super::SinkError;
use super::not_understood::not_understood;
use super::part::Part;
use super::reader::{Reader, ScanOutputs};
use super::wanted::Wanted;

/// Where records come from: the input itself, or a member of an archive in it.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) input: InputId,
    /// 0 is the input itself; members are numbered as they begin.
    pub(super) member: u32,
    /// The path of the input, of the member in it, of the member in that.
    pub(super) chain: Vec<String>,
}

impl Origin {
    /// As it is shown: `logs.zip!app/a.jsonl`.
    pub(super) fn shown(&self) -> String {
        self.chain.join("!")
    }

    /// As globs see it: an archive is a folder.
    pub(super) fn as_path(&self) -> String {
        self.chain.join("/")
    }
}

/// Readers of members that are still open, the outermost first.
pub(super) struct Members<'a> {
    wanted: &'a Wanted,
    outlets: &'a ScanOutputs<'a>,
    open: Vec<Reader<'a>>,
    begun: u32,
    done: Vec<Part>,
    /// Which of these hold others.
    archives: BTreeSet<u32>,
    failed: Option<SinkError>,
}

impl<'a> Members<'a> {
    pub(super) fn new(input: &Input, wanted: &'a Wanted, outlets: &'a ScanOutputs<'a>) -> Self {
        let origin = Origin { input: input.id, member: 0, chain: vec![input.path.clone()] };
        let open = vec![Reader::new(origin, wanted, outlets)];
        Self {
            wanted,
            outlets,
            open,
            begun: 0,
            done: Vec::new(),
            archives: BTreeSet::new(),
            failed: None,
        }
    }

    /// The reader of what is being read. The input's own stays until the end.
    fn reader(&mut self) -> &mut Reader<'a> {
        self.open.last_mut().expect("the input's own reader is open until `finish`")
    }

    /// All parts, the input's own first.
    pub(super) fn finish(mut self, read: Read) -> Result<Vec<Part>, SinkError> {
        self.end(read);
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        self.done.sort_by_key(|part| part.member);
        let streams =
            self.done.iter().flat_map(|part| part.pulses.keys().cloned()).collect::<BTreeSet<_>>();
        for archive in self.done.iter_mut().filter(|part| self.archives.contains(&part.member)) {
            archive.within.clone_from(&streams);
        }
        Ok(self.done)
    }
}

impl Visit for Members<'_> {
    fn begin(&mut self, member: &str) {
        self.begun += 1;
        let mut origin = self.reader().origin.clone();
        origin.member = self.begun;
        origin.chain.push(member.strip_prefix("./").unwrap_or(member).to_owned());
        self.open.push(Reader::new(origin, self.wanted, self.outlets));
    }

    fn end(&mut self, read: Read) {
        let Some(reader) = self.open.pop() else { return };
        let (sources, wanted) = (reader.sources, self.wanted);
        match reader.finish() {
            Ok(mut part) => {
                if read.members > 0 {
                    self.archives.insert(part.member);
                }
                told(&mut part, read, wanted);
                not_understood(sources, &mut part);
                self.done.push(part);
            }
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

/// What reading its bytes told.
fn told(part: &mut Part, read: Read, wanted: &Wanted) {
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
}
