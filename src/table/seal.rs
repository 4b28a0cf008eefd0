/*! Parts into tables: one total order, links settled, duplicates out, and the sums checked.
 *
 * The order is the determinism: however the inputs were scanned, the same rows come out in the same places.
 */

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::columns::Column;
use crate::model::coverage::{Pulse, RejectRow, RejectRun, StreamId, Tally};
use crate::model::facts;
use crate::model::link::{Learned, Link, Meaning, process_key};
use crate::model::{Binding, ClassId, InputId, Micros};
use crate::scan::{Batch, Interner, Part, Row, Settle, StreamName, Sym, text_slot};

use super::{counters, order, streams};

/// A span in which an instance was seen in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The stream.
    pub stream: StreamId,
    /// The class.
    pub class: ClassId,
    /// The instance, if logged.
    pub instance: Option<String>,
    /// The first record.
    pub from: Micros,
    /// The last record; the next, if any, is an hour later at least.
    pub to: Micros,
    /// How many.
    pub records: u64,
}

/// Everything a run read, settled and in order.
#[derive(Debug, Default)]
pub struct Sealed {
    /// The evidence.
    pub rows: Vec<Row>,
    /// Its texts.
    pub texts: Interner,
    /// The streams, by name.
    pub streams: Vec<facts::Stream>,
    /// Who was seen when.
    pub presence: Vec<Seen>,
    /// The inputs, as walked.
    pub inputs: Vec<facts::Input>,
    /// Runs of rejects.
    pub rejects: Vec<RejectRun>,
    /// Rejected records one by one.
    pub reject_rows: Vec<RejectRow>,
    /// Old markers where no field is mapped.
    pub unmapped: Vec<facts::Unmapped>,
    /// Ties between ids.
    pub links: Vec<Link>,
    /// The sums.
    pub accounting: Tally,
}

impl Sealed {
    /// The text of a symbol.
    pub fn text(&self, sym: Sym) -> Option<&str> {
        self.texts.text(sym).map(AsRef::as_ref)
    }
}

/// Seals the parts of a run.
///
/// # Panics
/// If the records of an input do not add up: that is a bug, and no report may hide it.
pub fn seal(mut parts: Vec<Part>, batches: Vec<Batch>, learned: &Learned) -> Sealed {
    parts.sort_by_key(|part| part.input);
    let mut by_input: BTreeMap<InputId, Vec<Batch>> = BTreeMap::new();
    for batch in batches {
        by_input.entry(batch.input).or_default().push(batch);
    }
    let names = stream_names(&parts);
    let repeated = repeated(&parts);
    let mut sealed = Sealed::default();
    let mut tallies: BTreeMap<InputId, Tally> = BTreeMap::new();
    for part in &mut parts {
        let mut tally = part.tally;
        if repeated.contains(&part.input) {
            tally = Tally { records: tally.records, duplicate: tally.records, ..Tally::default() };
        } else {
            for batch in by_input.remove(&part.input).unwrap_or_default() {
                take_rows(&mut sealed, batch, learned, &mut tally);
            }
            sealed.links.append(&mut part.links);
        }
        tallies.insert(part.input, tally);
    }
    streams::fill(&mut sealed, &parts, &names);
    let pulses = pulses(&mut sealed);
    counters::increases(&mut sealed, &pulses, &mut tallies);
    order::one_try_a_request(&mut sealed);
    order::sort(&mut sealed.rows);
    order::drop_duplicates(&mut sealed.rows, &mut tallies);
    for tally in tallies.values() {
        assert!(tally.balances(), "the records of an input do not add up: {tally:?}");
        sealed.accounting.add(*tally);
    }
    streams::presence(&mut sealed, &parts, &names);
    streams::rejects(&mut sealed, &parts, (&names, &repeated));
    streams::inputs(&mut sealed, &mut parts, (&names, &tallies));
    sealed
}

/// When each stream recorded, by the symbol of its name.
fn pulses(sealed: &mut Sealed) -> BTreeMap<Sym, Pulse> {
    let (streams, texts) = (&sealed.streams, &mut sealed.texts);
    streams.iter().map(|one| (texts.intern(&one.name), one.pulse.clone())).collect()
}

/// The numbers of the streams.
pub(super) type Names = BTreeMap<StreamName, StreamId>;

fn stream_names(parts: &[Part]) -> Names {
    let pulses = parts.iter().flat_map(|part| part.pulses.keys().cloned());
    let claims = parts.iter().flat_map(|part| part.claims.iter().map(|(name, _)| name.clone()));
    let declared = parts.iter().flat_map(|part| part.max_gaps.keys().cloned());
    let rejects = parts
        .iter()
        .flat_map(|part| part.rejects.iter().flat_map(|run| run.streams.iter().cloned()));
    let all: BTreeSet<StreamName> = pulses.chain(claims).chain(declared).chain(rejects).collect();
    all.into_iter().zip((0..).map(StreamId)).collect()
}

/// Inputs whose bytes another input has already, read by the same source: wholly duplicate.
fn repeated(parts: &[Part]) -> BTreeSet<InputId> {
    let mut seen: BTreeSet<(&str, Option<usize>)> = BTreeSet::new();
    let digested = parts.iter().filter(|part| part.bytes > 0);
    digested
        .filter_map(|part| Some((part.input, (part.sha256.as_deref()?, part.source))))
        .filter(|(_, read)| !seen.insert(*read))
        .map(|(input, _)| input)
        .collect()
}

/// Settles the rows of a batch and adds those that stay.
fn take_rows(sealed: &mut Sealed, batch: Batch, learned: &Learned, tally: &mut Tally) {
    let mut moved: HashMap<Sym, Sym> = HashMap::new();
    let mut before: BTreeSet<u64> = BTreeSet::new();
    let mut after: BTreeSet<u64> = BTreeSet::new();
    for mut row in batch.rows {
        before.insert(row.place.record);
        let mut text = |sym: Sym| batch.texts.text(sym).map(AsRef::as_ref);
        if !settle(&mut row, learned, &mut text) {
            continue;
        }
        after.insert(row.place.record);
        let mut carry = |sym: Sym| {
            *moved.entry(sym).or_insert_with(|| {
                sealed.texts.intern_some(batch.texts.text(sym).map(AsRef::as_ref))
            })
        };
        row.stream = carry(row.stream);
        row.action_key = carry(row.action_key);
        row.uid = carry(row.uid);
        row.raw_uid = carry(row.raw_uid);
        row.texts = row.texts.map(carry);
        sealed.rows.push(row);
    }
    let settled_out = (before.len() - after.len()) as u64;
    tally.evidence -= settled_out;
    tally.irrelevant += settled_out;
}

/// Gives a row its final version and kind; false: it is irrelevant after all.
fn settle<'t>(
    row: &mut Row,
    learned: &Learned,
    text: &mut dyn FnMut(Sym) -> Option<&'t str>,
) -> bool {
    if let Some(meaning) = text(row.raw_uid).and_then(|uid| learned.sessions.get(uid)) {
        if row.binding != Binding::Direct {
            (row.version, row.state, row.binding) =
                (meaning.version, meaning.state, Binding::Derived);
            row.link = Some(meaning.link);
        }
    } else if row.uid == Sym::NONE {
        by_process(row, learned, text);
    }
    match row.settle {
        Settle::Sure => true,
        Settle::IfDerived(otherwise) => {
            if row.binding == Binding::Derived {
                return true;
            }
            row.kind = otherwise.unwrap_or(row.kind);
            otherwise.is_some()
        }
        Settle::IfCarried(otherwise) => {
            let carried = text(row.action_key).is_some_and(|key| learned.carries.contains(key));
            if row.binding == Binding::Derived || carried {
                return true;
            }
            row.kind = otherwise.unwrap_or(row.kind);
            otherwise.is_some()
        }
    }
}

/// A row without a marker stands on what its process read, if all reads since its start gave one version.
fn by_process<'t>(row: &mut Row, learned: &Learned, text: &mut dyn FnMut(Sym) -> Option<&'t str>) {
    let column = |column| text_slot(column).map_or(Sym::NONE, |slot| row.texts[slot]);
    if !row.kind.is_try() || learned.processes.is_empty() {
        return;
    }
    let who = (
        text(column(Column::ServiceInstanceId)),
        text(column(Column::HostName)),
        text(column(Column::ServiceName)),
    );
    let start = row.instance_start.map(|start| start.0);
    let Some(key) = process_key(who, start) else { return };
    let holds = |meaning: &&Meaning| {
        meaning.version.is_some() && meaning.since.is_some_and(|since| since <= row.when.earliest())
    };
    if let Some(meaning) = learned.processes.get(&key).filter(holds) {
        (row.version, row.state, row.binding) = (meaning.version, meaning.state, Binding::Derived);
        row.link = Some(meaning.link);
    }
}
