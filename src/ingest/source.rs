/*! One input, read once from its first byte to its last. */

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io;

use crate::limits;
use crate::model::DigestKind;
use crate::model::damage::Damage;

use super::archive::{self, ArchiveKind, TakeMembers};
use super::budget::Budget;
use super::frame::{self, Out, Totals, sniff};
use super::hash::InputHash;
use super::objects;
use super::open::{self, Opened, Stored, Tap};
use super::options::ReadOptions;
use super::remark::is_record_as_name;
use super::spool;
use super::stream::peek;
use super::trouble::words;
use super::visit::{ReadReport, UNREAD, Visit};
use super::walk::{Input, Locator, modified};

/// Reads an input. If it cannot be read, the reason is its damage.
pub fn read(input: &Input, options: &ReadOptions<'_>, visit: &mut dyn Visit) -> ReadReport {
    if is_record_as_name(input.path.as_bytes()) {
        visit.skipped(input.path.as_bytes());
    }
    if let Some(trouble) = &input.trouble {
        return unread(trouble);
    }
    let path = match &input.source {
        Locator::Stdin => {
            return spool::read(|stream| read_from(stream, options, visit)).unwrap_or_else(
                |error| {
                    unread(&format!(
                        "cannot be read a second time: no copy could be kept ({error})"
                    ))
                },
            );
        }
        Locator::Object(version) => {
            return match objects::open(version) {
                Ok(reader) => read_from(reader, options, visit),
                Err(why) => unread(&why),
            };
        }
        Locator::File(path) => path,
    };
    let opened = File::open(path).and_then(|file| file.metadata().map(|before| (file, before)));
    let (file, before) = match opened {
        Ok(opened) => opened,
        Err(error) => return unread(&format!("cannot be opened: {}", words(&error))),
    };
    if !before.is_file() {
        return unread("is not a file");
    }
    let mut read = read_from(&file, options, visit);
    let after = std::fs::metadata(path);
    if after.map_or(true, |after| stamp(&before) != stamp(&after)) {
        read.damage.push(Damage::changed_meanwhile(read.decoded_bytes));
    }
    if input.is_listed && is_another(input, &before) {
        read.damage.push(Damage::changed_since_listed(read.decoded_bytes));
    }
    read
}

/// The stored bytes of an input, counted and hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digested {
    /// How many there are.
    pub bytes: u64,
    /// What all of them give, as `DigestKind` writes it.
    pub digest: String,
    /// The digest of its first bytes, for each wanted length that the input has.
    pub starts: BTreeMap<u64, String>,
}

/// The digest of an input and of its first bytes, or why it cannot be read.
pub fn digest(input: &Input, kind: DigestKind, lengths: &[u64]) -> Result<Digested, String> {
    let failed = |error: io::Error| format!("cannot be read: {}", words(&error));
    let mut file: Box<dyn io::Read> = match (&input.trouble, &input.source) {
        (Some(trouble), _) => return Err(trouble.clone()),
        (None, Locator::Stdin) => return Err("standard input is read once".to_owned()),
        (None, Locator::Object(version)) => Box::new(objects::open(version)?),
        (None, Locator::File(path)) => Box::new(File::open(path).map_err(failed)?),
    };
    let mut lengths = lengths.to_vec();
    lengths.sort_unstable();
    let (mut hash, mut bytes, mut starts) = (InputHash::new(kind), 0, BTreeMap::new());
    let mut block = vec![0; limits::BLOCK_BYTES];
    loop {
        let next = lengths.iter().find(|length| **length > bytes).map(|length| length - bytes);
        for _ in lengths.iter().filter(|length| **length == bytes) {
            starts.insert(bytes, hash.clone().text());
        }
        let room = next.and_then(|next| usize::try_from(next).ok()).unwrap_or(usize::MAX);
        let room = room.min(block.len());
        match file.read(&mut block[..room]) {
            Ok(0) => break,
            Ok(count) => {
                hash.update(&block[..count]);
                bytes += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(Digested { bytes, digest: hash.text(), starts })
}

/// Reads a stream that is not a file.
pub fn read_from(
    stream: impl io::Read,
    options: &ReadOptions<'_>,
    visit: &mut dyn Visit,
) -> ReadReport {
    let mut stream = stream;
    let budget = Budget::new();
    let report = NestedReader { options, visit, budget, depth: 0 }.read(&mut stream);
    visit.progress(report.bytes);
    report
}

/// Reads streams inside of `depth` archives.
struct NestedReader<'r, 'o> {
    options: &'r ReadOptions<'o>,
    visit: &'r mut dyn Visit,
    budget: Budget,
    depth: usize,
}

impl NestedReader<'_, '_> {
    /// Reads a stream. The answer is its own report; the visitor gets the reports of its members.
    fn read(&mut self, stream: &mut dyn io::Read) -> ReadReport {
        let stored_bytes = Cell::new(0);
        let reader = Metered { stream, budget: self.budget.clone() };
        let stored = RefCell::new(Stored::new(reader, &stored_bytes, self.options.digest));
        let mut report = ReadReport::default();
        {
            let opened = open::open(Box::new(Tap(&stored)), &stored_bytes, &self.budget);
            report.format = opened.names.join(", ");
            match (&opened.refused, opened.archive) {
                (Some(refused), _) => report.damage.push(Damage::unreadable(refused)),
                (None, Some(_)) if self.depth >= limits::NESTING => {
                    report.damage.push(Damage::nested_archives(limits::NESTING));
                }
                (None, Some(kind)) => self.unpack(kind, opened, &mut report),
                (None, None) => self.cut(opened, &stored_bytes, &mut report),
            }
        }
        report.digest = stored.into_inner().finish();
        report.bytes = stored_bytes.get();
        if report.records == 0 && report.members == 0 && report.damage.is_empty() {
            report.damage.push(Damage::no_records(report.decoded_bytes));
        }
        report
    }

    /// Reads each member of an archive.
    fn unpack(&mut self, kind: ArchiveKind, opened: Opened<'_>, report: &mut ReadReport) {
        let mut stream = opened.stream;
        let budget = self.budget.clone();
        let archive = archive::read_members(kind, &mut stream, &budget, self);
        report.members = archive.members;
        let plural = if archive.members == 1 { "" } else { "s" };
        report.format = format!("{}, {} member{plural}", report.format, archive.members);
        report.damage.extend(archive.damage.into_iter().map(|what| Damage::incomplete(what, 0)));
    }

    /// Cuts a decompressed stream into records until it ends or fails.
    fn cut(&mut self, opened: Opened<'_>, stored_bytes: &Cell<u64>, report: &mut ReadReport) {
        let options = self.options;
        let (head, mut stream) = peek(opened.stream, limits::SNIFF_BYTES);
        let sniffed = options
            .framing
            .clone()
            .unwrap_or_else(|| sniff(&head, options.record_keys, options.time_keys));
        let framing = self.visit.head(&head, &sniffed).unwrap_or(sniffed);
        report.format = [opened.names.as_slice(), &[&framing.to_string()]].concat().join(", ");
        let mut cutter = frame::cutter(&framing, limits::RECORD_BYTES);
        let mut out = Out::new(&mut *self.visit);
        // A stream that ends within its head needs no larger block than that.
        let room = if head.len() < limits::SNIFF_BYTES { head.len() } else { options.block };
        let mut block = vec![0; room.min(options.block).max(1)];
        loop {
            match stream.read(&mut block) {
                Ok(0) => break,
                Ok(count) => {
                    out.block(&block[..count]);
                    cutter.push(&block[..count], &mut out);
                    report.decoded_bytes += count as u64;
                    if self.depth == 0 {
                        out.progress(stored_bytes.get());
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    out.damage(what_failed(&error), report.decoded_bytes);
                    break;
                }
            }
        }
        cutter.finish(&mut out);
        let Totals { records, damage, envelope } = out.finish();
        (report.records, report.envelope) = (records, envelope);
        report.damage.extend(damage);
    }
}

impl TakeMembers for NestedReader<'_, '_> {
    fn member(&mut self, name: &str, budget: &Budget, bytes: &mut dyn io::Read) {
        self.visit.begin(name);
        let (budget, depth) = (budget.inside(), self.depth + 1);
        let (options, visit) = (self.options, &mut *self.visit);
        let member = NestedReader { options, visit, budget, depth }.read(bytes);
        self.visit.end(member);
    }

    fn record_in_name(&mut self, name: &[u8]) {
        self.visit.skipped(name);
    }
}

/// A stream whose bytes count as stored bytes of its budget.
struct Metered<'r> {
    stream: &'r mut dyn io::Read,
    budget: Budget,
}

impl io::Read for Metered<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(out)?;
        self.budget.add_stored(count as u64);
        Ok(count)
    }
}

/// Why reading failed: in our words if we could not decode the bytes, otherwise in those of the system.
fn what_failed(error: &io::Error) -> String {
    match error.get_ref() {
        Some(ours) if error.kind() == io::ErrorKind::InvalidData => ours.to_string(),
        _ => format!("reading failed: {}", words(error)),
    }
}

fn unread(trouble: &str) -> ReadReport {
    let damage = vec![Damage::unreadable(trouble)];
    ReadReport { format: String::from(UNREAD), damage, ..ReadReport::default() }
}

/// Is the file another than the one that was listed?
fn is_another(listed: &Input, file: &Metadata) -> bool {
    let is_of_its_time = listed.modified.is_none() || modified(file) == listed.modified;
    file.len() != listed.bytes || !is_of_its_time
}

/// Changes when a file is written to or replaced.
fn stamp(meta: &Metadata) -> (u64, Option<std::time::SystemTime>, u64) {
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(meta);
    #[cfg(not(unix))]
    let inode = 0;
    (meta.len(), meta.modified().ok(), inode)
}
