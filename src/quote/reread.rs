/*! Reads records again by their place. Each input is read once, from its first byte, and its digest is checked.
 *
 * The text is taken from the uncompressed stream by offset and length, whatever the framing; the records around it are
 * framed again. Everything is masked first and then cut, because half a token fits no pattern.
 */

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rayon::prelude::*;

use crate::ingest::{
    self, Frame, Framing, Input, ReadOptions, ReadReport, UNREAD, Visit, whole_lines,
};
use crate::limits;
use crate::model::coverage::Reject;
use crate::model::facts;
use crate::model::record::{Lost, Record, Records};
use crate::model::{DigestKind, Place};
use crate::safe;

use super::files::Files;

/// How much to show of a record and around it.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// At most this many characters of each record.
    pub chars: usize,
    /// The number of records on each side.
    pub neighbours: usize,
}

impl Default for Extent {
    fn default() -> Self {
        Self { chars: limits::RECORD_CHARS, neighbours: 0 }
    }
}

/// Reads the records at these places again. A place without a length means the record that begins there.
pub fn reread(
    files: &Files<'_>,
    places: impl IntoIterator<Item = Place>,
    extent: Extent,
) -> Records {
    let mut records = BTreeMap::new();
    let mut wanted: BTreeMap<usize, Vec<(u32, Place)>> = BTreeMap::new();
    let mut sources: BTreeMap<usize, &Input> = BTreeMap::new();
    for place in places.into_iter().collect::<BTreeSet<_>>() {
        match files.location(place).map(|location| (location, location.file.as_ref())) {
            Some((location, Ok(file))) => {
                wanted.entry(location.root).or_default().push((location.member, place));
                sources.insert(location.root, file);
            }
            Some((_, Err(lost))) => {
                records.insert(place, Err(lost.clone()));
            }
            None => {
                records.insert(place, Err(Lost::NoRecord));
            }
        }
    }
    let work: Vec<_> = wanted.into_iter().collect();
    let read = work
        .par_iter()
        .flat_map_iter(|(root, places)| read_file(files, *root, sources[root], places, extent));
    records.extend(read.collect::<Vec<_>>());
    Records(records)
}

/// Reads the records of one file and of its members.
fn read_file(
    files: &Files<'_>,
    root: usize,
    file: &Input,
    places: &[(u32, Place)],
    extent: Extent,
) -> Vec<(Place, Result<Record, Lost>)> {
    let reported = &files.inputs[root];
    let all_lost =
        |lost: &Lost| places.iter().map(|(_, place)| (*place, Err(lost.clone()))).collect();
    if file.bytes != reported.bytes {
        return all_lost(&other_size(file.bytes, reported.bytes));
    }
    let mut collector = Collector::new(files, root, places, extent);
    let mut reported = places.iter().filter_map(|(member, _)| files.reported(root, *member));
    let digest = reported.find_map(|input| Some(DigestKind::of(input.digest.as_deref()?).0));
    let options = ReadOptions { digest, ..ReadOptions::default() };
    let read = ingest::read(file, &options, &mut collector);
    if read.format == UNREAD {
        let why = read.damage.into_iter().next().map(|damage| damage.what);
        return all_lost(&Lost::Gone(why.unwrap_or_default()));
    }
    collector.end(read);
    collector.finish(files, root)
}

fn other_size(now: u64, reported: u64) -> Lost {
    Lost::Changed(format!("it has {now} bytes, the report says {reported}"))
}

/// A requested record, with what has been read of it.
#[derive(Debug)]
struct Target {
    place: Place,
    bytes: Vec<u8>,
    /// Where it ends. If its length is not known, the record that begins there sets it.
    end: u64,
    /// Has a record begun at or after its offset?
    begins: bool,
    before: Vec<Vec<u8>>,
    after: Vec<Vec<u8>>,
}

impl Target {
    fn new(place: Place) -> Self {
        let end = place.offset + u64::from(place.length.max(1));
        let (before, after) = (Vec::new(), Vec::new());
        Self { place, bytes: Vec::new(), end, begins: false, before, after }
    }

    /// Takes the records before it, and its bytes if its length was not known.
    fn begin(&mut self, frame: &Frame<'_>, recent: &VecDeque<Vec<u8>>) {
        self.begins = true;
        self.before = recent.iter().cloned().collect();
        if self.place.length == 0 {
            self.bytes = frame.bytes.to_vec();
            self.end = frame.offset + frame.length;
        }
    }

    fn is_there(&self) -> bool {
        self.begins && (self.place.length == 0 || self.bytes.len() as u64 == kept(self.place))
    }
}

/// The requested records in one member, by offset, and how far it was read.
#[derive(Debug, Default)]
struct Member {
    format: String,
    targets: Vec<Target>,
    /// Targets before this position have all of their bytes.
    whole: usize,
    /// Targets before this position have all of their neighbours.
    done: usize,
    offset: u64,
    recent: VecDeque<Vec<u8>>,
    read: Option<ReadReport>,
}

/// Collects the requested records while a file is read.
struct Collector {
    members: BTreeMap<u32, Member>,
    open: Vec<u32>,
    begun: u32,
    extent: Extent,
}

impl Collector {
    fn new(files: &Files<'_>, root: usize, places: &[(u32, Place)], extent: Extent) -> Self {
        let mut members: BTreeMap<u32, Member> = BTreeMap::new();
        for (number, place) in places {
            let member = members.entry(*number).or_default();
            let format = files.reported(root, *number).map(|input| input.format.clone());
            member.format = format.unwrap_or_default();
            member.targets.push(Target::new(*place));
        }
        for member in members.values_mut() {
            member.targets.sort_by_key(|target| (target.place.offset, target.place.length));
        }
        Self { members, open: vec![0], begun: 0, extent }
    }

    fn member(&mut self) -> Option<&mut Member> {
        self.members.get_mut(self.open.last()?)
    }

    fn record(&mut self, frame: Frame<'_>) {
        let wanted = self.extent.neighbours;
        let Some(member) = self.member() else { return };
        member.record(frame, wanted);
    }

    /// Each record, or why it is lost: its input changed, or no record is there.
    fn finish(self, files: &Files<'_>, root: usize) -> Vec<(Place, Result<Record, Lost>)> {
        let mut records = Vec::new();
        for (number, member) in self.members {
            let reported = files.reported(root, number);
            let changed = reported.and_then(|reported| member.differs(reported));
            let header = member.header();
            for target in member.targets {
                let place = target.place;
                let is_there = target.is_there();
                records.push((
                    place,
                    match &changed {
                        Some(lost) => Err(lost.clone()),
                        None if !is_there => Err(Lost::NoRecord),
                        None => {
                            let is_checked = reported.is_some_and(|input| input.digest.is_some());
                            let header = header.clone();
                            let shown = target.shown(&member.format, self.extent);
                            Ok(Record { header, is_checked, ..shown })
                        }
                    },
                ));
            }
        }
        records
    }
}

/// How many bytes of a record are kept.
fn kept(place: Place) -> u64 {
    u64::from(place.length).min(limits::RECORD_BYTES as u64)
}

impl Member {
    fn block(&mut self, block: &[u8]) {
        let start = self.offset;
        self.offset += block.len() as u64;
        for target in &mut self.targets[self.whole..] {
            if target.place.offset >= self.offset {
                break;
            }
            let end = target.place.offset + kept(target.place);
            let inside = |at: u64| usize::try_from(at.saturating_sub(start)).unwrap_or(usize::MAX);
            let (from, to) = (inside(target.place.offset), inside(end.min(self.offset)));
            target.bytes.extend_from_slice(block.get(from..to).unwrap_or_default());
        }
        let is_whole = |target: &&Target| target.place.offset + kept(target.place) <= self.offset;
        self.whole += self.targets[self.whole..].iter().take_while(is_whole).count();
    }

    fn record(&mut self, frame: Frame<'_>, wanted: usize) {
        let end = frame.offset + frame.length;
        for target in &mut self.targets[self.done..] {
            if target.place.offset >= end {
                break;
            }
            if frame.offset >= target.end {
                if target.after.len() < wanted {
                    target.after.push(frame.bytes.to_vec());
                }
            } else if !target.begins && frame.offset >= target.place.offset {
                target.begin(&frame, &self.recent);
            }
        }
        let is_done = |target: &&Target| frame.offset >= target.end && target.after.len() >= wanted;
        self.done += self.targets[self.done..].iter().take_while(is_done).count();
        if wanted > 0 {
            self.recent.push_back(frame.bytes.to_vec());
            if self.recent.len() > wanted {
                self.recent.pop_front();
            }
        }
    }

    /// How the member differs from what the report says about it.
    fn differs(&self, reported: &facts::Input) -> Option<Lost> {
        let Some(read) = &self.read else {
            return Some(Lost::Changed("the archive does not hold this member".to_owned()));
        };
        if read.bytes != reported.bytes {
            return Some(other_size(read.bytes, reported.bytes));
        }
        let is_other = reported.digest.is_some() && read.digest != reported.digest;
        is_other.then(|| Lost::Changed("its digest is not the one in the report".to_owned()))
    }

    /// The header line, if the member has rows of separated values.
    fn header(&self) -> Option<String> {
        let read = self.read.as_ref().filter(|_| self.format.ends_with("rows"))?;
        let header = String::from_utf8_lossy(&read.envelope);
        Some(safe::clip(&safe::mask_text(&header), limits::RECORD_CHARS).into_owned())
    }
}

impl Target {
    fn shown(self, format: &str, extent: Extent) -> Record {
        let masked = masked(&self.bytes, format);
        let text = safe::clip(&masked, extent.chars).into_owned();
        Record {
            is_cut: text != masked,
            text,
            before: neighbours(&self.before, format, extent.chars),
            after: neighbours(&self.after, format, extent.chars),
            ..Record::default()
        }
    }
}

/// Lines of text may be parts of one record, and a key may span them. Therefore they are masked together.
fn neighbours(records: &[Vec<u8>], format: &str, chars: usize) -> Vec<String> {
    let clipped = |masked: &str| safe::clip(masked, chars).into_owned();
    if format.rsplit(", ").next() == Some("text") {
        return masked(&records.join(&b'\n'), format).lines().map(clipped).collect();
    }
    records.iter().map(|bytes| clipped(&masked(bytes, format))).collect()
}

fn masked(bytes: &[u8], format: &str) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end();
    // A container runtime cuts long lines in pieces. They are joined before they are masked.
    let whole =
        if format.ends_with("partial") { whole_lines(text).join("\n") } else { text.into() };
    safe::mask_text(&whole).into_owned()
}

impl Visit for Collector {
    fn begin(&mut self, _member: &str) {
        self.begun += 1;
        self.open.push(self.begun);
    }

    fn end(&mut self, read: ReadReport) {
        if let Some(member) = self.member() {
            member.read = Some(read);
        }
        self.open.pop();
    }

    fn head(&mut self, head: &[u8], _sniffed: &Framing) -> Option<Framing> {
        let member = self.member()?;
        Some(Framing::of_format(&member.format, head))
    }

    fn block(&mut self, bytes: &[u8]) {
        if let Some(member) = self.member() {
            member.block(bytes);
        }
    }

    fn frame(&mut self, frame: Frame<'_>) {
        self.record(frame);
    }

    fn reject(&mut self, frame: Frame<'_>, _reject: Reject) {
        self.record(frame);
    }
}
