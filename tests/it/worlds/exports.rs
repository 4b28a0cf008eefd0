/*! The exports of a world: its records up to an instant, written to files as the sources write them. */

use std::io::Write;

use chrono::{DateTime, Utc};

use super::faults::Fault;
use super::formats::{Markers, Row};
use super::kinds::Facet;
use super::story::{DAY, HOUR, START, Shown, Use};
use super::world::{Names, World};

/// How the same records are delivered. None of this may change a verdict.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Delivery {
    pub(super) names: Names,
    pub(super) packing: Packing,
    pub(super) split: Split,
    pub(super) copied: Copied,
    /// A part of the evidence is taken away.
    pub(super) removed: Removed,
}

/// Each file in two parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Split {
    #[default]
    Whole,
    /// Each named after its first record.
    Dated,
    /// Numbered behind the name of the whole.
    Numbered,
}

/// Which files have a copy under another name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Copied {
    #[default]
    Nothing,
    FirstOfSource,
    All,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Packing {
    #[default]
    Plain,
    Gzip,
    Zstd,
}

/// Evidence that is taken away, besides what the fault of a source loses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Removed {
    #[default]
    Nothing,
    /// All that was recorded in the last seconds.
    Tail(i64),
    /// The day that begins so long before the question.
    Day(i64),
    /// Each second success on the new version that follows the last old use of its consumer.
    NewSuccesses,
    /// All records of the last consumer of each source.
    LastConsumers,
}

/// A file with its path below the folder of the exports.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// The files, and for each consumer the uses that stand in them.
#[derive(Debug)]
pub(super) struct Exports {
    pub(super) files: Vec<File>,
    pub(super) shown: Vec<Vec<Use>>,
}

/// The records of one use or tick.
struct Entry {
    at: i64,
    /// The consumer of a use.
    of: Option<usize>,
    lines: Vec<String>,
}

impl World {
    /// What is exported at this instant.
    pub(super) fn exports(&self, as_of: i64, delivery: &Delivery) -> Exports {
        let mut shown: Vec<Vec<Use>> = self.consumers.iter().map(|_| Vec::new()).collect();
        let mut files = Vec::new();
        for number in 0..self.sources.len() {
            let entries = self.entries(number, as_of, delivery, &mut shown);
            if self.sources[number].fault == Fault::Torn {
                let torn = entries.last().and_then(|entry| entry.of);
                torn.and_then(|consumer| shown[consumer].pop());
            }
            files.extend(self.files(number, as_of, delivery, entries));
        }
        let key = delivery.names.markers(true).key;
        if let Some(record) = self.stray.record(as_of, &key, |at| delivery.names.at(at)) {
            let path = format!("{}-stray/app.jsonl", delivery.names.first);
            files.push(File { path, bytes: format!("{record}\n").into_bytes() });
        }
        Exports { files, shown }
    }

    fn is_lost(&self, source: usize, ago: i64, removed: Removed) -> bool {
        let is_removed = match removed {
            Removed::Tail(seconds) => ago < seconds,
            Removed::Day(from) => ago <= from && ago > from - DAY,
            Removed::Nothing | Removed::NewSuccesses | Removed::LastConsumers => false,
        };
        is_removed || self.sources[source].fault.loses(ago)
    }

    fn entries(
        &self,
        source: usize,
        as_of: i64,
        delivery: &Delivery,
        shown: &mut [Vec<Use>],
    ) -> Vec<Entry> {
        let (names, removed) = (delivery.names, delivery.removed);
        let is_told =
            |at: i64| at >= START && at <= as_of && !self.is_lost(source, as_of - at, removed);
        let format = self.sources[source].format;
        let mut entries: Vec<Entry> = Vec::new();
        for (n, at) in self.sources[source].ticks.iter().enumerate().filter(|(_, at)| is_told(**at))
        {
            let number = 1_000_000 * (names.first + source + 1) as u64 + n as u64;
            let lines = vec![(format.tick)(date(names, *at), number)];
            entries.push(Entry { at: *at, of: None, lines });
        }
        let markers = [names.markers(true), names.markers(false)];
        for number in (0..self.consumers.len()).filter(|n| self.consumers[*n].source == source) {
            for (n, one) in
                self.told(number, as_of, removed).into_iter().filter(|(_, one)| is_told(one.at))
            {
                shown[number].push(one);
                let lines = self.lines(number, (n, &one), names, &markers);
                entries.push(Entry { at: one.at, of: Some(number), lines });
            }
        }
        entries.sort_by_key(|entry| entry.at);
        entries
    }

    /// The uses of a consumer with their numbers, less those that are taken away.
    fn told(&self, number: usize, as_of: i64, removed: Removed) -> Vec<(usize, Use)> {
        let consumer = &self.consumers[number];
        let uses = consumer.uses.iter().copied().enumerate();
        match removed {
            Removed::LastConsumers if self.is_last(number) => Vec::new(),
            Removed::NewSuccesses => {
                let old = consumer.uses.iter().filter(|one| one.is_old() && one.at <= as_of);
                let last = old.map(|one| one.at).max().unwrap_or(START);
                let (gone, kept): (Vec<_>, Vec<_>) =
                    uses.partition(|(_, one)| one.is_new_success() && one.at > last);
                kept.into_iter().chain(gone.into_iter().step_by(2)).collect()
            }
            _ => uses.collect(),
        }
    }

    /// Is it the last consumer of its source?
    pub(super) fn is_last(&self, number: usize) -> bool {
        let source = self.consumers[number].source;
        self.consumers.get(number + 1).is_none_or(|next| next.source != source)
    }

    /// The lines of the `n`th use of a consumer.
    fn lines(
        &self,
        number: usize,
        (n, one): (usize, &Use),
        names: Names,
        markers: &[Markers; 2],
    ) -> Vec<String> {
        let consumer = &self.consumers[number];
        let format = self.sources[consumer.source].format;
        let facet = consumer.kind.facet;
        let member = |is_told: bool| if is_told { one.member } else { 0 };
        let instance = names.instance(number, one.member, facet == Facet::Generated);
        let actions = if format.name == "access-log" {
            ["GET", "POST"]
        } else {
            ["ListBuckets", "GetObject"]
        };
        let is_last = one.member + 1 == consumer.members && one.member > 0;
        let class = names.class(number);
        let job = one.job.map(|job| format!("{class}-{job}"));
        let row = Row {
            at: date(names, one.at),
            class: &class,
            instance: matches!(facet, Facet::Instance | Facet::Generated)
                .then_some(instance.as_str()),
            address: &names.address(number, member(facet == Facet::Address)),
            action: actions[usize::from(facet == Facet::Action && is_last)],
            environment: (facet == Facet::Environment).then_some(if is_last {
                "eu-west"
            } else {
                "eu-central"
            }),
            outcome: one.outcome,
            job: job.as_deref(),
            markers: match one.shown {
                Shown::Old => Some(&markers[0]),
                Shown::New => Some(&markers[1]),
                Shown::Nothing => None,
            },
            number: (names.first + number + 1) as u64 * 100_000_000 + n as u64,
        };
        (format.write)(&row)
    }

    fn files(
        &self,
        number: usize,
        as_of: i64,
        delivery: &Delivery,
        entries: Vec<Entry>,
    ) -> Vec<File> {
        let source = &self.sources[number];
        let names = delivery.names;
        let folder = format!("{:02}-{}", names.first + number, source.format.name);
        let mut parts: Vec<(i64, Vec<Entry>)> = Vec::new();
        for entry in entries {
            let period = (entry.at - START).div_euclid(source.period);
            match parts.last_mut().filter(|(last, _)| *last == period) {
                Some((_, entries)) => entries.push(entry),
                None => parts.push((period, vec![entry])),
            }
        }
        let mut files = Vec::new();
        let last = parts.len().saturating_sub(1);
        for (n, (period, entries)) in parts.into_iter().enumerate() {
            // A file is named after its first record.
            let stem = |entries: &[Entry]| {
                let first = entries.first().map_or(period, |entry| entry.at);
                format!("{folder}/app-{}", date(names, first).format("%Y%m%dT%H%M%S"))
            };
            let fault = if n == last { source.fault } else { Fault::None };
            let mut groups = vec![(entries, fault)];
            let whole = stem(&groups[0].0);
            if delivery.split != Split::Whole && groups[0].0.len() > 1 {
                let middle = groups[0].0.len() / 2;
                let second = groups[0].0.split_off(middle);
                groups = vec![(std::mem::take(&mut groups[0].0), Fault::None), (second, fault)];
            }
            for (number, (entries, fault)) in (1..).zip(groups) {
                let name = match delivery.split {
                    Split::Whole | Split::Dated => stem(&entries),
                    Split::Numbered => format!("{whole}.{number}"),
                };
                let entries = reordered(entries, fault, as_of);
                let text = text(source.format.frame, &entries, fault);
                files.push(packed(&name, source.format.extension, text, delivery.packing, fault));
                if fault == Fault::Twice {
                    let some = &entries[entries.len() - entries.len() / 3..];
                    let text = text_of(source.format.frame, some);
                    let name = stem(some);
                    files.push(packed(
                        &name,
                        source.format.extension,
                        text,
                        delivery.packing,
                        fault,
                    ));
                }
            }
        }
        let count = match delivery.copied {
            Copied::Nothing => 0,
            Copied::FirstOfSource => 1,
            Copied::All => files.len(),
        };
        let copies: Vec<File> = files.iter().take(count).map(copy).collect();
        files.extend(copies);
        files
    }
}

fn copy(file: &File) -> File {
    let (folder, name) = file.path.split_once('/').expect("a folder");
    File { path: format!("{folder}/copy-of-{name}"), bytes: file.bytes.clone() }
}

pub(super) fn date(names: Names, seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(names.at(seconds).0).expect("a date")
}

/// Records that came late stand at the end.
fn reordered(entries: Vec<Entry>, fault: Fault, as_of: i64) -> Vec<Entry> {
    let Fault::Late(ago) = fault else { return entries };
    let is_late = |entry: &Entry| (as_of - ago..as_of - ago + HOUR).contains(&entry.at);
    let (late, mut rest): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(is_late);
    rest.extend(late);
    rest
}

fn text_of([before, between, after]: [&str; 3], entries: &[Entry]) -> String {
    let lines: Vec<&str> =
        entries.iter().flat_map(|entry| entry.lines.iter().map(String::as_str)).collect();
    format!("{before}{}{after}", lines.join(between))
}

fn text(frame: [&str; 3], entries: &[Entry], fault: Fault) -> String {
    let mut text = text_of(frame, entries);
    if fault == Fault::Torn {
        let last = entries.last().and_then(|entry| entry.lines.last()).map_or(0, String::len);
        text.truncate(text.len() - (frame[2].len() + last / 2).min(text.len()));
    }
    text
}

fn packed(stem: &str, extension: &str, text: String, packing: Packing, fault: Fault) -> File {
    let is_cut = fault == Fault::CutGzip;
    let packing = if is_cut { Packing::Gzip } else { packing };
    let (bytes, more) = match packing {
        Packing::Plain => (text.into_bytes(), ""),
        Packing::Gzip => {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).expect("written");
            let mut bytes = encoder.finish().expect("written");
            if is_cut {
                bytes.truncate(bytes.len() * 9 / 10);
            }
            (bytes, ".gz")
        }
        Packing::Zstd => (zstd::encode_all(text.as_bytes(), 1).expect("written"), ".zst"),
    };
    File { path: format!("{stem}.{extension}{more}"), bytes }
}
